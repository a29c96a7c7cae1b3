//! `kill -9` at thirty random moments of deployments to this machine: after the next start the environment
//! is fully new or fully old, its page is that of what is said to run, and the app says which.
//!
//! `SLIPWAY_SEED` repeats the moments of an earlier run.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use slipway_tests::{Harbour, Random, Sandbox, Served, eventually_async, http};

const KILLS: u32 = 30;
const LIMIT: Duration = Duration::from_secs(90);

async fn newest(house: &Served, project: &str) -> Value {
    let request = json!({ "projectId": project, "environment": "local", "limit": 1 });
    house.call("deployment_list", request).await[0].clone()
}

/// The newest deployment, once nothing goes on and nothing waits to be taken up.
async fn over(house: &Served, project: &str) -> Value {
    eventually_async("the deployment's end", LIMIT, || async {
        let view = newest(house, project).await;
        let is_open = view["result"] == "interrupted" && view["phase"] != "done";
        (view["state"] == "completed" && !is_open).then_some(view)
    })
    .await
}

async fn environment(house: &Served, project: &str) -> Value {
    house.call("environment_list", json!({ "projectId": project })).await[0].clone()
}

/// Runs the loop; answers its deployment.
async fn run(house: &Served, project: &str, message: &str) -> Value {
    let request = json!({ "projectId": project, "message": message });
    let started = house.call("loop_run", request).await;
    let view = eventually_async("the run's end", LIMIT, || async {
        let view = house.call("run_get", json!({ "runId": started["runId"] })).await;
        (view["run"]["state"] == "completed").then_some(view)
    })
    .await;
    assert_eq!(view["run"]["result"], "succeeded", "{view}");
    view["deployments"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_thirty_times_a_local_environment_is_fully_new_or_fully_old() {
    let mut random = Random::seeded();
    let sandbox = Sandbox::new("dkill");
    let harbour = Harbour::make(&sandbox);
    let mut house = Served::start(&sandbox);
    let opened = house.call("project_open", json!({ "path": harbour.path() })).await;
    let project = opened["id"].as_str().unwrap().to_owned();
    let one = run(&house, &project, "One").await;
    harbour.write("www/index.html", "two\n");
    let two = run(&house, &project, "Two").await;
    let ways = [(&one, "one\n"), (&two, "two\n")];
    let request = |way: usize| {
        json!({ "projectId": project, "environment": "local", "reason": "deploy",
            "source": { "from": "deployment", "deploymentId": ways[way].0["id"] },
            "isPruning": false, "hasRollback": true })
    };
    let begun = Instant::now();
    house.call("deployment_start", request(0)).await;
    let view = over(&house, &project).await;
    assert_eq!(view["result"], "succeeded", "an undisturbed one succeeds: {view}");
    let whole = begun.elapsed().mul_f32(1.1);

    let (mut news, mut olds) = (0, 0);
    for kill in 1..=KILLS {
        let is_one = environment(&house, &project).await["current"]["digest"] == one["digest"];
        let way = usize::from(is_one);
        let after = random.below(whole);
        let started = house.call("deployment_start", request(way)).await;
        tokio::time::sleep(after).await;
        house.kill();
        house = Served::start(&sandbox);
        let view = over(&house, &project).await;
        assert_eq!(view["id"], started["deploymentId"], "nothing else was begun: {view}");
        let is_new = view["result"] == "succeeded";
        if is_new {
            news += 1;
        } else {
            olds += 1;
            let issue = view["issue"].as_str().unwrap_or_default();
            assert!(issue.contains("Slipway ended"), "it says what happened: {view}");
        }
        let now = environment(&house, &project).await;
        let (wanted, page) = ways[if is_new { way } else { 1 - way }];
        assert_eq!(now["current"]["digest"], wanted["digest"], "kill {kill}: {view} {now}");
        let url = now["current"]["url"].as_str().unwrap();
        eventually_async("the page of what is said to run", Duration::from_secs(20), || async {
            let text = http().get(url).send().await.ok()?.text().await.ok()?;
            (text == page).then_some(())
        })
        .await;
        let digests: Vec<&Value> =
            now["pods"].as_array().unwrap().iter().map(|pod| &pod["digest"]).collect();
        assert!(
            digests.iter().all(|digest| **digest == wanted["digest"]),
            "kill {kill}: only pods of it run: {now}"
        );
        println!("kill {kill:2} after {:5} ms: {}", after.as_millis(), view["result"]);
    }
    println!("{news} fully new, {olds} fully old");
    assert!(news > 0, "at least one deployment was taken up again");
    assert_eq!(house.stop(), Some(0), "it ends in order");
}
