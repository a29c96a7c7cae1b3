//! Predefined variables (pipelines.md §20) with the values they have on this machine.
//!
//! Called by `run` and `job`. Deliberately not here: what only a server has (access tokens, ids of
//! people), which stays undefined and so stays as written in a macro.

use slipway_core::RunReason;
use slipway_pipeline::plan::DeploymentStrategy;
use slipway_pipeline::plan::StrategyKind;

use crate::RunRequest;
use crate::deployment::Phase;
use crate::host::EnvironmentFacts;
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

/// What is the same in every job of a run. Whoever starts the run may pass its own values.
pub(crate) fn of_run(request: &RunRequest, user: &str, machine: &str) -> Vec<Variable> {
    let source_branch = full_ref(&request.branch);
    let branch_name = source_branch.rsplit('/').next().unwrap_or_default().to_owned();
    let build_id = request.run.build_id.to_string();
    let repository = request.repository_path.display().to_string();
    let repository_name = folder_name(&request.repository_path);
    let root = request.work_root.display().to_string();
    let pairs = [
        ("Agent.HomeDirectory", root.clone()),
        ("Agent.Id", "1".to_owned()),
        ("Agent.MachineName", machine.to_owned()),
        ("Agent.Name", "Slipway".to_owned()),
        ("Agent.OS", operating_system().to_owned()),
        ("Agent.OSArchitecture", architecture().to_owned()),
        ("Agent.RootDirectory", root.clone()),
        ("Agent.Version", env!("CARGO_PKG_VERSION").to_owned()),
        ("Agent.WorkFolder", root.clone()),
        ("Build.BuildId", build_id.clone()),
        ("Build.BuildNumber", request.run.number.clone()),
        ("Build.BuildUri", format!("{COLLECTION}build/{build_id}")),
        ("Build.DefinitionName", request.project_name.clone()),
        ("Build.DefinitionVersion", "1".to_owned()),
        ("Build.QueuedBy", user.to_owned()),
        ("Build.QueuedById", NOBODY.to_owned()),
        ("Build.Reason", reason_word(request.reason).to_owned()),
        ("Build.Repository.Clean", "False".to_owned()),
        ("Build.Repository.ID", repository.clone()),
        ("Build.Repository.Name", repository_name),
        ("Build.Repository.Provider", "Git".to_owned()),
        ("Build.Repository.Uri", repository),
        ("Build.RequestedFor", user.to_owned()),
        ("Build.RequestedForId", NOBODY.to_owned()),
        ("Build.SourceBranch", source_branch),
        ("Build.SourceBranchName", branch_name),
        ("Build.SourceVersion", request.run.commit.to_string()),
        ("System.CollectionUri", COLLECTION.to_owned()),
        ("System.CollectionId", NOBODY.to_owned()),
        ("System.DefinitionId", "1".to_owned()),
        ("System.HostType", "build".to_owned()),
        ("System.PlanId", request.run.run_id.to_string()),
        ("System.TeamFoundationCollectionUri", COLLECTION.to_owned()),
        ("System.TeamProject", request.project_name.clone()),
        ("System.TeamProjectId", NOBODY.to_owned()),
        ("System.TimelineId", request.run.run_id.to_string()),
        ("System.WorkFolder", root),
        ("TF_BUILD", "True".to_owned()),
    ];
    pairs.into_iter().map(|(name, value)| Variable::system(name, value)).collect()
}

/// Names of the stage a job is in.
pub(crate) struct StageNames<'a> {
    pub(crate) name: &'a str,
    pub(crate) display_name: &'a str,
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
    let pairs = [
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
        ("System.JobAttempt", "1".to_owned()),
        ("System.JobDisplayName", display_name.clone()),
        ("System.JobId", shape.record.to_string()),
        ("System.JobIdentifier", format!("{}.{job}", stage.name)),
        ("System.JobName", job.clone()),
        ("System.JobPositionInPhase", shape.position.to_string()),
        ("System.ParallelExecutionType", execution_type(shape).to_owned()),
        ("System.PhaseAttempt", "1".to_owned()),
        ("System.PhaseDisplayName", display_name.clone()),
        ("System.PhaseName", phase_of(job).to_owned()),
        ("System.StageAttempt", "1".to_owned()),
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
    ["agent.", "build.", "system.", "pipeline."].iter().any(|prefix| name.starts_with(prefix))
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
