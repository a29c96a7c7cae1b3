//! npm, Go, Gulp, CMake and Xcode.

use super::{ShownWhen, TaskSpec, connection, is, lines, off, on, path, pick, text, truth};

const PUBLISH: ShownWhen = is("command", &["publish"]);

/// npm.
#[rustfmt::skip]
pub static NPM_1: TaskSpec = TaskSpec::new("Npm", 1,
    "Installs or publishes npm packages, or runs an npm command.", &[
    pick("command", &["ci", "install", "publish", "custom"], "The command.").or("install"),
    path("workingDir", "The folder with the package.json."),
    truth("verbose", "Print more.").when(&[super::is_not("command", &["custom"])]),
    text("customCommand", "The command and its options, such as `run build`.").required().when(&[is("command", &["custom"])]),
    pick("customRegistry", &["useNpmrc", "useFeed"], "Registries of the .npmrc, or a feed.").or("useNpmrc").under("Registries").when(&[super::is_not("command", &["publish"])]),
    text("customFeed", "The feed.").required().under("Registries").when(&[super::is_not("command", &["publish"]), is("customRegistry", &["useFeed"])]),
    connection("customEndpoint", "Connections of registries outside.").under("Registries").when(&[super::is_not("command", &["publish"]), is("customRegistry", &["useNpmrc"])]),
    pick("publishRegistry", &["useExternalRegistry", "useFeed"], "A registry outside, or a feed.").or("useExternalRegistry").under("Registries").when(&[PUBLISH]),
    text("publishFeed", "The feed to publish to.").required().under("Registries").when(&[PUBLISH, is("publishRegistry", &["useFeed"])]),
    on("publishPackageMetadata", "Note the run with the package.").under("Advanced").when(&[PUBLISH, is("publishRegistry", &["useFeed"])]),
    connection("publishEndpoint", "The connection of the registry.").required().under("Registries").when(&[PUBLISH, is("publishRegistry", &["useExternalRegistry"])]),
]);

/// Signs in to feeds for pip.
#[rustfmt::skip]
pub static PIP_AUTHENTICATE_1: TaskSpec = TaskSpec::new("PipAuthenticate", 1,
    "Lets pip sign in to feeds.", &[
    lines("artifactFeeds", "Feeds, separated by commas."),
    lines("pythonDownloadServiceConnections", "Connections of feeds outside, separated by commas."),
    super::off("onlyAddExtraIndex", "Go on taking packages from the usual index first."),
]);

/// Signs in to feeds for twine.
#[rustfmt::skip]
pub static TWINE_AUTHENTICATE_1: TaskSpec = TaskSpec::new("TwineAuthenticate", 1,
    "Lets twine sign in to a feed.", &[
    text("artifactFeed", "The feed."),
    connection("pythonUploadServiceConnection", "The connection of a feed outside."),
]);

/// Signs in to feeds for Maven.
#[rustfmt::skip]
pub static MAVEN_AUTHENTICATE_0: TaskSpec = TaskSpec::new("MavenAuthenticate", 0,
    "Lets Maven sign in to feeds.", &[
    lines("artifactsFeeds", "Feeds, separated by commas."),
    lines("mavenServiceConnections", "Connections of feeds outside, separated by commas."),
]);

/// Signs in to npm registries.
#[rustfmt::skip]
pub static NPM_AUTHENTICATE_0: TaskSpec = TaskSpec::new("npmAuthenticate", 0,
    "Puts credentials for registries into an .npmrc, for the job.", &[
    path("workingFile", "The .npmrc.").required(),
    text("customEndpoint", "Connections of registries outside, separated by commas."),
    text("azureDevOpsServiceConnection", "The connection to sign in with.").also(&["workloadIdentityServiceConnection"]),
    text("feedUrl", "The feed's address."),
]);

/// The go command.
#[rustfmt::skip]
pub static GO_0: TaskSpec = TaskSpec::new("Go", 0,
    "Runs a go command.", &[
    pick("command", &["get", "build", "test", "custom"], "The command.").or("get"),
    text("customCommand", "The command's own name.").required().when(&[is("command", &["custom"])]),
    text("arguments", "Options of the command."),
    path("workingDirectory", "The folder to run in.").under("Advanced"),
]);

