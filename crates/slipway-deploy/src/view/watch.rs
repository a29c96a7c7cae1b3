//! A table that stays fresh: listed in pages, then watched from where the list ended.
//!
//! A watch that expired (410) is listed anew beside the rows that are there; a cluster that is gone is asked
//! again, less and less often, and the rows stay. Who watches the same shares one table. Deliberately not
//! here: what a row is (`shape`), which rows are shown (`table.rs`).

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::io::{AsyncBufRead, AsyncBufReadExt as _};
use slipway_core::{Explain as _, KubeRows, KubeWatchState};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::path::{self, escaped};
use super::pulse::{Pulse, UNHEARD};
use super::shape::{Change, Reading};
use super::table::{RowsWanted, Table};
use super::{Cluster, KubeKind, KubeViews, ViewError};
use crate::DeployError;
use crate::cluster::connect::{answered, within};

/// Objects in a page of a list.
const PAGE: usize = 500;
/// How long the server keeps one watch open.
const WATCH_SECONDS: u64 = 290;
/// Bookmarks come about once a minute; a watch that is silent for longer is dead.
const SILENCE: Duration = Duration::from_secs(150);
/// How soon a cluster that did not answer is asked again, at first and at last.
const AGAIN_FIRST: Duration = Duration::from_millis(250);
const AGAIN_LAST: Duration = Duration::from_secs(15);
/// A watch that held so long was a good one.
const STEADY: Duration = Duration::from_secs(5);
/// How soon something that was refused is asked for again: rights may be given meanwhile.
const REFUSED_AGAIN: Duration = Duration::from_secs(30);
/// How often a kind is listed that cannot be watched.
const POLL: Duration = Duration::from_secs(5);

/// What is watched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    context: String,
    namespace: String,
    kind: KubeKind,
}

/// A table and the task that keeps it fresh.
struct Watch {
    id: String,
    key: Key,
    table: Mutex<Table>,
    pulse: Pulse,
    end: CancellationToken,
}

/// All tables that are watched.
#[derive(Default)]
pub(super) struct Watches {
    held: Mutex<HashMap<String, Held>>,
}

struct Held {
    watch: Arc<Watch>,
    holders: usize,
    is_asleep: bool,
}

impl Watches {
    fn held(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn leave(&self, id: &str) {
        let mut held = self.held();
        let Some(one) = held.get_mut(id) else { return };
        one.holders -= 1;
        if one.holders == 0
            && let Some(gone) = held.remove(id)
        {
            gone.watch.end.cancel();
        }
    }

    pub(super) fn end_all(&self) {
        for (_, one) in self.held().drain() {
            one.watch.end.cancel();
        }
    }
}

pub(super) fn start(views: &KubeViews, context: &str, namespace: &str, kind: &KubeKind) -> String {
    let key =
        Key { context: context.to_owned(), namespace: namespace.to_owned(), kind: kind.clone() };
    let mut held = views.inner.watches.held();
    if let Some(one) = held.values_mut().find(|one| one.watch.key == key) {
        one.holders += 1;
        return one.watch.id.clone();
    }
    let id = views.next_id("watch");
    let watch = awake(views, id.clone(), key, Pulse::after(0));
    held.insert(id.clone(), Held { watch, holders: 1, is_asleep: false });
    id
}

/// Starts the task of a table.
fn awake(views: &KubeViews, id: String, key: Key, pulse: Pulse) -> Arc<Watch> {
    let watch = Arc::new(Watch {
        table: Mutex::new(Table::new(Reading::of(&key.kind).columns())),
        id,
        key,
        pulse,
        end: views.inner.closing.child_token(),
    });
    let (kept, views) = (watch.clone(), views.clone());
    tokio::spawn(async move {
        let listener = views.inner.listener.clone();
        let end = kept.end.clone();
        tokio::join!(kept.pulse.pass_on(&kept.id, &listener, &end), async {
            tokio::select! {
                () = kept.keep_fresh(&views) => {}
                () = kept.pulse.until_unheard(UNHEARD) => {}
                () = end.cancelled() => return,
            }
            kept.fall_asleep(&views);
        });
    });
    watch
}

pub(super) fn rows(
    views: &KubeViews,
    id: &str,
    wanted: &RowsWanted,
) -> Result<KubeRows, ViewError> {
    let mut held = views.inner.watches.held();
    let Some(one) = held.get_mut(id) else {
        return Err(ViewError::Closed { what: "watch", id: id.to_owned() });
    };
    if one.is_asleep {
        let pulse = Pulse::after(one.watch.pulse.version());
        one.watch = awake(views, one.watch.id.clone(), one.watch.key.clone(), pulse);
        one.is_asleep = false;
    }
    let watch = one.watch.clone();
    drop(held);
    watch.pulse.hear();
    let version = watch.pulse.version();
    Ok(watch.table().window(wanted, version))
}

/// How a watch ended.
enum Ended {
    /// The server's time for it is over; it goes on from here.
    Over,
    /// Its place in history is gone: list anew.
    Expired,
    /// The kind cannot be watched, only listed.
    Unwatchable,
    Failed(DeployError),
}

impl Watch {
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: KubeWatchState, problem: Option<String>) {
        let mut table = self.table();
        if table.state != state || table.problem != problem {
            table.state = state;
            table.problem = problem;
            drop(table);
            self.pulse.beat();
        }
    }

