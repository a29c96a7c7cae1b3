//! One deployment from its first phase to its proof, and what follows when it fails.
//!
//! A phase is kept before it begins, so that whoever finds the deployment after a crash knows how far it
//! came (`recovery`). A failure after something was changed leads back to the last proven deployment
//! (`rollbacks`). Deliberately not here: who may deploy when (`deploys`).

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use slipway_core::{
    DeploymentEvidence, DeploymentId, DeploymentPhase, DeploymentReason, EnvironmentName,
    ErrorKind, LaunchProof, LogStream, Masker, ObjectRef, ProjectId, PushedImage, RolloutStrategy,
    RunResult, RunState, Tag, TargetKind,
};
use slipway_deploy::{
    AppliedDeployment, ApplyRequest, DEPLOYMENT_MARK, DeployError, DeployTarget, ENVIRONMENT_MARK,
    KubeTarget, ObjectKey, Progress, ResumeRequest,
};
use slipway_runner::StepLog;
use slipway_store::{DeploymentProgress, DeploymentRow, EnvironmentHoldRow, EnvironmentRow};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::error::ApiError;
use crate::wanted::{Prepared, Wanted};

/// As much of what a rollout tells is kept at once.
const AT_ONCE: usize = 256;

/// What goes along with a deployment.
#[derive(Clone, Copy)]
pub(crate) struct Along<'a> {
    /// The log of the step that deploys, if one does.
    pub(crate) step: Option<&'a dyn StepLog>,
    pub(crate) cancel: &'a CancellationToken,
    pub(crate) masker: &'a Masker,
}

/// Writes a deployment's log, and the step's beside it.
pub(crate) struct Teller<'a> {
    app: &'a App,
    id: &'a DeploymentId,
    pub(crate) along: Along<'a>,
    /// It waits for a cluster that is away, and its row says so.
    pub(crate) is_waiting: AtomicBool,
}

impl<'a> Teller<'a> {
    pub(crate) fn new(app: &'a App, id: &'a DeploymentId, along: Along<'a>) -> Self {
        Self { app, id, along, is_waiting: AtomicBool::new(false) }
    }

    pub(crate) async fn line(&self, text: &str) {
        self.keep(text).await;
        if let Some(step) = self.along.step {
            step.line(text).await;
        }
    }

    /// Lines for the deployment alone: what fails a step is told by the runner.
    pub(crate) async fn keep(&self, text: &str) {
        let (store, at) = (&self.app.store, self.app.now_ms());
        for line in self.along.masker.mask(text).lines() {
            if let Err(error) = store.add_deployment_line(self.id, at, line).await {
                tracing::warn!(%error, "a line of deployment {} is lost", self.id);
            }
        }
        if self.app.shared.may_tell_of_deployments(at) {
            self.app.changed(&[Tag::Deployment]);
        }
    }
}

/// Why a deployment did not come to its end.
pub(crate) struct Failure {
    pub(crate) error: ApiError,
    /// Something of the environment may be new.
    pub(crate) has_changed: bool,
}

impl<E: Into<ApiError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { error: error.into(), has_changed: false }
    }
}

/// What a rollout tells while it goes on.
enum Told {
    Line(String),
    Applied(ObjectKey),
}

struct Listener(mpsc::UnboundedSender<Told>);

/// What a target is to do.
enum Work<'a> {
    Apply(&'a DeployTarget, ApplyRequest, Option<&'a RolloutStrategy>),
    /// All of it was applied before a crash.
    Watch(&'a KubeTarget, ResumeRequest),
}

impl Work<'_> {
    fn count(&self) -> usize {
        match self {
            Self::Apply(_, request, _) => request.objects.len(),
            Self::Watch(_, request) => request.applied.len(),
        }
    }

    async fn carry_out(
        self,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<AppliedDeployment, DeployError> {
        match self {
            Self::Apply(target, request, None) => target.apply(request, progress, cancel).await,
            Self::Apply(target, request, Some(strategy)) => {
                target.apply_by(strategy, request, progress, cancel).await
            }
            Self::Watch(target, request) => target.resume(request, progress, cancel).await,
        }
    }
}

