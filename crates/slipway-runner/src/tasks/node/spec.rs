//! The inputs of a `task.json` as a [`TaskSpec`], for check, completion, hover, form and run.
//!
//! Called by `declaration`. A spec is static memory: what a folder declares stays until the program ends,
//! as the table of the runner's own tasks does. Deliberately not here: values.

use slipway_pipeline::catalog::{InputKind, InputSpec, OutputSpec, ShownWhen, TaskSpec};

use super::error::TaskFolderError;
use super::json::Fields;

/// What the agent does with an input before the task sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputType {
    /// A path: made absolute below the default working directory.
    FilePath,
    Connection,
    SecureFile,
    Other,
}

/// The spec of a file, and the types of its inputs in the same order.
pub(super) fn spec_of(
    fields: &Fields<'_>,
    name: &str,
    version: u32,
) -> Result<(&'static TaskSpec, Vec<InputType>), TaskFolderError> {
    let groups = groups(fields)?;
    let mut inputs = Vec::new();
    let mut types = Vec::new();
    for (map, place) in fields.objects("inputs")? {
        let (input, kind) = input(&fields.at(map, &place), &groups)?;
        if inputs.iter().any(|known: &InputSpec| known.is_named(input.name)) {
            return Err(fields.at(map, &place).wrong("name", "is the name of two inputs"));
        }
        inputs.push(input);
        types.push(kind);
    }
    let mut outputs = Vec::new();
    for (map, place) in fields.objects("outputVariables")? {
        let output = fields.at(map, &place);
        outputs.push(OutputSpec {
            name: kept(output.needed("name")?),
            help: sentence(output.text("description")?.unwrap_or_default(), "A value it sets."),
        });
    }
    let help = fields.text("description")?.unwrap_or_default();
    let help = sentence(help, "A task of a folder.");
    let spec = TaskSpec::new(kept(name.to_owned()), version, help, inputs.leak());
    let spec = TaskSpec { is_agentless: is_agentless(fields), ..spec.sets(outputs.leak()) };
    Ok((Box::leak(Box::new(spec)), types))
}

fn is_agentless(fields: &Fields<'_>) -> bool {
    let runs_on = fields.texts("runsOn").unwrap_or_default();
    let is_server = |word: &String| word.to_lowercase().starts_with("server");
    !runs_on.is_empty() && runs_on.iter().all(is_server)
}

/// The names of groups and their headings.
fn groups(fields: &Fields<'_>) -> Result<Vec<(String, &'static str)>, TaskFolderError> {
    let mut found = Vec::new();
    for (map, place) in fields.objects("groups")? {
        let group = fields.at(map, &place);
        let name = group.needed("name")?;
        let heading = group.text("displayName")?.unwrap_or_else(|| name.clone());
        found.push((name, kept(heading)));
    }
    Ok(found)
}

