//! Canaries and greens through the app: a pipeline with a canary of growing shares, and by hand with the
//! verdict as a gate.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_core::{DeploymentId, EnvironmentName, ProjectId};
use slipway_store::{Store, StoreOptions, TelemetryKind, TelemetryRow};
use slipway_tests::eventually_async;

use crate::control_plane::ADMIN;
use crate::quay::Quay;

/// Each test has objects of its own, told apart by a word.
fn manifest(word: &str) -> String {
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {word}}}
spec:
  replicas: 5
  selector: {{matchLabels: {{app: {word}}}}}
  template:
    metadata: {{labels: {{app: {word}}}, annotations: {{}}}}
    spec: {{containers: [{{name: quay, image: quay}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: {word}}}
spec: {{selector: {{app: {word}}}, ports: [{{port: 80}}]}}
"
    )
}

fn pipeline(increments: &str, check: &str) -> String {
    format!(
        "\
trigger: none
jobs:
- deployment: Cluster
  environment: cluster
  strategy:
    canary:
      increments: [{increments}]
      deploy:
        steps:
        - checkout: self
        - task: KubernetesManifest@1
          displayName: Manifest
          inputs:
            action: $(strategy.action)
            strategy: canary
            percentage: $(strategy.increment)
            manifests: manifests/*.yml
            containers: quay
            rolloutStatusTimeout: '5'
      postRouteTraffic:
        steps:
        - bash: {check}
          displayName: Check
      on:
        failure:
          steps:
          - checkout: self
          - task: KubernetesManifest@1
            displayName: Back
            inputs: {{action: reject, strategy: canary, manifests: manifests/*.yml}}
"
    )
}

/// A quay where two digests were pushed and the first runs.
async fn pier(word: &str) -> (Quay, Value) {
    let quay = Quay::open(ADMIN).await;
    quay.write("manifests/quay.yml", &manifest(word));
    quay.commit("Build a pier");
    let first = quay.run().await;
    quay.pushed(&first, 'a').await;
    let run = quay.run().await;
    assert_eq!(run["run"]["result"], "succeeded", "the first digest runs: {run}");
    let deployment = run["deployments"][0].clone();
    quay.pushed(&run, 'b').await;
    (quay, deployment)
}

/// Images of the workloads of a word, by name.
async fn running(quay: &Quay, word: &str) -> Vec<(String, usize, char)> {
    let environment = quay.environment().await;
    let mut found: Vec<(String, char)> = Vec::new();
    for pod in environment["pods"].as_array().unwrap() {
        let workload = pod["workload"].as_str().unwrap();
        if pod["isReady"] == true && workload.starts_with(word) {
            let image = pod["image"].as_str().unwrap();
            found.push((workload.to_owned(), image.chars().next_back().unwrap()));
        }
    }
    found.sort();
    let groups = found.chunk_by(|one, next| one == next);
    groups.map(|group| (group[0].0.clone(), group.len(), group[0].1)).collect()
}

async fn settled(quay: &Quay, word: &str, expected: &[(&str, usize, char)]) {
    let expected: Vec<(String, usize, char)> =
        expected.iter().map(|(name, count, digit)| ((*name).to_owned(), *count, *digit)).collect();
    let mut last = Vec::new();
    for _ in 0..100 {
        last = running(quay, word).await;
        if last == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{expected:?} run in the end, and not {last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_goes_on_in_growing_shares_to_the_promotion() {
    let (quay, first) = pier("ebb").await;
    quay.write("azure-pipelines.yml", &pipeline("20, 40", "echo fine"));
    quay.commit("Go on in shares");
    let run = quay.run().await;
    assert_eq!(run["run"]["result"], "succeeded", "{run}");
    let rows = run["deployments"].as_array().unwrap();
    assert_eq!(rows.len(), 3, "20 %, 40 %, and all: {rows:?}");
    let seen: Vec<_> = rows.iter().map(|row| &row["strategy"]).collect();
    for (strategy, (step, percentage, outcome)) in seen.iter().zip([
        ("deploy", 20, json!("replaced")),
        ("deploy", 40, json!("promoted")),
        ("promote", 100, json!(null)),
    ]) {
        assert_eq!(strategy["step"], step, "{strategy}");
        assert_eq!(strategy["percentage"], percentage, "{strategy}");
        assert_eq!(strategy["outcome"], outcome, "{strategy}");
    }
    for row in rows {
        assert_eq!(row["proof"]["isProven"], true, "each is proven by digest: {row}");
        assert_ne!(row["digest"], first["digest"], "the second digest: {row}");
    }
    assert_eq!(rows[1]["isCurrent"], false, "what is beside is not what runs");
    assert_eq!(quay.environment().await["current"]["id"], rows[2]["id"]);
    assert_eq!(quay.column("cluster").await["waiting"], json!(null), "nothing waits any more");
    settled(&quay, "ebb", &[("ebb", 5, 'b')]).await;
    let drift = quay.drift().await;
    assert_eq!(drift["state"], "none", "all is as it is written: {drift}");
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_check_rejects_the_canary_and_the_stable_never_changed() {
    let (quay, first) = pier("flood").await;
    quay.write("azure-pipelines.yml", &pipeline("40", "exit 1"));
    quay.commit("Go on in shares");
    let run = quay.run().await;
    assert_eq!(run["run"]["result"], "failed", "the check fails: {run}");
    let rows = run["deployments"].as_array().unwrap();
    assert_eq!(rows[0]["strategy"]["outcome"], "rejected", "{rows:?}");
    assert_eq!(rows.len(), 1, "nothing was promoted: {rows:?}");
    assert_eq!(quay.environment().await["current"]["id"], first["id"], "the first still runs");
    settled(&quay, "flood", &[("flood", 5, 'a')]).await;
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_that_does_not_become_ready_is_taken_away() {
    let (quay, first) = pier("sill").await;
    quay.write("azure-pipelines.yml", &pipeline("40", "echo fine"));
    quay.change("annotations: {}", "annotations: {sim.slipway.dev/behaviour: crash}");
    let run = quay.run().await;
    assert_eq!(run["run"]["result"], "failed", "{run}");
    let failed = &run["deployments"][0];
    assert!(failed["signal"].as_str().unwrap().contains("sill-canary"), "it says which: {failed}");
    assert_eq!(quay.column("cluster").await["waiting"], json!(null), "nothing waits");
    settled(&quay, "sill", &[("sill", 5, 'a')]).await;
    let current = quay.environment().await["current"].clone();
    assert_eq!(current["digest"], first["digest"], "what ran before runs: {current}");
    quay.app.close().await;
}

/// Starts a deployment of another one by hand, by a strategy.
async fn start(quay: &Quay, from: &Value, strategy: Value) -> Value {
    let request = json!({ "projectId": quay.project, "environment": "cluster", "reason": "deploy",
        "source": { "from": "image", "digest": from, "manifests": ["manifests"] },
        "strategy": strategy, "isPruning": false, "hasRollback": true });
    let started = quay.call("deployment_start", request).await;
    quay.over(&started["deploymentId"]).await
}

fn digest(digit: char) -> Value {
    json!(format!("sha256:{}", digit.to_string().repeat(64)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_by_hand_waits_until_somebody_decides() {
    let (quay, first) = pier("groyne").await;
    let canary = json!({ "kind": "canary", "percentage": 40 });
    let plan = quay
        .call(
            "deployment_plan",
            json!({ "projectId": quay.project, "environment": "cluster", "strategy": canary,
                "source": { "from": "image", "digest": digest('b'), "manifests": ["manifests"] } }),
        )
        .await;
    let planned: Vec<_> = plan["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|object| {
            format!("{} {}", object["name"].as_str().unwrap(), object["action"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        planned,
        ["groyne same", "groyne-canary create", "groyne-baseline create"],
        "{plan}"
    );

    let waiting = start(&quay, &digest('b'), canary.clone()).await;
    assert_eq!(waiting["result"], "succeeded", "{waiting}");
    assert_eq!(waiting["phase"], "waiting", "{waiting}");
    settled(
        &quay,
        "groyne",
        &[("groyne", 5, 'a'), ("groyne-baseline", 2, 'a'), ("groyne-canary", 2, 'b')],
    )
    .await;
    let column = quay.column("cluster").await;
    assert_eq!(column["waiting"]["id"], waiting["id"], "the board shows it: {column}");
    assert_eq!(column["environment"]["current"]["id"], first["id"], "beside what runs: {column}");
    let drift = quay.drift().await;
    assert_eq!(drift["state"], "none", "what runs is as it was: {drift}");
    let request = json!({ "projectId": quay.project, "environment": "cluster", "reason": "rollback",
        "source": { "from": "deployment", "deploymentId": first["id"] },
        "isPruning": false, "hasRollback": true });
    let error = quay.refused("deployment_start", request).await;
    assert_eq!(error.code, "strategy_waiting", "{error:?}");

    let finish = |id: &Value, action: &str| json!({ "deploymentId": id, "action": action });
    quay.call("strategy_finish", finish(&waiting["id"], "reject")).await;
    settled(&quay, "groyne", &[("groyne", 5, 'a')]).await;
    let error = quay.refused("strategy_finish", finish(&waiting["id"], "promote")).await;
    assert_eq!(error.code, "not_waiting", "once is enough: {error:?}");

    let waiting = start(&quay, &digest('b'), canary).await;
    let promoted = quay.call("strategy_finish", finish(&waiting["id"], "promote")).await;
    let promoted = quay.over(&promoted["deploymentId"]).await;
    assert_eq!(promoted["result"], "succeeded", "{promoted}");
    assert_eq!(promoted["isCurrent"], true, "{promoted}");
    assert_eq!(promoted["fromDeploymentId"], waiting["id"], "{promoted}");
    settled(&quay, "groyne", &[("groyne", 5, 'b')]).await;
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_green_waits_and_takes_over() {
    let (quay, _) = pier("dyke").await;
    let waiting = start(&quay, &digest('b'), json!({ "kind": "blueGreen" })).await;
    assert_eq!(waiting["phase"], "waiting", "{waiting}");
    settled(&quay, "dyke", &[("dyke", 5, 'a'), ("dyke-green", 5, 'b')]).await;
    let services = quay.environment().await["services"].clone();
    let endpoints = |name: &str| {
        services.as_array().unwrap().iter().find(|it| it["name"] == name).unwrap()["endpoints"]
            .clone()
    };
    assert_eq!((endpoints("dyke"), endpoints("dyke-green")), (json!(5), json!(5)), "{services}");
    let request = json!({ "deploymentId": waiting["id"], "action": "promote" });
    let promoted = quay.call("strategy_finish", request).await;
    let promoted = quay.over(&promoted["deploymentId"]).await;
    assert_eq!(promoted["result"], "succeeded", "{promoted}");
    settled(&quay, "dyke", &[("dyke", 5, 'b')]).await;
    let drift = quay.drift().await;
    assert_eq!(drift["state"], "none", "all is as it is written: {drift}");
    quay.app.close().await;
}

/// Requests that the pods of a workload have answered.
async fn answered(quay: &Quay, waiting: &Value, workload: &str, good: usize, bad: usize) {
    let environment = quay.environment().await;
    let mut pods = environment["pods"].as_array().unwrap().iter();
    let pod = pods.find(|pod| pod["workload"] == workload).unwrap()["name"].clone();
    let rows: Vec<TelemetryRow> = (0..good + bad)
        .map(|number| {
            let at = waiting["finishedAt"].as_i64().unwrap() + 1;
            let mut row = TelemetryRow::new(TelemetryKind::Request, at, "GET /");
            row.success = Some(number < good);
            row.duration_ms = Some(5.0);
            row.role_instance = Some(pod.as_str().unwrap().to_owned());
            row
        })
        .collect();
    let store = Store::open(&quay.data(), StoreOptions::default()).await.unwrap();
    let project = ProjectId::new(quay.project.as_str());
    let name = EnvironmentName::new("cluster");
    store.insert_own_items(&project, &name, None::<&DeploymentId>, &rows).await.unwrap();
    store.close().await;
}

async fn judged(quay: &Quay, id: &Value, verdict: &str) -> Value {
    eventually_async("the verdict", Duration::from_secs(40), || async {
        let view = quay.call("deployment_get", json!({ "deploymentId": id })).await;
        (view["health"]["verdict"] == verdict).then_some(view)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verdict_on_the_canarys_own_pods_is_the_gate() {
    let (quay, _) = pier("gate").await;
    let waiting = start(&quay, &digest('b'), json!({ "kind": "canary", "percentage": 20 })).await;
    let early = judged(&quay, &waiting["id"], "waiting").await;
    let reason = early["health"]["reason"].as_str().unwrap();
    assert!(reason.starts_with("Not enough data"), "it says so: {reason}");
    answered(&quay, &waiting, "gate", 39, 1).await;
    answered(&quay, &waiting, "gate-canary", 30, 0).await;
    let good = judged(&quay, &waiting["id"], "healthy").await;
    assert_eq!(good["health"]["requests"], 30, "the stable's requests are not its own: {good}");
    answered(&quay, &waiting, "gate-canary", 0, 30).await;
    judged(&quay, &waiting["id"], "unhealthy").await;
    let mut request = json!({ "deploymentId": waiting["id"], "action": "promote" });
    let error = quay.refused("strategy_finish", request.clone()).await;
    assert_eq!(error.code, "verdict_unhealthy", "{error:?}");
    request["isForced"] = json!(true);
    let promoted = quay.call("strategy_finish", request).await;
    let promoted = quay.over(&promoted["deploymentId"]).await;
    assert_eq!(promoted["result"], "succeeded", "with an explicit yes: {promoted}");
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verdict_decides_by_itself_where_it_is_asked_to() {
    let (quay, first) = pier("buoy").await;
    let strategy = json!({ "kind": "canary", "percentage": 20, "isAutomatic": true });
    let bad = start(&quay, &digest('b'), strategy.clone()).await;
    answered(&quay, &bad, "buoy-canary", 0, 30).await;
    let outcome = |id: Value, word: &'static str| {
        let quay = &quay;
        eventually_async("the decision", Duration::from_secs(60), move || {
            let id = id.clone();
            async move {
                let view = quay.call("deployment_get", json!({ "deploymentId": id })).await;
                (view["strategy"]["outcome"] == word).then_some(())
            }
        })
    };
    outcome(bad["id"].clone(), "rejected").await;
    settled(&quay, "buoy", &[("buoy", 5, 'a')]).await;
    assert_eq!(quay.environment().await["current"]["id"], first["id"]);

    let good = start(&quay, &digest('b'), strategy).await;
    answered(&quay, &good, "buoy-canary", 30, 0).await;
    outcome(good["id"].clone(), "promoted").await;
    settled(&quay, "buoy", &[("buoy", 5, 'b')]).await;
    quay.app.close().await;
}
