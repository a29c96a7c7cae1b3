//! VSTest's trx: results and, apart from them, what each test is called.

use std::collections::HashMap;

use super::{Found, passed, text_below};
use crate::sink::{TestCase, TestOutcome};
use crate::xml::Element;

pub(super) fn read(root: &Element, found: &mut Found) {
    let Some(run) = root.child("TestRun") else { return };
    found.knows_root = true;
    let mut classes = HashMap::new();
    for test in
        run.child("TestDefinitions").map(|list| list.children.as_slice()).unwrap_or_default()
    {
        if let (Some(id), Some(method)) = (test.get("id"), test.below("TestMethod")) {
            // `Name.Space.Class, Assembly, Version=…`
            let class = method.get("className").unwrap_or_default();
            classes.insert(id, class.split(',').next().unwrap_or_default());
        }
    }
    if let Some(results) = run.child("Results") {
        for result in &results.children {
            case(result, &classes, found);
        }
    }
}

fn case(element: &Element, classes: &HashMap<&str, &str>, found: &mut Found) {
    let Some(name) = element.get("testName").filter(|_| element.is_whole) else { return };
    // A test with rows of data holds a result for each of them.
    if let Some(inner) = element.child("InnerResults") {
        for result in &inner.children {
            case(result, classes, found);
        }
        return;
    }
    let class = element.get("testId").and_then(|id| classes.get(id)).copied().unwrap_or_default();
    let name = name.strip_prefix(class).map_or(name, |rest| rest.trim_start_matches('.'));
    let outcome = match element.get("outcome").unwrap_or("Failed").to_ascii_lowercase().as_str() {
        "passed" | "passedbutrunaborted" | "warning" | "completed" => TestOutcome::Passed,
        "notexecuted" | "inconclusive" | "notrunnable" | "pending" | "disconnected" => {
            TestOutcome::Skipped
        }
        _ => TestOutcome::Failed,
    };
    found.add(TestCase {
        outcome,
        message: text_below(element, "Message"),
        stack: text_below(element, "StackTrace"),
        output: text_below(element, "StdOut").or_else(|| text_below(element, "StdErr")),
        ..passed(class, name, element.get("duration").map_or(0, span))
    });
}

/// `00:01:02.5000000`, perhaps with days in front, in milliseconds.
fn span(text: &str) -> i64 {
    let mut seconds = 0.0;
    for part in text.split(':') {
        seconds = seconds * 60.0 + part.trim().parse::<f64>().unwrap_or(0.0);
    }
    (seconds * 1000.0).round() as i64
}
