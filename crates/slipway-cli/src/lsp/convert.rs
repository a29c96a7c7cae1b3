//! Between the protocol's shapes and ours: places, addresses, diagnostics, completions.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, DiagnosticSeverity, Documentation,
    InsertTextFormat, InsertTextMode, MarkupContent, MarkupKind, NumberOrString, Position,
    TextEdit, Uri,
};
use slipway_pipeline::assist::position::{LineIndex, Position as Place};
use slipway_pipeline::assist::{Completion, CompletionKind, OutlineKind};
use slipway_pipeline::diagnostic::{Diagnostic, Severity};

/// A text with its lines counted.
pub(super) type Text<'t> = (&'t str, &'t LineIndex);

/// The bytes of a range.
pub(super) fn bytes(text: &str, lines: &LineIndex, range: lsp_types::Range) -> Range<usize> {
    let start = offset(text, lines, range.start);
    start..offset(text, lines, range.end).max(start)
}

/// The byte of a position.
pub(super) fn offset(text: &str, lines: &LineIndex, position: Position) -> usize {
    lines.offset(text, Place { line: position.line, character: position.character })
}

/// The range of some bytes.
pub(super) fn range((text, lines): Text<'_>, bytes: &Range<usize>) -> lsp_types::Range {
    let position = |offset| {
        let place = lines.position(text, offset);
        Position { line: place.line, character: place.character }
    };
    lsp_types::Range { start: position(bytes.start), end: position(bytes.end) }
}

/// A diagnostic; its hint is a line of its own.
pub(super) fn diagnostic(text: Text<'_>, found: &Diagnostic) -> lsp_types::Diagnostic {
    let message = match &found.hint {
        Some(hint) => format!("{}\n{hint}", found.message),
        None => found.message.clone(),
    };
    lsp_types::Diagnostic {
        range: range(text, &(found.span.start..found.span.end)),
        severity: Some(match found.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Information => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(found.code.clone())),
        source: Some("slipway".to_owned()),
        message,
        ..lsp_types::Diagnostic::default()
    }
}

/// A completion; `number` keeps the order.
pub(super) fn completion(
    text: Text<'_>,
    takes_snippets: bool,
    number: usize,
    found: Completion,
) -> CompletionItem {
    let insert = if takes_snippets { found.insert } else { plain(&found.insert) };
    CompletionItem {
        kind: Some(kind(found.kind)),
        detail: Some(found.detail).filter(|detail| !detail.is_empty()),
        documentation: Some(found.documentation)
            .filter(|words| !words.is_empty())
            .map(|words| Documentation::MarkupContent(markdown(words))),
        sort_text: Some(format!("{number:05}")),
        filter_text: Some(found.label.clone()),
        insert_text_format: Some(match takes_snippets {
            true => InsertTextFormat::SNIPPET,
            false => InsertTextFormat::PLAIN_TEXT,
        }),
        insert_text_mode: Some(InsertTextMode::ADJUST_INDENTATION),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: range(text, &found.replace),
            new_text: insert,
        })),
        label: found.label,
        ..CompletionItem::default()
    }
}

/// Words as Markdown.
pub(super) fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}

fn kind(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Key => CompletionItemKind::PROPERTY,
        CompletionKind::Word => CompletionItemKind::VALUE,
        CompletionKind::Task => CompletionItemKind::CLASS,
        CompletionKind::Input => CompletionItemKind::FIELD,
        CompletionKind::Variable => CompletionItemKind::VARIABLE,
        CompletionKind::Parameter => CompletionItemKind::TYPE_PARAMETER,
        CompletionKind::Function => CompletionItemKind::FUNCTION,
        CompletionKind::Name => CompletionItemKind::REFERENCE,
        CompletionKind::File => CompletionItemKind::FILE,
        CompletionKind::Command => CompletionItemKind::EVENT,
        CompletionKind::Snippet => CompletionItemKind::SNIPPET,
    }
}

/// What a part of the outline is.
pub(super) fn symbol_kind(kind: OutlineKind) -> lsp_types::SymbolKind {
    match kind {
        OutlineKind::Section => lsp_types::SymbolKind::NAMESPACE,
        OutlineKind::Stage => lsp_types::SymbolKind::MODULE,
        OutlineKind::Job => lsp_types::SymbolKind::CLASS,
        OutlineKind::Step => lsp_types::SymbolKind::METHOD,
        OutlineKind::Template => lsp_types::SymbolKind::FILE,
        OutlineKind::Variable => lsp_types::SymbolKind::VARIABLE,
        OutlineKind::Parameter => lsp_types::SymbolKind::TYPE_PARAMETER,
        OutlineKind::Resource => lsp_types::SymbolKind::OBJECT,
    }
}

/// A snippet without its placeholders.
fn plain(snippet: &str) -> String {
    let mut out = String::with_capacity(snippet.len());
    let mut letters = snippet.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => out.extend(letters.next()),
            '$' if letters.peek() == Some(&'{') => {
                let inside: String =
                    letters.by_ref().skip(1).take_while(|next| *next != '}').collect();
                let words = inside.trim_start_matches(|next: char| next.is_ascii_digit());
                let words = words.trim_start_matches([':', '|']).trim_end_matches('|');
                out.push_str(words.split(',').next().unwrap_or_default());
            }
            '$' => while letters.next_if(char::is_ascii_digit).is_some() {},
            letter => out.push(letter),
        }
    }
    out
}

/// The path of a `file:` address.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let rest = &rest[rest.find('/')?..];
    let mut bytes = Vec::with_capacity(rest.len());
    let mut at = 0;
    while at < rest.len() {
        let code = rest.get(at + 1..at + 3).and_then(|code| u8::from_str_radix(code, 16).ok());
        match (rest.as_bytes()[at], code) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                at += 3;
            }
            (byte, _) => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    // `/C:/x` is `C:/x`.
    let has_drive = text.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if has_drive { &text[1..] } else { &text }))
}

/// The address of a path.
pub(super) fn uri(path: &Path) -> Option<Uri> {
    let text = path.to_str()?.replace('\\', "/");
    let mut out = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' | b':' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri::from_str(&out).ok()
}
