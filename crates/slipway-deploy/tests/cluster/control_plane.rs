//! The control plane of `tests/cluster`, started once for this test binary and gone with it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Contexts of its kubeconfig, as `tests/cluster/kubeconfig.go` writes them.
pub(crate) const ADMIN: &str = "slipway-test";

/// A running one. Its standard input is held open here: when this process ends, however it ends, the
/// control plane ends too and removes its files.
pub(crate) struct ControlPlane {
    pub(crate) kubeconfig: PathBuf,
    child: Child,
}

impl ControlPlane {
    /// Lets every watch that wants to go on from before be told that it has expired.
    pub(crate) fn expire_watches(&self) {
        let told = Command::new("kill").arg("-USR1").arg(self.child.id().to_string()).status();
        assert!(told.is_ok_and(|status| status.success()), "the control plane runs");
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}

static STARTED: OnceLock<ControlPlane> = OnceLock::new();

/// The one of this test binary.
pub(crate) fn control_plane() -> &'static ControlPlane {
    STARTED.get_or_init(|| start("", &[]))
}

/// Another one, told apart by a name. It ends when it is dropped.
pub(crate) fn start(name: &str, words: &[&str]) -> ControlPlane {
    let folder = std::env::temp_dir();
    let own = format!("slipway-cluster-{}{name}.kubeconfig", std::process::id());
    let data = folder.to_string_lossy();
    ControlPlane::of(folder.join(own), &[&["--data", &*data], words].concat())
}

impl ControlPlane {
    /// One that goes on where an earlier one in the folder was killed.
    pub(crate) fn kept(folder: &Path) -> Self {
        Self::of(folder.join("kubeconfig"), &["--keep", &folder.to_string_lossy()])
    }

    /// Ends it at once, as a crash of its machine does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
    }

    fn of(kubeconfig: PathBuf, words: &[&str]) -> Self {
        let program = std::env::var_os("SLIPWAY_CLUSTER_BIN").expect(
            "this test needs a Kubernetes control plane: run `cargo xtask test cluster`, or set \
             SLIPWAY_CLUSTER_BIN to the program that `go build` makes of tests/cluster",
        );
        let mut child = Command::new(&program)
            .arg("--kubeconfig")
            .arg(&kubeconfig)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started: {error}", program.display()));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with('{'), "it says on standard error why it is not ready");
        Self { kubeconfig, child }
    }
}
