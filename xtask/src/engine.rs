//! A container engine for the time of a command: the one that answers, else one that is started here
//! and stopped again.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::shell::{command, say, step};

const USUAL: &str = "/var/run/docker.sock";

/// An engine that answers.
pub struct Engine {
    socket: PathBuf,
    child: Option<Child>,
    folder: Option<PathBuf>,
}

impl Engine {
    /// Uses the engine of this machine, or starts one with its usual data.
    pub fn for_run() -> Result<Self, String> {
        step("Container engine");
        if answers(Path::new(USUAL)) {
            say("The engine of this machine answers.");
            return Ok(Self { socket: USUAL.into(), child: None, folder: None });
        }
        if Path::new("/run/systemd/system").exists() {
            say("Start it by systemd.");
            command("systemctl", &["start", "docker"]).run()?;
            wait_for(Path::new(USUAL), None)?;
            return Ok(Self { socket: USUAL.into(), child: None, folder: None });
        }
        Self::start(Path::new(USUAL), &[])
    }

    /// Uses the engine of this machine, or starts one whose data lies in a folder of its own.
    pub fn for_test(folder: &Path) -> Result<Self, String> {
        step("Container engine");
        if answers(Path::new(USUAL)) {
            say("The engine of this machine answers; what the tests make there they remove.");
            return Ok(Self { socket: USUAL.into(), child: None, folder: None });
        }
        let home = folder.join("engine");
        std::fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
        let at = |name: &str| home.join(name).display().to_string();
        let mut engine = Self::start(
            &home.join("docker.sock"),
            &[
                "--data-root",
                &at("data"),
                "--exec-root",
                &at("exec"),
                "--pidfile",
                &at("dockerd.pid"),
            ],
        )?;
        engine.folder = Some(home);
        Ok(engine)
    }

    fn start(socket: &Path, words: &[&str]) -> Result<Self, String> {
        use std::os::unix::process::CommandExt as _;
        say(&format!("None answers: start dockerd at {}.", socket.display()));
        let log = std::env::temp_dir().join(format!("slipway-dockerd-{}.log", std::process::id()));
        let file =
            std::fs::File::create(&log).map_err(|error| format!("{}: {error}", log.display()))?;
        let copy = file.try_clone().map_err(|error| error.to_string())?;
        let host = format!("unix://{}", socket.display());
        let mut all = vec!["--host", host.as_str()];
        all.extend(words);
        // A group of its own: Ctrl+C reaches the app first and the engine last.
        let mut child = command("dockerd", &all)
            .into_inner()
            .stdout(Stdio::from(file))
            .stderr(Stdio::from(copy))
            .process_group(0)
            .spawn()
            .map_err(|error| format!("dockerd cannot be started: {error}."))?;
        if let Err(message) = wait_for(socket, Some(&mut child)) {
            let tail = std::fs::read_to_string(&log).unwrap_or_default();
            let lines: Vec<&str> = tail.lines().rev().take(15).collect();
            child.kill().ok();
            child.wait().ok();
            return Err(format!(
                "{message} Its last lines:\n{}",
                lines.into_iter().rev().collect::<Vec<_>>().join("\n")
            ));
        }
        std::fs::remove_file(&log).ok();
        say("It answers.");
        Ok(Self { socket: socket.to_owned(), child: Some(child), folder: None })
    }

    /// `unix:///…`, as the app takes it.
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let Some(child) = &mut self.child else { return };
        say("Stop the engine that was started here.");
        command("kill", &["-TERM", &child.id().to_string()]).run().ok();
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until && matches!(child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(100));
        }
        child.kill().ok();
        child.wait().ok();
        if let Some(folder) = &self.folder {
            unmount_below(folder);
            std::fs::remove_dir_all(folder).ok();
        }
    }
}

/// A killed engine may leave mounts behind; a folder with mounts cannot be removed.
fn unmount_below(folder: &Path) {
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts") else { return };
    let prefix = folder.display().to_string();
    for target in mounts.lines().rev().filter_map(|line| line.split(' ').nth(1)) {
        if target.starts_with(&prefix) {
            command("umount", &["-l", target]).run().ok();
        }
    }
}

fn wait_for(socket: &Path, mut child: Option<&mut Child>) -> Result<(), String> {
    let until = Instant::now() + Duration::from_secs(60);
    while Instant::now() < until {
        if answers(socket) {
            return Ok(());
        }
        if let Some(child) = child.as_deref_mut()
            && let Ok(Some(status)) = child.try_wait()
        {
            return Err(format!("dockerd ended with {status}."));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Err(format!("No engine answered at {} within a minute.", socket.display()))
}

fn answers(socket: &Path) -> bool {
    let Ok(mut stream) = UnixStream::connect(socket) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok();
    let asked =
        stream.write_all(b"GET /_ping HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n");
    let mut answer = [0u8; 64];
    asked.is_ok()
        && stream.read(&mut answer).is_ok_and(|read| answer[..read].starts_with(b"HTTP/1.1 200"))
}
