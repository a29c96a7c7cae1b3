//! Where manifests come from: files and folders of a repository, and what kustomize and Helm make of theirs.
//!
//! A folder with a kustomization is built and one with a chart is rendered, by the tools of this machine and for
//! one environment: `overlays/<environment>` goes before the folder itself and its `base`,
//! `values-<environment>.yaml` on top of the chart's own values. What came out is kept with the deployment; another
//! environment has it made anew, of the same commit. Deliberately not here: parameters, YAML.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use slipway_core::ErrorKind;
use slipway_runner::ManifestText;
use slipway_store::{DeploymentRow, EnvironmentRow};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;

use crate::app::App;
use crate::error::ApiError;

/// Before the path of what kustomize has built.
const KUSTOMIZE: &str = "kustomize:";
/// Before the path of what Helm has rendered.
const HELM: &str = "helm:";
const KUSTOMIZATIONS: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];
const CHART: &str = "Chart.yaml";
/// A tool that takes longer is ended: it waits for a network, or for somebody.
const LIMIT: Duration = Duration::from_secs(60);
/// More than this is no set of manifests.
const MOST_BYTES: u64 = 32 << 20;
/// As much of what a tool complains about is told.
const MOST_SAID: usize = 2_000;

/// What a path of the repository holds.
#[derive(Debug, PartialEq)]
enum Found {
    Texts(Vec<ManifestText>),
    Kustomization(PathBuf),
    Chart(PathBuf),
}

/// Reads files and folders below `root`, and has made what is to be made for the environment.
pub(crate) async fn read(
    root: &Path,
    paths: &[String],
    environment: &EnvironmentRow,
) -> Result<Vec<ManifestText>, ApiError> {
    let mut manifests = Vec::new();
    for path in paths {
        let (at, wanted) = (root.to_owned(), path.trim().to_owned());
        let name = environment.name.as_str().to_owned();
        let found = tokio::task::spawn_blocking(move || find(&at, &wanted, &name)).await;
        let found = found.map_err(|error| {
            ApiError::new(ErrorKind::Bug, "manifest_thread", error.to_string())
        })??;
        let (mark, calls) = match found {
            Found::Texts(texts) => {
                manifests.extend(texts);
                continue;
            }
            Found::Kustomization(folder) => (KUSTOMIZE, kustomize(&folder)),
            Found::Chart(folder) => (HELM, vec![helm(&folder, environment)]),
        };
        let text = made(root, path, &calls).await?;
        manifests.push(ManifestText { path: format!("{mark}{}", path.trim()), text });
    }
    Ok(manifests)
}

/// What a tool has made of the manifests, in a sentence each.
pub(crate) fn told(manifests: &[ManifestText], environment: &EnvironmentRow) -> Vec<String> {
    let name = &environment.name;
    let of = |manifest: &ManifestText| {
        let path = &manifest.path;
        if let Some(path) = path.strip_prefix(KUSTOMIZE) {
            return Some(format!("{path} is a kustomization, built for {name}."));
        }
        let path = path.strip_prefix(HELM)?;
        Some(format!("{path} is a Helm chart, rendered for {name} without its hooks and tests."))
    };
    manifests.iter().filter_map(of).collect()
}

/// The path that a tool has made a manifest of.
fn source_of(manifest: &ManifestText) -> Option<&str> {
    let path = &manifest.path;
    path.strip_prefix(KUSTOMIZE).or_else(|| path.strip_prefix(HELM))
}

