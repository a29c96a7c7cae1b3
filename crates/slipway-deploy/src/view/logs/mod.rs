//! Logs of many pods as one: what is there, in the order of time, and then what comes.
//!
//! Pods that come to match join, a container that restarts is read on, and an API server that goes away is
//! asked again from the last line that was seen. Only the newest lines are kept. Deliberately not here: how
//! one container is read (`reader.rs`).

mod reader;
mod ring;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, select_all};
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt as _;
use kube::api::{Api, ListParams};
use kube::runtime::{WatchStreamExt as _, watcher};
use slipway_core::{KubeLogPage, KubeStreamState};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::pulse::{Pulse, UNHEARD};
use super::{Cluster, KubeViews, ViewError};
use crate::cluster::connect::{answered, with_causes};
use reader::Source;
use ring::Ring;

/// Containers that are read at once.
const MOST_SOURCES: usize = 200;
/// Bytes of a container's log that are read to begin with.
const MOST_BYTES: i64 = 4 << 20;
/// How soon something that failed is tried again.
const AGAIN: Duration = Duration::from_millis(500);
const AGAIN_LAST: Duration = Duration::from_secs(15);

/// What is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogsWanted {
    pub namespace: String,
    /// Names; none: those of the selector.
    pub pods: Vec<String>,
    pub selector: Option<String>,
    pub container: Option<String>,
    pub tail: u32,
    pub since_seconds: Option<u32>,
    pub is_previous: bool,
    pub is_following: bool,
}

/// A joined log that is being read.
pub(super) struct Logs {
    id: String,
    wanted: LogsWanted,
    ring: Mutex<Ring>,
    pulse: Pulse,
    end: CancellationToken,
}

/// All joined logs that are open.
#[derive(Default)]
pub(super) struct AllLogs(Mutex<HashMap<String, Arc<Logs>>>);

impl AllLogs {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Arc<Logs>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn end(&self, id: &str) {
        if let Some(logs) = self.open().remove(id) {
            logs.end.cancel();
        }
    }

    pub(super) fn end_all(&self) {
        self.open().drain().for_each(|(_, logs)| logs.end.cancel());
    }
}

pub(super) async fn start(
    views: &KubeViews,
    cluster: Cluster,
    wanted: LogsWanted,
) -> Result<String, ViewError> {
    let pods = matching(&cluster, &wanted).await?;
    if pods.is_empty() && !wanted.is_following {
        let selector = wanted.selector.unwrap_or_default();
        return Err(ViewError::NoPods { namespace: wanted.namespace, selector });
    }
    let id = views.next_id("log");
    let logs = Arc::new(Logs {
        id: id.clone(),
        wanted,
        ring: Mutex::default(),
        pulse: Pulse::after(0),
        end: views.inner.closing.child_token(),
    });
    views.inner.logs.open().insert(id.clone(), logs.clone());
    let views = views.clone();
    tokio::spawn(async move {
        let listener = views.inner.listener.clone();
        let end = logs.end.clone();
        tokio::join!(logs.pulse.pass_on(&logs.id, &listener, &end), async {
            tokio::select! {
                () = logs.run(&cluster, pods) => {}
                () = end.cancelled() => {}
                () = logs.pulse.until_unheard(UNHEARD) => views.inner.logs.end(&logs.id),
            }
        });
    });
    Ok(id)
}

/// Lines after a number, at most so many, with a search only those that contain it.
pub(super) fn page(
    views: &KubeViews,
    id: &str,
    after: u64,
    limit: usize,
    search: Option<&str>,
) -> Result<KubeLogPage, ViewError> {
    let logs = views.inner.logs.open().get(id).cloned();
    let Some(logs) = logs else {
        return Err(ViewError::Closed { what: "log", id: id.to_owned() });
    };
    logs.pulse.hear();
    Ok(logs.ring().page(after, limit, search))
}

async fn matching(cluster: &Cluster, wanted: &LogsWanted) -> Result<Vec<Pod>, ViewError> {
    let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &wanted.namespace);
    let failed = |error| cluster.failed("looking for pods to read", error);
    if wanted.pods.is_empty() {
        let selector = wanted.selector.as_deref().unwrap_or_default();
        let list = answered(api.list(&ListParams::default().labels(selector))).await;
        return Ok(list.map_err(failed)?.items);
    }
    let mut found = Vec::new();
    for name in &wanted.pods {
        match answered(api.get_opt(name)).await.map_err(failed)? {
            Some(pod) => found.push(pod),
            None if wanted.is_following => {}
            None => {
                return Err(crate::DeployError::PodMissing {
                    pod: name.clone(),
                    environment: wanted.namespace.clone(),
                }
                .into());
            }
        }
    }
    Ok(found)
}

