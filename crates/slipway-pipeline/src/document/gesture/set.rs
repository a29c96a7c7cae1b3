//! Setting a nested key of a node: what is lacking between is made, what becomes empty goes.

use super::place::{Kind, Places, Rank, spelled};
use crate::document::draft::{Draft, View};
use crate::document::edit::{At, Edit, FilterList, FilterOn, TriggerKey};
use crate::document::error::EditError;
use crate::document::part::Part;
use crate::document::path::Path;
use crate::document::remove::remove;
use crate::document::value::Value;
use crate::document::words::order::Level;
use crate::document::words::place::JOB_KEYS;
use crate::document::words::set_key;

pub(super) fn make(
    draft: &mut Draft,
    node: &Path,
    keys: &[String],
    value: Option<&Value>,
) -> Result<Vec<Path>, EditError> {
    let indexes = node.resolve(&draft.view().root)?;
    let select = spelled(&draft.view().root, &indexes);
    set(draft, indexes, keys, value)?;
    Ok(vec![select])
}

fn set(
    draft: &mut Draft,
    mut map: Vec<usize>,
    keys: &[String],
    value: Option<&Value>,
) -> Result<(), EditError> {
    let Some((last, above)) = keys.split_last() else {
        return Err(EditError::NoBody { what: "key", why: "none is named" });
    };
    if let Some(edit) = in_words(&draft.view(), &map, keys, value) {
        return crate::document::make(draft, &edit, false);
    }
    if value.is_none() && !map.is_empty() && is_all(draft.view().root.at(&map), keys) {
        let place = spelled(&draft.view().root, &map).to_string();
        return Err(EditError::Layout { place, why: "nothing would be left of it" });
    }
    let mut level = level(&draft.view(), &map);
    for (depth, key) in above.iter().enumerate() {
        let view = draft.view();
        let part = view.root.at(&map);
        let key = alike(part, key, depth.checked_sub(1).map(|above| keys[above].as_str()));
        let Some(index) = part.index_of(&key) else {
            drop(view);
            // What is not there need not be removed.
            let Some(value) = value else { return Ok(()) };
            set_key(draft, &map, level, &key, Some(&nested(&keys[depth + 1..], value)))?;
            return Ok(());
        };
        let below = &part.children[index];
        let short = if below.is_map() { None } else { long_form(below, &key, &keys[depth + 1]) };
        let is_map = below.is_map();
        let is_null = below.is_null();
        let mut path = map.clone();
        path.push(index);
        let wrong = || EditError::WrongShape {
            place: spelled(&view.root, &path).to_string(),
            expected: "mapping",
        };
        if !is_map {
            let Some(value) = value else { return Ok(()) };
            let Some(mut entries) = short.or_else(|| is_null.then(Vec::new)) else {
                return Err(wrong());
            };
            drop(view);
            if !entries.is_empty() {
                // The long form first, then the key in it.
                set_key(draft, &map, level, &key, Some(&Value::Map(entries)))?;
                return set(draft, map, &keys[depth..], Some(value));
            }
            entries.push((keys[depth + 1].clone(), nested(&keys[depth + 2..], value)));
            set_key(draft, &map, level, &key, Some(&Value::Map(entries)))?;
            return Ok(());
        }
        level = match key.as_str() {
            "trigger" | "pr" => Level::Trigger,
            _ => Level::Other,
        };
        drop(view);
        map = path;
    }
    let view = draft.view();
    let part = view.root.at(&map);
    if !part.is_map() && !part.is_null() {
        let place = spelled(&view.root, &map).to_string();
        return Err(EditError::WrongShape { place, expected: "mapping" });
    }
    let key = alike(part, last, above.last().map(String::as_str));
    let index = part.index_of(&key);
    drop(view);
    match (value, index) {
        (None, Some(index)) => {
            map.push(index);
            draft.make(|view| remove(view, &map))?;
        }
        _ => set_key(draft, &map, level, &key, value)?,
    }
    Ok(())
}

