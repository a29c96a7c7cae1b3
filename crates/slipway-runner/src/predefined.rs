//! Predefined variables (pipelines.md §20) with the values they have on this machine.
//!
//! Called by `run` and `job`, and by the house for what is known before. Deliberately not here: what only a
//! server has (access tokens: see `access_token`), which stays undefined and so stays as written in a macro.

use std::path::Path;

use slipway_core::{CommitSha, RunReason};
use slipway_pipeline::plan::DeploymentStrategy;
use slipway_pipeline::plan::StrategyKind;

use crate::RunRequest;
use crate::deployment::Phase;
use crate::host::{EnvironmentFacts, RunOfPipeline};
use crate::repositories::{Known, is_own};
use crate::resources::{PipelineRuns, repository_fields};
use crate::timeline::{JobShape, folder_name};
use crate::variables::Variable;
use crate::workspace::Folders;

/// An id where a server would have one.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";
/// Where the collection would be; there is no server.
const COLLECTION: &str = "slipway://local/";

/// `refs/heads/main` of `main`.
fn full_ref(branch: &str) -> String {
    if branch.starts_with("refs/") { branch.to_owned() } else { format!("refs/heads/{branch}") }
}

fn reason_word(reason: RunReason) -> &'static str {
    match reason {
        RunReason::IndividualCi => "IndividualCI",
        // The service knows no reason for a rerun but the hand that asked for it.
        RunReason::Manual | RunReason::Rerun => "Manual",
    }
}

fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "X64",
        "aarch64" => "ARM64",
        "x86" => "X86",
        _ => "ARM",
    }
}

fn operating_system() -> &'static str {
    match std::env::consts::OS {
        "macos" => "Darwin",
        "windows" => "Windows_NT",
        _ => "Linux",
    }
}

/// What is known of a run before its file is read.
#[derive(Debug, Clone, Copy)]
pub struct RunFacts<'a> {
    pub project_name: &'a str,
    pub repository_path: &'a Path,
    /// `main` or `refs/heads/main`.
    pub branch: &'a str,
    pub commit: &'a CommitSha,
    pub reason: RunReason,
    /// `user.email` of git; empty if there is none.
    pub email: &'a str,
}

/// Whoever is signed in to this machine.
fn user() -> String {
    let named = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
    named("USER").or_else(|| named("LOGNAME")).unwrap_or_else(|| "local".to_owned())
}

/// The predefined variables that `${{ variables }}` sees.
pub fn known_before_run(facts: &RunFacts<'_>) -> Vec<(&'static str, String)> {
    let source_branch = full_ref(facts.branch);
    let branch_name = source_branch.rsplit('/').next().unwrap_or_default().to_owned();
    let repository = facts.repository_path.display().to_string();
    let (project, user) = (facts.project_name.to_owned(), user());
    vec![
        ("Build.DefinitionName", project.clone()),
        ("Build.DefinitionVersion", "1".to_owned()),
        ("Build.QueuedBy", user.clone()),
        ("Build.QueuedById", NOBODY.to_owned()),
        ("Build.Reason", reason_word(facts.reason).to_owned()),
        ("Build.Repository.ID", repository.clone()),
        ("Build.Repository.Name", folder_name(facts.repository_path)),
        ("Build.Repository.Provider", "Git".to_owned()),
        ("Build.Repository.Uri", repository),
        ("Build.RequestedFor", user),
        ("Build.RequestedForEmail", facts.email.to_owned()),
        ("Build.RequestedForId", NOBODY.to_owned()),
        ("Build.SourceBranch", source_branch),
        ("Build.SourceBranchName", branch_name),
        ("Build.SourceVersion", facts.commit.to_string()),
        ("System.CollectionId", NOBODY.to_owned()),
        ("System.CollectionUri", COLLECTION.to_owned()),
        ("System.DefinitionId", "1".to_owned()),
        ("System.HostType", "build".to_owned()),
        ("System.TeamFoundationCollectionUri", COLLECTION.to_owned()),
        ("System.TeamProject", project),
        ("System.TeamProjectId", NOBODY.to_owned()),
    ]
}

