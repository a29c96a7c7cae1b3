//! Brings memory in line with the engine: after a restart of the app, before each deployment.
//!
//! Pods that the record names are taken in and watched; leftovers of a broken rollout are removed.
//! Deliberately not here: starting anything new.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use slipway_engine::ContainerFacts;

use super::proxy::ServiceProxy;
use super::record::{Pod, ROLE, ROLE_POD, ROLE_RECORD, Record, newest_record};
use super::state::{Inner, State};
use crate::DeployError;

/// Reads the environment's containers and serves what they say.
pub(crate) async fn sync(inner: &Arc<Inner>) -> Result<(), DeployError> {
    let containers = list(inner).await?;
    let record = newest_record(&containers)
        .map_err(|(container, reason)| DeployError::RecordUnreadable { container, reason })?;
    let (kept, leftovers) = sort(&containers, &record);
    forget_vanished(&mut inner.state(), &kept);
    for pod in kept {
        let is_known = inner.pod(&pod.name).is_some();
        if !is_known {
            inner.watch(pod, true, true);
        }
    }
    open_services(inner, &record).await?;
    {
        let mut state = inner.state();
        state.record = record;
        state.is_synced = true;
        state.refresh_endpoints();
    }
    remove(inner, leftovers).await
}

/// Pods that serve, and ids of containers that nobody needs.
fn sort(containers: &[ContainerFacts], record: &Record) -> (Vec<Pod>, Vec<String>) {
    let (mut kept, mut leftovers) = (Vec::new(), Vec::new());
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for container in containers {
        let role = container.labels.get(ROLE).map_or("", String::as_str);
        if role == ROLE_RECORD {
            // Only the newest counts; it is recognised by its name, which ends in the generation.
            if !container.name.ends_with(&format!("_record-{}", record.generation)) {
                leftovers.push(container.id.clone());
            }
            continue;
        }
        match Pod::of(container).filter(|pod| role == ROLE_POD && pod.is_in(record)) {
            Some(pod) => {
                let count = counts.entry(pod.workload.clone()).or_default();
                *count += 1;
                let wanted = record.workloads.get(&pod.workload).map_or(0, |w| w.replicas);
                if *count <= wanted { kept.push(pod) } else { leftovers.push(pod.container_id) }
            }
            None => leftovers.push(container.id.clone()),
        }
    }
    (kept, leftovers)
}

fn forget_vanished(state: &mut State, kept: &[Pod]) {
    state.pods.retain(|name, entry| {
        kept.iter().any(|pod| pod.name == *name && pod.container_id == entry.pod.container_id)
    });
}

async fn open_services(inner: &Arc<Inner>, record: &Record) -> Result<(), DeployError> {
    for spec in &record.services {
        if inner.state().services.contains_key(&spec.name) {
            continue;
        }
        let name = spec.name.clone();
        match ServiceProxy::open(spec.clone()).await {
            Ok(proxy) => {
                inner.state().services.insert(name, proxy);
            }
            // The other services and the pods are worth having; the next deployment says it again.
            Err((port, error)) => {
                tracing::warn!(service = %name, port, %error, "a service port could not be opened");
            }
        }
    }
    Ok(())
}

/// All containers of this environment.
pub(crate) async fn list(inner: &Inner) -> Result<Vec<ContainerFacts>, DeployError> {
    inner.engine().list(&inner.labels()).await.map_err(|source| {
        DeployError::engine(format!("listing the pods of {}", inner.environment), source)
    })
}

/// Removes containers at once, all of them even if one fails.
pub(crate) async fn remove(inner: &Inner, ids: Vec<String>) -> Result<(), DeployError> {
    let removals = ids.iter().map(|id| inner.engine().remove(id, true));
    for outcome in join_all(removals).await {
        outcome.map_err(|source| DeployError::engine("removing containers", source))?;
    }
    Ok(())
}

/// Stops and removes pods, services and the network.
pub(crate) async fn remove_all(inner: &Arc<Inner>) -> Result<(), DeployError> {
    {
        let mut state = inner.state();
        state.services.clear();
        state.pods.clear();
        state.record = Record::default();
    }
    let containers = list(inner).await?;
    let stops = containers.iter().filter(|container| container.is_running()).map(|container| {
        let grace = Pod::of(container).map_or(0, |pod| pod.grace_seconds);
        inner.engine().stop(&container.id, grace)
    });
    for outcome in join_all(stops).await {
        if let Err(error) = outcome {
            tracing::warn!(%error, "a pod could not be stopped; it is removed by force");
        }
    }
    remove(inner, containers.into_iter().map(|container| container.id).collect()).await?;
    let network = inner.prefix();
    inner
        .engine()
        .remove_network(&network)
        .await
        .map_err(|source| DeployError::engine(format!("removing the network {network}"), source))
}
