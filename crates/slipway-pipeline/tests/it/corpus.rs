//! Real files, when there are some: `SLIPWAY_CORPUS` names a folder with one folder a repository
//! (`owner__name`), and an `index.tsv` in it or beside it (repo, path, commit, role, …).
//!
//! Each entry file is loaded with the templates of its own repository. It may come to a plan or to
//! words; it may not panic, and it may not take long. The outcomes are printed (`--nocapture`).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use slipway_pipeline::diagnostic::{Diagnostic, Severity};
use slipway_pipeline::{FileAnswer, Files, LoadRequest, Repository, expand, expanded_yaml, load};

use crate::catalog::Tasks;
use crate::cpu::Begun;

/// The files of a checkout.
struct Checkout(PathBuf);

impl Files for Checkout {
    fn read(&self, repository: &Repository, path: &str) -> FileAnswer {
        if !repository.is_own() {
            return FileAnswer::NotMapped { hint: "Map it to a folder.".to_owned() };
        }
        match fs::read(self.0.join(path)) {
            Ok(bytes) => FileAnswer::Text(String::from_utf8_lossy(&bytes).into()),
            Err(_) => FileAnswer::NotFound,
        }
    }
}

fn entries(corpus: &Path) -> Vec<(String, String)> {
    let index = [corpus.join("index.tsv"), corpus.join("../index.tsv")];
    let index = index.iter().find_map(|path| fs::read_to_string(path).ok());
    let index = index.expect("the corpus has an index.tsv");
    let rows = index.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row.get(3) == Some(&"entry"))
        .map(|row| (row[0].replace('/', "__"), row[1].to_owned()))
        .filter(|(folder, path)| corpus.join(folder).join(path).is_file())
        .collect()
}

#[test]
fn real_files_come_to_a_plan_or_to_words() {
    // Without a corpus there is nothing to look at, and nothing to fail.
    let Some(corpus) = std::env::var_os("SLIPWAY_CORPUS").map(PathBuf::from) else { return };
    let entries = entries(&corpus);
    assert!(!entries.is_empty(), "the corpus has entry files");
    for (folder, path) in entries {
        let files = Checkout(corpus.join(&folder));
        let bytes = fs::read(files.0.join(&path)).expect("the index names files that are there");
        let text = String::from_utf8_lossy(&bytes);
        let request = LoadRequest::default();
        let begun = Begun::now();
        let expanded = expand(&path, &text, &request, &files);
        let loaded = load(&path, &text, &request, &files, &Tasks);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(5), "{folder}/{path} took {took:?}");
        let bytes = expanded.root.as_ref().map(|root| expanded_yaml(root).len());
        let error = |found: &[Diagnostic]| {
            let first = found.iter().find(|at| at.severity == Severity::Error)?;
            Some(format!("{} [{}]", first.to_line(), first.code))
        };
        let outcome = match (error(&expanded.diagnostics), error(&loaded.diagnostics)) {
            (Some(first), _) => format!("template: {first}"),
            (None, Some(first)) => format!("reader: {first}"),
            (None, None) => format!("plan, {} remarks", loaded.diagnostics.len()),
        };
        let (read, size) = (loaded.files.len(), bytes.unwrap_or_default());
        println!("{folder}/{path}\t{read} files\t{size} bytes\t{took:?}\t{outcome}");
    }
}
