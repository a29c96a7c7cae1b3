//! What the crate promises, shown with a real engine and a real registry.
//!
//! The cluster target meets a real Kubernetes API server in `tests/cluster`. Set `SLIPWAY_NO_ENGINE=1`
//! to skip.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly in its helpers too")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod bench;
mod keeping;
mod local;
mod planned;
mod probes;
mod strategy;
mod view;
