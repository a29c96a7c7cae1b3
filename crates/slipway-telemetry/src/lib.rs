//! Steps 8 and 9: takes Application Insights telemetry in, counts it, judges a deployment by it and
//! draws the charts of it.
//!
//! `slipway-serve` hands bytes to [`ingest`], the store keeps the rows and hands them back to
//! [`stats`], and `slipway-api` asks for a [`verdict`], [`charts`] and a [`report`].
//!
//! Deliberately not here: an HTTP server, SQL, a timer, a clock. Each function takes what it needs
//! to know, the instant included.

pub mod charts;
pub mod connection;
mod error;
pub mod ingest;
pub mod probe;
pub mod report;
pub mod stats;
pub mod verdict;

pub use error::TelemetryError;
