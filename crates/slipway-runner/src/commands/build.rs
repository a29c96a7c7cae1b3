//! What concerns the whole run: its number, its tags, further logs.

use super::attach::file_of;
use super::{Broken, Command, Effect, Turn};

pub(super) fn update_number(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let number = command.message.trim();
    if number.is_empty() {
        return Err("Build number is required.".to_owned());
    }
    turn.effects.push(Effect::BuildNumber(number.to_owned()));
    Ok(())
}

pub(super) fn add_tag(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let tag = command.message.trim();
    if tag.is_empty() {
        return Err("Build tag is required.".to_owned());
    }
    turn.effects.push(Effect::Tag(tag.to_owned()));
    Ok(())
}

pub(super) fn upload_log(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let (file, name) = file_of(turn, command, "log")?;
    turn.effects.push(Effect::Attach { kind: "log".to_owned(), name, file });
    Ok(())
}
