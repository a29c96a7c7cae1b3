//! Adding, moving, renaming, removing and setting steps, their inputs and their environment.

use std::ops::Range;

use super::job::owner_stage;
use super::order::Level;
use super::place::{JOB_KEYS, jobs, step, steps};
use super::references::Found;
use super::rename::{Rule, Site, is_same, prefix, rename};
use super::{check_name, set_key};
use crate::document::draft::Draft;
use crate::document::edit::{At, Edit};
use crate::document::error::EditError;
use crate::document::generic::move_to;
use crate::document::insert::{insert_entry, insert_item};
use crate::document::path::Path;
use crate::document::remove::remove;
use crate::document::shift::copy;
use crate::document::value::Value;

/// Makes the edit, if it is about a step.
pub(super) fn make(draft: &mut Draft, edit: &Edit) -> Option<Result<(), EditError>> {
    Some(match edit {
        Edit::AddStep { at, index, value } => add(draft, at, *index, value),
        Edit::MoveStep { at, to, index } => moved(draft, at, to.as_ref(), *index),
        Edit::RemoveStep { at } => draft.make(|view| remove(view, &step(view, at)?)),
        Edit::DuplicateStep { at } => draft.make(|view| {
            let path = step(view, at)?;
            let (index, list) = path.split_last().ok_or_else(|| not_a_step(at))?;
            copy(view, &path, list, index + 1)
        }),
        Edit::RenameStep { at, to } => renamed(draft, at, to),
        Edit::SetStep { at, key, value } => {
            let found = step(&draft.view(), at);
            found.and_then(|path| set_key(draft, &path, Level::Step, key, value.as_ref()))
        }
        Edit::SetInput { at, name, value } => {
            let found = step(&draft.view(), at);
            found.and_then(|path| set_below(draft, &path, "inputs", name, value.as_ref()))
        }
        Edit::SetEnv { at, name, value } => {
            let found = step(&draft.view(), at);
            found.and_then(|path| set_below(draft, &path, "env", name, value.as_ref()))
        }
        _ => return None,
    })
}

fn not_a_step(at: &At) -> EditError {
    let place = at.path.as_ref().map(Path::to_string).unwrap_or_default();
    EditError::WrongShape { place, expected: "step" }
}

fn add(draft: &mut Draft, at: &At, index: Option<usize>, value: &Value) -> Result<(), EditError> {
    let view = draft.view();
    let (owner, list) = steps(&view, at)?;
    let made = match list {
        Some(list) => insert_item(&view, &list, index, value)?,
        None => {
            let level = if owner.is_empty() { Level::Root } else { Level::Job };
            let position = level.position(view.root.at(&owner), "steps");
            let body = one_item(value);
            insert_entry(&view, &owner, position, "steps", &body)?
        }
    };
    drop(view);
    draft.take(made)
}

/// A list with this item, which may be YAML.
fn one_item(value: &Value) -> Value {
    let Value::Yaml(text) = value else { return Value::List(vec![value.clone()]) };
    let mut lines = Vec::new();
    let mut is_item = false;
    for line in text.trim_end().lines() {
        let is_comment = !is_item && (line.trim().is_empty() || line.starts_with('#'));
        let marker = match (is_comment, is_item) {
            (true, _) => "",
            (false, false) => "- ",
            (false, true) => "  ",
        };
        is_item |= !is_comment;
        lines.push(format!("{marker}{line}").trim_end().to_owned());
    }
    Value::Yaml(lines.join("\n"))
}

fn moved(draft: &mut Draft, at: &At, to: Option<&At>, index: usize) -> Result<(), EditError> {
    let view = draft.view();
    let from = step(&view, at)?;
    let list = to.map(|to| steps(&view, to)).transpose()?.map(|(_, list)| list);
    drop(view);
    match list {
        None => move_to(draft, &from, None, index),
        Some(Some(list)) => move_to(draft, &from, Some(&list), index),
        Some(None) => {
            Err(EditError::NoBody { what: "steps", why: "the other job has no steps yet" })
        }
    }
}

/// Sets an entry of a mapping below the step, which is made when it is not there. Names of inputs
/// are the same in any case.
pub(in crate::document) fn set_below(
    draft: &mut Draft,
    path: &[usize],
    key: &str,
    name: &str,
    value: Option<&Value>,
) -> Result<(), EditError> {
    let view = draft.view();
    let item = view.root.at(path);
    let Some(index) = item.index_of(key).filter(|index| !item.children[*index].is_null()) else {
        drop(view);
        let Some(value) = value else { return Ok(()) };
        let map = Value::map([(name, value.clone())]);
        return set_key(draft, path, Level::Step, key, Some(&map));
    };
    let map: Vec<usize> = path.iter().copied().chain([index]).collect();
    let same = |other: &str| {
        if key == "inputs" { other.eq_ignore_ascii_case(name) } else { other == name }
    };
    let found = item.children[index]
        .children
        .iter()
        .filter_map(|child| child.key_text())
        .find(|key| same(key));
    let name = found.unwrap_or(name).to_owned();
    drop(view);
    set_key(draft, &map, Level::Other, &name, value)
}

