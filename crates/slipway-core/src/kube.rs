//! What is seen of a Kubernetes cluster: contexts, kinds, rows, objects, logs, sessions.
//!
//! Made by the deploy crate, shown by every face. Deliberately not here: requests, a secret's value.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Timestamp;

macro_rules! seen {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
            #[serde(rename_all = "camelCase")]
            pub struct $name { $($body)* }
        )*
    };
}

macro_rules! word {
    ($($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
            #[serde(rename_all = "camelCase")]
            pub enum $name { $($body)* }
        )*
    };
}

word! {
    /// How a context signs in.
    pub enum KubeSignIn {
        Certificate,
        Token,
        Exec,
        /// The app's own sign-in to Azure; the context is in no kubeconfig.
        Azure,
        Other,
    }

    /// Where a kind belongs in the list of kinds.
    pub enum KubeSection { Workloads, Network, Config, Storage, Access, Cluster, Custom }

    /// How a watched table is doing.
    pub enum KubeWatchState {
        /// The first list is still coming in.
        Listing,
        Live,
        /// Rows are those of before; the cluster is asked again.
        Reconnecting,
        /// The cluster does not allow it.
        Refused,
    }

    /// How an object is, in the colour of its row.
    pub enum KubeHealth { Good, Waiting, Bad, Done, Plain }

    /// How a log, a shell or a forwarded port is doing.
    pub enum KubeStreamState { Starting, Live, Reconnecting, Ended, Failed }

    /// Why two things of the map are joined.
    pub enum KubeEdgeKind { Owns, Selects, Routes, Mounts }

    /// What a forwarded port leads to.
    pub enum KubeForwardKind { Pod, Service, Deployment }
}

