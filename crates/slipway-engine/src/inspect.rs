//! Reads how containers stand.
//!
//! Called by the local deployment target, often. Deliberately not here: changing anything.

use std::collections::HashMap;

use bollard::models::{
    ContainerInspectResponse, ContainerStateStatusEnum, HealthStatusEnum, NetworkSettings,
};
use bollard::query_parameters::ListContainersOptionsBuilder;
use futures_util::{StreamExt, TryStreamExt};

use crate::call::{ANSWER_LIMIT, limited};
use crate::lines::instant;
use crate::{ContainerFacts, ContainerState, Engine, EngineError, Health};

/// How many containers are asked for at the same time.
const ASKED_AT_ONCE: usize = 8;

impl Engine {
    /// Looks at a container by id or name; `None` if there is none.
    pub async fn inspect(&self, id: &str) -> Result<Option<ContainerFacts>, EngineError> {
        let doing = format!("looking at the container {id}");
        let call = self.docker().inspect_container(id, None);
        match limited(&doing, ANSWER_LIMIT, call).await {
            Ok(container) => Ok(Some(container_facts(container))),
            Err(EngineError::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All containers, running or not, that carry every one of these labels; sorted by name. An
    /// empty value asks for any value.
    pub async fn list(
        &self,
        labels: &[(String, String)],
    ) -> Result<Vec<ContainerFacts>, EngineError> {
        let filters = HashMap::from([("label".to_owned(), label_filters(labels))]);
        let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
        let call = self.docker().list_containers(Some(options));
        let found = limited("listing the containers", ANSWER_LIMIT, call).await?;
        // The list lacks exit codes, restarts and errors, so each one is asked for by itself; one
        // that vanished in between is left out.
        let ids = found.into_iter().filter_map(|container| container.id);
        let mut containers: Vec<ContainerFacts> = futures_util::stream::iter(ids)
            .map(|id| async move { self.inspect(&id).await })
            .buffer_unordered(ASKED_AT_ONCE)
            .try_filter_map(|found| async move { Ok(found) })
            .try_collect()
            .await?;
        containers.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(containers)
    }
}

/// Labels as the engine's filters write them.
pub(crate) fn label_filters(labels: &[(String, String)]) -> Vec<String> {
    let filter = |(name, value): &(String, String)| match value.as_str() {
        "" => name.clone(),
        value => format!("{name}={value}"),
    };
    labels.iter().map(filter).collect()
}

fn container_facts(container: ContainerInspectResponse) -> ContainerFacts {
    let state = container.state.unwrap_or_default();
    let config = container.config.unwrap_or_default();
    let settings = container.network_settings.unwrap_or_default();
    let status = state_of(state.status);
    let has_ended = matches!(status, ContainerState::Exited | ContainerState::Dead);
    let started_at = state.started_at.as_deref().and_then(instant);
    // The engine keeps the last end while the container runs again; and it notes the start of a
    // very short run later than its end.
    let finished_at = state.finished_at.as_deref().and_then(instant).filter(|_| has_ended);
    let finished_at = finished_at.map(|at| at.max(started_at.unwrap_or(at)));
    ContainerFacts {
        id: container.id.unwrap_or_default(),
        name: container.name.unwrap_or_default().trim_start_matches('/').to_owned(),
        image_id: container.image.unwrap_or_default(),
        image_reference: config.image.unwrap_or_default(),
        labels: config.labels.unwrap_or_default().into_iter().collect(),
        state: status,
        exit_code: state.exit_code.filter(|_| has_ended),
        started_at,
        finished_at,
        restart_count: container.restart_count.unwrap_or_default(),
        ip: ip_of(&settings),
        published: published(&settings),
        oom_killed: state.oom_killed.unwrap_or_default(),
        error: state.error.unwrap_or_default(),
        health: health_of(state.health.and_then(|health| health.status)),
        env: config.env.unwrap_or_default().iter().filter_map(|pair| pair_of(pair)).collect(),
    }
}

fn health_of(status: Option<HealthStatusEnum>) -> Health {
    use HealthStatusEnum as Wire;
    match status {
        Some(Wire::STARTING) => Health::Starting,
        Some(Wire::HEALTHY) => Health::Healthy,
        Some(Wire::UNHEALTHY) => Health::Unhealthy,
        Some(Wire::NONE | Wire::EMPTY) | None => Health::Unchecked,
    }
}

fn pair_of(pair: &str) -> Option<(String, String)> {
    pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
}

fn state_of(status: Option<ContainerStateStatusEnum>) -> ContainerState {
    use ContainerStateStatusEnum as Wire;
    match status {
        Some(Wire::RUNNING | Wire::STOPPING) => ContainerState::Running,
        Some(Wire::PAUSED) => ContainerState::Paused,
        Some(Wire::RESTARTING) => ContainerState::Restarting,
        Some(Wire::REMOVING) => ContainerState::Removing,
        Some(Wire::EXITED) => ContainerState::Exited,
        Some(Wire::DEAD) => ContainerState::Dead,
        Some(Wire::CREATED | Wire::EMPTY) | None => ContainerState::Created,
    }
}

fn ip_of(settings: &NetworkSettings) -> Option<std::net::IpAddr> {
    settings
        .networks
        .iter()
        .flatten()
        .filter_map(|(_, endpoint)| endpoint.ip_address.as_deref())
        .find_map(|address| address.parse().ok())
}

fn published(settings: &NetworkSettings) -> Vec<(u16, u16)> {
    let mut ports: Vec<(u16, u16)> = settings
        .ports
        .iter()
        .flatten()
        .filter_map(|(port, bindings)| {
            let inner = port.strip_suffix("/tcp")?.parse().ok()?;
            let outer =
                bindings.as_ref()?.iter().find_map(|b| b.host_port.as_ref()?.parse().ok())?;
            Some((inner, outer))
        })
        .collect();
    ports.sort_unstable();
    ports
}
