//! A pipeline for a repository that has none: proposed for the sample without its own, added, committed and run; and
//! the same in a terminal.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use slipway_tests::{House, Sandbox, slipway};

/// The sample's program without what a proposal is for.
fn bare_sample(sandbox: &Sandbox, keeps_dockerfile: bool) -> PathBuf {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/tideline");
    let folder = sandbox.path("tideline");
    let copied = Command::new("cp").arg("-r").args([&sample, &folder]).status().unwrap();
    assert!(copied.success(), "the sample is copied");
    std::fs::remove_dir_all(folder.join("manifests")).unwrap();
    std::fs::remove_file(folder.join("azure-pipelines.yml")).unwrap();
    if !keeps_dockerfile {
        std::fs::remove_file(folder.join("Dockerfile")).unwrap();
        std::fs::remove_file(folder.join(".dockerignore")).unwrap();
    }
    for words in [
        &["init", "--quiet", "--initial-branch", "main"][..],
        &["config", "user.name", "Harbour Master"],
        &["config", "user.email", "harbour@slipway.invalid"],
        &["add", "--all"],
        &["commit", "--quiet", "--message", "Departures"],
    ] {
        let done = Command::new("git").current_dir(&folder).args(words).status().unwrap();
        assert!(done.success(), "git {words:?}");
    }
    folder
}

