//! Questions of runs through the command table: kept, answered, refused, closed by a restart; several runs
//! of a project at once; and answers from another terminal.

use std::time::Duration;

use serde_json::{Value, json};
use slipway_tests::{Harbour, House, Sandbox, Served, eventually_async, slipway};

const LIMIT: Duration = Duration::from_secs(60);
const DEPLOY: &str = "trigger: none
stages:
- stage: Roll
  lockBehavior: sequential
  jobs:
  - deployment: Put
    environment: production
    strategy: { runOnce: { deploy: { steps: [{ download: none }, { bash: echo deployed }] } } }
";

fn approval(approvers: &[&str], minimum: u32, requester_may_approve: bool) -> Value {
    json!({
        "type": "approval", "approvers": approvers, "minimumApprovers": minimum,
        "instructions": "Look at the tide.", "requesterMayApprove": requester_may_approve,
        "timeoutMinutes": 60,
    })
}

async fn checks(house: &House, project: &str, checks: Value) {
    let request = json!({ "projectId": project, "environment": "production", "checks": checks });
    house.call("check_save", request).await;
}

/// A project whose newest commit deploys to `production`.
async fn project(house: &House, sandbox: &Sandbox) -> String {
    let harbour = Harbour::make(sandbox);
    harbour.write("azure-pipelines.yml", DEPLOY);
    harbour.git(&["add", "-A"]);
    harbour.git(&["commit", "-m", "Deploy only"]);
    house.project(harbour.path()).await
}

async fn start(house: &House, project: &str) -> String {
    let started = house.call("run_start", json!({ "projectId": project })).await;
    started["runId"].as_str().unwrap().to_owned()
}

/// The question of a run that waits.
async fn asked(house: &House, run: &str) -> Value {
    let found = eventually_async("the question", LIMIT, || async {
        let all = house.call("approval_list", json!({ "runId": run })).await;
        all.as_array().unwrap().iter().find(|one| one["state"] == "pending").cloned()
    });
    found.await
}

fn answer(approval: &Value, is_approved: bool, approver: &str) -> Value {
    json!({ "approvalId": approval["id"], "isApproved": is_approved, "approver": approver })
}

