//! xUnit.net 2: `assemblies`, `assembly`, `collection`, `test`.

use super::{Found, passed, text_below};
use crate::sink::{TestCase, TestOutcome};
use crate::xml::Element;

pub(super) fn read(root: &Element, found: &mut Found) {
    for child in &root.children {
        if matches!(child.name.as_str(), "assemblies" | "assembly") {
            found.knows_root = true;
            tests(child, found);
        }
    }
}

fn tests(element: &Element, found: &mut Found) {
    for child in &element.children {
        match child.name.as_str() {
            "test" if child.is_whole => case(child, found),
            "assembly" | "collection" | "class" => tests(child, found),
            _ => {}
        }
    }
}

fn case(element: &Element, found: &mut Found) {
    let class = element.get("type").unwrap_or_default();
    let name = element.get("name").unwrap_or_default();
    let name = name.strip_prefix(class).map_or(name, |rest| rest.trim_start_matches('.'));
    let time = found.seconds(element.get("time"));
    let outcome = match element.get("result").unwrap_or_default().to_ascii_lowercase().as_str() {
        "pass" => TestOutcome::Passed,
        "skip" | "notrun" => TestOutcome::Skipped,
        _ => TestOutcome::Failed,
    };
    found.add(TestCase {
        outcome,
        message: text_below(element, "message").or_else(|| text_below(element, "reason")),
        stack: text_below(element, "stack-trace"),
        output: text_below(element, "output"),
        ..passed(class, name, time)
    });
}
