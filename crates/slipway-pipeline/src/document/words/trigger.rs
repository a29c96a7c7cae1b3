//! What starts the pipeline: `trigger` and `pr`, in whichever of their forms the file has.

use super::depends::set_list;
use super::order::Level;
use super::place::list as below;
use super::set_key;
use crate::document::draft::Draft;
use crate::document::edit::{Edit, FilterList, FilterOn, TriggerKey};
use crate::document::error::EditError;
use crate::document::insert::insert_item;
use crate::document::part::{Form, Part};
use crate::document::remove::remove;
use crate::document::render::{dedented, padded};
use crate::document::value::Value;
use crate::hints::nearest;

/// Makes the edit, if it is about a trigger.
pub(super) fn make(draft: &mut Draft, edit: &Edit) -> Option<Result<(), EditError>> {
    Some(match edit {
        Edit::SetTrigger { trigger, value } => {
            set_key(draft, &[], Level::Root, trigger.word(), value.as_ref())
        }
        Edit::AddFilter { trigger, on, list, pattern } => {
            let filter = Filter { trigger: trigger.word(), on: on.word(), list: list.word() };
            filter.add(draft, pattern)
        }
        Edit::RemoveFilter { trigger, on, list, pattern } => {
            let filter = Filter { trigger: trigger.word(), on: on.word(), list: list.word() };
            filter.remove(draft, pattern)
        }
        Edit::SetFilter { trigger, on, list, patterns } => {
            let filter = Filter { trigger: trigger.word(), on: on.word(), list: list.word() };
            filter.set(draft, patterns)
        }
        _ => return None,
    })
}

impl TriggerKey {
    fn word(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::Pr => "pr",
        }
    }
}

impl FilterOn {
    fn word(self) -> &'static str {
        match self {
            Self::Branches => "branches",
            Self::Paths => "paths",
            Self::Tags => "tags",
        }
    }
}

impl FilterList {
    fn word(self) -> &'static str {
        match self {
            Self::Include => "include",
            Self::Exclude => "exclude",
        }
    }
}

struct Filter {
    trigger: &'static str,
    on: &'static str,
    list: &'static str,
}

impl Filter {
    /// True for what a short `trigger: [main]` can say.
    fn is_short(&self) -> bool {
        self.on == "branches" && self.list == "include"
    }

    /// The list, where it is written.
    fn found(&self, root: &Part<'_>) -> Option<Vec<usize>> {
        let trigger = below(root, &[], &[self.trigger])?;
        if root.at(&trigger).is_list() {
            return self.is_short().then_some(trigger);
        }
        let on = below(root, &trigger, &[self.on])?;
        below(root, &on, &[self.list]).filter(|path| root.at(path).is_list())
    }

    fn add(&self, draft: &mut Draft, pattern: &str) -> Result<(), EditError> {
        let view = draft.view();
        let found = self.found(&view.root);
        let has_it = |path: &Vec<usize>| {
            view.root.at(path).children.iter().any(|item| item.text() == Some(pattern))
        };
        if found.as_ref().is_some_and(has_it) {
            let place = format!("{}/{}/{}", self.trigger, self.on, self.list);
            return Err(EditError::AlreadyThere { name: pattern.to_owned(), place });
        }
        drop(view);
        match found {
            Some(path) => draft.make(|view| insert_item(view, &path, None, &Value::from(pattern))),
            None => self.create(draft, &[pattern.to_owned()]),
        }
    }

    fn remove(&self, draft: &mut Draft, pattern: &str) -> Result<(), EditError> {
        draft.make(|view| {
            let list = self.found(&view.root);
            let items = list.iter().flat_map(|path| &view.root.at(path).children);
            let texts: Vec<&str> = items.map(|item| item.text().unwrap_or_default()).collect();
            match (&list, texts.iter().position(|text| *text == pattern)) {
                (Some(list), Some(index)) => {
                    remove(view, &list.iter().copied().chain([index]).collect::<Vec<_>>())
                }
                _ => Err(EditError::NotFound {
                    what: "pattern",
                    name: pattern.to_owned(),
                    place: format!("{}/{}/{}", self.trigger, self.on, self.list),
                    nearest: nearest(pattern, texts.iter().copied()).map(str::to_owned),
                }),
            }
        })
    }

