//! A kustomization and a chart are built for each environment, by the real tools.
//!
//! kubectl is the one that is built with the control plane. Helm is taken where this machine has it; where not, that
//! it is missing is what is told.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::control_plane::ADMIN;
use crate::quay::Quay;

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: pontoon}
spec:
  replicas: 1
  selector: {matchLabels: {app: pontoon}}
  template:
    metadata: {labels: {app: pontoon}}
    spec: {containers: [{name: quay, image: quay, env: [{name: GREETING, value: '#{greeting}#'}]}]}
";

const CHART: &str = "apiVersion: v2\nname: dinghy\nversion: 1.0.0\n";
const TEMPLATE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: '{{ .Release.Name }}-{{ .Values.stage }}'}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: '{{ .Release.Name }}-{{ .Values.stage }}'}}
  template:
    metadata: {labels: {app: '{{ .Release.Name }}-{{ .Values.stage }}'}}
    spec: {containers: [{name: quay, image: quay}]}
";
const HOOK: &str = "\
apiVersion: batch/v1
kind: Job
metadata: {name: before, annotations: {helm.sh/hook: pre-install}}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: quay, image: quay}]}}}
";

fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok()
}

/// The part of an order that its plan is asked with.
fn plan_of(order: &Value) -> Value {
    json!({ "projectId": order["projectId"], "environment": order["environment"],
        "source": order["source"] })
}

fn names(plan: &Value) -> Vec<&str> {
    let objects = plan["objects"].as_array().unwrap();
    objects.iter().map(|object| object["name"].as_str().unwrap()).collect()
}

impl Quay {
    fn order(&self, environment: &str, digest: &str, path: &str) -> Value {
        json!({ "projectId": self.project, "environment": environment, "reason": "deploy",
            "source": { "from": "image", "digest": digest, "manifests": [path] },
            "isPruning": false, "hasRollback": true })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kustomization_is_built_for_each_environment_of_one_commit() {
    assert!(is_there("kubectl"), "cargo xtask test cluster puts it onto the PATH");
    let quay = Quay::open(ADMIN).await;
    quay.write("deploy/base/kustomization.yaml", "resources: [web.yaml]\n");
    quay.write("deploy/base/web.yaml", WEB);
    quay.write(
        "deploy/overlays/production/kustomization.yaml",
        "resources: [../../base]\nnamePrefix: deep-\nreplicas: [{name: pontoon, count: 3}]\n",
    );
    quay.commit("Build it by kustomize");
    quay.save("cluster", &[("greeting", "Hello")]).await;
    quay.save("production", &[("greeting", "Ahoy")]).await;
    let run = quay.run().await;
    let image = quay.pushed(&run, 'c').await;
    let digest = image.digest.to_string();

    let order = quay.order("cluster", &digest, "deploy");
    let plan = quay.call("deployment_plan", plan_of(&order)).await;
    assert_eq!(names(&plan), ["pontoon"], "{plan}");
    let notes = plan["notes"].to_string();
    assert!(notes.contains("deploy is a kustomization, built for cluster."), "{notes}");
    let started = quay.call("deployment_start", order).await;
    let first = quay.over(&started["deploymentId"]).await;
    assert_eq!(first["result"], "succeeded", "{first}");
    assert_eq!(first["proof"]["isProven"], true, "by the digest that was pushed: {first}");

    // What the working tree has by now is nobody's business: the commit that was proven is promoted.
    quay.write("deploy/base/web.yaml", &WEB.replace("pontoon", "raft"));
    let promoted = quay.start("production", &first, "promote").await;
    assert_eq!(promoted["result"], "succeeded", "{promoted}");
    assert_eq!(promoted["applied"][0]["name"], "deep-pontoon", "by its own overlay: {promoted}");
    assert_eq!(promoted["digest"], first["digest"], "{promoted}");
    let source = json!({ "from": "deployment", "deploymentId": promoted["id"] });
    let request =
        json!({ "projectId": quay.project, "environment": "production", "source": source });
    let same = quay.call("deployment_plan", request).await;
    assert_eq!(same["objects"][0]["action"], "same", "three of them, as it was kept: {same}");

    quay.write("deploy/base/kustomization.yaml", "resources: [web.yaml, nowhere.yaml]\n");
    let order = quay.order("cluster", &digest, "deploy");
    let error = quay.refused("deployment_plan", plan_of(&order)).await;
    assert_eq!(error.code, "manifest_tool_failed", "{error:?}");
    assert!(error.message.contains("nowhere.yaml"), "in the tool's own words: {}", error.message);
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_rendered_for_each_environment() {
    let quay = Quay::open(ADMIN).await;
    quay.write("chart/Chart.yaml", CHART);
    quay.write("chart/values.yaml", "stage: one\nreplicas: 1\n");
    quay.write("chart/values-production.yaml", "stage: two\nreplicas: 2\n");
    quay.write("chart/templates/web.yaml", TEMPLATE);
    quay.write("chart/templates/before.yaml", HOOK);
    quay.commit("Chart it");
    quay.save("production", &[]).await;
    let run = quay.run().await;
    let digest = quay.pushed(&run, 'e').await.digest.to_string();
    let order = quay.order("cluster", &digest, "chart");
    if !is_there("helm") {
        let error = quay.refused("deployment_plan", plan_of(&order)).await;
        assert_eq!(error.code, "manifest_tool_missing", "{error:?}");
        assert!(error.message.contains("helm"), "it names the tool: {}", error.message);
        quay.app.close().await;
        return;
    }
    let plan = quay.call("deployment_plan", plan_of(&order)).await;
    assert_eq!(names(&plan), ["dinghy-one"], "without its hooks: {plan}");
    let started = quay.call("deployment_start", order).await;
    let first = quay.over(&started["deploymentId"]).await;
    assert_eq!(first["result"], "succeeded", "{first}");
    let promoted = quay.start("production", &first, "promote").await;
    assert_eq!(promoted["applied"][0]["name"], "dinghy-two", "by its own values: {promoted}");
    quay.write("chart/templates/web.yaml", "{{ .Values.nowhere.name }}\n");
    let order = quay.order("cluster", &digest, "chart");
    let error = quay.refused("deployment_plan", plan_of(&order)).await;
    assert!(error.message.contains("templates/web.yaml:1"), "file and line: {}", error.message);
    quay.app.close().await;
}
