//! What the runner refuses before anything runs: by name, line and what to do instead.

use slipway_pipeline::diagnostic::Diagnostic;
use slipway_runner::{PoolTable, SkipTarget, catalog, obstacles, unsupported};

use crate::support::Bench;

fn said(yaml: &str) -> Vec<Diagnostic> {
    unsupported(&Bench::plan(yaml))
}

#[test]
fn an_unknown_task_is_refused_with_those_there_are() {
    let found = said(
        "steps:\n- task: Dokcer@2\n- task: Bash@9\n- task: PolishTheBell@3\n- task: VSTest@2\n",
    );
    assert_eq!(found.len(), 4, "each of them: {found:#?}");
    assert!(found[0].message.contains("'Dokcer@2' (line 2)"), "{}", found[0].message);
    let hint = found[0].hint.as_deref().unwrap();
    assert!(hint.starts_with("Did you mean 'Docker'? If you have the task's folder"), "{hint}");
    assert!(found[1].hint.as_deref().unwrap().starts_with("Here is Bash@3."), "{found:#?}");
    assert!(found[2].hint.as_deref().unwrap().contains("slipway tasks add"), "{found:#?}");
    let windows = &found[3];
    assert_eq!(windows.message, "VSTest@2 needs Windows and cannot run here (line 5).");
    assert_eq!(
        windows.hint.as_deref(),
        Some("Use DotNetCoreCLI@2 with test."),
        "what does instead"
    );
}

#[test]
fn builds_of_other_systems_and_feeds_are_refused() {
    let found = said(
        "resources:\n  repositories:\n  - repository: tools\n    type: git\n    name: tools\n  pipelines:\n  - pipeline: lib\n    source: lib\nsteps:\n- checkout: tools\n- download: lib\n- downloadBuild: lib\n- getPackage: feed\n- reviewApp: web\n- checkout: none\n- download: current\n",
    );
    let lines: Vec<u32> = found.iter().map(|it| it.span.line).collect();
    assert_eq!(lines, [12, 13, 14], "neither checkouts nor downloads: {found:#?}");
    assert!(found[1].message.contains("needs a feed"), "each says why: {found:#?}");
}

#[test]
fn words_of_inputs_that_cannot_be_followed_are_refused() {
    let found = said(
        "steps:\n- task: KubernetesManifest@0\n  inputs:\n    action: bake\n    renderType: helm2\n    helmChart: c\n- task: Npm@1\n  inputs: {command: publish, publishRegistry: useFeed, publishFeed: ours}\n- task: Npm@1\n  inputs: {command: ci}\n- task: UniversalPackages@0\n",
    );
    let messages: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`renderType: helm2` of KubernetesManifest@0 cannot run here (line 2).",
            "`publishRegistry: useFeed` of Npm@1 cannot run here (line 7).",
            "UniversalPackages@0 needs a feed of Azure Artifacts and cannot run here (line 11).",
        ],
        "each by its word and its line"
    );
}

#[test]
fn the_legs_of_a_matrix_for_other_systems_are_refused() {
    let plan = Bench::plan(
        "jobs:\n- job: test\n  pool: {vmImage: $(image)}\n  strategy:\n    matrix:\n      linux: {image: ubuntu-latest}\n      windows: {image: windows-2022}\n  steps: [{script: echo}]\n",
    );
    let found = obstacles(&plan, catalog(), Some(&PoolTable::default()));
    let told: Vec<String> =
        found.iter().map(|it| it.target.as_ref().unwrap().to_string()).collect();
    assert_eq!(told, ["__default/test.windows"], "only the leg that asks for Windows: {found:#?}");
    let whole = SkipTarget::parse("__default/test").unwrap();
    assert!(whole.covers(found[0].target.as_ref().unwrap()), "the job covers its legs");
}

#[test]
fn what_runs_is_not_refused() {
    for yaml in [
        "steps:\n- script: echo\n  target: host\n",
        "jobs:\n- job: a\n  strategy: {matrix: {x: {v: 1}}}\n  steps: [{script: echo}]\n",
        "jobs:\n- deployment: d\n  environment: e\n  strategy: {runOnce: {deploy: {steps: [{script: echo}]}}}\n",
    ] {
        assert!(said(yaml).is_empty(), "{yaml} runs: {:#?}", said(yaml));
    }
}
