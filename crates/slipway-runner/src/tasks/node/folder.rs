//! Finds tasks in a folder: one task, the built tasks of a checkout, or an unpacked extension.
//!
//! Called by the house when it lists what the user added. Deliberately not here: what a task declares.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use slipway_pipeline::catalog::TaskSpec;

use super::declaration::{self, Declaration, Handler, HandlerKind};
use super::error::TaskFolderError;
use super::json::{self, Fields};

const TASK_FILE: &str = "task.json";
/// Folders below the one that the user points at.
const MAX_DEPTH: usize = 4;
const MAX_FOLDERS: usize = 5000;

/// A folder that the user points at.
#[derive(Debug)]
pub struct TaskFolder {
    pub path: PathBuf,
    /// By name and version.
    pub tasks: Vec<FolderTask>,
    /// Tasks that cannot be read.
    pub problems: Vec<TaskFolderError>,
}

/// A task of a folder.
#[derive(Debug, Clone)]
pub struct FolderTask {
    pub(super) declaration: Arc<Declaration>,
    pub(super) folder: PathBuf,
    /// `publisher.extension.contribution.Name`, if an extension's manifest says so.
    full_name: Option<String>,
}

impl FolderTask {
    /// What it takes.
    pub fn spec(&self) -> &'static TaskSpec {
        self.declaration.spec
    }

    /// A GUID in lower case.
    pub fn id(&self) -> &str {
        &self.declaration.id
    }

    /// `1.2.3`.
    pub fn version(&self) -> String {
        let (major, minor, patch) = self.declaration.version;
        format!("{major}.{minor}.{patch}")
    }

    pub(crate) fn order(&self) -> (u32, u32, u32) {
        self.declaration.version
    }

    /// As the vendor shows it.
    pub fn friendly_name(&self) -> &str {
        &self.declaration.friendly_name
    }

    pub fn author(&self) -> &str {
        &self.declaration.author
    }

    /// Empty if there is none.
    pub fn help_url(&self) -> &str {
        &self.declaration.help_url
    }

    /// The folder of its task.json.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `publisher.extension.contribution.Name`, if it is known.
    pub fn full_name(&self) -> Option<&str> {
        self.full_name.as_deref()
    }

    /// How it can be started, such as `Node20_1`.
    pub fn handlers(&self) -> Vec<&str> {
        self.declaration.main.iter().map(|handler| handler.name.as_str()).collect()
    }

    /// Why it cannot run here, whatever is installed.
    pub fn why_not(&self) -> Option<String> {
        why_not(&self.declaration, &self.folder)
    }

    /// True for its name, its full name and its id.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        let own = [Some(self.declaration.name.as_str()), Some(self.id()), self.full_name()];
        own.into_iter().flatten().any(|own| own.eq_ignore_ascii_case(name))
    }
}

fn why_not(declaration: &Declaration, folder: &Path) -> Option<String> {
    let name = &declaration.name;
    if declaration.spec.is_agentless {
        return Some(format!("{name} runs on the server, not on an agent."));
    }
    let runs = |handler: &&Handler| handler.kind != HandlerKind::Other;
    let Some(first) = declaration.main.iter().find(runs) else {
        let words: Vec<&str> = declaration.main.iter().map(|it| it.name.as_str()).collect();
        return Some(if words.is_empty() {
            format!("{name} says nothing under `execution`.")
        } else {
            format!(
                "{name} runs by {}; here run Node, Node10, Node16, Node20, Node20_1, Node24 and \
                 PowerShell3.",
                words.join(", ")
            )
        });
    };
    let target = folder.join(&first.target);
    (!target.is_file()).then(|| {
        format!(
            "{name} is started by {}, which is not in its folder. A checkout of sources has to be \
             built first.",
            first.target
        )
    })
}

