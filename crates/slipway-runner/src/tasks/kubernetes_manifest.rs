//! `KubernetesManifest@1`, action deploy: reads the manifests and lets the house deploy them (§24.2).

use async_trait::async_trait;
use slipway_core::{EnvironmentName, RunResult};
use slipway_pipeline::catalog::{InputKind, TaskSpec};

use super::{Task, aliased, defaulted, optional, required};
use crate::error::{OnPath, RunnerError};
use crate::glob::find_files;
use crate::host::{DeployOrder, ManifestText};
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

static SPEC: TaskSpec = TaskSpec {
    name: "KubernetesManifest",
    version: 1,
    help: "Deploys Kubernetes manifests to the environment of the job.",
    inputs: &[
        defaulted(
            "action",
            InputKind::Pick(&[
                "bake",
                "createSecret",
                "delete",
                "deploy",
                "patch",
                "promote",
                "scale",
                "reject",
            ]),
            "deploy",
            "Only `deploy` is supported.",
        ),
        optional(
            "connectionType",
            InputKind::Pick(&["azureResourceManager", "kubernetesServiceConnection"]),
            "Accepted; the environment knows its cluster.",
        ),
        aliased(
            optional(
                "kubernetesServiceConnection",
                InputKind::Text,
                "Names the environment outside of deployment jobs.",
            ),
            &["kubernetesServiceEndpoint"],
        ),
        aliased(
            optional("azureSubscriptionConnection", InputKind::Text, "Accepted."),
            &["azureSubscriptionEndpoint"],
        ),
        optional("azureResourceGroup", InputKind::Text, "Accepted."),
        optional("kubernetesCluster", InputKind::Text, "Accepted."),
        optional("useClusterAdmin", InputKind::Boolean, "Accepted."),
        optional("namespace", InputKind::Text, "The environment's own if left out."),
        defaulted(
            "strategy",
            InputKind::Pick(&["canary", "none"]),
            "none",
            "Only `none` is supported.",
        ),
        required("manifests", InputKind::Lines, "Files or patterns, one a line."),
        optional("containers", InputKind::Lines, "Images to put into the manifests, one a line."),
        optional("imagePullSecrets", InputKind::Lines, "Not supported yet."),
        defaulted(
            "rolloutStatusTimeout",
            InputKind::Number,
            "0",
            "Seconds to wait for the rollout.",
        ),
        optional("resourceType", InputKind::Text, "Accepted."),
    ],
};

pub(crate) struct KubernetesManifest;

#[async_trait]
impl Task for KubernetesManifest {
    fn spec(&self) -> &'static TaskSpec {
        &SPEC
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
            .input("kubernetesServiceConnection")
            .ok_or(RunnerError::EnvironmentMissing)?
            .to_owned(),
    };
    let timeout = step.required("rolloutStatusTimeout")?;
    let timeout =
        timeout.parse().map_err(|_| step.invalid("rolloutStatusTimeout", "a number of seconds"))?;
    let pattern = step.required("manifests")?.to_owned();
    let lines: Vec<String> =
        step.lines("manifests").iter().flat_map(|line| by_comma(line)).collect();
    let folder = step.default_folder().to_owned();
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
