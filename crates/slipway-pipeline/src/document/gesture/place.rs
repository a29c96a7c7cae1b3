//! The nodes of a canvas in the written tree: what each is, what it is called, where it stands.
//!
//! The same nodes as those of [`crate::assist::board`], found strictly: a gesture changes only a file
//! that can be read as a whole.

use super::label::{label, name};
use crate::document::error::EditError;
use crate::document::part::Part;
use crate::document::path::Path;
use crate::schema::{Shape, Value, keys};

/// What a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Stage,
    Job,
    Step,
}

impl Rank {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Job => "job",
            Self::Step => "step",
        }
    }

    /// The key of such a list.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Stage => "stages",
            Self::Job => "jobs",
            Self::Step => "steps",
        }
    }

    /// The keys that open such a list, the first for a new one.
    pub(super) fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Stage => &["stages"],
            Self::Job => &["jobs", "phases"],
            Self::Step => &["steps"],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Stage,
    Job,
    Deployment,
    Hook,
    Step,
    Template,
    Extends,
    Directive,
}

/// A node.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) path: Vec<usize>,
    pub(super) kind: Kind,
    /// What the list that it stands in holds.
    pub(super) rank: Rank,
    /// Its name; of a template its file, of a directive what stands between the braces.
    pub(super) name: String,
    /// How a message calls it.
    pub(super) label: String,
}

impl Place {
    /// The item of a list that it is, or that holds it.
    pub(super) fn item(&self) -> &[usize] {
        match self.kind {
            Kind::Directive => &self.path[..self.path.len() - 1],
            _ => &self.path,
        }
    }
}

/// The nodes of a file, in their order.
pub(super) struct Places(Vec<Place>);

impl Places {
    pub(super) fn of(root: &Part<'_>) -> Self {
        let file = Place {
            path: Vec::new(),
            kind: Kind::File,
            rank: file_rank(root).unwrap_or(Rank::Step),
            name: String::new(),
            label: "the file".to_owned(),
        };
        let mut walk = Walk { root, found: vec![file] };
        match file_rank(root) {
            Some(rank) => walk.lists(&[], rank),
            None => walk.entry(&[], "extends", |walk, path| {
                walk.push(path, Kind::Extends, Rank::Stage);
            }),
        }
        Self(walk.found)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Place> {
        self.0.iter()
    }

    /// The node that a gesture names.
    pub(super) fn named(&self, root: &Part<'_>, path: &Path) -> Result<&Place, EditError> {
        let indexes = path.resolve(root)?;
        self.at(&indexes).ok_or_else(|| EditError::WrongShape {
            place: path.to_string(),
            expected: "stage, job or step",
        })
    }

    pub(super) fn at(&self, path: &[usize]) -> Option<&Place> {
        self.0.iter().find(|place| place.path == path)
    }

    /// The innermost node around an address that is one of these; not the node itself.
    pub(super) fn around(&self, path: &[usize], kinds: &[Kind]) -> Option<&Place> {
        let is_around = |place: &&Place| {
            place.path.len() < path.len()
                && path.starts_with(&place.path)
                && kinds.contains(&place.kind)
        };
        self.0.iter().filter(is_around).max_by_key(|place| place.path.len())
    }

    /// The stage around an address, or the file.
    pub(super) fn stage_of(&self, path: &[usize]) -> &[usize] {
        self.around(path, &[Kind::Stage]).map_or(&[], |place| &place.path)
    }

    /// The job around an address, or the file.
    pub(super) fn job_of(&self, path: &[usize]) -> &[usize] {
        self.around(path, &[Kind::Job, Kind::Deployment]).map_or(&[], |place| &place.path)
    }
}

/// What the file's own list holds.
pub(super) fn file_rank(root: &Part<'_>) -> Option<Rank> {
    [Rank::Stage, Rank::Job, Rank::Step]
        .into_iter()
        .find(|rank| rank.lists().iter().any(|key| root.get(key).is_some()))
}

/// A path as a board writes it: keys, numbers of items, and numbers of directives.
pub(super) fn spelled(root: &Part<'_>, indexes: &[usize]) -> Path {
    let mut path = Path::root();
    let mut part = root;
    for index in indexes {
        let child = &part.children[*index];
        path = match child.key_text() {
            Some(key) if !is_directive(key) => path.key(key),
            _ => path.at(*index),
        };
        part = child;
    }
    path
}

/// True for `${{ if … }}` and the like as a key.
pub(super) fn is_directive(key: &str) -> bool {
    crate::assist::directive(key).is_some()
}

/// True for an item that holds directives and nothing else. A job may begin with `${{ each }}` and
/// have keys of its own behind it.
pub(super) fn holds_directives(item: &Part<'_>) -> bool {
    item.is_map()
        && !item.children.is_empty()
        && item.children.iter().all(|entry| entry.key_text().is_some_and(is_directive))
}

/// What stands between the braces.
pub(super) fn inside(key: &str) -> &str {
    let inner = key.trim().trim_start_matches("${{").trim_end_matches("}}");
    inner.trim_start_matches('-').trim_end_matches('-').trim()
}

struct Walk<'a, 't> {
    root: &'a Part<'t>,
    found: Vec<Place>,
}

impl Walk<'_, '_> {
    fn entry(&mut self, map: &[usize], key: &str, then: impl FnOnce(&mut Self, &[usize])) {
        if let Some(index) = self.root.at(map).index_of(key) {
            let path: Vec<usize> = map.iter().copied().chain([index]).collect();
            then(self, &path);
        }
    }

