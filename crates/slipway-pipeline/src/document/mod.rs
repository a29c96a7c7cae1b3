//! The lossless document: a pipeline file as text, and edits on it as a careful person types them.
//!
//! The text is the store; nothing is ever printed from a tree. [`Document::apply`] computes an
//! [`Edit`] as replacements in the text, in the file's own indentation, quotes and line ends, reads
//! the result, and refuses it unless it says what was meant and has lost no comment. The canvas, the
//! text editor and `slipway pipeline edit` stand on it. Deliberately not here: whether the pipeline
//! makes sense afterwards (`load`), and undo lists (each edit comes with the edit that undoes it).

use std::sync::Arc;

mod change;
mod diff;
mod draft;
mod edit;
mod error;
mod extent;
mod generic;
mod gesture;
mod insert;
mod lines;
mod part;
mod path;
mod remove;
mod render;
mod scalar;
mod set;
mod shape;
mod shift;
mod style;
mod value;
mod words;
mod written;

pub use change::TextChange;
pub use diff::diff;
pub use edit::{At, Edit, FilterList, FilterOn, TriggerKey};
pub use error::EditError;
pub use gesture::{Addition, ConvertTo, Gesture, Performed, copied, perform};
pub use path::{Path, Segment};
pub use value::Value;
pub use written::{Written, WrittenEntry, WrittenForm, written};

use draft::Draft;

/// A file's text. Cloning one is cheap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    text: Arc<str>,
    version: u64,
}

/// What an edit came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    pub document: Document,
    /// What to replace in the former text, ascending; nothing when all was there already.
    pub changes: Vec<TextChange>,
    /// The edit that leads back to the former text, byte for byte.
    pub inverse: Edit,
}

impl Document {
    /// Takes a text, whatever it is.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), version: 0 }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as it is written to the file: what was not edited comes back byte for byte.
    pub fn print(&self) -> &str {
        &self.text
    }

    /// How many edits have changed it.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Makes an edit, or says why it cannot be made. The document itself stays as it is.
    pub fn apply(&self, edit: &Edit) -> Result<Applied, EditError> {
        let (text, changes) = match edit {
            Edit::Text { changes } => {
                (change::changed(&self.text, changes)?.into(), changes.clone())
            }
            edit => {
                let mut draft = Draft::new(&self.text)?;
                make(&mut draft, edit, true)?;
                draft.finish(&self.text)
            }
        };
        Ok(self.changed_to(text, changes))
    }

    fn changed_to(&self, text: Arc<str>, changes: Vec<TextChange>) -> Applied {
        let inverse = Edit::Text { changes: change::reversed(&self.text, &changes) };
        let version = if changes.is_empty() { self.version } else { self.version + 1 };
        Applied { document: Self { text, version }, changes, inverse }
    }
}

fn make(draft: &mut Draft, edit: &Edit, may_nest: bool) -> Result<(), EditError> {
    match edit {
        Edit::All { edits } if may_nest => {
            edits.iter().try_for_each(|edit| make(draft, edit, false))
        }
        Edit::All { .. } | Edit::Text { .. } => Err(EditError::Layout {
            place: String::new(),
            why: "one list of edits cannot hold another, or replacements of bytes",
        }),
        edit => match generic::make(draft, edit) {
            Some(made) => made,
            None => words::make(draft, edit),
        },
    }
}
