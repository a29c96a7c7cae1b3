//! Kubernetes and Helm.

use super::{
    InputSpec, ShownWhen, TaskSpec, connection, is, is_not, lines, number, off, on, output, path,
    pick, text,
};

const ARM: &[ShownWhen] = &[is("connectionType", &["azureResourceManager"])];
const CLUSTER: &[ShownWhen] = &[is("connectionType", &["kubernetesServiceConnection"])];
const BAKE: ShownWhen = is("action", &["bake"]);
const PATCH: ShownWhen = is("action", &["patch"]);
const SECRET: ShownWhen = is("action", &["createSecret"]);
const CANARY: ShownWhen = is("strategy", &["canary"]);

/// Deploys manifests.
#[rustfmt::skip]
pub static KUBERNETES_MANIFEST_1: TaskSpec = TaskSpec::new("KubernetesManifest", 1,
    "Deploys Kubernetes manifests, or bakes, patches, scales and deletes.", &[
    pick("action", &["bake", "createSecret", "delete", "deploy", "patch", "promote", "scale", "reject"], "What to do; `promote` and `reject` finish a canary.").or("deploy"),
    pick("connectionType", &["azureResourceManager", "kubernetesServiceConnection"], "How the cluster is found; inside a Kubernetes environment the environment knows it.").or("kubernetesServiceConnection").when(&[is_not("action", &["bake"])]),
    connection("kubernetesServiceEndpoint", "The service connection of the cluster; here it names the environment outside of deployment jobs.").also(&["kubernetesServiceConnection"]).when(CLUSTER),
    connection("azureSubscriptionEndpoint", "The service connection of Azure.").required().also(&["azureSubscriptionConnection"]).when(ARM),
    text("azureResourceGroup", "The resource group of the cluster.").required().when(ARM),
    text("kubernetesCluster", "The cluster.").required().when(ARM),
    off("useClusterAdmin", "Use the cluster's administrator.").when(ARM),
    text("namespace", "The namespace; the connection's or the environment's own if left out."),
    pick("strategy", &["canary", "none"], "How to deploy: a canary stands beside what runs until it is promoted or rejected.").or("none").when(&[is("action", &["deploy", "promote", "reject"])]),
    pick("trafficSplitMethod", &["pod", "smi"], "How traffic is split.").or("pod").when(&[CANARY]),
    number("percentage", "The share of the new version in percent.").or("0").when(&[CANARY, is("action", &["deploy"])]),
    number("baselineAndCanaryReplicas", "How many replicas canary and baseline get each.").or("1").when(&[CANARY, is("trafficSplitMethod", &["smi"])]),
    lines("manifests", "Manifest files or patterns, one a line.").required().when(&[is("action", &["deploy", "promote", "reject"])]),
    lines("containers", "Images to put into the manifests, one a line.").when(&[is("action", &["deploy", "promote", "bake"])]),
    lines("imagePullSecrets", "Secrets that pull images, one a line. Left out here: registries of the house need none.").when(&[is("action", &["deploy", "promote"])]),
    pick("renderType", &["helm", "kompose", "kustomize"], "What renders the manifests.").or("helm").when(&[BAKE]),
    path("dockerComposeFile", "The Compose file.").required().when(&[BAKE, is("renderType", &["kompose"])]),
    path("helmChart", "The chart's folder.").required().when(&[BAKE, is("renderType", &["helm"])]),
    text("releaseName", "The release's name.").when(&[BAKE, is("renderType", &["helm"])]),
    lines("overrideFiles", "Files with values, one a line.").when(&[BAKE, is("renderType", &["helm"])]),
    lines("overrides", "Values as name:value, one a line.").when(&[BAKE, is("renderType", &["helm"])]),
    path("kustomizationPath", "The folder with the kustomization file.").when(&[BAKE, is("renderType", &["kustomize"])]),
    pick("resourceToPatch", &["file", "name"], "Whether a file or a name says what to patch.").or("file").when(&[PATCH]),
    path("resourceFileToPatch", "The file of the object to patch.").required().when(&[PATCH, is("resourceToPatch", &["file"])]),
    pick("kind", &["deployment", "replicaset", "statefulset"], "The kind of the object.").when(&[is("action", &["patch", "scale"])]),
    text("name", "The name of the object.").when(&[is("action", &["patch", "scale"])]),
    number("replicas", "How many replicas.").required().when(&[is("action", &["scale"])]),
    pick("mergeStrategy", &["json", "merge", "strategic"], "How the patch is applied.").or("strategic").when(&[PATCH]),
    text("arguments", "What to delete, as kubectl writes it.").when(&[is("action", &["delete"])]),
    lines("patch", "The patch.").required().when(&[PATCH]),
    pick("secretType", &["dockerRegistry", "generic"], "The kind of secret.").or("dockerRegistry").when(&[SECRET]),
    text("secretName", "The secret's name.").when(&[SECRET]),
    text("secretArguments", "Options of kubectl create secret.").when(&[SECRET, is("secretType", &["generic"])]),
    connection("dockerRegistryEndpoint", "The service connection of the registry.").when(&[SECRET, is("secretType", &["dockerRegistry"])]),
    number("rolloutStatusTimeout", "Seconds to wait for the rollout; 0 does not end the wait.").or("0").when(&[is("action", &["deploy", "promote", "patch", "scale"])]),
    text("resourceType", "The kind of cluster in Azure.").or("Microsoft.ContainerService/managedClusters").under("Advanced"),
]).sets(&[output("manifestsBundle", "The path of the baked manifests.")]);

