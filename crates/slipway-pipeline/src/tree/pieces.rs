//! What each byte of a text is, as its tree tells: scalars, comments, indicators and blanks.
//!
//! The text itself is what keeps layout and comments; this is how one gets at them from a tree, for the
//! editor, and how tests show that a tree leaves nothing of its text out. Deliberately not here: what a
//! scalar means, and any change of a text.

use super::read::ReadTree;
use super::{Node, NodeValue, Place, Scalar, ScalarStyle, SourceText};

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// White space, line ends, a byte-order mark.
    Blank,
    /// A dash, a colon, a bracket, `|` with its signs, `---`: what makes the structure.
    Indicator,
    /// A key or a value, with its quotes and all its lines.
    Scalar,
    /// A comment, from its `#` to the line's end.
    Comment,
    /// What the tree does not account for. The tree of a whole text has none.
    Unknown,
}

/// A piece of a text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub kind: PieceKind,
    pub start: usize,
    pub end: usize,
}

/// Cuts a text into pieces, in order and without a gap.
///
/// A tree without a root knows no scalars, so that most of its text is unknown.
pub fn pieces(source: &SourceText, tree: &ReadTree) -> Vec<Piece> {
    let mut cutting = Cutting { text: &source.text, at: 0, pieces: Vec::new() };
    for (start, end) in scalars(source, tree) {
        if start >= cutting.at && end > start {
            cutting.between(start);
            cutting.piece(PieceKind::Scalar, end);
        }
    }
    cutting.between(source.text.len());
    cutting.pieces
}

/// The comments of a text, in order, each from its `#` to the line's end. None where a text has no tree.
pub fn comments(source: &SourceText, tree: &ReadTree) -> Vec<Place> {
    if tree.root.is_none() && !tree.diagnostics.is_empty() {
        return Vec::new();
    }
    let pieces = pieces(source, tree).into_iter();
    let comments = pieces.filter(|piece| piece.kind == PieceKind::Comment);
    comments.map(|piece| source.place(piece.start, piece.end)).collect()
}

/// Writes a text out of its pieces. It is the text that was read, byte for byte.
pub fn print(source: &SourceText, tree: &ReadTree) -> String {
    let mut printed = String::with_capacity(source.text.len());
    for piece in pieces(source, tree) {
        printed.push_str(source.text.get(piece.start..piece.end).unwrap_or_default());
    }
    printed
}

/// The first byte that the tree does not account for; nothing when it covers the whole text.
pub fn uncovered(source: &SourceText, tree: &ReadTree) -> Option<Place> {
    let pieces = pieces(source, tree);
    let unknown = pieces.iter().find(|piece| piece.kind == PieceKind::Unknown)?;
    Some(source.place(unknown.start, unknown.end))
}

/// Where the keys and values of a text stand, in its order.
fn scalars(source: &SourceText, tree: &ReadTree) -> Vec<(usize, usize)> {
    enum Step<'a> {
        Node(&'a Node),
        Scalar(&'a Scalar, Place),
    }
    let mut found = Vec::new();
    let mut steps: Vec<Step<'_>> = tree.root.iter().map(Step::Node).collect();
    while let Some(step) = steps.pop() {
        let (scalar, place) = match step {
            Step::Scalar(scalar, place) => (scalar, place),
            Step::Node(node) => match &node.value {
                NodeValue::Scalar(scalar) => (scalar, node.place),
                NodeValue::Sequence(items) => {
                    steps.extend(items.iter().rev().map(Step::Node));
                    continue;
                }
                NodeValue::Mapping(entries) => {
                    for entry in entries.iter().rev() {
                        steps.push(Step::Node(&entry.value));
                        steps.push(Step::Scalar(&entry.key, entry.key_place));
                    }
                    continue;
                }
            },
        };
        // A block scalar without a line, at the end of a file, stands where its header is.
        let is_block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
        let is_header = is_block && scalar.text.trim().is_empty();
        if place.source == source.id && !is_header {
            found.push((place.span.start, place.span.end));
        }
    }
    found
}

struct Cutting<'a> {
    text: &'a str,
    at: usize,
    pieces: Vec<Piece>,
}

impl Cutting<'_> {
    fn piece(&mut self, kind: PieceKind, end: usize) {
        self.pieces.push(Piece { kind, start: self.at, end });
        self.at = end;
    }

    /// Cuts what stands between scalars, up to `end`.
    fn between(&mut self, end: usize) {
        while let Some(rest) = self.text.get(self.at..end)
            && let Some(letter) = rest.chars().next()
        {
            let (kind, length) = match letter {
                '#' if self.may_begin_comment() => {
                    (PieceKind::Comment, rest.find(['\r', '\n']).unwrap_or(rest.len()))
                }
                '|' | '>' => {
                    let is_sign = |letter: char| matches!(letter, '+' | '-' | '0'..='9');
                    let signs = rest[1..].find(|letter| !is_sign(letter));
                    (PieceKind::Indicator, 1 + signs.unwrap_or(rest.len() - 1))
                }
                '%' if self.is_line_start() => {
                    let line = rest.lines().next().unwrap_or(rest);
                    let comment = line.find(" #").or_else(|| line.find("\t#"));
                    (PieceKind::Indicator, comment.unwrap_or(line.len()))
                }
                // Anchors and tags, which have been refused, up to the next blank.
                '&' | '*' | '!' => {
                    (PieceKind::Indicator, rest.find([' ', '\t', '\r', '\n']).unwrap_or(rest.len()))
                }
                '-' | '?' | ':' | ',' | '[' | ']' | '{' | '}' => (PieceKind::Indicator, 1),
                '.' if rest.starts_with("...") => (PieceKind::Indicator, 3),
                _ => match rest.find(|letter: char| !is_blank(letter)) {
                    Some(0) => (PieceKind::Unknown, letter.len_utf8()),
                    blanks => (PieceKind::Blank, blanks.unwrap_or(rest.len())),
                },
            };
            self.piece(kind, self.at + length);
        }
    }

    fn may_begin_comment(&self) -> bool {
        self.text[..self.at].chars().next_back().is_none_or(is_blank)
    }

    fn is_line_start(&self) -> bool {
        self.text[..self.at]
            .chars()
            .next_back()
            .is_none_or(|last| matches!(last, '\n' | '\u{feff}'))
    }
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{feff}'
}
