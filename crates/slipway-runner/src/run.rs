//! One run from its first record to its last: prepares what all jobs share, drives the stages.
//!
//! Called by `slipway-api` and the command line through [`run`]. Deliberately not here: reading the
//! pipeline file, keeping anything (the sink does), deciding what to run.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use slipway_core::{Masker, RunEvidence, RunReason, RunResult};
use slipway_engine::Engine;
use slipway_pipeline::macros::expand;
use slipway_pipeline::plan::{Plan, PlanDeployment};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::cache::CachePlace;
use crate::choice::Choice;
use crate::counters::{Counted, CounterBook};
use crate::deployment::targets_of;
use crate::earlier::Earlier;
use crate::error::RunnerError;
use crate::expression::Dependency;
use crate::graph::{Ends, Graph};
use crate::groups::{Group, groups_of};
use crate::host::{EnvironmentTarget, HostError, RunHost};
use crate::pools::PoolTable;
use crate::predefined::{is_system_name, of_pipelines, of_repositories, of_run};
use crate::recorder::Recorder;
use crate::repositories::{Known, look_up as look_up_repositories};
use crate::resources::{PipelineRuns, resources_value};
use crate::result::merge;
use crate::scope::{Before, RunScope, Sight, add_variables};
use crate::sink::{RecordSeed, RunSink};
use crate::stage::{StageEnd, run_stage};
use crate::support::Skip;
use crate::sweep::all_processes;
use crate::tasks::Catalog;
use crate::timeline::{Left, StageShape, lay_out};
use crate::variables::{Variable, Variables};
use crate::workspace::{blocking, wipe};

