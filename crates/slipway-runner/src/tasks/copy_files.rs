//! `CopyFiles@2`: copies what matches from one folder to another.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::artifacts::copy_file;
use crate::error::{OnPath, RunnerError};
use crate::glob::find;
use crate::step_scope::StepScope;
use crate::workspace::{blocking, wipe};

pub(crate) struct CopyFiles;

/// So many files are copied before the log is written and a cancel is looked for.
const BATCH: usize = 128;

#[async_trait]
impl Task for CopyFiles {
    fn spec(&self) -> &'static TaskSpec {
        &table::COPY_FILES_2
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let source = step.resolve(step.input("SourceFolder").unwrap_or(""));
        if !source.is_dir() {
            return Err(RunnerError::PathMissing { path: source });
        }
        let target = step.resolve(step.required("TargetFolder")?);
        let files = files_of(step, &source, &target).await?;
        step.line(&format!("found {} files", files.len())).await;
        if files.is_empty() {
            return Ok(RunResult::Succeeded);
        }
        if step.flag("CleanTargetFolder") {
            step.line(&format!("Cleaning target folder: {}", target.display())).await;
            refuse_precious(step, &target)?;
            let folder = target.clone();
            blocking(move || empty(&folder)).await?;
        }
        let order = Order {
            overwrites: step.flag("OverWrite"),
            flattens: step.flag("flattenFolders"),
            keeps_times: step.flag("preserveTimestamp"),
            ignores_folders: step.flag("ignoreMakeDirErrors"),
            retries: number(step, "retryCount"),
            delay: Duration::from_millis(number(step, "delayBetweenRetries").into()),
            source,
            target,
        };
        let order = std::sync::Arc::new(order);
        for batch in files.chunks(BATCH) {
            if step.cancel.is_cancelled() {
                return Ok(RunResult::Canceled);
            }
            let (order, batch) = (std::sync::Arc::clone(&order), batch.to_vec());
            let (lines, error) = blocking(move || Ok(order.copy_all(&batch))).await?;
            step.line(&lines.join("\n")).await;
            if let Some(error) = error {
                return Err(error);
            }
        }
        Ok(RunResult::Succeeded)
    }
}

/// A number that is wrong counts as 0, as it does for the vendor.
fn number(step: &StepScope, input: &str) -> u32 {
    step.input(input).and_then(|text| text.parse().ok()).unwrap_or_default()
}

async fn files_of(
    step: &StepScope,
    source: &Path,
    target: &Path,
) -> Result<Vec<PathBuf>, RunnerError> {
    let patterns = step.lines("Contents");
    let (from, into, lines) = (source.to_owned(), target.to_owned(), patterns.clone());
    let files = blocking(move || {
        let mut found = find(&from, &lines)?;
        // What lies in the target already is no source, or each run would copy the copies of the last.
        found.retain(|path| path.starts_with(&from) && !path.starts_with(&into) && !path.is_dir());
        Ok(found)
    })
    .await?;
    if files.is_empty() {
        for pattern in patterns.iter().filter(|line| !line.starts_with('#')) {
            if pattern.contains('\\') {
                let text = format!(
                    "`{pattern}`: here `\\` takes the meaning of the next sign away; write /."
                );
                step.warning(&text).await;
            } else if pattern.contains('{') && pattern.contains(',') {
                let text = format!(
                    "`{pattern}`: braces are plain text in this task; write a line for each."
                );
                step.warning(&text).await;
            }
        }
    }
    Ok(files)
}

/// Emptying a folder that holds the user's own things is a slip of the pen.
fn refuse_precious(step: &StepScope, target: &Path) -> Result<(), RunnerError> {
    let run = &step.job.run;
    let home = run.parent_environment.iter().find(|(name, _)| name == "HOME");
    let home = home.map(|(_, path)| Path::new(path.as_str()));
    let holds = |path: &Path| path.starts_with(target);
    if holds(&step.job.folders.workspace) && target != step.job.folders.workspace
        || holds(&run.repository_path)
        || home.is_some_and(holds)
    {
        return Err(RunnerError::NotSupported {
            feature: format!("Emptying {}, which holds more than the target", target.display()),
            instead: "Name a folder of its own in `TargetFolder:`.".to_owned(),
        });
    }
    Ok(())
}

fn empty(folder: &Path) -> Result<(), RunnerError> {
    if !folder.is_dir() {
        return wipe(folder);
    }
    for entry in fs::read_dir(folder).on("Reading", folder)? {
        wipe(&entry.on("Reading", folder)?.path())?;
    }
    Ok(())
}

struct Order {
    source: PathBuf,
    target: PathBuf,
    overwrites: bool,
    flattens: bool,
    keeps_times: bool,
    ignores_folders: bool,
    retries: u32,
    delay: Duration,
}

impl Order {
    /// The lines for the log, and what stopped it.
    fn copy_all(&self, files: &[PathBuf]) -> (Vec<String>, Option<RunnerError>) {
        let mut lines = Vec::new();
        for file in files {
            if let Err(error) = self.copy(file, &mut lines) {
                return (lines, Some(error));
            }
        }
        (lines, None)
    }

    fn copy(&self, file: &Path, lines: &mut Vec<String>) -> Result<(), RunnerError> {
        let relative = match file.file_name() {
            Some(name) if self.flattens => name.as_ref(),
            _ => file.strip_prefix(&self.source).unwrap_or(file),
        };
        let to = self.target.join(relative);
        if to.is_dir() {
            return Err(RunnerError::TargetIsFolder { file: file.to_owned(), target: to });
        }
        if to.exists() {
            if !self.overwrites {
                let (from, to) = (file.display(), to.display());
                lines.push(format!("File {from} already exist at {to}"));
                return Ok(());
            }
            // A file copied onto itself would be emptied.
            if is_same(file, &to) {
                return Ok(());
            }
        }
        lines.push(format!("Copying {} to {}", file.display(), to.display()));
        if let Some(folder) = to.parent().filter(|folder| !folder.is_dir())
            && let Err(error) = fs::create_dir_all(folder).on("Creating", folder)
        {
            if !self.ignores_folders {
                return Err(error);
            }
            lines.push(format!("Unable to create target folder: {error} It is ignored."));
        }
        self.with_retries(file, &to, lines)?;
        if self.keeps_times
            && let Err(error) = keep_times(file, &to)
        {
            lines.push(format!("Problem preserving the timestamp: {error}"));
        }
        Ok(())
    }

    fn with_retries(
        &self,
        file: &Path,
        to: &Path,
        lines: &mut Vec<String>,
    ) -> Result<(), RunnerError> {
        let mut left = self.retries;
        loop {
            match replace(file, to) {
                Ok(()) => return Ok(()),
                Err(error) if left == 0 => return Err(error),
                Err(error) => {
                    lines.push(format!("{error} It is tried again, {left} times at most."));
                    left -= 1;
                    std::thread::sleep(self.delay);
                }
            }
        }
    }
}

fn replace(file: &Path, to: &Path) -> Result<(), RunnerError> {
    // A target that may not be written to is replaced, as `cp -f` does.
    if fs::symlink_metadata(to).is_ok_and(|facts| facts.permissions().readonly()) {
        wipe(to)?;
    }
    copy_file(file, to).map(drop)
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

fn keep_times(from: &Path, to: &Path) -> std::io::Result<()> {
    let facts = fs::metadata(from)?;
    let times =
        fs::FileTimes::new().set_accessed(facts.accessed()?).set_modified(facts.modified()?);
    fs::File::options().write(true).open(to)?.set_times(times)
}
