//! Moving nodes: within their list, to another one, into and out of directives.

use super::list::{after_insert, after_removal, items_of, misplaced, position, take_out, target};
use super::names::{has, named_in, scope};
use super::place::{Kind, Place, Places, Rank, spelled};
use super::removed::{Names, forget_lost};
use crate::document::draft::{Draft, View};
use crate::document::error::EditError;
use crate::document::part::Form;
use crate::document::path::Path;
use crate::document::shift::{copy, is_even, reorder};

pub(super) fn make(
    draft: &mut Draft,
    nodes: &[Path],
    into: &Path,
    before: Option<&Path>,
) -> Result<Vec<Path>, EditError> {
    let view = draft.view();
    let items = items_of(&view, nodes)?;
    let places = Places::of(&view.root);
    let owner = places.named(&view.root, into)?.clone();
    let rank = items[0].1.rank;
    for (item, place) in &items {
        if place.rank != rank {
            return Err(EditError::Mixed {
                left: items[0].1.label.clone(),
                right: place.label.clone(),
            });
        }
        if owner.path.starts_with(item) {
            let what = place.label.clone();
            let why = "it would stand in itself".to_owned();
            return Err(EditError::Misplaced { what, into: owner.label.clone(), why });
        }
    }
    // What is moved is there already: nothing is lifted for it.
    if owner.kind == Kind::File && super::place::file_rank(&view.root) != Some(rank) {
        return Err(misplaced(&items[0].1.label, rank, &owner, &view.root));
    }
    let names = Names::of(&view);
    drop(view);
    let place = target(draft, into, rank, &items[0].1.label)?;
    let view = draft.view();
    // Making the list may have put a key before those that hold the nodes.
    let items = items_of(&view, nodes)?;
    let index = position(&view, &place, before)?;
    let places = Places::of(&view.root);
    free_to_go(&places, &items, &place.list, rank, &owner)?;
    let is_end = index == view.root.at(&place.list).children.len();
    drop(view);
    let mut sources: Vec<Vec<usize>> = items.into_iter().map(|(path, _)| path).collect();
    let mut anchor = (!is_end).then(|| joined(&place.list, index));
    let mut list = place.list;
    skip_moved(&draft.view(), &mut anchor, &sources);
    let mut moved: Vec<Vec<usize>> = Vec::new();
    while !sources.is_empty() {
        let mut from = sources.remove(0);
        let count = draft.view().root.at(&list).children.len();
        let index = anchor.as_ref().map_or(count, |anchor| anchor[list.len()]);
        if from.len() == list.len() + 1 && from.starts_with(&list) {
            let number = from[list.len()];
            let to = if index > number { index - 1 } else { index };
            if to != number {
                within(draft, &list, number, to)?;
            }
            for path in sources.iter_mut().chain(&mut anchor).chain(&mut moved) {
                after_removal(path, &from);
                after_insert(path, &list, to);
            }
            moved.push(joined(&list, to));
            continue;
        }
        draft.make(|view| copy(view, &from, &list, index))?;
        for path in sources.iter_mut().chain(&mut anchor).chain(&mut moved).chain([&mut from]) {
            after_insert(path, &list, index);
        }
        moved.push(joined(&list, index));
        if take_out(draft, &from)? {
            let others = sources.iter_mut().chain(&mut anchor).chain(&mut moved);
            others.chain([&mut list]).for_each(|path| after_removal(path, &from));
        }
    }
    let view = draft.view();
    let select: Vec<Path> = moved.iter().map(|item| shown(&view, item)).collect();
    drop(view);
    if rank == Rank::Job {
        forget_lost(draft, &names)?;
        super::removed::forget_strangers(draft, &select)?;
    }
    Ok(select)
}

/// Moves an item in its list. Where blank lines or comments stand between some items and not between
/// others, only its own lines move.
fn within(draft: &mut Draft, list: &[usize], from: usize, to: usize) -> Result<(), EditError> {
    let view = draft.view();
    let is_block = view.root.at(list).form == Form::BlockList;
    if is_block && !is_even(&view, list, from, to) {
        let index = if to > from { to + 1 } else { to };
        let step = copy(&view, &joined(list, from), list, index);
        drop(view);
        if step.and_then(|step| draft.take(step)).is_ok() {
            let source = if to > from { from } else { from + 1 };
            return take_out(draft, &joined(list, source)).map(|_| ());
        }
    } else {
        drop(view);
    }
    draft.make(|view| reorder(view, list, from, to))
}

fn joined(list: &[usize], index: usize) -> Vec<usize> {
    list.iter().copied().chain([index]).collect()
}

/// The node that an item shows as; of directives the first.
pub(super) fn shown(view: &View<'_>, item: &[usize]) -> Path {
    let mut path = item.to_vec();
    if super::place::holds_directives(view.root.at(item)) {
        path.push(0);
    }
    spelled(&view.root, &path)
}

/// What shall stand before something that moves as well stands before the next that stays.
fn skip_moved(view: &View<'_>, anchor: &mut Option<Vec<usize>>, sources: &[Vec<usize>]) {
    while let Some(at) = anchor.as_mut() {
        if !sources.contains(at) {
            return;
        }
        let Some((index, list)) = at.split_last_mut() else { return };
        *index += 1;
        if *index == view.root.at(list).children.len() {
            *anchor = None;
        }
    }
}

/// Refuses names that are taken where the nodes go.
fn free_to_go(
    places: &Places,
    items: &[(Vec<usize>, Place)],
    list: &[usize],
    rank: Rank,
    owner: &Place,
) -> Result<(), EditError> {
    let home = scope(places, &joined(list, 0), rank);
    let taken: Vec<String> =
        named_in(places, &home, rank).map(|place| place.name.clone()).collect();
    for (item, _) in items {
        if scope(places, item, rank) == home {
            continue;
        }
        let inside =
            places.iter().filter(|place| place.path.starts_with(item) && place.rank == rank);
        for place in inside.filter(|place| !matches!(place.kind, Kind::Template | Kind::Directive))
        {
            if has(&taken, &place.name) {
                let name = place.name.clone();
                return Err(EditError::AlreadyThere { name, place: owner.label.clone() });
            }
        }
    }
    Ok(())
}
