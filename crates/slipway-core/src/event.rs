//! What the engine tells every face: which cached answers are stale, and how far a log has grown.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{RecordId, RunId};

/// A group of answers that go stale together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Tag {
    App,
    Project,
    Change,
    Commit,
    Pipeline,
    Run,
    Log,
    Image,
    Environment,
    Library,
    Deployment,
    Telemetry,
    WorkItem,
    Thread,
    Approval,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum AppEvent {
    /// Answers under these tags are stale.
    Changed { tags: Vec<Tag> },
    /// A step's log now has this many lines; they are already on disk.
    LogGrew { run_id: RunId, record_id: RecordId, lines: u32 },
    /// A table, log, shell or forwarded port of the cluster view has something new.
    KubeChanged {
        id: String,
        #[ts(type = "number")]
        version: u64,
    },
    /// Something the user should notice once.
    Noticed { title: String, message: String },
}
