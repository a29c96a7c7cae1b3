//! The registry's port is taken, or its process ends in the middle of a push.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::{Value, json};
use slipway_tests::{Harbour, House, Sandbox, eventually_async};

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_passed_by_and_the_push_works() {
    let sandbox = Sandbox::new("taken");
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap().port();
    let mut options = House::options(&sandbox);
    options.registry_port = Some(taken);
    let house = House::open_with(options).await;
    let app = house.call("app_get", json!({})).await;
    let address = app["registryAddress"].as_str().expect("the registry runs").to_owned();
    assert!(
        !address.ends_with(&format!(":{taken}")),
        "the taken port {taken} is left alone: {address}"
    );

    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    let view = house.run(&project, "Push past the taken port").await;
    assert_eq!(view["run"]["result"], "succeeded", "the push works: {view}");
    assert_eq!(
        view["images"][0]["registry"],
        json!(address),
        "it went to the registry of the house"
    );
    drop(other);
    house.close().await;
}

fn registry_pid(sandbox: &Sandbox) -> i32 {
    let text = std::fs::read_to_string(sandbox.data().join("registry/registry.pid")).unwrap();
    let record: Value = serde_json::from_str(&text).unwrap();
    i32::try_from(record["child"]["pid"].as_i64().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_goes_during_a_push_fails_the_run_and_the_next_succeeds() {
    let sandbox = Sandbox::new("gone");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    // Enough that cannot be compressed for the push to take a while.
    harbour.write("big", "200M\n");
    let started =
        house.call("loop_run", json!({ "projectId": project, "message": "Load much" })).await;
    let run = started["runId"].clone();
    eventually_async("the push to begin", Duration::from_secs(90), || async {
        let view = house.call("run_get", json!({ "runId": run })).await;
        let record = view["records"]
            .as_array()?
            .iter()
            .find(|one| one["displayName"] == "Build and push")?;
        house.log(&run, record).await.contains("docker push").then_some(())
    })
    .await;
    let pid = nix::unistd::Pid::from_raw(registry_pid(&sandbox));
    nix::sys::signal::kill(pid, nix::sys::signal::SIGKILL)
        .expect("the registry's process is there");

    let view = house.finished(run.as_str().unwrap()).await;
    assert_eq!(view["run"]["result"], "failed", "the run fails: {view}");
    let step = Harbour::record(&view, "Build and push");
    let issue = step["issue"].as_str().unwrap_or_default();
    assert!(issue.contains("push") || issue.contains("registry"), "the reason is clear: {issue}");
    assert!(view["images"].as_array().unwrap().is_empty(), "nothing counts as pushed: {view}");
    assert!(view["deployments"].as_array().unwrap().is_empty(), "and nothing was deployed: {view}");

    harbour.remove("big");
    let view = house.run(&project, "Load less").await;
    assert_eq!(view["run"]["result"], "succeeded", "the registry is started again: {view}");
    house.close().await;
}
