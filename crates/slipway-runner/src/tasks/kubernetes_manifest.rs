//! `KubernetesManifest@0` and `@1`: reads the manifests and lets the house deploy them (§24.2).
//!
//! With `strategy: canary` the house puts a canary and a baseline beside what runs, and a later step promotes
//! or rejects them. What else it can do is in `kubernetes_bake` and `kubernetes_objects`. Deliberately not
//! here: what a canary is made of, which the deploy crate knows.

use async_trait::async_trait;
use slipway_core::{EnvironmentName, RolloutStrategy, RunResult, TrafficSplit};
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

const REFUSED: &[Refused] =
    &[Refused::new("renderType", "helm2", "Use `renderType: helm`, which is helm 3.")];

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
            action @ ("promote" | "reject") => {
                let strategy = canary(step)?
                    .ok_or_else(|| RunnerError::StrategyMissing { action: action.to_owned() })?;
                let order = order(step, self.connection, Some(strategy.promoted())).await?;
                match action {
                    "promote" => deploy(step, order).await,
                    _ => reject(step, order).await,
                }
            }
            _ => {
                let order = order(step, self.connection, canary(step)?).await?;
                deploy(step, order).await
            }
        }
    }
}

/// The canary that the step asks for; none if its strategy is none.
fn canary(step: &StepScope) -> Result<Option<RolloutStrategy>, RunnerError> {
    if !step.required("strategy")?.eq_ignore_ascii_case("canary") {
        return Ok(None);
    }
    let percentage = number(step, "percentage", "a percentage from 0 to 100")?;
    if percentage > 100 {
        return Err(step.invalid("percentage", "a percentage from 0 to 100"));
    }
    let canary = RolloutStrategy::canary(percentage);
    if !step.required("trafficSplitMethod")?.eq_ignore_ascii_case("smi") {
        return Ok(Some(canary));
    }
    let replicas = number(step, "baselineAndCanaryReplicas", "a number of replicas")?;
    Ok(Some(RolloutStrategy { split: TrafficSplit::Smi, replicas, ..canary }))
}

/// An input that may not matter to the action, and then has its default.
fn number(step: &StepScope, input: &str, expected: &str) -> Result<u32, RunnerError> {
    let text = step.input(input).unwrap_or("0").trim().trim_end_matches('%');
    text.parse().map_err(|_| step.invalid(input, expected))
}

async fn reject(step: &StepScope, order: DeployOrder) -> Result<RunResult, RunnerError> {
    let environment = order.environment.clone();
    step.job.run.host.reject(order, step, &step.cancel).await?;
    step.line(&format!("Rejected the canary in environment {environment}")).await;
    Ok(RunResult::Succeeded)
}

async fn deploy(step: &StepScope, order: DeployOrder) -> Result<RunResult, RunnerError> {
    if step.input("imagePullSecrets").is_some() {
        let text = "The input 'imagePullSecrets' is left out: registries of this house need no sign-in. For \
                    others write it into the manifest.";
        step.warning(text).await;
    }
    for manifest in &order.manifests {
        step.line(&format!("Manifest {}", manifest.path)).await;
    }
    let host = &step.job.run.host;
    let strategy = order.strategy;
    let evidence = host.deploy(order, step, &step.cancel).await?;
    let is_beside = strategy.is_some_and(RolloutStrategy::is_beside);
    let what = if is_beside { "Put beside what runs:" } else { "Deployed" };
    step.line(&format!(
        "{what} {} with {} to environment {}",
        evidence.workload, evidence.digest, evidence.environment
    ))
    .await;
    if let Some(url) = &evidence.url {
        step.line(&format!("Reached at {url}")).await;
    }
    Ok(RunResult::Succeeded)
}

async fn order(
    step: &StepScope,
    connection: &str,
    strategy: Option<RolloutStrategy>,
) -> Result<DeployOrder, RunnerError> {
    let job = &step.job;
    let environment = match &job.environment {
        Some(environment) => environment.name.clone(),
        None => step.input(connection).ok_or(RunnerError::EnvironmentMissing)?.to_owned(),
    };
    // A rejection waits for nothing and has no such input.
    let timeout = step.input("rolloutStatusTimeout").unwrap_or("0");
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
        strategy,
    })
}

fn by_comma(line: &str) -> Vec<String> {
    line.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