impl Logs {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, state: KubeStreamState, problem: Option<String>) {
        let mut ring = self.ring();
        if ring.state != state || ring.problem != problem {
            ring.state = state;
            ring.problem = problem;
            drop(ring);
            self.pulse.beat();
        }
    }

    async fn run(self: &Arc<Self>, cluster: &Cluster, pods: Vec<Pod>) {
        let mut known = HashSet::new();
        let sources = self.new_sources(&pods, &mut known);
        let read = sources.into_iter().map(|source| async {
            let lines = reader::there(cluster, &self.wanted, &source).await;
            (source, lines)
        });
        let mut first = Vec::new();
        let mut problem = None;
        let mut begun = Vec::new();
        for (mut source, lines) in futures_util::future::join_all(read).await {
            match lines {
                Ok(lines) => {
                    source.seen(lines.iter().filter_map(|line| line.at).max());
                    first.extend(lines.into_iter().map(|line| (source.place(), line)));
                    begun.push(source);
                }
                Err(error) => {
                    problem.get_or_insert(error.to_string());
                    // The follower says again what is wrong, or finds that it passed.
                    begun.push(source);
                }
            }
        }
        // Lines without a time stay where their neighbours are.
        first.sort_by_key(|(_, line)| line.at);
        self.ring().extend(first);
        if !self.wanted.is_following {
            self.say(KubeStreamState::Ended, problem);
            return;
        }
        self.say(KubeStreamState::Live, problem);
        let readers = TaskTracker::new();
        for source in begun {
            self.spawn_reader(&readers, cluster, source);
        }
        self.join_newcomers(cluster, &readers, &mut known).await;
    }

    /// Starts a reader for each container that comes to match or starts again.
    async fn join_newcomers(
        self: &Arc<Self>,
        cluster: &Cluster,
        readers: &TaskTracker,
        known: &mut HashSet<(String, String, i32)>,
    ) {
        let mut changes = self.changes(cluster);
        while let Some(change) = changes.next().await {
            match change {
                Ok(pod) => {
                    for source in self.new_sources(&[pod], known) {
                        self.spawn_reader(readers, cluster, source);
                    }
                    if self.ring().state == KubeStreamState::Reconnecting {
                        self.say(KubeStreamState::Live, None);
                    }
                }
                Err(error) => {
                    self.say(KubeStreamState::Reconnecting, Some(with_causes(&error)));
                }
            }
        }
    }

    fn changes(&self, cluster: &Cluster) -> BoxStream<'static, watcher::Result<Pod>> {
        let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &self.wanted.namespace);
        let follow = |config: watcher::Config| {
            watcher(api.clone(), config).default_backoff().touched_objects().boxed()
        };
        if self.wanted.pods.is_empty() {
            let selector = self.wanted.selector.as_deref().unwrap_or_default();
            return follow(watcher::Config::default().labels(selector));
        }
        let one = |name: &String| {
            follow(watcher::Config::default().fields(&format!("metadata.name={name}")))
        };
        select_all(self.wanted.pods.iter().map(one)).boxed()
    }

    /// Containers of the pods that have a log and are not read yet.
    fn new_sources(&self, pods: &[Pod], known: &mut HashSet<(String, String, i32)>) -> Vec<Source> {
        let mut found = Vec::new();
        for pod in pods {
            let Some(status) = pod.status.as_ref() else { continue };
            let lists = [&status.init_container_statuses, &status.container_statuses];
            for container in lists.into_iter().flatten().flatten() {
                if self.wanted.container.as_ref().is_some_and(|wanted| *wanted != container.name) {
                    continue;
                }
                let state = container.state.as_ref();
                let has_log = state.is_some_and(|s| s.running.is_some() || s.terminated.is_some())
                    || container.last_state.as_ref().is_some_and(|s| s.terminated.is_some());
                let key = (
                    pod.uid().unwrap_or_default(),
                    container.name.clone(),
                    container.restart_count,
                );
                if !has_log || known.contains(&key) {
                    continue;
                }
                if self.ring().sources.len() >= MOST_SOURCES {
                    let text = format!("Only the first {MOST_SOURCES} containers are read.");
                    self.ring().problem = Some(text);
                    return found;
                }
                let is_restarted =
                    known.iter().any(|(uid, name, _)| *uid == key.0 && *name == key.1);
                known.insert(key);
                let source = Source::new(&pod.name_any(), container, is_restarted);
                self.ring().sources.insert(source.shown());
                found.push(source);
            }
        }
        found
    }

    fn spawn_reader(self: &Arc<Self>, readers: &TaskTracker, cluster: &Cluster, source: Source) {
        let (logs, cluster) = (self.clone(), cluster.clone());
        readers.spawn(async move {
            let shown = source.shown();
            tokio::select! {
                () = logs.follow(&cluster, source) => {}
                () = logs.end.cancelled() => {}
            }
            logs.ring().sources.remove(&shown);
            logs.pulse.beat();
        });
    }

    /// Reads a container until it is over, however often the way to it breaks.
    async fn follow(&self, cluster: &Cluster, mut source: Source) {
        let mut pause = AGAIN;
        loop {
            let place = source.place();
            let taken = |line| {
                let mut ring = self.ring();
                ring.push(&place, line);
                if ring.state == KubeStreamState::Reconnecting {
                    ring.state = KubeStreamState::Live;
                    ring.problem = None;
                }
                drop(ring);
                self.pulse.beat();
            };
            let read = reader::follow(cluster, &self.wanted, &mut source, taken).await;
            match (read, reader::is_going_on(cluster, &self.wanted.namespace, &source).await) {
                (_, Ok(false)) => return,
                (Ok(()), Ok(true)) => pause = AGAIN,
                (Err(error), _) => {
                    self.say(KubeStreamState::Reconnecting, Some(error.to_string()));
                }
                (Ok(()), Err(error)) => {
                    self.say(KubeStreamState::Reconnecting, Some(error.to_string()));
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(AGAIN_LAST);
        }
    }
}
