//! `kill -9` at thirty random moments of deployments to a cluster: after the next start the environment is
//! fully new or fully old, and the app says which.
//!
//! `SLIPWAY_SEED` repeats the moments of an earlier run.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use slipway_core::{Digest, PushedImage, RunId};
use slipway_store::{Store, StoreOptions};
use slipway_tests::{Harbour, Random, Sandbox, Served, Slipway, binary, eventually_async};

use crate::control_plane::{ADMIN, control_plane};

const KILLS: u32 = 30;
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

async fn pushed(sandbox: &Sandbox, run: &Value, digit: char) -> Digest {
    let digest = Digest::parse(&format!("sha256:{}", digit.to_string().repeat(64))).unwrap();
    let image = PushedImage {
        registry: "127.0.0.1:5210".to_owned(),
        repository: "quay".to_owned(),
        tags: vec![digit.to_string()],
        digest: digest.clone(),
        config_digest: digest.clone(),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        size_bytes: 1,
        pushed_at: 1,
    };
    let store = Store::open(&sandbox.data(), StoreOptions::default()).await.unwrap();
    store.put_image(&RunId::new(run["runId"].as_str().unwrap()), &image).await.unwrap();
    store.close().await;
    digest
}

async fn newest(house: &Served, project: &Value) -> Value {
    let request = json!({ "projectId": project, "environment": "sluice", "limit": 1 });
    house.call("deployment_list", request).await[0].clone()
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
    let mut random = Random::seeded();
    let sandbox = Sandbox::new("sluice");
    let harbour = Harbour::make(&sandbox);
    harbour.write("azure-pipelines.yml", PIPELINE);
    harbour.write("one/all.yml", &manifest("one"));
    harbour.write("two/all.yml", &manifest("two"));
    harbour.git(&["add", "--all"]);
    harbour.git(&["commit", "--quiet", "--message", "Two ways"]);
    let mut house = serve(&sandbox);
    let project = house.call("project_open", json!({ "path": harbour.path() })).await["id"].clone();
    let environment = json!({ "projectId": project, "name": "sluice", "target": "kubernetes",
        "context": ADMIN, "namespace": "default", "variables": [] });
    house.call("environment_save", environment).await;
    let (first, second) = (run(&house, &project).await, run(&house, &project).await);
    let digests = [pushed(&sandbox, &first, 'a').await, pushed(&sandbox, &second, 'b').await];
    let request = |way: usize| {
        let manifests = [["one"], ["two"]][way];
        json!({ "projectId": project, "environment": "sluice", "reason": "deploy",
            "source": { "from": "image", "digest": digests[way], "manifests": manifests },
            "isPruning": false, "hasRollback": true })
    };
    let begun = Instant::now();
    house.call("deployment_start", request(0)).await;
    let view = over(&house, &project).await;
    assert_eq!(view["result"], "succeeded", "an undisturbed one succeeds: {view}");
    // Some kills come after the end of a deployment.
    let whole = begun.elapsed().mul_f32(1.1);

    let (mut news, mut olds) = (0, 0);
    for kill in 1..=KILLS {
        let before = newest(&house, &project).await;
        let way = usize::from(current(&house, &project).await["digest"] == json!(digests[0]));
        let after = random.below(whole);
        let started = house.call("deployment_start", request(way)).await;
        tokio::time::sleep(after).await;
        house.kill();
        house = serve(&sandbox);
        let view = over(&house, &project).await;
        assert_eq!(view["id"], started["deploymentId"], "nothing else was begun: {view}");
        assert_ne!(view["id"], before["id"], "it was kept");
        let current = current(&house, &project).await;
        if view["result"] == "succeeded" {
            news += 1;
            assert_eq!(current["id"], view["id"], "what succeeded is what runs: {current}");
        } else {
            olds += 1;
            let issue = view["issue"].as_str().unwrap_or_default();
            assert!(issue.contains("Slipway ended"), "it says what happened: {view}");
            assert_ne!(current["id"], view["id"], "what did not succeed does not run: {current}");
        }
        let check = json!({ "projectId": project, "environment": "sluice" });
        // The deployment lets go of the environment a moment after its end is written.
        let drift = eventually_async("a look at the cluster", LIMIT, || async {
            let drift = house.call("drift_check", check.clone()).await;
            (drift["state"] != "unknown").then_some(drift)
        })
        .await;
        assert_eq!(drift["state"], "none", "every object is that of {current}: {drift}");
        println!("kill {kill:2} after {:5} ms: {}", after.as_millis(), view["result"]);
    }
    println!("{news} fully new, {olds} fully old");
    assert!(news > 0, "at least one deployment was taken up again");
    assert_eq!(house.stop(), Some(0), "it ends in order");
}

async fn current(house: &Served, project: &Value) -> Value {
    let all = house.call("environment_list", json!({ "projectId": project })).await;
    let mut all = all.as_array().unwrap().iter();
    all.find(|one| one["name"] == "sluice").unwrap()["current"].clone()
}

/// The newest deployment, once nothing goes on and nothing waits to be taken up.
async fn over(house: &Served, project: &Value) -> Value {
    eventually_async("the deployment's end", LIMIT, || async {
        let view = newest(house, project).await;
        let is_open = view["result"] == "interrupted" && view["phase"] != "done";
        (view["state"] == "completed" && !is_open).then_some(view)
    })
    .await
}
