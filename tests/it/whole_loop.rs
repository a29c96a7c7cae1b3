//! The whole loop by the command line, as a user on a fresh machine runs it: the bundled sample from
//! its pending change to the closed work item, and the thread from every end.

use std::path::Path;

use serde_json::{Value, json};
use slipway_tests::{Sandbox, Served, call, engine_get, http, slipway};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The part of a line that follows a word.
fn after<'a>(said: &'a str, word: &str) -> Vec<&'a str> {
    said.lines().filter_map(|line| line.trim().strip_prefix(word)).map(str::trim).collect()
}

#[test]
fn the_loop_runs_from_the_change_to_the_closed_item_and_again() {
    let sandbox = Sandbox::new("loop");
    let output = slipway(&sandbox, &["run"]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "the loop ends well: {said}\n{}", text(&output.stderr));

    let digests = after(&said, "Digest:");
    assert_eq!(digests.len(), 1, "the digest is printed once: {said}");
    let digest = digests[0].to_owned();
    assert!(digest.starts_with("sha256:") && digest.len() == 71, "a whole digest: {digest}");
    assert!(said.contains("Proven:"), "the launch is proven: {said}");
    assert!(said.contains("AB#1 Done"), "the item is closed on the board: {said}");
    charts_are_drawn(&said);
    let report = std::fs::read_to_string(after(&said, "Report:")[0]).unwrap();
    assert!(report.contains(&digest[7..19]), "the report names the digest that was deployed");

    let thread = said.split("The thread:").nth(1).unwrap_or_default();
    for word in ["commit", "run", "image", "deployment", "pod", "telemetry", "work item"] {
        assert!(thread.contains(word), "the thread has the {word}: {thread}");
    }
    let ends = ends_of_thread(&sandbox, &digest);
    each_end_prints_the_others(&sandbox, &ends);
    item_is_done(&sandbox, &ends);
    registry_and_container_agree(&sandbox, &digest);

    let again = slipway(&sandbox, &["run"]);
    let said = text(&again.stdout);
    assert!(again.status.success(), "a run without a change: {said}\n{}", text(&again.stderr));
    let second = after(&said, "Digest:").first().map(|digest| (*digest).to_owned());
    assert!(second.is_some(), "the second run deploys by digest as well: {said}");
    let runs = call(&sandbox, "run_list", &json!({ "projectId": ends.project, "limit": 10 }));
    assert_eq!(runs.as_array().unwrap().len(), 2, "both runs are kept");
}

fn charts_are_drawn(said: &str) {
    let charts = after(said, "Chart:");
    assert_eq!(charts.len(), 8, "four charts in light and dark: {said}");
    for chart in charts {
        let svg = std::fs::read_to_string(Path::new(chart)).unwrap();
        assert!(svg.trim_start().starts_with("<svg") || svg.contains("<?xml"), "{chart} is an SVG");
        assert!(svg.trim_end().ends_with("</svg>"), "{chart} is whole");
        assert!(svg.contains("<text"), "{chart} has words on its axes");
        assert_eq!(
            svg.matches("<text").count(),
            svg.matches("</text>").count(),
            "{chart} closes what it opens"
        );
    }
}

/// What names the objects of one loop.
struct Ends {
    project: String,
    commit: String,
    digest: String,
    number: String,
}

fn ends_of_thread(sandbox: &Sandbox, digest: &str) -> Ends {
    let projects = call(sandbox, "project_list", &json!({}));
    let project = projects[0]["id"].as_str().unwrap().to_owned();
    let runs = call(sandbox, "run_list", &json!({ "projectId": project, "limit": 10 }));
    let run = &runs[0];
    assert_eq!(run["result"], "succeeded", "the run succeeded: {run}");
    assert_eq!(run["tests"]["failed"], 0, "no test failed: {run}");
    assert!(
        run["tests"]["passed"].as_u64().unwrap() >= 4,
        "the sample's tests were counted: {run}"
    );
    Ends {
        project,
        commit: run["commit"].as_str().unwrap().to_owned(),
        digest: digest.to_owned(),
        number: run["number"].as_str().unwrap().to_owned(),
    }
}

fn each_end_prints_the_others(sandbox: &Sandbox, ends: &Ends) {
    for key in
        [&ends.commit, &ends.commit[..8].to_owned(), &ends.digest, &ends.number, &"AB#1".to_owned()]
    {
        let output = slipway(sandbox, &["thread", key]);
        let said = text(&output.stdout);
        assert!(output.status.success(), "the thread of {key}: {}", text(&output.stderr));
        for other in [&ends.commit[..8], &ends.digest, &ends.number, "AB#1", "proven", "healthy"] {
            assert!(said.contains(other), "the thread of {key} shows {other}: {said}");
        }
    }
    let unknown = slipway(sandbox, &["thread", "ffffffffffff"]);
    assert_eq!(unknown.status.code(), Some(2), "a key that names nothing is wrong use");
    assert!(text(&unknown.stderr).contains("hint:"), "and what to type is said");
}

fn item_is_done(sandbox: &Sandbox, ends: &Ends) {
    let item = call(sandbox, "work_item_get", &json!({ "projectId": ends.project, "id": 1 }));
    assert_eq!(item["item"]["state"], "done", "proven and healthy closes the item: {item}");
    assert_eq!(item["commits"][0]["sha"], json!(ends.commit), "the item shows its commit");
    let deployment = &item["deployments"][0];
    assert_eq!(deployment["digest"], json!(ends.digest), "the item shows the digest");
    assert_eq!(deployment["proof"]["isProven"], true, "and that it was proven");
    assert_eq!(deployment["health"]["verdict"], "healthy", "and its health");
}

/// Asks the registry and the engine themselves, while `slipway serve` keeps the registry up.
fn registry_and_container_agree(sandbox: &Sandbox, digest: &str) {
    let serve = Served::start(sandbox);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let manifest = runtime.block_on(async {
        let app = serve.call("app_get", json!({})).await;
        let registry = app["registryAddress"].as_str().expect("the registry runs").to_owned();
        let answer = http()
            .get(format!("http://{registry}/v2/tideline/manifests/latest"))
            .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "the registry holds the tag");
        let held = answer.headers()["docker-content-digest"].to_str().unwrap().to_owned();
        assert_eq!(held, digest, "the registry holds what was deployed");
        answer.json::<Value>().await.unwrap()
    });
    let config = manifest["config"]["digest"].as_str().unwrap();
    let project = call(sandbox, "project_list", &json!({}))[0]["id"].as_str().unwrap().to_owned();
    let all = engine_get("/containers/json");
    let ours: Vec<&Value> = all
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["Labels"]["dev.slipway.project"] == json!(project))
        .collect();
    assert_eq!(ours.len(), 1, "one container of the project runs: {ours:?}");
    assert_eq!(
        ours[0]["ImageID"],
        json!(config),
        "it runs the configuration that the manifest names"
    );
    let image = engine_get(&format!("/images/{config}/json"));
    let names = image["RepoDigests"].to_string();
    assert!(names.contains(digest), "the engine knows that image by the digest: {names}");
    assert_eq!(serve.stop(), Some(0), "SIGTERM ends the page in order");
}
