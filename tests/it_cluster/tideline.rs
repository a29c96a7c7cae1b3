//! The bundled sample at work: its own pipeline, unchanged, in environments whose settings say where to.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_tests::{Sandbox, Served, Slipway, binary, eventually_async};

/// Builds, tests, pushes and deploys on two busy cores.
const RUN_LIMIT: Duration = Duration::from_secs(300);

/// A `slipway serve` with the sample open.
pub(crate) struct Tideline {
    pub(crate) house: Served,
    pub(crate) project: Value,
    variables: Vec<Value>,
}

impl Tideline {
    /// Opens the sample where contexts come from a kubeconfig.
    pub(crate) async fn open(sandbox: &Sandbox, kubeconfig: &std::path::Path) -> Self {
        let mut command = sandbox.command(binary());
        command.arg("--data-dir").arg(sandbox.data()).arg("serve");
        command.env("KUBECONFIG", kubeconfig);
        let house = Served::of(Slipway::spawn(command));
        let opened = house.call("project_sample", json!({})).await;
        let mut tideline = Self { house, project: opened["id"].clone(), variables: Vec::new() };
        let environment = tideline.environment().await;
        assert_eq!(environment["target"], "local", "the sample begins on this machine");
        tideline.variables = environment["variables"].as_array().unwrap().clone();
        tideline
    }

    /// The text of the sample's pipeline, as it lies in the repository that is run.
    pub(crate) fn pipeline(sandbox: &Sandbox) -> String {
        let path = sandbox.data().join("sample/tideline/azure-pipelines.yml");
        std::fs::read_to_string(path).unwrap()
    }

    /// The environment that the pipeline names.
    pub(crate) async fn environment(&self) -> Value {
        let request = json!({ "projectId": self.project });
        let list = self.house.call("environment_list", request).await;
        let mut all = list.as_array().unwrap().iter();
        all.find(|one| one["name"] == "local").unwrap().clone()
    }

    /// Points it to a context: the one thing that a user changes. More variables may be given.
    pub(crate) async fn aim(&self, context: &str, more: &[(&str, &str)]) {
        let more = more.iter().map(|(name, value)| json!({ "name": name, "value": value }));
        let variables: Vec<Value> = self.variables.iter().cloned().chain(more).collect();
        let request = json!({ "projectId": self.project, "name": "local", "target": "kubernetes",
            "context": context, "namespace": "default", "variables": variables });
        self.house.call("environment_save", request).await;
    }

    /// Runs the newest commit to its end; answers `run_get`.
    pub(crate) async fn run(&self) -> Value {
        let started = self.house.call("run_start", json!({ "projectId": self.project })).await;
        eventually_async("the run's end", RUN_LIMIT, || async {
            let view = self.house.call("run_get", json!({ "runId": started["runId"] })).await;
            (view["run"]["state"] == "completed").then_some(view)
        })
        .await
    }
}

/// The one deployment of a run, which must be proven.
#[track_caller]
pub(crate) fn proven(run: &Value) -> &Value {
    assert_eq!(run["run"]["result"], "succeeded", "the run succeeds: {run}");
    let deployment = &run["deployments"][0];
    let proof = &deployment["proof"];
    assert_eq!(proof["isProven"], true, "what runs is what was pushed: {deployment}");
    let digest = deployment["digest"].as_str().unwrap();
    assert!(digest.starts_with("sha256:"), "by digest: {deployment}");
    let statement = proof["statement"].as_str().unwrap();
    assert!(statement.contains(digest), "the proof names the digest: {statement}");
    deployment
}