impl Progress for Listener {
    // The receiver lives as long as the rollout.
    fn line(&self, _: LogStream, text: String) {
        self.0.send(Told::Line(text)).ok();
    }

    fn applied(&self, key: &ObjectKey) {
        self.0.send(Told::Applied(key.clone())).ok();
    }
}

impl App {
    /// Carries a deployment out that was begun; the caller has the environment for itself.
    pub(crate) async fn roll_out(
        &self,
        wanted: &Wanted,
        row: &DeploymentRow,
        along: Along<'_>,
    ) -> Result<DeploymentEvidence, ApiError> {
        let cancel = along.cancel.child_token();
        let _going = self.shared.going_deployment(&row.id, &cancel);
        let along = Along { cancel: &cancel, ..along };
        let teller = Teller::new(self, &row.id, along);
        // One that is new fails where the cluster is away; one that a crash interrupted is not given up.
        let attempt = match row.phase {
            DeploymentPhase::Planning => Box::pin(self.attempt(wanted, row, &teller)).await,
            _ => Box::pin(self.attempt_until_answered(wanted, row, &teller)).await,
        };
        let failure = match attempt {
            Ok(evidence) => return Ok(evidence),
            Err(failure) => failure,
        };
        if self.shutdown.is_cancelled() {
            self.leave_open(row).await?;
            return Err(failure.error);
        }
        let Failure { mut error, has_changed } = failure;
        let has_changed = has_changed || row.phase != DeploymentPhase::Planning;
        error.message = along.masker.mask(&error.message);
        self.store.set_deployment_signal(&row.id, &error.message).await?;
        teller.keep(&error.message).await;
        if has_changed && wanted.has_rollback && row.reason != DeploymentReason::AutomaticRollback {
            self.enter(row, DeploymentPhase::RollingBack).await?;
            Box::pin(self.withdraw_failed(wanted, row, along)).await;
            let said = Box::pin(self.roll_back(wanted, row, &teller)).await;
            if self.shutdown.is_cancelled() {
                self.leave_open(row).await?;
                return Err(error);
            }
            teller.keep(&said).await;
            error.message = format!("{}\n{said}", error.message);
        }
        self.fail_deployment(row, &error).await?;
        Err(error)
    }

    pub(crate) async fn attempt(
        &self,
        wanted: &Wanted,
        row: &DeploymentRow,
        teller: &Teller<'_>,
    ) -> Result<DeploymentEvidence, Failure> {
        teller
            .line(&format!("Deploying {} to environment {}", row.image, wanted.environment.name))
            .await;
        let prepared = self.prepare(wanted, teller.along.masker).await?;
        let target = self.target(&wanted.environment).await?;
        let request = self.request(wanted, prepared, &labels(row, target.kind()), &target).await?;
        let applied = match self.watch_again(wanted, row, &request, &target, teller).await? {
            Some(applied) => applied,
            None => {
                self.enter(row, DeploymentPhase::Applying).await?;
                let work = Work::Apply(&target, request, wanted.strategy.as_ref());
                self.work(row, work, teller).await?
            }
        };
        self.enter(row, DeploymentPhase::Proving).await?;
        let keys: Vec<ObjectRef> = applied.applied.iter().map(object_ref).collect();
        self.store.set_deployment_applied(&row.id, &keys).await?;
        let finished = self.finish(wanted, row, applied, &target, teller).await;
        finished.map_err(|error| Failure { error, has_changed: true })
    }

