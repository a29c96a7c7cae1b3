//! `resources` as expressions see it: repositories with what the run found of them, containers and pipelines as
//! the file declares them.
//!
//! Made once a run, with the runs that stand behind pipeline resources: chosen once, so that all jobs get the
//! same. Deliberately not here: their artifacts, which `tasks` fetch.

use slipway_pipeline::expr::{Object, Value};
use slipway_pipeline::plan::{PipelineResource, PlanResources, RepositoryResource};

use crate::host::{HostError, RunChoice, RunHost, RunOfPipeline, WantedRun};
use crate::predefined::run_fields;
use crate::repositories::{Known, is_own};
use crate::variables::Variable;

/// The runs behind `resources: pipelines:`, by alias, or why there is none.
#[derive(Debug, Default)]
pub(crate) struct PipelineRuns(Vec<(String, Result<RunOfPipeline, HostError>)>);

impl PipelineRuns {
    /// Asks the house for each.
    pub(crate) async fn of(host: &dyn RunHost, resources: &[PipelineResource]) -> Self {
        let mut all = Vec::with_capacity(resources.len());
        for resource in resources {
            all.push((resource.pipeline.clone(), host.run_of(&wanted(resource)).await));
        }
        Self(all)
    }

    /// The run behind an alias, or why there is none; nothing if no resource has the name.
    pub(crate) fn of_alias(&self, alias: &str) -> Option<&Result<RunOfPipeline, HostError>> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(alias));
        found.map(|(_, run)| run)
    }

    /// Those that are on this machine.
    pub(crate) fn known(&self) -> impl Iterator<Item = (&str, &RunOfPipeline)> {
        self.0.iter().filter_map(|(alias, run)| Some((alias.as_str(), run.as_ref().ok()?)))
    }
}

fn wanted(resource: &PipelineResource) -> WantedRun {
    let choice = match (&resource.version, &resource.branch) {
        (Some(number), _) => RunChoice::Run(number.clone()),
        (None, Some(branch)) => RunChoice::LatestFromBranch(branch.clone()),
        (None, None) => RunChoice::Latest,
    };
    WantedRun {
        project: resource.project.clone(),
        pipeline: Some(resource.source.clone()),
        choice,
        tags: resource.tags.clone(),
        allows_partially_succeeded: true,
        allows_failed: false,
    }
}

type Field<'a> = (&'a str, Option<&'a str>);

/// The value of `resources`; the own repository is what is predefined of it.
pub(crate) fn resources_value(
    resources: &PlanResources,
    runs: &PipelineRuns,
    known: &[Known],
    predefined: &[Variable],
) -> Value {
    let others = resources.repositories.iter().filter(|one| !is_own(&one.repository)).map(|one| {
        let fields = repository_fields(one, known).into_iter();
        let fields = fields.map(|(name, value)| (name.to_owned(), Value::from(value.as_str())));
        (one.repository.clone(), fields.collect::<Object>().into())
    });
    let repositories = std::iter::once(("self".to_owned(), own(predefined))).chain(others);
    let containers = resources.containers.iter().map(|one| {
        let image = one.container.image.as_str();
        let fields = [
            ("type", one.kind.as_deref()),
            ("image", Some(image)),
            ("registry", one.registry.as_deref()),
            ("repository", one.repository.as_deref()),
        ];
        (one.container.alias.clone(), object(&fields))
    });
    let pipelines = resources.pipelines.iter().map(|one| {
        if let Some(Ok(run)) = runs.of_alias(&one.pipeline) {
            let fields = run_fields(run);
            let fields = fields.map(|(name, value)| (name.to_owned(), Value::from(value.as_str())));
            return (one.pipeline.clone(), fields.into_iter().collect::<Object>().into());
        }
        let fields = [
            ("pipelineName", Some(one.source.as_str())),
            ("projectName", one.project.as_deref()),
            ("sourceBranch", one.branch.as_deref()),
            ("runName", one.version.as_deref()),
        ];
        (one.pipeline.clone(), object(&fields))
    });
    [
        ("repositories".to_owned(), repositories.collect::<Object>().into()),
        ("containers".to_owned(), containers.collect::<Object>().into()),
        ("pipelines".to_owned(), pipelines.collect::<Object>().into()),
    ]
    .into_iter()
    .collect::<Object>()
    .into()
}

/// What is known of another repository.
pub(crate) fn repository_fields(
    one: &RepositoryResource,
    known: &[Known],
) -> Vec<(&'static str, String)> {
    let found = known.iter().find(|known| known.wanted.alias.as_ref() == Some(&one.repository));
    let at = found.and_then(|known| known.at.as_ref().ok());
    let folder = at.map(|at| at.folder.display().to_string());
    let reference = at.and_then(|at| at.reference.clone()).or_else(|| one.reference.clone());
    let fields = [
        ("name", Some(one.name.clone().unwrap_or_else(|| one.repository.clone()))),
        ("type", one.kind.clone()),
        ("ref", reference),
        ("id", folder.clone()),
        ("url", folder),
        ("version", at.map(|at| at.commit.to_string())),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn own(predefined: &[Variable]) -> Value {
    let named = predefined.iter().filter_map(|known| {
        let field = known.name.strip_prefix("resources.repositories.self.")?;
        Some((field.to_owned(), Value::from(known.value.as_str())))
    });
    named.collect::<Object>().into()
}

fn object(fields: &[Field<'_>]) -> Value {
    let known = fields.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?)));
    known.map(|(name, value)| (name, Value::from(value))).collect::<Object>().into()
}
