//! The watch over what is deployed: an availability probe every few seconds, the verdict from it and
//! from telemetry, and what follows for the backlog.

use std::time::{Duration, Instant};

use slipway_boards::{BoardEvent, next_state};
use slipway_core::{HealthVerdict, HealthWindow, ProjectId, Tag, TargetKind, WorkItemId};
use slipway_store::{DeploymentRow, TelemetryKind, TelemetryRow, WorkItemChange};
use slipway_telemetry::probe::{probe, probe_client};
use slipway_telemetry::stats::summarize_requests;
use slipway_telemetry::verdict::{HealthInput, judge};

use crate::app::App;
use crate::error::ApiError;
use crate::observe::Span;

/// Between two probes while a deployment has no verdict yet, and afterwards.
const EAGER: Duration = Duration::from_secs(2);
const CALM: Duration = Duration::from_secs(10);
pub(crate) const PROBE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a reopened environment may take until a pod is Ready again.
const REOPENING: Duration = Duration::from_secs(10);
/// A verdict looks at most this far back.
const WINDOW_MS: i64 = 30 * 60 * 1000;
/// Telemetry is kept for ninety days, as the vendor does.
const KEPT_MS: i64 = 90 * 24 * 60 * 60 * 1000;

impl App {
    /// Starts the watch; it ends with the app.
    pub(crate) fn spawn_watch(&self) {
        let app = self.handle();
        self.tasks.spawn(async move {
            let client = match probe_client() {
                Ok(client) => client,
                Err(error) => {
                    tracing::error!(%error, "there is no availability probe");
                    return;
                }
            };
            if let Err(error) = app.store.delete_items_before(app.now_ms() - KEPT_MS).await {
                tracing::warn!(%error, "old telemetry stays");
            }
            while !app.shutdown.is_cancelled() {
                let pause = match app.watch_once(&client).await {
                    Ok(is_eager) if is_eager => EAGER,
                    Ok(_) => CALM,
                    Err(error) => {
                        tracing::warn!(code = error.code, "the watch: {}", error.message);
                        CALM
                    }
                };
                // A new deployment is looked at soon, whatever the pause was.
                let mut left = pause;
                while !left.is_zero() {
                    let step = left.min(EAGER);
                    tokio::select! {
                        () = app.shutdown.cancelled() => return,
                        () = tokio::time::sleep(step) => {}
                    }
                    left -= step;
                    if app.has_unjudged_deployment().await {
                        break;
                    }
                }
            }
        });
    }

    async fn current_deployments(&self) -> Result<Vec<DeploymentRow>, ApiError> {
        let mut all = Vec::new();
        for project in self.store.projects().await? {
            for environment in self.store.environments(&project.id).await? {
                all.extend(self.store.current_deployment(&project.id, &environment.name).await?);
            }
        }
        Ok(all)
    }

    async fn has_unjudged_deployment(&self) -> bool {
        let current = self.current_deployments().await.unwrap_or_default();
        current.iter().any(is_unjudged)
    }

    async fn watch_once(&self, client: &reqwest::Client) -> Result<bool, ApiError> {
        let mut is_eager = false;
        for deployment in self.current_deployments().await? {
            self.keep_target_open(&deployment).await;
            if let Some(url) = &deployment.url {
                let result = probe(client, url, PROBE_TIMEOUT, self.now_ms()).await;
                let mut row =
                    TelemetryRow::new(TelemetryKind::Availability, result.at_ms, "Slipway probe");
                row.success = Some(result.success);
                row.duration_ms = Some(result.duration_ms);
                row.result_code = result.status.map(|status| status.to_string());
                row.message = Some(result.message);
                row.url = Some(url.clone());
                let (project, environment) = (&deployment.project_id, &deployment.environment);
                self.store
                    .insert_own_items(project, environment, Some(&deployment.id), &[row])
                    .await?;
                self.telemetry_arrived();
            }
            let health = self.judge_deployment(&deployment).await?;
            is_eager |= health.verdict == HealthVerdict::Waiting;
        }
        is_eager |= self.watch_waiting(client).await?;
        Ok(is_eager)
    }