    /// What a target is asked for.
    pub(crate) async fn request(
        &self,
        wanted: &Wanted,
        prepared: Prepared,
        labels: &[(String, String)],
        target: &DeployTarget,
    ) -> Result<ApplyRequest, ApiError> {
        let mut prune = match wanted.strategy {
            // What is beside leaves what runs as it is.
            Some(strategy) if strategy.is_beside() => Vec::new(),
            _ if wanted.is_pruning => self.applied_before(wanted).await?,
            _ => Vec::new(),
        };
        prune.extend(self.replaced_companions(wanted).await?);
        Ok(ApplyRequest {
            objects: prepared.objects,
            images: wanted.images.clone(),
            env_injected: self.telemetry_environment(&wanted.environment, target).await?,
            labels: labels.to_vec(),
            rollout_timeout: Duration::from_secs(wanted.rollout_seconds.into()),
            registry_pull: true,
            prune,
        })
    }

    /// What the environment's current deployment applied.
    pub(crate) async fn applied_before(&self, wanted: &Wanted) -> Result<Vec<ObjectKey>, ApiError> {
        let EnvironmentRow { project_id, name, .. } = &wanted.environment;
        let current = self.store.current_deployment(project_id, name).await?;
        let applied = current.map(|row| row.applied).unwrap_or_default();
        Ok(applied.into_iter().map(object_key).collect())
    }

