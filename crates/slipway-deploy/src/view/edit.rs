//! Changing one object: written back as edited, scaled, restarted, deleted.
//!
//! An edit says which state it was made from, and the cluster refuses it if that is no longer the state.
//! Deliberately not here: deploying manifests, and taking anything by force but a pod's time to end.

use http::{Method, Request};
use serde_json::{Value, json};
use slipway_core::{Clock as _, Explain as _, KubeObjectView, SystemClock};

use super::object::{self, MASK, ObjectPath};
use super::{Cluster, ViewError};
use crate::cluster::connect::answered;
use crate::plan::diff::written_differences;
use crate::{DeployError, ObjectKey, ObjectPlan, PlanAction};

/// Whose fields an edit's are: not a deployment's, so that drift shows them.
const EDITOR: &str = "slipway-edit";

const MERGE: &str = "application/merge-patch+json";

/// Writes an edited object.
pub(super) async fn apply(
    cluster: &Cluster,
    at: &ObjectPath,
    yaml: &str,
    resource_version: &str,
) -> Result<KubeObjectView, ViewError> {
    let wanted = edited(cluster, at, yaml, resource_version).await?;
    let written = put(cluster, at, &wanted, false).await?;
    object::view(cluster, written).await
}

/// What an edit would change, as the cluster answers to a dry run. A refusal is in the plan.
pub(super) async fn diff(
    cluster: &Cluster,
    at: &ObjectPath,
    yaml: &str,
) -> Result<ObjectPlan, ViewError> {
    let live = object::live(cluster, at).await?;
    let version = live.pointer("/metadata/resourceVersion").and_then(Value::as_str);
    let wanted = edited(cluster, at, yaml, version.unwrap_or_default()).await?;
    let said = |of: &Value, field: &str| of[field].as_str().unwrap_or_default().to_owned();
    let key = ObjectKey {
        api_version: said(&live, "apiVersion"),
        kind: said(&live, "kind"),
        namespace: Some(at.namespace.clone()).filter(|namespace| !namespace.is_empty()),
        name: at.name.clone(),
    };
    let mut plan = ObjectPlan::of(key, None, PlanAction::Same);
    match put(cluster, at, &wanted, true).await {
        Ok(answer) => {
            let is_secret = object::is_secret(&live);
            let changes = written_differences(Some(&live), Some(&answer));
            plan.fields = changes.into_iter().map(|one| one.shown(is_secret, &[])).collect();
            if !plan.fields.is_empty() {
                plan.action = PlanAction::Change;
            }
        }
        Err(error) if is_about_the_object(&error) => {
            plan.action = PlanAction::Refused;
            plan.problem = Some(error.to_string());
            plan.hint = error.hint();
        }
        Err(error) => return Err(error),
    }
    Ok(plan)
}

/// The cluster looked at the object and does not want it so.
fn is_about_the_object(error: &ViewError) -> bool {
    matches!(
        error,
        ViewError::Cluster(DeployError::ClusterRefused { .. }) | ViewError::Changed { .. }
    )
}

/// The object as the text says it, with the stars of a Secret replaced by what they stand for.
pub(super) async fn edited(
    cluster: &Cluster,
    at: &ObjectPath,
    yaml: &str,
    resource_version: &str,
) -> Result<Value, ViewError> {
    let mut wanted: Value = serde_saphyr::from_str(yaml).map_err(|error| {
        ViewError::YamlInvalid { object: at.shown(), reason: error.to_string() }
    })?;
    if !wanted.get("metadata").is_some_and(Value::is_object) {
        return Err(ViewError::YamlInvalid {
            object: at.shown(),
            reason: "it has no metadata".to_owned(),
        });
    }
    wanted["metadata"]["resourceVersion"] = resource_version.into();
    if object::is_secret(&wanted) {
        let live = object::live(cluster, at).await?;
        unmask(&mut wanted, &live, at)?;
    }
    Ok(wanted)
}

/// Puts the values that were not shown back in.
fn unmask(wanted: &mut Value, live: &Value, at: &ObjectPath) -> Result<(), ViewError> {
    for part in ["/data", "/stringData", "/metadata/annotations"] {
        let Some(values) = wanted.pointer_mut(part).and_then(Value::as_object_mut) else {
            continue;
        };
        for (key, value) in values.iter_mut().filter(|(_, value)| *value == MASK) {
            *value =
                live.pointer(part).and_then(|known| known.get(key)).cloned().ok_or_else(|| {
                    ViewError::ValueUnknown { object: at.shown(), key: key.clone() }
                })?;
        }
    }
    Ok(())
}