/// Deploys manifests, the first version.
#[rustfmt::skip]
pub static KUBERNETES_MANIFEST_0: TaskSpec = TaskSpec::new("KubernetesManifest", 0,
    "Deploys Kubernetes manifests, or bakes, patches, scales and deletes.", &[
    pick("action", &["bake", "createSecret", "delete", "deploy", "patch", "promote", "scale", "reject"], "What to do; `promote` and `reject` finish a canary.").or("deploy"),
    connection("kubernetesServiceConnection", "The service connection of the cluster; here it names the environment outside of deployment jobs.").when(&[is_not("action", &["bake"])]),
    text("namespace", "The namespace; the connection's own if left out."),
    pick("strategy", &["canary", "none"], "How to deploy: a canary stands beside what runs until it is promoted or rejected.").or("none").when(&[is("action", &["deploy", "promote", "reject"])]),
    pick("trafficSplitMethod", &["pod", "smi"], "How traffic is split.").or("pod").when(&[CANARY]),
    number("percentage", "The share of the new version in percent.").or("0").when(&[CANARY, is("action", &["deploy"])]),
    number("baselineAndCanaryReplicas", "How many replicas canary and baseline get each.").or("1").when(&[CANARY, is("trafficSplitMethod", &["smi"])]),
    lines("manifests", "Manifest files or patterns, one a line.").required().when(&[is("action", &["deploy", "promote", "reject"])]),
    lines("containers", "Images to put into the manifests, one a line.").when(&[is("action", &["deploy", "promote", "bake"])]),
    lines("imagePullSecrets", "Secrets that pull images, one a line. Left out here: registries of the house need none.").when(&[is("action", &["deploy", "promote"])]),
    pick("renderType", &["helm2", "helm", "kompose", "kustomize"], "What renders the manifests.").or("helm").when(&[BAKE]),
    path("dockerComposeFile", "The Compose file.").required().when(&[BAKE, is("renderType", &["kompose"])]),
    path("helmChart", "The chart's folder.").required().when(&[BAKE, is("renderType", &["helm", "helm2"])]),
    text("releaseName", "The release's name.").when(&[BAKE]),
    lines("overrideFiles", "Files with values, one a line.").when(&[BAKE]),
    lines("overrides", "Values as name:value, one a line.").when(&[BAKE]),
    path("kustomizationPath", "The folder with the kustomization file.").when(&[BAKE, is("renderType", &["kustomize"])]),
    pick("resourceToPatch", &["file", "name"], "Whether a file or a name says what to patch.").or("file").when(&[PATCH]),
    path("resourceFileToPatch", "The file of the object to patch.").required().when(&[PATCH, is("resourceToPatch", &["file"])]),
    pick("kind", &["deployment", "replicaset", "statefulset"], "The kind of the object.").when(&[is("action", &["patch", "scale"])]),
    text("name", "The name of the object.").when(&[is("action", &["patch", "scale"])]),
    number("replicas", "How many replicas.").required().when(&[is("action", &["scale"])]),
    pick("mergeStrategy", &["json", "merge", "strategic"], "How the patch is applied.").or("strategic").when(&[PATCH]),
    text("arguments", "What to delete, as kubectl writes it.").when(&[is("action", &["delete"])]),
    lines("patch", "The patch.").required().when(&[PATCH]),
    pick("secretType", &["dockerRegistry", "generic"], "The kind of secret.").or("dockerRegistry").when(&[SECRET]),
    text("secretName", "The secret's name.").when(&[SECRET]),
    text("secretArguments", "Options of kubectl create secret.").when(&[SECRET, is("secretType", &["generic"])]),
    connection("dockerRegistryEndpoint", "The service connection of the registry.").when(&[SECRET, is("secretType", &["dockerRegistry"])]),
    number("rolloutStatusTimeout", "Seconds to wait for the rollout; 0 does not end the wait.").or("0").when(&[is("action", &["deploy", "promote", "patch", "scale"])]),
]).sets(&[output("manifestsBundle", "The path of the baked manifests.")]);

