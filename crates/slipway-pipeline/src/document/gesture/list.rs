//! Lists of nodes: finding or making the one that something goes into, the position in it, and
//! taking something out of it.

use super::place::{Kind, Place, Places, Rank, file_rank, is_directive};
use crate::document::change::TextChange;
use crate::document::draft::{Draft, Step, View};
use crate::document::error::EditError;
use crate::document::extent::extent;
use crate::document::insert::insert_entry;
use crate::document::part::{Form, Part};
use crate::document::path::Path;
use crate::document::remove::{remove_each, whole_lines};
use crate::document::set::set;
use crate::document::shape::Shape;
use crate::document::value::Value;
use crate::document::words::body::{with_jobs, with_stages};
use crate::document::words::order::Level;
use crate::document::words::set_key;

/// Where something goes.
pub(super) struct Target {
    pub(super) list: Vec<usize>,
    /// True when the file had a smaller list, which is below this one now.
    pub(super) is_lifted: bool,
}

/// What the list of a node holds, or the only list that it can have.
pub(super) fn holds(owner: &Place, root: &Part<'_>) -> Option<Rank> {
    match owner.kind {
        Kind::File => Some(file_rank(root).unwrap_or(Rank::Step)),
        Kind::Stage => Some(Rank::Job),
        Kind::Job | Kind::Deployment | Kind::Hook => Some(Rank::Step),
        Kind::Directive => Some(owner.rank),
        Kind::Step | Kind::Template | Kind::Extends => None,
    }
}

/// Refuses what cannot stand there.
pub(super) fn misplaced(what: &str, rank: Rank, owner: &Place, root: &Part<'_>) -> EditError {
    let why = match (owner.kind, holds(owner, root)) {
        (Kind::Extends, _) => "its file says what it holds".to_owned(),
        (Kind::Template, _) => "what it holds is written in its own file".to_owned(),
        (_, None) => "it holds nothing".to_owned(),
        (Kind::File, Some(Rank::Stage)) if rank == Rank::Job => {
            "its jobs stand in stages: choose one".to_owned()
        }
        (_, Some(rank)) => format!("it holds {}", rank.key()),
    };
    EditError::Misplaced { what: what.to_owned(), into: owner.label.clone(), why }
}

/// The list of a node that takes nodes of a rank. It is made where it is lacking; a file with only
/// steps or jobs gets what is implicit written out.
pub(super) fn target(
    draft: &mut Draft,
    into: &Path,
    rank: Rank,
    what: &str,
) -> Result<Target, EditError> {
    let view = draft.view();
    let root = &view.root;
    let places = Places::of(root);
    let owner = places.named(root, into)?.clone();
    let refused = || misplaced(what, rank, &owner, root);
    if owner.kind == Kind::File {
        if root.get("extends").is_some() {
            let why = "it extends a template".to_owned();
            let what = what.to_owned();
            return Err(EditError::Misplaced { what, into: owner.label.clone(), why });
        }
        let has = file_rank(root);
        if has.is_some_and(|has| has < rank) {
            return Err(refused());
        }
        drop(view);
        let is_lifted = has.is_some_and(|has| has > rank);
        if has == Some(Rank::Step) && rank < Rank::Step {
            with_jobs(draft)?;
        }
        if is_lifted && rank == Rank::Stage {
            with_stages(draft)?;
        }
        let list = list_at(draft, &[], rank, Level::Root)?;
        return Ok(Target { list, is_lifted });
    }
    if holds(&owner, root) != Some(rank) {
        return Err(refused());
    }
    drop(view);
    let list = match owner.kind {
        Kind::Directive => owner.path.clone(),
        Kind::Deployment => steps_of_deployment(draft, &owner.path)?,
        Kind::Stage => list_at(draft, &owner.path, rank, Level::Stage)?,
        Kind::Hook => list_at(draft, &owner.path, rank, Level::Other)?,
        _ => list_at(draft, &owner.path, rank, Level::Job)?,
    };
    Ok(Target { list, is_lifted: false })
}

/// The list below a key of a mapping, which is made when it is not there.
fn list_at(
    draft: &mut Draft,
    owner: &[usize],
    rank: Rank,
    level: Level,
) -> Result<Vec<usize>, EditError> {
    let find = |draft: &Draft| {
        let view = draft.view();
        let map = view.root.at(owner);
        let index = rank.lists().iter().find_map(|key| map.index_of(key))?;
        Some(owner.iter().copied().chain([index]).collect::<Vec<usize>>())
    };
    if let Some(found) = find(draft) {
        return Ok(found);
    }
    draft.make(|view| {
        let position = level.position(view.root.at(owner), rank.key());
        insert_entry(view, owner, position, rank.key(), &Value::List(Vec::new()))
    })?;
    find(draft).ok_or_else(|| EditError::WrongShape {
        place: Path::of(owner).to_string(),
        expected: "mapping",
    })
}

/// The steps of a deployment's `deploy`, or of its only hook.
fn steps_of_deployment(draft: &mut Draft, job: &[usize]) -> Result<Vec<usize>, EditError> {
    let view = draft.view();
    let places = Places::of(&view.root);
    let hooks =
        || places.iter().filter(|place| place.kind == Kind::Hook && place.path.starts_with(job));
    let hook = hooks().find(|hook| hook.name == "deploy").or_else(|| hooks().next());
    let hook = hook.map(|hook| hook.path.clone());
    let has_strategy = view.root.at(job).get("strategy").is_some();
    let place = super::place::spelled(&view.root, job);
    drop(view);
    match hook {
        Some(hook) => list_at(draft, &hook, Rank::Step, Level::Other),
        None if has_strategy => Err(EditError::NotFound {
            what: "hook",
            name: "deploy".to_owned(),
            place: place.to_string(),
            nearest: None,
        }),
        None => {
            set_key(draft, job, Level::Job, "strategy", Some(&strategy()))?;
            steps_of_deployment(draft, job)
        }
    }
}