fn input(
    fields: &Fields<'_>,
    groups: &[(String, &'static str)],
) -> Result<(InputSpec, InputType), TaskFolderError> {
    let name = kept(fields.needed("name")?);
    let word = fields.text("type")?.unwrap_or_default();
    let (kind, input_type) = kind(fields, word.trim())?;
    let label = fields.text("label")?.unwrap_or_else(|| name.to_owned());
    let help = fields.text("helpMarkDown")?.filter(|help| !help.trim().is_empty());
    let aliases: Vec<&'static str> = fields
        .texts("aliases")?
        .into_iter()
        .filter(|alias| !alias.trim().is_empty() && alias != name)
        .map(kept)
        .collect();
    let default = fields.text("defaultValue")?.filter(|value| !value.trim().is_empty()).map(kept);
    let group = fields.text("groupName")?.unwrap_or_default();
    let group = groups.iter().find(|(known, _)| known.eq_ignore_ascii_case(&group));
    let is_required = fields.flag("required")?;
    let rule = fields.text("visibleRule")?.unwrap_or_default();
    let (shown_when, is_known) = rules(&rule);
    Ok((
        InputSpec {
            aliases: aliases.leak(),
            is_required: is_required && rule.trim().is_empty(),
            // Only the task itself can tell whether an input matters whose rule is not understood.
            is_required_when_shown: is_required && is_known && !rule.trim().is_empty(),
            default,
            group: group.map_or("", |(_, heading)| heading),
            shown_when: shown_when.leak(),
            ..InputSpec::new(name, kind, sentence(help.unwrap_or(label), "An input."))
        },
        input_type,
    ))
}

fn kind(fields: &Fields<'_>, word: &str) -> Result<(InputKind, InputType), TaskFolderError> {
    let lower = word.to_ascii_lowercase();
    Ok(match lower.as_str() {
        "boolean" => (InputKind::Boolean, InputType::Other),
        "filepath" => (InputKind::Path, InputType::FilePath),
        "multiline" => (InputKind::Lines, InputType::Other),
        "int" => (InputKind::Number, InputType::Other),
        "securefile" => (InputKind::SecureFile, InputType::SecureFile),
        "picklist" | "radio" => (pick(fields)?, InputType::Other),
        _ if lower.starts_with("connectedservice:") => {
            (InputKind::Connection, InputType::Connection)
        }
        _ => (InputKind::Text, InputType::Other),
    })
}

/// A list whose words may be added to takes any text.
fn pick(fields: &Fields<'_>) -> Result<InputKind, TaskFolderError> {
    if let Some(properties) = fields.object("properties")? {
        let editable = fields.at(properties, "properties.").flag("EditableOptions");
        if editable.unwrap_or(false) {
            return Ok(InputKind::Text);
        }
    }
    let Some(options) = fields.object("options")? else { return Ok(InputKind::Text) };
    let words: Vec<&'static str> = options.keys().map(|word| kept(word.clone())).collect();
    Ok(if words.is_empty() { InputKind::Text } else { InputKind::Pick(words.leak()) })
}

/// `a = x && b != y`, or `a = x || a = z`. The second answer is false for a rule that says more than the
/// spec can.
fn rules(rule: &str) -> (Vec<ShownWhen>, bool) {
    let rule = rule.trim();
    if rule.is_empty() {
        return (Vec::new(), true);
    }
    if rule.contains("||") {
        let parts: Option<Vec<_>> = rule.split("||").map(comparison).collect();
        let Some(parts) = parts else { return (Vec::new(), false) };
        let is_one = parts.iter().all(|(input, _, is_not)| *input == parts[0].0 && !is_not);
        if !is_one {
            return (Vec::new(), false);
        }
        let words: Vec<&'static str> = parts.iter().map(|part| kept(part.1.to_owned())).collect();
        let input = kept(parts[0].0.to_owned());
        return (vec![ShownWhen { input, is: words.leak(), is_not: false }], true);
    }
    let parts: Option<Vec<_>> = rule.split("&&").map(comparison).collect();
    let Some(parts) = parts else { return (Vec::new(), false) };
    let shown = parts.into_iter().map(|(input, word, is_not)| ShownWhen {
        input: kept(input.to_owned()),
        is: vec![kept(word.to_owned())].leak(),
        is_not,
    });
    (shown.collect(), true)
}

fn comparison(text: &str) -> Option<(&str, &str, bool)> {
    let (input, word, is_not) = match text.split_once("!=") {
        Some((input, word)) => (input, word, true),
        None => {
            let (input, word) = text.split_once('=')?;
            (input, word.trim_start_matches('='), false)
        }
    };
    let (input, word) = (unquoted(input), unquoted(word));
    // `contains`, `startsWith` and the like are words between blanks.
    (!input.is_empty() && !input.contains(char::is_whitespace)).then_some((input, word, is_not))
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

fn kept(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// Help is shown as sentences.
fn sentence(text: String, otherwise: &'static str) -> &'static str {
    let text = text.trim();
    if text.is_empty() {
        return otherwise;
    }
    let ends = text.ends_with(['.', '!', '?', ')', ':']);
    kept(if ends { text.to_owned() } else { format!("{text}.") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_become_what_the_form_knows() {
        let (shown, _) = rules("kind = a && other != b");
        assert_eq!(shown.len(), 2, "both must hold");
        assert!(shown[1].is_not && shown[1].is == ["b"], "{shown:?}");
        let (shown, _) = rules("kind = a || kind = b");
        assert_eq!(shown[0].is, ["a", "b"], "one of several words");
        assert_eq!(rules("kind = a || other = b"), (Vec::new(), false), "more than a spec can say");
        assert_eq!(rules("kind == a").0[0].is, ["a"], "two signs mean the same");
    }
}
