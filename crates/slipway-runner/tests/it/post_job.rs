//! What is left to the end of a job, and what comes from other runs.

use std::sync::Arc;

use slipway_core::{RecordKind, RunResult};
use slipway_runner::ArtifactsOfRun;

use crate::support::{Bench, MemoryHost};

const LEFT: &str = "steps:
- task: DownloadSecureFile@1
  displayName: First
  name: first
  inputs: {secureFile: key.pem}
- task: Cache@2
  displayName: Second
  inputs: {key: '\"k\"', path: kept}
- bash: cat $(first.secureFilePath); mkdir kept; exit 1
  displayName: Fails
";

#[tokio::test]
async fn post_job_actions_run_in_reverse_order_also_after_a_failure() {
    let mut bench = Bench::new();
    let files = [("key.pem".to_owned(), b"pem".to_vec())];
    bench.host = Arc::new(MemoryHost { secure_files: files.into(), ..MemoryHost::default() });
    let report = bench.run(LEFT).await;
    assert_eq!(report.result, RunResult::Failed, "the script failed: {report:?}");
    assert_eq!(bench.output("Fails"), ["pem"], "the file was there for the job");
    assert_eq!(bench.step("Post-job: First").result, RunResult::Succeeded, "it ran all the same");
    let log = bench.log("Post-job: Second").join("\n");
    assert!(log.contains("job status was not 'Succeeded'"), "nothing is kept: {log}");
    let log = bench.log("Post-job: First").join("\n");
    let path = log.lines().find_map(|line| line.strip_prefix("Deleted ")).unwrap().to_owned();
    assert!(!std::path::Path::new(&path).exists(), "{path} is gone");
    let told = bench.sink.told.lock().unwrap();
    let place = |name: &str| {
        let seed = told.seeds.iter().find(|seed| seed.display_name == name).unwrap();
        assert_eq!(seed.kind, RecordKind::Step, "a step of its job");
        told.started.iter().position(|id| *id == seed.id).unwrap()
    };
    assert!(place("Fails") < place("Post-job: Second"), "after the steps");
    assert!(place("Post-job: Second") < place("Post-job: First"), "the last one first");
}

#[tokio::test]
async fn artifacts_of_another_pipeline_lie_below_its_alias() {
    let mut bench = Bench::new();
    let drop = bench.folder.path().join("elsewhere/drop");
    std::fs::create_dir_all(&drop).unwrap();
    std::fs::write(drop.join("lib.so"), "x").unwrap();
    let run = ArtifactsOfRun {
        pipeline: "Library".to_owned(),
        build_id: 41,
        number: "20261101.1".to_owned(),
        artifacts: vec![("drop".to_owned(), drop)],
    };
    let runs = [("Library".to_owned(), run)];
    bench.host = Arc::new(MemoryHost { runs: runs.into(), ..MemoryHost::default() });
    let report = bench
        .run(
            "resources:
  pipelines:
  - pipeline: lib
    source: Library
steps:
- download: lib
  artifact: drop
- task: DownloadPipelineArtifact@2
  name: get
  inputs:
    source: specific
    project: any
    pipeline: Library
    artifact: drop
    path: here
- bash: ls $(Pipeline.Workspace)/lib/drop here; echo $(get.BuildNumber)
  displayName: Look
- task: DownloadPipelineArtifact@2
  displayName: Unknown
  inputs: {source: specific, project: any, pipeline: Other, path: there}
",
        )
        .await;
    let seen = bench.output("Look");
    assert_eq!(seen.iter().filter(|line| *line == "lib.so").count(), 2, "both are there: {seen:?}");
    assert_eq!(seen.last().map(String::as_str), Some("20261101.1"), "the run's number is told");
    assert_eq!(report.result, RunResult::Failed, "the last one has no run");
    assert!(bench.step("Unknown").issue.unwrap().contains("no run"), "and says so");
}