/// What a deployment has when nothing is said about it.
pub(super) fn strategy() -> Value {
    let steps = Value::map([("steps", Value::List(Vec::new()))]);
    Value::map([("runOnce", Value::map([("deploy", steps)]))])
}

/// The position in a list before a sibling, or at its end.
pub(super) fn position(
    view: &View<'_>,
    target: &Target,
    before: Option<&Path>,
) -> Result<usize, EditError> {
    let list = view.root.at(&target.list);
    let count = list.children.len();
    let Some(before) = before else { return Ok(count) };
    if target.is_lifted {
        return Ok(0);
    }
    let path = before.resolve(&view.root)?;
    let wrong = || EditError::WrongShape {
        place: before.to_string(),
        expected: "node beside which this can stand",
    };
    if !path.starts_with(&target.list) {
        return Err(wrong());
    }
    let (index, entry) = match path[target.list.len()..] {
        [index] => (index, 0),
        [index, entry] => (index, entry),
        _ => return Err(wrong()),
    };
    let item = &list.children[index];
    let directive = item.children.get(entry).and_then(|entry| entry.key_text());
    match directive {
        Some(key) if follows(key) => Err(EditError::Chained { directive: key.trim().to_owned() }),
        _ if entry > 0 && !directive.is_some_and(is_directive) => Err(wrong()),
        _ => Ok(index),
    }
}

/// True for `${{ else }}` and `${{ elseif }}`, which belong to what stands before them.
pub(super) fn follows(key: &str) -> bool {
    matches!(crate::assist::directive(key), Some("else" | "elseif"))
}

/// Takes an item out of its list. An empty list stays as `[]`. True when those behind it have moved.
pub(super) fn take_out(draft: &mut Draft, item: &[usize]) -> Result<bool, EditError> {
    let Some((_, list)) = item.split_last() else {
        return Err(EditError::Layout { place: "/".to_owned(), why: "it is the whole file" });
    };
    let is_only = draft.view().root.at(list).children.len() < 2;
    if is_only {
        draft.make(|view| emptied(view, list))?;
    } else {
        draft.make(|view| remove_each(view, &[item.to_vec()]))?;
    }
    Ok(!is_only)
}

/// Removes the only item of a list: its own lines go, what else is written there stays.
fn emptied(view: &View<'_>, list: &[usize]) -> Result<Step, EditError> {
    let part = view.root.at(list);
    let lines = &view.lines;
    let own = extent(lines, part, 0);
    let is_simple = part.form == Form::BlockList
        && !part.is_odd
        && !own.is_inline
        && lines.text[..part.after].ends_with(':');
    if !is_simple {
        return set(view, list, &Value::List(Vec::new()));
    }
    let range = whole_lines(lines, own.begin, own.finish);
    let mut expected = view.shape();
    if let Some(shape) = expected.at(list) {
        *shape = Shape::List(Vec::new());
    }
    let changes =
        vec![TextChange::insert(part.after, " []"), TextChange::delete(range.start, range.end)];
    Ok(Step { changes, expected, removed: vec![(own.begin, own.finish)] })
}

/// The address of something after an item came into a list.
pub(super) fn after_insert(path: &mut [usize], list: &[usize], index: usize) {
    if path.len() > list.len() && path.starts_with(list) && path[list.len()] >= index {
        path[list.len()] += 1;
    }
}

/// The address of something after an item was taken out of a list.
pub(super) fn after_removal(path: &mut [usize], item: &[usize]) {
    if let Some((index, list)) = item.split_last()
        && path.len() > list.len()
        && path.starts_with(list)
        && path[list.len()] > *index
    {
        path[list.len()] -= 1;
    }
}

/// The items that nodes are, in the order of the file; what stands in another of them is left out.
/// An `${{ if }}` comes with the `${{ else }}` that belongs to it.
pub(super) fn items_of(
    view: &View<'_>,
    nodes: &[Path],
) -> Result<Vec<(Vec<usize>, Place)>, EditError> {
    let places = Places::of(&view.root);
    let mut found: Vec<(Vec<usize>, Place)> = Vec::new();
    for node in nodes {
        let place = places.named(&view.root, node)?;
        if matches!(place.kind, Kind::File | Kind::Hook | Kind::Extends) {
            return Err(EditError::Fixed { what: place.label.clone() });
        }
        for item in chain(view, place) {
            found.push((item, place.clone()));
        }
    }
    found.sort_by(|left, right| left.0.cmp(&right.0));
    found.dedup_by(|left, right| left.0 == right.0);
    let paths: Vec<Vec<usize>> = found.iter().map(|(path, _)| path.clone()).collect();
    found.retain(|(path, _)| !paths.iter().any(|other| other != path && path.starts_with(other)));
    if found.is_empty() {
        return Err(EditError::NoBody { what: "node", why: "none is named" });
    }
    Ok(found)
}

/// The items of an `${{ if }}` with all that belongs to it; of anything else its own.
fn chain(view: &View<'_>, place: &Place) -> Vec<Vec<usize>> {
    let item = place.item().to_vec();
    let (Kind::Directive, Some((index, above))) = (place.kind, item.split_last()) else {
        return vec![item];
    };
    let list = view.root.at(above);
    let opens = |index: usize| list.children.get(index)?.children.first()?.key_text().map(follows);
    let (mut first, mut last) = (*index, *index);
    while first > 0 && opens(first) == Some(true) {
        first -= 1;
    }
    while opens(last + 1) == Some(true) {
        last += 1;
    }
    (first..=last).map(|index| above.iter().copied().chain([index]).collect()).collect()
}
