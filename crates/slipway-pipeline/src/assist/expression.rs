//! The expression, macro or logging command that the cursor is in, and the names in it.
//!
//! Read leniently, for it is being typed. Deliberately not here: what an expression means
//! ([`crate::expr`]).

use std::ops::Range;

// How far from the cursor an opening and its end are looked for: the longest expression there may be.
const MAX_BACK: usize = 21_000;

/// How an expression is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// `${{ }}`.
    Template,
    /// `$[ ]`.
    Runtime,
    /// Bare, behind `condition:`.
    Condition,
}

/// What the cursor is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Embedded {
    /// An expression, without its brackets.
    Expression { site: Site, range: Range<usize> },
    /// The name between `$(` and `)`.
    Macro { range: Range<usize> },
    /// What is between `##vso[` and `]`.
    Command { range: Range<usize> },
}

/// Finds what a cursor is in. `region` is the value, script or key that it is in.
pub(crate) fn embedded(text: &str, region: Range<usize>, offset: usize) -> Option<Embedded> {
    let mut from = region.start.max(offset.saturating_sub(MAX_BACK)).min(offset);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..offset)?;
    let end = region.end.max(offset).min(offset.saturating_add(MAX_BACK));
    let end = super::on_boundary(text, end);
    if let Some(start) = open_template(before) {
        let start = from + start + 3;
        let close = closing(&text[start..end]).unwrap_or(end - start);
        if start + close >= offset {
            let range = start..start + close;
            return Some(Embedded::Expression { site: Site::Template, range });
        }
    }
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    if let Some(at) = before[line..].rfind("##vso[") {
        let start = from + line + at + 6;
        if !text[start..offset].contains(']') {
            let stop = text[offset..end].find([']', '\n']).map_or(end, |length| offset + length);
            return Some(Embedded::Command { range: start..stop });
        }
    }
    if let Some(at) = before[line..].rfind("$(") {
        let start = from + line + at + 2;
        let is_name = |text: &str| text.chars().all(is_macro_letter);
        if is_name(&text[start..offset]) {
            let rest = text[offset..end].chars().take_while(|letter| is_macro_letter(*letter));
            let stop = offset + rest.map(char::len_utf8).sum::<usize>();
            return Some(Embedded::Macro { range: start..stop });
        }
    }
    let value = text.get(region.start..end)?;
    let inner = value.trim_start_matches(['\'', '"']);
    let start = region.start + value.len() - inner.len() + 2;
    if inner.starts_with("$[") && offset >= start {
        let stop = text[start..end].rfind(']').map_or(end, |length| start + length);
        if offset <= stop {
            return Some(Embedded::Expression { site: Site::Runtime, range: start..stop });
        }
    }
    None
}

fn is_macro_letter(letter: char) -> bool {
    letter.is_alphanumeric() || "_.- ".contains(letter)
}

/// Where the last `${{` begins that is not closed.
fn open_template(before: &str) -> Option<usize> {
    let start = before.rfind("${{")?;
    closing(&before[start + 3..]).is_none().then_some(start)
}

/// Bytes to the `}}` that closes an expression, quotes respected.
pub(crate) fn closing(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut is_quoted = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\'' => is_quoted = !is_quoted,
            b'}' if !is_quoted && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
    }
    None
}

/// A name with what is taken from it: `variables.a`, `dependencies['a'].outputs['b.c']`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Chain {
    pub(crate) parts: Vec<Part>,
    /// Followed by `(`.
    pub(crate) is_call: bool,
}

/// A part of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// Without quotes.
    pub(crate) text: String,
    /// Its bytes in the file, without quotes.
    pub(crate) range: Range<usize>,
}

/// What a text ends in the middle of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Open {
    /// A name may begin here; what is written of it is the last chain's last part, or nothing.
    Name,
    /// Behind `chain.` or `chain['`: a part of the last chain.
    Part,
    /// In a quoted text.
    Text,
}

/// The names in an expression.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    pub(crate) chains: Vec<Chain>,
    pub(crate) open: Open,
    /// Where the part that is being written begins.
    pub(crate) from: usize,
    /// The functions that are open, each with the number of the argument.
    pub(crate) calls: Vec<(String, usize)>,
    /// Quoted texts, each with the function that it is an argument of.
    pub(crate) texts: Vec<(Part, String)>,
}

/// Reads the names of an expression that begins at a byte of the file.
pub(crate) fn scan(text: &str, base: usize) -> Scan {
    let mut reading = Reading {
        text,
        base,
        at: 0,
        scan: Scan {
            chains: Vec::new(),
            open: Open::Name,
            from: base + text.len(),
            calls: Vec::new(),
            texts: Vec::new(),
        },
        is_chained: false,
    };
    while reading.at < text.len() {
        reading.token();
    }
    reading.scan
}

struct Reading<'t> {
    text: &'t str,
    base: usize,
    at: usize,
    scan: Scan,
    /// The next part belongs to the last chain.
    is_chained: bool,
}