const KUBECTL: &[&str] = &[
    "apply", "create", "delete", "exec", "expose", "get", "login", "logout", "logs", "rollout",
    "run", "set", "top",
];
const CONNECTION: &[&str] = &["Azure Resource Manager", "Kubernetes Service Connection", "None"];
const AZURE: &[ShownWhen] = &[is("connectionType", &["Azure Resource Manager"])];
const KUBE: &[ShownWhen] = &[is("connectionType", &["Kubernetes Service Connection"])];
const REGISTRY: &[&str] = &["Azure Container Registry", "Container Registry"];

#[rustfmt::skip]
static KUBERNETES_1_INPUTS: [InputSpec; 32] = [
    pick("connectionType", CONNECTION, "How the cluster is found.").or("Kubernetes Service Connection").under("Cluster"),
    connection("kubernetesServiceEndpoint", "The service connection of the cluster; in a deployment job the environment has one.").also(&["kubernetesServiceConnection"]).under("Cluster").when(KUBE),
    connection("azureSubscriptionEndpoint", "The service connection of Azure.").also(&["azureSubscription"]).required().under("Cluster").when(AZURE),
    text("azureResourceGroup", "The resource group of the cluster.").required().under("Cluster").when(AZURE),
    text("kubernetesCluster", "The cluster.").required().under("Cluster").when(AZURE),
    off("useClusterAdmin", "Use the cluster's administrator.").under("Cluster").when(AZURE),
    text("namespace", "The namespace; the connection's own if left out.").under("Commands"),
    pick("command", KUBECTL, "The kubectl command.").open().under("Commands"),
    off("useConfigurationFile", "Give the command a configuration with -f.").under("Commands").when(&[is_not("command", &["login", "logout"])]),
    pick("configurationType", &["configuration", "inline"], "A file, or written here.").or("configuration").under("Commands").when(&[is("useConfigurationFile", &["true"])]),
    path("configuration", "The file.").required().under("Commands").when(&[is("useConfigurationFile", &["true"]), is("configurationType", &["configuration"])]),
    lines("inline", "The configuration itself.").required().under("Commands").when(&[is("useConfigurationFile", &["true"]), is("configurationType", &["inline"])]),
    text("arguments", "Options of the command.").under("Commands").when(&[is_not("command", &["login", "logout"])]),
    pick("secretType", &["dockerRegistry", "generic"], "The kind of secret.").or("dockerRegistry").under("Secrets"),
    text("secretArguments", "Options of kubectl create secret.").under("Secrets").when(&[is("secretType", &["generic"])]),
    pick("containerRegistryType", REGISTRY, "The kind of registry.").or("Azure Container Registry").under("Secrets").when(&[is("secretType", &["dockerRegistry"])]),
    connection("dockerRegistryEndpoint", "The service connection of the registry.").also(&["dockerRegistryConnection"]).under("Secrets").when(&[is("containerRegistryType", &["Container Registry"])]),
    connection("azureSubscriptionEndpointForSecrets", "The service connection of Azure.").also(&["azureSubscriptionForSecrets"]).under("Secrets").when(&[is("containerRegistryType", &["Azure Container Registry"])]),
    text("azureContainerRegistry", "The registry's address.").under("Secrets").when(&[is("containerRegistryType", &["Azure Container Registry"])]),
    text("secretName", "The secret's name.").under("Secrets"),
    on("forceUpdate", "Delete the secret before, if it is there.").under("Secrets"),
    text("configMapName", "The config map's name.").under("Config maps"),
    off("forceUpdateConfigMap", "Delete the config map before, if it is there.").under("Config maps"),
    off("useConfigMapFile", "Make the config map from a file.").under("Config maps"),
    path("configMapFile", "The file.").required().under("Config maps").when(&[is("useConfigMapFile", &["true"])]),
    text("configMapArguments", "Options of kubectl create configmap.").under("Config maps").when(&[is("useConfigMapFile", &["false"])]),
    pick("versionOrLocation", &["version", "location"], "Which kubectl: a version, or a program that is there.").or("version").under("Advanced"),
    text("versionSpec", "The version of kubectl.").or("1.13.2").under("Advanced").when(&[is("versionOrLocation", &["version"])]),
    off("checkLatest", "Look for a newer version that fits.").under("Advanced").when(&[is("versionOrLocation", &["version"])]),
    path("specifyLocation", "The kubectl program.").required().under("Advanced").when(&[is("versionOrLocation", &["location"])]),
    path("cwd", "The folder to run in.").or("$(System.DefaultWorkingDirectory)").also(&["workingDirectory"]).under("Advanced"),
    pick("outputFormat", &["json", "yaml", "none"], "The format of the output variable.").or("json").under("Advanced"),
];

