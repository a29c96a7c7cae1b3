//! Keys: those of the shape at hand that are not used yet, the first ones of a list's items, inputs.

use std::collections::HashSet;
use std::ops::Range;

use super::{Completer, CompletionKind, escaped};
use crate::assist::help;
use crate::assist::sketch::{Id, Kind};
use crate::assist::slots::{Slot, first_keys};
use crate::schema::{self, BODIES, Key, NameKind, Shape, Value, keys};

impl Completer<'_, '_> {
    /// Keys of a mapping, but for those of its other pairs.
    pub(super) fn keys(
        &mut self,
        mapping: Id,
        own: Option<Id>,
        replace: &Range<usize>,
        has_colon: bool,
    ) {
        let sketch = self.sketch;
        let others = sketch.children(mapping).filter(|child| Some(*child) != own);
        let used: HashSet<&str> =
            others.filter(|child| sketch.is_pair(*child)).map(|child| sketch.key(child)).collect();
        let slot = sketch.slot(mapping);
        let is_new_item = sketch.node(mapping).kind == Kind::Item && used.is_empty();
        if is_new_item && slot.iter().any(|value| matches!(value, Value::Map(_))) && !has_colon {
            self.first_keys(&slot, replace);
            self.directives(replace);
            return;
        }
        let is_known = slot.iter().any(|value| match value {
            Value::Map(shape) => {
                keys(*shape).iter().any(|key| key.is_first && used.contains(key.name))
            }
            _ => false,
        });
        let mut seen = HashSet::new();
        for value in &slot {
            match value {
                Value::Map(shape) => {
                    for key in keys(*shape) {
                        let is_out = used.contains(key.name)
                            || key.deprecated.is_some()
                            || (key.is_first && is_known)
                            || !seen.insert(key.name)
                            || (*shape == Shape::Root && is_excluded(key.name, &used));
                        if !is_out {
                            self.key(*shape, key, replace, "", has_colon);
                        }
                    }
                }
                Value::Inputs => self.inputs(mapping, &used, replace, has_colon),
                Value::Arguments => self.arguments(mapping, &used, replace, has_colon),
                _ => {}
            }
        }
        let takes_keys = slot.iter().any(|value| {
            matches!(value, Value::Map(_) | Value::Inputs | Value::Arguments | Value::Variables)
                || matches!(value, Value::MapOf(_))
        });
        if takes_keys && !has_colon {
            self.directives(replace);
        }
    }

    /// A key, with the beginning of its value.
    fn key(
        &mut self,
        shape: Shape,
        key: &Key,
        replace: &Range<usize>,
        dash: &str,
        has_colon: bool,
    ) {
        let more = format!("{}{}", self.further(replace.start), " ".repeat(dash.len()));
        let insert = if has_colon {
            key.name.to_owned()
        } else {
            format!("{dash}{}:{}", key.name, beginning(key, &more))
        };
        let detail = key.values.iter().map(Value::words).next().unwrap_or_default();
        let completion = self.push(CompletionKind::Key, key.name, detail, replace);
        completion.insert = insert;
        completion.documentation = help::of_key(shape, key);
    }

    /// The keys that an item may begin with.
    pub(super) fn first_keys(&mut self, slot: &Slot, replace: &Range<usize>) {
        let shapes: Vec<Shape> = slot
            .iter()
            .filter_map(|value| match value {
                Value::Map(shape) => Some(*shape),
                _ => None,
            })
            .collect();
        self.firsts(&shapes, replace, "");
    }

    fn firsts(&mut self, shapes: &[Shape], replace: &Range<usize>, dash: &str) {
        let mut seen = HashSet::new();
        for (shape, key) in first_keys(shapes).collect::<Vec<_>>() {
            if key.deprecated.is_none() && seen.insert(key.name) {
                self.key(shape, key, replace, dash, false);
            }
        }
    }

