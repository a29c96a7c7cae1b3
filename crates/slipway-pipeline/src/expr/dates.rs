//! Dates by .NET's custom format, always UTC: `format('{0:yyyyMMdd}', …)` and `$(Date:…)`.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Formats an instant; `None` when the format holds a token that is not known.
pub(crate) fn format_date(instant: Timestamp, format: &str) -> Option<String> {
    format_civil(instant.to_zoned(TimeZone::UTC).datetime(), format)
}

/// Formats a date that is already UTC.
pub(crate) fn format_civil(date: DateTime, format: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '\\' {
            let literal = rest[1..].chars().next()?;
            out.push(literal);
            rest = &rest[1 + literal.len_utf8()..];
            continue;
        }
        let run = rest.len() - rest.trim_start_matches(first).len();
        let count = run / first.len_utf8();
        match token(date, first, count) {
            Some(text) => out.push_str(&text),
            None if first.is_ascii_alphabetic() => return None,
            None => out.push_str(&rest[..run]),
        }
        rest = &rest[run..];
    }
    Some(out)
}

fn token(date: DateTime, letter: char, count: usize) -> Option<String> {
    let padded = |number: i64| Some(format!("{number:0count$}"));
    let hour12 = match date.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    match (letter, count) {
        ('y', 4) => padded(date.year().into()),
        ('y', 2) => padded(i64::from(date.year()) % 100),
        ('M', 1 | 2) => padded(date.month().into()),
        ('M', 3) => Some(MONTHS[usize::from(date.month().unsigned_abs()) - 1][..3].to_owned()),
        ('M', 4) => Some(MONTHS[usize::from(date.month().unsigned_abs()) - 1].to_owned()),
        ('d', 1 | 2) => padded(date.day().into()),
        ('d', 3 | 4) => {
            let day = DAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
            Some(if count == 3 { day[..3].to_owned() } else { day.to_owned() })
        }
        ('H', 1 | 2) => padded(date.hour().into()),
        ('h', 1 | 2) => padded(hour12.into()),
        ('m', 1 | 2) => padded(date.minute().into()),
        ('s', 1 | 2) => padded(date.second().into()),
        ('t', 1) => Some(if date.hour() < 12 { "A" } else { "P" }.to_owned()),
        ('t', 2) => Some(if date.hour() < 12 { "AM" } else { "PM" }.to_owned()),
        ('f', 1..=7) => {
            let digits = format!("{:09}", date.subsec_nanosecond());
            Some(digits[..count].to_owned())
        }
        ('z', 3) => Some("+00:00".to_owned()),
        ('K', 1) => Some("+00:00".to_owned()),
        _ => None,
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_those_of_dotnet() {
        let date = jiff::civil::date(2024, 1, 9).at(15, 4, 5, 120_000_000);
        assert_eq!(format_civil(date, "yyyyMMdd").as_deref(), Some("20240109"));
        assert_eq!(
            format_civil(date, "yy-M-d H:mm:ss.fff").as_deref(),
            Some("24-1-9 15:04:05.120")
        );
        assert_eq!(format_civil(date, "hh tt").as_deref(), Some("03 PM"), "the twelve-hour clock");
        assert_eq!(format_civil(date, "\\yyyyy").as_deref(), Some("y2024"), "a literal");
        assert_eq!(format_civil(date, "Q"), None, "an unknown token is refused");
    }
}
