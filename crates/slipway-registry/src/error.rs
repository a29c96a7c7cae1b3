//! Everything that can go wrong with a registry, ours or another's.
//!
//! Deliberately not here: `oci-client`'s errors; `client.rs` turns them into these.

use std::path::PathBuf;

use slipway_core::{ErrorKind, Explain};

/// A registry call that failed, or a registry that did not start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    #[error("The registry {address} does not answer. {reason}")]
    NotReachable { address: String, reason: String },
    #[error("The registry {address} did not finish {doing} within {seconds} seconds.")]
    TimedOut { address: String, doing: String, seconds: u64 },
    #[error("The registry has no image {reference} in the repository {repository}")]
    ManifestUnknown { repository: String, reference: String },
    #[error("The registry has no repository {repository}")]
    RepositoryUnknown { repository: String },
    #[error("The registry {address} does not let you in for {doing}.")]
    Unauthorized { address: String, doing: String },
    #[error(
        "The registry delivers content for {repository} {reference} that does not match its digest: expected {expected}, got {actual}"
    )]
    DigestMismatch { repository: String, reference: String, expected: String, actual: String },
    #[error("The registry {address} takes no more requests for now ({doing}).")]
    TooManyRequests { address: String, doing: String },
    #[error("The registry {address} refused {doing} (status {status}): {message}")]
    Refused { address: String, doing: String, status: u16, message: String },
    #[error("The registry {address} answered {doing} in a way that cannot be understood: {detail}")]
    Protocol { address: String, doing: String, detail: String },
    #[error("'{text}' cannot be used: {reason}")]
    NameUnusable { text: String, reason: String },
    #[error("The local registry needs the program {}, which is not installed.", names.join(" or "))]
    ProgramMissing { names: Vec<String> },
    #[error("The local registry {} could not start: {reason}", program.display())]
    StartFailed { program: PathBuf, reason: String },
    #[error(
        "The local registry did not answer at {address} within {seconds} seconds. See {}",
        log.display()
    )]
    StartTimedOut { address: String, seconds: u64, log: PathBuf },
    #[error("Process {owner} keeps a local registry in {} already.", data_dir.display())]
    InUse { data_dir: PathBuf, owner: u32 },
    #[error("The local registry cannot use {}: {reason}", path.display())]
    DataUnusable { path: PathBuf, reason: String },
}

impl Explain for RegistryError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotReachable { .. }
            | Self::TimedOut { .. }
            | Self::TooManyRequests { .. }
            | Self::StartFailed { .. }
            | Self::StartTimedOut { .. }
            | Self::DataUnusable { .. }
            | Self::ProgramMissing { .. } => ErrorKind::Unavailable,
            Self::ManifestUnknown { .. }
            | Self::RepositoryUnknown { .. }
            | Self::Unauthorized { .. }
            | Self::DigestMismatch { .. }
            | Self::Refused { .. }
            | Self::InUse { .. } => ErrorKind::Refused,
            Self::NameUnusable { .. } => ErrorKind::UserInput,
            Self::Protocol { .. } => ErrorKind::Bug,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotReachable { .. } => "registry_unreachable",
            Self::TimedOut { .. } => "registry_timed_out",
            Self::ManifestUnknown { .. } => "manifest_unknown",
            Self::RepositoryUnknown { .. } => "repository_unknown",
            Self::Unauthorized { .. } => "registry_unauthorized",
            Self::DigestMismatch { .. } => "digest_mismatch",
            Self::TooManyRequests { .. } => "registry_busy",
            Self::Refused { .. } => "registry_refused",
            Self::Protocol { .. } => "registry_protocol",
            Self::NameUnusable { .. } => "registry_name_unusable",
            Self::ProgramMissing { .. } => "registry_program_missing",
            Self::StartFailed { .. } => "registry_start_failed",
            Self::StartTimedOut { .. } => "registry_start_timed_out",
            Self::InUse { .. } => "registry_in_use",
            Self::DataUnusable { .. } => "registry_data_unusable",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NotReachable { .. } => "Check that the registry runs and try again.",
            Self::TimedOut { .. } => "Try again; look at the network if it stays slow.",
            Self::ManifestUnknown { .. } => "Run the pipeline again: its push writes the image.",
            Self::RepositoryUnknown { .. } => "Push an image first: the push makes the repository.",
            Self::Unauthorized { .. } => "Correct the service connection's user name and password.",
            Self::DigestMismatch { .. } => {
                "Do not deploy it: push the image again, then check the registry's disk."
            }
            Self::TooManyRequests { .. } => "Wait a minute, then try again.",
            Self::Refused { .. } => "Look at the registry's own log for the reason.",
            Self::Protocol { .. } => "Check that the address is that of an OCI registry.",
            Self::NameUnusable { .. } => "Correct the name as the message says.",
            Self::ProgramMissing { .. } => "Install the Debian package `docker-registry`.",
            Self::StartFailed { .. } => "Correct what the message names, then start it again.",
            Self::StartTimedOut { .. } => "Read the log, then start the registry again.",
            Self::InUse { .. } => "Close the other Slipway, or give this one another data folder.",
            Self::DataUnusable { .. } => "Make the folder writable, or free some disk space.",
        };
        Some(hint.to_owned())
    }
}
