//! Root `parameters:`: declared, given, typed (pipelines.md 6).

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::convert::to_value;
use crate::diagnostic::Span;
use crate::expr::{Decimal, Object, Value};
use crate::hints::did_you_mean;
use crate::report::Report;
use crate::tree::{Node, NodeValue, SourceId, SourceText, read};

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

const KEYS: [&str; 5] = ["name", "displayName", "type", "default", "values"];

const TYPES: [&str; 20] = [
    "string",
    "stringList",
    "number",
    "boolean",
    "object",
    "step",
    "stepList",
    "job",
    "jobList",
    "deployment",
    "deploymentList",
    "stage",
    "stageList",
    "container",
    "containerList",
    "environment",
    "filePath",
    "pool",
    "secureFile",
    "serviceConnection",
];

/// What the file declares, and the `parameters` object that expressions see.
pub(crate) struct BoundParameters {
    pub(crate) declarations: Vec<ParameterDeclaration>,
    pub(crate) values: Object,
}

/// Binds given texts to what the root's `parameters:` declares.
pub(crate) fn bind(
    node: Option<&Node>,
    given: &IndexMap<String, String>,
    report: &mut Report<'_>,
) -> BoundParameters {
    let mut bound = BoundParameters { declarations: Vec::new(), values: Object::strict() };
    match node.map(|node| (&node.value, node)) {
        None => {}
        Some((_, node)) if node.is_null() => {}
        Some((NodeValue::Sequence(items), _)) => {
            for item in items.iter() {
                declare(item, given, report, &mut bound);
            }
        }
        Some((_, node)) => {
            let hint = "Write a list: - name: x, type: string, default: y.";
            report.error(node.place, "wrong_type", "Expected a sequence", Some(hint.to_owned()));
        }
    }
    let names: Vec<&str> = bound.declarations.iter().map(|known| known.name.as_str()).collect();
    for name in given.keys() {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            let place = node.map_or_else(|| report.start(), |node| node.place);
            let hint = did_you_mean(name, names.iter().copied());
            report.error(
                place,
                "unknown_parameter",
                format!("Unexpected parameter '{name}'"),
                hint,
            );
        }
    }
    bound
}

fn declare(
    item: &Node,
    given: &IndexMap<String, String>,
    report: &mut Report<'_>,
    bound: &mut BoundParameters,
) {
    let Some(entries) = item.entries() else {
        report.error(item.place, "wrong_type", "Expected a mapping", None);
        return;
    };
    for entry in entries.iter() {
        if !KEYS.contains(&entry.key.as_str()) {
            let message = format!("Unexpected value '{}'", entry.key.text);
            let hint = did_you_mean(&entry.key.text, KEYS);
            report.error(entry.key_place, "unexpected_value", message, hint);
        }
    }
    let name = item.get("name").and_then(Node::text).unwrap_or_default().to_owned();
    if name.is_empty() {
        let hint = Some("Add name: to the parameter.".to_owned());
        report.error(item.place, "missing_value", "Expected a parameter with a name", hint);
        return;
    }
    if bound.declarations.iter().any(|known| known.name.eq_ignore_ascii_case(&name)) {
        let hint = Some("Give each parameter a name of its own.".to_owned());
        report.error(item.place, "duplicate_name", format!("'{name}' is already defined"), hint);
        return;
    }
    let default = item.get("default");
    if let Some(default) = default.filter(|default| holds_expression(default)) {
        let message = "A template expression is not allowed in this context";
        let hint = Some("A default is a plain value.".to_owned());
        report.error(default.place, "expression_not_allowed", message, hint);
    }
    let kind = kind_of(item, report);
    let values: Vec<String> = item
        .get("values")
        .and_then(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|value| value.text().map(str::to_owned))
        .collect();
    let declaration = ParameterDeclaration {
        display_name: item.get("displayName").and_then(Node::text).unwrap_or(&name).to_owned(),
        default: default.map(|node| node.text().map_or_else(|| json(node), str::to_owned)),
        span: item.place.span,
        kind,
        values,
        name,
    };
    let value = value_of(item, default, given, &declaration, report);
    bound.values.insert(declaration.name.clone(), value);
    bound.declarations.push(declaration);
}

fn json(node: &Node) -> String {
    to_value(node).to_json().to_string()
}

fn kind_of(item: &Node, report: &mut Report<'_>) -> String {
    let Some(node) = item.get("type") else { return "string".to_owned() };
    let written = node.text().unwrap_or_default();
    match TYPES.iter().find(|known| known.eq_ignore_ascii_case(written)) {
        Some(known) => (*known).to_owned(),
        None => {
            let message = format!("Unexpected value '{written}'");
            report.error(node.place, "unexpected_value", message, did_you_mean(written, TYPES));
            "string".to_owned()
        }
    }
}

fn holds_expression(node: &Node) -> bool {
    match &node.value {
        NodeValue::Scalar(scalar) => scalar.text.contains("${{"),
        NodeValue::Sequence(items) => items.iter().any(holds_expression),
        NodeValue::Mapping(entries) => entries
            .iter()
            .any(|entry| entry.key.text.contains("${{") || holds_expression(&entry.value)),
    }
}

fn value_of(
    item: &Node,
    default: Option<&Node>,
    given: &IndexMap<String, String>,
    declaration: &ParameterDeclaration,
    report: &mut Report<'_>,
) -> Value {
    let name = &declaration.name;
    let given = given.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, text)| text);
    let place = default.map_or(item.place, |default| default.place);
    let read_given;
    let node = match (given, default) {
        (Some(text), _) if is_structure(&declaration.kind) => {
            let source = SourceText::new(SourceId(0), name, text);
            read_given = read(&source).root.unwrap_or_else(|| Node::null(place));
            &read_given
        }
        (Some(text), _) => {
            read_given = Node::expanded(text.clone(), place);
            &read_given
        }
        (None, Some(default)) => default,
        (None, None) => {
            let message = format!("A value for the '{name}' parameter must be provided.");
            let hint = Some("Give the run a value, or add default: to the parameter.".to_owned());
            report.error(item.place, "missing_parameter", message, hint);
            return Value::Null;
        }
    };
    typed(node, declaration).unwrap_or_else(|message| {
        let hint = (!declaration.values.is_empty())
            .then(|| format!("Allowed: {}.", declaration.values.join(", ")));
        report.error(place, "bad_parameter_value", message, hint);
        Value::Null
    })
}

fn is_structure(kind: &str) -> bool {
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

fn typed(node: &Node, declaration: &ParameterDeclaration) -> Result<Value, String> {
    let name = &declaration.name;
    if is_structure(&declaration.kind) {
        return Ok(to_value(node));
    }
    let text = match &node.value {
        NodeValue::Sequence(_) => return Err("A sequence was not expected".to_owned()),
        NodeValue::Mapping(_) => return Err("A mapping was not expected".to_owned()),
        NodeValue::Scalar(_) => node.text().unwrap_or_default(),
    };
    if !declaration.values.is_empty() && !declaration.values.iter().any(|value| value == text) {
        return Err(format!("The value '{text}' of the '{name}' parameter is not allowed."));
    }
    match declaration.kind.as_str() {
        "number" => Decimal::parse_text(text).map(Value::Number).ok_or_else(|| {
            format!("The value '{text}' of the '{name}' parameter is not a number.")
        }),
        "boolean" => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            _ => Err(format!("The value '{text}' of the '{name}' parameter is not a Boolean.")),
        },
        _ => Ok(text.into()),
    }
}
