//! .NET and NuGet.

use super::{ShownWhen, TaskSpec, connection, is, lines, number, off, on, path, pick, text, truth};

const RESTORE: ShownWhen = is("command", &["restore"]);
const PACK: ShownWhen = is("command", &["pack"]);
const PUSH: ShownWhen = is("command", &["push"]);
const TEST: ShownWhen = is("command", &["test"]);
const PUBLISH: ShownWhen = is("command", &["publish"]);
const FEEDS: &[&str] = &["select", "config"];
const VERBOSITY: &[&str] = &["-", "Quiet", "Minimal", "Normal", "Detailed", "Diagnostic"];
const LOUD: &[&str] = &["Quiet", "Normal", "Detailed"];
const VERSIONING: &[&str] =
    &["off", "byPrereleaseNumber", "byEnvVar", "byBuildNumber", "bySemVerBuildNumber"];

/// The dotnet command.
#[rustfmt::skip]
pub static DOT_NET_CORE_CLI_2: TaskSpec = TaskSpec::new("DotNetCoreCLI", 2,
    "Runs a dotnet command for each project that matches.", &[
    connection("ConnectedServiceName", "The service connection of Azure for the feeds.").also(&["azureSubscription"]),
    pick("command", &["build", "push", "pack", "publish", "restore", "run", "test", "custom"], "The command.").or("build"),
    on("publishWebProjects", "Publish web projects rather than those of projects.").when(&[PUBLISH]),
    lines("projects", "Projects: paths or patterns, one a line.").when(&[super::is_not("command", &["push", "pack"])]),
    text("custom", "The command's own name, such as `tool`.").required().when(&[is("command", &["custom"])]),
    text("arguments", "Further options of the command.").when(&[is("command", &["build", "publish", "run", "test", "custom"])]),
    text("restoreArguments", "Further options of dotnet restore.").when(&[RESTORE]),
    on("publishTestResults", "Publish the test results to the run.").when(&[TEST]),
    text("testRunTitle", "A title for the test run.").when(&[TEST]),
    on("zipAfterPublish", "Pack what was published.").when(&[PUBLISH]),
    on("modifyOutputPath", "Put the project's name before the folder.").when(&[PUBLISH]),
    pick("selectOrConfig", FEEDS, "Feeds chosen here, or a NuGet.config.").or("select").also(&["feedsToUse"]).under("Feeds").when(&[RESTORE]),
    text("feedRestore", "The feed to restore from.").also(&["vstsFeed"]).under("Feeds").when(&[RESTORE, is("selectOrConfig", &["select"])]),
    on("includeNuGetOrg", "Take packages from nuget.org as well.").under("Feeds").when(&[RESTORE, is("selectOrConfig", &["select"])]),
    path("nugetConfigPath", "The NuGet.config.").under("Feeds").when(&[RESTORE, is("selectOrConfig", &["config"])]),
    connection("externalEndpoints", "Connections of feeds outside.").also(&["externalFeedCredentials"]).under("Feeds").when(&[RESTORE, is("selectOrConfig", &["config"])]),
    off("noCache", "Do not take packages from the cache.").under("Advanced").when(&[RESTORE]),
    path("packagesDirectory", "Where packages are put.").also(&["restoreDirectory"]).under("Advanced").when(&[RESTORE]),
    pick("verbosityRestore", VERBOSITY, "How much is printed.").or("Normal").under("Advanced").when(&[RESTORE]),
    lines("searchPatternPush", "Packages to push.").or("$(Build.ArtifactStagingDirectory)/*.nupkg").also(&["packagesToPush"]).when(&[PUSH]),
    pick("nuGetFeedType", &["internal", "external"], "A feed of the organization or one outside.").or("internal").when(&[PUSH]),
    text("feedPublish", "The feed to push to.").required().also(&["publishVstsFeed"]).when(&[PUSH, is("nuGetFeedType", &["internal"])]),
    on("publishPackageMetadata", "Note the run with the package.").under("Advanced").when(&[PUSH]),
    connection("externalEndpoint", "The connection of the feed.").required().also(&["publishFeedCredentials"]).when(&[PUSH, is("nuGetFeedType", &["external"])]),
    lines("searchPatternPack", "Projects to pack.").or("**/*.csproj").also(&["packagesToPack"]).when(&[PACK]),
    text("configurationToPack", "The configuration to pack.").or("$(BuildConfiguration)").also(&["configuration"]).when(&[PACK]),
    path("outputDir", "Where packages are written.").or("$(Build.ArtifactStagingDirectory)").also(&["packDirectory"]).when(&[PACK]),
    off("nobuild", "Do not build before.").when(&[PACK]),
    off("includesymbols", "Make packages with symbols as well.").when(&[PACK]),
    off("includesource", "Put the sources into the package.").when(&[PACK]),
    pick("versioningScheme", VERSIONING, "Where the package's version comes from.").or("off").under("Pack options").when(&[PACK]),
    text("versionEnvVar", "The variable with the version.").required().under("Pack options").when(&[PACK, is("versioningScheme", &["byEnvVar"])]),
    text("requestedMajorVersion", "The major version.").or("1").also(&["majorVersion"]).under("Pack options").when(&[PACK, is("versioningScheme", &["byPrereleaseNumber"])]),
    text("requestedMinorVersion", "The minor version.").or("0").also(&["minorVersion"]).under("Pack options").when(&[PACK, is("versioningScheme", &["byPrereleaseNumber"])]),
    text("requestedPatchVersion", "The patch version.").or("0").also(&["patchVersion"]).under("Pack options").when(&[PACK, is("versioningScheme", &["byPrereleaseNumber"])]),
    text("buildProperties", "Properties as name=value, separated by semicolons.").under("Advanced").when(&[PACK]),
    pick("verbosityPack", VERBOSITY, "How much is printed.").or("Normal").under("Advanced").when(&[PACK]),
    path("workingDirectory", "The folder to run in.").under("Advanced"),
    number("requestTimeout", "Milliseconds to wait for a feed.").or("300000").under("Advanced"),
]);

