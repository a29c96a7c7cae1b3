//! The actions of `KubernetesManifest` that kubectl does: createSecret, delete, patch and scale.
//!
//! Called by `kubernetes_manifest`. Deliberately not here: deploying, which is the house's.

use slipway_core::RunResult;

use super::cluster::{Cluster, cluster};
use super::tool::{Tool, run_judged, run_tool};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

/// Does one of the actions; `connection` is the input with the cluster's service connection.
pub(super) async fn change(
    step: &StepScope,
    action: &str,
    connection: &str,
) -> Result<RunResult, RunnerError> {
    if action == "createsecret" && is_of_registry(step)? {
        let name = step.input("secretName").unwrap_or_default();
        let text = format!(
            "The secret '{name}' is not made: registries of this house need no sign-in. Use `secretType: generic` for \
             others."
        );
        step.warning(&text).await;
        return Ok(RunResult::Succeeded);
    }
    let cluster = cluster(step, connection).await?;
    match action {
        "createsecret" => secret(step, &cluster).await,
        "delete" => {
            let arguments = step.required("arguments")?;
            run_judged(step, kubectl(step, &cluster).arg("delete").line(Some(arguments))).await
        }
        "patch" => patch(step, &cluster).await,
        _ => scale(step, &cluster).await,
    }
}

fn kubectl(step: &StepScope, cluster: &Cluster) -> Tool {
    Tool::new("kubectl")
        .envs(cluster.environment.clone())
        .option("--context", cluster.context.as_deref())
        .option("--namespace", step.input("namespace").or(cluster.namespace.as_deref()))
        .plain()
}

fn is_of_registry(step: &StepScope) -> Result<bool, RunnerError> {
    Ok(step.required("secretType")?.eq_ignore_ascii_case("dockerRegistry"))
}

/// As on Azure the secret is made anew.
async fn secret(step: &StepScope, cluster: &Cluster) -> Result<RunResult, RunnerError> {
    let name = step.required("secretName")?;
    let delete = kubectl(step, cluster).args(["delete", "secret", name, "--ignore-not-found"]);
    let end = run_tool(step, delete).await?;
    if !end.is_success() {
        return Ok(end.judge(step).await);
    }
    let create = kubectl(step, cluster).args(["create", "secret", "generic", name]);
    run_judged(step, create.line(step.input("secretArguments"))).await
}

async fn patch(step: &StepScope, cluster: &Cluster) -> Result<RunResult, RunnerError> {
    let by_name = step.required("resourceToPatch")?.eq_ignore_ascii_case("name");
    let tool = kubectl(step, cluster).arg("patch");
    let tool = if by_name {
        tool.args([step.required("kind")?, step.required("name")?])
    } else {
        let path = step.resolve(step.required("resourceFileToPatch")?);
        if !path.is_file() {
            return Err(RunnerError::PathMissing { path });
        }
        tool.arg("-f").arg(path.display().to_string())
    };
    let kind = step.required("mergeStrategy")?.to_ascii_lowercase();
    let tool = tool.args(["--type", &kind, "-p", step.required("patch")?]);
    let end = run_tool(step, tool).await?;
    if end.is_success() && by_name {
        return rolled_out(step, cluster).await;
    }
    Ok(end.judge(step).await)
}

async fn scale(step: &StepScope, cluster: &Cluster) -> Result<RunResult, RunnerError> {
    let replicas = format!("--replicas={}", step.required("replicas")?);
    let tool = kubectl(step, cluster)
        .arg("scale")
        .args([step.required("kind")?, step.required("name")?])
        .arg(replicas);
    let end = run_tool(step, tool).await?;
    if !end.is_success() {
        return Ok(end.judge(step).await);
    }
    rolled_out(step, cluster).await
}

/// Waits for the rollout of a kind that has one.
async fn rolled_out(step: &StepScope, cluster: &Cluster) -> Result<RunResult, RunnerError> {
    let kind = step.required("kind")?;
    if kind.eq_ignore_ascii_case("replicaset") {
        return Ok(RunResult::Succeeded);
    }
    let seconds = step.required("rolloutStatusTimeout")?;
    let seconds: u64 =
        seconds.parse().map_err(|_| step.invalid("rolloutStatusTimeout", "a number of seconds"))?;
    let mut tool = kubectl(step, cluster).args(["rollout", "status"]);
    tool = tool.arg(format!("{kind}/{}", step.required("name")?));
    if seconds > 0 {
        tool = tool.arg(format!("--timeout={seconds}s"));
    }
    run_judged(step, tool).await
}
