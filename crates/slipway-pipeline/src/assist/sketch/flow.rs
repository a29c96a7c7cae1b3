//! What stands in `{ }` and `[ ]`.

use super::scan::{Scan, expression_length};
use super::{Form, Id, Kind};

// Deeper than this nothing is kept apart.
const MAX_DEPTH: usize = 50;

struct Level {
    owner: Id,
    is_mapping: bool,
    /// The pair or item that a value would belong to.
    element: Option<Id>,
}

impl Scan<'_> {
    /// Reads from an opening bracket; says where it ends.
    pub(super) fn flow(&mut self, owner: Id, start: usize) -> usize {
        let column = self.sketch.node(owner).column;
        let bytes = self.text().as_bytes();
        let mut levels: Vec<Level> = Vec::new();
        let mut at = start;
        while at < bytes.len() {
            match bytes[at] {
                b'\n' if self.ends_at(at + 1, column) => break,
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'#' if at > 0 && bytes[at - 1].is_ascii_whitespace() => at = self.line_end(at),
                b'{' | b'[' if levels.len() < MAX_DEPTH => {
                    self.open_level(&mut levels, owner, at);
                    at += 1;
                }
                b'}' | b']' => {
                    at += 1;
                    if let Some(level) = levels.pop() {
                        let node = &mut self.sketch.nodes[level.owner];
                        node.value.end = at;
                        node.end = at;
                    }
                    if levels.is_empty() {
                        return at;
                    }
                }
                b',' => {
                    if let Some(level) = levels.last_mut() {
                        level.element = None;
                    }
                    at += 1;
                }
                _ => at = self.scalar(&mut levels, at),
            }
        }
        // What is still open reaches as far as the text that was read.
        let end = self.text()[..at].trim_end().len().max(start + 1);
        for level in levels {
            let node = &mut self.sketch.nodes[level.owner];
            node.value.end = end;
            node.end = end;
        }
        end
    }

    fn line_end(&self, at: usize) -> usize {
        self.text()[at..].find('\n').map_or(self.text().len(), |length| at + length)
    }

    fn open_level(&mut self, levels: &mut Vec<Level>, owner: Id, at: usize) {
        let is_mapping = self.text().as_bytes()[at] == b'{';
        let owner = match levels.last() {
            None => owner,
            Some(level) => match level.element {
                Some(element) => element,
                None => {
                    let parent = level.owner;
                    self.element(Kind::Item, at..at, parent)
                }
            },
        };
        if let Some(level) = levels.last_mut() {
            level.element = Some(owner);
        }
        let node = &mut self.sketch.nodes[owner];
        node.form = if is_mapping { Form::FlowMapping } else { Form::FlowSequence };
        node.value = at..at + 1;
        levels.push(Level { owner, is_mapping, element: None });
    }

    fn element(&mut self, kind: Kind, key: std::ops::Range<usize>, parent: Id) -> Id {
        let id = self.add(kind, key, parent);
        self.sketch.nodes[id].is_flow = true;
        id
    }

    /// Takes a word; says where it ends.
    fn scalar(&mut self, levels: &mut [Level], start: usize) -> usize {
        let end = self.word_end(start);
        let Some(level) = levels.last_mut() else { return end };
        let is_key = level.is_mapping && level.element.is_none();
        if is_key {
            let rest = &self.text()[end..];
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let has_colon = rest[blanks..].starts_with(':');
            let kind = if has_colon { Kind::Pair } else { Kind::Word };
            let parent = level.owner;
            let id = self.element(kind, start..end, parent);
            level.element = has_colon.then_some(id);
            let after = if has_colon { end + blanks + 1 } else { end };
            self.sketch.nodes[id].value = after..after;
            self.sketch.nodes[id].end = after;
            return after.max(start + 1);
        }
        let id = match level.element {
            Some(element) => element,
            None => {
                let parent = level.owner;
                let id = self.element(Kind::Item, start..start, parent);
                level.element = Some(id);
                id
            }
        };
        self.set_scalar(id, start..end);
        end.max(start + 1)
    }

    fn word_end(&self, start: usize) -> usize {
        let text = self.text();
        let bytes = text.as_bytes();
        let quote = bytes[start];
        let mut at = start + 1;
        if quote == b'"' || quote == b'\'' {
            while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
                at += 1 + usize::from(quote == b'"' && bytes[at] == b'\\');
            }
            let at = at.min(bytes.len());
            return if bytes.get(at) == Some(&quote) { at + 1 } else { boundary(text, at) };
        }
        at = start;
        while at < bytes.len() {
            match bytes[at] {
                b'$' if text[at..].starts_with("${{") => {
                    at += expression_length(&text[at..]);
                    continue;
                }
                b'$' if matches!(bytes.get(at + 1), Some(b'[' | b'(')) => at += 1,
                b',' | b']' | b'}' | b'\n' => break,
                b':' if bytes.get(at + 1).is_none_or(|next| b" \t\r\n,]}".contains(next)) => break,
                b'#' if at > start && bytes[at - 1] == b' ' => break,
                _ => {}
            }
            at += 1;
        }
        let at = boundary(text, at.min(bytes.len()));
        (start + text[start..at].trim_end().len()).max(start + usize::from(at > start))
    }
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
