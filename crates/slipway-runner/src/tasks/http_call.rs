//! One call of an HTTP API, and whether its answer is a success: what the agentless tasks do that call something.
//!
//! Called by `invoke_rest_api` and `azure_function`. Only the answer itself is looked at; nothing outside of this
//! machine could call back. Deliberately not here: who is called.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response, Url};
use slipway_core::RunResult;
use slipway_pipeline::expr::{Context, Expression, Value};
use slipway_pipeline::plan::PlanStep;

use crate::error::RunnerError;
use crate::step_scope::StepScope;

/// As long as the service waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// So much of an answer is read.
const MOST_BYTES: usize = 10 * 1024 * 1024;
/// So much of it is shown.
const MOST_SHOWN: usize = 4_000;
/// What to do about a callback.
const NO_CALLBACK: &str = "Nothing can call back to this machine. Say `waitForCompletion: false` with `successCriteria`, and \
                           let `retryCountOnTaskFailure` ask again.";

/// Where a call goes, and with which headers beside those of the inputs.
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// Why a step that waits for a callback cannot run, and what to do.
pub(crate) fn refusal(step: &PlanStep) -> Option<(String, &'static str)> {
    let waits = step.input("waitForCompletion").or(step.input("completionEvent"));
    let is_callback = waits.is_some_and(|word| {
        word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("callback")
    });
    let task = step.task_reference();
    is_callback
        .then(|| (format!("{task} waits for a callback, which cannot come here."), NO_CALLBACK))
}

/// Reads a service connection: the variable group of its name with `url`, and what signs in.
pub(crate) async fn connection(step: &StepScope, name: &str) -> Result<Target, RunnerError> {
    let missing = |why: String| RunnerError::ConnectionMissing {
        name: name.to_owned(),
        needed_by: step.task(),
        why,
    };
    let run = &step.job.run;
    let group = run.host.variable_group(name).await.map_err(|error| missing(error.message))?;
    for variable in group.iter().filter(|variable| variable.is_secret) {
        run.masker.add(&variable.value);
    }
    let value = |names: &[&str]| {
        let is_it = |known: &str| names.iter().any(|name| name.eq_ignore_ascii_case(known));
        let found = group.iter().find(|variable| is_it(&variable.name));
        found.map(|variable| variable.value.clone()).filter(|text| !text.is_empty())
    };
    let url = value(&["url"])
        .ok_or_else(|| missing("the variable group of this name has no `url`.".to_owned()))?;
    let password = value(&["password"]);
    let token = value(&["apitoken", "accesstoken", "token"]);
    let sign_in = match (value(&["username"]), password, token) {
        (None, None, Some(token)) => Some(format!("Bearer {token}")),
        (None, None, None) => None,
        (name, password, _) => {
            let pair = format!("{}:{}", name.unwrap_or_default(), password.unwrap_or_default());
            Some(format!("Basic {}", STANDARD.encode(pair)))
        }
    };
    let headers = sign_in.map(|value| (AUTHORIZATION.as_str(), value)).into_iter().collect();
    Ok(Target { url, headers })
}

