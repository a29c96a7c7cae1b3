//! Folders of kind `edits`: `azure-pipelines.yml`, the edits in `edits.json`, and the file that comes
//! out of them in `after.yml`, byte for byte. Undoing them leads back.

use slipway_pipeline::document::{Document, Edit};

use crate::conformance::{Case, same};

/// Runs one folder.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    case.has_nothing_of_its_own()?;
    let before = case.text("azure-pipelines.yml")?;
    let edits: Vec<Edit> = serde_json::from_str(&case.text("edits.json")?)
        .map_err(|error| format!("edits.json: {error}"))?;
    if edits.is_empty() {
        return Err("the case is empty: edits.json has no edit".to_owned());
    }
    let mut document = Document::new(before.as_str());
    let mut undo = Vec::new();
    for edit in &edits {
        let applied = document.apply(edit).map_err(|error| format!("{edit:?}: {error}"))?;
        document = applied.document;
        undo.push(applied.inverse);
    }
    if std::env::var_os("SLIPWAY_WRITE_EDITS").is_some() {
        let file = case.folder.join("after.yml");
        std::fs::write(file, document.text()).map_err(|error| error.to_string())?;
    }
    same("the file", &document.text(), &case.text("after.yml")?.as_str())?;
    for edit in undo.iter().rev() {
        document = document.apply(edit).map_err(|error| format!("undo: {error}"))?.document;
    }
    same("the file, undone", &document.text(), &before.as_str())
}
