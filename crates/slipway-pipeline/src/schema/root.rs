//! The root of a file: triggers, parameters, variables (pipelines.md 2, 3, 5, 6).

use super::jobs::{DEPLOYABLE, STAGES, VARIABLES};
use super::keys::{Key, NameKind, Shape, TemplateKind, Value};
use super::steps::STEPS;

const TEXTS: Value = Value::ListOf(&Value::Text);
pub(super) const FILTERED: &[Value] = &[Value::Map(Shape::Filter), TEXTS];
const PARAMETERS: &[Value] = &[Value::Items(&[Shape::Parameter]), Value::MapOf(&Value::Anything)];
const RESOURCES: &[Value] = &[Value::Map(Shape::Resources), Value::Items(&[Shape::SelfRepository])];
pub(super) const POOL: &[Value] = &[Value::Name(NameKind::Pool), Value::Map(Shape::Pool)];
pub(super) const CONTAINER: &[Value] =
    &[Value::Name(NameKind::Container), Value::Map(Shape::Container)];
pub(super) const SERVICES: &[Value] = &[Value::MapOf(&Value::Name(NameKind::Container))];
pub(super) const LOCK: &[Value] = &[Value::Words(&["sequential", "runLatest"])];

/// What a file may hold, one of these.
pub const BODIES: [&str; 4] = ["stages", "jobs", "steps", "extends"];

#[rustfmt::skip]
pub(super) static ROOT: &[Key] = &[
    Key::new("name", &[Value::RunNumber], "The format of run numbers; $(Date:yyyyMMdd).$(Rev:r) if left out."),
    Key::new("appendCommitMessageToRunName", &[Value::Boolean], "Whether the commit's message is shown behind the run's number."),
    Key::new("trigger", &[Value::Words(&["none"]), TEXTS, Value::Map(Shape::Trigger)], "Which pushes start a run; every branch if left out."),
    Key::new("pr", &[Value::Words(&["none"]), TEXTS, Value::Map(Shape::PullRequest)], "Which pull requests start a run (GitHub and Bitbucket)."),
    Key::new("schedules", &[Value::Items(&[Shape::Schedule])], "When runs start by the clock, in UTC."),
    Key::new("parameters", PARAMETERS, "What is asked for before a run, or what a template takes."),
    Key::new("variables", VARIABLES, "Variables of all stages and jobs."),
    Key::new("resources", RESOURCES, "Repositories, containers, pipelines and packages that the pipeline uses."),
    Key::new("lockBehavior", LOCK, "How runs wait for an exclusive lock: in turn, or only the newest."),
    Key::new("pool", POOL, "Where jobs run that say nothing themselves."),
    Key::new("stages", STAGES, "The stages."),
    Key::new("jobs", DEPLOYABLE, "The jobs, when there is one stage only."),
    Key::new("steps", STEPS, "The steps, when there is one job only."),
    Key::new("extends", &[Value::Map(Shape::Extends)], "The template that makes the whole pipeline."),
    Key::new("strategy", &[Value::Map(Shape::JobStrategy)], "How the one job is multiplied.").beside("steps"),
    Key::new("container", CONTAINER, "The container that the one job runs in.").beside("steps"),
    Key::new("services", SERVICES, "Containers that run beside the one job.").beside("steps"),
    Key::new("workspace", &[Value::Map(Shape::Workspace)], "What is cleaned before the one job.").beside("steps"),
    Key::new("continueOnError", &[Value::Boolean], "Whether the run goes on when the one job fails.").beside("steps"),
    Key::new("timeoutInMinutes", &[Value::Minutes], "How long the one job may take; 60 if left out, 0 for as long as possible.").beside("steps"),
    Key::new("cancelTimeoutInMinutes", &[Value::Minutes], "How long the one job's cleanup may take when it is cancelled; 5 if left out.").beside("steps"),
    Key::new("uses", &[Value::Map(Shape::Uses)], "Repositories and pools that the one job uses without naming them in a key.").beside("steps"),
    Key::new("phases", &[Value::Items(&[Shape::Phase, Shape::JobTemplate])], "The old word for jobs.").old("jobs"),
    Key::new("queue", &[Value::Name(NameKind::Pool), Value::Map(Shape::Queue)], "The old word for pool.").old("pool").beside("steps"),
    Key::new("server", &[Value::Boolean, Value::Map(Shape::Server)], "The old way to run without an agent.").old("pool: server").beside("steps"),
];

