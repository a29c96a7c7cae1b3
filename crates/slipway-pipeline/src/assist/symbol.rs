//! What the thing at a place is: the one answer that hover, definition, references and rename share.

use std::ops::Range;

use super::expression::{Chain, Embedded, embedded, scan};
use super::names::{Names, same};
use super::sketch::{Form, Id, Kind, ROOT, Sketch};
use super::spot::Spot;
use crate::expr::{FunctionSpec, NAMED_VALUES};
use crate::schema::{NameKind, Value, command};

/// A thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Symbol {
    /// A stage, job or step, by its number among the declared names.
    Declared(usize),
    /// Anything else with a name.
    Named(NameKind, String),
    /// An output variable of a step.
    Output {
        step: Option<usize>,
        name: String,
    },
    /// A key of the language.
    Key(Id),
    /// A key of a task's inputs, or its value.
    Input(Id),
    /// A key of a template's parameters.
    Argument(Id),
    /// The reference to a task.
    Task(Id),
    /// The path of a template.
    Template(String),
    Function(&'static str),
    NamedValue(&'static str),
    Command(&'static str),
}

impl Symbol {
    /// True when both are the same thing.
    pub(crate) fn is(&self, other: &Symbol) -> bool {
        match (self, other) {
            (Symbol::Named(kind, name), Symbol::Named(others, other)) => {
                kind == others && same(name, other)
            }
            (left, right) => left == right,
        }
    }
}

/// A file with its names, to ask about many places.
pub(crate) struct Symbols<'s, 't> {
    pub(crate) sketch: &'s Sketch<'t>,
    pub(crate) names: &'s Names,
}

/// A thing and its bytes.
type Found = Option<(Symbol, Range<usize>)>;

impl<'t> Symbols<'_, 't> {
    /// The thing at a byte.
    pub(crate) fn at(&self, offset: usize) -> Found {
        let sketch = self.sketch;
        let spot = sketch.spot(offset);
        let (region, id) = match &spot {
            Spot::Comment => return None,
            Spot::Key { id } => (sketch.line_range(sketch.line(offset)), *id),
            Spot::Value { id } => {
                let node = sketch.node(*id);
                let region = if node.value.contains(&offset) || node.value.end == offset {
                    node.value.clone()
                } else {
                    sketch.line_range(sketch.line(offset))
                };
                (region, *id)
            }
            Spot::Body { id } => (sketch.node(*id).body.clone(), *id),
            Spot::NewKey { parent, .. } | Spot::NewElement { parent } => {
                (sketch.line_range(sketch.line(offset)), *parent)
            }
        };
        match embedded(sketch.text, region.clone(), offset) {
            Some(Embedded::Expression { range, .. }) => {
                return self.in_expression(range, offset, id);
            }
            Some(Embedded::Macro { range }) => return self.in_macro(range, offset, id),
            Some(Embedded::Command { range }) => return self.in_command(range, offset),
            None => {}
        }
        match spot {
            Spot::Key { id } => self.at_key(id),
            Spot::Value { id } => self.at_value(id, offset),
            Spot::Body { id } if sketch.slot(id).contains(&Value::Condition) => {
                self.in_expression(region, offset, id)
            }
            _ => None,
        }
    }

    fn at_key(&self, id: Id) -> Found {
        let sketch = self.sketch;
        if !sketch.is_pair(id) || sketch.is_directive(id) {
            return None;
        }
        let range = sketch.key_range(id);
        let name = sketch.key(id);
        for value in sketch.slot(sketch.node(id).parent) {
            let symbol = match value {
                Value::Inputs => Symbol::Input(id),
                Value::Arguments => Symbol::Argument(id),
                Value::Variables => Symbol::Named(NameKind::Variable, name.to_owned()),
                Value::MapOf(Value::Anything) => {
                    Symbol::Named(NameKind::Parameter, name.to_owned())
                }
                Value::Map(_) if sketch.schema_key(id).is_some() => Symbol::Key(id),
                _ => continue,
            };
            return Some((symbol, range));
        }
        None
    }

    fn at_value(&self, id: Id, offset: usize) -> Found {
        let sketch = self.sketch;
        if sketch.node(id).form != Form::Scalar {
            return None;
        }
        let range = sketch.value_range(id);
        if offset < range.start || offset > range.end {
            return None;
        }
        let text = sketch.value(id);
        for value in sketch.slot(id) {
            let symbol = match value {
                Value::Condition => return self.in_expression(range, offset, id),
                Value::Declares(kind) => self.own(kind, id, text),
                Value::Name(kind) => self.named(kind, id, text),
                Value::Task => Some(Symbol::Task(id)),
                Value::Template(_) => Some(Symbol::Template(text.to_owned())),
                Value::Text => {
                    let mapping = sketch.mapping_above(sketch.node(id).parent);
                    let is_input = mapping != ROOT
                        && sketch.node(mapping).kind == Kind::Pair
                        && sketch.key(mapping) == "inputs";
                    is_input.then_some(Symbol::Input(id))
                }
                _ => None,
            };
            if let Some(symbol) = symbol {
                return Some((symbol, range));
            }
        }
        None
    }

    /// The name that a pair declares.
    fn own(&self, kind: NameKind, pair: Id, text: &str) -> Option<Symbol> {
        if matches!(kind, NameKind::Stage | NameKind::Job | NameKind::Step) {
            let at = self.names.declared.partition_point(|known| known.pair < pair);
            let is_it = self.names.declared.get(at).is_some_and(|known| known.pair == pair);
            return is_it.then_some(Symbol::Declared(at));
        }
        Some(Symbol::Named(kind, text.to_owned()))
    }

    fn named(&self, kind: NameKind, id: Id, text: &str) -> Option<Symbol> {
        match kind {
            NameKind::Stage => {
                self.names.find_within(NameKind::Stage, None, text).map(Symbol::Declared)
            }
            NameKind::Job => {
                let stage = self.stage_of(id);
                self.names.find_within(NameKind::Job, stage, text).map(Symbol::Declared)
            }
            kind => Some(Symbol::Named(kind, text.to_owned())),
        }
    }

    fn stage_of(&self, id: Id) -> Option<usize> {
        self.names.enclosing(self.sketch, id, NameKind::Stage)
    }

    fn in_expression(&self, range: Range<usize>, offset: usize, id: Id) -> Found {
        let text = self.sketch.text.get(range.clone())?;
        let scan = scan(text, range.start);
        let holds = |range: &Range<usize>| range.start <= offset && offset <= range.end;
        for chain in &scan.chains {
            if let Some(at) = chain.parts.iter().position(|part| holds(&part.range)) {
                return self.in_chain(chain, at, offset, id);
            }
        }
        let (part, call) = scan.texts.iter().find(|(part, _)| holds(&part.range))?;
        let is_status =
            ["succeeded", "failed", "succeededOrFailed"].iter().any(|name| same(name, call));
        let symbol = is_status.then(|| self.dependency(&part.text, id)).flatten()?;
        Some((symbol, part.range.clone()))
    }

    /// What a stage or job may depend on, by name.
    fn dependency(&self, name: &str, id: Id) -> Option<Symbol> {
        let kind = match self.names.enclosing(self.sketch, id, NameKind::Job) {
            Some(_) => NameKind::Job,
            None => NameKind::Stage,
        };
        self.named(kind, id, name)
    }

    fn in_chain(&self, chain: &Chain, at: usize, offset: usize, id: Id) -> Found {
        let part = &chain.parts[at];
        let range = part.range.clone();
        let first = &chain.parts[0].text;
        if at == 0 {
            let symbol = match chain.is_call {
                true => Symbol::Function(FunctionSpec::find(first)?.name),
                false => {
                    let known = NAMED_VALUES.iter().find(|known| same(known.name, first))?;
                    Symbol::NamedValue(known.name)
                }
            };
            return Some((symbol, range));
        }
        let names: Vec<&str> = chain.parts.iter().map(|part| part.text.as_str()).collect();
        let symbol = match (first.to_ascii_lowercase().as_str(), at) {
            ("variables", 1) => return self.variable(&part.text, range, offset, id),
            ("parameters", 1) => Symbol::Named(NameKind::Parameter, part.text.clone()),
            ("dependencies", 1) => self.dependency(names[1], id)?,
            ("dependencies", 3) if same(names[2], "outputs") => {
                let Symbol::Declared(owner) = self.dependency(names[1], id)? else { return None };
                return self.output(owner, &part.text, range, offset);
            }
            ("stagedependencies", 1) => self.named(NameKind::Stage, id, names[1])?,
            ("stagedependencies", 2) => {
                let stage = self.names.find_within(NameKind::Stage, None, names[1])?;
                Symbol::Declared(self.names.find_within(NameKind::Job, Some(stage), names[2])?)
            }
            ("stagedependencies", 4) if same(names[3], "outputs") => {
                let stage = self.names.find_within(NameKind::Stage, None, names[1])?;
                let job = self.names.find_within(NameKind::Job, Some(stage), names[2])?;
                return self.output(job, &part.text, range, offset);
            }
            _ => return None,
        };
        Some((symbol, range))
    }

    /// `step.variable` below a job, `job.step.variable` below a stage; with the leg or hook before it.
    fn output(&self, owner: usize, text: &str, range: Range<usize>, offset: usize) -> Found {
        let mut segments: Vec<(&str, Range<usize>)> = Vec::new();
        let mut from = range.start;
        for segment in text.split('.') {
            segments.push((segment, from..from + segment.len()));
            from += segment.len() + 1;
        }
        let mut job = Some(owner);
        if self.names.declared.get(owner)?.kind == NameKind::Stage && segments.len() > 2 {
            job = self.names.find_within(NameKind::Job, Some(owner), segments[0].0);
            if offset <= segments[0].1.end {
                return Some((Symbol::Declared(job?), segments[0].1.clone()));
            }
        }
        let [.., (step, step_range), (name, name_range)] = &segments[..] else { return None };
        let step = self.names.find_within(NameKind::Step, job, step);
        if offset <= step_range.end {
            return (offset >= step_range.start)
                .then_some((Symbol::Declared(step?), step_range.clone()));
        }
        Some((Symbol::Output { step, name: (*name).to_owned() }, name_range.clone()))
    }

    fn in_macro(&self, range: Range<usize>, offset: usize, id: Id) -> Found {
        let text = self.sketch.text.get(range.clone())?;
        let start = range.start + text.len() - text.trim_start().len();
        self.variable(text.trim(), start..start + text.trim().len(), offset, id)
    }

    /// A variable by its name, which may be an output of a step of the same job.
    fn variable(&self, text: &str, range: Range<usize>, offset: usize, id: Id) -> Found {
        if let Some((step, name)) = text.split_once('.') {
            let job = self.names.enclosing(self.sketch, id, NameKind::Job);
            if let Some(found) = self.names.find_within(NameKind::Step, job, step) {
                let end = range.start + step.len();
                if offset <= end {
                    return Some((Symbol::Declared(found), range.start..end));
                }
                let name = name.to_owned();
                return Some((Symbol::Output { step: Some(found), name }, end + 1..range.end));
            }
        }
        (!text.is_empty()).then(|| (Symbol::Named(NameKind::Variable, text.to_owned()), range))
    }

    fn in_command(&self, range: Range<usize>, offset: usize) -> Found {
        let text = self.sketch.text.get(range.clone())?;
        let name = text.split(' ').next().unwrap_or_default();
        if offset <= range.start + name.len() {
            return Some((
                Symbol::Command(command(name)?.name),
                range.start..range.start + name.len(),
            ));
        }
        let at = self.names.set.partition_point(|set| set.range.end < offset);
        let set = self.names.set.get(at).filter(|set| set.range.start <= offset)?;
        if set.is_output {
            let step = self.names.enclosing(self.sketch, set.pair, NameKind::Step);
            return Some((Symbol::Output { step, name: set.name.clone() }, set.range.clone()));
        }
        Some((Symbol::Named(NameKind::Variable, set.name.clone()), set.range.clone()))
    }
}
