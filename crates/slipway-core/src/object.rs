//! How an object of a cluster is called.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An object of a cluster, or of a local environment that plays one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
// The thread has an `ObjectRef` of its own on the wire.
#[ts(rename = "KubeObjectRef")]
pub struct ObjectRef {
    pub api_version: String,
    pub kind: String,
    pub name: String,
    /// None for what belongs to the whole cluster.
    pub namespace: Option<String>,
}

impl std::fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}
