//! NUnit 3 (`test-run`) and 2 (`test-results`).

use super::{Found, passed, text_below};
use crate::sink::{TestCase, TestOutcome};
use crate::xml::Element;

pub(super) fn read(root: &Element, found: &mut Found) {
    for child in &root.children {
        if matches!(child.name.as_str(), "test-run" | "test-results" | "test-suite") {
            found.knows_root = true;
            suite(child, "", found);
        }
    }
}

fn suite(element: &Element, outer: &str, found: &mut Found) {
    let name = element.get("fullname").or(element.get("name")).unwrap_or(outer);
    for child in &element.children {
        match child.name.as_str() {
            "test-case" if child.is_whole => case(child, name, found),
            "test-suite" | "results" => {
                let outer = if child.name == "results" { name } else { outer };
                suite(child, outer, found);
            }
            _ => {}
        }
    }
}

fn case(element: &Element, suite: &str, found: &mut Found) {
    let suite = element.get("classname").unwrap_or(suite);
    let time = found.seconds(element.get("duration").or(element.get("time")));
    let name = element.get("name").unwrap_or_default();
    // NUnit 2 says whether it was run and whether that went well.
    let is_run = !element.get("executed").is_some_and(|word| word.eq_ignore_ascii_case("false"));
    let result = element.get("result").unwrap_or(match element.get("success") {
        Some(word) if word.eq_ignore_ascii_case("false") => "Failed",
        _ => "Passed",
    });
    let outcome = match result.to_ascii_lowercase().as_str() {
        _ if !is_run => TestOutcome::Skipped,
        "passed" | "success" | "warning" => TestOutcome::Passed,
        "skipped" | "ignored" | "inconclusive" | "notrunnable" => TestOutcome::Skipped,
        _ => TestOutcome::Failed,
    };
    found.add(TestCase {
        outcome,
        message: text_below(element, "message"),
        stack: text_below(element, "stack-trace"),
        output: text_below(element, "output"),
        ..passed(suite, name, time)
    });
}
