//! What is around a pipeline file on disk: its templates, and names that the caller knows.
//!
//! Used by the commands of the text editor and by `slipway lsp`. A template of `path@alias` is found if the
//! repository is mapped. Deliberately not here: templates of a commit (`template_files`).

use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use slipway_pipeline::assist::{OtherFile, Surroundings};
use slipway_pipeline::catalog::TaskCatalog;
use slipway_pipeline::schema::NameKind;

use crate::repositories::{Place, Repositories};
use crate::tasks::EditorTasks;

/// Folders below the root that are looked into for templates.
const MAX_DEPTH: usize = 6;
const MAX_FILES: usize = 1000;
const MAX_FOLDERS: usize = 2000;
/// No template is larger.
const MAX_BYTES: u64 = 5 * 1024 * 1024;

/// A file in a working tree.
#[derive(Debug, Clone)]
pub struct WorkingTree {
    file: PathBuf,
    root: PathBuf,
    names: HashMap<NameKind, Vec<String>>,
    tasks: EditorTasks,
    /// By alias, as the file declares them.
    repositories: HashMap<String, PathBuf>,
}

impl WorkingTree {
    /// The file at a path; the root is the nearest folder above it that is a repository.
    pub fn of(file: &Path) -> Self {
        let place = Place::of(file);
        Self {
            file: place.file,
            root: place.root,
            names: HashMap::new(),
            tasks: EditorTasks::default(),
            repositories: HashMap::new(),
        }
    }

    /// The same file with the folders of the repositories that its text declares.
    pub fn with_repositories(mut self, text: &str, known: &Repositories) -> Self {
        for declared in slipway_pipeline::declared_repositories(text) {
            if let Some(folder) = known.folder([declared.name.as_str(), declared.alias.as_str()]) {
                self.repositories.insert(declared.alias.to_lowercase(), folder.to_owned());
            }
        }
        self
    }

    /// The same file with names of a kind that are known.
    pub fn with_names(mut self, kind: NameKind, names: Vec<String>) -> Self {
        self.names.insert(kind, names);
        self
    }

    /// The same file with the tasks of folders.
    pub fn with_tasks(self, tasks: EditorTasks) -> Self {
        Self { tasks, ..self }
    }

    fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(&self.root)
    }

    /// The path that a reference names, if it stays in the repository.
    fn resolve(&self, reference: &str) -> Option<PathBuf> {
        let (path, alias) = reference.split_once('@').unwrap_or((reference, "self"));
        if path.is_empty() {
            return None;
        }
        // Templates of another repository are named from its root.
        let (root, folder) = if alias.eq_ignore_ascii_case("self") {
            (self.root.as_path(), self.folder())
        } else {
            let root = self.repositories.get(&alias.to_lowercase())?;
            (root.as_path(), root.as_path())
        };
        let path = path.replace('\\', "/");
        let (start, rest) = match path.strip_prefix('/') {
            Some(rest) => (root, rest),
            None => (folder, path.as_str()),
        };
        let mut whole = start.to_owned();
        for component in Path::new(rest).components() {
            match component {
                Component::Normal(name) => whole.push(name),
                Component::ParentDir => {
                    whole.pop();
                }
                Component::CurDir => {}
                Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        whole.starts_with(root).then_some(whole)
    }

    /// A path as this file would write it: relative to it below its folder, else from the root.
    fn reference(&self, path: &Path) -> Option<String> {
        let (prefix, rest) = match path.strip_prefix(self.folder()) {
            Ok(rest) => ("", rest),
            Err(_) => ("/", path.strip_prefix(&self.root).ok()?),
        };
        Some(format!("{prefix}{}", rest.to_str()?.replace('\\', "/")))
    }
}

impl Surroundings for WorkingTree {
    fn catalog(&self) -> &dyn TaskCatalog {
        &self.tasks
    }

    fn names(&self, kind: NameKind) -> Vec<String> {
        self.names.get(&kind).cloned().unwrap_or_default()
    }

    fn templates(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![(self.root.clone(), 0)];
        let mut seen = 0;
        while let Some((folder, depth)) = open.pop() {
            seen += 1;
            if seen > MAX_FOLDERS {
                break;
            }
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                let name = entry.file_name();
                let is_hidden = name.to_str().is_none_or(|name| name.starts_with('.'));
                let is_built = ["node_modules", "target"].iter().any(|built| name == *built);
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && depth < MAX_DEPTH && !is_hidden && !is_built => {
                        open.push((path, depth + 1));
                    }
                    Ok(kind) if kind.is_file() && is_yaml(&path) && path != self.file => {
                        found.extend(self.reference(&path));
                    }
                    _ => {}
                }
            }
            if found.len() >= MAX_FILES {
                break;
            }
        }
        found.sort();
        found.truncate(MAX_FILES);
        found
    }

    fn template(&self, reference: &str) -> Option<OtherFile> {
        let path = self.resolve(reference)?;
        let facts = fs::metadata(&path).ok()?;
        if !facts.is_file() || facts.len() > MAX_BYTES {
            return None;
        }
        let text = fs::read_to_string(&path).ok()?;
        Some(OtherFile { path: path.display().to_string(), text })
    }
}

fn is_yaml(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ending.eq_ignore_ascii_case("yml") || ending.eq_ignore_ascii_case("yaml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_found_in_the_repository_and_nowhere_else() {
        let folder = std::env::temp_dir().join(format!("slipway-tree-{}", std::process::id()));
        let (root, outside) = (folder.join("repo"), folder.join("outside.yml"));
        for below in ["ci/steps", ".git", "node_modules/x"] {
            fs::create_dir_all(root.join(below)).unwrap();
        }
        for file in ["azure-pipelines.yml", "ci/steps/build.yml", "node_modules/x/a.yml", "b.yaml"]
        {
            fs::write(root.join(file), "steps: []\n").unwrap();
        }
        fs::write(&outside, "steps: []\n").unwrap();
        let tree = WorkingTree::of(&root.join("azure-pipelines.yml"));
        assert_eq!(tree.templates(), ["b.yaml", "ci/steps/build.yml"], "what belongs to it");
        assert!(tree.template("ci/steps/build.yml").is_some(), "relative to the file");
        assert!(tree.template("../outside.yml").is_none(), "nothing outside is read");
        assert!(tree.template("x.yml@other").is_none(), "a repository that nobody mapped");
        let text =
            "resources: { repositories: [{ repository: other, type: git, name: A/B }] }\nsteps: []";
        fs::create_dir_all(folder.join("other/t")).unwrap();
        fs::write(folder.join("other/t/x.yml"), "steps: []\n").unwrap();
        let known = Repositories::of([("A/B".to_owned(), folder.join("other"))]);
        let tree = tree.with_repositories(text, &known);
        assert!(tree.template("t/x.yml@other").is_some(), "a mapped one, from its root");
        assert!(tree.template("../outside.yml@other").is_none(), "nothing outside of it");
        let inner = WorkingTree::of(&root.join("ci/steps/build.yml"));
        assert_eq!(inner.templates(), ["/azure-pipelines.yml", "/b.yaml"], "from the root");
        assert!(inner.template("/b.yaml").is_some(), "a path from the root");
        assert!(inner.template("../../b.yaml").is_some(), "a path upwards");
        fs::remove_dir_all(folder).ok();
    }
}
