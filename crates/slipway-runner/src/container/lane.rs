//! One shell per container that steps are sent to, so that a step costs a fork and not a call of the engine.
//!
//! The runner and the shell share a folder with named pipes: `commands` and `answers` for the lane, and two
//! for the output of each step. A step's output therefore reaches the runner as it would from a child of its
//! own: byte for byte, streams apart, ended by the last process that holds it. A step that holds no secret is
//! a file that the shell reads; one that does is only sent through the pipe, so the secret is never on disk.
//! The shell ends when the runner does, since nobody then holds the pipe of commands.
//! Called by `container`. Deliberately not here: what becomes of the output (`follow`).

use std::fs::{OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use nix::libc::O_NONBLOCK;
use nix::sys::signal::Signal;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use slipway_engine::Engine;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::unix::pipe;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use super::Container;
use super::words::{quoted, statements};
use crate::follow::Program;
use crate::output::Output;
use crate::process::ProcessOrder;

const SCRIPT: &str = include_str!("lane.sh");
/// A shell that has not answered by then has no way to the folder.
const READY_PATIENCE: Duration = Duration::from_secs(20);
/// A killed program that has not ended by then cannot be ended.
const KILL_PATIENCE: Duration = Duration::from_secs(5);

/// The shell of a container.
pub(super) struct Lane {
    folder: PathBuf,
    commands: pipe::Sender,
    answers: Lines<BufReader<pipe::Receiver>>,
    /// The shell has ended.
    ended: CancellationToken,
    steps: u64,
    pipe_mode: Mode,
}

/// What a lane is started with.
pub(super) struct LaneOrder<'a> {
    pub(super) folder: PathBuf,
    pub(super) shell: &'a str,
    /// Steps run as somebody else than this process.
    pub(super) is_other_user: bool,
}

fn open(path: &Path, reads: bool, writes: bool) -> io::Result<std::fs::File> {
    OpenOptions::new().read(reads).write(writes).custom_flags(O_NONBLOCK).open(path)
}

impl Lane {
    /// Starts the shell; an error says why there is none.
    pub(super) async fn start(
        engine: &Engine,
        container: &Container,
        order: LaneOrder<'_>,
    ) -> Result<Self, String> {
        let told = |error: io::Error| error.to_string();
        let (folder_mode, pipe_mode) = if order.is_other_user {
            (0o711, Mode::from_bits_truncate(0o666))
        } else {
            (0o700, Mode::S_IRUSR | Mode::S_IWUSR)
        };
        std::fs::create_dir_all(&order.folder).map_err(told)?;
        std::fs::set_permissions(&order.folder, Permissions::from_mode(folder_mode))
            .map_err(told)?;
        let (commands, answers) = (order.folder.join("commands"), order.folder.join("answers"));
        for path in [&commands, &answers] {
            make_pipe(path, pipe_mode).map_err(told)?;
        }
        // Open on both ends, so that neither side waits for the other.
        let commands = pipe::Sender::from_file(open(&commands, true, true).map_err(told)?);
        let answers = pipe::Receiver::from_file(open(&answers, true, true).map_err(told)?);
        let line = [order.shell, "-c", SCRIPT, "slipway", &order.folder.display().to_string()];
        let spec = container.exec(line.iter().map(|word| (*word).to_owned()).collect());
        let running = engine.attach(&container.id, &spec).await;
        let mut running = running.map_err(|error| error.to_string())?;
        let ended = CancellationToken::new();
        let (said, end) = (Arc::new(std::sync::Mutex::new(Vec::new())), ended.clone());
        let words = Arc::clone(&said);
        tokio::spawn(async move {
            while let Some(Ok((_, bytes))) = running.next().await {
                let mut words = crate::scope::lock(&words);
                if words.len() < 4096 {
                    words.extend_from_slice(&bytes);
                }
            }
            end.cancel();
        });
        let mut lane = Self {
            folder: order.folder,
            commands: commands.map_err(told)?,
            answers: BufReader::new(answers.map_err(told)?).lines(),
            ended: ended.clone(),
            steps: 0,
            pipe_mode,
        };
        let ready = tokio::select! {
            () = ended.cancelled() => None,
            line = timeout(READY_PATIENCE, lane.answers.next_line()) => line.ok(),
        };
        match ready {
            Some(Ok(Some(line))) if line == "ready" => Ok(lane),
            _ => {
                let said = String::from_utf8_lossy(&crate::scope::lock(&said)).trim().to_owned();
                Err(if said.is_empty() { "its shell does not answer".to_owned() } else { said })
            }
        }
    }

