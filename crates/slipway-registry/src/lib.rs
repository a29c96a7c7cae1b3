//! Any OCI registry, and a local CNCF Distribution registry as child process.
//!
//! The runner confirms here what the engine pushed, the app browses images here, and keeps a
//! registry running that needs no account. This is the only crate that names `oci-client`, which
//! does not show in its API. Deliberately not here: pushing (the engine does it), ACR's token
//! exchange, garbage collection.

mod client;
mod config;
mod error;
mod facts;
mod local;
mod names;
mod port;
mod process;
mod program;

pub use client::{Registry, RegistryCredentials};
pub use error::RegistryError;
pub use facts::{LayerFacts, ManifestFacts};
pub use local::{LocalRegistry, LocalRegistryOptions};