#[rustfmt::skip]
pub(super) static EXTENDS: &[Key] = &[
    Key::new("template", &[Value::Template(TemplateKind::Extends)], "The template's path, with @alias when it is in another repository.").required(),
    Key::new("parameters", &[Value::Arguments], "Values for the template's parameters."),
];

#[rustfmt::skip]
pub(super) static TRIGGER: &[Key] = &[
    Key::new("batch", &[Value::Boolean], "While a run goes on, gather further pushes into one."),
    Key::new("branches", FILTERED, "Branches that start a run."),
    Key::new("paths", FILTERED, "Paths that start a run when they change."),
    Key::new("tags", FILTERED, "Tags that start a run."),
    Key::new("enabled", &[Value::Boolean], "Whether this trigger is on."),
];

#[rustfmt::skip]
pub(super) static PULL_REQUEST: &[Key] = &[
    Key::new("autoCancel", &[Value::Boolean], "Whether a new push cancels the run before; true if left out."),
    Key::new("drafts", &[Value::Boolean], "Whether drafts start a run; true if left out."),
    Key::new("branches", FILTERED, "Target branches that start a run."),
    Key::new("paths", FILTERED, "Paths that start a run when they change."),
];

#[rustfmt::skip]
pub(super) static SCHEDULE: &[Key] = &[
    Key::new("cron", &[Value::Cron], "Minute, hour, day, month, day of the week, in UTC.").first(),
    Key::new("displayName", &[Value::Text], "What people read."),
    Key::new("branches", FILTERED, "Branches that are run."),
    Key::new("batch", &[Value::Boolean], "Whether it is skipped while the run before goes on."),
    Key::new("always", &[Value::Boolean], "Whether it runs even when nothing has changed."),
];

#[rustfmt::skip]
pub(super) static FILTER: &[Key] = &[
    Key::new("include", &[TEXTS], "What counts; * stands for any letters."),
    Key::new("exclude", &[TEXTS], "What does not count, even if it is included."),
];

pub(crate) const PARAMETER_TYPES: &[&str] = &[
    "string",
    "stringList",
    "number",
    "boolean",
    "object",
    "step",
    "stepList",
    "job",
    "jobList",
    "deployment",
    "deploymentList",
    "stage",
    "stageList",
    "container",
    "containerList",
    "legacyObject",
    "environment",
    "filePath",
    "pool",
    "secureFile",
    "serviceConnection",
];

#[rustfmt::skip]
pub(super) static PARAMETER: &[Key] = &[
    Key::new("name", &[Value::Declares(NameKind::Parameter)], "The name: ${{ parameters.name }}.").first(),
    Key::new("displayName", &[Value::Text], "What people read."),
    Key::new("type", &[Value::Words(PARAMETER_TYPES)], "The type; string if left out."),
    Key::new("default", &[Value::Anything], "The value when none is given; without one a value must be given."),
    Key::new("values", &[TEXTS], "The only values that are allowed."),
];

#[rustfmt::skip]
pub(super) static VARIABLE: &[Key] = &[
    Key::new("name", &[Value::Declares(NameKind::Variable)], "The variable's name: $(name).").first(),
    Key::new("value", &[Value::Text], "Its value: a text, ${{ }} or $[ ]."),
    Key::new("readonly", &[Value::Boolean], "Whether steps are kept from changing it."),
];

#[rustfmt::skip]
pub(super) static VARIABLE_GROUP: &[Key] = &[
    Key::new("group", &[Value::Name(NameKind::VariableGroup)], "A variable group, whose variables are known during the run.").first(),
];

#[rustfmt::skip]
pub(super) static VARIABLE_TEMPLATE: &[Key] = &[
    Key::new("template", &[Value::Template(TemplateKind::Variables)], "A template with variables.").first(),
    Key::new("parameters", &[Value::Arguments], "Values for the template's parameters."),
];