/// Runs kubectl.
#[rustfmt::skip]
pub static KUBERNETES_1: TaskSpec = TaskSpec::new("Kubernetes", 1,
    "Runs a kubectl command against a cluster.", &KUBERNETES_1_INPUTS,
).sets(&[output("KubectlOutput", "What kubectl printed.")]);

/// Runs kubectl, the first version.
#[rustfmt::skip]
pub static KUBERNETES_0: TaskSpec = TaskSpec::new("Kubernetes", 0,
    "Runs a kubectl command against a cluster.", &[
    connection("kubernetesServiceConnection", "The service connection of the cluster; in a deployment job the environment has one.").also(&["kubernetesServiceEndpoint"]),
    text("namespace", "The namespace; the connection's own if left out."),
    pick("command", &["apply", "create", "delete", "exec", "expose", "get", "logs", "run", "set", "top"], "The kubectl command.").open().or("apply").under("Commands"),
    off("useConfigurationFile", "Give the command a configuration with -f.").under("Commands"),
    path("configuration", "The file.").required().under("Commands").when(&[is("useConfigurationFile", &["true"])]),
    text("arguments", "Options of the command.").under("Commands"),
    pick("secretType", &["dockerRegistry", "generic"], "The kind of secret.").or("dockerRegistry").under("Secrets"),
    text("secretArguments", "Options of kubectl create secret.").under("Secrets").when(&[is("secretType", &["generic"])]),
    pick("containerRegistryType", REGISTRY, "The kind of registry.").or("Azure Container Registry").under("Secrets").when(&[is("secretType", &["dockerRegistry"])]),
    connection("dockerRegistryConnection", "The service connection of the registry.").also(&["dockerRegistryEndpoint"]).under("Secrets").when(&[is("containerRegistryType", &["Container Registry"])]),
    connection("azureSubscription", "The service connection of Azure.").also(&["azureSubscriptionEndpoint"]).under("Secrets").when(&[is("containerRegistryType", &["Azure Container Registry"])]),
    text("azureContainerRegistry", "The registry's address.").under("Secrets").when(&[is("containerRegistryType", &["Azure Container Registry"])]),
    text("secretName", "The secret's name.").under("Secrets"),
    on("forceUpdate", "Delete the secret before, if it is there.").under("Secrets"),
    text("configMapName", "The config map's name.").under("Config maps"),
    off("forceUpdateConfigMap", "Delete the config map before, if it is there.").under("Config maps"),
    off("useConfigMapFile", "Make the config map from a file.").under("Config maps"),
    path("configMapFile", "The file.").required().under("Config maps").when(&[is("useConfigMapFile", &["true"])]),
    text("configMapArguments", "Options of kubectl create configmap.").under("Config maps").when(&[is("useConfigMapFile", &["false"])]),
    pick("versionOrLocation", &["version", "location"], "Which kubectl: a version, or a program that is there.").or("version").under("Advanced"),
    text("versionSpec", "The version of kubectl.").or("1.7.0").under("Advanced").when(&[is("versionOrLocation", &["version"])]),
    on("checkLatest", "Look for a newer version that fits.").under("Advanced").when(&[is("versionOrLocation", &["version"])]),
    path("specifyLocation", "The kubectl program.").required().under("Advanced").when(&[is("versionOrLocation", &["location"])]),
    path("workingDirectory", "The folder to run in.").or("$(System.DefaultWorkingDirectory)").also(&["cwd"]).under("Advanced"),
    pick("outputFormat", &["json", "yaml"], "The format of the output variable.").or("json").under("Advanced"),
    text("kubectlOutput", "The name of the output variable.").under("Advanced"),
]);

