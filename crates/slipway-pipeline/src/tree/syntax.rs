//! YAML errors in words: what is wrong, and what was expected there.

use granit_parser::{ErrorKind, ScanError};

/// Message and hint. The library's own words go no further than this file.
pub(super) fn explain(error: &ScanError) -> (String, String) {
    let words = error.kind().to_string();
    let mut letters = words.chars();
    let mut message: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_else(|| "The file is not valid YAML".to_owned());
    if !message.ends_with('.') {
        message.push('.');
    }
    (message, expected(error.kind()).to_owned())
}

fn expected(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => "Expected spaces: YAML takes no tabs for indentation.",
        ErrorKind::ExpectedBlockMappingKey => {
            "Expected 'key: value' at the same column as the keys above."
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            "Expected '- ' at the same column as the items above."
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "Expected ':' and a blank after the key."
        }
        ErrorKind::InvalidIndentation | ErrorKind::InvalidQuotedScalarIndent => {
            "Expected the line to start at the column of a line above, or further in than its key."
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            "Expected the closing quote."
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "Expected the end of the line after the closing quote: quote the whole value, or none of it."
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            "Expected the closing bracket of the list or mapping."
        }
        ErrorKind::ExpectedFlowMappingSeparator => "Expected ',' or '}'.",
        ErrorKind::ExpectedFlowSequenceSeparator => "Expected ',' or ']'.",
        ErrorKind::MismatchedFlowCollectionEnd { .. } | ErrorKind::MisplacedFlowCollectionEnd => {
            "Expected brackets in pairs; quote the value when it is text."
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "Expected one ': ' on the line: quote the value when it holds another."
        }
        ErrorKind::UnexpectedCharacter { .. } => {
            "Expected a value: one that starts with @, ` or % needs quotes."
        }
        ErrorKind::UnknownQuotedScalarEscape | ErrorKind::InvalidUnicodeEscape => {
            "Expected an escape that YAML knows: use single quotes to write a backslash."
        }
        ErrorKind::RecursionLimitExceeded => "Expected fewer levels of nesting.",
        _ => "Expected valid YAML here.",
    }
}
