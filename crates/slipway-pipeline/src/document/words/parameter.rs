//! The parameters that a file declares.

use std::ops::Range;

use super::order::Level;
use super::place::{list, named, one};
use super::references::Found;
use super::rename::{Rule, Site, is_same, link, rename};
use super::set_key;
use crate::document::draft::{Draft, View};
use crate::document::edit::Edit;
use crate::document::error::EditError;
use crate::document::generic::{move_to, rename_key};
use crate::document::insert::{insert_entry, insert_item};
use crate::document::part::Part;
use crate::document::remove::remove;
use crate::document::value::Value;

/// Makes the edit, if it is about a parameter.
pub(super) fn make(draft: &mut Draft, edit: &Edit) -> Option<Result<(), EditError>> {
    Some(match edit {
        Edit::AddParameter { name, value } => add(draft, name, value.as_ref()),
        Edit::SetParameter { name, key, value } => {
            let path = found(&draft.view(), name);
            path.and_then(|path| set(draft, &path, key, value.as_ref()))
        }
        Edit::RenameParameter { name, to } => renamed(draft, name, to),
        Edit::RemoveParameter { name } => draft.make(|view| remove(view, &found(view, name)?)),
        Edit::MoveParameter { name, index } => {
            let path = found(&draft.view(), name);
            path.and_then(|path| move_to(draft, &path, None, *index))
        }
        _ => return None,
    })
}

/// The parameters, with their names: a list of declarations, or the older `name: default`.
fn all<'t>(root: &Part<'t>) -> Vec<(&'t str, Vec<usize>)> {
    let Some(path) = list(root, &[], &["parameters"]) else { return Vec::new() };
    let part = root.at(&path);
    if part.is_list() {
        return named(root, &path, &["name"]);
    }
    let entries = part.children.iter().enumerate();
    entries
        .filter_map(|(index, child)| {
            Some((child.key_text()?, path.iter().copied().chain([index]).collect()))
        })
        .collect()
}

fn found(view: &View<'_>, name: &str) -> Result<Vec<usize>, EditError> {
    one("parameter", name, &all(&view.root))
}

fn check(name: &str) -> Result<(), EditError> {
    let is_fit = name.chars().all(|letter| letter.is_alphanumeric() || "_-.".contains(letter));
    if is_fit && !name.is_empty() {
        return Ok(());
    }
    Err(EditError::BadName { what: "parameter", name: name.to_owned() })
}

fn add(draft: &mut Draft, name: &str, value: Option<&Value>) -> Result<(), EditError> {
    check(name)?;
    let view = draft.view();
    if all(&view.root).iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
        return Err(EditError::AlreadyThere {
            name: name.to_owned(),
            place: "parameters".to_owned(),
        });
    }
    let default = Value::map([("type", Value::from("string"))]);
    let item = super::named("name", name, Some(value.unwrap_or(&default)))?;
    let found = list(&view.root, &[], &["parameters"]);
    let step = match found {
        Some(path) if view.root.at(&path).is_map() => {
            let default = match value {
                Some(Value::Map(entries)) => {
                    entries.iter().find(|(key, _)| key == "default").map(|(_, value)| value.clone())
                }
                _ => None,
            };
            insert_entry(&view, &path, None, name, &default.unwrap_or(Value::from("")))?
        }
        Some(path) => insert_item(&view, &path, None, &item)?,
        None => {
            let position = Level::Root.position(&view.root, "parameters");
            insert_entry(&view, &[], position, "parameters", &Value::List(vec![item]))?
        }
    };
    drop(view);
    draft.take(step)
}

fn set(
    draft: &mut Draft,
    path: &[usize],
    key: &str,
    value: Option<&Value>,
) -> Result<(), EditError> {
    let is_old = draft.view().root.at(&path[..path.len() - 1]).is_map();
    match (is_old, key, value) {
        (false, ..) => set_key(draft, path, Level::Parameter, key, value),
        (true, "default", Some(value)) => {
            draft.make(|view| crate::document::set::set(view, path, value))
        }
        (true, ..) => Err(EditError::NoBody {
            what: "declaration",
            why: "its parameters are names with defaults only",
        }),
    }
}

fn renamed(draft: &mut Draft, name: &str, to: &str) -> Result<(), EditError> {
    check(to)?;
    let view = draft.view();
    let path = found(&view, name)?;
    let is_other = |(other, at): &(&str, Vec<usize>)| other.eq_ignore_ascii_case(to) && *at != path;
    if all(&view.root).iter().any(is_other) {
        let place = "parameters".to_owned();
        return Err(EditError::AlreadyThere { name: to.to_owned(), place });
    }
    let is_old = view.root.at(&path[..path.len() - 1]).is_map();
    drop(view);
    if is_old {
        draft.make(|view| rename_key(view, &path, to))?;
    } else {
        set_key(draft, &path, Level::Parameter, "name", Some(&Value::from(to)))?;
    }
    draft.make(|view| rename(view, &ParameterRule { from: name, to }))
}

struct ParameterRule<'a> {
    from: &'a str,
    to: &'a str,
}

impl Rule for ParameterRule<'_> {
    fn names(
        &self,
        _site: &Site<'_>,
        found: &Found<'_>,
        quote: &str,
    ) -> Vec<(Range<usize>, String)> {
        match found {
            Found::Chain(links) => match links.as_slice() {
                [first, name, ..] if is_same(first, "parameters") && is_same(name, self.from) => {
                    vec![link(name, self.to, quote)]
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn whole(&self, _site: &Site<'_>, _text: &str) -> Option<String> {
        None
    }
}
