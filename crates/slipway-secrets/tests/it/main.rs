//! Secrets at rest, with real files and real processes; Azure DevOps, over HTTP on this machine.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that panics has failed")]

mod azure_devops;
mod crash;
mod file;
