//! Logs: whole lines, masked, in order, nothing dropped, batched; a sink that fails stops the run.

use std::sync::Arc;
use std::time::Duration;

use slipway_core::RunResult;

use crate::support::{Bench, MemorySink};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_lines_arrive_in_order_and_in_batches() {
    let bench = Bench::new();
    let report =
        bench.run("steps:\n- checkout: none\n- bash: seq 1 20000\n  displayName: Count\n").await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    let lines = bench.output("Count");
    assert_eq!(lines.len(), 20_000, "nothing is dropped");
    let in_order = lines.iter().enumerate().all(|(at, line)| *line == (at + 1).to_string());
    assert!(in_order, "lines stay in order");
    let told = bench.sink.told.lock().unwrap();
    assert!(told.batches.len() < 1_000, "lines travel together: {} batches", told.batches.len());
}

#[tokio::test]
async fn a_slow_sink_slows_the_step_but_loses_nothing() {
    let mut bench = Bench::new();
    bench.sink =
        Arc::new(MemorySink { slow: Some(Duration::from_millis(5)), ..MemorySink::default() });
    bench.run("steps:\n- checkout: none\n- bash: seq 1 5000\n  displayName: Count\n").await;
    assert_eq!(bench.output("Count").len(), 5_000, "the writer waits for the sink");
}

#[tokio::test]
async fn long_and_unfinished_lines_stay_whole() {
    let bench = Bench::new();
    bench
        .run(
            "steps:
- checkout: none
- bash: |
    head -c 300000 /dev/zero | tr '\\0' 'x'; echo
    printf 'half '; sleep 0.1; printf 'a line'
  displayName: Odd
",
        )
        .await;
    let lines = bench.output("Odd");
    assert_eq!(lines[0].len(), 300_000, "a long line is not cut");
    assert_eq!(lines[1], "half a line", "two writes make one line");
}

#[tokio::test]
async fn secrets_never_leave() {
    let mut bench = Bench::new();
    bench.masker.add("hunter2");
    bench.variables = vec![("password".to_owned(), "hunter2".to_owned())];
    bench
        .run(
            "steps:
- checkout: none
- bash: |
    echo plain $(password)
    printf 'hunt'; sleep 0.1; printf 'er2\\n'
    env | grep -c -i '^password=' || true
    echo mapped $MAPPED >&2
  displayName: Known
  env:
    MAPPED: $(password)
- bash: |
    echo \"##vso[task.setvariable variable=token;issecret=true]s3 cr\\\"t\"
    echo 's3 cr\"t'
  displayName: New
- bash: |
    echo '$(token)' \"as json s3 cr\\\\\\\"t\" as uri s3%20cr%22t
    echo \"##vso[task.logissue type=error]leak $(password)\"
    env | grep -c '^TOKEN=' || true
  displayName: Later
",
        )
        .await;
    let all = bench.everything();
    for secret in ["hunter2", "s3 cr\"t", "s3%20cr%22t", "s3 cr\\\"t"] {
        assert!(!all.contains(secret), "{secret} left the process: {all}");
    }
    assert!(bench.output("Known").contains(&"***".to_owned()), "a secret in two writes is masked");
    let log = bench.log("Known");
    assert!(
        log.contains(&"mapped ***".to_owned()),
        "it reached the step where it was mapped: {log:#?}"
    );
    assert_eq!(bench.output("Known")[2], "0", "a secret is not in the environment by itself");
    assert_eq!(bench.output("Later")[1], "0", "nor is one that a step made");
    assert_eq!(bench.step("Later").issue, None, "logissue alone does not fail a step");
}

#[tokio::test]
async fn a_sink_that_fails_stops_the_run() {
    let mut bench = Bench::new();
    bench.sink = Arc::new(MemorySink { break_on: Some("boom"), ..MemorySink::default() });
    let started = std::time::Instant::now();
    let report = bench
        .run(
            "jobs:
- job: A
  steps:
  - checkout: none
  - bash: echo boom; sleep 300
- job: B
  steps:
  - checkout: none
  - bash: sleep 300
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "a run that cannot be recorded has failed");
    assert_eq!(
        report.issue.as_deref(),
        Some("The run was stopped because it could not be recorded: The disk is full."),
        "and says why"
    );
    assert!(started.elapsed() < Duration::from_secs(60), "nothing goes on without a record");
}