/// The nuget command.
#[rustfmt::skip]
pub static NU_GET_COMMAND_2: TaskSpec = TaskSpec::new("NuGetCommand", 2,
    "Restores, packs or pushes NuGet packages.", &[
    pick("command", &["restore", "pack", "push", "custom"], "The command.").or("restore"),
    path("solution", "The solution or packages.config.").or("**/*.sln").also(&["restoreSolution"]).when(&[RESTORE]),
    pick("selectOrConfig", FEEDS, "Feeds chosen here, or a NuGet.config.").or("select").also(&["feedsToUse"]).under("Feeds").when(&[RESTORE]),
    text("feedRestore", "The feed to restore from.").also(&["vstsFeed"]).under("Feeds").when(&[RESTORE, is("selectOrConfig", &["select"])]),
    on("includeNuGetOrg", "Take packages from nuget.org as well.").under("Feeds").when(&[RESTORE, is("selectOrConfig", &["select"])]),
    path("nugetConfigPath", "The NuGet.config.").under("Feeds").when(&[RESTORE, is("selectOrConfig", &["config"])]),
    connection("externalEndpoints", "Connections of feeds outside.").also(&["externalFeedCredentials"]).under("Feeds").when(&[RESTORE, is("selectOrConfig", &["config"])]),
    off("noCache", "Do not take packages from the cache.").under("Advanced").when(&[RESTORE]),
    off("disableParallelProcessing", "One package at a time.").under("Advanced").when(&[RESTORE]),
    path("packagesDirectory", "Where packages are put.").also(&["restoreDirectory"]).under("Advanced").when(&[RESTORE]),
    pick("verbosityRestore", LOUD, "How much is printed.").or("Detailed").under("Advanced").when(&[RESTORE]),
    lines("searchPatternPush", "Packages to push.").or("$(Build.ArtifactStagingDirectory)/**/*.nupkg").also(&["packagesToPush"]).when(&[PUSH]),
    pick("nuGetFeedType", &["internal", "external"], "A feed of the organization or one outside.").or("internal").when(&[PUSH]),
    text("feedPublish", "The feed to push to.").required().also(&["publishVstsFeed"]).when(&[PUSH, is("nuGetFeedType", &["internal"])]),
    on("publishPackageMetadata", "Note the run with the package.").under("Advanced").when(&[PUSH]),
    off("allowPackageConflicts", "Go on when a version is there already.").when(&[PUSH]),
    number("requestTimeout", "Milliseconds to wait for a feed.").under("Advanced"),
    connection("externalEndpoint", "The connection of the feed.").required().also(&["publishFeedCredentials"]).when(&[PUSH, is("nuGetFeedType", &["external"])]),
    pick("verbosityPush", LOUD, "How much is printed.").or("Detailed").under("Advanced").when(&[PUSH]),
    lines("searchPatternPack", "Projects or nuspec files to pack.").or("**/*.csproj").also(&["packagesToPack"]).when(&[PACK]),
    text("configurationToPack", "The configuration to pack.").or("$(BuildConfiguration)").also(&["configuration"]).when(&[PACK]),
    path("outputDir", "Where packages are written.").or("$(Build.ArtifactStagingDirectory)").also(&["packDestination"]).when(&[PACK]),
    pick("versioningScheme", &["off", "byPrereleaseNumber", "byEnvVar", "byBuildNumber"], "Where the package's version comes from.").or("off").under("Pack options").when(&[PACK]),
    off("includeReferencedProjects", "Put referenced projects into the package.").under("Pack options").when(&[PACK]),
    text("versionEnvVar", "The variable with the version.").required().under("Pack options").when(&[PACK, is("versioningScheme", &["byEnvVar"])]),
    text("requestedMajorVersion", "The major version.").or("1").also(&["majorVersion"]).under("Pack options").when(&[PACK, is("versioningScheme", &["byPrereleaseNumber"])]),
    text("requestedMinorVersion", "The minor version.").or("0").also(&["minorVersion"]).under("Pack options").when(&[PACK, is("versioningScheme", &["byPrereleaseNumber"])]),
    text("requestedPatchVersion", "The patch version.").or("0").also(&["patchVersion"]).under("Pack options").when(&[PACK, is("versioningScheme", &["byPrereleaseNumber"])]),
    pick("packTimezone", &["utc", "local"], "The time zone of the version's date.").or("utc").under("Pack options").when(&[PACK]),
    off("includeSymbols", "Make packages with symbols as well.").under("Pack options").when(&[PACK]),
    off("toolPackage", "The package is a tool.").under("Pack options").when(&[PACK]),
    text("buildProperties", "Properties as name=value, separated by semicolons.").under("Advanced").when(&[PACK]),
    path("basePath", "The folder that paths in a nuspec are relative to.").under("Advanced").when(&[PACK]),
    pick("verbosityPack", LOUD, "How much is printed.").or("Detailed").under("Advanced").when(&[PACK]),
    text("arguments", "The whole command line behind nuget.").required().when(&[is("command", &["custom"])]),
]);

/// Signs in to feeds.
#[rustfmt::skip]
pub static NU_GET_AUTHENTICATE_1: TaskSpec = TaskSpec::new("NuGetAuthenticate", 1,
    "Lets NuGet and dotnet sign in to feeds.", &[
    text("azureDevOpsServiceConnection", "The connection to sign in with.").also(&["workloadIdentityServiceConnection"]),
    text("feedUrl", "The feed's address."),
    lines("nuGetServiceConnections", "Connections of feeds outside, separated by commas."),
    truth("forceReinstallCredentialProvider", "Install the credential provider again.").or("false"),
]);

/// Signs in to feeds, the first version.
#[rustfmt::skip]
pub static NU_GET_AUTHENTICATE_0: TaskSpec = TaskSpec::new("NuGetAuthenticate", 0,
    "Lets NuGet and dotnet sign in to feeds.", &[
    lines("nuGetServiceConnections", "Connections of feeds outside, separated by commas."),
    truth("forceReinstallCredentialProvider", "Install the credential provider again.").or("false"),
]);
