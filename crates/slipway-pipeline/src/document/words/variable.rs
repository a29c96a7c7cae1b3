//! Variables, in the mapping form and the list form.

use std::ops::Range;

use super::order::Level;
use super::place::{list, node};
use super::references::Found;
use super::rename::{Rule, Site, is_same, link, rename};
use super::set_key;
use crate::document::draft::{Draft, View};
use crate::document::edit::{At, Edit};
use crate::document::error::EditError;
use crate::document::generic::{move_to, rename_key};
use crate::document::insert::{insert_entry, insert_item};
use crate::document::part::Part;
use crate::document::remove::remove;
use crate::document::value::Value;
use crate::hints::nearest;

/// Makes the edit, if it is about a variable.
pub(super) fn make(draft: &mut Draft, edit: &Edit) -> Option<Result<(), EditError>> {
    Some(match edit {
        Edit::SetVariable { at, name, value } => set(draft, at, name, value),
        Edit::RenameVariable { at, name, to } => renamed(draft, at, name, to),
        Edit::RemoveVariable { at, name } => {
            draft.make(|view| remove(view, &found(view, at, name)?.path))
        }
        Edit::MoveVariable { at, name, index } => {
            let path = found(&draft.view(), at, name).map(|found| found.path);
            path.and_then(|path| move_to(draft, &path, None, *index))
        }
        _ => return None,
    })
}

/// A variable, and the scope that declares it.
struct Variable {
    path: Vec<usize>,
    scope: Vec<usize>,
    is_list: bool,
}

fn variables(view: &View<'_>, scope: &[usize]) -> Option<Vec<usize>> {
    list(&view.root, scope, &["variables"])
}

/// Where the variable is among those at the top of the list or mapping.
fn position(variables: &Part<'_>, name: &str) -> Option<usize> {
    let names = |child: &Part<'_>| {
        let own = if variables.is_list() {
            child.get("name").and_then(Part::text)
        } else {
            child.key_text()
        };
        own.map(str::to_owned)
    };
    let all = || variables.children.iter().map(names);
    all()
        .position(|own| own.as_deref() == Some(name))
        .or_else(|| all().position(|own| own.is_some_and(|own| own.eq_ignore_ascii_case(name))))
}

fn found(view: &View<'_>, at: &At, name: &str) -> Result<Variable, EditError> {
    let (scope, _) = node(view, at)?;
    let declared = variables(view, &scope);
    let part = declared.as_ref().map(|path| view.root.at(path));
    let index = part.and_then(|part| position(part, name));
    if let (Some(mut path), Some(index), Some(part)) = (declared, index, part) {
        path.push(index);
        return Ok(Variable { path, scope, is_list: part.is_list() });
    }
    let names = part.into_iter().flat_map(|part| {
        part.children.iter().filter_map(|child| {
            if part.is_list() { child.get("name").and_then(Part::text) } else { child.key_text() }
        })
    });
    Err(EditError::NotFound {
        what: "variable",
        name: name.to_owned(),
        place: String::new(),
        nearest: nearest(name, names).map(str::to_owned),
    })
}

fn set(draft: &mut Draft, at: &At, name: &str, value: &Value) -> Result<(), EditError> {
    let view = draft.view();
    let (scope, level) = node(&view, at)?;
    let declared = variables(&view, &scope).filter(|path| !view.root.at(path).is_null());
    let Some(path) = declared else {
        drop(view);
        let map = Value::map([(name, value.clone())]);
        return set_key(draft, &scope, level, "variables", Some(&map));
    };
    let part = view.root.at(&path);
    let index = position(part, name);
    let mut item = path.clone();
    item.extend(index);
    if index.is_some() && part.is_list() {
        drop(view);
        return set_key(draft, &item, Level::Variable, "value", Some(value));
    }
    let step = match index {
        Some(_) => crate::document::set::set(&view, &item, value)?,
        None if part.is_list() => {
            let new = Value::map([("name", Value::from(name)), ("value", value.clone())]);
            insert_item(&view, &path, None, &new)?
        }
        None => insert_entry(&view, &path, None, name, value)?,
    };
    drop(view);
    draft.take(step)
}

fn renamed(draft: &mut Draft, at: &At, name: &str, to: &str) -> Result<(), EditError> {
    if to.is_empty() {
        return Err(EditError::BadName { what: "variable", name: to.to_owned() });
    }
    let view = draft.view();
    let variable = found(&view, at, name)?;
    let (list, _) = variable.path.split_at(variable.path.len() - 1);
    let taken = position(view.root.at(list), to);
    if taken.is_some_and(|index| Some(&index) != variable.path.last()) {
        return Err(EditError::AlreadyThere { name: to.to_owned(), place: "variables".to_owned() });
    }
    drop(view);
    if variable.is_list {
        set_key(draft, &variable.path, Level::Variable, "name", Some(&Value::from(to)))?;
    } else {
        draft.make(|view| rename_key(view, &variable.path, to))?;
    }
    let rule = VariableRule { scope: &variable.scope, from: name, to };
    draft.make(|view| rename(view, &rule))
}

struct VariableRule<'a> {
    scope: &'a [usize],
    from: &'a str,
    to: &'a str,
}

impl Rule for VariableRule<'_> {
    fn names(
        &self,
        site: &Site<'_>,
        found: &Found<'_>,
        quote: &str,
    ) -> Vec<(Range<usize>, String)> {
        if !site.path.starts_with(self.scope) {
            return Vec::new();
        }
        match found {
            Found::Macro(name) if is_same(name, self.from) => {
                vec![(name.range.clone(), self.to.to_owned())]
            }
            Found::Chain(links) => match links.as_slice() {
                [first, name, ..] if is_same(first, "variables") && is_same(name, self.from) => {
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
