//! Moving, copying and wrapping what is there: its lines travel as they are written.

use super::change::TextChange;
use super::draft::{Draft, Step, View};
use super::error::EditError;
use super::extent::{Extent, extent};
use super::insert::{flow, insert_item, insert_lines};
use super::part::{Form, Part};
use super::path::Path;
use super::remove::remove;
use super::render::{pad, padded};
use super::scalar::{Spot, is_plain, on_one_line};
use super::shape::Shape;
use super::value::Value;
use crate::tree::{Node, NodeValue, ScalarStyle};

/// Moves an item or entry within its list or mapping: whole lines change places.
pub(super) fn reorder(
    view: &View<'_>,
    above: &[usize],
    from: usize,
    to: usize,
) -> Result<Step, EditError> {
    let parent = view.root.at(above);
    let count = parent.children.len();
    let place = || Path::of(above).to_string();
    if to >= count {
        return Err(EditError::OutOfRange { place: place(), index: to, count });
    }
    if parent.is_odd {
        return Err(EditError::Layout { place: place(), why: "it is written in an unusual way" });
    }
    let mut expected = view.shape();
    match expected.at(above) {
        Some(Shape::List(items)) => {
            let item = items.remove(from);
            items.insert(to, item);
        }
        Some(Shape::Map(entries)) => {
            let entry = entries.remove(from);
            entries.insert(to, entry);
        }
        _ => {}
    }
    let ranges: Vec<(usize, usize)> = (0..count).map(|index| slot(view, parent, index)).collect();
    // A part in an unusual way (`? key`) can end behind the beginning of the next.
    let is_apart = ranges.iter().all(|(begin, finish)| begin <= finish)
        && ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    if !is_apart {
        return Err(EditError::Layout { place: place(), why: "its parts share lines" });
    }
    let mut order: Vec<usize> = (0..count).collect();
    let moved = order.remove(from);
    order.insert(to, moved);
    let (first, last) = (from.min(to), from.max(to));
    let text = view.lines.text;
    let between = |index: usize| &text[ranges[index].1..ranges[index + 1].0];
    let is_even = (first..last).all(|index| between(index) == between(first));
    let content = |index: usize| &text[ranges[index].0..ranges[index].1];
    let changes = if is_even && first < last {
        // One is taken out and put in elsewhere; the others keep their lines.
        let gap = between(first);
        if from < to {
            vec![
                TextChange::delete(ranges[from].0, ranges[from + 1].0),
                TextChange::insert(ranges[to].1, format!("{gap}{}", content(from))),
            ]
        } else {
            vec![
                TextChange::insert(ranges[to].0, format!("{}{gap}", content(from))),
                TextChange::delete(ranges[from - 1].1, ranges[from].1),
            ]
        }
    } else {
        (first..=last)
            .map(|index| TextChange::new(ranges[index].0, ranges[index].1, content(order[index])))
            .collect()
    };
    Ok(Step { changes, expected, removed: Vec::new() })
}

/// True when between all children from one to another stands the same, so that moving one leaves the
/// others where they are.
pub(super) fn is_even(view: &View<'_>, above: &[usize], from: usize, to: usize) -> bool {
    let parent = view.root.at(above);
    let ranges: Vec<(usize, usize)> =
        (from.min(to)..=from.max(to)).map(|index| slot(view, parent, index)).collect();
    let mut gaps = ranges.windows(2).map(|pair| view.lines.text.get(pair[0].1..pair[1].0));
    let first = gaps.next();
    gaps.all(|gap| Some(gap) == first)
}

/// The bytes of a child that change places. In a collection that starts behind a dash comments stay
/// where they are: the first has none above it.
fn slot(view: &View<'_>, parent: &Part<'_>, index: usize) -> (usize, usize) {
    let child = &parent.children[index];
    if !parent.is_block() {
        return (child.start, child.end);
    }
    let own = extent(&view.lines, parent, index);
    let is_inline = !view.lines.is_first_on_line(parent.children[0].start);
    (if is_inline { child.start } else { own.begin }, own.finish)
}

/// Copies an item to a position of a list, with its comments.
pub(super) fn copy(
    view: &View<'_>,
    from: &[usize],
    list: &[usize],
    index: usize,
) -> Result<Step, EditError> {
    let item = view.root.at(from);
    let target = view.root.at(list);
    let shape = Shape::of(item.node);
    let count = target.children.len();
    if index > count {
        return Err(EditError::OutOfRange { place: Path::of(list).to_string(), index, count });
    }
    let Some((number, above)) = from.split_last() else {
        return Err(EditError::Layout { place: "/".to_owned(), why: "it is the whole file" });
    };
    let source = view.root.at(above);
    if source.form != Form::BlockList || target.form == Form::FlowList {
        if target.form == Form::FlowList
            && item.end > item.start
            && source.is_flow()
            && item.key.is_none()
        {
            let text = view.lines.text[item.start..item.end].to_owned();
            return flow(view, list, index, text, None, shape);
        }
        if target.form == Form::FlowList && count == 0 && source.form == Form::BlockList {
            return insert_item(
                view,
                list,
                Some(index),
                &Value::Yaml(as_yaml(view, source, *number)),
            );
        }
        return insert_item(view, list, Some(index), &value_of(item.node));
    }
    if target.form != Form::BlockList {
        return insert_item(view, list, Some(index), &Value::Yaml(as_yaml(view, source, *number)));
    }
    let column = view.lines.column(target.children[0].start);
    insert_lines(view, list, index, lifted(view, source, *number, column), shape)
}

