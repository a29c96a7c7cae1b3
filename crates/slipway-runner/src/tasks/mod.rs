//! The tasks there are: one file each, with what it takes and what it does.
//!
//! `step` finds a task here; the pipeline reader asks [`catalog`] about inputs, which are declared in
//! the table of `slipway_pipeline::catalog`. Tasks of folders that the user points at stand beside them.

mod ant;
mod archive_files;
mod authenticate;
mod azure_app_service;
mod azure_cli;
mod azure_function;
mod azure_key_vault;
mod azure_template;
mod azure_web_app;
mod bash;
mod cache;
mod catalog;
mod checkout;
mod cluster;
mod cmake;
mod cmd_line;
mod compose_images;
mod copy_files;
mod delay;
mod delete_files;
mod docker;
mod docker_arguments;
mod docker_classic;
mod docker_cli;
mod docker_compose;
mod dot_net_core_cli;
mod dot_net_pack;
mod download_build_artifacts;
mod download_pipeline_artifact;
mod download_secure_file;
mod extract_files;
mod go;
mod go_tool;
mod gradle;
mod gulp;
mod helm_deploy;
mod http_call;
mod installed;
mod invoke_rest_api;
mod java_tool_installer;
mod jdk;
mod kubernetes;
mod kubernetes_bake;
mod kubernetes_manifest;
mod kubernetes_objects;
mod manual_validation;
mod maven;
mod node;
mod node_tool;
mod npm;
mod nu_get_command;
mod power_shell;
mod publish_build_artifacts;
mod publish_code_coverage_results;
mod publish_pipeline_artifact;
mod publish_test_results;
mod python_script;
mod refused;
mod script;
mod told;
pub(crate) mod tool;
mod tool_installer;
mod tool_line;
mod use_dot_net;
mod use_python_version;
mod use_ruby_version;
mod version_spec;
mod within;

use std::path::Path;
use std::sync::Arc;
pub(crate) use within::run_within;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use crate::commands::Restrictions;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub use catalog::{Catalog, catalog, is_native};
pub use node::{FolderTask, TaskFolder, TaskFolderError, read_task_folder};
use refused::Refused;
pub(crate) use refused::of_plan as refused_of;
pub(crate) use tool::{how_to_get, is_program};

/// A task that can run here.
#[async_trait]
pub(crate) trait Task: Send + Sync {
    /// What it takes.
    fn spec(&self) -> &'static TaskSpec;

    /// Programs that a step of it starts. The user is told before the run when one is not on PATH.
    fn needs(&self, _step: &PlanStep) -> Vec<&'static str> {
        Vec::new()
    }

    /// Its whole version.
    fn version(&self) -> String {
        self.spec().version.to_string()
    }

    /// Why it cannot run here, whatever is installed.
    fn why_not(&self) -> Option<String> {
        None
    }

    /// Why this step of it cannot run here, where more than one word of an input says so.
    fn refuses(&self, _step: &PlanStep) -> Option<(String, &'static str)> {
        None
    }

    /// Words of its inputs that it cannot follow here. The user is told before the run.
    fn refused(&self) -> &'static [Refused] {
        &[]
    }

    /// What it does before the job's first step.
    fn before_job(&self) -> Option<Arc<dyn Task>> {
        None
    }

    /// Where its scripts are, if a folder of the user holds it.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// Whether it forbids itself most logging commands, and the variables it may set if not all.
    fn restrictions(&self) -> Option<Restrictions<'_>> {
        None
    }

    /// Runs it. An error fails the step and is written into its log.
    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError>;

    /// What it comes to when its time limit ends it, and why; without an answer it has failed.
    fn at_timeout(&self, _step: &StepScope) -> Option<(RunResult, &'static str)> {
        None
    }
}

