//! Scalars as text: plain where YAML allows it, quoted or in a block where it does not.

use crate::tree::ScalarStyle;

/// Where a scalar stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Spot {
    /// Between `[ ]` or `{ }`.
    pub(super) in_flow: bool,
    pub(super) is_key: bool,
}

/// Which quotes are taken where either would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Quote {
    #[default]
    Single,
    Double,
}

/// The text of a scalar on one line. `old` is how it was written before, if it was.
pub(super) fn on_one_line(
    text: &str,
    old: Option<ScalarStyle>,
    quote: Quote,
    spot: Spot,
) -> String {
    let may_be_plain = is_plain(text, spot);
    match old {
        Some(ScalarStyle::SingleQuoted) => quoted(text, Quote::Single),
        Some(ScalarStyle::DoubleQuoted) => double(text),
        // What was plain stays so: Azure reads the text as it is written.
        Some(_) if may_be_plain => text.to_owned(),
        None if may_be_plain && (spot.is_key || !looks_typed(text)) => text.to_owned(),
        // Expressions are full of single quotes: they are not doubled where it can be helped.
        _ if text.contains('\'') && !text.contains(['\\', '"']) => double(text),
        _ => quoted(text, quote),
    }
}

/// True when YAML reads this text back without quotes.
pub(super) fn is_plain(text: &str, spot: Spot) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let second = text[first.len_utf8()..].chars().next();
    let is_indicator = matches!(
        first,
        ',' | '['
            | ']'
            | '{'
            | '}'
            | '#'
            | '&'
            | '*'
            | '!'
            | '|'
            | '>'
            | '\''
            | '"'
            | '%'
            | '@'
            | '`'
    );
    let is_dash = matches!(first, '-' | '?' | ':')
        && (spot.in_flow || second.is_none_or(char::is_whitespace));
    let is_document = text.starts_with("---") || text.starts_with("...");
    let is_null = matches!(text, "~" | "null" | "Null" | "NULL");
    let is_padded = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    let has_break = text.chars().any(|letter| letter == '\t' || !is_printable(letter));
    let is_cut = text.contains(": ") || text.contains(" #") || text.ends_with(':');
    let is_flow = spot.in_flow && text.contains([',', '[', ']', '{', '}']);
    // A key that is too long is no key.
    let is_long = spot.is_key && text.len() > 1000;
    let is_merge = spot.is_key && text == "<<";
    !(is_indicator
        || is_dash
        || is_document
        || is_null
        || is_padded
        || has_break
        || is_cut
        || is_flow
        || is_long
        || is_merge)
}

/// True for a letter that may stand in a YAML file as it is, line ends aside.
pub(super) fn is_printable(letter: char) -> bool {
    matches!(letter, '\t' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        && !matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// A text that other readers would take for a number or Boolean which is written otherwise: a
/// careful person quotes it. `true`, `5` and `1.5` come back as they are.
fn looks_typed(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "yes" | "no" | "on" | "off" | "y" | "n" | ".nan" | ".inf" | "-.inf")
    {
        return true;
    }
    let digits = text.trim_start_matches(['-', '+']);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return false;
    }
    let is_plain_number = digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
        && !text.starts_with('+');
    if is_plain_number {
        return false;
    }
    let is_prefixed = ["0x", "0o", "0b"].iter().any(|prefix| lower.starts_with(prefix));
    let is_number = !digits.trim_matches('.').is_empty()
        && digits.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'_' | b':' | b'-' | b'+')
        })
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
        && !digits.trim_start_matches(|letter: char| letter.is_ascii_digit()).contains('-');
    let is_short_fraction = digits.split_once('.').is_some_and(|(whole, fraction)| {
        let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        are_digits(whole)
            && are_digits(fraction)
            && !fraction.is_empty()
            && !fraction.ends_with('0')
            && (whole == "0" || !whole.is_empty() && !whole.starts_with('0'))
    });
    is_prefixed || is_number && !is_short_fraction
}

fn quoted(text: &str, quote: Quote) -> String {
    let is_simple = text.chars().all(|letter| letter != '\t' && is_printable(letter));
    let prefers_single =
        quote == Quote::Single || text.contains(['\\', '"']) && !text.contains('\'');
    if is_simple && prefers_single {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double(text)
    }
}

fn double(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            other if is_printable(other) => quoted.push(other),
            other if u32::from(other) <= 0xff => {
                quoted.push_str(&format!("\\x{:02x}", u32::from(other)));
            }
            other => quoted.push_str(&format!("\\u{:04x}", u32::from(other))),
        }
    }
    quoted.push('"');
    quoted
}

/// A block scalar: its header and its lines, without their indentation.
pub(super) struct Block {
    pub(super) header: String,
    pub(super) lines: Vec<String>,
}

