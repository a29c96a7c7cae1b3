//! The azure-pipelines.yml language: text in, answers out; no disk, clock, network or process.
//!
//! [`load`] reads a file into a [`plan::Plan`] and diagnostics. The way there: [`tree`] (what was
//! written), [`template`] (`${{ }}`, directives and includes gone), `reader` (shapes, tasks, graph). While a run
//! goes on the runner asks [`condition`], [`macros`] and [`numbering`]; whoever notices a push asks
//! [`trigger`]. Editors ask [`assist`], which answers from [`schema`] and [`catalog`]; whoever changes
//! a file goes through [`document`].

pub mod assist;
pub mod catalog;
pub mod condition;
pub mod diagnostic;
pub mod document;
pub mod error;
pub mod expr;
mod hints;
mod load;
pub mod macros;
pub mod numbering;
pub mod plan;
pub mod propose;
mod reader;
mod report;
pub mod schedule;
pub mod schema;
mod sources;
pub mod template;
pub mod tree;
pub mod trigger;

pub use condition::{
    ConditionContext, ConditionTrace, Counters, DEFAULT_CONDITION, Status, dependencies,
    dependency, evaluate_condition, evaluate_runtime, result_word, runtime_expression,
    trace_condition,
};
pub use error::{ExpressionError, SyntaxProblem};
pub use expr::Value;
pub use hints::nearest;
pub use load::{Expanded, LoadRequest, Loaded, expand, load};
pub use numbering::{format_number, number_prefix};
pub use schedule::{Cron, Schedule};
pub use template::{
    FileAnswer, Files, Include, NoFiles, ParameterDeclaration, ReadFile, Repository,
    declared_repositories, expanded_yaml,
};
pub use trigger::{Trigger, TriggerVerdict, Triggers};
