//! The store on real files in temporary folders.

#![expect(clippy::unwrap_used, reason = "what a test prepares must work, or the test is red")]

mod attempts;
mod crash;
mod deployments;
mod files;
mod find;
mod library;
mod logs;
mod runs;
mod support;
mod telemetry;
mod work_items;
