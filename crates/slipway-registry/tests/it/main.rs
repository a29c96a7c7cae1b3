//! The registry crate against the real CNCF Distribution registry.

#![allow(clippy::unwrap_used, reason = "a test's own steps fail loudly")]

mod browsing;
mod lying;
mod starting;
mod support;
