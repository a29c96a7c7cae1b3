//! The bundled sample project: a real git repository made in the data folder, with one pending change
//! and one work item that the change is about.

use std::path::Path;

use rust_embed::RustEmbed;
use slipway_core::ErrorKind;
use slipway_git::{Repository, Signature};

use crate::error::ApiError;

#[derive(RustEmbed)]
#[folder = "../../samples/tideline"]
struct Base;

#[derive(RustEmbed)]
#[folder = "../../samples/tideline-change"]
struct Change;

/// The sample's name.
pub(crate) const NAME: &str = "Tideline";

/// Title of the work item that the pending change is about.
pub(crate) const ITEM_TITLE: &str = "Show the vessel's name on the departures board";

/// Its description.
pub(crate) const ITEM_TEXT: &str = "Passengers ask which ferry to look for. The line on top of the board names \
    the route and the time; it should name the vessel as well.";

/// Message of the pending change; `AB#1` links the work item.
pub(crate) const CHANGE_MESSAGE: &str = "Show the vessel on the board. Fixes AB#1";

/// Author of the sample's commits where git knows none.
pub(crate) fn author() -> Signature {
    Signature { name: "Slipway Sample".to_owned(), email: "sample@slipway.invalid".to_owned() }
}

/// Makes the repository if it is not there, and returns without touching it if it is.
pub(crate) fn ensure(path: &Path) -> Result<(), ApiError> {
    if path.join(".git").exists() {
        return Ok(());
    }
    write_all::<Base>(path)?;
    let repository = Repository::init(path, "main")?;
    repository.stage_all()?;
    repository.commit_staged("Departures board of the harbour", &author())?;
    write_all::<Change>(path)
}

fn write_all<T: RustEmbed>(path: &Path) -> Result<(), ApiError> {
    for name in T::iter() {
        let Some(file) = T::get(&name) else { continue };
        let target = path.join(name.as_ref());
        let written = target
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(&target, file.data.as_ref()));
        written.map_err(|error| {
            ApiError::new(
                ErrorKind::Unavailable,
                "sample_write",
                format!("The sample's file {} cannot be written: {error}.", target.display()),
            )
            .with_hint("Free some space, or choose another data folder.")
        })?;
    }
    Ok(())
}
