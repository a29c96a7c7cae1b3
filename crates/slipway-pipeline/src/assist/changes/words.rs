//! How a sentence calls things, and what it looks at.

use super::Lone;
use super::pairs::Item;
use crate::assist::board::{BoardKind, BoardNode};

/// What is below a node: of a job that became a deployment, or was one, its steps.
pub(super) fn steps<'n>(node: &'n BoardNode, other: &BoardNode) -> &'n [BoardNode] {
    let deploy =
        node.children.iter().find(|hook| hook.kind == BoardKind::Hook && hook.name == "deploy");
    match deploy {
        Some(deploy) if other.kind == BoardKind::Job => &deploy.children,
        _ => &node.children,
    }
}

pub(super) fn lone(item: &Item<'_>, place: &str) -> Lone {
    Lone {
        kind: item.node.kind,
        label: label(item.node),
        name: item.node.name.clone(),
        place: place.to_owned(),
        text: item.full.clone(),
    }
}

pub(super) fn of(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(" of {place}") }
}

/// `a, b and c`.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// How a sentence calls a node.
pub(super) fn label(node: &BoardNode) -> String {
    let short = |text: &str| cut_label(text);
    let first = |texts: [&str; 3]| {
        texts.into_iter().find(|text| !text.is_empty()).map(short).unwrap_or_default()
    };
    match node.kind {
        BoardKind::Stage | BoardKind::Job | BoardKind::Deployment => {
            let word = match node.kind {
                BoardKind::Stage => "stage",
                BoardKind::Job => "job",
                _ => "deployment",
            };
            let name = first([&node.name, &node.display_name, ""]);
            if name.is_empty() {
                format!("a {word} without a name")
            } else {
                format!("{word} {name}")
            }
        }
        BoardKind::Hook => format!("hook {}", node.name),
        BoardKind::Template => format!("template {}", short(&node.name)),
        BoardKind::Extends => format!("the extended template {}", short(&node.name)),
        BoardKind::Directive => {
            format!("${{{{ {} }}}}", short(format!("{} {}", node.name, node.detail).trim()))
        }
        BoardKind::Step => {
            let name = first([&node.display_name, &node.detail, &node.name]);
            if name.is_empty() { "a step".to_owned() } else { format!("step '{name}'") }
        }
    }
}

fn cut_label(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let short: String = text.chars().take(LONGEST - 1).collect();
    format!("{}…", short.trim_end())
}

pub(super) fn is_named(node: &BoardNode) -> bool {
    matches!(node.kind, BoardKind::Stage | BoardKind::Job | BoardKind::Deployment)
}

/// A text with another name wherever the name stands as a word.
pub(super) fn with_name(text: &str, from: &str, to: &str) -> String {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for (start, _) in text.match_indices(from) {
        let end = start + from.len();
        let is_word = !text[..start].chars().next_back().is_some_and(is_letter)
            && !text[end..].chars().next().is_some_and(is_letter);
        if is_word && start >= at {
            new.push_str(&text[at..start]);
            new.push_str(to);
            at = end;
        }
    }
    new.push_str(&text[at..]);
    new
}
