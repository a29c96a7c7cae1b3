//! Diagnostics and plans as lines and as JSON.

use serde_json::{Value, json};
use slipway_pipeline::diagnostic::{Diagnostic, Severity};
use slipway_pipeline::plan::{Plan, PlanStep};

/// How many errors there are.
pub(super) fn errors(diagnostics: &[Diagnostic]) -> usize {
    diagnostics.iter().filter(|at| at.severity == Severity::Error).count()
}

/// `file:line:column: error code: message`, with the hint below.
pub(super) fn lines(diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut lines = Vec::new();
    for at in diagnostics {
        lines.push(format!(
            "{}:{}:{}: {} {}: {}",
            at.file,
            at.span.line,
            at.span.column,
            word(at.severity),
            at.code,
            at.message
        ));
        if let Some(hint) = &at.hint {
            lines.push(format!("    {hint}"));
        }
    }
    lines
}

/// The last line of a check.
pub(super) fn summary(files: usize, diagnostics: &[Diagnostic]) -> String {
    let errors = errors(diagnostics);
    let warnings = diagnostics.iter().filter(|at| at.severity == Severity::Warning).count();
    format!(
        "{}: {}, {}",
        counted(files, "file"),
        counted(errors, "error"),
        counted(warnings, "warning")
    )
}

fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

/// All of it, for another program.
pub(super) fn json(diagnostics: &[Diagnostic]) -> Value {
    let list: Vec<Value> = diagnostics
        .iter()
        .map(|at| {
            json!({
                "file": at.file,
                "line": at.span.line,
                "column": at.span.column,
                "endLine": at.span.end_line,
                "endColumn": at.span.end_column,
                "severity": word(at.severity),
                "code": at.code,
                "message": at.message,
                "hint": at.hint,
            })
        })
        .collect();
    json!({ "errors": errors(diagnostics), "diagnostics": list })
}

/// The word for a severity.
pub(super) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "information",
    }
}

/// Stages, jobs and steps, indented.
pub(super) fn plan(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for stage in &plan.stages {
        lines.push(format!("stage {}{}", stage.name, waits(&stage.depends_on)));
        lines.extend(condition(stage.condition.as_deref(), "  "));
        for job in &stage.jobs {
            let kind = if job.deployment.is_some() { "deployment" } else { "job" };
            lines.push(format!("  {kind} {}{}", job.name, waits(&job.depends_on)));
            lines.extend(condition(job.condition.as_deref(), "    "));
            lines.extend(job.steps.iter().map(step));
        }
    }
    lines
}

fn step(step: &PlanStep) -> String {
    let reference = step.task_reference();
    if step.display_name.is_empty() || step.display_name == step.task {
        format!("    - {reference}")
    } else {
        format!("    - {reference} {}", step.display_name)
    }
}

fn waits(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" after {}", names.join(", ")) }
}

fn condition(text: Option<&str>, indent: &str) -> Option<String> {
    text.map(|text| {
        format!("{indent}when {}", text.split_whitespace().collect::<Vec<_>>().join(" "))
    })
}
