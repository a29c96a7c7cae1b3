//! A container that never becomes ready: the old version keeps serving, before, during and after.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::json;
use slipway_tests::{Harbour, House, Sandbox, http};

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_is_never_ready_leaves_the_old_version_serving() {
    let sandbox = Sandbox::new("ready");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    let project = house.project(harbour.path()).await;
    let good = house.run(&project, "The first version").await;
    assert_eq!(good["run"]["result"], "succeeded", "the first version runs: {good}");
    let url = good["deployments"][0]["url"].as_str().expect("it is reached from here").to_owned();
    assert_eq!(page(&url).await.as_deref(), Some("one\n"), "it serves its page");

    let is_over = Arc::new(AtomicBool::new(false));
    let (asked, wrong) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let asking = tokio::spawn({
        let (url, is_over, asked, wrong) =
            (url.clone(), is_over.clone(), asked.clone(), wrong.clone());
        async move {
            while !is_over.load(Ordering::SeqCst) {
                if page(&url).await.as_deref() != Some("one\n") {
                    wrong.fetch_add(1, Ordering::SeqCst);
                }
                asked.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    harbour.remove("www/ready.html");
    harbour.write("www/index.html", "two\n");
    let bad = house.run(&project, "Never ready").await;
    is_over.store(true, Ordering::SeqCst);
    asking.await.unwrap();

    assert_eq!(bad["run"]["result"], "failed", "the run fails: {bad}");
    let asked = asked.load(Ordering::SeqCst);
    assert!(asked > 20, "the old version was asked all the time, {asked} times");
    assert_eq!(wrong.load(Ordering::SeqCst), 0, "and answered each of {asked} times");
    assert_eq!(page(&url).await.as_deref(), Some("one\n"), "and still does");

    let step = Harbour::record(&bad, "Deploy");
    let deployment = &bad["deployments"][0];
    assert_eq!(deployment["result"], "failed", "the deployment failed: {deployment}");
    let issue = deployment["issue"].as_str().unwrap_or_default();
    assert!(issue.contains("ready"), "the reason is said: {issue}");
    let shown = format!("{issue}\n{}\n{}", step["issue"], all_logs(&house, &bad).await);
    assert!(
        shown.contains("harbour starts with"),
        "with the last log lines of the container: {shown}"
    );
    assert!(issue.contains("harbour starts with"), "which stand on the deployment's page: {issue}");

    let environments = house.call("environment_list", json!({ "projectId": project })).await;
    let current = &environments[0]["current"];
    assert_eq!(
        current["runNumber"], good["run"]["number"],
        "the old one is the current one: {current}"
    );
    house.close().await;
}

async fn all_logs(house: &House, view: &serde_json::Value) -> String {
    let mut text = String::new();
    for record in view["records"].as_array().unwrap() {
        text.push_str(&house.log(&view["run"]["id"], record).await);
    }
    text
}

async fn page(url: &str) -> Option<String> {
    let answer = http().get(url).send().await.ok()?;
    answer.text().await.ok()
}
