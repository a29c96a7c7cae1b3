//! Asks a deployed app whether it answers. One question per call; `slipway-api` has the timer.
//!
//! Deliberately not here: repeating, a clock, keeping results.

use std::error::Error;
use std::time::{Duration, Instant};

use slipway_core::Timestamp;

use crate::TelemetryError;

/// What a probe saw.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbeResult {
    pub at_ms: Timestamp,
    /// True for a status from 200 to 399.
    pub success: bool,
    pub duration_ms: f64,
    /// Absent if nothing answered.
    pub status: Option<u16>,
    /// One sentence.
    pub message: String,
}

/// Builds the client for [`probe`]: no proxy, no kept connections, at most five redirects.
///
/// A kept connection would hide that nobody accepts new ones.
pub fn probe_client() -> Result<reqwest::Client, TelemetryError> {
    // Fails only if a provider is installed already, which serves as well.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder()
        .user_agent(concat!("Slipway-Availability/", env!("CARGO_PKG_VERSION")))
        .no_proxy()
        .pool_max_idle_per_host(0)
        .redirect(reqwest::redirect::Policy::limited(5))
        .build()
        .map_err(|source| TelemetryError::ProbeClient { source })
}

/// Sends one GET and waits for the head of the answer.
pub async fn probe(
    client: &reqwest::Client,
    url: &str,
    timeout: Duration,
    at_ms: Timestamp,
) -> ProbeResult {
    let started = Instant::now();
    let answer = client.get(url).timeout(timeout).send().await;
    let duration_ms = (started.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0;
    let (success, status, message) = match answer {
        Ok(answer) => {
            let status = answer.status();
            let success = status.is_success() || status.is_redirection();
            let word = status.canonical_reason().unwrap_or_default();
            let message = format!("The app answered {} {word}", status.as_u16());
            (success, Some(status.as_u16()), format!("{}.", message.trim_end()))
        }
        Err(error) => (false, None, explain(&error, timeout)),
    };
    ProbeResult { at_ms, success, duration_ms, status, message }
}

/// Why nothing answered. The address is left out: it may carry a password.
fn explain(error: &reqwest::Error, timeout: Duration) -> String {
    if error.is_timeout() {
        return format!("The app did not answer within {} ms.", timeout.as_millis());
    }
    if error.is_builder() {
        return "The address of the app is not a URL.".to_owned();
    }
    if error.is_redirect() {
        return "The app redirects more than five times.".to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let what = if error.is_connect() { "refuses the connection" } else { "broke off the answer" };
    format!("The app {what}: {cause}.")
}
