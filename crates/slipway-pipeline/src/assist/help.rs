//! What hover and completion say about a thing, as Markdown.

use std::fmt::Write as _;

use crate::catalog::{InputKind, InputSpec, TaskSpec};
use crate::expr::FunctionSpec;
use crate::schema::{Key, LoggingCommand, Predefined, Shape, page};

/// A key.
pub(crate) fn of_key(shape: Shape, key: &Key) -> String {
    let forms: Vec<String> = key.values.iter().map(|value| value.words()).collect();
    let mut text = format!("**{}**: {}\n\n{}", key.name, forms.join(", or "), key.help);
    if let Some(instead) = key.deprecated {
        let _ = write!(text, "\n\nOut of date: write `{instead}`.");
    }
    if key.is_required {
        text.push_str("\n\nIt has to be there.");
    }
    let _ = write!(text, "\n\n[Documentation]({})", page(shape));
    text
}

/// A task.
pub(crate) fn of_task(task: &TaskSpec) -> String {
    let mut text = format!("**{}**\n\n{}", task.reference(), task.help);
    if task.is_agentless {
        text.push_str("\n\nIt runs without an agent, in a job with `pool: server`.");
    }
    let required: Vec<String> = task
        .inputs
        .iter()
        .filter(|input| input.is_required && input.default.is_none())
        .map(|input| format!("`{}`", input.written_name()))
        .collect();
    if !required.is_empty() {
        let _ = write!(text, "\n\nIt needs {}.", required.join(", "));
    }
    if !task.outputs.is_empty() {
        text.push_str("\n\nIt sets ");
        let outputs: Vec<String> =
            task.outputs.iter().map(|output| format!("`{}`", output.name)).collect();
        let _ = write!(text, "{}.", outputs.join(", "));
    }
    let page = task.reference().to_lowercase().replace('@', "-v");
    let _ = write!(
        text,
        "\n\n[Documentation](https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/{page})"
    );
    text
}

/// An input of a task.
pub(crate) fn of_input(input: &InputSpec) -> String {
    let mut text = format!("**{}**: {}\n\n{}", input.name, kind_words(input.kind), input.help);
    if let Some(default) = input.default {
        let _ = write!(text, "\n\n`{default}` if left out.");
    } else if input.is_required || input.is_required_when_shown {
        text.push_str("\n\nIt has to be given.");
    }
    for rule in input.shown_when {
        let verb = if rule.is_not { "is not" } else { "is" };
        let _ = write!(text, "\n\nOnly when `{}` {verb} {}.", rule.input, rule.is.join(" or "));
    }
    if !input.aliases.is_empty() {
        let _ = write!(text, "\n\nAlso called {}.", input.aliases.join(", "));
    }
    text
}

/// What an input takes.
pub(crate) fn kind_words(kind: InputKind) -> String {
    match kind {
        InputKind::Text => "text".to_owned(),
        InputKind::Lines => "lines".to_owned(),
        InputKind::Boolean => "true or false".to_owned(),
        InputKind::Path => "path".to_owned(),
        InputKind::Number => "number".to_owned(),
        InputKind::Pick(words) => words.join(" | "),
        InputKind::Connection => "service connection".to_owned(),
        InputKind::SecureFile => "secure file".to_owned(),
    }
}

/// A function.
pub(crate) fn of_function(function: &FunctionSpec) -> String {
    format!(
        "**{}**\n\n{}\n\n[Documentation](https://learn.microsoft.com/azure/devops/pipelines/process/expressions#{})",
        function.signature,
        function.help,
        function.name.to_ascii_lowercase()
    )
}

/// A predefined variable.
pub(crate) fn of_predefined(variable: &Predefined) -> String {
    let when = if variable.is_compile_time {
        "Known before the run as well: `${{ variables['…'] }}` sees it."
    } else {
        "Known during the run only."
    };
    let writable = if variable.is_writable { " A pipeline may set it." } else { "" };
    format!("**{}** (predefined)\n\n{}\n\n{when}{writable}", variable.name, variable.help)
}

/// A logging command.
pub(crate) fn of_command(command: &LoggingCommand) -> String {
    let mut text = format!("**##vso[{}]{}**\n\n{}", command.name, command.message, command.help);
    for property in command.properties {
        let must = if property.is_required { " (has to be given)" } else { "" };
        let _ = write!(text, "\n- `{}`: {}{must}", property.name, property.help);
    }
    text
}
