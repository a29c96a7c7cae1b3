//! What a local target holds in memory, and the short locked looks at it.
//!
//! Everything here can be rebuilt from container labels (`sync.rs`). Deliberately not here: decisions
//! of a rollout.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use sha2::{Digest as _, Sha256};
use slipway_engine::{Engine, NetworkFacts};
use tokio::sync::watch::Sender;
use tokio::task::{AbortHandle, JoinSet};

use super::check::Prober;
use super::proxy::{Endpoint, ServiceProxy, Traffic};
use super::record::{ENVIRONMENT, PROJECT, Pod, Record};
use super::watch::{PodHealth, watch};
use crate::{DeployError, EnvironmentStatus, PodStatus, ServiceStatus};

/// The parts of a target that its tasks refer to.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) prober: Prober,
    pub(crate) project: String,
    pub(crate) environment: String,
    /// One change at a time.
    pub(crate) applying: tokio::sync::Mutex<()>,
    state: Mutex<State>,
    /// Counts up whenever a pod's health changes.
    pub(crate) changes: Sender<u64>,
    watches: Mutex<JoinSet<()>>,
}

/// What is known.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) is_synced: bool,
    pub(crate) record: Record,
    /// By name.
    pub(crate) pods: BTreeMap<String, PodEntry>,
    /// By name.
    pub(crate) services: BTreeMap<String, ServiceProxy>,
}

/// A pod with its watch.
#[derive(Debug)]
pub(crate) struct PodEntry {
    pub(crate) pod: Arc<Pod>,
    pub(crate) health: PodHealth,
    /// Belongs to what is served, not to a rollout under way.
    pub(crate) is_serving: bool,
    pub(crate) traffic: Arc<Traffic>,
    watch: AbortHandle,
}

