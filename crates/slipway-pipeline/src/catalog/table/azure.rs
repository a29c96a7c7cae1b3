//! Azure: scripts, web apps, templates, key vaults.

use super::{
    InputSpec, ShownWhen, TaskSpec, connection, is, is_not, lines, off, on, path, pick, text,
};

const STOP: &[&str] = &["stop", "continue", "silentlyContinue"];

/// The az command.
#[rustfmt::skip]
pub static AZURE_CLI_2: TaskSpec = TaskSpec::new("AzureCLI", 2,
    "Runs a script with the Azure CLI, signed in.", &[
    connection("connectedServiceNameARM", "The service connection of Azure.").required().also(&["azureSubscription"]),
    pick("scriptType", &["ps", "pscore", "batch", "bash"], "The shell.").required(),
    pick("scriptLocation", &["inlineScript", "scriptPath"], "Whether the script is a file or is written in the pipeline.").or("scriptPath"),
    path("scriptPath", "The script's file.").required().when(&[is("scriptLocation", &["scriptPath"])]),
    lines("inlineScript", "The script itself.").required().when(&[is("scriptLocation", &["inlineScript"])]),
    text("scriptArguments", "Arguments for the script.").also(&["arguments"]),
    pick("powerShellErrorActionPreference", STOP, "What $ErrorActionPreference is set to.").or("stop").when(&[is("scriptType", &["ps", "pscore"])]),
    off("addSpnToEnvironment", "Give the script the sign-in's id, key and tenant.").under("Advanced"),
    off("useGlobalConfig", "Use the machine's own configuration of az.").under("Advanced"),
    path("cwd", "The folder to run in.").also(&["workingDirectory"]).under("Advanced"),
    off("failOnStandardError", "Fail if anything is written to standard error.").under("Advanced"),
    off("powerShellIgnoreLASTEXITCODE", "Do not fail for the exit code of the last program.").under("Advanced").when(&[is("scriptType", &["ps", "pscore"])]),
    on("visibleAzLogin", "Print what az login prints.").under("Advanced"),
    off("keepAzSessionActive", "Keep the sign-in fresh in long scripts.").under("Advanced"),
]);

/// Azure PowerShell.
#[rustfmt::skip]
pub static AZURE_POWER_SHELL_5: TaskSpec = TaskSpec::new("AzurePowerShell", 5,
    "Runs a PowerShell script with the Az modules, signed in.", &[
    connection("ConnectedServiceNameARM", "The service connection of Azure.").required().also(&["azureSubscription"]),
    pick("ScriptType", &["FilePath", "InlineScript"], "Whether the script is a file or is written in the pipeline.").or("FilePath"),
    path("ScriptPath", "The script's file.").required().when(&[is("ScriptType", &["FilePath"])]),
    lines("Inline", "The script itself.").when(&[is("ScriptType", &["InlineScript"])]),
    text("ScriptArguments", "Arguments for the script's file.").when(&[is("ScriptType", &["FilePath"])]),
    pick("errorActionPreference", STOP, "What $ErrorActionPreference is set to.").or("stop"),
    off("FailOnStandardError", "Fail if anything is written to standard error.").under("Advanced"),
    pick("TargetAzurePs", &["LatestVersion", "OtherVersion"], "Which version of the modules.").or("OtherVersion").also(&["azurePowerShellVersion"]),
    text("CustomTargetAzurePs", "The version.").required().also(&["preferredAzurePowerShellVersion"]).when(&[is("TargetAzurePs", &["OtherVersion"])]),
    off("pwsh", "Use PowerShell Core.").under("Advanced"),
    off("validateScriptSignature", "Check the script's signature.").under("Advanced").when(&[is("ScriptType", &["FilePath"])]),
    path("workingDirectory", "The folder to run in.").under("Advanced"),
]);

#[rustfmt::skip]
static KEY_VAULT: [InputSpec; 4] = [
    connection("ConnectedServiceName", "The service connection of Azure.").required().also(&["azureSubscription"]),
    text("KeyVaultName", "The key vault.").required(),
    text("SecretsFilter", "Names of secrets, separated by commas; * for all.").or("*"),
    off("RunAsPreJob", "Fetch them before the job's first step."),
];

/// Secrets.
#[rustfmt::skip]
pub static AZURE_KEY_VAULT_2: TaskSpec = TaskSpec::new("AzureKeyVault", 2,
    "Makes secrets of a key vault variables of the job.", &KEY_VAULT);

/// Secrets, the first version.
#[rustfmt::skip]
pub static AZURE_KEY_VAULT_1: TaskSpec = TaskSpec::new("AzureKeyVault", 1,
    "Makes secrets of a key vault variables of the job.", &KEY_VAULT);

const SLOT: &[ShownWhen] = &[is("deployToSlotOrASE", &["true"])];

