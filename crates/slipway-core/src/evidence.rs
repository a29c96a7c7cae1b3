//! The golden thread as types: each stage returns the evidence that the next one demands.
//!
//! `CommitEvidence → RunEvidence → PushedImage → DeploymentEvidence → LaunchProof → HealthWindow →
//! WorkItemLink`. Whatever deploys takes a [`PushedImage`], so nothing can be deployed by tag.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{CommitSha, DeploymentId, Digest, EnvironmentName, RunId, Timestamp, WorkItemId};

/// A commit that exists in the project's repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CommitEvidence {
    pub sha: CommitSha,
    pub branch: String,
    pub message: String,
    pub author_name: String,
    pub author_email: String,
    #[ts(type = "number")]
    pub committed_at: Timestamp,
    /// Work items that the message mentions (`AB#1`).
    pub work_items: Vec<WorkItemId>,
}

/// A run of one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunEvidence {
    pub run_id: RunId,
    /// `Build.BuildId`: counts up in the project.
    pub build_id: u32,
    /// `Build.BuildNumber`.
    pub number: String,
    pub commit: CommitSha,
}

/// An image that a registry holds; the digest was read back from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PushedImage {
    /// Host and port, such as `127.0.0.1:5210`.
    pub registry: String,
    pub repository: String,
    pub tags: Vec<String>,
    /// Digest of the manifest, the key of the whole thread.
    pub digest: Digest,
    /// Digest of the image's configuration: what an engine calls the image id.
    pub config_digest: Digest,
    pub media_type: String,
    #[ts(type = "number")]
    pub size_bytes: i64,
    #[ts(type = "number")]
    pub pushed_at: Timestamp,
}

impl PushedImage {
    /// The only reference that is ever deployed: repository at digest.
    pub fn reference(&self) -> String {
        format!("{}/{}@{}", self.registry, self.repository, self.digest)
    }
}

/// A deployment that a target accepted and finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentEvidence {
    pub deployment_id: DeploymentId,
    pub environment: EnvironmentName,
    pub digest: Digest,
    pub workload: String,
    /// Where a user reaches it, if a Service says so.
    pub url: Option<String>,
    #[ts(type = "number")]
    pub finished_at: Timestamp,
}

/// What runs, compared with what was pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LaunchProof {
    pub pod: String,
    pub container_id: String,
    /// The digest that the registry holds.
    pub pushed_digest: Digest,
    /// The digest that the running container's image has, as the engine or kubelet reports it.
    pub running_digest: Option<Digest>,
    /// The image id the engine runs, and the configuration digest that the manifest names.
    pub running_image_id: String,
    pub is_proven: bool,
    /// One sentence: what was compared with what.
    pub statement: String,
    #[ts(type = "number")]
    pub checked_at: Timestamp,
}

/// What telemetry says of a deployment over a span of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HealthWindow {
    #[ts(type = "number")]
    pub from: Timestamp,
    #[ts(type = "number")]
    pub to: Timestamp,
    pub requests: u32,
    pub failed_requests: u32,
    pub exceptions: u32,
    pub probes: u32,
    pub failed_probes: u32,
    pub p95_ms: Option<f64>,
    pub verdict: HealthVerdict,
    /// The rule that decided, with its numbers.
    pub reason: String,
}

/// The verdict over a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HealthVerdict {
    /// Too little telemetry yet.
    Waiting,
    Healthy,
    Unhealthy,
}

/// How a work item hangs on the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WorkItemLinkKind {
    /// The commit message mentions it.
    Commit,
    /// The item was made from an exception seen in telemetry.
    Exception,
}

/// A work item linked to the thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorkItemLink {
    pub work_item: WorkItemId,
    pub kind: WorkItemLinkKind,
    /// Commit id or exception problem id.
    pub target: String,
}
