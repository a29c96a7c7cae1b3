//! Which task a name and a version mean.
//!
//! The pipeline reader asks a [`Catalog`] about inputs, `step` about what to do. Deliberately not here: the
//! vendor's tasks that nothing here can run; the language's own table has those.

use std::fmt;
use std::sync::Arc;

use slipway_pipeline::catalog::{TaskCatalog, TaskSpec};

use super::node::{FolderTask, NodeTask};
use super::{TASKS, Task};

/// The tasks that run here: the runner's own, and those of folders.
#[derive(Clone, Default)]
pub struct Catalog {
    /// Of each name and major version the newest.
    folders: Arc<[Added]>,
}

struct Added {
    task: NodeTask,
    /// It stands in for the runner's own task of this name.
    replaces: bool,
}

/// The runner's own tasks.
pub fn catalog() -> &'static Catalog {
    static CATALOG: std::sync::LazyLock<Catalog> = std::sync::LazyLock::new(Catalog::default);
    &CATALOG
}

impl Catalog {
    /// The runner's own tasks and those of folders. Of several with one name and major version the newest
    /// counts. The runner's own task goes first, unless the user says of the folder's that it replaces it.
    pub fn with(
        tasks: impl IntoIterator<Item = FolderTask>,
        replaces: &dyn Fn(&TaskSpec) -> bool,
    ) -> Self {
        let mut tasks: Vec<FolderTask> = tasks.into_iter().collect();
        tasks.sort_by_key(|task| std::cmp::Reverse(task.order()));
        let mut folders: Vec<Added> = Vec::with_capacity(tasks.len());
        for task in tasks {
            let spec = task.spec();
            let is_known = folders.iter().any(|known| is_it(known.task.spec(), spec));
            if !is_known {
                folders.push(Added { replaces: replaces(spec), task: NodeTask::new(task) });
            }
        }
        folders.sort_by_key(|added| added.task.spec().reference().to_lowercase());
        Self { folders: folders.into() }
    }

    /// The task with this name, ignoring case, and major version. A folder's task also goes by its id and
    /// by its extension's full name.
    pub(crate) fn find(&self, name: &str, version: u32) -> Option<&dyn Task> {
        let own = find_own(name, version);
        let added = self
            .folders
            .iter()
            .find(|added| added.task.spec().version == version && added.task.task.is_named(name));
        match (own, added) {
            (Some(own), Some(added)) if !added.replaces => Some(own),
            (_, Some(added)) => Some(&added.task),
            (own, None) => own.map(|own| own as &dyn Task),
        }
    }

    /// True when the runner's own task of this name and version is the one that runs.
    pub fn is_own(&self, name: &str, version: u32) -> bool {
        let hides = |added: &Added| {
            added.replaces && added.task.spec().version == version && added.task.task.is_named(name)
        };
        find_own(name, version).is_some() && !self.folders.iter().any(hides)
    }
}

/// True if the runner has a task of its own with this name and major version.
pub fn is_native(name: &str, version: u32) -> bool {
    find_own(name, version).is_some()
}

fn find_own(name: &str, version: u32) -> Option<&'static dyn Task> {
    TASKS.iter().copied().find(|task| {
        let spec = task.spec();
        spec.name.eq_ignore_ascii_case(name) && spec.version == version
    })
}

fn is_it(one: &TaskSpec, other: &TaskSpec) -> bool {
    one.version == other.version && one.name.eq_ignore_ascii_case(other.name)
}

impl TaskCatalog for Catalog {
    fn task(&self, name: &str, version: u32) -> Option<&TaskSpec> {
        self.find(name, version).map(Task::spec)
    }

    fn tasks(&self) -> Vec<&TaskSpec> {
        let own = TASKS.iter().map(|task| task.spec());
        let own = own.filter(|spec| self.is_own(spec.name, spec.version));
        let added = self.folders.iter().map(|added| added.task.spec());
        let added = added.filter(|spec| !self.is_own(spec.name, spec.version));
        own.chain(added).collect()
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let added: Vec<String> =
            self.folders.iter().map(|added| added.task.spec().reference()).collect();
        formatter.debug_struct("Catalog").field("folders", &added).finish()
    }
}
