//! What only the house can do for a run: its registry, its environments, its repositories.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use slipway_core::{
    Check, CheckedOut, DeploymentEvidence, EnvironmentName, ErrorKind, Explain, Masker, PushedImage,
};
use slipway_runner::{
    ArtifactsOfRun, CheckoutOrder, ClusterTarget, Decision, DeployOrder, EnvironmentFacts,
    EnvironmentTarget, ExclusiveLocks, GroupVariable, HostError, Question, RegistryTarget,
    RepositoryAt, RunHost, RunOfPipeline, StepLog, WantedRepository, WantedRun,
};
use slipway_store::{EnvironmentCheckRow, EnvironmentRow, ProjectRow, RunRow};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::deploys::Rollout;
use crate::error::ApiError;
use crate::projects::LOCAL;
use crate::repositories::{self, Repositories};

/// The house as one run sees it.
pub(crate) struct HouseHost {
    app: Arc<App>,
    project: ProjectRow,
    run: RunRow,
    masker: Arc<Masker>,
}

impl HouseHost {
    pub(crate) fn new(
        app: Arc<App>,
        project: ProjectRow,
        run: RunRow,
        masker: Arc<Masker>,
    ) -> Self {
        Self { app, project, run, masker }
    }
}

pub(crate) fn host_error(error: ApiError) -> HostError {
    HostError { kind: error.kind, message: error.message, hint: error.hint }
}

pub(crate) fn explained(error: impl Explain) -> HostError {
    HostError { kind: error.kind(), message: error.to_string(), hint: error.hint() }
}

/// Git blocks.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HostError> + Send + 'static,
) -> Result<T, HostError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| HostError {
        kind: ErrorKind::Bug,
        message: format!("The checkout broke: {error}."),
        hint: None,
    })?
}

#[async_trait]
impl RunHost for HouseHost {
    async fn container_registry(
        &self,
        service_connection: &str,
    ) -> Result<RegistryTarget, HostError> {
        let name = service_connection.trim();
        if !name.is_empty() && !name.eq_ignore_ascii_case(LOCAL) {
            return Err(HostError {
                kind: ErrorKind::UserInput,
                message: format!(
                    "There is no service connection '{name}' for a container registry."
                ),
                hint: Some("Use `local`, Slipway's own registry.".to_owned()),
            });
        }
        let address = self.app.machine.registry_address().await.map_err(host_error)?;
        Ok(RegistryTarget { address, is_plain_http: true })
    }

    async fn pushed_image(
        &self,
        address: &str,
        repository: &str,
        tags: Vec<String>,
    ) -> Result<PushedImage, HostError> {
        let registry = self.app.machine.registry().await.map_err(host_error)?;
        let Some(tag) = tags.first() else {
            return Err(HostError {
                kind: ErrorKind::UserInput,
                message: format!("The image {repository} was pushed without a tag."),
                hint: Some("Name at least one tag in the task's `tags`.".to_owned()),
            });
        };
        let manifest = registry.manifest(repository, tag).await.map_err(explained)?;
        let config_digest = manifest.config_digest.clone().ok_or_else(|| HostError {
            kind: ErrorKind::Refused,
            message: format!("{address}/{repository}:{tag} is an index of several images."),
            hint: Some("Push one image for this machine's platform.".to_owned()),
        })?;
        Ok(PushedImage {
            registry: address.to_owned(),
            repository: repository.to_owned(),
            tags,
            digest: manifest.digest.clone(),
            config_digest,
            media_type: manifest.media_type.clone(),
            size_bytes: manifest.size_bytes,
            pushed_at: self.app.now_ms(),
        })
    }

    async fn environment(&self, name: &str) -> Result<EnvironmentFacts, HostError> {
        let environment = self
            .app
            .environment(&self.project, &EnvironmentName::new(name))
            .await
            .map_err(host_error)?;
        Ok(EnvironmentFacts {
            name: environment.name.to_string(),
            variables: environment.variables,
        })
    }

    async fn cluster(&self, environment: &str) -> Result<ClusterTarget, HostError> {
        let name = EnvironmentName::new(environment);
        let known = self.app.store.environment(&self.project.id, &name).await;
        let known = known.map_err(|error| host_error(error.into()))?;
        match known {
            Some(known) if crate::azure::is_of_azure(&known.context) => Err(HostError {
                kind: ErrorKind::UserInput,
                message: format!(
                    "kubectl and helm have no way into '{}': Slipway signs in to it by itself.",
                    known.context
                ),
                hint: Some(
                    "Deploy to it with KubernetesManifest@1, or run `az aks get-credentials` and \
                     give the environment the context that it writes."
                        .to_owned(),
                ),
            }),
            Some(known) if known.target == slipway_core::TargetKind::Kubernetes => {
                Ok(ClusterTarget {
                    kubeconfig: self.app.options.kubeconfig.clone(),
                    context: known.context,
                    namespace: known.namespace,
                })
            }
            Some(_) => Err(HostError {
                kind: ErrorKind::UserInput,
                message: format!(
                    "The environment '{environment}' is on this machine, not in a cluster."
                ),
                hint: Some(
                    "Deploy to it with KubernetesManifest@1, or give it a context.".to_owned(),
                ),
            }),
            None => Err(HostError {
                kind: ErrorKind::UserInput,
                message: format!("There is no environment '{environment}' with a cluster."),
                hint: Some(
                    "Make it under Environments and name a context of your kubeconfig.".to_owned(),
                ),
            }),
        }
    }

