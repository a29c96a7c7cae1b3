//! The expanded tree to a plan: shapes, keys, types, tasks, graph (pipelines.md 2, 4, 5, 10 to 13).
//!
//! Reading goes on after a mistake, so that a file's errors are all said at once. Deliberately not
//! here: expressions (gone by now), macros (the runner's).

mod conditions;
mod deployment;
mod fields;
mod graph;
mod job;
mod matrix;
mod pipeline;
mod stage;
mod step;
mod task;
mod trigger;
mod variables;

use crate::catalog::TaskCatalog;
use crate::report::Report;

/// Reads one file.
pub(crate) struct Reader<'a, 'r> {
    report: &'a mut Report<'r>,
    catalog: &'a dyn TaskCatalog,
}

impl<'a, 'r> Reader<'a, 'r> {
    pub(crate) fn new(report: &'a mut Report<'r>, catalog: &'a dyn TaskCatalog) -> Self {
        Self { report, catalog }
    }
}
