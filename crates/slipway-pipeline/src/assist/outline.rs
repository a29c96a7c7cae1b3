//! The outline of a file, and what can be folded.

use std::ops::Range;

use super::names::Names;
use super::sketch::{Id, Kind, ROOT, Sketch};
use crate::schema::{Shape, keys};

/// A part of the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineItem {
    pub name: String,
    pub detail: String,
    pub kind: OutlineKind,
    /// All of it.
    pub range: Range<usize>,
    /// Its name.
    pub selection: Range<usize>,
    pub children: Vec<OutlineItem>,
}

/// What a part of the outline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineKind {
    /// A key of the root.
    Section,
    Stage,
    Job,
    Step,
    Template,
    Variable,
    Parameter,
    Resource,
}

/// Lines that can be folded, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    pub first: usize,
    pub last: usize,
    pub is_comment: bool,
}

/// The outline: sections, stages, jobs, steps.
pub fn symbols(text: &str) -> Vec<OutlineItem> {
    let sketch = Sketch::new(text);
    let names = Names::of(&sketch);
    let mut found: Vec<(Id, OutlineItem)> = Vec::new();
    for pair in sketch.children(ROOT).filter(|id| sketch.is_pair(*id)) {
        let detail = sketch.value(pair).lines().next().unwrap_or_default().to_owned();
        let name = sketch.key(pair).to_owned();
        found.push((
            pair,
            item(&sketch, pair, name, detail, OutlineKind::Section, sketch.key_range(pair)),
        ));
    }
    for (id, shape) in &names.items {
        if let Some(item) = shown(&sketch, *id, *shape) {
            found.push((*id, item));
        }
    }
    found.sort_by_key(|(id, _)| *id);
    assemble(&sketch, found)
}

fn item(
    sketch: &Sketch<'_>,
    id: Id,
    name: String,
    detail: String,
    kind: OutlineKind,
    selection: Range<usize>,
) -> OutlineItem {
    let node = sketch.node(id);
    let range = node.key.start.min(selection.start)..node.end.max(selection.end);
    OutlineItem { name, detail, kind, range, selection, children: Vec::new() }
}

fn shown(sketch: &Sketch<'_>, id: Id, shape: Shape) -> Option<OutlineItem> {
    let kind = match shape {
        Shape::Stage => OutlineKind::Stage,
        Shape::Job | Shape::Deployment | Shape::Phase => OutlineKind::Job,
        Shape::StageTemplate
        | Shape::JobTemplate
        | Shape::StepTemplate
        | Shape::VariableTemplate => OutlineKind::Template,
        Shape::Variable | Shape::VariableGroup => OutlineKind::Variable,
        Shape::Parameter => OutlineKind::Parameter,
        Shape::Repository
        | Shape::ContainerResource
        | Shape::PipelineResource
        | Shape::Package
        | Shape::Webhook
        | Shape::Build => OutlineKind::Resource,
        Shape::Script
        | Shape::Bash
        | Shape::Pwsh
        | Shape::PowerShell
        | Shape::Task
        | Shape::Checkout
        | Shape::Download
        | Shape::DownloadBuild
        | Shape::GetPackage
        | Shape::Publish
        | Shape::Upload
        | Shape::ReviewApp => OutlineKind::Step,
        _ => return None,
    };
    let first = keys(shape).iter().find(|key| key.is_first)?;
    let pair = sketch.child(id, first.name)?;
    let line = |pair: Id| sketch.first_line(pair).to_owned();
    let own = line(pair);
    let display = sketch.child(id, "displayName").map(line).unwrap_or_default();
    let (name, detail) = match (kind, display.is_empty()) {
        (OutlineKind::Step, false) => (display, first.name.to_owned()),
        (OutlineKind::Step | OutlineKind::Template, true) => (own, first.name.to_owned()),
        _ => (own, display),
    };
    let name = if name.is_empty() { first.name.to_owned() } else { name };
    Some(item(sketch, id, name, detail, kind, sketch.key_range(pair)))
}

/// Puts each into the nearest one that it is in.
fn assemble(sketch: &Sketch<'_>, found: Vec<(Id, OutlineItem)>) -> Vec<OutlineItem> {
    let places: std::collections::HashMap<Id, usize> =
        found.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
    let parents: Vec<Option<usize>> = found
        .iter()
        .map(|(id, _)| sketch.ancestors(*id).skip(1).find_map(|above| places.get(&above).copied()))
        .collect();
    let mut items: Vec<OutlineItem> = found.into_iter().map(|(_, item)| item).collect();
    let mut roots = Vec::new();
    // From the last one up, so that each has all of its children when it is moved itself.
    while let Some(mut item) = items.pop() {
        item.children.reverse();
        match parents[items.len()].and_then(|parent| items.get_mut(parent)) {
            Some(parent) => parent.children.push(item),
            None => roots.push(item),
        }
    }
    roots.reverse();
    roots
}

/// What can be folded: keys and items of more than one line, and comments.
pub fn folding(text: &str) -> Vec<Fold> {
    let sketch = Sketch::new(text);
    let mut found = Vec::new();
    for (id, node) in sketch.nodes.iter().enumerate().skip(1) {
        let first = sketch.line(node.key.start);
        let last = sketch.line(node.end);
        // An item is folded at its dash; the key on the same line is not folded again.
        let is_repeated = node.kind == Kind::Pair
            && sketch.node(node.parent).kind == Kind::Item
            && sketch.line(sketch.node(node.parent).key.start) == first
            && sketch.line(sketch.node(node.parent).end) == last;
        if last > first && !is_repeated && id != ROOT {
            found.push(Fold { first, last, is_comment: false });
        }
    }
    let mut start: Option<usize> = None;
    for line in 0..=sketch.lines.len() {
        let is_comment = line < sketch.lines.len()
            && sketch.text[sketch.line_range(line)].trim_start().starts_with('#');
        match (is_comment, start) {
            (true, None) => start = Some(line),
            (false, Some(first)) => {
                if line - first > 1 {
                    found.push(Fold { first, last: line - 1, is_comment: true });
                }
                start = None;
            }
            _ => {}
        }
    }
    found.sort_by_key(|fold| (fold.first, fold.last));
    found
}
