//! Follows a program of a step to its end: output as it comes, and the ladder of signals when it is stopped.
//!
//! Called by `process` (this machine) and `container`. Stopping goes SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL
//! as the agent does (§21). Deliberately not here: how a program is started, what its output means (`output`).

use std::io;
use std::time::Duration;

use async_trait::async_trait;
use nix::sys::signal::Signal;
use slipway_core::LogStream;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::output::Output;

const INTERRUPT_PATIENCE: Duration = Duration::from_millis(7_500);
const TERMINATE_PATIENCE: Duration = Duration::from_millis(2_500);
/// A program that ended may leave children that hold its output open; they are not waited for longer.
const OUTPUT_PATIENCE: Duration = Duration::from_secs(5);
const CHUNK: usize = 64 * 1024;

/// A program that runs, wherever that is.
#[async_trait]
pub(crate) trait Program: Send {
    /// Its exit code; 128 and the signal's number if a signal ended it. Dropping the future loses nothing.
    async fn wait(&mut self) -> io::Result<i32>;

    /// Sends a signal to it and what it started. One that is gone needs none.
    fn signal(&mut self, signal: Signal);

    /// Ends whatever of it is still there once it has ended itself, wherever that has gone.
    async fn end_rest(&mut self);
}

/// How far the stopping has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stopping {
    No,
    Interrupted,
    Terminated,
    Killed,
}

/// Reads both streams and waits, until the program has ended and its output too.
pub(crate) async fn follow<R: AsyncRead + Unpin + Send>(
    program: &mut dyn Program,
    (stdout, stderr): (Option<R>, Option<impl AsyncRead + Unpin + Send>),
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> io::Result<i32> {
    let mut stdout = Pipe::new(stdout);
    let mut stderr = Pipe::new(stderr);
    let mut code: Option<i32> = None;
    let mut stopping = Stopping::No;
    let mut due: Option<Instant> = None;
    while code.is_none() || stdout.is_open() || stderr.is_open() {
        let deadline = due.unwrap_or_else(Instant::now);
        tokio::select! {
            bytes = stdout.read(), if stdout.is_open() => {
                output.take(LogStream::Stdout, bytes).await;
            }
            bytes = stderr.read(), if stderr.is_open() => {
                output.take(LogStream::Stderr, bytes).await;
            }
            ended = program.wait(), if code.is_none() => {
                code = Some(ended?);
                if stopping != Stopping::No {
                    // Background children ignore SIGINT; nothing of a stopped step goes on, and what still
                    // holds the output is not waited for.
                    program.end_rest().await;
                }
                due = Some(Instant::now() + OUTPUT_PATIENCE);
            }
            () = cancel.cancelled(), if stopping == Stopping::No => {
                if code.is_some() {
                    program.end_rest().await;
                    (stopping, due) = (Stopping::Killed, Some(Instant::now() + OUTPUT_PATIENCE));
                } else {
                    (stopping, due) = escalate(program, stopping);
                }
            }
            () = sleep_until(deadline), if due.is_some() => {
                if code.is_some() {
                    output.abandon().await;
                    break;
                }
                (stopping, due) = escalate(program, stopping);
            }
        }
    }
    output.finish().await;
    match code {
        Some(code) => Ok(code),
        None => program.wait().await,
    }
}

/// Sends the next harder signal.
fn escalate(program: &mut dyn Program, stopping: Stopping) -> (Stopping, Option<Instant>) {
    let now = Instant::now();
    match stopping {
        Stopping::No => {
            program.signal(Signal::SIGINT);
            (Stopping::Interrupted, Some(now + INTERRUPT_PATIENCE))
        }
        Stopping::Interrupted => {
            program.signal(Signal::SIGTERM);
            (Stopping::Terminated, Some(now + TERMINATE_PATIENCE))
        }
        Stopping::Terminated | Stopping::Killed => {
            program.signal(Signal::SIGKILL);
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
