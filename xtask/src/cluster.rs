//! The lane `cluster`: builds a real Kubernetes control plane (`tests/cluster`, Go) and runs the tests
//! that need it.
//!
//! Not among the lanes that run by themselves: from an empty cache Go compiles Kubernetes for some
//! minutes. Cached, the lane is as quick as any.

use std::path::{Path, PathBuf};

use crate::packages::{self, Purpose};
use crate::page;
use crate::shell::{Shell, command, say, step};

/// As `tests/cluster/go.mod` requires it; without it the server would call itself v0.0.0-master.
const VERSION: &str = "v1.36.2";
/// Packages with tests of that lane.
const PACKAGES: &[&str] = &["slipway-deploy", "slipway-tests"];

/// Runs it. `target` is cargo's, `scratch` a folder of this run.
pub fn run(target: &Path, scratch: &Path) -> Result<(), String> {
    let program = build(target)?;
    go(target, &["vet", "./..."]).run()?;
    step("Clippy of the cluster tests");
    for package in PACKAGES {
        let words = [
            "clippy",
            "-p",
            package,
            "--features",
            "cluster",
            "--test",
            "cluster",
            "--",
            "-D",
            "warnings",
        ];
        command("cargo", &words).run()?;
    }
    step("The cluster target against a real API server");
    for package in PACKAGES {
        command("cargo", &["test", "-p", package, "--features", "cluster", "--test", "cluster"])
            .env("SLIPWAY_CLUSTER_BIN", &text(&program))
            .env("TMPDIR", &text(scratch))
            .run()?;
    }
    Ok(())
}

/// Measures the cluster view, or a deployment, beside kubectl, both in one run.
pub fn bench(target: &Path, bench: &str) -> Result<(), String> {
    let program = build(target)?;
    let kubectl = target.join("cluster").join("kubectl");
    go(target, &["build", "-trimpath", "-o", &text(&kubectl), "./kubectl"]).run()?;
    step("Measure");
    let words = ["bench", "-p", "slipway-deploy", "--features", "cluster", "--bench", bench];
    command("cargo", &words)
        .env("SLIPWAY_CLUSTER_BIN", &text(&program))
        .env("SLIPWAY_BENCH_KUBECTL", &text(&kubectl))
        .run()
}

/// Measures the lists of the Cluster room in Chromium and in the release window.
pub fn bench_page(target: &Path) -> Result<(), String> {
    packages::ensure(Purpose::Test)?;
    page::install()?;
    page::build()?;
    let program = build(target)?;
    step("Build the release window and server");
    command("cargo", &["build", "--release", "-p", "slipway-desktop", "-p", "slipway-cli"])
        .run()?;
    step("Measure");
    command("node", &["tests/bench/cluster.mjs"])
        .env("SLIPWAY_CLUSTER_BIN", &text(&program))
        .run()
}

/// Builds the control plane and answers its program.
fn build(target: &Path) -> Result<PathBuf, String> {
    step("Build the control plane");
    let version = command("go", &["env", "GOVERSION"]).read().map_err(|error| {
        format!("The lane `cluster` needs Go 1.26, and none of its tests ran: {error}")
    })?;
    if !version.starts_with("go1.26") {
        say(&format!("Kubernetes {VERSION} is made for Go 1.26; this is {}.", version.trim()));
    }
    let program = target.join("cluster").join("control-plane");
    let package = "k8s.io/component-base/version";
    let flags = format!(
        "-s -w -X {package}.gitVersion={VERSION} -X {package}.gitMajor=1 -X {package}.gitMinor=36"
    );
    let words = ["build", "-trimpath", "-ldflags", &flags, "-o", &text(&program), "."];
    go(target, &words).run()?;
    Ok(program)
}

fn go(target: &Path, words: &[&str]) -> Shell {
    // Off: the version would follow the state of this repository, and everything be linked anew.
    command("go", words)
        .within("tests/cluster")
        .env("GOCACHE", &text(&target.join("go-cache")))
        .env("GOFLAGS", "-buildvcs=false")
}

fn text(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
