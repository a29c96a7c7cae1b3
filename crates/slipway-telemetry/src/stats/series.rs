//! Series for charts. An empty bucket counts nothing, but it has no rate and no percentile: those
//! are gaps, because a line at zero would claim that something was fast or faultless.

use slipway_core::Timestamp;

use super::{Buckets, ProbeRow, RequestRow, share, summarize};

/// A value at an instant; nothing is a gap.
type Point = (Timestamp, Option<f64>);

/// What requests did over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RequestSeries {
    /// Requests per bucket; 0 where there were none.
    pub requests: Vec<Point>,
    /// Failed requests per bucket; 0 where there were none.
    pub failed: Vec<Point>,
    /// 0 to 100.
    pub failure_rate: Vec<Point>,
    pub p50: Vec<Point>,
    pub p95: Vec<Point>,
    pub p99: Vec<Point>,
}

/// Sorts requests into buckets; those outside the span are left out.
pub fn request_series(rows: &[RequestRow], buckets: &Buckets) -> RequestSeries {
    let mut sorted: Vec<Vec<&RequestRow>> = vec![Vec::new(); buckets.len()];
    for row in rows {
        if let Some(index) = buckets.index_of(row.at_ms) {
            sorted[index].push(row);
        }
    }
    let mut series = RequestSeries::default();
    for (index, rows) in sorted.into_iter().enumerate() {
        let at = buckets.at(index);
        let summary = summarize(rows.into_iter());
        series.requests.push((at, Some(summary.requests as f64)));
        series.failed.push((at, Some(summary.failed as f64)));
        series.failure_rate.push((at, summary.failure_rate));
        series.p50.push((at, summary.p50));
        series.p95.push((at, summary.p95));
        series.p99.push((at, summary.p99));
    }
    series
}

/// Share of successful probes per bucket, 0 to 100.
pub fn availability_series(rows: &[ProbeRow], buckets: &Buckets) -> Vec<Point> {
    let mut counts = vec![(0_u64, 0_u64); buckets.len()];
    for row in rows {
        if let Some(index) = buckets.index_of(row.at_ms) {
            counts[index].0 += u64::from(row.success);
            counts[index].1 += 1;
        }
    }
    let shares = counts.into_iter().enumerate();
    shares.map(|(index, (good, all))| (buckets.at(index), share(good, all))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::buckets;
    use super::*;

    #[test]
    fn empty_buckets_are_zero_counts_and_gaps_elsewhere() {
        let row = |at_ms, duration, success| RequestRow {
            at_ms,
            duration_ms: Some(duration),
            success,
            item_count: 2,
            name: "a".to_owned(),
        };
        let rows = [
            row(100, 10.0, true),
            row(900, 20.0, false),
            row(2_500, 7.0, true),
            row(9_999, 1.0, true),
        ];
        let series = request_series(&rows, &buckets(0, 3_000, 3));
        assert_eq!(
            series.requests,
            [(1_000, Some(4.0)), (2_000, Some(0.0)), (3_000, Some(2.0))],
            "counts are weighted, nothing is 0, outside is left out"
        );
        assert_eq!(
            series.failure_rate,
            [(1_000, Some(50.0)), (2_000, None), (3_000, Some(0.0))],
            "no request has no failure rate"
        );
        assert_eq!(series.p50[1], (2_000, None), "no request has no duration");
        assert_eq!(series.p99[0], (1_000, Some(20.0)), "the slowest of the first second");
        assert_eq!(series.failed[0], (1_000, Some(2.0)), "weighted failures");
    }

    #[test]
    fn availability_has_gaps_where_nobody_probed() {
        let probe = |at_ms, success| ProbeRow { at_ms, duration_ms: 1.0, success };
        let rows = [probe(1, true), probe(2, false), probe(2_999, true)];
        let series = availability_series(&rows, &buckets(0, 3_000, 3));
        assert_eq!(series, [(1_000, Some(50.0)), (2_000, None), (3_000, Some(100.0))], "shares");
    }
}
