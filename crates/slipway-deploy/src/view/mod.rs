//! What a cluster looks like: tables that stay fresh, single objects, logs, shells, forwarded ports.
//!
//! The api crate holds one [`KubeViews`] and asks it by a context's name; the current context is never used.
//! Everything long-lived has an id, and whoever listens is told when there is something new under it.
//! Deliberately not here: deploying (`cluster`), faces, rights of our own: the cluster's are the only ones.

mod contexts;
mod edit;
mod error;
mod events;
mod forward;
mod logs;
mod map;
mod object;
mod overview;
mod path;
mod pulse;
mod rights;
mod shape;
mod shell;
mod table;
mod usage;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::BoxFuture;
use kube::{Client, Error};
use slipway_core::{
    KubeContexts, KubeEventView, KubeExecPage, KubeForwardView, KubeLogPage, KubeMap,
    KubeObjectView, KubeOverview, KubeRights, KubeRows, KubeUsage,
};
use tokio_util::sync::CancellationToken;

pub use error::ViewError;
pub use forward::ForwardWanted;
pub use logs::LogsWanted;
pub use object::ObjectPath;
pub use path::KubeKind;
pub use shell::ExecWanted;
pub use table::RowsWanted;

use crate::cluster::connect;
use crate::cluster::kept::KubeClients;
use crate::{DeployError, KubeSource, KubeTarget, ObjectPlan};
use pulse::Listener;
use watch::Watches;

/// All that is open on any cluster. Cheap to clone.
#[derive(Clone)]
pub struct KubeViews {
    inner: Arc<Inner>,
}

/// Where the kubeconfig of a context is.
type Found = BoxFuture<'static, Result<KubeSource, DeployError>>;

struct Inner {
    kubeconfig: Option<PathBuf>,
    source: Box<dyn Fn(String) -> Found + Send + Sync>,
    clients: KubeClients,
    watches: Watches,
    logs: logs::AllLogs,
    shells: shell::AllShells,
    forwards: forward::AllForwards,
    listener: Listener,
    ids: AtomicU64,
    closing: CancellationToken,
}

impl KubeViews {
    /// Knows clusters from a kubeconfig (`None`: `KUBECONFIG`, else the usual place). The listener is told
    /// the id of whatever has something new, and a version that grows; at most ten times a second each.
    pub fn new(
        kubeconfig: Option<PathBuf>,
        listener: impl Fn(&str, u64) + Send + Sync + 'static,
    ) -> Self {
        let file = KubeSource::File(kubeconfig.clone());
        let source = move |_: String| -> Found { Box::pin(std::future::ready(Ok(file.clone()))) };
        Self::with_sources(kubeconfig, source, listener)
    }

