//! Renaming a node, with what refers to it.

use super::add::directive;
use super::names::{has, named_in, scope};
use super::place::{Kind, Places, Rank, spelled};
use crate::document::draft::Draft;
use crate::document::error::EditError;
use crate::document::generic::rename_key;
use crate::document::path::Path;
use crate::document::value::Value;
use crate::document::words::order::Level;
use crate::document::words::{each, job, set_key, stage, step};

pub(super) fn make(draft: &mut Draft, node: &Path, to: &str) -> Result<Vec<Path>, EditError> {
    let view = draft.view();
    let places = Places::of(&view.root);
    let place = places.named(&view.root, node)?.clone();
    let rank = place.rank;
    let scope = scope(&places, &place.path, rank);
    // The ways of an `${{ if }}` share a name: they are one for whoever refers to it.
    let alike: Vec<Vec<usize>> = named_in(&places, &scope, rank)
        .filter(|other| !place.name.is_empty() && other.name.eq_ignore_ascii_case(&place.name))
        .map(|other| other.path.clone())
        .collect();
    let alike = if alike.is_empty() { vec![place.path.clone()] } else { alike };
    let others: Vec<String> = named_in(&places, &scope, rank)
        .filter(|other| !alike.contains(&other.path))
        .map(|other| other.name.clone())
        .collect();
    drop(view);
    match place.kind {
        Kind::File | Kind::Hook => return Err(EditError::Fixed { what: place.label }),
        Kind::Stage => stage::rename_at(draft, &alike, to)?,
        Kind::Job | Kind::Deployment => job::rename_at(draft, &alike, to)?,
        Kind::Step if has(&others, to) => {
            let place = Rank::Step.key().to_owned();
            return Err(EditError::AlreadyThere { name: to.to_owned(), place });
        }
        Kind::Step => {
            for path in alike {
                step::rename_at(draft, path, to)?;
            }
        }
        Kind::Template | Kind::Extends if to.trim().is_empty() => {
            return Err(EditError::BadName { what: "template", name: to.to_owned() });
        }
        Kind::Template => {
            set_key(draft, &place.path, Level::Step, "template", Some(&Value::from(to)))?;
        }
        Kind::Extends => {
            set_key(draft, &place.path, Level::Other, "template", Some(&Value::from(to)))?;
        }
        Kind::Directive => {
            let word = place.name.split_whitespace().next().unwrap_or("if").to_owned();
            let key = directive(&word, to);
            draft.make(|view| rename_key(view, &place.path, &key))?;
            if let (Some(from), Some(to)) = (each::variable(&place.name), each::variable(&key)) {
                each::follow(draft, &place.path, &place.name[from], &key[to])?;
            }
        }
    }
    let view = draft.view();
    Ok(vec![spelled(&view.root, &place.path)])
}
