//! Which task a name and a version mean.
//!
//! The pipeline reader asks a [`Catalog`] about inputs, `step` about what to do. Deliberately not here: the
//! vendor's tasks that nothing here can run; the language's own table has those.

use slipway_pipeline::catalog::{TaskCatalog, TaskSpec};

use super::{TASKS, Task};

/// The tasks that run here.
#[derive(Debug, Clone, Default)]
pub struct Catalog(());

/// The runner's own tasks.
pub fn catalog() -> &'static Catalog {
    static CATALOG: Catalog = Catalog(());
    &CATALOG
}

impl Catalog {
    /// The task with this name, ignoring case, and major version.
    pub(crate) fn find(&self, name: &str, version: u32) -> Option<&dyn Task> {
        TASKS.iter().copied().find(|task| {
            let spec = task.spec();
            spec.name.eq_ignore_ascii_case(name) && spec.version == version
        })
    }
}

impl TaskCatalog for Catalog {
    fn task(&self, name: &str, version: u32) -> Option<&TaskSpec> {
        self.find(name, version).map(Task::spec)
    }

    fn tasks(&self) -> Vec<&TaskSpec> {
        TASKS.iter().map(|task| task.spec()).collect()
    }
}
