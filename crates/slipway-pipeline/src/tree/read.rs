//! Parser events to the tree, with a stack of its own instead of recursion.

use std::collections::HashSet;
use std::sync::Arc;

use granit_parser::{Event, Options, Parser, ScalarStyle as EventStyle, Span as EventSpan};

use super::place::{Place, SourceText};
use super::syntax::explain;
use super::{Entry, Node, NodeValue, Scalar, ScalarStyle};
use crate::diagnostic::{Diagnostic, Severity};

/// Most levels of lists and mappings.
pub const MAX_DEPTH: usize = 100;
const MAX_BYTES: usize = 5 * 1024 * 1024;

/// What a text came to: a tree, if it is YAML at all, and what there is to say.
#[derive(Debug, Clone, Default)]
pub struct ReadTree {
    pub root: Option<Node>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a text. Never fails: what is wrong becomes a diagnostic.
pub fn read(source: &SourceText) -> ReadTree {
    read_strictly(source)
}

/// Reads a text through granit-parser, whatever it is.
pub fn read_strictly(source: &SourceText) -> ReadTree {
    let mut reading =
        Reading { source, frames: Vec::new(), root: None, documents: 0, diagnostics: Vec::new() };
    if source.text.len() > MAX_BYTES {
        let place = source.place(0, 0);
        reading.error(place, "limit_exceeded", "Maximum object size exceeded", "Split the file.");
        return ReadTree { root: None, diagnostics: reading.diagnostics };
    }
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.emit_anchor_events = true;
    options.emit_unresolved_aliases = true;
    let mut is_whole = true;
    for next in Parser::new_from_str_with_options(&source.text, options) {
        let goes_on = match next {
            Ok((event, span)) => reading.event(event, &span),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                let (message, hint) = explain(&error);
                reading.error(source.place(at, at + 1), "yaml_syntax", message, &hint);
                false
            }
        };
        if !goes_on {
            is_whole = false;
            break;
        }
    }
    ReadTree { root: if is_whole { reading.root } else { None }, diagnostics: reading.diagnostics }
}

/// A collection that is still open.
enum Frame {
    Sequence {
        items: Vec<Node>,
        start: usize,
    },
    Mapping {
        entries: Vec<Entry>,
        key: Option<(Scalar, Place)>,
        seen: HashSet<Arc<str>>,
        start: usize,
    },
}

struct Reading<'a> {
    source: &'a SourceText,
    frames: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
    diagnostics: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn error(&mut self, place: Place, code: &str, message: impl Into<String>, hint: &str) {
        self.diagnostics.push(Diagnostic {
            file: self.source.name.clone(),
            span: place.span,
            severity: Severity::Error,
            code: code.to_owned(),
            message: message.into(),
            hint: Some(hint.to_owned()),
        });
    }

    /// The place of an event, without the line ends that block values trail.
    fn place(&self, span: &EventSpan) -> Place {
        let start = span.start.byte_offset().unwrap_or(0);
        let end = span.end.byte_offset().unwrap_or(start);
        self.trimmed(start, end)
    }

    fn trimmed(&self, start: usize, end: usize) -> Place {
        let text = self.source.text.get(start..end).unwrap_or_default();
        self.source.place(start, start + text.trim_end().len())
    }

    /// Takes one event; false when reading cannot go on.
    fn event(&mut self, event: Event<'_>, span: &EventSpan) -> bool {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let place = self.place(span);
                    let message = "Expected the end of the file, found a second document.";
                    self.error(place, "yaml_syntax", message, "Keep one document per file.");
                    return false;
                }
            }
            Event::Scalar(text, style, _, tag) => {
                let place = self.place(span);
                self.tag(tag.as_deref(), span);
                self.push(Node::scalar(Scalar::new(text, style_of(style)), place));
            }
            Event::SequenceStart(_, _, tag) => {
                self.tag(tag.as_deref(), span);
                let start = span.start.byte_offset().unwrap_or(0);
                return self.open(Frame::Sequence { items: Vec::new(), start }, span);
            }
            Event::MappingStart(_, _, tag) => {
                self.tag(tag.as_deref(), span);
                let start = span.start.byte_offset().unwrap_or(0);
                let seen = HashSet::new();
                let frame = Frame::Mapping { entries: Vec::new(), key: None, seen, start };
                return self.open(frame, span);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(_, name) => {
                let place = self.place(span);
                self.anchor(place, &name);
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let place = self.place(span);
                let text = self.source.text.get(place.span.start..place.span.end);
                let name = text.unwrap_or_default().trim_start_matches('*').to_owned();
                self.anchor(place, &name);
                self.push(Node::null(place));
            }
            _ => {}
        }
        true
    }

    fn anchor(&mut self, place: Place, name: &str) {
        let message = format!("Anchors are not currently supported. Remove the anchor '{name}'");
        let hint = "Write the value out, or put it into a variable or a parameter.";
        self.error(place, "anchor_not_supported", message, hint);
    }

    fn tag(&mut self, tag: Option<&granit_parser::Tag>, span: &EventSpan) {
        if let Some(tag) = tag
            && !tag.is_yaml_core_schema()
        {
            let place = self.place(&span.tag_span().unwrap_or(*span));
            let message = format!("Unexpected tag '{}'", tag.original());
            self.error(place, "unexpected_tag", message, "Remove the tag.");
        }
    }

    fn open(&mut self, frame: Frame, span: &EventSpan) -> bool {
        if self.frames.len() >= MAX_DEPTH {
            let place = self.place(span);
            let message = "Maximum object depth exceeded";
            self.error(place, "limit_exceeded", message, "Nest fewer lists and mappings.");
            return false;
        }
        self.frames.push(frame);
        true
    }

    fn close(&mut self, span: &EventSpan) {
        let end = span.end.byte_offset().unwrap_or(0);
        let Some(frame) = self.frames.pop() else { return };
        let node = match frame {
            Frame::Sequence { items, start } => {
                Node::sequence(items, self.trimmed(start, end.max(start)))
            }
            Frame::Mapping { entries, start, .. } => {
                Node::mapping(entries, self.trimmed(start, end.max(start)))
            }
        };
        self.push(node);
    }

    fn push(&mut self, node: Node) {
        match self.frames.last_mut() {
            None => self.root = Some(node),
            Some(Frame::Sequence { items, .. }) => items.push(node),
            Some(Frame::Mapping { entries, key: key @ Some(_), .. }) => {
                if let Some((key, key_place)) = key.take() {
                    entries.push(Entry { key, key_place, value: node });
                }
            }
            Some(Frame::Mapping { .. }) => self.key(node),
        }
    }

    fn key(&mut self, node: Node) {
        let place = node.place;
        let scalar = match node.value {
            NodeValue::Scalar(scalar) => scalar,
            other => {
                let message = match other {
                    NodeValue::Sequence(_) => "A sequence was not expected",
                    _ => "A mapping was not expected",
                };
                let before = self.source.text.get(..place.span.start).unwrap_or_default();
                let hint = if before.ends_with('{') {
                    "A {{ placeholder }} has to be filled in; an expression is written ${{ }}."
                } else {
                    "A key is a plain word."
                };
                self.error(place, "wrong_type", message, hint);
                Scalar::new("", ScalarStyle::Plain)
            }
        };
        let mut is_twice = false;
        if let Some(Frame::Mapping { key, seen, .. }) = self.frames.last_mut() {
            // Expression keys may repeat; what they come to is checked when they are expanded.
            is_twice = !scalar.has_code() && !seen.insert(scalar.text.clone());
            *key = Some((scalar.clone(), place));
        }
        if is_twice {
            let message = format!("'{}' is already defined", scalar.text);
            self.error(place, "duplicate_key", message, "Remove one of the two.");
        }
    }
}

