//! The shapes of the language, each key once: what it is called, what it takes, what it means.
//!
//! The reader takes what this table knows and nothing else; completion and hover offer it. Deliberately
//! not here: tasks and their inputs
//! ([`crate::catalog`]), functions ([`crate::expr::FUNCTIONS`]), and what a file comes to
//! ([`crate::plan`]).

mod commands;
mod jobs;
mod keys;
mod predefined;
mod resources;
mod root;
mod steps;
#[cfg(test)]
mod tests;

pub use commands::{COMMANDS, LoggingCommand, Property, command};
pub use keys::{Key, NameKind, Shape, TemplateKind, Value};
pub use predefined::{PREDEFINED, Predefined, predefined};
pub use root::BODIES;

/// The keys of a shape, in the order in which people write them.
pub fn keys(shape: Shape) -> &'static [Key] {
    match shape {
        Shape::Root => root::ROOT,
        Shape::Extends => root::EXTENDS,
        Shape::Trigger => root::TRIGGER,
        Shape::PullRequest => root::PULL_REQUEST,
        Shape::Schedule => root::SCHEDULE,
        Shape::Filter => root::FILTER,
        Shape::Parameter => root::PARAMETER,
        Shape::Variable => root::VARIABLE,
        Shape::VariableGroup => root::VARIABLE_GROUP,
        Shape::VariableTemplate => root::VARIABLE_TEMPLATE,
        Shape::Stage => jobs::STAGE,
        Shape::StageTemplate => jobs::STAGE_TEMPLATE,
        Shape::Check => jobs::CHECK,
        Shape::Job => jobs::JOB,
        Shape::Deployment => jobs::DEPLOYMENT,
        Shape::JobTemplate => jobs::JOB_TEMPLATE,
        Shape::Phase => jobs::PHASE,
        Shape::Queue => jobs::QUEUE,
        Shape::Server => jobs::SERVER,
        Shape::Pool => jobs::POOL_SHAPE,
        Shape::JobStrategy => jobs::JOB_STRATEGY,
        Shape::DeploymentStrategy => jobs::DEPLOYMENT_STRATEGY,
        Shape::RunOnce => jobs::RUN_ONCE,
        Shape::Rolling => jobs::ROLLING,
        Shape::Canary => jobs::CANARY,
        Shape::OnHooks => jobs::ON_HOOKS,
        Shape::Hook => jobs::HOOK,
        Shape::Environment => jobs::ENVIRONMENT,
        Shape::Container => jobs::CONTAINER_SHAPE,
        Shape::MountReadOnly => jobs::MOUNT_READ_ONLY,
        Shape::Workspace => jobs::WORKSPACE,
        Shape::Uses => jobs::USES,
        Shape::Script => steps::SCRIPT,
        Shape::Bash => steps::BASH,
        Shape::Pwsh => steps::PWSH,
        Shape::PowerShell => steps::POWER_SHELL,
        Shape::Task => steps::TASK,
        Shape::Checkout => steps::CHECKOUT,
        Shape::Download => steps::DOWNLOAD,
        Shape::DownloadBuild => steps::DOWNLOAD_BUILD,
        Shape::GetPackage => steps::GET_PACKAGE,
        Shape::Publish => steps::PUBLISH,
        Shape::Upload => steps::UPLOAD,
        Shape::ReviewApp => steps::REVIEW_APP,
        Shape::StepTemplate => steps::STEP_TEMPLATE,
        Shape::StepTarget => steps::STEP_TARGET,
        Shape::Resources => resources::RESOURCES,
        Shape::Repository => resources::REPOSITORY,
        Shape::CheckoutOptions => steps::CHECKOUT_OPTIONS,
        Shape::SelfRepository => steps::SELF_REPOSITORY,
        Shape::ContainerResource => resources::CONTAINER_RESOURCE,
        Shape::ContainerTrigger => resources::CONTAINER_TRIGGER,
        Shape::PipelineResource => resources::PIPELINE_RESOURCE,
        Shape::PipelineTrigger => resources::PIPELINE_TRIGGER,
        Shape::Package => resources::PACKAGE,
        Shape::Webhook => resources::WEBHOOK,
        Shape::WebhookFilter => resources::WEBHOOK_FILTER,
        Shape::Build => resources::BUILD,
    }
}

/// The names of a shape's keys.
pub fn names(shape: Shape) -> impl Iterator<Item = &'static str> {
    keys(shape).iter().map(|key| key.name)
}

/// A key of a shape. Keys are told apart by case.
pub fn key(shape: Shape, name: &str) -> Option<&'static Key> {
    keys(shape).iter().find(|key| key.name == name)
}

