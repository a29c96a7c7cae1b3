//! `InvokeRESTAPI@1`: calls an HTTP API in an agentless job. The app itself makes the call.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::http_call::{Target, call, connection, refusal};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct InvokeRestApi;

#[async_trait]
impl Task for InvokeRestApi {
    fn spec(&self) -> &'static TaskSpec {
        &table::INVOKE_REST_API_1
    }

    fn refuses(&self, step: &PlanStep) -> Option<(String, &'static str)> {
        refusal(step)
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        if step.required("connectionType")?.eq_ignore_ascii_case("connectedServiceNameARM") {
            return Err(RunnerError::NotSupported {
                feature: "InvokeRESTAPI@1 with a connection of Azure".to_owned(),
                instead: "Use AzureCLI@2 with `az rest`, which is signed in.".to_owned(),
            });
        }
        let target = connection(step, step.required("serviceConnection")?).await?;
        let suffix = step.input("urlSuffix").unwrap_or_default();
        let url = joined(&target.url, suffix);
        call(step, Target { url, ..target }).await
    }
}

/// The suffix stands behind the address, with one slash between unless it begins with a question.
fn joined(base: &str, suffix: &str) -> String {
    if suffix.is_empty() || suffix.starts_with('?') || suffix.starts_with('#') {
        return format!("{base}{suffix}");
    }
    format!("{}/{}", base.trim_end_matches('/'), suffix.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_is_put_behind_the_address() {
        for (base, suffix, whole) in [
            ("https://a/api", "", "https://a/api"),
            ("https://a/api", "v1/x", "https://a/api/v1/x"),
            ("https://a/api/", "/v1/x", "https://a/api/v1/x"),
            ("https://a/api", "?q=1", "https://a/api?q=1"),
        ] {
            assert_eq!(joined(base, suffix), whole, "{base} and {suffix}");
        }
    }
}
