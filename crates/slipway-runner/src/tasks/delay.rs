//! `Delay@1`: waits.

use std::time::Duration;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct Delay;

#[async_trait]
impl Task for Delay {
    fn spec(&self) -> &'static TaskSpec {
        &table::DELAY_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let minutes: f64 = step
            .input("delayForMinutes")
            .unwrap_or("0")
            .parse()
            .map_err(|_| step.invalid("delayForMinutes", "a number of minutes"))?;
        let span = Duration::try_from_secs_f64(minutes * 60.0)
            .map_err(|_| step.invalid("delayForMinutes", "a number of minutes"))?;
        step.line(&format!("Waiting for {} s", span.as_secs_f64())).await;
        tokio::select! {
            () = tokio::time::sleep(span) => Ok(RunResult::Succeeded),
            () = step.cancel.cancelled() => Ok(RunResult::Canceled),
        }
    }
}
