//! What waits for what: writing `dependsOn` so that all that held before still holds.

use std::collections::HashSet;

use super::list::follows;
use super::names::{named_in, scope};
use super::place::{Kind, Place, Places, Rank, is_directive, spelled};
use crate::document::draft::{Draft, View};
use crate::document::error::EditError;
use crate::document::insert::insert_item;
use crate::document::path::Path;
use crate::document::remove::remove;
use crate::document::value::Value;
use crate::document::words::depends::forget;
use crate::document::words::order::Level;
use crate::document::words::set_key;

/// `to` shall wait for `from`.
pub(super) fn connect(draft: &mut Draft, from: &Path, to: &Path) -> Result<Vec<Path>, EditError> {
    let view = draft.view();
    let places = Places::of(&view.root);
    let (from, to_place) = ends(&view, &places, from, to)?;
    let waits = waits(&view, &places, &to_place)?;
    if waits.names().iter().any(|name| name.eq_ignore_ascii_case(&from.name)) {
        return Ok(vec![spelled(&view.root, &to_place.path)]);
    }
    if let Some(round) = round(&view, &places, &from, &to_place) {
        let (from, to) = (from.name, to_place.name);
        return Err(EditError::Cycle { from, to, round });
    }
    let name = Value::from(from.name.as_str());
    let key = "dependsOn";
    let level = level(&to_place);
    let map = view.root.at(&to_place.path);
    let written = map.index_of(key);
    match waits {
        Waits::Unsaid(Before::Unknown(label)) => {
            return Err(EditError::Unconnectable {
                from: from.label,
                to: to_place.label,
                why: format!(
                    "it waits for {label}, which stands before it and cannot be named together with others"
                ),
            });
        }
        Waits::Unsaid(Before::Nothing) => {
            drop(view);
            set_key(draft, &to_place.path, level, key, Some(&name))?;
        }
        Waits::Unsaid(Before::Named(other)) => {
            drop(view);
            let both = Value::texts([other, from.name]);
            set_key(draft, &to_place.path, level, key, Some(&both))?;
        }
        Waits::Said(names) => {
            let mut path = to_place.path.clone();
            path.extend(written);
            let part = view.root.at(&path);
            let is_list = part.is_list() && !part.children.is_empty();
            if !is_list && part.text().is_some_and(|text| text.contains("${{")) {
                let why = "an expression says what it waits for".to_owned();
                let (from, to) = (from.label, to_place.label);
                return Err(EditError::Unconnectable { from, to, why });
            }
            drop(view);
            if is_list {
                draft.make(|view| insert_item(view, &path, None, &name))?;
            } else if names.is_empty() {
                set_key(draft, &to_place.path, level, key, Some(&name))?;
            } else {
                let all = names.into_iter().chain([from.name]);
                set_key(draft, &to_place.path, level, key, Some(&Value::texts(all)))?;
            }
        }
    }
    Ok(vec![spelled(&draft.view().root, &to_place.path)])
}

/// `to` shall not wait for `from` any more.
pub(super) fn disconnect(
    draft: &mut Draft,
    from: &Path,
    to: &Path,
) -> Result<Vec<Path>, EditError> {
    let view = draft.view();
    let places = Places::of(&view.root);
    let (from, to_place) = ends(&view, &places, from, to)?;
    let waits = waits(&view, &places, &to_place)?;
    let is_it = |name: &String| name.eq_ignore_ascii_case(&from.name);
    if !waits.names().iter().any(is_it) {
        let why = "it does not wait for it".to_owned();
        return Err(EditError::Unconnectable { from: from.label, to: to_place.label, why });
    }
    let level = level(&to_place);
    // Without `dependsOn` a stage waits for the one before it, so nothing has to be said.
    let is_said = to_place.kind == Kind::Stage
        && !matches!(before(&view, &places, &to_place), Before::Nothing);
    let is_last = match &waits {
        Waits::Unsaid(_) => true,
        Waits::Said(names) => {
            let part = view.root.at(&to_place.path).get("dependsOn");
            let others = part.map_or(0, |part| part.children.len());
            others <= 1 && names.iter().all(is_it)
        }
    };
    let index = view.root.at(&to_place.path).index_of("dependsOn");
    drop(view);
    match (is_last, is_said, index) {
        (true, true, _) => {
            let empty = Value::List(Vec::new());
            set_key(draft, &to_place.path, level, "dependsOn", Some(&empty))?;
        }
        (true, false, Some(index)) => {
            let path: Vec<usize> = to_place.path.iter().copied().chain([index]).collect();
            draft.make(|view| remove(view, &path))?;
        }
        (true, false, None) => {}
        (false, ..) => {
            let owners = [to_place.path.clone()];
            loop {
                let view = draft.view();
                let Some(step) = forget(&view, &owners, &from.name) else { break };
                drop(view);
                draft.take(step)?;
            }
        }
    }
    Ok(vec![spelled(&draft.view().root, &to_place.path)])
}

