//! What a run asks of the house: registries, environments, deployments, sources.
//!
//! `slipway-api` implements [`RunHost`]; tests implement it in memory. Deliberately not here: git,
//! Kubernetes and OCI clients, which belong to other stages.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use slipway_core::{
    Check, CheckedOut, DeploymentEvidence, EnvironmentName, ErrorKind, Explain, PushedImage,
    RecordId, RolloutStrategy, RunEvidence,
};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::checks::{Decision, ExclusiveLocks, Question};
use crate::repositories::{CheckoutOrder, RepositoryAt, WantedRepository};

/// What only the house can do for a run.
#[async_trait]
pub trait RunHost: Send + Sync {
    /// The registry behind a service connection.
    async fn container_registry(
        &self,
        service_connection: &str,
    ) -> Result<RegistryTarget, HostError>;

    /// The image that the registry now holds under these tags; its digest is read back from there.
    async fn pushed_image(
        &self,
        address: &str,
        repository: &str,
        tags: Vec<String>,
    ) -> Result<PushedImage, HostError>;

    /// An environment and its variables; made on first use.
    async fn environment(&self, name: &str) -> Result<EnvironmentFacts, HostError>;

    /// The cluster behind an environment, for tools that talk to it by themselves.
    async fn cluster(&self, environment: &str) -> Result<ClusterTarget, HostError>;

    /// Deploys and waits until the rollout has ended.
    async fn deploy(
        &self,
        order: DeployOrder,
        log: &dyn StepLog,
        cancel: &CancellationToken,
    ) -> Result<DeploymentEvidence, HostError>;

    /// Takes away what an earlier step of the strategy put beside what runs.
    async fn reject(
        &self,
        order: DeployOrder,
        log: &dyn StepLog,
        cancel: &CancellationToken,
    ) -> Result<(), HostError>;

    /// The next number of a prefix in this pipeline: the seed the first time, then one more each time.
    async fn counter(&self, prefix: &str, seed: i64) -> Result<i64, HostError>;

    /// Puts the files of a commit into a folder. What is not on this machine is told, not an error.
    async fn checkout(&self, order: &CheckoutOrder) -> Result<CheckedOut, HostError>;

    /// The folder of another repository and its commit at the wanted ref. An error says how to map it.
    async fn repository(&self, wanted: &WantedRepository) -> Result<RepositoryAt, HostError> {
        Err(HostError::not_mapped(wanted))
    }

    /// The run that is wanted.
    async fn run_of(&self, wanted: &WantedRun) -> Result<RunOfPipeline, HostError>;

    /// Where the artifacts of another run lie.
    async fn artifacts_of(&self, wanted: &WantedRun) -> Result<ArtifactsOfRun, HostError>;

    /// The variables of a group, secrets with their values.
    async fn variable_group(&self, name: &str) -> Result<Vec<GroupVariable>, HostError>;

    /// Writes a secure file into a folder, readable by its owner alone; answers its path. Whoever asks
    /// removes it.
    async fn secure_file(&self, name: &str, into: &Path) -> Result<PathBuf, HostError>;

    /// The targets that an environment lists; with none, this machine is the only one. Makes nothing.
    async fn environment_targets(&self, _name: &str) -> Result<Vec<EnvironmentTarget>, HostError> {
        Ok(Vec::new())
    }

    /// What must hold before a stage uses an environment. Makes nothing.
    async fn checks(&self, _environment: &str) -> Result<Vec<Check>, HostError> {
        Ok(Vec::new())
    }

    /// Asks people and waits for what they decide; `withdraw` ends the waiting.
    async fn ask(
        &self,
        question: Question,
        _withdraw: &CancellationToken,
    ) -> Result<Decision, HostError> {
        Err(HostError {
            kind: ErrorKind::Refused,
            message: format!("Nobody can be asked about {}.", question.subject),
            hint: None,
        })
    }

    /// The exclusive locks of the project's environments, the same for all of its runs.
    fn locks(&self) -> Arc<ExclusiveLocks> {
        Arc::default()
    }

