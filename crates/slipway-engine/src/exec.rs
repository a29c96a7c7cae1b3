//! Runs a command in a running container.
//!
//! Called by exec probes ([`Engine::exec`], which waits) and by container jobs ([`Engine::attach`], whose
//! output is read as it comes). Deliberately not here: input, TTYs, detached runs.

use std::pin::Pin;
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use slipway_core::LogStream;
use tokio::io::AsyncWrite;

use crate::call::{ANSWER_LIMIT, limited, translate};
use crate::container::known;
use crate::{Engine, EngineError, ExecOutcome, ExecSpec};

/// How much of a stream is read at once.
const CHUNK: usize = 64 * 1024;
/// More output than this is cut off.
const OUTPUT_LIMIT: usize = 1024 * 1024;

/// A command that runs in a container. Dropping it stops the reading, not the command.
pub struct RunningExec {
    engine: Engine,
    id: String,
    doing: String,
    output: Pin<Box<dyn Stream<Item = Result<LogOutput, Error>> + Send>>,
    /// Some engines take a closed input for the wish to end.
    _input: Pin<Box<dyn AsyncWrite + Send>>,
}

impl std::fmt::Debug for RunningExec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningExec").field("id", &self.id).finish_non_exhaustive()
    }
}

impl RunningExec {
    /// The next bytes of either stream, `None` when both have ended. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Result<(LogStream, Bytes), EngineError>> {
        let chunk = self.output.next().await?;
        Some(chunk.map_err(|error| translate(&self.doing, error)).map(|chunk| {
            let stream = match &chunk {
                LogOutput::StdErr { .. } => LogStream::Stderr,
                LogOutput::StdOut { .. } | LogOutput::StdIn { .. } | LogOutput::Console { .. } => {
                    LogStream::Stdout
                }
            };
            (stream, chunk.into_bytes())
        }))
    }

    /// The exit code, once the streams have ended.
    pub async fn exit_code(&mut self) -> Result<i64, EngineError> {
        // Copies, since a stream that is borrowed must not move between threads.
        let (engine, doing, id) = (self.engine.clone(), self.doing.clone(), self.id.clone());
        engine.exec_exit_code(&doing, &id).await
    }
}

impl Engine {
    /// Starts a command whose output is read as it comes. Its input is empty.
    pub async fn attach(&self, id: &str, spec: &ExecSpec) -> Result<RunningExec, EngineError> {
        let name = spec.command.first().map_or("", String::as_str);
        let doing = format!("running {name} in the container {id}");
        let env = spec.env.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let options = CreateExecOptions {
            cmd: Some(spec.command.clone()),
            env: Some(env),
            user: spec.user.clone(),
            working_dir: spec.working_dir.clone(),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            ..Default::default()
        };
        let call = self.docker().create_exec(id, options);
        let exec = known(id, limited(&doing, ANSWER_LIMIT, call).await)?;
        let options = StartExecOptions { output_capacity: Some(CHUNK), ..Default::default() };
        let docker = self.streaming();
        match docker.start_exec(&exec.id, Some(options)).await {
            Ok(StartExecResults::Attached { output, input }) => {
                let engine = self.clone();
                Ok(RunningExec { engine, id: exec.id, doing, output, _input: input })
            }
            Ok(StartExecResults::Detached) => Err(EngineError::AnswerUnreadable {
                doing,
                detail: "It runs without its streams.".to_owned(),
            }),
            Err(error) => Err(translate(&doing, error)),
        }
    }

    /// Runs a command and waits for it. When time is up the command is left to itself: the engine
    /// cannot end it without ending the container.
    pub async fn exec(
        &self,
        id: &str,
        command: &[String],
        timeout: Duration,
    ) -> Result<ExecOutcome, EngineError> {
        let run = self.exec_to_end(id, command);
        match tokio::time::timeout(timeout, run).await {
            Ok(outcome) => outcome,
            Err(_) => Err(EngineError::ExecTimedOut {
                container: id.to_owned(),
                command: command.join(" "),
                seconds: timeout.as_secs().max(1),
            }),
        }
    }

    async fn exec_to_end(&self, id: &str, command: &[String]) -> Result<ExecOutcome, EngineError> {
        let name = command.first().map_or("", String::as_str);
        let doing = format!("running {name} in the container {id}");
        let options = CreateExecOptions {
            cmd: Some(command.to_vec()),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            ..Default::default()
        };
        let call = self.docker().create_exec(id, options);
        let exec = known(id, limited(&doing, ANSWER_LIMIT, call).await)?;
        let docker = self.streaming();
        let started = docker.start_exec(&exec.id, None).await;
        let mut output = Vec::new();
        if let StartExecResults::Attached { output: mut chunks, input: _input } =
            started.map_err(|error| translate(&doing, error))?
        {
            while let Some(chunk) = chunks.next().await {
                let chunk = chunk.map_err(|error| translate(&doing, error))?;
                let room = OUTPUT_LIMIT - output.len();
                let bytes = chunk.into_bytes();
                output.extend_from_slice(&bytes[..bytes.len().min(room)]);
            }
        }
        let exit_code = self.exec_exit_code(&doing, &exec.id).await?;
        Ok(ExecOutcome { exit_code, output: String::from_utf8_lossy(&output).into_owned() })
    }

    /// The output may end a moment before the engine notes the exit code.
    async fn exec_exit_code(&self, doing: &str, exec: &str) -> Result<i64, EngineError> {
        loop {
            let call = self.docker().inspect_exec(exec);
            let facts = limited(doing, ANSWER_LIMIT, call).await?;
            if let (Some(code), Some(false)) = (facts.exit_code, facts.running) {
                return Ok(code);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
