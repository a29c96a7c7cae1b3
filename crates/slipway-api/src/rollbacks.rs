//! Back to what was proven, after a deployment failed that had changed something.
//!
//! A rollback is a deployment of its own. Where the cluster is away it waits, says so on the board, and goes
//! on when the cluster is back: it is over when it was seen to be. Deliberately not here: how a deployment is
//! carried out (`rollouts`), and taking one up after a crash (`recovery`).

use std::sync::atomic::Ordering;
use std::time::Duration;

use slipway_core::{DeploymentEvidence, DeploymentReason, ErrorKind, Tag};
use slipway_store::{DeploymentRow, EnvironmentRow};

use crate::app::App;
use crate::error::ApiError;
use crate::rollouts::{Along, Failure, Teller};
use crate::wanted::Wanted;

/// How long until a cluster that is away is asked again: soon at first, then less and less.
const ASK_FIRST: Duration = Duration::from_millis(500);
const ASK_LAST: Duration = Duration::from_secs(30);

/// The next try may succeed, without anybody changing the deployment.
fn is_away(error: &ApiError) -> bool {
    match error.code.as_str() {
        "cluster_unreachable" | "sign_in_needed" => true,
        "cluster_refused" => error.kind == ErrorKind::Unavailable,
        _ => false,
    }
}

impl App {
    /// Tries until the cluster answers, or somebody cancels.
    pub(crate) async fn attempt_until_answered(
        &self,
        wanted: &Wanted,
        row: &DeploymentRow,
        teller: &Teller<'_>,
    ) -> Result<DeploymentEvidence, Failure> {
        let mut pause = ASK_FIRST;
        loop {
            let failure = match Box::pin(self.attempt(wanted, row, teller)).await {
                Err(failure) if is_away(&failure.error) => failure,
                ended => return ended,
            };
            if !teller.is_waiting.swap(true, Ordering::SeqCst) {
                pause = ASK_FIRST;
                let waits = format!("Waiting for the cluster: {}", failure.error.message);
                let waits = teller.along.masker.mask(&waits);
                teller.line(&waits).await;
                self.store.set_deployment_waiting(&row.id, Some(&waits)).await?;
                self.changed(&[Tag::Deployment]);
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(ASK_LAST),
                () = teller.along.cancel.cancelled() => {
                    let text =
                        format!("Cancelled while waiting: {}", failure.error.message);
                    let error = ApiError::new(ErrorKind::Cancelled, "cancelled", text);
                    return Err(Failure { error, has_changed: failure.has_changed });
                }
            }
        }
    }

    /// The target has said something: it is not waited for any more.
    pub(crate) async fn answers_again(
        &self,
        row: &DeploymentRow,
        teller: &Teller<'_>,
    ) -> Result<(), ApiError> {
        if teller.is_waiting.swap(false, Ordering::SeqCst) {
            self.store.set_deployment_waiting(&row.id, None).await?;
            self.changed(&[Tag::Deployment]);
        }
        Ok(())
    }

    /// Goes back to the last proven deployment; answers what was done in a sentence.
    pub(crate) async fn roll_back(
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
        let teller = Teller::new(self, &failed.id, along);
        let said = Box::pin(self.roll_back(wanted, failed, &teller)).await;
        if self.shutdown.is_cancelled() {
            return self.leave_open(failed).await;
        }
        teller.keep(&said).await;
        let signal = failed.signal.as_deref().unwrap_or("This deployment failed.");
        let error = ApiError::refused("rolled_back", format!("{signal}\n{said}"));
        self.fail_deployment(failed, &error).await
    }

    /// Carries a rollback out, however long the cluster is away. Whatever cancelled the deployment does not
    /// cancel this.
    pub(crate) async fn finish_roll_back(
        &self,
        back: &Wanted,
        row: &DeploymentRow,
        along: Along<'_>,
    ) -> Result<(), ApiError> {
        let cancel = self.shutdown.child_token();
        let _going = self.shared.going_deployment(&row.id, &cancel);
        let along = Along { cancel: &cancel, ..along };
        let teller = Teller::new(self, &row.id, along);
        let attempt = Box::pin(self.attempt_until_answered(back, row, &teller)).await;
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
}
