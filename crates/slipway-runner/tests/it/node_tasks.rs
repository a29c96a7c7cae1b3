//! A task of a folder on the vendor's own library, unmodified, from npm.
//!
//! The library is installed once into the build's folder by the lock file in `tests/node`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::OnceLock;

use slipway_core::RunResult;
use slipway_pipeline::catalog::{InputKind, TaskCatalog};
use slipway_runner::{Catalog, GroupVariable, obstacles, read_task_folder};

use crate::support::{Bench, MemoryHost};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node")
}

/// The folder of the task, with the library beside it.
fn probe() -> PathBuf {
    static READY: OnceLock<PathBuf> = OnceLock::new();
    let ready = READY.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node-tasks");
        std::fs::create_dir_all(&folder).unwrap();
        let lock = std::fs::read(fixtures().join("package-lock.json")).unwrap();
        let installed = std::fs::read(folder.join("package-lock.json")).unwrap_or_default();
        if lock != installed || !folder.join("node_modules/azure-pipelines-task-lib").is_dir() {
            std::fs::copy(fixtures().join("package.json"), folder.join("package.json")).unwrap();
            std::fs::write(folder.join("package-lock.json"), &lock).unwrap();
            let npm = Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .current_dir(&folder)
                .output()
                .expect("npm is installed");
            let said = String::from_utf8_lossy(&npm.stderr).into_owned();
            assert!(npm.status.success(), "the library is installed from npm: {said}");
        }
        let task = folder.join("Probe");
        std::fs::create_dir_all(&task).unwrap();
        for entry in std::fs::read_dir(fixtures().join("Probe")).unwrap().flatten() {
            std::fs::copy(entry.path(), task.join(entry.file_name())).unwrap();
        }
        task
    });
    ready.clone()
}

fn tasks() -> Catalog {
    let read = read_task_folder(&probe()).expect("the folder holds a task");
    Catalog::with(read.tasks, &|_| false)
}

fn secret(name: &str, value: &str) -> GroupVariable {
    GroupVariable { name: name.to_owned(), value: value.to_owned(), is_secret: true }
}

fn plain(name: &str, value: &str) -> GroupVariable {
    GroupVariable { is_secret: false, ..secret(name, value) }
}

fn bench() -> Bench {
    let generic = vec![
        plain("url", "https://example.org/api"),
        plain("scheme", "UsernamePassword"),
        plain("username", "anna"),
        secret("password", "hunter2hunter2"),
        plain("data.region", "west"),
    ];
    let host = MemoryHost {
        groups: [("generic service".to_owned(), generic)].into(),
        secure_files: [("key.pem".to_owned(), b"PRIVATE".to_vec())].into(),
        ..MemoryHost::default()
    };
    let mut bench = Bench { tasks: tasks(), host: Arc::new(host), ..Bench::new() };
    bench.file("docs/a.txt", "a");
    bench.masker.add("s3cret-token");
    bench.variables.push(("token".to_owned(), "s3cret-token".to_owned()));
    bench
}

#[tokio::test]
async fn the_library_finds_what_an_agent_tells_it() {
    let bench = bench();
    let report = bench
        .run(
            "variables:\n  some.plain: seen\nsteps:\n- task: Probe@1\n  name: probe\n  displayName: Probe\n  inputs:\n    WHO: Anna\n    isLoud: True\n    lines: |\n      one\n      two\n    file: docs/a.txt\n    connection: generic service\n    secure: key.pem\n- bash: echo \"$MADE $(probe.out) $(hidden) ${HIDDEN:-unset}\"\n  displayName: After\n",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "{}", bench.everything());
    let output = bench.output("Probe");
    for line in [
        "greeting: Hello Anna",
        "loud: true",
        "lines: one+two",
        "file: docs/a.txt",
        "other: false",
        "plain: seen",
        "secret: 12",
        "told: true",
        "environment: false",
        "url: https://example.org/api",
        "scheme: UsernamePassword anna",
        "password: 14",
        "data: west",
        "system: OAuth",
        "secure: key.pem true",
        "from a tool",
        "tool: 3",
    ] {
        assert!(output.iter().any(|own| own == line), "the task found '{line}': {output:#?}");
    }
    let after = bench.output("After");
    assert_eq!(after, ["by the probe gold *** unset"], "what it set is there for later steps");
    let post = bench.output("Post-job: Probe");
    assert_eq!(post, ["after Anna for after Succeeded"], "its post-job script ran");
    let all = bench.everything();
    for word in ["s3cret-token", "hunter2hunter2", "very-secret", "seen only when asked"] {
        assert!(!all.contains(word), "'{word}' is in no log");
    }
}