/// Writes the whole object; a dry run only asks what it would become.
pub(super) async fn put(
    cluster: &Cluster,
    at: &ObjectPath,
    wanted: &Value,
    is_dry_run: bool,
) -> Result<Value, ViewError> {
    let dry = if is_dry_run { "&dryRun=All" } else { "" };
    let path = format!("{}?fieldManager={EDITOR}&fieldValidation=Strict{dry}", at.path()?);
    let doing = format!("writing {}", at.shown());
    let written = send(cluster, &doing, Method::PUT, &path, "application/json", wanted).await;
    match written {
        Err(DeployError::ClusterRefused { status: 409, .. }) => {
            // Who did it helps; that it cannot be read must not hide the conflict.
            let live = object::live(cluster, at).await.unwrap_or_default();
            Err(ViewError::Changed { object: at.shown(), by: last_editor(&live) })
        }
        other => Ok(other?),
    }
}

/// The manager that wrote last, as managedFields say it.
fn last_editor(live: &Value) -> Option<String> {
    let entries = live.pointer("/metadata/managedFields")?.as_array()?;
    let newest = entries.iter().max_by_key(|entry| entry["time"].as_str().unwrap_or_default())?;
    Some(newest["manager"].as_str()?.to_owned())
}

/// Sets how many pods a workload has, through its scale.
pub(super) async fn scale(
    cluster: &Cluster,
    at: &ObjectPath,
    replicas: u32,
) -> Result<(), ViewError> {
    let path = format!("{}/scale?fieldManager={EDITOR}", at.path()?);
    let doing = format!("scaling {}", at.shown());
    let patch = json!({"spec": {"replicas": replicas}});
    send(cluster, &doing, Method::PATCH, &path, MERGE, &patch).await?;
    Ok(())
}

/// Replaces a workload's pods one after another, as `kubectl rollout restart` does.
pub(super) async fn restart(cluster: &Cluster, at: &ObjectPath) -> Result<(), ViewError> {
    let restarts = ["deployments", "statefulsets", "daemonsets"];
    if at.kind.group != "apps" || !restarts.contains(&at.kind.plural.as_str()) {
        return Err(ViewError::NotRestartable { object: at.shown() });
    }
    let now = jiff::Timestamp::from_millisecond(SystemClock.now_ms()).unwrap_or_default();
    let stamp = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let patch = json!({"spec": {"template": {"metadata": {"annotations": {
        "kubectl.kubernetes.io/restartedAt": stamp
    }}}}});
    let path = format!("{}?fieldManager={EDITOR}", at.path()?);
    let doing = format!("restarting {}", at.shown());
    send(cluster, &doing, Method::PATCH, &path, MERGE, &patch).await?;
    Ok(())
}

/// Deletes an object and what it owns; a forced one without the time to end.
pub(super) async fn delete(
    cluster: &Cluster,
    at: &ObjectPath,
    is_forced: bool,
) -> Result<(), ViewError> {
    let mut options = json!({
        "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background",
    });
    if is_forced {
        options["gracePeriodSeconds"] = 0.into();
    }
    let doing = format!("deleting {}", at.shown());
    send(cluster, &doing, Method::DELETE, &at.path()?, "application/json", &options).await?;
    Ok(())
}

async fn send(
    cluster: &Cluster,
    doing: &str,
    method: Method,
    path: &str,
    content: &str,
    body: &Value,
) -> Result<Value, DeployError> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(http::header::CONTENT_TYPE, content)
        .header(http::header::ACCEPT, "application/json")
        .body(body.to_string().into_bytes())
        .map_err(kube::Error::HttpError);
    let request = request.map_err(|error| cluster.failed(doing, error))?;
    let answer = answered(cluster.client.request_text(request)).await;
    let text = answer.map_err(|error| cluster.failed(doing, error))?;
    cluster.parsed(doing, &text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KubeKind;

    fn path() -> ObjectPath {
        ObjectPath {
            kind: KubeKind::new("", "v1", "secrets"),
            namespace: "shop".into(),
            name: "s".into(),
        }
    }

    #[test]
    fn stars_stand_for_what_is_there() {
        let live = json!({"data": {"a": "old-a", "b": "old-b"}});
        let mut wanted = json!({"data": {"a": MASK, "b": "new-b"}});
        unmask(&mut wanted, &live, &path()).unwrap();
        assert_eq!(wanted["data"], json!({"a": "old-a", "b": "new-b"}));
        let mut wanted = json!({"data": {"c": MASK}});
        let error = unmask(&mut wanted, &live, &path()).unwrap_err();
        assert!(matches!(error, ViewError::ValueUnknown { ref key, .. } if key == "c"), "{error}");
    }

    #[test]
    fn who_wrote_last_is_named() {
        let live = json!({"metadata": {"managedFields": [
            {"manager": "kubectl", "time": "2026-01-01T00:00:02Z"},
            {"manager": "slipway", "time": "2026-01-01T00:00:01Z"},
        ]}});
        assert_eq!(last_editor(&live).as_deref(), Some("kubectl"));
    }
}
