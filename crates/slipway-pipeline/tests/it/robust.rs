//! Whatever the text: an answer, soon, with places that exist.

use std::time::Duration;

use slipway_pipeline::Loaded;

use crate::catalog::{FILES, read};
use crate::cpu::Begun;

/// A plan, or an error; and every place lies in the text.
fn check(what: &str, text: &str) -> Loaded {
    let begun = Begun::now();
    let loaded = read(text);
    assert!(begun.elapsed() < Duration::from_secs(20), "{what} takes too long");
    assert_eq!(
        loaded.plan.is_none(),
        loaded
            .diagnostics
            .iter()
            .any(|at| at.severity == slipway_pipeline::diagnostic::Severity::Error),
        "{what}: no plan means an error, and an error means no plan: {:#?}",
        loaded.diagnostics
    );
    for diagnostic in &loaded.diagnostics {
        let span = diagnostic.span;
        assert!(span.line >= 1 && span.column >= 1, "{what}: {diagnostic:?} has a place");
        assert!(span.start <= span.end && span.end <= text.len(), "{what}: {diagnostic:?}");
        assert!(!diagnostic.message.is_empty() && !diagnostic.code.is_empty(), "{what}");
    }
    loaded
}

#[test]
fn every_file_loads_or_is_refused_at_a_place() {
    for (name, text) in FILES {
        check(name, text);
    }
}

#[test]
fn half_a_file_is_a_normal_state() {
    for (name, text) in FILES {
        for (at, _) in text.char_indices().step_by(7) {
            check(&format!("the first {at} bytes of {name}"), &text[..at]);
        }
    }
}

#[test]
fn a_line_less_is_a_normal_state() {
    for (name, text) in FILES {
        let lines: Vec<&str> = text.lines().collect();
        for missing in 0..lines.len() {
            let rest: Vec<&str> = lines
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != missing)
                .map(|(_, l)| *l)
                .collect();
            check(&format!("{name} without line {}", missing + 1), &rest.join("\n"));
        }
    }
}

#[test]
fn a_small_file_cannot_grow_without_end() {
    let list: Vec<String> = (0..60).map(|n| n.to_string()).collect();
    let list = list.join(", ");
    let mut text = format!("parameters:\n- name: l\n  type: object\n  default: [{list}]\nsteps:\n");
    for depth in 0..6 {
        let indent = "  ".repeat(depth);
        text.push_str(&format!("{indent}- ${{{{ each v{depth} in parameters.l }}}}:\n"));
    }
    text.push_str("            - script: echo\n");
    let loaded = check("nested loops", &text);
    assert!(
        loaded.diagnostics[0].message.starts_with("Maximum events exceeded"),
        "{:#?}",
        loaded.diagnostics
    );

    let mut text = String::from("variables:\n  v0: xxxxxxxxxx\n");
    for n in 1..40 {
        let last = n - 1;
        text.push_str(&format!(
            "  v{n}: ${{{{ variables.v{last} }}}}${{{{ variables.v{last} }}}}\n"
        ));
    }
    text.push_str("steps:\n- script: echo\n");
    let loaded = check("doubling variables", &text);
    assert!(loaded.plan.is_none(), "ten bytes doubled forty times are refused");
}

#[test]
fn thousands_of_anything_take_their_time_once() {
    let jobs: String = (0..5_000)
        .map(|n| {
            format!(
                "- job: J{n}\n  dependsOn: K{n}\n  displayname: x\n  steps: [{{task: T{n}@1}}]\n"
            )
        })
        .collect();
    check("jobs that wait for strangers", &format!("jobs:\n{jobs}"));
    let variables: String = (0..20_000).map(|n| format!("- {{name: v{n}, value: x}}\n")).collect();
    check("a long list of variables", &format!("variables:\n{variables}steps:\n- script: x\n"));
    let legs: String = (0..100).map(|n| format!("      l{n}: {{v: {n}}}\n")).collect();
    let jobs: String = (0..50)
        .map(|n| {
            let before = if n == 0 { String::new() } else { format!("  dependsOn: J{}\n", n - 1) };
            format!(
                "- job: J{n}\n{before}  strategy:\n    matrix:\n{legs}  steps: [{{script: x}}]\n"
            )
        })
        .collect();
    let plan = check("matrices that wait for matrices", &format!("jobs:\n{jobs}")).plan.unwrap();
    assert_eq!(plan.stages[0].jobs.len(), 50, "legs are no jobs of their own yet");
    assert_eq!(plan.stages[0].runnable_jobs().len(), 5_000, "until somebody runs them");
}

#[test]
fn odd_texts_are_answered() {
    for text in [
        "\0",
        "\u{feff}",
        "---\n",
        "...",
        "{",
        "[",
        "]",
        "a",
        "? a",
        "- - - -",
        "!!binary x",
        "%YAML 9.9\n---\na: 1",
        "steps:\n- ${{ if }}: x",
        "steps:\n- ${{ each }}: x",
        "steps: ${{ parameters }}",
        "steps:\n- ${{ insert }}: {script: x}",
        "${{ if true }}: x",
        "${{ each a in variables }}: {b: c}",
        "steps:\n- script: [a]",
        "steps:\n- task: @\n",
        "steps:\n- task: '@1'",
        "variables: [[]]",
        "variables:\n- name:\n  value: 1\nsteps: []",
        "stages:\n- stage:\n",
        "jobs:\n- job:\n",
        "parameters: 5\nsteps: []",
        "steps:\n- script: é${{ 'ü' }}${{ bogus() }}",
        "steps:\n- {script: x, env: {${{ if true }}: {a: b}}}",
        "pool: ${{ parameters.x }}\nsteps: []",
        "trigger: [[a]]\nsteps: []",
        "steps:\n- checkout:\n",
        "steps:\n- download:\n",
        "schedules: [{cron: ''}]\nsteps: []",
        "schedules: [{cron: '* * * * */99999999999'}]\nsteps: []",
        "jobs:\n- job: a\n  strategy: {parallel: 4294967296}\n  steps: []",
        "jobs:\n- job: a\n  strategy: {matrix: {'': {}, ' ': {}}}\n  steps: []",
        "jobs:\n- deployment:\n  environment: .\n  strategy: {rolling: {maxParallel: '%', deploy: {}}}",
        "resources: [[]]\nsteps: []",
        "resources: {containers: [{container: }], pipelines: [{trigger: [[]]}]}\nsteps: []",
        "jobs:\n- job: a\n  container: {alias: x}\n  services: [a]\n  steps: []",
        "jobs:\n- phase: {}\n  queue: []\n  server: []\n  steps: {}",
        "steps:\n- script: x\n  target: {settableVariables: [[]]}\n  condition: é('",
        "variables: [{group: }, {group: {}}]\nsteps: []",
        "name: '.'\nsteps: []",
    ] {
        check(&format!("{text:?}"), text);
    }
}
