//! `parameters:` as a file declares it: typed, in the old form without types, or not at all
//! (pipelines.md 6). What is given for them is the business of `bind`.

use serde::{Deserialize, Serialize};

use super::convert::{Origins, Typing};
use crate::diagnostic::Span;
use crate::hints::did_you_mean;
use crate::report::Report;
use crate::schema::{self, Shape};
use crate::tree::{Node, NodeValue, Place};

/// A parameter as the file declares it: what a run panel asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterDeclaration {
    pub name: String,
    pub display_name: String,
    /// `string`, `number`, `boolean`, `object`, …
    pub kind: String,
    /// As written; `None` means that a value must be given.
    pub default: Option<String>,
    /// The only values allowed, when there are any.
    pub values: Vec<String>,
    pub span: Span,
}

/// A declared parameter with what binding needs.
pub(super) struct Declared {
    pub(super) declaration: ParameterDeclaration,
    pub(super) default: Option<Node>,
    pub(super) place: Place,
}

/// All that a file declares.
pub(super) enum Declarations {
    Typed(Vec<Declared>),
    /// The old form of templates: names and defaults.
    Untyped(Vec<(String, Node)>),
    /// Without `parameters:` a template takes anything.
    Anything,
}

impl Declarations {
    /// The type of a parameter of a typed file.
    pub(super) fn kind_of(&self, name: &str) -> Option<&str> {
        let Self::Typed(declared) = self else { return None };
        declared
            .iter()
            .find(|known| known.declaration.name.eq_ignore_ascii_case(name))
            .map(|known| known.declaration.kind.as_str())
    }
}

/// Reads `parameters:` of the root file, where only the list is allowed.
pub(super) fn of_root(
    node: Option<&Node>,
    origins: &mut Origins,
    report: &mut Report<'_>,
) -> Vec<Declared> {
    match node.map(|node| (&node.value, node)) {
        None => Vec::new(),
        Some((_, node)) if node.is_null() => Vec::new(),
        Some((NodeValue::Sequence(items), _)) => list(items, origins, report),
        Some((_, node)) => {
            let hint = "Write a list: - name: x, type: string, default: y.";
            report.error(node.place, "wrong_type", "Expected a sequence", Some(hint.to_owned()));
            Vec::new()
        }
    }
}

/// Reads `parameters:` of a template.
pub(super) fn of_template(
    node: Option<&Node>,
    origins: &mut Origins,
    report: &mut Report<'_>,
) -> Declarations {
    let Some(node) = node.filter(|node| !node.is_null()) else { return Declarations::Anything };
    match &node.value {
        NodeValue::Sequence(items) => Declarations::Typed(list(items, origins, report)),
        NodeValue::Mapping(entries) => {
            let mut defaults = Vec::with_capacity(entries.len());
            for entry in entries.iter() {
                if entry.key.has_code() {
                    not_allowed(entry.key_place, report);
                } else {
                    let default = without_expressions(&entry.value, report);
                    defaults.push((entry.key.text.to_string(), default));
                }
            }
            Declarations::Untyped(defaults)
        }
        NodeValue::Scalar(_) => {
            let hint = "Write a list: - name: x, type: string, default: y.";
            report.error(node.place, "wrong_type", "Expected a sequence", Some(hint.to_owned()));
            Declarations::Anything
        }
    }
}

fn not_allowed(place: Place, report: &mut Report<'_>) {
    let message = "A template expression is not allowed in this context";
    let hint = Some("A default is a plain value.".to_owned());
    report.error(place, "expression_not_allowed", message, hint);
}

/// A default, which is null when it is refused.
fn without_expressions(node: &Node, report: &mut Report<'_>) -> Node {
    match first_code(node) {
        None => node.clone(),
        Some(place) => {
            not_allowed(place, report);
            Node::null(node.place)
        }
    }
}

/// Where the first expression stands.
fn first_code(node: &Node) -> Option<Place> {
    if !node.has_code {
        return None;
    }
    match &node.value {
        NodeValue::Scalar(_) => Some(node.place),
        NodeValue::Sequence(items) => items.iter().find_map(first_code),
        NodeValue::Mapping(entries) => entries.iter().find_map(|entry| {
            if entry.key.has_code() { Some(entry.key_place) } else { first_code(&entry.value) }
        }),
    }
}

fn list(items: &[Node], origins: &mut Origins, report: &mut Report<'_>) -> Vec<Declared> {
    let mut declared = Vec::with_capacity(items.len());
    let mut names = std::collections::HashSet::new();
    for item in items {
        let Some(one) = declare(item, origins, report) else { continue };
        if names.insert(one.declaration.name.to_lowercase()) {
            declared.push(one);
        } else {
            let message = format!("'{}' is already defined", one.declaration.name);
            let hint = Some("Give each parameter a name of its own.".to_owned());
            report.error(item.place, "duplicate_name", message, hint);
        }
    }
    declared
}

fn declare(item: &Node, origins: &mut Origins, report: &mut Report<'_>) -> Option<Declared> {
    let Some(entries) = item.entries() else {
        report.error(item.place, "wrong_type", "Expected a mapping", None);
        return None;
    };
    for entry in entries {
        let key = entry.key.as_str();
        if entry.key.has_code() {
            not_allowed(entry.key_place, report);
        } else if schema::key(Shape::Parameter, key).is_none() {
            let message = format!("Unexpected value '{key}'");
            report.error(
                entry.key_place,
                "unexpected_value",
                message,
                did_you_mean(key, schema::names(Shape::Parameter)),
            );
        } else if key != "default"
            && let Some(place) = first_code(&entry.value)
        {
            not_allowed(place, report);
        }
    }
    let name = item.get("name").and_then(Node::text).unwrap_or_default().to_owned();
    if name.is_empty() {
        let hint = Some("Add name: to the parameter.".to_owned());
        report.error(item.place, "missing_value", "Expected a parameter with a name", hint);
        return None;
    }
    let default = item.get("default").map(|default| without_expressions(default, report));
    let values = item.get("values").and_then(Node::items).unwrap_or_default();
    let declaration = ParameterDeclaration {
        display_name: item.get("displayName").and_then(Node::text).unwrap_or(&name).to_owned(),
        default: default.as_ref().map(|node| {
            let mut json = |node| origins.value(node, Typing::Core).to_json().to_string();
            node.text().map_or_else(|| json(node), str::to_owned)
        }),
        span: item.place.span,
        kind: kind_of(item, report),
        values: values.iter().filter_map(|value| value.text().map(str::to_owned)).collect(),
        name,
    };
    Some(Declared { declaration, default, place: item.place })
}

fn kind_of(item: &Node, report: &mut Report<'_>) -> String {
    let Some(node) = item.get("type") else { return "string".to_owned() };
    let written = node.text().unwrap_or_default();
    let types = schema::words(Shape::Parameter, "type");
    match types.iter().find(|known| known.eq_ignore_ascii_case(written)) {
        Some(known) => (*known).to_owned(),
        None => {
            let message = format!("Unexpected value '{written}'");
            report.error(
                node.place,
                "unexpected_value",
                message,
                did_you_mean(written, types.iter().copied()),
            );
            "string".to_owned()
        }
    }
}

/// True for types whose value is more than one text.
pub(super) fn is_structure(kind: &str) -> bool {
    !matches!(
        kind,
        "string"
            | "number"
            | "boolean"
            | "environment"
            | "filePath"
            | "secureFile"
            | "serviceConnection"
    )
}
