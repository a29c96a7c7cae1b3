//! Setting a value: the scalar's own bytes where that will do, its lines where it will not.

use super::change::TextChange;
use super::draft::{Step, View};
use super::error::EditError;
use super::extent::{blank_below, finish};
use super::part::{Form, Part};
use super::path::Path;
use super::render::{Slot, Written, padded};
use super::scalar::{Spot, as_block, on_one_line};
use super::shape::Shape;
use super::style::list_column;
use super::value::Value;
use crate::tree::ScalarStyle;

/// Puts a value in the place of another.
pub(super) fn set(view: &View<'_>, at: &[usize], value: &Value) -> Result<Step, EditError> {
    let place = || Path::of(at).to_string();
    let Some((index, above)) = at.split_last() else {
        return Err(EditError::Layout { place: "/".to_owned(), why: "it is the whole file" });
    };
    let parent = view.root.at(above);
    let part = &parent.children[*index];
    if parent.is_odd || part.is_odd {
        return Err(EditError::Layout { place: place(), why: "it is written in an unusual way" });
    }
    let mut expected = view.shape();
    if parent.is_flow() {
        let (text, shape) = flow_value(view, part, value)?;
        put(&mut expected, at, shape);
        let colon =
            if parent.is_map() && !view.lines.text[..part.after].ends_with(':') { ":" } else { "" };
        let text = if part.value == part.end { format!("{colon} {text}") } else { text };
        let changes = vec![TextChange::new(part.value, part.end, text)];
        return Ok(Step { changes, expected, removed: vec![(part.value, part.end)] });
    }
    let written = new_value(view, parent, part, value)?;
    put(&mut expected, at, written.shape.clone().unwrap_or(Shape::Null));
    let (changes, removed) = replaced(view, part, &written);
    Ok(Step { changes, expected, removed })
}

fn put(shape: &mut Shape, at: &[usize], new: Shape) {
    if let Some(old) = shape.at(at) {
        *old = new;
    }
}

/// A value between brackets, in the old one's quotes.
pub(super) fn flow_value(
    view: &View<'_>,
    part: &Part<'_>,
    value: &Value,
) -> Result<(String, Shape), EditError> {
    if let Value::Yaml(text) = value {
        let written = view.style.write(value, Slot::Item { column: 0 })?;
        if !written.below.is_empty() || !written.above.is_empty() {
            return Err(EditError::BadFragment {
                message: format!("'{text}' does not fit between brackets."),
            });
        }
        let shape = written.shape.unwrap_or(Shape::Null);
        // `[a: b]` is a mapping, and an unusual one.
        let is_bare = matches!(shape, Shape::Map(_)) && !written.inline.starts_with('{');
        let text = if is_bare { format!("{{{}}}", written.inline) } else { written.inline };
        return Ok((text, shape));
    }
    let shape = value.shape().ok_or_else(|| EditError::BadFragment {
        message: "It is nested too deep, or has YAML inside.".to_owned(),
    })?;
    let text = match (value, part.scalar()) {
        (Value::Text(text), Some(old)) => {
            let spot = Spot { in_flow: true, is_key: false };
            on_one_line(text, old_style(part, old.style), view.style.quote, spot)
        }
        _ => view.style.flow(value, true),
    };
    Ok((text, shape))
}

/// How it was written, if anything was.
fn old_style(part: &Part<'_>, style: ScalarStyle) -> Option<ScalarStyle> {
    (part.value < part.end).then_some(style)
}

fn new_value(
    view: &View<'_>,
    parent: &Part<'_>,
    part: &Part<'_>,
    value: &Value,
) -> Result<Written, EditError> {
    let column = view.lines.column(part.start);
    let mut style = view.style;
    let slot = if parent.form == Form::BlockList {
        if part.value > part.after && view.lines.of(part.value) == view.lines.of(part.start) {
            style.gap = part.value - part.start;
        }
        Slot::Item { column }
    } else {
        style.list = list_column(&view.lines, parent).unwrap_or(style.list);
        Slot::Key { column }
    };
    let is_block = value.is_collection() && !value.is_empty_collection();
    if part.is_flow() && is_block && fits_on_a_line(value) {
        let shape = value.shape();
        return Ok(Written { inline: style.flow(value, false), shape, ..Written::default() });
    }
    if let (Value::Text(text), Some(old)) = (value, part.scalar()) {
        let inline_or_block = scalar_text(view, part, text, old_style(part, old.style), slot);
        return Ok(inline_or_block);
    }
    style.write(value, slot)
}

