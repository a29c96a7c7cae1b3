//! Finds the run that a step wants artifacts of, among all projects of this data folder.
//!
//! Called by `run_host`. A project here has one pipeline, so that its name stands for both. Deliberately not
//! here: copying, which the runner does.

use slipway_core::{ErrorKind, RunResult, RunState};
use slipway_runner::{ArtifactsOfRun, RunChoice, RunOfPipeline, WantedRun};
use slipway_store::{ProjectRow, RunRow};

use crate::app::App;
use crate::error::ApiError;

/// So many runs are looked through; workspaces of older ones are gone.
const MOST_RUNS: u32 = 500;

impl App {
    /// The run that is wanted; `current` is the one that asks.
    pub(crate) async fn run_of(
        &self,
        project: &ProjectRow,
        current: &RunRow,
        wanted: &WantedRun,
    ) -> Result<RunOfPipeline, ApiError> {
        let (project, run) = self.wanted_run(project, current, wanted).await?;
        Ok(RunOfPipeline {
            project_id: project.id.to_string(),
            project: project.name.clone(),
            pipeline: project.name,
            run_id: run.id.to_string(),
            build_id: run.build_id,
            number: run.number,
            branch: run.branch,
            commit: run.commit.to_string(),
        })
    }

    async fn wanted_run(
        &self,
        project: &ProjectRow,
        current: &RunRow,
        wanted: &WantedRun,
    ) -> Result<(ProjectRow, RunRow), ApiError> {
        let project = self.project_of_pipeline(project, wanted).await?;
        let runs = self.store.runs(&project.id, MOST_RUNS).await?;
        for run in runs.into_iter().filter(|run| run.id != current.id && is_wanted(run, wanted)) {
            let tags = self.store.run_tags(&run.id).await?;
            let has = |tag: &String| tags.iter().any(|known| known.eq_ignore_ascii_case(tag));
            if wanted.tags.iter().all(has) {
                return Ok((project, run));
            }
        }
        Err(missing(&project, wanted))
    }

    /// The artifacts of the run that is wanted; `current` is the one that asks.
    pub(crate) async fn artifacts_of(
        &self,
        project: &ProjectRow,
        current: &RunRow,
        wanted: &WantedRun,
    ) -> Result<ArtifactsOfRun, ApiError> {
        let (project, run) = self.wanted_run(project, current, wanted).await?;
        let rows = self.store.artifacts(&run.id).await?;
        if let Some(gone) = rows.iter().find(|row| !std::path::Path::new(&row.path).exists()) {
            let text = format!(
                "The artifact '{}' of run {} is no longer on this machine.",
                gone.name, run.number
            );
            return Err(ApiError::refused("artifact_gone", text)
                .with_hint("Run that pipeline again: files of old runs are removed."));
        }
        Ok(ArtifactsOfRun {
            pipeline: project.name,
            build_id: run.build_id,
            number: run.number,
            artifacts: rows.into_iter().map(|row| (row.name, row.path.into())).collect(),
        })
    }

    async fn project_of_pipeline(
        &self,
        own: &ProjectRow,
        wanted: &WantedRun,
    ) -> Result<ProjectRow, ApiError> {
        let projects = self.store.projects().await?;
        let named = |name: &str| {
            // A pipeline in a folder is written `\folder\name`.
            let name = name.rsplit('\\').next().unwrap_or(name).trim();
            let is_it = |known: &&ProjectRow| {
                known.name.eq_ignore_ascii_case(name) || known.id.as_str() == name
            };
            projects.iter().find(is_it).cloned()
        };
        // `System.DefinitionId` is 1 in every project.
        let pipeline = wanted.pipeline.as_deref().filter(|name| *name != "1");
        let by_project = wanted.project.as_deref().map(|name| (name, named(name)));
        let by_pipeline = pipeline.map(|name| (name, named(name)));
        match (by_pipeline, by_project) {
            (Some((_, Some(found))), _) | (_, Some((_, Some(found)))) => Ok(found),
            (None, None) => Ok(own.clone()),
            (Some((name, None)), _) | (None, Some((name, None))) => {
                let names: Vec<&str> = projects.iter().map(|known| known.name.as_str()).collect();
                let text = format!("There is no pipeline '{name}' in this data folder.");
                Err(ApiError::new(ErrorKind::UserInput, "pipeline_unknown", text).with_hint(
                    format!("Open its project here and run it once. Known: {}.", names.join(", ")),
                ))
            }
        }
    }
}

fn is_wanted(run: &RunRow, wanted: &WantedRun) -> bool {
    let plain = |branch: &str| branch.strip_prefix("refs/heads/").unwrap_or(branch).to_owned();
    match &wanted.choice {
        // Whoever names a run takes it as it is.
        RunChoice::Run(name) => {
            return run.number == *name
                || run.build_id.to_string() == *name
                || run.id.as_str() == name;
        }
        RunChoice::LatestFromBranch(branch) if plain(branch) != plain(&run.branch) => return false,
        RunChoice::LatestFromBranch(_) | RunChoice::Latest => {}
    }
    run.state == RunState::Completed
        && match run.result {
            Some(RunResult::Succeeded) => true,
            Some(RunResult::SucceededWithIssues) => wanted.allows_partially_succeeded,
            Some(RunResult::Failed) => wanted.allows_failed,
            _ => false,
        }
}

fn missing(project: &ProjectRow, wanted: &WantedRun) -> ApiError {
    let which = match &wanted.choice {
        RunChoice::Latest => "no run that succeeded".to_owned(),
        RunChoice::LatestFromBranch(branch) => format!("no run that succeeded on {branch}"),
        RunChoice::Run(name) => format!("no run {name}"),
    };
    let tags = if wanted.tags.is_empty() {
        String::new()
    } else {
        format!(" with the tags {}", wanted.tags.join(", "))
    };
    let text = format!("The pipeline {} has {which}{tags}.", project.name);
    ApiError::refused("run_missing", text)
        .with_hint("Run it, or allow other results in the inputs.")
}
