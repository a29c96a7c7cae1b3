//! Tools on PATH.

use super::{TaskSpec, connection, is, number, off, on, output, path, pick, text, truth};

/// Python.
#[rustfmt::skip]
pub static USE_PYTHON_VERSION_0: TaskSpec = TaskSpec::new("UsePythonVersion", 0,
    "Puts a version of Python on PATH.", &[
    text("versionSpec", "The version, such as 3.12 or >=3.9.").or("3.x"),
    off("disableDownloadFromRegistry", "Only take a version that is there.").under("Advanced"),
    off("allowUnstable", "Take a version that is not finished.").under("Advanced").when(&[is("disableDownloadFromRegistry", &["false"])]),
    text("githubToken", "A token for downloads from GitHub.").under("Advanced").when(&[is("disableDownloadFromRegistry", &["false"])]),
    on("addToPath", "Put it on PATH."),
    pick("architecture", &["x86", "x64", "arm64"], "The processor it is for.").or("x64").under("Advanced"),
]).sets(&[output("pythonLocation", "The folder of the version.")]);

/// Node.js, the older task.
#[rustfmt::skip]
pub static NODE_TOOL_0: TaskSpec = TaskSpec::new("NodeTool", 0,
    "Puts a version of Node.js on PATH.", &[
    pick("versionSource", &["spec", "fromFile"], "Whether the version is written here or in a file.").or("spec"),
    text("versionSpec", "The version, such as 20.x.").or("6.x").when(&[is("versionSource", &["spec"])]),
    path("versionFilePath", "The file, such as .nvmrc.").when(&[is("versionSource", &["fromFile"])]),
    off("checkLatest", "Look for a newer version that fits."),
    off("force32bit", "Take the 32-bit version.").under("Advanced"),
    text("nodejsMirror", "Where to download from.").or("https://nodejs.org/dist").under("Advanced"),
    number("retryCountOnDownloadFails", "How often to try again.").or("5").under("Advanced"),
    number("delayBetweenRetries", "Milliseconds between two tries.").or("1000").under("Advanced"),
]);

/// Node.js.
#[rustfmt::skip]
pub static USE_NODE_1: TaskSpec = TaskSpec::new("UseNode", 1,
    "Puts a version of Node.js on PATH.", &[
    text("version", "The version, such as 20.x.").or("10.x"),
    off("checkLatest", "Look for a newer version that fits."),
    off("force32bit", "Take the 32-bit version.").under("Advanced"),
    number("retryCountOnDownloadFails", "How often to try again.").or("5").under("Advanced"),
    number("delayBetweenRetries", "Milliseconds between two tries.").or("1000").under("Advanced"),
]);

/// .NET.
#[rustfmt::skip]
pub static USE_DOT_NET_2: TaskSpec = TaskSpec::new("UseDotNet", 2,
    "Puts a version of the .NET SDK or runtime on PATH.", &[
    pick("packageType", &["runtime", "sdk"], "The SDK or only the runtime.").or("sdk"),
    off("useGlobalJson", "Take the versions of the global.json files.").when(&[is("packageType", &["sdk"])]),
    path("workingDirectory", "Where global.json files are looked for.").when(&[is("useGlobalJson", &["true"])]),
    text("version", "The version, such as 8.x.").when(&[is("useGlobalJson", &["false"])]),
    text("vsVersion", "The version of Visual Studio it has to work with.").under("Advanced"),
    off("checkForExistingVersion", "Take a version that is there.").under("Advanced"),
    off("includePreviewVersions", "Take previews as well.").under("Advanced"),
    path("installationPath", "Where to put it.").or("$(Agent.ToolsDirectory)/dotnet").under("Advanced"),
    off("performMultiLevelLookup", "Look for versions outside of that folder as well.").under("Advanced"),
    number("requestTimeout", "Milliseconds to wait for a download.").or("300000").under("Advanced"),
]);

/// Go.
#[rustfmt::skip]
pub static GO_TOOL_0: TaskSpec = TaskSpec::new("GoTool", 0,
    "Puts a version of Go on PATH.", &[
    text("version", "The version, such as 1.22.").or("1.10"),
    path("goPath", "The value of GOPATH.").under("Advanced"),
    path("goBin", "The value of GOBIN.").under("Advanced"),
    text("goDownloadUrl", "Where to download from.").or("https://go.dev/dl").under("Advanced"),
]);

/// Java.
#[rustfmt::skip]
pub static JAVA_TOOL_INSTALLER_0: TaskSpec = TaskSpec::new("JavaToolInstaller", 0,
    "Puts a version of Java on PATH and sets JAVA_HOME.", &[
    text("versionSpec", "The version, such as 17.").or("8"),
    pick("jdkArchitectureOption", &["x64", "x86", "arm64"], "The processor it is for.").required(),
    pick("jdkSourceOption", &["AzureStorage", "LocalDirectory", "PreInstalled"], "Where it comes from.").required(),
    path("jdkFile", "The archive.").required().when(&[is("jdkSourceOption", &["LocalDirectory"])]),
    connection("azureResourceManagerEndpoint", "The service connection of Azure.").required().when(&[is("jdkSourceOption", &["AzureStorage"])]),
    text("azureStorageAccountName", "The storage account.").required().when(&[is("jdkSourceOption", &["AzureStorage"])]),
    text("azureContainerName", "The container of the storage account.").required().when(&[is("jdkSourceOption", &["AzureStorage"])]),
    text("azureCommonVirtualFile", "The archive in the container.").required().when(&[is("jdkSourceOption", &["AzureStorage"])]),
    path("jdkDestinationDirectory", "Where to unpack it.").required().when(&[super::is_not("jdkSourceOption", &["PreInstalled"])]),
    text("azureResourceGroupName", "The resource group of the storage account.").when(&[is("jdkSourceOption", &["AzureStorage"])]),
    on("cleanDestinationDirectory", "Empty the folder before.").when(&[super::is_not("jdkSourceOption", &["PreInstalled"])]),
    on("createExtractDirectory", "Make a folder for it.").when(&[super::is_not("jdkSourceOption", &["PreInstalled"])]),
]);

/// NuGet.
#[rustfmt::skip]
pub static NU_GET_TOOL_INSTALLER_1: TaskSpec = TaskSpec::new("NuGetToolInstaller", 1,
    "Puts a version of NuGet on PATH.", &[
    text("versionSpec", "The version, such as 6.x."),
    truth("checkLatest", "Look for a newer version that fits."),
]);

/// Ruby.
#[rustfmt::skip]
pub static USE_RUBY_VERSION_0: TaskSpec = TaskSpec::new("UseRubyVersion", 0,
    "Puts a version of Ruby on PATH.", &[
    text("versionSpec", "The version, such as 3.2 or >= 2.7.").or(">= 2.4"),
    on("addToPath", "Put it on PATH."),
]).sets(&[output("rubyLocation", "The folder of the version.")]);

/// NuGet, the first version.
#[rustfmt::skip]
pub static NU_GET_TOOL_INSTALLER_0: TaskSpec = TaskSpec::new("NuGetToolInstaller", 0,
    "Puts a version of NuGet on PATH.", &[
    text("versionSpec", "The version, such as 6.x.").or("4.9.6"),
    off("checkLatest", "Look for a newer version that fits."),
]);
