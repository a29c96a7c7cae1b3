//! Counts what the store's rows say: totals, weighted percentiles, operations, series for charts.
//!
//! The formulas are the portal's (`sum(itemCount)`): a sampled row stands for `item_count` of them.
//! <https://learn.microsoft.com/azure/azure-monitor/essentials/app-insights-metrics>
//!
//! Deliberately not here: SQL. The store selects rows of a span and hands them over.

mod buckets;
mod series;

pub use buckets::{Buckets, buckets};
pub use series::{RequestSeries, availability_series, request_series};

use std::collections::HashMap;

use slipway_core::Timestamp;

/// A request as far as counting needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestRow {
    pub at_ms: Timestamp,
    /// Absent if the client measured none; such a request is counted, but has no part in percentiles.
    pub duration_ms: Option<f64>,
    pub success: bool,
    /// How many requests the row stands for after sampling.
    pub item_count: u32,
    /// Operation, such as `GET /cart`.
    pub name: String,
}

/// An availability result as far as counting needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProbeRow {
    pub at_ms: Timestamp,
    pub duration_ms: f64,
    pub success: bool,
}

/// Totals of requests.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Summary {
    pub requests: u64,
    pub failed: u64,
    /// 0 to 100; absent without a request.
    pub failure_rate: Option<f64>,
    pub p50: Option<f64>,
    pub p95: Option<f64>,
    pub p99: Option<f64>,
}

/// Totals of the requests of one operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationSummary {
    pub name: String,
    pub summary: Summary,
}

/// Counts requests.
pub fn summarize_requests(rows: &[RequestRow]) -> Summary {
    summarize(rows.iter())
}

/// Counts requests by operation: most requested first, then by name.
pub fn summarize_operations(rows: &[RequestRow]) -> Vec<OperationSummary> {
    let mut groups: HashMap<&str, Vec<&RequestRow>> = HashMap::new();
    for row in rows {
        groups.entry(row.name.as_str()).or_default().push(row);
    }
    let mut operations: Vec<OperationSummary> = groups
        .into_iter()
        .map(|(name, rows)| OperationSummary {
            name: if name.is_empty() { "(unnamed)".to_owned() } else { name.to_owned() },
            summary: summarize(rows.into_iter()),
        })
        .collect();
    operations.sort_by(|a, b| {
        b.summary.requests.cmp(&a.summary.requests).then_with(|| a.name.cmp(&b.name))
    });
    operations
}

/// Share of probes that succeeded, 0 to 100; absent without a probe.
pub fn availability(rows: &[ProbeRow]) -> Option<f64> {
    share(rows.iter().filter(|row| row.success).count() as u64, rows.len() as u64)
}

/// The smallest value that at least `percent` of the weight does not exceed (nearest rank).
///
/// Sorts the values in place; each comes with its weight.
pub fn weighted_percentile(values: &mut [(f64, u32)], percent: f64) -> Option<f64> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    percentile_of_sorted(values, percent)
}

fn percentile_of_sorted(values: &[(f64, u32)], percent: f64) -> Option<f64> {
    let total: u64 = values.iter().map(|value| u64::from(value.1)).sum();
    let rank = (percent / 100.0 * total as f64).ceil().max(1.0);
    let mut seen = 0_u64;
    for (value, weight) in values {
        seen += u64::from(*weight);
        if *weight > 0 && seen as f64 >= rank {
            return Some(*value);
        }
    }
    None
}

pub(crate) fn summarize<'a>(rows: impl Iterator<Item = &'a RequestRow>) -> Summary {
    let (mut requests, mut failed, mut durations) = (0_u64, 0_u64, Vec::new());
    for row in rows {
        // A row is at least itself, whatever a broken client says.
        let weight = row.item_count.max(1);
        requests += u64::from(weight);
        failed += if row.success { 0 } else { u64::from(weight) };
        durations.extend(row.duration_ms.filter(|ms| ms.is_finite()).map(|ms| (ms, weight)));
    }
    durations.sort_by(|a: &(f64, u32), b| a.0.total_cmp(&b.0));
    Summary {
        requests,
        failed,
        failure_rate: share(failed, requests),
        p50: percentile_of_sorted(&durations, 50.0),
        p95: percentile_of_sorted(&durations, 95.0),
        p99: percentile_of_sorted(&durations, 99.0),
    }
}

