//! Gestures: what a person does to the nodes of a canvas, as edits of the text.
//!
//! A gesture names nodes by the [`Path`]s that a board gives them, and is made of the same steps as
//! an [`Edit`], each judged by the draft. It may take several nodes at once, adapts levels, makes
//! names unique and lets references follow. Callers are the canvas and `slipway pipeline edit`.
//! Deliberately not here: how a board looks ([`crate::assist::board`]), and what is selected.

mod add;
mod connect;
mod convert;
mod copies;
mod label;
mod list;
mod moved;
mod names;
mod ordered;
mod outputs;
mod paste;
mod place;
mod removed;
mod renamed;
mod set;
mod wrap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::change::TextChange;
use super::draft::Draft;
use super::edit::Edit;
use super::error::EditError;
use super::path::Path;
use super::value::Value;
use super::{Applied, Document};

pub use copies::copied;

/// One gesture. `into` is the node that something goes into, or nothing for the file; `before` is
/// the sibling that it shall stand before, or nothing for the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "gesture",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Gesture {
    /// Adds a node. A name that is not given is made; `value` holds its further keys.
    Add {
        into: Path,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Path>,
        what: Addition,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// Moves nodes, in the order in which they are written.
    Move {
        nodes: Vec<Path>,
        into: Path,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Path>,
    },
    /// Removes nodes, and their names from what waits for them.
    Remove { nodes: Vec<Path> },
    /// Writes each node again behind itself, under a name of its own.
    Duplicate { nodes: Vec<Path> },
    /// Gives a node another name, and changes what refers to it. Of a template it is the file, of a
    /// directive what stands between the braces.
    Rename { node: Path, to: String },
    /// `to` shall wait for `from`.
    Connect { from: Path, to: Path },
    /// `to` shall not wait for `from` any more.
    Disconnect { from: Path, to: Path },
    /// Sets a nested key of a node; what is lacking between is made. No value removes it, and a
    /// mapping that is empty then goes as well.
    Set {
        node: Path,
        keys: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// Makes a job a deployment job, or the other way round.
    Convert {
        node: Path,
        to: ConvertTo,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        environment: Option<String>,
    },
    /// Puts in stages, jobs or steps from any pipeline.
    Paste {
        into: Path,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Path>,
        yaml: String,
    },
    /// Puts neighbours below `${{ directive }}`.
    Wrap { nodes: Vec<Path>, directive: String },
    /// Takes a directive away and leaves what stands below it.
    Unwrap { node: Path },
    /// Any edit.
    Edit { edit: Edit },
}

/// What a gesture adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Addition {
    Stage,
    Job,
    Deployment,
    Step,
    Template,
    If,
    Each,
}

/// What a job becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ConvertTo {
    Job,
    Deployment,
}

/// What a gesture came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Performed {
    pub document: Document,
    /// What to replace in the former text, ascending.
    pub changes: Vec<TextChange>,
    /// The nodes that were added, moved, renamed or changed, where they are now.
    pub select: Vec<Path>,
    /// The edit that leads back to the former text, byte for byte.
    pub inverse: Edit,
}

/// Makes a gesture on a text, or says why it cannot be made.
pub fn perform(text: &str, gesture: &Gesture) -> Result<Performed, EditError> {
    let document = Document::new(text);
    let (applied, select) = match gesture {
        Gesture::Edit { edit } => (document.apply(edit)?, Vec::new()),
        gesture => {
            let mut draft = Draft::new(&document.text)?;
            let select = make(&mut draft, gesture)?;
            let (text, changes) = draft.finish(&document.text);
            (document.changed_to(text, changes), select)
        }
    };
    let Applied { document, changes, inverse } = applied;
    Ok(Performed { document, changes, select, inverse })
}

fn make(draft: &mut Draft, gesture: &Gesture) -> Result<Vec<Path>, EditError> {
    match gesture {
        Gesture::Add { into, before, what, name, value } => {
            let new = add::New { what: *what, name: name.as_deref(), value: value.as_ref() };
            add::make(draft, into, before.as_ref(), &new)
        }
        Gesture::Move { nodes, into, before } => moved::make(draft, nodes, into, before.as_ref()),
        Gesture::Remove { nodes } => removed::make(draft, nodes).map(|()| Vec::new()),
        Gesture::Duplicate { nodes } => copies::duplicate(draft, nodes),
        Gesture::Rename { node, to } => renamed::make(draft, node, to),
        Gesture::Connect { from, to } => connect::connect(draft, from, to),
        Gesture::Disconnect { from, to } => connect::disconnect(draft, from, to),
        Gesture::Set { node, keys, value } => set::make(draft, node, keys, value.as_ref()),
        Gesture::Convert { node, to, environment } => {
            convert::make(draft, node, *to, environment.as_deref())
        }
        Gesture::Paste { into, before, yaml } => paste::make(draft, into, before.as_ref(), yaml),
        Gesture::Wrap { nodes, directive } => wrap::wrap_nodes(draft, nodes, directive),
        Gesture::Unwrap { node } => wrap::unwrap(draft, node),
        // What edits are, `perform` has made already.
        Gesture::Edit { edit } => super::make(draft, edit, true).map(|()| Vec::new()),
    }
}
