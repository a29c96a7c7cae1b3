//! Where the data folder lies.

use std::path::PathBuf;

/// `$XDG_DATA_HOME/slipway`, else `~/.local/share/slipway`.
pub fn default_data_dir() -> Option<PathBuf> {
    let set =
        |name: &str| std::env::var_os(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    set("XDG_DATA_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".local/share")))
        .map(|base| base.join("slipway"))
}

/// The folder named in `SLIPWAY_DATA_DIR`, else the default one.
pub fn chosen_data_dir() -> Option<PathBuf> {
    match std::env::var_os("SLIPWAY_DATA_DIR").filter(|text| !text.is_empty()) {
        Some(folder) => Some(PathBuf::from(folder)),
        None => default_data_dir(),
    }
}
