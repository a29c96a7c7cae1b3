//! What a deployment would change, and the board on which digests go from environment to environment.

use slipway_core::{CommitSha, DeploymentId, Digest, TargetKind, Timestamp};

use super::{DeploymentView, EnvironmentView, answer};

answer! {
    /// Environments in the order of promotion.
    pub struct PromotionBoard {
        pub columns: Vec<PromotionColumn>,
    }

    /// An environment of the board.
    pub struct PromotionColumn {
        pub environment: EnvironmentView,
        /// The next environment.
        pub promote_to: Option<String>,
        /// Commits that the column before has and this one has not.
        pub behind: Option<u32>,
        /// A manual rollback holds automatic deployments.
        pub hold: Option<HoldView>,
        pub drift: DriftView,
        pub under_way: Option<DeploymentView>,
        /// What stands beside what runs, until somebody promotes or rejects it.
        pub waiting: Option<DeploymentView>,
        /// Slipway ended during its newest deployment, and nobody has taken it up yet.
        pub is_interrupted: bool,
    }

    /// What holds automatic deployments.
    pub struct HoldView {
        pub deployment_id: DeploymentId,
        #[ts(type = "number")]
        pub since: Timestamp,
        pub reason: String,
    }

    /// What differs from what was deployed.
    pub struct DriftView {
        pub state: DriftState,
        #[ts(type = "number | null")]
        pub checked_at: Option<Timestamp>,
        pub objects: Vec<ObjectPlan>,
        /// Why it could not be found out.
        pub problem: Option<String>,
    }

    /// Whether something differs.
    #[derive(Copy, Eq)]
    pub enum DriftState { Unknown, None, Drifted }

    /// What a deployment would change.
    pub struct DeploymentPlanView {
        pub environment: String,
        pub target: TargetKind,
        /// Kubernetes context; empty for a local environment.
        pub context: String,
        pub namespace: String,
        pub digest: Digest,
        pub image: String,
        pub commit: CommitSha,
        pub objects: Vec<ObjectPlan>,
        pub parameters: Vec<ParameterChange>,
        pub notes: Vec<String>,
        /// Names this plan: a start with it is refused if the environment changed since.
        pub hash: String,
        /// An object is refused or a field belongs to somebody else.
        pub is_blocked: bool,
    }

    /// What stands for a token of the manifests; a secret as `***`.
    pub struct ParameterChange {
        pub name: String,
        /// In the deployment before; none if it had no such token.
        pub before: Option<String>,
        pub after: String,
    }

    /// What would happen to an object.
    pub struct ObjectPlan {
        pub api_version: String,
        pub kind: String,
        pub name: String,
        pub namespace: Option<String>,
        /// Such as `deploy/web.yaml:12`.
        pub place: Option<String>,
        pub action: ObjectAction,
        pub fields: Vec<FieldChange>,
        pub problem: Option<String>,
        pub hint: Option<String>,
    }

    /// What is done to an object.
    #[derive(Copy, Eq)]
    pub enum ObjectAction { Create, Change, Same, Delete, Conflict, Refused }

    /// A field that differs.
    pub struct FieldChange {
        /// Such as `spec.template.spec.containers[name=web].image`.
        pub path: String,
        pub before: Option<String>,
        pub after: Option<String>,
        /// Both are then `***` or null.
        pub is_secret: bool,
        /// The manager that owns the live field.
        pub owner: Option<String>,
        pub is_conflict: bool,
    }
}

/// What is deployed.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(tag = "from", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[serde(deny_unknown_fields)]
pub enum DeploymentSource {
    /// The manifests and images of an earlier deployment: promote, roll back.
    Deployment { deployment_id: DeploymentId },
    /// An image that a run pushed, with files or folders of the repository as the working tree has them.
    Image { digest: Digest, manifests: Vec<String> },
}