/// The lines of an item, with its dash in another column.
pub(super) fn lifted(view: &View<'_>, list: &Part<'_>, index: usize, column: usize) -> Vec<String> {
    let lines = &view.lines;
    let own: Extent = extent(lines, list, index);
    let item = &list.children[index];
    let old = lines.column(item.start);
    let (first, last) = (lines.of(own.begin), lines.of(own.finish));
    let dash = lines.of(item.start);
    (first..=last)
        .map(|line| {
            let text = lines.line(line);
            if line == dash {
                return format!("{}{}", pad(column), &lines.text[item.start..lines.end(line)]);
            }
            let blank = lines.indent(line);
            if line < dash || blank < old {
                return padded(column, text.trim_start_matches(' '));
            }
            padded(column, &text[old..])
        })
        .collect()
}

/// The item itself, without its dash, as YAML.
pub(super) fn as_yaml(view: &View<'_>, list: &Part<'_>, index: usize) -> String {
    let item = &list.children[index];
    let gap = item.value.saturating_sub(item.start);
    let is_same_line = view.lines.of(item.value) == view.lines.of(item.start);
    let dash = lifted(view, list, index, 0);
    let mut lines = Vec::new();
    let mut is_item = false;
    for line in dash {
        if !is_item && line.starts_with('#') {
            lines.push(line);
        } else if !is_item {
            is_item = true;
            if is_same_line && gap > 0 {
                lines.push(line[gap.min(line.len())..].to_owned());
            }
        } else {
            let gap = if is_same_line { gap } else { 0 };
            lines.push(super::render::dedented(&line, gap).to_owned());
        }
    }
    lines.join("\n")
}

/// A node as a value.
pub(super) fn value_of(node: &Node) -> Value {
    match &node.value {
        NodeValue::Scalar(scalar) if scalar.is_null() => Value::Null,
        // What was written without quotes stays so.
        NodeValue::Scalar(scalar)
            if scalar.style == ScalarStyle::Plain
                && is_plain(scalar.as_str(), Spot { in_flow: true, is_key: false }) =>
        {
            Value::Word(scalar.as_str().to_owned())
        }
        NodeValue::Scalar(scalar) => Value::Text(scalar.as_str().to_owned()),
        NodeValue::Sequence(items) => Value::List(items.iter().map(value_of).collect()),
        NodeValue::Mapping(entries) => Value::Map(
            entries
                .iter()
                .map(|entry| (entry.key.as_str().to_owned(), value_of(&entry.value)))
                .collect(),
        ),
    }
}

/// Moves an item to another list.
pub(super) fn transfer(
    draft: &mut Draft,
    from: &[usize],
    list: &[usize],
    index: usize,
) -> Result<(), EditError> {
    if list.starts_with(from) {
        let place = Path::of(from).to_string();
        return Err(EditError::Layout { place, why: "it would be moved into itself" });
    }
    let step = copy(&draft.view(), from, list, index)?;
    draft.take(step)?;
    let mut source = from.to_vec();
    // The copy has pushed those behind it one further.
    if from.len() > list.len() && from.starts_with(list) && from[list.len()] >= index {
        source[list.len()] += 1;
    }
    let step = remove(&draft.view(), &source)?;
    draft.take(step)
}

/// Puts items or entries below a `${{ }}` key.
pub(super) fn wrap(
    view: &View<'_>,
    at: &[usize],
    index: usize,
    count: usize,
    key: &str,
) -> Result<Step, EditError> {
    let parent = view.root.at(at);
    let place = Path::of(at).to_string();
    let all = parent.children.len();
    if parent.form == Form::Scalar {
        return Err(EditError::WrongShape { place, expected: "list or mapping" });
    }
    let Some(last) = index.checked_add(count).filter(|end| *end <= all && count > 0) else {
        return Err(EditError::OutOfRange {
            place,
            index: index.saturating_add(count),
            count: all,
        });
    };
    let first = extent(&view.lines, parent, index);
    if parent.is_odd || !parent.is_block() || first.is_inline {
        return Err(EditError::Layout { place, why: "it is written on one line" });
    }
    let column = view.lines.column(parent.children[index].start);
    let (dash, further) = match parent.form {
        Form::BlockList => ("- ", 2 + view.style.list),
        _ => ("", view.style.step),
    };
    let finish = extent(&view.lines, parent, last - 1).finish;
    let end = view.style.line_end;
    let spot = Spot { in_flow: false, is_key: true };
    let written = on_one_line(key, None, view.style.quote, spot);
    let mut changes =
        vec![TextChange::insert(first.begin, format!("{}{dash}{written}:{end}", pad(column)))];
    for line in view.lines.of(first.begin)..=view.lines.of(finish) {
        if view.lines.start(line) < view.lines.end(line) {
            changes.push(TextChange::insert(view.lines.start(line), pad(further)));
        }
    }
    let mut expected = view.shape();
    match expected.at(at) {
        Some(Shape::List(items)) => {
            let inner = Shape::List(items.drain(index..last).collect());
            items.insert(index, Shape::Map(vec![(key.into(), inner)]));
        }
        Some(Shape::Map(entries)) => {
            let inner = Shape::Map(entries.drain(index..last).collect());
            entries.insert(index, (key.into(), inner));
        }
        _ => {}
    }
    Ok(Step { changes, expected, removed: Vec::new() })
}
