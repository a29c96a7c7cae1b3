//! Finds `${{ }}` in a text, and the directives among them.

/// A part of a scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Segment<'a> {
    Text(&'a str),
    Code(Code<'a>),
}

/// What stands between `${{` and `}}`, trimmed, with its byte offset in the scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Code<'a> {
    pub(super) text: &'a str,
    pub(super) offset: usize,
}

/// `${{` at this byte has no `}}`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Unclosed {
    pub(super) offset: usize,
}

/// Cuts a text into parts. The search for the end knows quotes: `${{ 'a }}' }}` is one part.
pub(super) fn segments(text: &str) -> Result<Vec<Segment<'_>>, Unclosed> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("${{").map(|start| at + start) {
        if start > at {
            found.push(Segment::Text(&text[at..start]));
        }
        let inner = start + 3;
        let length = closing(&text[inner..]).ok_or(Unclosed { offset: start })?;
        found.push(Segment::Code(code(text, inner, inner + length)));
        at = inner + length + 2;
    }
    if at < text.len() {
        found.push(Segment::Text(&text[at..]));
    }
    Ok(found)
}

fn closing(text: &str) -> Option<usize> {
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

fn code(text: &str, start: usize, end: usize) -> Code<'_> {
    let mut inner = &text[start..end];
    // `${{- e }}` occurs in the wild; a minus sign of a number stands right before a digit.
    if let Some(rest) = inner.strip_prefix('-')
        && rest.starts_with(char::is_whitespace)
    {
        inner = rest;
    }
    let inner = inner.trim_start();
    Code { offset: end - inner.len(), text: inner.trim_end() }
}

/// A directive of a key.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Directive<'a> {
    If(Code<'a>),
    ElseIf(Code<'a>),
    Else,
    Each { name: &'a str, items: Code<'a> },
    Insert,
}

/// The directive, if it is one; `Err` names a directive with too few or too many parameters.
pub(super) fn directive(code: Code<'_>) -> Result<Option<Directive<'_>>, BadDirective> {
    let length = code.text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(code.text.len());
    let (word, rest) = code.text.split_at(length);
    let parameter = rest.trim_start();
    let parameter =
        Code { text: parameter, offset: code.offset + code.text.len() - parameter.len() };
    let is_separate = rest.is_empty() || rest.starts_with(char::is_whitespace);
    let is_empty = parameter.text.is_empty();
    let bad = |word, expected, actual| Err(BadDirective { word, expected, actual });
    match word {
        "if" | "elseif" if is_separate || rest.starts_with('(') => match (word, is_empty) {
            ("if", false) => Ok(Some(Directive::If(parameter))),
            ("elseif", false) => Ok(Some(Directive::ElseIf(parameter))),
            ("if", true) => bad("if", 1, 0),
            _ => bad("elseif", 1, 0),
        },
        "else" if is_separate && is_empty => Ok(Some(Directive::Else)),
        "else" if is_separate => bad("else", 0, 1),
        "insert" if is_separate && is_empty => Ok(Some(Directive::Insert)),
        "insert" if is_separate => bad("insert", 0, 1),
        "each" if is_separate => match each(parameter) {
            Some(each) => Ok(Some(each)),
            None => bad("each", 3, parameter.text.split_whitespace().count()),
        },
        _ => Ok(None),
    }
}

/// A directive without what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BadDirective {
    pub(super) word: &'static str,
    pub(super) expected: usize,
    pub(super) actual: usize,
}

impl BadDirective {
    pub(super) fn message(&self) -> String {
        format!(
            "Exactly {} parameter(s) were expected following the directive '{}'. Actual parameter count: {}",
            self.expected, self.word, self.actual
        )
    }
}

fn each(parameter: Code<'_>) -> Option<Directive<'_>> {
    let (name, rest) = parameter.text.split_once(char::is_whitespace)?;
    let rest = rest.trim_start().strip_prefix("in")?;
    let items = rest.trim_start();
    if items.is_empty() || items.len() == rest.len() && !items.starts_with('(') {
        return None;
    }
    let offset = parameter.offset + parameter.text.len() - items.len();
    crate::expr::is_identifier(name)
        .then_some(Directive::Each { name, items: Code { text: items, offset } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Code<'_> {
        match segments(text).unwrap().as_slice() {
            [Segment::Code(code)] => *code,
            other => panic!("{text} should be one expression, is {other:?}"),
        }
    }

    #[test]
    fn parts_are_found_and_quotes_are_respected() {
        assert_eq!(only("${{ 'a }}' }}").text, "'a }}'");
        assert_eq!(only("${{- x }}").text, "x", "the trimming form");
        assert_eq!(only("${{ -1 }}").text, "-1", "a negative number is none");
        let parts = segments("a-${{ b }}-c").unwrap();
        assert_eq!(parts.len(), 3, "text, code, text");
        assert_eq!(parts[1], Segment::Code(Code { text: "b", offset: 6 }));
        assert_eq!(segments("x ${{ y"), Err(Unclosed { offset: 2 }));
    }

    #[test]
    fn directives_are_told_from_expressions() {
        let read = |text: &'static str| directive(only(text));
        assert!(matches!(read("${{if eq(a,b)}}"), Ok(Some(Directive::If(_)))));
        assert!(matches!(read("${{ if(true) }}"), Ok(Some(Directive::If(_)))));
        assert!(matches!(read("${{ iff }}"), Ok(None)), "a name that starts alike");
        assert!(matches!(
            read("${{ each x in parameters.list }}"),
            Ok(Some(Directive::Each { name: "x", items: Code { text: "parameters.list", .. } }))
        ));
        assert_eq!(
            read("${{ if }}").unwrap_err().message(),
            "Exactly 1 parameter(s) were expected following the directive 'if'. Actual parameter count: 0"
        );
        assert!(read("${{ each x inlist }}").is_err(), "'in' is a word of its own");
    }
}
