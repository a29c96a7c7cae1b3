//! Any bytes as a file: an answer, places that lie in the text, no panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_pipeline::tree::{SourceId, SourceText, read};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let source = SourceText::new(SourceId(0), "azure-pipelines.yml", text);
    let tree = read(&source);
    for diagnostic in &tree.diagnostics {
        assert!(diagnostic.span.start <= diagnostic.span.end);
        assert!(diagnostic.span.end <= text.len(), "a place lies in the text");
    }
    assert!(
        tree.root.is_some() || !tree.diagnostics.is_empty() || is_blank(text),
        "a tree, or what is wrong"
    );
});

/// A text of blanks, comments and markers has no root and nothing wrong with it.
fn is_blank(text: &str) -> bool {
    text.replace('\u{feff}', "").lines().all(|line| {
        let line = line.trim();
        line.is_empty() || line.starts_with('#') || line.starts_with("---") || line.starts_with("...")
    })
}