impl App {
    /// The manifests of a deployment for another environment: what a tool had made is made anew, of the
    /// deployment's commit.
    pub(crate) async fn made_for(
        &self,
        environment: &EnvironmentRow,
        row: &DeploymentRow,
        manifests: Vec<ManifestText>,
    ) -> Result<Vec<ManifestText>, ApiError> {
        if manifests.iter().all(|manifest| source_of(manifest).is_none()) {
            return Ok(manifests);
        }
        let project = self.project(&environment.project_id).await?;
        let folder = tempfile::tempdir().map_err(|error| {
            let commit = row.commit.short();
            let message = format!("A folder for commit {commit} cannot be made: {error}.");
            ApiError::new(ErrorKind::Unavailable, "manifest_tree", message)
                .with_hint("Free some room on this machine, then try again.")
        })?;
        let tree = folder.path().join("tree");
        let (commit, into) = (row.commit.clone(), tree.clone());
        self.git(&project, move |git| git.checkout_to(&commit, &into, true)).await?;
        let mut anew = Vec::new();
        for manifest in manifests {
            let Some(path) = source_of(&manifest) else {
                anew.push(manifest);
                continue;
            };
            let read = read(&tree, &[path.to_owned()], environment).await;
            anew.extend(read.map_err(|mut error| {
                error.message = format!("In commit {}: {}", row.commit.short(), error.message);
                if error.code == "manifest_unreadable" {
                    return error.with_hint(
                        "It was deployed from the working tree: commit it, run the pipeline, and promote what that pushed.",
                    );
                }
                error
            })?);
        }
        Ok(anew)
    }
}

fn find(root: &Path, path: &str, environment: &str) -> Result<Found, ApiError> {
    let relative = Path::new(path);
    let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    if path.is_empty() || !is_inside {
        let message = format!("'{path}' is no path inside of the repository.");
        return Err(ApiError::new(ErrorKind::UserInput, "manifest_path", message)
            .with_hint("Name a file or a folder, such as deploy or deploy/web.yaml."));
    }
    let whole = root.join(relative);
    let name = whole.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_of_tool = name == CHART || KUSTOMIZATIONS.contains(&name);
    let folder = match whole.parent() {
        Some(parent) if is_of_tool && whole.is_file() => parent.to_owned(),
        _ => whole,
    };
    if folder.is_dir() {
        let overlays = names_of(environment).map(|name| folder.join("overlays").join(name));
        let built = overlays
            .into_iter()
            .chain([folder.clone(), folder.join("base")])
            .find(|at| has_kustomization(at));
        if let Some(built) = built {
            return Ok(Found::Kustomization(built));
        }
        if folder.join(CHART).is_file() {
            return Ok(Found::Chart(folder));
        }
    }
    let mut texts = Vec::new();
    read_path(root, relative, &mut texts)?;
    Ok(Found::Texts(texts))
}

fn has_kustomization(folder: &Path) -> bool {
    KUSTOMIZATIONS.iter().any(|name| folder.join(name).is_file())
}

/// What files of an environment are called by: its name in small letters, and as it is.
fn names_of(environment: &str) -> [String; 2] {
    // A name with a slash would be a path.
    let name = environment.replace(['/', '\\'], "-");
    [name.to_lowercase(), name].map(|name| if name == ".." { "-".to_owned() } else { name })
}

fn read_path(root: &Path, relative: &Path, into: &mut Vec<ManifestText>) -> Result<(), ApiError> {
    let path = relative.display();
    let unreadable = |error: std::io::Error| {
        let message = format!("The manifest {path} cannot be read: {error}.");
        ApiError::new(ErrorKind::UserInput, "manifest_unreadable", message)
            .with_hint("Check the path; it is taken from the working tree.")
    };
    let whole = root.join(relative);
    if !whole.is_dir() {
        let text = std::fs::read_to_string(&whole).map_err(unreadable)?;
        into.push(ManifestText { path: path.to_string(), text });
        return Ok(());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&whole).map_err(unreadable)? {
        let name = PathBuf::from(entry.map_err(unreadable)?.file_name());
        let kind = name.extension().and_then(|kind| kind.to_str());
        if matches!(kind, Some("yaml" | "yml" | "json")) {
            names.push(relative.join(name));
        }
    }
    names.sort();
    if names.is_empty() {
        let message = format!("The folder {path} holds no manifest (*.yaml, *.yml, *.json).");
        return Err(ApiError::new(ErrorKind::UserInput, "manifest_missing", message).with_hint(
            "Name the folder that holds them, or one with a kustomization or a chart.",
        ));
    }
    names.iter().try_for_each(|name| read_path(root, name, into))
}

/// A program and its words.
struct Call {
    program: &'static str,
    words: Vec<OsString>,
}

impl Call {
    fn new(program: &'static str, words: &[&str], folder: &Path) -> Self {
        let words = words.iter().map(OsString::from).chain([folder.as_os_str().to_owned()]);
        Self { program, words: words.collect() }
    }

