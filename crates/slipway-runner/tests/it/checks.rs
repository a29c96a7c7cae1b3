//! What waits before a stage or in an agentless job: approvals, hours, branches, locks, hands.

use std::sync::Arc;

use slipway_core::{Check, RecordKind, RunResult, Weekday};
use slipway_runner::{Decision, RunHost, RunReport, RunSink, run};

use crate::support::{Bench, MemoryHost, until};

const DEPLOY: &str = "stages:
- stage: Roll
  jobs:
  - deployment: Put
    environment: production
    strategy:
      runOnce:
        deploy:
          steps:
          - download: none
          - bash: echo deployed
            displayName: Put it
- stage: After
  jobs:
  - job: Show
    steps:
    - checkout: none
    - bash: echo after
";

fn bench(checks: Vec<Check>) -> Bench {
    let mut bench = Bench::new();
    let environments = [("production".to_owned(), Vec::new())].into_iter().collect();
    let checks = [("production".to_owned(), checks)].into_iter().collect();
    bench.host = Arc::new(MemoryHost { environments, checks, ..MemoryHost::default() });
    bench
}

fn approval(timeout_minutes: u32) -> Check {
    Check::Approval {
        approvers: vec!["Ada".to_owned()],
        minimum_approvers: 1,
        instructions: "Look at the release notes.".to_owned(),
        requester_may_approve: true,
        in_order: false,
        timeout_minutes,
    }
}

fn yes() -> Decision {
    Decision::Approved { by: "Ada".to_owned(), comment: String::new() }
}

fn waits(bench: &Bench) -> Vec<String> {
    bench.sink.told.lock().unwrap().waits.clone()
}

/// Runs beside the test.
fn start(bench: &Bench, yaml: &str, build_id: u32) -> tokio::task::JoinHandle<RunReport> {
    let mut request = bench.request(yaml);
    request.run.build_id = build_id;
    request.run.number = format!("2026.{build_id}");
    request.work_root = bench.folder.path().join(format!("work{build_id}"));
    let host: Arc<dyn RunHost> = bench.host.clone();
    let sink: Arc<dyn RunSink> = bench.sink.clone();
    tokio::spawn(run(request, host, sink, bench.cancel.clone()))
}

#[tokio::test]
async fn a_stage_waits_until_it_is_approved() {
    let bench = bench(vec![approval(60)]);
    let going = start(&bench, DEPLOY, 1);
    until("the question", || bench.host.people.were_asked("production")).await;
    assert!(bench.sink.told.lock().unwrap().started.is_empty(), "the stage is pending");
    let question = bench.host.people.asked.lock().unwrap()[0].clone();
    assert_eq!(question.instructions, "Look at the release notes.", "with its instructions");
    assert_eq!(question.record, bench.seed(RecordKind::Stage, "Roll").id, "the stage waits");
    bench.host.people.say("production", yes());
    let report = going.await.unwrap();
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    assert_eq!(waits(&bench), ["Waiting: approval for environment production"], "it was said");
    assert_eq!(bench.output("Put it"), ["deployed"], "then it ran");
}

#[tokio::test]
async fn a_rejection_fails_the_stage_with_the_comment() {
    let bench = bench(vec![approval(60)]);
    let no = Decision::Rejected { by: "Ada".to_owned(), comment: "not on a Friday".to_owned() };
    bench.host.people.say("production", no);
    let report = bench.run(DEPLOY).await;
    assert_eq!(report.result, RunResult::Failed, "rejected is failed");
    let issue = bench.end(RecordKind::Stage, "Roll").issue.unwrap();
    assert_eq!(
        issue, "The approval for environment production was rejected by Ada: not on a Friday",
        "who and why"
    );
    assert_eq!(bench.end(RecordKind::Stage, "After").result, RunResult::Skipped, "and no further");
}

#[tokio::test(start_paused = true)]
async fn an_approval_that_nobody_gives_skips_the_stage() {
    let bench = bench(vec![approval(30)]);
    let report = bench.run(DEPLOY).await;
    let stage = bench.end(RecordKind::Stage, "Roll");
    assert_eq!(stage.result, RunResult::Skipped, "timed out is skipped, as in Azure");
    let issue = stage.issue.unwrap();
    assert_eq!(issue, "Skipped: nobody approved environment production in time");
    assert_eq!(report.result, RunResult::Skipped, "nothing else ran: {:?}", report.issue);
}

