//! Reads JUnit result files, also those that a strict reader refuses.
//!
//! Called by `publish_test_results`. Two faults are mended with a warning: times with thousands separators
//! (`1,234.5`) and files that were cut off. Deliberately not here: other formats.

use std::io::Cursor;
use std::sync::LazyLock;

use junit_parser::{TestStatus, TestSuite, from_reader};
use regex::Regex;

use crate::sink::{TestCase, TestOutcome};

/// The tests of a file, and what had to be mended.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) cases: Vec<TestCase>,
    pub(crate) warnings: Vec<String>,
}

/// Reads a file's text.
pub(crate) fn read(text: &str) -> Result<Results, String> {
    let refused = match parse(text) {
        Ok(cases) => return Ok(Results { cases, warnings: Vec::new() }),
        Err(refused) => refused,
    };
    let mut warnings = Vec::new();
    let timed = without_separators(text);
    if timed != text {
        warnings
            .push("A time was written with thousands separators; they were left out.".to_owned());
        if let Ok(cases) = parse(&timed) {
            return Ok(Results { cases, warnings });
        }
    }
    let whole = close_open_elements(&timed).ok_or_else(|| refused.clone())?;
    let cases = parse(&whole).map_err(|_| refused.clone())?;
    warnings.push(format!(
        "The file is not whole ({refused}); the {} tests up to its end were read.",
        cases.len()
    ));
    Ok(Results { cases, warnings })
}

fn parse(text: &str) -> Result<Vec<TestCase>, String> {
    let report = from_reader(Cursor::new(text)).map_err(|error| {
        // The parser's own text of an XML error does not say which.
        match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        }
    })?;
    let mut cases = Vec::new();
    for suite in &report.suites {
        collect(suite, &mut cases);
    }
    Ok(cases)
}

fn collect(suite: &TestSuite, cases: &mut Vec<TestCase>) {
    for case in &suite.cases {
        let class = case.classname.as_deref().filter(|class| !class.is_empty());
        let (outcome, message) = match &case.status {
            TestStatus::Success => (TestOutcome::Passed, None),
            TestStatus::Error(error) => (TestOutcome::Failed, joined(&error.message, &error.text)),
            TestStatus::Failure(failure) => {
                (TestOutcome::Failed, joined(&failure.message, &failure.text))
            }
            TestStatus::Skipped(skipped) => {
                (TestOutcome::Skipped, joined(&skipped.message, &skipped.text))
            }
        };
        cases.push(TestCase {
            suite: class.unwrap_or(&suite.name).to_owned(),
            name: case.original_name.clone(),
            outcome,
            // Whole milliseconds; a negative or absurd time becomes 0 or the most there is.
            duration_ms: (case.time.max(0.0) * 1000.0).round() as i64,
            message,
        });
    }
    for inner in &suite.suites {
        collect(inner, cases);
    }
}

fn joined(message: &str, text: &str) -> Option<String> {
    let (message, text) = (message.trim(), text.trim());
    match (message.is_empty(), text.is_empty()) {
        (true, true) => None,
        (true, false) => Some(text.to_owned()),
        (false, true) => Some(message.to_owned()),
        (false, false) if text.starts_with(message) => Some(text.to_owned()),
        (false, false) => Some(format!("{message}\n{text}")),
    }
}

fn without_separators(text: &str) -> String {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"\btime\s*=\s*["'][0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?["']"#)
            .expect("BUG: the pattern is constant and valid")
    });
    TIME.replace_all(text, |found: &regex::Captures<'_>| found[0].replace(',', "")).into_owned()
}

/// Cuts a file after its last whole test and closes what is open there. `None` if nothing is whole.
fn close_open_elements(text: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut safe: Option<(usize, Vec<&str>)> = None;
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|found| at + found) {
        let rest = &text[start..];
        let (end, is_element) =
            element_end(rest)?.map_or((None, false), |(end, is)| (Some(end), is));
        let Some(end) = end.map(|end| start + end) else { break };
        if is_element {
            let inner = &text[start + 1..end - 1];
            let name = inner.trim_start_matches('/');
            let name = name.split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default();
            if inner.starts_with('/') {
                open.pop();
            } else if !inner.ends_with('/') {
                open.push(name);
            }
            if open.iter().all(|name| name.starts_with("testsuite")) && !open.is_empty() {
                safe = Some((end, open.clone()));
            }
        }
        at = end;
    }
    let (end, open) = safe?;
    let mut whole = text[..end].to_owned();
    for name in open.iter().rev() {
        whole.push_str(&format!("</{name}>"));
    }
    Some(whole)
}

/// Where the markup that starts here ends, and whether it is an element; `Some(None)` if it does not end.
fn element_end(rest: &str) -> Option<Option<(usize, bool)>> {
    let after = |close: &str| rest.find(close).map(|at| at + close.len());
    let (end, is_element) = if rest.starts_with("<!--") {
        (after("-->"), false)
    } else if rest.starts_with("<![CDATA[") {
        (after("]]>"), false)
    } else if rest.starts_with("<?") {
        (after("?>"), false)
    } else if rest.starts_with("<!") {
        (after(">"), false)
    } else {
        (tag_end(rest), true)
    };
    Some(end.map(|end| (end, is_element)))
}

/// The end of a tag; `>` inside of quotes does not end it.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"<?xml version="1.0"?><testsuites><testsuite name="api">
        <testcase classname="api.Board" name="adds" time="0.25"/>
        <testcase classname="api.Board" name="moves" time="1.5"><failure message="no > yes">at 3</failure></testcase>
        <testcase name="later"><skipped/></testcase>
        </testsuite></testsuites>"#;

    #[test]
    fn cases_have_suite_outcome_and_message() {
        let read = read(WHOLE).unwrap();
        assert!(read.warnings.is_empty(), "nothing had to be mended");
        let seen: Vec<_> = read
            .cases
            .iter()
            .map(|case| (case.suite.as_str(), case.name.as_str(), case.outcome, case.duration_ms))
            .collect();
        assert_eq!(
            seen,
            [
                ("api.Board", "adds", TestOutcome::Passed, 250),
                ("api.Board", "moves", TestOutcome::Failed, 1500),
                ("api", "later", TestOutcome::Skipped, 0),
            ],
            "a case without a class belongs to its suite"
        );
        assert_eq!(read.cases[1].message.as_deref(), Some("no > yes\nat 3"), "message and text");
    }

    #[test]
    fn thousands_separators_are_mended() {
        let read = read(&WHOLE.replace("1.5", "1,234.5")).unwrap();
        assert_eq!(read.cases[1].duration_ms, 1_234_500, "the time is the number that was meant");
        assert_eq!(read.warnings.len(), 1, "and that is said");
    }

    #[test]
    fn a_cut_file_gives_what_is_whole() {
        for cut in ["<skipped/>", "time=\"1.5\"", "message=\"no > yes\">at"] {
            let end = WHOLE.find(cut).unwrap() + cut.len() - 1;
            let read = read(&WHOLE[..end]).unwrap();
            assert!(!read.cases.is_empty(), "tests before {cut} are whole");
            assert!(read.warnings[0].contains("not whole"), "the cut is said: {:?}", read.warnings);
        }
        assert!(
            read("<testsuites><testsuite><testc").is_ok_and(|read| read.cases.is_empty()),
            "none"
        );
        assert!(
            read("no xml at all").map_or(true, |read| read.cases.is_empty()),
            "no test in there"
        );
    }
}
