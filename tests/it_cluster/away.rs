//! A cluster that goes away in the middle of a deployment: going back waits for it, over a restart too.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_tests::{Harbour, Sandbox, Served, Slipway, binary, eventually_async};

use crate::control_plane::{ADMIN, control_plane};
use crate::quay::{pipeline, pushed_to};
use crate::way::Way;

const LIMIT: Duration = Duration::from_secs(60);

/// So long may its rollouts take.
const SECONDS: u32 = 4;

/// Each test has objects of its own, told apart by a word.
fn manifest(word: &str, greeting: &str, delay: &str) -> String {
    format!(
        "apiVersion: v1
kind: ConfigMap
metadata: {{name: {word}}}
data: {{greeting: {greeting}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {word}}}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: {word}}}}}
  template:
    metadata: {{labels: {{app: {word}}}, annotations: {{sim.slipway.dev/delay: '{delay}'}}}}
    spec: {{containers: [{{name: quay, image: quay}}]}}
"
    )
}

/// Host and port of the API server. All contexts but those that lead nowhere have the same.
fn server() -> String {
    let text = std::fs::read_to_string(&control_plane().kubeconfig).unwrap();
    let mut servers = text.lines().filter_map(|line| line.trim().strip_prefix("server: https://"));
    servers.rfind(|server| *server != "127.0.0.1:1").unwrap().to_owned()
}

struct Far {
    sandbox: Sandbox,
    harbour: Harbour,
    way: Way,
    project: Value,
}

impl Far {
    /// Two deployments that succeeded: one at once, one whose pods take three seconds.
    async fn open(word: &str) -> (Self, Served, Value, Value) {
        let sandbox = Sandbox::new("far");
        let harbour = Harbour::make(&sandbox);
        harbour.write("azure-pipelines.yml", &pipeline("far", SECONDS));
        harbour.remove("manifests/harbour.yml");
        let way = Way::open(server()).await;
        way.kubeconfig(sandbox.path("kubeconfig").parent().unwrap());
        let mut far = Self { sandbox, harbour, way, project: Value::Null };
        let house = far.serve();
        far.commit(&manifest(word, "one", "0s"));
        let request = json!({ "path": far.harbour.path() });
        far.project = house.call("project_open", request).await["id"].clone();
        let environment = json!({ "projectId": far.project, "name": "far", "target": "kubernetes",
            "context": ADMIN, "namespace": "default", "variables": [] });
        house.call("environment_save", environment).await;
        let first = far.run(&house).await;
        let data = far.sandbox.data();
        pushed_to(&data, first["run"]["id"].as_str().unwrap(), 'a').await;
        let one = far.run(&house).await["deployments"][0].clone();
        assert_eq!(one["result"], "succeeded", "{one}");
        far.commit(&manifest(word, "two", "2s"));
        let two = far.run(&house).await["deployments"][0].clone();
        assert_eq!(two["result"], "succeeded", "{two}");
        let started = far.start(&house, &one).await;
        assert_eq!(far.over(&house, &started).await["result"], "succeeded");
        (far, house, one, two)
    }

    fn serve(&self) -> Served {
        let mut command = self.sandbox.command(binary());
        command.arg("--data-dir").arg(self.sandbox.data()).arg("serve");
        command.env("KUBECONFIG", self.sandbox.path("kubeconfig"));
        Served::of(Slipway::spawn(command))
    }

    fn commit(&self, manifest: &str) {
        self.harbour.write("manifests/far.yml", manifest);
        self.harbour.git(&["add", "--all"]);
        self.harbour.git(&["commit", "--quiet", "--message", "Far away"]);
    }

    async fn run(&self, house: &Served) -> Value {
        let started = house.call("run_start", json!({ "projectId": self.project })).await;
        eventually_async("the run's end", LIMIT, || async {
            let view = house.call("run_get", json!({ "runId": started["runId"] })).await;
            (view["run"]["state"] == "completed").then_some(view)
        })
        .await
    }

    async fn start(&self, house: &Served, from: &Value) -> Value {
        let request = json!({ "projectId": self.project, "environment": "far", "reason": "deploy",
            "source": { "from": "deployment", "deploymentId": from["id"] },
            "isPruning": false, "hasRollback": true });
        house.call("deployment_start", request).await["deploymentId"].clone()
    }

