//! `PublishTestResults@2`: reads result files and attaches their tests to the run (§17.3).

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::error::RunnerError;
use crate::glob::find_files;
use crate::results::{Format, read};
use crate::sink::{TestCase, TestOutcome};
use crate::step_scope::StepScope;
use crate::workspace::blocking;
use crate::xml::text_of;

pub(crate) struct PublishTestResults;

/// So many failures are named in the log; the run's tests show all of them.
const MOST_SHOWN: usize = 50;

#[async_trait]
impl Task for PublishTestResults {
    fn spec(&self) -> &'static TaskSpec {
        &table::PUBLISH_TEST_RESULTS_2
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let Some((format, word)) = Format::of(step.required("testRunner")?) else {
            return Err(step.invalid("testRunner", "JUnit, NUnit, VSTest, XUnit or CTest"));
        };
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
        let (per_file, has_unreadable) = read_all(step, format, &files).await;
        let counts = Counts::of(&per_file);
        summarize(step, &per_file, &counts, files.len()).await;
        publish(step, word, per_file).await;
        if has_unreadable && step.flag("failTaskOnFailureToPublishResults") {
            return Ok(RunResult::Failed);
        }
        match counts.first_failed {
            Some(first) if step.flag("failTaskOnFailedTests") => Err(RunnerError::TestsFailed {
                failed: counts.failed,
                total: counts.passed + counts.failed + counts.skipped,
                first,
            }),
            _ => Ok(RunResult::Succeeded),
        }
    }
}

#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    skipped: usize,
    first_failed: Option<String>,
}

impl Counts {
    fn of(per_file: &[Vec<TestCase>]) -> Self {
        let mut counts = Self::default();
        for case in per_file.iter().flatten() {
            match case.outcome {
                TestOutcome::Passed => counts.passed += 1,
                TestOutcome::Skipped => counts.skipped += 1,
                TestOutcome::Failed => {
                    counts.failed += 1;
                    counts.first_failed.get_or_insert_with(|| case.name.clone());
                }
            }
        }
        counts
    }
}

/// The tests of each file, and whether a file could not be read.
async fn read_all(
    step: &StepScope,
    format: Format,
    files: &[PathBuf],
) -> (Vec<Vec<TestCase>>, bool) {
    let mut per_file = Vec::new();
    let mut has_unreadable = false;
    for file in files {
        match read_file(format, file).await {
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

async fn read_file(format: Format, file: &Path) -> Result<(Vec<TestCase>, Vec<String>), String> {
    let bytes = tokio::fs::read(file).await.map_err(|error| error.to_string())?;
    let reading = tokio::task::spawn_blocking(move || read(format, &text_of(&bytes)));
    let results = reading.await.map_err(|error| error.to_string())??;
    Ok((results.cases, results.warnings))
}

/// What a test printed may hold a secret.
fn masked(step: &StepScope, case: TestCase) -> TestCase {
    let mask = |text: Option<String>| text.map(|text| step.writer.mask(&text));
    TestCase {
        suite: step.writer.mask(&case.suite),
        name: step.writer.mask(&case.name),
        message: mask(case.message),
        stack: mask(case.stack),
        output: mask(case.output),
        ..case
    }
}

async fn publish(step: &StepScope, word: &str, per_file: Vec<Vec<TestCase>>) {
    let title = match step.input("testRunTitle") {
        Some(title) => title.to_owned(),
        None => format!("{word}_TestResults_{}", step.job.run.evidence.build_id),
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

async fn summarize(step: &StepScope, per_file: &[Vec<TestCase>], counts: &Counts, files: usize) {
    let (passed, failed, skipped) = (counts.passed, counts.failed, counts.skipped);
    let total = passed + failed + skipped;
    let mut lines = vec![format!(
        "Published {total} tests of {files} files: {passed} passed, {failed} failed, {skipped} skipped"
    )];
    let all = per_file.iter().flatten();
    for case in all.filter(|case| case.outcome == TestOutcome::Failed).take(MOST_SHOWN) {
        let first =
            case.message.as_deref().and_then(|text| text.lines().next()).unwrap_or_default();
        let text = format!("Failed: {} {} {first}", case.suite, case.name);
        lines.push(text.trim_end().to_owned());
    }
    if failed > MOST_SHOWN {
        lines.push(format!("… and {} more; the run's tests show all", failed - MOST_SHOWN));
    }
    step.line(&lines.join("\n")).await;
}
