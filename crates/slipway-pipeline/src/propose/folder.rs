//! A folder of the repository as detection looks at it: what others wrote or tools made is not looked at.

use std::collections::BTreeSet;
use std::rc::Rc;

use regex::Regex;

use super::Contents;

/// Folders of others, of tools, and of what is only shown or tried.
const PASSED_OVER: &[&str] = &[
    "node_modules",
    "vendor",
    "third_party",
    "testdata",
    "fixtures",
    "examples",
    "example",
    "docs",
    "doc",
    "target",
    "dist",
    "bin",
    "obj",
    "venv",
    "__pycache__",
    "site-packages",
    "bower_components",
];

/// A folder and everything below it.
#[derive(Clone)]
pub(super) struct Folder<'a> {
    contents: &'a dyn Contents,
    paths: Rc<BTreeSet<String>>,
    /// Empty for the root, else without a slash at the end.
    pub(super) path: String,
}

impl<'a> Folder<'a> {
    pub(super) fn root(contents: &'a dyn Contents) -> Self {
        let is_ours = |path: &String| {
            let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
            let mut folders = folders.split('/');
            !folders.any(|folder| folder.starts_with('.') || PASSED_OVER.contains(&folder))
        };
        let paths = contents.paths().into_iter().filter(is_ours).collect();
        Self { contents, paths: Rc::new(paths), path: String::new() }
    }

    pub(super) fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// A name in this folder as a path of the repository.
    pub(super) fn of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) }
    }

    /// Whether there is such a file, relative to this folder.
    pub(super) fn has(&self, name: &str) -> bool {
        self.paths.contains(&self.of(name))
    }

    /// The first of several names that is there.
    pub(super) fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find(|name| self.has(name)).map(|name| (*name).to_owned())
    }

    pub(super) fn read(&self, name: &str) -> Option<String> {
        if self.has(name) { self.contents.read(&self.of(name)) } else { None }
    }

    /// The paths of the whole repository.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Everything below this folder, relative to it, nearest first.
    pub(super) fn below(&self) -> Vec<String> {
        let prefix = if self.path.is_empty() { String::new() } else { format!("{}/", self.path) };
        let mut found: Vec<String> = self
            .paths
            .iter()
            .filter_map(|path| path.strip_prefix(&prefix))
            .map(str::to_owned)
            .collect();
        found.sort_by_key(|path| (path.matches('/').count(), path.clone()));
        found
    }

    /// The first group of a pattern in a file.
    pub(super) fn find(&self, name: &str, pattern: &str) -> Option<String> {
        first_group(&self.read(name)?, pattern)
    }
}

/// The first group of a pattern in a text.
pub(super) fn first_group(text: &str, pattern: &str) -> Option<String> {
    let pattern = Regex::new(pattern).ok()?;
    let found = pattern.captures(text)?;
    found.get(1).map(|group| group.as_str().trim().to_owned())
}

/// Whether a folder is only there to try or to show something: what is built in it is nobody's product.
pub(super) fn is_trial(folder: &str) -> bool {
    let names = ["test", "tests", "testing", "e2e", "sample", "samples", "benchmark", "benchmarks"];
    folder.split('/').any(|part| names.contains(&part))
}

/// The folder of a path; empty at the root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}