/// What to run.
pub struct RunRequest {
    pub run: RunEvidence,
    pub plan: Plan,
    pub reason: RunReason,
    pub project_name: String,
    /// `main` or `refs/heads/main`.
    pub branch: String,
    /// The git work tree to check out from.
    pub repository_path: PathBuf,
    /// Where workspaces and artifacts lie; one run at a time may use it.
    pub work_root: PathBuf,
    /// At least one job runs, whatever this says.
    pub max_parallel_jobs: usize,
    /// Values given at queue time. Names that start with `Build.`, `System.`, `Agent.` or `Pipeline.`
    /// replace predefined ones. A value that the masker knows is a secret.
    pub variables: Vec<(String, String)>,
    pub engine: Option<Engine>,
    /// Where `Cache@2` keeps its files; `None` keeps nothing.
    pub cache: Option<CachePlace>,
    /// The tasks that a step may name.
    pub tasks: Catalog,
    /// What the user chose to leave out.
    pub skips: Vec<Skip>,
    /// What the user chose to run; all of it if left out.
    pub choice: Option<Choice>,
    /// The attempt before, whose good jobs are kept.
    pub earlier: Option<Earlier>,
    /// Where the jobs of each pool run.
    pub pools: PoolTable,
    pub masker: Arc<Masker>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunReport {
    pub result: RunResult,
    /// The first failure, with its stage, job and step.
    pub issue: Option<String>,
}

/// Runs a plan to its end. Dropping the future kills what it started.
pub async fn run(
    request: RunRequest,
    host: Arc<dyn RunHost>,
    sink: Arc<dyn RunSink>,
    cancel: CancellationToken,
) -> RunReport {
    let (scope, stages) = match prepare(request, host, sink, cancel).await {
        Ok(prepared) => prepared,
        Err(report) => return report,
    };
    let ends = run_stages(&scope, &stages).await;
    scope.recorder.close_rest().await;
    report(&scope, &ends)
}

fn report(scope: &RunScope, ends: &[StageEnd]) -> RunReport {
    if let Some(issue) = scope.recorder.issue() {
        return RunReport { result: RunResult::Failed, issue: Some(issue) };
    }
    let is_canceled = scope.cancel.is_cancelled();
    if is_canceled && ends.iter().any(|end| !end.result.is_success()) {
        let issue = Some("The run was canceled.".to_owned());
        return RunReport { result: RunResult::Canceled, issue };
    }
    let result = merge(ends.iter().map(|end| end.result));
    let issue = match result {
        RunResult::Succeeded | RunResult::Skipped => None,
        _ => {
            // What failed by itself explains more than what was canceled by a limit elsewhere.
            let first = |wanted| ends.iter().find(move |end| end.result == wanted);
            let told = first(RunResult::Failed).or_else(|| first(result));
            told.and_then(|end| end.issue.clone())
        }
    };
    RunReport { result, issue }
}

type Prepared = (Arc<RunScope>, Vec<Arc<StageShape>>);

async fn prepare(
    request: RunRequest,
    host: Arc<dyn RunHost>,
    sink: Arc<dyn RunSink>,
    cancel: CancellationToken,
) -> Result<Prepared, RunReport> {
    let parent_environment = parent_environment();
    let pipelines = PipelineRuns::of(host.as_ref(), &request.plan.resources.pipelines).await;
    let repositories = look_up_repositories(&request.plan, host.as_ref()).await;
    let predefined = predefined_of(&request, &pipelines, &repositories);
    let recorder = Recorder::new(sink);
    let started_at = jiff::Timestamp::now();
    let groups = groups_of(host.as_ref(), &request.masker, &request.plan.variable_groups).await;
    let counters = Arc::new(CounterBook::new(Arc::clone(&host)));
    let resources =
        resources_value(&request.plan.resources, &pipelines, &repositories, &predefined);
    let sight = Sight {
        dependencies: None,
        stage_dependencies: None,
        started_at,
        counted: Arc::new(Counted::new(&counters)),
        resources: resources.clone(),
        predefined: &predefined,
    };
    let (variables, added) = root_variables(&request, groups, &sight).await;
    let shown = shown(&variables);
    let listed = listed_targets(&request.plan, &shown, host.as_ref()).await;
    let (targets, added) = match (listed, added) {
        (Ok(targets), added) => (targets, added),
        (Err(error), added) => (HashMap::new(), added.and(Err(error.into()))),
    };
    let (stages, seeds) = lay_out_shown(&request, &shown, &targets);
    recorder.planned(seeds).await;
    let job_slots = host
        .job_slots()
        .unwrap_or_else(|| Arc::new(Semaphore::new(request.max_parallel_jobs.max(1))));
    let failed = |issue: String| RunReport { result: RunResult::Failed, issue: Some(issue) };
    if let Some(issue) = recorder.issue() {
        return Err(failed(issue));
    }
    let scope = RunScope {
        number: Mutex::new(request.run.number.clone()),
        evidence: request.run,
        repository_path: request.repository_path,
        work_root: request.work_root,
        engine: request.engine,
        cache: request.cache,
        pipelines,
        is_token_told: AtomicBool::new(false),
        tasks: request.tasks,
        skips: request.skips,
        choice: request.choice,
        earlier: request.earlier,
        pools: request.pools,
        resources: request.plan.resources,
        repositories,
        masker: request.masker,
        host,
        recorder,
        cancel,
        job_slots,
        parent_environment,
        processes_before: all_processes(),
        started_at,
        variables,
        predefined,
        artifacts: Mutex::new(IndexMap::new()),
        tags: Mutex::default(),
        counters,
        seen_resources: resources,
        job_count: AtomicUsize::new(stages.iter().map(|stage| stage.jobs.len()).sum()),
    };
    let readied = match added {
        Ok(()) => ready_artifact_folder(&scope).await,
        Err(error) => Err(error),
    };
    if let Err(error) = readied {
        let issue = scope.masker.mask(&error.to_string());
        skip_everything(&scope, &stages, &issue).await;
        return Err(failed(issue));
    }
    Ok((Arc::new(scope), stages))
}

/// What the run was started with, and root YAML.
async fn root_variables(
    request: &RunRequest,
    groups: Result<Vec<Group>, RunnerError>,
    sight: &Sight<'_>,
) -> (Variables, Result<(), RunnerError>) {
    let mut variables = Variables::default();
    for variable in sight.predefined {
        variables.set(variable.clone());
    }
    for (name, value) in &request.variables {
        if !is_system_name(name) {
            variables.set(RunScope::outer_variable(&request.masker, name, value));
        }
    }
    let written = &request.plan.variables;
    let added = match groups {
        Ok(groups) => add_variables(&mut variables, written, &groups, sight).await,
        Err(error) => Err(error),
    };
    (variables, added)
}

/// Variables as names may show them.
fn shown(variables: &Variables) -> Variables {
    let mut shown = variables.clone();
    shown.expand_values();
    shown
}

fn look_up(shown: &Variables, name: &str) -> Option<String> {
    shown.get(name).filter(|variable| !variable.is_secret).map(|known| known.value.clone())
}

/// Environment names, expanded and in small letters, to the targets that they list.
type Listed = HashMap<String, Vec<EnvironmentTarget>>;

async fn listed_targets(
    plan: &Plan,
    shown: &Variables,
    host: &dyn RunHost,
) -> Result<Listed, HostError> {
    let mut listed = Listed::new();
    for job in plan.stages.iter().flat_map(|stage| &stage.jobs) {
        let Some(deployment) = &job.deployment else { continue };
        let name = environment_key(deployment, shown);
        if let Entry::Vacant(place) = listed.entry(name) {
            let targets = host.environment_targets(place.key()).await?;
            place.insert(targets);
        }
    }
    Ok(listed)
}

fn environment_key(deployment: &PlanDeployment, shown: &Variables) -> String {
    let name = expand(&deployment.environment.name, |name| look_up(shown, name));
    name.trim().to_lowercase()
}

/// Names in the timeline show what is known by now; the rest stays as written.
fn lay_out_shown(
    request: &RunRequest,
    shown: &Variables,
    listed: &Listed,
) -> (Vec<Arc<StageShape>>, Vec<RecordSeed>) {
    let targets = |deployment: &PlanDeployment| {
        let known = listed.get(&environment_key(deployment, shown));
        known.map(|listed| targets_of(deployment, listed)).unwrap_or_default()
    };
    lay_out(
        &request.run.run_id,
        &request.plan,
        Left { skips: &request.skips, choice: request.choice.as_ref() },
        &request.tasks,
        &request.pools,
        &|name| look_up(shown, name),
        &targets,
    )
}

async fn ready_artifact_folder(scope: &RunScope) -> Result<(), RunnerError> {
    // A folder of the same build id can only come from a run that this database no longer knows.
    let folder = scope.artifact_folder();
    blocking(move || wipe(&folder)).await
}

async fn skip_everything(scope: &RunScope, stages: &[Arc<StageShape>], issue: &str) {
    let issue = format!("Skipped: the run could not start. {issue}");
    for stage in stages {
        crate::stage::skip_stage(&scope.recorder, stage, &issue).await;
    }
}

async fn run_stages(scope: &Arc<RunScope>, stages: &[Arc<StageShape>]) -> Vec<StageEnd> {
    let nodes: Vec<(&str, &[String])> = stages
        .iter()
        .map(|stage| (stage.plan.name.as_str(), stage.plan.depends_on.as_slice()))
        .collect();
    let graph = Graph::new(&nodes).with_satisfied(|node| !stages[node].is_chosen);
    graph
        .run(|node, ends: &Ends<StageEnd>| {
            let mut before = Before {
                ancestors: graph.ancestors(node, ends),
                direct: Vec::new(),
                unchosen: graph.satisfied_before(node),
                is_kept: true,
            };
            let mut jobs_before = Vec::new();
            for dependency in graph.direct(node) {
                let end = ends[*dependency].as_ref();
                let is_kept = end.is_some_and(|end| end.is_kept);
                before.is_kept &= is_kept || !stages[*dependency].is_chosen;
                if let Some(end) = end {
                    let name = stages[*dependency].plan.name.clone();
                    before.direct.push(stage_as_dependency(&name, end));
                    jobs_before.push((name, end.jobs.clone()));
                }
            }
            Box::pin(run_stage(Arc::clone(scope), Arc::clone(&stages[node]), before, jobs_before))
        })
        .await
}

/// In a stage's condition, outputs are named `JOB.step.name`.
fn stage_as_dependency(name: &str, end: &StageEnd) -> Dependency {
    let outputs = end.jobs.iter().flat_map(|job| {
        job.outputs.iter().map(|(output, value)| (format!("{}.{output}", job.name), value.clone()))
    });
    Dependency { name: name.to_owned(), result: end.result, outputs: outputs.collect() }
}

fn predefined_of(
    request: &RunRequest,
    pipelines: &PipelineRuns,
    repositories: &[Known],
) -> Vec<Variable> {
    let mut predefined = of_run(request);
    predefined.extend(of_repositories(request, repositories));
    predefined.extend(of_pipelines(pipelines));
    for (name, value) in &request.variables {
        if is_system_name(name) {
            predefined.retain(|known| !known.name.eq_ignore_ascii_case(name));
            let given = RunScope::outer_variable(&request.masker, name, value);
            predefined.push(Variable { is_readonly: true, ..given });
        }
    }
    predefined
}

/// The app's environment for steps: PATH, HOME and the like, without what looks like a secret.
fn parent_environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| !looks_secret(name))
        .collect()
}

fn looks_secret(name: &str) -> bool {
    const WORDS: [&str; 9] = [
        "TOKEN",
        "SECRET",
        "PASSWORD",
        "PASSWD",
        "CREDENTIAL",
        "API_KEY",
        "APIKEY",
        "ACCESS_KEY",
        "PRIVATE_KEY",
    ];
    let name = name.to_ascii_uppercase();
    name.starts_with("SLIPWAY_") || WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_keeps_its_secrets_from_steps() {
        for name in ["GITHUB_TOKEN", "aws_secret_access_key", "DB_PASSWORD", "SLIPWAY_DOCKER_HOST"]
        {
            assert!(looks_secret(name), "{name} stays with the app");
        }
        for name in ["PATH", "HOME", "GOPATH", "LANG"] {
            assert!(!looks_secret(name), "{name} is needed by builds");
        }
    }
}
