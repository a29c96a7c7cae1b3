//! The tasks of pipelines.md 24, a static each, in our own words.
//!
//! One input a line: name, help, then what holds for it. Names, aliases, defaults and words are the
//! vendor's; what Slipway does not do with an input yet is said in its help.

mod artifacts;
mod azure;
mod builds;
mod containers;
mod dotnet;
mod files;
mod java;
mod kubernetes;
mod results;
mod scripts;
mod server;
mod tools;
mod windows;

pub use artifacts::*;
pub use azure::*;
pub use builds::*;
pub use containers::*;
pub use dotnet::*;
pub use files::*;
pub use java::*;
pub use kubernetes::*;
pub use results::*;
pub use scripts::*;
pub use server::*;
pub use tools::*;
pub use windows::*;

use super::spec::{InputKind, InputSpec, OutputSpec, ShownWhen, TaskSpec};

/// Every task.
#[rustfmt::skip]
pub(super) static TASKS: &[&TaskSpec] = &[
    // What every pipeline uses comes first.
    &CMD_LINE_2, &BASH_3, &POWER_SHELL_2, &PYTHON_SCRIPT_0, &CHECKOUT_1,
    &PUBLISH_TEST_RESULTS_2, &PUBLISH_CODE_COVERAGE_RESULTS_2, &PUBLISH_CODE_COVERAGE_RESULTS_1,
    &PUBLISH_PIPELINE_ARTIFACT_1, &PUBLISH_PIPELINE_ARTIFACT_0, &DOWNLOAD_PIPELINE_ARTIFACT_2,
    &PUBLISH_BUILD_ARTIFACTS_1, &DOWNLOAD_BUILD_ARTIFACTS_1, &DOWNLOAD_BUILD_ARTIFACTS_0,
    &DOCKER_2, &DOCKER_1, &DOCKER_0, &DOCKER_COMPOSE_1, &DOCKER_COMPOSE_0, &DOCKER_INSTALLER_0,
    &KUBERNETES_MANIFEST_1, &KUBERNETES_MANIFEST_0, &KUBERNETES_1, &KUBERNETES_0,
    &KUBECTL_INSTALLER_0, &KUBELOGIN_INSTALLER_0, &HELM_DEPLOY_1, &HELM_DEPLOY_0, &HELM_INSTALLER_1, &HELM_INSTALLER_0,
    &COPY_FILES_2, &DELETE_FILES_1, &ARCHIVE_FILES_2, &EXTRACT_FILES_1, &CACHE_2,
    &DOWNLOAD_SECURE_FILE_1,
    &USE_PYTHON_VERSION_0, &NODE_TOOL_0, &USE_NODE_1, &USE_DOT_NET_2, &GO_TOOL_0,
    &JAVA_TOOL_INSTALLER_0, &USE_RUBY_VERSION_0,
    &DOT_NET_CORE_CLI_2, &NU_GET_TOOL_INSTALLER_1, &NU_GET_TOOL_INSTALLER_0,
    &NU_GET_COMMAND_2, &NU_GET_AUTHENTICATE_1, &NU_GET_AUTHENTICATE_0,
    &NPM_1, &NPM_AUTHENTICATE_0, &PIP_AUTHENTICATE_1, &TWINE_AUTHENTICATE_1, &MAVEN_AUTHENTICATE_0,
    &MAVEN_4, &MAVEN_3, &GRADLE_3, &GRADLE_2, &ANT_1,
    &GO_0, &GULP_1, &CMAKE_1, &XCODE_5,
    &VS_BUILD_1, &VS_TEST_2, &MS_BUILD_1, &BATCH_SCRIPT_1,
    &AZURE_CLI_2, &AZURE_POWER_SHELL_5, &AZURE_KEY_VAULT_2, &AZURE_KEY_VAULT_1,
    &AZURE_WEB_APP_1, &AZURE_WEB_APP_CONTAINER_1, &AZURE_RM_WEB_APP_DEPLOYMENT_4,
    &AZURE_FUNCTION_APP_2, &AZURE_FUNCTION_APP_1, &AZURE_FUNCTION_APP_CONTAINER_1,
    &AZURE_RESOURCE_MANAGER_TEMPLATE_DEPLOYMENT_3, &AZURE_RESOURCE_GROUP_DEPLOYMENT_2,
    &DELAY_1, &MANUAL_VALIDATION_1, &MANUAL_VALIDATION_0, &INVOKE_REST_API_1,
    &AZURE_FUNCTION_1, &PUBLISH_TO_AZURE_SERVICE_BUS_1,
];

const fn text(name: &'static str, help: &'static str) -> InputSpec {
    InputSpec::new(name, InputKind::Text, help)
}

const fn lines(name: &'static str, help: &'static str) -> InputSpec {
    InputSpec::new(name, InputKind::Lines, help)
}

const fn path(name: &'static str, help: &'static str) -> InputSpec {
    InputSpec::new(name, InputKind::Path, help)
}

const fn number(name: &'static str, help: &'static str) -> InputSpec {
    InputSpec::new(name, InputKind::Number, help)
}

/// A boolean without a default.
const fn truth(name: &'static str, help: &'static str) -> InputSpec {
    InputSpec::new(name, InputKind::Boolean, help)
}

/// A boolean that is false when it is left out.
const fn off(name: &'static str, help: &'static str) -> InputSpec {
    truth(name, help).or("false")
}

/// A boolean that is true when it is left out.
const fn on(name: &'static str, help: &'static str) -> InputSpec {
    truth(name, help).or("true")
}

const fn pick(name: &'static str, words: &'static [&'static str], help: &'static str) -> InputSpec {
    InputSpec::new(name, InputKind::Pick(words), help)
}

const fn connection(name: &'static str, help: &'static str) -> InputSpec {
    InputSpec::new(name, InputKind::Connection, help)
}

const fn is(input: &'static str, is: &'static [&'static str]) -> ShownWhen {
    ShownWhen { input, is, is_not: false }
}

const fn is_not(input: &'static str, is: &'static [&'static str]) -> ShownWhen {
    ShownWhen { input, is, is_not: true }
}

const fn output(name: &'static str, help: &'static str) -> OutputSpec {
    OutputSpec { name, help }
}