fn level(place: &Place) -> Level {
    if place.kind == Kind::Stage { Level::Stage } else { Level::Job }
}

/// Both ends, when they can be connected at all.
fn ends(
    view: &View<'_>,
    places: &Places,
    from: &Path,
    to: &Path,
) -> Result<(Place, Place), EditError> {
    let from = places.named(&view.root, from)?.clone();
    let to = places.named(&view.root, to)?.clone();
    let is_end = |place: &Place| matches!(place.kind, Kind::Stage | Kind::Job | Kind::Deployment);
    let why = if !is_end(&from) || !is_end(&to) {
        "only stages wait for stages, and jobs for jobs"
    } else if from.rank != to.rank {
        "a stage and a job do not wait for each other"
    } else if from.path == to.path {
        "nothing waits for itself"
    } else if from.rank == Rank::Job && places.stage_of(&from.path) != places.stage_of(&to.path) {
        "a job waits for jobs of its own stage"
    } else if from.name.is_empty() || from.name.contains("${{") {
        "what is waited for needs a name: give it one first"
    } else if from.name.eq_ignore_ascii_case(&to.name) {
        "both have the same name"
    } else {
        return Ok((from, to));
    };
    Err(EditError::Unconnectable { from: from.label, to: to.label, why: why.to_owned() })
}

/// What a stage or job waits for.
enum Waits {
    Unsaid(Before),
    Said(Vec<String>),
}

/// What stands before a stage that says nothing; a job then waits for nothing.
enum Before {
    Nothing,
    Named(String),
    /// A template, or what depends on a condition; in words.
    Unknown(String),
}

impl Waits {
    fn names(&self) -> Vec<String> {
        match self {
            Self::Unsaid(Before::Named(name)) => vec![name.clone()],
            Self::Unsaid(_) => Vec::new(),
            Self::Said(names) => names.clone(),
        }
    }
}

fn waits(view: &View<'_>, places: &Places, place: &Place) -> Result<Waits, EditError> {
    let Some(written) = view.root.at(&place.path).get("dependsOn") else {
        return Ok(Waits::Unsaid(match place.kind {
            Kind::Stage => before(view, places, place),
            _ => Before::Nothing,
        }));
    };
    let one = written.text().filter(|text| !text.is_empty());
    let items = written.children.iter().filter_map(|item| item.text());
    Ok(Waits::Said(one.into_iter().chain(items).map(str::to_owned).collect()))
}

/// The stage that stands before one in the file.
fn before(view: &View<'_>, places: &Places, place: &Place) -> Before {
    let mut path = place.path.clone();
    loop {
        let Some((index, list)) = path.split_last() else { return Before::Nothing };
        if let Some(index) = index.checked_sub(1) {
            let item: Vec<usize> = list.iter().copied().chain([index]).collect();
            return match places.at(&item) {
                Some(stage) if stage.kind == Kind::Stage && !stage.name.is_empty() => {
                    Before::Named(stage.name.clone())
                }
                Some(other) => Before::Unknown(other.label.clone()),
                None => {
                    let key =
                        view.root.at(&item).children.first().and_then(|entry| entry.key_text());
                    Before::Unknown(key.unwrap_or("what stands there").to_owned())
                }
            };
        }
        // The first of its list: what stands before the directive around it.
        let Some((_, item)) = list.split_last() else { return Before::Nothing };
        let Some(key) = view.root.at(list).key_text().filter(|key| is_directive(key)) else {
            return Before::Nothing;
        };
        if crate::assist::directive(key) == Some("each") || follows(key) && item.last() != Some(&0)
        {
            return Before::Unknown(key.to_owned());
        }
        path = item.to_vec();
    }
}

/// How `from` waits for `to` already, as a chain of sentences.
fn round(view: &View<'_>, places: &Places, from: &Place, to: &Place) -> Option<String> {
    let scope = scope(places, &from.path, from.rank);
    let all: Vec<&Place> = named_in(places, &scope, from.rank).collect();
    let mut seen = HashSet::new();
    let mut ways: Vec<Vec<String>> = vec![vec![from.name.clone()]];
    while let Some(way) = ways.pop() {
        let last = way.last()?.clone();
        if last.eq_ignore_ascii_case(&to.name) {
            let sentences: Vec<String> =
                way.windows(2).map(|pair| format!("{} waits for {}", pair[0], pair[1])).collect();
            return Some(sentences.join(", "));
        }
        if !seen.insert(last.to_ascii_lowercase()) {
            continue;
        }
        for place in all.iter().filter(|place| place.name.eq_ignore_ascii_case(&last)) {
            for next in waits(view, places, place).ok()?.names() {
                ways.push(way.iter().cloned().chain([next]).collect());
            }
        }
    }
    None
}
