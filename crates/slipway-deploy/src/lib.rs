//! Manifests to a local container environment or a Kubernetes context, proven by digest.
//!
//! Steps 6 and 7 of the loop: the api crate reads manifests, chooses a target, applies, and proves
//! that what runs is what was pushed. This is the only crate that names `kube` and `k8s-openapi`.
//! Deliberately not here: building and pushing images, storing deployments, telemetry.

mod cluster;
mod error;
mod local;
mod manifest;
mod pin;
mod plan;
mod proof;
mod quantity;
mod request;
mod strategy;
mod target;
mod view;

pub use cluster::{ClusterTokens, GivenCluster, KubeSource, KubeTarget};
pub use error::{DeployError, Place};
pub use local::LocalTarget;
pub use manifest::{LOCAL_KINDS, ManifestObject, check_local, read_manifest, read_manifests};
pub use pin::{PinnedImage, pin_images};
pub use plan::{
    DEPLOYMENT_MARK, DeploymentPlan, ENVIRONMENT_MARK, FieldChange, HIDDEN, MARK_PREFIX, ObjectKey,
    ObjectPlan, PlanAction,
};
pub use proof::prove_local;
pub use request::{
    AppliedDeployment, AppliedWorkload, ApplyRequest, EnvironmentStatus, PodStatus, Progress,
    ResumeRequest, ServiceStatus,
};
pub use strategy::{Withdrawn, is_companion};
pub use target::DeployTarget;
pub use view::{
    ExecWanted, ForwardWanted, KubeKind, KubeViews, LogsWanted, ObjectPath, RowsWanted, ViewError,
};
