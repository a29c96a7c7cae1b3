//! Says that something of what was deployed is another than it was.
//!
//! One watch for each kind, of metadata only. What a controller reports in a status is no change. A
//! watch that expired or was cut begins anew with a list, and what changed meanwhile is told then.
//! Deliberately not here: what the change is; whoever wakes looks (`drift`).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use kube::api::{Api, DynamicObject, PartialObjectMeta};
use kube::runtime::watcher::{self, Event};
use kube::{Error, ResourceExt as _};
use serde_json::{Value, json};

use super::KubeTarget;
use super::connect::answered;
use super::kinds::Kinds;
use crate::ObjectKey;
use crate::plan::diff::REVISION;

/// How long to wait after a failure, and at most after many.
const PAUSE_FIRST: Duration = Duration::from_millis(200);
const PAUSE_LAST: Duration = Duration::from_secs(5);
/// How often an account asks that may not watch.
const ASK_EVERY: Duration = Duration::from_secs(5);

type Metadata = PartialObjectMeta<DynamicObject>;

/// Watches these objects.
pub(super) fn watch(target: KubeTarget, keys: Vec<ObjectKey>) -> BoxStream<'static, ()> {
    let mut kinds: BTreeMap<(String, String, Option<String>), BTreeSet<String>> = BTreeMap::new();
    for key in keys {
        let kind = (key.api_version, key.kind, key.namespace);
        kinds.entry(kind).or_default().insert(key.name);
    }
    let watches = kinds.into_iter().map(|(kind, names)| {
        let watch = KindWatch::new(target.clone(), kind, names);
        let changes = stream::unfold(watch, async |mut watch| {
            watch.changed().await;
            Some(((), watch))
        });
        changes.boxed()
    });
    stream::select_all(watches).boxed()
}

/// The objects of one kind.
struct KindWatch {
    target: KubeTarget,
    /// Any of them: where it is, all are.
    key: ObjectKey,
    names: BTreeSet<String>,
    events: Option<BoxStream<'static, watcher::Result<Event<Metadata>>>>,
    /// What each was when last seen; nothing before the first list.
    seen: Option<BTreeMap<String, Value>>,
    listing: BTreeMap<String, Value>,
    pause: Duration,
    may_watch: bool,
}

impl KindWatch {
    fn new(
        target: KubeTarget,
        (api_version, kind, namespace): (String, String, Option<String>),
        names: BTreeSet<String>,
    ) -> Self {
        let name = names.first().cloned().unwrap_or_default();
        Self {
            target,
            key: ObjectKey { api_version, kind, namespace, name },
            names,
            events: None,
            seen: None,
            listing: BTreeMap::new(),
            pause: PAUSE_FIRST,
            may_watch: true,
        }
    }

    /// Waits until something is another than when it was last seen. The first list counts: nobody saw
    /// what was before it.
    async fn changed(&mut self) {
        loop {
            let is_changed = match (self.may_watch, self.events.take()) {
                (true, Some(mut events)) => {
                    let event = events.next().await;
                    if event.is_some() {
                        self.events = Some(events);
                    }
                    self.take(event).await
                }
                (true, None) => self.begin().await,
                (false, _) => self.ask().await,
            };
            if is_changed {
                return;
            }
        }
    }

    async fn begin(&mut self) -> bool {
        let Some(api) = find(&self.target, &self.key).await else {
            self.rest().await;
            return false;
        };
        let mut config = watcher::Config::default();
        if self.names.len() == 1 {
            config = config.fields(&format!("metadata.name={}", self.key.name));
        }
        self.events = Some(watcher::watcher(api, config).boxed());
        false
    }

    async fn take(&mut self, event: Option<watcher::Result<Event<Metadata>>>) -> bool {
        match event {
            Some(Ok(Event::Init)) => {
                self.listing.clear();
                false
            }
            Some(Ok(Event::InitApply(object))) => {
                if self.names.contains(&object.name_any()) {
                    self.listing.insert(object.name_any(), fingerprint(&object));
                }
                false
            }
            Some(Ok(Event::InitDone)) => {
                let listed = std::mem::take(&mut self.listing);
                self.see(listed)
            }
            Some(Ok(Event::Apply(object))) => {
                let print = fingerprint(&object);
                self.pause = PAUSE_FIRST;
                self.names.contains(&object.name_any())
                    && self.now().insert(object.name_any(), print.clone()) != Some(print)
            }
            Some(Ok(Event::Delete(object))) => self.now().remove(&object.name_any()).is_some(),
            Some(Err(error)) => {
                self.may_watch = !is_forbidden(&error);
                tracing::debug!(%error, kind = %self.key.kind, "a watch begins anew");
                self.rest().await;
                false
            }
            None => false,
        }
    }

    fn now(&mut self) -> &mut BTreeMap<String, Value> {
        self.seen.get_or_insert_default()
    }

    fn see(&mut self, now: BTreeMap<String, Value>) -> bool {
        self.pause = PAUSE_FIRST;
        let is_changed = self.seen.as_ref() != Some(&now);
        self.seen = Some(now);
        is_changed
    }

    /// Looks at each by its name.
    async fn ask(&mut self) -> bool {
        if self.seen.is_some() {
            tokio::time::sleep(ASK_EVERY).await;
        }
        let Some(api) = find(&self.target, &self.key).await else {
            self.rest().await;
            return false;
        };
        let mut now = BTreeMap::new();
        for name in &self.names {
            match answered(api.get_opt(name)).await {
                Ok(Some(object)) => {
                    now.insert(name.clone(), fingerprint(&object));
                }
                Ok(None) => {}
                Err(_) => {
                    self.rest().await;
                    return false;
                }
            }
        }
        self.see(now)
    }

    async fn rest(&mut self) {
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).min(PAUSE_LAST);
    }
}

async fn find(target: &KubeTarget, key: &ObjectKey) -> Option<Api<Metadata>> {
    Kinds::new(target).of_key(key).await.ok()
}

/// Another whenever a setting of the object is another. A kind that does not count its generations has
/// little status, so its version is taken.
fn fingerprint(object: &Metadata) -> Value {
    let metadata = &object.metadata;
    let version = match metadata.generation {
        Some(generation) => json!(generation),
        None => json!(metadata.resource_version),
    };
    let mut annotations = metadata.annotations.clone().unwrap_or_default();
    annotations.remove(REVISION);
    let is_going = metadata.deletion_timestamp.is_some();
    json!([metadata.uid, version, metadata.labels, annotations, is_going])
}

fn is_forbidden(error: &watcher::Error) -> bool {
    match error {
        watcher::Error::InitialListFailed(Error::Api(status))
        | watcher::Error::WatchStartFailed(Error::Api(status)) => status.code == 403,
        _ => false,
    }
}