seen! {
    /// Every context that the kubeconfig names.
    pub struct KubeContexts {
        /// The files that were read, as the platform lists paths.
        pub kubeconfig: String,
        pub contexts: Vec<KubeContextView>,
        pub problem: Option<String>,
    }

    /// A context of the kubeconfig.
    pub struct KubeContextView {
        pub name: String,
        pub cluster: String,
        pub user: String,
        pub namespace: String,
        pub server: String,
        pub sign_in: KubeSignIn,
        /// The kubeconfig's current one, which is shown and never used by itself.
        pub is_current: bool,
    }

    /// What a cluster offers to this user.
    pub struct KubeOverview {
        pub version: String,
        pub namespaces: Vec<KubeNamespaceView>,
        pub can_list_namespaces: bool,
        pub kinds: Vec<KubeKindView>,
        pub nodes: Vec<KubeNodeView>,
        /// What could not be read, and why.
        pub problem: Option<String>,
    }

    /// A namespace.
    pub struct KubeNamespaceView {
        pub name: String,
        pub phase: String,
    }

    /// A kind that the cluster serves.
    pub struct KubeKindView {
        pub group: String,
        pub version: String,
        pub kind: String,
        pub plural: String,
        pub is_namespaced: bool,
        pub verbs: Vec<String>,
        /// Subresources, such as `scale` and `status`.
        pub subresources: Vec<String>,
        pub short_names: Vec<String>,
        pub is_custom: bool,
        pub section: KubeSection,
    }

    /// A node.
    pub struct KubeNodeView {
        pub name: String,
        pub is_ready: bool,
        /// In kubectl's words: `Ready,SchedulingDisabled`.
        pub status: String,
        pub roles: Vec<String>,
        pub version: String,
        #[ts(type = "number")]
        pub created_at: Timestamp,
    }

    /// What this user may do in a namespace.
    pub struct KubeRights {
        pub rules: Vec<KubeRule>,
        /// The cluster cannot list everything; what is missing may be allowed still.
        pub is_incomplete: bool,
    }

    /// One rule; `*` is everything, no name is every name.
    pub struct KubeRule {
        pub verbs: Vec<String>,
        pub groups: Vec<String>,
        pub resources: Vec<String>,
        pub names: Vec<String>,
    }

    /// The rows of a watched table that a page shows now.
    pub struct KubeRows {
        pub state: KubeWatchState,
        pub problem: Option<String>,
        /// Grows with each change.
        #[ts(type = "number")]
        pub version: u64,
        pub total: u32,
        /// Rows that the filter lets through.
        pub matching: u32,
        pub columns: Vec<KubeColumn>,
        pub rows: Vec<KubeRow>,
    }

    /// A column of a table.
    pub struct KubeColumn {
        pub name: String,
        pub is_number: bool,
        /// Its cells are epoch milliseconds, or empty.
        pub is_time: bool,
    }

    /// An object, as much of it as a table shows.
    pub struct KubeRow {
        pub uid: String,
        pub name: String,
        pub namespace: String,
        /// One for each column.
        pub cells: Vec<String>,
        pub state: KubeHealth,
        #[ts(type = "number")]
        pub created_at: Timestamp,
    }

    /// One object. A Secret's values are masked.
    pub struct KubeObjectView {
        /// Without managedFields.
        pub yaml: String,
        pub resource_version: String,
        pub summary: Vec<KubeFact>,
        pub conditions: Vec<KubeCondition>,
        pub owners: Vec<KubeRef>,
        pub events: Vec<KubeEventView>,
        pub containers: Vec<String>,
    }

    /// A line of a summary.
    pub struct KubeFact {
        pub label: String,
        pub value: String,
    }

    /// A condition of an object's status.
    pub struct KubeCondition {
        #[serde(rename = "type")]
        pub kind: String,
        pub status: String,
        pub reason: String,
        pub message: String,
        #[ts(type = "number | null")]
        pub at: Option<Timestamp>,
    }

    /// Names an object.
    pub struct KubeRef {
        pub api_version: String,
        pub kind: String,
        pub name: String,
        pub namespace: String,
    }

    /// Something that the cluster noted about an object; the same said again is counted.
    pub struct KubeEventView {
        #[ts(type = "number")]
        pub at: Timestamp,
        /// `Normal` or `Warning`.
        #[serde(rename = "type")]
        pub kind: String,
        pub reason: String,
        pub message: String,
        pub object: KubeRef,
        pub count: u32,
        pub source: String,
    }

    /// How the objects of a namespace belong together.
    pub struct KubeMap {
        pub nodes: Vec<KubeMapNode>,
        pub edges: Vec<KubeMapEdge>,
    }

    /// An object on the map.
    pub struct KubeMapNode {
        pub id: String,
        pub kind: String,
        pub name: String,
        pub state: KubeHealth,
        pub detail: String,
    }

    /// From one object of the map to another.
    pub struct KubeMapEdge {
        pub from: String,
        pub to: String,
        pub kind: KubeEdgeKind,
    }

    /// What pods and nodes use, where the cluster measures it.
    pub struct KubeUsage {
        /// The cluster serves metrics.k8s.io.
        pub is_served: bool,
        pub pods: Vec<KubePodUsage>,
        pub nodes: Vec<KubeNodeUsage>,
    }

    /// What a pod uses.
    pub struct KubePodUsage {
        pub name: String,
        pub namespace: String,
        #[ts(type = "number")]
        pub cpu_milli: u64,
        #[ts(type = "number")]
        pub memory_bytes: u64,
    }

    /// What a node uses.
    pub struct KubeNodeUsage {
        pub name: String,
        #[ts(type = "number")]
        pub cpu_milli: u64,
        #[ts(type = "number")]
        pub memory_bytes: u64,
    }

    /// Lines of a joined log.
    pub struct KubeLogPage {
        pub state: KubeStreamState,
        /// What to ask `after` next time.
        #[ts(type = "number")]
        pub next: u64,
        /// The oldest line that is still kept.
        #[ts(type = "number")]
        pub first: u64,
        /// Pods and containers that are read now.
        pub sources: Vec<String>,
        pub lines: Vec<KubeLogLine>,
        pub problem: Option<String>,
    }

    /// A line of a container.
    pub struct KubeLogLine {
        /// Counted from 1 in the order of arrival.
        #[ts(type = "number")]
        pub number: u64,
        pub pod: String,
        pub container: String,
        #[ts(type = "number | null")]
        pub at: Option<Timestamp>,
        pub text: String,
    }

    /// What a shell has written.
    pub struct KubeExecPage {
        /// Bytes, as the terminal takes them.
        pub base64: String,
        #[ts(type = "number")]
        pub next: u64,
        pub state: KubeStreamState,
        pub exit_code: Option<i32>,
        pub problem: Option<String>,
    }

    /// A port of this machine that leads into the cluster.
    pub struct KubeForwardView {
        pub id: String,
        pub context: String,
        pub namespace: String,
        pub target: KubeForwardTarget,
        pub port: u16,
        pub local_port: u16,
        pub url: String,
        pub state: KubeStreamState,
        pub problem: Option<String>,
        /// Connections that are open now.
        pub connections: u32,
        /// The pod that the newest connection went to.
        pub pod: Option<String>,
    }

    /// What a forwarded port leads to.
    pub struct KubeForwardTarget {
        pub kind: KubeForwardKind,
        pub name: String,
    }
}
