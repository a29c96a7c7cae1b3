//! `slipway pipeline edit`: edits and gestures as JSON, applied to a file, shown as a difference or
//! written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use slipway_api::error::ApiError;
use slipway_core::ErrorKind;
use slipway_pipeline::document::{Document, Edit, Gesture, diff, perform};

use super::input::read;
use crate::print;

/// What `pipeline edit` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct EditArguments {
    /// The file, - for standard input.
    #[arg(default_value = "azure-pipelines.yml", value_name = "FILE")]
    file: PathBuf,
    /// An edit or gesture as JSON; repeat for more. They are applied in order, all or none. An edit
    /// is an object such as {"edit":"renameJob","job":"A","to":"B"}; a gesture is what the canvas
    /// does, such as {"gesture":"move","nodes":["/jobs/1"],"into":"","before":"/jobs/0"}.
    #[arg(long = "edit", short = 'e', value_name = "JSON")]
    edits: Vec<String>,
    /// A file with one edit or gesture, or a list of them, as JSON.
    #[arg(long, value_name = "FILE")]
    edits_from: Option<PathBuf>,
    /// Show what changes and write nothing.
    #[arg(long, conflicts_with = "write")]
    diff: bool,
    /// Write the file in place; else the result goes to standard output.
    #[arg(long)]
    write: bool,
}

/// Applies the edits.
pub(crate) fn execute(arguments: &EditArguments) -> Result<ExitCode, ApiError> {
    let text = read(&arguments.file)?;
    let edits = edits(arguments)?;
    let mut document = Document::new(text.as_str());
    for (position, edit) in edits.iter().enumerate() {
        document = match perform(document.text(), edit) {
            Ok(made) => made.document,
            Err(error) => {
                let mut refused = ApiError::from(error);
                refused.message =
                    format!("Edit {} of {}: {}", position + 1, edits.len(), refused.message);
                print::error(&refused);
                return Ok(ExitCode::from(1));
            }
        };
    }
    if arguments.diff {
        print::text(&diff(&text, document.text()));
    } else if arguments.write && arguments.file != Path::new("-") {
        write(&arguments.file, document.text())?;
    } else {
        print::text(document.print());
    }
    Ok(ExitCode::SUCCESS)
}

fn edits(arguments: &EditArguments) -> Result<Vec<Gesture>, ApiError> {
    let mut edits = Vec::new();
    if let Some(path) = &arguments.edits_from {
        edits.extend(parse(&path.display().to_string(), &read(path)?)?);
    }
    for text in &arguments.edits {
        edits.extend(parse("--edit", text)?);
    }
    if edits.is_empty() {
        let message = "There is no edit to apply.".to_owned();
        return Err(ApiError::new(ErrorKind::UserInput, "no_edit", message)
            .with_hint("Give --edit JSON or --edits-from FILE."));
    }
    Ok(edits)
}

/// One edit or gesture, or a list of them.
fn parse(origin: &str, text: &str) -> Result<Vec<Gesture>, ApiError> {
    let wrong = |error: serde_json::Error| {
        let message = format!("The edit in {origin} cannot be read: {error}.");
        ApiError::new(ErrorKind::UserInput, "bad_edit", message)
    };
    let value: serde_json::Value = serde_json::from_str(text).map_err(wrong)?;
    let list = match value {
        serde_json::Value::Array(list) => list,
        one => vec![one],
    };
    let read = list.into_iter().map(|one| match one.get("gesture") {
        Some(_) => serde_json::from_value(one),
        None => serde_json::from_value(one).map(|edit: Edit| Gesture::Edit { edit }),
    });
    read.collect::<Result<_, _>>().map_err(wrong)
}

/// Written beside and moved over, so that a crash leaves the old or the new file and no half.
fn write(path: &Path, text: &str) -> Result<(), ApiError> {
    let beside = path.with_extension("yml.slipway-new");
    std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path)).map_err(|error| {
        let message = format!("{} cannot be written: {error}.", path.display());
        ApiError::new(ErrorKind::Unavailable, "file_write", message)
            .with_hint("Check the folder's permissions and the free space.")
    })
}
