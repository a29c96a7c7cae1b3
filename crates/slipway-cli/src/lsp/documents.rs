//! The texts that the editor has open, and what there is to say about them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, PublishDiagnosticsParams, Uri,
};
use serde_json::Value;
use slipway_api::{DiskFiles, House, Repositories, WorkingTree};
use slipway_pipeline::LoadRequest;
use slipway_pipeline::assist::is_template;
use slipway_pipeline::assist::position::LineIndex;
use slipway_pipeline::diagnostic::{Diagnostic, Severity};

use super::convert;
use crate::print;

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
    house: House,
}

/// Finds the folders of the repositories that a file names.
pub(super) type FindRepositories = Box<dyn Fn(&Path) -> Repositories>;

/// All open texts, by their address.
pub(super) struct Documents {
    open: BTreeMap<String, Document>,
    data_dir: Option<PathBuf>,
    house: House,
    /// The editor knows snippets.
    pub(super) takes_snippets: bool,
    find: FindRepositories,
}

impl Documents {
    /// For an editor that has introduced itself.
    pub(super) fn new(greeting: &Value, data_dir: Option<PathBuf>) -> Self {
        let pointer = "/capabilities/textDocument/completion/completionItem/snippetSupport";
        let takes_snippets = greeting.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let house = house(data_dir.as_deref());
        let find: FindRepositories = Box::new(|_| Repositories::default());
        Self { open: BTreeMap::new(), data_dir, house, takes_snippets, find }
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
            house: self.house.clone(),
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
        // So may a folder of tasks that was added meanwhile.
        self.house = house(self.data_dir.as_deref());
        for document in self.open.values_mut() {
            document.has_changed = true;
            document.found = None;
            document.house = self.house.clone();
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
        let tree = WorkingTree::of(&path).with_tasks(self.house.tasks());
        tree.with_repositories(&self.text, &self.repositories)
    }

    /// What there is to say about the text.
    pub(super) fn look(&mut self) -> &[Diagnostic] {
        let path = convert::path(&self.uri).unwrap_or_default();
        let (text, house, repositories) = (&self.text, &self.house, &self.repositories);
        let found = || diagnostics(&path, text, house, repositories.clone());
        self.found.get_or_insert_with(found)
    }
}

/// A pipeline is checked whole; a template only as YAML, for what it comes to depends on its caller.
fn diagnostics(
    path: &Path,
    text: &str,
    house: &House,
    repositories: Repositories,
) -> Vec<Diagnostic> {
    let (files, name) = DiskFiles::around(path, repositories);
    const OF_YAML: [&str; 5] = [
        "yaml_syntax",
        "duplicate_key",
        "anchor_not_supported",
        "unexpected_tag",
        "limit_exceeded",
    ];
    let mut found = house.check((&name, text), &LoadRequest::default(), &files, true);
    // A file may be meant for another machine: what cannot run here is a note, not a mistake.
    for one in found.iter_mut().filter(|one| one.code == "not_supported_yet") {
        one.severity = Severity::Information;
    }
    found.retain(|it| it.file == name);
    if is_template(&name, text) {
        found.retain(|it| OF_YAML.contains(&it.code.as_str()));
    }
    found
}

/// What the data folder knows; the editor goes on without it.
fn house(data_dir: Option<&Path>) -> House {
    let Some(folder) = data_dir else { return House::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let read = runtime
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(House::read(folder)).map_err(|error| error.message));
    read.unwrap_or_else(|error| {
        print::line_error(&format!("slipway lsp: without added tasks and chosen pools: {error}"));
        House::default()
    })
}