/// Reads what is in a folder. A task that cannot be read is told beside the others.
pub fn read_task_folder(path: &Path) -> Result<TaskFolder, TaskFolderError> {
    if !path.is_dir() {
        return Err(TaskFolderError::Missing { path: path.to_owned() });
    }
    let mut found = TaskFolder { path: path.to_owned(), tasks: Vec::new(), problems: Vec::new() };
    let extension = Extension::of(path);
    for folder in folders_with_tasks(path) {
        let file = folder.join(TASK_FILE);
        let read = json::read(&file).and_then(|text| declaration::read(&file, &text));
        match read {
            Ok(declaration) => {
                let full_name = extension
                    .as_ref()
                    .and_then(|it| it.full_name(path, &folder, &declaration.name));
                found.tasks.push(FolderTask { declaration, folder, full_name });
            }
            Err(problem) => found.problems.push(problem),
        }
    }
    found.tasks.sort_by(|left, right| {
        let key = |task: &FolderTask| (task.declaration.name.to_lowercase(), task.order());
        key(left).cmp(&key(right))
    });
    match (found.tasks.is_empty(), found.problems.pop()) {
        (true, Some(problem)) => Err(problem),
        (true, None) => Err(TaskFolderError::NoTask { path: path.to_owned() }),
        (false, problem) => {
            found.problems.extend(problem);
            Ok(found)
        }
    }
}

/// Nothing is looked for below a task.
fn folders_with_tasks(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(root.to_owned(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = open.pop() {
        seen += 1;
        if seen > MAX_FOLDERS {
            break;
        }
        if folder.join(TASK_FILE).is_file() {
            found.push(folder);
            continue;
        }
        if depth == MAX_DEPTH {
            continue;
        }
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_folder = entry.path().is_dir();
            if is_folder && !name.starts_with('.') && name != "node_modules" {
                open.push((entry.path(), depth + 1));
            }
        }
    }
    found.sort();
    found
}

/// An extension's manifest: who publishes which task under what name.
struct Extension {
    publisher: String,
    id: String,
    /// A contribution's id and its folder.
    contributions: Vec<(String, String)>,
}

impl Extension {
    /// The manifest of a source folder, or of an unpacked package.
    fn of(root: &Path) -> Option<Self> {
        Self::of_source(root).or_else(|| Self::of_package(root))
    }

    fn of_source(root: &Path) -> Option<Self> {
        let file = root.join("vss-extension.json");
        let map = json::object(&file, &json::read(&file).ok()?).ok()?;
        let fields = Fields::of(&file, &map);
        let publisher = fields.needed("publisher").ok()?;
        let id = fields.needed("id").ok()?;
        Some(Self { publisher, id, contributions: contributions(&fields) })
    }

    /// The identity stands in an XML file, the contributions in a JSON file beside it.
    fn of_package(root: &Path) -> Option<Self> {
        let manifest = json::read(&root.join("extension.vsixmanifest")).ok()?;
        let (_, identity) = manifest.split_once("<Identity")?;
        let (identity, _) = identity.split_once('>')?;
        let attribute = |name: &str| {
            let (_, rest) = identity.split_once(&format!(" {name}=\""))?;
            rest.split_once('"').map(|(value, _)| value.to_owned())
        };
        let (publisher, id) = (attribute("Publisher")?, attribute("Id")?);
        let file = root.join("extension.vsomanifest");
        let map = json::object(&file, &json::read(&file).ok()?).ok()?;
        Some(Self { publisher, id, contributions: contributions(&Fields::of(&file, &map)) })
    }

    fn full_name(&self, root: &Path, folder: &Path, task: &str) -> Option<String> {
        let below = folder.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
        let is_it = |place: &str| {
            let place = place.trim_matches('/');
            below == place || below.starts_with(&format!("{place}/"))
        };
        let (id, _) = self.contributions.iter().find(|(_, place)| is_it(place))?;
        Some(format!("{}.{}.{id}.{task}", self.publisher, self.id))
    }
}

fn contributions(fields: &Fields<'_>) -> Vec<(String, String)> {
    let all = fields.objects("contributions").unwrap_or_default();
    let task = |(map, place): &(&serde_json::Map<String, serde_json::Value>, String)| {
        let contribution = fields.at(map, place);
        let kind = contribution.text("type").ok()??;
        if !kind.eq_ignore_ascii_case("ms.vss-distributed-task.task") {
            return None;
        }
        let properties = contribution.object("properties").ok()??;
        let folder = fields.at(properties, place).needed("name").ok()?;
        Some((contribution.needed("id").ok()?, folder))
    };
    all.iter().filter_map(task).collect()
}
