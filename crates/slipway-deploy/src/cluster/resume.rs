//! Watches what an app applied that did not live to see the end of it.
//!
//! Success is only what was seen: every object must be there and carry the deployment's own labels.
//! Deliberately not here: applying what was not applied yet; the caller plans and deploys again.

use kube::api::{Api, DynamicObject};
use kube::{Error, ResourceExt as _};
use serde_json::{Value, json};
use slipway_core::{Digest, LogStream};
use tokio_util::sync::CancellationToken;

use super::KubeTarget;
use super::connect::answered;
use super::kinds::Kinds;
use super::run::{Run, is_watched};
use crate::pin::pod_spec_mut;
use crate::{AppliedDeployment, DeployError, ObjectKey, PinnedImage, Progress, ResumeRequest};

/// Waits until all workloads among what was applied are rolled out.
pub(crate) async fn resume(
    target: &KubeTarget,
    request: ResumeRequest,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<AppliedDeployment, DeployError> {
    let ResumeRequest { applied, labels, rollout_timeout, prune } = request;
    if applied.is_empty() {
        return Err(DeployError::NothingToDeploy);
    }
    let run = Run { target, progress, cancel, kinds: Kinds::new(target) };
    run.check_applied(&applied, &labels).await?;
    progress.line(LogStream::System, "Watching what was applied earlier.".to_owned());
    let watched = applied.iter().filter(|key| is_watched(key));
    let workloads = run.watch_all(watched, rollout_timeout).await?;
    // Somebody may have deployed while this was watched; then it was not this that was seen.
    let (pinned, uids) = run.check_applied(&applied, &labels).await?;
    let mut notes = Vec::new();
    let unwanted = run.kinds.prunable(&prune, &applied, &uids, &labels).await?;
    let pruned = run.prune(unwanted, &mut notes).await?;
    let services = run.services(&mut notes).await;
    Ok(AppliedDeployment { workloads, pinned, services, notes, applied, pruned })
}

impl Run<'_> {
    /// All are there as this deployment applied them; the answer is their images and what the cluster calls
    /// them.
    async fn check_applied(
        &self,
        applied: &[ObjectKey],
        labels: &[(String, String)],
    ) -> Result<(Vec<PinnedImage>, Vec<String>), DeployError> {
        let (mut pinned, mut uids) = (Vec::new(), Vec::new());
        for key in applied {
            self.check_cancel("looking at what was applied")?;
            let api: Api<DynamicObject> = self.kinds.of_key(key).await?;
            let found = match answered(api.get_opt(&key.name)).await {
                Ok(found) => found,
                Err(Error::Api(status)) if status.code == 404 => None,
                Err(error) => return Err(self.target.failed(&format!("looking at {key}"), error)),
            };
            let not_applied =
                |reason: String| DeployError::NotAsApplied { object: key.to_string(), reason };
            let object = found.ok_or_else(|| not_applied("it is not there.".to_owned()))?;
            if let Some(reason) = other_mark(&object, labels) {
                return Err(not_applied(reason));
            }
            uids.extend(object.uid());
            pinned.extend(images(key, json!(object)));
        }
        Ok((pinned, uids))
    }
}

fn other_mark(object: &DynamicObject, labels: &[(String, String)]) -> Option<String> {
    let marks = object.metadata.annotations.as_ref();
    labels.iter().find_map(|(name, wanted)| match marks.and_then(|marks| marks.get(name)) {
        Some(found) if found == wanted => None,
        Some(found) => Some(format!("its {name} is {found}, not {wanted}.")),
        None => Some(format!("it has no {name}.")),
    })
}

/// The images of a live object, all of which a deployment wrote by digest.
fn images(key: &ObjectKey, mut object: Value) -> Vec<PinnedImage> {
    let Some(spec) = pod_spec_mut(&key.kind, &mut object) else { return Vec::new() };
    let lists = ["initContainers", "containers"];
    let containers = lists.iter().filter_map(|list| spec.get(list)?.as_array()).flatten();
    containers
        .filter_map(|container| {
            let reference = container["image"].as_str()?.to_owned();
            let digest = Digest::parse(reference.rsplit_once('@')?.1).ok()?;
            Some(PinnedImage {
                workload: format!("{}/{}", key.kind, key.name),
                container: container["name"].as_str()?.to_owned(),
                written: reference.clone(),
                reference,
                digest,
                is_of_run: true,
            })
        })
        .collect()
}
