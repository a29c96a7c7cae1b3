//! A port of this machine that leads to a pod, whichever pod that is at the time.
//!
//! Each connection looks for a ready pod of its target anew, so the port outlives pods. It listens on
//! loopback only. Deliberately not here: UDP, and opening a browser.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Pod, Service};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kube::ResourceExt as _;
use kube::api::{Api, ListParams};
use kube::core::Selector;
use slipway_core::{KubeForwardKind, KubeForwardTarget, KubeForwardView, KubeStreamState};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::pulse::Pulse;
use super::{Cluster, KubeViews, ViewError};
use crate::cluster::connect::answered;
use crate::cluster::pods::is_ready;

/// What a port is to lead to.
#[derive(Debug, Clone, PartialEq)]
pub struct ForwardWanted {
    pub context: String,
    pub namespace: String,
    pub target: KubeForwardTarget,
    pub port: u16,
    /// None: any free one.
    pub local_port: Option<u16>,
}

pub(super) struct Forward {
    id: String,
    wanted: ForwardWanted,
    local_port: u16,
    state: Mutex<State>,
    connections: AtomicU32,
    pulse: Pulse,
    end: CancellationToken,
}

struct State {
    state: KubeStreamState,
    problem: Option<String>,
    pod: Option<String>,
}

#[derive(Default)]
pub(super) struct AllForwards(Mutex<BTreeMap<String, Arc<Forward>>>);

impl AllForwards {
    fn open(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Forward>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn list(&self) -> Vec<KubeForwardView> {
        self.open().values().map(|forward| forward.view()).collect()
    }

    pub(super) fn end(&self, id: &str) {
        if let Some(forward) = self.open().remove(id) {
            forward.end.cancel();
        }
    }

    pub(super) fn end_all(&self) {
        std::mem::take(&mut *self.open()).into_values().for_each(|one| one.end.cancel());
    }
}

pub(super) async fn start(
    views: &KubeViews,
    wanted: ForwardWanted,
) -> Result<KubeForwardView, ViewError> {
    let cluster = views.cluster(&wanted.context).await?;
    let first = match aim(&cluster, &wanted).await {
        Ok(aim) => State { state: KubeStreamState::Live, problem: None, pod: Some(aim.pod) },
        // Pods come and go; the port waits for one.
        Err(error @ ViewError::NoReadyPod { .. }) => State {
            state: KubeStreamState::Reconnecting,
            problem: Some(error.to_string()),
            pod: None,
        },
        Err(error) => return Err(error),
    };
    let port = wanted.local_port.unwrap_or(0);
    let unavailable =
        |error: std::io::Error| ViewError::PortUnavailable { port, reason: error.to_string() };
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(unavailable)?;
    let local_port = listener.local_addr().map_err(unavailable)?.port();
    let forward = Arc::new(Forward {
        id: views.next_id("forward"),
        wanted,
        local_port,
        state: Mutex::new(first),
        connections: AtomicU32::new(0),
        pulse: Pulse::after(0),
        end: views.inner.closing.child_token(),
    });
    views.inner.forwards.open().insert(forward.id.clone(), forward.clone());
    let view = forward.view();
    let views = views.clone();
    tokio::spawn(async move {
        let told = views.inner.listener.clone();
        let end = forward.end.clone();
        tokio::join!(forward.pulse.pass_on(&forward.id, &told, &end), async {
            tokio::select! {
                () = forward.accept(&views, listener) => {}
                () = end.cancelled() => {}
            }
        });
    });
    Ok(view)
}

impl Forward {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, state: KubeStreamState, problem: Option<String>, pod: Option<String>) {
        *self.state() = State { state, problem, pod };
        self.pulse.beat();
    }

    fn view(&self) -> KubeForwardView {
        let state = self.state();
        KubeForwardView {
            id: self.id.clone(),
            context: self.wanted.context.clone(),
            namespace: self.wanted.namespace.clone(),
            target: self.wanted.target.clone(),
            port: self.wanted.port,
            local_port: self.local_port,
            url: format!("http://127.0.0.1:{}", self.local_port),
            state: state.state,
            problem: state.problem.clone(),
            connections: self.connections.load(Ordering::Relaxed),
            pod: state.pod.clone(),
        }
    }

    async fn accept(self: &Arc<Self>, views: &KubeViews, listener: TcpListener) {
        let open = TaskTracker::new();
        loop {
            match listener.accept().await {
                Ok((near, _)) => {
                    let (forward, views) = (self.clone(), views.clone());
                    open.spawn(async move {
                        forward.connections.fetch_add(1, Ordering::Relaxed);
                        tokio::select! {
                            () = forward.join(&views, near) => {}
                            () = forward.end.cancelled() => {}
                        }
                        forward.connections.fetch_sub(1, Ordering::Relaxed);
                        forward.pulse.beat();
                    });
                }
                // Too many open files, for instance: it passes.
                Err(error) => {
                    self.say(KubeStreamState::Reconnecting, Some(error.to_string()), None);
                    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                }
            }
        }
    }

    /// Joins one connection with a pod.
    async fn join(&self, views: &KubeViews, mut near: TcpStream) {
        if let Err(error) = self.joined(views, &mut near).await {
            self.say(KubeStreamState::Reconnecting, Some(error.to_string()), None);
        }
    }

