//! Inserting an entry or item, in the style of those that are there.

use super::change::TextChange;
use super::draft::{Step, View};
use super::error::EditError;
use super::extent::{extent, is_spaced};
use super::part::{Form, Part};
use super::path::Path;
use super::render::{Slot, Written, pad};
use super::set::{flow_value, set};
use super::shape::Shape;
use super::style::list_column;
use super::value::Value;

/// Inserts an item into a list; `None` appends.
pub(super) fn insert_item(
    view: &View<'_>,
    at: &[usize],
    index: Option<usize>,
    value: &Value,
) -> Result<Step, EditError> {
    let list = view.root.at(at);
    let index = position(list, at, index)?;
    if list.is_null() && !at.is_empty() {
        return set(view, at, &Value::List(vec![value.clone()]))
            .or_else(|_| by_yaml(view, at, value));
    }
    if !list.is_list() {
        return Err(EditError::WrongShape { place: Path::of(at).to_string(), expected: "list" });
    }
    if list.form == Form::FlowList {
        // `[]` is no reason to write a step on one line.
        let is_plain = matches!(value, Value::Text(text) if !text.contains('\n'))
            || matches!(value, Value::Word(_) | Value::Null);
        if list.children.is_empty() && !is_plain && !at.is_empty() && !is_in_flow(view, at) {
            return set(view, at, &Value::List(vec![value.clone()]))
                .or_else(|_| by_yaml(view, at, value));
        }
        let (text, shape) = flow_value(view, list, value)?;
        return flow(view, at, index, text, None, shape);
    }
    let column = list.children.first().map_or(0, |first| view.lines.column(first.start));
    let style = with_gap(view, list);
    let written = style.write(value, Slot::Item { column })?;
    let blank = if written.inline.is_empty() { String::new() } else { pad(style.gap - 1) };
    let first = format!("{}-{blank}{}", pad(column), written.inline);
    block(view, at, index, None, lines_of(column, &written, first), shape_of(&written))
}

/// Inserts an entry into a mapping; `None` appends.
pub(super) fn insert_entry(
    view: &View<'_>,
    at: &[usize],
    index: Option<usize>,
    key: &str,
    value: &Value,
) -> Result<Step, EditError> {
    let map = view.root.at(at);
    let index = position(map, at, index)?;
    if !key.contains("${{") && map.get(key).is_some() {
        let place = Path::of(at).to_string();
        return Err(EditError::AlreadyThere { name: key.to_owned(), place });
    }
    let mut style = view.style;
    if map.is_null() {
        return into_nothing(view, at, key, value);
    }
    if !map.is_map() {
        return Err(EditError::WrongShape { place: Path::of(at).to_string(), expected: "mapping" });
    }
    if map.form == Form::FlowMap {
        let is_collection = value.is_collection() && !value.is_empty_collection();
        if map.children.is_empty() && is_collection && !at.is_empty() && !is_in_flow(view, at) {
            return set(view, at, &Value::map([(key, value.clone())]));
        }
        let (text, shape) = flow_value(view, map, value)?;
        let text = style.flow_entry(key, &text);
        return flow(view, at, index, text, Some(key), shape);
    }
    let column = map.children.first().map_or(0, |first| view.lines.column(first.start));
    style.list = list_column(&view.lines, map).unwrap_or(style.list);
    let written = style.write(value, Slot::Key { column })?;
    let (first, _) = style.entry(key, &Value::Null, column);
    let blank = if written.inline.is_empty() { "" } else { " " };
    let first = format!("{first}{blank}{}", written.inline);
    block(view, at, index, Some(key), lines_of(column, &written, first), shape_of(&written))
}

/// The written lines of an item stay as they are: `lines` are the whole lines, `shape` what they say.
pub(super) fn insert_lines(
    view: &View<'_>,
    at: &[usize],
    index: usize,
    lines: Vec<String>,
    shape: Shape,
) -> Result<Step, EditError> {
    block(view, at, index, None, lines, shape)
}

fn position(parent: &Part<'_>, at: &[usize], index: Option<usize>) -> Result<usize, EditError> {
    let count = parent.children.len();
    let index = index.unwrap_or(count);
    if index > count {
        return Err(EditError::OutOfRange { place: Path::of(at).to_string(), index, count });
    }
    Ok(index)
}

/// `- ` with as many blanks as the items beside have.
fn with_gap(view: &View<'_>, list: &Part<'_>) -> super::style::Style {
    let mut style = view.style;
    let same_line = |part: &&Part<'_>| {
        part.value > part.after && view.lines.of(part.value) == view.lines.of(part.start)
    };
    if let Some(item) = list.children.iter().rfind(same_line) {
        style.gap = (item.value - item.start).clamp(2, 8);
    }
    style
}

fn lines_of(column: usize, written: &Written, first: String) -> Vec<String> {
    let above = written.above.iter().map(|line| format!("{}{line}", pad(column)));
    above.chain([first]).chain(written.below.iter().cloned()).collect()
}

fn shape_of(written: &Written) -> Shape {
    written.shape.clone().unwrap_or(Shape::Null)
}

