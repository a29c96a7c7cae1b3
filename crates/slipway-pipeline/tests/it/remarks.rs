//! What is good to know and no mistake: a remark never costs the plan.

use slipway_pipeline::diagnostic::Severity;
use slipway_pipeline::plan::Plan;

use crate::catalog::read;

/// `code line:column` of the remarks about a file that has a plan.
fn remarks(text: &str) -> Vec<String> {
    let loaded = read(text);
    assert!(loaded.plan.is_some(), "a remark is no error: {:#?}", loaded.diagnostics);
    loaded
        .diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Information)
        .map(|it| format!("{} {}:{}", it.code, it.span.line, it.span.column))
        .collect()
}

#[test]
fn a_condition_that_forgets_failures_is_pointed_at() {
    let step = |condition: &str| format!("steps:\n- script: x\n  condition: {condition}\n");
    let forgets = |condition: &str| !remarks(&step(condition)).is_empty();
    assert_eq!(
        remarks(&step("eq(variables.a, '1')")),
        ["condition_without_status 3:14"],
        "it holds after a failure as well"
    );
    for fine in ["and(succeeded(), eq(variables.a, '1'))", "always()", "false", "not(canceled())"] {
        assert!(!forgets(fine), "{fine} says what it wants");
    }
    let reads = "jobs:\n- job: a\n  steps: [{script: x}]\n- job: b\n  dependsOn: a\n  condition: in(dependencies.a.result, 'Failed')\n  steps: [{script: x}]\n";
    assert!(remarks(reads).is_empty(), "who reads a result thinks of failures");
}

#[test]
fn the_first_key_says_what_an_item_is() {
    assert_eq!(remarks("steps:\n- displayName: a\n  script: x\n"), ["first_key 3:3"]);
    assert_eq!(
        remarks("jobs:\n- displayName: a\n  job: b\n  steps: [{script: x}]\n"),
        ["first_key 3:3"]
    );
}

#[test]
fn old_words_are_told_the_new_ones() {
    let text =
        "resources:\n- repo: self\nphases:\n- phase: a\n  queue: Hosted\n  steps: [{script: x}]\n";
    assert_eq!(
        remarks(text),
        ["deprecated 1:1", "deprecated 3:1", "deprecated 4:3", "deprecated 5:3"]
    );
}

#[test]
fn a_plan_goes_over_the_wire_and_back() {
    let loaded = read(crate::catalog::text("loop"));
    let mut plan = loaded.plan.unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    let back: Plan = serde_json::from_str(&text).unwrap();
    // Only where the keys stand is not kept: it is for whoever reads the file itself.
    for stage in &mut plan.stages {
        stage.keys = Default::default();
        for job in &mut stage.jobs {
            job.keys = Default::default();
            job.steps.iter_mut().for_each(|step| step.keys = Default::default());
        }
    }
    assert_eq!(back, plan, "nothing is lost");
}
