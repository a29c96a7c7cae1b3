//! Where a field is: its path, who owns it by `managedFields`, and by what a list's items are told apart.
//!
//! Pure. Deliberately not here: values and their differences (`diff.rs`).

use std::collections::BTreeMap;

use serde_json::Value;

/// One step on the way to a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Field(String),
    /// An item of a list, by its merge keys.
    Item(BTreeMap<String, Value>),
    /// An item of a set, by itself.
    Element(Value),
}

/// The path as a person reads it: `spec.template.spec.containers[name=web].image`.
pub(crate) fn readable(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Field(name) if name.contains(['.', '/', '[']) => {
                text.push_str(&format!("[{name}]"));
            }
            Step::Field(name) if text.is_empty() => text.push_str(name),
            Step::Field(name) => text.push_str(&format!(".{name}")),
            Step::Item(keys) => {
                let keys: Vec<_> = keys.iter().map(|(k, v)| format!("{k}={}", plain(v))).collect();
                text.push_str(&format!("[{}]", keys.join(",")));
            }
            Step::Element(value) => text.push_str(&format!("[={}]", plain(value))),
        }
    }
    text
}

/// The same as the API server writes it in a conflict, without its quotes and leading dot.
pub(crate) fn as_server_says(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Field(name) => text.push_str(&format!(".{name}")),
            other => text.push_str(&readable(std::slice::from_ref(other))),
        }
    }
    text.trim_start_matches('.').to_owned()
}

/// A text as it is, everything else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The `managedFields` of an object.
#[derive(Debug, Default)]
pub(crate) struct Managed(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    manager: String,
    is_apply: bool,
    fields: Value,
}

/// How a list's items are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ListKind {
    Keyed(Vec<String>),
    Set,
    /// It has one owner and is replaced as a whole.
    Whole,
}

impl Managed {
    /// Takes them from an object as the API server gives it; a controller's status is no setting.
    pub(crate) fn of(object: &Value) -> Self {
        let entries = object.pointer("/metadata/managedFields").and_then(Value::as_array);
        let of_settings = entries.into_iter().flatten().filter(|e| e["subresource"] != "status");
        Self(
            of_settings
                .map(|entry| Entry {
                    manager: entry["manager"].as_str().unwrap_or("unknown").to_owned(),
                    is_apply: entry["operation"] == "Apply",
                    fields: entry["fieldsV1"].clone(),
                })
                .collect(),
        )
    }

    /// Who set the field; several that agree are all named.
    pub(crate) fn owner(&self, path: &[Step]) -> Option<String> {
        let mut names: Vec<_> = self.owners(path).map(|entry| entry.manager.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// True if that manager applied the field.
    pub(crate) fn is_applied_by(&self, manager: &str, path: &[Step]) -> bool {
        self.owners(path).any(|entry| entry.is_apply && entry.manager == manager)
    }

    /// True if that manager applied any field.
    pub(crate) fn has_applied(&self, manager: &str) -> bool {
        self.0.iter().any(|entry| entry.is_apply && entry.manager == manager)
    }

    /// Somebody else who applies it.
    pub(crate) fn other_applier(&self, manager: &str) -> Option<&str> {
        let others = self.0.iter().filter(|entry| entry.is_apply && entry.manager != manager);
        others.map(|entry| entry.manager.as_str()).next()
    }

    /// What the owners' own paths say of the list there.
    pub(crate) fn list_kind(&self, path: &[Step]) -> Option<ListKind> {
        self.0.iter().find_map(|entry| {
            let node = reach(&entry.fields, path)?.as_object()?;
            if node.is_empty() {
                return Some(ListKind::Whole);
            }
            node.keys().find_map(|key| {
                if key.starts_with("v:") {
                    return Some(ListKind::Set);
                }
                let keys: BTreeMap<String, Value> =
                    serde_json::from_str(key.strip_prefix("k:")?).ok()?;
                Some(ListKind::Keyed(keys.into_keys().collect()))
            })
        })
    }

    fn owners<'a>(&'a self, path: &'a [Step]) -> impl Iterator<Item = &'a Entry> {
        self.0.iter().filter(|entry| owns(&entry.fields, path))
    }
}

/// The node of a path.
fn reach<'a>(mut node: &'a Value, path: &[Step]) -> Option<&'a Value> {
    for step in path {
        node = below(node, step)?;
    }
    Some(node)
}

