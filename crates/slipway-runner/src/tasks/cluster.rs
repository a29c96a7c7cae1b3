//! Which cluster `Kubernetes@1`, `KubernetesManifest@1` and `HelmDeploy@1` talk to, by the inputs they share.
//!
//! An environment of the house, the job's own or one that the service connection's input names; a cluster of
//! Azure by the az of this machine; or what KUBECONFIG of the pipeline says. This machine's current context is
//! never taken by itself.

use slipway_pipeline::plan::PlanStep;

use super::azure_cli::signed_in;
use super::tool::{Tool, find, run_tool};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

/// How a program reaches the cluster.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    pub(super) environment: Vec<(String, String)>,
    pub(super) context: Option<String>,
    /// The namespace, if the step names none.
    pub(super) namespace: Option<String>,
}

/// `az`, for a step whose inputs name a cluster of Azure.
pub(super) fn needs(step: &PlanStep) -> Option<&'static str> {
    let kind = step.input("connectionType").unwrap_or_default();
    let is_azure = kind.eq_ignore_ascii_case("Azure Resource Manager");
    (is_azure && step.input("kubernetesCluster").is_some()).then_some("az")
}

/// Finds the cluster.
pub(super) async fn cluster(step: &StepScope, connection: &str) -> Result<Cluster, RunnerError> {
    let kind = if step.declares("connectionType") { step.required("connectionType")? } else { "" };
    let named = step.input(connection);
    let is_azure = kind.replace(' ', "").eq_ignore_ascii_case("AzureResourceManager");
    // Older pipelines name the cluster and leave the kind of connection out.
    let names_one = step.declares("kubernetesCluster") && step.input("kubernetesCluster").is_some();
    if names_one && (is_azure || named.is_none()) {
        return of_azure(step).await;
    }
    let own = step.job.environment.as_ref().map(|environment| environment.name.as_str());
    let named = named.filter(|_| !kind.eq_ignore_ascii_case("None"));
    if let Some(name) = named.or(own.filter(|_| !has_kubeconfig(step))) {
        let target = step.job.run.host.cluster(name).await?;
        let path =
            target.kubeconfig.map(|path| ("KUBECONFIG".to_owned(), path.display().to_string()));
        return Ok(Cluster {
            environment: path.into_iter().collect(),
            context: Some(target.context),
            namespace: Some(target.namespace),
        });
    }
    if has_kubeconfig(step) {
        return Ok(Cluster::default());
    }
    Err(RunnerError::ClusterMissing { task: step.task() })
}

/// The pipeline itself says which file to use, or which context.
fn has_kubeconfig(step: &StepScope) -> bool {
    let arguments = step.input("arguments").unwrap_or_default();
    let by_argument = ["--kubeconfig", "--context", "--kube-context"];
    step.job.variable("KUBECONFIG").is_some()
        || step.has_env("KUBECONFIG")
        || by_argument.iter().any(|option| arguments.contains(option))
}

async fn of_azure(step: &StepScope) -> Result<Cluster, RunnerError> {
    find(step, "az")?;
    signed_in(step).await?;
    let file = step.job.folders.temp.join(format!("kubeconfig-{}", step.record));
    let file = file.display().to_string();
    let mut tool = Tool::new("az")
        .args(["aks", "get-credentials", "--overwrite-existing"])
        .args(["--resource-group", step.required("azureResourceGroup")?])
        .args(["--name", step.required("kubernetesCluster")?])
        .args(["--file", &file])
        .plain();
    if step.flag("useClusterAdmin") {
        tool = tool.arg("--admin");
    }
    let end = run_tool(step, tool).await?;
    if !end.is_success() {
        end.judge(step).await;
        return Err(RunnerError::ClusterMissing { task: step.task() });
    }
    let environment = vec![("KUBECONFIG".to_owned(), file)];
    Ok(Cluster { environment, ..Cluster::default() })
}
