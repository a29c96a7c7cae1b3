//! The app without a face, in this process: the test host.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use slipway_api::app::{App, AppOptions, HostKind};
use slipway_api::error::ApiError;
use slipway_core::RunState;
use slipway_serve::Door;

use crate::{Sandbox, engine_address, eventually_async};

/// The longest that a small run may take on two busy cores.
const RUN_LIMIT: Duration = Duration::from_secs(120);

/// An open app with its telemetry endpoint.
pub struct House {
    pub app: Arc<App>,
    pub door: Arc<Door>,
}

/// A client for loopback addresses.
pub fn http() -> reqwest::Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap()
}

impl House {
    /// Opens the sandbox's data folder with the real engine.
    pub async fn open(sandbox: &Sandbox) -> Self {
        Self::open_with(Self::options(sandbox)).await
    }

    /// The usual options of a test.
    pub fn options(sandbox: &Sandbox) -> AppOptions {
        let mut options = AppOptions::new(sandbox.data(), HostKind::Test);
        options.engine = Some(engine_address());
        options
    }

    /// Opens with other options.
    pub async fn open_with(options: AppOptions) -> Self {
        let app = App::open(options).await.unwrap();
        let door = Door::open(&app).await.unwrap();
        Self { app, door }
    }

    /// Calls a command that must succeed.
    pub async fn call(&self, name: &str, request: Value) -> Value {
        let shown = request.to_string();
        match self.app.call(name, request).await {
            Ok(answer) => answer,
            Err(error) => panic!("{name} {shown} succeeds: {error:?}"),
        }
    }

    /// Calls a command that must be refused.
    pub async fn refused(&self, name: &str, request: Value) -> ApiError {
        let shown = request.to_string();
        match self.app.call(name, request).await {
            Err(error) => error,
            Ok(answer) => panic!("{name} {shown} is refused, and not answered with {answer}"),
        }
    }

    /// Opens a repository; answers the project's id.
    pub async fn project(&self, path: &std::path::Path) -> String {
        let project = self.call("project_open", json!({ "path": path })).await;
        project["id"].as_str().unwrap().to_owned()
    }

    /// Presses the big button and waits for the run's end; answers `run_get`.
    pub async fn run(&self, project: &str, message: &str) -> Value {
        let request = json!({ "projectId": project, "message": message });
        let started = self.call("loop_run", request).await;
        self.finished(started["runId"].as_str().unwrap()).await
    }

    /// Waits for a run's end; answers `run_get`.
    pub async fn finished(&self, run_id: &str) -> Value {
        let over = eventually_async("the run's end", RUN_LIMIT, || async {
            let view = self.call("run_get", json!({ "runId": run_id })).await;
            (view["run"]["state"] == json!(RunState::Completed)).then_some(view)
        });
        over.await
    }

    /// Every line of a step's log.
    pub async fn log(&self, run_id: &Value, record: &Value) -> String {
        let request =
            json!({ "runId": run_id, "recordId": record["id"], "from": 0, "limit": 2000 });
        let page = self.call("log_get", request).await;
        let lines = page["lines"].as_array().unwrap().iter();
        lines.map(|line| line["text"].as_str().unwrap().to_owned() + "\n").collect()
    }

    /// Stops everything and waits for it.
    pub async fn close(self) {
        self.door.close().await;
        self.app.close().await;
    }
}