fn style_of(style: EventStyle) -> ScalarStyle {
    match style {
        EventStyle::Plain => ScalarStyle::Plain,
        EventStyle::SingleQuoted => ScalarStyle::SingleQuoted,
        EventStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
        EventStyle::Literal => ScalarStyle::Literal,
        EventStyle::Folded => ScalarStyle::Folded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::SourceId;

    fn tree(text: &str) -> ReadTree {
        read(&SourceText::new(SourceId(0), "a.yml", text))
    }

    fn first(text: &str) -> (u32, u32, String) {
        let diagnostics = tree(text).diagnostics;
        let first = diagnostics.first().unwrap_or_else(|| panic!("{text:?} should be refused"));
        (first.span.line, first.span.column, first.message.clone())
    }

    #[test]
    fn scalars_keep_their_text_and_expression_keys_repeat() {
        let read = tree(
            "v: 3.10\nold: 010\nhook:\n  on: yes\nenv:\n  ${{ if a }}:\n    A: 1\n  ${{ if a }}:\n    B: 2\n",
        );
        assert!(read.diagnostics.is_empty(), "all of it is fine: {:?}", read.diagnostics);
        let root = read.root.unwrap();
        assert_eq!(root.get("v").and_then(Node::text), Some("3.10"), "no number is made of it");
        assert_eq!(root.get("old").and_then(Node::text), Some("010"), "nor an octal");
        assert_eq!(
            root.get("hook").unwrap().entries().unwrap()[0].key.text.as_ref(),
            "on",
            "nor a Boolean"
        );
        assert_eq!(root.get("env").unwrap().entries().unwrap().len(), 2, "both blocks stay");
    }

    #[test]
    fn mistakes_have_a_place_and_azures_words() {
        let words = "Anchors are not currently supported. Remove the anchor 'x'";
        assert_eq!(first("a: &x 1\nb: 2\n"), (1, 4, words.to_owned()));
        assert_eq!(
            first("b: *x\n"),
            (1, 4, words.to_owned()),
            "an alias without an anchor as well"
        );
        assert_eq!(first("a: 1\nb: 2\na: 3\n"), (3, 1, "'a' is already defined".to_owned()));
        assert_eq!(first("a: !thing 1\n").2, "Unexpected tag '!thing'");
        assert_eq!(first("a: [1, 2\nb: 3\n").0, 2, "the bracket is missed on the next line");
        assert_eq!(first("a:\n\t- b\n").0, 2, "a tab");
        assert_eq!(first("a: 1\n---\nb: 2\n").0, 2, "a second document");
        assert_eq!(first("? [a]\n: b\n").2, "A sequence was not expected");
    }

    #[test]
    fn what_was_expected_is_said() {
        let diagnostics = tree("a: 1\n b: 2\n").diagnostics;
        assert!(diagnostics[0].hint.as_ref().unwrap().contains("Expected"), "{diagnostics:?}");
        assert!(tree("").diagnostics.is_empty() && tree("").root.is_none(), "nothing is nothing");
    }

    #[test]
    fn deep_nesting_ends_in_a_message() {
        let text = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(first(&text).2, "Maximum object depth exceeded");
    }

    #[test]
    fn spans_cover_what_was_written() {
        let text = "a:\n  - b: |\n      one\n      two\n\nc: 1\n";
        let root = tree(text).root.unwrap();
        let item = &root.get("a").unwrap().items().unwrap()[0];
        let span = item.place.span;
        assert_eq!(&text[span.start..span.end], "b: |\n      one\n      two", "no trailing lines");
        assert_eq!((span.line, span.column, span.end_line), (2, 5, 4));
    }
}
