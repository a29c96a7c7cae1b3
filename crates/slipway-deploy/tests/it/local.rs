//! Deploying to a local environment, and what keeps serving when it fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use slipway_core::{ErrorKind, Explain};
use slipway_deploy::DeployError;
use tokio_util::sync::CancellationToken;

use crate::bench::{Bench, Lines, READY, get, until, web};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_replaces_the_old_without_a_failed_request() {
    let Some(bench) = Bench::start("replace").await else { return };
    let (one, two) = (bench.push("shop/web", "1").await, bench.push("shop/web", "2").await);
    let target = bench.target();
    let manifest = web(2, READY);
    let first = bench.apply(&target, &manifest, &one).await.unwrap();
    assert_eq!(get(&first, "/version").await.unwrap(), "1", "the service is reachable");
    assert_eq!(first.services[0].endpoints, 2, "both replicas are behind it");
    assert!(first.services[0].port >= 1024, "port 80 is not for us");
    let old = bench.pods().await;

    let is_done = Arc::new(AtomicBool::new(false));
    let hammer = tokio::spawn({
        let (is_done, first) = (Arc::clone(&is_done), first.clone());
        async move {
            let mut answers = Vec::new();
            while !is_done.load(Ordering::Relaxed) {
                answers.push(get(&first, "/version").await);
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            answers
        }
    });
    let second = bench.apply(&target, &manifest, &two).await.unwrap();
    is_done.store(true, Ordering::Relaxed);
    let answers = hammer.await.unwrap();
    let failed: Vec<_> = answers.iter().filter(|answer| answer.is_err()).collect();
    assert!(failed.is_empty(), "{} of {} requests failed: {failed:?}", failed.len(), answers.len());
    let seen: Vec<&str> = answers.iter().flatten().map(String::as_str).collect();
    let switched = seen.iter().position(|version| *version == "2");
    assert!(seen.len() > 20, "the rollout was really watched: {} requests", seen.len());
    if let Some(switched) = switched {
        let after = &seen[switched..];
        assert!(after.iter().all(|version| *version == "2"), "no way back after the switch");
    }
    assert_eq!(get(&second, "/version").await.unwrap(), "2");
    assert_eq!(second.services[0].port, first.services[0].port, "the port is stable");
    let new = bench.pods().await;
    assert_eq!(new.len(), 2, "the old pods are gone: {:?}", new.keys());
    assert!(new.keys().all(|name| !old.contains_key(name)), "none of the old ones is left");
    let labels = &new.values().next().unwrap().labels;
    assert_eq!(labels["dev.slipway.run"], "run-1", "the caller's labels are on the pod");

    let lines = Lines::default();
    let request = bench.request(&manifest, std::slice::from_ref(&two));
    let third = target.apply(request, &lines, &CancellationToken::new()).await.unwrap();
    assert!(third.workloads[0].is_unchanged, "the same template is no new rollout");
    assert!(lines.joined().contains("is unchanged"), "and it says so: {}", lines.joined());
    assert_eq!(bench.pods().await, new, "no container was touched");
    target.remove_all().await.unwrap();
    assert!(bench.pods().await.is_empty(), "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_never_ready_leaves_the_old_one_serving() {
    let Some(bench) = Bench::start("never").await else { return };
    let (good, bad) = (bench.push("shop/web", "1").await, bench.push("shop/web", "broken").await);
    let target = bench.target();
    let applied = bench.apply(&target, &web(1, READY), &good).await.unwrap();
    let before = bench.pods().await;

    let mut request = bench.request(&web(1, READY), &[bad]);
    request.rollout_timeout = Duration::from_secs(3);
    let lines = Lines::default();
    let error = target.apply(request, &lines, &CancellationToken::new()).await.unwrap_err();
    let DeployError::NotReady { workload, pod, reason, last_lines } = &error else {
        panic!("expected NotReady, got {error}");
    };
    assert_eq!(workload, "Deployment 'web'");
    assert!(pod.starts_with("web-"), "the pod is named like Kubernetes names it: {pod}");
    assert!(reason.contains("readiness probe failed: GET /ready"), "the probe's words: {reason}");
    assert!(reason.contains("404"), "and what it got: {reason}");
    assert!(
        last_lines.contains(&"starting version broken".into()),
        "its last lines: {last_lines:?}"
    );
    assert!(error.hint().unwrap().contains("keeps serving"), "the hint calms");
    assert!(lines.joined().contains("is not ready"), "the log told: {}", lines.joined());
    assert_eq!(bench.pods().await.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert_eq!(get(&applied, "/version").await.unwrap(), "1", "the old version serves");

    // A container that crashes is found before the deadline.
    let crash = web(1, "command: [/bin/busybox, sh, -c, 'echo no database; exit 3']");
    let error = bench.apply(&target, &crash, &good).await.unwrap_err();
    let DeployError::NotReady { reason, last_lines, .. } = &error else {
        panic!("expected NotReady, got {error}");
    };
    assert!(reason.contains("exited"), "the reason is the exit: {reason}");
    assert!(last_lines.contains(&"no database".into()), "with its words: {last_lines:?}");
    assert_eq!(bench.pods().await.len(), 1, "the crashing pod is removed");
    assert_eq!(get(&applied, "/version").await.unwrap(), "1", "the old version still serves");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_by_tag_is_refused_before_anything_starts() {
    let Some(bench) = Bench::start("tag").await else { return };
    let image = bench.push("shop/web", "1").await;
    let manifest = web(1, READY).replace("shop/web:latest", "shop/other:latest");
    let error = bench.apply(&bench.target(), &manifest, &image).await.unwrap_err();
    assert!(matches!(error, DeployError::ImageNotPinned { .. }), "got {error}");
    assert_eq!(error.kind(), ErrorKind::Refused, "nothing is broken");
    assert!(error.hint().unwrap().contains("shop/web"), "the hint names what the run has");
    assert!(bench.pods().await.is_empty(), "nothing was started");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_in_the_middle_removes_the_new_pods() {
    let Some(bench) = Bench::start("cancel").await else { return };
    let (good, bad) = (bench.push("shop/web", "1").await, bench.push("shop/web", "broken").await);
    let target = bench.target();
    let applied = bench.apply(&target, &web(1, READY), &good).await.unwrap();
    let before: Vec<_> = bench.pods().await.into_keys().collect();
    let cancel = CancellationToken::new();
    let lines = Lines::default();
    let request = bench.request(&web(2, READY), &[bad]);
    let (outcome, ()) = tokio::join!(target.apply(request, &lines, &cancel), async {
        until("both new pods run", async || bench.pods().await.len() == 3).await;
        cancel.cancel();
    });
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "the user asked for it: {error}");
    let after: Vec<_> = bench.pods().await.into_keys().collect();
    assert_eq!(after, before, "only the old pod is left");
    assert_eq!(get(&applied, "/version").await.unwrap(), "1", "and it serves");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_compares_digests() {
    let Some(bench) = Bench::start("proof").await else { return };
    let (one, two) = (bench.push("shop/web", "1").await, bench.push("shop/web", "2").await);
    let target = bench.target();
    let mut request = bench.request(&web(1, READY), std::slice::from_ref(&one));
    request.registry_pull = true;
    let applied =
        target.apply(request, &Lines::default(), &CancellationToken::new()).await.unwrap();
    let pod = &applied.workloads[0].pods[0];
    let proof = target.prove(pod, &one).await.unwrap();
    assert!(proof.is_proven, "what runs is what was pushed: {}", proof.statement);
    assert_eq!(proof.running_digest.as_ref(), Some(&one.digest));
    let other = target.prove(pod, &two).await.unwrap();
    assert!(!other.is_proven, "another digest is not proven: {}", other.statement);
    assert!(other.statement.starts_with("Not proven"), "and says why: {}", other.statement);
    let error = target.prove("web-nobody", &one).await.unwrap_err();
    assert!(matches!(error, DeployError::PodMissing { .. }), "got {error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scaling_keeps_the_pods_that_fit() {
    let Some(bench) = Bench::start("scale").await else { return };
    let image = bench.push("shop/web", "1").await;
    let target = bench.target();
    bench.apply(&target, &web(1, READY), &image).await.unwrap();
    let one: Vec<_> = bench.pods().await.into_keys().collect();
    let more = bench.apply(&target, &web(3, READY), &image).await.unwrap();
    assert_eq!(more.services[0].endpoints, 3, "three pods are behind the service");
    let three = bench.pods().await;
    assert!(three.contains_key(&one[0]), "the first pod runs on: its template is the same");
    let none = bench.apply(&target, &web(0, READY), &image).await.unwrap();
    assert_eq!(none.services[0].endpoints, 0);
    assert!(bench.pods().await.is_empty(), "zero replicas are zero pods");
}