    /// Slots that several runs share; without any the run has its own.
    fn job_slots(&self) -> Option<Arc<Semaphore>> {
        None
    }
}

/// A machine, or what plays one, in an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentTarget {
    pub name: String,
    pub tags: Vec<String>,
}

/// A run that a step wants artifacts of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedRun {
    /// This run's own if left out.
    pub project: Option<String>,
    /// A name or number; this run's own if left out.
    pub pipeline: Option<String>,
    pub choice: RunChoice,
    /// It must have all of them.
    pub tags: Vec<String>,
    pub allows_partially_succeeded: bool,
    pub allows_failed: bool,
}

/// Which run of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunChoice {
    Latest,
    LatestFromBranch(String),
    /// By its id or its number.
    Run(String),
}

/// A run of some pipeline on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunOfPipeline {
    pub project: String,
    pub project_id: String,
    pub pipeline: String,
    /// By which it is found again.
    pub run_id: String,
    pub build_id: u32,
    pub number: String,
    pub branch: String,
    pub commit: String,
}

/// A run and its artifacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactsOfRun {
    pub pipeline: String,
    pub build_id: u32,
    pub number: String,
    /// By name, and the folder that holds it.
    pub artifacts: Vec<(String, PathBuf)>,
}

/// Where a step may write while the host works for it.
#[async_trait]
pub trait StepLog: Send + Sync {
    /// A plain line.
    async fn line(&self, text: &str);
    /// A line that counts as a warning of the step.
    async fn warning(&self, text: &str);
}

/// A registry that can be pushed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryTarget {
    /// Host and port, such as `127.0.0.1:5210`.
    pub address: String,
    pub is_plain_http: bool,
}

/// A variable of a variable group.
#[derive(Clone, PartialEq, Eq)]
pub struct GroupVariable {
    pub name: String,
    pub value: String,
    pub is_secret: bool,
}

impl std::fmt::Debug for GroupVariable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = if self.is_secret { "***" } else { &self.value };
        formatter
            .debug_struct("GroupVariable")
            .field("name", &self.name)
            .field("value", &value)
            .finish()
    }
}

/// A Kubernetes namespace as kubectl and helm address it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterTarget {
    /// The user's own if left out.
    pub kubeconfig: Option<PathBuf>,
    pub context: String,
    pub namespace: String,
}

/// What a deployment job knows of its environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentFacts {
    pub name: String,
    pub variables: Vec<(String, String)>,
}

/// A manifest file as it is on disk, macros and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestText {
    pub path: String,
    pub text: String,
}

/// A deployment that a step asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployOrder {
    pub environment: EnvironmentName,
    /// The environment's own if left out.
    pub namespace: Option<String>,
    pub manifests: Vec<ManifestText>,
    /// The lines of `containers:`, as written.
    pub images: Vec<String>,
    pub run: RunEvidence,
    /// 0 means that nothing was said.
    pub rollout_timeout_seconds: u32,
    /// The record of the step that deploys.
    pub step: RecordId,
    /// None rolls the pods one after the other.
    pub strategy: Option<RolloutStrategy>,
}

/// What the house answers when it cannot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HostError {
    pub kind: ErrorKind,
    pub message: String,
    pub hint: Option<String>,
}

impl HostError {
    /// Nobody said where the repository lies on this machine.
    pub fn not_mapped(wanted: &WantedRepository) -> Self {
        let name = wanted.shown();
        Self {
            kind: ErrorKind::Refused,
            message: format!("The repository {name} is not mapped to a folder of this machine."),
            hint: Some(how_to_map(name)),
        }
    }
}

/// What to do about a repository that is not mapped.
pub(crate) fn how_to_map(name: &str) -> String {
    format!(
        "Clone it to this machine and map it to its folder: Pipeline, Repositories; in a terminal: \
         --repository {name}=FOLDER."
    )
}

impl Explain for HostError {
    fn kind(&self) -> ErrorKind {
        self.kind
    }

    fn code(&self) -> &'static str {
        "host"
    }

    fn hint(&self) -> Option<String> {
        self.hint.clone()
    }
}
