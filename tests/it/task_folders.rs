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

const FOREIGN: &str = "\
trigger: none
pool: {vmImage: windows-latest}
variables:
- group: nobody-made-it
steps:
- task: Ring@1
  inputs: {times: 3}
- task: PolishTheBell@3
";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn checks_know_added_tasks_and_chosen_pools_and_a_refused_run_says_every_reason() {
    let sandbox = Sandbox::new("check-here");
    let harbour = Harbour::make(&sandbox);
    harbour.write("ci/bell.yml", FOREIGN);
    harbour.git(&["add", "-A"]);
    harbour.git(&["commit", "-q", "-m", "Ring elsewhere"]);
    let file = harbour.path().join("ci/bell.yml").display().to_string();

    let before = slipway(&sandbox, &["check", &file]);
    let said = text(&before.stdout);
    assert_eq!(before.status.code(), Some(1), "much of it cannot run here: {said}");
    let places: Vec<String> = [2, 6, 8].iter().map(|line| format!("{file}:{line}:")).collect();
    for place in &places {
        assert!(said.contains(place.as_str()), "{place} is named: {said}");
    }
    let language = slipway(&sandbox, &["pipeline", "check", &file]);
    assert_eq!(language.status.code(), Some(0), "the language takes it: {language:?}");
    let same = slipway(&sandbox, &["pipeline", "check", "--here", &file]);
    assert_eq!(text(&same.stdout), said, "two names of one check");

    let run = slipway(&sandbox, &["run", &file]);
    let refused = text(&run.stderr);
    assert_eq!(run.status.code(), Some(1), "the run is refused: {refused}");
    for reason in ["windows-latest", "'Ring@1'", "'PolishTheBell@3'", "nobody-made-it"] {
        assert!(refused.contains(reason), "{reason} is told at once: {refused}");
    }

    let folder = ring(&sandbox).display().to_string();
    assert!(slipway(&sandbox, &["tasks", "add", &folder]).status.success(), "it is added");
    let set = slipway(&sandbox, &["pools", "set", "windows-latest", "host"]);
    assert!(set.status.success(), "a place is chosen: {set:?}");
    let after = slipway(&sandbox, &["check", &file]);
    let said = text(&after.stdout);
    assert!(said.contains(&places[2]), "one task is still unknown: {said}");
    assert!(!said.contains(&places[0]) && !said.contains(&places[1]), "and nothing else: {said}");
    harbour.write("ci/bell.yml", &FOREIGN.replace("times:", "tmies:"));
    let input = slipway(&sandbox, &["pipeline", "check", &file]);
    let said = text(&input.stdout);
    assert!(said.contains("tmies"), "inputs of an added task are checked: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_reads_the_file_that_a_run_reads() {
    let sandbox = Sandbox::new("check-file");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    harbour.write("ci/other.yml", "trigger: none\nsteps:\n- task: PolishTheBell@3\n");
    harbour.git(&["add", "-A"]);
    harbour.git(&["commit", "-q", "-m", "Another pipeline"]);
    let usual = house.call("run_check", json!({ "projectId": project })).await;
    assert!(blocking(&usual).is_empty(), "the usual file runs: {usual}");
    let request = json!({ "projectId": project, "file": "ci/other.yml" });
    let other = house.call("run_check", request).await;
    assert_eq!(blocking(&other).len(), 1, "the other one does not: {other}");
    let start = json!({ "projectId": project, "file": "ci/other.yml", "skipUnsupported": true });
    let started = house.call("run_start", start).await;
    let run = started["runId"].as_str().unwrap();
    house.finished(run).await;
    let again = json!({ "projectId": project, "runId": run });
    let again = house.call("run_check", again).await;
    assert_eq!(blocking(&again).len(), 1, "a run that is repeated reads its own file: {again}");
    house.close().await;
}
