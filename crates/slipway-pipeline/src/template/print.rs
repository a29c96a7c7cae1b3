//! Prints an expanded tree as YAML: what the service offers as the full YAML of a run.
//!
//! Two blanks a level, lists at the column of their key, texts of several lines as literal blocks.
//! A scalar keeps its quotes; what came out of an expression gets quotes only where it would not be
//! read as the same text. Reading the print gives the same tree.

use std::fmt::Write;

use crate::tree::{Entry, MAX_DEPTH, Node, NodeValue, Scalar, ScalarStyle};

// YAML takes no longer key before a colon; one that is gets a line of its own.
const LONGEST_KEY: usize = 1000;

/// The text of a tree, ending in a line feed.
pub fn expanded_yaml(root: &Node) -> String {
    let mut out = String::new();
    match &root.value {
        NodeValue::Mapping(entries) if !entries.is_empty() => mapping(entries, 0, &mut out),
        NodeValue::Sequence(items) if !items.is_empty() => sequence(items, 0, &mut out),
        _ => {
            value(root, 0, &mut out);
            let text = out.trim_start_matches(' ').to_owned();
            out = text;
        }
    }
    out
}

fn indent(level: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", level));
}

fn mapping(entries: &[Entry], level: usize, out: &mut String) {
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 || !out.ends_with("- ") {
            indent(level, out);
        }
        let key = inline(&entry.key, true);
        if key.len() > LONGEST_KEY {
            out.push_str("? ");
            out.push_str(&key);
            out.push('\n');
            indent(level, out);
        } else {
            out.push_str(&key);
        }
        out.push(':');
        value(&entry.value, level, out);
    }
}

fn sequence(items: &[Node], level: usize, out: &mut String) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 || !out.ends_with("- ") {
            indent(level, out);
        }
        out.push('-');
        match &item.value {
            // The first key, or the first item, stands right after the dash.
            NodeValue::Mapping(entries) if !entries.is_empty() && level < MAX_DEPTH => {
                out.push(' ');
                mapping(entries, level + 1, out);
            }
            NodeValue::Sequence(items) if !items.is_empty() && level < MAX_DEPTH => {
                out.push(' ');
                sequence(items, level + 1, out);
            }
            _ => value(item, level, out),
        }
    }
}

/// What stands after `key:` or `-`, up to and with the end of the line.
fn value(node: &Node, level: usize, out: &mut String) {
    match &node.value {
        NodeValue::Mapping(entries) if !entries.is_empty() && level < MAX_DEPTH => {
            out.push('\n');
            mapping(entries, level + 1, out);
        }
        NodeValue::Sequence(items) if !items.is_empty() && level < MAX_DEPTH => {
            out.push('\n');
            sequence(items, level, out);
        }
        NodeValue::Mapping(_) => out.push_str(" {}\n"),
        NodeValue::Sequence(_) => out.push_str(" []\n"),
        NodeValue::Scalar(scalar) if is_block(scalar) => block(&scalar.text, level + 1, out),
        NodeValue::Scalar(scalar) => {
            let text = inline(scalar, false);
            if !text.is_empty() {
                out.push(' ');
                out.push_str(&text);
            }
            out.push('\n');
        }
    }
}

/// True for a text that can be, and had better be, a literal block.
fn is_block(scalar: &Scalar) -> bool {
    let text = scalar.as_str();
    let is_written_so = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
    let is_readable = text.chars().all(|letter| letter == '\n' || is_printable(letter));
    let has_text = text.lines().any(|line| !line.trim_matches(' ').is_empty());
    (text.contains('\n') || is_written_so) && is_readable && has_text
}

fn is_printable(letter: char) -> bool {
    // Line separators end a line for some readers; a mark at the front is taken for another thing.
    !letter.is_control() && !matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
        || letter == '\t'
}

fn block(text: &str, level: usize, out: &mut String) {
    out.push_str(" |");
    // Without a number, blanks of the first line would count as indentation.
    let first = text.split('\n').find(|line| !line.is_empty()).unwrap_or_default();
    if first.starts_with([' ', '\t']) || text.starts_with('\n') {
        out.push('2');
    }
    let body = text.trim_end_matches('\n');
    match text.len() - body.len() {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    out.push('\n');
    for line in body.split('\n') {
        if !line.is_empty() {
            indent(level, out);
            out.push_str(line);
        }
        out.push('\n');
    }
    out.extend(std::iter::repeat_n('\n', (text.len() - body.len()).saturating_sub(1)));
}

/// A scalar on one line.
fn inline(scalar: &Scalar, is_key: bool) -> String {
    let text = scalar.as_str();
    if scalar.is_null() && !is_key {
        // The parser calls a value that is not there `~`.
        return if text == "~" { String::new() } else { text.to_owned() };
    }
    let is_one_line = text.chars().all(is_printable);
    let wants_quotes =
        matches!(scalar.style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    if is_one_line && !wants_quotes && is_plain(text, scalar.style) {
        text.to_owned()
    } else if is_one_line && scalar.style != ScalarStyle::DoubleQuoted {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

/// True when a text can stand without quotes and is read as the same text.
fn is_plain(text: &str, style: ScalarStyle) -> bool {
    let would_be_null = matches!(text, "" | "~" | "null" | "Null" | "NULL");
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
        return false;
    };
    let is_indicator = match first {
        '-' | '?' | ':' => text[1..].chars().next().is_none_or(char::is_whitespace),
        ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
        | '@' | '`' => true,
        _ => false,
    };
    !(is_indicator
        || (would_be_null && style != ScalarStyle::Plain)
        || first.is_whitespace()
        || last.is_whitespace()
        || last == ':'
        || text.contains(": ")
        || text.contains(":\t")
        || text.contains(" #")
        || text.contains("\t#")
        || text.starts_with("---")
        || text.starts_with("..."))
}

fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            letter if is_printable(letter) => out.push(letter),
            letter if u32::from(letter) <= 0xffff => {
                // Writing into a text cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            letter => {
                let _ = write!(out, "\\U{:08x}", u32::from(letter));
            }
        }
    }
    out.push('"');
    out
}
