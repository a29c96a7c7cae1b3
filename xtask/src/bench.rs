//! Start-up time and memory of the window beside an empty one, and steps in containers beside other ways to
//! run a command there, and the canvas beside a bare one; reports, never tests.

use crate::bench_runner::install_act;
use crate::engine::Engine;
use crate::packages::{self, Purpose};
use crate::page;
use crate::shell::{command, finish, step};

/// Builds the release window and measures it.
pub fn bench() -> Result<(), String> {
    packages::ensure(Purpose::Test)?;
    page::install()?;
    page::build()?;
    step("Build the release window");
    command("cargo", &["build", "--release", "-p", "slipway-desktop"]).run()?;
    step("Build the empty window");
    command("cargo", &["build", "--release", "-p", "slipway-desktop", "--example", "empty_window"])
        .run()?;
    step("Measure");
    let outcome = command("node", &["tests/bench/startup.mjs"]).run();
    finish();
    outcome
}

/// Builds the release window and measures the pipeline's canvas in it and in Chromium.
pub fn canvas() -> Result<(), String> {
    packages::ensure(Purpose::Test)?;
    page::install()?;
    page::build()?;
    step("Build the release window and server");
    command("cargo", &["build", "--release", "-p", "slipway-desktop", "-p", "slipway-cli"])
        .run()?;
    step("Measure");
    let outcome = command("node", &["tests/bench/canvas.mjs"]).run();
    finish();
    outcome
}

/// Measures steps in a container.
pub fn containers() -> Result<(), String> {
    packages::ensure(Purpose::Test)?;
    // Held until the end: an engine that was started for it stops with it.
    let engine = Engine::for_run()?;
    let act = install_act()?;
    step("Measure");
    let outcome = command("cargo", &["bench", "-p", "slipway-runner", "--bench", "containers"])
        .env("SLIPWAY_BENCH_ACT", &act.to_string_lossy())
        .run();
    drop(engine);
    finish();
    outcome
}
