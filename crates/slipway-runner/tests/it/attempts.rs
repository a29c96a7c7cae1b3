//! A second attempt of a run: what succeeded is kept with its outputs and artifacts, the rest runs again.

use std::path::PathBuf;

use slipway_core::{RecordId, RecordKind, RunResult};
use slipway_runner::{Earlier, EarlierJob, EarlierStage};

use crate::support::Bench;

const SHOP: &str = "stages:
- stage: Build
  jobs:
  - job: Make
    steps:
    - checkout: none
    - bash: mkdir out && echo built > out/web.txt
      displayName: make
    - publish: out
      artifact: web
    - bash: echo '##vso[task.setvariable variable=image;isOutput=true]web:1'
      name: out
- stage: Test
  variables:
    image: $[ stageDependencies.Build.Make.outputs['out.image'] ]
  jobs:
  - job: Good
    steps: [{checkout: none}, {bash: echo good, displayName: good}]
  - job: Bad
    steps:
    - checkout: none
    - download: current
      artifact: web
    - bash: cat $(Pipeline.Workspace)/web/web.txt && echo \"$(image) $(System.JobAttempt)\" && test $(System.JobAttempt) = 2
      displayName: bad
  - job: After
    dependsOn: Bad
    steps: [{checkout: none}, {bash: echo after, displayName: after}]
  - job: Always
    dependsOn: Bad
    condition: always()
    steps: [{checkout: none}, {bash: echo always, displayName: always}]
- stage: Ship
  dependsOn: Test
  jobs:
  - job: Ship
    steps: [{checkout: none}, {bash: echo shipped, displayName: ship}]
";

/// What a run has left, as the house would gather it.
fn earlier(bench: &Bench) -> Earlier {
    let told = bench.sink.told.lock().unwrap();
    let end = |id: &RecordId| told.ends.get(id.as_str()).cloned();
    let below = |id: &RecordId| {
        let parent = Some(id.clone());
        told.seeds.iter().filter(move |seed| seed.parent_id == parent)
    };
    let job = |seed: &slipway_runner::RecordSeed| {
        let outputs = told.outputs.get(seed.id.as_str()).into_iter().flatten();
        let artifacts = told.artifacts.iter().filter(|_| seed.name == "Make");
        EarlierJob {
            name: seed.name.clone(),
            record: seed.id.clone(),
            result: end(&seed.id).unwrap().result,
            issue: None,
            outputs: outputs.map(|(key, value)| (key.clone(), value.clone().unwrap())).collect(),
            records: below(&seed.id).map(|it| (it.name.clone(), it.id.clone())).collect(),
            artifacts: artifacts
                .map(|it| (it.0.clone(), it.1.clone()))
                .collect::<Vec<(String, PathBuf)>>(),
        }
    };
    let stages = told.seeds.iter().filter(|seed| seed.kind == RecordKind::Stage);
    Earlier {
        attempt: 2,
        stages: stages
            .map(|seed| EarlierStage {
                name: seed.name.clone(),
                record: seed.id.clone(),
                result: end(&seed.id).unwrap().result,
                jobs: below(&seed.id).map(job).collect(),
            })
            .collect(),
    }
}

#[tokio::test]
async fn what_succeeded_is_kept_and_the_rest_runs_again() {
    let first = Bench::new();
    let report = first.run(SHOP).await;
    assert_eq!(report.result, RunResult::Failed, "the first attempt fails: {report:?}");
    let job = |bench: &Bench, name| bench.end(RecordKind::Job, name).result;
    assert_eq!(job(&first, "After"), RunResult::Skipped, "what waits for it is skipped");

    let second = Bench { earlier: Some(earlier(&first)), ..Bench::new() };
    let report = second.run(SHOP).await;
    assert_eq!(report.result, RunResult::Succeeded, "the second attempt is whole: {report:?}");
    let kept = |kind, name| {
        let (now, then) = (second.seed(kind, name).id, first.seed(kind, name).id);
        second.sink.told.lock().unwrap().kept.get(now.as_str()) == Some(&then)
    };
    assert!(kept(RecordKind::Stage, "Build"), "a stage that succeeded is kept whole");
    assert!(kept(RecordKind::Step, "make"), "with its steps");
    assert!(kept(RecordKind::Job, "Good"), "a good job of a failed stage too");
    assert!(!kept(RecordKind::Stage, "Test"), "the failed stage ran");
    let output = second.output("bad");
    assert_eq!(output, ["built", "web:1 2"], "artifact, output and attempt are there: {output:?}");
    for again in ["After", "Always", "Ship"] {
        assert_eq!(job(&second, again), RunResult::Succeeded, "{again} ran");
    }
    assert_eq!(second.output("always"), ["always"], "it waited for what ran again");
    assert!(second.log("good").is_empty(), "what is kept did nothing");
}

#[tokio::test]
async fn legs_of_a_late_matrix_are_kept_one_by_one() {
    let yaml = "jobs:
- job: List
  steps:
  - checkout: none
  - bash: echo '##vso[task.setvariable variable=legs;isOutput=true]{\"x\":{\"v\":\"1\"},\"y\":{\"v\":\"2\"}}'
    name: out
- job: Work
  dependsOn: List
  strategy:
    matrix: $[ dependencies.List.outputs['out.legs'] ]
  steps:
  - checkout: none
  - bash: test $(v) = 1 || test $(System.JobAttempt) = 2
";
    let first = Bench::new();
    assert_eq!(first.run(yaml).await.result, RunResult::Failed, "one leg fails");
    let second = Bench { earlier: Some(earlier(&first)), ..Bench::new() };
    let report = second.run(yaml).await;
    assert_eq!(report.result, RunResult::Succeeded, "the failed leg ran again: {report:?}");
    let id = |name| second.seed(RecordKind::Job, name).id.to_string();
    let (good, bad) = (id("Work.x"), id("Work.y"));
    let told = second.sink.told.lock().unwrap();
    assert!(told.kept.contains_key(&good), "the good leg is kept");
    assert!(told.ends.contains_key(&bad), "the other one ran");
}

#[tokio::test]
async fn outputs_that_are_secret_are_not_handed_on() {
    let yaml = "steps:\n- checkout: none\n- bash: |\n    echo '##vso[task.setvariable variable=a;isOutput=true;isSecret=true]s3cr3t-word'\n    echo '##vso[task.setvariable variable=b;isOutput=true]plain'\n  name: out\n";
    let bench = Bench::new();
    bench.run(yaml).await;
    let id = bench.seed(RecordKind::Job, "__default").id.to_string();
    let told = bench.sink.told.lock().unwrap();
    let expected = [("out.a".to_owned(), None), ("out.b".to_owned(), Some("plain".to_owned()))];
    assert_eq!(told.outputs[&id], expected, "a secret has a name and no value");
}
