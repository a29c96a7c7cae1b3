//! Reads Kubernetes manifests: several documents, several files, precise complaints.
//!
//! The deploy step calls [`read_manifests`], both targets take what it gives. Deliberately not here:
//! templates and overlays (Helm, Kustomize), and defaults that the API server would fill in.

mod lines;
mod local;
mod typed;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::plan::fields;
use crate::{DeployError, Place};
use lines::LineTree;

pub(crate) use local::{LocalObjects, sort_local};
pub(crate) use typed::{check_fields, typed};

/// The kinds a local environment handles.
pub const LOCAL_KINDS: &[&str] = &["Deployment", "Service", "ConfigMap", "Secret", "Namespace"];

/// One object of a manifest, checked as far as its kind is known.
#[derive(Debug, Clone, PartialEq)]
pub struct ManifestObject {
    pub place: Place,
    pub api_version: String,
    pub kind: String,
    pub name: String,
    pub namespace: Option<String>,
    pub value: Value,
    /// A copy of what runs: its images are those that it was deployed with.
    pub(crate) keeps_images: bool,
    pub(crate) lines: Lines,
}

/// Where each field is written; never a reason for two objects to be different ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines(Arc<LineTree>);

impl PartialEq for Lines {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl ManifestObject {
    /// Where a field is written, as far as it is; the path may be one of the API server's
    /// (`spec.containers[0].image`, `.spec.containers[name="web"].image`).
    pub(crate) fn place_of(&self, field: &str) -> Place {
        let mut place = self.place.clone();
        let line = self.lines.0.line_of(&by_index(&self.value, field));
        if line > 0 {
            place.line = Some(line);
        }
        place
    }
}

/// A path whose list items are told by their keys, with the items' numbers instead.
fn by_index(value: &Value, path: &str) -> String {
    let (mut node, mut rest, mut answer) =
        (Some(value), path.trim_start_matches('.'), String::new());
    while !rest.is_empty() {
        if let Some((inside, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        {
            let index = inside.parse().ok().or_else(|| item_of(node?, inside));
            node = index.and_then(|index: usize| node?.get(index));
            answer.push_str(&format!("[{}]", index.unwrap_or(usize::MAX)));
            rest = after.trim_start_matches('.');
            continue;
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let name = &rest[..end];
        node = node.and_then(|node| node.get(name));
        if !answer.is_empty() {
            answer.push('.');
        }
        answer.push_str(name);
        rest = rest[end..].trim_start_matches('.');
    }
    answer
}

/// The number of the item that has these keys: `name="web"` or `containerPort=80,protocol="TCP"`.
fn item_of(list: &Value, keys: &str) -> Option<usize> {
    list.as_array()?.iter().position(|item| {
        keys.split(',').filter_map(|pair| pair.split_once('=')).all(|(key, text)| {
            // What the manifest leaves out, the API server has filled in.
            item.get(key).is_none_or(|value| fields::plain(value) == text.trim_matches('"'))
        })
    })
}

/// Reads files in the order given.
pub async fn read_manifests(files: &[PathBuf]) -> Result<Vec<ManifestObject>, DeployError> {
    let mut objects = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let text = tokio::fs::read_to_string(file).await.map_err(|error| {
            DeployError::ManifestUnreadable { file: name.clone(), reason: error.to_string() }
        })?;
        objects.extend(read_manifest(&name, &text)?);
    }
    if objects.is_empty() {
        return Err(DeployError::NothingToDeploy);
    }
    Ok(objects)
}

/// Reads one file's text; `file` only names it in complaints.
pub fn read_manifest(file: &str, text: &str) -> Result<Vec<ManifestObject>, DeployError> {
    let syntax = |error: serde_saphyr::Error| DeployError::ManifestSyntax {
        file: file.to_owned(),
        line: error.location().map(|location| location.line()),
        reason: one_line(&error.without_snippet().to_string()),
    };
    let values: Vec<Value> =
        serde_saphyr::from_multiple_with_options(text, options()).map_err(syntax)?;
    let trees: Vec<LineTree> =
        serde_saphyr::from_multiple_with_options(text, options()).map_err(syntax)?;
    let mut objects = Vec::new();
    for (value, tree) in values.into_iter().zip(trees) {
        let document = document_number(text, tree.line);
        collect(file, document, normal(value), &tree, &mut objects)?;
    }
    Ok(objects)
}

/// Says what a local environment would refuse or leave out, without deploying.
pub fn check_local(objects: &[ManifestObject]) -> Result<Vec<String>, DeployError> {
    sort_local(objects).map(|sorted| sorted.notes)
}

/// `0644` is octal in manifests, as in YAML 1.1; but only `true` and `false` are booleans, so that a
/// Service may be named `y`.
fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        legacy_octal_numbers: true, strict_booleans: true, with_snippet: false
    }
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn collect(
    file: &str,
    document: usize,
    value: Value,
    tree: &LineTree,
    objects: &mut Vec<ManifestObject>,
) -> Result<(), DeployError> {
    let string = |pointer: &str| {
        value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (kind, name) = (string("/kind"), string("/metadata/name"));
    let line = (tree.line > 0).then_some(tree.line);
    let place = Place { file: file.to_owned(), document, line, kind: kind.clone(), name };
    if !value.is_object() {
        return Err(missing(
            place,
            "document",
            "is not a mapping; an object has apiVersion and kind.",
        ));
    }
    for (field, text) in [("kind", &kind), ("apiVersion", &string("/apiVersion"))] {
        if text.is_empty() {
            return Err(missing(place, field, "is missing; every object names it as a text."));
        }
    }
    if kind == "List" {
        let items = value.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        for (index, item) in items.into_iter().enumerate() {
            let empty = LineTree::default();
            let item_tree = tree.at("items").and_then(|list| list.nth(index)).unwrap_or(&empty);
            collect(file, document, item, item_tree, objects)?;
        }
        return Ok(());
    }
    if place.name.is_empty() {
        return Err(missing(
            place,
            "metadata.name",
            "is missing or no text; an object needs a name.",
        ));
    }
    let object = ManifestObject {
        api_version: string("/apiVersion"),
        kind,
        name: place.name.clone(),
        namespace: Some(string("/metadata/namespace")).filter(|text| !text.is_empty()),
        place,
        value,
        keeps_images: false,
        lines: Lines(Arc::new(tree.clone())),
    };
    typed::check_known(&object)?;
    objects.push(object);
    Ok(())
}

fn missing(place: Place, field: &str, reason: &str) -> DeployError {
    DeployError::ManifestField {
        place: Box::new(place),
        field: field.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Counts `---` lines; a leading one opens the first document.
fn document_number(text: &str, line: u64) -> usize {
    let before = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
    let mut number = 1;
    let mut is_empty = true;
    for text in text.lines().take(before) {
        if text == "---" || text.starts_with("--- ") {
            number += usize::from(!is_empty);
            is_empty = false;
        } else if !text.trim().is_empty() && !text.trim_start().starts_with(['#', '%']) {
            is_empty = false;
        }
    }
    number
}

/// Quantities may be written as numbers (`cpu: 1`); the typed models know only texts.
fn normal(mut value: Value) -> Value {
    let Some(kind) = value.get("kind").and_then(Value::as_str).map(str::to_owned) else {
        return value;
    };
    if kind == "List"
        && let Some(items) = value.get_mut("items").and_then(Value::as_array_mut)
    {
        for item in items {
            *item = normal(item.take());
        }
    }
    if let Some(spec) = crate::pin::pod_spec_mut(&kind, &mut value) {
        for list in ["initContainers", "containers"] {
            for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten()
            {
                for part in ["limits", "requests"] {
                    let part = container.pointer_mut(&format!("/resources/{part}"));
                    for quantity in part
                        .and_then(Value::as_object_mut)
                        .into_iter()
                        .flat_map(|map| map.values_mut())
                    {
                        if let Value::Number(number) = quantity {
                            *quantity = Value::String(number.to_string());
                        }
                    }
                }
            }
        }
    }
    value
}

#[cfg(test)]
mod tests;
