//! `cargo xtask fuzz`: the fuzz targets of the pipeline language, each for a while; never part of `test`.
//!
//! What a target has found interesting stays below `target/fuzz`, so that the next call goes on from there.

use std::path::Path;

use crate::shell::{command, finish, has, root, say, step};

const FOLDER: &str = "crates/slipway-pipeline";
// The sanitizers want a nightly compiler; what is looked for here are panics, hangs and memory.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";

/// Runs the targets named, or all, for so many seconds each: `[SECONDS] [TARGET…]`.
pub fn fuzz(words: &[String]) -> Result<(), String> {
    let (seconds, named) = match words.first().map(|word| word.parse::<u32>()) {
        Some(Ok(seconds)) => (seconds, &words[1..]),
        _ => (60, words),
    };
    let known = targets()?;
    if let Some(unknown) = named.iter().find(|word| !known.contains(word)) {
        return Err(format!("There is no fuzz target '{unknown}'. Targets: {}.", known.join(", ")));
    }
    if !has("cargo-fuzz") {
        step("Install cargo-fuzz");
        command("cargo", &["install", "cargo-fuzz", "--locked"]).run()?;
    }
    let target = root().join("target/fuzz");
    let folder = target.display().to_string();
    step("Build the fuzz targets");
    command("cargo", &["fuzz", "build", "-s", "none", "--target", TRIPLE])
        .within(FOLDER)
        .env("CARGO_TARGET_DIR", &folder)
        .run()?;
    for name in known.iter().filter(|name| named.is_empty() || named.contains(name)) {
        step(&format!("Fuzz {name} for {seconds} s"));
        run(name, seconds, &target)?;
    }
    finish();
    Ok(())
}

fn targets() -> Result<Vec<String>, String> {
    let folder = root().join(FOLDER).join("fuzz/fuzz_targets");
    let entries = std::fs::read_dir(&folder)
        .map_err(|error| format!("{} cannot be read: {error}.", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

fn run(name: &str, seconds: u32, target: &Path) -> Result<(), String> {
    let found = target.join("found").join(name);
    std::fs::create_dir_all(&found)
        .map_err(|error| format!("{} cannot be made: {error}.", found.display()))?;
    let found = found.display().to_string();
    let seeds = root().join("tests/conformance").display().to_string();
    let program = target.join(TRIPLE).join("release").join(name).display().to_string();
    let limits = [
        format!("-max_total_time={seconds}"),
        "-max_len=8000".to_owned(),
        "-timeout=10".to_owned(),
        "-rss_limit_mb=2048".to_owned(),
        "-verbosity=0".to_owned(),
        "-print_final_stats=1".to_owned(),
        format!("-artifact_prefix={}/{name}-", target.display()),
    ];
    let mut words: Vec<&str> = limits.iter().map(String::as_str).collect();
    words.push(&found);
    words.push(&seeds);
    command(&program, &words).run().map_err(|error| {
        format!("{error} The input that did it is in {}/{name}-….", target.display())
    })?;
    say("No finding.");
    Ok(())
}
