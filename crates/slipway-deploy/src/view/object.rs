//! One object: as text to read and edit, and what is worth knowing of it at a glance.
//!
//! managedFields are left out, and a Secret's values are stars wherever they could stand. Deliberately not
//! here: changing it (`edit.rs`).

use serde_json::{Map, Value};
use slipway_core::{KubeCondition, KubeFact, KubeObjectView, KubeRef};

use super::{Cluster, KubeKind, ViewError, events};
use crate::DeployError;

/// Stands for a value that is not shown.
pub(super) const MASK: &str = "***";
/// What `kubectl apply` keeps of an object, with a Secret's values in it.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// One object of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPath {
    pub kind: KubeKind,
    /// Empty for an object of the whole cluster.
    pub namespace: String,
    pub name: String,
}

impl ObjectPath {
    pub(super) fn path(&self) -> Result<String, ViewError> {
        self.kind.check()?;
        if self.name.is_empty() {
            return Err(ViewError::NameInvalid { what: "a name", text: String::new() });
        }
        Ok(self.kind.object(&self.namespace, &self.name))
    }

    /// As an error names it.
    pub(super) fn shown(&self) -> String {
        format!("{}/{}", self.kind.plural, self.name)
    }
}

pub(super) async fn read(cluster: &Cluster, at: &ObjectPath) -> Result<KubeObjectView, ViewError> {
    view(cluster, live(cluster, at).await?).await
}

/// The object as the cluster has it, nothing left out.
pub(super) async fn live(cluster: &Cluster, at: &ObjectPath) -> Result<Value, ViewError> {
    let doing = format!("reading {}", at.shown());
    let text = cluster.text(&doing, &at.path()?, "application/json").await?;
    Ok(cluster.parsed(&doing, &text)?)
}

/// The object as it is shown, with the events about it.
pub(super) async fn view(cluster: &Cluster, object: Value) -> Result<KubeObjectView, ViewError> {
    let uid = text(&object, "/metadata/uid");
    let namespace = text(&object, "/metadata/namespace");
    // That events may not be read is no reason to hide the object.
    let events = match events::about(cluster, &namespace, &uid).await {
        Ok(events) => events,
        Err(DeployError::ClusterRefused { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let shown = masked(object);
    Ok(KubeObjectView {
        yaml: yaml(&shown)?,
        resource_version: text(&shown, "/metadata/resourceVersion"),
        summary: summary(&shown),
        conditions: conditions(&shown),
        owners: owners(&shown, &namespace),
        events,
        containers: containers(&shown),
    })
}

pub(super) fn is_secret(object: &Value) -> bool {
    object["kind"] == "Secret" && object["apiVersion"] == "v1"
}

/// The object as it may be shown.
pub(super) fn masked(mut object: Value) -> Value {
    let is_secret = is_secret(&object);
    if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        meta.remove("managedFields");
        if is_secret && let Some(notes) = meta.get_mut("annotations").and_then(Value::as_object_mut)
        {
            mask_value(notes, LAST_APPLIED);
        }
    }
    if is_secret {
        for part in ["data", "stringData"] {
            if let Some(values) = object.get_mut(part).and_then(Value::as_object_mut) {
                values.values_mut().for_each(|value| *value = MASK.into());
            }
        }
    }
    object
}

fn mask_value(of: &mut Map<String, Value>, key: &str) {
    if let Some(value) = of.get_mut(key) {
        *value = MASK.into();
    }
}

pub(super) fn yaml(object: &Value) -> Result<String, ViewError> {
    serde_saphyr::to_string(object)
        .map_err(|error| ViewError::YamlUnwritable { reason: error.to_string() })
}

/// The text at a place; numbers and truths as they are written, nothing for the rest.
fn text(object: &Value, pointer: &str) -> String {
    match object.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        _ => String::new(),
    }
}

/// What is told of an object if it is there: a label, and where it stands.
const FACTS: [(&str, &str); 31] = [
    ("Kind", "/kind"),
    ("Namespace", "/metadata/namespace"),
    ("Created", "/metadata/creationTimestamp"),
    ("Deleted", "/metadata/deletionTimestamp"),
    ("Phase", "/status/phase"),
    ("Reason", "/status/reason"),
    ("Message", "/status/message"),
    ("Node", "/spec/nodeName"),
    ("Pod IP", "/status/podIP"),
    ("QoS class", "/status/qosClass"),
    ("Service account", "/spec/serviceAccountName"),
    ("Replicas wanted", "/spec/replicas"),
    ("Replicas ready", "/status/readyReplicas"),
    ("Replicas updated", "/status/updatedReplicas"),
    ("Replicas available", "/status/availableReplicas"),
    ("Strategy", "/spec/strategy/type"),
    ("Nodes wanted", "/status/desiredNumberScheduled"),
    ("Nodes ready", "/status/numberReady"),
    ("Schedule", "/spec/schedule"),
    ("Suspended", "/spec/suspend"),
    ("Completions", "/spec/completions"),
    ("Succeeded", "/status/succeeded"),
    ("Failed", "/status/failed"),
    ("Type", "/spec/type"),
    ("Type", "/type"),
    ("Cluster IP", "/spec/clusterIP"),
    ("Ingress class", "/spec/ingressClassName"),
    ("Storage class", "/spec/storageClassName"),
    ("Volume", "/spec/volumeName"),
    ("Kubelet", "/status/nodeInfo/kubeletVersion"),
    ("System", "/status/nodeInfo/osImage"),
];

fn summary(object: &Value) -> Vec<KubeFact> {
    let fact = |label: &str, value: String| KubeFact { label: label.to_owned(), value };
    let mut facts: Vec<KubeFact> = FACTS
        .iter()
        .map(|(label, pointer)| fact(label, text(object, pointer)))
        .filter(|fact| !fact.value.is_empty())
        .collect();
    let lists = [
        ("Labels", pairs(object.pointer("/metadata/labels"))),
        ("Selector", pairs(selector(object))),
        ("Images", images(object)),
        ("Ports", ports(object)),
        ("Keys", keys(object)),
    ];
    for (label, list) in lists {
        if !list.is_empty() {
            facts.push(fact(label, list.join(", ")));
        }
    }
    facts
}

fn selector(object: &Value) -> Option<&Value> {
    let selector = object.pointer("/spec/selector")?;
    Some(selector.get("matchLabels").unwrap_or(selector))
}

fn pairs(map: Option<&Value>) -> Vec<String> {
    let pairs = map.and_then(Value::as_object).into_iter().flatten();
    pairs.filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?))).collect()
}