/// Calls, and judges the answer by the inputs that both tasks have.
pub(crate) async fn call(step: &StepScope, target: Target) -> Result<RunResult, RunnerError> {
    if step.flag("waitForCompletion") {
        let feature = format!("{} with `waitForCompletion: true`", step.task());
        return Err(RunnerError::NotSupported { feature, instead: NO_CALLBACK.to_owned() });
    }
    let url = Url::parse(target.url.trim()).map_err(|error| RunnerError::InputInvalid {
        task: step.task(),
        input: "url".to_owned(),
        value: target.url.clone(),
        expected: format!("an address such as https://example.org/api ({error})"),
    })?;
    let method = step.required("method")?.to_ascii_uppercase();
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| step.invalid("method", "an HTTP method"))?;
    let headers = headers(step, &target)?;
    let criteria = step.input("successCriteria").map(Expression::parse).transpose();
    let criteria = criteria.map_err(|error| RunnerError::Expression {
        place: "The input successCriteria".to_owned(),
        message: error.to_string(),
    })?;
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = Client::builder().timeout(PATIENCE).user_agent("Slipway").build();
    let mut request = match client {
        Ok(client) => client.request(method.clone(), url.clone()).headers(headers),
        Err(error) => return failed(step, &url, &error).await,
    };
    let has_body = !matches!(method, Method::GET | Method::HEAD);
    if let Some(body) = step.input("body").filter(|_| has_body) {
        request = request.body(body.to_owned());
    }
    step.line(&format!("{method} {url}")).await;
    let answer = async {
        let response = request.send().await?;
        let status = response.status();
        Ok::<_, reqwest::Error>((status, text_of(response).await?))
    };
    let answer = tokio::select! {
        answer = answer => answer,
        () = step.cancel.cancelled() => return Ok(RunResult::Canceled),
    };
    let (status, text) = match answer {
        Ok(answer) => answer,
        Err(error) => return failed(step, &url, &error).await,
    };
    step.line(&format!("Response Code: {status}")).await;
    let shown: String = text.chars().take(MOST_SHOWN).collect();
    step.line(&format!("Response: {shown}{}", if shown.len() < text.len() { " …" } else { "" }))
        .await;
    if !status.is_success() {
        step.error(&format!("{url} answered {status}, which is no success.")).await;
        return Ok(RunResult::Failed);
    }
    match criteria {
        Some(criteria) => judge(step, &criteria, &text).await,
        None => Ok(RunResult::Succeeded),
    }
}

fn headers(step: &StepScope, target: &Target) -> Result<HeaderMap, RunnerError> {
    let invalid = || step.invalid("headers", "a JSON object of texts");
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let own = target.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let mut all: Vec<(String, String)> = own.collect();
    if let Some(text) = step.input("headers") {
        let json: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(text).map_err(|_| invalid())?;
        all.extend(json.into_iter().map(|(name, value)| match value {
            serde_json::Value::String(text) => (name, text),
            other => (name, other.to_string()),
        }));
    }
    for (name, value) in all {
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| invalid())?;
        let mut value = HeaderValue::from_str(value.trim()).map_err(|_| invalid())?;
        value.set_sensitive(name == AUTHORIZATION);
        headers.insert(name, value);
    }
    Ok(headers)
}

/// The beginning of an answer; nobody waits for one without an end.
async fn text_of(mut response: Response) -> Result<String, reqwest::Error> {
    let mut bytes = Vec::new();
    while bytes.len() < MOST_BYTES {
        let Some(chunk) = response.chunk().await? else { break };
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(MOST_BYTES);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn failed(
    step: &StepScope,
    url: &Url,
    error: &reqwest::Error,
) -> Result<RunResult, RunnerError> {
    let why = if error.is_timeout() {
        format!("it did not answer within {} s", PATIENCE.as_secs())
    } else {
        // The last cause is the one that tells something.
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        cause.to_string()
    };
    step.error(&format!("{url} could not be called: {why}.")).await;
    step.line("Is it running, and does the address of the service connection say so?").await;
    Ok(RunResult::Failed)
}

/// What a success criterion sees: the answer as `root`.
struct Root(Value);

impl Context for Root {
    fn named(&self, name: &str) -> Option<Value> {
        name.eq_ignore_ascii_case("root").then(|| self.0.clone())
    }
}

async fn judge(
    step: &StepScope,
    criteria: &Expression,
    text: &str,
) -> Result<RunResult, RunnerError> {
    let json: serde_json::Value = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => {
            let text = format!("The answer is not JSON, which successCriteria needs: {error}.");
            step.error(&text).await;
            return Ok(RunResult::Failed);
        }
    };
    let traced = criteria.evaluate_traced(&Root(Value::from_json(&json)));
    let traced = traced.map_err(|error| RunnerError::Expression {
        place: "The input successCriteria".to_owned(),
        message: error.to_string(),
    })?;
    step.line(&format!("Evaluating: {}", criteria.canonical())).await;
    step.line(&format!("Expanded: {}", traced.expanded)).await;
    if traced.value.to_boolean() {
        step.line("Result: True").await;
        return Ok(RunResult::Succeeded);
    }
    step.error("The answer does not meet successCriteria.").await;
    Ok(RunResult::Failed)
}
