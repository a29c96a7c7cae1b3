//! Completion: what may be written at a place of a text.
//!
//! Called for each key press, so everything is worked out from the lines of the text
//! ([`super::sketch`]); the text may be broken. Deliberately not here: which of the answers fit what is
//! written already, which is the editor's business.

mod expressions;
mod keys;
mod tasks;
#[cfg(test)]
mod tests;
mod values;

pub(super) use expressions::value_of;

use std::ops::Range;

use super::expression::{Embedded, Site, embedded};
use super::names::Names;
use super::sketch::{Form, Id, Kind, ROOT, Sketch};
use super::spot::Spot;
use super::surroundings::Surroundings;
use crate::schema::Value;

/// Something that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What the list shows.
    pub label: String,
    /// What is put in place of `replace`: a snippet with `${1:…}` and `$0`, as editors know them. Its
    /// further lines are to be indented as the line is.
    pub insert: String,
    pub kind: CompletionKind,
    /// A few words behind the label.
    pub detail: String,
    /// Markdown.
    pub documentation: String,
    /// Bytes of the text.
    pub replace: Range<usize>,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    Key,
    Word,
    Task,
    Input,
    Variable,
    Parameter,
    Function,
    /// A stage, job, step, resource or other thing by its name.
    Name,
    File,
    Command,
    Snippet,
}

/// What may be written at a byte of a text.
pub fn complete(text: &str, offset: usize, around: &dyn Surroundings) -> Vec<Completion> {
    let offset = super::on_boundary(text, offset);
    let sketch = Sketch::new(text);
    let spot = sketch.spot(offset);
    let mut completer =
        Completer { sketch: &sketch, around, offset, found: Vec::new(), names: None };
    completer.at(&spot);
    completer.found
}

/// The work on one answer.
struct Completer<'s, 't> {
    sketch: &'s Sketch<'t>,
    around: &'s dyn Surroundings,
    offset: usize,
    found: Vec<Completion>,
    names: Option<Names>,
}

impl<'s, 't> Completer<'s, 't> {
    fn at(&mut self, spot: &Spot) {
        let (region, node) = match spot {
            Spot::Comment => return,
            Spot::Key { id } => (self.line_rest(), *id),
            Spot::Value { id } => {
                let value = self.sketch.node(*id).value.clone();
                (value.start.min(self.offset)..value.end.max(self.offset), *id)
            }
            Spot::Body { id } => {
                let body = self.sketch.node(*id).body.clone();
                (body.start..body.end.max(self.offset), *id)
            }
            Spot::NewKey { parent, .. } | Spot::NewElement { parent } => {
                (self.line_rest(), *parent)
            }
        };
        match embedded(self.sketch.text, region, self.offset) {
            Some(Embedded::Expression { site, range }) => {
                let is_key = match spot {
                    Spot::Body { .. } => false,
                    Spot::Value { id } => !self.sketch.is_pair(*id),
                    _ => true,
                };
                return self.expression(site, &range, node, is_key);
            }
            Some(Embedded::Macro { range }) => return self.macro_names(range, node),
            Some(Embedded::Command { range }) => return self.command(range),
            None => {}
        }
        match spot {
            Spot::Key { id } => self.on_key(*id),
            Spot::NewKey { parent, beside } => self.new_key(*parent, *beside),
            Spot::NewElement { parent } => {
                let replace = self.word();
                self.elements(*parent, replace, false);
            }
            Spot::Value { id } => self.on_value(*id),
            Spot::Body { id } => self.on_body(*id),
            Spot::Comment => {}
        }
    }

    /// The line that the cursor is on.
    fn line_rest(&self) -> Range<usize> {
        self.sketch.line_range(self.sketch.line(self.offset))
    }

    /// The word that the cursor is in.
    fn word(&self) -> Range<usize> {
        self.sketch.word(self.offset, |letter| letter.is_alphanumeric() || "_-.@/".contains(letter))
    }

    fn on_key(&mut self, id: Id) {
        let node = self.sketch.node(id);
        let replace = self.sketch.key_range(id);
        let has_colon = node.kind == Kind::Pair;
        self.keys(node.parent, Some(id), &replace, has_colon);
        if node.is_flow && self.sketch.node(node.parent).form == Form::FlowSequence {
            self.elements(node.parent, replace, false);
        }
    }

    fn new_key(&mut self, parent: Id, beside: Option<Id>) {
        let replace = self.offset..self.offset;
        let node = self.sketch.node(parent);
        let is_after_dash = node.kind == Kind::Item
            && self.sketch.line(node.key.start) == self.sketch.line(self.offset);
        if is_after_dash {
            self.scalars_of(parent, &replace);
        }
        let has_items = |id: Id| {
            self.sketch
                .children(id)
                .next()
                .is_none_or(|child| self.sketch.node(child).kind == Kind::Item)
        };
        if let Some(beside) = beside.filter(|beside| has_items(*beside)) {
            self.elements(beside, replace.clone(), true);
        }
        let holds_items = parent != ROOT && node.kind == Kind::Pair && has_items(parent);
        if holds_items && node.form == Form::Empty {
            self.elements(parent, replace.clone(), true);
        }
        let is_list =
            self.sketch.children(parent).any(|child| self.sketch.node(child).kind == Kind::Item);
        if !is_list {
            self.keys(parent, None, &replace, false);
        }
    }

    fn on_value(&mut self, id: Id) {
        let node = self.sketch.node(id);
        let slot = self.sketch.slot(id);
        let range = self.sketch.value_range(id);
        let is_inside = range.start <= self.offset && self.offset <= range.end;
        // What an answer replaces is on one line.
        let is_inside = is_inside && !self.sketch.text[range.clone()].contains('\n');
        let replace = if is_inside { range.clone() } else { self.offset..self.offset };
        if slot.contains(&Value::Condition) {
            let range = range.start.min(self.offset)..range.end.max(self.offset);
            return self.expression(Site::Condition, &range, id, false);
        }
        if node.kind == Kind::Item && node.form == Form::Scalar {
            self.first_keys(&slot, &replace);
            self.directives(&replace);
        }
        self.scalars(&slot, &replace, id);
        // Right behind the colon a blank is missing.
        if self.sketch.text[..self.offset].ends_with(':')
            && node.kind == Kind::Pair
            && !node.is_flow
        {
            for completion in &mut self.found {
                completion.insert.insert(0, ' ');
            }
        }
    }

    fn on_body(&mut self, id: Id) {
        if self.sketch.slot(id).contains(&Value::Condition) {
            let body = self.sketch.node(id).body.clone();
            let range = body.start.min(self.offset)..body.end.max(self.offset);
            self.expression(Site::Condition, &range, id, false);
        }
    }

    fn names(&mut self) -> &Names {
        let sketch = self.sketch;
        self.names.get_or_insert_with(|| Names::of(sketch))
    }

    fn push(
        &mut self,
        kind: CompletionKind,
        label: impl Into<String>,
        detail: impl Into<String>,
        replace: &Range<usize>,
    ) -> &mut Completion {
        let label = label.into();
        self.found.push(Completion {
            insert: escaped(&label),
            label,
            kind,
            detail: detail.into(),
            documentation: String::new(),
            replace: replace.clone(),
        });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// Blanks that further lines of a snippet need beyond the line's own indentation.
    fn further(&self, start: usize) -> String {
        let line = self.sketch.line_range(self.sketch.line(start));
        let before = &self.sketch.text[line.start..start.max(line.start)];
        let indent = before.len() - before.trim_start_matches(' ').len();
        " ".repeat(before.len() - indent)
    }
}

/// A text in which nothing is a placeholder.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}