    /// As it is typed.
    fn line(&self, root: &Path) -> String {
        let words = self.words.iter().map(|word| {
            let word = Path::new(word);
            word.strip_prefix(root).unwrap_or(word).display().to_string()
        });
        [self.program.to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// The ways to build a kustomization; kubectl has one built in.
fn kustomize(folder: &Path) -> Vec<Call> {
    vec![Call::new("kustomize", &["build"], folder), Call::new("kubectl", &["kustomize"], folder)]
}

fn helm(folder: &Path, environment: &EnvironmentRow) -> Call {
    let release = chart_name(folder).unwrap_or_else(|| "release".to_owned());
    let mut call = Call::new("helm", &["template", &release], folder);
    call.words.extend(["--include-crds", "--no-hooks", "--skip-tests"].map(OsString::from));
    if !environment.namespace.is_empty() {
        call.words.extend(["--namespace".into(), environment.namespace.clone().into()]);
    }
    let values = names_of(environment.name.as_str())
        .into_iter()
        .flat_map(|name| [format!("values-{name}.yaml"), format!("values.{name}.yaml")])
        .map(|name| folder.join(name))
        .find(|file| file.is_file());
    if let Some(values) = values {
        call.words.extend(["--values".into(), values.into_os_string()]);
    }
    call
}

/// The name that a chart gives itself, which names its release.
fn chart_name(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join(CHART)).ok()?;
    let name = text.lines().find_map(|line| line.strip_prefix("name:"))?;
    let name = name.split(" #").next()?.trim().trim_matches(['"', '\'']);
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    is_name.then(|| name.to_owned())
}

/// What the first of some programs that is there writes.
async fn made(root: &Path, path: &str, calls: &[Call]) -> Result<String, ApiError> {
    for call in calls {
        let mut command = Command::new(call.program);
        command.args(&call.words).current_dir(root).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(call, root, &error.to_string())),
        };
        let (out, said) = (child.stdout.take(), child.stderr.take());
        let ending = async { tokio::join!(all_of(out), all_of(said), child.wait()) };
        let Ok((out, said, end)) = tokio::time::timeout(LIMIT, ending).await else {
            return Err(failed(
                call,
                root,
                &format!("it did not end within {} s", LIMIT.as_secs()),
            ));
        };
        let (out, said) = (out.as_deref().unwrap_or_default(), said.unwrap_or_default());
        let said = String::from_utf8_lossy(&said);
        match end {
            Ok(end) if end.success() && out.len() as u64 > MOST_BYTES => {
                let message = format!("it wrote more than {} MiB", MOST_BYTES >> 20);
                return Err(failed(call, root, &message));
            }
            Ok(end) if end.success() && out.trim_ascii().is_empty() => {
                return Err(failed(call, root, "it made no manifest"));
            }
            Ok(end) if end.success() => {
                return String::from_utf8(out.to_vec())
                    .map_err(|error| failed(call, root, &error.to_string()));
            }
            Ok(_) => return Err(failed(call, root, said.trim())),
            Err(error) => return Err(failed(call, root, &error.to_string())),
        }
    }
    let names: Vec<&str> = calls.iter().map(|call| call.program).collect();
    let message = match names.as_slice() {
        [name] => format!("{path} is a Helm chart, and {name} is not on the PATH."),
        _ => format!(
            "{path} is a kustomization, and neither {} is on the PATH.",
            names.join(" nor ")
        ),
    };
    Err(ApiError::new(ErrorKind::Unavailable, "manifest_tool_missing", message)
        .with_hint("Install it, or name plain manifests."))
}

/// All that a program writes, as far as it is looked at.
async fn all_of(stream: Option<impl AsyncRead + Unpin>) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        (&mut stream).take(MOST_BYTES + 1).read_to_end(&mut bytes).await?;
        // What is too much is let go, so that the program comes to its end.
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    }
    Ok(bytes)
}

fn failed(call: &Call, root: &Path, why: &str) -> ApiError {
    let line = call.line(root);
    let why: String =
        why.replace(&format!("{}/", root.display()), "").chars().take(MOST_SAID).collect();
    ApiError::new(ErrorKind::UserInput, "manifest_tool_failed", format!("`{line}` failed: {why}"))
        .with_hint("Run it in the repository, mend what it says, and look at the plan again.")
}

