//! Ends a task with what another task does: publishing test results after a build, packing what was published.
//!
//! Called by the build tasks. Deliberately not here: what the other task does.

use std::path::Path;

use slipway_core::RunResult;

use super::catalog;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

/// Runs another task of this runner within the step.
pub(crate) async fn run_within(
    step: &StepScope,
    (name, version): (&str, u32),
    inputs: &[(&str, String)],
) -> Result<RunResult, RunnerError> {
    let Some(task) = catalog().find(name, version) else {
        return Err(RunnerError::TaskUnknown { task: format!("{name}@{version}") });
    };
    let inner = step.within(task.spec(), inputs);
    let result = task.run(&inner).await;
    step.absorb(&inner);
    result
}

/// Publishes test results of a build; a build without any is warned about, as by the vendor.
pub(crate) async fn publish_tests(
    step: &StepScope,
    format: &str,
    folder: &Path,
    patterns: &str,
    title: Option<&str>,
) -> Result<RunResult, RunnerError> {
    let mut inputs = vec![
        ("testRunner", format.to_owned()),
        ("testResultsFiles", patterns.to_owned()),
        ("searchFolder", folder.display().to_string()),
    ];
    inputs.extend(title.map(|title| ("testRunTitle", title.to_owned())));
    run_within(step, ("PublishTestResults", 2), &inputs).await
}

/// Publishes JUnit results if the build's inputs say so; the build's own result stands.
pub(crate) async fn publish_junit(
    step: &StepScope,
    built: RunResult,
) -> Result<RunResult, RunnerError> {
    if built == RunResult::Canceled || !step.flag("publishJUnitResults") {
        return Ok(built);
    }
    let patterns = step.required("testResultsFiles")?;
    let title = step.input("testRunTitle");
    let published = publish_tests(step, "JUnit", &step.default_folder(), patterns, title).await?;
    Ok(if built == RunResult::Succeeded { published } else { built })
}
