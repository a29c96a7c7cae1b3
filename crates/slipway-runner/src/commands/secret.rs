//! `task.setsecret`, and how a value becomes a secret; its coded forms are the masker's business.

use super::{Broken, Command, Turn};
use crate::step_scope::StepScope;

pub(super) fn set_secret(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    add_secret(turn.step, &command.message);
    Ok(())
}

/// Masks a secret from now on.
pub(crate) fn add_secret(step: &StepScope, secret: &str) {
    step.job.run.masker.add(secret);
}