impl Drop for PodEntry {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

impl State {
    /// Gives every service the ready pods that it selects.
    pub(crate) fn refresh_endpoints(&self) {
        for service in self.services.values() {
            let endpoints = self
                .pods
                .values()
                .filter(|entry| entry.is_serving && entry.health.is_ready)
                .filter(|entry| entry.pod.is_selected_by(&service.spec.selector))
                .filter_map(|entry| {
                    let port = entry.pod.port_for(&service.spec.target)?;
                    let published = entry.health.published.get(&port)?;
                    Some(Endpoint {
                        address: SocketAddr::from((Ipv4Addr::LOCALHOST, *published)),
                        traffic: Arc::clone(&entry.traffic),
                    })
                });
            service.switch(endpoints.collect());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    pub(crate) fn new(engine: Engine, project: &str, environment: &str) -> Arc<Self> {
        Arc::new(Self {
            prober: Prober::new(engine),
            project: project.to_owned(),
            environment: environment.to_owned(),
            applying: tokio::sync::Mutex::default(),
            state: Mutex::default(),
            changes: Sender::new(0),
            watches: Mutex::default(),
        })
    }

    /// A short look; never held across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.prober.engine
    }

    pub(crate) fn is_synced(&self) -> bool {
        self.state().is_synced
    }

    pub(crate) fn pod(&self, name: &str) -> Option<Arc<Pod>> {
        self.state().pods.get(name).map(|entry| Arc::clone(&entry.pod))
    }

    /// Begins the names of all its containers and is the name of its network.
    pub(crate) fn prefix(&self) -> String {
        format!("slipway_{}_{}", slug(&self.project), slug(&self.environment))
    }

    /// The labels of everything that belongs to this environment.
    pub(crate) fn labels(&self) -> Vec<(String, String)> {
        vec![
            (PROJECT.to_owned(), self.project.clone()),
            (ENVIRONMENT.to_owned(), self.environment.clone()),
        ]
    }

    pub(crate) async fn ensure_network(&self) -> Result<NetworkFacts, DeployError> {
        let name = self.prefix();
        self.engine()
            .ensure_network(&name, &self.labels())
            .await
            .map_err(|source| DeployError::engine(format!("making the network {name}"), source))
    }

    pub(crate) async fn log(&self, id: &str, tail: usize) -> Result<Vec<String>, DeployError> {
        let lines = self
            .engine()
            .logs(id, Some(tail))
            .await
            .map_err(|source| DeployError::engine("reading a pod's log", source))?;
        Ok(lines.into_iter().map(|line| line.text).collect())
    }

    /// Takes a pod in and watches it from now on.
    pub(crate) fn watch(self: &Arc<Self>, pod: Pod, is_serving: bool, is_trusted: bool) {
        let pod = Arc::new(pod);
        let (prober, weak) = (self.prober.clone(), Arc::downgrade(self));
        let watched = Arc::clone(&pod);
        let mut watches = lock(&self.watches);
        while watches.try_join_next().is_some() {}
        let handle = watches.spawn(async move {
            let report = |health| Self::report(&weak, &watched, health);
            watch(&watched, prober, is_trusted, report).await;
        });
        let entry = PodEntry {
            pod: Arc::clone(&pod),
            health: PodHealth { phase: "Pending", ..PodHealth::default() },
            is_serving,
            traffic: Arc::default(),
            watch: handle,
        };
        self.state().pods.insert(pod.name.clone(), entry);
    }

    /// A watch's news. The target may be gone; then nobody needs it.
    fn report(weak: &Weak<Self>, pod: &Pod, health: PodHealth) {
        let Some(inner) = weak.upgrade() else { return };
        let mut state = inner.state();
        let Some(entry) = state.pods.get_mut(&pod.name) else { return };
        if entry.health == health || entry.pod.container_id != pod.container_id {
            return;
        }
        if entry.is_serving && entry.health.is_ready != health.is_ready {
            tracing::info!(pod = %pod.name, is_ready = health.is_ready, message = ?health.message,
                "a pod's readiness changed");
        }
        entry.health = health;
        state.refresh_endpoints();
        drop(state);
        inner.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(crate) fn status(&self) -> EnvironmentStatus {
        let state = self.state();
        EnvironmentStatus {
            pods: state.pods.values().map(pod_status).collect(),
            services: state.services.values().map(service_status).collect(),
        }
    }
}

fn pod_status(entry: &PodEntry) -> PodStatus {
    PodStatus {
        name: entry.pod.name.clone(),
        workload: entry.pod.workload.clone(),
        container_id: entry.pod.container_id.clone(),
        image: entry.pod.image.clone(),
        digest: Some(entry.pod.digest.clone()),
        phase: entry.health.phase.to_owned(),
        is_ready: entry.health.is_ready,
        restarts: entry.health.restarts,
        started_at: entry.health.started_at,
        message: entry.health.message.clone(),
    }
}

/// A service as its users see it.
pub(crate) fn service_status(service: &ServiceProxy) -> ServiceStatus {
    let port = service.spec.listen;
    let is_https = service.spec.port == 443 || service.spec.name.ends_with(":https");
    let scheme = if is_https { "https" } else { "http" };
    ServiceStatus {
        name: service.spec.name.clone(),
        port,
        url: Some(format!("{scheme}://127.0.0.1:{port}")),
        endpoints: u32::try_from(service.endpoint_count()).unwrap_or(u32::MAX),
    }
}

/// A text in letters that engines allow in names. Different texts stay different: what the letters
/// lose, a few digits of a hash keep.
fn slug(text: &str) -> String {
    let letters = text.to_lowercase();
    let mapped = letters.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let slug = mapped.collect::<String>().trim_matches('-').to_owned();
    if slug == text {
        return slug;
    }
    let digest = Sha256::digest(text.as_bytes());
    let digits: String = digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    format!("{slug}-{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_the_engine_tell_projects_apart() {
        assert_eq!(slug("shop-1"), "shop-1", "a plain name stays readable");
        let (a, b, c) = (slug("Shop Web"), slug("shop web"), slug("shop-web"));
        assert!(a != b && b != c && a != c, "{a}, {b} and {c} are three projects");
        assert!(a.starts_with("shop-web-"), "and can still be recognised: {a}");
        assert!(!slug("_x_").contains('_'), "the underscore separates project and environment");
    }
}
