//! Each format of test results, whole and damaged.

use super::*;

fn seen(format: Format, text: &str) -> Vec<(String, String, TestOutcome, i64)> {
    let cases = read(format, text).unwrap().cases;
    let of = |case: TestCase| (case.suite, case.name, case.outcome, case.duration_ms);
    cases.into_iter().map(of).collect()
}

fn row(
    suite: &str,
    name: &str,
    outcome: TestOutcome,
    ms: i64,
) -> (String, String, TestOutcome, i64) {
    (suite.to_owned(), name.to_owned(), outcome, ms)
}

use TestOutcome::{Failed, Passed, Skipped};

const JUNIT: &str = r#"<?xml version="1.0"?><testsuites><testsuite name="api">
    <testcase classname="api.Board" name="adds" time="0.25"><system-out>quiet</system-out></testcase>
    <testcase classname="api.Board" name="moves" time="1.5"><failure message="no &gt; yes">at 3</failure><system-out>loud</system-out></testcase>
    <testcase name="later"><skipped/></testcase>
    </testsuite></testsuites>"#;

#[test]
fn junit_cases_have_suite_outcome_message_stack_and_output() {
    assert_eq!(
        seen(Format::JUnit, JUNIT),
        [
            row("api.Board", "adds", Passed, 250),
            row("api.Board", "moves", Failed, 1500),
            row("api", "later", Skipped, 0)
        ],
        "a case without a class belongs to its suite"
    );
    let cases = read(Format::JUnit, JUNIT).unwrap().cases;
    assert_eq!(cases[1].message.as_deref(), Some("no > yes"), "the message");
    assert_eq!(cases[1].stack.as_deref(), Some("at 3"), "the stack");
    assert_eq!(cases[1].output.as_deref(), Some("loud"), "what a failed test printed");
    assert_eq!(cases[0].output, None, "what a passed one printed is not kept");
}

#[test]
fn numbers_of_other_countries_are_read() {
    for (written, ms, warnings) in
        [("1,234.5", 1_234_500, 1), ("0,25", 250, 0), ("1,234", 1_234_000, 1), ("soon", 0, 0)]
    {
        let read = read(Format::JUnit, &JUNIT.replace("1.5", written)).unwrap();
        assert_eq!(read.cases[1].duration_ms, ms, "{written}");
        assert_eq!(read.warnings.len(), warnings, "{written}: {:?}", read.warnings);
    }
}

#[test]
fn a_cut_file_gives_what_is_whole() {
    for cut in ["<skipped/>", "time=\"1.5\"", "message=\"no &gt; yes\">at"] {
        let end = JUNIT.find(cut).unwrap() + cut.len() - 1;
        let read = read(Format::JUnit, &JUNIT[..end]).unwrap();
        assert!(!read.cases.is_empty(), "tests before {cut} are whole");
        assert!(read.warnings[0].contains("not whole"), "the cut is said: {:?}", read.warnings);
    }
    assert!(read(Format::JUnit, "no xml at all").is_err(), "no test in there");
    let error = read(Format::JUnit, "<html/>").unwrap_err();
    assert!(error.contains("<html>"), "another kind of file: {error}");
}

#[test]
fn no_cut_and_no_flipped_letter_panics() {
    for end in 0..JUNIT.len() {
        for format in [Format::JUnit, Format::NUnit, Format::VsTest, Format::XUnit, Format::CTest] {
            // Any answer will do.
            read(format, &JUNIT[..end]).ok();
            read(format, &format!("{}<{}", &JUNIT[..end], &JUNIT[end..])).ok();
        }
    }
}

