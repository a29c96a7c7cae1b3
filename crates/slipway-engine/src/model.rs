//! What goes into and comes out of the engine, as plain data.
//!
//! Deliberately not here: `bollard` models, which say `Option` to everything.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use slipway_core::{Digest, LogStream, Timestamp};

use crate::options::ContainerOptions;

/// The engine that answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineFacts {
    /// `Docker Engine` or `Podman Engine`.
    pub name: String,
    pub version: String,
    /// The API version that both sides speak.
    pub api_version: String,
    pub os: String,
    pub architecture: String,
}

/// One line of output, without its line end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineLine {
    pub stream: LogStream,
    pub text: String,
    /// When the container wrote it, or when it reached us if the engine does not say.
    pub at: Timestamp,
}

/// An image to build with the engine's classic builder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildRequest {
    /// The folder whose content the Dockerfile may copy.
    pub context: PathBuf,
    /// The Dockerfile, absolute or relative to the context; it may lie outside of the context.
    pub dockerfile: PathBuf,
    /// Full references such as `127.0.0.1:5210/shop/api:12`.
    pub tags: Vec<String>,
    pub build_args: Vec<(String, String)>,
    pub labels: Vec<(String, String)>,
    /// The stage to stop at; `None` builds the last one.
    pub target: Option<String>,
}

/// An image that was built and stays in the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltImage {
    /// `sha256:…`, the digest of the image's configuration.
    pub image_id: String,
}

/// Who pushes or pulls. Its `Debug` form does not show the password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RegistryLogin {
    pub username: String,
    pub password: String,
}

impl fmt::Debug for RegistryLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryLogin").field("username", &self.username).finish_non_exhaustive()
    }
}

/// What the registry said when the engine had pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushReport {
    /// The manifest's digest; `None` if the engine did not tell it.
    pub digest: Option<Digest>,
    /// The manifest's own size (not that of the layers).
    pub size: Option<i64>,
}

/// An image that the engine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFacts {
    /// `sha256:…`, the digest of the image's configuration.
    pub id: String,
    /// `repository@sha256:…`, one for each registry it was pushed to or pulled from.
    pub repo_digests: Vec<String>,
    pub repo_tags: Vec<String>,
    pub size_bytes: i64,
    pub architecture: String,
    pub os: String,
    /// TCP ports that the image exposes, ascending.
    pub exposed_ports: Vec<u16>,
    pub labels: BTreeMap<String, String>,
}

/// A network that containers find each other on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkFacts {
    pub id: String,
    pub name: String,
    /// The address under which containers reach this machine.
    pub gateway: Option<IpAddr>,
    pub subnet: Option<String>,
}

/// When the engine starts an ended container again (`restartPolicy`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RestartPolicy {
    #[default]
    Never,
    OnFailure,
    Always,
}

/// A container to create. `..Default::default()` is a container that only runs its image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerSpec {
    pub name: String,
    /// Any reference, best one with a digest.
    pub image: String,
    /// Replaces the image's ENTRYPOINT, as Kubernetes' `command` does; the image's CMD is then
    /// ignored too.
    pub command: Option<Vec<String>>,
    /// Replaces the image's CMD, as Kubernetes' `args` does.
    pub args: Option<Vec<String>>,
    pub env: Vec<(String, String)>,
    pub labels: Vec<(String, String)>,
    pub network: Option<String>,
    /// Further names of the container on that network.
    pub aliases: Vec<String>,
    /// Container TCP ports; each is published on 127.0.0.1 at a port that the engine chooses.
    pub published: Vec<u16>,
    pub memory_bytes: Option<i64>,
    /// Thousand-millionths of a CPU: 250m is 250_000_000.
    pub nano_cpus: Option<i64>,
    pub working_dir: Option<String>,
    pub user: Option<String>,
    /// Mounts the root file system read-only.
    pub read_only: bool,
    pub restart: RestartPolicy,
    /// `name:address` lines for `/etc/hosts`; the address may be `host-gateway`.
    pub extra_hosts: Vec<String>,
    /// `/host/path:/container/path[:ro]`.
    pub binds: Vec<String>,
    /// Runs a tiny init as process 1, which reaps children and passes signals on.
    pub init: bool,
    /// Keeps standard input open, so that a program which reads it waits.
    pub open_stdin: bool,
    /// Published ports beside [`ContainerSpec::published`].
    pub ports: Vec<PortMapping>,
    /// Paths that get a volume without a name.
    pub volumes: Vec<String>,
    pub options: ContainerOptions,
}

/// A port of a container that is reached from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortMapping {
    pub container_port: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// The engine chooses if left out.
    pub host_port: Option<u16>,
    /// 127.0.0.1 if left out: only this machine gets in.
    pub host: Option<String>,
}

/// What a container's own check says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Health {
    /// There is no check.
    #[default]
    Unchecked,
    Starting,
    Healthy,
    Unhealthy,
}

/// How a container stands, in the engine's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ContainerState {
    Created,
    Running,
    Paused,
    Restarting,
    Removing,
    Exited,
    Dead,
}

impl ContainerState {
    /// The engine's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Removing => "removing",
            Self::Exited => "exited",
            Self::Dead => "dead",
        }
    }
}

impl fmt::Display for ContainerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A container as the engine sees it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerFacts {
    pub id: String,
    /// Without the leading slash.
    pub name: String,
    /// `sha256:…`: what the container really runs, whatever its reference says today.
    pub image_id: String,
    /// The reference that it was created with.
    pub image_reference: String,
    pub labels: BTreeMap<String, String>,
    pub state: ContainerState,
    /// Only once it has ended.
    pub exit_code: Option<i64>,
    /// When it was last started; `None` if never.
    pub started_at: Option<Timestamp>,
    /// When it last ended; `None` while it runs.
    pub finished_at: Option<Timestamp>,
    pub restart_count: i64,
    /// Its address on its network, while it runs.
    pub ip: Option<IpAddr>,
    /// Container port and the port of 127.0.0.1 that leads to it, ascending.
    pub published: Vec<(u16, u16)>,
    pub oom_killed: bool,
    /// Why the engine could not start it; empty if it could.
    pub error: String,
    pub health: Health,
    /// The environment that its programs start with.
    pub env: Vec<(String, String)>,
}

impl ContainerFacts {
    /// True while its process runs.
    pub fn is_running(&self) -> bool {
        self.state == ContainerState::Running
    }

    /// The port of 127.0.0.1 that leads to this container port.
    pub fn host_port(&self, container_port: u16) -> Option<u16> {
        self.published.iter().find(|(inner, _)| *inner == container_port).map(|(_, outer)| *outer)
    }
}

/// A command to run in a container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExecSpec {
    pub command: Vec<String>,
    /// Added to the container's own.
    pub env: Vec<(String, String)>,
    /// `1000:1000`; the container's own if left out.
    pub user: Option<String>,
    pub working_dir: Option<String>,
}

/// How a command inside of a container ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecOutcome {
    pub exit_code: i64,
    /// Both streams in the order they came, capped at 1 MiB.
    pub output: String,
}