#[tokio::test]
async fn a_cancel_ends_the_waiting() {
    let bench = bench(vec![approval(60)]);
    let going = start(&bench, DEPLOY, 1);
    until("the question", || bench.host.people.were_asked("production")).await;
    bench.cancel.cancel();
    let report = going.await.unwrap();
    assert_eq!(report.result, RunResult::Canceled, "the run was canceled");
    let stage = bench.end(RecordKind::Stage, "Roll");
    assert_eq!(stage.issue.as_deref(), Some("Skipped: the run was canceled"), "and says so");
}

#[tokio::test]
async fn branch_control_comes_before_anybody_is_asked() {
    let branches = vec!["refs/heads/main".to_owned(), "releases/*".to_owned()];
    let bench = bench(vec![approval(60), Check::BranchControl { branches }]);
    let report = bench.run(DEPLOY).await;
    assert_eq!(report.result, RunResult::Failed, "feature/x is not allowed");
    let issue = bench.end(RecordKind::Stage, "Roll").issue.unwrap();
    assert!(issue.contains("refs/heads/feature/x is not among"), "the branch is named: {issue}");
    assert!(!bench.host.people.were_asked("production"), "nobody is asked in vain");
}

fn hours(days: Vec<Weekday>, timeout_minutes: u32) -> Check {
    let text = |text: &str| text.to_owned();
    Check::BusinessHours {
        days,
        from: text("00:00"),
        to: text("00:00"),
        time_zone: text("UTC"),
        timeout_minutes,
    }
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

#[tokio::test]
async fn open_hours_let_a_stage_through() {
    let bench = bench(vec![hours(WEEK.to_vec(), 60)]);
    let report = bench.run(DEPLOY).await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    assert!(waits(&bench).is_empty(), "there was nothing to wait for");
}

#[tokio::test(start_paused = true)]
async fn closed_hours_are_waited_for_until_the_time_is_over() {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).weekday();
    let in_three_days = (usize::try_from(today.to_monday_zero_offset()).unwrap() + 3) % 7;
    let bench = bench(vec![hours(vec![WEEK[in_three_days]], 30)]);
    bench.run(DEPLOY).await;
    let stage = bench.end(RecordKind::Stage, "Roll");
    assert_eq!(stage.result, RunResult::Skipped, "the hours did not begin within 30 minutes");
    let told = &waits(&bench)[0];
    assert!(told.starts_with("Waiting: business hours of environment production begin "), "{told}");
    assert!(told.ends_with(" 00:00 UTC"), "with the time zone: {told}");
}

const LOCKED: &str = "lockBehavior: sequential
stages:
- stage: Roll
  lockBehavior: BEHAVIOR
  jobs:
  - deployment: Put
    environment: production
    strategy:
      runOnce:
        deploy:
          steps:
          - download: none
          - bash: |
              touch FOLDER/$(Build.BuildId)
              until test -e FOLDER/go; do sleep 0.02; done
";

fn locked(bench: &Bench, behavior: &str) -> String {
    let folder = bench.folder.path().display().to_string();
    LOCKED.replace("BEHAVIOR", behavior).replace("FOLDER", &folder)
}

#[tokio::test]
async fn an_exclusive_lock_is_held_by_one_run_after_the_other() {
    let bench = bench(vec![Check::ExclusiveLock { timeout_minutes: 60 }]);
    let yaml = locked(&bench, "sequential");
    let first = start(&bench, &yaml, 1);
    until("the first run", || bench.folder.path().join("1").exists()).await;
    let second = start(&bench, &yaml, 2);
    until("the second run waits", || !waits(&bench).is_empty()).await;
    assert_eq!(
        waits(&bench),
        ["Waiting: run 2026.1, stage Roll holds the exclusive lock of environment production"],
        "who holds it is said"
    );
    assert!(!bench.folder.path().join("2").exists(), "it has not begun");
    bench.file("../go", "");
    assert_eq!(first.await.unwrap().result, RunResult::Succeeded, "the first one ends");
    assert_eq!(second.await.unwrap().result, RunResult::Succeeded, "the second one follows");
}

#[tokio::test]
async fn only_the_latest_waiting_run_gets_the_lock() {
    let bench = bench(vec![Check::ExclusiveLock { timeout_minutes: 60 }]);
    let yaml = locked(&bench, "runLatest");
    let first = start(&bench, &yaml, 1);
    until("the first run", || bench.folder.path().join("1").exists()).await;
    let second = start(&bench, &yaml, 2);
    until("the second run waits", || !waits(&bench).is_empty()).await;
    let third = start(&bench, &yaml, 3);
    let second = second.await.unwrap();
    assert_eq!(second.result, RunResult::Canceled, "a newer one waits");
    assert!(second.issue.unwrap().contains("run 2026.3, stage Roll is newer"), "and is named");
    bench.file("../go", "");
    assert_eq!(first.await.unwrap().result, RunResult::Succeeded, "who holds it is left alone");
    assert_eq!(third.await.unwrap().result, RunResult::Succeeded, "the newest one runs");
}

