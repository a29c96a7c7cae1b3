//! `--repository NAME=FOLDER`: where repositories lie on this machine that a pipeline names.
//!
//! Used by `check`, `lsp` and `run`; the first two also know what was mapped for the project. Deliberately not
//! here: keeping a mapping, which `run` leaves to the app.

use std::path::{Path, PathBuf};

use slipway_api::{Repositories, chosen_data_dir};

/// Folders that were named.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Mapped {
    /// Where a repository of the pipeline lies on this machine; repeat for more. A run keeps it for the project.
    #[arg(long = "repository", value_name = "NAME=FOLDER", value_parser = pair)]
    repositories: Vec<(String, PathBuf)>,
}

impl Mapped {
    pub(crate) fn is_empty(&self) -> bool {
        self.repositories.is_empty()
    }

    /// Names and whole paths.
    pub(crate) fn given(&self) -> impl Iterator<Item = (&str, PathBuf)> {
        self.repositories.iter().map(|(name, folder)| {
            let whole = folder.canonicalize().ok();
            let whole = whole.or_else(|| std::path::absolute(folder).ok());
            (name.as_str(), whole.unwrap_or_else(|| folder.clone()))
        })
    }

    /// What was named, and behind it what was mapped for the project around a file.
    pub(crate) async fn around(&self, data_dir: Option<&Path>, file: &Path) -> Repositories {
        let given = Repositories::of(self.given().map(|(name, path)| (name.to_owned(), path)));
        let data_dir = data_dir.map(Path::to_owned).or_else(chosen_data_dir);
        match data_dir.filter(|folder| folder.is_dir()) {
            Some(folder) => given.and(Repositories::mapped_around(&folder, file).await),
            None => given,
        }
    }
}

fn pair(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, folder)) if !name.is_empty() && !folder.is_empty() => {
            Ok((name.to_owned(), folder.into()))
        }
        _ => Err(format!("'{text}' is not NAME=FOLDER")),
    }
}
