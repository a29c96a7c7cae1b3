//! Any text with any edit: refused, or done so that the file still reads and undo gives it back.
//!
//! The bytes up to the first NUL choose the place and the edit; what follows is the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_pipeline::document::{Document, Edit, Path, Value};
use slipway_pipeline::tree::{Node, NodeValue, SourceId, SourceText, read};

const TEXTS: [&str; 12] = [
    "plain", "# hash", "*star", "- dash", "two\nlines\n", "\nleading", " blanks ", "${{ if a }}",
    "##vso[task.complete]", "yes", "a: b", "\u{1f6a2} \"it's\"",
];

fuzz_target!(|bytes: &[u8]| {
    let Some(cut) = bytes.iter().position(|byte| *byte == 0) else { return };
    let (choices, text) = (&bytes[..cut], &bytes[cut + 1..]);
    let (Ok(text), [kind, value, count, way @ ..]) = (std::str::from_utf8(text), choices) else { return };
    let tree = read(&SourceText::new(SourceId(0), "azure-pipelines.yml", text));
    let Some(root) = tree.root else { return };
    let Ok(path) = Path::parse(&walk(&root, way)) else { return };
    let value_text = TEXTS[usize::from(*value) % TEXTS.len()];
    let value = Value::from(value_text);
    let index = usize::from(*count) % 4;
    let edit = match kind % 8 {
        0 => Edit::Set { path, value },
        1 => Edit::Remove { path },
        2 => Edit::RenameKey { path, to: value_text.to_owned() },
        3 => Edit::Duplicate { path },
        4 => Edit::Move { path, to: None, index },
        5 => Edit::InsertItem { path, index: Some(index), value },
        6 => Edit::InsertEntry { path, index: Some(index), key: value_text.to_owned(), value },
        _ => Edit::Wrap { path, index, count: 1, directive: "if eq(1, 1)".to_owned() },
    };
    let Ok(applied) = Document::new(text).apply(&edit) else { return };
    let after = applied.document.text();
    let again = read(&SourceText::new(SourceId(0), "azure-pipelines.yml", after));
    assert!(
        again.diagnostics.iter().all(|at| at.code == "duplicate_key"),
        "what was accepted still reads: {edit:?}"
    );
    let Ok(undone) = applied.document.apply(&applied.inverse) else { panic!("undo of {edit:?}") };
    assert_eq!(undone.document.text(), text, "undo gives the file back");
});

/// A path down the tree, by the bytes.
fn walk(root: &Node, way: &[u8]) -> String {
    let mut path = String::new();
    let mut node = root;
    for step in way.iter().take(12) {
        let children: Vec<&Node> = match &node.value {
            NodeValue::Scalar(_) => break,
            NodeValue::Sequence(items) => items.iter().collect(),
            NodeValue::Mapping(entries) => entries.iter().map(|entry| &entry.value).collect(),
        };
        if children.is_empty() {
            break;
        }
        let at = usize::from(*step) % children.len();
        let mark = if matches!(node.value, NodeValue::Mapping(_)) { "#" } else { "" };
        path.push_str(&format!("/{mark}{at}"));
        node = children[at];
    }
    path
}
