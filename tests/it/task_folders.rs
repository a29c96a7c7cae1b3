//! Folders of tasks, and runs that leave out what cannot run here: through the app's commands and the
//! command line.

use serde_json::{Value, json};
use slipway_tests::{Harbour, House, Sandbox, slipway};

const PIPELINE: &str = "\
trigger: none
steps:
- task: Ring@1
  name: bell
  displayName: Ring
  inputs: {times: 3}
- task: PolishTheBell@3
  displayName: Polish
- bash: echo \"rang $(bell.rung)\"
  displayName: After
";

const INDEX: &str = "\
console.log('ding '.repeat(Number(process.env.INPUT_TIMES)).trim());
console.log('##vso[task.setvariable variable=rung;isOutput=true]' + process.env.INPUT_TIMES);
";

fn ring(sandbox: &Sandbox) -> std::path::PathBuf {
    let folder = sandbox.path("tasks");
    std::fs::create_dir_all(folder.join("ring")).unwrap();
    let task = json!({
        "id": "1b0d7c5e-8a31-4b7e-9a38-0c5e2f6f0b01", "name": "Ring", "description": "Rings a bell",
        "version": { "Major": 1, "Minor": 2, "Patch": 3 },
        "inputs": [{
            "name": "times", "type": "int", "label": "How often", "required": true,
            "aliases": ["howOften"],
        }],
        "outputVariables": [{ "name": "rung", "description": "How often it rang" }],
        "execution": { "Node20_1": { "target": "index.js" } },
    });
    std::fs::write(folder.join("ring/task.json"), task.to_string()).unwrap();
    std::fs::write(folder.join("ring/index.js"), INDEX).unwrap();
    folder
}

fn blocking(check: &Value) -> Vec<&str> {
    let obstacles = check["obstacles"].as_array().unwrap();
    let blocking = obstacles.iter().filter(|it| it["isBlocking"] == true);
    blocking.map(|it| it["target"].as_str().unwrap_or("")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_added_used_and_what_is_left_out_is_chosen() {
    let sandbox = Sandbox::new("tasks");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    harbour.write("azure-pipelines.yml", PIPELINE);
    harbour.git(&["commit", "-q", "-am", "Ring"]);
    let of_project = json!({ "projectId": project });
    let check = house.call("run_check", of_project.clone()).await;
    let both = ["__default/__default/bell", "__default/__default/PolishTheBell"];
    assert_eq!(blocking(&check), both, "neither task is known: {check}");

    let folder = ring(&sandbox);
    let added = house.call("task_folder_add", json!({ "path": folder })).await;
    assert_eq!(added["tasks"], json!(["Ring@1"]), "the task is found below the folder: {added}");
    let tasks = house.call("task_list", json!({})).await;
    let task = tasks.as_array().unwrap().iter().find(|task| task["name"] == "Ring").unwrap();
    assert_eq!(task["fullVersion"], "1.2.3", "its version: {task}");
    assert_eq!(task["inputs"][0]["aliases"], json!(["howOften"]), "its inputs: {task}");
    let text = "steps:\n- task: Ring@1\n  inputs:\n    ";
    let at = json!({ "projectId": project, "text": text, "offset": text.len() });
    let offered = house.call("pipeline_complete", at).await.to_string();
    assert!(offered.contains("howOften"), "the editor offers its inputs: {offered}");
    let check = house.call("run_check", of_project.clone()).await;
    assert_eq!(blocking(&check), both[1..], "the folder's task runs: {check}");

    let refused = house.refused("run_start", of_project.clone()).await;
    assert!(refused.message.contains("PolishTheBell@3"), "it is refused: {}", refused.message);
    let other = json!({ "projectId": project, "skip": ["Ring@1"] });
    house.refused("run_start", other).await;
    let skip = json!({ "projectId": project, "skip": ["polishthebell@3"] });
    let started = house.call("run_start", skip).await;
    let view = house.finished(started["runId"].as_str().unwrap()).await;
    assert_eq!(view["run"]["result"], "succeeded", "the rest runs: {view}");
    let polish = Harbour::record(&view, "Polish");
    assert_eq!(polish["result"], "skipped", "its record says so: {polish}");
    let issue = polish["issue"].as_str().unwrap();
    assert!(issue.contains("cannot run here, chosen by"), "and why: {issue}");
    let log = house.log(&view["run"]["id"], Harbour::record(&view, "Ring")).await;
    assert!(log.contains("ding ding ding"), "the task ran by Node: {log}");
    let log = house.log(&view["run"]["id"], Harbour::record(&view, "After")).await;
    assert!(log.contains("rang 3"), "its output is there: {log}");

    let again = house.call("run_rerun", json!({ "runId": view["run"]["id"] })).await;
    let view = house.finished(again["runId"].as_str().unwrap()).await;
    let polish = Harbour::record(&view, "Polish");
    assert_eq!(polish["result"], "skipped", "the same choice holds for the run again: {polish}");
    house.close().await;

    let listed = slipway(&sandbox, &["tasks", "ls"]);
    let said = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(said.contains("Ring@1") && said.contains("Docker@2"), "both kinds are listed: {said}");
    let shown = slipway(&sandbox, &["tasks", "show", "ring@1"]);
    let said = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(said.contains("times (howOften): number, required"), "its inputs are shown: {said}");
    let folder = folder.display().to_string();
    assert!(slipway(&sandbox, &["tasks", "rm", &folder]).status.success(), "it is removed");
    let missing = slipway(&sandbox, &["tasks", "show", "Ring@1"]);
    assert_eq!(missing.status.code(), Some(2), "it is known no more");
    let wrong = slipway(&sandbox, &["tasks", "add", "/nowhere"]);
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(said.contains("There is no folder /nowhere"), "a wrong folder is refused: {said}");
}
