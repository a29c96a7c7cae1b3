//! The parts of a repository that are built by themselves: one for each folder with a build file.

use super::docker::{self, Recipe};
use super::folder::{Folder, is_trial, last, parent};
use super::stacks::{self, Stack};
use super::yaml::Step;
use super::{Detected, ports};

/// No more are looked for: a pipeline of that many jobs is not read any more.
const MOST: usize = 12;

/// A part that is built by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Component {
    /// Empty for the root.
    pub(super) folder: String,
    /// What jobs and images are named after.
    pub(super) name: String,
    pub(super) language: &'static str,
    pub(super) detected: Vec<Detected>,
    /// Puts the versions of tools on PATH.
    pub(super) tools: Vec<Step>,
    pub(super) build: Vec<Step>,
    pub(super) tests: Vec<Step>,
    /// The tests build everything as well, so that the build steps are left out beside them.
    pub(super) tests_build: bool,
    /// Why the steps are what they are.
    pub(super) why: Vec<String>,
    /// A Dockerfile that could be written.
    pub(super) recipe: Option<Recipe>,
    /// The Dockerfile that is there, and the folder it copies from.
    pub(super) dockerfile: Option<(String, String)>,
    pub(super) port: Option<u16>,
    pub(super) usual_port: u16,
    /// What it is built on answers requests.
    pub(super) is_server: bool,
    /// A path that answers when the program is ready.
    pub(super) health: Option<String>,
    /// The image's name; set once all components are known.
    pub(super) image: String,
}

impl Component {
    pub(super) fn can_image(&self) -> bool {
        self.recipe.is_some() || self.dockerfile.is_some()
    }

    /// Whether it is there to be called, as far as its files tell; a tool for a terminal is not deployed.
    pub(super) fn serves(&self) -> bool {
        let is_found = self.port.is_some() || self.health.is_some();
        self.dockerfile.is_some() || self.is_server || is_found
    }

    pub(super) fn has_tests(&self) -> bool {
        !self.tests.is_empty()
    }

    pub(super) fn port(&self) -> u16 {
        self.port.unwrap_or(if self.usual_port == 0 { 8080 } else { self.usual_port })
    }

    pub(super) fn note(&mut self, what: impl Into<String>, file: impl Into<String>) {
        self.detected.push(Detected { what: what.into(), file: file.into() });
    }
}

/// Every component, the root first.
pub(super) fn find(root: &Folder<'_>) -> Vec<Component> {
    let mut found: Vec<(Stack, Component)> = Vec::new();
    for (stack, path) in candidates(root) {
        let is_covered = found.iter().any(|(other, one)| {
            let is_inside = one.folder.is_empty()
                || path == one.folder
                || path.starts_with(&format!("{}/", one.folder));
            is_inside && (path == one.folder || other.covers(stack, root, &one.folder))
        });
        if is_covered || is_trial(&path) || found.len() == MOST {
            continue;
        }
        if let Some(component) = stack.read(&root.at(&path)) {
            found.push((stack, component));
        }
    }
    let mut components: Vec<Component> = found.into_iter().map(|(_, one)| one).collect();
    docker::take_existing(root, &mut components);
    for component in &mut components {
        if component.name.is_empty() {
            component.name = last(&component.folder).to_owned();
        }
        if component.can_image() {
            ports::look(root, component);
        }
    }
    components.sort_by(|one, other| one.folder.cmp(&other.folder));
    components
}

/// Folders with a build file, nearest to the root first; of two in one folder, the one that builds more.
fn candidates(root: &Folder<'_>) -> Vec<(Stack, String)> {
    let mut found: Vec<(Stack, String)> = Vec::new();
    for path in root.all() {
        let Some(stack) = stacks::of(last(path)) else { continue };
        let at = (stack, stacks::home(stack, root, parent(path)));
        if !found.contains(&at) {
            found.push(at);
        }
    }
    let depth = |path: &str| if path.is_empty() { 0 } else { path.matches('/').count() + 1 };
    found.sort_by_key(|(stack, path)| (depth(path), path.clone(), *stack));
    found
}
