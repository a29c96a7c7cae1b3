//! A catalogue with the tasks of the files.

use slipway_pipeline::catalog::{InputKind, InputSpec, TaskCatalog, TaskSpec};
use slipway_pipeline::{LoadRequest, Loaded, NoFiles, load};

const fn input(name: &'static str, kind: InputKind) -> InputSpec {
    InputSpec::new(name, kind, "An input.")
}

const fn required(name: &'static str) -> InputSpec {
    input(name, InputKind::Text).required()
}

const fn task(name: &'static str, version: u32, inputs: &'static [InputSpec]) -> TaskSpec {
    TaskSpec::new(name, version, "Does something.", inputs)
}

static TASKS: [TaskSpec; 8] = [
    task("CmdLine", 2, &[required("script")]),
    task("Bash", 3, &[input("script", InputKind::Lines)]),
    task("PowerShell", 2, &[input("script", InputKind::Lines)]),
    task(
        "PublishTestResults",
        2,
        &[
            InputSpec {
                aliases: &["testResultsFormat"],
                ..input("testRunner", InputKind::Pick(&["JUnit", "NUnit", "XUnit"]))
            },
            InputSpec { default: Some("**/TEST-*.xml"), ..required("testResultsFiles") },
            input("mergeTestResults", InputKind::Boolean),
        ],
    ),
    task(
        "Docker",
        2,
        &[
            input("command", InputKind::Pick(&["buildAndPush", "build", "push"])),
            input("repository", InputKind::Text),
            input("Dockerfile", InputKind::Path),
            input("tags", InputKind::Lines),
        ],
    ),
    task(
        "KubernetesManifest",
        1,
        &[
            input("action", InputKind::Pick(&["deploy", "delete"])),
            required("manifests"),
            input("namespace", InputKind::Text),
            input("containers", InputKind::Lines),
        ],
    ),
    task(
        "PublishPipelineArtifact",
        1,
        &[
            InputSpec { aliases: &["path"], ..required("targetPath") },
            InputSpec { aliases: &["artifactName"], ..input("artifact", InputKind::Text) },
        ],
    ),
    task("DownloadPipelineArtifact", 2, &[input("path", InputKind::Path)]),
];

/// The tasks above.
pub(crate) struct Tasks;

impl TaskCatalog for Tasks {
    fn task(&self, name: &str, version: u32) -> Option<&TaskSpec> {
        TASKS.iter().find(|task| task.name.eq_ignore_ascii_case(name) && task.version == version)
    }

    fn tasks(&self) -> Vec<&TaskSpec> {
        TASKS.iter().collect()
    }
}

/// Every file, by name.
pub(crate) const FILES: [(&str, &str); 16] = [
    ("loop", include_str!("../files/loop.yml")),
    ("steps-only", include_str!("../files/steps-only.yml")),
    ("parameters", include_str!("../files/parameters.yml")),
    ("matrix", include_str!("../files/matrix.yml")),
    ("hooks", include_str!("../files/hooks.yml")),
    ("yaml-errors", include_str!("../files/yaml-errors.yml")),
    ("anchors", include_str!("../files/anchors.yml")),
    ("misspelt", include_str!("../files/misspelt.yml")),
    ("graph-errors", include_str!("../files/graph-errors.yml")),
    ("condition-errors", include_str!("../files/condition-errors.yml")),
    ("expression-errors", include_str!("../files/expression-errors.yml")),
    ("not-yet", include_str!("../files/not-yet.yml")),
    ("extends", include_str!("../files/extends.yml")),
    ("shapes", include_str!("../files/shapes.yml")),
    ("windows", include_str!("../files/windows.yml")),
    ("empty", include_str!("../files/empty.yml")),
];

/// The text of a file.
pub(crate) fn text(name: &str) -> &'static str {
    let found = FILES.iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| *text).expect("BUG: the test names a file that is there")
}

/// Loads a file without parameters.
pub(crate) fn loaded(name: &str) -> Loaded {
    read(text(name))
}

/// Loads a text.
pub(crate) fn read(text: &str) -> Loaded {
    load("azure-pipelines.yml", text, &LoadRequest::default(), &NoFiles, &Tasks)
}
