//! Finds files by patterns, as the task library's `findMatch` does: `**`, `*`, `?`, `[…]`, `{a,b}`, and
//! `!` to exclude what earlier lines found.
//!
//! Called by tasks. Deliberately not here: reading the files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use crate::error::RunnerError;
use crate::workspace::normal;

/// Files and folders that match the lines, in order of their paths. Lines are relative to the folder.
pub(crate) fn find(folder: &Path, lines: &[String]) -> Result<Vec<PathBuf>, RunnerError> {
    let mut found = BTreeSet::new();
    for line in lines {
        if line.starts_with('#') {
            continue;
        }
        match line.strip_prefix('!') {
            Some(excluded) => {
                let matcher = matcher(folder, excluded)?;
                found.retain(|path: &PathBuf| !matcher.is_match(path));
            }
            None => collect(folder, line, &mut found)?,
        }
    }
    Ok(found.into_iter().collect())
}

/// The same, files only.
pub(crate) fn find_files(folder: &Path, lines: &[String]) -> Result<Vec<PathBuf>, RunnerError> {
    Ok(find(folder, lines)?.into_iter().filter(|path| path.is_file()).collect())
}

/// The lines of an input, without empty ones.
pub(crate) fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Everything below a folder, folders too, without following links.
fn walk(folder: &Path, each: &mut dyn FnMut(&Path)) {
    // A folder that cannot be read has nothing that could match.
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        each(&path);
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, each);
        }
    }
}

fn is_wild(part: &str) -> bool {
    part.contains(['*', '?', '[', '{'])
}

fn matcher(folder: &Path, pattern: &str) -> Result<GlobMatcher, RunnerError> {
    // Only the written pattern may be wild, not the folder it is relative to.
    let whole = if Path::new(pattern).is_absolute() {
        pattern.to_owned()
    } else {
        let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
        format!("{}/{pattern}", globset::escape(&folder.to_string_lossy()))
    };
    GlobBuilder::new(&whole)
        .literal_separator(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| RunnerError::Pattern {
            pattern: pattern.to_owned(),
            message: error.kind().to_string(),
        })
}

fn collect(folder: &Path, line: &str, found: &mut BTreeSet<PathBuf>) -> Result<(), RunnerError> {
    if !is_wild(line) {
        let path = normal(&folder.join(line));
        if path.exists() {
            found.insert(path);
        }
        return Ok(());
    }
    // Walk only below the part that is not wild.
    let mut start = PathBuf::new();
    for part in Path::new(line).components() {
        if is_wild(&part.as_os_str().to_string_lossy()) {
            break;
        }
        start.push(part);
    }
    let pattern = line.trim_end_matches('/');
    let start = normal(&folder.join(start));
    let matcher = matcher(folder, pattern)?;
    walk(&start, &mut |path| {
        if matcher.is_match(path) {
            found.insert(path.to_owned());
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_find_and_exclude() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a [1]");
        for file in ["x.yml", "m/one.yml", "m/two.yml", "m/deep/three.yml", "m/.hidden.yml"] {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let names = |lines: &[&str]| -> Vec<String> {
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            find_files(&folder, &lines)
                .unwrap()
                .iter()
                .map(|path| path.strip_prefix(&folder).unwrap().display().to_string())
                .collect()
        };
        assert_eq!(
            names(&["m/*.yml"]),
            ["m/.hidden.yml", "m/one.yml", "m/two.yml"],
            "* stays in m"
        );
        assert_eq!(names(&["**/three.yml"]), ["m/deep/three.yml"], "** goes down");
        assert_eq!(names(&["**/x.yml"]), ["x.yml"], "** matches no folder too");
        assert_eq!(names(&["**", "!m/**"]), ["x.yml"], "! takes away again");
        assert_eq!(names(&["./x.yml", "nope.yml"]), ["x.yml"], "a plain path needs no wildcard");
        let absolute = format!("{}/m/o*.yml", root.path().join("a*").display());
        assert_eq!(names(&[&absolute]), ["m/one.yml"], "an absolute pattern is taken as it is");
    }
}
