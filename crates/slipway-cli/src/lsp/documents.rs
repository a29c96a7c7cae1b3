//! The texts that the editor has open, and what there is to say about them.

use std::collections::BTreeMap;
use std::path::Path;

use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, PublishDiagnosticsParams, Uri,
};
use serde_json::Value;
use slipway_api::{DiskFiles, Repositories, WorkingTree};
use slipway_pipeline::assist::is_template;
use slipway_pipeline::assist::position::LineIndex;
use slipway_pipeline::catalog::Known;
use slipway_pipeline::diagnostic::Diagnostic;
use slipway_pipeline::{LoadRequest, load};

use super::convert;

/// Longer texts are not followed.
const MAX_BYTES: usize = 20 * 1024 * 1024;

/// A text.
pub(super) struct Document {
    pub(super) uri: Uri,
    pub(super) text: String,
    pub(super) lines: LineIndex,
    version: i32,
    /// What was found in this text; none until it is checked.
    found: Option<Vec<Diagnostic>>,
    has_changed: bool,
    repositories: Repositories,
}

/// Finds the folders of the repositories that a file names.
pub(super) type FindRepositories = Box<dyn Fn(&Path) -> Repositories>;

/// All open texts, by their address.
pub(super) struct Documents {
    open: BTreeMap<String, Document>,
    /// The editor knows snippets.
    pub(super) takes_snippets: bool,
    find: FindRepositories,
}

impl Documents {
    /// For an editor that has introduced itself.
    pub(super) fn new(greeting: &Value) -> Self {
        let pointer = "/capabilities/textDocument/completion/completionItem/snippetSupport";
        let takes_snippets = greeting.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        Self { open: BTreeMap::new(), takes_snippets, find: Box::new(|_| Repositories::default()) }
    }

    /// The same, with other repositories than none.
    pub(super) fn with_repositories(self, find: FindRepositories) -> Self {
        Self { find, ..self }
    }

    pub(super) fn open(&mut self, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        let path = convert::path(&item.uri).unwrap_or_default();
        let document = Document {
            repositories: (self.find)(&path),
            lines: LineIndex::new(&item.text),
            text: item.text,
            version: item.version,
            found: None,
            has_changed: true,
            uri: item.uri,
        };
        self.open.insert(document.uri.as_str().to_owned(), document);
    }

    /// Puts changes in, each into what the one before has left.
    pub(super) fn change(&mut self, params: DidChangeTextDocumentParams) {
        let Some(document) = self.open.get_mut(params.text_document.uri.as_str()) else { return };
        for change in params.content_changes {
            let range = match change.range {
                None => 0..document.text.len(),
                Some(range) => convert::bytes(&document.text, &document.lines, range),
            };
            if document.text.len() - range.len() + change.text.len() > MAX_BYTES {
                continue;
            }
            document.text.replace_range(range, &change.text);
            document.lines = LineIndex::new(&document.text);
        }
        document.version = params.text_document.version;
        document.has_changed = true;
        document.found = None;
    }

    /// A saved template may change what is said about the files that use it.
    pub(super) fn save(&mut self, _params: &DidSaveTextDocumentParams) {
        for document in self.open.values_mut() {
            document.has_changed = true;
            document.found = None;
        }
    }

    /// Forgets a text; what the editor shows about it goes.
    pub(super) fn close(
        &mut self,
        params: &DidCloseTextDocumentParams,
    ) -> Option<PublishDiagnosticsParams> {
        let document = self.open.remove(params.text_document.uri.as_str())?;
        Some(PublishDiagnosticsParams { uri: document.uri, diagnostics: Vec::new(), version: None })
    }

    pub(super) fn has_changed(&self) -> bool {
        self.open.values().any(|document| document.has_changed)
    }

    /// Checks the texts that have changed.
    pub(super) fn check(&mut self) -> Vec<PublishDiagnosticsParams> {
        let changed = self.open.values_mut().filter(|document| document.has_changed);
        let params = changed.map(|document| {
            document.has_changed = false;
            document.look();
            let found = document.found.as_deref().unwrap_or_default();
            let text = (document.text.as_str(), &document.lines);
            PublishDiagnosticsParams {
                diagnostics: found.iter().map(|it| convert::diagnostic(text, it)).collect(),
                uri: document.uri.clone(),
                version: Some(document.version),
            }
        });
        params.collect()
    }

    pub(super) fn get(&mut self, uri: &Uri) -> Result<&mut Document, String> {
        let missing = || format!("{} is not open.", uri.as_str());
        self.open.get_mut(uri.as_str()).ok_or_else(missing)
    }
}

impl Document {
    /// What is around the file.
    pub(super) fn around(&self) -> WorkingTree {
        let path = convert::path(&self.uri).unwrap_or_else(|| "azure-pipelines.yml".into());
        WorkingTree::of(&path).with_repositories(&self.text, &self.repositories)
    }

    /// What there is to say about the text.
    pub(super) fn look(&mut self) -> &[Diagnostic] {
        let path = convert::path(&self.uri).unwrap_or_default();
        let (text, repositories) = (&self.text, &self.repositories);
        self.found.get_or_insert_with(|| diagnostics(&path, text, repositories.clone()))
    }
}

/// A pipeline is checked whole; a template only as YAML, for what it comes to depends on its caller.
fn diagnostics(path: &Path, text: &str, repositories: Repositories) -> Vec<Diagnostic> {
    let (files, name) = DiskFiles::around(path, repositories);
    const OF_YAML: [&str; 5] = [
        "yaml_syntax",
        "duplicate_key",
        "anchor_not_supported",
        "unexpected_tag",
        "limit_exceeded",
    ];
    let mut found = load(&name, text, &LoadRequest::default(), &files, &Known).diagnostics;
    found.retain(|it| it.file == name);
    if is_template(&name, text) {
        found.retain(|it| OF_YAML.contains(&it.code.as_str()));
    }
    found
}
