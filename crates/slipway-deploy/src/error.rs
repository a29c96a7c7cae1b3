//! Everything that can go wrong between a manifest and a ready pod.
//!
//! Deliberately not here: secret values. A message names the Secret and the key, never the content;
//! last log lines are the workload's own words and pass the caller's masker before they are shown.

use std::fmt;

use slipway_core::{ErrorKind, Explain};
use slipway_engine::EngineError;

/// Where an object was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// Counted from 1, as `---` separates them.
    pub document: usize,
    pub line: Option<u64>,
    pub kind: String,
    pub name: String,
}

impl Place {
    /// File, line and document, for a sentence that names the object already.
    pub(crate) fn in_short(&self) -> String {
        let line = at_line(self.line);
        format!("{}{line} (document {})", self.file, self.document)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, " (document {}", self.document)?;
        if !self.kind.is_empty() {
            write!(f, ", {}", self.kind)?;
        }
        if !self.name.is_empty() {
            write!(f, " '{}'", self.name)?;
        }
        f.write_str(")")
    }
}

/// A deployment that was refused or failed; every variant names what and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeployError {
    #[error("The manifest {file} cannot be read: {reason}")]
    ManifestUnreadable { file: String, reason: String },
    #[error("{file}{}: this is not valid YAML: {reason}", at_line(*line))]
    ManifestSyntax { file: String, line: Option<u64>, reason: String },
    #[error("{place}: {field}: {reason}")]
    ManifestField { place: Box<Place>, field: String, reason: String },
    #[error(
        "{place}: a local environment cannot run the kind {kind}. It knows {}.",
        crate::manifest::LOCAL_KINDS.join(", ")
    )]
    KindUnsupported { place: Box<Place>, kind: String },
    #[error("{place}: {field} is not supported in a local environment: {reason}")]
    FieldUnsupported { place: Box<Place>, field: String, reason: String },
    #[error("The manifests contain no object to deploy.")]
    NothingToDeploy,
    #[error(
        "{place}: container '{container}' uses the image '{image}', which no image of this run \
         covers. Nothing is deployed by tag."
    )]
    ImageNotPinned { place: Box<Place>, container: String, image: String, pushed: Vec<String> },
    #[error(
        "{place}: container '{container}' uses the image '{image}', and more than one image of this \
         run ends in that name: {}.",
        candidates.join(", ")
    )]
    ImageAmbiguous { place: Box<Place>, container: String, image: String, candidates: Vec<String> },
    #[error("No workload in the manifests uses an image of this run: {}.", pushed.join(", "))]
    ImageUnused { pushed: Vec<String> },
    #[error(
        "{place}: {field} needs {missing}, which is not among the manifests of this deployment."
    )]
    ReferenceMissing { place: Box<Place>, field: String, missing: String },
    #[error("The container engine has no image {reference}")]
    ImageMissing { reference: String },
    #[error("{workload} did not become ready: pod {pod}: {reason}")]
    NotReady { workload: String, pod: String, reason: String, last_lines: Vec<String> },
    #[error("Service '{service}' cannot listen on port {port} of this machine: {reason}")]
    PortUnavailable { service: String, port: u16, reason: String },
    #[error("There is no pod {pod} in {environment}")]
    PodMissing { pod: String, environment: String },
    #[error("Cancelled while {doing}.")]
    Cancelled { doing: String },
    #[error("The container engine failed while {doing}: {source}")]
    Engine { doing: String, source: EngineError },
    #[error("The environment's record in container {container} cannot be read: {reason}")]
    RecordUnreadable { container: String, reason: String },
    #[error("The kubeconfig {path} cannot be read: {reason}")]
    KubeconfigUnreadable { path: String, reason: String },
    #[error("The kubeconfig {path} has no context '{context}'. It has {}.", listed(known))]
    ContextMissing { path: String, context: String, known: Vec<String> },
    #[error("The cluster of context '{context}' does not answer while {doing}: {reason}")]
    ClusterUnreachable { context: String, doing: String, reason: String },
    #[error("The cluster of context '{context}' does not know the kind {kind} ({api_version}).")]
    KindUnknown { context: String, kind: String, api_version: String },
    #[error(
        "{object} was not applied: {field} belongs to the manager '{manager}', and Slipway never takes \
         a field by force."
    )]
    ApplyConflict { object: String, field: String, manager: String },
    #[error(
        "The cluster of context '{context}' does not accept who you are while {doing}: {reason}"
    )]
    SignInNeeded { context: String, doing: String, reason: String },
    #[error("A deployment by {strategy} needs a workload, and the manifests have none.")]
    StrategyWithoutWorkload { strategy: String },
    #[error(
        "{place}: {percentage} % of {replicas} replicas is no pod, and a canary without one shows nothing."
    )]
    CanaryEmpty { place: Box<Place>, percentage: u32, replicas: u32 },
    #[error(
        "{object} runs without the label azure-pipelines/version: stable, so no traffic can be split \
         between it and a canary."
    )]
    StableUnmarked { object: String },
    #[error(
        "{place} serves no TrafficSplit (split.smi-spec.io), which trafficSplitMethod smi needs."
    )]
    SplitUnserved { place: String },
    #[error("{object} is not as this deployment applied it: {reason}")]
    NotAsApplied { object: String, reason: String },
    #[error("The cluster refused {doing} (status {status}): {message}")]
    ClusterRefused { doing: String, status: u16, message: String },
}