#[test]
fn nunit_3_and_2_are_read() {
    let three = r#"<test-run><test-suite type="Assembly" name="a.dll"><test-suite type="TestFixture" fullname="A.Board">
        <test-case name="Adds" classname="A.Board" result="Passed" duration="0.01"/>
        <test-case name="Moves" classname="A.Board" result="Failed" duration="0.5"><failure><message><![CDATA[Expected 1]]></message><stack-trace>at A</stack-trace></failure></test-case>
        <test-case name="Later" classname="A.Board" result="Skipped"><reason><message>not now</message></reason></test-case>
        </test-suite></test-suite></test-run>"#;
    assert_eq!(
        seen(Format::NUnit, three),
        [
            row("A.Board", "Adds", Passed, 10),
            row("A.Board", "Moves", Failed, 500),
            row("A.Board", "Later", Skipped, 0)
        ],
        "NUnit 3"
    );
    let cases = read(Format::NUnit, three).unwrap().cases;
    assert_eq!(cases[1].message.as_deref(), Some("Expected 1"), "its message");
    let two = r#"<test-results name="a.dll"><test-suite name="A.Board"><results>
        <test-case name="A.Board.Adds" executed="True" success="True" time="0.010"/>
        <test-case name="A.Board.Moves" executed="True" success="False" time="0.5"><failure><message>no</message></failure></test-case>
        <test-case name="A.Board.Later" executed="False"/></results></test-suite></test-results>"#;
    let outcomes: Vec<TestOutcome> =
        seen(Format::NUnit, two).into_iter().map(|row| row.2).collect();
    assert_eq!(outcomes, [Passed, Failed, Skipped], "NUnit 2");
}

#[test]
fn trx_is_read_with_the_names_of_its_tests() {
    let text = r#"<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
        <UnitTestResult testId="1" testName="A.Board.Adds" outcome="Passed" duration="00:00:00.0100000"/>
        <UnitTestResult testId="2" testName="Moves" outcome="Failed" duration="00:01:01.5"><Output><StdOut>hi</StdOut><ErrorInfo><Message>no</Message><StackTrace>at A</StackTrace></ErrorInfo></Output></UnitTestResult>
        <UnitTestResult testId="1" testName="A.Board.Later" outcome="NotExecuted"/></Results>
        <TestDefinitions><UnitTest id="1"><TestMethod className="A.Board, a" name="Adds"/></UnitTest>
        <UnitTest id="2"><TestMethod className="A.Board" name="Moves"/></UnitTest></TestDefinitions></TestRun>"#;
    assert_eq!(
        seen(Format::VsTest, text),
        [
            row("A.Board", "Adds", Passed, 10),
            row("A.Board", "Moves", Failed, 61_500),
            row("A.Board", "Later", Skipped, 0)
        ],
        "trx"
    );
    let case = &read(Format::VsTest, text).unwrap().cases[1];
    let told = (case.message.as_deref(), case.stack.as_deref(), case.output.as_deref());
    assert_eq!(told, (Some("no"), Some("at A"), Some("hi")), "what a failed test tells");
}

#[test]
fn xunit_and_ctest_are_read() {
    let xunit = r#"<assemblies><assembly name="a.dll"><collection>
        <test type="A.Board" name="A.Board.Adds" result="Pass" time="0.01"/>
        <test type="A.Board" name="A.Board.Moves(x: 1)" result="Fail" time="0.5"><failure><message>no</message><stack-trace>at A</stack-trace></failure></test>
        <test type="A.Board" name="A.Board.Later" result="Skip"><reason>not now</reason></test></collection></assembly></assemblies>"#;
    assert_eq!(
        seen(Format::XUnit, xunit),
        [
            row("A.Board", "Adds", Passed, 10),
            row("A.Board", "Moves(x: 1)", Failed, 500),
            row("A.Board", "Later", Skipped, 0)
        ],
        "xUnit"
    );
    let ctest = r#"<Site BuildName="linux" Name="here"><Testing><TestList><Test>./a</Test></TestList>
        <Test Status="passed"><Name>a</Name><Results><NamedMeasurement name="Execution Time"><Value>0.5</Value></NamedMeasurement></Results></Test>
        <Test Status="failed"><Name>b</Name><Results><NamedMeasurement name="Exit Code"><Value>SEGFAULT</Value></NamedMeasurement><Measurement><Value>core dumped</Value></Measurement></Results></Test>
        <Test Status="notrun"><Name>c</Name></Test></Testing></Site>"#;
    assert_eq!(
        seen(Format::CTest, ctest),
        [
            row("linux", "a", Passed, 500),
            row("linux", "b", Failed, 0),
            row("linux", "c", Skipped, 0)
        ],
        "CTest"
    );
    let case = &read(Format::CTest, ctest).unwrap().cases[1];
    assert_eq!(case.output.as_deref(), Some("core dumped"), "what it printed");
}

#[test]
fn what_a_test_says_is_bounded() {
    let text = JUNIT.replace("at 3", &"x".repeat(200_000));
    let case = &read(Format::JUnit, &text).unwrap().cases[1];
    let length = case.stack.as_ref().unwrap().len();
    assert!(length < 70_000, "{length} bytes are kept");
}
