//! The azure-pipelines.yml language: text in, answers out; no disk, clock, network or process.

pub mod catalog;
pub mod diagnostic;
pub mod plan;
