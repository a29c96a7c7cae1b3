//! What the thing at a place is, in words.

use std::fmt::Write as _;
use std::ops::Range;

use super::complete::value_of;
use super::names::{Names, same};
use super::sketch::{Id, Sketch};
use super::surroundings::Surroundings;
use super::symbol::{Symbol, Symbols};
use super::{help, on_boundary};
use crate::catalog::TaskCatalog;
use crate::expr::{FunctionSpec, NAMED_VALUES};
use crate::schema::{NameKind, command, predefined};

/// Words about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Markdown.
    pub text: String,
}

/// Says what the thing at a byte is, if it is anything.
pub fn hover(text: &str, offset: usize, around: &dyn Surroundings) -> Option<Hover> {
    let offset = on_boundary(text, offset);
    let sketch = Sketch::new(text);
    let names = Names::of(&sketch);
    let (symbol, range) = Symbols { sketch: &sketch, names: &names }.at(offset)?;
    let text = words(&sketch, &names, &symbol, offset, around)?;
    Some(Hover { range, text })
}

fn words(
    sketch: &Sketch<'_>,
    names: &Names,
    symbol: &Symbol,
    offset: usize,
    around: &dyn Surroundings,
) -> Option<String> {
    match symbol {
        Symbol::Declared(at) => declared(sketch, names, *at),
        Symbol::Named(NameKind::Variable, name) => variable(sketch, names, name, offset),
        Symbol::Named(NameKind::Parameter, name) => parameter(sketch, names, name),
        Symbol::Named(kind, name) => Some(format!("**{name}** ({})", kind.word())),
        Symbol::Output { step, name } => output(sketch, names, *step, name, around),
        Symbol::Key(id) => sketch.schema_key(*id).map(|(shape, key)| help::of_key(shape, key)),
        Symbol::Input(id) => {
            let (_, task) = sketch.task_of(*id, around.catalog())?;
            task.input(sketch.key(*id)).map(help::of_input)
        }
        Symbol::Argument(id) => argument(sketch, *id, around),
        Symbol::Task(id) => task(sketch.value(*id), around.catalog()),
        Symbol::Template(path) => template(path, around),
        Symbol::Function(name) => FunctionSpec::find(name).map(help::of_function),
        Symbol::NamedValue(name) => {
            let known = NAMED_VALUES.iter().find(|known| known.name == *name)?;
            Some(format!("**{}**\n\n{}", known.name, known.help))
        }
        Symbol::Command(name) => command(name).map(help::of_command),
    }
}

fn declared(sketch: &Sketch<'_>, names: &Names, at: usize) -> Option<String> {
    let known = names.declared.get(at)?;
    let mut text = format!("**{}** ({})", known.name, known.kind.word());
    if let Some(display) = sketch.child(known.owner, "displayName") {
        let _ = write!(text, "\n\n{}", sketch.value(display));
    }
    if let Some(within) = known.within.and_then(|within| names.declared.get(within)) {
        let _ = write!(text, "\n\nIn the {} {}.", within.kind.word(), within.name);
    }
    Some(text)
}

/// The declaration of a variable that a place sees: the innermost one.
pub(super) fn nearest_variable(
    sketch: &Sketch<'_>,
    names: &Names,
    name: &str,
    offset: usize,
) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    let mut first = None;
    for (at, known) in names.declared.iter().enumerate() {
        if known.kind != NameKind::Variable || !same(&known.name, name) {
            continue;
        }
        first = first.or(Some(at));
        let scope = sketch
            .ancestors(known.pair)
            .find(|above| sketch.is_pair(*above) && sketch.key(*above) == "variables")
            .map(|variables| sketch.node(variables).parent);
        let Some(scope) = scope else { continue };
        let depth = sketch.ancestors(scope).count();
        let node = sketch.node(scope);
        let holds = node.key.start <= offset && offset <= node.end;
        if holds && best.is_none_or(|(most, _)| depth >= most) {
            best = Some((depth, at));
        }
    }
    best.map(|(_, at)| at).or(first)
}