/// A web app.
#[rustfmt::skip]
pub static AZURE_WEB_APP_1: TaskSpec = TaskSpec::new("AzureWebApp", 1,
    "Deploys a package to an Azure web app.", &[
    connection("azureSubscription", "The service connection of Azure.").required(),
    pick("appType", &["webApp", "webAppLinux"], "The kind of app."),
    text("appName", "The app.").required(),
    off("deployToSlotOrASE", "Deploy to a slot."),
    text("resourceGroupName", "The resource group.").required().when(SLOT),
    text("slotName", "The slot.").or("production").when(SLOT),
    path("package", "The package or folder.").or("$(System.DefaultWorkingDirectory)/**/*.zip"),
    text("customDeployFolder", "The folder of the app to deploy to."),
    text("runtimeStack", "The runtime.").when(&[is("appType", &["webAppLinux"])]),
    text("startUpCommand", "The command that starts the app.").when(&[is("appType", &["webAppLinux"])]),
    lines("customWebConfig", "What a generated web.config holds.").under("Settings").when(&[is("appType", &["webApp"])]),
    lines("appSettings", "Settings as -name value.").under("Settings"),
    lines("configurationStrings", "Configuration as -name value.").under("Settings"),
    pick("deploymentMethod", &["auto", "zipDeploy", "runFromPackage"], "How to deploy.").or("auto").under("Settings"),
]).sets(&[super::output("AppServiceApplicationUrl", "The address of the app.")]);

/// A web app in a container.
#[rustfmt::skip]
pub static AZURE_WEB_APP_CONTAINER_1: TaskSpec = TaskSpec::new("AzureWebAppContainer", 1,
    "Deploys a container image to an Azure web app.", &[
    connection("azureSubscription", "The service connection of Azure.").required(),
    text("appName", "The app.").required(),
    off("deployToSlotOrASE", "Deploy to a slot."),
    text("resourceGroupName", "The resource group.").required().when(SLOT),
    text("slotName", "The slot.").or("production").when(SLOT),
    lines("imageName", "The image with registry and tag.").also(&["containers"]),
    path("multicontainerConfigFile", "A Compose file."),
    text("containerCommand", "The command that starts the container."),
    lines("appSettings", "Settings as -name value.").under("Settings"),
    lines("configurationStrings", "Configuration as -name value.").under("Settings"),
]).sets(&[super::output("AppServiceApplicationUrl", "The address of the app.")]);

const WEB_APPS: &[&str] = &[
    "webApp",
    "webAppLinux",
    "webAppContainer",
    "functionApp",
    "functionAppLinux",
    "functionAppContainer",
    "apiApp",
    "mobileApp",
];

/// An app service.
#[rustfmt::skip]
pub static AZURE_RM_WEB_APP_DEPLOYMENT_4: TaskSpec = TaskSpec::new("AzureRmWebAppDeployment", 4,
    "Deploys to an Azure app service: a web app, a function app, a container.", &[
    pick("ConnectionType", &["AzureRM", "PublishProfile"], "How the app is found.").or("AzureRM"),
    connection("ConnectedServiceName", "The service connection of Azure.").required().also(&["azureSubscription"]).when(&[is("ConnectionType", &["AzureRM"])]),
    path("PublishProfilePath", "The publish profile.").when(&[is("ConnectionType", &["PublishProfile"])]),
    text("PublishProfilePassword", "Its password.").when(&[is("ConnectionType", &["PublishProfile"])]),
    pick("WebAppKind", WEB_APPS, "The kind of app.").or("webApp").also(&["appType"]).when(&[is("ConnectionType", &["AzureRM"])]),
    text("WebAppName", "The app.").required().when(&[is("ConnectionType", &["AzureRM"])]),
    off("DeployToSlotOrASEFlag", "Deploy to a slot.").also(&["deployToSlotOrASE"]).when(&[is("ConnectionType", &["AzureRM"])]),
    text("ResourceGroupName", "The resource group.").when(&[is("DeployToSlotOrASEFlag", &["true"])]),
    text("SlotName", "The slot.").or("production").when(&[is("DeployToSlotOrASEFlag", &["true"])]),
    text("DockerNamespace", "The registry.").when(&[is("WebAppKind", &["webAppContainer", "functionAppContainer"])]),
    text("DockerRepository", "The image.").when(&[is("WebAppKind", &["webAppContainer", "functionAppContainer"])]),
    text("DockerImageTag", "The tag.").when(&[is("WebAppKind", &["webAppContainer", "functionAppContainer"])]),
    text("VirtualApplication", "The virtual application."),
    path("Package", "The package or folder.").or("$(System.DefaultWorkingDirectory)/**/*.zip").also(&["packageForLinux"]),
    text("RuntimeStack", "The runtime."),
    text("RuntimeStackFunction", "The function app's runtime."),
    text("StartupCommand", "The command that starts the app."),
    pick("ScriptType", &["Inline Script", "File Path"], "A script after the deployment.").under("Script"),
    lines("InlineScript", "The script itself.").under("Script").when(&[is("ScriptType", &["Inline Script"])]),
    path("ScriptPath", "The script's file.").under("Script").when(&[is("ScriptType", &["File Path"])]),
    lines("WebConfigParameters", "What a generated web.config holds.").under("Settings"),
    lines("AppSettings", "Settings as -name value.").under("Settings"),
    lines("ConfigurationSettings", "Configuration as -name value.").under("Settings"),
    off("UseWebDeploy", "Choose how to deploy.").also(&["enableCustomDeployment"]).under("Deployment"),
    pick("DeploymentType", &["webDeploy", "zipDeploy", "runFromZip", "warDeploy"], "How to deploy.").or("webDeploy").under("Deployment").when(&[is("UseWebDeploy", &["true"])]),
    on("TakeAppOfflineFlag", "Take the app offline meanwhile.").under("Deployment"),
    path("SetParametersFile", "A file with parameters.").under("Deployment"),
    off("RemoveAdditionalFilesFlag", "Remove what the package does not have.").under("Deployment"),
    off("ExcludeFilesFromAppDataFlag", "Leave App_Data alone.").under("Deployment"),
    text("AdditionalArguments", "Further options.").or("-retryAttempts:6 -retryInterval:10000").under("Deployment"),
    off("RenameFilesFlag", "Rename files that are in use.").under("Deployment"),
    off("XmlTransformation", "Transform XML files.").also(&["enableXmlTransform"]).under("Files"),
    off("XmlVariableSubstitution", "Put variables into XML files.").also(&["enableXmlVariableSubstitution"]).under("Files"),
    lines("JSONFiles", "JSON files to put variables into.").under("Files"),
]).sets(&[super::output("AppServiceApplicationUrl", "The address of the app.")]);

