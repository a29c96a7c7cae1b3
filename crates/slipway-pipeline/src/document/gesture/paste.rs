//! Pasting stages, jobs and steps that are written in any pipeline: their lines come along as they are
//! written, moved in or out, at the level that the place asks for.

use std::sync::Arc;

use super::list::{Target, holds, misplaced, position, target};
use super::moved::shown;
use super::names::{free, made_unique, taken};
use super::place::{Kind, Place, Places, Rank, file_rank, holds_directives, is_directive};
use crate::document::draft::Draft;
use crate::document::error::EditError;
use crate::document::insert::insert_item;
use crate::document::part::{Form, Part};
use crate::document::path::Path;
use crate::document::shift::{as_yaml, value_of};
use crate::document::value::Value;
use crate::document::words::named;
use crate::document::words::place::JOB_KEYS;
use crate::schema::{first, steps};

pub(super) fn make(
    draft: &mut Draft,
    into: &Path,
    before: Option<&Path>,
    yaml: &str,
) -> Result<Vec<Path>, EditError> {
    let piece = Piece::read(yaml)?;
    let view = draft.view();
    let places = Places::of(&view.root);
    let owner = places.named(&view.root, into)?.clone();
    let rank = piece.rank.or_else(|| holds(&owner, &view.root)).unwrap_or(owner.rank);
    if owner.kind == Kind::Extends {
        return Err(misplaced("what is pasted", rank, &owner, &view.root));
    }
    let natural = match owner.kind {
        Kind::File => file_rank(&view.root).or(Some(rank)),
        _ => holds(&owner, &view.root),
    };
    let beside = match natural {
        // The place holds smaller things: what is pasted stands beside what it is.
        None => beside(&places, &owner, rank),
        Some(natural) if natural > rank && owner.kind != Kind::File => {
            beside(&places, &owner, rank)
        }
        Some(_) => None,
    };
    let is_lifted = beside.is_none() && natural.is_none_or(|natural| natural > rank);
    drop(view);
    let (mut list, mut index, outer) = match beside {
        Some(item) => {
            let (index, list) =
                item.split_last().ok_or_else(|| EditError::Fixed { what: owner.label.clone() })?;
            (list.to_vec(), index + 1, rank)
        }
        None => {
            let into = if is_lifted { &Path::root() } else { into };
            let outer = natural.filter(|natural| *natural < rank).unwrap_or(rank);
            let place = target(draft, into, outer, "what is pasted")?;
            let before = before.filter(|_| !is_lifted);
            let index = position(&draft.view(), &place, before)?;
            let Target { list, .. } = place;
            (list, index, outer)
        }
    };
    let mut container = None;
    let mut level = outer;
    while level < rank {
        let item = around(level, &taken(&draft.view(), &list, level))?;
        draft.make(|view| insert_item(view, &list, Some(index), &item))?;
        let path: Vec<usize> = list.iter().copied().chain([index]).collect();
        container.get_or_insert_with(|| path.clone());
        level = if level == Rank::Stage { Rank::Job } else { Rank::Step };
        let inner = draft.view().root.at(&path).index_of(level.key()).unwrap_or_default();
        list = [path, vec![inner]].concat();
        index = 0;
    }
    let mut pasted = Vec::new();
    for (number, item) in piece.items.iter().enumerate() {
        draft.make(|view| {
            // Between brackets there is no room for lines.
            let part = view.root.at(&list);
            let is_tight = part.form == Form::FlowList && !part.children.is_empty();
            let item = if is_tight { &item.plain } else { &item.written };
            insert_item(view, &list, Some(index + number), item)
        })?;
        pasted.push([list.as_slice(), &[index + number]].concat());
    }
    made_unique(draft, &pasted)?;
    let view = draft.view();
    let select = container.map_or(pasted, |container| vec![container]);
    Ok(select.iter().map(|item| shown(&view, item)).collect())
}

/// The item of this rank that a node is or stands in.
fn beside(places: &Places, owner: &Place, rank: Rank) -> Option<Vec<usize>> {
    let all = places.iter().filter(|place| {
        place.kind != Kind::File && place.rank == rank && owner.path.starts_with(place.item())
    });
    let found = all.max_by_key(|place| place.path.len())?;
    Some(found.item().to_vec())
}

/// An empty stage or job to hold what is pasted.
fn around(rank: Rank, taken: &[String]) -> Result<Value, EditError> {
    let (key, name, inner) = match rank {
        Rank::Stage => ("stage", "Stage", "jobs"),
        Rank::Job | Rank::Step => ("job", "Job", "steps"),
    };
    named(key, &free(name, taken), Some(&Value::map([(inner, Value::List(Vec::new()))])))
}

/// An item as it is written, and as what it says.
struct Item {
    written: Value,
    plain: Value,
}

/// What is pasted.
struct Piece {
    items: Vec<Item>,
    /// What the items are; templates can be anything.
    rank: Option<Rank>,
}

impl Piece {
    fn read(yaml: &str) -> Result<Self, EditError> {
        let text: Arc<str> = yaml.replace("\r\n", "\n").into();
        let draft = Draft::new(&text).map_err(|error| match error {
            EditError::Broken { line, message, .. } => {
                EditError::BadFragment { message: format!("line {line}: {message}") }
            }
            other => other,
        })?;
        let view = draft.view();
        let root = &view.root;
        let unknown =
            || EditError::BadFragment { message: "No stage, job or step is in it.".to_owned() };
        let list = file_rank(root)
            .filter(|_| rank_of(root).is_none())
            .and_then(|rank| Some((rank, rank.lists().iter().find_map(|key| root.get(key))?)));
        let (list, rank) = match list {
            Some((rank, list)) => (list, Some(rank)),
            None if root.is_list() => (root, root.children.iter().find_map(rank_of)),
            None if root.is_map() && is_node(root) => {
                let written = Value::Yaml(text.to_string());
                let items = vec![Item { written, plain: value_of(root.node) }];
                return Ok(Self { items, rank: rank_of(root) });
            }
            None => return Err(unknown()),
        };
        if !list.is_list() || list.children.is_empty() || !list.children.iter().all(is_node) {
            return Err(unknown());
        }
        if let Some(rank) = rank
            && list.children.iter().filter_map(rank_of).any(|other| other != rank)
        {
            let message = "Stages, jobs and steps are mixed in it.".to_owned();
            return Err(EditError::BadFragment { message });
        }
        let items = (0..list.children.len()).map(|index| {
            let plain = value_of(list.children[index].node);
            let written = match list.form {
                Form::BlockList => Value::Yaml(as_yaml(&view, list, index)),
                _ => plain.clone(),
            };
            Item { written, plain }
        });
        Ok(Self { items: items.collect(), rank })
    }
}

fn is_node(item: &Part<'_>) -> bool {
    holds_directives(item) || item.get("template").is_some() || rank_of(item).is_some()
}

/// What an item is; of a directive what stands below it.
fn rank_of(item: &Part<'_>) -> Option<Rank> {
    if holds_directives(item) {
        let bodies =
            item.children.iter().filter(|entry| entry.key_text().is_some_and(is_directive));
        return bodies.flat_map(|entry| &entry.children).find_map(rank_of);
    }
    let has = |key: &&str| item.get(key).is_some();
    if item.get("stage").is_some() {
        Some(Rank::Stage)
    } else if JOB_KEYS.iter().any(has) {
        Some(Rank::Job)
    } else if steps()
        .iter()
        .filter_map(|shape| first(*shape))
        .any(|key| key != "template" && has(&key))
    {
        Some(Rank::Step)
    } else {
        None
    }
}
