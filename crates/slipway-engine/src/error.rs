//! Everything that can go wrong between Slipway and a container engine.
//!
//! Deliberately not here: `bollard::errors::Error`; `call.rs` turns it into these.

use std::path::PathBuf;

use slipway_core::{ErrorKind, Explain};

/// An engine call that failed; every variant names what was being done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    #[error("No container engine answered. Tried {}. {reason}", tried.join(", "))]
    NotReachable { tried: Vec<String>, reason: String },
    #[error("The engine address '{host}' cannot be used: expected unix:///path/to/docker.sock")]
    HostUnusable { host: String },
    #[error("The connection to the container engine was lost while {doing}. {detail}")]
    EngineLost { doing: String, detail: String },
    #[error("The container engine did not finish {doing} within {seconds} seconds.")]
    TimedOut { doing: String, seconds: u64 },
    #[error("Cancelled while {doing}.")]
    Cancelled { doing: String },
    #[error("The build context {} cannot be read: {reason}", context.display())]
    ContextUnreadable { context: PathBuf, reason: String },
    #[error("There is no Dockerfile at {}", dockerfile.display())]
    DockerfileMissing { dockerfile: PathBuf },
    #[error("The image could not be built from {}: {message}", dockerfile.display())]
    BuildFailed { dockerfile: PathBuf, message: String },
    #[error("The image could not be pushed to {reference}: {message}")]
    PushFailed { reference: String, message: String },
    #[error("The image {reference} could not be pulled: {message}")]
    PullFailed { reference: String, message: String },
    #[error("The container engine has no image {reference}")]
    ImageMissing { reference: String },
    #[error("The container engine has no container {container}")]
    ContainerMissing { container: String },
    #[error("The container engine has no network {network}")]
    NetworkMissing { network: String },
    #[error("A container named {name} exists already.")]
    NameTaken { name: String },
    #[error("The container option '{option}' is not one that can be used here.")]
    OptionUnknown { option: String },
    #[error("The container option '{option}' cannot be read: it is given {value}.")]
    OptionInvalid { option: String, value: String },
    #[error("The port '{port}' cannot be read.")]
    PortInvalid { port: String },
    #[error("The container {container} could not start: {message}")]
    StartFailed { container: String, message: String },
    #[error("The command '{command}' in container {container} did not end within {seconds} s.")]
    ExecTimedOut { container: String, command: String, seconds: u64 },
    #[error("The container engine refused {doing} (status {status}): {message}")]
    Refused { doing: String, status: u16, message: String },
    #[error("The container engine's answer to {doing} cannot be understood: {detail}")]
    AnswerUnreadable { doing: String, detail: String },
}

impl Explain for EngineError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotReachable { .. } | Self::EngineLost { .. } | Self::TimedOut { .. } => {
                ErrorKind::Unavailable
            }
            Self::PushFailed { .. } | Self::PullFailed { .. } => ErrorKind::Unavailable,
            Self::Cancelled { .. } => ErrorKind::Cancelled,
            Self::HostUnusable { .. }
            | Self::ContextUnreadable { .. }
            | Self::DockerfileMissing { .. }
            | Self::BuildFailed { .. }
            | Self::StartFailed { .. }
            | Self::OptionUnknown { .. }
            | Self::OptionInvalid { .. }
            | Self::PortInvalid { .. }
            | Self::ExecTimedOut { .. } => ErrorKind::UserInput,
            Self::ImageMissing { .. }
            | Self::ContainerMissing { .. }
            | Self::NetworkMissing { .. }
            | Self::NameTaken { .. }
            | Self::Refused { .. } => ErrorKind::Refused,
            Self::AnswerUnreadable { .. } => ErrorKind::Bug,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotReachable { .. } => "engine_unreachable",
            Self::HostUnusable { .. } => "engine_host_unusable",
            Self::EngineLost { .. } => "engine_lost",
            Self::TimedOut { .. } => "engine_timed_out",
            Self::Cancelled { .. } => "cancelled",
            Self::ContextUnreadable { .. } => "build_context_unreadable",
            Self::DockerfileMissing { .. } => "dockerfile_missing",
            Self::BuildFailed { .. } => "build_failed",
            Self::PushFailed { .. } => "push_failed",
            Self::PullFailed { .. } => "pull_failed",
            Self::ImageMissing { .. } => "image_missing",
            Self::ContainerMissing { .. } => "container_missing",
            Self::NetworkMissing { .. } => "network_missing",
            Self::NameTaken { .. } => "container_name_taken",
            Self::StartFailed { .. } => "container_start_failed",
            Self::OptionUnknown { .. } => "container_option_unknown",
            Self::OptionInvalid { .. } => "container_option_invalid",
            Self::PortInvalid { .. } => "port_invalid",
            Self::ExecTimedOut { .. } => "exec_timed_out",
            Self::Refused { .. } => "engine_refused",
            Self::AnswerUnreadable { .. } => "engine_answer_unreadable",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotReachable { .. } => {
                "Install docker.io and start dockerd, or run `cargo xtask run`."
            }
            Self::HostUnusable { .. } => "Give the engine's socket as unix:///path/to/docker.sock.",
            Self::EngineLost { .. } => "Start dockerd again, then run the step again.",
            Self::TimedOut { .. } => "Look at the engine's load, then try again.",
            Self::ContextUnreadable { .. } => {
                "Check that the build context exists and may be read, or list what cannot be read \
                 in .dockerignore."
            }
            Self::DockerfileMissing { .. } => {
                "Correct the path of the Dockerfile in the pipeline, or add the file."
            }
            Self::BuildFailed { .. } => "Correct the instruction that the log names last.",
            Self::PushFailed { .. } => "Check that the registry runs and that you may push to it.",
            Self::PullFailed { .. } => "Check the reference and that its registry can be reached.",
            Self::ImageMissing { .. } => "Build or pull the image first.",
            Self::ContainerMissing { .. } => "Somebody removed it: deploy again.",
            Self::NetworkMissing { .. } => "Somebody removed it: deploy again.",
            Self::NameTaken { name } => {
                return Some(format!("Remove the other container: docker rm -f {name}"));
            }
            Self::StartFailed { .. } => {
                "Check the image's entry point, the command and the mounts."
            }
            Self::OptionUnknown { .. } => {
                "Take it out of `options:`; docs/containers.md lists those that work."
            }
            Self::OptionInvalid { .. } => "Write the value as docker create takes it.",
            Self::PortInvalid { .. } => {
                "Write 80, 8080:80 or 127.0.0.1:8080:80, and /udp if it is."
            }
            Self::ExecTimedOut { .. } => "Give the command more time, or see why it hangs.",
            Self::Cancelled { .. } | Self::Refused { .. } | Self::AnswerUnreadable { .. } => {
                return None;
            }
        };
        Some(hint.to_owned())
    }
}
