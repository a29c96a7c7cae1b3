//! Resources (pipelines.md 15, 16).

use super::keys::{Key, NameKind, Shape, Value};
use super::root::FILTERED;
use super::steps::ENV;

const TEXTS: &[Value] = &[Value::ListOf(&Value::Text)];

#[rustfmt::skip]
pub(super) static RESOURCES: &[Key] = &[
    Key::new("repositories", &[Value::Items(&[Shape::Repository])], "Other repositories, for templates and checkout."),
    Key::new("containers", &[Value::Items(&[Shape::ContainerResource])], "Container images, for jobs and services."),
    Key::new("pipelines", &[Value::Items(&[Shape::PipelineResource])], "Other pipelines, whose artifacts are used or whose runs start this one."),
    Key::new("packages", &[Value::Items(&[Shape::Package])], "Packages of GitHub."),
    Key::new("webhooks", &[Value::Items(&[Shape::Webhook])], "Events from outside that start a run."),
    Key::new("builds", &[Value::Items(&[Shape::Build])], "Builds of other systems, such as Jenkins."),
];

#[rustfmt::skip]
pub(super) static REPOSITORY: &[Key] = &[
    Key::new("repository", &[Value::Declares(NameKind::Repository)], "The alias: template: path@alias, checkout: alias.").first(),
    Key::new("type", &[Value::Words(&["git", "github", "githubenterprise", "bitbucket"])], "Where the repository is; git is Azure Repos."),
    Key::new("name", &[Value::Text], "The repository: project/repository or owner/repository."),
    Key::new("ref", &[Value::Suggested(&["refs/heads/main", "refs/tags/"])], "The branch or tag; the default branch if left out."),
    Key::new("endpoint", &[Value::Name(NameKind::Connection)], "The service connection, when it is not Azure Repos."),
    Key::new("trigger", &[Value::Words(&["none"]), Value::ListOf(&Value::Text), Value::Map(Shape::Trigger)], "Which of its pushes start a run (Azure Repos only)."),
    Key::new("checkoutOptions", &[Value::Map(Shape::CheckoutOptions)], "How it is checked out."),
];

#[rustfmt::skip]
pub(super) static CONTAINER_RESOURCE: &[Key] = &[
    Key::new("container", &[Value::Declares(NameKind::Container)], "The alias: container: alias.").first(),
    Key::new("type", &[Value::Words(&["Docker", "ACR"])], "The kind of registry."),
    Key::new("image", &[Value::Text], "The image, with its tag or digest."),
    Key::new("endpoint", &[Value::Name(NameKind::Connection)], "The service connection of its registry."),
    Key::new("env", ENV, "Environment variables of the container."),
    Key::new("options", &[Value::Text], "Options of docker create."),
    Key::new("ports", TEXTS, "Ports to publish, such as 8080:80."),
    Key::new("volumes", TEXTS, "Volumes to mount, such as /data:/data."),
    Key::new("mapDockerSocket", &[Value::Boolean], "Whether the engine's socket is mounted; true if left out."),
    Key::new("mountReadOnly", &[Value::Map(Shape::MountReadOnly)], "What is mounted read-only."),
    Key::new("localImage", &[Value::Boolean], "Whether the image is on the agent already and not pulled."),
    Key::new("azureSubscription", &[Value::Name(NameKind::Connection)], "The service connection of Azure, for ACR."),
    Key::new("resourceGroup", &[Value::Text], "The resource group, for ACR."),
    Key::new("registry", &[Value::Text], "The registry, for ACR."),
    Key::new("repository", &[Value::Text], "The repository in the registry, for ACR."),
    Key::new("trigger", &[Value::Boolean, Value::Words(&["none"]), Value::Map(Shape::ContainerTrigger)], "Whether a new image starts a run."),
];

#[rustfmt::skip]
pub(super) static CONTAINER_TRIGGER: &[Key] = &[
    Key::new("enabled", &[Value::Boolean], "Whether it is on."),
    Key::new("tags", FILTERED, "Tags that start a run."),
];

#[rustfmt::skip]
pub(super) static PIPELINE_RESOURCE: &[Key] = &[
    Key::new("pipeline", &[Value::Declares(NameKind::Pipeline)], "The alias: download: alias.").first(),
    Key::new("source", &[Value::Text], "The pipeline's name."),
    Key::new("project", &[Value::Text], "Its project; this one if left out."),
    Key::new("version", &[Value::Text], "The number of the run; the newest if left out."),
    Key::new("branch", &[Value::Text], "The branch of the run."),
    Key::new("tags", TEXTS, "Tags that the run has to have."),
    Key::new("trigger", &[Value::Boolean, Value::Words(&["none"]), Value::Map(Shape::PipelineTrigger)], "Which of its runs start this pipeline."),
];

#[rustfmt::skip]
pub(super) static PIPELINE_TRIGGER: &[Key] = &[
    Key::new("enabled", &[Value::Boolean], "Whether it is on."),
    Key::new("branches", FILTERED, "Branches whose runs start this pipeline."),
    Key::new("stages", TEXTS, "Stages that have to be done."),
    Key::new("tags", TEXTS, "Tags that the run has to have."),
];

#[rustfmt::skip]
pub(super) static PACKAGE: &[Key] = &[
    Key::new("package", &[Value::Declares(NameKind::Package)], "The alias: getPackage: alias.").first(),
    Key::new("type", &[Value::Words(&["npm", "NuGet"])], "The kind of package."),
    Key::new("connection", &[Value::Name(NameKind::Connection)], "The service connection of GitHub."),
    Key::new("name", &[Value::Text], "The package: owner/name."),
    Key::new("version", &[Value::Text], "Its version; the newest if left out."),
    Key::new("tag", &[Value::Text], "Its tag."),
    Key::new("trigger", &[Value::Boolean, Value::Words(&["none"])], "Whether a new version starts a run."),
];

#[rustfmt::skip]
pub(super) static WEBHOOK: &[Key] = &[
    Key::new("webhook", &[Value::Declares(NameKind::Webhook)], "The alias: ${{ parameters.alias.path }} reads its payload.").first(),
    Key::new("connection", &[Value::Name(NameKind::Connection)], "The service connection of the webhook."),
    Key::new("type", &[Value::Text], "The kind of webhook."),
    Key::new("filters", &[Value::Items(&[Shape::WebhookFilter])], "What the payload has to say."),
];

#[rustfmt::skip]
pub(super) static WEBHOOK_FILTER: &[Key] = &[
    Key::new("path", &[Value::Text], "The place in the payload.").first(),
    Key::new("value", &[Value::Text], "What has to be there."),
];

#[rustfmt::skip]
pub(super) static BUILD: &[Key] = &[
    Key::new("build", &[Value::Declares(NameKind::Build)], "The alias: downloadBuild: alias.").first(),
    Key::new("type", &[Value::Suggested(&["Jenkins", "circleCI"])], "The system."),
    Key::new("connection", &[Value::Name(NameKind::Connection)], "The service connection of the system."),
    Key::new("source", &[Value::Text], "The build's name there."),
    Key::new("version", &[Value::Text], "The build's number; the newest if left out."),
    Key::new("branch", &[Value::Text], "The branch of the build."),
    Key::new("trigger", &[Value::Boolean, Value::Words(&["none"])], "Whether a new build starts a run."),
];
