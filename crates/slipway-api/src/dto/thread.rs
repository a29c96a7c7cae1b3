//! The golden thread: from any object to every other.

use slipway_core::{ProjectId, Timestamp};

use super::{answer, request};

answer! {
    /// An object of the thread.
    pub struct ObjectRef {
        pub kind: ObjectKind,
        /// Commit id, run id, digest, deployment id, pod name, environment name, problem id or number.
        pub id: String,
    }

    /// Kinds of objects on the thread, in the loop's order.
    #[derive(Eq, Copy)]
    pub enum ObjectKind {
        Change, Commit, Run, Image, Environment, Deployment, Pod, Telemetry, Exception, WorkItem,
    }

    /// Everything that hangs together with one object.
    pub struct ThreadView {
        pub subject: ObjectRef,
        pub project_id: ProjectId,
        /// In the loop's order, then by time.
        pub nodes: Vec<ThreadNode>,
        pub edges: Vec<ThreadEdge>,
    }

    /// An object with what a person wants to see of it.
    pub struct ThreadNode {
        pub object: ObjectRef,
        pub title: String,
        pub subtitle: String,
        /// A state word, such as `succeeded`, `proven` or `doing`.
        pub state: String,
        #[ts(type = "number | null")]
        pub at: Option<Timestamp>,
        pub facts: Vec<ThreadFact>,
        pub is_subject: bool,
    }

    /// A name and a value.
    pub struct ThreadFact {
        pub name: String,
        pub value: String,
    }

    /// Why two objects hang together.
    pub struct ThreadEdge {
        pub from: ObjectRef,
        pub to: ObjectRef,
        /// Such as `started`, `pushed`, `deployed`, `runs as`, `mentions`.
        pub label: String,
    }
}

request! {
    /// The thread of an object.
    pub struct ThreadGet {
        /// Any project if left out.
        #[serde(default)]
        pub project_id: Option<ProjectId>,
        /// A commit id or its beginning, a digest or its beginning, a run's id or number, a deployment id,
        /// a work item as `1`, `#1` or `AB#1`, a pod's name or an exception's problem id.
        pub key: String,
    }
}
