//! A run of chosen stages, jobs or one step: the rest is skipped and holds nothing up.

use slipway_core::{RecordKind, RunResult};
use slipway_runner::{Choice, RunReport, RunnerError};

use crate::support::Bench;

const SHOP: &str = "stages:
- stage: Build
  jobs:
  - job: Make
    steps:
    - checkout: none
    - bash: echo '##vso[task.setvariable variable=image;isOutput=true]web:1'
      name: out
- stage: Test
  jobs:
  - job: Unit
    steps: [{checkout: none}, {bash: echo unit, displayName: unit}]
  - job: Ui
    dependsOn: Unit
    variables:
      image: $[ stageDependencies.Build.Make.outputs['out.image'] ]
    steps:
    - checkout: none
    - bash: echo \"image=[$(image)]\"
      displayName: first
    - bash: echo second
      displayName: second
- stage: Ship
  dependsOn: [Build, Test]
  condition: and(succeeded('Test'), eq(dependencies.Build.outputs['Make.out.image'], 'web:1'))
  jobs:
  - job: Ship
    steps: [{checkout: none}, {bash: echo shipped}]
- stage: Tell
  dependsOn: Test
  jobs:
  - job: Tell
    steps: [{checkout: none}, {bash: echo told}]
";

fn choice(yaml: &str, words: &[&str], is_with_needed: bool) -> Result<Choice, RunnerError> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    Choice::of(&Bench::plan(yaml), &words, is_with_needed)
}

async fn run(yaml: &str, words: &[&str], is_with_needed: bool) -> (Bench, RunReport) {
    let choice = Some(choice(yaml, words, is_with_needed).unwrap());
    let bench = Bench { choice, ..Bench::new() };
    let report = bench.run(yaml).await;
    (bench, report)
}

#[tokio::test]
async fn a_stage_alone_runs_though_it_depends_on_others() {
    let (bench, report) = run(SHOP, &["Tell"], false).await;
    assert_eq!(report.result, RunResult::Succeeded, "what was left out is no failure: {report:?}");
    let stage = |name| bench.end(RecordKind::Stage, name);
    assert_eq!(stage("Tell").result, RunResult::Succeeded, "the chosen stage ran");
    for left in ["Build", "Test", "Ship"] {
        let end = stage(left);
        assert_eq!(end.result, RunResult::Skipped, "{left} was not chosen");
        assert_eq!(end.issue.as_deref(), Some("Skipped: not chosen for this run"), "it says why");
    }
    let job = bench.end(RecordKind::Job, "Unit").issue;
    assert_eq!(job.as_deref(), Some("Skipped: not chosen for this run"), "its jobs say so too");
}

#[tokio::test]
async fn a_condition_that_reads_what_did_not_run_says_so() {
    let (bench, report) = run(SHOP, &["Ship"], false).await;
    let end = bench.end(RecordKind::Stage, "Ship");
    assert_eq!(end.result, RunResult::Skipped, "its condition reads an empty output: {report:?}");
    let issue = end.issue.unwrap_or_default();
    assert!(
        issue.contains("It reads stage Build, which was not chosen for this run"),
        "the reason names the stage that did not run: {issue}"
    );
    let (bench, report) = run(SHOP, &["Build", "Ship"], false).await;
    let ship = bench.end(RecordKind::Stage, "Ship").result;
    assert_eq!(
        ship,
        RunResult::Succeeded,
        "succeeded('Test') holds for what was left out: {report:?}"
    );
}

#[tokio::test]
async fn a_job_runs_alone_or_with_what_it_depends_on() {
    let (bench, _) = run(SHOP, &["/Ui"], false).await;
    let job = |bench: &Bench, name| bench.end(RecordKind::Job, name).result;
    assert_eq!(job(&bench, "Ui"), RunResult::Succeeded, "the job ran");
    assert_eq!(job(&bench, "Unit"), RunResult::Skipped, "the job before it did not");
    assert_eq!(bench.output("first"), ["image=[]"], "what did not run has no outputs");
    let log = bench.log("first").join("\n");
    assert!(log.contains("The variable 'image': It reads stage Build, which was not"), "{log}");

    let (bench, report) = run(SHOP, &["Test/Ui"], true).await;
    assert_eq!(report.result, RunResult::Succeeded, "{report:?}");
    assert_eq!(job(&bench, "Unit"), RunResult::Succeeded, "it is depended on");
    assert_eq!(bench.output("first"), ["image=[web:1]"], "the stage before it ran too");
    assert_eq!(job(&bench, "Tell"), RunResult::Skipped, "nobody needs it");
}

