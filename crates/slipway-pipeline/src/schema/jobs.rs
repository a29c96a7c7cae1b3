//! Stages, jobs, deployments, pools, containers (pipelines.md 2, 4, 11, 12, 14, 15).

use super::keys::{Key, NameKind, Shape, TemplateKind, Value};
use super::root::{CONTAINER, LOCK, POOL, SERVICES};
use super::steps::{ENV, STEPS};

pub(super) const STAGES: &[Value] = &[Value::Items(&[Shape::Stage, Shape::StageTemplate])];
pub(super) const DEPLOYABLE: &[Value] =
    &[Value::Items(&[Shape::Job, Shape::Deployment, Shape::JobTemplate, Shape::Phase])];
pub(super) const VARIABLES: &[Value] = &[
    Value::Variables,
    Value::Items(&[Shape::Variable, Shape::VariableGroup, Shape::VariableTemplate]),
];
const STAGE_NAMES: &[Value] =
    &[Value::Name(NameKind::Stage), Value::ListOf(&Value::Name(NameKind::Stage))];
const JOB_NAMES: &[Value] =
    &[Value::Name(NameKind::Job), Value::ListOf(&Value::Name(NameKind::Job))];
const TEXTS: &[Value] = &[Value::ListOf(&Value::Text)];
const TEXT_OR_TEXTS: &[Value] = &[Value::Text, Value::ListOf(&Value::Text)];
const HOOK_VALUE: &[Value] = &[Value::Map(Shape::Hook)];

pub(crate) const IMAGES: &[&str] = &[
    "ubuntu-latest",
    "ubuntu-24.04",
    "ubuntu-22.04",
    "windows-latest",
    "windows-2025",
    "windows-2022",
    "macOS-latest",
    "macOS-15",
    "macOS-14",
];

const DISPLAY_NAME: Key = Key::new("displayName", &[Value::Text], "What people read.");
const CONTEXT: Key = Key::new(
    "templateContext",
    &[Value::Anything],
    "Anything for the template that this pipeline extends.",
);
const CONTINUE: Key = Key::new(
    "continueOnError",
    &[Value::Boolean],
    "Whether the run goes on when the job fails: it counts as succeeded with issues.",
);
const TIMEOUT: Key = Key::new(
    "timeoutInMinutes",
    &[Value::Minutes],
    "How long the job may take; 60 if left out, 0 for as long as possible.",
);
const CANCEL_TIMEOUT: Key = Key::new(
    "cancelTimeoutInMinutes",
    &[Value::Minutes],
    "How long cleanup may take when the job is cancelled; 5 if left out.",
);
const CONDITION: Key = Key::new(
    "condition",
    &[Value::Condition],
    "When it runs; succeeded() if left out. A condition of its own replaces that.",
);
const JOB_NEEDS: Key = Key::new("dependsOn", JOB_NAMES, "Jobs it waits for; none if left out.");
const JOB_VARIABLES: Key = Key::new("variables", VARIABLES, "Variables of the job.");
const JOB_POOL: Key = Key::new("pool", POOL, "Where the job runs.");
const JOB_CONTAINER: Key = Key::new("container", CONTAINER, "The container that steps run in.");
const JOB_SERVICES: Key = Key::new(
    "services",
    SERVICES,
    "Containers that run beside the job, by the name they are reached at.",
);
const JOB_WORKSPACE: Key =
    Key::new("workspace", &[Value::Map(Shape::Workspace)], "What is cleaned before the job.");
const JOB_USES: Key = Key::new(
    "uses",
    &[Value::Map(Shape::Uses)],
    "Repositories and pools that the job uses without naming them in a key.",
);

const MOST_AT_ONCE: Key =
    Key::new("maxParallel", &[Value::Number], "How many run at once; all if left out.");

#[rustfmt::skip]
pub(super) static STAGE: &[Key] = &[
    Key::new("stage", &[Value::Declares(NameKind::Stage)], "The stage's name: letters, digits and _.").first(),
    DISPLAY_NAME,
    Key::new("dependsOn", STAGE_NAMES, "Stages it waits for; the one before if left out, none for []."),
    CONDITION,
    Key::new("variables", VARIABLES, "Variables of the stage's jobs."),
    Key::new("pool", POOL, "Where the stage's jobs run that say nothing themselves."),
    Key::new("jobs", DEPLOYABLE, "The jobs."),
    Key::new("lockBehavior", LOCK, "How runs wait for an exclusive lock: in turn, or only the newest."),
    Key::new("trigger", &[Value::Words(&["automatic", "manual"])], "Whether somebody has to start the stage."),
    Key::new("isSkippable", &[Value::Boolean], "Whether the stage can be left out when a run is started; true if left out."),
    Key::new("group", &[Value::Text], "Where the stage is shown in the deployment history."),
    Key::new("checks", &[Value::Items(&[Shape::Check])], "Checks of the service before the stage."),
    CONTEXT,
];

#[rustfmt::skip]
pub(super) static CHECK: &[Key] = &[
    Key::new("type", &[Value::Words(&["productionReadinessPolicy"])], "The kind of check.").first(),
];