    async fn get(&self, house: &Served, id: &Value) -> Value {
        house.call("deployment_get", json!({ "deploymentId": id })).await
    }

    async fn over(&self, house: &Served, id: &Value) -> Value {
        eventually_async("the deployment's end", LIMIT, || async {
            let view = self.get(house, id).await;
            (view["state"] == "completed" && view["phase"] == "done").then_some(view)
        })
        .await
    }

    async fn phase(&self, house: &Served, id: &Value, phase: &str) {
        eventually_async(&format!("the phase {phase}"), LIMIT, || async {
            let view = self.get(house, id).await;
            assert_ne!(view["state"], "completed", "it is not over before: {view}");
            (view["phase"] == phase).then_some(())
        })
        .await;
    }

    /// What goes on, once the board says that it waits for the cluster.
    async fn waiting(&self, house: &Served) -> Value {
        eventually_async("the wait on the board", LIMIT, || async {
            let request = json!({ "projectId": self.project });
            let board = house.call("promotion_board", request).await;
            let mut columns = board["columns"].as_array().unwrap().iter();
            let column = columns.find(|it| it["environment"]["name"] == "far").unwrap();
            let view = column["underWay"].clone();
            let waits =
                view["issue"].as_str().is_some_and(|it| it.contains("Waiting for the cluster"));
            waits.then_some(view)
        })
        .await
    }

    async fn is_as_deployed(&self, house: &Served) {
        let check = json!({ "projectId": self.project, "environment": "far" });
        let drift = eventually_async("a look at the cluster", LIMIT, || async {
            let drift = house.call("drift_check", check.clone()).await;
            (drift["state"] != "unknown").then_some(drift)
        })
        .await;
        assert_eq!(drift["state"], "none", "no half is left: {drift}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_waits_for_a_cluster_that_is_away_and_survives_a_restart() {
    let (far, house, one, two) = Far::open("shoal").await;
    let started = far.start(&house, &two).await;
    far.phase(&house, &started, "watching").await;
    far.way.close();
    // Four seconds are over without an end that anybody saw.
    let back = far.waiting(&house).await;
    assert_eq!(back["reason"], "automaticRollback", "the way back waits: {back}");
    let failed = far.get(&house, &started).await;
    assert_eq!(failed["phase"], "rollingBack", "{failed}");
    assert_ne!(failed["state"], "completed", "nobody says that it is over: {failed}");
    assert!(failed["signal"].as_str().unwrap().contains("does not answer"), "{failed}");

    house.kill();
    let house = far.serve();
    let again = far.waiting(&house).await;
    assert_eq!(again["id"], back["id"], "the same one goes on: {again}");
    far.way.open_again();
    let back = far.over(&house, &back["id"]).await;
    assert_eq!(back["result"], "succeeded", "it went back: {back}");
    assert_eq!(back["digest"], one["digest"], "{back}");
    assert_eq!(back["isCurrent"], true, "{back}");
    let failed = far.over(&house, &started).await;
    assert_eq!(failed["result"], "failed", "{failed}");
    assert_eq!(failed["rolledBackBy"], back["id"], "{failed}");
    far.is_as_deployed(&house).await;
    assert_eq!(house.stop(), Some(0), "it ends in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_interrupted_waits_for_a_cluster_that_is_away_and_is_watched() {
    let (far, house, _, two) = Far::open("skerry").await;
    let started = far.start(&house, &two).await;
    far.phase(&house, &started, "watching").await;
    far.way.close();
    house.kill();
    let house = far.serve();
    let waiting = far.waiting(&house).await;
    assert_eq!(waiting["id"], started, "it is not given up: {waiting}");
    far.way.open_again();
    let over = far.over(&house, &started).await;
    assert_eq!(over["result"], "succeeded", "{over}");
    assert_eq!(over["issue"], Value::Null, "and waits for nothing any more: {over}");
    let log = house.call("deployment_log", json!({ "deploymentId": started })).await.to_string();
    let (_, after) = log.split_once("Slipway ended during this deployment").unwrap();
    assert!(after.contains("Watching what was applied earlier."), "{after}");
    assert!(!after.contains("is applied."), "nothing is applied twice: {after}");
    far.is_as_deployed(&house).await;
    assert_eq!(house.stop(), Some(0), "it ends in order");
}
