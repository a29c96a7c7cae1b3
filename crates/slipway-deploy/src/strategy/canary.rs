//! A canary: a few pods of the new version behind the same Services, and as many fresh ones of the old.
//!
//! Pure. The baseline is a copy of what runs, so that canary and baseline differ in nothing but the
//! version. Whatever makes no pods is applied as it is written. Deliberately not here: weights of a mesh.

use slipway_core::RolloutStrategy;

use super::copy::{BASELINE, CANARY, has_replicas, of_live, replicas};
use super::{Stable, is_workload};
use crate::{DeployError, ManifestObject};

/// The canaries and, where something runs, the baselines.
pub(super) fn beside(
    strategy: &RolloutStrategy,
    objects: &[ManifestObject],
    stable: &Stable,
) -> Result<Vec<ManifestObject>, DeployError> {
    let mut made = Vec::new();
    for object in objects {
        if !is_workload(object) {
            made.push(object.clone());
            continue;
        }
        let live = stable.get(&(object.kind.clone(), object.name.clone()));
        let count = share_of(object, live.and_then(replicas), strategy.percentage)?;
        made.push(CANARY.workload(object, count));
        if let Some(live) = live {
            made.push(BASELINE.workload(&of_live(object, live), count));
        }
    }
    Ok(made)
}

/// How many pods the canary has; none for a kind that does not count them.
fn share_of(
    object: &ManifestObject,
    live: Option<u32>,
    percentage: u32,
) -> Result<Option<u32>, DeployError> {
    if !has_replicas(&object.kind) {
        return Ok(None);
    }
    // An autoscaler's manifest does not say how many: then as many as there are.
    let all = replicas(&object.value).or(live).unwrap_or(1);
    match share(all, percentage) {
        0 => Err(DeployError::CanaryEmpty {
            place: Box::new(object.place_of("spec.replicas")),
            percentage,
            replicas: all,
        }),
        count => Ok(Some(count)),
    }
}

/// Rounded, a half upwards.
pub(crate) fn share(replicas: u32, percentage: u32) -> u32 {
    let share = (u64::from(replicas) * u64::from(percentage) + 50) / 100;
    u32::try_from(share).unwrap_or(u32::MAX)
}
