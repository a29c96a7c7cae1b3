//! Runs of parts of a pipeline, and runs that go on where one failed, through the command table with the real
//! runner: kept with the run, repeated by a rerun, and what is kept is not run again.

use serde_json::{Value, json};
use slipway_tests::{Harbour, House, Sandbox};

const SHOP: &str = "trigger: none
variables:
  patch: $[ counter('1.0', 5) ]
stages:
- stage: Build
  jobs:
  - job: Make
    steps:
    - checkout: none
    - bash: mkdir -p out && echo built > out/web.txt
      displayName: make
    - publish: out
      artifact: web
    - bash: echo '##vso[task.setvariable variable=image;isOutput=true]web:1' && echo '##vso[build.addbuildtag]ripe'
      name: out
- stage: Test
  jobs:
  - job: Good
    steps: [{checkout: none}, {bash: echo good, displayName: good}]
  - job: Bad
    variables:
      image: $[ stageDependencies.Build.Make.outputs['out.image'] ]
    steps:
    - checkout: none
    - download: current
      artifact: web
    - bash: echo \"$(cat $(Pipeline.Workspace)/web/web.txt) $(image) $(Build.BuildId) $(patch) $(Build.Reason)\" && test $(System.JobAttempt) = 2
      displayName: bad
- stage: Ship
  jobs:
  - job: Ship
    steps: [{checkout: none}, {bash: echo shipped, displayName: ship}]
";

async fn project(house: &House, sandbox: &Sandbox) -> String {
    let harbour = Harbour::make(sandbox);
    harbour.write("azure-pipelines.yml", SHOP);
    harbour.git(&["add", "-A"]);
    harbour.git(&["commit", "-m", "Parts"]);
    house.project(harbour.path()).await
}

/// Starts a run by a command and waits for its end.
async fn ended(house: &House, command: &str, request: Value) -> Value {
    let started = house.call(command, request).await;
    house.finished(started["runId"].as_str().unwrap()).await
}

fn record<'a>(view: &'a Value, kind: &str, name: &str) -> &'a Value {
    let records = view["records"].as_array().unwrap();
    let is_it =
        |it: &&Value| it["kind"] == kind && (it["name"] == name || it["displayName"] == name);
    records.iter().find(is_it).unwrap_or_else(|| panic!("{kind} {name} is in {view:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_stage_is_kept_with_its_run_and_chosen_again() {
    let sandbox = Sandbox::new("parts");
    let house = House::open(&sandbox).await;
    let project = project(&house, &sandbox).await;
    let only = json!({ "projectId": project, "only": ["Ship"] });
    let run = ended(&house, "run_start", only).await;
    assert_eq!(run["run"]["result"], "succeeded", "the stage ran alone: {run:#}");
    assert_eq!(run["run"]["choice"], "only stage Ship", "the run says what it was asked for");
    assert_eq!(record(&run, "stage", "Test")["result"], "skipped", "the rest did not run");
    let again = ended(&house, "run_rerun", json!({ "runId": run["run"]["id"] })).await;
    assert_eq!(again["run"]["choice"], "only stage Ship", "a rerun repeats the choice");
    let needed = json!({ "projectId": project, "only": ["Test/Good"], "isWithNeeded": true });
    let needed = ended(&house, "run_start", needed).await;
    assert_eq!(record(&needed, "stage", "Build")["result"], "succeeded", "what it needs ran too");
    assert_eq!(record(&needed, "job", "Bad")["result"], "skipped", "its sibling did not");

    let typo = json!({ "projectId": project, "only": ["Shpi"] });
    let refused = house.refused("run_start", typo).await;
    assert_eq!(refused.code, "choice_unknown", "a typo starts nothing: {refused:?}");
    assert_eq!(
        refused.hint.as_deref(),
        Some("There is: Build, Test, Ship."),
        "it says what there is"
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rerun_of_what_failed_keeps_what_succeeded() {
    let sandbox = Sandbox::new("attempts");
    let house = House::open(&sandbox).await;
    let project = project(&house, &sandbox).await;
    let first = ended(&house, "run_start", json!({ "projectId": project })).await;
    assert_eq!(first["run"]["result"], "failed", "the first attempt fails: {first:#}");
    let id = &first["run"]["id"];
    let again = json!({ "runId": id, "failedOnly": true });
    let second = ended(&house, "run_rerun", again).await;
    let run = &second["run"];
    assert_eq!(run["result"], "succeeded", "the second goes to the end: {second:#}");
    assert_eq!((&run["attempt"], &run["earlier"]), (&json!(2), id), "it is linked to the first");
    assert_eq!(run["number"], first["run"]["number"], "and has its number");
    for (kind, name) in [("stage", "Build"), ("step", "make"), ("job", "Good")] {
        let (now, then) = (record(&second, kind, name), record(&first, kind, name));
        assert_eq!(now["keptFrom"], then["id"], "{kind} {name} is kept");
        assert_eq!(now["startedAt"], then["startedAt"], "{kind} {name} has the times it had");
    }
    assert!(record(&second, "job", "Bad")["keptFrom"].is_null(), "what failed ran again");
    assert_eq!(record(&second, "stage", "Ship")["result"], "succeeded", "what was skipped ran");
    let log = house.log(&run["id"], record(&second, "step", "bad")).await;
    let build_id = first["run"]["buildId"].as_u64().unwrap();
    let expected = format!("built web:1 {build_id} 5 Manual");
    assert!(log.contains(&expected), "artifact, output, build id and counter are kept: {log}");
    let log = house.log(&run["id"], record(&second, "step", "good")).await;
    assert!(log.contains("good"), "a kept step shows its log: {log}");
    assert_eq!(second["artifacts"][0]["name"], "web", "the artifact belongs to this run, too");
    assert_eq!(second["tags"], json!(["ripe"]), "and so does the tag");
    let view = house.call("run_get", json!({ "runId": id })).await;
    assert_eq!(view["run"]["later"], run["id"], "the first attempt names the one after it");

    let refused = json!({ "runId": run["id"], "failedOnly": true });
    let refused = house.refused("run_rerun", refused).await;
    assert_eq!(refused.code, "nothing_failed", "there is nothing left to run: {refused:?}");

    let history = house.call("pipeline_history", json!({ "projectId": project })).await;
    assert_eq!(history["runs"], 2, "two runs: {history:#}");
    let nodes = history["nodes"].as_array().unwrap();
    let node = |job: &str| {
        let is_it = |it: &&Value| it["job"] == job && it["step"].is_null();
        nodes.iter().find(is_it).unwrap_or_else(|| panic!("{job} is in {history:#}"))
    };
    assert_eq!(node("Make")["runs"], 1, "what was kept counts once");
    assert_eq!(
        (&node("Bad")["runs"], &node("Bad")["failureRate"]),
        (&json!(2), &json!(0.5)),
        "half"
    );
    let cost = &history["cost"];
    assert_eq!(cost["last"]["billedMinutes"], 2, "two short jobs ran in the last run: {cost}");
    assert_eq!(cost["next"]["billedMinutes"], 4, "all four run in the next: {cost}");
    assert_eq!(cost["next"]["way"][0], "Build/Make", "the longest way begins here: {cost}");
    assert_eq!(cost["stages"][1]["billedMinutes"], 2, "a stage alone: {cost}");
    house.close().await;
}