/// Installs kubectl.
#[rustfmt::skip]
pub static KUBECTL_INSTALLER_0: TaskSpec = TaskSpec::new("KubectlInstaller", 0,
    "Puts a version of kubectl on PATH.", &[
    text("kubectlVersion", "The version.").or("latest"),
]);

const HELM: &[&str] = &[
    "create",
    "delete",
    "expose",
    "get",
    "init",
    "install",
    "login",
    "logout",
    "ls",
    "push",
    "package",
    "rollback",
    "upgrade",
    "uninstall",
];
/// These talk to no cluster.
const LOCAL: ShownWhen = is_not("command", &["create", "login", "logout", "package", "push"]);
const HELM_AZURE: &[ShownWhen] = &[is("connectionType", &["Azure Resource Manager"]), LOCAL];
const HELM_KUBE: &[ShownWhen] = &[is("connectionType", &["Kubernetes Service Connection"]), LOCAL];
const CHART: ShownWhen = is("command", &["install", "upgrade"]);
const LONG: ShownWhen = is("command", &["init", "install", "package", "upgrade"]);

#[rustfmt::skip]
static HELM_INPUTS: [InputSpec; 38] = [
    pick("connectionType", CONNECTION, "How the cluster is found.").or("Azure Resource Manager").under("Cluster"),
    connection("azureSubscriptionEndpoint", "The service connection of Azure.").also(&["azureSubscription"]).required().under("Cluster").when(HELM_AZURE),
    text("azureResourceGroup", "The resource group of the cluster.").required().under("Cluster").when(HELM_AZURE),
    text("kubernetesCluster", "The cluster.").required().under("Cluster").when(HELM_AZURE),
    off("useClusterAdmin", "Use the cluster's administrator.").under("Cluster").when(HELM_AZURE),
    connection("kubernetesServiceEndpoint", "The service connection of the cluster; in a deployment job the environment has one.").also(&["kubernetesServiceConnection"]).under("Cluster").when(HELM_KUBE),
    text("namespace", "The namespace.").under("Cluster"),
    connection("azureSubscriptionEndpointForACR", "The service connection of Azure for the registry.").also(&["azureSubscriptionForACR"]).under("Registry"),
    text("azureResourceGroupForACR", "The resource group of the registry.").under("Registry"),
    text("azureContainerRegistry", "The registry.").under("Registry"),
    pick("command", HELM, "The helm command.").open().or("ls").under("Commands"),
    pick("chartType", &["Name", "FilePath"], "Whether the chart is named or is a folder.").or("Name").under("Commands").when(&[CHART]),
    text("chartName", "The chart's name, such as bitnami/nginx.").required().under("Commands").when(&[CHART, is("chartType", &["Name"])]),
    path("chartPath", "The chart's folder or package.").required().under("Commands").when(&[is("command", &["install", "upgrade", "package"]), is("chartType", &["FilePath"])]),
    text("remoteRepo", "The address to push to.").required().under("Commands").when(&[is("command", &["push"])]),
    text("version", "The chart's version.").also(&["chartVersion"]).under("Commands").when(&[is("command", &["install", "upgrade", "package"])]),
    text("releaseName", "The release's name.").under("Commands").when(&[CHART]),
    text("overrideValues", "Values for --set, separated by commas.").under("Commands").when(&[CHART]),
    path("valueFile", "A file with values.").under("Commands").when(&[CHART]),
    path("destination", "Where to put the package.").or("$(Build.ArtifactStagingDirectory)").under("Commands").when(&[is("command", &["package"])]),
    off("canaryimage", "Use a canary image of Tiller.").also(&["canaryImage"]).under("Commands").when(&[is("command", &["init"])]),
    on("upgradetiller", "Bring Tiller up to date.").also(&["upgradeTiller"]).under("Commands").when(&[is("command", &["init"])]),
    off("updatedependency", "Fetch what the chart depends on before.").also(&["updateDependency"]).under("Commands").when(&[is("command", &["install", "package"])]),
    on("save", "Save the package to the local repository.").under("Commands").when(&[is("command", &["package"])]),
    on("install", "Install the release if it is not there.").under("Commands").when(&[is("command", &["upgrade"])]),
    off("recreate", "Start all pods again.").under("Commands").when(&[is("command", &["upgrade"])]),
    off("resetValues", "Go back to the chart's own values.").under("Commands").when(&[is("command", &["upgrade"])]),
    off("force", "Replace what cannot be changed.").under("Commands").when(&[is("command", &["upgrade"])]),
    on("waitForExecution", "Wait until everything is ready.").under("Commands").when(&[LONG]),
    text("arguments", "Further options of the command.").under("Commands"),
    off("enableTls", "Use TLS between helm and Tiller.").under("TLS"),
    text("caCert", "The authority's certificate.").under("TLS").when(&[is("enableTls", &["true"])]),
    text("certificate", "The client's certificate.").under("TLS").when(&[is("enableTls", &["true"])]),
    text("privatekey", "The client's key.").also(&["privateKey"]).under("TLS").when(&[is("enableTls", &["true"])]),
    off("failOnStderr", "Fail if anything is written to standard error.").under("Advanced"),
    on("publishPipelineMetadata", "Note what was deployed with the run.").under("Advanced"),
    text("chartNameForACR", "The chart's name in the registry.").under("Registry"),
    path("chartPathForACR", "The chart's folder to push to the registry.").under("Registry"),
];