    /// Its rows go; whoever asks for them wakes it up.
    fn fall_asleep(&self, views: &KubeViews) {
        if let Some(one) = views.inner.watches.held().get_mut(&self.id) {
            one.is_asleep = true;
        }
        self.table().clear();
        self.end.cancel();
    }

    async fn keep_fresh(&self, views: &KubeViews) {
        let mut pause = AGAIN_FIRST;
        loop {
            match self.once(views, &mut pause).await {
                Ok(()) => {}
                Err(error) => {
                    let (state, wait) = self.trouble(&error, pause);
                    let hint = error.hint().map(|hint| format!(" {hint}")).unwrap_or_default();
                    self.set(state, Some(format!("{error}{hint}")));
                    tokio::time::sleep(wait).await;
                    pause = (pause * 2).min(AGAIN_LAST);
                }
            }
        }
    }

    fn trouble(&self, error: &DeployError, pause: Duration) -> (KubeWatchState, Duration) {
        match error {
            DeployError::ClusterRefused { status, .. }
                if (400..500).contains(status) && *status != 429 =>
            {
                (KubeWatchState::Refused, REFUSED_AGAIN)
            }
            DeployError::ContextMissing { .. }
            | DeployError::KubeconfigUnreadable { .. }
            | DeployError::SignInNeeded { .. } => (KubeWatchState::Refused, REFUSED_AGAIN),
            _ => (KubeWatchState::Reconnecting, pause),
        }
    }

    /// A list, and watches until one expires or something fails while listing.
    async fn once(&self, views: &KubeViews, pause: &mut Duration) -> Result<(), DeployError> {
        let cluster = views.cluster(&self.key.context).await?;
        let mut reading = Reading::of(&self.key.kind);
        let mut version = self.list(&cluster, &mut reading).await?;
        self.set(KubeWatchState::Live, None);
        *pause = AGAIN_FIRST;
        loop {
            match self.watch(views, &mut reading, &mut version, pause).await {
                Ended::Over => {}
                Ended::Expired => return Ok(()),
                Ended::Unwatchable => {
                    tokio::time::sleep(POLL).await;
                    return Ok(());
                }
                Ended::Failed(error) => {
                    let (state, wait) = self.trouble(&error, *pause);
                    self.set(state, Some(error.to_string()));
                    tokio::time::sleep(wait).await;
                    *pause = (*pause * 2).min(AGAIN_LAST);
                }
            }
        }
    }