fn at_line(line: Option<u64>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

impl DeployError {
    /// True for what one object of a deployment is refused for, and another may not be.
    pub(crate) fn is_about_an_object(&self) -> bool {
        matches!(
            self,
            Self::ManifestField { .. }
                | Self::KindUnsupported { .. }
                | Self::FieldUnsupported { .. }
                | Self::ImageNotPinned { .. }
                | Self::ImageAmbiguous { .. }
                | Self::ReferenceMissing { .. }
                | Self::CanaryEmpty { .. }
                | Self::KindUnknown { .. }
                | Self::ApplyConflict { .. }
                | Self::ClusterRefused { .. }
        )
    }

    /// Where in the manifests it is, if that is known.
    pub(crate) fn place(&self) -> Option<&Place> {
        match self {
            Self::ManifestField { place, .. }
            | Self::KindUnsupported { place, .. }
            | Self::FieldUnsupported { place, .. }
            | Self::ImageNotPinned { place, .. }
            | Self::ImageAmbiguous { place, .. }
            | Self::ReferenceMissing { place, .. }
            | Self::CanaryEmpty { place, .. } => Some(place),
            _ => None,
        }
    }

    /// Wraps an engine failure; a cancelled call stays a cancellation.
    pub(crate) fn engine(doing: impl Into<String>, source: EngineError) -> Self {
        match source {
            EngineError::Cancelled { doing } => Self::Cancelled { doing },
            source => Self::Engine { doing: doing.into(), source },
        }
    }
}

impl Explain for DeployError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::ManifestUnreadable { .. }
            | Self::ManifestSyntax { .. }
            | Self::ManifestField { .. }
            | Self::KindUnsupported { .. }
            | Self::FieldUnsupported { .. }
            | Self::NothingToDeploy
            | Self::ImageAmbiguous { .. }
            | Self::ReferenceMissing { .. }
            | Self::KubeconfigUnreadable { .. }
            | Self::ContextMissing { .. }
            | Self::KindUnknown { .. }
            | Self::StrategyWithoutWorkload { .. }
            | Self::CanaryEmpty { .. }
            | Self::NotReady { .. } => ErrorKind::UserInput,
            Self::ImageNotPinned { .. }
            | Self::ImageUnused { .. }
            | Self::ImageMissing { .. }
            | Self::PortUnavailable { .. }
            | Self::PodMissing { .. }
            | Self::ApplyConflict { .. }
            | Self::SignInNeeded { .. }
            | Self::NotAsApplied { .. }
            | Self::StableUnmarked { .. }
            | Self::SplitUnserved { .. } => ErrorKind::Refused,
            // It has no time now, or something that it asks does not answer.
            Self::ClusterRefused { status, .. } if *status == 429 || *status >= 500 => {
                ErrorKind::Unavailable
            }
            Self::ClusterRefused { .. } => ErrorKind::Refused,
            Self::Cancelled { .. } => ErrorKind::Cancelled,
            Self::Engine { source, .. } => source.kind(),
            Self::RecordUnreadable { .. } => ErrorKind::Bug,
            Self::ClusterUnreachable { .. } => ErrorKind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::ManifestUnreadable { .. } => "manifest_unreadable",
            Self::ManifestSyntax { .. } => "manifest_syntax",
            Self::ManifestField { .. } => "manifest_field",
            Self::KindUnsupported { .. } => "kind_unsupported",
            Self::FieldUnsupported { .. } => "field_unsupported",
            Self::NothingToDeploy => "nothing_to_deploy",
            Self::ImageNotPinned { .. } => "image_not_pinned",
            Self::ImageAmbiguous { .. } => "image_ambiguous",
            Self::ImageUnused { .. } => "image_unused",
            Self::ReferenceMissing { .. } => "reference_missing",
            Self::ImageMissing { .. } => "image_missing",
            Self::NotReady { .. } => "not_ready",
            Self::PortUnavailable { .. } => "port_unavailable",
            Self::PodMissing { .. } => "pod_missing",
            Self::Cancelled { .. } => "cancelled",
            Self::Engine { source, .. } => source.code(),
            Self::RecordUnreadable { .. } => "record_unreadable",
            Self::KubeconfigUnreadable { .. } => "kubeconfig_unreadable",
            Self::ContextMissing { .. } => "context_missing",
            Self::ClusterUnreachable { .. } => "cluster_unreachable",
            Self::KindUnknown { .. } => "kind_unknown",
            Self::ApplyConflict { .. } => "apply_conflict",
            Self::SignInNeeded { .. } => "sign_in_needed",
            Self::StrategyWithoutWorkload { .. } => "strategy_without_workload",
            Self::CanaryEmpty { .. } => "canary_empty",
            Self::StableUnmarked { .. } => "stable_unmarked",
            Self::SplitUnserved { .. } => "split_unserved",
            Self::NotAsApplied { .. } => "not_as_applied",
            Self::ClusterRefused { .. } => "cluster_refused",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::ManifestUnreadable { .. } => {
                "Check the path of the manifest in the pipeline, or add the file."
            }
            Self::ManifestSyntax { .. } => "Correct the manifest at that line.",
            Self::ManifestField { .. } => "Correct the field in the manifest.",
            Self::KindUnsupported { .. } => {
                "Keep that object in a file of its own which only cluster environments deploy."
            }
            Self::FieldUnsupported { .. } => "Remove the field, or deploy to a Kubernetes context.",
            Self::NothingToDeploy => "Name at least one manifest with a Deployment.",
            Self::ImageNotPinned { pushed, .. } => return Some(pin_hint(pushed)),
            Self::ImageAmbiguous { .. } => "Write the whole repository name in the manifest.",
            Self::ImageUnused { .. } => {
                "Write the repository of the pushed image as the container's image."
            }
            Self::ReferenceMissing { .. } => {
                "Add it to the manifests, or mark the reference as optional."
            }
            Self::ImageMissing { .. } => "Push the image again, or let the engine pull it.",
            Self::NotReady { .. } => {
                "What was ready before keeps serving. Read the pod's last lines, correct the cause and \
                 deploy again."
            }
            Self::PortUnavailable { .. } => {
                "Stop what uses the port, or give the service another nodePort."
            }
            Self::PodMissing { .. } => "Look at the environment again: pods come and go.",
            Self::Engine { source, .. } => return source.hint(),
            Self::RecordUnreadable { container, .. } => {
                return Some(format!("Remove it and deploy again: docker rm -f {container}"));
            }
            Self::KubeconfigUnreadable { .. } => {
                "Give a readable kubeconfig, for instance from `az aks get-credentials`."
            }
            Self::ContextMissing { .. } => "Choose one of the contexts in the environment.",
            Self::ClusterUnreachable { reason, .. } if reason.contains("certificate") => {
                "The server's certificate is not of the authority in the kubeconfig. Get the \
                 cluster's credentials again, for instance by `az aks get-credentials`."
            }
            Self::ClusterUnreachable { .. } => {
                "Check that the cluster runs and that you are signed in to it."
            }
            Self::KindUnknown { .. } => "Install the definition of that kind in the cluster first.",
            Self::ApplyConflict { .. } => {
                "Let only one tool own the field: remove it from the manifest or from the other tool."
            }
            Self::SignInNeeded { .. } => {
                "Sign in again (for AKS: `az login`), and check that this machine's clock is right: a \
                 sign-in counts only between two times."
            }
            Self::StrategyWithoutWorkload { .. } => {
                "Name a manifest with a Deployment, StatefulSet, DaemonSet, ReplicaSet or Pod."
            }
            Self::CanaryEmpty { replicas, .. } => return Some(enough_hint(*replicas)),
            Self::StableUnmarked { .. } => {
                "Delete it and deploy the canary, then promote: the first promotion gives it the label. Or \
                 use trafficSplitMethod pod."
            }
            Self::SplitUnserved { .. } => {
                "Install a service mesh with the Service Mesh Interface, or use trafficSplitMethod pod."
            }
            Self::NotAsApplied { .. } => "Look at the differences, and deploy again.",
            Self::ClusterRefused { status, message, .. } => refusal_hint(*status, message),
            Self::Cancelled { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

/// The next step after a refusal by the API server, which gives the reason in its message.
fn refusal_hint(status: u16, message: &str) -> &'static str {
    match status {
        _ if message.contains("exceeded quota") => {
            "Ask for less in the manifest, or have the quota of the namespace raised."
        }
        _ if message.contains("failed calling webhook") => {
            "A webhook of the cluster that must agree to every change does not answer (failurePolicy: \
             Fail). Have it repaired, then deploy again; `kubectl get \
             validatingwebhookconfigurations,mutatingwebhookconfigurations` says where it is."
        }
        _ if message.contains("admission webhook")
            || message.contains("ValidatingAdmissionPolicy") =>
        {
            "A policy of the cluster refuses it: change the manifest as the message says."
        }
        403 => "Ask for a Role and a RoleBinding that allow this in the namespace.",
        404 if message.starts_with("namespaces ") => {
            "Create it with `kubectl create namespace`, or add a Namespace to the manifests."
        }
        400 | 422 => "Correct the field that the message names.",
        _ => "Check the object and your rights in the namespace.",
    }
}

/// The smallest share that is a pod.
fn enough_hint(replicas: u32) -> String {
    match replicas {
        0 => "Give the workload replicas in its manifest.".to_owned(),
        replicas => {
            format!("Use a percentage of {} or more, or more replicas.", 50_u32.div_ceil(replicas))
        }
    }
}

fn pin_hint(pushed: &[String]) -> String {
    if pushed.is_empty() {
        return "Write the image by digest (name@sha256:…), or push it in this run.".to_owned();
    }
    format!(
        "Write the image by digest (name@sha256:…), or use an image of this run: {}.",
        pushed.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_like_an_editor_link() {
        let place = Place {
            file: "k8s/web.yaml".into(),
            document: 2,
            line: Some(14),
            kind: "Deployment".into(),
            name: "web".into(),
        };
        assert_eq!(place.to_string(), "k8s/web.yaml:14 (document 2, Deployment 'web')");
    }

    #[test]
    fn a_cancelled_engine_call_is_a_cancellation() {
        let error = DeployError::engine("x", EngineError::Cancelled { doing: "pulling".into() });
        assert_eq!(error.kind(), ErrorKind::Cancelled, "no red toast for what the user asked for");
    }
}