/// Runs helm.
#[rustfmt::skip]
pub static HELM_DEPLOY_1: TaskSpec = TaskSpec::new("HelmDeploy", 1,
    "Deploys, packages or removes charts with Helm.", &HELM_INPUTS,
).sets(&[
    output("helmExitCode", "The exit code of helm."),
    output("helmOutput", "What helm printed."),
]);

/// Runs helm, the first version.
#[rustfmt::skip]
pub static HELM_DEPLOY_0: TaskSpec = TaskSpec::new("HelmDeploy", 0,
    "Deploys, packages or removes charts with Helm.", &HELM_INPUTS,
).sets(&[
    output("helmExitCode", "The exit code of helm."),
    output("helmOutput", "What helm printed."),
]);

/// Installs kubelogin.
#[rustfmt::skip]
pub static KUBELOGIN_INSTALLER_0: TaskSpec = TaskSpec::new("KubeloginInstaller", 0,
    "Puts a version of kubelogin on PATH.", &[
    text("kubeloginVersion", "The version.").or("latest"),
    connection("gitHubConnection", "The connection to GitHub for the download.").under("Advanced"),
]);

/// Installs helm.
#[rustfmt::skip]
pub static HELM_INSTALLER_1: TaskSpec = TaskSpec::new("HelmInstaller", 1,
    "Puts a version of helm on PATH.", &[
    text("helmVersionToInstall", "The version.").or("latest"),
]);

/// Installs helm and kubectl.
#[rustfmt::skip]
pub static HELM_INSTALLER_0: TaskSpec = TaskSpec::new("HelmInstaller", 0,
    "Puts versions of helm and kubectl on PATH.", &[
    text("helmVersion", "The version of helm.").or("2.14.1"),
    on("checkLatestHelmVersion", "Look for a newer version of helm."),
    on("installKubeCtl", "Put kubectl on PATH as well.").also(&["installKubectl"]),
    text("kubectlVersion", "The version of kubectl.").or("1.8.9"),
    on("checkLatestKubeCtl", "Look for a newer version of kubectl.").also(&["checkLatestKubectl"]),
]);
