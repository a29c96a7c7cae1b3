//! Task names with the inputs they need, and logging commands.

use std::ops::Range;

use super::{Completer, CompletionKind, escaped};
use crate::assist::help;
use crate::assist::sketch::Id;
use crate::catalog::{InputKind, TaskSpec};
use crate::schema::{COMMANDS, command};

impl Completer<'_, '_> {
    /// Every task; with its required inputs when the step has no `inputs:` yet.
    pub(super) fn tasks(&mut self, replace: &Range<usize>, id: Id) {
        let sketch = self.sketch;
        let step = sketch.node(id).parent;
        let is_bare = sketch.child(step, "inputs").is_none() && !sketch.node(id).is_flow;
        // What stands on the line above the inputs begins where the key does.
        let more = self.further(sketch.node(id).key.start);
        for task in self.around.catalog().tasks() {
            if task.name == "Checkout" {
                continue;
            }
            let reference = task.reference();
            let completion = self.push(CompletionKind::Task, &reference, task.help, replace);
            completion.documentation = help::of_task(task);
            if is_bare {
                completion.insert.push_str(&required_inputs(task, &more));
            }
        }
    }

    /// A logging command: its name, its properties, their words.
    pub(super) fn command(&mut self, range: Range<usize>) {
        let sketch = self.sketch;
        let typed = &sketch.text[range.start..self.offset];
        let Some((name, properties)) = typed.split_once(' ') else {
            let replace =
                range.start..range.end.min(range.start + word_length(&sketch.text[range]));
            for known in COMMANDS {
                let completion =
                    self.push(CompletionKind::Command, known.name, known.help, &replace);
                completion.documentation = help::of_command(known);
            }
            return;
        };
        let Some(known) = command(name) else { return };
        let part = properties.rsplit(';').next().unwrap_or_default();
        let (key, value) =
            part.split_once('=').map_or((part, None), |(key, value)| (key, Some(value)));
        match value {
            Some(value) => {
                let replace = self.offset - value.len()..self.offset;
                let property =
                    known.properties.iter().find(|known| known.name.eq_ignore_ascii_case(key));
                for word in property.map_or(&[][..], |property| property.words) {
                    self.push(CompletionKind::Word, *word, "", &replace);
                }
            }
            None => {
                let replace = self.offset - key.trim_start().len()..self.offset;
                let used: Vec<&str> = properties
                    .split(';')
                    .filter_map(|part| Some(part.split_once('=')?.0.trim()))
                    .collect();
                for property in known.properties {
                    if used.iter().any(|used| used.eq_ignore_ascii_case(property.name)) {
                        continue;
                    }
                    let completion =
                        self.push(CompletionKind::Command, property.name, property.help, &replace);
                    completion.insert.push('=');
                }
            }
        }
    }
}

fn word_length(text: &str) -> usize {
    text.find(' ').unwrap_or(text.len())
}

/// `inputs:` with what a task needs.
fn required_inputs(task: &TaskSpec, more: &str) -> String {
    let given = |_: &crate::catalog::InputSpec| None;
    let missing = task.missing(&given);
    if missing.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{more}inputs:");
    for (number, input) in missing.iter().enumerate() {
        let number = number + 1;
        let value = match input.kind {
            InputKind::Pick(words) => format!("${{{number}|{}|}}", words.join(",")),
            InputKind::Lines => format!("|\n{more}    ${{{number}}}"),
            _ => format!("${{{number}}}"),
        };
        text.push_str(&format!("\n{more}  {}: {value}", escaped(input.written_name())));
    }
    text
}
