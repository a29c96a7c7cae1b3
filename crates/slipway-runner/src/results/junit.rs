//! JUnit: `testsuites`, `testsuite`, `testcase`, in any nesting.

use super::{Found, passed};
use crate::sink::{TestCase, TestOutcome};
use crate::xml::Element;

pub(super) fn read(root: &Element, found: &mut Found) {
    for child in &root.children {
        if matches!(child.name.as_str(), "testsuites" | "testsuite") {
            found.knows_root = true;
            suite(child, "", found);
        }
    }
}

fn suite(element: &Element, outer: &str, found: &mut Found) {
    let name = element.get("name").unwrap_or(outer);
    for child in &element.children {
        match child.name.as_str() {
            "testsuite" => suite(child, name, found),
            // A test that the file was cut off in may have been about to fail.
            "testcase" if child.is_whole => case(child, name, found),
            _ => {}
        }
    }
}

fn case(element: &Element, suite: &str, found: &mut Found) {
    let class = element.get("classname").filter(|class| !class.is_empty()).unwrap_or(suite);
    let time = found.seconds(element.get("time"));
    let base = passed(class, element.get("name").unwrap_or_default(), time);
    let child =
        |names: &[&str]| element.children.iter().find(|child| names.contains(&child.name.as_str()));
    let outputs =
        ["system-out", "system-err"].iter().filter_map(|name| element.child(name)?.words());
    let output = Some(outputs.collect::<Vec<_>>().join("\n"));
    if let Some(failure) = child(&["failure", "error"]) {
        let text = failure.words();
        let message =
            failure.get("message").or(failure.get("type")).filter(|m| !m.trim().is_empty());
        found.add(TestCase {
            outcome: TestOutcome::Failed,
            message: message.or(text.and_then(|text| text.lines().next())).map(str::to_owned),
            stack: text.map(str::to_owned),
            output,
            ..base
        });
    } else if let Some(skipped) = child(&["skipped"]) {
        let message = skipped.get("message").or(skipped.words()).map(str::to_owned);
        found.add(TestCase { outcome: TestOutcome::Skipped, message, ..base });
    } else {
        found.add(base);
    }
}