#[rustfmt::skip]
pub(super) static STAGE_TEMPLATE: &[Key] = &[
    Key::new("template", &[Value::Template(TemplateKind::Stages)], "A template with stages.").first(),
    Key::new("parameters", &[Value::Arguments], "Values for the template's parameters."),
];

#[rustfmt::skip]
pub(super) static JOB: &[Key] = &[
    Key::new("job", &[Value::Declares(NameKind::Job)], "The job's name: letters, digits and _.").first(),
    DISPLAY_NAME, JOB_NEEDS, CONDITION,
    Key::new("strategy", &[Value::Map(Shape::JobStrategy)], "How the job is multiplied: a matrix or slices."),
    JOB_POOL, JOB_CONTAINER, JOB_SERVICES, JOB_VARIABLES, JOB_WORKSPACE, JOB_USES,
    Key::new("steps", STEPS, "The steps.").required(),
    TIMEOUT, CANCEL_TIMEOUT, CONTINUE, CONTEXT,
];

#[rustfmt::skip]
pub(super) static DEPLOYMENT: &[Key] = &[
    Key::new("deployment", &[Value::Declares(NameKind::Job)], "The deployment's name: letters, digits and _.").first(),
    DISPLAY_NAME, JOB_NEEDS, CONDITION,
    Key::new("environment", &[Value::Name(NameKind::Environment), Value::Map(Shape::Environment)], "What is deployed to: environment, or environment.resource.").required(),
    Key::new("strategy", &[Value::Map(Shape::DeploymentStrategy)], "How it is deployed.").required(),
    JOB_POOL, JOB_CONTAINER, JOB_SERVICES, JOB_VARIABLES, JOB_WORKSPACE, JOB_USES,
    TIMEOUT, CANCEL_TIMEOUT, CONTINUE, CONTEXT,
];

#[rustfmt::skip]
pub(super) static JOB_TEMPLATE: &[Key] = &[
    Key::new("template", &[Value::Template(TemplateKind::Jobs)], "A template with jobs.").first(),
    Key::new("parameters", &[Value::Arguments], "Values for the template's parameters."),
];

#[rustfmt::skip]
pub(super) static PHASE: &[Key] = &[
    Key::new("phase", &[Value::Declares(NameKind::Job)], "The old word for job.").first().old("job"),
    DISPLAY_NAME, JOB_NEEDS, CONDITION, CONTINUE, JOB_VARIABLES,
    Key::new("strategy", &[Value::Map(Shape::JobStrategy)], "How the job is multiplied: a matrix or slices."),
    JOB_POOL, JOB_CONTAINER, JOB_SERVICES, JOB_USES, TIMEOUT, CANCEL_TIMEOUT, CONTEXT,
    Key::new("queue", &[Value::Name(NameKind::Pool), Value::Map(Shape::Queue)], "The old word for pool.").old("pool"),
    Key::new("server", &[Value::Boolean, Value::Map(Shape::Server)], "The old way to run without an agent.").old("pool: server"),
    JOB_WORKSPACE,
    Key::new("steps", STEPS, "The steps."),
];

#[rustfmt::skip]
pub(super) static QUEUE: &[Key] = &[
    Key::new("name", &[Value::Name(NameKind::Pool)], "The pool's name."),
    Key::new("demands", TEXT_OR_TEXTS, "What the agent has to have."),
    TIMEOUT, CANCEL_TIMEOUT,
    Key::new("parallel", &[Value::Number], "How many slices."),
    Key::new("matrix", &[Value::MapOf(&Value::Variables), Value::Text], "Legs, each with its variables."),
    MOST_AT_ONCE, JOB_CONTAINER, JOB_WORKSPACE,
];

#[rustfmt::skip]
pub(super) static SERVER: &[Key] = &[
    TIMEOUT, CANCEL_TIMEOUT,
    Key::new("parallel", &[Value::Number], "How many slices."),
    Key::new("matrix", &[Value::MapOf(&Value::Variables), Value::Text], "Legs, each with its variables."),
    MOST_AT_ONCE,
];

#[rustfmt::skip]
pub(super) static POOL_SHAPE: &[Key] = &[
    Key::new("name", &[Value::Name(NameKind::Pool)], "The pool's name."),
    Key::new("vmImage", &[Value::Suggested(IMAGES)], "The image of a Microsoft-hosted agent; here the job runs on this machine."),
    Key::new("demands", TEXT_OR_TEXTS, "What the agent has to have: Name, or Name -equals Value."),
    // Managed pools (1ES) know these; the service lets them pass in any pool, and shared templates rely on it.
    Key::new("image", &[Value::Text], "The image of a managed pool."),
    Key::new("os", &[Value::Suggested(&["linux", "windows", "macOS"])], "The system of a managed pool."),
    Key::new("hostArchitecture", &[Value::Suggested(&["amd64", "arm64"])], "The processor of a managed pool."),
    Key::new("isCustom", &[Value::Boolean], "Whether a managed pool is one of the project's own."),
];

