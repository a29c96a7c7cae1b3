//! The template files of one load: references resolved, each file read and parsed once.

use std::collections::HashMap;
use std::rc::Rc;

use super::files::{FileAnswer, Files, ReadFile, Repository};
use super::parameters::Declarations;
use crate::tree::{Node, Place, SourceId, SourceText, read};

/// Most files of a load, the root file among them.
const MAX_FILES: usize = 100;
const MAX_TEXT: usize = 20 * 1024 * 1024;

/// A template, read.
pub(super) struct TemplateFile {
    /// Its position among the files.
    pub(super) index: usize,
    pub(super) root: Option<Node>,
    /// Where it begins.
    pub(super) start: Place,
    pub(super) declarations: Declarations,
}

/// Where a reference leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Target {
    pub(super) repository: Rc<Repository>,
    pub(super) path: String,
}

impl Target {
    /// As diagnostics call it.
    pub(super) fn name(&self) -> String {
        if self.repository.is_own() {
            self.path.clone()
        } else {
            format!("{}@{}", self.path, self.repository.alias)
        }
    }
}

/// A reference that leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BadReference {
    Empty,
    UnknownAlias { alias: String },
    AboveRoot,
}

/// The files read so far.
pub(super) struct Library<'f> {
    files: &'f dyn Files,
    read: Vec<Target>,
    known: HashMap<Target, Option<Rc<TemplateFile>>>,
    failed: HashMap<Target, FileAnswer>,
    by_index: HashMap<usize, Rc<TemplateFile>>,
    own: Rc<Repository>,
    /// Those of the root file's resources.
    repositories: Vec<Rc<Repository>>,
    text: usize,
}

/// The repositories that a pipeline's text names under `resources`, whatever else is wrong with it.
pub fn declared_repositories(text: &str) -> Vec<Repository> {
    let tree = read(&SourceText::new(SourceId(0), "azure-pipelines.yml", text));
    let root = tree.root.as_ref();
    root.and_then(|root| root.get("resources")).map(declared).unwrap_or_default()
}

fn declared(resources: &Node) -> Vec<Repository> {
    let items = resources.get("repositories").and_then(Node::items).unwrap_or_default();
    let repository = |item: &Node| {
        let text = |key| item.get(key).and_then(Node::text).map(str::to_owned);
        let some = |key| text(key).filter(|text| !text.is_empty());
        let alias = some("repository")?;
        Some(Repository {
            name: some("name").unwrap_or_else(|| alias.clone()),
            kind: some("type").unwrap_or_else(|| "git".to_owned()),
            reference: some("ref"),
            endpoint: some("endpoint"),
            alias,
        })
    };
    items.iter().filter_map(repository).collect()
}

/// What reading came to.
pub(super) enum Opened {
    /// Read before, or refused before.
    Known(Option<Rc<TemplateFile>>),
    New(std::sync::Arc<str>),
    Failed(FileAnswer),
    TooMany,
    TooLarge,
}

impl<'f> Library<'f> {
    pub(super) fn new(files: &'f dyn Files, root: &str) -> Self {
        let own = Rc::new(Repository::own());
        let path = normalized("", root).unwrap_or_else(|| root.to_owned());
        let root = Target { repository: Rc::clone(&own), path };
        Self {
            files,
            read: vec![root],
            known: HashMap::new(),
            failed: HashMap::new(),
            by_index: HashMap::new(),
            own,
            repositories: Vec::new(),
            text: 0,
        }
    }

    /// Takes over what `resources: repositories:` declares; the first of an alias stays.
    pub(super) fn declare(&mut self, resources: &Node) {
        for declared in declared(resources) {
            if self.repository(&declared.alias).is_none() {
                self.repositories.push(Rc::new(declared));
            }
        }
    }

    fn repository(&self, alias: &str) -> Option<&Rc<Repository>> {
        std::iter::once(&self.own)
            .chain(&self.repositories)
            .find(|known| known.alias.eq_ignore_ascii_case(alias))
    }

    pub(super) fn aliases(&self) -> Vec<&str> {
        self.repositories.iter().map(|known| known.alias.as_str()).collect()
    }

    /// The file that something in `source` stands in; a text that is no file counts as the root.
    pub(super) fn file_of(&self, source: SourceId) -> (usize, &Target) {
        let index = usize::from(source.0);
        match self.read.get(index) {
            Some(target) => (index, target),
            None => (0, &self.read[0]),
        }
    }

