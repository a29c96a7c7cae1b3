//! Runs one program of a step where the step's target is: this machine, or a container.
//!
//! Called by the script tasks and the tool tasks, which need not know where that is. On this machine a
//! program leads a process group of its own; when it was stopped, whatever carries the step's marker is swept
//! up. Deliberately not here: following a program (`follow`), what its output means (`output`).

use std::borrow::Cow;
use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use async_trait::async_trait;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use crate::container;
use crate::error::RunnerError;
use crate::follow::{Program, follow};
use crate::output::Output;
use crate::sweep::{STEP_MARKER, end_strays, end_strays_now};
use crate::tasks::tool::is_program;

/// A program to run.
#[derive(Debug)]
pub(crate) struct ProcessOrder {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) folder: PathBuf,
    /// The whole environment; nothing is inherited, but for what the image of a container sets.
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
    let code = match output.container()? {
        Some(container) => container::run(&container, order, output, cancel).await?,
        None => run_here(order, output, cancel).await?,
    };
    Ok(if cancel.is_cancelled() { ProcessEnd::Stopped } else { ProcessEnd::Exited(code) })
}

async fn run_here(
    order: &ProcessOrder,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> Result<i32, RunnerError> {
    let name = order.program.display().to_string();
    let mut child = spawn(order)
        .map_err(|source| RunnerError::ProgramStart { program: name.clone(), source })?;
    let group = child.id().and_then(|id| i32::try_from(id).ok());
    let mut leash = Leash { group, marker: &order.marker };
    let streams = (child.stdout.take(), child.stderr.take());
    let mut program = Child { child, group, marker: &order.marker };
    let code = follow(&mut program, streams, output, cancel)
        .await
        .map_err(|source| RunnerError::ProgramWait { program: name, source })?;
    leash.group = None;
    Ok(code)
}

/// A program of this machine, which leads its process group.
struct Child<'a> {
    child: tokio::process::Child,
    group: Option<i32>,
    marker: &'a str,
}

#[async_trait]
impl Program for Child<'_> {
    async fn wait(&mut self) -> io::Result<i32> {
        let status = self.child.wait().await?;
        let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
        Ok(code.unwrap_or(1))
    }

    fn signal(&mut self, signal: Signal) {
        if let Some(group) = self.group {
            // An error means that the group is gone.
            killpg(Pid::from_raw(group), signal).ok();
        }
    }

    async fn end_rest(&mut self) {
        self.signal(Signal::SIGKILL);
        end_strays(STEP_MARKER, self.marker, None).await;
    }
}

fn spawn(order: &ProcessOrder) -> io::Result<tokio::process::Child> {
    Command::new(found(order).as_ref())
        .args(&order.arguments)
        .current_dir(&order.folder)
        .env_clear()
        .envs(order.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

/// The program by its whole path. With a bare name and an environment of its own, a child is made by a copy of
/// this process that then looks through PATH; with a path it is made without a copy.
fn found(order: &ProcessOrder) -> Cow<'_, Path> {
    let is_name = order.program.components().count() == 1 && order.program.is_relative();
    let path = order.environment.iter().rev().find(|(name, _)| name == "PATH");
    let Some((_, path)) = path.filter(|_| is_name) else { return Cow::Borrowed(&order.program) };
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&order.program))
        .find(|file| is_program(file))
        .map_or(Cow::Borrowed(&order.program), Cow::Owned)
}
