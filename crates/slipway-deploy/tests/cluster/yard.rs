//! A namespace of its own for each test, a client that may do everything there, and manifests.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1::{Namespace, Pod};
use kube::api::{Api, ListParams, ObjectMeta, PostParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use slipway_core::{Digest, LogStream, PushedImage};
use slipway_deploy::{
    AppliedDeployment, ApplyRequest, DeployError, KubeTarget, Progress, read_manifest,
};
use tokio_util::sync::CancellationToken;

use crate::control_plane::{ADMIN, control_plane};

/// The longest wait for anything that should happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// Long enough for a pod to say what ails it, and short for one that never becomes ready.
pub(crate) const SHORT: Duration = Duration::from_secs(4);

pub(crate) struct Yard {
    pub(crate) namespace: String,
    pub(crate) client: Client,
    pub(crate) target: KubeTarget,
    pub(crate) lines: Lines,
}

/// Collects a rollout's lines.
#[derive(Default)]
pub(crate) struct Lines(Mutex<Vec<String>>);

impl Progress for Lines {
    fn line(&self, _: LogStream, text: String) {
        self.texts().push(text);
    }
}

impl Lines {
    pub(crate) fn texts(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn joined(&self) -> String {
        self.texts().join("\n")
    }
}

impl Yard {
    /// Makes the namespace.
    pub(crate) async fn open(namespace: &str) -> Self {
        let yard = Self::without_namespace(namespace).await;
        let object = Namespace {
            metadata: ObjectMeta { name: Some(namespace.to_owned()), ..ObjectMeta::default() },
            ..Namespace::default()
        };
        let namespaces: Api<Namespace> = Api::all(yard.client.clone());
        namespaces.create(&PostParams::default(), &object).await.unwrap();
        yard
    }

    /// A target whose namespace is not there.
    pub(crate) async fn without_namespace(namespace: &str) -> Self {
        let target = target(ADMIN, namespace).await;
        let lines = Lines::default();
        Self { namespace: namespace.to_owned(), client: admin().await, target, lines }
    }

    pub(crate) fn api<K>(&self) -> Api<K>
    where
        K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope>,
        K::DynamicType: Default,
    {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    /// Makes an object as somebody else.
    pub(crate) async fn create<K>(&self, object: serde_json::Value)
    where
        K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope>
            + Clone
            + std::fmt::Debug
            + serde::Serialize
            + serde::de::DeserializeOwned,
        K::DynamicType: Default,
    {
        let object = serde_json::from_value(object).unwrap();
        self.api::<K>().create(&PostParams::default(), &object).await.unwrap();
    }

    pub(crate) async fn apply(
        &self,
        manifest: &str,
        image: &PushedImage,
    ) -> Result<AppliedDeployment, DeployError> {
        self.apply_within(PATIENCE, manifest, image).await
    }

    pub(crate) async fn apply_within(
        &self,
        limit: Duration,
        manifest: &str,
        image: &PushedImage,
    ) -> Result<AppliedDeployment, DeployError> {
        let request = request(manifest, image, limit);
        let cancel = CancellationToken::new();
        sendable(self.target.apply(request, &self.lines, &cancel)).await
    }

    /// Images of all pods that are not about to end.
    pub(crate) async fn running_images(&self) -> Vec<String> {
        let pods = self.api::<Pod>().list(&ListParams::default()).await.unwrap();
        let staying = pods.items.into_iter().filter(|p| p.metadata.deletion_timestamp.is_none());
        staying.map(|pod| pod.spec.unwrap().containers.remove(0).image.unwrap()).collect()
    }
}

/// The app spawns its runs, so a deployment must be able to move between threads.
fn sendable<F: Future + Send>(deployment: F) -> F {
    deployment
}

/// A target of a context of the control plane's kubeconfig.
pub(crate) async fn target(context: &str, namespace: &str) -> KubeTarget {
    let kubeconfig = Some(control_plane().kubeconfig.clone());
    KubeTarget::connect(kubeconfig, context, namespace).await.unwrap()
}

/// A client that may do everything.
pub(crate) async fn admin() -> Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    let read = Kubeconfig::read_from(&control_plane().kubeconfig).unwrap();
    let options = KubeConfigOptions { context: Some(ADMIN.to_owned()), ..Default::default() };
    Client::try_from(Config::from_custom_kubeconfig(read, &options).await.unwrap()).unwrap()
}

pub(crate) fn request(manifest: &str, image: &PushedImage, limit: Duration) -> ApplyRequest {
    ApplyRequest {
        objects: read_manifest("k8s/web.yaml", manifest).unwrap(),
        images: vec![image.clone()],
        env_injected: Vec::new(),
        labels: vec![
            ("dev.slipway.run".to_owned(), "run-1".to_owned()),
            ("dev.slipway.deployment".to_owned(), "deployment-1".to_owned()),
        ],
        rollout_timeout: limit,
        registry_pull: false,
        prune: Vec::new(),
    }
}

/// An image that nobody pushed: its digest is 64 times the digit.
pub(crate) fn pushed(digit: char) -> PushedImage {
    let digest = Digest::parse(&format!("sha256:{}", digit.to_string().repeat(64))).unwrap();
    PushedImage {
        registry: "127.0.0.1:5210".into(),
        repository: "shop/web".into(),
        tags: vec!["1".into()],
        digest: digest.clone(),
        config_digest: digest,
        media_type: "application/vnd.oci.image.manifest.v1+json".into(),
        size_bytes: 1,
        pushed_at: 0,
    }
}

/// A Deployment; `behaviour` are annotations of its pods (`tests/cluster/pods.go`), as YAML.
pub(crate) fn web(replicas: u32, behaviour: &str) -> String {
    workload("Deployment", &format!("replicas: {replicas}"), behaviour)
}

/// A workload of any kind that has a selector.
pub(crate) fn workload(kind: &str, spec: &str, behaviour: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: {kind}
metadata: {{name: web}}
spec:
  {spec}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}, annotations: {{{behaviour}}}}}
    spec:
      containers:
        - name: web
          image: shop/web:latest
          ports: [{{name: http, containerPort: 8080}}]
"
    )
}

/// Waits until a condition holds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain until {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
