//! Dockerfiles: those that are there, and those that are proposed.

use super::component::Component;
use super::folder::{Folder, first_group, is_trial, last, parent};
use super::{Detected, ProposedFile};

/// A Dockerfile that could be written.
#[derive(Debug, Clone, Default)]
pub(super) struct Recipe {
    /// With `@port@` for the port.
    pub(super) text: String,
    /// What the build must not be sent.
    pub(super) ignored: Vec<&'static str>,
    pub(super) why: Vec<String>,
}

const ALWAYS_IGNORED: &[&str] =
    &[".git", ".gitignore", ".dockerignore", "Dockerfile", "azure-pipelines.yml", "manifests"];

/// Dockerfile and .dockerignore of a component that has none.
pub(super) fn files(component: &Component) -> Vec<ProposedFile> {
    let (Some(recipe), None) = (&component.recipe, &component.dockerfile) else {
        return Vec::new();
    };
    let at = |name: &str| match component.folder.as_str() {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let mut why = recipe.why.clone();
    why.push(
        "The program does not run as root, so a hole in it is not one in the machine.".to_owned(),
    );
    let mut ignored: Vec<&str> = ALWAYS_IGNORED.to_vec();
    ignored.extend(&recipe.ignored);
    vec![
        ProposedFile {
            path: at("Dockerfile"),
            text: recipe.text.replace("@port@", &component.port().to_string()),
            why,
            is_new: true,
        },
        ProposedFile {
            path: at(".dockerignore"),
            text: ignored.join("\n") + "\n",
            why: vec!["What the image does not need is not sent to the engine: builds start sooner, and what git keeps does not get into it.".to_owned()],
            is_new: true,
        },
    ]
}

/// Gives Dockerfiles to their components; one that belongs to none is a component of its own.
pub(super) fn take_existing(root: &Folder<'_>, components: &mut Vec<Component>) {
    let is_dockerfile = |path: &&str| {
        matches!(last(path), "Dockerfile" | "Containerfile") && !is_trial(parent(path))
    };
    let mut found: Vec<String> = root.all().filter(is_dockerfile).map(str::to_owned).collect();
    found.sort_by_key(|path| (path.matches('/').count(), path.clone()));
    for path in found {
        let folder = parent(&path);
        let of_folder = |one: &&mut Component| one.folder == folder && one.dockerfile.is_none();
        // `docker/Dockerfile` and its kin belong to the folder above and copy from there.
        let above =
            if matches!(last(folder), "docker" | "build" | "deploy" | "package" | "container") {
                Some(match parent(folder) {
                    "build" => "",
                    above => above,
                })
            } else {
                None
            };
        let detected = Detected {
            what: "Has a Dockerfile, which is used as it is".to_owned(),
            file: path.clone(),
        };
        if let Some(one) = components.iter_mut().find(of_folder) {
            one.dockerfile = Some((path.clone(), folder.to_owned()));
            one.detected.push(detected);
        } else if let Some(one) = components
            .iter_mut()
            .find(|one| Some(one.folder.as_str()) == above && one.dockerfile.is_none())
        {
            one.dockerfile = Some((path.clone(), one.folder.clone()));
            one.detected.push(detected);
        } else {
            components.push(Component {
                folder: folder.to_owned(),
                language: "Docker",
                dockerfile: Some((path.clone(), folder.to_owned())),
                detected: vec![detected],
                ..Component::default()
            });
        }
    }
    for component in components.iter_mut() {
        expects_binary(root, component);
    }
}

/// A Dockerfile of one stage that copies a file which only a build makes: the Go build has to make it.
fn expects_binary(root: &Folder<'_>, component: &mut Component) {
    let Some((file, context)) = &component.dockerfile else { return };
    let Some(text) = root.read(file) else { return };
    let stages =
        text.lines().filter(|line| line.trim_start().to_uppercase().starts_with("FROM ")).count();
    if component.language != "Go" || stages != 1 {
        return;
    }
    let Some(source) = first_group(&text, r"(?mi)^\s*COPY\s+(?:--\S+\s+)*([\w./-]+)\s") else {
        return;
    };
    let folder = root.at(context);
    if folder.has(&source)
        || folder
            .below()
            .iter()
            .any(|path| path.starts_with(&format!("{}/", source.trim_end_matches('/'))))
    {
        return;
    }
    let (file, what) =
        (file.clone(), format!("The Dockerfile copies {source}, which the build makes"));
    component.note(what, file);
    for step in &mut component.build {
        step.text = step
            .text
            .replace("go build ./...", &format!("CGO_ENABLED=0 go build -trimpath -o {source} ."));
    }
}