#[tokio::test]
async fn results_and_missing_inputs_are_the_librarys() {
    let bench = bench();
    let report = bench
        .run(
            "steps:\n- task: Probe@1\n  displayName: Warn\n  inputs: {who: a, file: docs/a.txt, then: warn}\n- task: Probe@1\n  displayName: Nameless\n  inputs: {who: $(empty), file: docs/a.txt}\n  continueOnError: true\n- task: Probe@1\n  displayName: No file\n  inputs: {who: a, file: none.txt}\n  continueOnError: true\n- task: Probe@1\n  displayName: Fail\n  inputs: {who: a, file: docs/a.txt, then: fail}\nvariables: {empty: ''}\n",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "the last step says so: {report:?}");
    let warned = bench.step("Warn");
    assert_eq!((warned.result, warned.warnings), (RunResult::SucceededWithIssues, 2), "both");
    let issue = |name: &str| bench.step(name).issue.unwrap_or_default();
    assert_eq!(issue("Nameless"), "Input required: name", "in the library's words");
    assert!(issue("No file").starts_with("Not found file"), "{}", issue("No file"));
    assert_eq!(issue("Fail"), "It was told to fail.", "what the task said");
}

#[tokio::test]
async fn a_connection_that_is_not_known_fails_the_step_with_what_to_do() {
    let bench = bench();
    bench
        .run("steps:\n- task: Probe@1\n  displayName: Probe\n  inputs: {who: a, file: docs/a.txt, connection: azure}\n")
        .await;
    let issue = bench.step("Probe").issue.unwrap_or_default();
    assert!(issue.contains("needs the service connection 'azure'"), "it is named: {issue}");
    let log = bench.log("Probe").join("\n");
    assert!(log.contains("Make a variable group 'azure' with `url`"), "what to do: {log}");
}

#[test]
fn its_inputs_are_known_to_check_and_form() {
    let tasks = tasks();
    let spec = tasks.task("probe", 1).expect("the task is known by its name in any case");
    assert_eq!(spec.help, "Asks the task library for everything that an agent tells a task.", "");
    let input = |name: &str| *spec.input(name).expect("the input is declared");
    assert!(input("who").is_required && input("who").name == "name", "an alias names the input");
    assert_eq!(input("then").kind, InputKind::Pick(&["fail", "succeed", "warn"]), "its words");
    assert_eq!(input("lines").group, "More", "the heading of its group");
    assert_eq!(input("file").kind, InputKind::Path, "a path");
    let plan = Bench::plan_with("steps:\n- task: Probe@1\n  inputs: {who: a}\n", &tasks);
    assert!(obstacles(&plan, &tasks, None).is_empty(), "nothing keeps it from running");
}

#[test]
fn a_folder_that_is_no_task_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let said = |text: &str| {
        std::fs::write(folder.path().join("task.json"), text).unwrap();
        read_task_folder(folder.path()).unwrap_err().to_string()
    };
    let rest = "\"id\": \"5d1f9d7e-6a1c-4c8f-8f1e-0e7d4a3b2c12\", \"name\": \"A\"";
    for (text, part) in [
        ("{ \"id\": ".to_owned(), "task.json:1:"),
        ("[]".to_owned(), "`the file` must be an object"),
        ("{}".to_owned(), "`id` is missing"),
        ("{\"id\": \"7\"}".to_owned(), "`id` must be a GUID"),
        (format!("{{{rest}}}"), "`version` is missing"),
        (
            format!("{{{rest}, \"version\": {{\"Major\": \"x\"}}}}"),
            "`version.Major` must be a whole number",
        ),
        (
            format!(
                "{{{rest}, \"version\": {{\"Major\": 1, \"Minor\": 0, \"Patch\": 0}}, \"inputs\": [{{\"name\": \"a\"}}, {{\"type\": \"string\"}}]}}"
            ),
            "`inputs[1].name` is missing",
        ),
    ] {
        let said = said(&text);
        assert!(said.contains(part), "'{part}' is told of {text}: {said}");
        assert!(said.contains("task.json"), "the file is named: {said}");
    }
    let empty = tempfile::tempdir().unwrap();
    let said = read_task_folder(empty.path()).unwrap_err().to_string();
    assert!(said.starts_with("There is no task in"), "{said}");
    assert!(read_task_folder(&empty.path().join("x")).is_err(), "a folder that is not there");
}

#[tokio::test]
async fn a_container_without_node_gets_this_machines_where_it_runs() {
    let Some(engine) = crate::image::engine().await else { return };
    let run = async |image: &str| {
        let mut bench = bench();
        bench.engine = Some(engine.clone());
        let yaml = format!(
            "container: {image}\nsteps:\n- task: Probe@1\n  name: probe\n  displayName: Probe\n  inputs: {{who: Anna, file: docs/a.txt}}\n"
        );
        let result = bench.run(&yaml).await.result;
        (result, bench)
    };
    let (result, bench) = run(crate::image::libraries(&engine).await).await;
    assert_eq!(result, RunResult::Succeeded, "{}", bench.everything());
    let output = bench.output("Probe");
    assert!(output.contains(&"greeting: Hello Anna".to_owned()), "it ran inside: {output:#?}");
    let (result, bench) = run(crate::image::steps(&engine).await).await;
    assert_eq!(result, RunResult::Failed, "nothing in this image can start Node");
    let all = bench.everything();
    let wanted = "Probe@1 needs Node, which the container job does not have, and this machine's cannot run in it.";
    assert!(all.contains(wanted), "it is told in plain words: {all}");
}
