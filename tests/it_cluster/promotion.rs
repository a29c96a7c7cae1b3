//! A digest goes from environment to environment with each one's parameters; a failure goes back by itself;
//! a rollback by hand holds; what somebody else changes is seen.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_tests::eventually_async;

use crate::control_plane::ADMIN;
use crate::quay::Quay;

/// Each test has objects of its own, told apart by a word.
fn manifest(word: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: ConfigMap
metadata: {{name: '{word}-#{{stage}}#'}}
data:
  greeting: '#{{greeting}}#'
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: '{word}-#{{stage}}#'}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: '{word}-#{{stage}}#'}}}}
  template:
    metadata: {{labels: {{app: '{word}-#{{stage}}#'}}, annotations: {{}}}}
    spec: {{containers: [{{name: quay, image: quay}}]}}
"
    )
}

/// A quay whose first digest runs in `cluster`.
async fn pier(word: &str) -> (Quay, Value) {
    let quay = Quay::open(ADMIN).await;
    quay.write("manifests/quay.yml", &manifest(word));
    quay.commit("Build a pier");
    quay.save("cluster", &[("stage", "one"), ("greeting", "Hello")]).await;
    let first = quay.run().await;
    quay.pushed(&first, 'a').await;
    let run = quay.run().await;
    assert_eq!(run["run"]["result"], "succeeded", "the first digest runs: {run}");
    let deployment = run["deployments"][0].clone();
    (quay, deployment)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_is_promoted_with_its_parameters_and_its_diff_first() {
    let (quay, first) = pier("pier").await;
    assert_eq!(first["reason"], "run", "{first}");
    assert_eq!(first["applied"].as_array().unwrap().len(), 2, "both objects are known: {first}");

    quay.save("production", &[("stage", "two")]).await;
    let source = json!({ "from": "deployment", "deploymentId": first["id"] });
    let request =
        json!({ "projectId": quay.project, "environment": "production", "source": source });
    let error = quay.refused("deployment_plan", request.clone()).await;
    assert_eq!(error.code, "parameter_missing", "{error:?}");
    assert!(error.message.starts_with("manifests/quay.yml:5: #{greeting}#"), "{}", error.message);
    let hint = error.hint.unwrap();
    assert!(hint.contains("production") && hint.contains("greeting"), "where to add it: {hint}");

    quay.save("production", &[("stage", "two"), ("greeting", "Ahoy")]).await;
    let plan = quay.call("deployment_plan", request.clone()).await;
    assert_eq!(plan["isBlocked"], false, "{plan}");
    assert_eq!(plan["digest"], first["digest"], "the digest that is proven: {plan}");
    for object in plan["objects"].as_array().unwrap() {
        assert_eq!(object["action"], "create", "nothing is there yet: {object}");
        assert_eq!(object["name"], "pier-two", "with this environment's parameters: {object}");
    }
    assert_eq!(quay.column("production").await["environment"]["current"], Value::Null);

    let start = |hash: &Value| {
        json!({ "projectId": quay.project, "environment": "production", "source": source,
            "reason": "promote", "hash": hash, "isPruning": false, "hasRollback": true })
    };
    let error = quay.refused("deployment_start", start(&json!("0123"))).await;
    assert_eq!(error.code, "plan_stale", "nobody deploys on another picture: {error:?}");
    let started = quay.call("deployment_start", start(&plan["hash"])).await;
    let promoted = quay.over(&started["deploymentId"]).await;
    assert_eq!(promoted["result"], "succeeded", "{promoted}");
    assert_eq!(promoted["reason"], "promote", "{promoted}");
    assert_eq!(promoted["fromDeploymentId"], first["id"], "{promoted}");
    assert_eq!(promoted["proof"]["isProven"], true, "proven by digest: {promoted}");
    let log = quay.call("deployment_log", json!({ "deploymentId": promoted["id"] })).await;
    assert!(log.to_string().contains("pier-two"), "its log says what was applied: {log}");

    let again = quay.call("deployment_plan", request).await;
    for object in again["objects"].as_array().unwrap() {
        assert_eq!(object["action"], "same", "nothing would change any more: {object}");
    }

    quay.write("NOTES.md", "A longer pier.\n");
    quay.commit("Write it down");
    let run = quay.run().await;
    assert_eq!(run["run"]["result"], "succeeded", "{run}");
    assert_eq!(quay.column("cluster").await["promoteTo"], "production");
    assert_eq!(quay.column("production").await["behind"], 1, "one commit is not there yet");
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_rollout_goes_back_by_itself_and_keeps_the_signal() {
    let (quay, good) = pier("lock").await;
    quay.change(
        "annotations: {}",
        "annotations: {sim.slipway.dev/behaviour: crash, sim.slipway.dev/log: 'no water'}",
    );
    let bad = quay.run().await;
    assert_eq!(bad["run"]["result"], "failed", "the run fails: {bad}");
    let failed = &bad["deployments"][0];
    let signal = failed["signal"].as_str().unwrap();
    for part in ["CrashLoopBackOff", "no water"] {
        assert!(signal.contains(part), "the signal is kept with '{part}': {signal}");
    }
    assert!(failed["issue"].as_str().unwrap().contains("Rolled back"), "it says so: {failed}");
    let back = quay.call("deployment_get", json!({ "deploymentId": failed["rolledBackBy"] })).await;
    assert_eq!(back["reason"], "automaticRollback", "{back}");
    assert_eq!(back["rollbackOf"], failed["id"], "{back}");
    assert_eq!(back["isCurrent"], true, "it is what runs: {back}");
    assert_eq!(back["digest"], good["digest"], "{back}");
    assert_eq!(back["proof"]["isProven"], true, "and it was proven again: {back}");
    let drift = quay.drift().await;
    assert_eq!(drift["state"], "none", "the cluster is fully as before: {drift}");
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_by_hand_is_not_undone_by_a_run() {
    let (quay, first) = pier("weir").await;
    quay.change("greeting: '#{greeting}#'", "greeting: '#{greeting}#, sailor'");
    let second = quay.run().await;
    assert_eq!(second["run"]["result"], "succeeded", "{second}");

    let back = quay.start("cluster", &first, "rollback").await;
    assert_eq!(back["result"], "succeeded", "{back}");
    let column = quay.column("cluster").await;
    assert_eq!(column["hold"]["deploymentId"], back["id"], "it holds: {column}");

    let refused = quay.run().await;
    assert_eq!(refused["run"]["result"], "failed", "a run does not undo it: {refused}");
    let said = refused.to_string();
    assert!(said.contains("is held"), "and says why: {said}");
    assert_eq!(quay.environment().await["current"]["id"], back["id"], "it still runs");

    let environment = json!({ "projectId": quay.project, "environment": "cluster" });
    quay.call("environment_release", environment.clone()).await;
    let error = quay.refused("environment_release", environment).await;
    assert_eq!(error.code, "not_held", "once is enough: {error:?}");
    let free = quay.run().await;
    assert_eq!(free["run"]["result"], "succeeded", "now runs deploy again: {free}");
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_changes_is_seen_within_seconds() {
    let (quay, _) = pier("tide").await;
    eventually_async("a first look", Duration::from_secs(20), || async {
        (quay.column("cluster").await["drift"]["state"] == "none").then_some(())
    })
    .await;
    // Another house that knows nothing of this one applies an object of the same name.
    let other = Quay::open(ADMIN).await;
    other.write("manifests/quay.yml", &manifest("tide"));
    other.commit("The same pier");
    other.save("cluster", &[("stage", "one"), ("greeting", "Beware")]).await;
    let first = other.run().await;
    other.pushed(&first, 'a').await;
    let run = other.run().await;
    assert_eq!(run["run"]["result"], "succeeded", "{run}");
    let drift = eventually_async("the drift", Duration::from_secs(15), || async {
        let drift = quay.column("cluster").await["drift"].clone();
        (drift["state"] == "drifted").then_some(drift)
    })
    .await;
    let said = drift.to_string();
    assert!(said.contains("Beware") && said.contains("Hello"), "as a diff: {said}");
    let now = quay.drift().await;
    assert_eq!(now["state"], "drifted", "asked, it says the same: {now}");
    other.app.close().await;
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_deployments_at_once_and_a_cancelled_one_leave_no_half() {
    let (quay, first) = pier("dock").await;
    quay.change("annotations: {}", "annotations: {sim.slipway.dev/delay: '1s'}");
    let slow = quay.run().await;
    assert_eq!(slow["run"]["result"], "succeeded", "{slow}");
    let request = |from: &Value| {
        json!({ "projectId": quay.project, "environment": "cluster", "reason": "deploy",
            "source": { "from": "deployment", "deploymentId": from["id"] },
            "isPruning": false, "hasRollback": true })
    };
    quay.start("cluster", &first, "deploy").await;
    let started = quay.call("deployment_start", request(&slow["deployments"][0])).await;
    let error = quay.refused("deployment_start", request(&first)).await;
    assert_eq!(error.code, "deployment_under_way", "{error:?}");
    let id = started["deploymentId"].as_str().unwrap();
    assert!(error.message.contains(id), "it names the first: {}", error.message);

    eventually_async("the watching", Duration::from_secs(30), || async {
        let view = quay.call("deployment_get", json!({ "deploymentId": id })).await;
        assert_ne!(view["state"], "completed", "it takes a while: {view}");
        (view["phase"] == "watching").then_some(())
    })
    .await;
    quay.call("deployment_cancel", json!({ "deploymentId": id })).await;
    let over = quay.over(&json!(id)).await;
    assert_eq!(over["result"], "canceled", "{over}");
    let current = &quay.environment().await["current"];
    assert_eq!(current["reason"], "automaticRollback", "what was half done went back: {current}");
    let drift = quay.drift().await;
    assert_eq!(drift["state"], "none", "fully as before: {drift}");
    quay.app.close().await;
}
