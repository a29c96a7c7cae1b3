//! What the script tasks share: the file, the process, the verdict over its exit code (§23.1).
//!
//! Called by `cmd_line`, `bash` and `power_shell`. As on the vendor's agent there is no `set -e`: a script
//! fails with its last command, unless it says `set -e` itself.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use slipway_core::RunResult;

use crate::error::{OnPath, RunnerError};
use crate::output::Output;
use crate::process::{ProcessEnd, ProcessOrder, run};
use crate::scope::lock;
use crate::step_scope::StepScope;

/// A script that is ready to start.
pub(crate) struct Script {
    /// As the agent calls it: `Bash exited with code '1'.`
    pub(crate) shell: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) further_environment: Vec<(String, String)>,
    /// Its file, if nobody can need that once the step is over.
    pub(crate) spare: Option<PathBuf>,
}

/// Writes a script into the job's temporary folder.
pub(crate) fn write(step: &StepScope, extension: &str, text: &str) -> Result<PathBuf, RunnerError> {
    let path = next_file(step, extension);
    fs::write(&path, text).on("Writing", &path)?;
    Ok(path)
}

fn next_file(step: &StepScope, extension: &str) -> PathBuf {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    step.job.folders.temp.join(format!("{number}.{extension}"))
}

/// Writes a script of bash; answers its file, and that once more if it is spare after the step.
///
/// The file of an earlier script is taken for it where that is over: making a file is the dearest part of a step
/// that does little.
pub(crate) fn write_bash(
    step: &StepScope,
    text: &str,
) -> Result<(PathBuf, Option<PathBuf>), RunnerError> {
    let path = next_file(step, "sh");
    let spare = lock(&step.job.spare_script).take();
    let is_taken = spare.is_some_and(|file| fs::rename(file, &path).is_ok());
    // Not emptied first: the file system would write an emptied file to disk at once.
    let mut file = OpenOptions::new()
        .create(!is_taken)
        .write(true)
        .truncate(false)
        .open(&path)
        .on("Writing", &path)?;
    file.write_all(text.as_bytes()).on("Writing", &path)?;
    if is_taken {
        file.set_len(text.len() as u64).on("Writing", &path)?;
    }
    // A script that knows its own name may hand it on to a process that outlives the step.
    let names_itself = ["$0", "${0", "BASH_"].iter().any(|word| text.contains(word));
    let spare = (!names_itself).then(|| path.clone());
    Ok((path, spare))
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
    if matches!(end, ProcessEnd::Exited(_)) && !output.is_abandoned {
        *lock(&step.job.spare_script) = script.spare;
    }
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
