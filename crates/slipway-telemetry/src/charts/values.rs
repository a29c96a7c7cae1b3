//! Values as people read them, and the steps of the value axis.

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueFormat {
    Count,
    /// 0 to 100.
    Percent,
    Milliseconds,
}

/// A no-break space, so that a value never parts from its unit.
const SPACE: char = '\u{a0}';

/// A value with its unit: `1.2k`, `99.5 %`, `350 ms`, `1.25 s`.
pub fn humanize(value: f64, format: ValueFormat) -> String {
    match format {
        ValueFormat::Count if value.abs() >= 999_500.0 => format!("{}M", digits(value / 1e6)),
        ValueFormat::Count if value.abs() >= 1000.0 => format!("{}k", digits(value / 1000.0)),
        ValueFormat::Count => digits(value),
        ValueFormat::Percent => format!("{}{SPACE}%", percent_digits(value)),
        ValueFormat::Milliseconds if value >= 999.5 => {
            format!("{}{SPACE}s", digits(value / 1000.0))
        }
        ValueFormat::Milliseconds => format!("{}{SPACE}ms", digits(value)),
    }
}

/// A label of the value axis. All labels of an axis have one unit, and zero has none.
pub(super) fn axis_label(value: f64, y_max: f64, format: ValueFormat) -> String {
    match format {
        _ if value == 0.0 && format != ValueFormat::Percent => "0".to_owned(),
        ValueFormat::Milliseconds if y_max >= 1000.0 => {
            format!("{}{SPACE}s", digits(value / 1000.0))
        }
        ValueFormat::Milliseconds => format!("{}{SPACE}ms", digits(value)),
        ValueFormat::Count | ValueFormat::Percent => humanize(value, format),
    }
}

/// Two digits behind the point below 10, one below 100, none above; no trailing zeros.
fn digits(value: f64) -> String {
    let places = match value.abs() {
        small if small < 9.995 => 2,
        medium if medium < 99.95 => 1,
        _ => 0,
    };
    trimmed(value, places)
}

/// Percentages near 100 keep their point: 99.96 % is not 100 %.
fn percent_digits(value: f64) -> String {
    if value > 99.0 && value < 100.0 {
        return trimmed((value * 100.0).floor() / 100.0, 2);
    }
    trimmed(value, if value.abs() < 1.0 { 2 } else { 1 })
}

fn trimmed(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A whole number with its thousands set apart: `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Step and end of an axis from zero that holds `highest`, in `fewest` to `most` steps: the one
/// that leaves the least room empty. `most` is more than twice `fewest - 1`, so that there is one.
pub(super) fn axis(highest: f64, (fewest, most): (u32, u32), format: ValueFormat) -> (f64, f64) {
    let floor = match format {
        ValueFormat::Count => 4.0,
        ValueFormat::Percent => 5.0,
        ValueFormat::Milliseconds => 10.0,
    };
    let is_share = format == ValueFormat::Percent && highest <= 100.0;
    // A line along the upper edge looks cut off, except at 100 %, which is the edge.
    let wanted = if is_share { highest } else { highest * 1.05 }.max(floor);
    if is_share && wanted > 50.0 {
        // An axis of shares ends at the whole.
        return (if most > 3 { 25.0 } else { 50.0 }, 100.0);
    }
    let power = 10_f64.powf(wanted.log10().floor() - 1.0);
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0].map(|step| step * power);
    let mut best: Option<(f64, f64)> = None;
    for step in steps {
        let count = (wanted / step - 1e-9).ceil();
        let is_whole = format != ValueFormat::Count || step.fract() == 0.0;
        let fits = is_whole && count >= f64::from(fewest) && count <= f64::from(most);
        // Of two that end alike the larger step has fewer lines.
        if fits && best.is_none_or(|(_, end)| count * step <= end * 1.000_001) {
            best = Some((step, count * step));
        }
    }
    best.unwrap_or((wanted / f64::from(fewest), wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_for_people() {
        use ValueFormat::{Count, Milliseconds, Percent};
        for (value, format, text) in [
            (0.0, Count, "0"),
            (7.0, Count, "7"),
            (999.0, Count, "999"),
            (1200.0, Count, "1.2k"),
            (12_345.0, Count, "12.3k"),
            (123_456.0, Count, "123k"),
            (999_999.0, Count, "1M"),
            (2_500_000.0, Count, "2.5M"),
            (99.5, Percent, "99.5 %"),
            (99.996, Percent, "99.99 %"),
            (100.0, Percent, "100 %"),
            (0.25, Percent, "0.25 %"),
            (33.333, Percent, "33.3 %"),
            (350.0, Milliseconds, "350 ms"),
            (1.234, Milliseconds, "1.23 ms"),
            (999.9, Milliseconds, "1 s"),
            (1250.0, Milliseconds, "1.25 s"),
            (61_000.0, Milliseconds, "61 s"),
        ] {
            assert_eq!(humanize(value, format).replace(SPACE, " "), text, "{value} as {format:?}");
        }
    }

    #[test]
    fn an_axis_has_one_unit() {
        let label =
            |value| axis_label(value, 1500.0, ValueFormat::Milliseconds).replace(SPACE, " ");
        assert_eq!([label(0.0), label(500.0), label(1500.0)], ["0", "0.5 s", "1.5 s"], "seconds");
    }

    #[test]
    fn an_axis_holds_its_values_in_nice_steps() {
        use ValueFormat::{Count, Milliseconds, Percent};
        let (tall, small) = ((3, 5), (2, 3));
        for (highest, lines, format, step, end) in [
            (0.0, tall, Count, 1.0, 4.0),
            (3.0, tall, Count, 1.0, 4.0),
            (37.0, tall, Count, 10.0, 40.0),
            (40.0, tall, Count, 10.0, 50.0),
            (9.0, tall, Count, 2.0, 10.0),
            (72.0, tall, Count, 20.0, 80.0),
            (72.0, small, Count, 50.0, 100.0),
            (4.0, small, Count, 2.0, 6.0),
            (13_000.0, tall, Count, 5_000.0, 15_000.0),
            (0.0, tall, Percent, 1.0, 5.0),
            (12.0, tall, Percent, 2.5, 12.5),
            (66.6, tall, Percent, 25.0, 100.0),
            (100.0, small, Percent, 50.0, 100.0),
            (420.0, tall, Milliseconds, 100.0, 500.0),
            (3.2, small, Milliseconds, 5.0, 10.0),
        ] {
            assert_eq!(axis(highest, lines, format), (step, end), "{highest} as {format:?}");
        }
        for tenth in 0..5_000 {
            for (format, lines) in [(Count, tall), (Milliseconds, small), (Percent, tall)] {
                let highest = f64::from(tenth) * 0.73;
                let (step, end) = axis(highest, lines, format);
                let count = (end / step).round();
                assert!(end >= highest, "{highest} as {format:?} fits below {end}");
                assert!((2.0..=5.0).contains(&count), "{highest} as {format:?}: {count} steps");
            }
        }
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [grouped(0), grouped(999), grouped(1_000), grouped(12_345_678)],
            ["0", "999", "1,000", "12,345,678"]
        );
    }
}
