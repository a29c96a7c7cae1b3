//! What a node is called: its name in the file, and in a message.

use super::place::{Kind, inside};
use crate::document::part::Part;
use crate::document::words::place::JOB_KEYS;

/// Its name; of a template its file, of a directive what stands between the braces.
pub(super) fn name(part: &Part<'_>, kind: Kind) -> String {
    let of = |keys: &[&str]| {
        keys.iter().find_map(|key| part.get(key)?.text()).unwrap_or_default().to_owned()
    };
    match kind {
        Kind::File => String::new(),
        Kind::Stage => of(&["stage"]),
        Kind::Job | Kind::Deployment => of(&JOB_KEYS),
        Kind::Hook => part.key_text().unwrap_or_default().to_owned(),
        Kind::Step => of(&["name"]),
        Kind::Template => of(&["template"]),
        Kind::Extends => part.text().map_or_else(|| of(&["template"]), str::to_owned),
        Kind::Directive => inside(part.key_text().unwrap_or_default()).to_owned(),
    }
}

/// How a message calls it.
pub(super) fn label(part: &Part<'_>, kind: Kind, name: &str) -> String {
    let word = match kind {
        Kind::File => return "the file".to_owned(),
        Kind::Directive => return format!("${{{{ {name} }}}}"),
        Kind::Stage => "stage",
        Kind::Job => "job",
        Kind::Deployment => "deployment",
        Kind::Hook => "hook",
        Kind::Step => "step",
        Kind::Template => "template",
        Kind::Extends => "extended template",
    };
    let shown = [Some(name), part.get("displayName").and_then(Part::text)];
    let first =
        part.children.first().and_then(Part::text).and_then(|text| text.trim().lines().next());
    let shown = shown.into_iter().flatten().chain(first).find(|text| !text.is_empty());
    match shown {
        Some(text) => format!("{word} '{}'", text.chars().take(60).collect::<String>()),
        None => format!("a {word} without a name"),
    }
}