static TASKS: &[&dyn Task] = &[
    &ant::Ant,
    &archive_files::ArchiveFiles,
    &authenticate::Authenticate {
        spec: &table::NPM_AUTHENTICATE_0,
        kept_in: ".npmrc",
        file: Some("workingFile"),
    },
    &authenticate::Authenticate {
        spec: &table::NU_GET_AUTHENTICATE_1,
        kept_in: "NuGet.config",
        file: None,
    },
    &authenticate::Authenticate {
        spec: &table::NU_GET_AUTHENTICATE_0,
        kept_in: "NuGet.config",
        file: None,
    },
    &authenticate::Authenticate {
        spec: &table::PIP_AUTHENTICATE_1,
        kept_in: "pip.conf",
        file: None,
    },
    &authenticate::Authenticate {
        spec: &table::TWINE_AUTHENTICATE_1,
        kept_in: ".pypirc",
        file: None,
    },
    &authenticate::Authenticate {
        spec: &table::MAVEN_AUTHENTICATE_0,
        kept_in: "settings.xml",
        file: None,
    },
    &azure_app_service::AzureAppService,
    &azure_cli::AzureCli,
    &azure_function::AzureFunction,
    &azure_key_vault::AzureKeyVault(&table::AZURE_KEY_VAULT_1),
    &azure_key_vault::AzureKeyVault(&table::AZURE_KEY_VAULT_2),
    &azure_template::AzureTemplate(&table::AZURE_RESOURCE_GROUP_DEPLOYMENT_2),
    &azure_template::AzureTemplate(&table::AZURE_RESOURCE_MANAGER_TEMPLATE_DEPLOYMENT_3),
    &azure_web_app::AzureWebApp {
        spec: &table::AZURE_FUNCTION_APP_1,
        app: azure_web_app::App::Function,
    },
    &azure_web_app::AzureWebApp {
        spec: &table::AZURE_FUNCTION_APP_2,
        app: azure_web_app::App::Function,
    },
    &azure_web_app::AzureWebApp {
        spec: &table::AZURE_FUNCTION_APP_CONTAINER_1,
        app: azure_web_app::App::FunctionContainer,
    },
    &azure_web_app::AzureWebApp { spec: &table::AZURE_WEB_APP_1, app: azure_web_app::App::Web },
    &azure_web_app::AzureWebApp {
        spec: &table::AZURE_WEB_APP_CONTAINER_1,
        app: azure_web_app::App::Container,
    },
    &bash::Bash,
    &cache::Cache,
    &checkout::Checkout,
    &cmake::CMake,
    &cmd_line::CmdLine,
    &copy_files::CopyFiles,
    &delay::Delay,
    &delete_files::DeleteFiles,
    &docker::Docker,
    &docker_classic::DockerClassic(&table::DOCKER_0),
    &docker_classic::DockerClassic(&table::DOCKER_1),
    &docker_compose::DockerCompose(&table::DOCKER_COMPOSE_0),
    &docker_compose::DockerCompose(&table::DOCKER_COMPOSE_1),
    &dot_net_core_cli::DotNetCoreCli,
    &download_build_artifacts::DownloadBuildArtifacts(&table::DOWNLOAD_BUILD_ARTIFACTS_0),
    &download_build_artifacts::DownloadBuildArtifacts(&table::DOWNLOAD_BUILD_ARTIFACTS_1),
    &download_pipeline_artifact::DownloadPipelineArtifact,
    &download_secure_file::DownloadSecureFile,
    &extract_files::ExtractFiles,
    &go::Go,
    &go_tool::GoTool,
    &gradle::Gradle(&table::GRADLE_2),
    &gradle::Gradle(&table::GRADLE_3),
    &gulp::Gulp,
    &helm_deploy::HelmDeploy(&table::HELM_DEPLOY_0),
    &helm_deploy::HelmDeploy(&table::HELM_DEPLOY_1),
    &invoke_rest_api::InvokeRestApi,
    &java_tool_installer::JavaToolInstaller,
    &kubernetes::Kubernetes {
        spec: &table::KUBERNETES_0,
        connection: "kubernetesServiceConnection",
    },
    &kubernetes::Kubernetes { spec: &table::KUBERNETES_1, connection: "kubernetesServiceEndpoint" },
    &kubernetes_manifest::KubernetesManifest {
        spec: &table::KUBERNETES_MANIFEST_0,
        connection: "kubernetesServiceConnection",
    },
    &kubernetes_manifest::KubernetesManifest {
        spec: &table::KUBERNETES_MANIFEST_1,
        connection: "kubernetesServiceEndpoint",
    },
    &manual_validation::ManualValidation::V0,
    &manual_validation::ManualValidation::V1,
    &maven::Maven(&table::MAVEN_3),
    &maven::Maven(&table::MAVEN_4),
    &node_tool::NodeTool { spec: &table::NODE_TOOL_0, version: "versionSpec" },
    &node_tool::NodeTool { spec: &table::USE_NODE_1, version: "version" },
    &npm::Npm,
    &nu_get_command::NuGetCommand,
    &power_shell::PowerShell,
    &publish_build_artifacts::PublishBuildArtifacts,
    &publish_code_coverage_results::PublishCodeCoverageResults(
        &table::PUBLISH_CODE_COVERAGE_RESULTS_1,
    ),
    &publish_code_coverage_results::PublishCodeCoverageResults(
        &table::PUBLISH_CODE_COVERAGE_RESULTS_2,
    ),
    &publish_pipeline_artifact::PublishPipelineArtifact(&table::PUBLISH_PIPELINE_ARTIFACT_0),
    &publish_pipeline_artifact::PublishPipelineArtifact(&table::PUBLISH_PIPELINE_ARTIFACT_1),
    &publish_test_results::PublishTestResults,
    &python_script::PythonScript,
    &tool_installer::ToolInstaller {
        spec: &table::DOCKER_INSTALLER_0,
        program: "docker",
        ask: &["--version"],
        version: "dockerVersion",
        also: None,
        without: None,
    },
    &tool_installer::ToolInstaller {
        spec: &table::HELM_INSTALLER_0,
        program: "helm",
        ask: &["version", "--short"],
        version: "helmVersion",
        also: Some(("kubectl", "installKubeCtl", "kubectlVersion")),
        without: None,
    },
    &tool_installer::ToolInstaller {
        spec: &table::HELM_INSTALLER_1,
        program: "helm",
        ask: &["version", "--short"],
        version: "helmVersionToInstall",
        also: None,
        without: None,
    },
    &tool_installer::ToolInstaller {
        spec: &table::KUBECTL_INSTALLER_0,
        program: "kubectl",
        ask: &["version", "--client"],
        version: "kubectlVersion",
        also: None,
        without: None,
    },
    &tool_installer::ToolInstaller {
        spec: &table::KUBELOGIN_INSTALLER_0,
        program: "kubelogin",
        ask: &["--version"],
        version: "kubeloginVersion",
        also: None,
        without: None,
    },
    &tool_installer::ToolInstaller {
        spec: &table::NU_GET_TOOL_INSTALLER_0,
        program: "nuget",
        ask: &["help"],
        version: "versionSpec",
        also: None,
        without: Some("NuGetCommand@2 restores and packs with dotnet here."),
    },
    &tool_installer::ToolInstaller {
        spec: &table::NU_GET_TOOL_INSTALLER_1,
        program: "nuget",
        ask: &["help"],
        version: "versionSpec",
        also: None,
        without: Some("NuGetCommand@2 restores and packs with dotnet here."),
    },
    &use_dot_net::UseDotNet,
    &use_python_version::UsePythonVersion,
    &use_ruby_version::UseRubyVersion,
];

#[cfg(test)]
mod tests {
    use slipway_pipeline::catalog::TaskCatalog;

    use super::*;

    #[test]
    fn every_task_is_found_and_declares_each_input_once() {
        for spec in catalog().tasks() {
            let found = catalog().task(&spec.name.to_uppercase(), spec.version);
            assert_eq!(found, Some(spec), "{} is found ignoring case", spec.name);
            // An alias may be the input's own name in the spelling of the vendor's pages.
            let mut owners = std::collections::HashMap::new();
            for input in spec.inputs {
                for name in std::iter::once(&input.name).chain(input.aliases) {
                    let owner = *owners.entry(name.to_lowercase()).or_insert(input.name);
                    assert_eq!(owner, input.name, "{} names an input twice", spec.name);
                }
            }
            assert!(spec.help.ends_with('.'), "the help of {} is a sentence", spec.name);
        }
        assert!(catalog().task("Docker", 9).is_none(), "another major version is another task");
    }
}
