//! A value as the lines a person would type.

use super::error::EditError;
use super::scalar::{Spot, as_block, on_one_line};
use super::shape::Shape;
use super::style::Style;
use super::value::Value;
use crate::diagnostic::Severity;
use crate::tree::{NodeValue, ScalarStyle, SourceId, SourceText, read};

/// Where a value is written: behind which marker, and where that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// Behind a key in this column.
    Key { column: usize },
    /// Behind a dash in this column.
    Item { column: usize },
}

/// A value in lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Written {
    /// Comments that belong above the key or dash.
    pub(super) above: Vec<String>,
    /// What stands on the line of the key or dash.
    pub(super) inline: String,
    /// The lines below, with their indentation.
    pub(super) below: Vec<String>,
    pub(super) shape: Option<Shape>,
}

/// Blanks.
pub(super) fn pad(column: usize) -> String {
    " ".repeat(column)
}

/// A line, or nothing where it would be blanks only.
pub(super) fn padded(column: usize, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{}{text}", pad(column)) }
}

impl Style {
    /// Writes a value in block style.
    pub(super) fn write(&self, value: &Value, slot: Slot) -> Result<Written, EditError> {
        if let Value::Yaml(text) = value {
            return Piece::read(text)?.written(self, slot);
        }
        let shape = value.shape().ok_or_else(too_deep)?;
        let (inline, below) = self.lines(value, slot);
        Ok(Written { above: Vec::new(), inline, below, shape: Some(shape) })
    }

    /// Writes an entry: its first line, then those below.
    pub(super) fn entry(&self, key: &str, value: &Value, column: usize) -> (String, Vec<String>) {
        let (inline, below) = self.lines(value, Slot::Key { column });
        let key = on_one_line(key, None, self.quote, Spot { is_key: true, in_flow: false });
        let blank = if inline.is_empty() { "" } else { " " };
        (format!("{}{key}:{blank}{inline}", pad(column)), below)
    }

    fn lines(&self, value: &Value, slot: Slot) -> (String, Vec<String>) {
        match value {
            Value::List(items) if !items.is_empty() => {
                let column = match slot {
                    Slot::Key { column } => column + self.list,
                    Slot::Item { column } => column + self.gap,
                };
                let mut below = Vec::new();
                for item in items {
                    let (inline, more) = self.lines(item, Slot::Item { column });
                    let blank = if inline.is_empty() { String::new() } else { pad(self.gap - 1) };
                    below.push(format!("{}-{blank}{inline}", pad(column)));
                    below.extend(more);
                }
                first_inline(slot, below)
            }
            Value::Map(entries) if !entries.is_empty() => {
                let column = match slot {
                    Slot::Key { column } => column + self.step,
                    Slot::Item { column } => column + self.gap,
                };
                let mut below = Vec::new();
                for (key, value) in entries {
                    let (line, more) = self.entry(key, value, column);
                    below.push(line);
                    below.extend(more);
                }
                first_inline(slot, below)
            }
            Value::Text(text) if text.contains('\n') => {
                let (column, step) = match slot {
                    Slot::Key { column } => (column, self.step),
                    Slot::Item { column } => (column, self.gap),
                };
                match as_block(text, false, step, false) {
                    Some(block) => {
                        let lines = block.lines.iter().map(|line| padded(column + step, line));
                        (block.header, lines.collect())
                    }
                    None => (self.flow(value, false), Vec::new()),
                }
            }
            _ => (self.flow(value, false), Vec::new()),
        }
    }

