//! Start-up time and memory of the window beside an empty one; a report, never a test.

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
