//! The tasks that a pipeline of this house may name: the runner's own and those of folders.
//!
//! Used wherever a pipeline is read, started or written. Deliberately not here: what a task does.

use std::path::Path;

use slipway_core::ErrorKind;
use slipway_pipeline::catalog::{TaskCatalog, TaskSpec, known, spec};
use slipway_runner::{Catalog, FolderTask, TaskFolder, TaskFolderError, read_task_folder};

use crate::app::App;
use crate::error::ApiError;

/// A folder that was added, as it is on disk now.
pub(crate) type ReadFolder = (String, Result<TaskFolder, TaskFolderError>);

impl App {
    /// Every folder that was added. A folder that cannot be read is told, not dropped.
    pub(crate) async fn task_folders(&self) -> Result<Vec<ReadFolder>, ApiError> {
        let paths = self.store.task_folders().await?;
        apart(move || {
            let read = |path: String| {
                let folder = read_task_folder(Path::new(&path));
                (path, folder)
            };
            paths.into_iter().map(read).collect()
        })
        .await
    }

    /// The tasks that run here.
    pub(crate) async fn task_catalog(&self) -> Result<Catalog, ApiError> {
        let folders = self.task_folders().await?;
        let replaced = self.store.task_replacements().await?;
        let tasks = folders.into_iter().filter_map(|(_, folder)| folder.ok());
        let tasks = tasks.flat_map(|folder| folder.tasks).collect();
        Ok(catalog_of(tasks, &replaced))
    }
}

/// The runner's own tasks and these.
pub(crate) fn catalog_of(tasks: Vec<FolderTask>, replaced: &[(String, u32)]) -> Catalog {
    let replaces = |spec: &TaskSpec| {
        let is_it = |(name, version): &(String, u32)| {
            *version == spec.version && name.eq_ignore_ascii_case(spec.name)
        };
        replaced.iter().any(is_it)
    };
    Catalog::with(tasks, &replaces)
}

/// Reading folders blocks.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        let message = format!("Reading the tasks broke: {error}.");
        ApiError::new(ErrorKind::Bug, "task_thread", message)
    })
}

/// The tasks that an editor offers: those that run here, and all that the vendor describes.
#[derive(Debug, Clone, Default)]
pub struct EditorTasks(Catalog);

impl EditorTasks {
    /// Those of the folders beside the known ones.
    pub fn of(tasks: Catalog) -> Self {
        Self(tasks)
    }
}

impl TaskCatalog for EditorTasks {
    fn task(&self, name: &str, version: u32) -> Option<&TaskSpec> {
        self.0.task(name, version).or_else(|| spec(name, version))
    }

    fn tasks(&self) -> Vec<&TaskSpec> {
        let mut all = self.0.tasks();
        for task in known() {
            if self.0.task(task.name, task.version).is_none() {
                all.push(task);
            }
        }
        all
    }
}