/// True when a list or mapping stands between brackets.
pub(super) fn is_in_flow(view: &View<'_>, at: &[usize]) -> bool {
    at.split_last().is_some_and(|(_, above)| view.root.at(above).is_flow())
}

fn put(view: &View<'_>, at: &[usize], index: usize, key: Option<&str>, new: Shape) -> Shape {
    let mut expected = view.shape();
    match (expected.at(at), key) {
        (Some(Shape::List(items)), _) => items.insert(index.min(items.len()), new),
        (Some(Shape::Map(entries)), Some(key)) => {
            entries.insert(index.min(entries.len()), (key.into(), new));
        }
        (Some(other), Some(key)) => *other = Shape::Map(vec![(key.into(), new)]),
        _ => {}
    }
    expected
}

/// The first entry of what had no value.
fn into_nothing(
    view: &View<'_>,
    at: &[usize],
    key: &str,
    value: &Value,
) -> Result<Step, EditError> {
    if !at.is_empty() {
        if matches!(value, Value::Yaml(_)) {
            return Err(EditError::WrongShape {
                place: Path::of(at).to_string(),
                expected: "mapping",
            });
        }
        return set(view, at, &Value::map([(key, value.clone())]));
    }
    let end = view.style.line_end;
    let written = view.style.write(value, Slot::Key { column: 0 })?;
    let (first, _) = view.style.entry(key, &Value::Null, 0);
    let blank = if written.inline.is_empty() { "" } else { " " };
    let lines = lines_of(0, &written, format!("{first}{blank}{}", written.inline));
    let text = view.lines.text;
    let is_fresh = text.trim_start_matches('\u{feff}').is_empty() || text.ends_with('\n');
    let before = if is_fresh { "" } else { end };
    let new = format!("{before}{}{end}", lines.join(end));
    let expected = put(view, at, 0, Some(key), shape_of(&written));
    Ok(Step { changes: vec![TextChange::insert(text.len(), new)], expected, removed: Vec::new() })
}

/// A list with one item that is given as YAML, where there was nothing.
fn by_yaml(view: &View<'_>, at: &[usize], value: &Value) -> Result<Step, EditError> {
    let written = view.style.write(value, Slot::Item { column: 0 })?;
    let mut lines: Vec<String> = written.above.clone();
    lines.push(format!("- {}", written.inline));
    lines.extend(written.below.iter().cloned());
    set(view, at, &Value::Yaml(lines.join("\n")))
}

/// Whole lines before a child of a block collection, or after the last.
fn block(
    view: &View<'_>,
    at: &[usize],
    index: usize,
    key: Option<&str>,
    lines: Vec<String>,
    shape: Shape,
) -> Result<Step, EditError> {
    let parent = view.root.at(at);
    if parent.is_odd {
        let place = Path::of(at).to_string();
        return Err(EditError::Layout { place, why: "it is written in an unusual way" });
    }
    let end = view.style.line_end;
    let count = parent.children.len();
    let beside = index.saturating_sub(1).min(count.saturating_sub(2));
    let is_spaced = count >= 2 && is_spaced(&view.lines, parent, beside);
    let change = if index < count {
        let next = extent(&view.lines, parent, index);
        let text = lines.join(end);
        if next.is_inline {
            let column = view.lines.column(next.begin);
            TextChange::insert(next.begin, format!("{}{end}{}", text.trim_start(), pad(column)))
        } else {
            let blank = if is_spaced { end } else { "" };
            TextChange::insert(next.begin, format!("{text}{end}{blank}"))
        }
    } else {
        let last = extent(&view.lines, parent, count.saturating_sub(1));
        let blank = if is_spaced { end } else { "" };
        TextChange::insert(last.finish, format!("{end}{blank}{}", lines.join(end)))
    };
    let expected = put(view, at, index, key, shape);
    Ok(Step { changes: vec![change], expected, removed: Vec::new() })
}

/// An entry or item between brackets.
pub(super) fn flow(
    view: &View<'_>,
    at: &[usize],
    index: usize,
    text: String,
    key: Option<&str>,
    shape: Shape,
) -> Result<Step, EditError> {
    let parent = view.root.at(at);
    if parent.is_odd {
        let place = Path::of(at).to_string();
        return Err(EditError::Layout { place, why: "it is written in an unusual way" });
    }
    let count = parent.children.len();
    let sample = parent.children.get(index.min(count.saturating_sub(1)));
    // Where each stands on a line of its own, so does the new one.
    let own_line = sample.filter(|child| view.lines.is_first_on_line(child.start));
    let between = match own_line {
        Some(child) if count > 1 || index == count => {
            format!(",{}{}", view.style.line_end, pad(view.lines.column(child.start)))
        }
        _ => ", ".to_owned(),
    };
    let change = match parent.children.get(index) {
        Some(next) => TextChange::insert(next.start, format!("{text}{between}")),
        None => match parent.children.last() {
            Some(last) => TextChange::insert(last.end, format!("{between}{text}")),
            None => TextChange::new(parent.value + 1, parent.end - 1, text),
        },
    };
    let expected = put(view, at, index, key, shape);
    Ok(Step { changes: vec![change], expected, removed: Vec::new() })
}
