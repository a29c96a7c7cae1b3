//! Waits until the services of a job are healthy, and says why one is not.
//!
//! Called by `start`. A service whose image has no check is taken as it is. Deliberately not here: checks
//! themselves, which the engine runs.

use std::time::Duration;

use slipway_core::Explain as _;
use slipway_engine::{ContainerFacts, Engine, EngineError, Health};
use tokio_util::sync::CancellationToken;

use crate::error::RunnerError;
use crate::log::LogWriter;

/// How often a service is looked at: soon at first, then rarer.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// So many of its last lines are shown when it is not healthy.
const SHOWN_LINES: usize = 100;

/// Waits for one service.
pub(super) async fn wait_healthy(
    engine: &Engine,
    (name, id): (&str, &str),
    log: &LogWriter,
    cancel: &CancellationToken,
) -> Result<(), RunnerError> {
    let mut wait = FIRST_WAIT;
    loop {
        let facts = engine.inspect(id).await.map_err(engine_failed)?;
        let Some(facts) = facts else {
            return Err(RunnerError::ContainerLost { name: name.to_owned() });
        };
        match verdict(&facts) {
            Verdict::Ready => {
                if facts.health == Health::Healthy {
                    log.system(&format!("{name} service is healthy.")).await;
                }
                return Ok(());
            }
            Verdict::Broken(code) => {
                show_logs(engine, (name, id), log).await;
                return Err(RunnerError::ServiceUnhealthy { name: name.to_owned(), code });
            }
            Verdict::Starting => {}
        }
        if wait > Duration::from_secs(1) {
            let seconds = wait.as_secs();
            let text = format!(
                "{name} service is starting, waiting {seconds} seconds before checking again."
            );
            log.system(&text).await;
        }
        tokio::select! {
            () = cancel.cancelled() => return Ok(()),
            () = tokio::time::sleep(wait) => {}
        }
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

enum Verdict {
    Ready,
    Starting,
    /// Its exit code, if it has ended.
    Broken(Option<i64>),
}

fn verdict(facts: &ContainerFacts) -> Verdict {
    match (facts.is_running(), facts.health) {
        (true, Health::Healthy | Health::Unchecked) => Verdict::Ready,
        (true, Health::Starting) => Verdict::Starting,
        (true, Health::Unhealthy) => Verdict::Broken(None),
        // One that did what it had to do is no failure, unless it was to become healthy.
        (false, Health::Unchecked) if facts.exit_code == Some(0) => Verdict::Ready,
        (false, _) => Verdict::Broken(facts.exit_code),
    }
}

async fn show_logs(engine: &Engine, (name, id): (&str, &str), log: &LogWriter) {
    log.system(&format!("The last lines of {name}:")).await;
    match engine.logs(id, Some(SHOWN_LINES)).await {
        Ok(lines) => {
            for line in lines {
                log.system(&line.text).await;
            }
        }
        Err(error) => log.system(&format!("##[warning]{error}")).await,
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is used in map_err")]
pub(super) fn engine_failed(error: EngineError) -> RunnerError {
    RunnerError::Engine { message: error.to_string(), hint: error.hint() }
}
