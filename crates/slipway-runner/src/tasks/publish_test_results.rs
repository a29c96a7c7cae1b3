//! `PublishTestResults@2`: reads result files and attaches their tests to the run (§17.3). JUnit only.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::junit::read;
use crate::error::RunnerError;
use crate::glob::find_files;
use crate::sink::{TestCase, TestOutcome};
use crate::step_scope::StepScope;
use crate::workspace::blocking;

pub(crate) struct PublishTestResults;

#[async_trait]
impl Task for PublishTestResults {
    fn spec(&self) -> &'static TaskSpec {
        &table::PUBLISH_TEST_RESULTS_2
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let format = step.required("testRunner")?;
        if !format.eq_ignore_ascii_case("JUnit") {
            return Err(RunnerError::NotSupported {
                feature: format!("The test result format {format}"),
                instead: "Let the tests write JUnit files.".to_owned(),
            });
        }
        let pattern = step.lines("testResultsFiles").join(", ");
        let (folder, patterns) =
            (step.resolve(step.required("searchFolder")?), step.lines("testResultsFiles"));
        let files = blocking(move || find_files(&folder, &patterns)).await?;
        if files.is_empty() {
            if step.flag("failTaskOnMissingResultsFile") {
                return Err(RunnerError::TestResultsMissing { pattern });
            }
            step.warning(&format!("No test result files matching {pattern} were found.")).await;
            return Ok(RunResult::Succeeded);
        }
        let (per_file, has_unreadable) = read_all(step, &files).await;
        let all: Vec<TestCase> = per_file.iter().flatten().cloned().collect();
        publish(step, per_file).await;
        summarize(step, &all, files.len()).await;
        if has_unreadable && step.flag("failTaskOnFailureToPublishResults") {
            return Ok(RunResult::Failed);
        }
        let failed: Vec<&TestCase> =
            all.iter().filter(|case| case.outcome == TestOutcome::Failed).collect();
        match failed.first() {
            Some(first) if step.flag("failTaskOnFailedTests") => Err(RunnerError::TestsFailed {
                failed: failed.len(),
                total: all.len(),
                first: first.name.clone(),
            }),
            _ => Ok(RunResult::Succeeded),
        }
    }
}

/// The tests of each file, and whether a file could not be read.
async fn read_all(step: &StepScope, files: &[PathBuf]) -> (Vec<Vec<TestCase>>, bool) {
    let mut per_file = Vec::new();
    let mut has_unreadable = false;
    for file in files {
        match read_file(file).await {
            Ok((cases, warnings)) => {
                for warning in warnings {
                    step.warning(&format!("{}: {warning}", file.display())).await;
                }
                per_file.push(cases.into_iter().map(|case| masked(step, case)).collect());
            }
            Err(message) => {
                has_unreadable = true;
                let text = format!("Failed to read {}: {message}.", file.display());
                if step.flag("failTaskOnFailureToPublishResults") {
                    step.error(&text).await;
                } else {
                    step.warning(&text).await;
                }
            }
        }
    }
    (per_file, has_unreadable)
}

async fn read_file(file: &Path) -> Result<(Vec<TestCase>, Vec<String>), String> {
    let bytes = tokio::fs::read(file).await.map_err(|error| error.to_string())?;
    let results = read(&String::from_utf8_lossy(&bytes))?;
    Ok((results.cases, results.warnings))
}

/// What a test printed may hold a secret.
fn masked(step: &StepScope, case: TestCase) -> TestCase {
    TestCase { message: case.message.map(|message| step.writer.mask(&message)), ..case }
}

async fn publish(step: &StepScope, per_file: Vec<Vec<TestCase>>) {
    let title = match step.input("testRunTitle") {
        Some(title) => title.to_owned(),
        None => format!("JUnit_TestResults_{}", step.job.run.evidence.build_id),
    };
    let title = step.writer.mask(&title);
    let recorder = &step.job.run.recorder;
    if step.flag("mergeTestResults") || per_file.len() == 1 {
        recorder.tests(&title, &step.record, per_file.into_iter().flatten().collect()).await;
        return;
    }
    for (index, cases) in per_file.into_iter().enumerate() {
        recorder.tests(&format!("{title}_{}", index + 1), &step.record, cases).await;
    }
}

async fn summarize(step: &StepScope, all: &[TestCase], files: usize) {
    let count = |outcome| all.iter().filter(|case| case.outcome == outcome).count();
    step.line(&format!(
        "Published {} tests of {files} files: {} passed, {} failed, {} skipped",
        all.len(),
        count(TestOutcome::Passed),
        count(TestOutcome::Failed),
        count(TestOutcome::Skipped)
    ))
    .await;
    for case in all.iter().filter(|case| case.outcome == TestOutcome::Failed) {
        let first =
            case.message.as_deref().and_then(|text| text.lines().next()).unwrap_or_default();
        step.line(format!("Failed: {} {} {first}", case.suite, case.name).trim_end()).await;
    }
}
