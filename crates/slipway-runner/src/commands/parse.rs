//! Reads `##vso[area.event k=v;…]message` lines, as the agent's `Command.cs` does (pipelines.md §18.1).
//!
//! Called by `output` through `commands`. Deliberately not here: what a command does.

use std::fmt;

/// A logging command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// Lower case.
    pub(crate) area: String,
    /// Lower case.
    pub(crate) event: String,
    properties: Vec<(String, String)>,
    /// What follows the bracket.
    pub(crate) message: String,
}

/// What a line holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// No keyword.
    Text,
    Command(Command),
    /// The keyword, but no legal command.
    Illegal,
}

/// What makes a line a command.
pub(crate) const KEYWORD: &str = "##vso[";

/// Reads a line. The keyword may stand anywhere in it.
pub(crate) fn parse(line: &str) -> Parsed {
    let Some(start) = line.find(KEYWORD) else { return Parsed::Text };
    let rest = &line[start + KEYWORD.len()..];
    let Some(end) = rest.find(']') else { return Parsed::Illegal };
    let (head, message) = (&rest[..end], &rest[end + 1..]);
    let (name, properties) = match head.split_once(' ') {
        Some((name, properties)) => (name, properties),
        None => (head, ""),
    };
    let Some((area, event)) = name.split_once('.') else { return Parsed::Illegal };
    if area.is_empty() || event.is_empty() {
        return Parsed::Illegal;
    }
    let properties = properties
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(key, value)| (key.trim().to_lowercase(), unescape(value)))
        .collect();
    Parsed::Command(Command {
        area: area.to_lowercase(),
        event: event.to_lowercase(),
        properties,
        message: unescape(message),
    })
}

impl fmt::Display for Command {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "##vso[{}.{}]", self.area, self.event)
    }
}

impl Command {
    /// A property that has a value; keys ignore case.
    pub(crate) fn property(&self, key: &str) -> Option<&str> {
        self.properties
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// True if the property says `true`.
    pub(crate) fn is_set(&self, key: &str) -> bool {
        self.property(key).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

fn unescape(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    text.replace("%3B", ";")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%5D", "]")
        .replace("%AZP25", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Command {
        match parse(line) {
            Parsed::Command(command) => command,
            other => panic!("{line} is a command, but was read as {other:?}"),
        }
    }

    #[test]
    fn properties_and_message_are_unescaped() {
        let read =
            command("noise ##vso[Task.SetVariable variable=a%3Bb;IsOutput=true;]1%5D%0A%AZP253B");
        assert_eq!((read.area.as_str(), read.event.as_str()), ("task", "setvariable"));
        assert_eq!(read.property("variable"), Some("a;b"), "an escaped ; does not split");
        assert!(read.is_set("isoutput"), "keys ignore case and a trailing ; is fine");
        assert_eq!(read.message, "1]\n%3B", "%AZP25 is undone last");
    }

    #[test]
    fn text_and_illegal_commands_are_told_apart() {
        assert_eq!(parse("##[section]x"), Parsed::Text, "formatting is text");
        assert_eq!(parse("##vso[task.debug"), Parsed::Illegal, "no bracket closes it");
        assert_eq!(parse("##vso[task]x"), Parsed::Illegal, "no event is named");
    }
}
