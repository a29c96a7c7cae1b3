//! Docker and Docker Compose.

use super::{TaskSpec, connection, is, lines, off, on, output, path, pick, text};

const REGISTRY: &[&str] = &["Azure Container Registry", "Container Registry"];
const AZURE: &[super::ShownWhen] = &[is("containerregistrytype", &["Azure Container Registry"])];
const OTHER: &[super::ShownWhen] = &[is("containerregistrytype", &["Container Registry"])];

/// Builds and pushes images.
#[rustfmt::skip]
pub static DOCKER_2: TaskSpec = TaskSpec::new("Docker", 2,
    "Builds container images and pushes them to a registry.", &[
    connection("containerRegistry", "The service connection of the registry.").under("Container repository"),
    text("repository", "The repository in the registry.").under("Container repository").when(&[super::is_not("command", &["login", "logout", "start", "stop"])]),
    pick("command", &["buildAndPush", "build", "push", "login", "logout", "start", "stop"], "What to do.").open().or("buildAndPush").under("Commands"),
    path("Dockerfile", "The Dockerfile: a path or a pattern, the first match counts.").or("**/Dockerfile").under("Commands").when(&[is("command", &["build", "buildAndPush"])]),
    path("buildContext", "The folder that the build may copy from; `**` is the Dockerfile's folder.").or("**").under("Commands").when(&[is("command", &["build", "buildAndPush"])]),
    lines("tags", "Tags, one a line or separated by commas.").or("$(Build.BuildId)").under("Commands").when(&[is("command", &["build", "push", "buildAndPush"])]),
    text("arguments", "Further options of the command. Passed over for buildAndPush.").under("Commands").when(&[super::is_not("command", &["login", "logout", "buildAndPush"])]),
    on("addPipelineData", "Label the image with the run that built it.").under("Commands").when(&[is("command", &["build", "buildAndPush"])]),
    on("addBaseImageData", "Label the image with its base image.").under("Commands").when(&[is("command", &["build", "buildAndPush"])]),
    text("container", "The container resource to start or stop.").under("Commands").when(&[is("command", &["start", "stop"])]),
]).sets(&[output("DockerOutput", "Paths of files with what docker printed.")]);

/// The version before.
#[rustfmt::skip]
pub static DOCKER_1: TaskSpec = TaskSpec::new("Docker", 1,
    "Builds, pushes or runs container images, or runs any docker command.", &[
    pick("containerregistrytype", REGISTRY, "The kind of registry.").or("Azure Container Registry").under("Container registry"),
    connection("dockerRegistryEndpoint", "The service connection of the registry.").under("Container registry").when(OTHER),
    connection("azureSubscriptionEndpoint", "The service connection of Azure.").under("Container registry").also(&["azureSubscription"]).when(AZURE),
    text("azureContainerRegistry", "The registry's address.").under("Container registry").when(AZURE),
    on("addBaseImageData", "Label the image with its base image."),
    pick("command", &["build", "login", "logout", "pull", "push", "run", "tag"], "What to do.").open().or("build"),
    path("dockerFile", "The Dockerfile: a path or a pattern.").or("**/Dockerfile").when(&[is("command", &["build"])]),
    lines("arguments", "Further options of the command."),
    on("pushMultipleImages", "Push the images of a file."),
    on("tagMultipleImages", "Tag the images of a file."),
    text("imageName", "The image's name.").or("$(Build.Repository.Name):$(Build.BuildId)"),
    path("imageNamesPath", "A file with names of images, one a line."),
    on("qualifyImageName", "Put the registry before the name."),
    on("qualifySourceImageName", "Put the registry before the source's name."),
    off("includeSourceTags", "Tag with the commit's git tags as well."),
    off("includeLatestTag", "Tag with latest as well."),
    off("addDefaultLabels", "Label the image with the run that built it."),
    path("buildContext", "The folder that the build may copy from.").or("**"),
    on("useDefaultContext", "Use the Dockerfile's folder."),
    text("imageDigestFile", "A file to write the digest to."),
    text("containerName", "The container's name.").when(&[is("command", &["run"])]),
    lines("ports", "Ports to publish, one a line.").when(&[is("command", &["run"])]),
    lines("volumes", "Volumes to mount, one a line.").when(&[is("command", &["run"])]),
    lines("envVars", "Environment variables, one a line.").when(&[is("command", &["run"])]),
    text("workingDirectory", "The folder inside the container.").also(&["workDir"]).when(&[is("command", &["run"])]),
    text("entrypointOverride", "Another entry point.").also(&["entrypoint"]).when(&[is("command", &["run"])]),
    text("containerCommand", "The command to run inside.").when(&[is("command", &["run"])]),
    on("runInBackground", "Do not wait for its end.").also(&["detached"]).when(&[is("command", &["run"])]),
    pick("restartPolicy", &["no", "onFailure", "always", "unlessStopped"], "When it is started again.").or("no").when(&[is("command", &["run"])]),
    text("maxRestartRetries", "How often it is started again.").when(&[is("command", &["run"])]),
    connection("dockerHostEndpoint", "The service connection of another docker host.").under("Advanced"),
    on("enforceDockerNamingConvention", "Make the image's name lower case without blanks.").under("Advanced"),
    path("currentWorkingDirectory", "The folder to run docker in.").or("$(System.DefaultWorkingDirectory)").also(&["cwd"]).under("Advanced"),
    text("memoryLimit", "The most memory a container may use.").also(&["memory"]).under("Advanced"),
]).sets(&[output("DockerOutput", "What docker printed.")]);

