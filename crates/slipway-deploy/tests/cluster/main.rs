//! The cluster target against a real API server, controller manager and scheduler; only nodes are
//! simulated (`tests/cluster`).
//!
//! `cargo xtask test cluster` builds that control plane and runs these. Deliberately not here: whatever
//! needs a container that truly runs.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly in its helpers too")]

mod access;
mod control_plane;
mod faults;
mod first;
mod given;
mod kinds;
mod later;
mod outage;
mod ownership;
mod plan;
mod pods;
mod prune;
mod restart;
mod sign_in;
mod strategy;
mod trouble;
mod view_objects;
mod view_streams;
mod view_tables;
mod way;
mod webhook;
mod yard;