    fn set(&self, draft: &mut Draft, patterns: &[String]) -> Result<(), EditError> {
        let found = self.found(&draft.view().root);
        match (found, patterns) {
            (Some(path), []) => draft.make(|view| remove(view, &path)),
            (None, []) => Ok(()),
            (Some(path), _) if !draft.view().root.at(&path).children.is_empty() => {
                set_list(draft, &path, patterns)
            }
            (Some(path), _) => {
                let value = Value::texts(patterns.iter().map(String::as_str));
                draft.make(|view| crate::document::set::set(view, &path, &value))
            }
            (None, _) => self.create(draft, patterns),
        }
    }

    /// The list was not there: it is written into the form that the trigger has.
    fn create(&self, draft: &mut Draft, patterns: &[String]) -> Result<(), EditError> {
        let texts = Value::texts(patterns.iter().map(String::as_str));
        let list = Value::map([(self.list, texts.clone())]);
        let full = Value::map([(self.on, list.clone())]);
        let view = draft.view();
        let path = below(&view.root, &[], &[self.trigger]);
        let Some(path) = path.filter(|path| !view.root.at(path).is_null()) else {
            drop(view);
            let value = if self.is_short() { &texts } else { &full };
            return set_key(draft, &[], Level::Root, self.trigger, Some(value));
        };
        let part = view.root.at(&path);
        if part.is_map() {
            let on = below(&view.root, &path, &[self.on]).filter(|on| !view.root.at(on).is_null());
            drop(view);
            return match on {
                Some(on) => set_key(draft, &on, Level::Other, self.list, Some(&texts)),
                None => set_key(draft, &path, Level::Trigger, self.on, Some(&list)),
            };
        }
        let new = match part.text() {
            Some("none") if self.is_short() => texts,
            Some("none") => full,
            Some(branch) if self.is_short() => {
                let names = patterns.iter().map(String::as_str);
                Value::texts([branch].into_iter().chain(names))
            }
            Some(branch) => with_branches(Value::texts([branch]), self, list),
            None if part.form == Form::BlockList => long_form(&view, part, self, patterns),
            None => {
                let branches = crate::document::shift::value_of(part.node);
                with_branches(branches, self, list)
            }
        };
        drop(view);
        draft.make(|view| crate::document::set::set(view, &path, &new))
    }
}

/// `branches: include:` and the new list.
fn with_branches(include: Value, filter: &Filter, list: Value) -> Value {
    let mut branches = vec![("include".to_owned(), include)];
    let mut entries = Vec::new();
    match (filter.on, list) {
        ("branches", Value::Map(more)) => branches.extend(more),
        (on, list) => entries.push((on.to_owned(), list)),
    }
    entries.insert(0, ("branches".to_owned(), Value::Map(branches)));
    Value::Map(entries)
}

/// The short list's own lines, comments and all, below `branches: include:`.
fn long_form(
    view: &crate::document::draft::View<'_>,
    part: &Part<'_>,
    filter: &Filter,
    patterns: &[String],
) -> Value {
    let style = &view.style;
    let lines = &view.lines;
    let first = lines.of(part.start) + 1;
    let column = part.children.first().map_or(0, |item| lines.column(item.start));
    let inner = style.step + style.list;
    let mut text = vec!["branches:".to_owned(), padded(style.step, "include:")];
    let last = lines.of(part.end);
    text.extend((first..=last).map(|line| padded(inner, dedented(lines.line(line), column))));
    let mut add = |key: &str, column: usize| {
        text.push(padded(column, &format!("{key}:")));
    };
    if filter.on == "branches" {
        add(filter.list, style.step);
    } else {
        add(filter.on, 0);
        add(filter.list, style.step);
    }
    for pattern in patterns {
        let item = style.flow(&Value::from(pattern.as_str()), false);
        text.push(padded(inner, &format!("- {item}")));
    }
    Value::Yaml(text.join("\n"))
}
