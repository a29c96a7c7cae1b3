//! Copies artifacts to where a job wants them.
//!
//! Called by the download tasks. Deliberately not here: which run they are from.

use std::path::{Path, PathBuf};

use super::ignore::Ignore;
use super::{Extent, copy_file, copy_folder};
use crate::archive::unpack_own;
use crate::error::RunnerError;
use crate::glob::find;
use crate::scope::{RunScope, lock};
use crate::workspace::{blocking, wipe};

/// What to fetch of a run's artifacts.
#[derive(Debug)]
pub(crate) struct Fetch {
    /// All of them if left out.
    pub(crate) name: Option<String>,
    /// Patterns below each artifact.
    pub(crate) patterns: Vec<String>,
    pub(crate) into: PathBuf,
    /// Each artifact in a folder of its name.
    pub(crate) has_own_folder: bool,
    /// Unpack what was stored as a tar file.
    pub(crate) unpacks_tars: bool,
}

/// What was copied, by name.
pub(crate) type Fetched = Vec<(String, Extent)>;

/// Copies artifacts of this run.
pub(crate) async fn fetch(run: &RunScope, order: Fetch) -> Result<Fetched, RunnerError> {
    let known =
        lock(&run.artifacts).iter().map(|(name, path)| (name.clone(), path.clone())).collect();
    fetch_from(known, order).await
}

/// Copies artifacts that lie in these folders.
pub(crate) async fn fetch_from(
    known: Vec<(String, PathBuf)>,
    order: Fetch,
) -> Result<Fetched, RunnerError> {
    let wanted: Vec<(String, PathBuf)> = match &order.name {
        None => known,
        Some(name) => chosen(known, name)?,
    };
    blocking(move || {
        let mut copied = Vec::new();
        for (name, from) in wanted {
            let into =
                if order.has_own_folder { order.into.join(&name) } else { order.into.clone() };
            let extent = copy_matching(&from, &into, &name, &order.patterns)?;
            let tar = into.join(format!("{name}.tar"));
            if order.unpacks_tars && tar.is_file() {
                unpack_own(&tar, &into)?;
                wipe(&tar)?;
            }
            copied.push((name, extent));
        }
        Ok(copied)
    })
    .await
}

/// The artifact of this name, or those of a list with commas.
fn chosen(
    known: Vec<(String, PathBuf)>,
    name: &str,
) -> Result<Vec<(String, PathBuf)>, RunnerError> {
    let find = |name: &str| known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    if let Some(found) = find(name) {
        return Ok(vec![found.clone()]);
    }
    let each = name.split(',').map(str::trim).filter(|part| !part.is_empty());
    each.map(|part| {
        find(part).cloned().ok_or_else(|| RunnerError::ArtifactMissing { name: part.to_owned() })
    })
    .collect()
}

/// Patterns may be written for the artifact's files or with its name in front.
fn copy_matching(
    from: &Path,
    into: &Path,
    name: &str,
    patterns: &[String],
) -> Result<Extent, RunnerError> {
    if patterns.is_empty() || patterns == ["**"] {
        return copy_folder(from, into, Path::new(""), &Ignore::default());
    }
    let prefix = format!("{name}/");
    let patterns: Vec<String> = patterns
        .iter()
        .map(|line| match line.strip_prefix('!') {
            Some(excluded) => format!("!{}", excluded.strip_prefix(&prefix).unwrap_or(excluded)),
            None => line.strip_prefix(&prefix).unwrap_or(line).to_owned(),
        })
        .collect();
    let mut extent = Extent::default();
    for file in find(from, &patterns)? {
        if let Ok(relative) = file.strip_prefix(from)
            && file.is_file()
        {
            extent = extent.and(copy_file(&file, &into.join(relative))?);
        }
    }
    Ok(extent)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn patterns_choose_what_is_copied() {
        let root = tempfile::tempdir().unwrap();
        let from = root.path().join("from");
        for file in ["m/a.yml", "m/b.txt", "c.yml"] {
            fs::create_dir_all(from.join(file).parent().unwrap()).unwrap();
            fs::write(from.join(file), "x").unwrap();
        }
        let into = root.path().join("into");
        let patterns = ["drop/**/*.yml".to_owned(), "!c.yml".to_owned()];
        let extent = copy_matching(&from, &into, "drop", &patterns).unwrap();
        assert_eq!(extent, Extent { files: 1, bytes: 1 }, "one file matches and is not excluded");
        assert!(into.join("m/a.yml").is_file(), "its folder is kept");
    }
}
