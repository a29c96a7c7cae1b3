//! `KubernetesManifest@0` and `@1`: reads the manifests and lets the house deploy them (§24.2).
//!
//! What else it can do is in `kubernetes_bake` and `kubernetes_objects`. Canaries are refused before the run.

use async_trait::async_trait;
use slipway_core::{EnvironmentName, RunResult};
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::kubernetes_bake::bake;
use super::kubernetes_objects::change;
use super::refused::{Refused, check};
use crate::error::{OnPath, RunnerError};
use crate::glob::find_files;
use crate::host::{DeployOrder, ManifestText};
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

const BY_SCRIPT: &str = "Use `strategy: none`, or kubectl in a script.";
const REFUSED: &[Refused] = &[
    Refused::new("strategy", "canary", BY_SCRIPT),
    Refused::new("action", "promote", BY_SCRIPT),
    Refused::new("action", "reject", BY_SCRIPT),
    Refused::new("renderType", "helm2", "Use `renderType: helm`, which is helm 3."),
];

pub(crate) struct KubernetesManifest {
    pub(crate) spec: &'static TaskSpec,
    /// The input with the cluster's service connection.
    pub(crate) connection: &'static str,
}

#[async_trait]
impl Task for KubernetesManifest {
    fn spec(&self) -> &'static TaskSpec {
        self.spec
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        let action = step.input("action").unwrap_or("deploy").to_ascii_lowercase();
        let render = step.input("renderType").unwrap_or("helm").to_ascii_lowercase();
        match (action.as_str(), render.as_str()) {
            ("createsecret" | "delete" | "patch" | "scale", _) | ("bake", "kustomize") => {
                vec!["kubectl"]
            }
            ("bake", "kompose") => vec!["kompose"],
            ("bake", "helm") => vec!["helm"],
            _ => Vec::new(),
        }
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        check(REFUSED, self.spec, step)?;
        match step.required("action")?.to_ascii_lowercase().as_str() {
            "bake" => bake(step).await,
            action @ ("createsecret" | "delete" | "patch" | "scale") => {
                change(step, action, self.connection).await
            }
            _ => deploy(step, self.connection).await,
        }
    }
}

async fn deploy(step: &StepScope, connection: &str) -> Result<RunResult, RunnerError> {
    if step.input("imagePullSecrets").is_some() {
        let text = "The input 'imagePullSecrets' is left out: registries of this house need no sign-in. For \
                    others write it into the manifest.";
        step.warning(text).await;
    }
    let order = order(step, connection).await?;
    for manifest in &order.manifests {
        step.line(&format!("Manifest {}", manifest.path)).await;
    }
    let host = &step.job.run.host;
    let evidence = host.deploy(order, step, &step.cancel).await?;
    step.line(&format!(
        "Deployed {} with {} to environment {}",
        evidence.workload, evidence.digest, evidence.environment
    ))
    .await;
    if let Some(url) = &evidence.url {
        step.line(&format!("Reached at {url}")).await;
    }
    Ok(RunResult::Succeeded)
}

async fn order(step: &StepScope, connection: &str) -> Result<DeployOrder, RunnerError> {
    let job = &step.job;
    let environment = match &job.environment {
        Some(environment) => environment.name.clone(),
        None => step.input(connection).ok_or(RunnerError::EnvironmentMissing)?.to_owned(),
    };
    let timeout = step.required("rolloutStatusTimeout")?;
    let timeout =
        timeout.parse().map_err(|_| step.invalid("rolloutStatusTimeout", "a number of seconds"))?;
    let pattern = step.required("manifests")?.to_owned();
    let lines: Vec<String> =
        step.lines("manifests").iter().flat_map(|line| by_comma(line)).collect();
    let folder = step.default_folder();
    let manifests = blocking(move || {
        let files = find_files(&folder, &lines)?;
        if files.is_empty() {
            return Err(RunnerError::ManifestMissing { pattern, folder });
        }
        let read = |path: &std::path::PathBuf| {
            let text = std::fs::read_to_string(path).on("Reading", path)?;
            Ok(ManifestText { path: path.display().to_string(), text })
        };
        files.iter().map(read).collect::<Result<Vec<_>, RunnerError>>()
    })
    .await?;
    let mut run = job.run.evidence.clone();
    run.number = lock(&job.run.number).clone();
    Ok(DeployOrder {
        environment: EnvironmentName::new(environment),
        namespace: step.input("namespace").map(str::to_owned),
        manifests,
        images: step.lines("containers"),
        run,
        rollout_timeout_seconds: timeout,
        step: step.record.clone(),
    })
}

fn by_comma(line: &str) -> Vec<String> {
    line.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
