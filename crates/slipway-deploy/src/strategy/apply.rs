//! Deploys by a strategy to either target, promotes and withdraws.
//!
//! What a strategy makes is applied, watched and proven as every other deployment, and what it leaves is
//! removed as what is no longer wanted: only if it is ours. Deliberately not here: what it makes.

use slipway_core::{LogStream, RolloutStrategy, TrafficSplit};
use tokio_util::sync::CancellationToken;

use super::{Promotion, Stable, beside, companions, is_workload, lasting, mesh, promotion};
use crate::{
    AppliedDeployment, ApplyRequest, DeployError, DeployTarget, ManifestObject, ObjectKey, Progress,
};

/// What is gone after a rejection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withdrawn {
    pub removed: Vec<ObjectKey>,
    /// What was left, one sentence each.
    pub notes: Vec<String>,
}

impl DeployTarget {
    /// Deploys by a strategy: beside what runs, or in its place.
    pub async fn apply_by(
        &self,
        strategy: &RolloutStrategy,
        request: ApplyRequest,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<AppliedDeployment, DeployError> {
        if strategy.outcome.is_some() {
            let objects = lasting(strategy, request.objects.clone());
            return self
                .apply(only(&request, objects, request.prune.clone()), progress, cancel)
                .await;
        }
        let split = self.split_version(strategy).await?;
        if strategy.is_beside() {
            let request = self.beside(strategy, request, split.as_deref()).await?;
            return self.apply(request, progress, cancel).await;
        }
        let Promotion { before, main, after } = match self {
            // It switches its Services to new pods at once by itself.
            Self::Local(_) => Promotion { main: request.objects.clone(), ..Promotion::default() },
            Self::Kubernetes(_) => promotion(strategy, &request.objects, split.as_deref()),
        };
        if !before.is_empty() {
            say(progress, "The traffic goes to the new version.");
            let request = only(&request, before, Vec::new());
            self.apply(request, progress, cancel).await?;
        }
        let mut prune = request.prune.clone();
        let left = companions(strategy, &request.objects, self.namespace());
        if after.is_empty() {
            prune.extend(left);
            return self.apply(only(&request, main, prune), progress, cancel).await;
        }
        let mut applied = self.apply(only(&request, main, prune), progress, cancel).await?;
        say(progress, "The traffic goes to what stays.");
        let last = self.apply(only(&request, after, left), progress, cancel).await?;
        for key in last.applied {
            if !applied.applied.contains(&key) {
                applied.applied.push(key);
            }
        }
        applied.pruned.extend(last.pruned);
        applied.notes.extend(last.notes);
        applied.services = last.services;
        Ok(applied)
    }

    /// What a deployment by a strategy is to apply in the end, for a plan of it and for what drifted.
    pub async fn request_by(
        &self,
        strategy: Option<&RolloutStrategy>,
        request: ApplyRequest,
    ) -> Result<ApplyRequest, DeployError> {
        let Some(strategy) = strategy else { return Ok(request) };
        if strategy.is_beside() {
            let split = self.split_version(strategy).await?;
            return self.beside(strategy, request, split.as_deref()).await;
        }
        let objects = lasting(strategy, request.objects.clone());
        Ok(only(&request, objects, request.prune.clone()))
    }

    /// Takes away what ran beside the other version; the request says of which manifests, and whose it is.
    pub async fn withdraw(
        &self,
        strategy: &RolloutStrategy,
        request: &ApplyRequest,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<Withdrawn, DeployError> {
        self.send_back(strategy, request, progress, cancel).await?;
        let keys = companions(strategy, &request.objects, self.namespace());
        let (removed, notes) = match self {
            Self::Local(target) => (target.remove(keys, progress, cancel).await?, Vec::new()),
            Self::Kubernetes(target) => target.remove(keys, request, progress, cancel).await?,
        };
        Ok(Withdrawn { removed, notes })
    }

    /// Where a mesh splits the traffic: all of it to what ran before.
    pub async fn send_back(
        &self,
        strategy: &RolloutStrategy,
        request: &ApplyRequest,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<(), DeployError> {
        let Some(version) = self.split_version(strategy).await? else { return Ok(()) };
        let back = mesh::back(&request.objects, &version);
        if !back.is_empty() {
            say(progress, "The traffic goes to what ran before.");
            self.apply(only(request, back, Vec::new()), progress, cancel).await?;
        }
        Ok(())
    }

    async fn beside(
        &self,
        strategy: &RolloutStrategy,
        request: ApplyRequest,
        split: Option<&str>,
    ) -> Result<ApplyRequest, DeployError> {
        let stable = self.stable(&request.objects).await?;
        let objects = beside(strategy, &request.objects, &stable, split)?;
        Ok(ApplyRequest { objects, ..request })
    }

    /// The workloads of these names as they run now.
    async fn stable(&self, objects: &[ManifestObject]) -> Result<Stable, DeployError> {
        let mut stable = Stable::new();
        for object in objects.iter().filter(|it| is_workload(it)) {
            let found = match self {
                Self::Local(target) => target.written(object).await?,
                Self::Kubernetes(target) => target.live(object).await?,
            };
            if let Some(found) = found {
                stable.insert((object.kind.clone(), object.name.clone()), found);
            }
        }
        Ok(stable)
    }

    /// The version of the mesh's split that is served; none where no mesh is asked for.
    async fn split_version(
        &self,
        strategy: &RolloutStrategy,
    ) -> Result<Option<String>, DeployError> {
        if strategy.split == TrafficSplit::Pod {
            return Ok(None);
        }
        let Self::Kubernetes(target) = self else {
            return Err(DeployError::SplitUnserved { place: "A local environment".to_owned() });
        };
        for version in mesh::SPLIT_VERSIONS {
            if target.serves(version, mesh::SPLIT).await? {
                return Ok(Some((*version).to_owned()));
            }
        }
        let place = format!("The cluster of context '{}'", target.context());
        Err(DeployError::SplitUnserved { place })
    }

    fn namespace(&self) -> Option<&str> {
        match self {
            Self::Local(_) => None,
            Self::Kubernetes(target) => Some(target.namespace()),
        }
    }
}

/// The request with other objects.
fn only(
    request: &ApplyRequest,
    objects: Vec<ManifestObject>,
    prune: Vec<ObjectKey>,
) -> ApplyRequest {
    ApplyRequest { objects, prune, ..request.clone() }
}

fn say(progress: &dyn Progress, text: &str) {
    progress.line(LogStream::System, text.to_owned());
}
