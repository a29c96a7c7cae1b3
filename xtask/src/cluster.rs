//! The lane `cluster`: a real Kubernetes control plane (`tests/cluster`, Go), a real node where this machine
//! can have one, and the tests that need them.
//!
//! From an empty cache Go compiles Kubernetes for some minutes, so it begins with the first lane, beside
//! linters that leave a core free, and is over before Rust is linked. Its cache lies in cargo's target folder
//! and is kept with it.

use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use crate::packages::{self, Purpose};
use crate::page;
use crate::shell::{Shell, command, is_root, say, step};

/// As `tests/cluster/go.mod` requires it; without it the server would call itself v0.0.0-master.
const VERSION: &str = "v1.36.2";
/// Go's minor version that this Kubernetes is made for.
const GO: u32 = 26;
/// The test targets `cluster`. Every lane builds with them, so that nothing is built twice.
pub const FEATURES: &[&str] = &["--features", "slipway-deploy/cluster,slipway-tests/cluster"];
/// What needs the control plane and is not run without it.
const NEEDS_IT: &str =
    "the lane `cluster`, and the journeys on a control plane in tests/e2e/promotion.spec.ts";
/// What a real node needs of this machine.
const NODE_NEEDS: &[(&str, &str)] = &[
    ("containerd", "/usr/bin/containerd"),
    ("ctr", "/usr/bin/ctr"),
    ("the CNI plugin `bridge`", "/usr/lib/cni/bridge"),
    ("the CNI plugin `host-local`", "/usr/lib/cni/host-local"),
    ("busybox", "/bin/busybox"),
    ("ip", "/usr/sbin/ip"),
];

/// A folder of its own: it goes onto the PATH.
const KUBECTL: &str = "bin/kubectl";

/// What Go has built.
pub struct Programs {
    control_plane: PathBuf,
    kubectl: PathBuf,
    node: Option<PathBuf>,
}

/// Go at work.
pub struct Building(JoinHandle<Result<Programs, String>>);

impl Programs {
    /// Lets tests find them.
    pub fn surround(&self, shell: Shell) -> Shell {
        let shell = shell.env("SLIPWAY_CLUSTER_BIN", &text(&self.control_plane));
        match &self.node {
            Some(node) => shell.env("SLIPWAY_NODE_BIN", &text(node)),
            None => shell,
        }
    }

    /// Puts kubectl onto the PATH, which builds kustomizations. Other lanes have tests for a machine without it.
    pub fn with_kubectl(&self, shell: Shell) -> Shell {
        let mut folders: Vec<PathBuf> =
            self.kubectl.parent().map(Path::to_owned).into_iter().collect();
        folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let path = std::env::join_paths(folders).unwrap_or_default();
        shell.env("PATH", &path.to_string_lossy())
    }
}

/// Starts to build in the background.
pub fn begin(target: &Path) -> Building {
    let target = target.to_owned();
    Building(std::thread::spawn(move || {
        let control_plane = build(&target, ".", "control-plane")?;
        let node = match lacks_for_node() {
            Some(_) => None,
            None => Some(build(&target, "./kubelet", "node")?),
        };
        let kubectl = build(&target, "./kubectl", KUBECTL)?;
        Ok(Programs { control_plane, kubectl, node })
    }))
}

impl Building {
    /// Waits for the programs. Without a Go that can build them, what does not run is said; CI fails.
    pub fn finish(self, is_ci: bool) -> Result<Option<Programs>, String> {
        step("Build the control plane");
        let built = self.0.join().map_err(|_| "The build of the control plane broke off.")?;
        if let Some(lack) = lacks_go() {
            let message = format!("{lack} Did not run: {NEEDS_IT}.");
            if is_ci {
                return Err(message);
            }
            say(&message);
            return Ok(None);
        }
        let programs = built?;
        if let Some(lack) = lacks_for_node() {
            say(&format!("{lack} Without a real node, does not run: tests/it_cluster/kubelet.rs."));
        }
        Ok(Some(programs))
    }
}