/// The first version.
#[rustfmt::skip]
pub static DOCKER_0: TaskSpec = TaskSpec::new("Docker", 0,
    "Builds, tags, pushes or runs container images, or runs any docker command.", &[
    pick("containerregistrytype", REGISTRY, "The kind of registry.").or("Azure Container Registry"),
    connection("dockerRegistryEndpoint", "The service connection of the registry.").also(&["dockerRegistryConnection"]).when(OTHER),
    connection("azureSubscriptionEndpoint", "The service connection of Azure.").also(&["azureSubscription"]).when(AZURE),
    text("azureContainerRegistry", "The registry's address.").when(AZURE),
    pick("action", &["Build an image", "Tag images", "Push an image", "Push images", "Run an image", "Run a Docker command"], "What to do.").or("Build an image"),
    path("dockerFile", "The Dockerfile: a path or a pattern.").or("**/Dockerfile").when(&[is("action", &["Build an image"])]),
    lines("buildArguments", "Build arguments, one a line.").when(&[is("action", &["Build an image"])]),
    on("defaultContext", "Use the Dockerfile's folder.").when(&[is("action", &["Build an image"])]),
    path("context", "The folder that the build may copy from."),
    text("imageName", "The image's name.").or("$(Build.Repository.Name):$(Build.BuildId)"),
    path("imageNamesPath", "A file with names of images, one a line."),
    on("qualifyImageName", "Put the registry before the name."),
    lines("additionalImageTags", "Further tags, one a line."),
    off("includeSourceTags", "Tag with the commit's git tags as well."),
    off("includeLatestTag", "Tag with latest as well."),
    text("imageDigestFile", "A file to write the digest to."),
    text("containerName", "The container's name.").when(&[is("action", &["Run an image"])]),
    lines("ports", "Ports to publish, one a line.").when(&[is("action", &["Run an image"])]),
    lines("volumes", "Volumes to mount, one a line.").when(&[is("action", &["Run an image"])]),
    lines("envVars", "Environment variables, one a line.").when(&[is("action", &["Run an image"])]),
    text("workDir", "The folder inside the container.").also(&["workingDirectory"]).when(&[is("action", &["Run an image"])]),
    text("entrypoint", "Another entry point.").also(&["entrypointOverride"]).when(&[is("action", &["Run an image"])]),
    text("containerCommand", "The command to run inside.").when(&[is("action", &["Run an image"])]),
    on("detached", "Do not wait for its end.").also(&["runInBackground"]).when(&[is("action", &["Run an image"])]),
    pick("restartPolicy", &["no", "onFailure", "always", "unlessStopped"], "When it is started again.").or("no").when(&[is("action", &["Run an image"])]),
    text("restartMaxRetries", "How often it is started again.").also(&["maxRestartRetries"]).when(&[is("action", &["Run an image"])]),
    text("customCommand", "The docker command.").required().also(&["dockerCommand"]).when(&[is("action", &["Run a Docker command"])]),
    connection("dockerHostEndpoint", "The service connection of another docker host.").under("Advanced"),
    on("enforceDockerNamingConvention", "Make the image's name lower case without blanks.").under("Advanced"),
    path("cwd", "The folder to run docker in.").or("$(System.DefaultWorkingDirectory)").also(&["workingFolder", "currentWorkingDirectory"]).under("Advanced"),
    text("memory", "The most memory a container may use.").also(&["memoryLimit"]).under("Advanced"),
]).sets(&[output("DockerOutput", "What docker printed.")]);

const ACTIONS: &[&str] = &[
    "Build services",
    "Push services",
    "Run services",
    "Run a specific service",
    "Lock services",
    "Write service image digests",
    "Combine configuration",
    "Run a Docker Compose command",
];

