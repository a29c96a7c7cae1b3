//! A namespace of a Kubernetes cluster, reached by a named kubeconfig context.
//!
//! Objects are applied server-side as the manager `slipway` and never by force; rollouts are watched
//! by their status. The current context is never used: whoever deploys says which cluster is meant.
//! Deliberately not here: Helm, exec, port forwarding.
//!
//! What decides is pure and has unit tests on recorded objects: `prepare.rs`, `rollout.rs`,
//! `pods.rs`, and `plan/`.
//! The rest meets a real API server in `tests/cluster`.

mod beside;
mod changes;
pub(crate) mod connect;
pub(crate) mod kept;
mod kinds;
mod plan;
pub(crate) mod pods;
mod prepare;
mod prune;
mod renew;
mod resume;
mod rollout;
mod run;
mod watch;

pub use connect::{ClusterTokens, GivenCluster, KubeSource};

use futures_util::stream::BoxStream;
use k8s_openapi::api::core::v1::{Pod, Service};
use kube::api::{Api, ListParams, LogParams};
use kube::{Client, Error};
use slipway_core::{Clock, LaunchProof, PushedImage, SystemClock};
use tokio_util::sync::CancellationToken;

use crate::{
    AppliedDeployment, ApplyRequest, DeployError, DeploymentPlan, EnvironmentStatus, ObjectKey,
    ObjectPlan, Progress, ResumeRequest,
};

/// A namespace to deploy to.
#[derive(Clone)]
pub struct KubeTarget {
    client: Client,
    context: String,
    namespace: String,
}

impl std::fmt::Debug for KubeTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KubeTarget({}, {})", self.context, self.namespace)
    }
}

impl KubeTarget {
    /// Reads the kubeconfig and takes the context of that name, which must exist. Nothing is asked of
    /// the cluster yet.
    pub async fn connect(
        kubeconfig: impl Into<KubeSource>,
        context: &str,
        namespace: &str,
    ) -> Result<Self, DeployError> {
        let client = connect::client(kubeconfig.into(), context).await?.client();
        Ok(Self::of(client, context, namespace))
    }

    /// One that goes through a client which others use too.
    pub(crate) fn of(client: Client, context: &str, namespace: &str) -> Self {
        Self { client, context: context.to_owned(), namespace: namespace.to_owned() }
    }

    /// The context it was connected with.
    pub fn context(&self) -> &str {
        &self.context
    }

    /// Asks the cluster whether it would take all objects, applies them, and waits until every workload
    /// among them is rolled out.
    ///
    /// The request's labels become annotations of the objects, not of the pods: a pod template must
    /// stay the same if nothing of it changed.
    pub async fn apply(
        &self,
        request: ApplyRequest,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<AppliedDeployment, DeployError> {
        run::apply(self, request, progress, cancel).await
    }

    /// What [`Self::apply`] would change, tried out and compared with what is there. `applied_before` is
    /// what would be pruned where the manifests no longer have it.
    pub async fn plan(
        &self,
        request: &ApplyRequest,
        applied_before: &[ObjectKey],
    ) -> Result<DeploymentPlan, DeployError> {
        plan::plan(self, request, applied_before).await
    }

    /// What is no longer as the request applied it, and who changed it. Nothing is changed.
    pub async fn drift(&self, request: &ApplyRequest) -> Result<Vec<ObjectPlan>, DeployError> {
        plan::drift(self, request).await
    }

    /// Watches what an earlier deployment applied, as [`Self::apply`] would have done. It succeeds only
    /// if all of it is there, carries the deployment's labels and is rolled out.
    pub async fn resume(
        &self,
        request: ResumeRequest,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<AppliedDeployment, DeployError> {
        resume::resume(self, request, progress, cancel).await
    }

    /// An item whenever one of these objects may have changed, its status aside; it never ends. An
    /// account that may not watch asks again and again instead.
    pub fn watch_changes(&self, keys: &[ObjectKey]) -> BoxStream<'static, ()> {
        changes::watch(self.clone(), keys.to_vec())
    }

    /// All pods and services of the namespace.
    pub async fn status(&self) -> Result<EnvironmentStatus, DeployError> {
        let doing = "listing pods and services";
        let everything = ListParams::default();
        let list = connect::answered(self.pods().list(&everything)).await;
        let pods = list.map_err(|error| self.failed(doing, error))?.items;
        let services: Api<Service> = Api::namespaced(self.client.clone(), &self.namespace);
        let list = connect::answered(services.list(&everything)).await;
        let services = list.map_err(|error| self.failed(doing, error))?.items;
        Ok(EnvironmentStatus {
            services: services.iter().flat_map(|s| pods::service_status(s, &pods)).collect(),
            pods: pods.iter().map(pods::pod_status).collect(),
        })
    }

    /// Compares the image that the kubelet reports for a pod with what was pushed.
    pub async fn prove(&self, pod: &str, pushed: &PushedImage) -> Result<LaunchProof, DeployError> {
        let found = self.pod(pod).await?;
        Ok(pods::judge(&found, pushed, SystemClock.now_ms()))
    }

    /// The last lines of a pod's log; of its first container if it has several.
    pub async fn pod_log(&self, pod: &str, tail: usize) -> Result<Vec<String>, DeployError> {
        let found = self.pod(pod).await?;
        let container = found.spec.and_then(|spec| spec.containers.into_iter().next());
        self.log(pod, container.map(|container| container.name), tail, false).await
    }

    pub(crate) async fn log(
        &self,
        pod: &str,
        container: Option<String>,
        tail: usize,
        is_previous: bool,
    ) -> Result<Vec<String>, DeployError> {
        let parameters = LogParams {
            container,
            tail_lines: i64::try_from(tail).ok(),
            previous: is_previous,
            ..LogParams::default()
        };
        let text = connect::answered(self.pods().logs(pod, &parameters)).await;
        let text = text.map_err(|error| self.failed("reading a pod's log", error))?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    async fn pod(&self, name: &str) -> Result<Pod, DeployError> {
        let found = connect::answered(self.pods().get_opt(name)).await;
        found.map_err(|error| self.failed("looking at a pod", error))?.ok_or_else(|| {
            DeployError::PodMissing { pod: name.to_owned(), environment: self.namespace.clone() }
        })
    }

    fn pods(&self) -> Api<Pod> {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    /// Names a failure of the client: a refusal by the API server, or no answer.
    fn failed(&self, doing: &str, error: Error) -> DeployError {
        connect::failed(&self.context, doing, error)
    }
}