    /// The same; whoever has contexts that are in no file says for each where its kubeconfig is.
    pub fn with_sources(
        kubeconfig: Option<PathBuf>,
        source: impl Fn(String) -> Found + Send + Sync + 'static,
        listener: impl Fn(&str, u64) + Send + Sync + 'static,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                kubeconfig,
                source: Box::new(source),
                clients: KubeClients::default(),
                watches: Watches::default(),
                logs: logs::AllLogs::default(),
                shells: shell::AllShells::default(),
                forwards: forward::AllForwards::default(),
                listener: Arc::new(listener),
                ids: AtomicU64::new(1),
                closing: CancellationToken::new(),
            }),
        }
    }

    /// Every context of the kubeconfig; asks no cluster.
    pub fn contexts(&self) -> KubeContexts {
        contexts::read(self.inner.kubeconfig.as_deref())
    }

    /// What a cluster offers.
    pub async fn overview(&self, context: &str) -> Result<KubeOverview, ViewError> {
        overview::read(&self.cluster(context).await?).await
    }

    /// What this user may do in a namespace.
    pub async fn rights(&self, context: &str, namespace: &str) -> Result<KubeRights, ViewError> {
        rights::read(&self.cluster(context).await?, namespace).await
    }

    /// Begins to watch the objects of a kind and returns the watch's id. Who watches the same shares it.
    pub fn watch(
        &self,
        context: &str,
        namespace: &str,
        kind: &KubeKind,
    ) -> Result<String, ViewError> {
        kind.check()?;
        Ok(watch::start(self, context, namespace, kind))
    }

    /// The rows of a watch that are wanted.
    pub fn rows(&self, watch: &str, wanted: &RowsWanted) -> Result<KubeRows, ViewError> {
        watch::rows(self, watch, wanted)
    }

    /// Lets go of a watch; it ends with the last one who holds it.
    pub fn unwatch(&self, watch: &str) {
        self.inner.watches.leave(watch);
    }

    /// Ends everything that is open.
    pub fn close(&self) {
        self.inner.closing.cancel();
        self.inner.watches.end_all();
        self.inner.logs.end_all();
        self.inner.shells.end_all();
        self.inner.forwards.end_all();
    }

    /// One object, with the events about it.
    pub async fn object(
        &self,
        context: &str,
        at: &ObjectPath,
    ) -> Result<KubeObjectView, ViewError> {
        object::read(&self.cluster(context).await?, at).await
    }

    /// What an edit would change; changes nothing.
    pub async fn diff(
        &self,
        context: &str,
        at: &ObjectPath,
        yaml: &str,
    ) -> Result<ObjectPlan, ViewError> {
        edit::diff(&self.cluster(context).await?, at, yaml).await
    }

    /// Writes an edited object, if nobody changed it since it was read.
    pub async fn write(
        &self,
        context: &str,
        at: &ObjectPath,
        yaml: &str,
        resource_version: &str,
    ) -> Result<KubeObjectView, ViewError> {
        edit::apply(&self.cluster(context).await?, at, yaml, resource_version).await
    }

    /// Sets how many pods a workload has.
    pub async fn scale(
        &self,
        context: &str,
        at: &ObjectPath,
        replicas: u32,
    ) -> Result<(), ViewError> {
        edit::scale(&self.cluster(context).await?, at, replicas).await
    }

    /// Replaces a workload's pods one after another.
    pub async fn restart(&self, context: &str, at: &ObjectPath) -> Result<(), ViewError> {
        edit::restart(&self.cluster(context).await?, at).await
    }

    /// Deletes an object; a forced one without the time to end.
    pub async fn delete(
        &self,
        context: &str,
        at: &ObjectPath,
        is_forced: bool,
    ) -> Result<(), ViewError> {
        edit::delete(&self.cluster(context).await?, at, is_forced).await
    }

    /// The newest events of a namespace; an empty one is all of them.
    pub async fn events(
        &self,
        context: &str,
        namespace: &str,
        limit: usize,
    ) -> Result<Vec<KubeEventView>, ViewError> {
        events::newest(&self.cluster(context).await?, namespace, limit).await
    }

    /// What pods and nodes use, where the cluster measures it.
    pub async fn usage(&self, context: &str, namespace: &str) -> Result<KubeUsage, ViewError> {
        usage::read(&self.cluster(context).await?, namespace).await
    }

    /// How the objects of a namespace belong together.
    pub async fn map(&self, context: &str, namespace: &str) -> Result<KubeMap, ViewError> {
        map::read(&self.cluster(context).await?, namespace).await
    }

    /// Begins to read the logs of pods as one and returns the log's id.
    pub async fn logs(&self, context: &str, wanted: LogsWanted) -> Result<String, ViewError> {
        let cluster = self.cluster(context).await?;
        logs::start(self, cluster, wanted).await
    }

    /// Lines of a joined log after a number; with a search only those that contain it.
    pub fn log_page(
        &self,
        log: &str,
        after: u64,
        limit: usize,
        search: Option<&str>,
    ) -> Result<KubeLogPage, ViewError> {
        logs::page(self, log, after, limit, search)
    }

    /// Stops reading a joined log and forgets it.
    pub fn end_log(&self, log: &str) {
        self.inner.logs.end(log);
    }

    /// Starts a command in a container and returns the shell's id.
    pub async fn exec(&self, context: &str, wanted: ExecWanted) -> Result<String, ViewError> {
        let cluster = self.cluster(context).await?;
        shell::start(self, cluster, wanted).await
    }

    /// Passes on what was typed.
    pub fn exec_send(&self, shell: &str, bytes: Vec<u8>) -> Result<(), ViewError> {
        self.inner.shells.send(shell, bytes)
    }

    /// Tells the command how large its terminal is.
    pub fn exec_resize(&self, shell: &str, columns: u16, rows: u16) -> Result<(), ViewError> {
        self.inner.shells.resize(shell, columns, rows)
    }

    /// What a command wrote after so many bytes.
    pub fn exec_page(&self, shell: &str, after: u64) -> Result<KubeExecPage, ViewError> {
        self.inner.shells.page(shell, after)
    }

    /// Breaks the connection to a command and forgets it.
    pub fn end_exec(&self, shell: &str) {
        self.inner.shells.end(shell);
    }

    /// Makes a port of this machine lead into a cluster.
    pub async fn forward(&self, wanted: ForwardWanted) -> Result<KubeForwardView, ViewError> {
        forward::start(self, wanted).await
    }

    /// Every port that leads into a cluster.
    pub fn forwards(&self) -> Vec<KubeForwardView> {
        self.inner.forwards.list()
    }

    /// Closes a forwarded port and its connections.
    pub fn end_forward(&self, id: &str) {
        self.inner.forwards.end(id);
    }

    /// A namespace to deploy to, reached the way that everything here goes.
    pub async fn target(&self, context: &str, namespace: &str) -> Result<KubeTarget, DeployError> {
        let client = self.cluster(context).await?.client;
        Ok(KubeTarget::of(client, context, namespace))
    }

    /// A cluster to ask, by its context's name.
    pub(crate) async fn cluster(&self, context: &str) -> Result<Cluster, DeployError> {
        let source = (self.inner.source)(context.to_owned()).await?;
        let client = self.inner.clients.client(context, source).await?;
        Ok(Cluster { client, context: context.to_owned() })
    }

    /// Forgets how a cluster was reached; what is open on it goes on.
    pub fn forget(&self, context: &str) {
        self.inner.clients.forget(context);
    }

    fn next_id(&self, what: &str) -> String {
        format!("{what}-{}", self.inner.ids.fetch_add(1, Ordering::Relaxed))
    }
}

/// A cluster that is asked, under the name that the user knows it by.
#[derive(Clone)]
pub(crate) struct Cluster {
    pub(crate) client: Client,
    pub(crate) context: String,
}

impl Cluster {
    /// Names a failure of the client.
    pub(crate) fn failed(&self, doing: &str, error: Error) -> DeployError {
        connect::failed(&self.context, doing, error)
    }

    /// An answer to a request of the path, as text.
    pub(crate) async fn text(
        &self,
        doing: &str,
        path: &str,
        accept: &str,
    ) -> Result<String, DeployError> {
        let request = path::get(path, accept).map_err(|error| self.failed(doing, error))?;
        connect::answered(self.client.request_text(request))
            .await
            .map_err(|error| self.failed(doing, error))
    }

    /// An answer of the cluster as what it should be.
    pub(crate) fn parsed<'a, T: serde::Deserialize<'a>>(
        &self,
        doing: &str,
        text: &'a str,
    ) -> Result<T, DeployError> {
        serde_json::from_str(text).map_err(|error| DeployError::ClusterUnreachable {
            context: self.context.clone(),
            doing: doing.to_owned(),
            reason: format!("its answer is not one of Kubernetes ({error})"),
        })
    }
}
