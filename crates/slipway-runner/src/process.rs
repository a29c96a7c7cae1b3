//! Runs one program of a step: own process group, output as it comes, ended for good when stopped.
//!
//! Called by the script tasks. Stopping goes SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL as the agent does
//! (§21), then whatever carries the step's marker is swept up. Deliberately not here: what the output
//! means (`output`).

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop, ProcessGroup};
use slipway_core::LogStream;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::error::RunnerError;
use crate::output::Output;
use crate::sweep::{STEP_MARKER, end_strays, end_strays_now};

const INTERRUPT_PATIENCE: Duration = Duration::from_millis(7_500);
const TERMINATE_PATIENCE: Duration = Duration::from_millis(2_500);
/// A program that ended may leave children that hold its output open; they are not waited for longer.
const OUTPUT_PATIENCE: Duration = Duration::from_secs(5);
const CHUNK: usize = 64 * 1024;

/// A program to run.
#[derive(Debug)]
pub(crate) struct ProcessOrder {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) folder: PathBuf,
    /// The whole environment; nothing is inherited.
    pub(crate) environment: Vec<(String, String)>,
    /// The value of [`STEP_MARKER`] in it.
    pub(crate) marker: String,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProcessEnd {
    /// With this code; 128 and the signal's number if a signal ended it.
    Exited(i32),
    /// It was stopped.
    Stopped,
}

/// Kills the group and its strays when the run is dropped while the program runs.
struct Leash<'a> {
    group: Option<i32>,
    marker: &'a str,
}

impl Drop for Leash<'_> {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // Whoever is gone already needs no signal.
            killpg(Pid::from_raw(group), Signal::SIGKILL).ok();
            end_strays_now(STEP_MARKER, self.marker);
        }
    }
}

/// Runs a program to its end.
pub(crate) async fn run(
    order: &ProcessOrder,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> Result<ProcessEnd, RunnerError> {
    let name = order.program.display().to_string();
    let mut child = spawn(order)
        .map_err(|source| RunnerError::ProgramStart { program: name.clone(), source })?;
    let group = child.id().and_then(|id| i32::try_from(id).ok());
    let mut leash = Leash { group, marker: &order.marker };
    let end = follow(&mut *child, output, cancel).await;
    if cancel.is_cancelled() {
        end_strays(STEP_MARKER, &order.marker, None).await;
    }
    leash.group = None;
    let status = end.map_err(|source| RunnerError::ProgramWait { program: name, source })?;
    Ok(if cancel.is_cancelled() {
        ProcessEnd::Stopped
    } else {
        let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
        ProcessEnd::Exited(code.unwrap_or(1))
    })
}

fn spawn(order: &ProcessOrder) -> std::io::Result<Box<dyn ChildWrapper>> {
    CommandWrap::with_new(&order.program, |command| {
        command
            .args(&order.arguments)
            .current_dir(&order.folder)
            .env_clear()
            .envs(order.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    })
    .wrap(ProcessGroup::leader())
    .wrap(KillOnDrop)
    .spawn()
}

/// How far the stopping has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stopping {
    No,
    Interrupted,
    Terminated,
    Killed,
}

async fn follow(
    child: &mut dyn ChildWrapper,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> std::io::Result<ExitStatus> {
    let mut stdout = Pipe::new(child.stdout().take());
    let mut stderr = Pipe::new(child.stderr().take());
    let mut status: Option<ExitStatus> = None;
    let mut stopping = Stopping::No;
    let mut due: Option<Instant> = None;
    while status.is_none() || stdout.is_open() || stderr.is_open() {
        let deadline = due.unwrap_or_else(Instant::now);
        tokio::select! {
            bytes = stdout.read(), if stdout.is_open() => {
                output.take(LogStream::Stdout, bytes).await;
            }
            bytes = stderr.read(), if stderr.is_open() => {
                output.take(LogStream::Stderr, bytes).await;
            }
            ended = child.wait(), if status.is_none() => {
                status = Some(ended?);
                if stopping != Stopping::No {
                    // Background children ignore SIGINT; nothing of a stopped step goes on.
                    child.start_kill().ok();
                }
                due = Some(Instant::now() + OUTPUT_PATIENCE);
            }
            () = cancel.cancelled(), if stopping == Stopping::No => {
                (stopping, due) = escalate(child, stopping, status.is_some());
            }
            () = sleep_until(deadline), if due.is_some() => {
                if status.is_some() {
                    output.abandon().await;
                    break;
                }
                (stopping, due) = escalate(child, stopping, false);
            }
        }
    }
    output.finish().await;
    match status {
        Some(status) => Ok(status),
        None => child.wait().await,
    }
}

/// Sends the next harder signal to the whole group. Errors mean that the group is gone.
fn escalate(
    child: &mut dyn ChildWrapper,
    stopping: Stopping,
    has_ended: bool,
) -> (Stopping, Option<Instant>) {
    let now = Instant::now();
    match stopping {
        _ if has_ended => {
            child.start_kill().ok();
            (Stopping::Killed, Some(now + OUTPUT_PATIENCE))
        }
        Stopping::No => {
            child.signal(Signal::SIGINT as i32).ok();
            (Stopping::Interrupted, Some(now + INTERRUPT_PATIENCE))
        }
        Stopping::Interrupted => {
            child.signal(Signal::SIGTERM as i32).ok();
            (Stopping::Terminated, Some(now + TERMINATE_PATIENCE))
        }
        Stopping::Terminated | Stopping::Killed => {
            child.start_kill().ok();
            (Stopping::Killed, None)
        }
    }
}

/// One output stream of the program.
struct Pipe<R> {
    from: Option<R>,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Pipe<R> {
    fn new(from: Option<R>) -> Self {
        Self { from, buffer: Vec::with_capacity(CHUNK) }
    }

    fn is_open(&self) -> bool {
        self.from.is_some()
    }

    /// The next bytes; none when the stream has ended. Dropping the future loses nothing.
    async fn read(&mut self) -> &[u8] {
        self.buffer.clear();
        if let Some(from) = self.from.as_mut() {
            match from.read_buf(&mut self.buffer).await {
                Ok(count) if count > 0 => {}
                // A pipe that cannot be read has nothing more to tell.
                Ok(_) | Err(_) => self.from = None,
            }
        }
        &self.buffer
    }
}
