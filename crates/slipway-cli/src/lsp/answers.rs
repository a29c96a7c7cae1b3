//! The requests, one by one.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use lsp_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, FoldingRangeRequest, GotoDefinition,
    HoverRequest, PrepareRenameRequest, References, Rename, Request as _,
};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOptions, CodeActionOrCommand, CodeActionParams,
    CodeActionProviderCapability, CompletionOptions, CompletionParams, DocumentSymbol,
    DocumentSymbolParams, FoldingRange, FoldingRangeKind, FoldingRangeParams,
    FoldingRangeProviderCapability, GotoDefinitionParams, Hover, HoverContents, HoverParams,
    HoverProviderCapability, Location, OneOf, ReferenceParams, RenameOptions, RenameParams,
    SaveOptions, ServerCapabilities, TextDocumentPositionParams, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, TextEdit, Uri,
    WorkspaceEdit,
};
use serde::Serialize;
use serde_json::Value;
use slipway_pipeline::assist::position::LineIndex;
use slipway_pipeline::assist::{self, OutlineItem};

use super::convert::{self, Text};
use super::documents::{Document, Documents};
use super::read;

/// What the server can do.
pub(super) fn abilities() -> ServerCapabilities {
    let triggers = ["$", "{", "[", "(", "'", ".", ":", " ", "-", "=", ";", "@"];
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions::default())),
            ..TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(triggers.map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: Default::default(),
        })),
        document_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

/// Answers a request; `None` for one that is not known.
pub(super) fn answer(
    documents: &mut Documents,
    method: &str,
    params: Value,
) -> Result<Option<Value>, String> {
    match method {
        Completion::METHOD => completions(documents, read(params)?),
        HoverRequest::METHOD => hover(documents, read(params)?),
        GotoDefinition::METHOD => definition(documents, read(params)?),
        References::METHOD => references(documents, read(params)?),
        PrepareRenameRequest::METHOD => prepare_rename(documents, &read(params)?),
        Rename::METHOD => rename(documents, read(params)?),
        DocumentSymbolRequest::METHOD => symbols(documents, &read(params)?),
        FoldingRangeRequest::METHOD => folding(documents, &read(params)?),
        CodeActionRequest::METHOD => code_actions(documents, &read(params)?),
        _ => return Ok(None),
    }
    .map(Some)
}

fn value(answer: impl Serialize) -> Result<Value, String> {
    serde_json::to_value(answer).map_err(|error| error.to_string())
}

/// The document that a request is about, and the byte.
fn place<'d>(
    documents: &'d mut Documents,
    at: &TextDocumentPositionParams,
) -> Result<(&'d Document, usize), String> {
    let document: &Document = documents.get(&at.text_document.uri)?;
    let offset = convert::offset(&document.text, &document.lines, at.position);
    Ok((document, offset))
}

fn text_of(document: &Document) -> Text<'_> {
    (&document.text, &document.lines)
}

fn completions(documents: &mut Documents, params: CompletionParams) -> Result<Value, String> {
    let takes_snippets = documents.takes_snippets;
    let (document, offset) = place(documents, &params.text_document_position)?;
    let found = assist::complete(&document.text, offset, &document.around());
    let items = found.into_iter().enumerate().map(|(number, found)| {
        convert::completion(text_of(document), takes_snippets, number, found)
    });
    value(items.collect::<Vec<_>>())
}

fn hover(documents: &mut Documents, params: HoverParams) -> Result<Value, String> {
    let (document, offset) = place(documents, &params.text_document_position_params)?;
    let found = assist::hover(&document.text, offset, &document.around());
    value(found.map(|found| Hover {
        range: Some(convert::range(text_of(document), &found.range)),
        contents: HoverContents::Markup(convert::markdown(found.text)),
    }))
}

fn definition(documents: &mut Documents, params: GotoDefinitionParams) -> Result<Value, String> {
    let (document, offset) = place(documents, &params.text_document_position_params)?;
    let found = assist::definition(&document.text, offset, &document.around());
    let location = found.and_then(|found| match (found.file, found.text) {
        (Some(file), Some(text)) => {
            let lines = LineIndex::new(&text);
            let range = convert::range((&text, &lines), &found.range);
            Some(Location { uri: convert::uri(Path::new(&file))?, range })
        }
        _ => Some(location(document, &found.range)),
    });
    value(location)
}

