//! Checkout, artifacts, copying, test results: what steps do with files.

use slipway_core::{RecordKind, RunResult};
use slipway_runner::TestOutcome;

use crate::support::Bench;

#[tokio::test]
async fn files_travel_as_artifacts() {
    let bench = Bench::new();
    bench.file("manifests/a.yml", "a").file("manifests/b.txt", "bb").file("src/deep/c.yml", "ccc");
    let report = bench
        .run(
            "jobs:
- job: Make
  steps:
  - publish: manifests
    artifact: manifests
  - task: CopyFiles@2
    inputs:
      Contents: |
        **/*.yml
        !manifests/**
      TargetFolder: $(Build.ArtifactStagingDirectory)
  - task: PublishBuildArtifacts@1
  - task: DeleteFiles@1
    displayName: Delete
    inputs:
      Contents: manifests/*.txt
  - bash: ls manifests
    displayName: Left
  - publish: manifests
    artifact: manifests
    displayName: Twice
    continueOnError: true
  - publish: nope
    artifact: other
    displayName: Missing
    continueOnError: true
- job: Use
  dependsOn: Make
  steps:
  - checkout: none
  - download: current
    artifact: manifests
    patterns: '*.yml'
  - task: DownloadPipelineArtifact@2
    inputs:
      artifact: drop
      path: $(Pipeline.Workspace)/here
  - bash: cd $(Pipeline.Workspace) && find manifests here -type f | sort
    displayName: Found
",
        )
        .await;
    assert_eq!(report.result, RunResult::SucceededWithIssues, "{:?}", report.issue);
    assert_eq!(bench.output("Left"), ["a.yml"], "what matched is deleted");
    assert_eq!(
        bench.step("Twice").issue.as_deref(),
        Some("The artifact 'manifests' was already published by this run."),
        "artifacts never change"
    );
    assert!(bench.step("Missing").issue.unwrap().starts_with("Path does not exist: "), "said so");
    assert_eq!(
        bench.output("Found"),
        ["here/src/deep/c.yml", "manifests/a.yml"],
        "the shorthand makes a folder of the artifact's name, the task does not"
    );
    let told = bench.sink.told.lock().unwrap();
    let sizes: Vec<_> = told
        .artifacts
        .iter()
        .map(|(name, _, size, files)| (name.as_str(), *size, *files))
        .collect();
    assert_eq!(sizes, [("manifests", 3, 2), ("drop", 3, 1)], "sizes and counts are right");
}

#[tokio::test]
async fn checkout_goes_where_it_is_told() {
    let bench = Bench::new();
    bench.file("readme", "x");
    let report = bench
        .run(
            "jobs:
- job: A
  steps:
  - bash: test -f readme && echo s > s.txt
    displayName: In s
- job: B
  steps:
  - checkout: self
    path: src/shop
  - bash: ls $(Build.SourcesDirectory); test $(Build.SourcesDirectory) = $(Pipeline.Workspace)/src/shop
    displayName: Elsewhere
- job: C
  steps:
  - checkout: none
  - bash: ls | wc -l
    displayName: Nothing
- job: D
  steps:
  - checkout: self
    path: ../../out
    displayName: Outside
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "job D leads out of its workspace");
    assert_eq!(bench.step("In s").result, RunResult::Succeeded, "sources are in s by default");
    assert_eq!(bench.output("Elsewhere"), ["readme"], "path is below the workspace");
    assert_eq!(bench.output("Nothing"), ["0"], "none is none");
    assert!(bench.step("Outside").issue.unwrap().contains("leads out of"), "and is refused");
    bench.sink.told.lock().unwrap().ends.clear();
    let again = bench
        .run("jobs:\n- job: A\n  workspace:\n    clean: all\n  steps:\n  - bash: ls\n    displayName: Clean\n")
        .await;
    assert_eq!(again.result, RunResult::Succeeded, "{:?}", again.issue);
    assert_eq!(bench.output("Clean"), ["readme"], "clean: all leaves nothing of the run before");
}

#[tokio::test]
async fn test_results_are_read_also_when_they_are_damaged() {
    let bench = Bench::new();
    let case = |time: &str| format!("<testcase classname='a.B' name='t' time='{time}'/>");
    bench
        .file("r/TEST-1.xml", format!("<testsuite name='one'>{}</testsuite>", case("1,234.5")))
        .file("r/TEST-2.xml", format!("<testsuite name='two'>{}<testcase na", case("2")))
        .file("r/TEST-3.xml", "not xml <");
    let report = bench
        .run(
            "steps:
- task: PublishTestResults@2
  displayName: Some
  inputs:
    testResultsFiles: '**/TEST-*.xml'
    searchFolder: r
- task: PublishTestResults@2
  displayName: None
  inputs:
    testResultsFiles: nothing-*.xml
- task: PublishTestResults@2
  displayName: Must
  inputs:
    testResultsFiles: nothing-*.xml
    failTaskOnMissingResultsFile: true
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "the last one must find a file");
    assert_eq!(bench.step("Some").result, RunResult::Succeeded, "damage is a warning");
    let log = bench.log("Some").join("\n");
    assert!(log.contains("thousands separators") && log.contains("not whole"), "{log}");
    assert!(
        bench
            .log("None")
            .join("\n")
            .contains("No test result files matching nothing-*.xml were found."),
        "as Azure says it"
    );
    assert_eq!(bench.step("None").warnings, 1, "and it is a warning");
    let told = bench.sink.told.lock().unwrap();
    let all: Vec<_> = told.tests.iter().flat_map(|(_, cases)| cases).collect();
    assert_eq!(all.len(), 2, "both tests that can be read are there: {all:#?}");
    assert_eq!(all[0].duration_ms, 1_234_500, "the time was meant so");
    assert!(all.iter().all(|case| case.outcome == TestOutcome::Passed && case.suite == "a.B"));
}

#[tokio::test]
async fn the_timeline_is_known_before_anything_starts() {
    let bench = Bench::new();
    bench
        .run("variables:\n  who: world\nsteps:\n- bash: echo hi\n  displayName: Hello $(who) $(later)\n")
        .await;
    let step = bench.seed(RecordKind::Step, "Hello world $(later)");
    assert_eq!(step.task.as_deref(), Some("Bash@3"), "a shorthand is a task");
    let told = bench.sink.told.lock().unwrap();
    let orders: Vec<u32> = told.seeds.iter().map(|seed| seed.order).collect();
    assert_eq!(orders, [0, 1, 2, 3], "stage, job, checkout, step");
    let kinds: Vec<RecordKind> = told.seeds.iter().map(|seed| seed.kind).collect();
    assert_eq!(kinds[..2], [RecordKind::Stage, RecordKind::Job], "parents come first");
    assert_eq!(told.started.len(), 4, "each was started once");
}