/// The key that says what an item of this shape is.
pub fn first(shape: Shape) -> Option<&'static str> {
    keys(shape).iter().find(|key| key.is_first).map(|key| key.name)
}

/// The keys that say what an item of these shapes is; old ones only if there is no other.
pub fn kinds(shapes: &[Shape]) -> Vec<&'static str> {
    let firsts = || shapes.iter().filter_map(|shape| keys(*shape).iter().find(|key| key.is_first));
    let names = firsts().filter(|key| key.deprecated.is_none()).map(|key| key.name);
    let names: Vec<_> = names.collect();
    if names.is_empty() { firsts().map(|key| key.name).collect() } else { names }
}

/// The words that a key may be.
pub fn words(shape: Shape, name: &str) -> &'static [&'static str] {
    let values = key(shape, name).map_or(&[][..], |key| key.values);
    let words = values.iter().find_map(|value| match value {
        Value::Words(words) => Some(*words),
        _ => None,
    });
    words.unwrap_or_default()
}

/// True for a key that every step has.
pub fn is_common(name: &str) -> bool {
    steps::COMMON.iter().any(|key| key.name == name)
}

/// The kinds of steps.
pub fn steps() -> &'static [Shape] {
    items(steps::STEPS)
}

/// The kinds of jobs.
pub fn jobs() -> &'static [Shape] {
    items(jobs::DEPLOYABLE)
}

/// The kinds of stages.
pub fn stages() -> &'static [Shape] {
    items(jobs::STAGES)
}

/// The kinds of variables in a list.
pub fn variables() -> &'static [Shape] {
    items(jobs::VARIABLES)
}

fn items(values: &'static [Value]) -> &'static [Shape] {
    let shapes = values.iter().find_map(|value| match value {
        Value::Items(shapes) => Some(*shapes),
        _ => None,
    });
    shapes.unwrap_or_default()
}

/// The vendor's page of a shape.
pub fn page(shape: Shape) -> String {
    let name = match shape {
        Shape::Root | Shape::Extends => "pipeline",
        Shape::Trigger => "trigger",
        Shape::PullRequest => "pr",
        Shape::Schedule => "schedules-cron",
        Shape::Filter => "include-exclude-filters",
        Shape::Parameter => "parameters-parameter",
        Shape::Variable => "variables-name",
        Shape::VariableGroup => "variables-group",
        Shape::VariableTemplate => "variables-template",
        Shape::Stage | Shape::Check => "stages-stage",
        Shape::StageTemplate => "stages-template",
        Shape::Job => "jobs-job",
        Shape::Deployment => "jobs-deployment",
        Shape::JobTemplate => "jobs-template",
        Shape::Phase | Shape::Queue | Shape::Server => "phases",
        Shape::Pool => "pool",
        Shape::JobStrategy => "jobs-job-strategy",
        Shape::DeploymentStrategy
        | Shape::RunOnce
        | Shape::Rolling
        | Shape::Canary
        | Shape::OnHooks => "jobs-deployment-strategy",
        Shape::Hook => "deploy-hook",
        Shape::Environment => "jobs-deployment-environment",
        Shape::Container => "jobs-job-container",
        Shape::MountReadOnly => "mount-read-only",
        Shape::Workspace => "workspace",
        Shape::Uses => "jobs-job-uses",
        Shape::Script => "steps-script",
        Shape::Bash => "steps-bash",
        Shape::Pwsh => "steps-pwsh",
        Shape::PowerShell => "steps-powershell",
        Shape::Task => "steps-task",
        Shape::Checkout | Shape::CheckoutOptions => "steps-checkout",
        Shape::Download => "steps-download",
        Shape::DownloadBuild => "steps-download-build",
        Shape::GetPackage => "steps-get-package",
        Shape::Publish | Shape::Upload => "steps-publish",
        Shape::ReviewApp => "steps-review-app",
        Shape::StepTemplate => "steps-template",
        Shape::StepTarget => "target",
        Shape::Resources | Shape::SelfRepository => "resources",
        Shape::Repository => "resources-repositories-repository",
        Shape::ContainerResource | Shape::ContainerTrigger => "resources-containers-container",
        Shape::PipelineResource => "resources-pipelines-pipeline",
        Shape::PipelineTrigger => "resources-pipelines-pipeline-trigger",
        Shape::Package => "resources-packages-package",
        Shape::Webhook | Shape::WebhookFilter => "resources-webhooks-webhook",
        Shape::Build => "resources-builds-build",
    };
    format!("https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/{name}")
}
