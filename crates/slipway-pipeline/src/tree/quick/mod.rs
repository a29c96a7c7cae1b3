//! The quick way through a file: the YAML that people write, in one pass over its bytes.
//!
//! [`read`](super::read) tries it first. It makes the very tree that granit-parser's events come to,
//! or nothing: whatever it does not know (anchors, tags, `? ` keys, directives, a second document,
//! odd tabs) and whatever is wrong is left to granit-parser, which reads the whole file then and whose
//! words are shown. So there are deliberately no messages here. Collections are on a stack of ours
//! with the depth limit of `read`; nothing recurses. `block` has indentation, `flow` has brackets,
//! `scalars` and `quoted` have text, `line` has the way from line to line.

mod block;
mod flow;
mod line;
mod quoted;
mod scalars;

use std::collections::HashSet;
use std::sync::Arc;

use super::place::{Place, SourceText};
use super::read::{MAX_DEPTH, ReadTree};
use super::{Entry, Node, Scalar, ScalarStyle};
use crate::diagnostic::Span;

/// Reads a text of common YAML; nothing for any other.
pub fn read_quickly(source: &SourceText) -> Option<ReadTree> {
    if !line::is_plain_text(&source.text) {
        return None;
    }
    let mut reading = Reading::new(source);
    reading.document()?;
    let root = reading.root?;
    Some(ReadTree { root: Some(root), diagnostics: Vec::new() })
}

/// A key may be that long at most; granit-parser counts from its start to its colon.
const MAX_KEY: usize = 1000;

/// How many words of keys are kept at hand.
const WORDS: usize = 256;

/// A byte with its line and column, both from 1.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    at: usize,
    line: u32,
    column: u32,
}

/// What an open collection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sequence,
    /// A sequence at the column of the mapping whose value it is.
    Indentless,
    Mapping,
    FlowSequence,
    FlowMapping,
}

/// What comes next in an open collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// A key or a dash; in brackets also the closing one.
    Entry,
    /// The value of what has been begun.
    Value,
    /// In brackets: a comma or the closing one.
    Separator,
}

/// A collection that is still open.
struct Frame {
    kind: Kind,
    turn: Turn,
    indent: usize,
    start: Mark,
    /// Where its items or entries begin on their stack.
    first: usize,
    key: Option<(Scalar, Place)>,
    /// Where the value stands if none is written.
    null: Mark,
}

struct Reading<'a> {
    source: &'a SourceText,
    bytes: &'a [u8],
    line_starts: &'a [usize],
    at: usize,
    line: usize,
    /// The first byte that takes a column in this line.
    line_start: usize,
    /// The byte behind the line's last one, its line break aside.
    line_end: usize,
    frames: Vec<Frame>,
    /// Items of all open sequences, entries of all open mappings.
    items: Vec<Node>,
    entries: Vec<Entry>,
    scratch: String,
    /// Texts of plain keys, so that a word that comes a thousand times is kept once.
    words: Vec<Option<Arc<str>>>,
    root: Option<Node>,
}

impl<'a> Reading<'a> {
    fn new(source: &'a SourceText) -> Self {
        let mut reading = Self {
            source,
            bytes: source.text.as_bytes(),
            line_starts: source.line_starts(),
            at: 0,
            line: 0,
            line_start: 0,
            line_end: 0,
            frames: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            scratch: String::new(),
            words: vec![None; WORDS],
            root: None,
        };
        reading.enter_line(0);
        reading
    }

    fn open(&mut self, kind: Kind, turn: Turn, indent: usize, start: Mark) -> Option<()> {
        if self.frames.len() >= MAX_DEPTH {
            return None;
        }
        let first = match kind {
            Kind::Mapping | Kind::FlowMapping => self.entries.len(),
            _ => self.items.len(),
        };
        let null = Mark::default();
        let frame = Frame { kind, turn, indent, start, first, key: None, null };
        self.frames.push(frame);
        Some(())
    }

    /// Closes the innermost collection, which ends there, and hands it to the one around it.
    fn close(&mut self, end: Mark) -> Option<()> {
        let frame = self.frames.pop()?;
        let end = if end.at < frame.start.at { frame.start } else { end };
        let place = self.place(frame.start, end);
        let node = match frame.kind {
            Kind::Mapping | Kind::FlowMapping => {
                if has_twice(&self.entries[frame.first..]) {
                    return None;
                }
                Node::mapping(self.entries.drain(frame.first..).collect::<Arc<[_]>>(), place)
            }
            _ => Node::sequence(self.items.drain(frame.first..).collect::<Arc<[_]>>(), place),
        };
        self.hand_over(node)
    }

    /// Takes a finished node as the value that was waited for.
    fn hand_over(&mut self, node: Node) -> Option<()> {
        let Some(frame) = self.frames.last_mut() else {
            let is_first = self.root.is_none();
            self.root = Some(node);
            return is_first.then_some(());
        };
        match frame.kind {
            Kind::Mapping | Kind::FlowMapping => {
                let (key, key_place) = frame.key.take()?;
                self.entries.push(Entry { key, key_place, value: node });
            }
            _ => self.items.push(node),
        }
        frame.turn = match frame.kind {
            Kind::FlowSequence | Kind::FlowMapping => Turn::Separator,
            _ => Turn::Entry,
        };
        Some(())
    }

    fn hand_over_null(&mut self) -> Option<()> {
        let null = self.frames.last()?.null;
        let place = self.place(null, null);
        self.hand_over(Node::null(place))
    }

    /// Takes a key of the innermost mapping; its colon is where the value stands if there is none.
    fn take_key(&mut self, key: Scalar, place: Place, colon: usize) -> Option<()> {
        if colon - place.span.start > MAX_KEY {
            return None;
        }
        let null = self.mark(colon);
        let frame = self.frames.last_mut()?;
        frame.key = Some((key, place));
        frame.null = null;
        frame.turn = Turn::Value;
        Some(())
    }

    /// A plain key's text.
    fn key_text(&mut self, start: usize, end: usize) -> Scalar {
        let text = &self.source.text[start..end];
        let sum = text.bytes().fold(0, |sum: usize, byte| sum.wrapping_mul(31) + usize::from(byte));
        let word = &mut self.words[sum % WORDS];
        match word {
            Some(known) if **known == *text => Scalar::new(known.clone(), ScalarStyle::Plain),
            _ => {
                let scalar = Scalar::new(text, ScalarStyle::Plain);
                *word = Some(scalar.text.clone());
                scalar
            }
        }
    }

    /// The mark of a byte of this line.
    fn mark(&self, at: usize) -> Mark {
        Mark { at, line: number(self.line + 1), column: self.source.column(self.line_start, at) }
    }

    fn place(&self, start: Mark, end: Mark) -> Place {
        let span = Span {
            start: start.at,
            end: end.at,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        };
        Place { source: self.source.id, span }
    }
}

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// True when a key stands there twice. Expression keys may repeat.
fn has_twice(entries: &[Entry]) -> bool {
    if entries.len() <= 8 {
        return entries.iter().enumerate().any(|(at, entry)| {
            entries[..at].iter().any(|other| other.key.text == entry.key.text)
                && !entry.key.has_code()
        });
    }
    let mut seen = HashSet::with_capacity(entries.len());
    entries.iter().any(|entry| !entry.key.has_code() && !seen.insert(&*entry.key.text))
}
