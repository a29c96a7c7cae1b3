//! A canary whose share of the traffic a service mesh gives it, by an SMI `TrafficSplit`.
//!
//! Pure. Stable, canary and baseline each have a Service of their own, and the split says how much each of
//! them gets of what is sent to the written one. Deliberately not here: finding out whether the cluster
//! serves that kind.

use serde_json::{Value, json};
use slipway_core::RolloutStrategy;

use super::copy::{BASELINE, CANARY, STABLE, of_live};
use super::{Promotion, Stable, is_service, is_workload};
use crate::{DeployError, ManifestObject};

pub(super) const SPLIT: &str = "TrafficSplit";
/// Newest first; the oldest writes its weights another way.
pub(super) const SPLIT_VERSIONS: &[&str] = &[
    "split.smi-spec.io/v1alpha4",
    "split.smi-spec.io/v1alpha3",
    "split.smi-spec.io/v1alpha2",
    OLDEST,
];
const OLDEST: &str = "split.smi-spec.io/v1alpha1";
/// All of the traffic.
const WHOLE: u32 = 1000;

/// What stable, baseline and canary get of the traffic, in thousandths.
struct Weights {
    stable: u32,
    baseline: u32,
    canary: u32,
}

const TO_CANARY: Weights = Weights { stable: 0, baseline: 0, canary: WHOLE };
const TO_STABLE: Weights = Weights { stable: WHOLE, baseline: 0, canary: 0 };

/// Canaries and baselines, a Service for each, and the split.
pub(super) fn beside(
    strategy: &RolloutStrategy,
    objects: &[ManifestObject],
    stable: &Stable,
    version: &str,
) -> Result<Vec<ManifestObject>, DeployError> {
    let mut made = Vec::new();
    let mut has_stable = false;
    for object in objects.iter().filter(|it| is_workload(it)) {
        made.push(CANARY.workload(object, Some(strategy.replicas)));
        let Some(live) = stable.get(&(object.kind.clone(), object.name.clone())) else { continue };
        if !STABLE.is_on(live) {
            return Err(DeployError::StableUnmarked {
                object: format!("{} '{}'", object.kind, object.name),
            });
        }
        has_stable = true;
        made.push(BASELINE.workload(&of_live(object, live), Some(strategy.replicas)));
    }
    let share = strategy.percentage.min(100) * 5;
    let weights = match has_stable {
        true => Weights { stable: WHOLE - 2 * share, baseline: share, canary: share },
        false => TO_CANARY,
    };
    for object in objects.iter().filter(|it| !is_workload(it)) {
        made.push(object.clone());
        if is_service(object) {
            made.extend([CANARY, BASELINE, STABLE].map(|mark| mark.service(object)));
            made.push(split(object, version, &weights));
        }
    }
    Ok(made)
}

/// All traffic to the canary, the stable with its label, all traffic back to it.
pub(super) fn promotion(objects: &[ManifestObject], version: &str) -> Promotion {
    Promotion {
        before: splits(objects, version, &TO_CANARY),
        main: objects.iter().cloned().map(as_stable).collect(),
        after: splits(objects, version, &TO_STABLE),
    }
}

/// All traffic to what ran before.
pub(super) fn back(objects: &[ManifestObject], version: &str) -> Vec<ManifestObject> {
    splits(objects, version, &TO_STABLE)
}

/// A workload as the split finds it.
pub(super) fn as_stable(object: ManifestObject) -> ManifestObject {
    if is_workload(&object) { STABLE.marked(&object) } else { object }
}

fn splits(objects: &[ManifestObject], version: &str, weights: &Weights) -> Vec<ManifestObject> {
    let services = objects.iter().filter(|it| is_service(it));
    services.map(|service| split(service, version, weights)).collect()
}

fn split(service: &ManifestObject, version: &str, weights: &Weights) -> ManifestObject {
    let weight = |thousandths: u32| match version {
        OLDEST => json!(format!("{thousandths}m")),
        _ => json!(thousandths),
    };
    let backend = |suffix: &str, thousandths: u32| -> Value {
        json!({"service": format!("{}{suffix}", service.name), "weight": weight(thousandths)})
    };
    let name = format!("{}-azure-pipelines-rollout", service.name);
    let mut split = service.clone();
    split.api_version = version.to_owned();
    split.kind = SPLIT.to_owned();
    split.value = json!({
        "apiVersion": version,
        "kind": SPLIT,
        "metadata": {"name": name},
        "spec": {
            "service": service.name,
            "backends": [
                backend(STABLE.suffix, weights.stable),
                backend(BASELINE.suffix, weights.baseline),
                backend(CANARY.suffix, weights.canary),
            ],
        },
    });
    split.name = name;
    split
}
