//! Jobs in containers: the job's container, services beside it, and containers of single steps (§15).
//!
//! `job` starts and removes them ([`JobContainers`]), `process` runs programs in them ([`run`]). The work
//! folder is mounted at the path that it has here, so a path means the same inside and outside, for every
//! task. Steps go through one long-lived shell per container (`lane`), since a command of the engine's own
//! takes far longer than most steps; where an image has no shell, each step is such a command (`single`).
//! Deliberately not here: the engine's API (`slipway-engine`), pool labels (`pools`).

mod brought;
mod health;
mod lane;
mod leftover;
mod record;
mod single;
mod spec;
mod start;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use slipway_engine::{Engine, ExecSpec};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

pub(crate) use brought::NODE;
pub use leftover::{end_containers_of_run, runs_with_containers};
pub(crate) use record::{remove_containers, start_containers};
pub(crate) use start::JobContainers;

use crate::error::RunnerError;
use crate::follow::follow;
use crate::output::Output;
use crate::process::ProcessOrder;
use crate::sweep::{STEP_MARKER, end_strays, end_strays_now};
use lane::Lane;

/// A container that steps can run in.
pub(crate) struct Container {
    pub(crate) name: String,
    engine: Engine,
    id: String,
    /// The shell that the image has.
    shell: Option<&'static str>,
    /// Who steps run as; the image's own user if left out.
    user: Option<String>,
    /// `PATH` as the image sets it.
    pub(crate) path: String,
    lane: Mutex<Option<Lane>>,
    /// Nothing runs in it any more: a step could not be ended, or the container has ended.
    is_lost: AtomicBool,
}

impl std::fmt::Debug for Container {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Container").field("name", &self.name).field("id", &self.id).finish()
    }
}

impl Container {
    fn exec(&self, command: Vec<String>) -> ExecSpec {
        ExecSpec { command, user: self.user.clone(), ..ExecSpec::default() }
    }

    /// Runs a line of shell to its end, for what is not a step. Its result does not matter.
    async fn shell_line(&self, line: &str, arguments: &[&str]) {
        let Some(shell) = self.shell else { return };
        let mut command = vec![shell.to_owned(), "-c".to_owned(), line.to_owned()];
        command.push("slipway".to_owned());
        command.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        if let Ok(mut running) = self.engine.attach(&self.id, &self.exec(command)).await {
            while let Some(Ok(_)) = running.next().await {}
        }
    }

    /// Ends whatever carries the step's marker; from here where that is allowed, else from inside.
    async fn end_strays(&self, marker: &str) {
        end_strays(STEP_MARKER, marker, None).await;
        let line = "for p in /proc/[0-9]*; do tr '\\0' '\\n' <\"$p/environ\" 2>/dev/null | \
                    grep -qxF \"$1\" && kill -KILL \"${p#/proc/}\"; done";
        self.shell_line(line, &[&format!("{STEP_MARKER}={marker}")]).await;
    }

    fn lose(&self) {
        self.is_lost.store(true, Ordering::Relaxed);
    }

    fn lost(&self) -> RunnerError {
        RunnerError::ContainerLost { name: self.name.clone() }
    }
}

/// Kills the step's strays when the run is dropped while the program runs.
struct Leash<'a>(Option<&'a str>);

impl Drop for Leash<'_> {
    fn drop(&mut self) {
        if let Some(marker) = self.0 {
            end_strays_now(STEP_MARKER, marker);
        }
    }
}

/// Runs a program in a container to its end.
pub(crate) async fn run(
    container: &Arc<Container>,
    order: &ProcessOrder,
    output: &mut Output<'_>,
    cancel: &CancellationToken,
) -> Result<i32, RunnerError> {
    let name = order.program.display().to_string();
    let failed = |source| RunnerError::ProgramWait { program: name.clone(), source };
    let mut leash = Leash(Some(&order.marker));
    let mut lane = container.lane.lock().await;
    if container.is_lost.load(Ordering::Relaxed) {
        leash.0 = None;
        return Err(container.lost());
    }
    let end = match lane.as_mut() {
        Some(lane) => {
            let (mut step, streams) = lane.begin(container, order, output).await.map_err(failed)?;
            let end = follow(&mut step, streams, output, cancel).await;
            if step.is_missing() {
                leash.0 = None;
                return Err(RunnerError::ProgramMissingInside {
                    program: name,
                    container: container.name.clone(),
                    needed_by: output.task(),
                });
            }
            end
        }
        None => {
            let (mut step, streams) = single::begin(container, order).await?;
            follow(&mut step, streams, output, cancel).await
        }
    };
    if end.is_ok() {
        leash.0 = None;
    }
    match end {
        // A container that has ended takes its step along.
        Err(_) if container.is_lost.load(Ordering::Relaxed) => Err(container.lost()),
        other => other.map_err(failed),
    }
}
