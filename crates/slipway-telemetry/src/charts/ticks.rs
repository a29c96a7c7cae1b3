//! Labels of the time axis, on round times of the reader's clock.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use slipway_core::Timestamp;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const STEPS: [i64; 20] = [
    SECOND,
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
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
];

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A label and the instant it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) at: Timestamp,
    pub(super) label: String,
}

/// At most `max` round instants inside a span.
pub(super) fn time_ticks(
    from: Timestamp,
    to: Timestamp,
    utc_offset_minutes: i32,
    max: usize,
) -> Vec<Tick> {
    let max = i64::try_from(max.max(1)).unwrap_or(1);
    let span = to.saturating_sub(from).max(1);
    let step = STEPS
        .into_iter()
        .find(|step| span / step <= max)
        .unwrap_or_else(|| (span / max / DAY + 1) * DAY);
    let offset = i64::from(utc_offset_minutes) * MINUTE;
    // Aligned to the reader's midnight, not to that of UTC.
    let mut local = (from + offset + step - 1).div_euclid(step) * step;
    let mut ticks = Vec::new();
    while local - offset <= to {
        ticks.push(Tick { at: local - offset, label: label(local, step) });
        local += step;
    }
    ticks
}

fn label(local_ms: i64, step: i64) -> String {
    let time = civil(local_ms);
    if step >= DAY || local_ms.rem_euclid(DAY) == 0 {
        return format!("{} {}", time.day(), MONTHS[usize::from(time.month().unsigned_abs()) - 1]);
    }
    if step < MINUTE {
        return format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    }
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `22 Nov 2026, 18:58` on the reader's clock.
pub(crate) fn clock_text(at: Timestamp, utc_offset_minutes: i32) -> String {
    let time = civil(at.saturating_add(i64::from(utc_offset_minutes) * MINUTE));
    let month = MONTHS[usize::from(time.month().unsigned_abs()) - 1];
    format!("{} {month} {}, {:02}:{:02}", time.day(), time.year(), time.hour(), time.minute())
}

fn civil(local_ms: i64) -> DateTime {
    // Out of the calendar's range only for a broken clock; the epoch is as good as anything then.
    let instant =
        jiff::Timestamp::from_millisecond(local_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Offset::UTC.to_datetime(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: &str, to: &str, offset: i32, max: usize) -> Vec<String> {
        let at =
            |text: &str| text.parse::<jiff::Timestamp>().expect("a good instant").as_millisecond();
        time_ticks(at(from), at(to), offset, max).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_stand_on_round_times_of_the_readers_clock() {
        assert_eq!(
            labels("2026-11-22T14:03:20Z", "2026-11-22T15:03:20Z", 0, 6),
            ["14:10", "14:20", "14:30", "14:40", "14:50", "15:00"],
            "an hour in tens of minutes"
        );
        assert_eq!(
            labels("2026-11-22T18:00:00Z", "2026-11-23T18:00:00Z", 330, 6),
            ["23 Nov", "06:00", "12:00", "18:00"],
            "India's midnight, and its date"
        );
        assert_eq!(
            labels("2026-11-22T14:03:02Z", "2026-11-22T14:03:47Z", 0, 4),
            ["14:03:10", "14:03:20", "14:03:30", "14:03:40"],
            "below a minute with seconds"
        );
        assert_eq!(
            labels("2026-11-20T01:00:00Z", "2026-11-23T01:00:00Z", 0, 3).len(),
            3,
            "three days"
        );
        assert_eq!(clock_text(0, 90), "1 Jan 1970, 01:30", "with the date");
    }

    #[test]
    fn ticks_never_are_too_many_nor_outside() {
        for span in [1, 999, 60_000, 3_600_000, 86_400_000 * 3, 86_400_000 * 900] {
            for max in 1..12 {
                let ticks = time_ticks(1_700_000_123_456, 1_700_000_123_456 + span, -210, max);
                assert!(ticks.len() <= max + 1, "{span} ms: {} ticks for {max}", ticks.len());
                assert!(
                    ticks.iter().all(|tick| (0..=span).contains(&(tick.at - 1_700_000_123_456))),
                    "{span} ms: a tick outside"
                );
            }
        }
    }
}
