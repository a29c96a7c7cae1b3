//! Adding, moving, renaming, removing and setting jobs.

use std::ops::Range;

use super::body::with_jobs;
use super::depends::forget;
use super::order::Level;
use super::place::{job, job_list, jobs, stage, stages};
use super::references::Found;
use super::rename::{Rule, Site, is_same, is_status, link, opens_job, prefix, rename};
use super::{after, check_name, named, set_key};
use crate::document::draft::Draft;
use crate::document::edit::Edit;
use crate::document::error::EditError;
use crate::document::generic::move_to;
use crate::document::insert::{insert_entry, insert_item};
use crate::document::remove::remove;
use crate::document::value::Value;

/// Makes the edit, if it is about a job.
pub(super) fn make(draft: &mut Draft, edit: &Edit) -> Option<Result<(), EditError>> {
    Some(match edit {
        Edit::AddJob { stage, name, is_deployment, after, value } => {
            let key = if *is_deployment { "deployment" } else { "job" };
            add(draft, stage.as_deref(), (key, name), after.as_deref(), value.as_ref())
        }
        Edit::MoveJob { stage, job, to_stage, index } => {
            moved(draft, stage.as_deref(), job, to_stage.as_deref(), *index)
        }
        Edit::RenameJob { stage, job, to } => renamed(draft, stage.as_deref(), job, to),
        Edit::RemoveJob { stage, job } => removed(draft, stage.as_deref(), job),
        Edit::SetJob { stage, job, key, value } => {
            let found = self::job(&draft.view().root, stage.as_deref(), job.as_deref());
            found.and_then(|path| {
                let level = if path.is_empty() { Level::Root } else { Level::Job };
                set_key(draft, &path, level, key, value.as_ref())
            })
        }
        _ => return None,
    })
}

fn add(
    draft: &mut Draft,
    stage_name: Option<&str>,
    (key, name): (&str, &str),
    behind: Option<&str>,
    value: Option<&Value>,
) -> Result<(), EditError> {
    check_name("job", name)?;
    if stage_name.is_none() {
        let view = draft.view();
        if view.root.get("stages").is_some() {
            return Err(EditError::NoBody {
                what: "jobs",
                why: "its jobs are in stages: say which",
            });
        }
        let has_steps = view.root.get("steps").is_some();
        drop(view);
        if has_steps {
            with_jobs(draft)?;
        }
    }
    let view = draft.view();
    let all = jobs(&view.root, stage_name)?;
    if all.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
        return Err(EditError::AlreadyThere { name: name.to_owned(), place: "jobs".to_owned() });
    }
    let empty = Value::map([("steps", Value::List(Vec::new()))]);
    let item = named(key, name, Some(value.unwrap_or(&empty)))?;
    let beside = behind.map(|name| job(&view.root, stage_name, Some(name))).transpose()?;
    let step = match job_list(&view.root, stage_name)? {
        Some(list) => {
            // A job below a `${{ if }}` gets its neighbour there.
            let list = beside.as_ref().map_or(list, |path| path[..path.len() - 1].to_vec());
            insert_item(&view, &list, after(&list, beside.as_deref()), &item)?
        }
        None => {
            let owner = stage_name.map_or(Ok(Vec::new()), |name| stage(&view.root, name))?;
            let level = if owner.is_empty() { Level::Root } else { Level::Stage };
            let position = level.position(view.root.at(&owner), "jobs");
            insert_entry(&view, &owner, position, "jobs", &Value::List(vec![item]))?
        }
    };
    drop(view);
    draft.take(step)
}

fn moved(
    draft: &mut Draft,
    stage_name: Option<&str>,
    name: &str,
    to_stage: Option<&str>,
    index: usize,
) -> Result<(), EditError> {
    let view = draft.view();
    let from = job(&view.root, stage_name, Some(name))?;
    let Some(to) = to_stage else {
        drop(view);
        return move_to(draft, &from, None, index);
    };
    let list = job_list(&view.root, Some(to))?;
    drop(view);
    match list {
        Some(list) => move_to(draft, &from, Some(&list), index),
        None => Err(EditError::NoBody { what: "jobs", why: "the other stage has no jobs yet" }),
    }
}

fn renamed(
    draft: &mut Draft,
    stage_name: Option<&str>,
    name: &str,
    to: &str,
) -> Result<(), EditError> {
    let path = job(&draft.view().root, stage_name, Some(name))?;
    rename_at(draft, &[path], to)
}

