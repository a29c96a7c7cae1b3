//! `CopyFiles@2`: copies what matches from one folder to another.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::artifacts::{Extent, copy_file};
use crate::error::RunnerError;
use crate::glob::find_files;
use crate::step_scope::StepScope;
use crate::workspace::{blocking, wipe};

pub(crate) struct CopyFiles;

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
        let patterns = step.lines("Contents");
        let (cleans, overwrites, flattens) =
            (step.flag("CleanTargetFolder"), step.flag("OverWrite"), step.flag("flattenFolders"));
        let into = target.clone();
        let (extent, kept) = blocking(move || {
            let files = find_files(&source, &patterns)?;
            if cleans {
                wipe(&into)?;
            }
            let (mut extent, mut kept) = (Extent::default(), 0_u32);
            for file in files.iter().filter(|file| !file.starts_with(&into)) {
                let relative = match file.file_name() {
                    Some(name) if flattens => name.as_ref(),
                    _ => file.strip_prefix(&source).unwrap_or(file),
                };
                let to = into.join(relative);
                if to.exists() && !overwrites {
                    kept += 1;
                    continue;
                }
                let part = copy_file(file, &to)?;
                extent =
                    Extent { files: extent.files + part.files, bytes: extent.bytes + part.bytes };
            }
            Ok((extent, kept))
        })
        .await?;
        let text = format!(
            "Copied {} files ({} bytes) to {}",
            extent.files,
            extent.bytes,
            target.display()
        );
        step.line(&text).await;
        if kept > 0 {
            step.line(&format!(
                "{kept} files were there already; `OverWrite: true` replaces them."
            ))
            .await;
        }
        Ok(RunResult::Succeeded)
    }
}