/// The text as a block scalar; `None` when it needs quotes. `step` is how much further in than its
/// key the block stands, `may_keep` whether `|+` can be used where it stands.
pub(super) fn as_block(text: &str, is_folded: bool, step: usize, may_keep: bool) -> Option<Block> {
    let body = text.trim_end_matches('\n');
    let trailing = text.len() - body.len();
    let is_writable = body.chars().all(|letter| letter == '\n' || is_printable(letter));
    let first = body.split('\n').find(|line| !line.is_empty())?;
    // Lines of blanks are read differently at the start and the end of a block.
    let has_edge = first.trim().is_empty()
        || body.rsplit('\n').next().is_none_or(|last| last.trim().is_empty())
        || first.starts_with('\t');
    if !is_writable || has_edge || trailing > 1 && !may_keep {
        return None;
    }
    let is_indented = first.starts_with(' ');
    if is_indented && !(1..=9).contains(&step) {
        return None;
    }
    let is_folded = is_folded && !body.split('\n').any(|line| line.starts_with([' ', '\t']));
    let mut header = String::from(if is_folded { ">" } else { "|" });
    if is_indented {
        header.push_str(&step.to_string());
    }
    header.push_str(match trailing {
        0 => "-",
        1 => "",
        _ => "+",
    });
    let mut lines: Vec<String> = Vec::new();
    let mut follows_text = false;
    for line in body.split('\n') {
        // The first line end after a text would be folded into a blank: it is written twice.
        if is_folded && follows_text {
            lines.push(String::new());
        }
        lines.push(line.to_owned());
        follows_text = !line.is_empty();
    }
    lines.extend((1..trailing).map(|_| String::new()));
    Some(Block { header, lines })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::render::padded;
    use crate::tree::{Node, SourceId, SourceText, read};

    fn read_back(text: &str) -> Option<String> {
        let tree = read(&SourceText::new(SourceId(0), "a.yml", text));
        if !tree.diagnostics.is_empty() {
            return None;
        }
        tree.root.as_ref().and_then(|root| root.get("a")).and_then(Node::text).map(str::to_owned)
    }

    const TEXTS: &[&str] = &[
        "plain",
        "",
        " lead",
        "trail ",
        "# hash",
        "a # b",
        "a#b",
        "*star",
        "- dash",
        "-",
        "-x",
        "?",
        "? x",
        ":",
        "a: b",
        "a:",
        "a:b",
        ": ",
        "yes",
        "0777",
        "1.10",
        "null",
        "~",
        "'",
        "\"",
        "a'b",
        "a\"b",
        "a\\b",
        "🚀 emoji",
        "tab\tin",
        "\ttab",
        "\u{1}",
        "\u{85}",
        "\u{feff}",
        "[a",
        "a]",
        "{a",
        "a, b",
        "${{ x }}",
        "$(x)",
        "##vso[task.complete]",
        "%x",
        "@x",
        "`x",
        "!x",
        "&x",
        "|",
        ">",
        "---",
        "--- a",
        "...",
        "a\nb",
        "a\n",
        "a\n\n",
        "\na",
        "\n",
        "\n\n",
        " a\nb",
        "a\n  b\n",
        "a\n\n\nb\n",
        "a\n \nb",
        "a \nb\n",
        "a\r\nb",
        "  \n",
        "a\n  ",
        "# c\nb\n",
        "- x\n- y\n",
        "é\nü",
        "<<",
        "=",
        "a\n\tb\n",
    ];

    #[test]
    fn every_text_reads_back() {
        for text in TEXTS {
            for style in [
                None,
                Some(ScalarStyle::Plain),
                Some(ScalarStyle::SingleQuoted),
                Some(ScalarStyle::DoubleQuoted),
            ] {
                for quote in [Quote::Single, Quote::Double] {
                    for in_flow in [false, true] {
                        let written =
                            on_one_line(text, style, quote, Spot { in_flow, is_key: false });
                        let file = if in_flow {
                            format!("x: {{a: {written}}}\n")
                        } else {
                            format!("a: {written}\n")
                        };
                        let tree = read(&SourceText::new(SourceId(0), "a.yml", &file));
                        let root = tree.root.as_ref();
                        let node = if in_flow { root.and_then(|root| root.get("x")) } else { root };
                        let found = node.and_then(|node| node.get("a"));
                        assert!(
                            tree.diagnostics.is_empty(),
                            "{file:?} is valid: {:?}",
                            tree.diagnostics
                        );
                        assert_eq!(found.and_then(Node::text), Some(*text), "{text:?} as {file:?}");
                        assert!(!found.is_some_and(Node::is_null), "{file:?} is a text");
                    }
                }
            }
        }
    }

    #[test]
    fn blocks_read_back() {
        for text in TEXTS {
            for is_folded in [false, true] {
                let Some(block) = as_block(text, is_folded, 2, true) else { continue };
                let lines: Vec<String> = block.lines.iter().map(|line| padded(2, line)).collect();
                let file = format!("a: {}\n{}\n", block.header, lines.join("\n"));
                assert_eq!(read_back(&file).as_deref(), Some(*text), "{text:?} as {file:?}");
            }
        }
    }

    #[test]
    fn what_a_careful_person_quotes() {
        let write = |text: &str| on_one_line(text, None, Quote::Single, Spot::default());
        for text in ["yes", "0777", "1.10", "010", "0x1f", "1e3", "+1", "1_000", ".5", "12:30"] {
            assert_eq!(write(text), format!("'{text}'"), "{text} is typed elsewhere");
        }
        for text in
            ["true", "5", "-5", "1.5", "0.1.2", "1.2.3", "2024-01-01", "ubuntu-24.04", "3.x", "0"]
        {
            assert_eq!(write(text), text, "{text} needs no quotes");
        }
    }
}
