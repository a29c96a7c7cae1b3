//! `kill -9` at random moments of deployments to this machine: after the next start the environment is fully
//! new or fully old, its page is that of what is said to run, and the app says which.
//!
//! `SLIPWAY_SEED` repeats the moments of an earlier run, `SLIPWAY_KILLS` says how many.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_tests::{Ended, Harbour, Kills, Sandbox, Served, eventually_async, http, kills};

const LIMIT: Duration = Duration::from_secs(90);

/// Runs the loop; answers its deployment.
async fn run(house: &Served, project: &Value, message: &str) -> Value {
    let request = json!({ "projectId": project, "message": message });
    let started = house.call("loop_run", request).await;
    let view = eventually_async("the run's end", LIMIT, || async {
        let view = house.call("run_get", json!({ "runId": started["runId"] })).await;
        (view["run"]["state"] == "completed").then_some(view)
    })
    .await;
    assert_eq!(view["run"]["result"], "succeeded", "{view}");
    view["deployments"][0].clone()
}

/// The page and the pods are those of what is said to run.
async fn look(ended: &Ended, pages: [&str; 2], digests: &[Value; 2]) {
    let now = &ended.environment;
    let url = now["current"]["url"].as_str().unwrap();
    eventually_async("the page of what is said to run", Duration::from_secs(20), || async {
        let text = http().get(url).send().await.ok()?.text().await.ok()?;
        (text == pages[ended.runs]).then_some(())
    })
    .await;
    let mut pods = now["pods"].as_array().unwrap().iter();
    assert!(pods.all(|pod| pod["digest"] == digests[ended.runs]), "only pods of it run: {now}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_a_local_environment_is_fully_new_or_fully_old() {
    let sandbox = Sandbox::new("dkill");
    let harbour = Harbour::make(&sandbox);
    let house = Served::start(&sandbox);
    let opened = house.call("project_open", json!({ "path": harbour.path() })).await;
    let project = opened["id"].clone();
    let one = run(&house, &project, "One").await;
    harbour.write("www/index.html", "two\n");
    let two = run(&house, &project, "Two").await;
    let manifest = std::fs::read_to_string(harbour.path().join("manifests/harbour.yml")).unwrap();
    let never = manifest
        .replace("path: /ready.html", "path: /never.html")
        .replace("progressDeadlineSeconds: 8", "progressDeadlineSeconds: 2");
    harbour.write("never/harbour.yml", &never);
    let digests = [one["digest"].clone(), two["digest"].clone()];
    let deployments = [&one["id"], &two["id"]];
    let killing = Kills {
        start: &|| Served::start(&sandbox),
        project,
        environment: "local",
        phases: &["applying", "proving"],
        reaches: &["planning", "applying"],
        digests: digests.clone(),
        source: &|version, is_bad| match is_bad {
            true => {
                json!({ "from": "image", "digest": digests[version], "manifests": ["never"] })
            }
            false => json!({ "from": "deployment", "deploymentId": deployments[version] }),
        },
    };
    let house = killing
        .run(house, kills(12), async |_: &Served, ended: &Ended| {
            look(ended, ["one\n", "two\n"], &digests).await;
        })
        .await;
    assert_eq!(house.stop(), Some(0), "it ends in order");
}