/// What words of their own can do better: filters of a short trigger, whose comments stay, and
/// variables that are written as a list.
fn in_words(
    view: &View<'_>,
    map: &[usize],
    keys: &[String],
    value: Option<&Value>,
) -> Option<Edit> {
    let part = view.root.at(map);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    match (keys.as_slice(), value) {
        ([trigger @ ("trigger" | "pr"), on, list], Some(Value::List(items))) if map.is_empty() => {
            let written = part.get(trigger).filter(|written| !written.is_map())?;
            let patterns = items.iter().map(|item| match item {
                Value::Text(text) | Value::Word(text) => Some(text.clone()),
                _ => None,
            });
            let patterns: Vec<String> = patterns.collect::<Option<_>>()?;
            let is_list = written.is_list() && !written.children.is_empty();
            (is_list && !patterns.is_empty()).then_some(())?;
            Some(Edit::SetFilter {
                trigger: if *trigger == "pr" { TriggerKey::Pr } else { TriggerKey::Trigger },
                on: match *on {
                    "branches" => FilterOn::Branches,
                    "paths" => FilterOn::Paths,
                    "tags" => FilterOn::Tags,
                    _ => return None,
                },
                list: match *list {
                    "include" => FilterList::Include,
                    "exclude" => FilterList::Exclude,
                    _ => return None,
                },
                patterns,
            })
        }
        (["variables", name], value) if part.get("variables").is_some_and(Part::is_list) => {
            let path = (!map.is_empty()).then(|| spelled(&view.root, map));
            let at = At { path, ..At::default() };
            let name = (*name).to_owned();
            Some(match value {
                Some(value) => Edit::SetVariable { at, name, value: value.clone() },
                None => Edit::RemoveVariable { at, name },
            })
        }
        _ => None,
    }
}

/// A value below these keys.
fn nested(keys: &[String], value: &Value) -> Value {
    keys.iter().rev().fold(value.clone(), |inner, key| Value::map([(key.as_str(), inner)]))
}

/// True when a node says nothing but this.
fn is_all(node: &Part<'_>, keys: &[String]) -> bool {
    let mut part = node;
    for key in keys {
        match part.children.as_slice() {
            [only] if only.key_text() == Some(key) => part = only,
            _ => return false,
        }
    }
    true
}

/// Names of inputs are the same in any case of their letters.
fn alike(map: &Part<'_>, key: &str, above: Option<&str>) -> String {
    let keys = || map.children.iter().filter_map(|child| child.key_text());
    let found = keys().find(|other| *other == key).or_else(|| {
        let is_any_case = matches!(above, Some("inputs" | "variables"));
        keys().find(|other| is_any_case && other.eq_ignore_ascii_case(key))
    });
    found.unwrap_or(key).to_owned()
}

/// What a short form says, as the mapping it stands for.
fn long_form(part: &Part<'_>, key: &str, wanted: &str) -> Option<Vec<(String, Value)>> {
    if let Some(text) = part.text() {
        let word = match key {
            // A hosted image takes the place of a pool's name.
            "pool" if wanted == "vmImage" => return Some(Vec::new()),
            "pool" | "environment" => "name",
            "container" => "image",
            "extends" => "template",
            "trigger" | "pr" if text == "none" => return Some(Vec::new()),
            "trigger" | "pr" if !text.is_empty() => {
                let include = Value::map([("include", Value::texts([text]))]);
                return Some(vec![("branches".to_owned(), include)]);
            }
            _ => return None,
        };
        return Some(vec![(word.to_owned(), Value::from(text))]);
    }
    if part.is_list() && matches!(key, "trigger" | "pr") {
        let branches = crate::document::shift::value_of(part.node);
        return Some(vec![("branches".to_owned(), Value::map([("include", branches)]))]);
    }
    None
}

fn level(view: &View<'_>, path: &[usize]) -> Level {
    let places = Places::of(&view.root);
    let part = view.root.at(path);
    match places.at(path).map(|place| (place.kind, place.rank)) {
        Some((Kind::File, _)) => Level::Root,
        Some((Kind::Stage, _)) => Level::Stage,
        Some((Kind::Job | Kind::Deployment, _)) => Level::Job,
        Some((Kind::Step, _)) => Level::Step,
        Some((Kind::Template, Rank::Stage)) => Level::Stage,
        Some((Kind::Template, Rank::Job)) => Level::Job,
        Some((Kind::Template, Rank::Step)) => Level::Step,
        _ if JOB_KEYS.iter().any(|key| part.get(key).is_some()) => Level::Job,
        _ => {
            let above = path.split_last().map(|(_, above)| view.root.at(above));
            match above.and_then(|above| above.key_text()) {
                Some("parameters") => Level::Parameter,
                Some("variables") => Level::Variable,
                _ => Level::Other,
            }
        }
    }
}