/// What is the same in every job of a run. Whoever starts the run may pass its own values.
pub(crate) fn of_run(request: &RunRequest) -> Vec<Variable> {
    let build_id = request.run.build_id.to_string();
    let root = request.work_root.display().to_string();
    let machine = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let mut pairs = known_before_run(&RunFacts {
        project_name: &request.project_name,
        repository_path: &request.repository_path,
        branch: &request.branch,
        commit: &request.run.commit,
        reason: request.reason,
        email: "",
    });
    pairs.extend([
        ("Agent.HomeDirectory", root.clone()),
        ("Agent.Id", "1".to_owned()),
        ("Agent.MachineName", machine.trim().to_owned()),
        ("Agent.Name", "Slipway".to_owned()),
        ("Agent.OS", operating_system().to_owned()),
        ("Agent.OSArchitecture", architecture().to_owned()),
        ("Agent.RootDirectory", root.clone()),
        ("Agent.Version", env!("CARGO_PKG_VERSION").to_owned()),
        ("Agent.WorkFolder", root.clone()),
        ("Build.BuildId", build_id.clone()),
        ("Build.BuildNumber", request.run.number.clone()),
        ("Build.BuildUri", format!("{COLLECTION}build/{build_id}")),
        ("Build.ContainerId", build_id),
        ("Build.Repository.Clean", "False".to_owned()),
        ("Build.Repository.Git.SubmoduleCheckout", "False".to_owned()),
        ("Build.SourceVersionAuthor", String::new()),
        ("Build.SourceVersionMessage", String::new()),
        // No run here is started by a resource.
        ("Resources.TriggeringAlias", String::new()),
        ("Resources.TriggeringCategory", String::new()),
        ("System.PlanId", request.run.run_id.to_string()),
        ("System.TimelineId", request.run.run_id.to_string()),
        ("System.WorkFolder", root),
        ("TF_BUILD", "True".to_owned()),
    ]);
    pairs.extend(proxy().map(|address| ("Agent.ProxyUrl", address)));
    pairs.into_iter().map(|(name, value)| Variable::system(name, value)).collect()
}

/// The proxy that the app's environment names, without a name and password in it.
fn proxy() -> Option<String> {
    let named = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];
    let address =
        named.iter().find_map(|name| std::env::var(name).ok().filter(|it| !it.is_empty()))?;
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", &address));
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    Some(format!("{scheme}://{place}"))
}

/// `resources.pipeline.<alias>.…` of the runs that stand behind pipeline resources.
pub(crate) fn of_pipelines(found: &PipelineRuns) -> Vec<Variable> {
    let known = found.known();
    known
        .flat_map(|(alias, run)| {
            run_fields(run)
                .into_iter()
                .map(move |(field, value)| (format!("resources.pipeline.{alias}.{field}"), value))
        })
        .map(|(name, value)| Variable::system(&name, value))
        .collect()
}

/// What is told of another pipeline's run.
pub(crate) fn run_fields(run: &RunOfPipeline) -> [(&'static str, String); 13] {
    [
        ("projectName", run.project.clone()),
        ("projectID", run.project_id.clone()),
        ("pipelineName", run.pipeline.clone()),
        // Every project here has one pipeline.
        ("pipelineID", "1".to_owned()),
        ("runName", run.number.clone()),
        ("runID", run.build_id.to_string()),
        ("runURI", format!("{COLLECTION}build/{}", run.build_id)),
        ("sourceBranch", full_ref(&run.branch)),
        ("sourceBranchName", run.branch.rsplit('/').next().unwrap_or_default().to_owned()),
        ("sourceCommit", run.commit.clone()),
        ("sourceProvider", "Git".to_owned()),
        ("requestedFor", user()),
        ("requestedForID", NOBODY.to_owned()),
    ]
}

/// `resources.repositories.<alias>.…`, the pipeline's own repository as `self`.
pub(crate) fn of_repositories(request: &RunRequest, known: &[Known]) -> Vec<Variable> {
    let path = request.repository_path.display().to_string();
    let own = [
        ("name", folder_name(&request.repository_path)),
        ("ref", full_ref(&request.branch)),
        ("type", "Git".to_owned()),
        ("id", path.clone()),
        ("url", path),
        ("version", request.run.commit.to_string()),
    ];
    let variable = |alias: &str, field: &str, value: String| {
        Variable::system(&format!("resources.repositories.{alias}.{field}"), value)
    };
    let mut all: Vec<Variable> =
        own.into_iter().map(|(field, value)| variable("self", field, value)).collect();
    let others = request.plan.resources.repositories.iter();
    for one in others.filter(|one| !is_own(&one.repository)) {
        let fields = repository_fields(one, known).into_iter();
        all.extend(fields.map(|(field, value)| variable(&one.repository, field, value)));
    }
    all
}

/// Names of the stage a job is in.
pub(crate) struct StageNames<'a> {
    pub(crate) name: &'a str,
    pub(crate) display_name: &'a str,
    /// Of the run, from 1.
    pub(crate) attempt: u32,
}