#[cfg(test)]
mod tests {
    use slipway_core::{EnvironmentName, ProjectId, TargetKind};

    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let file = root.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        root
    }

    #[test]
    fn only_paths_inside_of_the_repository_are_read() {
        let root = std::env::temp_dir();
        for path in ["../etc", "/etc/passwd", "", "a/../../b"] {
            let error = find(&root, path, "dev").unwrap_err();
            assert_eq!(error.code, "manifest_path", "{path}");
        }
    }

    #[test]
    fn a_folder_is_what_its_files_make_it() {
        let root = tree(&[
            ("plain/b.yaml", "b"),
            ("plain/a.yml", "a"),
            ("plain/notes.md", "n"),
            ("base/kustomization.yaml", ""),
            ("base/web.yaml", ""),
            ("base/overlays/production/kustomization.yml", ""),
            ("chart/Chart.yaml", "name: shop\n"),
            ("chart/values.yaml", ""),
        ]);
        let found = |path: &str, environment: &str| find(root.path(), path, environment).unwrap();
        let at = |path: &str| root.path().join(path);
        let texts = ["plain/a.yml", "plain/b.yaml"]
            .map(|path| ManifestText { path: path.to_owned(), text: path[6..7].to_owned() });
        assert_eq!(
            found("plain", "dev"),
            Found::Texts(texts.to_vec()),
            "in the order of their names"
        );
        assert_eq!(found("base", "dev"), Found::Kustomization(at("base")));
        assert_eq!(found("base/kustomization.yaml", "dev"), Found::Kustomization(at("base")));
        let overlay = at("base/overlays/production");
        assert_eq!(
            found("base", "Production"),
            Found::Kustomization(overlay),
            "its own goes first"
        );
        assert_eq!(found("chart", "dev"), Found::Chart(at("chart")));
        assert!(matches!(found("base/web.yaml", "dev"), Found::Texts(_)), "a file is a file");
    }

    #[test]
    fn a_chart_is_rendered_for_its_environment() {
        let root = tree(&[
            ("chart/Chart.yaml", "apiVersion: v2\nname: \"shop\" # ours\n"),
            ("chart/values-dev.yaml", ""),
        ]);
        let environment = |name: &str, namespace: &str| EnvironmentRow {
            project_id: ProjectId::new("p"),
            name: EnvironmentName::new(name),
            target: TargetKind::Kubernetes,
            context: "c".to_owned(),
            namespace: namespace.to_owned(),
            variables: Vec::new(),
        };
        let line = |environment: EnvironmentRow| {
            helm(&root.path().join("chart"), &environment).line(root.path())
        };
        assert_eq!(
            line(environment("Dev", "shop")),
            "helm template shop chart --include-crds --no-hooks --skip-tests --namespace shop --values chart/values-dev.yaml"
        );
        assert_eq!(
            line(environment("other", "")),
            "helm template shop chart --include-crds --no-hooks --skip-tests"
        );
    }

    #[tokio::test]
    async fn a_tool_that_is_missing_or_fails_says_what_to_do() {
        let root = tree(&[("deploy/kustomization.yaml", "")]);
        let nowhere = Call::new("no-such-tool-of-slipway", &[], &root.path().join("deploy"));
        let error = made(root.path(), "deploy", &[nowhere]).await.unwrap_err();
        assert_eq!(error.code, "manifest_tool_missing", "{}", error.message);
        let failing = Call::new("ls", &["--no-such-option"], &root.path().join("deploy"));
        let error = made(root.path(), "deploy", &[failing]).await.unwrap_err();
        assert_eq!(error.code, "manifest_tool_failed");
        assert!(
            error.message.starts_with("`ls --no-such-option deploy` failed: "),
            "{}",
            error.message
        );
        let silent = Call::new("true", &[], &root.path().join("deploy"));
        let error = made(root.path(), "deploy", &[silent]).await.unwrap_err();
        assert!(error.message.ends_with("it made no manifest"), "{}", error.message);
    }
}
