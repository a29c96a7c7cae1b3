//! What is to be deployed, before any target is asked: manifests as written, images, and why.
//!
//! It comes from a run's step, from an earlier deployment, or from an image and files of the working tree,
//! and is kept with the deployment so that it can be promoted, rolled back and taken up after a crash.
//! Deliberately not here: targets, phases.

use std::path::Path;

use base64::Engine as _;
use slipway_core::{
    CommitSha, DeploymentId, DeploymentPhase, DeploymentReason, Digest, Masker, PushedImage,
    RolloutStrategy, RunId, RunResult, RunState, Tag,
};
use slipway_deploy::{ManifestObject, pin_images, read_manifest};
use slipway_runner::ManifestText;
use slipway_store::{DeploymentManifestRow, DeploymentRow, EnvironmentRow, ProjectRow};

use crate::app::App;
use crate::dto::DeploymentSource;
use crate::error::ApiError;
use crate::parameters::replaced;
use crate::sources;

/// How long a rollout may take when nobody says so.
pub(crate) const ROLLOUT_SECONDS: u32 = 120;

/// What to deploy, and why.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) environment: EnvironmentRow,
    /// As they are written, tokens included.
    pub(crate) manifests: Vec<ManifestText>,
    pub(crate) images: Vec<PushedImage>,
    pub(crate) run_id: RunId,
    pub(crate) commit: CommitSha,
    pub(crate) reason: DeploymentReason,
    pub(crate) from: Option<DeploymentId>,
    pub(crate) rollback_of: Option<DeploymentId>,
    /// Values of an earlier deployment to the same environment.
    pub(crate) recorded: Vec<(String, String)>,
    pub(crate) rollout_seconds: u32,
    pub(crate) is_pruning: bool,
    pub(crate) has_rollback: bool,
    /// None rolls the pods one after the other.
    pub(crate) strategy: Option<RolloutStrategy>,
}

/// The same with values for its tokens.
pub(crate) struct Prepared {
    pub(crate) objects: Vec<ManifestObject>,
    /// As they may be shown.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Wanted {
    /// The image of the main workload: what a deployment is known by.
    pub(crate) fn main_image(&self, objects: &[ManifestObject]) -> Option<&PushedImage> {
        let mut tried = objects.to_vec();
        let pinned = pin_images(&mut tried, &self.images).unwrap_or_default();
        let digest = pinned.iter().find(|image| image.is_of_run).map(|image| &image.digest);
        let main = digest.and_then(|digest| self.images.iter().find(|it| it.digest == *digest));
        main.or(self.images.first())
    }
}

impl App {
    /// Puts values into the manifests and reads them; values of Secrets are masked from now on.
    pub(crate) async fn prepare(
        &self,
        wanted: &Wanted,
        masker: &Masker,
    ) -> Result<Prepared, ApiError> {
        let Wanted { environment, manifests, recorded, .. } = wanted;
        let parameters = self.parameters(environment, manifests, recorded, masker).await?;
        let mut objects = Vec::new();
        for manifest in manifests {
            let text = replaced(&manifest.text, &parameters);
            objects.extend(read_manifest(&manifest.path, &text)?);
        }
        objects.iter().for_each(|object| mask_secret(object, masker));
        let parameters = parameters.iter().map(|parameter| parameter.shown()).collect();
        Ok(Prepared { objects, parameters })
    }

    /// What a source means for an environment.
    pub(crate) async fn wanted(
        &self,
        environment: EnvironmentRow,
        source: DeploymentSource,
        reason: DeploymentReason,
    ) -> Result<Wanted, ApiError> {
        match source {
            DeploymentSource::Deployment { deployment_id } => {
                let row = self.store.deployment(&deployment_id).await?;
                let row = row.filter(|row| row.project_id == environment.project_id);
                let row = row.ok_or_else(|| ApiError::not_found("deployment", &deployment_id))?;
                self.wanted_again(environment, &row, reason).await
            }
            DeploymentSource::Image { digest, manifests } => {
                self.wanted_of_image(environment, &digest, &manifests, reason).await
            }
        }
    }

