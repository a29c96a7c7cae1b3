//! `task.logdetail`: records below a step, made and updated by the step itself.

use super::task::shown;
use super::{Broken, Command, Effect, Turn};
use crate::scope::lock;
use crate::sink::{DetailRecord, RunNote};

const STATES: [&str; 4] = ["Unknown", "Initialized", "InProgress", "Completed"];
const RESULTS: [&str; 6] =
    ["Succeeded", "SucceededWithIssues", "Failed", "Canceled", "Skipped", "Abandoned"];

pub(super) fn log_detail(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let Some(id) = command.property("id") else {
        return Err("Can't update timeline record, timeline record id is not provided.".to_owned());
    };
    let id = guid(id)?;
    let state = one_of("state", command.property("state"), &STATES)?;
    let result = one_of("result", command.property("result"), &RESULTS)?;
    let parent = command.property("parentid").map(guid).transpose()?;
    let known = lock(&turn.step.details).get(&id).cloned();
    let mut record = match known {
        Some(known) => known,
        None => made(turn, command, &id, parent.as_deref())?,
    };
    record.parent_id = parent.or(record.parent_id);
    record.state = state.unwrap_or(record.state);
    record.result = result.or(record.result);
    record.started_at = text(turn, command, "starttime").or(record.started_at);
    record.finished_at = text(turn, command, "finishtime").or(record.finished_at);
    if let Some(progress) = command.property("progress") {
        let percent: i64 = progress.trim().parse().unwrap_or_default();
        record.progress = u8::try_from(percent.clamp(0, 100)).unwrap_or_default();
    }
    if !command.message.trim().is_empty() {
        record.message = turn.step.writer.mask(command.message.trim());
    }
    lock(&turn.step.details).insert(id, record.clone());
    turn.effects.push(Effect::Note(RunNote::Detail(record)));
    Ok(())
}

/// The first mention of a record must say what it is.
fn made(
    turn: &Turn<'_>,
    command: &Command,
    id: &str,
    parent: Option<&str>,
) -> Result<DetailRecord, Broken> {
    if let Some(parent) = parent
        && !lock(&turn.step.details).contains_key(parent)
    {
        return Err(
            "Parent timeline record has not been created for this new timeline record.".to_owned()
        );
    }
    let order = command.property("order").and_then(|order| order.trim().parse().ok());
    Ok(DetailRecord {
        id: id.to_owned(),
        parent_id: None,
        kind: shown(turn, command, "type")?,
        name: shown(turn, command, "name")?,
        order: order.unwrap_or_default(),
        started_at: None,
        finished_at: None,
        progress: 0,
        state: "Initialized".to_owned(),
        result: None,
        message: String::new(),
    })
}

fn text(turn: &Turn<'_>, command: &Command, field: &str) -> Option<String> {
    command.property(field).map(|value| turn.step.writer.mask(value))
}

fn one_of(field: &str, given: Option<&str>, known: &[&str]) -> Result<Option<String>, Broken> {
    let Some(given) = given else { return Ok(None) };
    match known.iter().find(|word| word.eq_ignore_ascii_case(given.trim())) {
        Some(word) => Ok(Some((*word).to_owned())),
        None => Err(format!("The {field} '{given}' is not one of {}.", known.join(", "))),
    }
}

/// With or without braces and dashes, as .NET reads one.
fn guid(text: &str) -> Result<String, Broken> {
    let plain: String = text
        .trim()
        .trim_matches(['{', '}', '(', ')'])
        .chars()
        .filter(|letter| *letter != '-')
        .collect();
    if plain.len() == 32 && plain.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(plain.to_lowercase())
    } else {
        Err(format!("'{text}' is not a GUID."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_guids_in_any_dress() {
        let plain = "ec555f2e5d8d4c6ca0f6123456789abc";
        let dressed = "{EC555F2E-5D8D-4C6C-A0F6-123456789ABC}";
        assert_eq!(guid(dressed).unwrap(), plain, "braces, dashes and case do not matter");
        assert!(guid("first").is_err(), "a word is no id");
    }
}
