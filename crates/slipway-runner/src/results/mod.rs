//! Test results of the five formats that the vendor knows, as one kind of test.
//!
//! Called by `tasks::publish_test_results`. A damaged file gives the tests that stand before the damage.
//! Deliberately not here: finding files, what a failed test means for the step.

mod ctest;
mod junit;
mod nunit;
mod trx;
mod xunit;

use crate::sink::{TestCase, TestOutcome};
use crate::xml::{Element, cut, tree};

/// A format of result files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    JUnit,
    NUnit,
    VsTest,
    XUnit,
    CTest,
}

impl Format {
    /// By the word of the task's input, and the word that a title begins with.
    pub(crate) fn of(word: &str) -> Option<(Self, &'static str)> {
        const WORDS: [(Format, &str); 5] = [
            (Format::JUnit, "JUnit"),
            (Format::NUnit, "NUnit"),
            (Format::VsTest, "VSTest"),
            (Format::XUnit, "XUnit"),
            (Format::CTest, "CTest"),
        ];
        WORDS.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(word))
    }
}

/// The tests of a file, and what had to be mended.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) cases: Vec<TestCase>,
    pub(crate) warnings: Vec<String>,
}

/// Reads a file's text.
pub(crate) fn read(format: Format, text: &str) -> Result<Results, String> {
    let (root, damage) = tree(text)?;
    let mut found = Found::default();
    match format {
        Format::JUnit => junit::read(&root, &mut found),
        Format::NUnit => nunit::read(&root, &mut found),
        Format::VsTest => trx::read(&root, &mut found),
        Format::XUnit => xunit::read(&root, &mut found),
        Format::CTest => ctest::read(&root, &mut found),
    }
    let mut warnings = Vec::new();
    if !found.knows_root {
        let name = root.children.first().map_or("", |element| element.name.as_str());
        return Err(format!("<{name}> is not how a file of this format begins"));
    }
    if found.has_separators {
        warnings
            .push("A time was written with thousands separators; they were left out.".to_owned());
    }
    if let Some(damage) = damage {
        warnings.push(format!(
            "The file is not whole ({damage}); the {} tests up to its end were read.",
            found.cases.len()
        ));
    }
    Ok(Results { cases: found.cases, warnings })
}

/// What a format's reader fills.
#[derive(Debug, Default)]
struct Found {
    cases: Vec<TestCase>,
    /// The file begins as the format does.
    knows_root: bool,
    has_separators: bool,
}

/// So much is kept of what a test says.
const MOST_MESSAGE: usize = 16 * 1024;
const MOST_OUTPUT: usize = 64 * 1024;

impl Found {
    fn add(&mut self, case: TestCase) {
        let bounded = |text: Option<String>, most: usize| {
            text.map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
                .map(|text| bounded(text, most))
        };
        let is_failed = case.outcome == TestOutcome::Failed;
        self.cases.push(TestCase {
            message: bounded(case.message, MOST_MESSAGE),
            stack: bounded(case.stack, MOST_OUTPUT),
            // What a test printed matters when it failed.
            output: bounded(case.output.filter(|_| is_failed), MOST_OUTPUT),
            ..case
        });
    }

    /// Seconds as tools write them, in milliseconds; what is no number is 0.
    fn seconds(&mut self, text: Option<&str>) -> i64 {
        let Some(text) = text.map(str::trim) else { return 0 };
        let plain = match (text.contains(','), text.contains('.')) {
            // `0,25` of a German machine, but `1,234` of an English one.
            (true, false) if text.split(',').nth(1).is_none_or(|part| part.len() != 3) => {
                text.replace(',', ".")
            }
            (true, _) => {
                self.has_separators = true;
                text.replace(',', "")
            }
            _ => text.to_owned(),
        };
        let seconds = plain.parse::<f64>().unwrap_or(0.0);
        // Whole milliseconds; a negative or absurd time becomes 0 or the most there is.
        (seconds.max(0.0) * 1000.0).round() as i64
    }
}

fn bounded(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let kept = cut(&text, most);
    format!("{kept}\n… {} bytes are left out", text.len() - kept.len())
}

/// A test that passed, to be changed.
fn passed(suite: &str, name: &str, duration_ms: i64) -> TestCase {
    TestCase {
        suite: suite.to_owned(),
        name: name.to_owned(),
        outcome: TestOutcome::Passed,
        duration_ms,
        message: None,
        stack: None,
        output: None,
    }
}

/// The text of a child, however deep.
fn text_below(element: &Element, name: &str) -> Option<String> {
    element.below(name).and_then(Element::words).map(str::to_owned)
}

#[cfg(test)]
mod tests;