    async fn joined(&self, views: &KubeViews, near: &mut TcpStream) -> Result<(), ViewError> {
        let cluster = views.cluster(&self.wanted.context).await?;
        let aim = aim(&cluster, &self.wanted).await?;
        let doing = format!("forwarding a port to {}", aim.pod);
        let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &self.wanted.namespace);
        let opened = answered(api.portforward(&aim.pod, &[aim.port])).await;
        let mut ports = opened.map_err(|error| cluster.failed(&doing, error))?;
        let error = ports.take_error(aim.port);
        let Some(mut far) = ports.take_stream(aim.port) else {
            return Err(ViewError::NoPort { target: aim.pod, port: aim.port });
        };
        self.say(KubeStreamState::Live, None, Some(aim.pod.clone()));
        let refused = async {
            match error {
                Some(error) => error.await,
                None => None,
            }
        };
        tokio::select! {
            // The end of a connection is no failure, whoever ended it and how.
            _ = tokio::io::copy_bidirectional(near, &mut far) => Ok(()),
            Some(reason) = refused => Err(crate::DeployError::ClusterRefused {
                doing,
                status: 502,
                message: reason.trim().to_owned(),
            }
            .into()),
        }
    }
}

/// A pod and its port.
struct Aim {
    pod: String,
    port: u16,
}

async fn aim(cluster: &Cluster, wanted: &ForwardWanted) -> Result<Aim, ViewError> {
    let target = &wanted.target;
    let (client, namespace) = (cluster.client.clone(), wanted.namespace.as_str());
    let doing = format!("looking at {}", shown(target));
    let failed = |error| cluster.failed(&doing, error);
    match target.kind {
        KubeForwardKind::Pod => {
            let api: Api<Pod> = Api::namespaced(client, namespace);
            let pod = answered(api.get(&target.name)).await.map_err(failed)?;
            if is_ready(&pod) || is_running(&pod) {
                return Ok(Aim { pod: target.name.clone(), port: wanted.port });
            }
            Err(ViewError::NoReadyPod { target: shown(target) })
        }
        KubeForwardKind::Service => {
            let api: Api<Service> = Api::namespaced(client, namespace);
            let service = answered(api.get(&target.name)).await.map_err(failed)?;
            let spec = service.spec.unwrap_or_default();
            let port = spec.ports.iter().flatten().find(|port| port.port == i32::from(wanted.port));
            let Some(port) = port else {
                return Err(ViewError::NoPort { target: shown(target), port: wanted.port });
            };
            let selector: Selector = spec.selector.unwrap_or_default().into_iter().collect();
            let pod = ready(cluster, namespace, &selector, target).await?;
            let port = match &port.target_port {
                Some(IntOrString::Int(number)) => u16::try_from(*number).ok(),
                Some(IntOrString::String(name)) => named_port(&pod, name),
                None => Some(wanted.port),
            };
            let port =
                port.ok_or_else(|| ViewError::NoPort { target: shown(target), port: wanted.port })?;
            Ok(Aim { pod: pod.name_any(), port })
        }
        KubeForwardKind::Deployment => {
            let api: Api<Deployment> = Api::namespaced(client, namespace);
            let deployment = answered(api.get(&target.name)).await.map_err(failed)?;
            let selector = deployment.spec.map(|spec| spec.selector).unwrap_or_default();
            let Ok(selector) = Selector::try_from(selector) else {
                return Err(ViewError::NoReadyPod { target: shown(target) });
            };
            let pod = ready(cluster, namespace, &selector, target).await?;
            Ok(Aim { pod: pod.name_any(), port: wanted.port })
        }
    }
}

fn shown(target: &KubeForwardTarget) -> String {
    let kind = match target.kind {
        KubeForwardKind::Pod => "Pod",
        KubeForwardKind::Service => "Service",
        KubeForwardKind::Deployment => "Deployment",
    };
    format!("{kind} '{}'", target.name)
}

/// The newest ready pod that a selector means. No selector means none.
async fn ready(
    cluster: &Cluster,
    namespace: &str,
    selector: &Selector,
    target: &KubeForwardTarget,
) -> Result<Pod, ViewError> {
    let none = || ViewError::NoReadyPod { target: shown(target) };
    if selector.selects_all() {
        return Err(none());
    }
    let api: Api<Pod> = Api::namespaced(cluster.client.clone(), namespace);
    let wanted = ListParams::default().labels_from(selector);
    let list = answered(api.list(&wanted)).await;
    let pods = list.map_err(|error| cluster.failed("looking for a ready pod", error))?.items;
    let made_at = |pod: &Pod| pod.metadata.creation_timestamp.as_ref().map(|time| time.0);
    let ready =
        pods.into_iter().filter(|pod| is_ready(pod) && pod.metadata.deletion_timestamp.is_none());
    ready.max_by_key(made_at).ok_or_else(none)
}

fn is_running(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    phase == Some("Running") && pod.metadata.deletion_timestamp.is_none()
}

fn named_port(pod: &Pod, name: &str) -> Option<u16> {
    let containers = &pod.spec.as_ref()?.containers;
    let mut ports = containers.iter().flat_map(|container| container.ports.iter().flatten());
    let port = ports.find(|port| port.name.as_deref() == Some(name))?;
    u16::try_from(port.container_port).ok()
}