/// Docker Compose.
#[rustfmt::skip]
pub static DOCKER_COMPOSE_1: TaskSpec = TaskSpec::new("DockerCompose", 1,
    "Builds, pushes or runs services with Docker Compose.", &COMPOSE,
).sets(&[output("DockerComposeOutput", "Paths of files with what the command printed.")]);

/// Docker Compose, the first version.
#[rustfmt::skip]
pub static DOCKER_COMPOSE_0: TaskSpec = TaskSpec::new("DockerCompose", 0,
    "Builds, pushes or runs services with Docker Compose.", &COMPOSE,
).sets(&[output("DockerComposeOutput", "Paths of files with what the command printed.")]);

#[rustfmt::skip]
static COMPOSE: [super::InputSpec; 33] = [
    pick("containerregistrytype", REGISTRY, "The kind of registry.").or("Azure Container Registry").under("Container registry"),
    connection("dockerRegistryEndpoint", "The service connection of the registry.").under("Container registry").when(OTHER),
    connection("azureSubscriptionEndpoint", "The service connection of Azure.").also(&["azureSubscription"]).under("Container registry").when(AZURE),
    text("azureContainerRegistry", "The registry's address.").under("Container registry").when(AZURE),
    path("dockerComposeFile", "The Compose file: a path or a pattern.").or("**/docker-compose.yml"),
    lines("additionalDockerComposeFiles", "Further Compose files, one a line."),
    lines("dockerComposeFileArgs", "Environment variables for the Compose file, one a line."),
    text("projectName", "The project's name: what containers and images are named after.").or("$(Build.Repository.Name)"),
    on("qualifyImageNames", "Put the registry before images' names."),
    pick("action", ACTIONS, "What to do.").or("Run a Docker Compose command"),
    lines("additionalImageTags", "Further tags, one a line.").when(&[is("action", &["Build services", "Push services"])]),
    off("includeSourceTags", "Tag with the commit's git tags as well.").when(&[is("action", &["Build services", "Push services"])]),
    off("includeLatestTag", "Tag with latest as well.").when(&[is("action", &["Build services", "Push services"])]),
    on("buildImages", "Build images before the services start.").when(&[is("action", &["Run services"])]),
    text("serviceName", "The service to run.").required().when(&[is("action", &["Run a specific service"])]),
    text("containerName", "The container's name.").when(&[is("action", &["Run a specific service"])]),
    lines("ports", "Ports to publish, one a line.").when(&[is("action", &["Run a specific service"])]),
    text("workDir", "The folder inside the container.").also(&["workingDirectory"]).when(&[is("action", &["Run a specific service"])]),
    text("entrypoint", "Another entry point.").when(&[is("action", &["Run a specific service"])]),
    text("containerCommand", "The command to run inside.").when(&[is("action", &["Run a specific service"])]),
    on("detached", "Do not wait for its end.").when(&[is("action", &["Run a specific service", "Run services"])]),
    on("abortOnContainerExit", "Stop all services when one ends.").when(&[is("action", &["Run services"])]),
    path("imageDigestComposeFile", "The file to write digests to.").or("$(Build.StagingDirectory)/docker-compose.images.yml").when(&[is("action", &["Write service image digests"])]),
    off("removeBuildOptions", "Leave the build options out.").when(&[is("action", &["Lock services", "Combine configuration"])]),
    path("baseResolveDirectory", "The folder that paths are made relative to.").when(&[is("action", &["Lock services", "Combine configuration"])]),
    path("outputDockerComposeFile", "The Compose file to write.").or("$(Build.StagingDirectory)/docker-compose.yml").when(&[is("action", &["Lock services", "Combine configuration"])]),
    text("dockerComposeCommand", "The command, such as `up -d`.").required().when(&[is("action", &["Run a Docker Compose command"])]),
    text("arguments", "Further options of the command."),
    connection("dockerHostEndpoint", "The service connection of another docker host.").under("Advanced"),
    off("nopIfNoDockerComposeFile", "Do nothing when there is no Compose file.").under("Advanced"),
    off("requireAdditionalDockerComposeFiles", "Fail when a further file is missing.").under("Advanced"),
    path("cwd", "The folder to run in.").or("$(System.DefaultWorkingDirectory)").also(&["currentWorkingDirectory"]).under("Advanced"),
    path("dockerComposePath", "The docker-compose program to use.").under("Advanced"),
];

/// Installs the docker client.
#[rustfmt::skip]
pub static DOCKER_INSTALLER_0: TaskSpec = TaskSpec::new("DockerInstaller", 0,
    "Puts a version of the docker client on PATH.", &[
    text("dockerVersion", "The version.").or("17.09.0-ce"),
    pick("releaseType", &["stable", "edge", "test", "nightly"], "The kind of release.").or("stable"),
]);