    async fn deploy(
        &self,
        order: DeployOrder,
        log: &dyn StepLog,
        cancel: &CancellationToken,
    ) -> Result<DeploymentEvidence, HostError> {
        let rollout = Rollout { order, log, cancel, masker: &self.masker };
        self.app.deploy(&self.project, &self.run, rollout).await.map_err(host_error)
    }

    async fn reject(
        &self,
        order: DeployOrder,
        log: &dyn StepLog,
        cancel: &CancellationToken,
    ) -> Result<(), HostError> {
        let rollout = Rollout { order, log, cancel, masker: &self.masker };
        self.app.reject(&self.project, &self.run, rollout).await.map_err(host_error)
    }

    async fn counter(&self, prefix: &str, seed: i64) -> Result<i64, HostError> {
        let store = &self.app.store;
        let before = self.app.counted_before(&self.run.id, prefix).await.map_err(explained)?;
        let value = match before {
            Some(value) => value,
            None => store.next_counter(&self.project.id, prefix, seed).await.map_err(explained)?,
        };
        store.put_run_counter(&self.run.id, prefix, value).await.map_err(explained)?;
        Ok(value)
    }

    async fn checkout(&self, order: &CheckoutOrder) -> Result<CheckedOut, HostError> {
        let order = order.clone();
        apart(move || repositories::check_out(&order)).await
    }

    async fn repository(&self, wanted: &WantedRepository) -> Result<RepositoryAt, HostError> {
        let known = self.app.store.repository_mappings(&self.project.id).await;
        let known = Repositories::of_rows(known.map_err(explained)?);
        let wanted = wanted.clone();
        apart(move || known.at(&wanted)).await
    }

    async fn run_of(&self, wanted: &WantedRun) -> Result<RunOfPipeline, HostError> {
        self.app.run_of(&self.project, &self.run, wanted).await.map_err(host_error)
    }

    async fn artifacts_of(&self, wanted: &WantedRun) -> Result<ArtifactsOfRun, HostError> {
        self.app.artifacts_of(&self.project, &self.run, wanted).await.map_err(host_error)
    }

    async fn variable_group(&self, name: &str) -> Result<Vec<GroupVariable>, HostError> {
        let variables = self.app.group_variables(&self.project.id, name).await;
        variables.map_err(host_error)
    }

    async fn secure_file(&self, name: &str, into: &Path) -> Result<PathBuf, HostError> {
        self.app.secure_file_into(&self.project.id, name, into).await.map_err(host_error)
    }

    async fn environment_targets(&self, name: &str) -> Result<Vec<EnvironmentTarget>, HostError> {
        let row = self.app.environment_checks(&self.project, name).await?;
        let targets = row.map(|row| row.targets).unwrap_or_default().into_iter();
        Ok(targets.map(|it| EnvironmentTarget { name: it.name, tags: it.tags }).collect())
    }

    async fn checks(&self, environment: &str) -> Result<Vec<Check>, HostError> {
        let row = self.app.environment_checks(&self.project, environment).await?;
        Ok(row.map(|row| row.checks).unwrap_or_default())
    }

    async fn ask(
        &self,
        question: Question,
        withdraw: &CancellationToken,
    ) -> Result<Decision, HostError> {
        self.app.ask(&self.run, question, withdraw).await.map_err(host_error)
    }

    fn locks(&self) -> Arc<ExclusiveLocks> {
        self.app.shared.locks(&self.project.id)
    }

    fn job_slots(&self) -> Option<Arc<Semaphore>> {
        Some(Arc::clone(&self.app.shared.job_slots))
    }
}

impl App {
    async fn environment_checks(
        &self,
        project: &ProjectRow,
        environment: &str,
    ) -> Result<Option<EnvironmentCheckRow>, HostError> {
        let name = EnvironmentName::new(environment.trim());
        self.store.environment_checks(&project.id, &name).await.map_err(explained)
    }

    /// An environment, made as a local one when the pipeline names a new one, as Azure does.
    pub(crate) async fn environment(
        &self,
        project: &ProjectRow,
        name: &EnvironmentName,
    ) -> Result<EnvironmentRow, ApiError> {
        if let Some(known) = self.store.environment(&project.id, name).await? {
            return Ok(known);
        }
        let environment = EnvironmentRow {
            project_id: project.id.clone(),
            name: name.clone(),
            target: slipway_core::TargetKind::Local,
            context: String::new(),
            namespace: "default".to_owned(),
            variables: Vec::new(),
        };
        self.store.put_environment(&environment).await?;
        Ok(environment)
    }
}
