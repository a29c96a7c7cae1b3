//! Removing nodes, and taking names that are gone out of what waits for them.

use std::collections::BTreeSet;

use super::list::{follows, take_out};
use super::names::named_in;
use super::place::{Kind, Place, Places, Rank};
use crate::document::draft::{Draft, View};
use crate::document::error::EditError;
use crate::document::path::Path;
use crate::document::remove::{remove, remove_each};
use crate::document::words::depends::forget;

pub(super) fn make(draft: &mut Draft, nodes: &[Path]) -> Result<(), EditError> {
    let view = draft.view();
    let places = Places::of(&view.root);
    let mut found: Vec<Place> = Vec::new();
    for node in nodes {
        found.push(places.named(&view.root, node)?.clone());
    }
    let names = Names::of(&view);
    drop(view);
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found.dedup_by(|left, right| left.path == right.path);
    let paths: Vec<Vec<usize>> = found.iter().map(|place| place.path.clone()).collect();
    found.retain(|place| {
        !paths.iter().any(|other| *other != place.path && place.path.starts_with(other))
    });
    // From the last to the first, so that no address changes.
    for place in found.iter().rev() {
        match place.kind {
            Kind::File => return Err(EditError::Fixed { what: place.label.clone() }),
            Kind::Extends => draft.make(|view| remove(view, &place.path))?,
            Kind::Hook => hook(draft, place)?,
            Kind::Directive => directive(draft, place)?,
            _ => take_out(draft, &place.path).map(|_| ())?,
        }
    }
    forget_lost(draft, &names)
}

/// A deployment keeps one hook at least.
fn hook(draft: &mut Draft, hook: &Place) -> Result<(), EditError> {
    let view = draft.view();
    let places = Places::of(&view.root);
    let job = places.job_of(&hook.path).to_vec();
    let hooks = places
        .iter()
        .filter(|place| place.kind == Kind::Hook && place.path.starts_with(&job))
        .count();
    drop(view);
    if hooks < 2 {
        return Err(EditError::Fixed { what: hook.label.clone() });
    }
    draft.make(|view| remove(view, &hook.path))
}

fn directive(draft: &mut Draft, place: &Place) -> Result<(), EditError> {
    let view = draft.view();
    let item = view.root.at(place.item());
    let number = place.path.last().copied().unwrap_or_default();
    let word = crate::assist::directive(item.children[number].key_text().unwrap_or_default());
    if word == Some("if")
        && let Some(next) = next_of_chain(&view, place)
    {
        return Err(EditError::Chained { directive: next });
    }
    let has_others = item.children.len() > 1;
    drop(view);
    if has_others {
        draft.make(|view| remove_each(view, std::slice::from_ref(&place.path)))
    } else {
        take_out(draft, place.item()).map(|_| ())
    }
}

/// The `${{ else }}` or `${{ elseif }}` directly behind a directive.
pub(super) fn next_of_chain(view: &View<'_>, place: &Place) -> Option<String> {
    let (number, item) = place.path.split_last()?;
    let (index, list) = item.split_last()?;
    let beside = view.root.at(item).children.get(number + 1);
    let below = || view.root.at(list).children.get(index + 1)?.children.first();
    let key = beside.or_else(below)?.key_text()?;
    follows(key).then(|| key.trim().to_owned())
}

/// The names of stages, and of jobs by their stage.
#[derive(Debug)]
pub(super) struct Names {
    stages: BTreeSet<String>,
    jobs: BTreeSet<(String, String)>,
}

impl Names {
    pub(super) fn of(view: &View<'_>) -> Self {
        let places = Places::of(&view.root);
        let lower = |name: &str| name.to_ascii_lowercase();
        let stages = named_in(&places, &[], Rank::Stage).map(|stage| lower(&stage.name)).collect();
        let jobs = named_in(&places, &[], Rank::Job)
            .map(|job| (lower(&stage_name(&places, &job.path)), lower(&job.name)))
            .collect();
        Self { stages, jobs }
    }
}

fn stage_name(places: &Places, path: &[usize]) -> String {
    let stage = places.around(path, &[Kind::Stage]);
    stage.map(|stage| stage.name.clone()).unwrap_or_default()
}

/// Takes names that are gone out of every `dependsOn`.
pub(super) fn forget_lost(draft: &mut Draft, before: &Names) -> Result<(), EditError> {
    let now = Names::of(&draft.view());
    for name in before.stages.difference(&now.stages) {
        forget_in(draft, name, |places| {
            places
                .iter()
                .filter(|place| place.kind == Kind::Stage)
                .map(|at| at.path.clone())
                .collect()
        })?;
    }
    for (stage, name) in before.jobs.difference(&now.jobs) {
        forget_in(draft, name, |places| {
            named_in(places, &[], Rank::Job)
                .filter(|job| stage_name(places, &job.path).eq_ignore_ascii_case(stage))
                .map(|job| job.path.clone())
                .collect()
        })?;
    }
    Ok(())
}

fn forget_in(
    draft: &mut Draft,
    name: &str,
    owners: impl Fn(&Places) -> Vec<Vec<usize>>,
) -> Result<(), EditError> {
    loop {
        let view = draft.view();
        let owners = owners(&Places::of(&view.root));
        let Some(step) = forget(&view, &owners, name) else { return Ok(()) };
        drop(view);
        draft.take(step)?;
    }
}

/// Takes out of the `dependsOn` of these jobs what does not stand in their stage.
pub(super) fn forget_strangers(draft: &mut Draft, jobs: &[Path]) -> Result<(), EditError> {
    for job in jobs {
        let view = draft.view();
        let places = Places::of(&view.root);
        let path = job.resolve(&view.root)?;
        let stage = places.stage_of(&path).to_vec();
        let known: Vec<String> =
            named_in(&places, &stage, Rank::Job).map(|job| job.name.clone()).collect();
        let part = view.root.at(&path);
        let waits = part.get("dependsOn");
        let texts = waits.into_iter().flat_map(|waits| {
            waits.text().into_iter().chain(waits.children.iter().filter_map(|item| item.text()))
        });
        // What an expression names is not known.
        let strangers: Vec<String> = texts
            .filter(|name| !name.contains("${{") && !super::names::has(&known, name))
            .map(str::to_owned)
            .collect();
        drop(view);
        for name in strangers {
            forget_in(draft, &name, |_| vec![path.clone()])?;
        }
    }
    Ok(())
}
