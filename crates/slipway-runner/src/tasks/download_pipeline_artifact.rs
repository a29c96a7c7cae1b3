//! `DownloadPipelineArtifact@2`, which is what `download:` means (§17.1).
//!
//! The shorthand, which planning marks with the input `download`, puts each artifact into a folder of its
//! name, and those of another pipeline below a folder named after its alias; the task with `artifact:` puts
//! its files straight into `path`.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::told::tell;
use crate::artifacts::{Fetch, Fetched, fetch, fetch_from};
use crate::error::RunnerError;
use crate::host::{RunChoice, WantedRun};
use crate::step_scope::StepScope;

pub(crate) struct DownloadPipelineArtifact;

#[async_trait]
impl Task for DownloadPipelineArtifact {
    fn spec(&self) -> &'static TaskSpec {
        &table::DOWNLOAD_PIPELINE_ARTIFACT_2
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let word = step.input("download");
        let alias = word.filter(|word| !word.eq_ignore_ascii_case("current"));
        let is_specific = step.required("source")?.eq_ignore_ascii_case("specific");
        let wanted = match alias {
            Some(alias) => match of_resource(step, alias) {
                Ok(wanted) => Some(wanted),
                Err(RunnerError::Host(error)) if is_added(step) => {
                    let hint = error.hint.unwrap_or_default();
                    let text = format!(
                        "Nothing is downloaded of the resource '{alias}': {}",
                        error.message
                    );
                    step.warning(&text).await;
                    step.line(&format!(
                        "{hint} Or say `download: none`, if the job does not need it."
                    ))
                    .await;
                    return Ok(RunResult::Succeeded);
                }
                Err(error) => return Err(error),
            },
            None if is_specific => Some(wanted(step, &INPUTS)?),
            None => None,
        };
        let name = step.input("artifact").map(str::to_owned);
        let into = step.resolve(step.required("path")?);
        let order = Fetch {
            has_own_folder: name.is_none() || word.is_some(),
            name,
            patterns: step.lines("patterns"),
            into: alias.map_or(into.clone(), |alias| into.join(alias)),
            unpacks_tars: false,
        };
        bring(step, wanted, order).await?;
        Ok(RunResult::Succeeded)
    }
}

/// Copies artifacts of this run, or of another.
pub(crate) async fn bring(
    step: &StepScope,
    wanted: Option<WantedRun>,
    order: Fetch,
) -> Result<(), RunnerError> {
    let run = &step.job.run;
    let copied = match wanted {
        None => fetch(run, order).await?,
        Some(wanted) => {
            let found = run.host.artifacts_of(&wanted).await?;
            step.line(&format!(
                "Downloading from run {} ({}) of {}",
                found.number, found.build_id, found.pipeline
            ))
            .await;
            tell(step, "BuildNumber", &found.number);
            fetch_from(found.artifacts, order).await?
        }
    };
    show(step, copied).await;
    Ok(())
}

async fn show(step: &StepScope, copied: Fetched) {
    if copied.is_empty() {
        step.line("The run has published no artifacts yet.").await;
    }
    for (name, extent) in copied {
        let text =
            format!("Downloaded artifact {name}: {} files, {} bytes", extent.files, extent.bytes);
        step.line(&text).await;
    }
}

/// What a task calls the inputs that choose a run.
pub(crate) struct RunInputs {
    pub(crate) project: &'static str,
    pub(crate) pipeline: &'static str,
    pub(crate) version: &'static str,
    pub(crate) branch: &'static str,
    pub(crate) run: &'static str,
}

const INPUTS: RunInputs = RunInputs {
    project: "project",
    pipeline: "pipeline",
    version: "runVersion",
    branch: "runBranch",
    run: "runId",
};

/// The run that the inputs name.
pub(crate) fn wanted(step: &StepScope, inputs: &RunInputs) -> Result<WantedRun, RunnerError> {
    let choice = match step.required(inputs.version)?.to_lowercase().as_str() {
        "latest" => RunChoice::Latest,
        "latestfrombranch" => RunChoice::LatestFromBranch(step.required(inputs.branch)?.to_owned()),
        "specific" => RunChoice::Run(step.required(inputs.run)?.to_owned()),
        _ => return Err(step.invalid(inputs.version, "latest, latestFromBranch or specific")),
    };
    let tags = step.input("tags").unwrap_or_default().split(',').map(str::trim);
    Ok(WantedRun {
        project: step.input(inputs.project).map(str::to_owned),
        pipeline: step.input(inputs.pipeline).map(str::to_owned),
        choice,
        tags: tags.filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        allows_partially_succeeded: step.flag("allowPartiallySucceededBuilds"),
        allows_failed: step.flag("allowFailedBuilds"),
    })
}

/// The run that stands behind an alias of `resources: pipelines:`.
fn of_resource(step: &StepScope, alias: &str) -> Result<WantedRun, RunnerError> {
    match step.job.run.pipelines.of_alias(alias) {
        None => Err(RunnerError::AliasUnknown { alias: alias.to_owned() }),
        Some(Err(error)) => Err(error.clone().into()),
        Some(Ok(run)) => Ok(WantedRun {
            project: Some(run.project.clone()),
            pipeline: Some(run.pipeline.clone()),
            choice: RunChoice::Run(run.run_id.clone()),
            tags: Vec::new(),
            allows_partially_succeeded: true,
            allows_failed: true,
        }),
    }
}

/// True if the service added the step: nobody asked for these artifacts by name.
fn is_added(step: &StepScope) -> bool {
    let own = step.job.shape.steps.iter().find(|own| own.record == step.record);
    own.is_some_and(|own| own.plan.kind != "download")
}