/// Where a kind keeps its pod: itself, a template, or a template in a template.
fn pod_spec(object: &Value) -> &Value {
    let places = ["/spec/jobTemplate/spec/template/spec", "/spec/template/spec", "/spec"];
    places.iter().find_map(|place| object.pointer(place)).unwrap_or(&Value::Null)
}

fn each_container(object: &Value) -> impl Iterator<Item = &Value> {
    let spec = pod_spec(object);
    ["containers", "initContainers"]
        .into_iter()
        .filter_map(|list| spec.get(list)?.as_array())
        .flatten()
}

pub(super) fn containers(object: &Value) -> Vec<String> {
    let names = each_container(object).filter_map(|container| container["name"].as_str());
    names.map(str::to_owned).collect()
}

fn images(object: &Value) -> Vec<String> {
    let images = each_container(object).filter_map(|container| container["image"].as_str());
    images.map(str::to_owned).collect()
}

fn ports(object: &Value) -> Vec<String> {
    let ports = object.pointer("/spec/ports").and_then(Value::as_array).into_iter().flatten();
    let shown = |port: &Value| {
        let number = port["port"].as_u64()?;
        let protocol = port["protocol"].as_str().unwrap_or("TCP");
        let target = match &port["targetPort"] {
            Value::String(name) => format!(" → {name}"),
            Value::Number(number) => format!(" → {number}"),
            _ => String::new(),
        };
        Some(format!("{number}{target}/{protocol}"))
    };
    ports.filter_map(shown).collect()
}

/// The names of what a Secret or a ConfigMap holds.
fn keys(object: &Value) -> Vec<String> {
    if !matches!(object["kind"].as_str(), Some("Secret" | "ConfigMap")) {
        return Vec::new();
    }
    let parts = ["data", "binaryData"].into_iter().filter_map(|part| object.get(part)?.as_object());
    parts.flat_map(Map::keys).cloned().collect()
}

fn conditions(object: &Value) -> Vec<KubeCondition> {
    let list = object.pointer("/status/conditions").and_then(Value::as_array);
    let view = |condition: &Value| {
        let at = ["lastTransitionTime", "lastUpdateTime", "lastHeartbeatTime"]
            .into_iter()
            .find_map(|key| condition[key].as_str()?.parse::<jiff::Timestamp>().ok());
        KubeCondition {
            kind: text(condition, "/type"),
            status: text(condition, "/status"),
            reason: text(condition, "/reason"),
            message: text(condition, "/message"),
            at: at.map(|time| time.as_millisecond()),
        }
    };
    list.into_iter().flatten().map(view).collect()
}

fn owners(object: &Value, namespace: &str) -> Vec<KubeRef> {
    let list = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    let view = |owner: &Value| KubeRef {
        api_version: text(owner, "/apiVersion"),
        kind: text(owner, "/kind"),
        name: text(owner, "/name"),
        namespace: namespace.to_owned(),
    };
    list.into_iter().flatten().map(view).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secrets_values_are_stars_wherever_they_stand() {
        let object = json!({
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
            "metadata": {"name": "s", "managedFields": [{"manager": "x"}],
                "annotations": {LAST_APPLIED: "{\"data\":{\"key\":\"c2VjcmV0\"}}", "note": "kept"}},
            "data": {"key": "c2VjcmV0"}, "stringData": {"other": "secret"},
        });
        let shown = masked(object);
        let text = yaml(&shown).unwrap();
        assert!(!text.contains("c2VjcmV0") && !text.contains(": secret"), "{text}");
        assert!(text.contains("note: kept") && !text.contains("managedFields"), "{text}");
        let keys = summary(&shown).into_iter().find(|fact| fact.label == "Keys");
        assert_eq!(keys.map(|fact| fact.value).as_deref(), Some("key"), "names are no secret");
    }

    #[test]
    fn what_is_worth_knowing_is_told() {
        let object = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web"},
                "ownerReferences": [{"apiVersion": "v1", "kind": "Owner", "name": "o", "uid": "u"}]},
            "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"}},
                "template": {"spec": {"containers": [{"name": "web", "image": "shop/web:1"}]}}},
            "status": {"conditions": [{"type": "Available", "status": "True", "reason": "Enough",
                "message": "fine", "lastTransitionTime": "2026-01-01T00:00:00Z"}]},
        });
        let facts: Vec<String> =
            summary(&object).iter().map(|fact| format!("{}: {}", fact.label, fact.value)).collect();
        for expected in ["Replicas wanted: 3", "Selector: app=web", "Images: shop/web:1"] {
            assert!(facts.iter().any(|fact| fact == expected), "{expected} in {facts:?}");
        }
        assert_eq!(conditions(&object)[0].at, Some(1_767_225_600_000));
        assert_eq!(owners(&object, "shop")[0].name, "o");
        assert_eq!(containers(&object), ["web"]);
    }
}
