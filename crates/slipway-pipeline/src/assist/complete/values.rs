//! Values: words, booleans, names, tasks, templates.

use std::ops::Range;

use super::{Completer, CompletionKind};
use crate::assist::help;
use crate::assist::names::Names;
use crate::assist::sketch::{Id, Sketch};
use crate::assist::slots::Slot;
use crate::catalog::{InputKind, InputSpec};
use crate::schema::{NameKind, Value};

impl Completer<'_, '_> {
    /// The scalars that a slot takes. `id` is the node whose value it is.
    pub(super) fn scalars(&mut self, slot: &Slot, replace: &Range<usize>, id: Id) {
        for value in slot {
            match value {
                Value::Boolean => self.words(&["true", "false"], replace),
                Value::Words(words) | Value::Suggested(words) => self.words(words, replace),
                Value::Name(kind) => self.name_values(*kind, replace, id),
                Value::Task => self.tasks(replace, id),
                Value::Template(_) => {
                    for path in self.around.templates() {
                        self.push(CompletionKind::File, path, "template", replace);
                    }
                }
                Value::Cron => self.words(&["0 3 * * *", "0 3 * * Mon-Fri"], replace),
                Value::RunNumber => self.words(&["$(Date:yyyyMMdd).$(Rev:r)"], replace),
                Value::Text => self.input_values(replace, id),
                Value::ListOf(value) if value.is_scalar() && !slot.contains(value) => {
                    self.in_brackets(**value, replace, id);
                }
                _ => {}
            }
        }
    }

    fn words(&mut self, words: &[&str], replace: &Range<usize>) {
        for word in words {
            self.push(CompletionKind::Word, *word, "", replace);
        }
    }

    /// A list on the key's own line.
    fn in_brackets(&mut self, value: Value, replace: &Range<usize>, id: Id) {
        if self.sketch.node(id).is_flow {
            return;
        }
        let before = self.found.len();
        self.scalars(&vec![value], replace, id);
        for completion in &mut self.found[before..] {
            completion.insert = format!("[{}]", completion.insert);
        }
    }

    /// Names of a kind: of the file, or of what is around it.
    fn name_values(&mut self, kind: NameKind, replace: &Range<usize>, id: Id) {
        let sketch = self.sketch;
        let own = self.names().clone();
        for (name, detail) in referable(&own, sketch, kind, id) {
            self.push(CompletionKind::Name, name, detail, replace);
        }
        if kind == NameKind::Pool {
            self.push(CompletionKind::Word, "server", "no agent", replace);
        }
        for name in self.around.names(kind) {
            self.push(CompletionKind::Name, name, kind.word(), replace);
        }
    }

    /// The values of a task's input.
    fn input_values(&mut self, replace: &Range<usize>, id: Id) {
        let sketch = self.sketch;
        let mapping = sketch.mapping_above(sketch.node(id).parent);
        if !sketch.is_pair(id) || sketch.key(mapping) != "inputs" {
            return;
        }
        let Some((_, task)) = sketch.task_of(mapping, self.around.catalog()) else { return };
        let Some(input) = task.input(sketch.key(id)) else { return };
        self.input_words(input, replace);
    }

    fn input_words(&mut self, input: &InputSpec, replace: &Range<usize>) {
        let before = self.found.len();
        match input.kind {
            InputKind::Pick(words) => self.words(words, replace),
            InputKind::Boolean => self.words(&["true", "false"], replace),
            InputKind::Connection => {
                for name in self.around.names(NameKind::Connection) {
                    self.push(CompletionKind::Name, name, "service connection", replace);
                }
            }
            _ => {
                if let Some(default) = input.default.filter(|default| !default.is_empty()) {
                    self.words(&[default], replace);
                }
            }
        }
        for completion in &mut self.found[before..] {
            if input.default.is_some_and(|default| default.eq_ignore_ascii_case(&completion.label))
            {
                completion.detail = "if left out".to_owned();
            }
            completion.documentation = help::of_input(input);
        }
    }
}

/// Names of the file that a value may use.
fn referable(
    names: &Names,
    sketch: &Sketch<'_>,
    kind: NameKind,
    id: Id,
) -> Vec<(String, &'static str)> {
    let found = match kind {
        NameKind::Job => {
            let own = names.enclosing(sketch, id, NameKind::Job);
            let stage = names.enclosing(sketch, id, NameKind::Stage);
            names
                .within(kind, stage)
                .filter(|(at, _)| Some(*at) != own)
                .map(|(_, known)| known)
                .collect()
        }
        NameKind::Stage => {
            let own = names.enclosing(sketch, id, NameKind::Stage);
            let all = names.declared.iter().enumerate();
            all.filter(|(at, known)| known.kind == kind && Some(*at) != own)
                .map(|(_, known)| known)
                .collect::<Vec<_>>()
        }
        kind => names.of_kind(kind).collect(),
    };
    found
        .into_iter()
        .filter(|known| !known.name.is_empty())
        .map(|known| (known.name.clone(), kind.word()))
        .collect()
}
