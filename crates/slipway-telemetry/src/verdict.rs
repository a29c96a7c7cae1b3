//! Judges a deployment by its telemetry since it finished. The rules, in order:
//!
//! 1. **Unhealthy** if at least 3 probes ran, 2 of them failed and availability is below 95 %. One
//!    failed probe alone is forgiven: the app may have been starting.
//! 2. **Unhealthy** if at least 20 requests came and more than 5 % failed, or more than twice the
//!    failure rate before the deployment if that was above 2.5 %.
//! 3. **Unhealthy** if at least 20 requests came, and came before too, and the 95th percentile is
//!    more than 3 times what it was, and above 500 ms.
//! 4. **Waiting** until 3 probes succeeded or 20 requests came.
//! 5. **Healthy** otherwise. Exceptions alone never decide: an app may handle them.
//!
//! These rules are Slipway's own, not Azure's smart detection. `slipway-api` asks and keeps the
//! answer as evidence; the sentence carries every number that decided.

use slipway_core::{HealthVerdict, Timestamp};

use crate::charts::{ValueFormat, grouped, humanize};
use crate::stats::share;

/// Probes that must have run before they decide.
const ENOUGH_PROBES: u64 = 3;
/// Requests that must have come before they decide.
const ENOUGH_REQUESTS: u64 = 20;
const MIN_AVAILABILITY: f64 = 95.0;
const MAX_FAILURE_RATE: f64 = 5.0;
const SLOW_FACTOR: f64 = 3.0;
const SLOW_MS: f64 = 500.0;
/// After this long without any sign of life the sentence asks to check the address.
const SILENCE_MS: i64 = 120_000;

/// What is known of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct HealthInput {
    pub deployed_at: Timestamp,
    pub now: Timestamp,
    /// Weighted counts since the deployment.
    pub requests: u64,
    pub failed_requests: u64,
    pub exceptions: u64,
    pub probes: u64,
    pub failed_probes: u64,
    pub p95_ms: Option<f64>,
    /// The span before the deployment, if the app ran then.
    pub baseline: Option<Baseline>,
}

/// How the app did before the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Baseline {
    pub requests: u64,
    pub failed_requests: u64,
    pub p95_ms: Option<f64>,
}

/// The verdict and the sentence that explains it.
pub fn judge(input: &HealthInput) -> (HealthVerdict, String) {
    let bad =
        bad_availability(input).or_else(|| bad_failures(input)).or_else(|| bad_latency(input));
    if let Some(reason) = bad {
        return (HealthVerdict::Unhealthy, reason);
    }
    let good_probes = input.probes.saturating_sub(input.failed_probes);
    if good_probes < ENOUGH_PROBES && input.requests < ENOUGH_REQUESTS {
        return (HealthVerdict::Waiting, waiting(input, good_probes));
    }
    (HealthVerdict::Healthy, healthy(input, good_probes))
}

fn bad_availability(input: &HealthInput) -> Option<String> {
    let good = input.probes.saturating_sub(input.failed_probes);
    let availability = share(good, input.probes)?;
    let is_bad = input.probes >= ENOUGH_PROBES
        && input.failed_probes >= 2
        && availability < MIN_AVAILABILITY;
    is_bad.then(|| {
        format!(
            "Availability is {}, below {}: {} of {} probes failed since the deployment.",
            percent(availability),
            percent(MIN_AVAILABILITY),
            grouped(input.failed_probes),
            grouped(input.probes)
        )
    })
}

fn bad_failures(input: &HealthInput) -> Option<String> {
    let rate = share(input.failed_requests, input.requests)?;
    if input.requests < ENOUGH_REQUESTS {
        return None;
    }
    let before = input
        .baseline
        .filter(|before| before.requests >= ENOUGH_REQUESTS)
        .and_then(|before| share(before.failed_requests, before.requests));
    let usual = before.map(|rate| rate * 2.0).filter(|limit| *limit > MAX_FAILURE_RATE);
    let limit = usual.unwrap_or(MAX_FAILURE_RATE);
    if rate <= limit {
        return None;
    }
    let what = if usual.is_some() {
        format!("twice the {} before the deployment", percent(before.unwrap_or_default()))
    } else {
        percent(limit)
    };
    Some(format!(
        "{} of requests failed, above {what}: {} of {} since the deployment.",
        percent(rate),
        grouped(input.failed_requests),
        grouped(input.requests)
    ))
}

