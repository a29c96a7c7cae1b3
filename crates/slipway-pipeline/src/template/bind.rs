//! What is given for declared parameters: queue-time texts for the root, arguments for a template.
//!
//! The place of a wrong value is the caller's; a default is wrong where it is written.

use indexmap::IndexMap;

use super::convert::{Origins, Typing, without_code};
use super::parameters::{Declarations, Declared, is_structure};
use super::shapes::check_shape;
use crate::expr::{Decimal, Object, Value};
use crate::hints::did_you_mean;
use crate::report::Report;
use crate::tree::{Entry, Node, NodeValue, Place, read};

/// Binds with a report at hand.
pub(super) struct Binder<'a, 'r> {
    pub(super) origins: &'a mut Origins,
    pub(super) report: &'a mut Report<'r>,
}

impl Binder<'_, '_> {
    /// The root's parameters; `place` is where the file declares them.
    pub(super) fn root(
        &mut self,
        declared: &[Declared],
        given: &IndexMap<String, String>,
        place: Place,
    ) -> Object {
        let mut values = Object::strict();
        for one in declared {
            let name = &one.declaration.name;
            let text = given.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            let node = match (text, &one.default) {
                (Some((_, text)), _) => self.given_text(one, text),
                (None, Some(default)) => default.clone(),
                (None, None) => {
                    let hint = "Give the run a value, or add default: to the parameter.";
                    self.missing(name, one.place, hint);
                    Node::null(one.place)
                }
            };
            let value = match text.is_none() && one.default.is_none() {
                true => Value::Null,
                false => self.typed(&node, one),
            };
            values.insert(name.clone(), value);
        }
        for name in given.keys() {
            self.check_known(name, declared, place);
        }
        values
    }

    fn missing(&mut self, name: &str, place: Place, hint: &str) {
        let message = format!("A value for the '{name}' parameter must be provided.");
        self.report.error(place, "missing_parameter", message, Some(hint.to_owned()));
    }

    /// A text given when the run was queued. Structures are written as YAML or JSON.
    fn given_text(&mut self, one: &Declared, text: &str) -> Node {
        let place = one.default.as_ref().map_or(one.place, |default| default.place);
        if !is_structure(&one.declaration.kind) {
            return Node::expanded(text, place);
        }
        let name = format!("parameter {}", one.declaration.name);
        let source = self.report.sources().add_text(&name, text);
        let tree = read(&source);
        self.report.extend(source.id, tree.diagnostics);
        tree.root.map_or_else(|| Node::null(place), |root| without_code(&root))
    }

    fn check_known(&mut self, name: &str, declared: &[Declared], place: Place) {
        let names = || declared.iter().map(|known| known.declaration.name.as_str());
        if !names().any(|known| known.eq_ignore_ascii_case(name)) {
            let hint = did_you_mean(name, names());
            let message = format!("Unexpected parameter '{name}'");
            self.report.error(place, "unknown_parameter", message, hint);
        }
    }

    /// The parameters of a template; `call` is where it is included.
    pub(super) fn template(
        &mut self,
        declarations: &Declarations,
        given: &[Entry],
        call: Place,
    ) -> Object {
        match declarations {
            Declarations::Typed(declared) => self.arguments(declared, given, call),
            Declarations::Untyped(defaults) => {
                let mut values = Object::new();
                for (name, default) in defaults {
                    values.insert(name.clone(), self.origins.value(default, Typing::Texts));
                }
                self.texts(given, &mut values);
                values
            }
            Declarations::Anything => {
                let mut values = Object::new();
                self.texts(given, &mut values);
                values
            }
        }
    }

    fn texts(&mut self, given: &[Entry], values: &mut Object) {
        for entry in given {
            let value = self.origins.value(&entry.value, Typing::Texts);
            values.insert(entry.key.text.to_string(), value);
        }
    }

    fn arguments(&mut self, declared: &[Declared], given: &[Entry], call: Place) -> Object {
        let mut found: IndexMap<String, &Entry> = IndexMap::with_capacity(given.len());
        for entry in given {
            self.check_known(&entry.key.text, declared, entry.key_place);
            found.insert(entry.key.text.to_lowercase(), entry);
        }
        let mut values = Object::strict();
        for one in declared {
            let name = &one.declaration.name;
            let node = found.get(&name.to_lowercase()).map(|entry| &entry.value);
            let value = match node.or(one.default.as_ref()) {
                Some(node) => self.typed(node, one),
                None => {
                    let hint = "Add it under parameters: of the template.";
                    self.missing(name, call, hint);
                    Value::Null
                }
            };
            values.insert(name.clone(), value);
        }
        values
    }

    /// The value of a node for a parameter; a wrong one is said, and null.
    fn typed(&mut self, node: &Node, one: &Declared) -> Value {
        let kind = one.declaration.kind.as_str();
        match kind {
            "legacyObject" => self.origins.value(node, Typing::Texts),
            "stringList" => self.string_list(node, one),
            // Nothing at all is an empty list.
            kind if kind.ends_with("List") && node.text() == Some("") => Vec::new().into(),
            kind if is_structure(kind) => {
                if check_shape(kind, node, self.report) {
                    self.origins.value(node, Typing::Core)
                } else {
                    Value::Null
                }
            }
            _ => scalar(node, one).unwrap_or_else(|problem| {
                self.refuse(node.place, problem, one);
                Value::Null
            }),
        }
    }

    fn refuse(&mut self, place: Place, problem: String, one: &Declared) {
        let values = &one.declaration.values;
        let hint = (!values.is_empty()).then(|| format!("Allowed: {}.", values.join(", ")));
        self.report.error(place, "bad_parameter_value", problem, hint);
    }

    fn string_list(&mut self, node: &Node, one: &Declared) -> Value {
        let items: &[Node] = match &node.value {
            NodeValue::Sequence(items) => items,
            _ if node.is_null() => &[],
            _ => {
                self.refuse(node.place, "Expected a sequence".to_owned(), one);
                return Value::Null;
            }
        };
        for item in items {
            if let Err(problem) = allowed(item, one) {
                self.refuse(item.place, problem, one);
            }
        }
        self.origins.value(node, Typing::Texts)
    }
}

/// The text, if it is one and among the allowed ones.
fn allowed<'n>(node: &'n Node, one: &Declared) -> Result<&'n str, String> {
    let text = match &node.value {
        NodeValue::Sequence(_) => return Err("A sequence was not expected".to_owned()),
        NodeValue::Mapping(_) => return Err("A mapping was not expected".to_owned()),
        NodeValue::Scalar(_) => node.text().unwrap_or_default(),
    };
    let (name, values) = (&one.declaration.name, &one.declaration.values);
    // A Boolean that went through an expression is written True.
    let is_same = |value: &String| match one.declaration.kind.as_str() {
        "boolean" => value.eq_ignore_ascii_case(text),
        _ => value == text,
    };
    if !values.is_empty() && !values.iter().any(is_same) {
        return Err(format!("The value '{text}' of the '{name}' parameter is not allowed."));
    }
    Ok(text)
}

fn scalar(node: &Node, one: &Declared) -> Result<Value, String> {
    let text = allowed(node, one)?;
    let name = &one.declaration.name;
    match one.declaration.kind.as_str() {
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
