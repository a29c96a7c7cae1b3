//! A new version beside the one that runs, until somebody decides: a canary with its baseline, or a green.
//!
//! Names, labels and shares are those of the vendor's `KubernetesManifest` task, and for blue-green those of
//! its deploy action. What is made of manifests and of what runs is pure (`canary.rs`, `green.rs`,
//! `mesh.rs`); both targets then apply it as any other deployment (`apply.rs`). Deliberately not here: when
//! to promote or to reject.

mod apply;
mod canary;
mod copy;
mod green;
mod mesh;

use std::collections::BTreeMap;

use serde_json::Value;
use slipway_core::{RolloutStrategy, StrategyKind, TrafficSplit};

use crate::{DeployError, ManifestObject, ObjectKey};

pub use apply::Withdrawn;

/// What runs now, by kind and name: what a baseline is a copy of.
pub(crate) type Stable = BTreeMap<(String, String), Value>;

/// What makes pods and can stand beside another of its kind.
const WORKLOADS: &[&str] = &["Deployment", "ReplicaSet", "DaemonSet", "Pod", "StatefulSet"];

/// How a promotion goes from step to step, so that traffic never meets a half-started version.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Promotion {
    /// Sends the traffic to the new version.
    pub(crate) before: Vec<ManifestObject>,
    /// What stays: the manifests, in the place of what ran.
    pub(crate) main: Vec<ManifestObject>,
    /// Sends the traffic there.
    pub(crate) after: Vec<ManifestObject>,
}

pub(crate) fn is_workload(object: &ManifestObject) -> bool {
    WORKLOADS.contains(&object.kind.as_str())
}

fn is_service(object: &ManifestObject) -> bool {
    object.kind == "Service" && object.api_version == "v1"
}

/// What is applied to have the new version beside what runs. `split` is the version of the mesh's
/// `TrafficSplit` that is served.
pub(crate) fn beside(
    strategy: &RolloutStrategy,
    objects: &[ManifestObject],
    stable: &Stable,
    split: Option<&str>,
) -> Result<Vec<ManifestObject>, DeployError> {
    if !objects.iter().any(is_workload) {
        return Err(DeployError::StrategyWithoutWorkload { strategy: strategy.shown() });
    }
    match (strategy.kind, strategy.split) {
        (StrategyKind::Canary, TrafficSplit::Pod) => canary::beside(strategy, objects, stable),
        (StrategyKind::Canary, TrafficSplit::Smi) => {
            mesh::beside(strategy, objects, stable, split.unwrap_or_default())
        }
        (StrategyKind::BlueGreen, _) => Ok(green::beside(objects)),
    }
}

/// What is applied to have the new version in the place of what runs.
pub(crate) fn promotion(
    strategy: &RolloutStrategy,
    objects: &[ManifestObject],
    split: Option<&str>,
) -> Promotion {
    match (strategy.kind, strategy.split) {
        (StrategyKind::Canary, TrafficSplit::Pod) => {
            Promotion { main: objects.to_vec(), ..Promotion::default() }
        }
        (StrategyKind::Canary, TrafficSplit::Smi) => {
            mesh::promotion(objects, split.unwrap_or_default())
        }
        (StrategyKind::BlueGreen, _) => green::promotion(objects),
    }
}

/// What is there only while the new version runs beside the other.
pub(crate) fn companions(
    strategy: &RolloutStrategy,
    objects: &[ManifestObject],
    namespace: Option<&str>,
) -> Vec<ObjectKey> {
    let suffixes: &[&str] = match strategy.kind {
        StrategyKind::Canary => &[copy::CANARY.suffix, copy::BASELINE.suffix],
        StrategyKind::BlueGreen => &[copy::GREEN.suffix],
    };
    let has_services =
        strategy.kind == StrategyKind::BlueGreen || strategy.split == TrafficSplit::Smi;
    let copied = objects.iter().filter(|it| is_workload(it) || (has_services && is_service(it)));
    let keys = copied.flat_map(|object| {
        suffixes.iter().map(|suffix| {
            let key = object.key(namespace);
            ObjectKey { name: format!("{}{suffix}", key.name), ..key }
        })
    });
    keys.collect()
}

/// True for the name of what is there only while something else runs beside it.
pub fn is_companion(name: &str) -> bool {
    [copy::CANARY, copy::BASELINE, copy::GREEN].iter().any(|mark| name.ends_with(mark.suffix))
}

/// The objects as they stay after a promotion: what a mesh splits traffic to carries a label for good.
pub(crate) fn lasting(
    strategy: &RolloutStrategy,
    objects: Vec<ManifestObject>,
) -> Vec<ManifestObject> {
    if strategy.split == TrafficSplit::Smi {
        return objects.into_iter().map(mesh::as_stable).collect();
    }
    objects
}

#[cfg(test)]
mod tests;
