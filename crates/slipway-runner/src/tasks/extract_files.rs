//! `ExtractFiles@1`: unpacks archives. What is neither zip nor tar needs the program 7z.
//!
//! Files that are there are kept unless `overwriteExistingFiles` says otherwise; nothing is written outside
//! of the destination folder, whatever an archive names.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::tool::{Tool, run_tool};
use crate::archive::{Existing, Format, unpack};
use crate::error::RunnerError;
use crate::glob::{Links, find_with};
use crate::minimatch::Options;
use crate::step_scope::StepScope;
use crate::workspace::{blocking, wipe};

pub(crate) struct ExtractFiles;

#[async_trait]
impl Task for ExtractFiles {
    fn spec(&self) -> &'static TaskSpec {
        &table::EXTRACT_FILES_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let into = step.resolve(step.required("destinationFolder")?);
        let archives = archives(step).await?;
        let mut lines = vec![format!("Found: {} files to extract:", archives.len())];
        lines.extend(archives.iter().map(|archive| archive.display().to_string()));
        step.line(&lines.join("\n")).await;
        if step.flag("cleanDestinationFolder") && into.exists() {
            clean(step, &into, &archives).await?;
        }
        let existing =
            if step.flag("overwriteExistingFiles") { Existing::Replaced } else { Existing::Kept };
        for archive in archives {
            if step.cancel.is_cancelled() {
                return Ok(RunResult::Canceled);
            }
            step.line(&format!("Extracting file: {}", archive.display())).await;
            let result = match Format::of(&archive) {
                Some(format) => {
                    let target = into.clone();
                    let done =
                        blocking(move || unpack(&archive, format, &target, existing)).await?;
                    let (kept, others): (Vec<_>, Vec<_>) =
                        done.warnings.iter().partition(|text| text.ends_with("it is kept"));
                    for warning in others {
                        step.warning(warning).await;
                    }
                    if !kept.is_empty() {
                        let text = format!(
                            "{} files were there already and are kept; `overwriteExistingFiles: \
                             true` replaces them.",
                            kept.len()
                        );
                        step.warning(&text).await;
                    }
                    step.line(&format!("{} files, {} bytes", done.files, done.bytes)).await;
                    RunResult::Succeeded
                }
                None => seven_zip(step, &archive, &into, existing).await?,
            };
            if result != RunResult::Succeeded {
                return Ok(result);
            }
        }
        step.line("Successfully extracted all files.").await;
        Ok(RunResult::Succeeded)
    }
}

/// A line without a slash is looked for in every folder, as on Azure.
async fn archives(step: &StepScope) -> Result<Vec<PathBuf>, RunnerError> {
    let folder = step.default_folder();
    let mut patterns = Vec::new();
    for line in step.lines("archiveFilePatterns") {
        let is_wild = line.contains(['*', '?']);
        let path = step.resolve(&line);
        if !is_wild && !path.is_file() {
            return Err(RunnerError::PathMissing { path });
        }
        let is_name = is_wild && !line.contains('/') && !line.starts_with(['!', '#']);
        patterns.push(if is_name { format!("**/{line}") } else { line });
    }
    let options = Options { dot: false, brace: true };
    blocking(move || {
        let mut found = find_with(&folder, &patterns, options, Links::Followed)?;
        found.retain(|path| path.is_file());
        Ok(found)
    })
    .await
}

async fn clean(step: &StepScope, into: &Path, archives: &[PathBuf]) -> Result<(), RunnerError> {
    let holds = |path: &Path| path.starts_with(into);
    let holds_archive = archives.iter().any(|archive| holds(archive));
    if holds_archive || holds(&step.job.folders.workspace) || holds(&step.job.run.repository_path) {
        return Err(RunnerError::NotSupported {
            feature: format!("Emptying {}, which holds more than the target", into.display()),
            instead: "Say `cleanDestinationFolder: false`, or name a folder of its own.".to_owned(),
        });
    }
    step.line(&format!("Cleaning destination folder before extraction: {}", into.display())).await;
    let folder = into.to_owned();
    blocking(move || wipe(&folder)).await
}

async fn seven_zip(
    step: &StepScope,
    archive: &Path,
    into: &Path,
    existing: Existing,
) -> Result<RunResult, RunnerError> {
    let program = step.input("pathToSevenZipTool").unwrap_or("7z");
    let tool = Tool::new(program)
        .arg("x")
        .arg(if existing == Existing::Replaced { "-aoa" } else { "-aos" })
        .arg("-y")
        .arg(format!("-o{}", into.display()))
        .arg(archive.display().to_string());
    Ok(run_tool(step, tool).await?.judge(step).await)
}
