//! Backlog words: mentions in commit messages, states, and the rules between them.
//!
//! Pure: no clock, no database. `slipway-api` asks what an event means and writes the answer down.
//! The process is Azure Boards' Basic one: To Do, Doing, Done.

mod bug;
mod error;
mod mention;
mod state;

pub use bug::{ExceptionFacts, bug_description, bug_title};
pub use error::BoardsError;
pub use mention::{Mention, mentions, parse_item_key};
pub use state::{BoardEvent, next_state};
