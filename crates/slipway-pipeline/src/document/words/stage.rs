//! Adding, moving, renaming, removing and setting stages.

use std::ops::Range;

use super::body::{with_jobs, with_stages};
use super::depends::forget;
use super::order::Level;
use super::place::{stage, stage_list, stages};
use super::references::Found;
use super::rename::{Rule, Site, is_same, is_status, link, rename};
use super::{after, check_name, named, set_key};
use crate::document::draft::Draft;
use crate::document::edit::Edit;
use crate::document::error::EditError;
use crate::document::generic::move_to;
use crate::document::insert::{insert_entry, insert_item};
use crate::document::remove::remove;
use crate::document::value::Value;

/// Makes the edit, if it is about a stage.
pub(super) fn make(draft: &mut Draft, edit: &Edit) -> Option<Result<(), EditError>> {
    Some(match edit {
        Edit::AddStage { name, after, value } => add(draft, name, after.as_deref(), value.as_ref()),
        Edit::MoveStage { stage, index } => {
            let found = self::stage(&draft.view().root, stage);
            found.and_then(|path| move_to(draft, &path, None, *index))
        }
        Edit::RenameStage { stage, to } => renamed(draft, stage, to),
        Edit::RemoveStage { stage } => removed(draft, stage),
        Edit::SetStage { stage, key, value } => {
            let found = self::stage(&draft.view().root, stage);
            found.and_then(|path| set_key(draft, &path, Level::Stage, key, value.as_ref()))
        }
        _ => return None,
    })
}

fn add(
    draft: &mut Draft,
    name: &str,
    behind: Option<&str>,
    value: Option<&Value>,
) -> Result<(), EditError> {
    check_name("stage", name)?;
    if draft.view().root.get("steps").is_some() {
        with_jobs(draft)?;
    }
    if draft.view().root.get("jobs").is_some() {
        with_stages(draft)?;
    }
    let view = draft.view();
    if stages(&view.root).iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
        return Err(EditError::AlreadyThere { name: name.to_owned(), place: "stages".to_owned() });
    }
    let empty = Value::map([("jobs", Value::List(Vec::new()))]);
    let item = named("stage", name, Some(value.unwrap_or(&empty)))?;
    let beside = behind.map(|name| stage(&view.root, name)).transpose()?;
    let step = match stage_list(&view.root) {
        Some(list) => {
            // A stage below a `${{ if }}` gets its neighbour there.
            let list = beside.as_ref().map_or(list, |path| path[..path.len() - 1].to_vec());
            insert_item(&view, &list, after(&list, beside.as_deref()), &item)?
        }
        None => {
            let position = Level::Root.position(&view.root, "stages");
            insert_entry(&view, &[], position, "stages", &Value::List(vec![item]))?
        }
    };
    drop(view);
    draft.take(step)
}

fn renamed(draft: &mut Draft, name: &str, to: &str) -> Result<(), EditError> {
    let path = stage(&draft.view().root, name)?;
    rename_at(draft, &[path], to)
}

/// Renames the stages at these addresses, which share a name, and what refers to them.
pub(in crate::document) fn rename_at(
    draft: &mut Draft,
    paths: &[Vec<usize>],
    to: &str,
) -> Result<(), EditError> {
    check_name("stage", to)?;
    let view = draft.view();
    let is_other =
        |(other, at): &(&str, Vec<usize>)| other.eq_ignore_ascii_case(to) && !paths.contains(at);
    if stages(&view.root).iter().any(is_other) {
        return Err(EditError::AlreadyThere { name: to.to_owned(), place: "stages".to_owned() });
    }
    let Some(first) = paths.first() else { return Ok(()) };
    let old = view.root.at(first).get("stage").and_then(|name| name.text()).map(str::to_owned);
    drop(view);
    for path in paths {
        set_key(draft, path, Level::Stage, "stage", Some(&Value::from(to)))?;
    }
    let Some(old) = old.filter(|old| !old.is_empty()) else { return Ok(()) };
    draft.make(|view| rename(view, &StageRule { from: &old, to }))
}

fn removed(draft: &mut Draft, name: &str) -> Result<(), EditError> {
    let path = stage(&draft.view().root, name)?;
    draft.make(|view| remove(view, &path))?;
    loop {
        let view = draft.view();
        let owners: Vec<Vec<usize>> =
            stages(&view.root).into_iter().map(|(_, path)| path).collect();
        let Some(step) = forget(&view, &owners, name) else { return Ok(()) };
        drop(view);
        draft.take(step)?;
    }
}

pub(in crate::document) struct StageRule<'a> {
    pub(in crate::document) from: &'a str,
    pub(in crate::document) to: &'a str,
}

impl Rule for StageRule<'_> {
    fn names(
        &self,
        site: &Site<'_>,
        found: &Found<'_>,
        quote: &str,
    ) -> Vec<(Range<usize>, String)> {
        let is_outside = site.stage.is_some() && !site.is_in_job;
        match found {
            Found::Chain(links) => match links.as_slice() {
                [first, second, ..] if is_same(second, self.from) => {
                    let is_one = is_same(first, "stageDependencies")
                        || is_outside && is_same(first, "dependencies");
                    if is_one { vec![link(second, self.to, quote)] } else { Vec::new() }
                }
                _ => Vec::new(),
            },
            Found::Call { name, texts } if is_outside && is_status(name) => texts
                .iter()
                .filter(|text| is_same(text, self.from))
                .map(|text| link(text, self.to, quote))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn whole(&self, site: &Site<'_>, text: &str) -> Option<String> {
        let is_one = site.is_dependency && !site.is_in_job && text.eq_ignore_ascii_case(self.from);
        is_one.then(|| self.to.to_owned())
    }
}
