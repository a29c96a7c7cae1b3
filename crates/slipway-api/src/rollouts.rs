//! One deployment from its first phase to its proof, and what follows when it fails.
//!
//! A phase is kept before it begins, so that whoever finds the deployment after a crash knows how far it
//! came (`recovery`). A failure after something was changed leads back to the last proven deployment, as a
//! deployment of its own. Deliberately not here: who may deploy when (`deploys`).

use std::time::Duration;

use slipway_core::{
    DeploymentEvidence, DeploymentId, DeploymentPhase, DeploymentReason, ErrorKind, LaunchProof,
    LogStream, Masker, ObjectRef, PushedImage, RolloutStrategy, RunResult, RunState, Tag,
    TargetKind,
};
use slipway_deploy::{
    AppliedDeployment, ApplyRequest, DEPLOYMENT_MARK, DeployError, DeployTarget, ENVIRONMENT_MARK,
    ObjectKey, Progress,
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
struct Teller<'a> {
    app: &'a App,
    id: &'a DeploymentId,
    along: Along<'a>,
}

impl Teller<'_> {
    async fn line(&self, text: &str) {
        self.keep(text).await;
        if let Some(step) = self.along.step {
            step.line(text).await;
        }
    }

    /// Lines for the deployment alone: what fails a step is told by the runner.
    async fn keep(&self, text: &str) {
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
struct Failure {
    error: ApiError,
    /// Something of the environment may be new.
    has_changed: bool,
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
        let teller = Teller { app: self, id: &row.id, along };
        let failure = match Box::pin(self.attempt(wanted, row, &teller)).await {
            Ok(evidence) => return Ok(evidence),
            Err(failure) => failure,
        };
        if self.shutdown.is_cancelled() {
            self.leave_open(row).await?;
            return Err(failure.error);
        }
        let Failure { mut error, has_changed } = failure;
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

    async fn attempt(
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
        self.enter(row, DeploymentPhase::Applying).await?;
        let applied = self.apply(wanted, row, request, &target, teller).await?;
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

    async fn apply(
        &self,
        wanted: &Wanted,
        row: &DeploymentRow,
        request: ApplyRequest,
        target: &DeployTarget,
        teller: &Teller<'_>,
    ) -> Result<AppliedDeployment, Failure> {
        let (telling, mut arriving) = mpsc::unbounded_channel();
        let listener = Listener(telling);
        let count = request.objects.len();
        let applying = async {
            let cancel = teller.along.cancel;
            let applied = match &wanted.strategy {
                None => Box::pin(target.apply(request, &listener, cancel)).await,
                Some(strategy) => {
                    Box::pin(target.apply_by(strategy, request, &listener, cancel)).await
                }
            };
            drop(listener);
            applied
        };
        let listening = async {
            let mut keys: Vec<ObjectRef> = Vec::new();
            let mut batch = Vec::new();
            while arriving.recv_many(&mut batch, AT_ONCE).await > 0 {
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

    /// Goes back to the last proven deployment; answers what was done in a sentence.
    async fn roll_back(
        &self,
        wanted: &Wanted,
        failed: &DeploymentRow,
        teller: &Teller<'_>,
    ) -> String {
        match self.try_roll_back(wanted, failed, teller).await {
            Ok(Some(row)) => format!(
                "Rolled back to commit {} ({}), which is proven to run again (deployment {}).",
                row.commit.short(),
                row.digest.short(),
                row.id
            ),
            Ok(None) => {
                "There is no earlier proven deployment to go back to: what was applied stays."
                    .to_owned()
            }
            Err(error) => {
                format!("Going back failed as well: {}", teller.along.masker.mask(&error.message))
            }
        }
    }

    async fn try_roll_back(
        &self,
        wanted: &Wanted,
        failed: &DeploymentRow,
        teller: &Teller<'_>,
    ) -> Result<Option<DeploymentRow>, ApiError> {
        let EnvironmentRow { project_id, name, .. } = &wanted.environment;
        let proven = self.store.last_proven_deployment(project_id, name, &failed.id).await?;
        let Some(proven) = proven else { return Ok(None) };
        teller.line(&format!("Going back to commit {}", proven.commit.short())).await;
        let reason = DeploymentReason::AutomaticRollback;
        let back = self.wanted_again(wanted.environment.clone(), &proven, reason).await?;
        let back = Wanted { rollback_of: Some(failed.id.clone()), has_rollback: false, ..back };
        let prepared = self.prepare(&back, teller.along.masker).await?;
        let image = back.main_image(&prepared.objects).cloned();
        let image = image.ok_or_else(|| ApiError::not_found("image", &proven.digest))?;
        let row = self.begin_deployment(&back, &image, Some(&prepared)).await?;
        self.store.set_rolled_back_by(&failed.id, &row.id).await?;
        self.finish_roll_back(&back, &row, teller.along).await?;
        Ok(Some(row))
    }

    /// Begins the rollback of a deployment whose rollback a crash kept from beginning.
    pub(crate) async fn roll_back_again(
        &self,
        wanted: &Wanted,
        failed: &DeploymentRow,
        along: Along<'_>,
    ) -> Result<(), ApiError> {
        let teller = Teller { app: self, id: &failed.id, along };
        let said = Box::pin(self.roll_back(wanted, failed, &teller)).await;
        if self.shutdown.is_cancelled() {
            return self.leave_open(failed).await;
        }
        teller.keep(&said).await;
        let signal = failed.signal.as_deref().unwrap_or("This deployment failed.");
        let error = ApiError::refused("rolled_back", format!("{signal}\n{said}"));
        self.fail_deployment(failed, &error).await
    }

    /// Carries a rollback out. Whatever cancelled the deployment does not cancel this.
    pub(crate) async fn finish_roll_back(
        &self,
        back: &Wanted,
        row: &DeploymentRow,
        along: Along<'_>,
    ) -> Result<(), ApiError> {
        let cancel = self.shutdown.child_token();
        let _going = self.shared.going_deployment(&row.id, &cancel);
        let along = Along { cancel: &cancel, ..along };
        let teller = Teller { app: self, id: &row.id, along };
        let attempt = Box::pin(self.attempt(back, row, &teller)).await;
        let Err(failure) = attempt else { return Ok(()) };
        if self.shutdown.is_cancelled() {
            self.leave_open(row).await?;
        } else {
            let mut error = failure.error.clone();
            error.message = along.masker.mask(&error.message);
            self.store.set_deployment_signal(&row.id, &error.message).await?;
            teller.keep(&error.message).await;
            self.fail_deployment(row, &error).await?;
        }
        Err(failure.error)
    }

    async fn enter(&self, row: &DeploymentRow, phase: DeploymentPhase) -> Result<(), ApiError> {
        self.store.set_deployment_phase(&row.id, phase).await?;
        self.changed(&[Tag::Deployment]);
        Ok(())
    }

    /// Slipway is closed: the next start takes the deployment up where its phase says.
    async fn leave_open(&self, row: &DeploymentRow) -> Result<(), ApiError> {
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
    // A local environment marks its containers itself.
    if target == TargetKind::Kubernetes {
        let whose = format!("{}/{}", row.project_id, row.environment);
        labels.push((ENVIRONMENT_MARK.to_owned(), whose));
    }
    labels
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
