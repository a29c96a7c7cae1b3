//! Conditions, results and skip reasons of steps, jobs and stages.

use slipway_core::{RecordKind, RunResult};

use crate::support::Bench;

#[tokio::test]
async fn a_failed_step_skips_the_rest_but_what_asks_for_it() {
    let bench = Bench::new();
    let report = bench
        .run(
            "steps:
- bash: exit 3
  displayName: Break
- bash: echo never
  displayName: Default
- bash: echo failed
  displayName: On failure
  condition: failed()
- bash: echo always
  displayName: Always
  condition: always()
- bash: echo off
  displayName: Off
  enabled: false
- bash: echo main
  displayName: Main only
  condition: and(always(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "a failed step fails the run");
    assert_eq!(
        report.issue.as_deref(),
        Some("Break: Bash exited with code '3'."),
        "the report names the step and what happened"
    );
    let default = bench.step("Default");
    assert_eq!(default.result, RunResult::Skipped, "succeeded() is the default");
    assert_eq!(default.issue.as_deref(), Some("Skipped: Break failed"), "the cause is named");
    assert_eq!(bench.output("On failure"), ["failed"], "failed() runs after a failure");
    assert_eq!(bench.output("Always"), ["always"], "always() runs always");
    let told = bench.sink.told.lock().unwrap();
    let is_off = !told.seeds.iter().any(|seed| seed.display_name == "Off");
    assert!(is_off, "`enabled: false` removes a step");
    drop(told);
    let log = bench.log("Main only");
    assert!(
        log.contains(
            &"Expanded: and(True, eq('refs/heads/feature/x', 'refs/heads/main'))".to_owned()
        ),
        "a skipped step shows how its condition came out: {log:#?}"
    );
    assert!(
        bench.step("Main only").issue.unwrap().contains("'refs/heads/feature/x'"),
        "the reason shows the values"
    );
    assert_eq!(bench.step("Break").errors, 1, "the error is counted");
}

#[tokio::test]
async fn continue_on_error_becomes_succeeded_with_issues() {
    let bench = Bench::new();
    let report = bench
        .run(
            "jobs:
- job: A
  steps:
  - checkout: none
  - bash: exit 1
    displayName: Flaky
    continueOnError: true
  - bash: echo on
    displayName: Next
- job: B
  continueOnError: true
  steps:
  - checkout: none
  - bash: exit 1
- job: C
  dependsOn: [A, B]
  steps:
  - checkout: none
  - bash: echo c
    displayName: After
",
        )
        .await;
    assert_eq!(report.result, RunResult::SucceededWithIssues, "issues reach the run");
    assert_eq!(bench.step("Flaky").result, RunResult::SucceededWithIssues, "not failed");
    assert_eq!(bench.output("Next"), ["on"], "succeeded() holds after issues");
    assert_eq!(bench.end(RecordKind::Job, "B").result, RunResult::SucceededWithIssues, "a job too");
    assert_eq!(bench.output("After"), ["c"], "dependents of such jobs run");
}

#[tokio::test]
async fn a_failing_test_skips_the_next_stage_with_its_reason() {
    let bench = Bench::new();
    bench.file(
        "results/TEST-shop.xml",
        "<testsuite name='shop'><testcase name='adds' time='0.1'/>\
         <testcase name='moves'><failure message='3 is not 4'/></testcase></testsuite>",
    );
    let report = bench
        .run(
            "stages:
- stage: Build
  jobs:
  - job: Test
    steps:
    - task: PublishTestResults@2
      displayName: Publish tests
      inputs:
        testResultsFormat: JUnit
        testResultsFiles: results/TEST-*.xml
        failTaskOnFailedTests: true
        testRunTitle: Unit tests
- stage: Deploy
  jobs:
  - job: Roll
    steps:
    - bash: echo deploying
      displayName: Roll out
- stage: Clean
  dependsOn: [Build, Deploy]
  condition: always()
  jobs:
  - job: Sweep
    steps:
    - bash: echo cleaning
      displayName: Clean up
- stage: Report
  dependsOn: Deploy
  jobs:
  - job: Send
    steps:
    - bash: echo never
      displayName: Send it
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "a failed test fails the run");
    let issue = report.issue.unwrap();
    assert!(issue.starts_with("Stage Build: Publish tests: There are one or more"), "{issue}");
    for (kind, name) in
        [(RecordKind::Stage, "Deploy"), (RecordKind::Job, "Roll"), (RecordKind::Step, "Roll out")]
    {
        let end = bench.end(kind, name);
        assert_eq!(end.result, RunResult::Skipped, "{kind} {name} did not run");
        assert_eq!(end.issue.as_deref(), Some("Skipped: stage Build failed"), "{kind} {name}");
    }
    assert_eq!(bench.output("Clean up"), ["cleaning"], "always() stages run");
    assert_eq!(
        bench.end(RecordKind::Stage, "Report").issue.as_deref(),
        Some("Skipped: stage Build failed"),
        "the first cause is told, not the chain"
    );
    let told = bench.sink.told.lock().unwrap();
    assert_eq!(told.tests[0].0, "Unit tests", "the run's title");
    assert_eq!(told.tests[0].1[1].message.as_deref(), Some("3 is not 4"), "with the message");
    assert_eq!(told.seeds.len(), told.ends.len(), "every record has an end");
}

#[tokio::test]
async fn jobs_run_side_by_side_up_to_the_limit() {
    let yaml = |count: usize| {
        let mut yaml = String::from("jobs:\n");
        for job in 0..count {
            yaml.push_str(&format!(
                "- job: J{job}\n  steps:\n  - checkout: none\n  - bash: |\n      touch \
                 $FOLDER/on-{job}; ls $FOLDER | wc -l; sleep 0.4; rm $FOLDER/on-{job}\n    \
                 displayName: S{job}\n"
            ));
        }
        yaml
    };
    for limit in [1, 3] {
        let mut bench = Bench::new();
        bench.jobs = limit;
        let folder = bench.folder.path().join("on");
        std::fs::create_dir_all(&folder).unwrap();
        bench.variables = vec![("folder".to_owned(), folder.display().to_string())];
        assert_eq!(bench.run(&yaml(6)).await.result, RunResult::Succeeded, "all of them work");
        let most = (0..6).map(|job| bench.output(&format!("S{job}"))[0].trim().parse().unwrap());
        assert_eq!(most.max(), Some(limit), "as many as allowed run at a time, and no more");
    }
}

#[tokio::test]
async fn retries_stop_at_the_first_success() {
    let bench = Bench::new();
    let report = bench
        .run(
            "steps:
- checkout: none
- bash: |
    echo try >> $(Agent.TempDirectory)/tries
    test $(wc -l < $(Agent.TempDirectory)/tries) = 2
  displayName: Second time
  retryCountOnTaskFailure: 2
",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "the second attempt counts");
    assert_eq!(bench.step("Second time").issue, None, "a step that succeeded has no issue");
    let log = bench.log("Second time").join("\n");
    assert!(log.contains("will retry (attempt #: 1 out of 2) after 1000 ms"), "{log}");
    assert!(!log.contains("attempt #: 2"), "no third attempt was made");
}
