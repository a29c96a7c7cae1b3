//! Blue-green: all pods of the new version beside the old ones, without traffic until the Services switch.
//!
//! Pure. What a Service selects by has another value at the green pods, so that none of them gets traffic
//! before the promotion, whatever labels the old ones have. Each Service gets a copy with the suffix, to
//! look at the green before. Deliberately not here: Ingresses, which lead to Services and so switch with
//! them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::copy::GREEN;
use super::{Promotion, is_service, is_workload};
use crate::ManifestObject;

/// The green workloads and Services, and whatever they may need. The Services of the old are left as
/// they are.
pub(super) fn beside(objects: &[ManifestObject]) -> Vec<ManifestObject> {
    let selected = Selected::of(objects);
    let mut made = Vec::new();
    for object in objects {
        match object {
            workload if is_workload(workload) => made.push(selected.workload(workload)),
            service if is_service(service) => made.push(GREEN.service(&selected.switched(service))),
            other if other.kind == "Ingress" => {}
            other => made.push(other.clone()),
        }
    }
    made
}

/// The Services to the green, all as it is written, the Services back.
pub(super) fn promotion(objects: &[ManifestObject]) -> Promotion {
    let selected = Selected::of(objects);
    let switch = |object: &ManifestObject| match is_service(object) {
        true => selected.switched(object),
        false => object.clone(),
    };
    let services: Vec<_> = objects.iter().filter(|it| is_service(it)).cloned().collect();
    Promotion {
        before: services.iter().map(switch).collect(),
        main: objects.iter().map(switch).collect(),
        after: services,
    }
}

/// The labels by which the manifests' Services find pods of the manifests' workloads.
struct Selected(BTreeSet<String>);

impl Selected {
    fn of(objects: &[ManifestObject]) -> Self {
        let pods: Vec<BTreeMap<&str, &Value>> =
            objects.iter().filter(|it| is_workload(it)).map(pod_labels).collect();
        let mut keys = BTreeSet::new();
        for service in objects.iter().filter(|it| is_service(it)) {
            let Some(selector) = service.value["spec"]["selector"].as_object() else { continue };
            let finds = |labels: &BTreeMap<&str, &Value>| {
                !selector.is_empty()
                    && selector.iter().all(|(key, value)| labels.get(key.as_str()) == Some(&value))
            };
            if pods.iter().any(finds) {
                keys.extend(selector.keys().cloned());
            }
        }
        Self(keys)
    }

    /// Green values for the labels that are selected by.
    fn recolour(&self, labels: Option<&mut Value>) {
        for (key, value) in labels.and_then(Value::as_object_mut).into_iter().flatten() {
            if let (true, Some(text)) = (self.0.contains(key), value.as_str()) {
                *value = json!(format!("{text}{}", GREEN.suffix));
            }
        }
    }

    fn workload(&self, object: &ManifestObject) -> ManifestObject {
        let mut green = GREEN.workload(object, None);
        let paths: &[&str] = match green.kind.as_str() {
            "Pod" => &["/metadata/labels"],
            _ => &["/spec/selector/matchLabels", "/spec/template/metadata/labels"],
        };
        for path in paths {
            self.recolour(green.value.pointer_mut(path));
        }
        green
    }

    /// The Service as it leads to the green pods.
    fn switched(&self, service: &ManifestObject) -> ManifestObject {
        let mut switched = service.clone();
        self.recolour(switched.value.pointer_mut("/spec/selector"));
        switched
    }
}

fn pod_labels(object: &ManifestObject) -> BTreeMap<&str, &Value> {
    let path = match object.kind.as_str() {
        "Pod" => "/metadata/labels",
        _ => "/spec/template/metadata/labels",
    };
    let labels = object.value.pointer(path).and_then(Value::as_object);
    labels.into_iter().flatten().map(|(key, value)| (key.as_str(), value)).collect()
}
