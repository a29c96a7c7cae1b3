//! Test results, coverage and telemetry by command, as the vendor's tasks order them.
//!
//! Results and coverage are handed to the tasks that read such files. Telemetry has nowhere to go: it is
//! checked and dropped.

use super::{Broken, Command, Effect, Turn, needed};

pub(super) fn publish(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let format = needed(command, "type")?.to_owned();
    // Tools that are older than the property write the files behind the bracket.
    let behind = command.message.trim();
    let files = if behind.is_empty() { needed(command, "resultfiles")? } else { behind };
    let mut inputs = vec![
        ("testRunner", format),
        ("testResultsFiles", files.split(',').map(str::trim).collect::<Vec<_>>().join("\n")),
    ];
    for (field, input) in [
        ("mergeresults", "mergeTestResults"),
        ("runtitle", "testRunTitle"),
        ("failtaskonfailedtests", "failTaskOnFailedTests"),
    ] {
        inputs.extend(command.property(field).map(|value| (input, value.to_owned())));
    }
    turn.effects.push(Effect::Task { name: "PublishTestResults", version: 2, inputs });
    Ok(())
}

pub(super) fn coverage(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    needed(command, "codecoveragetool")?;
    let file = needed(command, "summaryfile")?.to_owned();
    let inputs = vec![("summaryFileLocation", file)];
    turn.effects.push(Effect::Task { name: "PublishCodeCoverageResults", version: 2, inputs });
    Ok(())
}

/// The evidence store is a server's; the command asks for nothing that a run here lacks.
pub(super) fn evidence(_: &mut Turn<'_>, _: &Command) -> Result<(), Broken> {
    Ok(())
}

pub(super) fn telemetry(_: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    needed(command, "area")?;
    needed(command, "feature")?;
    if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&command.message).is_err()
    {
        return Err("The message must be a JSON object with the telemetry's properties.".to_owned());
    }
    Ok(())
}
