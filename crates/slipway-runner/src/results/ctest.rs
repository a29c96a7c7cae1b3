//! CTest: `Site`, `Testing`, `Test`.

use super::{Found, passed};
use crate::sink::{TestCase, TestOutcome};
use crate::xml::Element;

pub(super) fn read(root: &Element, found: &mut Found) {
    let Some(site) = root.child("Site") else { return };
    found.knows_root = true;
    let suite = site.get("BuildName").or(site.get("Name")).unwrap_or_default();
    let tests = site.children.iter().filter(|child| child.name == "Testing");
    for test in tests.flat_map(|testing| &testing.children) {
        if test.name == "Test" && test.is_whole && test.get("Status").is_some() {
            case(test, suite, found);
        }
    }
}

fn case(element: &Element, suite: &str, found: &mut Found) {
    let name = element.child("Name").and_then(Element::words).unwrap_or_default();
    let results = element.child("Results");
    let value =
        |element: &Element| element.child("Value").and_then(Element::words).map(str::to_owned);
    let measured = |name: &str| {
        let of = |child: &&Element| child.get("name") == Some(name);
        results?.children.iter().find(of).and_then(value)
    };
    let time = measured("Execution Time");
    let time = found.seconds(time.as_deref());
    let output = results.and_then(|results| value(results.child("Measurement")?));
    let outcome = match element.get("Status").unwrap_or_default() {
        "passed" => TestOutcome::Passed,
        "notrun" => TestOutcome::Skipped,
        _ => TestOutcome::Failed,
    };
    let message = measured("Exit Code").filter(|_| outcome != TestOutcome::Passed);
    found.add(TestCase { outcome, message, output, ..passed(suite, name, time) });
}
