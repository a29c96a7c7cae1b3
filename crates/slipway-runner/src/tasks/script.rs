//! What the script tasks share: the file, the process, the verdict over its exit code (§23.1).
//!
//! Called by `cmd_line`, `bash` and `power_shell`. As on the vendor's agent there is no `set -e`: a script
//! fails with its last command, unless it says `set -e` itself.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use slipway_core::RunResult;

use crate::error::{OnPath, RunnerError};
use crate::output::Output;
use crate::process::{ProcessEnd, ProcessOrder, run};
use crate::step_scope::StepScope;

/// A script that is ready to start.
pub(crate) struct Script {
    /// As the agent calls it: `Bash exited with code '1'.`
    pub(crate) shell: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) further_environment: Vec<(String, String)>,
}

/// Writes a script into the job's temporary folder.
pub(crate) fn write(step: &StepScope, extension: &str, text: &str) -> Result<PathBuf, RunnerError> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let path = step.job.folders.temp.join(format!("{number}.{extension}"));
    fs::write(&path, text).on("Writing", &path)?;
    Ok(path)
}

/// Says what will run, as the agent does.
pub(crate) async fn announce(step: &StepScope, text: &str) {
    let mut lines = String::from("Generating script.\n");
    if text.lines().count() == 1 && !text.contains("##vso[") {
        lines.push_str("Script contents:\n");
        lines.push_str(text.trim_end());
        lines.push('\n');
    }
    lines
        .push_str("========================== Starting Command Output ===========================");
    step.line(&lines).await;
}

/// Runs the script and judges its end.
pub(crate) async fn execute(step: &StepScope, script: Script) -> Result<RunResult, RunnerError> {
    let folder = step.working_folder()?;
    let mut environment = step.environment();
    environment.extend(script.further_environment);
    let order = ProcessOrder {
        program: script.program,
        arguments: script.arguments,
        folder,
        environment,
        marker: step.record.to_string(),
    };
    let fails_on_stderr = step.flag("failOnStderr");
    let mut output = Output::new(step, fails_on_stderr);
    let end = run(&order, &mut output, &step.cancel).await?;
    let has_stderr = output.has_stderr;
    let mut result = RunResult::Succeeded;
    match end {
        ProcessEnd::Stopped => return Ok(RunResult::Canceled),
        ProcessEnd::Exited(0) => {}
        ProcessEnd::Exited(code) => {
            step.error(&format!("{} exited with code '{code}'.", script.shell)).await;
            if code == 137 {
                step.line("137 means that it was killed, most often because memory ran out.").await;
            }
            result = RunResult::Failed;
        }
    }
    if fails_on_stderr && has_stderr {
        let text =
            format!("{} wrote one or more lines to the standard error stream.", script.shell);
        step.error(&text).await;
        result = RunResult::Failed;
    }
    Ok(result)
}
