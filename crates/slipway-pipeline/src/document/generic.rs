//! The edits that are addressed by a path.

use super::change::TextChange;
use super::draft::{Draft, Step, View};
use super::edit::Edit;
use super::error::EditError;
use super::insert::{insert_entry, insert_item};
use super::part::Part;
use super::path::Path;
use super::remove::remove;
use super::scalar::{Spot, on_one_line};
use super::set::set;
use super::shape::Shape;
use super::shift::{copy, reorder, transfer, wrap};

/// Makes the edit, if it is one of these.
pub(super) fn make(draft: &mut Draft, edit: &Edit) -> Option<Result<(), EditError>> {
    Some(match edit {
        Edit::Set { path, value } => {
            draft.make(|view| set(view, &path.resolve(&view.root)?, value))
        }
        Edit::InsertItem { path, index, value } => {
            draft.make(|view| insert_item(view, &path.resolve(&view.root)?, *index, value))
        }
        Edit::InsertEntry { path, index, key, value } => {
            draft.make(|view| insert_entry(view, &path.resolve(&view.root)?, *index, key, value))
        }
        Edit::Remove { path } => draft.make(|view| remove(view, &path.resolve(&view.root)?)),
        Edit::RenameKey { path, to } => {
            draft.make(|view| rename_key(view, &path.resolve(&view.root)?, to))
        }
        Edit::Move { path, to, index } => moved(draft, path, to.as_ref(), *index),
        Edit::Duplicate { path } => draft.make(|view| duplicate(view, path)),
        Edit::Wrap { path, index, count, directive } => draft.make(|view| {
            let key = format!("${{{{ {} }}}}", directive.trim());
            wrap(view, &path.resolve(&view.root)?, *index, *count, &key)
        }),
        _ => return None,
    })
}

impl Draft {
    /// Computes a step and makes it.
    pub(super) fn make(
        &mut self,
        step: impl FnOnce(&View<'_>) -> Result<Step, EditError>,
    ) -> Result<(), EditError> {
        let step = step(&self.view())?;
        self.take(step)
    }
}

fn whole_file() -> EditError {
    EditError::Layout { place: "/".to_owned(), why: "it is the whole file" }
}

/// Gives an entry another key, in the old one's quotes.
pub(super) fn rename_key(view: &View<'_>, at: &[usize], to: &str) -> Result<Step, EditError> {
    let (index, above) = at.split_last().ok_or_else(whole_file)?;
    let parent = view.root.at(above);
    let Some(entry) = parent.children[*index].key else {
        return Err(EditError::WrongShape { place: Path::of(at).to_string(), expected: "key" });
    };
    let is_taken = parent.index_of(to).is_some_and(|other| other != *index);
    if is_taken && !to.contains("${{") {
        let place = Path::of(above).to_string();
        return Err(EditError::AlreadyThere { name: to.to_owned(), place });
    }
    let span = entry.key_place.span;
    let spot = Spot { in_flow: parent.is_flow(), is_key: true };
    let new = on_one_line(to, Some(entry.key.style), view.style.quote, spot);
    let mut expected = view.shape();
    if let Some(Shape::Map(entries)) = expected.at(above) {
        entries[*index].0 = to.into();
    }
    let changes = vec![TextChange::new(span.start, span.end, new)];
    Ok(Step { changes, expected, removed: Vec::new() })
}

/// Moves what stands at a path.
pub(super) fn moved(
    draft: &mut Draft,
    path: &Path,
    to: Option<&Path>,
    index: usize,
) -> Result<(), EditError> {
    let view = draft.view();
    let from = path.resolve(&view.root)?;
    let list = to.map(|to| to.resolve(&view.root)).transpose()?;
    drop(view);
    move_to(draft, &from, list.as_deref(), index)
}

/// Moves what stands at some entry and item numbers.
pub(super) fn move_to(
    draft: &mut Draft,
    from: &[usize],
    list: Option<&[usize]>,
    index: usize,
) -> Result<(), EditError> {
    let (number, above) = from.split_last().ok_or_else(whole_file)?;
    let is_same = list.is_none_or(|list| list == above);
    if !is_same {
        return transfer(draft, from, list.unwrap_or(above), index);
    }
    let view = draft.view();
    let count = view.root.at(above).children.len();
    if index >= count {
        return Err(EditError::OutOfRange { place: Path::of(above).to_string(), index, count });
    }
    let step = reorder(&view, above, *number, index)?;
    drop(view);
    draft.take(step)
}

fn duplicate(view: &View<'_>, path: &Path) -> Result<Step, EditError> {
    let at = path.resolve(&view.root)?;
    let (index, above) = at.split_last().ok_or_else(whole_file)?;
    let parent: &Part<'_> = view.root.at(above);
    if !parent.is_list() {
        return Err(EditError::WrongShape { place: Path::of(above).to_string(), expected: "list" });
    }
    copy(view, &at, above, index + 1)
}