fn bad_latency(input: &HealthInput) -> Option<String> {
    let baseline = input.baseline.filter(|before| before.requests >= ENOUGH_REQUESTS)?;
    let (now, before) = (input.p95_ms?, baseline.p95_ms?);
    let is_bad = input.requests >= ENOUGH_REQUESTS && now > SLOW_MS && now > before * SLOW_FACTOR;
    is_bad.then(|| {
        format!(
            "The 95th percentile of response time is {}, more than {SLOW_FACTOR} times the {} before \
             the deployment.",
            millis(now),
            millis(before)
        )
    })
}

fn waiting(input: &HealthInput, good_probes: u64) -> String {
    let age_ms = input.now.saturating_sub(input.deployed_at).max(0);
    let mut text = format!(
        "Waiting for telemetry: {good_probes} of {ENOUGH_PROBES} successful probes and {} of \
         {ENOUGH_REQUESTS} requests, {} after the deployment.",
        input.requests,
        age(age_ms)
    );
    if age_ms >= SILENCE_MS && good_probes == 0 && input.requests == 0 {
        text.push_str(" Check that the app answers and that it got the connection string.");
    }
    text
}

fn healthy(input: &HealthInput, good_probes: u64) -> String {
    let mut parts = Vec::new();
    if input.probes > 0 {
        parts.push(format!(
            "{} of {} probes succeeded",
            grouped(good_probes),
            grouped(input.probes)
        ));
    }
    if input.requests > 0 {
        let good = input.requests.saturating_sub(input.failed_requests);
        parts.push(format!("{} of {} requests succeeded", grouped(good), grouped(input.requests)));
    }
    if let Some(p95) = input.p95_ms {
        parts.push(format!("the 95th percentile of response time is {}", millis(p95)));
    }
    let mut text = match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}.", rest.join(", ")),
        _ => format!("{}.", parts.join("")),
    };
    if text.starts_with("the ") {
        text.replace_range(..1, "T");
    }
    match input.exceptions {
        0 => {}
        1 => text.push_str(" 1 exception was recorded; exceptions alone do not decide."),
        n => text.push_str(&format!(
            " {} exceptions were recorded; exceptions alone do not decide.",
            grouped(n)
        )),
    }
    text
}

fn percent(value: f64) -> String {
    humanize(value, ValueFormat::Percent)
}

fn millis(value: f64) -> String {
    humanize(value, ValueFormat::Milliseconds)
}

