//! Watches one pod for as long as it exists: its container's state and its probes.
//!
//! The target starts one task for each pod, in a rollout and after. What it finds it reports; a
//! failed liveness or startup probe restarts the container. Deliberately not here: endpoints, and
//! whether a rollout has failed.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use slipway_core::Timestamp;
use slipway_engine::{ContainerFacts, ContainerState};

use super::check::Prober;
use super::probe::ProbeRound;
use super::record::Pod;

/// How often a container is looked at while it is not ready, and while it is.
const LOOK_EAGER: Duration = Duration::from_millis(200);
const LOOK_CALM: Duration = Duration::from_secs(1);
/// Without a readiness probe, a container that ran this long counts as ready. Kubernetes would not
/// wait at all, and take a container that crashes at once for ready.
const SETTLED: Duration = Duration::from_secs(1);

/// How a pod stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PodHealth {
    /// `Pending`, `Running` or `Failed`.
    pub(crate) phase: &'static str,
    pub(crate) is_ready: bool,
    /// How often its container ended by itself or was ended by a probe.
    pub(crate) exits: u32,
    pub(crate) restarts: u32,
    pub(crate) started_at: Option<Timestamp>,
    /// What is wrong, as a clause.
    pub(crate) message: Option<String>,
    /// Container port to port of this machine; changes with each start.
    pub(crate) published: BTreeMap<u16, u16>,
    /// Its container was removed by somebody.
    pub(crate) is_gone: bool,
}

struct Watch<'a> {
    pod: &'a Pod,
    prober: Prober,
    /// The start that the round belongs to.
    round: Option<(Timestamp, ProbeRound)>,
    /// Believe a pod that ran before this app did.
    is_trusted: bool,
    probe_restarts: u32,
    /// Looks in a row that found it ended.
    ended_looks: u32,
    health: PodHealth,
}

/// Watches until the container is gone; ends earlier when the task is aborted.
pub(crate) async fn watch(
    pod: &Pod,
    prober: Prober,
    is_trusted: bool,
    report: impl Fn(PodHealth) + Send,
) {
    let mut watch = Watch {
        pod,
        prober,
        round: None,
        is_trusted,
        probe_restarts: 0,
        ended_looks: 0,
        health: PodHealth { phase: "Pending", ..PodHealth::default() },
    };
    loop {
        let pause = watch.look().await;
        report(watch.health.clone());
        if watch.health.is_gone {
            return;
        }
        tokio::time::sleep(pause).await;
    }
}

impl Watch<'_> {
    /// Looks once and says when to look again.
    async fn look(&mut self) -> Duration {
        let container = match self.prober.engine.inspect(&self.pod.container_id).await {
            Ok(Some(container)) => container,
            Ok(None) => {
                let message = Some("its container was removed".to_owned());
                let (exits, restarts) = (self.health.exits, self.health.restarts);
                self.health = PodHealth {
                    phase: "Failed",
                    is_gone: true,
                    message,
                    exits,
                    restarts,
                    ..PodHealth::default()
                };
                return LOOK_CALM;
            }
            Err(error) => {
                // Pods may well run on while the engine is away, so readiness stays.
                self.health.message = Some(error.to_string());
                return LOOK_CALM;
            }
        };
        let restarts = u32::try_from(container.restart_count).unwrap_or(0) + self.probe_restarts;
        let has_ended = matches!(container.state, ContainerState::Exited | ContainerState::Dead);
        self.health.restarts = restarts;
        self.health.exits = restarts + u32::from(has_ended);
        self.health.started_at = container.started_at;
        self.health.published = container.published.iter().copied().collect();
        if container.is_running() {
            self.ended_looks = 0;
            self.running(&container).await
        } else {
            self.not_running(&container, has_ended).await
        }
    }

    async fn running(&mut self, container: &ContainerFacts) -> Duration {
        self.health.phase = "Running";
        let started_at = container.started_at.unwrap_or_default();
        if self.round.as_ref().is_none_or(|(at, _)| *at != started_at) {
            let mut round = ProbeRound::new(self.pod.probes.clone());
            if std::mem::take(&mut self.is_trusted) {
                round.trust();
            }
            self.round = Some((started_at, round));
            self.health.message = None;
        }
        let Some((_, round)) = &mut self.round else { return LOOK_EAGER };
        for kind in round.due(age_of(started_at)) {
            let Some(probe) = self.pod.probes.get(kind) else { continue };
            let outcome = self.prober.perform(probe, container).await;
            let restart = round.record(kind, &outcome, age_of(started_at));
            match &outcome {
                Ok(()) if round.is_ready() => self.health.message = None,
                Ok(()) => {}
                Err(reason) => {
                    self.health.message =
                        Some(format!("the {} probe failed: {reason}", kind.word()));
                }
            }
            if let Some(reason) = restart {
                self.restart(reason).await;
                return LOOK_EAGER;
            }
        }
        let is_settled = self.pod.probes.readiness.is_some() || age_of(started_at) >= SETTLED;
        self.health.is_ready = round.is_ready() && is_settled;
        let calm = if self.health.is_ready { LOOK_CALM } else { LOOK_EAGER };
        let until_due = round.next_at().map_or(calm, |at| at.saturating_sub(age_of(started_at)));
        until_due.clamp(Duration::from_millis(20), calm)
    }

    async fn not_running(&mut self, container: &ContainerFacts, has_ended: bool) -> Duration {
        self.round = None;
        self.is_trusted = false;
        self.health.is_ready = false;
        self.health.phase = if has_ended { "Failed" } else { "Pending" };
        self.health.message = end_of(container, self.health.exits);
        if has_ended {
            // The engine restarts it unless a person stopped it; Kubernetes would start it again.
            self.ended_looks += 1;
            if self.ended_looks >= 10 {
                self.ended_looks = 0;
                self.start().await;
            }
        }
        LOOK_EAGER
    }

    async fn restart(&mut self, reason: String) {
        self.round = None;
        self.probe_restarts += 1;
        self.health.exits += 1;
        self.health.restarts += 1;
        self.health.is_ready = false;
        let engine = &self.prober.engine;
        if let Err(error) = engine.stop(&self.pod.container_id, self.pod.grace_seconds).await {
            tracing::warn!(pod = %self.pod.name, %error, "a pod could not be stopped");
        }
        self.start().await;
        self.health.message = Some(reason);
    }

    async fn start(&mut self) {
        if let Err(error) = self.prober.engine.start(&self.pod.container_id).await {
            tracing::warn!(pod = %self.pod.name, %error, "a pod could not be started");
            self.health.message = Some(error.to_string());
        }
    }
}

/// How its last run ended, if it ran.
fn end_of(container: &ContainerFacts, exits: u32) -> Option<String> {
    if !container.error.is_empty() {
        return Some(format!("its container did not start: {}", container.error));
    }
    if exits == 0 {
        return None;
    }
    let cause = match (container.oom_killed, container.exit_code) {
        (true, _) => "was killed: it needs more than its memory limit".to_owned(),
        (false, Some(code)) => format!("exited with code {code}"),
        (false, None) => "exited".to_owned(),
    };
    Some(if exits > 1 {
        format!("its container {cause} ({exits} times)")
    } else {
        format!("its container {cause}")
    })
}

fn age_of(started_at: Timestamp) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.saturating_sub(Duration::from_millis(u64::try_from(started_at).unwrap_or(0)))
}
