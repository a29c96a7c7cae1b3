//! Test results and coverage.

use super::{TaskSpec, lines, off, on, path, pick, text};

/// Test results.
#[rustfmt::skip]
pub static PUBLISH_TEST_RESULTS_2: TaskSpec = TaskSpec::new("PublishTestResults", 2,
    "Publishes test results to the run.", &[
    pick("testRunner", &["JUnit", "NUnit", "VSTest", "XUnit", "CTest"], "The format of the files.").or("JUnit").also(&["testResultsFormat"]),
    lines("testResultsFiles", "Patterns of result files, one a line.").or("**/TEST-*.xml"),
    path("searchFolder", "The folder that patterns are relative to.").or("$(System.DefaultWorkingDirectory)"),
    off("mergeTestResults", "Make one test run of all files."),
    off("failTaskOnFailedTests", "Fail if a test failed."),
    off("failTaskOnFailureToPublishResults", "Fail if a file cannot be read."),
    off("failTaskOnMissingResultsFile", "Fail if no file matches."),
    text("testRunTitle", "A title for the test run."),
    text("platform", "The platform that was tested.").also(&["buildPlatform"]).under("Advanced"),
    text("configuration", "The configuration that was tested.").also(&["buildConfiguration"]).under("Advanced"),
    on("publishRunAttachments", "Attach the result files to the test run.").under("Advanced"),
]);

/// Coverage.
#[rustfmt::skip]
pub static PUBLISH_CODE_COVERAGE_RESULTS_2: TaskSpec = TaskSpec::new("PublishCodeCoverageResults", 2,
    "Publishes code coverage, read from Cobertura, JaCoCo and other summaries.", &[
    lines("summaryFileLocation", "Patterns of summary files, one a line.").required(),
    path("pathToSources", "The folder of the sources, where the summary has no full paths."),
    off("failIfCoverageEmpty", "Fail if there is no coverage."),
]);

/// Coverage, the older way.
#[rustfmt::skip]
pub static PUBLISH_CODE_COVERAGE_RESULTS_1: TaskSpec = TaskSpec::new("PublishCodeCoverageResults", 1,
    "Publishes code coverage of Cobertura or JaCoCo.", &[
    pick("codeCoverageTool", &["Cobertura", "JaCoCo"], "The tool that made the summary.").or("JaCoCo"),
    path("summaryFileLocation", "The summary file.").required(),
    path("pathToSources", "The folder of the sources."),
    path("reportDirectory", "The folder with the HTML report."),
    lines("additionalCodeCoverageFiles", "Further files to attach."),
    off("failIfCoverageEmpty", "Fail if there is no coverage."),
]);
