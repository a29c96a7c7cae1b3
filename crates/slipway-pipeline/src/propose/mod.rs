//! A pipeline for a repository that has none: what lies there, and the files a careful person would add.
//!
//! Pure: a listing and a way to read some of its files come in ([`Contents`]), texts with their reasons go out.
//! `slipway-api` shows and writes them, `slipway pipeline init` does so in a terminal. Deliberately not here: the disk,
//! git, and changes of files that exist; what is there already is used as it is.

mod cluster;
mod component;
mod docker;
mod folder;
mod ports;
mod stacks;
mod yaml;

use component::{Component, find};
use folder::Folder;

/// A repository's files.
pub trait Contents {
    /// Paths relative to the root, with slashes; what git ignores is left out.
    fn paths(&self) -> Vec<String>;
    /// The text of a file, if it is one and can be read.
    fn read(&self, path: &str) -> Option<String>;
}

/// What the proposal shall be like; whatever is left out is chosen from what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The repository's name.
    pub name: String,
    /// The branch that starts the pipeline.
    pub branch: String,
    pub tests: Option<bool>,
    pub image: Option<bool>,
    pub deploy: Option<bool>,
    /// Port that the program listens on; for a repository with one image.
    pub port: Option<u16>,
    /// Name of the image; with several, what their names begin with.
    pub image_name: Option<String>,
    pub environment: Option<String>,
    /// Service connection of the registry.
    pub registry: Option<String>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    pub what: String,
    /// The file that says so.
    pub file: String,
}

/// A file to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedFile {
    pub path: String,
    pub text: String,
    /// Why its parts are there, a sentence or two each.
    pub why: Vec<String>,
    /// False if the repository has such a file already.
    pub is_new: bool,
}

/// What was chosen, and what can be chosen at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    pub tests: bool,
    pub image: bool,
    pub deploy: bool,
    pub branch: String,
    /// None for several images, or none.
    pub port: Option<u16>,
    pub image_name: String,
    pub environment: String,
    pub registry: String,
    pub has_tests: bool,
    pub can_image: bool,
    pub can_deploy: bool,
}

/// The proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The pipeline first.
    pub files: Vec<ProposedFile>,
    pub detected: Vec<Detected>,
    pub choices: Choices,
}

/// Where the pipeline lies.
pub const PIPELINE_FILE: &str = "azure-pipelines.yml";

/// The least there is to start drawing from: a trigger, and nothing yet that it would start.
pub fn empty(branch: &str) -> String {
    format!("trigger:\n- {}\n", yaml::word(branch))
}

/// Proposes files for a repository.
pub fn propose(contents: &dyn Contents, wishes: &Wishes) -> Proposal {
    let root = Folder::root(contents);
    let mut components = find(&root);
    let cluster = cluster::Cluster::find(&root);
    let mut detected: Vec<Detected> =
        components.iter_mut().flat_map(|one| std::mem::take(&mut one.detected)).collect();
    detected.extend(cluster.detected());
    let name = image_word(&wishes.name);
    let can_image = components.iter().any(Component::can_image);
    if wishes.image.is_none() {
        for component in components.iter_mut().filter(|one| !one.serves()) {
            component.recipe = None;
        }
    }
    let image = wishes.image.unwrap_or(true) && components.iter().any(Component::can_image);
    let deploy = wishes.deploy.unwrap_or(true) && image;
    let given = wishes.image_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let image_name =
        given.map(str::to_owned).or_else(|| cluster.only_image()).unwrap_or_else(|| name.clone());
    let images = components.iter().filter(|one| one.can_image()).count();
    for component in &mut components {
        if component.name.is_empty() {
            component.name.clone_from(&name);
        }
        if images == 1 {
            component.image = image_name.clone();
            component.port = wishes.port.or(component.port);
        } else {
            component.image = format!("{image_name}-{}", image_word(&component.name));
        }
    }
    let port = match images {
        1 => components.iter().find(|one| one.can_image()).map(Component::port),
        _ => None,
    };
    let or = |wish: &Option<String>, usual: &str| {
        let wish = wish.as_deref().map(str::trim).filter(|text| !text.is_empty());
        wish.unwrap_or(usual).to_owned()
    };
    let choices = Choices {
        tests: wishes.tests.unwrap_or(true) && components.iter().any(Component::has_tests),
        image,
        deploy,
        branch: or(&Some(wishes.branch.clone()), "main"),
        port,
        image_name,
        environment: or(&wishes.environment, "local"),
        registry: or(&wishes.registry, "local"),
        has_tests: components.iter().any(Component::has_tests),
        can_image,
        can_deploy: image,
    };
    let mut files = vec![yaml::pipeline(&components, &cluster, &choices, &wishes.name)];
    if can_image && wishes.image.is_none() && !image {
        let why = "No port was found that the program listens on, so it gets no image; choose one to have it in a container.";
        files[0].why.push(why.to_owned());
    }
    if image {
        files.extend(components.iter().flat_map(docker::files));
    }
    if deploy && !cluster.is_there() {
        files.extend(cluster::manifests(&components));
    }
    for file in &mut files {
        file.is_new = !root.has(&file.path);
        let ignored =
            file.path.strip_suffix("Dockerfile").map(|folder| format!("{folder}.dockerignore"));
        if ignored.is_some_and(|path| root.has(&path)) {
            let why = "The .dockerignore that is there decides what reaches the build: see that it lets the sources through.";
            file.why.push(why.to_owned());
        }
    }
    Proposal { files, detected, choices }
}

/// A name as images may have one.
fn image_word(name: &str) -> String {
    let mut word = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => word.push(letter),
            _ if word.is_empty() || word.ends_with('-') => {}
            _ => word.push('-'),
        }
    }
    let word = word.trim_end_matches('-');
    if word.is_empty() { "app".to_owned() } else { word.to_owned() }
}
