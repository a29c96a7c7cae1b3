//! Steps 6 and 7: an order of the runner becomes a deployment, with its proof.

use std::time::Duration;

use base64::Engine as _;
use slipway_core::{
    DeploymentEvidence, DeploymentId, EnvironmentName, ErrorKind, LaunchProof, LogStream, Masker,
    ProjectId, PushedImage, RunResult, RunState, Tag,
};
use slipway_deploy::{
    AppliedDeployment, ApplyRequest, DeployError, DeployTarget, ManifestObject, read_manifest,
};
use slipway_runner::{DeployOrder, StepLog};
use slipway_store::{DeploymentProgress, DeploymentRow, EnvironmentRow, ProjectRow, RunRow};
use slipway_telemetry::connection::ConnectionString;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::error::ApiError;

/// How long a rollout may take when nobody says so.
const ROLLOUT_SECONDS: u32 = 120;

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
        let Rollout { order, log, .. } = &rollout;
        let environment = self.environment(project, &order.environment).await?;
        let deploying = self.shared.deploying(&project.id, &environment.name);
        let _alone = deploying.lock().await;
        let images = self.images_for(project, run, &order.images).await?;
        let Some(image) = images.first().cloned() else {
            return Err(ApiError::refused(
                "no_image",
                format!("Run {} has pushed no image that could be deployed.", run.number),
            )
            .with_hint(
                "Push an image with Docker@2 in an earlier stage, or name it in `containers`.",
            ));
        };
        let row = self.begin_deployment(project, run, &environment, &image).await?;
        log.line(&format!("Deploying {} to environment {}", image.reference(), environment.name))
            .await;
        let outcome = self.apply(&environment, &row, &rollout, images).await;
        match outcome {
            Ok(applied) => self.finish_deployment(&environment, row, &image, applied, *log).await,
            Err(error) => {
                self.fail_deployment(&row, &error).await?;
                Err(error)
            }
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

    async fn begin_deployment(
        &self,
        project: &ProjectRow,
        run: &RunRow,
        environment: &EnvironmentRow,
        image: &PushedImage,
    ) -> Result<DeploymentRow, ApiError> {
        let row = DeploymentRow {
            id: DeploymentId::new(self.next_id()),
            project_id: project.id.clone(),
            environment: environment.name.clone(),
            run_id: run.id.clone(),
            commit: run.commit.clone(),
            digest: image.digest.clone(),
            image: image.reference(),
            workload: String::new(),
            state: RunState::InProgress,
            result: None,
            started_at: self.now_ms(),
            finished_at: None,
            url: None,
            issue: None,
            proof: None,
            health: None,
            is_current: false,
            reason: slipway_core::DeploymentReason::Run,
            from_deployment: None,
            rollback_of: None,
            rolled_back_by: None,
            signal: None,
            phase: slipway_core::DeploymentPhase::Done,
            images: vec![image.clone()],
            parameters: Vec::new(),
            applied: Vec::new(),
            rollout_seconds: ROLLOUT_SECONDS,
            is_pruning: false,
            has_rollback: false,
        };
        self.store.insert_deployment(&row).await?;
        self.changed(&[Tag::Deployment, Tag::Thread]);
        Ok(row)
    }

    async fn apply(
        &self,
        environment: &EnvironmentRow,
        row: &DeploymentRow,
        rollout: &Rollout<'_>,
        images: Vec<PushedImage>,
    ) -> Result<AppliedDeployment, ApiError> {
        let Rollout { order, log, cancel, masker } = rollout;
        let mut objects = Vec::new();
        for manifest in &order.manifests {
            objects.extend(read_manifest(&manifest.path, &manifest.text)?);
        }
        objects.iter().for_each(|object| mask_secret(object, masker));
        let target = self.target(environment).await?;
        let seconds = match order.rollout_timeout_seconds {
            0 => ROLLOUT_SECONDS,
            seconds => seconds,
        };
        let mut request = ApplyRequest {
            objects,
            images,
            env_injected: Vec::new(),
            labels: vec![
                ("dev.slipway.run".to_owned(), row.run_id.to_string()),
                ("dev.slipway.commit".to_owned(), row.commit.to_string()),
                ("dev.slipway.deployment".to_owned(), row.id.to_string()),
            ],
            rollout_timeout: Duration::from_secs(seconds.into()),
            registry_pull: true,
            prune: Vec::new(),
        };
        request.env_injected = self.telemetry_environment(environment, &target).await?;
        let (lines, mut arriving) = mpsc::unbounded_channel::<String>();
        let progress = move |_: LogStream, text: String| {
            // The receiver lives as long as the rollout.
            lines.send(text).ok();
        };
        let applying = async {
            let applied = target.apply(request, &progress, cancel).await;
            drop(progress);
            applied
        };
        let telling = async {
            while let Some(text) = arriving.recv().await {
                log.line(&text).await;
            }
        };
        let (applied, ()) = tokio::join!(applying, telling);
        let applied = match applied {
            Ok(applied) => applied,
            Err(error) => return Err(told(error, *log, masker).await),
        };
        for note in &applied.notes {
            log.line(note).await;
        }
        Ok(applied)
    }

    /// What a container gets so that its telemetry arrives here.
    async fn telemetry_environment(
        &self,
        environment: &EnvironmentRow,
        target: &DeployTarget,
    ) -> Result<Vec<(String, String)>, ApiError> {
        let Some(endpoint) = self.open_door_for(target).await else {
            return Ok(Vec::new());
        };
        let ikey = self.instrumentation_key(&environment.project_id, &environment.name).await?;
        let connection = ConnectionString::new(&ikey, &endpoint)?;
        Ok([
            ("APPLICATIONINSIGHTS_CONNECTION_STRING", connection.emit().as_str()),
            // The vendor's exporters would otherwise phone home.
            ("APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL", "true"),
            ("APPLICATIONINSIGHTS_SDKSTATS_DISABLED", "true"),
            ("APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED", "true"),
            ("APPLICATION_INSIGHTS_NO_STATSBEAT", "1"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
    }

    /// Opens the telemetry endpoint on the environment's network and answers its address there.
    pub(crate) async fn open_door_for(&self, target: &DeployTarget) -> Option<String> {
        // A cluster's pods do not reach this machine; they report to where their manifests say.
        let DeployTarget::Local(target) = target else { return None };
        let door = self.door()?;
        let gateway = match target.network().await {
            Ok(network) => network.gateway?,
            Err(error) => {
                tracing::warn!(%error, "the environment's network is not there");
                return None;
            }
        };
        if let Err(message) = door.open_on(gateway).await {
            tracing::warn!("{message}");
            return None;
        }
        Some(format!("http://{gateway}:{}", door.port()))
    }

    async fn finish_deployment(
        &self,
        environment: &EnvironmentRow,
        row: DeploymentRow,
        image: &PushedImage,
        applied: AppliedDeployment,
        log: &dyn StepLog,
    ) -> Result<DeploymentEvidence, ApiError> {
        let proof = self.prove(environment, image, &applied).await?;
        self.store.set_deployment_proof(&row.id, &proof).await?;
        log.line(&proof.statement).await;
        let finished_at = self.now_ms();
        let workload =
            applied.workloads.first().map(|workload| workload.name.clone()).unwrap_or_default();
        let url = applied.url().map(str::to_owned);
        let issue = (!proof.is_proven).then(|| proof.statement.clone());
        let progress = DeploymentProgress {
            state: RunState::Completed,
            result: Some(if proof.is_proven { RunResult::Succeeded } else { RunResult::Failed }),
            workload: workload.clone(),
            finished_at: Some(finished_at),
            url: url.clone(),
            issue: issue.clone(),
        };
        self.store.set_deployment_progress(&row.id, &progress).await?;
        self.store.set_current_deployment(&row.id).await?;
        self.changed(&[Tag::Deployment, Tag::Image, Tag::Thread]);
        if let Some(statement) = issue {
            return Err(ApiError::refused("not_proven", statement)
                .with_hint("Something else than the pushed image runs: look at the pods."));
        }
        Ok(DeploymentEvidence {
            deployment_id: row.id,
            environment: row.environment,
            digest: row.digest,
            workload,
            url,
            finished_at,
        })
    }

    /// Compares what every pod of the image runs with what was pushed; one that differs is the answer.
    async fn prove(
        &self,
        environment: &EnvironmentRow,
        image: &PushedImage,
        applied: &AppliedDeployment,
    ) -> Result<LaunchProof, ApiError> {
        let target = self.target(environment).await?;
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

    async fn fail_deployment(&self, row: &DeploymentRow, error: &ApiError) -> Result<(), ApiError> {
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
        self.store.set_deployment_progress(&row.id, &progress).await?;
        self.changed(&[Tag::Deployment, Tag::Thread]);
        Ok(())
    }

    /// The instrumentation key of an environment, made on first use.
    pub(crate) async fn instrumentation_key(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> Result<String, ApiError> {
        let name = format!("ikey.of/{project}/{environment}");
        if let Some(key) = self.store.setting(&name).await? {
            return Ok(key);
        }
        let key = uuid::Uuid::new_v4().to_string();
        self.store
            .set_setting(&format!("ikey/{key}"), &format!("{project}\n{environment}"))
            .await?;
        self.store.set_setting(&name, &key).await?;
        Ok(key)
    }
}

/// A failed rollout with the last lines of the pod that failed, in the log and in the error, masked.
async fn told(error: DeployError, log: &dyn StepLog, masker: &Masker) -> ApiError {
    let last_lines = match &error {
        DeployError::NotReady { last_lines, .. } => last_lines.clone(),
        _ => Vec::new(),
    };
    let mut error = ApiError::from(error);
    if !last_lines.is_empty() {
        let masked: Vec<String> = last_lines.iter().map(|line| masker.mask(line)).collect();
        log.line("Last lines of the pod's log:").await;
        for line in &masked {
            log.line(line).await;
        }
        error.message = format!("{}\n{}", error.message, masked.join("\n"));
    }
    error
}

/// Values of a Secret are secrets of the run from now on: as they are, and as the manifest writes them.
fn mask_secret(object: &ManifestObject, masker: &Masker) {
    if object.kind != "Secret" {
        return;
    }
    for field in ["stringData", "data"] {
        let values = object.value.get(field).and_then(serde_json::Value::as_object);
        for text in values.into_iter().flat_map(|map| map.values()).filter_map(|it| it.as_str()) {
            // Shorter ones would blank out half of every log.
            if text.len() >= 4 {
                masker.add(text);
            }
            let decoded = base64::engine::general_purpose::STANDARD.decode(text.trim());
            if let (true, Ok(decoded)) = (field == "data", decoded.map(String::from_utf8))
                && let Ok(decoded) = decoded
                && decoded.len() >= 4
            {
                masker.add(&decoded);
            }
        }
    }
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
