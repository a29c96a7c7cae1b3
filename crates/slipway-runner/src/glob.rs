//! Finds files by lists of patterns, as the task library's `findMatch` does: each line adds what it finds,
//! a line with `!` takes away what earlier lines found, a line with `#` is a comment.
//!
//! Called by tasks; the pattern language itself is in `minimatch`. Links to folders are followed, but not
//! in a circle. Deliberately not here: reading the files.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::error::{OnPath, RunnerError};
use crate::minimatch::{Options, Pattern, Progress, expand_braces};
use crate::workspace::normal;

/// Files and folders that match the lines, in order of their paths. Lines are relative to the folder.
pub(crate) fn find(folder: &Path, lines: &[String]) -> Result<Vec<PathBuf>, RunnerError> {
    find_with(folder, lines, Options::USUAL, Links::Followed)
}

/// The same, files only.
pub(crate) fn find_files(folder: &Path, lines: &[String]) -> Result<Vec<PathBuf>, RunnerError> {
    Ok(find(folder, lines)?.into_iter().filter(|path| path.is_file()).collect())
}

/// Whether a search goes through links to folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    Followed,
    /// A link is found, but not what it leads to.
    Kept,
}

/// As [`find`], with the patterns read as a task wants them.
pub(crate) fn find_with(
    folder: &Path,
    lines: &[String],
    options: Options,
    links: Links,
) -> Result<Vec<PathBuf>, RunnerError> {
    let mut found = BTreeSet::new();
    for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            continue;
        }
        // An extended glob such as `!(a|b)` begins with the same sign, and is negated as well (as the
        // vendor does); `!!a` is `a`.
        let bare = line.trim_start_matches('!');
        let is_included = (line.len() - bare.len()).is_multiple_of(2);
        for pattern in patterns(bare, options) {
            let pattern = Rooted::new(folder, &pattern, options);
            if is_included {
                pattern.collect(links, &mut found)?;
            } else {
                found.retain(|path: &PathBuf| !pattern.is_match(path));
            }
        }
    }
    Ok(found.into_iter().collect())
}

fn patterns(text: &str, options: Options) -> Vec<String> {
    if options.brace { expand_braces(text) } else { vec![text.to_owned()] }
}

/// The lines of an input, without empty ones.
pub(crate) fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn is_wild(part: &str) -> bool {
    part.contains(['*', '?', '[', '\\'])
        || part
            .char_indices()
            .any(|(at, char)| matches!(char, '+' | '@' | '!') && part[at + 1..].starts_with('('))
}

/// A pattern and the folder that it begins in.
struct Rooted {
    /// What is not wild.
    start: PathBuf,
    /// `None` if nothing is.
    wild: Option<Pattern>,
}

impl Rooted {
    fn new(folder: &Path, pattern: &str, options: Options) -> Self {
        let mut start = folder.to_owned();
        let mut wild: Vec<String> = Vec::new();
        for part in Path::new(pattern).components() {
            match part {
                // Once something is wild, `.` and `..` can match no name.
                Component::CurDir => {}
                _ if !wild.is_empty() || is_wild(&part.as_os_str().to_string_lossy()) => {
                    wild.push(part.as_os_str().to_string_lossy().into_owned());
                }
                _ => start.push(part),
            }
        }
        let segments = wild.iter().map(String::as_str);
        Self {
            start: normal(&start),
            wild: (!wild.is_empty()).then(|| Pattern::new(segments, options)),
        }
    }

    fn is_match(&self, path: &Path) -> bool {
        match (&self.wild, path.strip_prefix(&self.start)) {
            (None, Ok(rest)) => rest.as_os_str().is_empty(),
            (Some(pattern), Ok(rest)) => {
                let names: Vec<String> =
                    rest.iter().map(|name| name.to_string_lossy().into_owned()).collect();
                pattern.is_match(names.iter().map(String::as_str))
            }
            (_, Err(_)) => false,
        }
    }

