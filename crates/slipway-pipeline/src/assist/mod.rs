//! Editor intelligence: completion, hover, definition, references, rename, outline, folding, fixes, the canvas.
//!
//! Pure functions over a text and what is around it ([`Surroundings`]); all places are bytes of the
//! text ([`position`] turns them into what editors count). They work from the file's lines
//! ([`sketch`]), so a file that is being typed is understood as far as it goes, and an answer takes
//! milliseconds in a long file. Deliberately not here: diagnostics, which are [`crate::load`]'s.

mod actions;
mod board;
mod changes;
mod complete;
mod expression;
mod help;
mod hover;
mod names;
mod navigate;
mod outline;
pub mod position;
mod role;
mod sketch;
mod slots;
mod spot;
mod surroundings;
mod symbol;
#[cfg(test)]
mod tests;

pub use actions::{CodeAction, code_actions};
pub use board::{Board, BoardKind, BoardLevel, BoardNode, BoardWaits, board};
pub use changes::{Message, changes, message};
pub use complete::{Completion, CompletionKind, complete};
pub use hover::{Hover, hover};
pub use navigate::{Definition, TextEdit, definition, references, rename, renamed_word};
pub use outline::{Fold, OutlineItem, OutlineKind, folding, symbols};
pub use role::is_template;
pub(crate) use sketch::directive;
pub use surroundings::{Alone, OtherFile, Surroundings};

/// The nearest byte at or before one at which a letter begins.
pub(crate) fn on_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
