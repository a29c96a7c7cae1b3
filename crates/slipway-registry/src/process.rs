//! The registry's process: one child that never outlives the app, and the record that finds a
//! child which did.
//!
//! Called by `local.rs`. Two nets: `setpriv --pdeathsig` has the kernel end the child with us, also
//! after `kill -9`; where there is no `setpriv`, the record lets the next start end the orphan.
//! Deliberately not here: `unsafe`, so no `pre_exec`.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// How long an orphan may take to end by itself before it is killed.
const POLITE_LIMIT: Duration = Duration::from_secs(3);

/// A running registry; dropping it ends it.
#[derive(Debug)]
pub(crate) struct RegistryProcess {
    child: Mutex<Child>,
    record: PathBuf,
    /// The kernel watches the *thread* that started the child, so that thread has to last as long:
    /// it waits until this end of the channel is dropped.
    _keeper: Sender<()>,
}

/// Who runs the registry of a data folder.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    child: Identity,
    owner: Identity,
}

/// A process id alone may long belong to somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    pid: u32,
    /// Clock ticks after the machine's start.
    started: u64,
}

/// What the record of a data folder turned out to mean.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Former {
    /// Nothing runs there.
    None,
    /// A child whose app died was ended.
    Ended { pid: u32 },
    /// Another app, or this one, still uses it.
    InUse { owner: u32 },
}

impl RegistryProcess {
    /// Starts `program serve config`, with its output in the log, and writes the record.
    pub(crate) fn spawn(
        program: &Path,
        config: &Path,
        log: &Path,
        record: &Path,
    ) -> io::Result<Self> {
        let mut command = command(program, config);
        let out = File::options().create(true).append(true).open(log)?;
        command.stdin(Stdio::null()).stdout(out.try_clone()?).stderr(out);
        let (keeper, kept) = channel::<()>();
        let (give, take) = channel();
        thread::Builder::new().name("registry-keeper".to_owned()).spawn(move || {
            if give.send(command.spawn()).is_ok() {
                // Returns when the other end is dropped, which is what we wait for.
                kept.recv().ok();
            }
        })?;
        let child = take.recv().map_err(|_| io::Error::other("the keeper thread ended"))??;
        let process = Self { record: record.to_owned(), _keeper: keeper, child: Mutex::new(child) };
        process.write_record()?;
        Ok(process)
    }

    /// The exit status once it has ended.
    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        self.child().try_wait().ok().flatten()
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child().id()
    }

    /// Ends it and waits for that. Blobs are safe: they are moved into place when they are whole.
    pub(crate) fn end(&self) {
        let mut child = self.child();
        // An error means that it has ended already.
        child.kill().ok();
        child.wait().ok();
        fs::remove_file(&self.record).ok();
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        match self.child.lock() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        }
    }

    fn write_record(&self) -> io::Result<()> {
        let owner = std::process::id();
        let identity = |pid| Identity { pid, started: started(pid).unwrap_or_default() };
        let record = Record { child: identity(self.pid()), owner: identity(owner) };
        let text = serde_json::to_string(&record).map_err(io::Error::other)?;
        fs::write(&self.record, text + "\n")
    }
}

impl Drop for RegistryProcess {
    fn drop(&mut self) {
        self.end();
    }
}

fn command(program: &Path, config: &Path) -> Command {
    let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].map(Path::new);
    let mut command = match setpriv.iter().find(|path| path.is_file()) {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "SIGKILL"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.arg("serve").arg(config).env("OTEL_TRACES_EXPORTER", "none");
    // The registry lets REGISTRY_… override its configuration, which is ours to write.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("REGISTRY_") {
            command.env_remove(name);
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // Ctrl-C in a terminal is for the app, which ends the registry last.
        command.process_group(0);
    }
    command
}

/// Looks who used the data folder last, and ends a child whose app is gone.
pub(crate) fn settle_former(record: &Path, config: &Path) -> Former {
    let Some(former) =
        fs::read_to_string(record).ok().and_then(|text| serde_json::from_str::<Record>(&text).ok())
    else {
        return Former::None;
    };
    if !is_running(former.child) || !names_config(former.child.pid, config) {
        return Former::None;
    }
    if is_running(former.owner) {
        return Former::InUse { owner: former.owner.pid };
    }
    end_orphan(former.child);
    Former::Ended { pid: former.child.pid }
}

fn is_running(identity: Identity) -> bool {
    identity.started != 0 && started(identity.pid) == Some(identity.started)
}

fn names_config(pid: u32, config: &Path) -> bool {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    line.split(|byte| *byte == 0).any(|word| word == config.as_os_str().as_encoded_bytes())
}

/// Field 22 of `/proc/<pid>/stat` (proc(5)); `None` for zombies and where there is no `/proc`.
fn started(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may itself hold blanks and parentheses.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?;
    // The first thread may be gone while others still hold the port.
    let threads = || fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
    if state == "Z" && threads() <= 1 { None } else { fields.nth(18)?.parse().ok() }
}

fn end_orphan(orphan: Identity) {
    for signal in ["TERM", "KILL"] {
        // The shell's own `kill` is on every machine; the standard library cannot signal others.
        let pid = orphan.pid.to_string();
        let script = format!("kill -{signal} \"$1\"");
        Command::new("/bin/sh")
            .args(["-c", &script, "sh", &pid])
            .stderr(Stdio::null())
            .status()
            .ok();
        let end = Instant::now() + POLITE_LIMIT;
        while is_running(orphan) && Instant::now() < end {
            thread::sleep(Duration::from_millis(20));
        }
        if !is_running(orphan) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_its_start() {
        let own = std::process::id();
        let ticks = started(own).unwrap();
        assert!(is_running(Identity { pid: own, started: ticks }));
        assert!(!is_running(Identity { pid: own, started: ticks + 1 }), "a reused process id");
        assert!(!is_running(Identity { pid: own, started: 0 }), "an unknown start is no proof");
    }

    #[test]
    fn a_stranger_with_our_process_id_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let mut stranger = Command::new("sleep").arg("600").spawn().unwrap();
        let child = Identity { pid: stranger.id(), started: started(stranger.id()).unwrap() };
        let record = dir.path().join("registry.pid");
        let text = serde_json::to_string(&Record { child, owner: Identity { pid: 1, started: 0 } });
        fs::write(&record, text.unwrap()).unwrap();
        assert_eq!(settle_former(&record, &dir.path().join("config.yml")), Former::None);
        assert!(stranger.try_wait().unwrap().is_none(), "its command line names no config of ours");
        stranger.kill().unwrap();
        stranger.wait().unwrap();
    }
}
