//! House rules that a compiler does not know: who may depend on whom, and how long a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::shell::{command, root, say, step};

/// Which of our crates each crate may name. A stage knows no other stage but where it says so.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("slipway-core", &[]),
    ("slipway-git", &["slipway-core"]),
    ("slipway-pipeline", &["slipway-core"]),
    ("slipway-engine", &["slipway-core"]),
    ("slipway-runner", &["slipway-core", "slipway-pipeline", "slipway-engine"]),
    ("slipway-registry", &["slipway-core"]),
    ("slipway-deploy", &["slipway-core", "slipway-engine"]),
    ("slipway-telemetry", &["slipway-core"]),
    ("slipway-boards", &["slipway-core"]),
    ("slipway-store", &["slipway-core"]),
    ("slipway-secrets", &["slipway-core"]),
    ("slipway-azure", &["slipway-core"]),
    (
        "slipway-api",
        &[
            "slipway-core",
            "slipway-git",
            "slipway-pipeline",
            "slipway-engine",
            "slipway-runner",
            "slipway-registry",
            "slipway-deploy",
            "slipway-telemetry",
            "slipway-boards",
            "slipway-store",
            "slipway-secrets",
            "slipway-azure",
        ],
    ),
    ("slipway-serve", &["slipway-core", "slipway-api"]),
    // The language server asks the pipeline crate itself.
    ("slipway-cli", &["slipway-core", "slipway-api", "slipway-serve", "slipway-pipeline"]),
    ("slipway-desktop", &["slipway-core", "slipway-api", "slipway-serve"]),
    ("slipway-tests", &["slipway-core", "slipway-api", "slipway-serve"]),
    ("xtask", &[]),
];

/// Heavy dependencies and the one crate that may name each.
const OWNERS: &[(&str, &[&str])] = &[
    ("git2", &["slipway-git"]),
    ("bollard", &["slipway-engine"]),
    ("oci-client", &["slipway-registry"]),
    ("kube", &["slipway-deploy"]),
    ("k8s-openapi", &["slipway-deploy"]),
    ("plotters", &["slipway-telemetry"]),
    ("sqlx", &["slipway-store"]),
    ("age", &["slipway-secrets"]),
    ("keyring-core", &["slipway-secrets"]),
    ("azure_core", &["slipway-azure"]),
    ("azure_identity", &["slipway-azure"]),
    ("granit-parser", &["slipway-pipeline"]),
    ("axum", &["slipway-serve"]),
    ("tauri", &["slipway-desktop"]),
    ("clap", &["slipway-cli"]),
    ("lsp-server", &["slipway-cli"]),
    ("lsp-types", &["slipway-cli"]),
    ("ts-rs", &["slipway-core", "slipway-pipeline", "slipway-api"]),
];

/// Most lines a file may have: ours, and tests and tables.
const RUST_LINES: usize = 600;
const PAGE_LINES: usize = 400;
const TEST_LINES: usize = 1000;

/// Checks everything and lists all that is wrong.
pub fn tidy() -> Result<(), String> {
    step("House rules");
    let mut wrong = dependencies()?;
    wrong.extend(files()?);
    if wrong.is_empty() {
        say("Kept.");
        return Ok(());
    }
    for line in &wrong {
        say(line);
    }
    Err(format!("{} house rules are broken.", wrong.len()))
}

fn dependencies() -> Result<Vec<String>, String> {
    let text = command("cargo", &["metadata", "--no-deps", "--format-version", "1"]).read()?;
    let facts: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let rules: BTreeMap<&str, BTreeSet<&str>> =
        MAY_NAME.iter().map(|(name, may)| (*name, may.iter().copied().collect())).collect();
    let mut wrong = Vec::new();
    for package in facts["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(may) = rules.get(name) else {
            wrong.push(format!(
                "{name}: not in the table of xtask/src/tidy.rs; say there what it may name."
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let other = dependency["name"].as_str().unwrap_or_default();
            let is_ours = rules.contains_key(other);
            // Tests may use another stage to set the scene.
            let is_for_tests = dependency["kind"].as_str() == Some("dev");
            if is_ours && !is_for_tests && !may.contains(other) {
                wrong.push(format!("{name} names {other}, which the table does not allow."));
            }
            if let Some((_, owners)) = OWNERS.iter().find(|(heavy, _)| *heavy == other)
                && !owners.contains(&name)
                && !is_for_tests
            {
                wrong
                    .push(format!("{name} names {other}, which belongs to {}.", owners.join(", ")));
            }
        }
    }
    Ok(wrong)
}

fn files() -> Result<Vec<String>, String> {
    let list =
        command("git", &["ls-files", "--cached", "--others", "--exclude-standard"]).read()?;
    let mut wrong = Vec::new();
    for name in list.lines() {
        let is_test =
            name.contains("/tests/") || name.starts_with("tests/") || name.contains(".test.");
        let most = match Path::new(name).extension().and_then(|ending| ending.to_str()) {
            Some("rs") if is_test => TEST_LINES,
            Some("rs") => RUST_LINES,
            Some("ts" | "tsx") if name.contains("/generated/") => continue,
            Some("ts" | "tsx") if is_test || name.contains("fixture") => TEST_LINES,
            Some("ts" | "tsx") => PAGE_LINES,
            _ => continue,
        };
        let Ok(text) = std::fs::read_to_string(root().join(name)) else { continue };
        let lines = text.lines().count();
        if lines > most {
            wrong.push(format!("{name} has {lines} lines; {most} are the most."));
        }
        if name.ends_with(".rs") && !name.contains("/tests/") && !text.starts_with("//!") {
            wrong.push(format!("{name} does not open with what it is (`//!`)."));
        }
    }
    Ok(wrong)
}
