//! Runs a command in a running container.
//!
//! Called by exec probes and by container jobs. Deliberately not here: input, TTYs, detached runs.

use std::time::Duration;

use bollard::exec::{CreateExecOptions, StartExecResults};
use futures_util::StreamExt;

use crate::call::{ANSWER_LIMIT, limited, translate};
use crate::container::known;
use crate::{Engine, EngineError, ExecOutcome};

/// More output than this is cut off.
const OUTPUT_LIMIT: usize = 1024 * 1024;

impl Engine {
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
