//! `cargo xtask run`: from a bare machine to the sample project on the screen.

use crate::engine::Engine;
use crate::packages::{self, Purpose};
use crate::page;
use crate::shell::{command, finish, root, say, step};

/// Installs, builds, opens.
pub fn run(words: &[String]) -> Result<(), String> {
    let (ours, rest) = match words.iter().position(|word| word == "--") {
        Some(at) => (&words[..at], &words[at + 1..]),
        None => (words, &[][..]),
    };
    if let Some(unknown) =
        ours.iter().find(|word| !["--headless", "--release"].contains(&word.as_str()))
    {
        return Err(format!("`run` knows --headless and --release, not {unknown}."));
    }
    let asked_headless = ours.iter().any(|word| word == "--headless");
    let has_display =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let is_headless = asked_headless || !has_display;
    if is_headless && !asked_headless {
        say("There is no display: the loop runs in this terminal.");
    }
    packages::ensure(if is_headless { Purpose::Headless } else { Purpose::Window })?;
    page::install()?;
    page::build()?;
    let is_release = ours.iter().any(|word| word == "--release");
    let program = if is_headless { "slipway" } else { "slipway-desktop" };
    build(is_headless, is_release)?;
    let engine = Engine::for_run()?;
    step("Slipway");
    let folder = std::env::var("CARGO_TARGET_DIR")
        .unwrap_or_else(|_| root().join("target").display().to_string());
    let binary = format!("{folder}/{}/{program}", if is_release { "release" } else { "debug" });
    let mut all: Vec<&str> = Vec::new();
    if is_headless {
        all.push("run");
        if !asked_headless {
            all.push("--keep");
        }
    }
    all.extend(rest.iter().map(String::as_str));
    let outcome =
        command(&binary, &all).env("SLIPWAY_ENGINE", &engine.address()).interactive().run();
    drop(engine);
    finish();
    outcome
}

fn build(is_headless: bool, is_release: bool) -> Result<(), String> {
    step("Build Slipway (the first time takes some minutes)");
    let package = if is_headless { "slipway-cli" } else { "slipway-desktop" };
    let mut words = vec!["build", "-p", package];
    if is_release {
        words.push("--release");
    }
    command("cargo", &words).run()
}