    /// What `reference` means in a file.
    pub(super) fn resolve(
        &self,
        reference: &str,
        source: SourceId,
    ) -> Result<Target, BadReference> {
        let (_, from) = self.file_of(source);
        let reference = reference.trim();
        let (path, repository) = match reference.rsplit_once('@') {
            None => (reference, &from.repository),
            Some((path, alias)) => match self.repository(alias.trim()) {
                Some(repository) => (path.trim_end(), repository),
                None => return Err(BadReference::UnknownAlias { alias: alias.trim().to_owned() }),
            },
        };
        if path.trim().is_empty() {
            return Err(BadReference::Empty);
        }
        // In another repository a path starts at its root.
        let folder = if *repository == from.repository {
            from.path.rsplit_once('/').map_or("", |(folder, _)| folder)
        } else {
            ""
        };
        let path = normalized(folder, path).ok_or(BadReference::AboveRoot)?;
        Ok(Target { repository: Rc::clone(repository), path })
    }

    /// Reads a file that was not read before.
    pub(super) fn open(&mut self, target: &Target) -> Opened {
        if let Some(known) = self.known.get(target) {
            return Opened::Known(known.clone());
        }
        if let Some(failed) = self.failed.get(target) {
            return Opened::Failed(failed.clone());
        }
        if self.read.len() >= MAX_FILES {
            return Opened::TooMany;
        }
        match self.files.read(&target.repository, &target.path) {
            FileAnswer::Text(text) => {
                self.text += text.len();
                if self.text > MAX_TEXT {
                    return Opened::TooLarge;
                }
                self.read.push(target.clone());
                Opened::New(text)
            }
            failed => {
                self.failed.insert(target.clone(), failed.clone());
                Opened::Failed(failed)
            }
        }
    }

    pub(super) fn keep(&mut self, target: Target, file: Option<Rc<TemplateFile>>) {
        if let Some(file) = &file {
            self.by_index.insert(file.index, Rc::clone(file));
        }
        self.known.insert(target, file);
    }

    /// The type of a parameter of a template.
    pub(super) fn kind_of(&self, file: usize, parameter: &str) -> Option<&str> {
        self.by_index.get(&file)?.declarations.kind_of(parameter)
    }

    pub(super) fn last_index(&self) -> usize {
        self.read.len() - 1
    }

    pub(super) fn name(&self, index: usize) -> String {
        self.read.get(index).map(Target::name).unwrap_or_default()
    }

    pub(super) fn read_files(&self, root: &str) -> Vec<ReadFile> {
        let mut files: Vec<ReadFile> = self
            .read
            .iter()
            .map(|target| ReadFile {
                name: target.name(),
                repository: (*target.repository).clone(),
                path: target.path.clone(),
            })
            .collect();
        if let Some(first) = files.first_mut() {
            root.clone_into(&mut first.name);
        }
        files
    }
}

/// A path from the root of a repository, given the folder that it may be relative to.
fn normalized(folder: &str, path: &str) -> Option<String> {
    let path = path.trim().replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    if !path.starts_with('/') {
        parts.extend(folder.split('/').filter(|part| !part.is_empty()));
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::NoFiles;
    use crate::tree::{SourceText, read};

    #[test]
    fn paths_start_at_the_including_file_or_at_the_root() {
        for (folder, path, wanted) in [
            ("eng", "steps/a.yml", Some("eng/steps/a.yml")),
            ("eng", "/steps/a.yml", Some("steps/a.yml")),
            ("eng/x", "..\\a.yml", Some("eng/a.yml")),
            ("eng", "./b/../a.yml", Some("eng/a.yml")),
            ("", "../a.yml", None),
        ] {
            let found = normalized(folder, path);
            assert_eq!(found.as_deref(), wanted, "{path} in {folder:?}");
        }
    }

    #[test]
    fn an_alias_leads_into_its_repository() {
        let text = "repositories:\n- repository: Tools\n  type: github\n  name: a/b\n  ref: main\n";
        let resources = read(&SourceText::new(SourceId(0), "a.yml", text)).root.unwrap();
        let mut library = Library::new(&NoFiles, "eng/azure-pipelines.yml");
        library.declare(&resources);
        let target = library.resolve("x/y.yml@tools", SourceId(0)).unwrap();
        assert_eq!((target.repository.name.as_str(), target.path.as_str()), ("a/b", "x/y.yml"));
        assert_eq!(target.name(), "x/y.yml@Tools", "named as the resources name it");
        let own = library.resolve("x.yml@self", SourceId(0)).unwrap();
        assert_eq!(own.path, "eng/x.yml", "self is the same repository, so the path is relative");
        assert_eq!(
            library.resolve("x.yml@toolz", SourceId(0)),
            Err(BadReference::UnknownAlias { alias: "toolz".to_owned() })
        );
        assert_eq!(library.resolve(" ", SourceId(0)), Err(BadReference::Empty));
    }
}
