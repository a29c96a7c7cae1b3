//! Names of stages, jobs and steps: which are taken, the next free one, and giving it to a copy so
//! that what refers to it within the copies follows.

use std::ops::Range;

use super::place::{Kind, Place, Places, Rank};
use crate::document::draft::{Draft, View};
use crate::document::error::EditError;
use crate::document::value::Value;
use crate::document::words::job::{JobRule, owner_stage};
use crate::document::words::order::Level;
use crate::document::words::references::Found;
use crate::document::words::rename::{Rule, Site, opens_job, rename};
use crate::document::words::set_key;
use crate::document::words::stage::StageRule;
use crate::document::words::step::StepRule;

/// Where a name has to be the only one: the file for stages, a stage for jobs, a job for steps.
pub(super) fn scope(places: &Places, path: &[usize], rank: Rank) -> Vec<usize> {
    match rank {
        Rank::Stage => Vec::new(),
        Rank::Job => places.stage_of(path).to_vec(),
        Rank::Step => places.job_of(path).to_vec(),
    }
}

/// The nodes of a scope that have a name.
pub(super) fn named_in<'p>(
    places: &'p Places,
    scope: &'p [usize],
    rank: Rank,
) -> impl Iterator<Item = &'p Place> {
    places.iter().filter(move |place| {
        let is_kind = matches!(
            (rank, place.kind),
            (Rank::Stage, Kind::Stage)
                | (Rank::Job, Kind::Job | Kind::Deployment)
                | (Rank::Step, Kind::Step)
        );
        is_kind && !place.name.is_empty() && place.path.starts_with(scope)
    })
}

/// The names that are taken where a list stands.
pub(super) fn taken(view: &View<'_>, list: &[usize], rank: Rank) -> Vec<String> {
    let places = Places::of(&view.root);
    let mut inner = list.to_vec();
    inner.push(0);
    let scope = scope(&places, &inner, rank);
    named_in(&places, &scope, rank).map(|place| place.name.clone()).collect()
}

/// True when a name is there, in any case of its letters.
pub(super) fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// The name itself, or with the next number that is free.
pub(super) fn free(name: &str, taken: &[String]) -> String {
    if !has(taken, name) {
        return name.to_owned();
    }
    let base = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let start = name[base.len()..].parse::<u32>().unwrap_or(1);
    (start.saturating_add(1)..)
        .map(|number| format!("{base}{number}"))
        .find(|name| !has(taken, name))
        .unwrap_or_else(|| name.to_owned())
}

/// Gives the nodes at these items, and those below them of the same rank, names of their own.
/// Within the items what refers to them follows.
pub(super) fn made_unique(draft: &mut Draft, items: &[Vec<usize>]) -> Result<(), EditError> {
    for rank in [Rank::Stage, Rank::Job, Rank::Step] {
        // Names change one by one; no item moves meanwhile.
        let mut done = 0;
        while let Some((path, name, to, next)) = clash(&draft.view(), items, rank, done) {
            done = next;
            give(draft, items, rank, &path, &name, &to)?;
        }
    }
    Ok(())
}

type Clash = (Vec<usize>, String, String, usize);

/// The next of the copies whose name another node has that stands before it or is no copy.
fn clash(view: &View<'_>, items: &[Vec<usize>], rank: Rank, done: usize) -> Option<Clash> {
    let places = Places::of(&view.root);
    let is_copy = |place: &Place| items.iter().any(|item| place.path.starts_with(item));
    let copies: Vec<&Place> =
        places.iter().filter(|place| place.rank == rank && is_copy(place)).collect();
    for (index, place) in copies.iter().enumerate().skip(done) {
        let scope = scope(&places, &place.path, rank);
        let same = |other: &&Place| {
            other.path != place.path && other.name.eq_ignore_ascii_case(&place.name)
        };
        let is_named = named_in(&places, &scope, rank).any(|other| other.path == place.path);
        let is_dynamic = place.name.contains("${{") || place.name.contains("$(");
        // The whole scope is a copy: its names are as they were.
        let is_inner = items.iter().any(|item| scope.starts_with(item));
        let is_taken = named_in(&places, &scope, rank).filter(same).any(|other| {
            !is_copy(other) || other.path < place.path && !is_alternative(items, other, place)
        });
        if is_named && !is_dynamic && !is_inner && is_taken {
            let taken: Vec<String> =
                named_in(&places, &scope, rank).map(|place| place.name.clone()).collect();
            let to = free(&place.name, &taken);
            return Some((place.path.clone(), place.name.clone(), to, index + 1));
        }
    }
    None
}

/// Two of one name below the same copied item are the ways of an `${{ if }}`.
fn is_alternative(items: &[Vec<usize>], left: &Place, right: &Place) -> bool {
    items.iter().any(|item| left.path.starts_with(item) && right.path.starts_with(item))
}

fn give(
    draft: &mut Draft,
    items: &[Vec<usize>],
    rank: Rank,
    path: &[usize],
    from: &str,
    to: &str,
) -> Result<(), EditError> {
    let (key, level) = match rank {
        Rank::Stage => ("stage", Level::Stage),
        Rank::Job => (opens_job(draft.view().root.at(path)).unwrap_or("job"), Level::Job),
        Rank::Step => ("name", Level::Step),
    };
    set_key(draft, path, level, key, Some(&Value::from(to)))?;
    let view = draft.view();
    let stage = owner_stage(&view.root, path);
    let places = Places::of(&view.root);
    let job = places.job_of(path).to_vec();
    let job_place = places.at(&job);
    let step;
    let rule: &dyn Rule = match rank {
        Rank::Stage => &StageRule { from, to },
        Rank::Job => &JobRule { stage: stage.as_deref(), from, to },
        Rank::Step => {
            step = StepRule {
                home: &job,
                stage: stage.as_deref(),
                job: job_place.filter(|job| job.kind != Kind::File).map(|job| job.name.as_str()),
                is_deployment: job_place.is_some_and(|job| job.kind == Kind::Deployment),
                from,
                to,
            };
            &step
        }
    };
    let made = rename(&view, &Within { rule, items })?;
    drop(view);
    draft.take(made)
}

/// A rule that holds only within some items.
struct Within<'a> {
    rule: &'a dyn Rule,
    items: &'a [Vec<usize>],
}

impl Within<'_> {
    fn covers(&self, site: &Site<'_>) -> bool {
        self.items.iter().any(|item| site.path.starts_with(item))
    }
}

impl Rule for Within<'_> {
    fn names(
        &self,
        site: &Site<'_>,
        found: &Found<'_>,
        quote: &str,
    ) -> Vec<(Range<usize>, String)> {
        if self.covers(site) { self.rule.names(site, found, quote) } else { Vec::new() }
    }

    fn whole(&self, site: &Site<'_>, text: &str) -> Option<String> {
        if self.covers(site) { self.rule.whole(site, text) } else { None }
    }
}