#[rustfmt::skip]
pub(super) static JOB_STRATEGY: &[Key] = &[
    Key::new("matrix", &[Value::MapOf(&Value::Variables), Value::Text], "Legs, each with its variables; or a $[ ] that gives them as JSON."),
    Key::new("parallel", &[Value::Number], "How many slices of the same job."),
    MOST_AT_ONCE,
];

#[rustfmt::skip]
pub(super) static DEPLOYMENT_STRATEGY: &[Key] = &[
    Key::new("runOnce", &[Value::Map(Shape::RunOnce)], "Each part once."),
    Key::new("rolling", &[Value::Map(Shape::Rolling)], "Machine by machine."),
    Key::new("canary", &[Value::Map(Shape::Canary)], "In growing shares."),
];

const PRE_DEPLOY: Key = Key::new("preDeploy", HOOK_VALUE, "What comes before the deployment.");
const DEPLOY: Key = Key::new("deploy", HOOK_VALUE, "The deployment itself.");
const ROUTE: Key = Key::new("routeTraffic", HOOK_VALUE, "Leads traffic to the new version.");
const POST_ROUTE: Key =
    Key::new("postRouteTraffic", HOOK_VALUE, "What comes after, such as watching its health.");
const ON: Key = Key::new("on", &[Value::Map(Shape::OnHooks)], "What comes last, by how it went.");

#[rustfmt::skip]
pub(super) static RUN_ONCE: &[Key] = &[PRE_DEPLOY, DEPLOY.required(), ROUTE, POST_ROUTE, ON];

#[rustfmt::skip]
pub(super) static ROLLING: &[Key] = &[
    Key::new("maxParallel", &[Value::Text], "How many machines at once: a number or a percentage."),
    PRE_DEPLOY, DEPLOY.required(), ROUTE, POST_ROUTE, ON,
];

#[rustfmt::skip]
pub(super) static CANARY: &[Key] = &[
    Key::new("increments", &[Value::ListOf(&Value::Number)], "Shares in percent, such as [10, 20]; 100 follows by itself."),
    PRE_DEPLOY, DEPLOY.required(), ROUTE, POST_ROUTE, ON,
];

#[rustfmt::skip]
pub(super) static ON_HOOKS: &[Key] = &[
    Key::new("failure", HOOK_VALUE, "When a part failed."),
    Key::new("success", HOOK_VALUE, "When all parts succeeded."),
];

#[rustfmt::skip]
pub(super) static HOOK: &[Key] = &[
    Key::new("steps", STEPS, "The steps."),
    Key::new("pool", POOL, "Where they run, when it is not the job's pool."),
];

#[rustfmt::skip]
pub(super) static ENVIRONMENT: &[Key] = &[
    Key::new("name", &[Value::Name(NameKind::Environment)], "The environment's name."),
    Key::new("resourceName", &[Value::Text], "The resource in it."),
    Key::new("resourceId", &[Value::Number], "The resource's number."),
    Key::new("resourceType", &[Value::Words(&["kubernetes", "virtualMachine"])], "The kind of resource."),
    Key::new("tags", &[Value::Text], "Tags that machines have to have, separated by commas."),
];

#[rustfmt::skip]
pub(super) static CONTAINER_SHAPE: &[Key] = &[
    Key::new("image", &[Value::Text], "The image, with its tag or digest."),
    Key::new("endpoint", &[Value::Name(NameKind::Connection)], "The service connection of its registry."),
    Key::new("env", ENV, "Environment variables of the container."),
    Key::new("options", &[Value::Text], "Options of docker create."),
    Key::new("ports", TEXTS, "Ports to publish, such as 8080:80."),
    Key::new("volumes", TEXTS, "Volumes to mount, such as /data:/data."),
    Key::new("mapDockerSocket", &[Value::Boolean], "Whether the engine's socket is mounted; true if left out."),
    Key::new("mountReadOnly", &[Value::Map(Shape::MountReadOnly)], "What is mounted read-only."),
    Key::new("localImage", &[Value::Boolean], "Whether the image is on the agent already and not pulled."),
    Key::new("alias", &[Value::Name(NameKind::Container)], "A container resource, in place of an image."),
];

#[rustfmt::skip]
pub(super) static MOUNT_READ_ONLY: &[Key] = &[
    Key::new("work", &[Value::Boolean], "The folder of the job."),
    Key::new("externals", &[Value::Boolean], "What the agent brings along."),
    Key::new("tools", &[Value::Boolean], "Tools of the agent."),
    Key::new("tasks", &[Value::Boolean], "Tasks of the agent."),
];

#[rustfmt::skip]
pub(super) static WORKSPACE: &[Key] = &[
    Key::new("clean", &[Value::Words(&["outputs", "resources", "all"])], "What is deleted before: outputs, sources, or everything."),
];

#[rustfmt::skip]
pub(super) static USES: &[Key] = &[
    Key::new("repositories", &[Value::ListOf(&Value::Name(NameKind::Repository))], "Repositories that the job uses."),
    Key::new("pools", &[Value::ListOf(&Value::Name(NameKind::Pool))], "Pools that the job uses."),
];
