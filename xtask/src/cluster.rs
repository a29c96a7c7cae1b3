//! The lane `cluster`: builds a real Kubernetes control plane (`tests/cluster`, Go) and runs the tests
//! that need it.
//!
//! Not among the lanes that run by themselves: from an empty cache Go compiles Kubernetes for some
//! minutes. Cached, the lane is as quick as any.

use std::path::Path;

use crate::shell::{command, say, step};

/// As `tests/cluster/go.mod` requires it; without it the server would call itself v0.0.0-master.
const VERSION: &str = "v1.36.2";
/// Packages with tests of that lane.
const PACKAGES: &[&str] = &["slipway-deploy", "slipway-tests"];

/// Runs it. `target` is cargo's, `scratch` a folder of this run.
pub fn run(target: &Path, scratch: &Path) -> Result<(), String> {
    step("Build the control plane");
    let go = command("go", &["env", "GOVERSION"]).read().map_err(|error| {
        format!("The lane `cluster` needs Go 1.26, and none of its tests ran: {error}")
    })?;
    if !go.starts_with("go1.26") {
        say(&format!("Kubernetes {VERSION} is made for Go 1.26; this is {}.", go.trim()));
    }
    let program = target.join("cluster").join("control-plane");
    let package = "k8s.io/component-base/version";
    let flags = format!(
        "-s -w -X {package}.gitVersion={VERSION} -X {package}.gitMajor=1 -X {package}.gitMinor=36"
    );
    let words = ["build", "-trimpath", "-ldflags", &flags, "-o", &text(&program), "."];
    let cache = text(&target.join("go-cache"));
    // Off: the version would follow the state of this repository, and everything be linked anew.
    let go = |words: &[&str]| {
        command("go", words)
            .within("tests/cluster")
            .env("GOCACHE", &cache)
            .env("GOFLAGS", "-buildvcs=false")
    };
    go(&words).run()?;
    go(&["vet", "."]).run()?;
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

fn text(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