/// Gulp.
#[rustfmt::skip]
pub static GULP_1: TaskSpec = TaskSpec::new("gulp", 1,
    "Runs gulp tasks.", &[
    path("gulpFile", "The gulpfile.").or("gulpfile.js"),
    text("targets", "Tasks, separated by blanks."),
    text("arguments", "Further options of gulp."),
    path("cwd", "The folder to run in.").also(&["workingDirectory"]).under("Advanced"),
    path("gulpjs", "The gulp.js to use.").under("Advanced"),
    off("publishJUnitResults", "Publish JUnit results to the run.").under("JUnit"),
    lines("testResultsFiles", "Patterns of result files.").or("**/TEST-*.xml").under("JUnit").when(&[is("publishJUnitResults", &["true"])]),
    text("testRunTitle", "A title for the test run.").under("JUnit").when(&[is("publishJUnitResults", &["true"])]),
    off("enableCodeCoverage", "Measure coverage with Istanbul.").under("Coverage"),
    pick("testFramework", &["Mocha", "Jasmine"], "The test framework.").or("Mocha").under("Coverage").when(&[is("enableCodeCoverage", &["true"])]),
    lines("srcFiles", "Patterns of source files.").under("Coverage").when(&[is("enableCodeCoverage", &["true"])]),
    lines("testFiles", "Patterns of test files.").or("test/*.js").under("Coverage").when(&[is("enableCodeCoverage", &["true"])]),
]);

/// CMake.
#[rustfmt::skip]
pub static CMAKE_1: TaskSpec = TaskSpec::new("CMake", 1,
    "Runs cmake.", &[
    path("cwd", "The folder to run in; it is made if it is not there.").or("build").also(&["workingDirectory"]),
    text("cmakeArgs", "Arguments of cmake."),
    truth("runInsideShell", "Run it inside a shell.").or("false").under("Advanced"),
]);

/// Xcode.
#[rustfmt::skip]
pub static XCODE_5: TaskSpec = TaskSpec::new("Xcode", 5,
    "Builds, tests or archives an Xcode workspace. It needs a Mac.", &[
    text("actions", "Actions, separated by blanks.").or("build"),
    text("configuration", "The configuration.").or("$(Configuration)"),
    text("sdk", "The SDK.").or("$(SDK)"),
    path("xcWorkspacePath", "The workspace or project.").or("**/*.xcodeproj/project.xcworkspace"),
    text("scheme", "The scheme."),
    pick("xcodeVersion", &["8", "9", "10", "11", "12", "13", "default", "specifyPath"], "Which Xcode.").or("default"),
    path("xcodeDeveloperDir", "Xcode's folder.").when(&[is("xcodeVersion", &["specifyPath"])]),
    off("packageApp", "Make an .ipa file.").under("Package"),
    path("archivePath", "Where to put the archive.").under("Package"),
    path("exportPath", "Where to put the package.").or("output/$(SDK)/$(Configuration)").under("Package"),
    pick("exportOptions", &["auto", "plist", "specify"], "Where export options come from.").or("auto").under("Package"),
    text("exportMethod", "The way to export.").or("development").under("Package"),
    text("exportTeamId", "The team.").under("Package"),
    path("exportOptionsPlist", "The file with export options.").under("Package"),
    text("exportArgs", "Further options of the export.").under("Package"),
    pick("signingOption", &["nosign", "default", "manual", "auto"], "How it is signed.").or("nosign").under("Signing"),
    text("signingIdentity", "The identity to sign with.").under("Signing"),
    text("provisioningProfileUuid", "The provisioning profile.").under("Signing"),
    text("provisioningProfileName", "The provisioning profile's name.").under("Signing"),
    text("teamId", "The team.").under("Signing"),
    pick("destinationPlatformOption", &["default", "iOS", "tvOS", "macOS", "custom"], "The platform of the devices.").or("default").under("Devices"),
    text("destinationPlatform", "The platform's name.").under("Devices"),
    pick("destinationTypeOption", &["simulators", "devices"], "Simulators or devices.").or("simulators").under("Devices"),
    text("destinationSimulators", "Simulators.").or("iPhone 7").under("Devices"),
    text("destinationDevices", "Devices.").under("Devices"),
    text("args", "Further options of xcodebuild.").under("Advanced"),
    path("cwd", "The folder to run in.").also(&["workingDirectory"]).under("Advanced"),
    off("useXcpretty", "Format the output with xcpretty.").under("Advanced"),
    text("xcprettyArgs", "Options of xcpretty.").under("Advanced"),
    off("publishJUnitResults", "Publish JUnit results to the run.").under("Advanced"),
    text("testRunTitle", "A title for the test run.").under("Advanced"),
]);
