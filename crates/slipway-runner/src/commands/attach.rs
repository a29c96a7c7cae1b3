//! Files that a step hands to the run: attachments, summaries, files beside the log.

use std::path::PathBuf;

use super::task::shown;
use super::{Broken, Command, Effect, Turn};

/// The type under which Azure keeps a summary.
pub(crate) const SUMMARY: &str = "Distributedtask.Core.Summary";
const FILE: &str = "DistributedTask.Core.FileAttachment";

pub(super) fn add_attachment(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let kind = shown(turn, command, "type")?;
    let name = shown(turn, command, "name")?;
    for text in [&kind, &name] {
        if text.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']) || text.contains("..") {
            return Err(format!(
                "'{text}' holds letters that a name of an attachment cannot have."
            ));
        }
    }
    let (file, _) = file_of(turn, command, "attachment")?;
    turn.effects.push(Effect::Attach { kind, name, file });
    Ok(())
}

pub(super) fn upload_summary(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let (file, name) = file_of(turn, command, "summary")?;
    turn.effects.push(Effect::Attach { kind: SUMMARY.to_owned(), name, file });
    Ok(())
}

pub(super) fn upload_file(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let (file, name) = file_of(turn, command, "file")?;
    turn.effects.push(Effect::Attach { kind: FILE.to_owned(), name, file });
    Ok(())
}

/// The file that the message names, and its name.
pub(super) fn file_of(
    turn: &Turn<'_>,
    command: &Command,
    what: &str,
) -> Result<(PathBuf, String), Broken> {
    let path = command.message.trim();
    if path.is_empty() {
        return Err(format!("Can't upload the {what}: the message must name a file."));
    }
    let file = turn.step.resolve(path);
    if !file.is_file() {
        return Err(format!("Can't upload the {what} {path}. File does not exist."));
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let name = turn.step.writer.mask(&name);
    Ok((file, name))
}