    /// The manifests and images of a deployment, once more or elsewhere.
    pub(crate) async fn wanted_again(
        &self,
        environment: EnvironmentRow,
        row: &DeploymentRow,
        reason: DeploymentReason,
    ) -> Result<Wanted, ApiError> {
        if row.result != Some(RunResult::Succeeded) {
            let message =
                format!("Deployment {} to {} has not succeeded.", row.id, row.environment);
            return Err(ApiError::refused("deployment_unproven", message)
                .with_hint("Choose one that was proven to run."));
        }
        if row.strategy.is_some_and(RolloutStrategy::is_beside) {
            let message =
                format!("Deployment {} ran in {} beside another only.", row.id, row.environment);
            return Err(ApiError::refused("deployment_beside", message)
                .with_hint("Choose the one that promoted it."));
        }
        let is_same = row.environment.as_str().eq_ignore_ascii_case(environment.name.as_str());
        let mut wanted = self.wanted_of_row(environment, row).await?;
        wanted.reason = reason;
        wanted.from = Some(row.id.clone());
        wanted.rollback_of = None;
        wanted.strategy = row.strategy.and_then(RolloutStrategy::lasting);
        if !is_same {
            wanted.recorded = Vec::new();
            let manifests = std::mem::take(&mut wanted.manifests);
            wanted.manifests = self.made_for(&wanted.environment, row, manifests).await?;
        }
        Ok(wanted)
    }

    /// What a deployment was asked for, from its record.
    pub(crate) async fn wanted_of_row(
        &self,
        environment: EnvironmentRow,
        row: &DeploymentRow,
    ) -> Result<Wanted, ApiError> {
        let images = match row.images.as_slice() {
            [] => self.store.image(&row.project_id, &row.digest).await?.into_iter().collect(),
            images => images.to_vec(),
        };
        Ok(Wanted {
            manifests: self.kept_manifests(row).await?,
            environment,
            images,
            run_id: row.run_id.clone(),
            commit: row.commit.clone(),
            reason: row.reason,
            from: row.from_deployment.clone(),
            rollback_of: row.rollback_of.clone(),
            recorded: row.parameters.clone(),
            rollout_seconds: row.rollout_seconds,
            is_pruning: row.is_pruning,
            has_rollback: row.has_rollback,
            strategy: row.strategy,
        })
    }

    async fn wanted_of_image(
        &self,
        environment: EnvironmentRow,
        digest: &Digest,
        paths: &[String],
        reason: DeploymentReason,
    ) -> Result<Wanted, ApiError> {
        let project = self.project(&environment.project_id).await?;
        let image = self.store.image(&project.id, digest).await?.ok_or_else(|| {
            let message = format!("No run of this project has pushed the image {digest}.");
            ApiError::refused("image_unknown", message)
                .with_hint("Push it with Docker@2 first; nothing is deployed by tag alone.")
        })?;
        let runs = self.store.runs_of_image(&project.id, digest).await?;
        let run = runs.first().ok_or_else(|| ApiError::not_found("run of image", digest))?;
        let mut images = vec![image];
        for other in self.store.images_of_run(&run.id).await? {
            if !images.iter().any(|known| known.repository == other.repository) {
                images.push(other);
            }
        }
        Ok(Wanted {
            manifests: sources::read(Path::new(&project.path), paths, &environment).await?,
            environment,
            images,
            run_id: run.id.clone(),
            commit: run.commit.clone(),
            reason,
            from: None,
            rollback_of: None,
            recorded: Vec::new(),
            rollout_seconds: ROLLOUT_SECONDS,
            is_pruning: false,
            has_rollback: true,
            strategy: None,
        })
    }

    /// Keeps what is wanted, before anything is done about it.
    pub(crate) async fn begin_deployment(
        &self,
        wanted: &Wanted,
        image: &PushedImage,
        prepared: Option<&Prepared>,
    ) -> Result<DeploymentRow, ApiError> {
        let row = DeploymentRow {
            id: DeploymentId::new(self.next_id()),
            project_id: wanted.environment.project_id.clone(),
            environment: wanted.environment.name.clone(),
            run_id: wanted.run_id.clone(),
            commit: wanted.commit.clone(),
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
            reason: wanted.reason,
            from_deployment: wanted.from.clone(),
            rollback_of: wanted.rollback_of.clone(),
            rolled_back_by: None,
            signal: None,
            phase: DeploymentPhase::Planning,
            images: wanted.images.clone(),
            parameters: prepared.map(|it| it.parameters.clone()).unwrap_or_default(),
            applied: Vec::new(),
            rollout_seconds: wanted.rollout_seconds,
            is_pruning: wanted.is_pruning,
            has_rollback: wanted.has_rollback,
            strategy: wanted.strategy,
        };
        self.store.insert_deployment(&row).await?;
        self.keep_manifests(&row.id, &wanted.manifests).await?;
        self.changed(&[Tag::Deployment, Tag::Thread]);
        Ok(row)
    }