    // The depth is that of the tree, which its reader limits.
    fn lists(&mut self, map: &[usize], rank: Rank) {
        if let Some(key) = rank.lists().iter().find(|key| self.root.at(map).get(key).is_some()) {
            self.entry(map, key, |walk, path| walk.list(path, rank));
        }
    }

    fn list(&mut self, path: &[usize], rank: Rank) {
        let list = self.root.at(path);
        if !list.is_list() {
            return;
        }
        for (index, item) in list.children.iter().enumerate() {
            let path: Vec<usize> = path.iter().copied().chain([index]).collect();
            if holds_directives(item) {
                for (number, entry) in item.children.iter().enumerate() {
                    if entry.key_text().is_some_and(is_directive) {
                        let path: Vec<usize> = path.iter().copied().chain([number]).collect();
                        self.push(&path, Kind::Directive, rank);
                        self.list(&path, rank);
                    }
                }
                continue;
            }
            self.item(item, &path, rank);
        }
    }

    fn item(&mut self, item: &Part<'_>, path: &[usize], rank: Rank) {
        if item.get("template").is_some() {
            return self.push(path, Kind::Template, rank);
        }
        match rank {
            Rank::Stage => {
                self.push(path, Kind::Stage, rank);
                self.lists(path, Rank::Job);
            }
            Rank::Job => {
                let is_deployment = item.get("deployment").is_some();
                let kind = if is_deployment { Kind::Deployment } else { Kind::Job };
                self.push(path, kind, rank);
                if !self.strategy(path) {
                    self.lists(path, Rank::Step);
                }
            }
            Rank::Step => self.push(path, Kind::Step, rank),
        }
    }

    fn strategy(&mut self, job: &[usize]) -> bool {
        let way = self.root.at(job).get("strategy").and_then(|strategy| {
            keys(Shape::DeploymentStrategy).iter().find(|key| strategy.get(key.name).is_some())
        });
        let Some(way) = way else { return false };
        self.entry(job, "strategy", |walk, path| {
            walk.entry(path, way.name, |walk, path| walk.hooks(path));
        });
        true
    }

    fn hooks(&mut self, way: &[usize]) {
        for key in keys(Shape::RunOnce) {
            let takes = |shape| {
                key.values.iter().any(|value| matches!(value, Value::Map(of) if *of == shape))
            };
            if takes(Shape::Hook) {
                self.entry(way, key.name, |walk, path| walk.hook(path));
            } else if takes(Shape::OnHooks) {
                self.entry(way, key.name, |walk, path| {
                    for end in keys(Shape::OnHooks) {
                        walk.entry(path, end.name, |walk, path| walk.hook(path));
                    }
                });
            }
        }
    }

    fn hook(&mut self, path: &[usize]) {
        self.push(path, Kind::Hook, Rank::Step);
        self.lists(path, Rank::Step);
    }

    fn push(&mut self, path: &[usize], kind: Kind, rank: Rank) {
        let part = self.root.at(path);
        let name = name(part, kind);
        let label = label(part, kind, &name);
        self.found.push(Place { path: path.to_vec(), kind, rank, name, label });
    }
}
