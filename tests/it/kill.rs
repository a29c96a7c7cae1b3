//! `kill -9` at ten random moments of the loop: what was seen before is there afterwards, nothing
//! strays, and a new run succeeds.
//!
//! `SLIPWAY_SEED` repeats the moments of an earlier run.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use slipway_api::app::App;
use slipway_tests::{
    Harbour, Random, Sandbox, Served, Slipway, engine_call, engine_get, eventually, slipway,
};

const KILLS: u64 = 10;
const EARLIEST_MS: u64 = 300;
const LATEST_MS: u64 = 14_000;
const INTO_RUN_MS: u64 = 1_500;

/// What a reader beside the app saw before it was killed.
#[derive(Default)]
struct Seen {
    /// Run id to its newest `run_get`.
    runs: HashMap<String, Value>,
    /// Record id to its lines.
    logs: HashMap<String, (String, Vec<Value>)>,
}

impl Seen {
    /// True when a run goes on.
    fn is_going(&self) -> bool {
        self.runs.values().any(|view| view["run"]["state"] != "completed")
    }

    /// Reads everything that the data folder says now. What cannot be read yet was not acknowledged.
    async fn look(&mut self, app: &App) -> Option<()> {
        let projects = app.call("project_list", json!({})).await.ok()?;
        for project in projects.as_array()? {
            let runs = json!({ "projectId": project["id"], "limit": 2 });
            for run in app.call("run_list", runs).await.ok()?.as_array()? {
                let id = run["id"].as_str()?.to_owned();
                let view = app.call("run_get", json!({ "runId": id })).await.ok()?;
                for record in
                    view["records"].as_array()?.iter().filter(|one| one["state"] == "inProgress")
                {
                    let request = json!({
                        "runId": id, "recordId": record["id"], "from": 0, "limit": 2000,
                    });
                    let page = app.call("log_get", request).await.ok()?;
                    let lines = page["lines"].as_array()?.clone();
                    self.logs.insert(record["id"].as_str()?.to_owned(), (id.clone(), lines));
                }
                self.runs.insert(id, view);
            }
        }
        Some(())
    }

    /// Everything that was seen is still so, or has gone on.
    async fn is_kept(&self, house: &Served) {
        for (id, before) in &self.runs {
            let now = house.call("run_get", json!({ "runId": id })).await;
            assert_eq!(now["run"]["state"], "completed", "no run goes on after a crash: {now}");
            assert_eq!(now["run"]["commit"], before["run"]["commit"], "the run kept its commit");
            if before["run"]["state"] == "completed" {
                assert_eq!(
                    now["run"]["result"], before["run"]["result"],
                    "a result that was told stays"
                );
            }
            for record in before["records"].as_array().unwrap() {
                let all = now["records"].as_array().unwrap();
                let same = all.iter().find(|one| one["id"] == record["id"]);
                let same = same.unwrap_or_else(|| panic!("record {record} is still there"));
                if record["state"] == "completed" {
                    assert_eq!(
                        same["result"], record["result"],
                        "a record that was told stays: {same}"
                    );
                }
                assert_eq!(same["state"], "completed", "no step goes on after a crash: {same}");
            }
            for image in before["images"].as_array().unwrap() {
                let kept = now["images"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|one| one["digest"] == image["digest"]);
                assert!(kept, "a pushed image stays: {image}");
            }
        }
        for (record, (run, lines)) in &self.logs {
            let request = json!({ "runId": run, "recordId": record, "from": 0, "limit": 2000 });
            let page = house.call("log_get", request).await;
            let now = page["lines"].as_array().unwrap();
            assert!(
                now.len() >= lines.len(),
                "{} lines were seen, {} are there",
                lines.len(),
                now.len()
            );
            assert_eq!(&now[..lines.len()], &lines[..], "every line that was seen is there");
        }
    }
}

/// When the kill comes.
enum Moment {
    /// So long after the start, wherever the loop is by then.
    AfterStart(Duration),
    /// So long after a run was seen going on: however fast the machine, some kills hit a run.
    IntoRun(Duration),
}