    /// Writes a value on one line.
    pub(super) fn flow(&self, value: &Value, in_flow: bool) -> String {
        let inner = |value: &Value| self.flow(value, true);
        match value {
            Value::Null if in_flow => "null".to_owned(),
            Value::Null | Value::Yaml(_) => String::new(),
            Value::Word(word) => word.clone(),
            Value::Text(text) => {
                on_one_line(text, None, self.quote, Spot { in_flow, is_key: false })
            }
            Value::List(items) => {
                format!("[{}]", items.iter().map(inner).collect::<Vec<_>>().join(", "))
            }
            Value::Map(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| self.flow_entry(key, &inner(value)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// `key: value` between braces.
    pub(super) fn flow_entry(&self, key: &str, value: &str) -> String {
        let spot = Spot { in_flow: true, is_key: true };
        format!("{}: {value}", on_one_line(key, None, self.quote, spot))
    }
}

/// Behind a dash a collection starts on the dash's own line.
fn first_inline(slot: Slot, mut below: Vec<String>) -> (String, Vec<String>) {
    match slot {
        Slot::Key { .. } => (String::new(), below),
        Slot::Item { .. } => {
            let first = below.remove(0);
            (first.trim_start_matches(' ').to_owned(), below)
        }
    }
}

fn too_deep() -> EditError {
    EditError::BadFragment { message: "It is nested too deep, or has YAML inside.".to_owned() }
}

/// A piece of YAML, moved to column 0.
struct Piece {
    comments: Vec<String>,
    lines: Vec<String>,
    shape: Shape,
    kind: Kind,
}

#[derive(PartialEq)]
enum Kind {
    BlockList,
    BlockMap,
    BlockScalar,
    Inline,
}

impl Piece {
    fn read(text: &str) -> Result<Self, EditError> {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let source = SourceText::new(SourceId(0), "fragment", &text);
        let tree = read(&source);
        if let Some(wrong) = tree.diagnostics.iter().find(|at| at.severity == Severity::Error) {
            return Err(EditError::BadFragment { message: wrong.message.clone() });
        }
        let Some(root) = tree.root else {
            return Err(EditError::BadFragment { message: "It is empty.".to_owned() });
        };
        let mut comments = Vec::new();
        let mut lines: Vec<&str> = text.trim_end_matches('\n').split('\n').collect();
        while let Some(first) = lines.first().map(|line| line.trim()) {
            if first.starts_with('#') {
                comments.push(first.to_owned());
            } else if !first.is_empty() && first != "---" {
                break;
            }
            lines.remove(0);
        }
        let first = lines.first().copied().unwrap_or_default();
        let kind = match &root.value {
            NodeValue::Sequence(_) if first.trim_start().starts_with('[') => Kind::Inline,
            NodeValue::Mapping(_) if first.trim_start().starts_with('{') => Kind::Inline,
            NodeValue::Sequence(_) => Kind::BlockList,
            NodeValue::Mapping(_) => Kind::BlockMap,
            NodeValue::Scalar(scalar) => match scalar.style {
                ScalarStyle::Literal | ScalarStyle::Folded => Kind::BlockScalar,
                _ => Kind::Inline,
            },
        };
        let column = first.len() - first.trim_start_matches(' ').len();
        let lines = lines.iter().map(|line| dedented(line, column).to_owned()).collect();
        Ok(Self { comments, lines, shape: Shape::of(&root), kind })
    }

    fn written(self, style: &Style, slot: Slot) -> Result<Written, EditError> {
        let column = match (slot, &self.kind) {
            (Slot::Item { column }, _) => column + style.gap,
            (Slot::Key { column }, Kind::BlockList) => column + style.list,
            (Slot::Key { column }, _) => column + style.step,
        };
        let starts_below = matches!(slot, Slot::Key { .. })
            && matches!(self.kind, Kind::BlockList | Kind::BlockMap);
        let mut lines = self.lines.into_iter();
        let mut written = Written { shape: Some(self.shape), ..Written::default() };
        if starts_below {
            written.below = self.comments.iter().map(|line| padded(column, line)).collect();
        } else {
            written.inline = lines.next().unwrap_or_default().trim_start().to_owned();
            written.above = self.comments;
        }
        written.below.extend(lines.map(|line| padded(column, &line)));
        Ok(written)
    }
}

/// A line without its first blanks, as many as it has of them.
pub(super) fn dedented(line: &str, column: usize) -> &str {
    let blank = line.len() - line.trim_start_matches(' ').len();
    &line[blank.min(column)..]
}