fn renamed(draft: &mut Draft, at: &At, to: &str) -> Result<(), EditError> {
    let path = step(&draft.view(), at)?;
    rename_at(draft, path, to)
}

/// Renames the step at an address, and what reads its outputs.
pub(in crate::document) fn rename_at(
    draft: &mut Draft,
    path: Vec<usize>,
    to: &str,
) -> Result<(), EditError> {
    check_name("step", to)?;
    let view = draft.view();
    let old = view.root.at(&path).get("name").and_then(|name| name.text()).map(str::to_owned);
    let all = jobs(&view.root, None)?;
    let job = all.iter().find(|(_, job)| path.starts_with(job));
    let job_path = job.map(|(_, path)| path.clone()).unwrap_or_default();
    let job_name = job.map(|(name, _)| (*name).to_owned());
    let is_deployment = view.root.at(&job_path).get(JOB_KEYS[1]).is_some();
    let stage = owner_stage(&view.root, &job_path);
    drop(view);
    set_key(draft, &path, Level::Step, "name", Some(&Value::from(to)))?;
    let Some(old) = old.filter(|old| !old.is_empty()) else { return Ok(()) };
    let rule = StepRule {
        home: &job_path,
        stage: stage.as_deref(),
        job: job_name.as_deref(),
        is_deployment,
        from: &old,
        to,
    };
    draft.make(|view| rename(view, &rule))
}

pub(in crate::document) struct StepRule<'a> {
    pub(in crate::document) home: &'a [usize],
    pub(in crate::document) stage: Option<&'a str>,
    pub(in crate::document) job: Option<&'a str>,
    pub(in crate::document) is_deployment: bool,
    pub(in crate::document) from: &'a str,
    pub(in crate::document) to: &'a str,
}

impl StepRule<'_> {
    /// `step.variable`, or with the job before it.
    fn output(
        &self,
        links: &[super::references::Link<'_>],
        is_with_job: bool,
    ) -> Option<(Range<usize>, String)> {
        let [outputs, output, ..] = links else { return None };
        if !is_same(outputs, "outputs") {
            return None;
        }
        let job = self.job.unwrap_or_default();
        if is_with_job || self.is_deployment && prefix(output, job, job).is_some() {
            let long = format!("{job}.{}", self.from);
            return prefix(output, &long, &format!("{job}.{}", self.to)).map(|(range, new)| {
                // Only the step's own name is replaced.
                (range.start + job.len() + 1..range.end, new[job.len() + 1..].to_owned())
            });
        }
        prefix(output, self.from, self.to)
    }
}

impl Rule for StepRule<'_> {
    fn names(
        &self,
        site: &Site<'_>,
        found: &Found<'_>,
        _quote: &str,
    ) -> Vec<(Range<usize>, String)> {
        let is_home = site.path.starts_with(self.home);
        let is_stage = |link: &super::references::Link<'_>| {
            self.stage.is_some_and(|stage| is_same(link, stage))
        };
        let is_job =
            |link: &super::references::Link<'_>| self.job.is_some_and(|job| is_same(link, job));
        let is_near = site.is_in_job && site.stage == self.stage;
        let found = match found {
            Found::Macro(name) if is_home => prefix(name, self.from, self.to),
            Found::Chain(links) => match links.as_slice() {
                [first, name] if is_home && is_same(first, "variables") => {
                    prefix(name, self.from, self.to)
                }
                [first, job, rest @ ..]
                    if is_near && is_same(first, "dependencies") && is_job(job) =>
                {
                    self.output(rest, false)
                }
                [first, stage, job, rest @ ..]
                    if is_same(first, "stageDependencies") && is_stage(stage) && is_job(job) =>
                {
                    self.output(rest, false)
                }
                [first, stage, rest @ ..]
                    if !site.is_in_job && is_same(first, "dependencies") && is_stage(stage) =>
                {
                    self.output(rest, true)
                }
                _ => None,
            },
            _ => None,
        };
        found.into_iter().collect()
    }

    fn whole(&self, _site: &Site<'_>, _text: &str) -> Option<String> {
        None
    }
}