#[tokio::test]
async fn a_step_runs_alone_after_what_its_job_prepares() {
    let yaml = "steps:\n- bash: echo one > one.txt\n  displayName: one\n- bash: cat read.me\n  displayName: two\n- bash: exit 1\n  displayName: three\n";
    let choice = Some(choice(yaml, &["//two"], false).unwrap());
    let bench = Bench { choice, ..Bench::new() };
    bench.file("read.me", "checked out\n");
    let report = bench.run(yaml).await;
    assert_eq!(report.result, RunResult::Succeeded, "the failing step was not chosen: {report:?}");
    assert_eq!(bench.output("two"), ["checked out"], "the job's checkout went before it");
    for left in ["one", "three"] {
        let issue = bench.step(left).issue;
        assert_eq!(
            issue.as_deref(),
            Some("Skipped: not chosen for this run"),
            "{left} did not run"
        );
    }
}

#[tokio::test]
async fn a_leg_may_be_chosen_and_a_job_means_all_of_its_legs() {
    let yaml = "jobs:\n- job: a\n  strategy: {matrix: {x: {v: 1}, y: {v: 2}}}\n  steps: [{checkout: none}, {bash: echo}]\n- job: b\n  steps: [{checkout: none}, {bash: echo}]\n";
    let job = |bench: &Bench, name| bench.end(RecordKind::Job, name).result;
    let (bench, _) = run(yaml, &["/a.y"], false).await;
    assert_eq!(job(&bench, "a.y"), RunResult::Succeeded, "the leg ran");
    assert_eq!(
        (job(&bench, "a.x"), job(&bench, "b")),
        (RunResult::Skipped, RunResult::Skipped),
        "alone"
    );
    let (bench, _) = run(yaml, &["/A"], false).await;
    assert_eq!(
        (job(&bench, "a.x"), job(&bench, "a.y")),
        (RunResult::Succeeded, RunResult::Succeeded),
        "both"
    );
}

#[test]
fn what_is_chosen_is_read_and_said() {
    let text = |words: &[&str]| choice(SHOP, words, false).unwrap().text;
    assert_eq!(text(&["build"]), "only stage Build", "case does not matter");
    assert_eq!(text(&["Build", "Test"]), "only stages Build, Test", "several");
    assert_eq!(text(&["Test/Ui"]), "only job Ui of stage Test", "a job");
    assert_eq!(
        text(&["Test/Ui/3"]),
        "only step \"second\" of job Ui of stage Test",
        "a step by its place"
    );
    let unknown = choice(SHOP, &["Tset"], false).unwrap_err().to_string();
    assert_eq!(unknown, "The pipeline has no 'Tset' to run.", "a typo is refused");
    let several = choice(
        "jobs:\n- job: a\n  steps: [{bash: x, displayName: s}]\n- job: b\n  steps: [{bash: x, displayName: s}]\n",
        &["//s"],
        false,
    );
    assert!(matches!(several, Err(RunnerError::ChoiceSeveral { .. })), "not guessed: {several:?}");
}

#[tokio::test]
async fn a_stage_that_cannot_be_left_out_runs_with_every_choice() {
    let yaml = "stages:\n- stage: Scan\n  isSkippable: false\n  jobs: [{job: s, steps: [{checkout: none}, {bash: echo}]}]\n- stage: Build\n  jobs: [{job: b, steps: [{checkout: none}, {bash: echo}]}]\n";
    let obliged = choice(yaml, &["Build"], false).unwrap().obliged;
    assert_eq!(obliged, ["Scan"], "it is said");
    let (bench, _) = run(yaml, &["Build"], false).await;
    assert_eq!(bench.end(RecordKind::Stage, "Scan").result, RunResult::Succeeded, "it ran");
}
