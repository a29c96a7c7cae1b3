//! What a reader of files knows of the house without opening it: folders of tasks, where pools run, clones.
//!
//! Called by the terminal's checks and by the language server. A data folder that is not there is an empty
//! house; none is made. Deliberately not here: the app.

use std::path::{Path, PathBuf};

use slipway_pipeline::diagnostic::Diagnostic;
use slipway_pipeline::{LoadRequest, Loaded, load};
use slipway_runner::{Catalog, PoolTable, obstacles, read_task_folder, unmapped};

use crate::app::App;
use crate::error::ApiError;
use crate::pipelines::with_obstacles;
use crate::repositories::{Place, Repositories};
use crate::tasks::{EditorTasks, catalog_of};
use crate::template_files::DiskFiles;

/// The house, as it was when it was read.
#[derive(Clone, Default)]
pub struct House {
    tasks: Catalog,
    pools: PoolTable,
    /// A project's folder, and its clones of other repositories.
    clones: Vec<(PathBuf, Repositories)>,
}

impl House {
    /// Reads the data folder, beside whoever has it open.
    pub async fn read(data_dir: &Path) -> Result<Self, ApiError> {
        if !data_dir.is_dir() {
            return Ok(Self::default());
        }
        let app = App::open_read_only(data_dir).await?;
        let mut clones = Vec::new();
        for project in app.store.projects().await? {
            let rows = app.store.repository_mappings(&project.id).await?;
            clones.push((PathBuf::from(project.path), Repositories::of_rows(rows)));
        }
        Ok(Self { tasks: app.task_catalog().await?, pools: app.pool_table().await?, clones })
    }

    /// The same house with these folders of tasks.
    pub fn with_folders<'a>(
        self,
        folders: impl IntoIterator<Item = &'a Path>,
    ) -> Result<Self, ApiError> {
        let mut tasks = Vec::new();
        for folder in folders {
            tasks.extend(read_task_folder(folder)?.tasks);
        }
        let tasks = if tasks.is_empty() { self.tasks } else { catalog_of(tasks, &[]) };
        Ok(Self { tasks, ..self })
    }

    /// The tasks that an editor offers.
    pub fn tasks(&self) -> EditorTasks {
        EditorTasks::of(self.tasks.clone())
    }

    /// The files around one, and its path in its repository. What is said here goes before what the house knows.
    pub fn files(&self, file: &Path, said: Repositories) -> (DiskFiles, String) {
        let root = Place::of(file).root;
        let same = |path: &Path| path.canonicalize().is_ok_and(|path| path == root);
        let known = self.clones.iter().find(|(path, _)| same(path));
        let known = known.map(|(_, own)| own.clone()).unwrap_or_default();
        DiskFiles::around(file, said.and(known))
    }

    /// Reads a file as the language does.
    pub fn load(&self, name: &str, text: &str, request: &LoadRequest, files: &DiskFiles) -> Loaded {
        load(name, text, request, files, &self.tasks())
    }

    /// What is wrong with a file; if it is to run here, also what of it cannot.
    pub fn check(
        &self,
        (name, text): (&str, &str),
        request: &LoadRequest,
        files: &DiskFiles,
        runs_here: bool,
    ) -> Vec<Diagnostic> {
        let loaded = self.load(name, text, request, files);
        if !runs_here {
            return loaded.diagnostics;
        }
        let mut found = Vec::new();
        if let Some(plan) = &loaded.plan {
            found = obstacles(plan, &self.tasks, Some(&self.pools));
            found.extend(unmapped(plan, &|wanted| files.repositories.has(wanted)));
        }
        with_obstacles(loaded, &found).diagnostics
    }
}