fn variable(sketch: &Sketch<'_>, names: &Names, name: &str, offset: usize) -> Option<String> {
    if let Some(at) = nearest_variable(sketch, names, name, offset) {
        let known = &names.declared[at];
        let value = value_of(sketch, known.owner, known.pair);
        let line = sketch.line(known.range.start) + 1;
        return Some(format!("**{}** = `{value}`\n\nDeclared in line {line}.", known.name));
    }
    if let Some(known) = predefined(name) {
        return Some(help::of_predefined(known));
    }
    let set = names.set.iter().find(|set| same(&set.name, name))?;
    let line = sketch.line(set.range.start) + 1;
    Some(format!("**{}**\n\nSet by a script in line {line}, for later steps.", set.name))
}

fn parameter(sketch: &Sketch<'_>, names: &Names, name: &str) -> Option<String> {
    let at = names.find(NameKind::Parameter, name)?;
    Some(of_parameter(sketch, names, at))
}

fn of_parameter(sketch: &Sketch<'_>, names: &Names, at: usize) -> String {
    let known = &names.declared[at];
    let value = |key: &str| sketch.child(known.owner, key);
    let kind = value("type").map_or("string", |at| sketch.value(at));
    let mut text = format!("**{}**: {kind} (parameter)", known.name);
    if let Some(display) = value("displayName") {
        let _ = write!(text, "\n\n{}", sketch.value(display));
    }
    match value("default") {
        Some(default) if !sketch.value(default).is_empty() => {
            let _ = write!(text, "\n\n`{}` if left out.", sketch.value(default));
        }
        Some(_) => {}
        None if known.owner == known.pair => {
            let _ = write!(text, "\n\n`{}` if left out.", sketch.value(known.pair));
        }
        None => text.push_str("\n\nIt has to be given."),
    }
    if let Some(values) = value("values") {
        let allowed: Vec<&str> = sketch.children(values).map(|item| sketch.value(item)).collect();
        let _ = write!(text, "\n\nAllowed: {}.", allowed.join(", "));
    }
    text
}

fn output(
    sketch: &Sketch<'_>,
    names: &Names,
    step: Option<usize>,
    name: &str,
    around: &dyn Surroundings,
) -> Option<String> {
    let step = step.and_then(|at| names.declared.get(at));
    let of_step = step.map(|step| format!(" of the step {}", step.name)).unwrap_or_default();
    let mut text = format!("**{name}** (output{of_step})");
    let task = step.and_then(|step| sketch.task_of(step.owner, around.catalog()));
    if let Some((_, task)) = task
        && let Some(known) = task.outputs.iter().find(|known| same(known.name, name))
    {
        let _ = write!(text, "\n\n{}", known.help);
    }
    Some(text)
}

fn task(reference: &str, catalog: &dyn TaskCatalog) -> Option<String> {
    super::slots::spec_of(reference, catalog).map(help::of_task)
}

fn argument(sketch: &Sketch<'_>, id: Id, around: &dyn Surroundings) -> Option<String> {
    let (_, file) = called_template(sketch, id, around)?;
    let other = Sketch::new(&file.text);
    let names = Names::of(&other);
    let at = names.find(NameKind::Parameter, sketch.key(id))?;
    Some(of_parameter(&other, &names, at))
}

/// The template that the parameters around a node are given to.
pub(super) fn called_template(
    sketch: &Sketch<'_>,
    id: Id,
    around: &dyn Surroundings,
) -> Option<(String, super::surroundings::OtherFile)> {
    let mapping = sketch.mapping_above(sketch.node(id).parent);
    let template = sketch.child(sketch.node(mapping).parent, "template")?;
    let path = sketch.value(template);
    Some((path.to_owned(), around.template(path)?))
}

fn template(path: &str, around: &dyn Surroundings) -> Option<String> {
    let file = around.template(path)?;
    let other = Sketch::new(&file.text);
    let names = Names::of(&other);
    let mut text = format!("**{}** (template)", file.path);
    for known in names.of_kind(NameKind::Parameter) {
        let kind = other.child(known.owner, "type").map_or("", |at| other.value(at));
        let _ = write!(text, "\n- `{}` {kind}", known.name);
    }
    Some(text)
}
