//! The expanded tree to a plan: shapes, keys, types, tasks, graph (pipelines.md 2 to 5, 10 to 16).
//!
//! Reading goes on after a mistake, so that a file's errors are all said at once. It reads everything
//! that the service accepts; what a runner cannot do is the runner's to refuse. Deliberately not here:
//! template expressions (gone by now), macros (the runner's).

mod conditions;
mod container;
mod deployment;
mod fields;
mod graph;
mod item;
mod job;
mod legacy;
mod pipeline;
mod pool;
mod references;
mod resources;
mod shorthand;
mod stage;
mod step;
mod step_names;
mod strategy;
mod task;
mod trigger;
mod variables;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::TaskCatalog;
use crate::plan::PlanResources;
use crate::report::Report;
use conditions::{Checked, Site};
use references::Reference;

/// How many names are compared for "did you mean" in one file: a help must not take longer than the work.
const NAMES_COMPARED: usize = 20_000;

/// Reads one file.
pub(crate) struct Reader<'a, 'r> {
    report: &'a mut Report<'r>,
    catalog: &'a dyn TaskCatalog,
    resources: PlanResources,
    /// Positions of resources by kind and folded alias.
    aliases: HashMap<(&'static str, String), usize>,
    /// What was found out about an expression: files repeat theirs.
    checked: HashMap<(Site, Arc<str>), Rc<Checked>>,
    /// What expressions read of other jobs and stages, since the last one who took it.
    references: Vec<Reference>,
    /// The hint for a task that the catalogue does not know.
    task_hints: HashMap<String, Option<String>>,
    names_compared: usize,
}

impl<'a, 'r> Reader<'a, 'r> {
    pub(crate) fn new(report: &'a mut Report<'r>, catalog: &'a dyn TaskCatalog) -> Self {
        Self {
            report,
            catalog,
            resources: PlanResources::default(),
            aliases: HashMap::new(),
            checked: HashMap::new(),
            references: Vec::new(),
            task_hints: HashMap::new(),
            names_compared: 0,
        }
    }

    /// `Did you mean 'x'?`, as long as nobody has to wait for it.
    fn near<'n>(
        &mut self,
        wrong: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Option<String> {
        if self.report.is_full() || self.names_compared >= NAMES_COMPARED {
            return None;
        }
        let left = NAMES_COMPARED - self.names_compared;
        let mut compared = 0;
        let names = names.into_iter().take(left).inspect(|_| compared += 1);
        let hint = crate::hints::did_you_mean(wrong, names);
        self.names_compared += compared;
        hint
    }
}