const VALIDATION: &str = "jobs:
- job: Wait
  pool: server
  timeoutInMinutes: 100
  steps:
  - task: ManualValidation@1
    displayName: Look at it
    timeoutInMinutes: 5
    inputs:
      notifyUsers: |
        ada@example.com
      instructions: Is $(Build.BuildNumber) good?
      onTimeout: ON
  - task: Delay@1
    displayName: Wait a moment
    inputs:
      delayForMinutes: '0'
- job: Work
  steps:
  - checkout: none
  - bash: echo beside
    displayName: Beside
";

#[tokio::test]
async fn a_manual_validation_takes_no_slot_and_no_workspace() {
    let mut bench = bench(Vec::new());
    bench.jobs = 1;
    let going = start(&bench, &VALIDATION.replace("ON", "reject"), 1);
    until("the question", || bench.host.people.were_asked("Look at it")).await;
    let work = bench.seed(RecordKind::Job, "Work").id.to_string();
    until("the other job", || bench.sink.told.lock().unwrap().ends.contains_key(&work)).await;
    let question = bench.host.people.asked.lock().unwrap()[0].clone();
    assert_eq!(question.instructions, "Is 2026.1 good?", "macros are expanded");
    bench.host.people.say("Look at it", yes());
    assert_eq!(going.await.unwrap().result, RunResult::Succeeded, "resumed");
    let log = bench.log("Look at it");
    assert!(
        log.iter().any(|line| line.contains("nobody is sent a mail: ada@example.com")),
        "{log:?}"
    );
    assert!(log.contains(&"Resumed by Ada".to_owned()), "who resumed is in the log: {log:?}");
    assert!(!bench.folder.path().join("work1/1").exists(), "no workspace was made");
}

#[tokio::test]
async fn a_rejected_validation_fails_with_the_comment() {
    let bench = bench(Vec::new());
    let no = Decision::Rejected { by: "Bob".to_owned(), comment: "too slow".to_owned() };
    bench.host.people.say("Look at it", no);
    let report = bench.run(&VALIDATION.replace("ON", "resume")).await;
    assert_eq!(report.result, RunResult::Failed, "rejected");
    let issue = bench.step("Look at it").issue.unwrap();
    assert_eq!(issue, "The manual validation was rejected by Bob: too slow", "who and why");
    assert_eq!(bench.step("Wait a moment").result, RunResult::Skipped, "the job ends there");
}

#[tokio::test(start_paused = true)]
async fn a_validation_that_nobody_answers_does_as_it_says() {
    for (on_timeout, wanted) in [("resume", RunResult::Succeeded), ("reject", RunResult::Failed)] {
        let bench = bench(Vec::new());
        let yaml = VALIDATION.split("- job: Work").next().unwrap().replace("ON", on_timeout);
        let report = bench.run(&yaml).await;
        assert_eq!(report.result, wanted, "onTimeout: {on_timeout}: {:?}", report.issue);
        let log = bench.log("Look at it").join("\n");
        assert!(log.contains(&format!("(onTimeout: {on_timeout})")), "the log says why: {log}");
    }
}

const BY_HAND: &str = "stages:
- stage: Build
  jobs: [{ job: a, steps: [{ checkout: none }] }]
- stage: Ship
  trigger: manual
  isSkippable: SKIPPABLE
  jobs:
  - job: b
    steps:
    - checkout: none
    - bash: echo shipped
      displayName: Ship it
";

#[tokio::test]
async fn a_manual_stage_waits_for_a_hand() {
    let bench = bench(Vec::new());
    let going = start(&bench, &BY_HAND.replace("SKIPPABLE", "false"), 1);
    until("the question", || bench.host.people.were_asked("Ship")).await;
    assert!(!bench.host.people.asked.lock().unwrap()[0].is_skippable, "isSkippable: false is told");
    bench.host.people.say("Ship", yes());
    assert_eq!(going.await.unwrap().result, RunResult::Succeeded, "started by hand");
    assert_eq!(bench.output("Ship it"), ["shipped"], "it ran");
}

#[tokio::test]
async fn a_manual_stage_may_be_left_out() {
    let bench = bench(Vec::new());
    bench.host.people.say("Ship", Decision::Skipped { by: "Ada".to_owned() });
    let report = bench.run(&BY_HAND.replace("SKIPPABLE", "true")).await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    let stage = bench.end(RecordKind::Stage, "Ship");
    assert_eq!(stage.issue.as_deref(), Some("Skipped: left out by Ada"), "by whom");
}
