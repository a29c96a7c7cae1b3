//! Step 10: the backlog.

use slipway_core::{ProjectId, Timestamp, WorkItemId, WorkItemState, WorkItemType};

use super::{answer, request};
use crate::dto::{CommitView, DeploymentView, ExceptionGroup, RunBadge};

answer! {
    /// A work item.
    pub struct WorkItemView {
        pub id: WorkItemId,
        pub project_id: ProjectId,
        pub item_type: WorkItemType,
        pub title: String,
        pub description: String,
        pub state: WorkItemState,
        #[ts(type = "number")]
        pub created_at: Timestamp,
        #[ts(type = "number")]
        pub changed_at: Timestamp,
        /// Why the state last changed.
        pub state_reason: String,
        /// What the thread says of it in a few words.
        pub thread_summary: String,
        /// The exception it was made from.
        pub problem_id: Option<String>,
    }

    /// A work item with its commits, runs, digests, deployments and health.
    pub struct WorkItemDetail {
        pub item: WorkItemView,
        pub commits: Vec<CommitView>,
        pub runs: Vec<RunBadge>,
        pub deployments: Vec<DeploymentView>,
        pub exception: Option<ExceptionGroup>,
        pub history: Vec<WorkItemEvent>,
    }

    /// Something that happened to a work item.
    pub struct WorkItemEvent {
        #[ts(type = "number")]
        pub at: Timestamp,
        pub text: String,
    }
}

request! {
    /// A request about one work item.
    pub struct WorkItemRequest {
        pub project_id: ProjectId,
        pub id: WorkItemId,
    }

    /// A new work item.
    pub struct WorkItemCreate {
        pub project_id: ProjectId,
        pub item_type: WorkItemType,
        pub title: String,
        #[serde(default)]
        pub description: String,
    }

    /// Changes a work item; what is left out stays.
    pub struct WorkItemUpdate {
        pub project_id: ProjectId,
        pub id: WorkItemId,
        #[serde(default)]
        pub title: Option<String>,
        #[serde(default)]
        pub description: Option<String>,
        #[serde(default)]
        pub state: Option<WorkItemState>,
    }

    /// Makes a bug from an exception, or finds the one already made.
    pub struct WorkItemFromException {
        pub project_id: ProjectId,
        pub problem_id: String,
    }
}
