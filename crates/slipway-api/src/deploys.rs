//! Step 6's ways in: an order of a run, and somebody who deploys by hand.
//!
//! Both end in [`App::roll_out`] (`rollouts`). Deliberately not here: how a deployment is carried out, and
//! what it is made of (`wanted`).

use std::sync::Arc;

use slipway_core::{
    DeploymentEvidence, DeploymentId, DeploymentReason, ErrorKind, Masker, PushedImage,
};
use slipway_runner::{DeployOrder, ManifestText, StepLog};
use slipway_store::{EnvironmentRow, ProjectRow, RunRow};
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::dto::{DeploymentStart, StrategyChoice};
use crate::error::ApiError;
use crate::rollouts::Along;
use crate::wanted::{ROLLOUT_SECONDS, Wanted, path_in_repository};

/// An order of the runner with what surrounds it.
pub(crate) struct Rollout<'a> {
    pub(crate) order: DeployOrder,
    pub(crate) log: &'a dyn StepLog,
    pub(crate) cancel: &'a CancellationToken,
    pub(crate) masker: &'a Masker,
}

impl App {
    /// Deploys what a step asks for, keeps how it went, and proves what runs.
    pub(crate) async fn deploy(
        &self,
        project: &ProjectRow,
        run: &RunRow,
        rollout: Rollout<'_>,
    ) -> Result<DeploymentEvidence, ApiError> {
        let Rollout { order, log, cancel, masker } = rollout;
        let environment = self.environment(project, &order.environment).await?;
        let _alone = self.alone_in(&environment, log, cancel).await?;
        self.refuse_held(&environment).await?;
        self.tell_waiting(&environment, order.strategy, log).await?;
        let images = self.images_for(project, run, &order.images).await?;
        if images.is_empty() {
            return Err(ApiError::refused(
                "no_image",
                format!("Run {} has pushed no image that could be deployed.", run.number),
            )
            .with_hint(
                "Push an image with Docker@2 in an earlier stage, or name it in `containers`.",
            ));
        }
        let wanted = self.wanted_of_order(project, run, environment, order, images);
        let prepared = self.prepare(&wanted, masker).await;
        let objects = prepared.as_ref().map(|it| it.objects.as_slice()).unwrap_or_default();
        let image = wanted.main_image(objects).ok_or_else(no_image)?.clone();
        let row = self.begin_deployment(&wanted, &image, prepared.as_ref().ok()).await?;
        let along = Along { step: Some(log), cancel, masker };
        Box::pin(self.roll_out(&wanted, &row, along)).await
    }

    /// What a step asks for.
    pub(crate) fn wanted_of_order(
        &self,
        project: &ProjectRow,
        run: &RunRow,
        environment: EnvironmentRow,
        order: DeployOrder,
        images: Vec<PushedImage>,
    ) -> Wanted {
        let seconds = match order.rollout_timeout_seconds {
            0 => ROLLOUT_SECONDS,
            seconds => seconds,
        };
        let in_repository = |manifest: ManifestText| ManifestText {
            path: path_in_repository(project, &manifest.path),
            text: manifest.text,
        };
        Wanted {
            environment,
            manifests: order.manifests.into_iter().map(in_repository).collect(),
            images,
            run_id: run.id.clone(),
            commit: run.commit.clone(),
            reason: DeploymentReason::Run,
            from: None,
            rollback_of: None,
            recorded: Vec::new(),
            rollout_seconds: seconds,
            is_pruning: false,
            has_rollback: true,
            strategy: order.strategy,
        }
    }

    /// The environment for oneself; a run waits for it.
    pub(crate) async fn alone_in(
        &self,
        environment: &EnvironmentRow,
        log: &dyn StepLog,
        cancel: &CancellationToken,
    ) -> Result<OwnedMutexGuard<()>, ApiError> {
        let deploying = self.shared.deploying(&environment.project_id, &environment.name);
        if let Ok(alone) = Arc::clone(&deploying).try_lock_owned() {
            return Ok(alone);
        }
        let first = self.under_way(environment).await.message;
        log.line(&format!("{first} This one begins when it is over.")).await;
        tokio::select! {
            alone = deploying.lock_owned() => Ok(alone),
            () = cancel.cancelled() => {
                let text = format!("Cancelled while waiting. {first}");
                Err(ApiError::new(ErrorKind::Cancelled, "cancelled", text))
            }
        }
    }

    /// A rollback by hand stays until somebody lifts it.
    async fn refuse_held(&self, environment: &EnvironmentRow) -> Result<(), ApiError> {
        let EnvironmentRow { project_id, name, .. } = environment;
        let Some(hold) = self.store.environment_hold(project_id, name).await? else {
            return Ok(());
        };
        let message = format!("Environment {name} is held: {} Runs do not undo it.", hold.reason);
        Err(ApiError::refused("environment_held", message).with_hint(format!(
            "Release it on the board or with `slipway deploy --release {name}`, then run this again."
        )))
    }

    pub(crate) fn refuse_inactive(&self) -> Result<(), ApiError> {
        if self.options.is_active {
            return Ok(());
        }
        let message = "This Slipway was opened for looking things up; it deploys nothing.";
        Err(ApiError::refused("not_active", message)
            .with_hint("Use slipway deploy, the window, or slipway serve."))
    }

