//! Where repositories lie on this machine: the one around a file, and those that a pipeline names.
//!
//! Used by everything that reads templates or checks out. A folder stands for the names that the user mapped to
//! it: in the store (`repository_mapping_set`), or by `--repository NAME=FOLDER`. Deliberately not here: what is
//! read of them.

use std::path::{Path, PathBuf};

use slipway_core::{CheckedOut, ErrorKind};
use slipway_git::Repository;
use slipway_runner::{CheckoutOrder, HostError, RepositoryAt, WantedRepository};
use slipway_store::{RepositoryMappingRow, Store};

use crate::run_host::explained;

/// The place of a file: the root of the repository around it, and its path there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file's folder, if it is in no repository.
    pub(crate) root: PathBuf,
    /// With `/`; the file as it was named if it lies nowhere.
    pub(crate) path: String,
    /// The file's whole path.
    pub(crate) file: PathBuf,
}

impl Place {
    pub(crate) fn of(named: &Path) -> Self {
        let absolute = || std::path::absolute(named).unwrap_or_else(|_| named.to_owned());
        let file = named.canonicalize().unwrap_or_else(|_| absolute());
        let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
        // A file of no repository has its templates around it.
        let root = folder.ancestors().find(|above| above.join(".git").exists());
        let root = root.map_or_else(|| folder.clone(), Path::to_owned);
        let path = file.strip_prefix(&root).unwrap_or(named).display().to_string();
        Self { root, path, file }
    }
}

/// Folders of other repositories, by the names that a pipeline may give them.
#[derive(Debug, Clone, Default)]
pub struct Repositories(Vec<(String, PathBuf)>);

impl Repositories {
    /// Names, or aliases, and folders.
    pub fn of(folders: impl IntoIterator<Item = (String, PathBuf)>) -> Self {
        Self(folders.into_iter().collect())
    }

    /// What the user mapped for the project around a file, read beside whoever has the data folder open.
    /// Without a data folder or a project there is none.
    pub async fn mapped_around(data_dir: &Path, file: &Path) -> Self {
        let root = Place::of(file).root.display().to_string();
        let rows = async {
            let store = Store::open_read_only(data_dir).await?;
            match store.project_at(&root).await? {
                Some(project) => store.repository_mappings(&project.id).await,
                None => Ok(Vec::new()),
            }
        };
        // Whoever only reads a text wants no error of a database.
        Self::of_rows(rows.await.unwrap_or_default())
    }

    /// These, and behind them those.
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    pub(crate) fn of_rows(rows: Vec<RepositoryMappingRow>) -> Self {
        Self::of(rows.into_iter().map(|row| (row.name, row.path.into())))
    }

    /// The folder that one of these names stands for.
    pub(crate) fn folder<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Option<&Path> {
        names.into_iter().find_map(|name| {
            let known = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            known.map(|(_, folder)| folder.as_path())
        })
    }

    /// The folder of what a checkout wants.
    pub(crate) fn has(&self, wanted: &WantedRepository) -> bool {
        self.folder(wanted.names()).is_some()
    }

    /// The folder and the commit at the wanted ref.
    pub(crate) fn at(&self, wanted: &WantedRepository) -> Result<RepositoryAt, HostError> {
        let folder = self.folder(wanted.names());
        let folder = folder.ok_or_else(|| HostError::not_mapped(wanted))?;
        let git = Repository::open(folder).map_err(explained)?;
        let found = match &wanted.reference {
            Some(reference) => git.commit_of(reference),
            None => git.head(),
        };
        let commit = found.map_err(explained)?.ok_or_else(|| {
            let reference = wanted.reference.as_deref().unwrap_or("commit");
            HostError {
                kind: ErrorKind::UserInput,
                message: format!("{} has no {reference}.", folder.display()),
                hint: Some(format!("Fetch it there: git -C {} fetch --tags.", folder.display())),
            }
        })?;
        let here = || git.branch().map(|branch| format!("refs/heads/{branch}"));
        let whole = |name: &String| {
            if name.starts_with("refs/") { name.clone() } else { format!("refs/heads/{name}") }
        };
        let reference = wanted.reference.as_ref().map(whole).or_else(here);
        Ok(RepositoryAt { folder: folder.to_owned(), commit: commit.sha, reference })
    }
}

/// Checks out what a step asks for.
pub(crate) fn check_out(order: &CheckoutOrder) -> Result<CheckedOut, HostError> {
    let git = Repository::open(&order.folder).map_err(explained)?;
    git.checkout_with(&order.commit, &order.into, &order.options).map_err(explained)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_placed_in_the_repository_around_it() {
        let folder = std::env::temp_dir().join(format!("slipway-place-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("repo/.git")).unwrap();
        std::fs::create_dir_all(folder.join("repo/ci")).unwrap();
        std::fs::create_dir_all(folder.join("loose")).unwrap();
        for file in ["repo/ci/a.yml", "loose/b.yml"] {
            std::fs::write(folder.join(file), "steps: []").unwrap();
        }
        let whole = folder.canonicalize().unwrap();
        let place = Place::of(&folder.join("repo/ci/a.yml"));
        assert_eq!((place.root, place.path.as_str()), (whole.join("repo"), "ci/a.yml"), "inside");
        let place = Place::of(&folder.join("loose/b.yml"));
        assert_eq!((place.root, place.path.as_str()), (whole.join("loose"), "b.yml"), "in none");
        std::fs::remove_dir_all(folder).ok();
    }

    #[test]
    fn a_repository_is_known_by_any_of_its_names() {
        let known = Repositories::of([("Contoso/Tools".to_owned(), PathBuf::from("/tools"))]);
        assert_eq!(
            known.folder(["tools", "contoso/tools"]),
            Some(Path::new("/tools")),
            "in any case"
        );
        assert_eq!(known.folder(["tools"]), None, "not by a part of it");
    }
}
