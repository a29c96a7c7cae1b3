//! Predefined variables (pipelines.md 20).

/// A predefined variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Predefined {
    pub name: &'static str,
    pub help: &'static str,
    /// `${{ variables['…'] }}` sees it.
    pub is_compile_time: bool,
    /// A pipeline may set it.
    pub is_writable: bool,
}

const fn late(name: &'static str, help: &'static str) -> Predefined {
    Predefined { name, help, is_compile_time: false, is_writable: false }
}

const fn early(name: &'static str, help: &'static str) -> Predefined {
    Predefined { name, help, is_compile_time: true, is_writable: false }
}

const fn knob(name: &'static str, help: &'static str) -> Predefined {
    Predefined { name, help, is_compile_time: false, is_writable: true }
}

/// Every predefined variable.
#[rustfmt::skip]
pub static PREDEFINED: &[Predefined] = &[
    late("Agent.BuildDirectory", "The folder of the pipeline on the agent; Pipeline.Workspace is the same."),
    late("Agent.HomeDirectory", "The folder of the agent's software."),
    late("Agent.WorkFolder", "The folder below which the agent works."),
    late("Agent.TempDirectory", "A folder for temporary files, emptied for each job."),
    late("Agent.ToolsDirectory", "The folder of tools that tasks install."),
    late("Agent.RootDirectory", "The folder of the agent."),
    late("Agent.Id", "The agent's number."),
    late("Agent.Name", "The agent's name."),
    late("Agent.MachineName", "The machine's name."),
    late("Agent.OS", "The operating system: Linux, Darwin or Windows_NT."),
    late("Agent.OSArchitecture", "The processor: X86, X64, ARM or ARM64."),
    late("Agent.JobName", "The job's name as it is shown, with its leg."),
    late("Agent.JobStatus", "How the job stands: Succeeded, SucceededWithIssues, Failed or Canceled."),
    late("Agent.ContainerMapping", "The job's containers, as JSON."),
    late("Agent.Version", "The agent's version."),
    late("Agent.ProxyUrl", "The address of the proxy."),
    early("Build.DefinitionName", "The pipeline's name."),
    early("Build.DefinitionVersion", "The version of the pipeline's settings."),
    early("Build.QueuedBy", "Who or what queued the run."),
    early("Build.QueuedById", "The id of who queued the run."),
    early("Build.Reason", "Why the run started: Manual, IndividualCI, BatchedCI, Schedule, PullRequest, ResourceTrigger or BuildCompletion."),
    early("Build.RequestedFor", "For whom the run was queued."),
    early("Build.RequestedForId", "The id of for whom the run was queued."),
    early("Build.RequestedForEmail", "The address of for whom the run was queued."),
    early("Build.SourceBranch", "The branch as a full ref: refs/heads/main, refs/pull/1/merge, refs/tags/v1."),
    early("Build.SourceBranchName", "The last part of the branch: main for refs/heads/main."),
    early("Build.SourceVersion", "The commit."),
    late("Build.SourceVersionMessage", "The commit's message."),
    late("Build.SourceVersionAuthor", "The commit's author."),
    early("Build.Repository.Name", "The repository's name."),
    early("Build.Repository.Uri", "The repository's address."),
    early("Build.Repository.Provider", "Where the repository is: TfsGit, GitHub, Bitbucket and others."),
    early("Build.Repository.ID", "The repository's id."),
    early("Build.CronSchedule.DisplayName", "The name of the schedule that started the run."),
    late("Build.BuildId", "The run's id."),
    late("Build.BuildNumber", "The run's number, as `name:` formats it."),
    late("Build.BuildUri", "The run's address."),
    late("Build.ArtifactStagingDirectory", "A folder for what is going to be published, emptied for each run."),
    late("Build.StagingDirectory", "Another name for Build.ArtifactStagingDirectory."),
    late("Build.BinariesDirectory", "A folder for what is built."),
    late("Build.SourcesDirectory", "The folder of the sources."),
    late("Build.ContainerId", "The id of the container for artifacts."),
    late("Build.Repository.Clean", "Whether the sources are cleaned."),
    late("Build.Repository.LocalPath", "The folder of the repository."),
    late("Build.Repository.Git.SubmoduleCheckout", "Whether submodules are fetched."),
    late("Build.TriggeredBy.BuildId", "The id of the run that started this one."),
    late("Build.TriggeredBy.BuildNumber", "The number of the run that started this one."),
    late("Build.TriggeredBy.DefinitionId", "The pipeline whose run started this one."),
    late("Build.TriggeredBy.DefinitionName", "The name of the pipeline whose run started this one."),
    late("Build.TriggeredBy.ProjectID", "The project of the pipeline whose run started this one."),
    late("Pipeline.Workspace", "The folder of the pipeline on the agent; artifacts are downloaded here."),
    early("System.CollectionId", "The organization's id."),
    early("System.CollectionUri", "The organization's address."),
    early("System.TeamFoundationCollectionUri", "The organization's address."),
    early("System.DefinitionId", "The pipeline's id."),
    early("System.HostType", "What runs: build for a pipeline."),
    early("System.TeamProject", "The project's name."),
    early("System.TeamProjectId", "The project's id."),
    early("System.PullRequest.IsFork", "Whether the pull request comes from a fork."),
    early("System.PullRequest.PullRequestId", "The pull request's id."),
    early("System.PullRequest.PullRequestNumber", "The pull request's number (GitHub)."),
    early("System.PullRequest.SourceBranch", "The branch that is to be merged."),
    early("System.PullRequest.SourceRepositoryURI", "The repository of the branch that is to be merged."),
    early("System.PullRequest.SourceCommitId", "The commit that is to be merged."),
    early("System.PullRequest.TargetBranch", "The branch that is merged into, as a full ref."),
    early("System.PullRequest.TargetBranchName", "The name of the branch that is merged into."),
    early("System.PullRequest.MergedAt", "When it was merged."),
    late("System.AccessToken", "A secret token for the service; a script has to be given it in env."),
    late("System.ArtifactsDirectory", "Another name for Build.ArtifactStagingDirectory."),
    late("System.DefaultWorkingDirectory", "The folder that scripts run in: that of the sources."),
    knob("System.Debug", "Set it to true for more in the logs."),
    late("System.JobAttempt", "How many times the job was started."),
    late("System.JobDisplayName", "The job's name as it is shown."),
    late("System.JobId", "The job's id."),
    late("System.JobName", "The job's name."),
    late("System.JobIdentifier", "The job's name with its stage."),
    late("System.PhaseAttempt", "How many times the job was started, before it was multiplied."),
    late("System.PhaseDisplayName", "The job's name as it is shown, before it was multiplied."),
    late("System.PhaseName", "The job's name, before it was multiplied."),
    late("System.PlanId", "The run's plan."),
    late("System.StageAttempt", "How many times the stage was started."),
    late("System.StageDisplayName", "The stage's name as it is shown."),
    late("System.StageName", "The stage's name."),
    late("System.TimelineId", "The run's timeline."),
    late("System.OidcRequestUri", "Where an OpenID Connect token is asked for."),
    late("System.JobPositionInPhase", "Which slice or leg this is, from 1."),
    late("System.TotalJobsInPhase", "How many slices or legs there are."),
    late("System.ParallelExecutionType", "How the job was multiplied: None, MultiConfiguration or MultiMachine."),
    late("System.WorkFolder", "The folder below which the agent works."),
    late("Environment.Name", "The environment of the deployment."),
    late("Environment.Id", "The environment's id."),
    late("Environment.ResourceName", "The environment's resource."),
    late("Environment.ResourceId", "The resource's id."),
    late("Strategy.Name", "The deployment's strategy: runOnce, rolling or canary."),
    late("Strategy.Action", "What the canary strategy does: deploy or promote."),
    late("Strategy.Increment", "The share that the canary strategy is at."),
    late("Checks.StageAttempt", "How many times the stage's checks were started."),
    late("Resources.TriggeringAlias", "The resource that started the run."),
    late("Resources.TriggeringCategory", "The kind of resource that started the run."),
    late("TF_BUILD", "True in every run."),
    knob("Agent.Diagnostic", "Set it to true for the agent's own logs."),
    knob("Agent.Source.Skip", "Set it to true to leave the checkout out."),
    knob("Agent.Source.Checkout.Quiet", "Set it to true to print less during checkout."),
    knob("Agent.RetainDefaultEncoding", "Set it to true to keep the console's encoding."),
    knob("Build.Clean", "What is cleaned before the checkout."),
];

/// A predefined variable by its name, ignoring case.
pub fn predefined(name: &str) -> Option<&'static Predefined> {
    PREDEFINED.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}