    /// Sends a step.
    pub(super) async fn begin<'a>(
        &'a mut self,
        container: &Arc<Container>,
        order: &ProcessOrder,
        output: &Output<'_>,
    ) -> io::Result<(LaneStep<'a>, (Option<pipe::Receiver>, Option<pipe::Receiver>))> {
        self.steps += 1;
        // A step may have emptied the temporary folder.
        std::fs::create_dir_all(&self.folder)?;
        let named = |ending: &str| self.folder.join(format!("{}.{ending}", self.steps));
        let (out, err, file) = (named("out"), named("err"), named("sh"));
        let (stdout, hold_out) = self.step_pipe(&out)?;
        let (stderr, hold_err) = self.step_pipe(&err)?;
        let all = statements(order, (&out, &err));
        let text = all.join("\n");
        let line = if output.holds_secret(&text) {
            format!("{}\n", all.join("; "))
        } else {
            std::fs::write(&file, text + "\n")?;
            format!(". {}\n", quoted(&file.display().to_string()))
        };
        self.commands.write_all(line.as_bytes()).await?;
        let step = LaneStep {
            container: Arc::clone(container),
            marker: order.marker.clone(),
            answers: &mut self.answers,
            ended: &self.ended,
            held: Some((hold_out, hold_err)),
            files: [out, err, file],
            pid: None,
            pending: None,
            is_missing: false,
            give_up: None,
            code: None,
        };
        Ok((step, (Some(stdout), Some(stderr))))
    }

    /// A pipe with both of its ends: while the second is held, the first does not end.
    fn step_pipe(&self, path: &Path) -> io::Result<(pipe::Receiver, std::fs::File)> {
        make_pipe(path, self.pipe_mode)?;
        let reader = pipe::Receiver::from_file(open(path, true, false)?)?;
        Ok((reader, open(path, false, true)?))
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        // What stays goes with the job's temporary folder.
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// Makes a named pipe with exactly these rights, whatever the umask says.
fn make_pipe(path: &Path, mode: Mode) -> io::Result<()> {
    mkfifo(path, mode)?;
    std::fs::set_permissions(path, Permissions::from_mode(mode.bits()))
}

/// A step that the shell runs.
pub(super) struct LaneStep<'a> {
    container: Arc<Container>,
    marker: String,
    answers: &'a mut Lines<BufReader<pipe::Receiver>>,
    ended: &'a CancellationToken,
    /// Our own writing ends, until the shell has opened its own.
    held: Option<(std::fs::File, std::fs::File)>,
    files: [PathBuf; 3],
    /// The step's process, which leads its group.
    pid: Option<String>,
    /// A signal that came before the step had told who it is.
    pending: Option<Signal>,
    is_missing: bool,
    give_up: Option<Instant>,
    code: Option<i32>,
}

impl LaneStep<'_> {
    /// True if the container has no such program.
    pub(super) fn is_missing(&self) -> bool {
        self.is_missing
    }

    fn send(&self, signal: Signal, pid: String) {
        let container = Arc::clone(&self.container);
        let name = signal.as_str().trim_start_matches("SIG").to_owned();
        tokio::spawn(async move {
            let line = "kill -$1 -$2 2>/dev/null || kill -$1 $2";
            container.shell_line(line, &[&name, &pid]).await;
        });
    }
}

#[async_trait]
impl Program for LaneStep<'_> {
    async fn wait(&mut self) -> io::Result<i32> {
        if let Some(code) = self.code {
            return Ok(code);
        }
        loop {
            let give_up = self.give_up;
            let patience = async move {
                match give_up {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            let line = tokio::select! {
                biased;
                line = self.answers.next_line() => line?.unwrap_or_default(),
                () = self.ended.cancelled() => {
                    self.container.lose();
                    self.held = None;
                    return Err(io::Error::other("the container has ended"));
                }
                () = patience => {
                    // The container is removed with the job; nothing more runs in it.
                    self.container.lose();
                    self.held = None;
                    self.container.engine.kill(&self.container.id).await.ok();
                    self.code = Some(137);
                    return Ok(137);
                }
            };
            match line.split_once(' ') {
                Some(("started", pid)) => {
                    self.pid = Some(pid.to_owned());
                    if let Some(signal) = self.pending.take() {
                        self.send(signal, pid.to_owned());
                    }
                }
                Some(("ended", code)) => {
                    self.held = None;
                    let code = code.parse().unwrap_or(1);
                    self.code = Some(code);
                    return Ok(code);
                }
                _ => self.is_missing |= line == "missing",
            }
        }
    }

    fn signal(&mut self, signal: Signal) {
        if signal == Signal::SIGKILL && self.code.is_none() {
            self.give_up.get_or_insert(Instant::now() + KILL_PATIENCE);
        }
        match self.pid.clone() {
            Some(pid) => self.send(signal, pid),
            None => self.pending = Some(signal),
        }
    }

    async fn end_rest(&mut self) {
        self.container.end_strays(&self.marker).await;
    }
}

impl Drop for LaneStep<'_> {
    fn drop(&mut self) {
        if self.code.is_none() && !self.ended.is_cancelled() {
            // Nobody reads its end any more, so the lane cannot be used again.
            self.container.lose();
        }
        for file in &self.files {
            // Most steps have no file.
            std::fs::remove_file(file).ok();
        }
    }
}
