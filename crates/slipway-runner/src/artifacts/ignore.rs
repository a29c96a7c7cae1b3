//! `.artifactignore`: what of a published folder stays behind, in the syntax of `.gitignore`.
//!
//! Called by `publish`. Deliberately not here: ignore files in sub-folders, which the vendor has not either.

use std::fs;
use std::path::Path;

use crate::error::{OnPath, RunnerError};
use crate::minimatch::{Options, Pattern};

/// The rules of one file; the last one that matches decides.
#[derive(Debug, Default)]
pub(super) struct Ignore(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    pattern: Pattern,
    is_kept: bool,
    only_folders: bool,
}

impl Ignore {
    /// Reads the file in the folder, if there is one.
    pub(super) fn read(folder: &Path) -> Result<Self, RunnerError> {
        let path = folder.join(".artifactignore");
        if !path.is_file() {
            return Ok(Self::default());
        }
        let bytes = fs::read(&path).on("Reading", &path)?;
        Ok(Self(String::from_utf8_lossy(&bytes).lines().filter_map(rule).collect()))
    }

    /// True if this file or folder is to be left out. What is below a folder that is, is not asked for.
    pub(super) fn leaves_out(&self, relative: &Path, is_folder: bool) -> bool {
        let names: Vec<String> =
            relative.iter().map(|name| name.to_string_lossy().into_owned()).collect();
        let matches = |rule: &&Rule| {
            (is_folder || !rule.only_folders)
                && rule.pattern.is_match(names.iter().map(String::as_str))
        };
        // `**/*` with exceptions is usual, and needs its folders opened.
        let has_exceptions = self.0.iter().any(|rule| rule.is_kept);
        match self.0.iter().rev().find(matches) {
            Some(rule) if is_folder && has_exceptions => !rule.is_kept && rule.only_folders,
            Some(rule) => !rule.is_kept,
            None => false,
        }
    }
}

fn rule(line: &str) -> Option<Rule> {
    let line = line.trim_end();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let bare = line.strip_prefix('!');
    let text = bare.unwrap_or(line);
    let only_folders = text.ends_with('/');
    let text = text.trim_end_matches('/');
    // A slash in it ties a pattern to the folder; without one it is looked for everywhere.
    let is_tied = text.contains('/');
    let segments = text.trim_start_matches('/').split('/');
    let everywhere = (!is_tied).then_some("**");
    let pattern = Pattern::new(everywhere.into_iter().chain(segments), Options::USUAL);
    Some(Rule { pattern, is_kept: bare.is_some(), only_folders })
}