const FUNCTION_APPS: &[&str] = &["functionApp", "functionAppLinux"];

/// A function app.
#[rustfmt::skip]
pub static AZURE_FUNCTION_APP_2: TaskSpec = TaskSpec::new("AzureFunctionApp", 2,
    "Deploys a package to an Azure function app.", &[
    connection("connectedServiceNameARM", "The service connection of Azure.").also(&["azureSubscription"]).required(),
    pick("appType", FUNCTION_APPS, "The kind of app.").required(),
    off("isFlexConsumption", "The app has a flexible consumption plan."),
    text("appName", "The app.").required(),
    off("deployToSlotOrASE", "Deploy to a slot."),
    text("resourceGroupName", "The resource group.").required().when(SLOT),
    text("slotName", "The slot.").or("production").when(SLOT),
    path("package", "The package or folder.").or("$(System.DefaultWorkingDirectory)/**/*.zip"),
    text("runtimeStack", "The runtime."),
    lines("appSettings", "Settings as -name value.").under("Settings"),
    pick("deploymentMethod", &["auto", "zipDeploy", "runFromPackage"], "How to deploy.").or("auto").under("Settings"),
]).sets(&[super::output("AppServiceApplicationUrl", "The address of the app.")]);

/// A function app, the first version.
#[rustfmt::skip]
pub static AZURE_FUNCTION_APP_1: TaskSpec = TaskSpec::new("AzureFunctionApp", 1,
    "Deploys a package to an Azure function app.", &[
    connection("azureSubscription", "The service connection of Azure.").required(),
    pick("appType", FUNCTION_APPS, "The kind of app.").required(),
    text("appName", "The app.").required(),
    off("deployToSlotOrASE", "Deploy to a slot."),
    text("resourceGroupName", "The resource group.").required().when(SLOT),
    text("slotName", "The slot.").or("production").when(SLOT),
    path("package", "The package or folder.").or("$(System.DefaultWorkingDirectory)/**/*.zip"),
    text("runtimeStack", "The runtime."),
    text("startUpCommand", "The command that starts the app."),
    lines("customWebConfig", "What a generated web.config holds.").under("Settings"),
    lines("appSettings", "Settings as -name value.").under("Settings"),
    lines("configurationStrings", "Configuration as -name value.").under("Settings"),
    pick("deploymentMethod", &["auto", "zipDeploy", "runFromPackage"], "How to deploy.").or("auto").under("Settings"),
]).sets(&[super::output("AppServiceApplicationUrl", "The address of the app.")]);

