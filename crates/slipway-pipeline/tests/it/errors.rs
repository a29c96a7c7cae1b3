//! Files that are refused: code, line, column and words.

use slipway_pipeline::diagnostic::{Diagnostic, Severity};

use crate::catalog::{loaded, read};

/// `code line:column` of everything said about a file.
fn said(name: &str) -> Vec<String> {
    let loaded = loaded(name);
    assert!(loaded.plan.is_none(), "{name} has errors, so it has no plan");
    loaded.diagnostics.iter().map(short).collect()
}

fn short(diagnostic: &Diagnostic) -> String {
    format!("{} {}:{}", diagnostic.code, diagnostic.span.line, diagnostic.span.column)
}

fn find(name: &str, line: u32) -> Diagnostic {
    let found = loaded(name).diagnostics.into_iter().find(|at| at.span.line == line);
    found.unwrap_or_else(|| panic!("{name} says something about line {line}"))
}

#[test]
fn yaml_errors_have_a_place_and_an_expectation() {
    let found = loaded("yaml-errors").diagnostics;
    assert_eq!(found.len(), 1, "one is enough: {found:#?}");
    assert_eq!(found[0].code, "yaml_syntax");
    assert!(found[0].hint.as_ref().unwrap().starts_with("Expected"), "{found:#?}");
    assert_eq!(said("anchors"), ["anchor_not_supported 1:12", "anchor_not_supported 5:10"]);
    assert_eq!(said("empty"), ["missing_body 1:1"]);
}

#[test]
fn slips_of_the_finger_are_named_with_what_was_meant() {
    assert_eq!(
        said("misspelt"),
        [
            "missing_body 4:9",
            "unexpected_value 5:9",
            "unexpected_value 6:9",
            "unknown_dependency 9:20",
            "unexpected_value 12:13",
            "unknown_task 13:19",
            "unknown_task 14:19",
            "invalid_task 15:19",
            "missing_input 16:19",
            "bad_input_value 18:15",
            "unknown_input 19:15",
            "bad_input_value 22:15",
        ]
    );
    let displayname = find("misspelt", 5);
    assert_eq!(displayname.message, "Unexpected value 'displayname'");
    assert_eq!(displayname.hint.as_deref(), Some("Did you mean 'displayName'?"));
    assert_eq!(find("misspelt", 9).message, "Stage Build job two depends on unknown job tow.");
    assert_eq!(find("misspelt", 12).hint.as_deref(), Some("Did you mean 'condition'?"));
    let task = find("misspelt", 13);
    assert!(task.message.contains("a task called 'Dokcer@2'"), "{task:?}");
    assert_eq!(task.severity, Severity::Warning, "the Marketplace may have it");
    assert_eq!(task.hint.as_deref(), Some("Did you mean 'Docker'?"));
    assert_eq!(
        find("misspelt", 14).hint.as_deref(),
        Some("Known here is Docker@2."),
        "another version"
    );
    assert!(find("misspelt", 18).hint.unwrap().contains("Did you mean 'deploy'?"));
    let unknown = find("misspelt", 19);
    assert_eq!(unknown.severity, Severity::Warning, "the service passes unknown inputs on");
    assert_eq!(unknown.hint.as_deref(), Some("Did you mean 'manifests'?"));
}

#[test]
fn the_graph_is_checked_in_azures_words() {
    let loaded = loaded("graph-errors");
    let messages: Vec<&str> = loaded.diagnostics.iter().map(|at| at.message.as_str()).collect();
    for words in [
        "Stage A job y depends on job x which creates a cycle in the dependency graph.",
        "Stage A must contain at least one job with no dependencies.",
        "Stage B depends on unknown stage Nowhere.",
        "Stage B job Same appears more than once. Job names must be unique within a stage.",
        "Job same: The step name s appears more than once. Step names must be unique within a job.",
        "Job bad-name has an invalid name. Valid names may only contain alphanumeric characters and '_' and may not start with a number.",
    ] {
        assert!(messages.contains(&words), "{words} is not among {messages:#?}");
    }
    let cycle = read(
        "stages:\n- stage: A\n  dependsOn: B\n  jobs: [{job: j, steps: [{script: x}]}]\n- stage: B\n  jobs: [{job: j, steps: [{script: x}]}]\n",
    );
    assert_eq!(
        cycle.diagnostics[1].message,
        "Stage B depends on stage A which creates a cycle in the dependency graph.",
        "{:#?}",
        cycle.diagnostics
    );
}

#[test]
fn conditions_are_underlined_inside() {
    assert_eq!(
        said("condition-errors"),
        ["bad_condition 3:48", "bad_condition 6:23", "bad_condition 8:20", "bad_condition 13:13"]
    );
    assert_eq!(
        find("condition-errors", 3).message,
        "Unexpected symbol: ''y''. Located at position 33 within expression: and(succeeded(), eq(variables.x 'y'))."
    );
    assert_eq!(find("condition-errors", 8).hint.as_deref(), Some("Did you mean 'succeeded'?"));
    assert!(find("condition-errors", 13).hint.unwrap().contains("single quotes"));
}

#[test]
fn expressions_are_underlined_inside() {
    assert_eq!(
        said("expression-errors"),
        [
            "missing_parameter 2:5",
            "bad_parameter_value 6:14",
            "expression_not_allowed 8:14",
            "expression_unknown_key 10:33",
            "expression_syntax 11:22",
            "expression_syntax 12:22",
            "expression_syntax 13:18",
            "expression_syntax 14:5",
        ]
    );
    assert_eq!(
        find("expression-errors", 2).message,
        "A value for the 'must' parameter must be provided."
    );
}

#[test]
fn wrong_shapes_are_named() {
    assert_eq!(
        said("shapes"),
        [
            "wrong_type 1:8",
            "unexpected_value 2:1",
            "wrong_type 4:12",
            "unexpected_value 5:12",
            "wrong_type 6:7",
        ]
    );
    let nothing = read("trigger: none\n").diagnostics;
    assert_eq!(
        nothing[0].message,
        "There's not enough info to determine what you meant. Add one of these properties: stages, jobs, steps, extends"
    );
    assert_eq!(read("steps: []\nstep: x\n").diagnostics[0].message, "Unexpected value 'step'");
    assert_eq!(read("- a\n").diagnostics[0].message, "Expected a mapping");
}
