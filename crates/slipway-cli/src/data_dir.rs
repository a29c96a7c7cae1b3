//! Where the data folder lies when nobody says so.

use std::path::PathBuf;

use slipway_api::error::ApiError;
use slipway_core::ErrorKind;

/// The folder given, else the user's data folder by the XDG rules.
pub(crate) fn choose(given: Option<PathBuf>) -> Result<PathBuf, ApiError> {
    if let Some(folder) = given {
        return Ok(std::path::absolute(&folder).unwrap_or(folder));
    }
    slipway_api::default_data_dir().ok_or_else(|| {
        ApiError::new(
            ErrorKind::UserInput,
            "no_home",
            "There is no home folder to keep the data in.",
        )
        .with_hint("Name one with --data-dir or SLIPWAY_DATA_DIR.")
    })
}