/// A function app's container.
#[rustfmt::skip]
pub static AZURE_FUNCTION_APP_CONTAINER_1: TaskSpec = TaskSpec::new("AzureFunctionAppContainer", 1,
    "Deploys a container image to an Azure function app.", &[
    connection("azureSubscription", "The service connection of Azure.").required(),
    text("appName", "The app.").required(),
    off("deployToSlotOrASE", "Deploy to a slot."),
    text("resourceGroupName", "The resource group.").required().when(SLOT),
    text("slotName", "The slot.").or("production").when(SLOT),
    text("imageName", "The image with registry and tag.").required(),
    text("containerCommand", "The command that starts the container."),
    lines("appSettings", "Settings as -name value.").under("Settings"),
    lines("configurationStrings", "Configuration as -name value.").under("Settings"),
]).sets(&[super::output("AppServiceApplicationUrl", "The address of the app.")]);

const LINKED: &[ShownWhen] = &[is("templateLocation", &["URL of the file"])];
const OF_GROUP: &[ShownWhen] = &[is("deploymentScope", &["Resource Group"])];

/// A template.
#[rustfmt::skip]
pub static AZURE_RESOURCE_MANAGER_TEMPLATE_DEPLOYMENT_3: TaskSpec = TaskSpec::new("AzureResourceManagerTemplateDeployment", 3,
    "Deploys an Azure Resource Manager template.", &[
    pick("deploymentScope", &["Management Group", "Subscription", "Resource Group"], "What is deployed to.").or("Resource Group"),
    connection("ConnectedServiceName", "The service connection of Azure.").required().also(&["azureResourceManagerConnection"]),
    text("subscriptionName", "The subscription.").also(&["subscriptionId"]).when(&[is_not("deploymentScope", &["Management Group"])]),
    pick("action", &["Create Or Update Resource Group", "DeleteRG"], "What to do.").or("Create Or Update Resource Group").when(OF_GROUP),
    text("resourceGroupName", "The resource group.").required().when(OF_GROUP),
    text("location", "The region.").when(&[is_not("action", &["DeleteRG"])]),
    pick("templateLocation", &["Linked artifact", "URL of the file"], "Where the template is.").or("Linked artifact"),
    text("csmFileLink", "The template's address.").required().when(LINKED),
    text("csmParametersFileLink", "The parameters' address.").when(LINKED),
    path("csmFile", "The template.").required().when(&[is("templateLocation", &["Linked artifact"]), is_not("action", &["DeleteRG"])]),
    path("csmParametersFile", "The parameters.").when(&[is("templateLocation", &["Linked artifact"])]),
    text("overrideParameters", "Parameters as -name value."),
    pick("deploymentMode", &["Incremental", "Complete", "Validation"], "How to deploy.").or("Incremental"),
    text("deploymentName", "The deployment's name.").under("Advanced"),
    text("deploymentOutputs", "A variable for the outputs.").under("Advanced"),
    off("addSpnToEnvironment", "Give the template the sign-in's id, key and tenant.").under("Advanced"),
    off("useWithoutJSON", "Take outputs that are no JSON.").under("Advanced"),
]);

/// A template, the older task.
#[rustfmt::skip]
pub static AZURE_RESOURCE_GROUP_DEPLOYMENT_2: TaskSpec = TaskSpec::new("AzureResourceGroupDeployment", 2,
    "Deploys a template to a resource group, or starts, stops and deletes its machines.", &[
    connection("ConnectedServiceName", "The service connection of Azure.").required().also(&["azureSubscription"]),
    pick("action", &["Create Or Update Resource Group", "Select Resource Group", "Start", "Stop", "StopWithDeallocate", "Restart", "Delete", "DeleteRG"], "What to do.").or("Create Or Update Resource Group"),
    text("resourceGroupName", "The resource group.").required(),
    text("location", "The region.").when(&[is("action", &["Create Or Update Resource Group"])]),
    pick("templateLocation", &["Linked artifact", "URL of the file"], "Where the template is.").or("Linked artifact"),
    text("csmFileLink", "The template's address.").when(LINKED),
    text("csmParametersFileLink", "The parameters' address.").when(LINKED),
    path("csmFile", "The template.").when(&[is("templateLocation", &["Linked artifact"])]),
    path("csmParametersFile", "The parameters.").when(&[is("templateLocation", &["Linked artifact"])]),
    text("overrideParameters", "Parameters as -name value."),
    pick("deploymentMode", &["Incremental", "Complete", "Validation"], "How to deploy.").or("Incremental"),
    pick("enableDeploymentPrerequisites", &["None", "ConfigureVMwithWinRM", "ConfigureVMWithDGAgent"], "What is set up on machines.").or("None").under("Advanced"),
    text("deploymentName", "The deployment's name.").under("Advanced"),
    text("deploymentOutputs", "A variable for the outputs.").under("Advanced"),
    off("addSpnToEnvironment", "Give the template the sign-in's id, key and tenant.").under("Advanced"),
    connection("deploymentGroupEndpoint", "The connection of the deployment group.").under("Advanced"),
    text("project", "The deployment group's project.").under("Advanced"),
    text("deploymentGroupName", "The deployment group.").under("Advanced"),
]);
