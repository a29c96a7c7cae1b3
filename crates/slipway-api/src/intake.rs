//! Telemetry's way in: read, sort by instrumentation key, keep, and only then answer.

use std::collections::HashMap;

use slipway_core::{CommitSha, DeploymentId, EnvironmentName, ProjectId, Tag};
use slipway_store::{IntakeDelta, TelemetryKind, TelemetryRow};
use slipway_telemetry::ingest::{
    Limits, TelemetryItem, TelemetryKind as Read, TrackReply, read_track,
};

use crate::app::App;
use crate::error::ApiError;

type Source = (ProjectId, EnvironmentName);

impl App {
    /// Takes the body of a `track` request; answers the HTTP status and body.
    pub async fn track(&self, body: &[u8], content_encoding: Option<&str>) -> (u16, String) {
        let now = self.now_ms();
        let mut reply = read_track(body, content_encoding, &Limits::default(), now);
        let kept = self.keep_telemetry(&mut reply).await;
        if let Err(error) = kept {
            tracing::warn!(code = error.code, "telemetry is not kept: {}", error.message);
            let refused = TrackReply::refused(503, error.message);
            return (refused.status(), refused.json(None));
        }
        (reply.status(), reply.json(None))
    }

    /// Counts a body that was too large to be read; answers the response's body.
    pub async fn refuse_oversized_telemetry(&self) -> String {
        let message = "The body is larger than 4 MiB; send smaller batches.".to_owned();
        let delta = IntakeDelta {
            too_large: 1,
            last_error: Some(message.clone()),
            ..IntakeDelta::default()
        };
        if let Err(error) = self.store.count_rejected(&delta).await {
            tracing::warn!(%error, "a refused body is not counted");
        }
        self.changed(&[Tag::Telemetry]);
        TrackReply::refused(413, message).json(None)
    }

    async fn keep_telemetry(&self, reply: &mut TrackReply) -> Result<(), ApiError> {
        let mut sources: HashMap<String, Option<Source>> = HashMap::new();
        for item in reply.items.iter().chain(&reply.set_aside) {
            if !sources.contains_key(&item.ikey) {
                let source = self.source_of_key(&item.ikey).await?;
                sources.insert(item.ikey.clone(), source);
            }
        }
        reply.refuse_where(|item| match sources.get(&item.ikey) {
            Some(Some(_)) => None,
            _ => Some((400, "Invalid instrumentation key".to_owned())),
        });
        let mut batches: HashMap<(&Source, Option<DeploymentId>), Vec<TelemetryRow>> =
            HashMap::new();
        let mut deployments: HashMap<(&Source, Option<&str>), Option<DeploymentId>> =
            HashMap::new();
        for item in &reply.items {
            let Some(Some(source)) = sources.get(&item.ikey) else { continue };
            let version = item.app_version.as_deref();
            let deployment = match deployments.get(&(source, version)) {
                Some(known) => known.clone(),
                None => {
                    let found = self.deployment_of(source, version).await?;
                    deployments.insert((source, version), found.clone());
                    found
                }
            };
            batches.entry((source, deployment)).or_default().push(row(item));
        }
        let now = self.now_ms();
        for ((source, deployment), rows) in &batches {
            self.store.insert_items(&source.0, &source.1, deployment.as_ref(), now, rows).await?;
        }
        let delta = rejected(reply);
        if delta != IntakeDelta::default() {
            self.store.count_rejected(&delta).await?;
        }
        self.telemetry_arrived();
        Ok(())
    }

    async fn source_of_key(&self, ikey: &str) -> Result<Option<Source>, ApiError> {
        let Some(text) = self.store.setting(&format!("ikey/{}", ikey.to_ascii_lowercase())).await?
        else {
            return Ok(None);
        };
        Ok(text.split_once('\n').map(|(project, environment)| {
            (ProjectId::new(project), EnvironmentName::new(environment))
        }))
    }

    /// The deployment an item speaks of: the one of its version, if it names a commit, else the
    /// environment's current one.
    async fn deployment_of(
        &self,
        source: &Source,
        version: Option<&str>,
    ) -> Result<Option<DeploymentId>, ApiError> {
        if let Some(commit) = version.and_then(|text| CommitSha::parse(text).ok()) {
            let newest = self.store.deployments(&source.0, Some(&source.1), 20).await?;
            if let Some(found) = newest.into_iter().find(|deployment| deployment.commit == commit) {
                return Ok(Some(found.id));
            }
        }
        Ok(self.store.current_deployment(&source.0, &source.1).await?.map(|current| current.id))
    }
}

fn rejected(reply: &TrackReply) -> IntakeDelta {
    let mut delta = IntakeDelta::default();
    if let Some((status, message)) = &reply.whole_error {
        match status {
            413 => delta.too_large += 1,
            _ => delta.malformed += 1,
        }
        delta.last_error = Some(message.clone());
    }
    for error in &reply.errors {
        match error.status_code {
            413 => delta.too_large += 1,
            400 if error.message == "Invalid instrumentation key" => delta.unauthorized += 1,
            _ => delta.malformed += 1,
        }
        delta.last_error = Some(error.message.clone());
    }
    delta
}

fn row(item: &TelemetryItem) -> TelemetryRow {
    let kind = match item.kind {
        Read::Request => TelemetryKind::Request,
        Read::Dependency => TelemetryKind::Dependency,
        Read::Exception => TelemetryKind::Exception,
        Read::Trace => TelemetryKind::Trace,
        Read::Event => TelemetryKind::Event,
        Read::Metric => TelemetryKind::Metric,
        Read::PageView => TelemetryKind::PageView,
        Read::Availability => TelemetryKind::Availability,
    };
    let mut row = TelemetryRow::new(kind, item.at_ms, item.name.clone().unwrap_or_default());
    row.item_count = item.item_count;
    row.operation_id.clone_from(&item.operation_id);
    row.operation_name.clone_from(&item.operation_name);
    row.operation_parent_id.clone_from(&item.operation_parent_id);
    row.role_name.clone_from(&item.role_name);
    row.role_instance.clone_from(&item.role_instance);
    row.app_version.clone_from(&item.app_version);
    row.url = item.url.clone().or_else(|| item.target.clone());
    row.result_code.clone_from(&item.result_code);
    row.success = item.success;
    row.duration_ms = item.duration_ms;
    row.message = item.message.clone().or_else(|| item.data.clone());
    row.severity = item.severity;
    if let Some(exception) = &item.exception {
        row.type_name = Some(exception.type_name.clone());
        row.problem_id = Some(exception.problem_id.clone());
        row.stack.clone_from(&exception.stack);
    }
    row.value = item.metric.map(|metric| metric.value);
    if let Some(properties) = &item.properties {
        row.properties.clone_from(properties);
    }
    row
}

impl App {
    /// Tells faces at most twice a second: telemetry arrives far more often than a chart is drawn.
    pub(crate) fn telemetry_arrived(&self) {
        if self.may_tell_of_telemetry(self.now_ms()) {
            self.changed(&[Tag::Telemetry]);
        }
    }
}
