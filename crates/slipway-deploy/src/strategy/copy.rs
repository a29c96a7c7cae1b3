//! A copy of an object under another name, told apart from the original by a label.
//!
//! Pure. Deliberately not here: which objects are copied.

use serde_json::{Map, Value, json};

use crate::ManifestObject;
use crate::plan::diff::settings;

/// The label, annotation and selector of the vendor's pipeline task.
pub(crate) const VERSION: &str = "azure-pipelines/version";
/// The label of the vendor's deploy action.
pub(crate) const COLOR: &str = "k8s.deploy.color";
/// What kubectl keeps of what it applied; a copy is not that.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What a copy is called and how it is told apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) suffix: &'static str,
    label: &'static str,
    value: &'static str,
}

pub(super) const CANARY: Mark = Mark { suffix: "-canary", label: VERSION, value: "canary" };
pub(super) const BASELINE: Mark = Mark { suffix: "-baseline", label: VERSION, value: "baseline" };
pub(super) const STABLE: Mark = Mark { suffix: "-stable", label: VERSION, value: "stable" };
pub(super) const GREEN: Mark = Mark { suffix: "-green", label: COLOR, value: "green" };

impl Mark {
    /// A copy of a workload under its new name, with as many pods if that is said.
    pub(super) fn workload(self, object: &ManifestObject, replicas: Option<u32>) -> ManifestObject {
        let mut copy = self.marked(object);
        self.rename(&mut copy);
        if let Some(replicas) = replicas.filter(|_| has_replicas(&copy.kind)) {
            copy.value["spec"]["replicas"] = json!(replicas);
        }
        copy
    }

    /// A workload with the mark, under its own name.
    pub(super) fn marked(self, object: &ManifestObject) -> ManifestObject {
        let mut copy = object.clone();
        for part in ["labels", "annotations"] {
            set(&mut copy.value, &["metadata", part], self.label, self.value);
        }
        // Of a Pod the labels are those of the object itself.
        if copy.kind != "Pod" {
            set(&mut copy.value, &["spec", "selector", "matchLabels"], self.label, self.value);
            let labels = ["spec", "template", "metadata", "labels"];
            set(&mut copy.value, &labels, self.label, self.value);
        }
        copy
    }

    /// A copy of a Service under its new name, for the pods with the mark.
    pub(super) fn service(self, object: &ManifestObject) -> ManifestObject {
        let mut copy = object.clone();
        for part in ["labels", "annotations"] {
            set(&mut copy.value, &["metadata", part], self.label, self.value);
        }
        if copy.value["spec"]["selector"].is_object() {
            set(&mut copy.value, &["spec", "selector"], self.label, self.value);
        }
        self.rename(&mut copy);
        let Some(spec) = copy.value["spec"].as_object_mut() else { return copy };
        // Addresses and ports of the outside belong to the original alone.
        for field in
            ["clusterIP", "clusterIPs", "loadBalancerIP", "externalIPs", "healthCheckNodePort"]
        {
            // A headless Service is headless as a copy, too.
            if spec.get(field) != Some(&json!("None")) {
                spec.remove(field);
            }
        }
        for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(port) = port.as_object_mut() {
                port.remove("nodePort");
            }
        }
        copy
    }

    fn rename(self, object: &mut ManifestObject) {
        object.name = format!("{}{}", object.name, self.suffix);
        object.value["metadata"]["name"] = json!(object.name);
        // It is written where the original is, and goes by its own name.
        object.place.name.clone_from(&object.name);
    }

    /// True for an object of a cluster that carries the mark.
    pub(super) fn is_on(self, object: &Value) -> bool {
        object["metadata"]["labels"][self.label] == self.value
    }
}

pub(super) fn has_replicas(kind: &str) -> bool {
    !matches!(kind, "Pod" | "DaemonSet")
}

/// How many pods a workload asks for.
pub(super) fn replicas(object: &Value) -> Option<u32> {
    object.pointer("/spec/replicas")?.as_u64()?.try_into().ok()
}

/// What runs, as the manifest of it: without what the cluster counts, and with the images that it has.
pub(super) fn of_live(manifest: &ManifestObject, live: &Value) -> ManifestObject {
    let mut copy = manifest.clone();
    copy.value = settings(live);
    copy.keeps_images = true;
    copy.value["apiVersion"] = json!(manifest.api_version);
    copy.value["kind"] = json!(manifest.kind);
    copy.value["metadata"]["name"] = json!(manifest.name);
    if let Some(metadata) = copy.value["metadata"].as_object_mut() {
        metadata.retain(|field, _| matches!(field.as_str(), "name" | "labels" | "annotations"));
        if let Some(Value::Object(annotations)) = metadata.get_mut("annotations") {
            annotations.remove(LAST_APPLIED);
        }
    }
    if let Some(spec) = copy.value.get_mut("spec").and_then(Value::as_object_mut) {
        // Of a Pod: where the scheduler has put it.
        spec.remove("nodeName");
    }
    copy
}

/// Writes a text below a path of mappings, which are made where they are missing.
pub(super) fn set(value: &mut Value, path: &[&str], key: &str, text: &str) {
    let mut node = value;
    for part in path {
        let Some(fields) = node.as_object_mut() else { return };
        node = fields.entry(*part).or_insert_with(|| Value::Object(Map::new()));
        if node.is_null() {
            *node = Value::Object(Map::new());
        }
    }
    if let Some(fields) = node.as_object_mut() {
        fields.insert(key.to_owned(), json!(text));
    }
}
