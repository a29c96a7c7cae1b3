//! A repository whose pipeline only deploys, and the app that runs it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use slipway_api::app::{App, AppOptions, HostKind};
use slipway_core::{Digest, PushedImage, RunId};
use slipway_store::{Store, StoreOptions};
use slipway_tests::eventually_async;

use crate::control_plane::control_plane;

/// One that deploys, and lets a rollout take so many seconds.
pub(crate) fn pipeline(environment: &str, seconds: u32) -> String {
    format!(
        "\
trigger: none
stages:
- stage: Deploy
  jobs:
  - deployment: Cluster
    environment: {environment}
    strategy:
      runOnce:
        deploy:
          steps:
          - checkout: self
          - task: KubernetesManifest@1
            displayName: Deploy
            inputs:
              action: deploy
              manifests: manifests/*.yml
              containers: quay
              rolloutStatusTimeout: '{seconds}'
"
    )
}

const MANIFEST: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: quay}
spec:
  replicas: 2
  selector: {matchLabels: {app: quay}}
  template:
    metadata: {labels: {app: quay}, annotations: {}}
    spec: {containers: [{name: quay, image: quay}]}
";

pub(crate) struct Quay {
    pub(crate) app: Arc<App>,
    pub(crate) project: String,
    folder: tempfile::TempDir,
}

impl Quay {
    /// Makes the repository, opens it, and points its environment to the namespace `default`.
    pub(crate) async fn open(context: &str) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let folder = tempfile::tempdir().unwrap();
        let mut options = AppOptions::new(folder.path().join("data"), HostKind::Test);
        options.engine = Some("unix:///nowhere/docker.sock".to_owned());
        options.kubeconfig = Some(control_plane().kubeconfig.clone());
        let app = App::open(options).await.unwrap();
        let mut quay = Self { app, project: String::new(), folder };
        quay.write("azure-pipelines.yml", &pipeline("cluster", 5));
        quay.write("manifests/quay.yml", MANIFEST);
        quay.git(&["init", "--quiet", "--initial-branch", "main"]);
        quay.commit("Open the quay");
        let opened = quay.call("project_open", json!({ "path": quay.repository() })).await;
        quay.project = opened["id"].as_str().unwrap().to_owned();
        let environment = json!({ "projectId": quay.project, "name": "cluster",
            "target": "kubernetes", "context": context, "namespace": "default", "variables": [] });
        quay.call("environment_save", environment).await;
        quay
    }

    /// The app's data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn repository(&self) -> PathBuf {
        self.folder.path().join("quay")
    }

    pub(crate) async fn call(&self, name: &str, request: Value) -> Value {
        let shown = request.to_string();
        match self.app.call(name, request).await {
            Ok(answer) => answer,
            Err(error) => panic!("{name} {shown} succeeds: {error:?}"),
        }
    }

    /// The code and hint of a refusal.
    pub(crate) async fn refused(&self, name: &str, request: Value) -> slipway_api::error::ApiError {
        let shown = request.to_string();
        match self.app.call(name, request).await {
            Err(error) => error,
            Ok(answer) => panic!("{name} {shown} is refused, and not answered with {answer}"),
        }
    }

    /// Makes an environment in the namespace `default`.
    pub(crate) async fn save(&self, name: &str, variables: &[(&str, &str)]) {
        let variables: Vec<Value> =
            variables.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let request = json!({ "projectId": self.project, "name": name, "target": "kubernetes",
            "context": crate::control_plane::ADMIN, "namespace": "default", "variables": variables });
        self.call("environment_save", request).await;
    }

    /// Deploys by hand what an earlier deployment was, and waits for the end.
    pub(crate) async fn start(&self, environment: &str, from: &Value, reason: &str) -> Value {
        let started = self
            .call(
                "deployment_start",
                json!({ "projectId": self.project, "environment": environment, "reason": reason,
                    "source": { "from": "deployment", "deploymentId": from["id"] },
                    "isPruning": false, "hasRollback": true }),
            )
            .await;
        self.over(&started["deploymentId"]).await
    }

    /// A deployment once it is over.
    pub(crate) async fn over(&self, id: &Value) -> Value {
        eventually_async("the deployment's end", Duration::from_secs(90), || async {
            let view = self.call("deployment_get", json!({ "deploymentId": id })).await;
            (view["state"] == "completed").then_some(view)
        })
        .await
    }

    /// What differs in `cluster`, asked now; a deployment lets go of it a moment after its end.
    pub(crate) async fn drift(&self) -> Value {
        let request = json!({ "projectId": self.project, "environment": "cluster" });
        eventually_async("a look at the cluster", Duration::from_secs(30), || async {
            let drift = self.call("drift_check", request.clone()).await;
            (drift["state"] != "unknown").then_some(drift)
        })
        .await
    }

    /// A column of the board.
    pub(crate) async fn column(&self, environment: &str) -> Value {
        let board = self.call("promotion_board", json!({ "projectId": self.project })).await;
        let mut all = board["columns"].as_array().unwrap().iter();
        all.find(|column| column["environment"]["name"] == environment).unwrap().clone()
    }

    /// The environment as it is shown.
    pub(crate) async fn environment(&self) -> Value {
        let list = self.call("environment_list", json!({ "projectId": self.project })).await;
        let mut all = list.as_array().unwrap().iter();
        all.find(|environment| environment["name"] == "cluster").unwrap().clone()
    }

    /// Runs the newest commit to its end.
    pub(crate) async fn run(&self) -> Value {
        let started = self.call("run_start", json!({ "projectId": self.project })).await;
        let limit = Duration::from_secs(90);
        let over = eventually_async("the run's end", limit, || async {
            let view = self.call("run_get", json!({ "runId": started["runId"] })).await;
            (view["run"]["state"] == "completed").then_some(view)
        });
        over.await
    }

    /// Says of a run that it pushed an image, as its `Docker@2` step would.
    pub(crate) async fn pushed(&self, run: &Value, digit: char) -> PushedImage {
        pushed_to(&self.data(), run["run"]["id"].as_str().unwrap(), digit).await
    }

    /// Replaces a part of the manifest and commits it.
    pub(crate) fn change(&self, part: &str, with: &str) {
        let text = std::fs::read_to_string(self.repository().join("manifests/quay.yml")).unwrap();
        assert!(text.contains(part), "the manifest holds '{part}'");
        self.write("manifests/quay.yml", &text.replace(part, with));
        self.commit("Change the manifest");
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.repository().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    fn git(&self, words: &[&str]) {
        let status = Command::new("git")
            .args(["-c", "user.name=Quay", "-c", "user.email=quay@slipway.invalid"])
            .args(words)
            .current_dir(self.repository())
            .env("HOME", Path::new(self.folder.path()))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("XDG_CONFIG_HOME")
            .status()
            .unwrap();
        assert!(status.success(), "git {} succeeds", words.join(" "));
    }
}

/// Says in a data folder that a run pushed an image.
pub(crate) async fn pushed_to(data: &Path, run: &str, digit: char) -> PushedImage {
    let digest = Digest::parse(&format!("sha256:{}", digit.to_string().repeat(64))).unwrap();
    let image = PushedImage {
        registry: "127.0.0.1:5210".to_owned(),
        repository: "quay".to_owned(),
        tags: vec![digit.to_string()],
        digest: digest.clone(),
        config_digest: digest,
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        size_bytes: 1,
        pushed_at: i64::from(u32::from(digit)),
    };
    let store = Store::open(data, StoreOptions::default()).await.unwrap();
    store.put_image(&RunId::new(run), &image).await.unwrap();
    store.close().await;
    image
}
