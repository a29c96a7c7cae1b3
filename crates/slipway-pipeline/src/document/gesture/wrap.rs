//! Putting nodes below a directive, and taking a directive away from what it holds.

use super::add::directive;
use super::list::{items_of, take_out};
use super::moved::shown;
use super::place::{Kind, Places, spelled};
use super::removed::next_of_chain;
use crate::document::change::TextChange;
use crate::document::draft::{Draft, Step, View};
use crate::document::error::EditError;
use crate::document::extent::finish;
use crate::document::part::Form;
use crate::document::path::Path;
use crate::document::shape::Shape;
use crate::document::shift::wrap;

pub(super) fn wrap_nodes(
    draft: &mut Draft,
    nodes: &[Path],
    given: &str,
) -> Result<Vec<Path>, EditError> {
    let key = directive("if", given);
    let view = draft.view();
    let items = items_of(&view, nodes)?;
    let (first, label) = (&items[0].0, &items[0].1.label);
    let Some((index, list)) = first.split_last() else {
        return Err(EditError::Fixed { what: label.clone() });
    };
    for (number, (item, place)) in items.iter().enumerate() {
        let expected: Vec<usize> = list.iter().copied().chain([index + number]).collect();
        if *item != expected {
            let (left, right) = (label.clone(), place.label.clone());
            return Err(EditError::Apart { left, right });
        }
    }
    let step = wrap(&view, list, *index, items.len(), &key)?;
    let mut path = first.clone();
    drop(view);
    draft.take(step)?;
    path.push(0);
    Ok(vec![spelled(&draft.view().root, &path)])
}

pub(super) fn unwrap(draft: &mut Draft, node: &Path) -> Result<Vec<Path>, EditError> {
    let view = draft.view();
    let places = Places::of(&view.root);
    let place = places.named(&view.root, node)?.clone();
    if place.kind != Kind::Directive {
        return Err(EditError::WrongShape { place: node.to_string(), expected: "directive" });
    }
    if let Some(directive) = next_of_chain(&view, &place) {
        return Err(EditError::Chained { directive });
    }
    let item = place.item().to_vec();
    let list = item[..item.len() - 1].to_vec();
    let body = view.root.at(&place.path);
    let count = body.children.len();
    let is_only = view.root.at(&item).children.len() == 1;
    if count == 0 && is_only {
        drop(view);
        take_out(draft, &item)?;
        return Ok(Vec::new());
    }
    let step = bare(&view, &place.path)?;
    drop(view);
    draft.take(step)?;
    let first = item[item.len() - 1] + usize::from(!is_only);
    let view = draft.view();
    let items = (first..first + count).map(|index| [list.as_slice(), &[index]].concat());
    Ok(items.map(|item| shown(&view, &item)).collect())
}

/// The lines below a directive, moved to where it stood.
fn bare(view: &View<'_>, path: &[usize]) -> Result<Step, EditError> {
    let lines = &view.lines;
    let body = view.root.at(path);
    let item_path = &path[..path.len() - 1];
    let item = view.root.at(item_path);
    let refused = |why| EditError::Layout { place: spelled(&view.root, path).to_string(), why };
    let Some(first) = body.children.first() else { return Err(refused("it holds nothing")) };
    let is_simple = body.form == Form::BlockList
        && item.form == Form::BlockMap
        && !body.is_odd
        && !item.is_odd
        && lines.is_first_on_line(item.start)
        && lines.is_first_on_line(first.start);
    if !is_simple {
        return Err(refused("it is written on one line"));
    }
    let column = lines.column(item.start);
    let further = lines.column(first.start).saturating_sub(column);
    let line = lines.of(body.start);
    let mut changes = vec![TextChange::delete(lines.start(line), lines.start(line + 1))];
    for line in line + 1..=lines.of(finish(lines, body)) {
        let blank = further.min(lines.indent(line));
        changes.push(TextChange::delete(lines.start(line), lines.start(line) + blank));
    }
    // Comments and items that stand further out than the first item come no further in.
    if lines.column(first.start) < column {
        return Err(refused("what it holds stands further out than it does"));
    }
    let mut expected = view.shape();
    let (number, list) = (item_path[item_path.len() - 1], &item_path[..item_path.len() - 1]);
    let inner = expected.at(path).cloned();
    let is_only = item.children.len() == 1;
    if !is_only {
        expected.remove(item_path, path[path.len() - 1]);
    }
    if let (Some(Shape::List(items)), Some(Shape::List(inner))) = (expected.at(list), inner) {
        let at = if is_only {
            items.remove(number);
            number
        } else {
            number + 1
        };
        items.splice(at..at, inner);
    }
    Ok(Step { changes, expected, removed: vec![(lines.start(line), lines.end(line))] })
}
