//! The verdict on what stands beside what runs: by the telemetry of its own pods, and by probes of its own
//! address.
//!
//! Called by the watch. With an automatic strategy the verdict decides, else it is shown and a promotion
//! against it needs an explicit yes. Deliberately not here: the rules of the verdict (`slipway-telemetry`).

use slipway_core::{AppEvent, HealthVerdict, HealthWindow, RolloutStrategy, StrategyKind, Tag};
use slipway_deploy::PodStatus;
use slipway_store::{DeploymentRow, EnvironmentRow, TelemetryRange};
use slipway_telemetry::probe::probe;
use slipway_telemetry::stats::{RequestRow, summarize_requests};
use slipway_telemetry::verdict::{Baseline, HealthInput, judge};

use crate::app::App;
use crate::dto::{StrategyAction, StrategyFinish};
use crate::error::ApiError;
use crate::observe::request_row;
use crate::watch::PROBE_TIMEOUT;

/// As much of a container's id as its host name shows.
const SHORT_ID: usize = 12;

impl App {
    /// Judges what waits, and lets the verdict decide where that was asked for. True if something has no
    /// verdict yet.
    pub(crate) async fn watch_waiting(&self, client: &reqwest::Client) -> Result<bool, ApiError> {
        let mut is_eager = false;
        for waiting in self.store.waiting_deployments().await? {
            let (project, name) = (&waiting.project_id, &waiting.environment);
            let environment = self.store.environment(project, name).await?;
            let (Some(environment), Some(strategy)) = (environment, waiting.strategy) else {
                continue;
            };
            let health = match self.judge_waiting(client, &environment, &waiting, strategy).await {
                Ok(health) => health,
                // A cluster that does not answer keeps no other one waiting.
                Err(error) => {
                    tracing::warn!(code = error.code, "no verdict in {name}: {}", error.message);
                    continue;
                }
            };
            is_eager |= health.verdict == HealthVerdict::Waiting;
            let action = match health.verdict {
                HealthVerdict::Healthy => StrategyAction::Promote,
                HealthVerdict::Unhealthy => StrategyAction::Reject,
                HealthVerdict::Waiting => continue,
            };
            if strategy.is_automatic {
                Box::pin(self.decide_by_verdict(&waiting, action, &health.reason)).await?;
            }
        }
        Ok(is_eager)
    }

    async fn decide_by_verdict(
        &self,
        waiting: &DeploymentRow,
        action: StrategyAction,
        reason: &str,
    ) -> Result<(), ApiError> {
        let request =
            StrategyFinish { deployment_id: waiting.id.clone(), action, is_forced: false };
        match Box::pin(self.finish_strategy(request)).await {
            Ok(_) => {}
            // Another deployment goes on, or somebody was faster: the next look sees what came of it.
            Err(error) if matches!(error.code.as_str(), "deployment_under_way" | "not_waiting") => {
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        let (what, done) = match action {
            StrategyAction::Promote => ("is promoted by its verdict", "promoted"),
            StrategyAction::Reject => ("is rejected by its verdict", "rejected"),
        };
        let line = format!("The verdict has {done} it: {reason}");
        self.store.add_deployment_line(&waiting.id, self.now_ms(), &line).await?;
        let shown = waiting.strategy.map(RolloutStrategy::shown).unwrap_or_default();
        self.emit(AppEvent::Noticed {
            title: format!("The {shown} in {} {what}", waiting.environment),
            message: reason.to_owned(),
        });
        Ok(())
    }

    async fn judge_waiting(
        &self,
        client: &reqwest::Client,
        environment: &EnvironmentRow,
        waiting: &DeploymentRow,
        strategy: RolloutStrategy,
    ) -> Result<HealthWindow, ApiError> {
        let now = self.now_ms();
        let from = waiting.finished_at.unwrap_or(waiting.started_at);
        let before = waiting.health.clone();
        let (mut probes, mut failed_probes) =
            before.as_ref().map_or((0, 0), |health| (health.probes, health.failed_probes));
        // A canary answers at the address of all; only a green has one of its own. These probes are not
        // the environment's, whose verdict is about what runs.
        if let (StrategyKind::BlueGreen, Some(url)) = (strategy.kind, &waiting.url) {
            let result = probe(client, url, PROBE_TIMEOUT, now).await;
            probes += 1;
            failed_probes += u32::from(!result.success);
        }
        let pods = self.target(environment).await?.status().await?.pods;
        let own: Vec<String> =
            pods.iter().filter(|pod| is_new(pod, strategy.kind)).flat_map(instances).collect();
        let range = TelemetryRange {
            project_id: waiting.project_id.clone(),
            environment: waiting.environment.clone(),
            from,
            to: now,
            deployment: Some(waiting.id.clone()),
        };
        let (own, others) = self.store.requests_by_instance(&range, &own).await?;
        let rows: Vec<RequestRow> = own.into_iter().map(request_row).collect();
        let others: Vec<RequestRow> = others.into_iter().map(request_row).collect();
        let (own, stable) = (summarize_requests(&rows), summarize_requests(&others));
        let baseline = (stable.requests > 0).then_some(Baseline {
            requests: stable.requests,
            failed_requests: stable.failed,
            p95_ms: stable.p95,
        });
        let (verdict, reason) = judge(&HealthInput {
            deployed_at: from,
            now,
            requests: own.requests,
            failed_requests: own.failed,
            exceptions: 0,
            probes: probes.into(),
            failed_probes: failed_probes.into(),
            p95_ms: own.p95,
            baseline,
        });
        let reason = match verdict {
            HealthVerdict::Waiting => format!("Not enough data for a verdict. {reason}"),
            _ => reason,
        };
        let health = HealthWindow {
            from,
            to: now,
            requests: u32::try_from(own.requests).unwrap_or(u32::MAX),
            failed_requests: u32::try_from(own.failed).unwrap_or(u32::MAX),
            exceptions: 0,
            probes,
            failed_probes,
            p95_ms: own.p95,
            verdict,
            reason,
        };
        self.store.set_deployment_health(&waiting.id, &health).await?;
        if before.is_none_or(|before| before.verdict != verdict) {
            self.changed(&[Tag::Deployment]);
        }
        Ok(health)
    }
}

/// True for a pod of the new version; a baseline is of the old one.
fn is_new(pod: &PodStatus, kind: StrategyKind) -> bool {
    let suffix = match kind {
        StrategyKind::Canary => "-canary",
        StrategyKind::BlueGreen => "-green",
    };
    pod.workload.ends_with(suffix)
}

/// What telemetry calls it (`ai.cloud.roleInstance`): its name in a cluster, its host name here.
fn instances(pod: &PodStatus) -> Vec<String> {
    let id: String = pod.container_id.chars().take(SHORT_ID).collect();
    [pod.name.clone(), id].into_iter().filter(|text| !text.is_empty()).collect()
}