/// How the service names what multiplies a job.
fn execution_type(shape: &JobShape) -> &'static str {
    match shape.plan.strategy.as_ref().map(|strategy| strategy.kind) {
        Some(StrategyKind::Matrix) => "MultiConfiguration",
        Some(StrategyKind::Parallel) => "MultiMachine",
        _ => "None",
    }
}

/// A leg's job, as the file names it.
fn phase_of(job: &str) -> &str {
    job.split_once('.').map_or(job, |(phase, _)| phase)
}

/// What a job adds.
pub(crate) fn of_job(shape: &JobShape, stage: &StageNames<'_>, folders: &Folders) -> Vec<Variable> {
    let text = |path: &std::path::Path| path.display().to_string();
    let (job, display_name) = (&shape.plan.name, &shape.plan.display_name);
    let attempt = stage.attempt.to_string();
    let pairs = [
        // The attempt that a check would see.
        ("Checks.StageAttempt", attempt.clone()),
        ("Agent.BuildDirectory", text(&folders.workspace)),
        ("Agent.JobName", display_name.clone()),
        ("Agent.JobStatus", "Succeeded".to_owned()),
        ("Agent.TempDirectory", text(&folders.temp)),
        ("Agent.ToolsDirectory", text(&folders.tools)),
        ("Build.ArtifactStagingDirectory", text(&folders.staging)),
        ("Build.BinariesDirectory", text(&folders.binaries)),
        ("Build.Repository.LocalPath", text(&folders.sources)),
        ("Build.SourcesDirectory", text(&folders.sources)),
        ("Build.StagingDirectory", text(&folders.staging)),
        ("Common.TestResultsDirectory", text(&folders.test_results)),
        ("Pipeline.Workspace", text(&folders.workspace)),
        ("System.ArtifactsDirectory", text(&folders.staging)),
        ("System.DefaultWorkingDirectory", text(&folders.sources)),
        ("System.JobAttempt", attempt.clone()),
        ("System.JobDisplayName", display_name.clone()),
        ("System.JobId", shape.record.to_string()),
        ("System.JobIdentifier", format!("{}.{job}", stage.name)),
        ("System.JobName", job.clone()),
        ("System.JobPositionInPhase", shape.position.to_string()),
        ("System.ParallelExecutionType", execution_type(shape).to_owned()),
        ("System.PhaseAttempt", attempt.clone()),
        ("System.PhaseDisplayName", display_name.clone()),
        ("System.PhaseName", phase_of(job).to_owned()),
        ("System.StageAttempt", attempt),
        ("System.StageDisplayName", stage.display_name.to_owned()),
        ("System.StageName", stage.name.to_owned()),
        ("System.TotalJobsInPhase", shape.total.to_string()),
    ];
    pairs.into_iter().map(|(name, value)| Variable::system(name, value)).collect()
}

/// What a deployment job adds.
pub(crate) fn of_deployment(
    environment: &EnvironmentFacts,
    resource: Option<&str>,
    strategy: DeploymentStrategy,
) -> Vec<Variable> {
    let mut pairs = vec![
        ("Environment.Name", environment.name.as_str()),
        ("Environment.Id", environment.name.as_str()),
        ("Strategy.Name", strategy.word()),
    ];
    if let Some(resource) = resource {
        pairs.push(("Environment.ResourceName", resource));
        pairs.push(("Environment.ResourceId", resource));
    }
    pairs.into_iter().map(|(name, value)| Variable::system(name, value)).collect()
}

/// What a hook of a deployment adds.
pub(crate) fn of_phase(phase: Phase) -> Vec<Variable> {
    let mut variables = vec![Variable::system("Strategy.Action", phase.action)];
    if let Some(increment) = phase.increment {
        variables.push(Variable::system("Strategy.Increment", increment.to_string()));
    }
    variables
}

/// True for names that belong to the system, so that whoever starts the run may set them.
pub(crate) fn is_system_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["agent.", "build.", "system.", "pipeline.", "resources."]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_become_refs() {
        assert_eq!(full_ref("feature/x"), "refs/heads/feature/x", "a branch name is completed");
        assert_eq!(full_ref("refs/tags/v1"), "refs/tags/v1", "a ref is taken as it is");
    }
}
