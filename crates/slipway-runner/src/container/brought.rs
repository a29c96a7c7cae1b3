//! What a container is given for tasks of folders: the folders, and this machine's Node.
//!
//! Called by `start`; the task asks for the Node when the image has none. Whether an image can run it is only
//! known inside: it is tried there. Deliberately not here: starting a task.

use std::path::{Path, PathBuf};

use crate::scope::JobScope;
use crate::tasks::is_program;

/// This machine's Node, where it can be brought along.
pub(crate) const NODE: &str = "/.slipway/node";
/// Folders above a task in which its libraries may lie.
const ABOVE: usize = 4;

/// What the steps of a job need in their containers.
#[derive(Debug, Default)]
pub(super) struct Brought {
    /// The same inside and outside.
    folders: Vec<PathBuf>,
    node: Option<PathBuf>,
}

impl Brought {
    /// Looks at the tasks of a job's steps.
    pub(super) fn of(job: &JobScope) -> Self {
        let mut found = Self::default();
        for step in &job.shape.steps {
            let task = job.run.tasks.find(&step.plan.task, step.plan.version);
            let Some(folder) = task.and_then(|task| task.folder()) else { continue };
            found.add(folder, &job.run.work_root);
            let above = folder.ancestors().skip(1).take(ABOVE);
            for libraries in above.map(|above| above.join("node_modules")) {
                if libraries.is_dir() {
                    found.add(&libraries, &job.run.work_root);
                }
            }
        }
        if !found.folders.is_empty() {
            found.node = node(&job.run.parent_environment);
        }
        found
    }

    fn add(&mut self, folder: &Path, work_root: &Path) {
        let is_known = self.folders.iter().any(|known| known == folder);
        if !is_known && !folder.starts_with(work_root) {
            self.folders.push(folder.to_owned());
        }
    }

    /// As the engine takes them.
    pub(super) fn binds(&self) -> impl Iterator<Item = String> {
        let same = |folder: &PathBuf| format!("{0}:{0}:ro", folder.display());
        let node = self.node.iter().map(|node| format!("{}:{NODE}:ro", node.display()));
        self.folders.iter().map(same).chain(node)
    }
}

/// The program itself, not a script that finds it.
fn node(environment: &[(String, String)]) -> Option<PathBuf> {
    let (_, path) = environment.iter().find(|(name, _)| name == "PATH")?;
    let found = std::env::split_paths(path).map(|folder| folder.join("node"));
    let program =
        found.filter(|path| is_program(path)).find_map(|path| path.canonicalize().ok())?;
    let mut start = [0; 4];
    let mut file = std::fs::File::open(&program).ok()?;
    std::io::Read::read_exact(&mut file, &mut start).ok()?;
    (&start == b"\x7fELF").then_some(program)
}