/// Runs the lane's tests in the surroundings of all others.
pub fn run(surround: impl Fn(Shell) -> Shell) -> Result<(), String> {
    step("The Go of the control plane");
    let untidy = command("gofmt", &["-l", "."]).within("tests/cluster").read()?;
    if !untidy.trim().is_empty() {
        return Err(format!("gofmt would change, in tests/cluster:\n{untidy}"));
    }
    // `--all-targets` leaves out what runs by its name only.
    step("Clippy of the cluster tests");
    cargo("clippy", &["--", "-D", "warnings"]).run()?;
    step("Against a real API server");
    surround(cargo("test", &[])).run()
}

/// Cargo with the test targets of this lane.
fn cargo(verb: &str, more: &[&str]) -> Shell {
    let words = [&[verb, "--workspace"], FEATURES, &["--test", "cluster"], more];
    command("cargo", &words.concat())
}

/// Measures the cluster view, or a deployment, beside kubectl, both in one run.
pub fn bench(target: &Path, bench: &str) -> Result<(), String> {
    step("Build the control plane and kubectl");
    let program = build(target, ".", "control-plane")?;
    let kubectl = build(target, "./kubectl", KUBECTL)?;
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
    step("Build the control plane");
    let program = build(target, ".", "control-plane")?;
    step("Build the release window and server");
    command("cargo", &["build", "--release", "-p", "slipway-desktop", "-p", "slipway-cli"])
        .run()?;
    step("Measure");
    command("node", &["tests/bench/cluster.mjs"]).env("SLIPWAY_CLUSTER_BIN", &text(&program)).run()
}

/// Why Go cannot build the control plane, in a sentence.
fn lacks_go() -> Option<String> {
    let version = match go(Path::new("."), &["env", "GOVERSION"]).read() {
        Ok(version) => version.trim().to_owned(),
        Err(error) => return Some(error),
    };
    let minor = version.strip_prefix("go1.").and_then(|rest| rest.split('.').next());
    let minor: u32 = minor.and_then(|text| text.parse().ok()).unwrap_or_default();
    let made_for = format!("Kubernetes {VERSION} is made for Go 1.{GO}; this is {version}.");
    if minor < GO {
        return Some(made_for);
    }
    if minor > GO {
        say(&made_for);
    }
    None
}

/// Why this machine can have no real node, in a sentence.
fn lacks_for_node() -> Option<String> {
    if !is_root() {
        return Some("Only root can start containers by a kubelet.".to_owned());
    }
    let lack = NODE_NEEDS.iter().find(|(_, shows)| !Path::new(shows).exists());
    if let Some((lack, shows)) = lack {
        return Some(format!("There is no {lack} ({shows})."));
    }
    let probe = ["--mount", "--pid", "--fork", "--mount-proc", "true"];
    let refusal = command("unshare", &probe).read().err()?;
    Some(format!("This machine does not let us make namespaces: {refusal}"))
}

/// Builds a package of `tests/cluster` and answers its program.
fn build(target: &Path, package: &str, name: &str) -> Result<PathBuf, String> {
    let program = target.join("cluster").join(name);
    let versions = "k8s.io/component-base/version";
    let flags = format!(
        "-s -w -X {versions}.gitVersion={VERSION} -X {versions}.gitMajor=1 -X {versions}.gitMinor=36"
    );
    let out = text(&program);
    go(target, &["build", "-trimpath", "-ldflags", &flags, "-o", &out, package]).read()?;
    Ok(program)
}

/// Go in its module. What is built in the background gives way to what somebody waits for, and ends with us.
fn go(target: &Path, words: &[&str]) -> Shell {
    // Off: the version would follow the state of this repository, and everything be linked anew.
    command("setpriv", &[&["--pdeathsig", "TERM", "nice", "go"], words].concat())
        .within("tests/cluster")
        .env("GOCACHE", &text(&target.join("go-cache")))
        .env("GOFLAGS", "-buildvcs=false")
}

fn text(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
