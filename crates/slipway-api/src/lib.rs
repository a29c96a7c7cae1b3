//! The command table, its handlers, and the composition of all stages.
//!
//! Hosts depend on this crate and on nothing below it. Deliberately not here: windows, HTTP, terminals.

pub mod app;
pub mod bindings;
mod caches;
mod commits;
pub mod dto;
pub mod error;
pub mod handlers;
pub mod table;

mod asks;
mod attempts;
mod azure;
mod deploys;
mod doors;
mod drift;
mod folders;
mod guard;
mod history;
mod house;
mod intake;
mod kube;
mod library;
mod log;
mod loop_view;
mod machine;
mod observe;
mod parameters;
mod pipelines;
mod plans;
mod projects;
mod promotion;
pub mod proposals;
mod recovery;
mod report;
mod repositories;
mod rollouts;
mod run_artifacts;
mod run_host;
mod run_journal;
mod run_notes;
mod run_sink;
mod run_start;
mod runs;
mod sample;
mod skips;
mod strategies;
mod strategy_gate;
mod targets;
mod tasks;
mod template_files;
mod thread;
mod vault;
mod views;
mod wanted;
mod watch;
mod working_tree;

pub use folders::{chosen_data_dir, default_data_dir};
pub use house::House;
pub use log::start_log;
pub use repositories::Repositories;
pub use table::ALL_TAGS;
pub use tasks::EditorTasks;
pub use template_files::DiskFiles;
pub use working_tree::WorkingTree;
