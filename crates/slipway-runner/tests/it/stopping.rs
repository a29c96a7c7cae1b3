//! Stopping: by the user, by limits, by dropping the run. No process stays behind.

use std::time::Duration;

use slipway_core::{RecordKind, RunResult};

use crate::support::{Bench, processes_of, until};

const HANGING: &str = "jobs:
- job: Hang
  steps:
  - checkout: none
  - bash: |
      setsid bash -c 'sleep 300' &
      sleep 300 &
      echo ready
      sleep 300
    displayName: Hang
  - bash: echo never
    displayName: Default
  - bash: echo cleaning
    displayName: Clean up
    condition: always()
- job: Later
  dependsOn: Hang
  steps:
  - checkout: none
  - bash: echo never
    displayName: Later
";

#[tokio::test]
async fn a_cancel_ends_every_process_and_still_cleans_up() {
    let bench = Bench::new();
    let cancel = bench.cancel.clone();
    let stop = async {
        until("the step", || {
            let told = bench.sink.told.lock().unwrap();
            told.lines.values().flatten().any(|line| line.text == "ready")
        })
        .await;
        let step = bench.seed(RecordKind::Step, "Hang").id;
        until("its processes", || processes_of(&step).len() >= 4).await;
        cancel.cancel();
    };
    let (report, ()) = tokio::join!(bench.run(HANGING), stop);
    assert_eq!(report.result, RunResult::Canceled, "the user stopped it");
    assert_eq!(report.issue.as_deref(), Some("The run was canceled."));
    let step = bench.seed(RecordKind::Step, "Hang").id;
    assert_eq!(processes_of(&step), Vec::<String>::new(), "not even the setsid grandchild stays");
    assert_eq!(bench.step("Hang").result, RunResult::Canceled, "the running step was canceled");
    let default = bench.step("Default");
    assert_eq!(default.result, RunResult::Skipped, "nothing new starts");
    assert_eq!(default.issue.as_deref(), Some("Skipped: the run was canceled"));
    assert_eq!(bench.output("Clean up"), ["cleaning"], "always() still runs");
    assert_eq!(bench.end(RecordKind::Job, "Later").result, RunResult::Skipped, "later jobs do not");
}

#[tokio::test]
async fn a_process_that_ignores_the_first_signals_is_killed() {
    let bench = Bench::new();
    let cancel = bench.cancel.clone();
    let yaml = "steps:
- checkout: none
- bash: |
    trap '' INT TERM
    echo ready
    while true; do sleep 1; done
  displayName: Stubborn
";
    let stop = async {
        until("the step", || {
            let told = bench.sink.told.lock().unwrap();
            told.lines.values().flatten().any(|line| line.text == "ready")
        })
        .await;
        cancel.cancel();
    };
    let started = std::time::Instant::now();
    let (report, ()) = tokio::join!(bench.run(yaml), stop);
    assert_eq!(report.result, RunResult::Canceled, "it is canceled all the same");
    assert!(started.elapsed() > Duration::from_secs(9), "it was asked twice before");
    assert!(started.elapsed() < Duration::from_secs(25), "and then killed");
    let step = bench.seed(RecordKind::Step, "Stubborn").id;
    assert!(processes_of(&step).is_empty(), "it is gone");
}

#[tokio::test]
async fn dropping_the_run_leaves_no_process() {
    let bench = Bench::new();
    let step = {
        let mut run = Box::pin(bench.run(HANGING));
        let ready = until("the step", || {
            let told = bench.sink.told.lock().unwrap();
            told.lines.values().flatten().any(|line| line.text == "ready")
        });
        tokio::select! {
            _ = &mut run => panic!("the run hangs by design"),
            () = ready => bench.seed(RecordKind::Step, "Hang").id,
        }
    };
    until("the end of its processes", || processes_of(&step).is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn a_step_that_takes_too_long_fails() {
    let bench = Bench::new();
    let report = bench
        .run(
            "steps:
- checkout: none
- bash: exec sleep 300
  displayName: Slow
  timeoutInMinutes: 1
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "a timeout is a failure");
    let slow = bench.step("Slow");
    assert_eq!(
        slow.issue.as_deref(),
        Some("The task has timed out. Its limit is 1 min (`timeoutInMinutes`)."),
        "in Azure's words, with the limit"
    );
    let step = bench.seed(RecordKind::Step, "Slow").id;
    assert!(processes_of(&step).is_empty(), "its process is gone");
}

#[tokio::test(start_paused = true)]
async fn a_job_that_takes_too_long_is_canceled() {
    let bench = Bench::new();
    let report = bench
        .run(
            "jobs:
- job: Slow
  timeoutInMinutes: 2
  steps:
  - checkout: none
  - task: Delay@1
    displayName: Wait
    inputs:
      delayForMinutes: 10
  - task: Delay@1
    displayName: Default
  - task: Delay@1
    displayName: Clean up
    condition: always()
    inputs:
      delayForMinutes: 1
  - task: Delay@1
    displayName: Clean too long
    condition: always()
    inputs:
      delayForMinutes: 10
",
        )
        .await;
    assert_eq!(report.result, RunResult::Canceled, "a job's limit cancels it");
    assert!(report.issue.unwrap().contains("longer than the maximum time of 2 minutes"), "and why");
    assert_eq!(bench.step("Default").result, RunResult::Skipped, "the rest does not run");
    assert_eq!(bench.step("Clean up").result, RunResult::Succeeded, "cleaning up does");
    assert_eq!(bench.step("Clean too long").result, RunResult::Canceled, "but not for ever");
}