/// Watches a run from beside it until the moment of the kill.
async fn watch_until(data: &Path, moment: &Moment) -> Seen {
    let mut seen = Seen::default();
    let (mut until, mut into_run) = match moment {
        Moment::AfterStart(after) => (Instant::now() + *after, None),
        Moment::IntoRun(after) => (Instant::now() + Duration::from_secs(60), Some(*after)),
    };
    while Instant::now() < until {
        if let Ok(app) = App::open_read_only(data).await {
            while Instant::now() < until && seen.look(&app).await.is_some() {
                if seen.is_going()
                    && let Some(after) = into_run.take()
                {
                    until = Instant::now() + after;
                }
                tokio::time::sleep(
                    Duration::from_millis(40).min(until - Instant::now().min(until)),
                )
                .await;
            }
            app.close().await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    seen
}

/// Processes that belong to a data folder: named in their words, or started with its home.
fn strays(sandbox: &Sandbox) -> Vec<String> {
    let home = format!("HOME={}", sandbox.path("home").display());
    let data = sandbox.data().display().to_string();
    let own = std::process::id();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let read = |what: &str| std::fs::read(entry.path().join(what)).unwrap_or_default();
        let words = String::from_utf8_lossy(&read("cmdline")).replace('\0', " ");
        let has_home = read("environ").split(|byte| *byte == 0).any(|pair| pair == home.as_bytes());
        if pid != own && !words.is_empty() && (has_home || words.contains(&data)) {
            found.push(format!("{pid} {words}"));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_ten_random_moments_it_keeps_what_it_told_and_runs_again() {
    let mut random = Random::seeded();
    let sandbox = Sandbox::new("kill");
    let mut interrupted = 0;
    let mut lines_seen = 0;
    for kill in 1..=KILLS {
        let moment = if kill % 2 == 0 {
            Moment::IntoRun(Duration::from_millis(random.number() % INTO_RUN_MS))
        } else {
            let after = EARLIEST_MS + random.number() % (LATEST_MS - EARLIEST_MS);
            Moment::AfterStart(Duration::from_millis(after))
        };
        let begun = Instant::now();
        let mut run = Slipway::start(&sandbox, &["run"]);
        let seen = watch_until(&sandbox.data(), &moment).await;
        let after = begun.elapsed();
        let was_alive = run.is_alive();
        run.kill();
        lines_seen += seen.logs.values().map(|(_, lines)| lines.len()).sum::<usize>();

        let house = Served::start(&sandbox);
        house.call("app_get", json!({})).await;
        seen.is_kept(&house).await;
        let going = seen.runs.iter().filter(|(_, view)| view["run"]["state"] != "completed");
        for (id, _) in going {
            let view = house.call("run_get", json!({ "runId": id })).await;
            if was_alive && view["run"]["result"] == "interrupted" {
                interrupted += 1;
                assert!(
                    view["run"]["issue"].is_string(),
                    "an interrupted run says so: {}",
                    view["run"]
                );
            }
        }
        only_this_start_runs(&sandbox, &house).await;
        assert_eq!(house.stop(), Some(0), "the start after a kill ends in order");
        println!(
            "kill {kill:2} after {:5} ms: {} runs and {} logs seen, all kept",
            after.as_millis(),
            seen.runs.len(),
            seen.logs.len()
        );
    }
    assert!(interrupted > 0, "at least one of ten moments lay inside of a run");
    assert!(lines_seen > 0, "at least one reader saw log lines before the kill");
    let store = slipway_store::Store::open_read_only(&sandbox.data()).await.unwrap();
    store.check_integrity().await.expect("both databases are whole after ten kills");
    store.close().await;

    let output = slipway(&sandbox, &["run"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "a new run succeeds after ten kills: {said}\n{wrong}");
}

/// There is this start with its registry, and nothing of the one that was killed.
async fn only_this_start_runs(sandbox: &Sandbox, house: &Served) {
    let own = format!("{} ", house.pid());
    let mut last = Vec::new();
    let until = Instant::now() + Duration::from_secs(10);
    while Instant::now() < until {
        last = strays(sandbox);
        last.retain(|one| !one.starts_with(&own));
        if last.len() <= 1 && last.iter().all(|one| one.contains("registry")) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("processes of the killed app still run: {last:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_was_going_on_does_not_outlive_the_next_start() {
    let sandbox = Sandbox::new("stray");
    let harbour = Harbour::make(&sandbox);
    // A group of its own and no child of ours any more: what a build tool's daemon looks like.
    harbour.write(
        "azure-pipelines.yml",
        "trigger: [main]\nsteps:\n- bash: |\n    setsid sleep 4711 &\n    sleep 4712\n  displayName: Sleep\n",
    );
    let path = harbour.path().display().to_string();
    let mut run = Slipway::start(&sandbox, &["run", "--project", &path]);
    let is_sleeping = |seconds: &str| {
        strays(&sandbox).iter().any(|one| one.ends_with(&format!("sleep {seconds} ")))
    };
    eventually("the step's processes", Duration::from_secs(30), || {
        (is_sleeping("4711") && is_sleeping("4712")).then_some(())
    });
    run.kill();
    let house = Served::start(&sandbox);
    let projects = house.call("project_list", json!({})).await;
    let id =
        &projects.as_array().unwrap().iter().find(|one| one["path"] == json!(path)).unwrap()["id"];
    let runs = house.call("run_list", json!({ "projectId": id, "limit": 1 })).await;
    assert_eq!(runs[0]["result"], "interrupted", "the run is shown as interrupted: {runs}");
    only_this_start_runs(&sandbox, &house).await;
    let again = house.call("run_rerun", json!({ "runId": runs[0]["id"] })).await;
    let cancel = json!({ "runId": again["runId"] });
    eventually("the run again", Duration::from_secs(30), || is_sleeping("4712").then_some(()));
    house.call("run_cancel", cancel).await;
    eventually("its processes' end", Duration::from_secs(30), || {
        (!is_sleeping("4712")).then_some(())
    });
    assert_eq!(house.stop(), Some(0), "it ends in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_job_does_not_outlive_the_next_start() {
    let sandbox = Sandbox::new("killed-container");
    let harbour = Harbour::make(&sandbox);
    for (from, to) in [("/bin/busybox", "busybox"), ("/bin/bash-static", "bash")] {
        std::fs::copy(from, harbour.path().join(to))
            .unwrap_or_else(|error| panic!("{from} is needed: {error}"));
    }
    harbour.write(
        "inside.Dockerfile",
        "FROM scratch\nCOPY busybox bash /bin/\nRUN [\"/bin/busybox\", \"--install\", \"/bin\"]\n",
    );
    let image = format!("slipway-test/killed-{}", std::process::id());
    harbour.write(
        "azure-pipelines.yml",
        &format!(
            "trigger: [main]\njobs:\n- job: Build\n  steps:\n  - task: Docker@2\n    inputs: \
             {{ command: build, repository: {image}, tags: '1', Dockerfile: inside.Dockerfile }}\n\
             - job: Inside\n  dependsOn: Build\n  container: {image}:1\n  steps:\n  - checkout: none\n  \
             - script: |\n      sleep 4721 &\n      sleep 4722\n    displayName: Sleep\n"
        ),
    );
    harbour.git(&["add", "--all"]);
    harbour.git(&["commit", "--quiet", "--message", "Sleep in a container"]);
    let path = harbour.path().display().to_string();
    let mut run = Slipway::start(&sandbox, &["run", "--project", &path]);
    let sleepers = || {
        let all = std::fs::read_dir("/proc").unwrap().flatten();
        let words =
            all.map(|entry| std::fs::read(entry.path().join("cmdline")).unwrap_or_default());
        words.filter(|words| words.ends_with(b"4721\0") || words.ends_with(b"4722\0")).count()
    };
    eventually("the step's processes in the container", Duration::from_secs(60), || {
        assert!(run.is_alive(), "the run goes on: {}", run.said());
        (sleepers() == 2).then_some(())
    });
    let filter = "filters=%7B%22label%22%3A%5B%22slipway.run%22%5D%7D";
    let of_image = || {
        let all = engine_get(&format!("/containers/json?all=1&{filter}"));
        let all = all.as_array().cloned().unwrap_or_default();
        all.iter().filter(|one| one["Image"] == json!(format!("{image}:1"))).count()
    };
    assert_eq!(of_image(), 1, "the job has its container");
    run.kill();
    let house = Served::start(&sandbox);
    house.call("app_get", json!({})).await;
    eventually("the container's end", Duration::from_secs(30), || {
        (sleepers() == 0 && of_image() == 0).then_some(())
    });
    let networks = engine_get(&format!("/networks?{filter}"));
    let projects = house.call("project_list", json!({})).await;
    let id =
        &projects.as_array().unwrap().iter().find(|one| one["path"] == json!(path)).unwrap()["id"];
    let runs = house.call("run_list", json!({ "projectId": id, "limit": 1 })).await;
    assert_eq!(runs[0]["result"], "interrupted", "the run is shown as interrupted: {runs}");
    let run_id = runs[0]["id"].as_str().unwrap();
    assert!(!networks.to_string().contains(run_id), "its network is gone: {networks}");
    assert_eq!(house.stop(), Some(0), "it ends in order");
    engine_call("DELETE", &format!("/images/{image}:1?force=1"));
}
