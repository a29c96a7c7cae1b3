//! Cuts an expression into tokens (pipelines.md 8.1).

use super::decimal::Decimal;
use super::value::{Value, Version};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    OpenParameter,
    CloseParameter,
    OpenIndex,
    CloseIndex,
    Separator,
    Dereference,
    Wildcard,
    /// A number, version or text.
    Literal(Value),
    /// `true`, `false`, a function, a named value or a property: the parser tells which.
    Word,
    /// Looks like a number or a text, but is none.
    UnrecognizedValue,
    /// Anything else.
    UnexpectedSymbol,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// All tokens of the text. Never fails: what is no token is one of the last two kinds.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        if first.is_whitespace() {
            start += first.len_utf8();
            continue;
        }
        let starts_value = found.last().is_none_or(|token| {
            matches!(
                token.kind,
                TokenKind::Separator | TokenKind::OpenIndex | TokenKind::OpenParameter
            )
        });
        let (kind, length) = match first {
            '(' => (TokenKind::OpenParameter, 1),
            ')' => (TokenKind::CloseParameter, 1),
            '[' => (TokenKind::OpenIndex, 1),
            ']' => (TokenKind::CloseIndex, 1),
            ',' => (TokenKind::Separator, 1),
            '*' => (TokenKind::Wildcard, 1),
            '.' if !starts_value => (TokenKind::Dereference, 1),
            '\'' => quoted(&text[start..]),
            '.' | '-' | '0'..='9' => number(&text[start..]),
            _ => word(&text[start..]),
        };
        found.push(Token { kind, start, end: start + length });
        start += length;
    }
    found
}

fn is_boundary(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '(' | ')' | '[' | ']' | ',' | '.' | '*')
}

fn quoted(text: &str) -> (TokenKind, usize) {
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '\'' {
            value.push(letter);
        } else if letters.peek().is_some_and(|(_, next)| *next == '\'') {
            value.push('\'');
            letters.next();
        } else {
            return (TokenKind::Literal(value.into()), at + 1);
        }
    }
    (TokenKind::UnrecognizedValue, text.len())
}

fn number(text: &str) -> (TokenKind, usize) {
    let length = text.find(|letter| letter != '.' && is_boundary(letter)).unwrap_or(text.len());
    let raw = &text[..length];
    let kind = if let Some(number) = Decimal::parse_literal(raw) {
        TokenKind::Literal(Value::Number(number))
    } else if let Some(version) = Version::parse(raw) {
        TokenKind::Literal(Value::Version(version))
    } else {
        TokenKind::UnrecognizedValue
    };
    (kind, length)
}

fn word(text: &str) -> (TokenKind, usize) {
    let length = text.find(is_boundary).unwrap_or(text.len());
    let kind =
        if is_identifier(&text[..length]) { TokenKind::Word } else { TokenKind::UnexpectedSymbol };
    (kind, length)
}

/// `[A-Za-z_][A-Za-z0-9_]*`.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
