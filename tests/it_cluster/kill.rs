//! `kill -9` at thirty random moments of deployments to a cluster: after the next start the environment is
//! fully new or fully old, and the app says which.
//!
//! `SLIPWAY_SEED` repeats the moments of an earlier run, `SLIPWAY_KILLS` says how many.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_tests::{
    Ended, Harbour, Kills, Sandbox, Served, Slipway, binary, eventually_async, kills,
};

use crate::control_plane::{ADMIN, control_plane};
use crate::quay::pushed_to;

const LIMIT: Duration = Duration::from_secs(60);

const PIPELINE: &str = "\
trigger: none
steps:
- script: 'true'
";

fn manifest(greeting: &str) -> String {
    let mut text = String::new();
    for number in 1..=6 {
        text.push_str(&format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: sluice-{number}}}\ndata: {{greeting: {greeting}}}\n---\n"
        ));
    }
    text.push_str(
        "apiVersion: apps/v1
kind: Deployment
metadata: {name: sluice}
spec:
  replicas: 2
  selector: {matchLabels: {app: sluice}}
  template:
    metadata: {labels: {app: sluice}, annotations: {sim.slipway.dev/delay: '300ms'}}
    spec: {containers: [{name: quay, image: quay}]}
",
    );
    text
}

fn serve(sandbox: &Sandbox) -> Served {
    let mut command = sandbox.command(binary());
    command.arg("--data-dir").arg(sandbox.data()).arg("serve");
    command.env("KUBECONFIG", &control_plane().kubeconfig);
    Served::of(Slipway::spawn(command))
}

/// A run that does nothing but be there for an image.
async fn run(house: &Served, project: &Value) -> Value {
    let started = house.call("run_start", json!({ "projectId": project })).await;
    eventually_async("the run's end", LIMIT, || async {
        let view = house.call("run_get", json!({ "runId": started["runId"] })).await;
        (view["run"]["state"] == "completed").then_some(())
    })
    .await;
    started
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_thirty_times_it_is_fully_new_or_fully_old_and_says_which() {
    let sandbox = Sandbox::new("sluice");
    let harbour = Harbour::make(&sandbox);
    harbour.write("azure-pipelines.yml", PIPELINE);
    for (folder, greeting) in [("0", "one"), ("1", "two")] {
        let good = manifest(greeting);
        // Its deadline is over before its pods are ready.
        let bad = good
            .replace("delay: '300ms'", "behaviour: crash")
            .replace("  replicas: 2", "  replicas: 2\n  progressDeadlineSeconds: 2");
        harbour.write(&format!("{folder}/all.yml"), &good);
        harbour.write(&format!("bad-{folder}/all.yml"), &bad);
    }
    harbour.git(&["add", "--all"]);
    harbour.git(&["commit", "--quiet", "--message", "Two ways"]);
    let house = serve(&sandbox);
    let project = house.call("project_open", json!({ "path": harbour.path() })).await["id"].clone();
    let environment = json!({ "projectId": project, "name": "sluice", "target": "kubernetes",
        "context": ADMIN, "namespace": "default", "variables": [] });
    house.call("environment_save", environment).await;
    let (first, second) = (run(&house, &project).await, run(&house, &project).await);
    let mut digests = Vec::new();
    for (run, digit) in [(first, 'a'), (second, 'b')] {
        let run = run["runId"].as_str().unwrap();
        digests.push(json!(pushed_to(&sandbox.data(), run, digit).await.digest));
    }
    let killing = Kills {
        start: &|| serve(&sandbox),
        project: project.clone(),
        environment: "sluice",
        phases: &["applying", "watching", "proving"],
        reaches: &["planning", "watching", "rollingBack"],
        digests: [digests[0].clone(), digests[1].clone()],
        source: &|version, is_bad| {
            let folder = if is_bad { format!("bad-{version}") } else { version.to_string() };
            json!({ "from": "image", "digest": digests[version], "manifests": [folder] })
        },
    };
    let check = json!({ "projectId": project, "environment": "sluice" });
    let house = killing
        .run(house, kills(30), async |house: &Served, ended: &Ended| {
            // A deployment lets go of the environment a moment after its end is written.
            let drift = eventually_async("a look at the cluster", LIMIT, || async {
                let drift = house.call("drift_check", check.clone()).await;
                (drift["state"] != "unknown").then_some(drift)
            })
            .await;
            let current = &ended.environment["current"];
            assert_eq!(drift["state"], "none", "every object is that of {current}: {drift}");
            let has = |word: &str| ended.log.contains(word);
            if has("during this deployment (watching)") || has("during this deployment (proving)") {
                let said = &ended.log;
                assert!(
                    has("Watching what was applied earlier."),
                    "nothing is applied twice: {said}"
                );
            }
        })
        .await;
    assert_eq!(house.stop(), Some(0), "it ends in order");
}