    /// What the items of a list may be. With `needs_dash` they begin with one.
    pub(super) fn elements(&mut self, list: Id, replace: Range<usize>, needs_dash: bool) {
        let dash = if needs_dash { "- " } else { "" };
        for value in self.sketch.slot(list) {
            match value {
                Value::Items(shapes) if needs_dash => {
                    self.firsts(shapes, &replace, dash);
                    let before = self.found.len();
                    self.directives(&replace);
                    for completion in &mut self.found[before..] {
                        completion.insert.insert_str(0, dash);
                    }
                }
                Value::ListOf(value) => {
                    let before = self.found.len();
                    self.scalars(&vec![*value], &replace, list);
                    for completion in &mut self.found[before..] {
                        completion.insert.insert_str(0, dash);
                    }
                }
                _ => {}
            }
        }
    }

    /// What the scalar behind a dash may be.
    pub(super) fn scalars_of(&mut self, item: Id, replace: &Range<usize>) {
        let slot = self.sketch.slot(item);
        self.scalars(&slot, replace, item);
    }

    /// `${{ if }}` and its like.
    pub(super) fn directives(&mut self, replace: &Range<usize>) {
        for (label, insert, detail) in [
            ("${{ if }}:", "\\${{ if ${1:condition} }}:\n  $0", "only under a condition"),
            (
                "${{ each }}:",
                "\\${{ each ${1:item} in ${2:parameters.list} }}:\n  $0",
                "once for each item",
            ),
        ] {
            let more = self.further(replace.start);
            let completion = self.push(CompletionKind::Snippet, label, detail, replace);
            completion.insert = insert.replace('\n', &format!("\n{more}"));
        }
    }

    fn inputs(
        &mut self,
        mapping: Id,
        used: &HashSet<&str>,
        replace: &Range<usize>,
        has_colon: bool,
    ) {
        let sketch = self.sketch;
        let Some((_, task)) = sketch.task_of(mapping, self.around.catalog()) else { return };
        let given = |input: &crate::catalog::InputSpec| sketch.input(mapping, input);
        for input in task.inputs {
            let is_used = used.iter().any(|name| input.is_named(name));
            if is_used || input.is_internal || !task.shows(input, &given) {
                continue;
            }
            let name = input.written_name();
            let needs = input.is_required || input.is_required_when_shown;
            let mut detail = help::kind_words(input.kind);
            if needs && input.default.is_none() {
                detail.push_str(", has to be given");
            }
            let completion = self.push(CompletionKind::Input, name, detail, replace);
            completion.insert =
                if has_colon { name.to_owned() } else { format!("{}: $0", escaped(name)) };
            completion.documentation = help::of_input(input);
        }
    }

    /// The parameters of the template that is called.
    fn arguments(
        &mut self,
        mapping: Id,
        used: &HashSet<&str>,
        replace: &Range<usize>,
        has_colon: bool,
    ) {
        let sketch = self.sketch;
        let mapping = sketch.mapping_above(mapping);
        let Some(template) = sketch.child(sketch.node(mapping).parent, "template") else { return };
        let Some(file) = self.around.template(sketch.value(template)) else { return };
        let other = crate::assist::sketch::Sketch::new(&file.text);
        let names = crate::assist::names::Names::of(&other);
        for known in names.of_kind(NameKind::Parameter) {
            if used.contains(known.name.as_str()) {
                continue;
            }
            let kind = other.child(known.owner, "type").map_or("string", |at| other.value(at));
            let completion = self.push(CompletionKind::Parameter, &known.name, kind, replace);
            if !has_colon {
                completion.insert.push_str(": $0");
            }
        }
    }
}

/// What is written behind a key's colon: where the value is to be typed.
fn beginning(key: &Key, more: &str) -> String {
    if key.values.iter().any(Value::is_scalar) {
        return " $0".to_owned();
    }
    match key.values.first() {
        Some(Value::ListOf(_) | Value::Items(_)) => format!("\n{more}- $0"),
        _ => format!("\n{more}  $0"),
    }
}

/// True for keys of a root that its body rules out.
fn is_excluded(name: &str, used: &HashSet<&str>) -> bool {
    let body = BODIES.iter().find(|body| used.contains(**body));
    match body {
        Some(body) if BODIES.contains(&name) => name != *body,
        Some(body) => {
            schema::key(Shape::Root, name).and_then(|key| key.beside).is_some_and(|it| it != *body)
        }
        None => false,
    }
}
