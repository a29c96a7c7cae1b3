//! Mistakes in the repository: the pipeline file, its tasks, its tests and its Dockerfile.

use serde_json::{Value, json};
use slipway_core::ErrorKind;
use slipway_tests::{Harbour, House, Sandbox, slipway};

async fn runs(house: &House, project: &str) -> usize {
    let list = house.call("run_list", json!({ "projectId": project, "limit": 10 })).await;
    list.as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_yaml_is_refused_by_place_and_expectation() {
    let sandbox = Sandbox::new("yaml");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    // `steps` must be a list: line 4, and the column of the word.
    harbour.write("azure-pipelines.yml", "trigger:\n- main\nsteps:\n  bash: echo one\n");
    let refused =
        house.refused("loop_run", json!({ "projectId": project, "message": "Break it" })).await;
    assert_ne!(refused.kind, ErrorKind::Bug, "it is the file's fault: {refused:?}");
    assert!(
        refused.message.contains("azure-pipelines.yml:4:3"),
        "line and column: {}",
        refused.message
    );
    let said = format!("{} {}", refused.message, refused.hint.unwrap_or_default()).to_lowercase();
    assert!(said.contains("sequence") || said.contains("list"), "what was expected: {said}");
    assert_eq!(runs(&house, &project).await, 0, "nothing ran");

    let view = house.call("pipeline_get", json!({ "projectId": project })).await;
    let first = &view["diagnostics"][0];
    assert_eq!(
        (&first["line"], &first["column"]),
        (&json!(4), &json!(3)),
        "the editor marks it: {first}"
    );
    assert_eq!(first["severity"], "error", "as an error: {first}");
    assert_eq!(view["plan"], Value::Null, "there is nothing to run: {view}");

    // A file that is no YAML at all.
    harbour.write("azure-pipelines.yml", "trigger: [main\nsteps:\n- bash: echo one\n");
    let refused = house
        .refused("loop_run", json!({ "projectId": project, "message": "Break it more" }))
        .await;
    assert!(refused.message.contains("azure-pipelines.yml:"), "the place: {}", refused.message);
    assert_eq!(runs(&house, &project).await, 0, "still nothing ran");

    let file = harbour.path().join("azure-pipelines.yml").display().to_string();
    let checked = slipway(&sandbox, &["check", &file]);
    assert_eq!(checked.status.code(), Some(1), "the check fails");
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(said.contains("azure-pipelines.yml:"), "and names the place: {said}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_task_is_refused_before_anything_runs() {
    let sandbox = Sandbox::new("task");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    let marker = sandbox.path("ran");
    harbour.write(
        "azure-pipelines.yml",
        &format!(
            "trigger: [main]\nsteps:\n- bash: touch {}\n- task: PolishTheBell@3\n",
            marker.display()
        ),
    );
    let refused =
        house.refused("loop_run", json!({ "projectId": project, "message": "Polish" })).await;
    assert!(refused.message.contains("PolishTheBell@3"), "the task is named: {}", refused.message);
    assert!(refused.message.contains(":4:"), "by its line: {}", refused.message);
    let hint = refused.hint.unwrap_or_default();
    assert!(hint.contains("slipway tasks add"), "what to do about it: {hint}");
    assert!(!marker.exists(), "the step before it did not run");
    assert_eq!(runs(&house, &project).await, 0, "there is no run");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_unit_test_skips_what_comes_after_and_says_why() {
    let sandbox = Sandbox::new("unit");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    harbour.write(
        "results.xml",
        "<testsuites><testsuite name=\"harbour\" tests=\"2\" failures=\"1\">\
         <testcase classname=\"harbour\" name=\"lights are on\" time=\"0.01\"/>\
         <testcase classname=\"harbour\" name=\"bell rings\" time=\"0.02\">\
         <failure message=\"the bell is silent\">quay.rs:7</failure></testcase></testsuite></testsuites>\n",
    );
    let view = house.run(&project, "Break the bell").await;
    assert_eq!(view["run"]["result"], "failed", "a failed test fails the run: {view}");
    let tests = &view["run"]["tests"];
    assert_eq!(
        (&tests["total"], &tests["failed"]),
        (&json!(2), &json!(1)),
        "the counts show it: {tests}"
    );
    let cases = house.call("test_list", json!({ "runId": view["run"]["id"] })).await;
    let failed = cases.as_array().unwrap().iter().find(|case| case["outcome"] == "failed").cloned();
    let failed = failed.expect("the failed test is listed");
    assert_eq!(failed["name"], "bell rings", "by its name: {failed}");
    assert!(
        failed["message"].as_str().unwrap().contains("the bell is silent"),
        "with its words: {failed}"
    );

    let docker = Harbour::record(&view, "Build and push");
    assert_eq!(docker["result"], "skipped", "the next step is skipped: {docker}");
    let stage = view["records"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "stage" && one["name"] == "Deploy");
    let stage = stage.expect("the second stage is shown");
    assert_eq!(stage["result"], "skipped", "the next stage is skipped: {stage}");
    assert!(
        stage["issue"].as_str().unwrap_or_default().contains("Build failed"),
        "and says why: {stage}"
    );
    assert!(view["images"].as_array().unwrap().is_empty(), "no image was pushed");
    assert!(view["deployments"].as_array().unwrap().is_empty(), "nothing was deployed");

    let picture = house.call("loop_get", json!({ "projectId": project })).await;
    let ci = &picture["steps"][2];
    assert_eq!(ci["outcome"], "failed", "the picture shows where: {ci}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dockerfile_error_is_the_engines_own_at_the_docker_step() {
    let sandbox = Sandbox::new("docker");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    for (from, with, own_words) in [
        ("COPY www /www", "COPY lighthouse /www", "lighthouse"),
        ("COPY lighthouse /www", "CARRY www /www", "unknown instruction: CARRY"),
    ] {
        harbour.replace("Dockerfile", from, with);
        let view = house.run(&project, with).await;
        assert_eq!(view["run"]["result"], "failed", "{with}: {view}");
        let step = Harbour::record(&view, "Build and push");
        assert_eq!(step["result"], "failed", "it is the Docker step that fails: {step}");
        let issue = step["issue"].as_str().unwrap_or_default();
        assert!(issue.contains(own_words), "the engine's words are the issue: {issue}");
        let log = house.log(&view["run"]["id"], step).await;
        assert!(log.contains(own_words), "and stand in the step's log: {log}");
        assert!(
            view["run"]["issue"].as_str().unwrap_or_default().contains(own_words),
            "and in the run's"
        );
    }
    house.close().await;
}
