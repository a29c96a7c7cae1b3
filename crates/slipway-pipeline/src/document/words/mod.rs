//! The edits in the words of pipelines: each is one or several edits of the first layer.
//!
//! Names are looked up in the tree as it is written, through `${{ if }}` blocks.

pub(super) mod body;
pub(super) mod depends;
pub(super) mod each;
pub(super) mod job;
pub(super) mod order;
mod parameter;
pub(super) mod place;
pub(super) mod references;
pub(super) mod rename;
pub(super) mod stage;
pub(super) mod step;
mod trigger;
mod variable;

use super::draft::Draft;
use super::edit::Edit;
use super::error::EditError;
use super::insert::insert_entry;
use super::remove::remove;
use super::set::set;
use super::value::Value;
use order::Level;

/// Makes the edit.
pub(super) fn make(draft: &mut Draft, edit: &Edit) -> Result<(), EditError> {
    let ways = [stage::make, job::make, step::make, variable::make, parameter::make, trigger::make];
    for way in ways {
        if let Some(made) = way(draft, edit) {
            return made;
        }
    }
    depends::make(draft, edit)
}

/// Sets, adds or removes a key of a mapping, at the place where a person would write it.
pub(super) fn set_key(
    draft: &mut Draft,
    at: &[usize],
    level: Level,
    key: &str,
    value: Option<&Value>,
) -> Result<(), EditError> {
    let view = draft.view();
    let map = view.root.at(at);
    let found = map.index_of(key);
    let mut child = at.to_vec();
    child.extend(found);
    let step = match (value, found) {
        (Some(value), Some(_)) => set(&view, &child, value)?,
        (Some(value), None) => insert_entry(&view, at, level.position(map, key), key, value)?,
        (None, Some(_)) => remove(&view, &child)?,
        // What is not there need not be removed.
        (None, None) => return Ok(()),
    };
    drop(view);
    draft.take(step)
}

/// `{key: name}` and the further entries of a value.
pub(super) fn named(key: &str, name: &str, value: Option<&Value>) -> Result<Value, EditError> {
    let mut entries = vec![(key.to_owned(), Value::from(name))];
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Map(more)) => {
            entries.extend(more.iter().filter(|(other, _)| other != key).cloned())
        }
        Some(Value::Yaml(text)) => {
            let rest = text.trim_end();
            let name =
                super::scalar::on_one_line(name, None, Default::default(), Default::default());
            return Ok(Value::Yaml(format!("{key}: {name}\n{rest}\n")));
        }
        Some(_) => {
            let message = "A mapping of further keys was expected.".to_owned();
            return Err(EditError::BadFragment { message });
        }
    }
    Ok(Value::Map(entries))
}

/// A name that `dependsOn` and expressions can use.
pub(super) fn check_name(what: &'static str, name: &str) -> Result<(), EditError> {
    let is_dynamic = name.contains("${{");
    if is_dynamic || crate::expr::is_identifier(name) && name.len() <= 100 {
        return Ok(());
    }
    Err(EditError::BadName { what, name: name.to_owned() })
}

/// The place behind an item, or the end.
fn after(list: &[usize], found: Option<&[usize]>) -> Option<usize> {
    found.and_then(|item| item.get(list.len()).map(|index| index + 1))
}
