//! Conditions, and what a stage or job waits for.

use super::order::Level;
use super::place::{job, node, stage};
use super::set_key;
use crate::document::draft::{Draft, Step, View};
use crate::document::edit::Edit;
use crate::document::error::EditError;
use crate::document::insert::insert_item;
use crate::document::remove::{remove, remove_each};
use crate::document::value::Value;

/// Makes the edit: the last of the words.
pub(super) fn make(draft: &mut Draft, edit: &Edit) -> Result<(), EditError> {
    match edit {
        Edit::SetCondition { at, condition } => {
            let (path, level) = node(&draft.view(), at)?;
            let value = condition.as_deref().map(Value::from);
            set_key(draft, &path, level, "condition", value.as_ref())
        }
        Edit::SetDependsOn { stage, job, depends_on } => {
            set_depends_on(draft, stage.as_deref(), job.as_deref(), depends_on.as_deref())
        }
        _ => Err(EditError::Layout { place: String::new(), why: "no one knows this edit" }),
    }
}

fn set_depends_on(
    draft: &mut Draft,
    stage_name: Option<&str>,
    job_name: Option<&str>,
    names: Option<&[String]>,
) -> Result<(), EditError> {
    let view = draft.view();
    let (path, level) = match (stage_name, job_name) {
        (Some(name), None) => (stage(&view.root, name)?, Level::Stage),
        (stage, Some(name)) => (job(&view.root, stage, Some(name))?, Level::Job),
        (None, None) => {
            let why = "a file with only steps waits for nothing";
            return Err(EditError::NoBody { what: "stage or job", why });
        }
    };
    let key = "dependsOn";
    let Some(names) = names else {
        drop(view);
        let gone = draft.view().root.at(&path).index_of(key);
        return match gone {
            Some(index) => {
                let at: Vec<usize> = path.iter().copied().chain([index]).collect();
                draft.make(|view| remove(view, &at))
            }
            None => Ok(()),
        };
    };
    let map = view.root.at(&path);
    let found = map.index_of(key);
    let list: Option<Vec<usize>> = found
        .filter(|index| map.children[*index].is_list() && !map.children[*index].children.is_empty())
        .map(|index| path.iter().copied().chain([index]).collect());
    drop(view);
    match (list, names) {
        (Some(list), [_, ..]) => set_list(draft, &list, names),
        (None, [name]) => set_key(draft, &path, level, key, Some(&Value::from(name.as_str()))),
        _ => {
            set_key(draft, &path, level, key, Some(&Value::texts(names.iter().map(String::as_str))))
        }
    }
}

/// Makes a list consist of these texts; items that stay keep their lines.
pub(super) fn set_list(
    draft: &mut Draft,
    list: &[usize],
    texts: &[String],
) -> Result<(), EditError> {
    let kept = |draft: &Draft| -> Vec<Option<String>> {
        let view = draft.view();
        let items = view.root.at(list).children.iter();
        items.map(|item| item.text().map(str::to_owned)).collect()
    };
    let old = kept(draft);
    let stays = |item: &Option<String>| item.as_ref().is_none_or(|item| texts.contains(item));
    let left: Vec<&String> = old.iter().filter(|item| stays(item)).flatten().collect();
    let is_in_order = left.iter().zip(texts).all(|(left, text)| *left == text);
    // Each item is a step of its own; beyond some hundred the list is written anew.
    let is_long = old.len() + texts.len() > 200;
    if !is_in_order || is_long || left.is_empty() || left.len() > texts.len() {
        let value = Value::texts(texts.iter().map(String::as_str));
        return draft.make(|view| crate::document::set::set(view, list, &value));
    }
    let count = left.len();
    for index in (0..old.len()).rev().filter(|index| !stays(&old[*index])) {
        let at: Vec<usize> = list.iter().copied().chain([index]).collect();
        draft.make(|view| remove(view, &at))?;
    }
    for text in &texts[count..] {
        draft.make(|view| insert_item(view, list, None, &Value::from(text.as_str())))?;
    }
    Ok(())
}

/// The step that takes a name out of what these wait for; `None` when no one does.
pub(in crate::document) fn forget(
    view: &View<'_>,
    owners: &[Vec<usize>],
    name: &str,
) -> Option<Step> {
    let is_it = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(name));
    let mut gone = Vec::new();
    for owner in owners {
        let map = view.root.at(owner);
        let Some(index) = map.index_of("dependsOn") else { continue };
        let part = &map.children[index];
        let mut path: Vec<usize> = owner.iter().copied().chain([index]).collect();
        if !part.is_list() {
            if is_it(part.text()) {
                gone.push(path);
            }
            continue;
        }
        if let Some(item) = part.children.iter().position(|item| is_it(item.text())) {
            if part.children.len() > 1 {
                path.push(item);
            }
            gone.push(path);
        }
    }
    if gone.is_empty() { None } else { remove_each(view, &gone).ok() }
}
