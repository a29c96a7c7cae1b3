//! Copying nodes: as YAML for the clipboard, and as a second one beside the first.

use super::list::items_of;
use super::moved::shown;
use super::names::made_unique;
use crate::document::draft::Draft;
use crate::document::error::EditError;
use crate::document::extent::extent;
use crate::document::path::Path;
use crate::document::render::dedented;
use crate::document::shift::{copy, lifted};
use std::sync::Arc;

/// Writes each node again behind itself.
pub(super) fn duplicate(draft: &mut Draft, nodes: &[Path]) -> Result<Vec<Path>, EditError> {
    let items = items_of(&draft.view(), nodes)?;
    let mut copies: Vec<Vec<usize>> = Vec::new();
    let mut at = 0;
    while at < items.len() {
        // What follows directly on another is copied with it: a chain of directives stays together.
        let mut end = at + 1;
        while end < items.len() && is_next(&items[end - 1].0, &items[end].0) {
            end += 1;
        }
        let count = end - at;
        for (item, _) in &items[at..end] {
            let mut from = item.clone();
            for copy in &copies {
                super::list::after_insert(&mut from, &copy[..copy.len() - 1], copy[copy.len() - 1]);
            }
            let Some((index, list)) = from.split_last() else { continue };
            let index = index + count;
            let list = list.to_vec();
            draft.make(|view| copy(view, &from, &list, index))?;
            for other in &mut copies {
                super::list::after_insert(other, &list, index);
            }
            copies.push(list.into_iter().chain([index]).collect());
        }
        at = end;
    }
    made_unique(draft, &copies)?;
    let view = draft.view();
    Ok(copies.iter().map(|copy| shown(&view, copy)).collect())
}

fn is_next(left: &[usize], right: &[usize]) -> bool {
    let (Some((left, one)), Some((right, other))) = (left.split_last(), right.split_last()) else {
        return false;
    };
    one == other && *right == left + 1
}

/// The nodes as they are written, with their comments, as a list without indentation.
pub fn copied(text: &str, nodes: &[Path]) -> Result<String, EditError> {
    let draft = Draft::new(&Arc::from(text))?;
    let view = draft.view();
    let mut yaml = String::new();
    for (item, _) in items_of(&view, nodes)? {
        let Some((index, above)) = item.split_last() else { continue };
        let list = view.root.at(above);
        if list.is_flow() || extent(&view.lines, list, *index).is_inline {
            let part = view.root.at(&item);
            let column = view.lines.column(part.start);
            yaml.push_str("- ");
            let text = &view.lines.text[part.value..part.end.max(part.value)];
            let mut lines = text.lines();
            yaml.push_str(lines.next().unwrap_or_default());
            for line in lines {
                yaml.push('\n');
                yaml.push_str(dedented(line, column));
            }
            yaml.push('\n');
            continue;
        }
        for line in lifted(&view, list, *index, 0) {
            yaml.push_str(&line);
            yaml.push('\n');
        }
    }
    Ok(yaml)
}
