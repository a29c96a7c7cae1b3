//! A step as one command of the engine, for images without a shell.
//!
//! Called by `container`. It takes about a tenth of a second more than a step of a `lane`, and who ends it is
//! the engine: a program that ignores its end goes with its container. Deliberately not here: any shell.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use nix::sys::signal::Signal;
use slipway_core::{Explain as _, LogStream};
use slipway_engine::ExecSpec;
use tokio::io::AsyncWriteExt as _;
use tokio::net::unix::pipe;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::Container;
use crate::error::RunnerError;
use crate::follow::Program;
use crate::process::ProcessOrder;
use crate::sweep::{STEP_MARKER, end_strays_now};

const KILL_PATIENCE: Duration = Duration::from_secs(3);

type Streams = (Option<pipe::Receiver>, Option<pipe::Receiver>);

/// Starts the command.
pub(super) async fn begin(
    container: &Arc<Container>,
    order: &ProcessOrder,
) -> Result<(SingleStep, Streams), RunnerError> {
    let program = order.program.display().to_string();
    let arguments = order.arguments.iter().map(|word| word.to_string_lossy().into_owned());
    let spec = ExecSpec {
        command: std::iter::once(program).chain(arguments).collect(),
        env: order.environment.clone(),
        user: container.user.clone(),
        working_dir: Some(order.folder.display().to_string()),
    };
    let running = container.engine.attach(&container.id, &spec).await;
    let mut running = running
        .map_err(|error| RunnerError::Engine { message: error.to_string(), hint: error.hint() })?;
    let failed =
        |source| RunnerError::ProgramStart { program: order.program.display().to_string(), source };
    let (mut to_out, stdout) = pipe::pipe().map_err(failed)?;
    let (mut to_err, stderr) = pipe::pipe().map_err(failed)?;
    let (told, code) = oneshot::channel();
    tokio::spawn(async move {
        while let Some(Ok((stream, bytes))) = running.next().await {
            let to = if stream == LogStream::Stderr { &mut to_err } else { &mut to_out };
            if to.write_all(&bytes).await.is_err() {
                break;
            }
        }
        drop((to_out, to_err));
        // Whoever waits no longer does not need to know.
        told.send(running.exit_code().await.map_err(|error| error.to_string())).ok();
    });
    let container = Arc::clone(container);
    let marker = order.marker.clone();
    let step = SingleStep { container, marker, code, known: None, give_up: None };
    Ok((step, (Some(stdout), Some(stderr))))
}

/// A command of the engine.
pub(super) struct SingleStep {
    container: Arc<Container>,
    marker: String,
    code: oneshot::Receiver<Result<i64, String>>,
    known: Option<i32>,
    give_up: Option<Instant>,
}

#[async_trait]
impl Program for SingleStep {
    async fn wait(&mut self) -> io::Result<i32> {
        if let Some(code) = self.known {
            return Ok(code);
        }
        let give_up = self.give_up;
        let patience = async move {
            match give_up {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        let code = tokio::select! {
            told = &mut self.code => match told {
                Ok(Ok(code)) => i32::try_from(code).unwrap_or(1),
                Ok(Err(message)) => return Err(io::Error::other(message)),
                Err(_) => return Err(io::Error::other("the container engine is gone")),
            },
            () = patience => {
                self.container.lose();
                self.container.engine.kill(&self.container.id).await.ok();
                137
            }
        };
        self.known = Some(code);
        Ok(code)
    }

    fn signal(&mut self, signal: Signal) {
        // The engine has no way to signal a command; its processes can be ended where this user may.
        if signal != Signal::SIGINT {
            end_strays_now(STEP_MARKER, &self.marker);
        }
        if signal == Signal::SIGKILL {
            self.give_up.get_or_insert(Instant::now() + KILL_PATIENCE);
        }
    }

    async fn end_rest(&mut self) {
        self.container.end_strays(&self.marker).await;
    }
}
