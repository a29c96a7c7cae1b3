//! One pipeline file for every target: the sample's own, unchanged, deploys one commit to containers of this
//! machine and then to a cluster.

use serde_json::json;
use slipway_tests::Sandbox;

use crate::control_plane::{ADMIN, control_plane};
use crate::tideline::{Tideline, proven};

/// As the product carries it.
const BUNDLED: &str = include_str!("../../samples/tideline/azure-pipelines.yml");

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_pipeline_deploys_unchanged_here_and_to_a_cluster() {
    let sandbox = Sandbox::new("both");
    let tideline = Tideline::open(&sandbox, &control_plane().kubeconfig).await;
    assert_eq!(Tideline::pipeline(&sandbox), BUNDLED, "the sample's own pipeline");

    let here = tideline.run().await;
    let first = proven(&here);
    let project = tideline.project.as_str().unwrap();
    let containers = slipway_tests::engine_get("/containers/json");
    let mut ours = containers.as_array().unwrap().iter();
    let ours = ours.find(|one| one["Labels"]["dev.slipway.project"] == project);
    let config = ours.expect("a container runs on this machine")["ImageID"].clone();
    let image = slipway_tests::engine_get(&format!("/images/{}/json", config.as_str().unwrap()));
    let digest = first["digest"].as_str().unwrap();
    let names = image["RepoDigests"].to_string();
    assert!(names.contains(digest), "the engine says by itself what runs: {names}");

    // Nothing but the environment's settings changes.
    tideline.aim(ADMIN, &[]).await;
    let there = tideline.run().await;
    let second = proven(&there);
    assert_eq!(there["run"]["commit"], here["run"]["commit"], "one commit");
    assert_eq!(Tideline::pipeline(&sandbox), BUNDLED, "one pipeline");
    let digest = second["digest"].as_str().unwrap();

    // The API server's own words.
    let pods = tideline.house.call(
        "kube_watch_start",
        json!({ "context": ADMIN, "namespace": "default", "group": "", "version": "v1", "plural": "pods" }),
    );
    let watch = pods.await["watchId"].clone();
    let rows =
        json!({ "watchId": watch, "filter": "tideline-", "sort": null, "offset": 0, "limit": 9 });
    let limit = std::time::Duration::from_secs(30);
    let pod = slipway_tests::eventually_async("the pod is listed", limit, || async {
        let seen = tideline.house.call("kube_rows", rows.clone()).await;
        seen["rows"][0]["name"].as_str().map(str::to_owned)
    })
    .await;
    let shown = tideline
        .house
        .call(
            "kube_object",
            json!({ "context": ADMIN, "group": "", "version": "v1", "plural": "pods",
                "namespace": "default", "name": pod }),
        )
        .await;
    let yaml = shown["yaml"].as_str().unwrap();
    // A long value begins in the next line.
    let reported =
        yaml.split_once("imageID:").map(|(_, rest)| rest.trim_start_matches([' ', '>', '-']));
    let image_id = reported.and_then(|text| text.trim_start().lines().next()).unwrap_or_default();
    assert!(image_id.ends_with(digest), "{digest} runs: {image_id}");
    assert_eq!(tideline.house.stop(), Some(0), "it ends in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_are_told_where_to_report_if_the_environment_says_so() {
    let sandbox = Sandbox::new("report");
    let tideline = Tideline::open(&sandbox, &control_plane().kubeconfig).await;
    tideline.aim(ADMIN, &[("Slipway.TelemetryAddress", "the harbour")]).await;
    let run = tideline.run().await;
    let issue = run["deployments"][0]["issue"].as_str().unwrap_or_default();
    assert!(issue.contains("'the harbour', no IP address"), "it says what is wrong: {run}");

    tideline.aim(ADMIN, &[("Slipway.TelemetryAddress", "127.0.0.1")]).await;
    proven(&tideline.run().await);
    let request = json!({ "context": ADMIN, "group": "apps", "version": "v1",
        "plural": "deployments", "namespace": "default", "name": "tideline" });
    let shown = tideline.house.call("kube_object", request).await;
    let yaml = shown["yaml"].as_str().unwrap();
    assert!(yaml.contains("IngestionEndpoint=http://127.0.0.1:"), "the container has it: {yaml}");
    assert_eq!(tideline.house.stop(), Some(0), "it ends in order");
}
