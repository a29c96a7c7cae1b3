//! `artifact.upload` and `artifact.associate`.

use super::{Broken, Command, Effect, Turn};
use crate::sink::RunNote;

fn name_of(command: &Command) -> Result<&str, Broken> {
    command.property("artifactname").ok_or_else(|| "Artifact Name is required.".to_owned())
}

fn location_of(command: &Command) -> Result<&str, Broken> {
    let location = command.message.trim();
    if location.is_empty() {
        Err("Artifact location is required.".to_owned())
    } else {
        Ok(location)
    }
}

pub(super) fn upload(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let name = name_of(command)?.to_owned();
    let path = turn.step.resolve(location_of(command)?);
    // The folder of the artifact's own name is the artifact.
    let folder = command.property("containerfolder").map(|folder| folder.trim_matches(['/', '\\']));
    let folder = folder.filter(|folder| !folder.is_empty() && !folder.eq_ignore_ascii_case(&name));
    let folder = folder.map(|folder| folder.replace('\\', "/"));
    turn.effects.push(Effect::Upload { name, folder, path });
    Ok(())
}

/// The artifact stays where it is; the run only knows of it.
pub(super) fn associate(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let name = name_of(command)?;
    let location = location_of(command)?;
    let kind = match command.property("type") {
        Some(kind) => kind,
        None if location.starts_with("#/") => "container",
        None if location.starts_with("\\\\") || location.starts_with('/') => "filepath",
        None if location.starts_with("$/") => "versioncontrol",
        None => return Err("Artifact Type is required.".to_owned()),
    };
    let mask = |text: &str| turn.step.writer.mask(text);
    let note =
        RunNote::Association { artifact: mask(name), kind: mask(kind), location: mask(location) };
    turn.effects.push(Effect::Note(note));
    turn.say(&format!("Associated artifact {name} with {location}"));
    Ok(())
}
