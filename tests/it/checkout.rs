//! Other repositories, from the mapping to the checkout: through the app's commands and the command line.

use std::process::Command;

use serde_json::json;
use slipway_tests::{Harbour, House, Sandbox, slipway};

const PIPELINE: &str = "\
trigger: none
resources:
  repositories:
  - repository: tools
    type: git
    name: Contoso/Tools
    ref: refs/tags/v1
steps:
- checkout: self
- checkout: tools
- bash: cat Tools/tool.txt
  displayName: Look
- template: steps.yml@tools
";

fn git(folder: &std::path::Path, arguments: &[&str]) {
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    let done = Command::new("git").current_dir(folder).args(who).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "git {arguments:?} works: {said}");
}

fn tools(sandbox: &Sandbox) -> std::path::PathBuf {
    let folder = sandbox.path("their-tools");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("tool.txt"), "the tool of v1\n").unwrap();
    let steps = "steps:\n- bash: echo from the template\n  displayName: Template\n";
    std::fs::write(folder.join("steps.yml"), steps).unwrap();
    for arguments in [
        &["init", "-q", "-b", "main"][..],
        &["add", "-A"],
        &["commit", "-q", "-m", "first"],
        &["tag", "v1"],
    ] {
        git(&folder, arguments);
    }
    std::fs::write(folder.join("tool.txt"), "a newer tool\n").unwrap();
    git(&folder, &["commit", "-q", "-am", "second"]);
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_mapped_and_checked_out() {
    let sandbox = Sandbox::new("checkout");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    let only_checkout = PIPELINE.replace("- template: steps.yml@tools\n", "");
    harbour.write("azure-pipelines.yml", &only_checkout);
    harbour.git(&["commit", "-q", "-am", "Tools"]);
    let of_project = json!({ "projectId": project });
    let refused = house.refused("run_start", of_project.clone()).await;
    let hint = refused.hint.unwrap_or_default();
    assert!(refused.message.contains("Contoso/Tools"), "named before a run: {}", refused.message);
    assert!(hint.contains("Pipeline, Repositories"), "and where to map it: {hint}");
    let runs = house.call("run_list", json!({ "projectId": project, "limit": 5 })).await;
    assert_eq!(runs, json!([]), "no run was made");

    let folder = tools(&sandbox);
    harbour.write("azure-pipelines.yml", PIPELINE);
    harbour.git(&["commit", "-q", "-am", "Template"]);
    let mapping = json!({ "projectId": project, "name": "Contoso/Tools", "path": folder });
    house.call("repository_mapping_set", mapping).await;
    let started = house.call("run_start", of_project).await;
    let view = house.finished(started["runId"].as_str().unwrap()).await;
    assert_eq!(view["run"]["result"], "succeeded", "it runs: {view}");
    let log = house.log(&view["run"]["id"], Harbour::record(&view, "Look")).await;
    assert!(log.contains("the tool of v1"), "at the resource's ref: {log}");
    house.close().await;

    let file = harbour.path().join("azure-pipelines.yml").display().to_string();
    let checked = slipway(&sandbox, &["check", &file]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success(), "a check knows what is mapped: {said}");
}
