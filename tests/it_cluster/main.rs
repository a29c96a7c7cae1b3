//! The app against a real Kubernetes API server. Most tests need no container engine: an image that a run
//! is said to have pushed goes from a pipeline to an environment whose target is a context. The sample
//! (`one_pipeline`, `kubelet`) is really built and pushed, and on a real node it really runs.
//!
//! `cargo xtask test cluster` builds the control plane (`tests/cluster`) and runs these.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says what it saw")]

mod away;
#[path = "../../crates/slipway-deploy/tests/cluster/control_plane.rs"]
#[expect(dead_code, reason = "the tests of the deploy crate use all of it")]
mod control_plane;
mod environment;
mod kill;
mod kubelet;
mod one_pipeline;
mod promotion;
mod quay;
mod sources;
mod strategy;
mod tideline;
mod view;
#[path = "../../crates/slipway-deploy/tests/cluster/way.rs"]
mod way;
