//! A pipeline's `KubernetesManifest@1` against an environment that names a context.

use serde_json::json;

use crate::control_plane::ADMIN;
use crate::quay::Quay;

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_to_a_context_is_proven_and_a_failed_one_leaves_it() {
    let quay = Quay::open(ADMIN).await;
    let first = quay.run().await;
    assert_eq!(first["run"]["result"], "failed", "nothing was pushed yet: {first}");
    let image = quay.pushed(&first, 'a').await;

    let good = quay.run().await;
    assert_eq!(good["run"]["result"], "succeeded", "the image is there now: {good}");
    let deployment = &good["deployments"][0];
    assert_eq!(deployment["digest"], json!(image.digest), "by digest: {deployment}");
    let proof = &deployment["proof"];
    assert_eq!(proof["isProven"], true, "{proof}");
    let statement = proof["statement"].as_str().unwrap();
    assert!(statement.contains("All 2 pods run it."), "each pod was asked: {statement}");

    let environment = quay.environment().await;
    assert_eq!(environment["problem"], json!(null), "the cluster answers: {environment}");
    // Other tests have pods in this namespace, too.
    let pods = environment["pods"].as_array().unwrap().iter();
    assert_eq!(pods.filter(|pod| pod["workload"] == "quay").count(), 2, "{environment}");

    quay.change(
        "annotations: {}",
        "annotations: {sim.slipway.dev/behaviour: crash, sim.slipway.dev/log: 'no such port'}",
    );
    let bad = quay.run().await;
    assert_eq!(bad["run"]["result"], "failed", "it never becomes ready: {bad}");
    let issue = bad["deployments"][0]["issue"].as_str().unwrap();
    for part in ["CrashLoopBackOff", "no such port"] {
        assert!(issue.contains(part), "{part} in: {issue}");
    }
    let current = &quay.environment().await["current"];
    assert_eq!(current["runNumber"], good["run"]["number"], "the old one is current: {current}");

    // A pod that reports another digest than the deployed one is no success.
    let other = format!("sha256:{}", "c".repeat(64));
    quay.change(
        "{sim.slipway.dev/behaviour: crash, sim.slipway.dev/log: 'no such port'}",
        &format!("{{sim.slipway.dev/digest: '{other}'}}"),
    );
    let unproven = quay.run().await;
    assert_eq!(unproven["run"]["result"], "failed", "it is not what was pushed: {unproven}");
    let issue = unproven["deployments"][0]["issue"].as_str().unwrap();
    assert!(issue.contains("Not proven") && issue.contains(&other), "it says what runs: {issue}");
    quay.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_that_does_not_answer_is_shown_on_the_environment() {
    let quay = Quay::open("slipway-test-gone").await;
    let environment = quay.environment().await;
    let problem = environment["problem"].as_str().unwrap();
    assert!(problem.contains("'slipway-test-gone' does not answer"), "it is named: {problem}");
    quay.app.close().await;
}
