//! What a deployment is asked for and what it answers, the same for both targets.
//!
//! Deliberately not here: how either target does it.

use std::time::Duration;

use slipway_core::{Digest, LogStream, PushedImage, Timestamp};

use crate::{ManifestObject, ObjectKey, PinnedImage};

/// Where a rollout's lines go, one whole line at a time.
pub trait Progress: Send + Sync {
    /// Takes one line.
    fn line(&self, stream: LogStream, text: String);

    /// Takes the key of an object that the cluster has just taken, so that it is known after a crash.
    fn applied(&self, _key: &ObjectKey) {}
}

/// Lets any closure be a progress.
impl<F: Fn(LogStream, String) + Send + Sync> Progress for F {
    fn line(&self, stream: LogStream, text: String) {
        self(stream, text);
    }
}

/// What to deploy.
#[derive(Debug, Clone, Default)]
pub struct ApplyRequest {
    /// As [`crate::read_manifests`] gave them; images are pinned by the target.
    pub objects: Vec<ManifestObject>,
    /// The images of the run, read back from the registry.
    pub images: Vec<PushedImage>,
    /// Variables added to every container that does not set them itself.
    pub env_injected: Vec<(String, String)>,
    /// Written on pods (run id, commit, deployment id); they do not change the template hash.
    pub labels: Vec<(String, String)>,
    /// The longest wait for readiness; the Deployment's `progressDeadlineSeconds` may be shorter.
    pub rollout_timeout: Duration,
    /// Lets the local engine pull each image by digest first; Kubernetes always pulls by itself.
    pub registry_pull: bool,
    /// What an earlier deployment applied: whatever of it is no longer among the objects is deleted at
    /// the end, if it is still ours. Empty prunes nothing.
    pub prune: Vec<ObjectKey>,
}

/// What to watch of a deployment that was applied earlier, by an app that is gone.
#[derive(Debug, Clone)]
pub struct ResumeRequest {
    /// All that it applied.
    pub applied: Vec<ObjectKey>,
    /// Its labels; an object that carries others was applied by somebody else since.
    pub labels: Vec<(String, String)>,
    pub rollout_timeout: Duration,
    /// As in [`ApplyRequest`].
    pub prune: Vec<ObjectKey>,
}

/// A deployment that is ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedDeployment {
    pub workloads: Vec<AppliedWorkload>,
    pub pinned: Vec<PinnedImage>,
    pub services: Vec<ServiceStatus>,
    /// What of the manifests was left out, one sentence each.
    pub notes: Vec<String>,
    /// Every object that was applied, in that order.
    pub applied: Vec<ObjectKey>,
    /// What was deleted because it is no longer wanted.
    pub pruned: Vec<ObjectKey>,
}

impl AppliedDeployment {
    /// Where a user reaches the first service.
    pub fn url(&self) -> Option<&str> {
        self.services.iter().find_map(|service| service.url.as_deref())
    }

    /// The pods that are to run an image: those of every workload that names its digest.
    pub fn pods_of(&self, digest: &Digest) -> Vec<&str> {
        let names_it = |workload: &&AppliedWorkload| {
            self.pinned.iter().any(|image| {
                let name = image.workload.split_once('/').map(|(_, name)| name);
                image.digest == *digest && name == Some(workload.name.as_str())
            })
        };
        let workloads = self.workloads.iter().filter(names_it);
        workloads.flat_map(|workload| workload.pods.iter().map(String::as_str)).collect()
    }
}

/// One workload of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedWorkload {
    pub name: String,
    /// Hash of the pod template locally; the observed generation on Kubernetes.
    pub revision: String,
    /// Nothing had to be started: the same template runs already.
    pub is_unchanged: bool,
    /// The pods that run it now.
    pub pods: Vec<String>,
}

/// What runs in an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvironmentStatus {
    pub pods: Vec<PodStatus>,
    pub services: Vec<ServiceStatus>,
}

/// A pod: on Kubernetes a real one, locally a container that plays one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodStatus {
    pub name: String,
    pub workload: String,
    pub container_id: String,
    pub image: String,
    pub digest: Option<Digest>,
    pub phase: String,
    pub is_ready: bool,
    pub restarts: u32,
    pub started_at: Option<Timestamp>,
    pub message: Option<String>,
}

/// A service and where it is reached from this machine; one for each port of the Service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceStatus {
    /// The Service's name, followed by `:` and the port's name if it has several ports.
    pub name: String,
    /// The port it is reached at.
    pub port: u16,
    pub url: Option<String>,
    /// Ready pods behind it.
    pub endpoints: u32,
}
