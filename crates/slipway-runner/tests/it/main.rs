//! The runner, end to end: real YAML, real bash, a real engine and registry; only the house is in memory.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that panics has failed")]

mod attempts;
mod cancels;
mod checkouts;
mod checks;
mod choices;
mod conditions;
mod conformance;
mod containers;
mod deployments;
mod docker;
mod groups;
mod image;
mod logs;
mod node_tasks;
mod post_job;
mod registry;
mod scripts;
mod server;
mod skips;
mod stopping;
mod strategies;
mod support;
mod support_of_plans;
mod tools;
mod variables;
mod work;
