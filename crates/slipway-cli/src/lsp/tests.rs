//! A conversation in memory; `tests/lsp.rs` has the same with the program itself.

use lsp_types::{Position, TextDocumentContentChangeEvent, Uri};
use serde_json::{Value, json};

use super::answers::answer;
use super::convert;
use super::documents::Documents;

const ADDRESS: &str = "file:///tmp/a%20b/azure-pipelines.yml";

fn opened(text: &str) -> Documents {
    let mut documents = Documents::new(&json!({}), None);
    let item = json!({ "textDocument": { "uri": ADDRESS, "languageId": "yaml", "version": 1, "text": text } });
    documents.open(serde_json::from_value(item).unwrap());
    documents
}

fn asked(documents: &mut Documents, method: &str, line: u32, character: u32) -> Value {
    let params = json!({
        "textDocument": { "uri": ADDRESS },
        "position": { "line": line, "character": character },
        "context": { "includeDeclaration": true, "triggerKind": 1 },
        "newName": "Next"
    });
    answer(documents, method, params).unwrap().expect("the method is known")
}

#[test]
fn addresses_and_paths_are_turned_into_each_other() {
    let uri: Uri = ADDRESS.parse().unwrap();
    let path = convert::path(&uri).unwrap();
    assert_eq!(path.to_str(), Some("/tmp/a b/azure-pipelines.yml"), "a blank is escaped");
    assert_eq!(convert::uri(&path).unwrap().as_str(), ADDRESS, "and back");
    assert!(convert::path(&"untitled:x".parse().unwrap()).is_none(), "no file");
}

#[test]
fn changes_are_put_in_one_after_the_other() {
    let mut documents = opened("steps:\n- script: \u{1f600}x\n");
    let change = |line, from, to, text: &str| TextDocumentContentChangeEvent {
        range: Some(lsp_types::Range {
            start: Position { line, character: from },
            end: Position { line, character: to },
        }),
        range_length: None,
        text: text.to_owned(),
    };
    let params = lsp_types::DidChangeTextDocumentParams {
        text_document: lsp_types::VersionedTextDocumentIdentifier {
            uri: ADDRESS.parse().unwrap(),
            version: 2,
        },
        content_changes: vec![
            change(1, 12, 13, "yz"),
            change(1, 2, 8, "bash"),
            change(9, 0, 0, "!"),
        ],
    };
    documents.change(params);
    let text = &documents.get(&ADDRESS.parse().unwrap()).unwrap().text;
    assert_eq!(text, "steps:\n- bash: \u{1f600}yz\n!", "columns are UTF-16, too far is the end");
}

#[test]
fn every_request_is_answered() {
    let text = "stages:\n- stage: A\n  jobs:\n  - job: J\n    steps:\n    - script: x\n- stage: B\n  dependsOn: A\n  job: []\n";
    let mut documents = opened(text);
    let found = asked(&mut documents, "textDocument/completion", 7, 13);
    assert_eq!(found[0]["label"], "A", "a stage to depend on: {found}");
    let found = asked(&mut documents, "textDocument/hover", 7, 4);
    assert!(found["contents"]["value"].as_str().is_some(), "words about a key: {found}");
    let found = asked(&mut documents, "textDocument/definition", 7, 13);
    assert_eq!(found["range"]["start"], json!({ "line": 1, "character": 9 }), "the stage: {found}");
    let found = asked(&mut documents, "textDocument/references", 1, 9);
    assert_eq!(found.as_array().map(Vec::len), Some(2), "two places: {found}");
    let found = asked(&mut documents, "textDocument/rename", 1, 9);
    assert_eq!(found["changes"][ADDRESS].as_array().map(Vec::len), Some(2), "two edits: {found}");
    let found = asked(&mut documents, "textDocument/documentSymbol", 0, 0);
    assert_eq!(found[0]["children"][0]["name"], "A", "a stage in its section: {found}");
    let found = asked(&mut documents, "textDocument/foldingRange", 0, 0);
    assert!(found.as_array().is_some_and(|folds| !folds.is_empty()), "folds: {found}");
    let checked = documents.check();
    assert_eq!(checked[0].version, Some(1), "diagnostics are about a version");
    assert!(!checked[0].diagnostics.is_empty(), "job is no key of a stage");
    let params = json!({
        "textDocument": { "uri": ADDRESS },
        "range": { "start": { "line": 8, "character": 2 }, "end": { "line": 8, "character": 3 } },
        "context": { "diagnostics": [] }
    });
    let found = answer(&mut documents, "textDocument/codeAction", params).unwrap().unwrap();
    assert_eq!(found[0]["title"], "Change to 'jobs'", "the slip can be put right: {found}");
    assert!(answer(&mut documents, "textDocument/nope", json!({})).unwrap().is_none(), "unknown");
    assert!(answer(&mut documents, "textDocument/hover", json!(3)).is_err(), "no parameters");
}