/// All new files of a proposal, to be added.
fn new_files(proposal: &Value) -> Vec<Value> {
    let files = proposal["files"].as_array().unwrap().iter();
    let new = files.filter(|file| file["isNew"] == true);
    new.map(|file| json!({ "path": file["path"], "text": file["text"] })).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proposal_for_the_sample_runs_green() {
    let sandbox = Sandbox::new("propose");
    let house = House::open(&sandbox).await;
    // Its own Dockerfile starts from nothing; a proposed one would have to pull Go's image.
    let folder = bare_sample(&sandbox, true);
    let project = house.project(&folder).await;
    let of_project = json!({ "projectId": project });
    let missing = house.refused("pipeline_get", of_project.clone()).await;
    assert_eq!(missing.code, "pipeline_missing", "there is none: {missing:?}");
    // The tests' results need a program from the network.
    let request = json!({ "projectId": project, "options": { "tests": false } });
    let proposal = house.call("pipeline_propose", request).await;
    let paths: Vec<&str> =
        proposal["files"].as_array().unwrap().iter().filter_map(|it| it["path"].as_str()).collect();
    assert_eq!(
        paths,
        ["azure-pipelines.yml", "manifests/deployment.yml", "manifests/service.yml"],
        "its Dockerfile is used as it is: {proposal}"
    );
    assert_eq!(proposal["options"]["port"], 8080, "from the Dockerfile: {proposal}");
    let apply = json!({
        "projectId": project, "files": new_files(&proposal), "message": "pipeline: take the tide",
    });
    let applied = house.call("pipeline_propose_apply", apply).await;
    let run = applied["runId"].as_str().expect("the commit starts its own pipeline").to_owned();
    let view = house.finished(&run).await;
    assert_eq!(view["run"]["result"], "succeeded", "built, pushed and deployed: {view}");
    let deployment = &view["deployments"][0];
    assert_eq!(deployment["environment"], "local", "it runs: {view}");
    let digest = deployment["digest"].as_str().unwrap_or_default();
    assert!(digest.starts_with("sha256:"), "by digest: {deployment}");
    let pipeline = house.call("pipeline_get", of_project).await;
    assert_eq!(pipeline["diagnostics"], json!([]), "nothing is to be said of it: {pipeline}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_pipeline_can_be_started_from() {
    let sandbox = Sandbox::new("empty");
    let house = House::open(&sandbox).await;
    let folder = bare_sample(&sandbox, true);
    let project = house.project(&folder).await;
    let request = json!({ "projectId": project, "options": {} });
    let empty = house.call("pipeline_propose", request).await["empty"].clone();
    for text in [empty.as_str().unwrap(), "", "\n# to come\n"] {
        std::fs::remove_file(folder.join("azure-pipelines.yml")).ok();
        let files = json!([{ "path": "azure-pipelines.yml", "text": text }]);
        let apply = json!({ "projectId": project, "files": files });
        house.call("pipeline_propose_apply", apply).await;
        let read = house.call("pipeline_get", json!({ "projectId": project })).await;
        assert_eq!(read["text"], text, "it is read as it is");
        let severities: Vec<&Value> =
            read["diagnostics"].as_array().unwrap().iter().map(|it| &it["severity"]).collect();
        assert_eq!(severities, ["information"], "'{text}' is no mistake: {read}");
        let check = json!({ "projectId": project, "text": text });
        let checked = house.call("pipeline_check", check).await;
        assert_eq!(checked["diagnostics"], read["diagnostics"], "while it is typed, too");
    }
    house.close().await;
}

#[test]
fn the_terminal_shows_and_writes_the_same() {
    let sandbox = Sandbox::new("init");
    let folder = bare_sample(&sandbox, false);
    let dir = folder.display().to_string();
    let run = |rest: &[&str]| {
        let mut words = vec!["pipeline", "init", "--dir", &dir];
        words.extend(rest);
        let done = slipway(&sandbox, &words);
        (
            done.status.code(),
            String::from_utf8(done.stdout).unwrap(),
            String::from_utf8(done.stderr).unwrap(),
        )
    };
    let (code, shown, found) = run(&["--dry-run"]);
    assert_eq!(code, Some(0), "it proposes: {found}");
    for path in ["azure-pipelines.yml", "Dockerfile", ".dockerignore", "manifests/deployment.yml"] {
        assert!(shown.contains(&format!("==== {path}\n")), "{path} is shown: {shown}");
    }
    assert!(shown.contains("FROM golang:1.21 AS build"), "the version of go.mod: {shown}");
    assert!(found.contains("go.mod: Go 1.21"), "what was found is said: {found}");
    assert!(!folder.join("azure-pipelines.yml").exists(), "nothing is written");
    let (_, shown, _) = run(&["--dry-run", "--no-image", "--no-tests", "--branch", "trunk"]);
    assert!(
        shown.contains("- trunk\n") && !shown.contains("==== Dockerfile"),
        "by choice: {shown}"
    );
    let (code, json, _) = run(&["--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["files"][1]["path"]), (Some(0), &json!("Dockerfile")), "for programs");

    let (code, shown, said) = run(&[]);
    assert_eq!(code, Some(0), "it writes: {said}");
    assert!(shown.contains("created manifests/service.yml\n"), "and says what: {shown}");
    let file = folder.join("azure-pipelines.yml").display().to_string();
    let checked = slipway(&sandbox, &["pipeline", "check", "--here", &file]);
    assert_eq!(checked.status.code(), Some(0), "it can run here: {checked:?}");
    let (code, _, said) = run(&[]);
    assert_eq!(code, Some(1), "a second time is refused");
    assert!(said.contains("azure-pipelines.yml is there already."), "by name: {said}");
    let (code, _, said) = run(&["--dir", "/no/such/folder"]);
    assert_eq!(code, Some(2), "given twice is wrong use: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_cannot_be_made_leaves_a_saved_file_and_no_half_commit() {
    let sandbox = Sandbox::new("half");
    let house = House::open(&sandbox).await;
    let folder = bare_sample(&sandbox, true);
    let project = house.project(&folder).await;
    let of_project = json!({ "projectId": project });
    let files = json!([{ "path": "azure-pipelines.yml", "text": "trigger: none\n" }]);
    let apply = json!({ "projectId": project, "files": files, "message": "Begin" });
    house.call("pipeline_propose_apply", apply).await;
    // Another git process holds the branch, from after the file is written until it is gone.
    let lock = folder.join(".git/refs/heads/main.lock");
    std::fs::write(&lock, "").unwrap();
    let text = "trigger: none\nsteps:\n- script: echo x\n";
    let commit = json!({
        "projectId": project, "text": text, "baseText": "trigger: none\n", "message": "Go on",
    });
    let refused = house.refused("pipeline_commit", commit).await;
    assert_eq!(refused.code, "repository_locked", "it says what is in the way: {refused:?}");
    let saved = house.call("pipeline_get", of_project.clone()).await;
    assert_eq!(saved["text"], text, "the file is saved");
    let committed = house.call("pipeline_committed", of_project.clone()).await;
    assert_eq!(committed["text"], "trigger: none\n", "and nothing is committed");
    std::fs::remove_file(&lock).unwrap();
    let again = json!({ "projectId": project, "text": text, "baseText": text, "message": "Go on" });
    let made = house.call("pipeline_commit", again).await;
    assert_eq!(made["commit"]["summary"], "Go on", "the next try goes on from there: {made}");
    let committed = house.call("pipeline_committed", of_project).await;
    assert_eq!(committed["text"], text, "with the same text");
    house.close().await;
}
