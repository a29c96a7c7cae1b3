//! `ArchiveFiles@2`: packs a file or folder. 7z and wim need the program 7z.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::tool::{Tool, run_tool};
use crate::archive::{Compression, Done, Format, Pack, pack};
use crate::error::RunnerError;
use crate::step_scope::StepScope;
use crate::workspace::{blocking, wipe};

pub(crate) struct ArchiveFiles;

/// So many names are written into the log.
const MOST_NAMES: usize = 10;

#[async_trait]
impl Task for ArchiveFiles {
    fn spec(&self) -> &'static TaskSpec {
        &table::ARCHIVE_FILES_2
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        let kind = step.input("archiveType").unwrap_or_default().to_ascii_lowercase();
        if matches!(kind.as_str(), "7z" | "wim") { vec!["7z"] } else { Vec::new() }
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let root = step.resolve(step.required("rootFolderOrFile")?);
        if !root.exists() {
            return Err(RunnerError::PathMissing { path: root });
        }
        let archive = step.resolve(step.required("archiveFile")?);
        let replaces = step.flag("replaceExistingArchive");
        if archive.is_dir() {
            let message = "exists, but is not a file".to_owned();
            return Err(RunnerError::Archive { path: archive, message });
        }
        if archive.exists() {
            let word = if replaces { "Replacing" } else { "Adding to" };
            step.line(&format!("{word} the archive {}", archive.display())).await;
        }
        let kind = step.required("archiveType")?.to_lowercase();
        let format = match kind.as_str() {
            "zip" | "default" => Format::Zip,
            "tar" => Format::Tar(compression(step)?),
            "7z" | "wim" => return seven_zip(step, &kind, &root, &archive, replaces).await,
            _ => return Err(step.invalid("archiveType", "zip, tar, 7z or wim")),
        };
        let entries = entries(step, &root)?;
        let order = Pack { entries, format, archive: archive.clone(), adds: !replaces };
        let done = blocking(move || pack(&order)).await?;
        tell(step, &done).await;
        step.line(&format!("Successfully created archive: {}", archive.display())).await;
        Ok(RunResult::Succeeded)
    }
}

fn compression(step: &StepScope) -> Result<Compression, RunnerError> {
    match step.required("tarCompression")?.to_lowercase().as_str() {
        "gz" => Ok(Compression::Gzip),
        "bz2" => Ok(Compression::Bzip2),
        "xz" => Ok(Compression::Xz),
        "none" => Ok(Compression::None),
        _ => Err(step.invalid("tarCompression", "gz, bz2, xz or none")),
    }
}

/// What goes in under which name.
fn entries(step: &StepScope, root: &Path) -> Result<Vec<(PathBuf, PathBuf)>, RunnerError> {
    let name = PathBuf::from(root.file_name().unwrap_or_default());
    let is_whole = step.flag("includeRootFolder") || !root.is_dir();
    Ok(vec![(root.to_owned(), if is_whole { name } else { PathBuf::new() })])
}

async fn tell(step: &StepScope, done: &Done) {
    for warning in &done.warnings {
        step.warning(warning).await;
    }
    if !step.flag("quiet") || step.flag("verbose") {
        let shown = if step.flag("verbose") { done.names.len() } else { MOST_NAMES };
        let mut lines: Vec<String> = done.names.iter().take(shown).cloned().collect();
        if done.names.len() > shown {
            lines.push(format!("… and {} more", done.names.len() - shown));
        }
        step.line(&lines.join("\n")).await;
    }
    step.line(&format!("Archived {} files, {} bytes", done.files, done.bytes)).await;
}

async fn seven_zip(
    step: &StepScope,
    kind: &str,
    root: &Path,
    archive: &Path,
    replaces: bool,
) -> Result<RunResult, RunnerError> {
    if replaces {
        let old = archive.to_owned();
        blocking(move || wipe(&old)).await?;
    }
    let level = match step.input("sevenZipCompression").unwrap_or("normal") {
        "ultra" => 9,
        "maximum" => 7,
        "fast" => 3,
        "fastest" => 1,
        "none" => 0,
        _ => 5,
    };
    let is_whole = step.flag("includeRootFolder") || !root.is_dir();
    let (folder, what) = match (root.parent(), root.file_name()) {
        (Some(parent), Some(name)) if is_whole => (parent, name.to_string_lossy().into_owned()),
        _ => (root, ".".to_owned()),
    };
    let tool = Tool::new("7z")
        .args(["a", &format!("-t{kind}"), &format!("-mx={level}")])
        .arg(archive.display().to_string())
        .arg(what)
        .at(folder);
    Ok(run_tool(step, tool).await?.judge(step).await)
}
