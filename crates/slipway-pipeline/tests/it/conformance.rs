//! Walks `tests/conformance`: one folder is one behaviour, and the list of folders is our claim of
//! support. What a kind of folder holds is its runner's business (`conformance_<kind>.rs`).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{
    conformance_edits, conformance_expressions, conformance_macros, conformance_pipeline,
    conformance_triggers,
};

/// One folder.
pub(crate) struct Case {
    /// The folder's name.
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) title: String,
    pub(crate) area: String,
    pub(crate) page: String,
    pub(crate) kind: String,
    /// The rest of `case.toml`, which the kind's runner reads.
    pub(crate) rest: toml::Table,
}

/// What every `case.toml` says.
#[derive(Deserialize)]
struct Head {
    title: String,
    area: String,
    page: String,
    kind: String,
    #[serde(flatten)]
    rest: toml::Table,
}

/// A kind of folder: its word, and what runs one.
type Kind = (&'static str, fn(&Case) -> Result<(), String>);

const KINDS: &[Kind] = &[
    ("pipeline", conformance_pipeline::run),
    ("expressions", conformance_expressions::run),
    ("macros", conformance_macros::run),
    ("triggers", conformance_triggers::run),
    ("edits", conformance_edits::run),
    ("run", in_the_runner),
];

/// A folder that runs is proven by `slipway-runner`; here only its head is read.
fn in_the_runner(_: &Case) -> Result<(), String> {
    Ok(())
}

impl Case {
    fn open(folder: PathBuf) -> Result<Self, String> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(folder.join("case.toml"))
            .map_err(|error| format!("case.toml: {error}"))?;
        let head: Head = toml::from_str(&text).map_err(|error| format!("case.toml: {error}"))?;
        let Head { title, area, page, kind, rest } = head;
        if title.trim().is_empty() || area.trim().is_empty() || title.ends_with('.') {
            return Err("title and area are words without a full stop".to_owned());
        }
        if !page.starts_with("https://learn.microsoft.com/") {
            return Err(format!("page cites the vendor, not {page}"));
        }
        Ok(Self { name, folder, title, area, page, kind, rest })
    }

    /// A file of the folder as text.
    pub(crate) fn text(&self, file: &str) -> Result<String, String> {
        fs::read_to_string(self.folder.join(file)).map_err(|error| format!("{file}: {error}"))
    }

    /// A file of the folder, read strictly.
    pub(crate) fn toml<T: DeserializeOwned>(&self, file: &str) -> Result<T, String> {
        toml::from_str(&self.text(file)?).map_err(|error| format!("{file}: {error}"))
    }

    /// The kind's own part of `case.toml`, read strictly.
    pub(crate) fn own<T: DeserializeOwned>(&self) -> Result<T, String> {
        self.rest.clone().try_into().map_err(|error| format!("case.toml: {error}"))
    }

    /// True when `case.toml` holds nothing but its head.
    pub(crate) fn has_nothing_of_its_own(&self) -> Result<(), String> {
        match self.rest.keys().next() {
            Some(key) => Err(format!("case.toml: unknown key {key}")),
            None => Ok(()),
        }
    }

    fn run(&self) -> Result<(), String> {
        match KINDS.iter().find(|(kind, _)| *kind == self.kind) {
            Some((_, run)) => run(self),
            None => Err(format!("case.toml: unknown kind {}", self.kind)),
        }
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every folder by name, or what is wrong with it.
pub(crate) fn cases() -> Vec<(String, Result<Case, String>)> {
    let folder = root().join("tests/conformance");
    let entries = fs::read_dir(&folder).expect("tests/conformance is there");
    let names: BTreeSet<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let of =
        |path: PathBuf| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path);
    names.into_iter().map(of).map(|(name, path)| (name, Case::open(path))).collect()
}

/// Says whether two lists agree, and if not, where.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    is: &T,
    expected: &T,
) -> Result<(), String> {
    if is == expected {
        return Ok(());
    }
    Err(format!("{what}\n      is       {is:?}\n      expected {expected:?}"))
}

/// Puts everything that is wrong with one folder together.
pub(crate) fn all(outcomes: impl IntoIterator<Item = Result<(), String>>) -> Result<(), String> {
    let wrong: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n    ")) }
}

#[test]
fn every_folder_holds_what_it_claims() {
    let cases = cases();
    assert!(!cases.is_empty(), "there are folders in tests/conformance");
    // One folder alone: SLIPWAY_CONFORMANCE=expressions-eq cargo test conformance
    let only = std::env::var("SLIPWAY_CONFORMANCE").unwrap_or_default();
    let mut wrong = Vec::new();
    for (name, case) in cases.into_iter().filter(|(name, _)| name.starts_with(&only)) {
        if let Err(message) = case.and_then(|case| case.run()) {
            wrong.push(format!("{name}\n    {message}"));
        }
    }
    assert!(wrong.is_empty(), "{} folders do not hold:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn titles_are_told_apart() {
    let mut seen = BTreeSet::new();
    for (name, case) in cases() {
        let case = case.unwrap_or_else(|message| panic!("{name}: {message}"));
        assert!(seen.insert(case.title.clone()), "{name}: the title '{}' is taken", case.title);
    }
}