/// Renames the jobs at these addresses, which share a stage and a name, and what refers to them.
pub(in crate::document) fn rename_at(
    draft: &mut Draft,
    paths: &[Vec<usize>],
    to: &str,
) -> Result<(), EditError> {
    check_name("job", to)?;
    let Some(first) = paths.first() else { return Ok(()) };
    let view = draft.view();
    let owner = owner_stage(&view.root, first);
    let siblings = jobs(&view.root, owner.as_deref())?;
    let is_other =
        |(other, at): &(&str, Vec<usize>)| other.eq_ignore_ascii_case(to) && !paths.contains(at);
    if siblings.iter().any(is_other) {
        return Err(EditError::AlreadyThere { name: to.to_owned(), place: "jobs".to_owned() });
    }
    let key = opens_job(view.root.at(first)).unwrap_or("job");
    let old = view.root.at(first).get(key).and_then(|name| name.text()).map(str::to_owned);
    drop(view);
    for path in paths {
        let key = opens_job(draft.view().root.at(path)).unwrap_or("job");
        set_key(draft, path, Level::Job, key, Some(&Value::from(to)))?;
    }
    let Some(old) = old.filter(|old| !old.is_empty()) else { return Ok(()) };
    let rule = JobRule { stage: owner.as_deref(), from: &old, to };
    draft.make(|view| rename(view, &rule))
}

/// The name of the stage that a job is written in.
pub(in crate::document) fn owner_stage(
    root: &crate::document::part::Part<'_>,
    job: &[usize],
) -> Option<String> {
    let all = stages(root);
    all.iter().find(|(_, path)| job.starts_with(path)).map(|(name, _)| (*name).to_owned())
}

fn removed(draft: &mut Draft, stage_name: Option<&str>, name: &str) -> Result<(), EditError> {
    let view = draft.view();
    let path = job(&view.root, stage_name, Some(name))?;
    let owner = owner_stage(&view.root, &path);
    drop(view);
    draft.make(|view| remove(view, &path))?;
    loop {
        let view = draft.view();
        let left = match &owner {
            Some(owner) => jobs(&view.root, Some(owner)).unwrap_or_default(),
            None if !path.is_empty() && view.root.get("stages").is_some() => return Ok(()),
            None => jobs(&view.root, None)?,
        };
        let owners: Vec<Vec<usize>> = left.into_iter().map(|(_, path)| path).collect();
        let Some(step) = forget(&view, &owners, name) else { return Ok(()) };
        drop(view);
        draft.take(step)?;
    }
}

pub(in crate::document) struct JobRule<'a> {
    pub(in crate::document) stage: Option<&'a str>,
    pub(in crate::document) from: &'a str,
    pub(in crate::document) to: &'a str,
}

impl JobRule<'_> {
    /// A deployment's outputs are named after it.
    fn outputs(&self, links: &[super::references::Link<'_>]) -> Option<(Range<usize>, String)> {
        match links {
            [outputs, output, ..] if is_same(outputs, "outputs") => {
                prefix(output, self.from, self.to)
            }
            _ => None,
        }
    }
}

impl Rule for JobRule<'_> {
    fn names(
        &self,
        site: &Site<'_>,
        found: &Found<'_>,
        quote: &str,
    ) -> Vec<(Range<usize>, String)> {
        let is_home = site.is_of(self.stage) && site.is_in_job;
        match found {
            Found::Chain(links) => match links.as_slice() {
                [first, job, rest @ ..]
                    if is_home && is_same(first, "dependencies") && is_same(job, self.from) =>
                {
                    [link(job, self.to, quote)].into_iter().chain(self.outputs(rest)).collect()
                }
                [first, stage, job, rest @ ..]
                    if is_same(first, "stageDependencies")
                        && self.stage.is_some_and(|own| is_same(stage, own))
                        && is_same(job, self.from) =>
                {
                    [link(job, self.to, quote)].into_iter().chain(self.outputs(rest)).collect()
                }
                [first, stage, rest @ ..]
                    if !site.is_in_job
                        && is_same(first, "dependencies")
                        && self.stage.is_some_and(|own| is_same(stage, own)) =>
                {
                    self.outputs(rest).into_iter().collect()
                }
                _ => Vec::new(),
            },
            Found::Call { name, texts } if is_home && is_status(name) => texts
                .iter()
                .filter(|text| is_same(text, self.from))
                .map(|text| link(text, self.to, quote))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn whole(&self, site: &Site<'_>, text: &str) -> Option<String> {
        let is_one = site.is_dependency
            && site.is_in_job
            && site.is_of(self.stage)
            && text.eq_ignore_ascii_case(self.from);
        is_one.then(|| self.to.to_owned())
    }
}