/// True for a list or mapping of short scalars.
fn fits_on_a_line(value: &Value) -> bool {
    let is_short = |value: &Value| match value {
        Value::Text(text) => !text.contains('\n'),
        Value::Word(_) | Value::Null => true,
        _ => false,
    };
    match value {
        Value::List(items) => items.iter().all(is_short),
        Value::Map(entries) => entries.iter().all(|(_, value)| is_short(value)),
        _ => false,
    }
}

/// The text in the old scalar's style: a block stays a block, quotes stay quotes.
fn scalar_text(
    view: &View<'_>,
    part: &Part<'_>,
    text: &str,
    old: Option<ScalarStyle>,
    slot: Slot,
) -> Written {
    let (column, step) = match slot {
        Slot::Key { column } => (column, view.style.step),
        Slot::Item { column } => (column, view.style.gap),
    };
    let was_block = matches!(old, Some(ScalarStyle::Literal | ScalarStyle::Folded));
    let old_column = part
        .body
        .as_ref()
        .filter(|body| !body.is_empty())
        .map(|_| view.lines.column(part.node.place.span.start));
    let body_column = old_column.filter(|old| *old > column).unwrap_or(column + step);
    let is_folded = old == Some(ScalarStyle::Folded);
    let may_keep = was_block && blank_below(&view.lines, part.end) == 0;
    let is_quoted = matches!(old, Some(ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted));
    let shape = Some(Shape::Text(text.into()));
    // Comments below that are indented further would become text of a new block.
    let has_tail = finish(&view.lines, part) > view.lines.end_of(part.end);
    let wants_block = was_block
        || !has_tail
            && text.contains('\n')
            && !(is_quoted && text.trim_end_matches('\n').lines().count() < 2);
    if wants_block && let Some(block) = as_block(text, is_folded, body_column - column, may_keep) {
        let below = block.lines.iter().map(|line| padded(body_column, line)).collect();
        return Written { inline: block.header, below, shape, ..Written::default() };
    }
    let old = old.filter(|_| !was_block);
    let inline = on_one_line(text, old, view.style.quote, Spot::default());
    Written { inline, shape, ..Written::default() }
}

/// The changes that put a value in the place of a block collection's child.
fn replaced(
    view: &View<'_>,
    part: &Part<'_>,
    new: &Written,
) -> (Vec<TextChange>, Vec<(usize, usize)>) {
    let lines = &view.lines;
    let end = view.style.line_end;
    let marker_line = lines.of(part.after.saturating_sub(1));
    let below: String = new.below.iter().map(|line| format!("{end}{line}")).collect();
    let is_same_line = part.value == part.after || lines.of(part.value) == marker_line;
    let is_dash = lines.text[..part.after].ends_with('-');
    let blank = if new.inline.is_empty() {
        String::new()
    } else if is_dash {
        super::render::pad(view.style.gap - 1)
    } else {
        " ".to_owned()
    };
    // The value and the lines below the one it starts on.
    let (inline_end, block_end) = match (&part.body, part.is_block()) {
        (Some(body), _) => {
            let header = lines.text[part.value..body.start].split([' ', '\t', '#']).next();
            (part.value + header.unwrap_or_default().len(), body.end.max(body.start))
        }
        (None, true) if is_same_line => (part.end, finish(lines, part)),
        (None, true) => (part.after, finish(lines, part)),
        (None, false) => (part.end, lines.end_of(part.end)),
    };
    if !is_same_line {
        let is_plain_swap = !part.is_block()
            && part.body.is_none()
            && new.below.is_empty()
            && !new.inline.is_empty();
        if is_plain_swap {
            return (
                vec![TextChange::new(part.value, part.end, new.inline.clone())],
                vec![(part.value, part.end)],
            );
        }
        // The old value's lines go, the new one starts behind the marker.
        let from = lines.end(marker_line);
        let changes = vec![
            TextChange::insert(part.after, format!("{blank}{}", new.inline)),
            TextChange::new(from, block_end, below),
        ];
        return (changes, vec![(from, block_end)]);
    }
    let from =
        if part.body.is_some() { lines.end_of(part.value) } else { lines.end_of(inline_end) };
    let block_end = block_end.max(from);
    let inline = if part.value == part.after {
        TextChange::insert(part.after, format!("{blank}{}", new.inline))
    } else if new.inline.is_empty() {
        TextChange::delete(part.after, inline_end)
    } else {
        TextChange::new(part.value, inline_end, new.inline.clone())
    };
    let removed = vec![(part.value, inline_end), (from, block_end)];
    (vec![inline, TextChange::new(from, block_end, below)], removed)
}
