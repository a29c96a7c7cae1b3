//! `KubernetesManifest@1`, action deploy: reads the manifests and lets the house deploy them (§24.2).

use async_trait::async_trait;
use slipway_core::{EnvironmentName, RunResult};
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::error::{OnPath, RunnerError};
use crate::glob::find_files;
use crate::host::{DeployOrder, ManifestText};
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

pub(crate) struct KubernetesManifest;

#[async_trait]
impl Task for KubernetesManifest {
    fn spec(&self) -> &'static TaskSpec {
        &table::KUBERNETES_MANIFEST_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        refuse(step, "action", "deploy")?;
        refuse(step, "strategy", "none")?;
        if step.input("imagePullSecrets").is_some() {
            step.warning("The input 'imagePullSecrets' is not supported yet and is ignored.").await;
        }
        let order = order(step).await?;
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
}

fn refuse(step: &StepScope, input: &str, only: &str) -> Result<(), RunnerError> {
    match step.input(input) {
        Some(value) if !value.eq_ignore_ascii_case(only) => Err(RunnerError::NotSupported {
            feature: format!("`{input}: {value}` of KubernetesManifest@1"),
            instead: format!("Use `{input}: {only}`."),
        }),
        _ => Ok(()),
    }
}

async fn order(step: &StepScope) -> Result<DeployOrder, RunnerError> {
    let job = &step.job;
    let environment = match &job.environment {
        Some(environment) => environment.name.clone(),
        None => step
            .input("kubernetesServiceEndpoint")
            .ok_or(RunnerError::EnvironmentMissing)?
            .to_owned(),
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