    /// Reads every page; rows show as they come in, and what is no longer there goes at the end.
    async fn list(&self, cluster: &Cluster, reading: &mut Reading) -> Result<String, DeployError> {
        let doing = format!("listing {}", self.key.kind.plural);
        let base = self.key.kind.list(&self.key.namespace);
        let mut named = HashSet::new();
        let mut resume: Option<String> = None;
        loop {
            let next = resume.as_deref().map(escaped).map(|token| format!("&continue={token}"));
            let path = format!("{base}?limit={PAGE}{}", next.unwrap_or_default());
            let text = cluster.text(&doing, &path, reading.accept).await?;
            let page = reading.page(text.as_bytes());
            let page = page.map_err(|error| self.unread(&doing, error))?;
            {
                let mut table = self.table();
                table.set_columns(reading.columns());
                for row in page.rows {
                    named.insert(row.uid.clone());
                    table.put(row);
                }
                if page.resume.is_none() {
                    table.keep_only(&named);
                }
            }
            self.pulse.beat();
            resume = page.resume;
            if resume.is_none() {
                return Ok(page.resource_version);
            }
        }
    }

    async fn watch(
        &self,
        views: &KubeViews,
        reading: &mut Reading,
        version: &mut String,
        pause: &mut Duration,
    ) -> Ended {
        let doing = format!("watching {}", self.key.kind.plural);
        let cluster = match views.cluster(&self.key.context).await {
            Ok(cluster) => cluster,
            Err(error) => return Ended::Failed(error),
        };
        let path = format!(
            "{}?watch=1&allowWatchBookmarks=true&timeoutSeconds={WATCH_SECONDS}&resourceVersion={}",
            self.key.kind.list(&self.key.namespace),
            escaped(version)
        );
        let opened = async {
            let request = path::get(&path, reading.accept)?;
            answered(cluster.client.request_stream(request)).await
        };
        let lines = match opened.await {
            Ok(lines) => lines,
            Err(kube::Error::Api(status)) if status.code == 410 => return Ended::Expired,
            Err(kube::Error::Api(status)) if matches!(status.code, 403 | 405) => {
                return Ended::Unwatchable;
            }
            Err(error) => return Ended::Failed(cluster.failed(&doing, error)),
        };
        self.set(KubeWatchState::Live, None);
        let opened_at = Instant::now();
        let followed = self.follow(lines, reading, version).await;
        if opened_at.elapsed() >= STEADY {
            *pause = AGAIN_FIRST;
        }
        match followed {
            // A server that ends each watch at once is going down or overloaded.
            Ok(Ended::Over) if opened_at.elapsed() < STEADY => {
                tokio::time::sleep(*pause).await;
                *pause = (*pause * 2).min(AGAIN_LAST);
                Ended::Over
            }
            Ok(ended) => ended,
            Err(error) => Ended::Failed(cluster.failed(&doing, error)),
        }
    }

    async fn follow(
        &self,
        lines: impl AsyncBufRead,
        reading: &mut Reading,
        version: &mut String,
    ) -> Result<Ended, kube::Error> {
        let mut lines = std::pin::pin!(lines);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = within(SILENCE, async {
                lines.as_mut().read_until(b'\n', &mut line).await.map_err(kube::Error::ReadEvents)
            });
            if read.await? == 0 {
                return Ok(Ended::Over);
            }
            // The last line of a stream that was cut is not whole.
            if line.last() != Some(&b'\n') {
                return Ok(Ended::Over);
            }
            match reading.change(&line).map_err(kube::Error::SerdeError)? {
                Change::Put { row, resource_version } => {
                    self.table().put(row);
                    self.pulse.beat();
                    resource_version.clone_into(version);
                }
                Change::Gone { uid, resource_version } => {
                    self.table().take(&uid);
                    self.pulse.beat();
                    resource_version.clone_into(version);
                }
                Change::Bookmark { resource_version } => resource_version.clone_into(version),
                Change::Failed { status: 410, .. } => return Ok(Ended::Expired),
                Change::Failed { status, message } => {
                    let status = kube::core::Status { code: status, message, ..Default::default() };
                    return Err(kube::Error::Api(status.boxed()));
                }
            }
        }
    }

    fn unread(&self, doing: &str, error: serde_json::Error) -> DeployError {
        DeployError::ClusterUnreachable {
            context: self.key.context.clone(),
            doing: doing.to_owned(),
            reason: format!("its answer is not one of Kubernetes ({error})"),
        }
    }
}
