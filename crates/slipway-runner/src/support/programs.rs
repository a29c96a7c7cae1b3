//! Programs that tasks start and this machine lacks.
//!
//! Called by `support`. They are warnings: an earlier step may install the program.

use crate::tasks::is_program;

/// Those that are not on the app's own PATH.
pub(super) fn missing(programs: &[&'static str]) -> Vec<&'static str> {
    let path = std::env::var("PATH").unwrap_or_default();
    let is_there = |program: &str| {
        std::env::split_paths(&path).any(|folder| is_program(&folder.join(program)))
    };
    programs.iter().copied().filter(|program| !is_there(program)).collect()
}
