//! Suites that cross crates: every command through the test host, the whole loop by the command line,
//! and faults. Real engine, real registry, real SQLite, real git.
//!
//! `cargo xtask test rust` runs them; `cargo test -p slipway-tests` does too where an engine answers.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and says what it saw")]

mod approvals;
mod azure;
mod canvas;
mod checkout;
mod contract;
mod deploy_cli;
mod deploy_kill;
mod fault_disk;
mod fault_engine;
mod fault_pipeline;
mod fault_registry;
mod fault_rollout;
mod fault_telemetry;
mod fault_two_apps;
mod kill;
mod kill_write;
mod pipeline_cli;
mod propose;
mod run_parts;
mod secrets;
mod task_folders;
mod whole_loop;