    /// Starts a deployment by hand; it goes on by itself and tells over events.
    pub(crate) async fn start_deployment(
        &self,
        request: DeploymentStart,
    ) -> Result<DeploymentId, ApiError> {
        if matches!(request.reason, DeploymentReason::Run | DeploymentReason::AutomaticRollback) {
            let message = format!("Nobody starts a deployment for the reason {}.", request.reason);
            return Err(ApiError::new(ErrorKind::UserInput, "reason_invalid", message)
                .with_hint("Say deploy, promote or rollback."));
        }
        self.refuse_inactive()?;
        let environment = self.environment_row(&request.project_id, &request.environment).await?;
        let deploying = self.shared.deploying(&environment.project_id, &environment.name);
        let Ok(alone) = deploying.try_lock_owned() else {
            return Err(self.under_way(&environment).await);
        };
        let strategy = request.strategy.map(StrategyChoice::strategy).transpose()?;
        self.refuse_waiting(&environment, strategy).await?;
        let wanted = self.wanted(environment, request.source, request.reason).await?;
        let strategy = strategy.or(wanted.strategy);
        let (is_pruning, has_rollback) = (request.is_pruning, request.has_rollback);
        let wanted = Wanted { is_pruning, has_rollback, strategy, ..wanted };
        Box::pin(self.begin_by_hand(wanted, request.hash.as_deref(), alone)).await
    }

    /// Begins it and lets it go on by itself.
    pub(crate) async fn begin_by_hand(
        &self,
        wanted: Wanted,
        hash: Option<&str>,
        alone: OwnedMutexGuard<()>,
    ) -> Result<DeploymentId, ApiError> {
        let prepared = self.prepare(&wanted, &self.masker).await?;
        let image = wanted.main_image(&prepared.objects).ok_or_else(no_image)?.clone();
        if let Some(hash) = hash {
            Box::pin(self.check_plan(&wanted, hash)).await?;
        }
        let row = self.begin_deployment(&wanted, &image, Some(&prepared)).await?;
        let (app, id, cancel) = (self.handle(), row.id.clone(), CancellationToken::new());
        self.shared.coming_deployment(&id, &cancel);
        self.tasks.spawn(async move {
            let _alone = alone;
            let along = Along { step: None, cancel: &cancel, masker: &app.masker };
            if let Err(error) = app.roll_out(&wanted, &row, along).await {
                tracing::info!(code = error.code, "deployment {}: {}", row.id, error.message);
            }
        });
        Ok(id)
    }

    /// Ends a deployment that goes on here.
    pub(crate) async fn cancel_deployment(&self, id: &DeploymentId) -> Result<(), ApiError> {
        if self.shared.cancel_deployment(id) {
            return Ok(());
        }
        match self.store.deployment(id).await? {
            Some(_) => {
                let message = format!("Deployment {id} does not go on any more.");
                Err(ApiError::refused("deployment_over", message))
            }
            None => Err(ApiError::not_found("deployment", id)),
        }
    }

    /// Images of this run, and images named in `containers` that an earlier run pushed. A tag is looked
    /// up in what runs pushed; it never reaches the target.
    async fn images_for(
        &self,
        project: &ProjectRow,
        run: &RunRow,
        named: &[String],
    ) -> Result<Vec<PushedImage>, ApiError> {
        let mut images = self.store.images_of_run(&run.id).await?;
        let known = self.store.images(&project.id, 500).await?;
        for text in named.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            if images.iter().any(|image| is_named(image, text)) {
                continue;
            }
            match known.iter().find(|image| is_named(image, text)) {
                Some(image) => images.push(image.clone()),
                None => {
                    return Err(ApiError::refused(
                        "image_unknown",
                        format!("No run of this project has pushed the image '{text}'."),
                    )
                    .with_hint("Push it with Docker@2 first; nothing is deployed by tag alone."));
                }
            }
        }
        Ok(images)
    }
}

fn no_image() -> ApiError {
    ApiError::refused("no_image", "The deployment has no image.")
        .with_hint("Push an image with Docker@2 in an earlier stage.")
}

/// `tideline:12`, `127.0.0.1:5210/tideline:12`, `tideline` or a reference by digest.
fn is_named(image: &PushedImage, text: &str) -> bool {
    let (name, digest) = match text.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (text, None),
    };
    let name = name.strip_prefix(&format!("{}/", image.registry)).unwrap_or(name);
    let (repository, tag) = match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    };
    repository == image.repository
        && digest.is_none_or(|digest| digest == image.digest.as_str())
        && tag.is_none_or(|tag| image.tags.iter().any(|known| known == tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_core::Digest;

    #[test]
    fn an_image_is_found_by_any_of_its_names() {
        let digest = Digest::parse(&format!("sha256:{}", "a".repeat(64))).unwrap();
        let image = PushedImage {
            registry: "127.0.0.1:5000".to_owned(),
            repository: "shop/api".to_owned(),
            tags: vec!["12".to_owned(), "latest".to_owned()],
            config_digest: digest.clone(),
            media_type: String::new(),
            size_bytes: 0,
            pushed_at: 0,
            digest,
        };
        for name in
            ["shop/api", "shop/api:12", "127.0.0.1:5000/shop/api:latest", &image.reference()]
        {
            assert!(is_named(&image, name), "{name} names the image");
        }
        for name in ["api:12", "shop/api:13", "other/shop/api:12", "127.0.0.1:5001/shop/api:12"] {
            assert!(!is_named(&image, name), "{name} is another image");
        }
    }
}