impl Reading<'_> {
    fn token(&mut self) {
        let rest = &self.text[self.at..];
        let Some(letter) = rest.chars().next() else { return };
        let is_bracketed = rest.starts_with("['") && self.has_chain();
        match letter {
            '\'' => self.quoted(1, false),
            '[' if is_bracketed => self.quoted(2, true),
            '.' => {
                self.is_chained = self.has_chain();
                self.at += 1;
                self.scan.open = if self.is_chained { Open::Part } else { Open::Name };
                self.scan.from = self.base + self.at;
            }
            '(' => {
                self.at += 1;
                let chain = self.scan.chains.last_mut();
                let name = chain.map(|chain| {
                    chain.is_call = true;
                    chain.parts.last().map(|part| part.text.clone()).unwrap_or_default()
                });
                self.scan.calls.push((name.unwrap_or_default(), 0));
                self.fresh();
            }
            ',' => {
                self.at += 1;
                if let Some(call) = self.scan.calls.last_mut() {
                    call.1 += 1;
                }
                self.fresh();
            }
            ')' => {
                self.at += 1;
                self.scan.calls.pop();
                self.fresh();
            }
            letter if letter.is_alphanumeric() || letter == '_' => self.name(),
            letter => {
                self.at += letter.len_utf8();
                if letter != ']' {
                    self.fresh();
                }
            }
        }
    }

    /// True when something may be taken from what was just read.
    fn has_chain(&self) -> bool {
        let before = self.text[..self.at].chars().next_back();
        before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ']')
            && !self.scan.chains.is_empty()
    }

    fn fresh(&mut self) {
        self.is_chained = false;
        self.scan.open = Open::Name;
        self.scan.from = self.base + self.at;
    }

    fn name(&mut self) {
        let start = self.at;
        let letters = self.text[start..].chars();
        let length: usize = letters
            .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
            .map(char::len_utf8)
            .sum();
        self.at += length;
        self.push(start..self.at);
        self.scan.open = if self.is_chained { Open::Part } else { Open::Name };
        self.scan.from = self.base + start;
        self.is_chained = false;
    }

    fn quoted(&mut self, opening: usize, is_part: bool) {
        let start = self.at + opening;
        let closing = self.text[start..].find('\'');
        let end = closing.map_or(self.text.len(), |length| start + length);
        if is_part {
            self.is_chained = true;
            self.push(start..end);
        } else {
            let part = Part {
                text: self.text[start..end].to_owned(),
                range: self.base + start..self.base + end,
            };
            let call = self.scan.calls.last().map(|(name, _)| name.clone()).unwrap_or_default();
            self.scan.texts.push((part, call));
        }
        self.is_chained = false;
        self.scan.from = self.base + start;
        self.scan.open = if is_part { Open::Part } else { Open::Text };
        self.at = end + usize::from(closing.is_some());
        if closing.is_some() {
            // What follows a closed text is something new, but for a `.` or a bracket.
            self.scan.open = Open::Name;
            self.scan.from = self.base + self.at;
        }
    }

    fn push(&mut self, range: Range<usize>) {
        let part = Part {
            text: self.text[range.clone()].to_owned(),
            range: self.base + range.start..self.base + range.end,
        };
        match self.scan.chains.last_mut().filter(|_| self.is_chained) {
            Some(chain) => chain.parts.push(part),
            None => self.scan.chains.push(Chain { parts: vec![part], is_call: false }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_cursor_is_in_is_found() {
        let inside = |text: &str| {
            let at = text.find('|').unwrap();
            let text = text.replace('|', "");
            embedded(&text, 0..text.len(), at).map(|found| match found {
                Embedded::Expression { site, range } => format!("{site:?} {}", &text[range]),
                Embedded::Macro { range } => format!("macro {}", &text[range]),
                Embedded::Command { range } => format!("command {}", &text[range]),
            })
        };
        for (text, wanted) in [
            ("a ${{ eq(x,|'}}') }} b", Some("Template  eq(x,'}}') ")),
            ("a ${{ x }}|", None),
            ("${{ x|", Some("Template  x")),
            ("$[ eq(|) ]", Some("Runtime  eq() ")),
            ("echo $(Build.|BuildId) x", Some("macro Build.BuildId")),
            ("echo $(date) |", None),
            ("echo \"##vso[task.set|variable x=y]v\"", Some("command task.setvariable x=y")),
            ("plain |text", None),
        ] {
            assert_eq!(inside(text).as_deref(), wanted, "in {text:?}");
        }
    }

    #[test]
    fn chains_and_calls_are_read_while_they_are_typed() {
        let parts = |text: &str| {
            let scan = scan(text, 0);
            let last = scan.chains.last().cloned().unwrap_or_default();
            let names: Vec<String> = last.parts.into_iter().map(|part| part.text).collect();
            (names.join("/"), scan.open, scan.calls, scan.from)
        };
        let call = |name: &str, number| vec![(name.to_owned(), number)];
        assert_eq!(
            parts("eq(variables.Bu"),
            ("variables/Bu".into(), Open::Part, call("eq", 0), 13)
        );
        assert_eq!(
            parts("eq(a, variables['x.y"),
            ("variables/x.y".into(), Open::Part, call("eq", 1), 17)
        );
        let scanned = parts("dependencies.A.outputs['s.");
        assert_eq!(scanned.0, "dependencies/A/outputs/s.", "a chain of several parts");
        assert_eq!(parts("succeeded('").1, Open::Text, "a text that is no part");
        assert_eq!(parts("succeeded('").2, call("succeeded", 0), "and its function");
        assert_eq!(parts("and(x, ").1, Open::Name, "an argument begins");
        assert_eq!(parts("variables.").1, Open::Part, "a part is to come");
    }
}