    /// What was applied to its end before a crash is watched; none if it has to be applied.
    async fn watch_again(
        &self,
        wanted: &Wanted,
        row: &DeploymentRow,
        request: &ApplyRequest,
        target: &DeployTarget,
        teller: &Teller<'_>,
    ) -> Result<Option<AppliedDeployment>, Failure> {
        let was_applied = matches!(row.phase, DeploymentPhase::Watching | DeploymentPhase::Proving);
        let DeployTarget::Kubernetes(cluster) = target else { return Ok(None) };
        // Where a strategy had more steps to come, what was applied is not all of it.
        if !was_applied || row.applied.is_empty() || wanted.strategy.is_some() {
            return Ok(None);
        }
        let again = ResumeRequest {
            applied: row.applied.iter().cloned().map(object_key).collect(),
            labels: request.labels.clone(),
            rollout_timeout: request.rollout_timeout,
            prune: request.prune.clone(),
        };
        match self.work(row, Work::Watch(cluster, again), teller).await {
            Ok(applied) => Ok(Some(applied)),
            Err(failure) if failure.error.code == "not_as_applied" => {
                teller.line(&format!("{} All is applied again.", failure.error.message)).await;
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    async fn work(
        &self,
        row: &DeploymentRow,
        work: Work<'_>,
        teller: &Teller<'_>,
    ) -> Result<AppliedDeployment, Failure> {
        let (telling, mut arriving) = mpsc::unbounded_channel();
        let listener = Listener(telling);
        let count = work.count();
        let applying = async {
            let applied = Box::pin(work.carry_out(&listener, teller.along.cancel)).await;
            drop(listener);
            applied
        };
        let listening = async {
            let mut keys: Vec<ObjectRef> = Vec::new();
            let mut batch = Vec::new();
            while arriving.recv_many(&mut batch, AT_ONCE).await > 0 {
                self.answers_again(row, teller).await?;
                let known = keys.len();
                for told in batch.drain(..) {
                    match told {
                        Told::Line(text) => teller.line(&text).await,
                        Told::Applied(key) => keys.push(object_ref(&key)),
                    }
                }
                if keys.len() > known {
                    self.store.set_deployment_applied(&row.id, &keys).await?;
                    if keys.len() == count {
                        self.enter(row, DeploymentPhase::Watching).await?;
                    }
                }
            }
            Ok::<_, ApiError>(!keys.is_empty())
        };
        let (applied, has_applied) = tokio::join!(applying, listening);
        let has_applied = has_applied?;
        match applied {
            Ok(applied) => {
                for note in &applied.notes {
                    teller.line(note).await;
                }
                Ok(applied)
            }
            Err(error) => {
                let is_rollout = matches!(error, DeployError::NotReady { .. });
                let error = told(error, teller).await;
                Err(Failure { error, has_changed: has_applied || is_rollout })
            }
        }
    }

    async fn finish(
        &self,
        wanted: &Wanted,
        row: &DeploymentRow,
        applied: AppliedDeployment,
        target: &DeployTarget,
        teller: &Teller<'_>,
    ) -> Result<DeploymentEvidence, ApiError> {
        let main = wanted.images.iter().find(|image| image.digest == row.digest);
        let main = main.ok_or_else(|| ApiError::not_found("image", &row.digest))?;
        let mut proof = self.prove(target, main, &applied).await?;
        for other in wanted.images.iter().filter(|other| other.digest != main.digest) {
            if proof.is_proven && !applied.pods_of(&other.digest).is_empty() {
                let of_other = self.prove(target, other, &applied).await?;
                proof.statement = format!("{} {}", proof.statement, of_other.statement);
                proof.is_proven = of_other.is_proven;
            }
        }
        self.store.set_deployment_proof(&row.id, &proof).await?;
        teller.line(&proof.statement).await;
        if !proof.is_proven {
            return Err(ApiError::refused("not_proven", proof.statement)
                .with_hint("Something else than the pushed image runs: look at the pods."));
        }
        let finished_at = self.now_ms();
        let first = applied.workloads.first();
        let workload = first.map(|workload| workload.name.clone()).unwrap_or_default();
        let url = applied.url().map(str::to_owned);
        if !wanted.strategy.is_some_and(RolloutStrategy::is_beside) {
            self.set_hold(wanted, row).await?;
        }
        let progress = DeploymentProgress {
            state: RunState::Completed,
            result: Some(RunResult::Succeeded),
            workload: workload.clone(),
            finished_at: Some(finished_at),
            url: url.clone(),
            issue: None,
        };
        if wanted.strategy.is_some_and(RolloutStrategy::is_beside) {
            self.store.park_deployment(&row.id, &progress).await?;
            teller.line(&self.waiting_line(wanted)).await;
        } else {
            self.store.end_deployment(&row.id, &progress, true).await?;
            self.promoted(wanted, row).await?;
        }
        self.drift_unknown(&row.project_id, &row.environment);
        self.changed(&[Tag::Deployment, Tag::Environment, Tag::Image, Tag::Thread]);
        Ok(DeploymentEvidence {
            deployment_id: row.id.clone(),
            environment: row.environment.clone(),
            digest: row.digest.clone(),
            workload,
            url,
            finished_at,
        })
    }

    /// A rollback by hand holds automatic deployments; another deployment by hand lifts that.
    async fn set_hold(&self, wanted: &Wanted, row: &DeploymentRow) -> Result<(), ApiError> {
        let EnvironmentRow { project_id, name, .. } = &wanted.environment;
        match row.reason {
            DeploymentReason::Rollback => {
                let hold = EnvironmentHoldRow {
                    project_id: project_id.clone(),
                    environment: name.clone(),
                    deployment_id: row.id.clone(),
                    since: self.now_ms(),
                    reason: format!(
                        "Somebody rolled it back to commit {} ({}).",
                        row.commit.short(),
                        row.digest.short()
                    ),
                };
                self.store.put_environment_hold(&hold).await?;
            }
            DeploymentReason::Deploy | DeploymentReason::Promote => {
                self.store.remove_environment_hold(project_id, name).await?;
            }
            DeploymentReason::Run | DeploymentReason::AutomaticRollback => {}
        }
        Ok(())
    }

    /// Compares what every pod of the image runs with what was pushed; one that differs is the answer.
    async fn prove(
        &self,
        target: &DeployTarget,
        image: &PushedImage,
        applied: &AppliedDeployment,
    ) -> Result<LaunchProof, ApiError> {
        let mut proofs = Vec::new();
        for pod in applied.pods_of(&image.digest) {
            let mut proof = match target.prove(pod, image).await {
                Ok(proof) => proof,
                // Pods come and go; whoever takes its place has the same image.
                Err(DeployError::PodMissing { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            // The engine knows the container by a longer name than the one a pod goes by.
            proof.pod = pod.to_owned();
            proof.checked_at = self.now_ms();
            if !proof.is_proven {
                return Ok(proof);
            }
            proofs.push(proof);
        }
        let count = proofs.len();
        let Some(mut proof) = proofs.into_iter().next() else {
            return Err(ApiError::refused("no_pod", "No pod of this deployment is running."));
        };
        if count > 1 {
            proof.statement = format!("{} All {count} pods run it.", proof.statement);
        }
        Ok(proof)
    }

    pub(crate) async fn enter(
        &self,
        row: &DeploymentRow,
        phase: DeploymentPhase,
    ) -> Result<(), ApiError> {
        self.store.set_deployment_phase(&row.id, phase).await?;
        self.changed(&[Tag::Deployment]);
        Ok(())
    }

    /// Slipway is closed: the next start takes the deployment up where its phase says.
    pub(crate) async fn leave_open(&self, row: &DeploymentRow) -> Result<(), ApiError> {
        let progress = DeploymentProgress {
            state: RunState::Completed,
            result: Some(RunResult::Interrupted),
            workload: row.workload.clone(),
            finished_at: Some(self.now_ms()),
            url: None,
            issue: Some("Slipway was closed during this deployment.".to_owned()),
        };
        Ok(self.store.set_deployment_progress(&row.id, &progress).await?)
    }

    /// Ends a deployment that failed.
    pub(crate) async fn fail_deployment(
        &self,
        row: &DeploymentRow,
        error: &ApiError,
    ) -> Result<(), ApiError> {
        let progress = DeploymentProgress {
            state: RunState::Completed,
            result: Some(match error.kind {
                ErrorKind::Cancelled => RunResult::Canceled,
                _ => RunResult::Failed,
            }),
            workload: row.workload.clone(),
            finished_at: Some(self.now_ms()),
            url: None,
            issue: Some(error.message.clone()),
        };
        self.store.end_deployment(&row.id, &progress, false).await?;
        self.drift_unknown(&row.project_id, &row.environment);
        self.changed(&[Tag::Deployment, Tag::Environment, Tag::Thread]);
        Ok(())
    }
}

/// What is written on every object of a deployment.
pub(crate) fn labels(row: &DeploymentRow, target: TargetKind) -> Vec<(String, String)> {
    let mut labels = vec![
        ("dev.slipway.run".to_owned(), row.run_id.to_string()),
        ("dev.slipway.commit".to_owned(), row.commit.to_string()),
        (DEPLOYMENT_MARK.to_owned(), row.id.to_string()),
    ];
    labels.extend(whose(&row.project_id, &row.environment, target));
    labels
}

/// The mark by which an object is an environment's own. A local environment marks its containers itself.
pub(crate) fn whose(
    project: &ProjectId,
    environment: &EnvironmentName,
    target: TargetKind,
) -> Option<(String, String)> {
    let is_marked = target == TargetKind::Kubernetes;
    is_marked.then(|| (ENVIRONMENT_MARK.to_owned(), format!("{project}/{environment}")))
}

fn object_ref(key: &ObjectKey) -> ObjectRef {
    ObjectRef {
        api_version: key.api_version.clone(),
        kind: key.kind.clone(),
        name: key.name.clone(),
        namespace: key.namespace.clone(),
    }
}

/// The key of an object that was kept.
pub(crate) fn object_key(kept: ObjectRef) -> ObjectKey {
    let ObjectRef { api_version, kind, name, namespace } = kept;
    ObjectKey { api_version, kind, namespace, name }
}

/// A failed rollout with the last lines of the pod that failed, in the log and in the error, masked.
async fn told(error: DeployError, teller: &Teller<'_>) -> ApiError {
    let last_lines = match &error {
        DeployError::NotReady { last_lines, .. } => last_lines.clone(),
        _ => Vec::new(),
    };
    let mut error = ApiError::from(error);
    if !last_lines.is_empty() {
        let masker = teller.along.masker;
        let masked: Vec<_> = last_lines.iter().map(|line| masker.mask(line)).collect();
        error.message = format!("{}\n{}", error.message, masked.join("\n"));
    }
    error
}
