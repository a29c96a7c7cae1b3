//! Cuts a span of time into steps that people can read.

use slipway_core::Timestamp;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const STEPS: [i64; 17] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
];

/// Equal steps over a span, aligned to the clock so that a chart does not dance while time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buckets {
    pub from: Timestamp,
    pub to: Timestamp,
    pub step_ms: i64,
    /// Start of the first bucket, at or before `from`.
    start: Timestamp,
    count: usize,
}

/// Picks the smallest readable step that needs no more than about `target_points` buckets.
pub fn buckets(from: Timestamp, to: Timestamp, target_points: usize) -> Buckets {
    let to = to.max(from.saturating_add(1));
    let span = to.saturating_sub(from);
    let target = i64::try_from(target_points.clamp(1, 2000)).unwrap_or(2000);
    let step_ms = STEPS
        .into_iter()
        .find(|step| span <= step.saturating_mul(target))
        .unwrap_or_else(|| (span / target / DAY + 1) * DAY);
    let start = from.div_euclid(step_ms) * step_ms;
    // Rounded up, because the last bucket is cut off by `to`.
    let count = usize::try_from((to - start + step_ms - 1) / step_ms).unwrap_or(1);
    Buckets { from, to, step_ms, start, count }
}

impl Buckets {
    /// How many buckets there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Never true: a span has at least one bucket.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The bucket of an instant, if it is inside the span.
    pub fn index_of(&self, at_ms: Timestamp) -> Option<usize> {
        if at_ms < self.from || at_ms > self.to {
            return None;
        }
        let index = usize::try_from((at_ms - self.start) / self.step_ms).ok()?;
        Some(index.min(self.count - 1))
    }

    /// The instant a bucket is drawn at: its end, cut off by the end of the span.
    ///
    /// Drawn at its start, a failure would stand before the deployment that caused it.
    pub fn at(&self, index: usize) -> Timestamp {
        let index = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
        self.start.saturating_add(index.saturating_mul(self.step_ms)).min(self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_is_readable_and_keeps_the_target() {
        for (span, target, step) in [
            (5 * MINUTE, 60, 5 * SECOND),
            (30 * MINUTE, 60, 30 * SECOND),
            (HOUR, 60, MINUTE),
            (24 * HOUR, 60, 30 * MINUTE),
            (7 * DAY, 60, 6 * HOUR),
            (365 * DAY, 60, 7 * DAY),
            (1, 60, SECOND),
            (HOUR, 0, HOUR),
        ] {
            let made = buckets(0, span, target);
            assert_eq!(made.step_ms, step, "{span} ms in {target} points");
            assert!(made.len() <= target.max(1) + 1, "{span} ms: {} buckets", made.len());
        }
    }

    #[test]
    fn every_instant_of_the_span_has_a_bucket() {
        let made = buckets(90_500, 90_500 + 5 * MINUTE, 60);
        assert_eq!(made.start, 90_000, "aligned to the clock");
        assert_eq!(made.index_of(90_500), Some(0), "the first instant");
        assert_eq!(made.index_of(made.to), Some(made.len() - 1), "the last instant");
        assert_eq!(made.index_of(90_499), None, "before the span");
        assert_eq!(made.index_of(made.to + 1), None, "after the span");
        assert_eq!(made.at(0), 95_000, "a bucket stands at its end");
        assert_eq!(made.at(made.len() - 1), made.to, "the last one ends now");
        assert!((0..made.len()).all(|i| made.at(i) > made.from && made.at(i) <= made.to), "inside");
    }

    #[test]
    fn a_span_of_nothing_is_one_bucket() {
        let made = buckets(5_000, 5_000, 60);
        assert_eq!((made.len(), made.index_of(5_000)), (1, Some(0)), "no division by zero");
    }
}
