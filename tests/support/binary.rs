//! The `slipway` binary, as a user starts it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::Sandbox;

/// The binary, built from what is here now.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let folder = match std::env::var_os("SLIPWAY_BIN_DIR") {
            // `cargo xtask test` has built it.
            Some(folder) => return PathBuf::from(folder).join("slipway"),
            // target/debug/deps/it-… lies below target/debug.
            None => std::env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned(),
        };
        let path = folder.join("slipway");
        // `cargo test` builds no binary of another package; a stale one would test yesterday's code.
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let built = Command::new(cargo)
            .args(["build", "--quiet", "--package", "slipway-cli"])
            .current_dir(root)
            .status()
            .unwrap();
        assert!(built.success(), "the command line builds");
        assert!(path.is_file(), "the command line is at {}", path.display());
        path
    })
}

/// Runs the binary on the sandbox's data folder to its end.
pub fn slipway(sandbox: &Sandbox, words: &[&str]) -> Output {
    let mut command = sandbox.command(binary());
    command.arg("--data-dir").arg(sandbox.data()).args(words).stdin(Stdio::null());
    command.output().unwrap()
}

/// `slipway call`: the answer of a command, which must succeed.
#[track_caller]
pub fn call(sandbox: &Sandbox, name: &str, request: &Value) -> Value {
    let output = slipway(sandbox, &["call", name, &request.to_string()]);
    assert!(
        output.status.success(),
        "slipway call {name} {request} succeeds: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A `slipway` that goes on while the test does; ended when dropped.
pub struct Slipway {
    child: Child,
    said: Arc<Mutex<String>>,
    lines: Receiver<String>,
}

impl Slipway {
    /// Starts it on the sandbox's data folder.
    pub fn start(sandbox: &Sandbox, words: &[&str]) -> Self {
        let mut command = sandbox.command(binary());
        command.arg("--data-dir").arg(sandbox.data()).args(words);
        Self::spawn(command)
    }

    /// Starts a prepared command.
    pub fn spawn(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (send, lines) = channel();
        let out = child.stdout.take().unwrap();
        let err = child.stderr.take().unwrap();
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                add(&heard, &line);
                // Nobody may be listening for lines any more.
                send.send(line).ok();
            }
        });
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                add(&heard, &line);
            }
        });
        Self { child, said, lines }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Everything it has said.
    pub fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The address that a line of its names, such as the page's.
    #[track_caller]
    pub fn address(&self) -> String {
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) => {
                    if let Some(at) =
                        line.find("http://127.0.0.1:").filter(|_| line.contains("token="))
                    {
                        return line[at..].trim().to_owned();
                    }
                }
                Err(error) => panic!("no address was printed ({error}): {}", self.said()),
            }
        }
    }

    /// True while it runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it at once, as a power cut does: only this process, not its children.
    pub fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }

    /// Asks it to end and waits for that; answers its exit code.
    pub fn stop(mut self) -> Option<i32> {
        self.terminate()
    }

    fn terminate(&mut self) -> Option<i32> {
        if !self.is_alive() {
            return self.child.wait().ok().and_then(|status| status.code());
        }
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.pid()).unwrap_or_default());
        nix::sys::signal::kill(pid, nix::sys::signal::SIGTERM).ok();
        let until = std::time::Instant::now() + Duration::from_secs(30);
        while self.is_alive() && std::time::Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
        let ended = !self.is_alive();
        self.kill();
        ended.then(|| self.child.wait().ok().and_then(|status| status.code())).flatten()
    }
}

impl Drop for Slipway {
    fn drop(&mut self) {
        self.terminate();
    }
}

/// A `slipway serve`, called as its page calls it.
pub struct Served {
    slipway: Slipway,
    base: String,
    token: String,
}

impl Served {
    /// Starts it on the sandbox's data folder and waits for its address.
    #[track_caller]
    pub fn start(sandbox: &Sandbox) -> Self {
        Self::of(Slipway::start(sandbox, &["serve"]))
    }

    /// One that was started another way; waits for its address.
    #[track_caller]
    pub fn of(slipway: Slipway) -> Self {
        let address = slipway.address();
        let (base, token) = address.split_once("/?token=").unwrap();
        Self { base: base.to_owned(), token: token.to_owned(), slipway }
    }

    /// Calls a command that must succeed.
    pub async fn call(&self, name: &str, request: Value) -> Value {
        let asked = crate::http()
            .post(format!("{}/rpc/{name}", self.base))
            .header("x-slipway-token", &self.token)
            .body(request.to_string());
        let answer = asked.send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{name} {request} succeeds: {status} {body}");
        body
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.slipway.pid()
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(mut self) {
        self.slipway.kill();
    }

    /// Asks it to end and waits for that; answers its exit code.
    pub fn stop(self) -> Option<i32> {
        self.slipway.stop()
    }
}

fn add(said: &Mutex<String>, line: &str) {
    let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
    said.push_str(line);
    said.push('\n');
}
