//! Waits until every pod of a rollout is ready, or says why one never will be.
//!
//! Deliberately not here: removing what failed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::rollout::{Change, Rollout};
use super::watch::PodHealth;
use crate::DeployError;

/// A container that ended this often is not going to stay.
const CRASH_EXITS: u32 = 3;
/// As many of a pod's last lines as fit into an error.
const LAST_LINES: usize = 20;

/// Waits for all workloads; each has its own deadline.
pub(crate) async fn wait_ready(
    rollout: &Rollout<'_>,
    changes: &[Change],
) -> Result<(), DeployError> {
    let begun = tokio::time::Instant::now();
    let mut news = rollout.inner.changes.subscribe();
    let mut said: Vec<(String, String)> = Vec::new();
    // A pod that is kept may have restarted in its life before; that is no crash loop now.
    let before: BTreeMap<String, u32> = {
        let state = rollout.inner.state();
        let kept = changes.iter().flat_map(|change| &change.kept);
        kept.filter_map(|name| Some((name.clone(), state.pods.get(name)?.health.exits))).collect()
    };
    loop {
        rollout.check_cancel("waiting for readiness")?;
        news.borrow_and_update();
        let mut deadline: Option<Duration> = None;
        for change in changes {
            if let Some((pod, health)) = first_unready(rollout, change, &mut said) {
                let exits =
                    health.exits - before.get(&pod).map_or(0, |exits| *exits.min(&health.exits));
                if exits >= CRASH_EXITS || health.is_gone {
                    return Err(not_ready(rollout, change, &pod, crash_reason(&health)).await);
                }
                if begun.elapsed() >= change.deadline {
                    let reason = late_reason(&health, change.deadline);
                    return Err(not_ready(rollout, change, &pod, reason).await);
                }
                deadline = Some(deadline.map_or(change.deadline, |d| d.min(change.deadline)));
            }
        }
        let Some(deadline) = deadline else { return Ok(()) };
        tokio::select! {
            _ = news.changed() => {}
            () = tokio::time::sleep_until(begun + deadline) => {}
            () = rollout.cancel.cancelled() => {}
        }
    }
}

/// The pod that is furthest from ready: a crashing one before a slow one. Says what is new.
fn first_unready(
    rollout: &Rollout<'_>,
    change: &Change,
    said: &mut Vec<(String, String)>,
) -> Option<(String, PodHealth)> {
    let state = rollout.inner.state();
    let mut unready: Option<(String, PodHealth)> = None;
    let mut lines = Vec::new();
    for name in change.new.iter().chain(&change.kept) {
        let health = state.pods.get(name).map(|entry| entry.health.clone()).unwrap_or_else(|| {
            PodHealth { is_gone: true, phase: "Failed", ..PodHealth::default() }
        });
        let line = match (&health.message, health.is_ready) {
            (_, true) => "is ready".to_owned(),
            (Some(message), false) => format!("is not ready: {message}"),
            (None, false) => String::new(),
        };
        let is_new = !said.iter().any(|(pod, last)| pod == name && *last == line);
        if is_new && !line.is_empty() && change.new.contains(name) {
            said.retain(|(pod, _)| pod != name);
            said.push((name.clone(), line.clone()));
            lines.push(format!("Pod {name} {line}."));
        }
        let is_worse = unready
            .as_ref()
            .is_none_or(|(_, worst)| (health.is_gone, health.exits) > (worst.is_gone, worst.exits));
        if !health.is_ready && is_worse {
            unready = Some((name.clone(), health));
        }
    }
    drop(state);
    for line in lines {
        rollout.say(line);
    }
    unready
}

async fn not_ready(
    rollout: &Rollout<'_>,
    change: &Change,
    pod: &str,
    reason: String,
) -> DeployError {
    let id = rollout.inner.pod(pod).map(|pod| pod.container_id.clone()).unwrap_or_default();
    // A container without a log still has a reason.
    let last_lines = rollout.inner.log(&id, LAST_LINES).await.unwrap_or_default();
    DeployError::NotReady {
        workload: format!("Deployment '{}'", change.workload),
        pod: pod.to_owned(),
        reason,
        last_lines,
    }
}

fn crash_reason(health: &PodHealth) -> String {
    match &health.message {
        Some(message) => format!("{message}."),
        None => format!("its container exited {} times.", health.exits),
    }
}

fn late_reason(health: &PodHealth, deadline: Duration) -> String {
    let seconds = deadline.as_secs_f32();
    match &health.message {
        Some(message) => format!("not ready after {seconds} s: {message}."),
        None if health.phase == "Running" => {
            format!("not ready after {seconds} s: no probe has answered yet.")
        }
        None => format!("not ready after {seconds} s: its container does not run."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_carry_the_probes_words() {
        let mut health = PodHealth { phase: "Running", ..PodHealth::default() };
        let limit = Duration::from_millis(2500);
        assert_eq!(
            late_reason(&health, limit),
            "not ready after 2.5 s: no probe has answered yet."
        );
        health.message = Some("the readiness probe failed: port 80 refuses connections".into());
        assert!(late_reason(&health, limit).ends_with("port 80 refuses connections."));
    }
}
