//! Diagnostics as a SARIF 2.1.0 log, which code hosts and editors read.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeSet;

use serde_json::{Value, json};
use slipway_pipeline::diagnostic::{Diagnostic, Severity};

/// A log with one run.
pub(super) fn log(diagnostics: &[Diagnostic]) -> Value {
    let codes: BTreeSet<&str> = diagnostics.iter().map(|at| at.code.as_str()).collect();
    let rules: Vec<Value> = codes.iter().map(|code| json!({ "id": code })).collect();
    let results: Vec<Value> = diagnostics.iter().map(result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "slipway",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            // Columns are counted in characters, not in UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(at: &Diagnostic) -> Value {
    let text = match &at.hint {
        Some(hint) => format!("{} {hint}", at.message),
        None => at.message.clone(),
    };
    let level = match at.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "note",
    };
    json!({
        "ruleId": at.code,
        "level": level,
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": at.file.replace(' ', "%20") },
            "region": {
                "startLine": at.span.line.max(1),
                "startColumn": at.span.column.max(1),
                "endLine": at.span.end_line.max(1),
                "endColumn": at.span.end_column.max(1),
            },
        }}],
    })
}