fn age(ms: i64) -> String {
    match ms / 1000 {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(input: HealthInput) -> (HealthVerdict, String) {
        let (verdict, reason) = judge(&input);
        (verdict, reason.replace('\u{a0}', " "))
    }

    #[test]
    fn it_waits_for_three_probes_or_twenty_requests() {
        let start = HealthInput { now: 12_000, ..HealthInput::default() };
        let (word, reason) = verdict(HealthInput { probes: 2, requests: 19, ..start });
        assert_eq!(word, HealthVerdict::Waiting, "neither is enough");
        assert_eq!(
            reason,
            "Waiting for telemetry: 2 of 3 successful probes and 19 of 20 requests, 12 s after the \
             deployment."
        );
        assert_eq!(
            verdict(HealthInput { probes: 3, ..start }).0,
            HealthVerdict::Healthy,
            "3 probes"
        );
        assert_eq!(
            verdict(HealthInput { requests: 20, ..start }).0,
            HealthVerdict::Healthy,
            "20 requests"
        );
        let (word, reason) = verdict(HealthInput { probes: 3, failed_probes: 1, ..start });
        assert_eq!(
            word,
            HealthVerdict::Waiting,
            "one failed probe is forgiven, but does not count"
        );
        assert!(reason.contains("2 of 3"), "{reason}");
    }

    #[test]
    fn silence_asks_to_check_the_app() {
        let late = HealthInput { now: 180_000, ..HealthInput::default() };
        assert!(verdict(late).1.ends_with("connection string."), "after 3 minutes of nothing");
        let early = HealthInput { now: 60_000, ..HealthInput::default() };
        assert!(verdict(early).1.ends_with("60 s after the deployment."), "not after one");
    }

    #[test]
    fn availability_below_95_percent_is_unhealthy() {
        let (word, reason) = verdict(HealthInput {
            probes: 30,
            failed_probes: 2,
            requests: 500,
            ..HealthInput::default()
        });
        assert_eq!(word, HealthVerdict::Unhealthy, "93.3 % is below 95 %");
        assert_eq!(
            reason,
            "Availability is 93.3 %, below 95 %: 2 of 30 probes failed since the deployment."
        );
        let fine = HealthInput { probes: 40, failed_probes: 2, ..HealthInput::default() };
        assert_eq!(verdict(fine).0, HealthVerdict::Healthy, "95 % is not below 95 %");
        let down = HealthInput { probes: 3, failed_probes: 3, ..HealthInput::default() };
        assert_eq!(verdict(down).0, HealthVerdict::Unhealthy, "the app never answered");
    }

    #[test]
    fn more_than_5_percent_failed_requests_are_unhealthy() {
        let bad =
            HealthInput { requests: 20, failed_requests: 2, probes: 9, ..HealthInput::default() };
        let (word, reason) = verdict(bad);
        assert_eq!(word, HealthVerdict::Unhealthy, "10 % of 20");
        assert_eq!(reason, "10 % of requests failed, above 5 %: 2 of 20 since the deployment.");
        let edge = HealthInput { requests: 20, failed_requests: 1, ..HealthInput::default() };
        assert_eq!(verdict(edge).0, HealthVerdict::Healthy, "5 % is not above 5 %");
        let few =
            HealthInput { requests: 19, failed_requests: 19, probes: 3, ..HealthInput::default() };
        assert_eq!(
            verdict(few).0,
            HealthVerdict::Healthy,
            "19 requests do not decide, 3 probes do"
        );
    }

    #[test]
    fn an_app_that_always_failed_is_held_to_its_past() {
        let baseline = Some(Baseline { requests: 100, failed_requests: 8, p95_ms: None });
        let same =
            HealthInput { requests: 100, failed_requests: 15, baseline, ..HealthInput::default() };
        assert_eq!(verdict(same).0, HealthVerdict::Healthy, "15 % is below twice 8 %");
        let worse = HealthInput { failed_requests: 17, ..same };
        assert_eq!(
            verdict(worse).1,
            "17 % of requests failed, above twice the 8 % before the deployment: 17 of 100 since the \
             deployment."
        );
    }

    #[test]
    fn a_much_slower_app_is_unhealthy() {
        let before = Baseline { requests: 50, failed_requests: 0, p95_ms: Some(200.0) };
        let baseline = Some(before);
        let slow =
            HealthInput { requests: 50, p95_ms: Some(1_250.0), baseline, ..HealthInput::default() };
        let (word, reason) = verdict(slow);
        assert_eq!(word, HealthVerdict::Unhealthy, "6 times slower");
        assert!(reason.contains("1.25 s") && reason.contains("200 ms"), "{reason}");
        let fine = HealthInput { p95_ms: Some(590.0), ..slow };
        assert_eq!(verdict(fine).0, HealthVerdict::Healthy, "less than 3 times");
        let quick = HealthInput {
            p95_ms: Some(90.0),
            baseline: Some(Baseline { p95_ms: Some(9.0), ..before }),
            ..slow
        };
        assert_eq!(verdict(quick).0, HealthVerdict::Healthy, "10 times slower, but still quick");
    }

    #[test]
    fn exceptions_alone_do_not_decide() {
        let (word, reason) = verdict(HealthInput {
            probes: 12,
            requests: 240,
            failed_requests: 1,
            exceptions: 7,
            p95_ms: Some(85.0),
            ..HealthInput::default()
        });
        assert_eq!(word, HealthVerdict::Healthy, "7 exceptions in 240 requests");
        assert_eq!(
            reason,
            "12 of 12 probes succeeded, 239 of 240 requests succeeded and the 95th percentile of \
             response time is 85 ms. 7 exceptions were recorded; exceptions alone do not decide."
        );
    }
}
