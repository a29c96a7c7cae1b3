//! What can go wrong while a cluster is looked at.
//!
//! Whatever the cluster says is a [`DeployError`]; here is what is ours.

use slipway_core::{ErrorKind, Explain};

use crate::DeployError;

/// A view that was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ViewError {
    #[error(transparent)]
    Cluster(#[from] DeployError),
    #[error("There is no {what} {id}; it was closed.")]
    Closed { what: &'static str, id: String },
    #[error("'{text}' cannot be {what} of Kubernetes.")]
    NameInvalid { what: &'static str, text: String },
    #[error("The edited {object} is not valid YAML: {reason}.")]
    YamlInvalid { object: String, reason: String },
    #[error("The object cannot be written as YAML: {reason}")]
    YamlUnwritable { reason: String },
    #[error("The value of '{key}' in {object} is masked, and the cluster has none to keep.")]
    ValueUnknown { object: String, key: String },
    #[error("{object} was changed{} since it was read.", by.as_deref().map(|by| format!(" by '{by}'")).unwrap_or_default())]
    Changed { object: String, by: Option<String> },
    #[error("{object} has no pods to restart.")]
    NotRestartable { object: String },
    #[error("No pod in {namespace} has the labels {selector}.")]
    NoPods { namespace: String, selector: String },
    #[error("{target} has no pod that is ready.")]
    NoReadyPod { target: String },
    #[error("{target} has no port {port}.")]
    NoPort { target: String, port: u16 },
    #[error("The port {port} of this machine cannot be opened: {reason}")]
    PortUnavailable { port: u16, reason: String },
}

impl Explain for ViewError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Cluster(error) => error.kind(),
            Self::Closed { .. }
            | Self::Changed { .. }
            | Self::NoReadyPod { .. }
            | Self::PortUnavailable { .. } => ErrorKind::Refused,
            Self::NameInvalid { .. }
            | Self::YamlInvalid { .. }
            | Self::ValueUnknown { .. }
            | Self::NotRestartable { .. }
            | Self::NoPods { .. }
            | Self::NoPort { .. } => ErrorKind::UserInput,
            Self::YamlUnwritable { .. } => ErrorKind::Bug,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Cluster(error) => error.code(),
            Self::Closed { .. } => "view_closed",
            Self::NameInvalid { .. } => "kube_name",
            Self::YamlInvalid { .. } => "kube_yaml",
            Self::YamlUnwritable { .. } => "kube_yaml_unwritable",
            Self::ValueUnknown { .. } => "kube_value_masked",
            Self::Changed { .. } => "kube_changed",
            Self::NotRestartable { .. } => "kube_not_restartable",
            Self::NoPods { .. } => "kube_no_pods",
            Self::NoReadyPod { .. } => "kube_no_ready_pod",
            Self::NoPort { .. } => "kube_no_port",
            Self::PortUnavailable { .. } => "kube_local_port",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Cluster(error) => return error.hint(),
            Self::Closed { .. } => "Open it again.",
            Self::NameInvalid { .. } => "Write it as kubectl shows it.",
            Self::YamlInvalid { .. } => "Correct the text at that place.",
            Self::YamlUnwritable { .. } => "Read it with `kubectl get -o yaml`.",
            Self::ValueUnknown { .. } => "Write the value in base64, or take the key out.",
            Self::Changed { .. } => "Read it again and make the change once more.",
            Self::NotRestartable { .. } => "Restart a Deployment, a StatefulSet or a DaemonSet.",
            Self::NoPods { .. } => "Check the labels, or wait until pods with them are made.",
            Self::NoReadyPod { .. } => "Wait until a pod is ready, or look at why none is.",
            Self::NoPort { .. } => "Choose one of the ports that it lists.",
            Self::PortUnavailable { .. } => "Choose another port, or let one be chosen.",
        };
        Some(hint.to_owned())
    }
}