fn location(document: &Document, range: &Range<usize>) -> Location {
    Location { uri: document.uri.clone(), range: convert::range(text_of(document), range) }
}

fn references(documents: &mut Documents, params: ReferenceParams) -> Result<Value, String> {
    let (document, offset) = place(documents, &params.text_document_position)?;
    let found = assist::references(&document.text, offset);
    value(found.iter().map(|range| location(document, range)).collect::<Vec<_>>())
}

fn prepare_rename(
    documents: &mut Documents,
    params: &TextDocumentPositionParams,
) -> Result<Value, String> {
    let (document, offset) = place(documents, params)?;
    let range = assist::renamed_word(&document.text, offset)?;
    value(convert::range(text_of(document), &range))
}

fn rename(documents: &mut Documents, params: RenameParams) -> Result<Value, String> {
    let (document, offset) = place(documents, &params.text_document_position)?;
    let edits = assist::rename(&document.text, offset, &params.new_name)?;
    value(workspace_edit(document, edits))
}

// The protocol keys edits by address; the address is not changed meanwhile.
#[expect(clippy::mutable_key_type, reason = "the protocol's own shape")]
fn workspace_edit(document: &Document, edits: Vec<assist::TextEdit>) -> WorkspaceEdit {
    let edits = edits.into_iter().map(|edit| TextEdit {
        range: convert::range(text_of(document), &edit.range),
        new_text: edit.text,
    });
    let changes: HashMap<Uri, Vec<TextEdit>> = [(document.uri.clone(), edits.collect())].into();
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

fn symbols(documents: &mut Documents, params: &DocumentSymbolParams) -> Result<Value, String> {
    let document: &Document = documents.get(&params.text_document.uri)?;
    let found = assist::symbols(&document.text);
    value(found.into_iter().map(|item| symbol(document, item)).collect::<Vec<_>>())
}

/// As deep as the outline is: a section, a stage, a job, a step.
#[expect(deprecated, reason = "the shape still has the field")]
fn symbol(document: &Document, item: OutlineItem) -> DocumentSymbol {
    let children = item.children.into_iter().map(|child| symbol(document, child)).collect();
    DocumentSymbol {
        name: item.name,
        detail: Some(item.detail).filter(|detail| !detail.is_empty()),
        kind: convert::symbol_kind(item.kind),
        tags: None,
        deprecated: None,
        range: convert::range(text_of(document), &item.range),
        selection_range: convert::range(text_of(document), &item.selection),
        children: Some(children),
    }
}

fn folding(documents: &mut Documents, params: &FoldingRangeParams) -> Result<Value, String> {
    let document: &Document = documents.get(&params.text_document.uri)?;
    let number = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
    let found = assist::folding(&document.text).into_iter().map(|fold| FoldingRange {
        start_line: number(fold.first),
        end_line: number(fold.last),
        kind: fold.is_comment.then_some(FoldingRangeKind::Comment),
        ..FoldingRange::default()
    });
    value(found.collect::<Vec<_>>())
}

fn code_actions(documents: &mut Documents, params: &CodeActionParams) -> Result<Value, String> {
    let document = documents.get(&params.text_document.uri)?;
    let wanted = convert::bytes(&document.text, &document.lines, params.range);
    let found = document.look().to_vec();
    let document: &Document = document;
    let actions = assist::code_actions(&document.text, &found).into_iter().filter_map(|action| {
        let diagnostic = found.get(action.diagnostic)?;
        let is_touched = diagnostic.span.start <= wanted.end && wanted.start <= diagnostic.span.end;
        is_touched.then(|| {
            CodeActionOrCommand::CodeAction(CodeAction {
                title: action.title,
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![convert::diagnostic(text_of(document), diagnostic)]),
                edit: Some(workspace_edit(document, action.edits)),
                is_preferred: Some(true),
                ..CodeAction::default()
            })
        })
    });
    value(actions.collect::<Vec<_>>())
}