    fn collect(&self, links: Links, found: &mut BTreeSet<PathBuf>) -> Result<(), RunnerError> {
        match &self.wild {
            None => {
                if fs::symlink_metadata(&self.start).is_ok() {
                    found.insert(self.start.clone());
                }
                Ok(())
            }
            Some(pattern) => {
                let mut walk = Walk { pattern, links, found, chain: Vec::new() };
                if let Ok(real) = fs::canonicalize(&self.start) {
                    walk.chain.push(real);
                }
                walk.folder(&self.start, &pattern.start())
            }
        }
    }
}

struct Walk<'a> {
    pattern: &'a Pattern,
    links: Links,
    found: &'a mut BTreeSet<PathBuf>,
    /// The real folders that the search went through by links.
    chain: Vec<PathBuf>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, progress: &Progress) -> Result<(), RunnerError> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(());
            }
            Err(error) => return Err(error).on("Reading", folder),
        };
        for entry in entries {
            let entry = entry.on("Reading", folder)?;
            let path = entry.path();
            let (next, is_match) =
                self.pattern.step(progress, &entry.file_name().to_string_lossy());
            if is_match {
                self.found.insert(path.clone());
            }
            if next.is_dead() {
                continue;
            }
            let kind = entry.file_type().on("Reading", &path)?;
            if kind.is_dir() {
                self.folder(&path, &next)?;
            } else if kind.is_symlink() && self.links == Links::Followed {
                self.link(&path, &next)?;
            }
        }
        Ok(())
    }

    fn link(&mut self, path: &Path, progress: &Progress) -> Result<(), RunnerError> {
        // A broken link leads nowhere.
        let Ok(real) = fs::canonicalize(path) else { return Ok(()) };
        let here = path.parent().and_then(|parent| fs::canonicalize(parent).ok());
        let is_circle = self.chain.iter().chain(&here).any(|above| above.starts_with(&real));
        if is_circle || !real.is_dir() {
            return Ok(());
        }
        self.chain.push(real);
        let walked = self.folder(path, progress);
        self.chain.pop();
        walked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(folder: &Path, files: &[&str]) {
        for file in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
    }

    fn names(folder: &Path, lines: &[&str]) -> Vec<String> {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        find_files(folder, &lines)
            .unwrap()
            .iter()
            .map(|path| path.strip_prefix(folder).unwrap().display().to_string())
            .collect()
    }

    #[test]
    fn patterns_find_and_exclude() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a [1]");
        let files = ["x.yml", "m/one.yml", "m/two.yml", "m/deep/three.yml", "m/.hidden.yml"];
        tree(&folder, &files);
        let names = |lines: &[&str]| names(&folder, lines);
        assert_eq!(names(&["m/*.yml"]), ["m/.hidden.yml", "m/one.yml", "m/two.yml"], "stays in m");
        assert_eq!(names(&["**/three.yml"]), ["m/deep/three.yml"], "** goes down");
        assert_eq!(names(&["**/x.yml"]), ["x.yml"], "** matches no folder too");
        assert_eq!(names(&["**", "!m/**"]), ["x.yml"], "! takes away again");
        assert_eq!(names(&["**", "!**/*.yml", "m/o*"]), ["m/one.yml"], "lines are read in order");
        assert_eq!(names(&["# x.yml", "!!x.yml"]), ["x.yml"], "a comment, and no twice");
        assert_eq!(names(&["./x.yml", "nope.yml"]), ["x.yml"], "a plain path needs no wildcard");
        assert_eq!(names(&["m/+(one|two).yml"]), ["m/one.yml", "m/two.yml"], "an extended glob");
        let absolute = format!("{}/m/o*.yml", root.path().join("a*").display());
        assert_eq!(names(&[&absolute]), ["m/one.yml"], "an absolute pattern is taken as it is");
    }

    #[test]
    fn links_are_followed_but_not_in_a_circle() {
        let root = tempfile::tempdir().unwrap();
        tree(root.path(), &["a/x.txt", "b/y.txt"]);
        std::os::unix::fs::symlink(root.path().join("b"), root.path().join("a/to-b")).unwrap();
        std::os::unix::fs::symlink(root.path().join("a"), root.path().join("b/to-a")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.path().join("a/broken")).unwrap();
        let found = names(&root.path().join("a"), &["**"]);
        assert_eq!(found, ["to-b/y.txt", "x.txt"], "each file is found once");
    }
}