fn owns(mut node: &Value, path: &[Step]) -> bool {
    for (depth, step) in path.iter().enumerate() {
        match below(node, step) {
            Some(next) => node = next,
            // Whoever owns a node that has nothing below owns all of it.
            None => return depth > 0 && node.as_object().is_some_and(serde_json::Map::is_empty),
        }
    }
    true
}

fn below<'a>(node: &'a Value, step: &Step) -> Option<&'a Value> {
    let node = node.as_object()?;
    match step {
        Step::Field(name) => node.get(&format!("f:{name}")),
        Step::Item(keys) => node.iter().find_map(|(key, next)| {
            let found: BTreeMap<String, Value> =
                serde_json::from_str(key.strip_prefix("k:")?).ok()?;
            (found == *keys).then_some(next)
        }),
        Step::Element(value) => node.get(&format!("v:{value}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(name: &str) -> Step {
        Step::Field(name.to_owned())
    }

    fn item(keys: &Value) -> Step {
        Step::Item(serde_json::from_value(keys.clone()).unwrap())
    }

    fn managed() -> Managed {
        Managed::of(&json!({"metadata": {"managedFields": [
            {"manager": "slipway", "operation": "Apply", "fieldsV1": {"f:spec": {
                "f:template": {"f:spec": {"f:containers": {
                    "k:{\"name\":\"web\"}": {".": {}, "f:image": {}, "f:command": {},
                        "f:ports": {"k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {".": {}}}}}}}}}},
            {"manager": "autoscaler", "operation": "Update", "subresource": "scale",
             "fieldsV1": {"f:spec": {"f:replicas": {}}}},
            {"manager": "kubectl", "operation": "Update", "fieldsV1": {"f:metadata": {
                "f:finalizers": {"v:\"a/b\"": {}}}, "f:spec": {"f:replicas": {}}}},
            {"manager": "controller", "operation": "Update", "subresource": "status",
             "fieldsV1": {"f:spec": {"f:replicas": {}}}}
        ]}}))
    }

    #[test]
    fn owners_are_found_by_path() {
        let managed = managed();
        let image = [
            field("spec"),
            field("template"),
            field("spec"),
            field("containers"),
            item(&json!({"name": "web"})),
            field("image"),
        ];
        assert_eq!(managed.owner(&image).as_deref(), Some("slipway"));
        assert!(managed.is_applied_by("slipway", &image));
        let replicas = [field("spec"), field("replicas")];
        assert_eq!(
            managed.owner(&replicas).as_deref(),
            Some("autoscaler, kubectl"),
            "both who set it, not who reports a status"
        );
        assert_eq!(managed.owner(&[field("spec"), field("paused")]), None, "a default is nobody's");
    }

    #[test]
    fn lists_say_how_their_items_are_told_apart() {
        let managed = managed();
        let containers = [field("spec"), field("template"), field("spec"), field("containers")];
        let keyed = |names: &[&str]| {
            Some(ListKind::Keyed(names.iter().map(|&name| name.to_owned()).collect()))
        };
        assert_eq!(managed.list_kind(&containers), keyed(&["name"]));
        let below = |name: &str| {
            let mut path = containers.to_vec();
            path.extend([item(&json!({"name": "web"})), field(name)]);
            path
        };
        assert_eq!(managed.list_kind(&below("ports")), keyed(&["containerPort", "protocol"]));
        assert_eq!(managed.list_kind(&below("command")), Some(ListKind::Whole));
        let finalizers = [field("metadata"), field("finalizers")];
        assert_eq!(managed.list_kind(&finalizers), Some(ListKind::Set));
    }

    #[test]
    fn paths_are_readable() {
        let port = [
            field("spec"),
            field("ports"),
            item(&json!({"port": 80, "protocol": "TCP"})),
            field("targetPort"),
        ];
        assert_eq!(readable(&port), "spec.ports[port=80,protocol=TCP].targetPort");
        let label = [field("metadata"), field("labels"), field("app.kubernetes.io/name")];
        assert_eq!(readable(&label), "metadata.labels[app.kubernetes.io/name]");
        assert_eq!(as_server_says(&label), "metadata.labels.app.kubernetes.io/name");
    }
}