    /// Texts with a Secret lie encrypted beside the Library's files; the store has their names.
    async fn keep_manifests(
        &self,
        id: &DeploymentId,
        manifests: &[ManifestText],
    ) -> Result<(), ApiError> {
        let mut rows = Vec::with_capacity(manifests.len());
        for (position, manifest) in manifests.iter().enumerate() {
            let holds_secret = holds_secret(manifest);
            if holds_secret {
                let (file, text) = (file_of(id, position), manifest.text.clone());
                let kept =
                    self.with_secrets(move |secrets| secrets.put_file(&file, text.as_bytes()));
                if let Err(error) = kept.await {
                    tracing::warn!(code = error.code, "{}: {}", manifest.path, error.message);
                }
            }
            let text = (!holds_secret).then(|| manifest.text.clone());
            rows.push(DeploymentManifestRow { path: manifest.path.clone(), text });
        }
        Ok(self.store.put_deployment_manifests(id, &rows).await?)
    }

    async fn kept_manifests(&self, row: &DeploymentRow) -> Result<Vec<ManifestText>, ApiError> {
        let mut manifests = Vec::new();
        for (position, kept) in
            self.store.deployment_manifests(&row.id).await?.into_iter().enumerate()
        {
            let text = match kept.text {
                Some(text) => Some(text),
                None => {
                    let file = file_of(&row.id, position);
                    let bytes = self.with_secrets(move |secrets| secrets.file(&file)).await?;
                    bytes.and_then(|bytes| String::from_utf8(bytes).ok())
                }
            };
            let text = text.ok_or_else(|| not_kept(row, &kept.path))?;
            manifests.push(ManifestText { path: kept.path, text });
        }
        if manifests.is_empty() {
            return Err(not_kept(row, "of it"));
        }
        Ok(manifests)
    }
}

fn not_kept(row: &DeploymentRow, which: &str) -> ApiError {
    let message = format!("The manifest {which} of deployment {} was not kept.", row.id);
    ApiError::refused("manifests_not_kept", message)
        .with_hint("Deploy its image with manifests of the repository, or run its commit again.")
}

fn file_of(id: &DeploymentId, position: usize) -> String {
    format!("manifest-{id}-{position}")
}

/// True unless it is sure that no value of a Secret stands in it.
fn holds_secret(manifest: &ManifestText) -> bool {
    let text = &manifest.text;
    if !text.contains("Secret") {
        return false;
    }
    // Tokens need not be YAML; whatever does not read is taken to hold one.
    let read = read_manifest(&manifest.path, &text.replace("#{", "").replace("}#", ""));
    read.map_or(true, |objects| objects.iter().any(|object| object.kind == "Secret"))
}

/// Values of a Secret are secrets from now on: as they are, and as the manifest writes them.
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

/// The path of a checked-out file as the repository has it.
pub(crate) fn path_in_repository(project: &ProjectRow, path: &str) -> String {
    let root = Path::new(&project.path);
    let mut parts = Path::new(path).components();
    loop {
        if parts.next().is_none() {
            return path.to_owned();
        }
        let rest = parts.as_path();
        if !rest.as_os_str().is_empty() && root.join(rest).is_file() {
            return rest.display().to_string();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> ManifestText {
        ManifestText { path: "a.yaml".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_text_with_a_secret_is_never_kept_in_the_clear() {
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: v}\n";
        assert!(holds_secret(&text(secret)));
        let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: s}}\n";
        assert!(holds_secret(&text(list)), "a list is looked into");
        assert!(holds_secret(&text("kind: 'Secret\n")), "what does not read is not trusted");
        let other =
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Secret}\ndata: {a: '#{b}#'}\n";
        assert!(!holds_secret(&text(other)), "the word alone is none");
        assert!(!holds_secret(&text("kind: Pod\n")));
    }
}
