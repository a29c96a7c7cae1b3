//! What cannot run here is said before the run, and left out when the user chooses so.

use slipway_core::{RecordKind, RunResult};
use slipway_runner::{Obstacle, Skip, catalog, obstacles};

use crate::support::Bench;

fn chosen(yaml: &str) -> (Vec<Obstacle>, Vec<Skip>) {
    let found = obstacles(&Bench::plan(yaml), catalog(), None);
    let blocking = found.iter().filter(|it| it.blocks());
    let skips = blocking.filter_map(|it| Skip::chosen(it, "anna")).collect();
    (found, skips)
}

#[tokio::test]
async fn a_step_is_left_out_and_the_rest_runs() {
    let yaml = "steps:\n- checkout: none\n- task: PolishTheBell@3\n  name: bell\n  displayName: Polish\n- script: echo 'after $(bell.tone)'\n  displayName: after\n";
    let (found, skips) = chosen(yaml);
    assert_eq!(found.len(), 1, "one step cannot run: {found:#?}");
    assert_eq!(found[0].subject, "the step \"Polish\" (PolishTheBell@3)", "it is named");
    assert!(found[0].if_skipped.contains("`bell.…` does not exist"), "{}", found[0].if_skipped);
    let target = found[0].target.as_ref().map(ToString::to_string);
    assert_eq!(target.as_deref(), Some("__default/__default/bell"), "the step can be skipped");
    let bench = Bench { skips, ..Bench::new() };
    let report = bench.run(yaml).await;
    assert_eq!(report.result, RunResult::Succeeded, "the rest runs: {report:?}");
    let end = bench.step("Polish");
    assert_eq!(end.result, RunResult::Skipped, "the step's record says so");
    let issue = end.issue.unwrap_or_default();
    assert!(
        issue.starts_with(
            "Skipped: the step \"Polish\" (PolishTheBell@3) cannot run here, chosen by anna."
        ),
        "it says why and by whom: {issue}"
    );
    let output = bench.output("after").join("\n");
    assert_eq!(output, "after $(bell.tone)", "what it would have set does not exist");
}

#[tokio::test]
async fn a_job_is_left_out_and_its_dependents_are_skipped() {
    let yaml = "jobs:\n- job: a\n  strategy: {matrix: {x: {v: 1}, y: {v: 2}}}\n  steps: [{script: echo, displayName: in a}]\n- job: b\n  dependsOn: a\n  steps: [{script: echo}]\n- job: c\n  dependsOn: a\n  condition: in(dependencies.a.result, 'Skipped')\n  steps: [{script: echo}]\n";
    let target = slipway_runner::SkipTarget::parse("__default/a").unwrap();
    let skips = vec![Skip { target, reason: "Skipped: chosen by anna.".to_owned() }];
    let bench = Bench { skips, ..Bench::new() };
    let report = bench.run(yaml).await;
    assert!(report.result.is_success(), "nothing failed: {report:?}");
    let job = |name| bench.end(RecordKind::Job, name).result;
    assert_eq!((job("a.x"), job("a.y")), (RunResult::Skipped, RunResult::Skipped), "each leg");
    assert_eq!(job("b"), RunResult::Skipped, "it depends on a skipped job");
    assert_eq!(job("c"), RunResult::Succeeded, "its condition sees the job as skipped");
}

#[test]
fn a_missing_program_is_a_warning() {
    let (found, skips) = chosen("steps:\n- pwsh: echo\n- pwsh: echo\n  enabled: false\n");
    if std::env::var("PATH")
        .is_ok_and(|path| std::env::split_paths(&path).any(|folder| folder.join("pwsh").is_file()))
    {
        assert!(found.is_empty(), "pwsh is there: {found:#?}");
        return;
    }
    assert_eq!(found.len(), 1, "said once, and not for what is switched off: {found:#?}");
    assert!(!found[0].blocks() && skips.is_empty(), "an earlier step may install it");
    assert!(found[0].diagnostic.message.contains("PowerShell@2 needs pwsh"), "{found:#?}");
}

#[test]
fn programs_of_a_container_are_only_known_there() {
    let yaml = "jobs:\n- job: a\n  container: some:image\n  steps:\n  - bash: echo\n  - task: CMake@1\n  - task: PythonScript@0\n    inputs: {scriptSource: inline, script: x}\n";
    let (found, _) = chosen(yaml);
    assert_eq!(found.len(), 1, "one word for the job: {found:#?}");
    let message = &found[0].diagnostic.message;
    assert!(message.contains("cmake, python or python3 is only known when it runs"), "{message}");
    assert!(!found[0].blocks(), "it keeps nothing from starting");
}

#[test]
fn the_access_token_is_told_once_for_the_run() {
    let yaml = "variables:\n  t: $(System.AccessToken)\nsteps:\n- bash: echo\n  env: {A: $(system.accesstoken)}\n";
    let (found, _) = chosen(yaml);
    assert_eq!(found.len(), 1, "once: {found:#?}");
    assert_eq!(found[0].diagnostic.span.line, 2, "where it is read first");
    assert!(!found[0].blocks() && found[0].target.is_none(), "nothing to leave out: {found:#?}");
    assert!(found[0].diagnostic.message.contains("no Azure DevOps server"), "{found:#?}");
}