#[tokio::test(flavor = "multi_thread")]
async fn enough_of_the_approvers_let_a_run_go_on() {
    let sandbox = Sandbox::new("approve");
    let house = House::open(&sandbox).await;
    let project = project(&house, &sandbox).await;
    checks(&house, &project, json!([approval(&["Ada", "Bob", "Cid"], 2, true)])).await;
    let run = start(&house, &project).await;
    let question = asked(&house, &run).await;
    assert_eq!(question["instructions"], "Look at the tide.", "with instructions: {question}");
    let view = house.call("run_get", json!({ "runId": run })).await;
    assert_eq!(view["records"][0]["state"], "pending", "the stage has not begun: {view}");
    let why = "Waiting: approval for environment production";
    assert_eq!(view["records"][0]["issue"], why, "the timeline says why");

    let refused = house.refused("approval_answer", answer(&question, true, "Eve")).await;
    assert_eq!(refused.code, "not_an_approver", "only approvers answer: {refused:?}");
    let first = house.call("approval_answer", answer(&question, true, "ada")).await;
    assert_eq!(first["state"], "pending", "one of two: {first}");
    let refused = house.refused("approval_answer", answer(&question, true, "Ada")).await;
    assert_eq!(refused.code, "answered_already", "nobody counts twice: {refused:?}");
    let second = house.call("approval_answer", answer(&question, true, "Bob")).await;
    assert_eq!(second["state"], "approved", "two of two: {second}");
    let view = house.finished(&run).await;
    assert_eq!(view["run"]["result"], "succeeded", "it went on: {view}");
    let refused = house.refused("approval_answer", answer(&question, true, "Cid")).await;
    assert_eq!(refused.code, "approval_over", "it is decided: {refused:?}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_started_a_run_may_be_kept_from_approving_it() {
    let sandbox = Sandbox::new("requester");
    let house = House::open(&sandbox).await;
    let project = project(&house, &sandbox).await;
    checks(&house, &project, json!([approval(&[], 1, false)])).await;
    let run = start(&house, &project).await;
    let question = asked(&house, &run).await;
    let me = question["requestedBy"].as_str().unwrap();
    let refused = house.refused("approval_answer", answer(&question, true, me)).await;
    assert_eq!(refused.code, "requester_may_not_approve", "not by oneself: {refused:?}");
    let rejected = house.call("approval_answer", answer(&question, false, me)).await;
    assert_eq!(rejected["state"], "rejected", "but anybody may stop it: {rejected}");
    assert_eq!(house.finished(&run).await["run"]["result"], "failed", "rejected is failed");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn approvers_may_be_asked_one_after_the_other() {
    let sandbox = Sandbox::new("order");
    let house = House::open(&sandbox).await;
    let project = project(&house, &sandbox).await;
    let mut check = approval(&["Ada", "Bob"], 1, true);
    check["inOrder"] = json!(true);
    let request = json!({ "projectId": project, "environment": "production", "checks": [check] });
    let refused = house.refused("check_save", request).await;
    assert_eq!(refused.code, "order_needs_all", "in order means all of them: {refused:?}");
    check["minimumApprovers"] = json!(0);
    checks(&house, &project, json!([check])).await;
    let run = start(&house, &project).await;
    let question = asked(&house, &run).await;
    assert_eq!(question["askedNow"], json!(["Ada"]), "the first one: {question}");
    let refused = house.refused("approval_answer", answer(&question, true, "Bob")).await;
    assert_eq!(refused.code, "not_your_turn", "Bob waits for Ada: {refused:?}");
    assert!(refused.message.contains("Ada has to answer first"), "who it is: {refused:?}");
    let first = house.call("approval_answer", answer(&question, true, "ada")).await;
    assert_eq!((&first["state"], &first["askedNow"]), (&json!("pending"), &json!(["Bob"])));
    let second = house.call("approval_answer", answer(&question, true, "Bob")).await;
    assert_eq!(second["state"], "approved", "both, in their order: {second}");
    assert_eq!(house.finished(&run).await["run"]["result"], "succeeded", "it went on");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requester_among_the_approvers_is_not_waited_for() {
    let sandbox = Sandbox::new("barred");
    let house = House::open(&sandbox).await;
    let project = project(&house, &sandbox).await;
    checks(&house, &project, json!([approval(&["Ada"], 1, false)])).await;
    let run = start(&house, &project).await;
    let question = asked(&house, &run).await;
    let me = question["requestedBy"].as_str().unwrap().to_owned();
    house.call("approval_answer", answer(&question, true, "Ada")).await;
    house.finished(&run).await;

    checks(&house, &project, json!([approval(&[&me, "Ada"], 0, false)])).await;
    let run = start(&house, &project).await;
    let question = asked(&house, &run).await;
    assert_eq!(question["askedNow"], json!(["Ada"]), "all but whoever started it: {question}");
    let given = house.call("approval_answer", answer(&question, true, "Ada")).await;
    assert_eq!(given["state"], "approved", "all who may: {given}");
    house.finished(&run).await;

    checks(&house, &project, json!([approval(&[&me], 1, false)])).await;
    let run = start(&house, &project).await;
    let view = house.finished(&run).await;
    assert_eq!(view["run"]["result"], "failed", "nobody could ever answer: {view}");
    let issue = view["run"]["issue"].as_str().unwrap();
    assert!(issue.contains("Nobody may approve production"), "and that is said at once: {issue}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_the_app_closes_its_questions() {
    let sandbox = Sandbox::new("restart");
    let house = House::open(&sandbox).await;
    let project = project(&house, &sandbox).await;
    checks(&house, &project, json!([approval(&[], 1, true)])).await;
    let run = start(&house, &project).await;
    let question = asked(&house, &run).await;
    house.close().await;

    let house = House::open(&sandbox).await;
    let waiting = house.call("approval_list", json!({})).await;
    assert_eq!(waiting, json!([]), "nobody is asked in vain");
    let kept = house.call("approval_list", json!({ "runId": run })).await;
    assert_eq!(kept[0]["state"], "canceled", "what was asked is still known: {kept}");
    let refused = house.refused("approval_answer", answer(&question, true, "Ada")).await;
    assert_eq!(refused.code, "approval_over", "too late: {refused:?}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_runs_of_a_project_queue_for_a_lock() {
    let sandbox = Sandbox::new("locks");
    let house = House::open(&sandbox).await;
    let project = project(&house, &sandbox).await;
    let lock = json!({ "type": "exclusiveLock", "timeoutMinutes": 60 });
    checks(&house, &project, json!([lock, approval(&[], 1, true)])).await;
    let first = start(&house, &project).await;
    let second = start(&house, &project).await;
    for run in [&first, &second] {
        let question = asked(&house, run).await;
        let yes = json!({ "approvalId": question["id"], "isApproved": true });
        house.call("approval_answer", yes).await;
    }
    for run in [&first, &second] {
        let view = house.finished(run).await;
        assert_eq!(view["run"]["result"], "succeeded", "two runs at once both end: {view}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_that_cannot_be_kept_are_refused() {
    let sandbox = Sandbox::new("checks");
    let house = House::open(&sandbox).await;
    let project = project(&house, &sandbox).await;
    let hours = |from: &str, zone: &str| {
        json!({
            "type": "businessHours", "days": ["monday"], "from": from, "to": "17:00",
            "timeZone": zone, "timeoutMinutes": 60,
        })
    };
    for (check, code) in [
        (hours("9", "UTC"), "hours_invalid"),
        (hours("09:00", "Atlantis"), "hours_invalid"),
        (approval(&["Ada"], 2, true), "too_few_approvers"),
        (json!({ "type": "branchControl", "branches": [] }), "branches_missing"),
        (json!({ "type": "exclusiveLock", "timeoutMinutes": 0 }), "timeout_invalid"),
    ] {
        let request =
            json!({ "projectId": project, "environment": "production", "checks": [check] });
        let refused = house.refused("check_save", request).await;
        assert_eq!(refused.code, code, "{}", refused.message);
    }
    let kept = json!({ "projectId": project, "environment": "Production" });
    let list = house.call("check_list", kept).await;
    assert_eq!(list["checks"], json!([]), "nothing of it was kept: {list}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_terminal_answers_through_the_served_page() {
    let sandbox = Sandbox::new("terminal");
    let harbour = Harbour::make(&sandbox);
    harbour.write("azure-pipelines.yml", DEPLOY);
    harbour.git(&["add", "-A"]);
    harbour.git(&["commit", "-m", "Deploy only"]);
    let served = Served::start(&sandbox);
    let opened = served.call("project_open", json!({ "path": harbour.path() })).await;
    let project = opened["id"].clone();
    let request = json!({
        "projectId": project, "environment": "production", "checks": [approval(&["Ada"], 1, true)],
    });
    served.call("check_save", request).await;
    let started = served.call("run_start", json!({ "projectId": project })).await;
    let number = started["number"].as_str().unwrap().to_owned();
    let listed = eventually_async("the question in a terminal", LIMIT, || async {
        let out = slipway(&sandbox, &["approvals", "ls"]);
        let said = String::from_utf8_lossy(&out.stdout).into_owned();
        said.contains("Approval for environment production").then_some(said)
    });
    let listed = listed.await;
    assert!(listed.contains(&format!("slipway approve {number}")), "and how to answer: {listed}");
    let wrong = slipway(&sandbox, &["approve", number.as_str(), "--as", "Eve"]);
    assert_eq!(wrong.status.code(), Some(1), "Eve is not asked");
    let words = ["approve", number.as_str(), "--stage", "Roll", "--as", "Ada", "--comment", "Fine"];
    let right = slipway(&sandbox, &words);
    let said = String::from_utf8_lossy(&right.stdout).into_owned();
    assert!(said.contains("approved"), "the answer was taken: {said} {right:?}");
    let over = eventually_async("the run's end", LIMIT, || async {
        let view = served.call("run_get", json!({ "runId": started["runId"] })).await;
        (view["run"]["state"] == "completed").then_some(view)
    });
    assert_eq!(over.await["run"]["result"], "succeeded", "and the run went on");
    assert_eq!(served.stop(), Some(0), "the page ends well");
    let late = slipway(&sandbox, &["stages", "start", &number, "Roll"]);
    let said = String::from_utf8_lossy(&late.stderr).into_owned();
    assert!(said.contains("No Slipway with a page runs"), "no page is said clearly: {said}");
}
