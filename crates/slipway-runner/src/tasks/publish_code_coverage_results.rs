//! `PublishCodeCoverageResults@2` and `@1`: reads coverage summaries and attaches them to the run.
//!
//! The HTML report that version 1 may name stays where it is: the run shows the numbers by file.

use std::path::Path;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;

use super::Task;
use crate::coverage::{Coverage, read};
use crate::error::RunnerError;
use crate::glob::find_files;
use crate::sink::FileCoverage;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

/// One of the two versions.
pub(crate) struct PublishCodeCoverageResults(pub(crate) &'static TaskSpec);

#[async_trait]
impl Task for PublishCodeCoverageResults {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        step.required("summaryFileLocation")?;
        let patterns = step.lines("summaryFileLocation");
        let pattern = patterns.join(", ");
        let folder = step.default_folder();
        let files = blocking(move || find_files(&folder, &patterns)).await?;
        let mut coverages = Vec::new();
        for file in &files {
            match read_file(file).await {
                Ok(coverage) => {
                    let shown = file.display();
                    if let Some(warning) = &coverage.warning {
                        step.warning(&format!("{shown}: {warning}")).await;
                    }
                    let (format, count) = (coverage.format, coverage.files.len());
                    step.line(&format!("Read {shown}: {format}, {count} files")).await;
                    coverages.push(coverage);
                }
                Err(message) => {
                    step.warning(&format!("Failed to read {}: {message}.", file.display())).await;
                }
            }
        }
        let found: Vec<FileCoverage> =
            coverages.into_iter().flat_map(|coverage| coverage.files).collect();
        if found.is_empty() {
            return empty(step, files.is_empty(), &pattern).await;
        }
        let shown = shortened(step, found);
        step.line(&totals(&shown)).await;
        step.job.run.recorder.coverage(&step.record, shown).await;
        Ok(RunResult::Succeeded)
    }
}

async fn read_file(file: &Path) -> Result<Coverage, String> {
    let bytes = tokio::fs::read(file).await.map_err(|error| error.to_string())?;
    tokio::task::spawn_blocking(move || read(&bytes)).await.map_err(|error| error.to_string())?
}

async fn empty(
    step: &StepScope,
    has_no_file: bool,
    pattern: &str,
) -> Result<RunResult, RunnerError> {
    let text = match has_no_file {
        true => format!("No code coverage results were found: no file matches {pattern}."),
        false => format!("No code coverage results were found in {pattern}."),
    };
    if step.flag("failIfCoverageEmpty") {
        step.error(&text).await;
        return Ok(RunResult::Failed);
    }
    step.warning(&text).await;
    Ok(RunResult::Succeeded)
}

/// Paths below the sources are shown from there.
fn shortened(step: &StepScope, files: Vec<FileCoverage>) -> Vec<FileCoverage> {
    let given = step.input("pathToSources").map(|path| step.resolve(path));
    let folder = given.unwrap_or_else(|| step.default_folder());
    files
        .into_iter()
        .map(|file| {
            let below = Path::new(&file.path).strip_prefix(&folder).ok();
            let path = below.map_or(file.path.clone(), |below| below.display().to_string());
            FileCoverage { path: step.writer.mask(&path), ..file }
        })
        .collect()
}

fn totals(files: &[FileCoverage]) -> String {
    let sum = |of: fn(&FileCoverage) -> u32| files.iter().map(|file| u64::from(of(file))).sum();
    let (lines, all): (u64, u64) = (sum(|file| file.lines_covered), sum(|file| file.lines_total));
    let (taken, branches): (u64, u64) =
        (sum(|file| file.branches_covered), sum(|file| file.branches_total));
    let part = |covered: u64, total: u64| match total {
        0 => "none".to_owned(),
        _ => format!("{covered} of {total} ({:.1} %)", covered as f64 * 100.0 / total as f64),
    };
    format!("Coverage: lines {}, branches {}", part(lines, all), part(taken, branches))
}
