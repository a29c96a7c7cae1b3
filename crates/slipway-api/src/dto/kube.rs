//! The cluster view: what is asked of a cluster. What is seen of it are words of `slipway-core`.

use slipway_core::KubeForwardTarget;

use super::{answer, request};

answer! {
    /// A watched table.
    pub struct KubeWatchStarted {
        pub watch_id: String,
    }

    /// A joined log that is being read.
    pub struct KubeLogStarted {
        pub stream_id: String,
    }

    /// A shell that runs.
    pub struct KubeExecStarted {
        pub session_id: String,
    }
}

request! {
    /// A request about one cluster.
    pub struct KubeContextRequest {
        pub context: String,
    }

    /// A request about one namespace of a cluster; an empty one is all of them where that makes sense.
    pub struct KubeNamespaceRequest {
        pub context: String,
        pub namespace: String,
    }

    /// Begins to watch all objects of a kind. A table that is watched already is shared.
    pub struct KubeWatchStart {
        pub context: String,
        /// Empty: all namespaces.
        pub namespace: String,
        pub group: String,
        pub version: String,
        pub plural: String,
    }

    /// A request about one watched table.
    pub struct KubeWatchRequest {
        pub watch_id: String,
    }

    /// The rows that a page shows.
    pub struct KubeRowsGet {
        pub watch_id: String,
        /// Words that all must occur in a row; one that begins with `!` must not.
        #[serde(default)]
        pub filter: String,
        #[serde(default)]
        pub sort: Option<KubeSort>,
        pub offset: u32,
        pub limit: u32,
    }

    /// The column that rows are sorted by.
    pub struct KubeSort {
        pub column: String,
        pub is_descending: bool,
    }

    /// One object.
    pub struct KubeObjectRequest {
        pub context: String,
        pub group: String,
        pub version: String,
        pub plural: String,
        /// Empty for an object of the whole cluster.
        pub namespace: String,
        pub name: String,
    }

    /// Asks the cluster what an edited object would change.
    pub struct KubeObjectDiff {
        pub context: String,
        pub group: String,
        pub version: String,
        pub plural: String,
        pub namespace: String,
        pub name: String,
        pub yaml: String,
    }

    /// Writes an edited object, if nobody changed it since.
    pub struct KubeObjectApply {
        pub context: String,
        pub group: String,
        pub version: String,
        pub plural: String,
        pub namespace: String,
        pub name: String,
        pub yaml: String,
        /// Of the object that was edited.
        pub resource_version: String,
    }

    /// Sets how many pods a workload has.
    pub struct KubeScale {
        pub context: String,
        pub group: String,
        pub version: String,
        pub plural: String,
        pub namespace: String,
        pub name: String,
        pub replicas: u32,
    }

    /// Deletes an object.
    pub struct KubeDelete {
        pub context: String,
        pub group: String,
        pub version: String,
        pub plural: String,
        pub namespace: String,
        pub name: String,
        /// At once, without the time that pods have to end.
        #[serde(default)]
        pub is_forced: bool,
    }

    /// Events, newest first.
    pub struct KubeEventList {
        pub context: String,
        pub namespace: String,
        pub limit: u32,
    }

    /// Reads the logs of pods as one.
    pub struct KubeLogStart {
        pub context: String,
        pub namespace: String,
        /// Names of pods; none: those of the selector.
        #[serde(default)]
        pub pods: Vec<String>,
        /// Labels, such as `app=web`; pods that come later join.
        #[serde(default)]
        pub selector: Option<String>,
        /// None: every container.
        #[serde(default)]
        pub container: Option<String>,
        /// Lines of each container to begin with.
        pub tail: u32,
        #[serde(default)]
        pub since_seconds: Option<u32>,
        /// Of the container that ended before.
        #[serde(default)]
        pub is_previous: bool,
        #[serde(default)]
        pub is_following: bool,
    }

    /// Lines after a number; with a search only those that contain it.
    pub struct KubeLogGet {
        pub stream_id: String,
        #[ts(type = "number")]
        pub after: u64,
        pub limit: u32,
        #[serde(default)]
        pub search: Option<String>,
    }

    /// A request about one joined log.
    pub struct KubeLogRequest {
        pub stream_id: String,
    }

    /// Starts a command in a container, with a terminal.
    pub struct KubeExecStart {
        pub context: String,
        pub namespace: String,
        pub pod: String,
        #[serde(default)]
        pub container: Option<String>,
        pub command: Vec<String>,
        pub columns: u16,
        pub rows: u16,
    }

    /// What was typed.
    pub struct KubeExecSend {
        pub session_id: String,
        pub base64: String,
    }

    /// The terminal has another size.
    pub struct KubeExecResize {
        pub session_id: String,
        pub columns: u16,
        pub rows: u16,
    }

    /// What was written after so many bytes.
    pub struct KubeExecGet {
        pub session_id: String,
        #[ts(type = "number")]
        pub after: u64,
    }

    /// A request about one shell.
    pub struct KubeExecRequest {
        pub session_id: String,
    }

    /// Makes a port of this machine lead into the cluster.
    pub struct KubeForwardStart {
        pub context: String,
        pub namespace: String,
        pub target: KubeForwardTarget,
        /// Of the pod; of the service where the target is one.
        pub port: u16,
        /// None: any free one.
        #[serde(default)]
        pub local_port: Option<u16>,
    }

    /// A request about one forwarded port.
    pub struct KubeForwardRequest {
        pub id: String,
    }
}