/// Part of a whole in percent.
pub(crate) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, duration_ms: f64, success: bool, item_count: u32) -> RequestRow {
        RequestRow {
            at_ms: 0,
            duration_ms: Some(duration_ms),
            success,
            item_count,
            name: name.to_owned(),
        }
    }

    #[test]
    fn percentiles_are_the_nearest_rank() {
        let mut values: Vec<(f64, u32)> = (1..=100).rev().map(|n| (f64::from(n), 1)).collect();
        for (percent, value) in
            [(50.0, 50.0), (95.0, 95.0), (99.0, 99.0), (100.0, 100.0), (0.0, 1.0)]
        {
            assert_eq!(
                weighted_percentile(&mut values, percent),
                Some(value),
                "p{percent} of 1..=100"
            );
        }
        assert_eq!(weighted_percentile(&mut [], 50.0), None, "nothing has no percentile");
        assert_eq!(
            weighted_percentile(&mut [(7.0, 1)], 99.0),
            Some(7.0),
            "one value is all of them"
        );
    }

    #[test]
    fn a_weight_counts_as_that_many_rows() {
        let mut weighted = vec![(10.0, 90), (500.0, 6), (900.0, 4)];
        let mut spread: Vec<(f64, u32)> = weighted
            .iter()
            .flat_map(|(value, weight)| std::iter::repeat_n((*value, 1), *weight as usize))
            .collect();
        for percent in [1.0, 50.0, 90.0, 90.5, 95.0, 96.0, 97.0, 99.0] {
            assert_eq!(
                weighted_percentile(&mut weighted, percent),
                weighted_percentile(&mut spread, percent),
                "p{percent} of weights is that of the rows spread out"
            );
        }
    }

    #[test]
    fn requests_are_summed_by_item_count() {
        let mut rows =
            vec![row("a", 10.0, true, 5), row("a", 30.0, false, 1), row("b", 90.0, true, 0)];
        rows.push(RequestRow { duration_ms: None, ..row("a", 0.0, true, 1) });
        let summary = summarize_requests(&rows);
        assert_eq!(
            (summary.requests, summary.failed),
            (8, 1),
            "0 counts as 1, no duration still counts"
        );
        assert_eq!(summary.failure_rate, Some(12.5), "1 of 8");
        assert_eq!(
            (summary.p50, summary.p95),
            (Some(10.0), Some(90.0)),
            "7 weights have a duration"
        );
        assert_eq!(summarize_requests(&[]), Summary::default(), "nothing has no rates");
    }

    #[test]
    fn operations_are_sorted_by_requests_then_name() {
        let rows = [
            row("b", 1.0, true, 2),
            row("a", 1.0, true, 2),
            row("c", 9.0, false, 9),
            row("", 1.0, true, 1),
        ];
        let operations = summarize_operations(&rows);
        let names: Vec<&str> = operations.iter().map(|operation| operation.name.as_str()).collect();
        assert_eq!(names, ["c", "a", "b", "(unnamed)"], "requests first, then name");
        assert_eq!(operations[0].summary.failure_rate, Some(100.0), "all of c failed");
    }

    #[test]
    fn availability_is_the_share_of_successes() {
        let probe = |success| ProbeRow { at_ms: 0, duration_ms: 1.0, success };
        assert_eq!(availability(&[]), None, "nothing was measured");
        let rows = [probe(true), probe(true), probe(false), probe(true)];
        assert_eq!(availability(&rows), Some(75.0), "3 of 4");
    }
}
