//! `DownloadBuildArtifacts@0` and `@1`: the older way to download; each artifact gets a folder of its name.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;

use super::Task;
use super::download_pipeline_artifact::{RunInputs, bring, wanted};
use crate::artifacts::Fetch;
use crate::error::RunnerError;
use crate::step_scope::StepScope;
use crate::workspace::{blocking, wipe};

/// One of the two versions, which differ in what they offer beside the download.
pub(crate) struct DownloadBuildArtifacts(pub(crate) &'static TaskSpec);

const INPUTS: RunInputs = RunInputs {
    project: "project",
    pipeline: "definition",
    version: "buildVersionToDownload",
    branch: "branchName",
    run: "buildId",
};

#[async_trait]
impl Task for DownloadBuildArtifacts {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let is_specific = step.required("buildType")?.eq_ignore_ascii_case("specific");
        let wanted = if is_specific { Some(wanted(step, &INPUTS)?) } else { None };
        let is_single = step.required("downloadType")?.eq_ignore_ascii_case("single");
        let into = step.resolve(step.required("downloadPath")?);
        if self.0.version > 0 && step.flag("cleanDestinationFolder") {
            let workspace = &step.job.folders.workspace;
            if !into.starts_with(workspace) || into == *workspace {
                let path = into.display().to_string();
                return Err(RunnerError::PathOutside { path, folder: workspace.clone() });
            }
            let folder = into.clone();
            blocking(move || wipe(&folder)).await?;
        }
        let name = if is_single { Some(step.required("artifactName")?.to_owned()) } else { None };
        let order = Fetch {
            name,
            patterns: step.lines("itemPattern"),
            into,
            has_own_folder: true,
            unpacks_tars: step.flag("extractTars"),
        };
        bring(step, wanted, order).await?;
        Ok(RunResult::Succeeded)
    }
}
