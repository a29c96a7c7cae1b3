//! `AzureFunction@1`: calls a function by its address and key, in an agentless job.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::http_call::{Target, call, refusal};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct AzureFunction;

#[async_trait]
impl Task for AzureFunction {
    fn spec(&self) -> &'static TaskSpec {
        &table::AZURE_FUNCTION_1
    }

    fn refuses(&self, step: &PlanStep) -> Option<(String, &'static str)> {
        refusal(step)
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let address = step.required("function")?;
        let url =
            match step.input("queryParameters").map(|text| text.trim_start_matches(['?', '&'])) {
                Some(query) if address.contains('?') => format!("{address}&{query}"),
                Some(query) => format!("{address}?{query}"),
                None => address.to_owned(),
            };
        // In a header, so that no log and no address shows it.
        let key = step.required("key")?.to_owned();
        step.job.run.masker.add(&key);
        call(step, Target { url, headers: vec![("x-functions-key", key)] }).await
    }
}
