//! The container engine is missing, or dies in the middle of a build.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_core::ErrorKind;
use slipway_tests::{
    EngineLine, Harbour, House, Sandbox, engine_address, eventually_async, slipway,
};

fn capability(app: &Value, key: &str) -> Value {
    let all = app["capabilities"].as_array().unwrap();
    all.iter()
        .find(|one| one["key"] == key)
        .cloned()
        .unwrap_or_else(|| panic!("{key} is listed: {app}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_engine_everything_else_works() {
    let sandbox = Sandbox::new("noengine");
    let mut options = House::options(&sandbox);
    options.engine = Some(format!("unix://{}", sandbox.path("nobody.sock").display()));
    let house = House::open_with(options).await;

    let app = house.call("app_get", json!({})).await;
    let engine = capability(&app, "engine");
    assert_eq!(engine["state"], "missing", "the engine is said to be missing: {engine}");
    assert!(
        engine["detail"].as_str().unwrap().contains("nobody.sock"),
        "where it was looked for: {engine}"
    );
    assert!(engine["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "what to do: {engine}");
    assert_eq!(
        capability(&app, "registry")["state"],
        "ready",
        "the registry needs no engine: {app}"
    );

    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    let of_project = json!({ "projectId": project });
    for name in [
        "loop_get",
        "change_list",
        "pipeline_get",
        "environment_list",
        "work_item_list",
        "image_list",
    ] {
        house.call(name, of_project.clone()).await;
    }
    let telemetry = json!({ "projectId": project, "environment": "local", "minutes": 15 });
    house.call("telemetry_get", telemetry).await;

    harbour.write("www/index.html", "two\n");
    let view = house.run(&project, "Build without an engine").await;
    assert_eq!(view["run"]["result"], "failed", "an image cannot be built: {view}");
    let step = Harbour::record(&view, "Build and push");
    assert_eq!(step["result"], "failed", "it fails at the step that needs the engine: {step}");
    let issue = step["issue"].as_str().unwrap_or_default();
    assert!(issue.to_lowercase().contains("engine"), "and says so: {issue}");
    let deploy = Harbour::record(&view, "Deploy");
    assert_eq!(deploy["result"], "skipped", "nothing is deployed: {deploy}");

    harbour
        .write("azure-pipelines.yml", "trigger: [main]\nsteps:\n- bash: echo no engine needed\n");
    let view = house.run(&project, "A pipeline without containers").await;
    assert_eq!(view["run"]["result"], "succeeded", "scripts run without an engine: {view}");
    house.close().await;
}

#[test]
fn the_command_line_says_that_the_engine_is_missing() {
    let sandbox = Sandbox::new("cli");
    let harbour = Harbour::make(&sandbox);
    let dead = format!("unix://{}", sandbox.path("nobody.sock").display());
    let project = harbour.path().display().to_string();
    let output = slipway(&sandbox, &["run", "--engine", &dead, "--project", &project]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "the run failed: {said}");
    assert!(said.to_lowercase().contains("engine"), "the reason is printed: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_dies_during_a_build_fails_the_step_and_comes_back() {
    let sandbox = Sandbox::new("dies");
    let line = EngineLine::lay(&sandbox);
    let mut options = House::options(&sandbox);
    options.engine = Some(line.address());
    let house = House::open_with(options).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    // A build that goes on until the line is cut.
    harbour.replace(
        "Dockerfile",
        "COPY www /www\n",
        "COPY www /www\nRUN [\"/bin/busybox\", \"sleep\", \"60\"]\n",
    );
    let request = json!({ "projectId": project, "message": "A slow build" });
    let started = house.call("loop_run", request).await;
    let run = started["runId"].clone();
    eventually_async("the build's RUN step", Duration::from_secs(60), || async {
        let view = house.call("run_get", json!({ "runId": run })).await;
        let record = view["records"]
            .as_array()?
            .iter()
            .find(|one| one["displayName"] == "Build and push")?;
        house.log(&run, record).await.contains("RUN").then_some(())
    })
    .await;
    line.cut();
    let view = house.finished(run.as_str().unwrap()).await;
    assert_eq!(view["run"]["result"], "failed", "the run ends: {view}");
    let step = Harbour::record(&view, "Build and push");
    let issue = step["issue"].as_str().unwrap_or_default();
    assert!(issue.contains("lost"), "the step says that the engine was lost: {step}");
    assert!(
        view["run"]["issue"].as_str().is_some_and(|text| !text.is_empty()),
        "and so does the run"
    );
    let app = house.call("app_get", json!({})).await;
    assert_eq!(capability(&app, "engine")["state"], "missing", "the picture shows it: {app}");

    line.mend();
    let app = house.call("app_get", json!({})).await;
    assert_eq!(capability(&app, "engine")["state"], "ready", "it is found again: {app}");
    harbour.replace("Dockerfile", "RUN [\"/bin/busybox\", \"sleep\", \"60\"]\n", "");
    let view = house.run(&project, "The engine is back").await;
    assert_eq!(view["run"]["result"], "succeeded", "the next run succeeds: {view}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_no_socket_is_refused_in_words() {
    let sandbox = Sandbox::new("badhost");
    assert!(engine_address().starts_with("unix://"), "the suites use a socket");
    let mut options = House::options(&sandbox);
    options.engine = Some("tcp://127.0.0.1:1".to_owned());
    let house = House::open_with(options).await;
    let app = house.call("app_get", json!({})).await;
    let engine = capability(&app, "engine");
    assert_eq!(engine["state"], "missing", "{engine}");
    assert!(
        engine["detail"].as_str().unwrap().contains("unix:///"),
        "what is expected is said: {engine}"
    );
    let refused = house.refused("project_open", json!({ "path": "/nowhere" })).await;
    assert_ne!(refused.kind, ErrorKind::Bug, "a missing folder is no defect: {refused:?}");
    house.close().await;
}
