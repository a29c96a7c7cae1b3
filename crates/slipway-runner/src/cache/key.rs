//! What a cache key stands for: texts as they are, files by their content.
//!
//! Called by `tasks::cache`. Deliberately not here: where entries lie.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::error::{OnPath, RunnerError};
use crate::glob::find_files;

/// A key, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint(pub(crate) Vec<String>);

/// A part of a key and what it came to, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) written: String,
    pub(crate) is_file: bool,
    pub(crate) value: String,
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0.join("|"))
    }
}

/// Resolves a key; file patterns are relative to the folder.
pub(crate) fn resolve(folder: &Path, key: &str) -> Result<Vec<Resolved>, RunnerError> {
    key.split('|').map(|part| resolve_part(folder, part.trim())).collect()
}

/// The values alone.
pub(crate) fn fingerprint(parts: &[Resolved]) -> Fingerprint {
    Fingerprint(parts.iter().map(|part| part.value.clone()).collect())
}

fn resolve_part(folder: &Path, part: &str) -> Result<Resolved, RunnerError> {
    let refused = |message: &str| RunnerError::CacheKey {
        segment: part.to_owned(),
        message: message.to_owned(),
    };
    let literal = |value: &str| Resolved {
        written: part.to_owned(),
        is_file: false,
        value: value.to_owned(),
    };
    if part.is_empty() {
        return Err(refused("is empty"));
    }
    if part.starts_with(['\'', '`']) {
        return Err(refused("begins with a quote; write \" around a text"));
    }
    if let Some(inner) = part.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Ok(literal(inner));
    }
    if matches!(part, "*" | "**") {
        return Err(refused("would stand for every file; name the files that matter"));
    }
    if !is_path(part) {
        return Ok(literal(part));
    }
    let patterns: Vec<String> = part.split(',').map(|pattern| pattern.trim().to_owned()).collect();
    let files = find_files(folder, &patterns)?;
    if files.is_empty() {
        return Err(refused("is a file pattern that matches no file; write \" around a text"));
    }
    let mut whole = Sha256::new();
    for file in &files {
        let name = file.strip_prefix(folder).unwrap_or(file).display().to_string();
        let (length, hash) = hash_file(file)?;
        whole.update(format!("{}=[{length}]{hash}\n", hex(&Sha256::digest(name.as_bytes()))));
    }
    let value = hex(&whole.finalize());
    Ok(Resolved { written: part.to_owned(), is_file: true, value })
}

/// A part is a file if it looks like one: a dot or a slash in it, and no sign that no file name has.
fn is_path(part: &str) -> bool {
    let is_odd = |char: char| char.is_control() || "\"<>:".contains(char);
    part.contains(['.', '/']) && !part.contains(is_odd) && !part.ends_with('.')
}

fn hash_file(path: &Path) -> Result<(u64, String), RunnerError> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).on("Reading", path)?);
    let mut hash = Sha256::new();
    let mut length = 0;
    loop {
        let chunk = io::BufRead::fill_buf(&mut file).on("Reading", path)?;
        if chunk.is_empty() {
            return Ok((length, hex(&hash.finalize())));
        }
        hash.update(chunk);
        let taken = chunk.len();
        length += taken as u64;
        io::BufRead::consume(&mut file, taken);
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a string cannot fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_texts_or_files() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("a/node_modules")).unwrap();
        for file in ["package-lock.json", "a/package-lock.json", "a/node_modules/package-lock.json"]
        {
            std::fs::write(root.path().join(file), file).unwrap();
        }
        let value = |key: &str| fingerprint(&resolve(root.path(), key).unwrap());
        assert_eq!(value("npm | Linux | \"v1.2\"").to_string(), "npm|Linux|v1.2", "texts");
        let one = value("package-lock.json");
        let all = value("**/package-lock.json, !**/node_modules/**");
        assert_ne!(one, all, "two files are not one");
        std::fs::write(root.path().join("a/node_modules/package-lock.json"), "other").unwrap();
        assert_eq!(value("**/package-lock.json, !**/node_modules/**"), all, "left out is left out");
        std::fs::write(root.path().join("package-lock.json"), "other").unwrap();
        assert_ne!(value("package-lock.json"), one, "the content counts");
        for wrong in ["yarn.lock", "**", "'npm'", "npm||x", ""] {
            let error = resolve(root.path(), wrong).unwrap_err();
            assert!(matches!(error, RunnerError::CacheKey { .. }), "{wrong}: {error}");
        }
    }
}