    /// A local service answers only while its target is open: opened first, and waited for until a pod
    /// is Ready again, so that a start of the app does not look like an outage of the service.
    async fn keep_target_open(&self, deployment: &DeploymentRow) {
        let (project, name) = (&deployment.project_id, &deployment.environment);
        let Ok(Some(environment)) = self.store.environment(project, name).await else { return };
        if environment.target != TargetKind::Local
            || !self.targets.is_first_look(project, name).await
        {
            return;
        }
        let target = match self.target(&environment).await {
            Ok(target) => target,
            Err(error) => {
                tracing::warn!(code = error.code, "environment {name}: {}", error.message);
                return;
            }
        };
        let patience = Instant::now() + REOPENING;
        while Instant::now() < patience && !self.shutdown.is_cancelled() {
            match target.status().await {
                Ok(status) if status.pods.iter().any(|pod| pod.is_ready) => return,
                Ok(_) => tokio::time::sleep(Duration::from_millis(200)).await,
                Err(_) => return,
            }
        }
    }

    /// Judges a deployment by what was seen since it was finished, and keeps the verdict.
    async fn judge_deployment(&self, deployment: &DeploymentRow) -> Result<HealthWindow, ApiError> {
        let now = self.now_ms();
        let deployed_at = deployment.finished_at.unwrap_or(deployment.started_at);
        let from = deployed_at.max(now - WINDOW_MS);
        let span = Span {
            project: deployment.project_id.clone(),
            environment: deployment.environment.clone(),
            from,
            to: now,
        };
        let counts = self.store.telemetry_counts(&span.range()).await?;
        let summary = summarize_requests(&self.observed(&span).await?.requests);
        let (verdict, reason) = judge(&HealthInput {
            deployed_at,
            now,
            requests: counts.requests.into(),
            failed_requests: counts.failed_requests.into(),
            exceptions: counts.exceptions.into(),
            probes: counts.probes.into(),
            failed_probes: counts.failed_probes.into(),
            p95_ms: summary.p95,
            baseline: None,
        });
        let health = HealthWindow {
            from,
            to: now,
            requests: counts.requests,
            failed_requests: counts.failed_requests,
            exceptions: counts.exceptions,
            probes: counts.probes,
            failed_probes: counts.failed_probes,
            p95_ms: summary.p95,
            verdict,
            reason,
        };
        self.store.set_deployment_health(&deployment.id, &health).await?;
        let before = deployment.health.as_ref().map(|health| health.verdict);
        if before != Some(verdict) {
            self.verdict_changed(deployment, &health).await?;
            self.changed(&[Tag::Deployment, Tag::Thread, Tag::WorkItem]);
        }
        Ok(health)
    }

    /// Moves the work items of a deployment's commit, as the verdict and the proof allow.
    async fn verdict_changed(
        &self,
        deployment: &DeploymentRow,
        health: &HealthWindow,
    ) -> Result<(), ApiError> {
        let is_proven = deployment.proof.as_ref().is_some_and(|proof| proof.is_proven);
        let event = match health.verdict {
            HealthVerdict::Healthy if is_proven => BoardEvent::DeploymentProvenHealthy,
            HealthVerdict::Unhealthy => BoardEvent::DeploymentUnhealthy,
            _ => return Ok(()),
        };
        let items =
            self.store.work_items_of_commit(&deployment.project_id, &deployment.commit).await?;
        for item in items {
            let text = format!(
                "Deployment of {} to {}: {}",
                deployment.digest.short(),
                deployment.environment,
                health.reason
            );
            self.store
                .add_work_item_event(&deployment.project_id, item, self.now_ms(), &text)
                .await?;
            self.advance_item(&deployment.project_id, item, event).await?;
        }
        Ok(())
    }

    /// Moves a work item if the board's rules say so.
    pub(crate) async fn advance_item(
        &self,
        project: &ProjectId,
        id: WorkItemId,
        event: BoardEvent,
    ) -> Result<(), ApiError> {
        let Some(item) = self.store.work_item(project, id).await? else { return Ok(()) };
        let Some((state, reason)) = next_state(item.state, event) else { return Ok(()) };
        let change =
            WorkItemChange { state: Some((state, reason.to_owned())), ..WorkItemChange::default() };
        self.store.update_work_item(project, id, &change, self.now_ms()).await?;
        self.changed(&[Tag::WorkItem, Tag::Thread]);
        Ok(())
    }
}

fn is_unjudged(deployment: &DeploymentRow) -> bool {
    deployment.health.as_ref().is_none_or(|health| health.verdict == HealthVerdict::Waiting)
}
