//! What an environment keeps when the app does not.

use std::time::Duration;

use slipway_deploy::LocalTarget;
use tokio_util::sync::CancellationToken;

use crate::bench::{Bench, Lines, READY, get, until, web};

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_app_serves_again_what_runs() {
    let Some(bench) = Bench::start("restore").await else { return };
    let (good, bad) = (bench.push("shop/web", "1").await, bench.push("shop/web", "broken").await);
    let target = bench.target();
    let applied = bench.apply(&target, &web(2, READY), &good).await.unwrap();
    let served: Vec<_> = bench.pods().await.into_keys().collect();

    // The app dies in the middle of a rollout: the future and the target just vanish.
    {
        let request = bench.request(&web(2, READY), &[bad]);
        let (lines, cancel) = (Lines::default(), CancellationToken::new());
        tokio::select! {
            outcome = target.apply(request, &lines, &cancel) => panic!("it never ends: {outcome:?}"),
            () = until("new pods run", async || bench.pods().await.len() == 4) => {}
        }
    }
    drop(target);
    until("the port is closed", async || get(&applied, "/version").await.is_err()).await;

    let again = bench.target();
    let status = again.restore().await.unwrap();
    assert_eq!(bench.pods().await.into_keys().collect::<Vec<_>>(), served, "leftovers are removed");
    assert_eq!(status.services[0].port, applied.services[0].port, "the port is remembered");
    until("pods are ready again", async || {
        again.status().await.unwrap().services[0].endpoints == 2
    })
    .await;
    assert_eq!(get(&applied, "/version").await.unwrap(), "1", "the service answers as before");
    let unchanged = bench.apply(&again, &web(2, READY), &good).await.unwrap();
    assert!(unchanged.workloads[0].is_unchanged, "the template hash was remembered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pruned_record_is_found_again_in_the_pods() {
    let Some(bench) = Bench::start("prune").await else { return };
    let image = bench.push("shop/web", "1").await;
    let target = bench.target();
    let applied = bench.apply(&target, &web(1, READY), &image).await.unwrap();
    drop(target);
    let labels = [
        ("dev.slipway.project".to_owned(), bench.project.clone()),
        ("dev.slipway.role".to_owned(), "record".to_owned()),
    ];
    let records = bench.engine.list(&labels).await.unwrap();
    assert_eq!(records.len(), 1, "one record is kept");
    // As `docker container prune` would.
    bench.engine.remove(&records[0].id, false).await.unwrap();
    let again = bench.target();
    let status = again.restore().await.unwrap();
    assert_eq!(status.services[0].port, applied.services[0].port, "the pod's copy tells the port");
    until("the pod is ready", async || get(&applied, "/version").await.is_ok()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_environments_do_not_meet() {
    let Some(bench) = Bench::start("two").await else { return };
    let (one, two) = (bench.push("shop/web", "1").await, bench.push("shop/web", "2").await);
    let dev = bench.target();
    let staging = LocalTarget::new(bench.engine.clone(), &bench.project, "staging");
    // The same port twice: the second environment gets another one.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let manifest = web(1, READY).replace("port: 80,", &format!("port: {port},"));
    let first = bench.apply(&dev, &manifest, &one).await.unwrap();
    let second = bench.apply(&staging, &manifest, &two).await.unwrap();
    assert_eq!(first.services[0].port, port, "the Service's own port, for it was free");
    assert_ne!(second.services[0].port, port, "it is taken now");
    assert_eq!(get(&first, "/version").await.unwrap(), "1");
    assert_eq!(get(&second, "/version").await.unwrap(), "2");
    dev.remove_all().await.unwrap();
    assert_eq!(get(&second, "/version").await.unwrap(), "2", "the other one lives on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_alone_can_change() {
    let Some(bench) = Bench::start("service").await else { return };
    let image = bench.push("shop/web", "1").await;
    let target = bench.target();
    bench.apply(&target, &web(1, READY), &image).await.unwrap();
    let before = bench.pods().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let manifest =
        web(1, READY).replace("targetPort: http", &format!("targetPort: http, nodePort: {port}"));
    let applied = bench.apply(&target, &manifest, &image).await.unwrap();
    assert!(applied.workloads[0].is_unchanged, "pods need not change for that");
    assert_eq!(applied.services[0].port, port, "a nodePort is kept to");
    assert_eq!(bench.pods().await, before);
    assert_eq!(get(&applied, "/version").await.unwrap(), "1");
    drop(target);
    let status = bench.target().restore().await.unwrap();
    assert_eq!(status.services[0].port, port, "the change was recorded");
    tokio::time::timeout(Duration::from_secs(5), bench.target().remove_all())
        .await
        .expect("one pod with one second of grace is removed quickly")
        .unwrap();
}
