//! The container engine (Docker or Podman) behind plain Rust calls.
//!
//! The runner builds and pushes images with it, the local deployment target runs containers with
//! it. This is the only crate that names `bollard`; nothing of `bollard` shows in its API.
//! Deliberately not here: what to build or run, log storage, masking of secrets, registry reading.

mod build;
mod call;
mod connect;
mod container;
mod context;
mod copy;
mod dockerignore;
mod error;
mod exec;
mod image;
mod inspect;
mod lines;
mod logs;
mod model;
mod network;
mod options;

pub use connect::Engine;
pub use error::EngineError;
pub use exec::RunningExec;
pub use model::{
    BuildRequest, BuiltImage, ContainerFacts, ContainerSpec, ContainerState, EngineFacts,
    EngineLine, ExecOutcome, ExecSpec, Health, ImageFacts, NetworkFacts, PortMapping, PushReport,
    RegistryLogin, RestartPolicy,
};
pub use options::{ContainerOptions, HealthOptions};
