//! An edit in the making: a text that was read, changed step by step, each step judged.
//!
//! A step is computed as replacements in the text together with the tree that they should lead to.
//! The result is read again: it has to have that tree, every comment that was not in a removed part,
//! and no new kind of line end. Otherwise the edit is refused; nothing is written that was not meant.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::change::{Pieces, TextChange, changed, tidied};
use super::error::EditError;
use super::lines::Lines;
use super::part::{Part, parts};
use super::shape::Shape;
use super::style::{Style, style};
use crate::diagnostic::Severity;
use crate::tree::{Node, ScalarStyle, SourceId, SourceText, read};

/// One step of an edit.
pub(super) struct Step {
    pub(super) changes: Vec<TextChange>,
    /// The tree afterwards.
    pub(super) expected: Shape,
    /// Bytes of the old text whose comments may go.
    pub(super) removed: Vec<(usize, usize)>,
}

/// A text with its parts and habits, while a step is computed.
pub(super) struct View<'t> {
    pub(super) lines: Lines<'t>,
    pub(super) root: Part<'t>,
    pub(super) style: Style,
}

impl View<'_> {
    pub(super) fn shape(&self) -> Shape {
        Shape::of(self.root.node)
    }
}

/// The text as it is so far.
pub(super) struct Draft {
    text: Arc<str>,
    root: Node,
    duplicates: usize,
    pieces: Pieces,
}

impl Draft {
    /// Reads a text. One that is broken cannot be edited.
    pub(super) fn new(text: &Arc<str>) -> Result<Self, EditError> {
        let (root, duplicates) = read_whole(text)?;
        Ok(Self { text: text.clone(), root, duplicates, pieces: Pieces::new(text) })
    }

    pub(super) fn view(&self) -> View<'_> {
        let lines = Lines::new(&self.text);
        let root = parts(&lines, &self.root);
        let style = style(&lines, &root);
        View { lines, root, style }
    }

    /// Makes a step, if it does what it says.
    pub(super) fn take(&mut self, step: Step) -> Result<(), EditError> {
        let changes = tidied(&self.text, step.changes);
        let text = changed(&self.text, &changes)?;
        let (root, duplicates) = read_whole(&text).map_err(|error| match error {
            EditError::Broken { line, message, .. } => EditError::Unfaithful {
                why: format!("line {line} would not be valid YAML any more: {message}"),
            },
            other => other,
        })?;
        if duplicates > self.duplicates {
            return unfaithful("a key would be there twice");
        }
        if let Some(why) = Shape::of(&root).difference(&step.expected) {
            return unfaithful(why);
        }
        let old = self.view();
        let kept = comments(&old.lines, &old.root, &step.removed);
        let lines = Lines::new(&text);
        let found = comments(&lines, &parts(&lines, &root), &[]);
        if let Some(lost) = kept.iter().find(|(text, count)| found.get(*text) < Some(*count)) {
            return unfaithful(format!("the comment '{}' would be lost", lost.0));
        }
        let (old_ends, new_ends) = (line_ends(&self.text), line_ends(&text));
        if old_ends != (false, false) && (new_ends.0 && !old_ends.0 || new_ends.1 && !old_ends.1) {
            return unfaithful("line ends of another kind would come in");
        }
        self.pieces.change(&changes);
        self.text = text.into();
        self.root = root;
        self.duplicates = duplicates;
        Ok(())
    }

    /// The text, and the changes that led to it.
    pub(super) fn finish(self, old: &str) -> (Arc<str>, Vec<TextChange>) {
        let changes = self.pieces.changes(old);
        (self.text, changes)
    }
}

fn unfaithful<T>(why: impl Into<String>) -> Result<T, EditError> {
    Err(EditError::Unfaithful { why: why.into() })
}

/// The tree, and how many keys are there twice: a file with such a key can be edited, so that the
/// key can be removed.
fn read_whole(text: &str) -> Result<(Node, usize), EditError> {
    let source = SourceText::new(SourceId(0), "", text);
    let tree = read(&source);
    let errors = || tree.diagnostics.iter().filter(|at| at.severity == Severity::Error);
    if let Some(wrong) = errors().find(|at| at.code != "duplicate_key") {
        return Err(EditError::Broken {
            line: wrong.span.line,
            column: wrong.span.column,
            message: wrong.message.clone(),
            hint: wrong.hint.clone(),
        });
    }
    let end = source.place(text.len(), text.len());
    let duplicates = errors().count();
    Ok((tree.root.unwrap_or_else(|| Node::null(end)), duplicates))
}

/// Whether a text has line feeds of their own, and with carriage returns.
fn line_ends(text: &str) -> (bool, bool) {
    let with = text.matches("\r\n").count();
    (text.matches('\n').count() > with, with > 0)
}

/// The comments that stand outside some ranges, counted.
fn comments<'t>(
    lines: &Lines<'t>,
    root: &Part<'t>,
    outside: &[(usize, usize)],
) -> HashMap<&'t str, usize> {
    let mut opaque = Vec::new();
    collect(root, &mut opaque);
    let text = lines.text;
    let mut counts = HashMap::new();
    let mut at = 0;
    for range in opaque.into_iter().chain(std::iter::once(text.len()..text.len())) {
        while at < range.start {
            let Some(hash) = text[at..range.start].find('#').map(|hash| at + hash) else { break };
            let end = lines.end_of(hash).max(hash + 1);
            if !outside.iter().any(|range| (range.0..range.1).contains(&hash)) {
                *counts.entry(text[hash..end].trim_end()).or_insert(0) += 1;
            }
            at = end;
        }
        at = at.max(range.end);
    }
    counts
}

/// The bytes in which a `#` starts no comment, in order.
fn collect(part: &Part<'_>, found: &mut Vec<Range<usize>>) {
    if let Some(entry) = part.key {
        found.push(entry.key_place.span.start..entry.key_place.span.end);
    }
    match (&part.body, part.scalar()) {
        (Some(body), _) => found.push(body.clone()),
        (None, Some(scalar)) if scalar.style != ScalarStyle::Expanded => {
            found.push(part.value..part.end);
        }
        _ => {}
    }
    for child in &part.children {
        collect(child, found);
    }
}
