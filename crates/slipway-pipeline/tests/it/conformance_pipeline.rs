//! Folders of kind `pipeline`: a file, and what it comes to.
//!
//! `[[plan]]` entries look into the plan by JSON pointer (`is`, or `missing = true`, or `count = 2`);
//! `[[diagnostic]]` entries are all errors and warnings in order. With `expanded.yml` the file's final
//! form is compared too. Other files of the folder are templates at their paths; a folder `@name` is
//! the repository that the resources call `name`.

use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;
use slipway_pipeline::diagnostic::{Diagnostic, Severity};
use slipway_pipeline::{
    FileAnswer, Files, LoadRequest, Loaded, Repository, expand, expanded_yaml, load,
};

use crate::conformance::{Case, all};
use slipway_pipeline::catalog::Known;

const FILE: &str = "azure-pipelines.yml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    parameters: IndexMap<String, String>,
    #[serde(default)]
    variables: IndexMap<String, String>,
    #[serde(default)]
    plan: Vec<Look>,
    #[serde(default)]
    diagnostic: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    at: String,
    is: Option<toml::Value>,
    count: Option<usize>,
    #[serde(default)]
    missing: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    severity: String,
    code: String,
    says: String,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
}

/// The files of a folder.
struct Folder<'a>(&'a Path);

impl Files for Folder<'_> {
    fn read(&self, repository: &Repository, path: &str) -> FileAnswer {
        let root = if repository.is_own() {
            self.0.to_owned()
        } else {
            self.0.join(format!("@{}", repository.alias))
        };
        if !root.is_dir() {
            let hint = format!("Map '{}' to a folder on this machine.", repository.name);
            return FileAnswer::NotMapped { hint };
        }
        match std::fs::read_to_string(root.join(path)) {
            Ok(text) => FileAnswer::Text(text.into()),
            Err(_) => FileAnswer::NotFound,
        }
    }
}

impl Expected {
    fn request(&self) -> LoadRequest {
        LoadRequest { parameters: self.parameters.clone(), variables: self.variables.clone() }
    }
}

/// The one place that knows how a file is loaded.
fn loaded(case: &Case, expected: &Expected) -> Result<Loaded, String> {
    let files = Folder(&case.folder);
    Ok(load(FILE, &case.text(FILE)?, &expected.request(), &files, &Known))
}

/// The file's final form.
fn expanded(case: &Case, expected: &Expected) -> Result<String, String> {
    let files = Folder(&case.folder);
    let expanded = expand(FILE, &case.text(FILE)?, &expected.request(), &files);
    expanded.root.as_ref().map(expanded_yaml).ok_or_else(|| "nothing came out".to_owned())
}

/// Runs one folder.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let expected: Expected = case.own()?;
    let has_expanded = case.folder.join("expanded.yml").exists();
    if expected.plan.is_empty() && expected.diagnostic.is_empty() && !has_expanded {
        return Err("the case is empty: no [[plan]], no [[diagnostic]], no expanded.yml".to_owned());
    }
    let loaded = loaded(case, &expected)?;
    let mut outcomes = vec![diagnostics(&loaded.diagnostics, &expected.diagnostic)];
    if !expected.plan.is_empty() {
        match &loaded.plan {
            Some(plan) => {
                let plan = serde_json::to_value(plan).map_err(|error| error.to_string())?;
                outcomes.extend(expected.plan.iter().map(|look| look.check(&plan)));
            }
            None => outcomes.push(Err("there is no plan".to_owned())),
        }
    }
    if has_expanded {
        let text = expanded(case, &expected)?;
        if text != case.text("expanded.yml")? {
            outcomes.push(Err(format!("expanded.yml should be\n{text}")));
        }
    }
    all(outcomes)
}

impl Look {
    fn check(&self, plan: &Value) -> Result<(), String> {
        let at = &self.at;
        let found = plan.pointer(at).filter(|found| !found.is_null());
        let wanted = match (&self.is, self.count, self.missing) {
            (Some(is), None, false) => {
                let is = serde_json::to_value(is).map_err(|error| error.to_string())?;
                return if found == Some(&is) {
                    Ok(())
                } else {
                    Err(format!("{at} is {}, expected {is}", shown(found)))
                };
            }
            (None, Some(count), false) => {
                let has = found.and_then(|found| match found {
                    Value::Array(items) => Some(items.len()),
                    Value::Object(entries) => Some(entries.len()),
                    _ => None,
                });
                if has == Some(count) { None } else { Some(format!("{count} entries")) }
            }
            (None, None, true) => found.map(|_| "nothing".to_owned()),
            _ => Some("exactly one of: is, count, missing = true".to_owned()),
        };
        match wanted {
            Some(wanted) => Err(format!("{at} is {}, expected {wanted}", shown(found))),
            None => Ok(()),
        }
    }
}

fn shown(found: Option<&Value>) -> String {
    found.map_or_else(|| "missing".to_owned(), ToString::to_string)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "information",
    }
}

fn diagnostics(found: &[Diagnostic], expected: &[Said]) -> Result<(), String> {
    let found: Vec<&Diagnostic> =
        found.iter().filter(|at| at.severity != Severity::Information).collect();
    let list = || {
        let lines = found
            .iter()
            .map(|at| format!("\n      {} [{}] {}", word(at.severity), at.code, at.to_line()));
        lines.collect::<String>()
    };
    if found.len() != expected.len() {
        let (is, wanted) = (found.len(), expected.len());
        return Err(format!("{is} diagnostics, expected {wanted}:{}", list()));
    }
    let agree = found.iter().zip(expected).all(|(at, said)| {
        word(at.severity) == said.severity
            && at.code == said.code
            && at.message.contains(&said.says)
            && said.file.as_ref().is_none_or(|file| *file == at.file)
            && said.line.is_none_or(|line| line == at.span.line)
            && said.column.is_none_or(|column| column == at.span.column)
    });
    if agree { Ok(()) } else { Err(format!("other diagnostics were expected:{}", list())) }
}
