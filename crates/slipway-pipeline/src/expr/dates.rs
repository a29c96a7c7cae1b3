//! Dates by .NET's custom format, always UTC: `format('{0:yyyyMMdd}', …)` and `$(Date:…)`; and dates
//! read from texts, which a comparison with `pipeline.startTime` needs.

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

/// Formats an instant for `format`, which knows fewer tokens than a run number and wants every other
/// letter escaped: `yyyy`, `yy`, `MM`, `M`, `dd`, `d`, `HH`, `H`, `mm`, `m`, `ss`, `s`, `f` to
/// `fffffff`, `zzz`, `K`, blanks, `\\c`.
pub(crate) fn format_expression_date(instant: Timestamp, specifiers: &str) -> Option<String> {
    let date = instant.to_zoned(TimeZone::UTC).datetime();
    let mut out = String::new();
    let mut rest = specifiers;
    while let Some(first) = rest.chars().next() {
        if first == '\\' {
            let literal = rest[1..].chars().next()?;
            out.push(literal);
            rest = &rest[1 + literal.len_utf8()..];
            continue;
        }
        let run = rest.len() - rest.trim_start_matches(first).len();
        match (first, run) {
            (' ', _) => out.push_str(&rest[..run]),
            ('y', 2 | 4) | ('M' | 'd' | 'H' | 'm' | 's', 1 | 2) | ('f', 1..=7) | ('z', 3) => {
                out.push_str(&token(date, first, run)?);
            }
            ('K', 1) => out.push_str(&token(date, first, run)?),
            _ => return None,
        }
        rest = &rest[run..];
    }
    Some(out)
}

/// Reads `2024-03-05T06:07:08.9Z`, with `/` or a blank in the usual places and an offset such as
/// `+01:00`; without one it is UTC here.
pub(crate) fn parse_date(text: &str) -> Option<Timestamp> {
    let mut reader = DateReader { rest: text.trim() };
    let year = reader.number(4, 4)?;
    let separator = reader.one_of(&['-', '/'])?;
    let month = reader.number(1, 2)?;
    reader.one_of(&[separator])?;
    let day = reader.number(1, 2)?;
    reader.one_of(&[' ', 'T'])?;
    let hour = reader.number(1, 2)?;
    reader.one_of(&[':'])?;
    let minute = reader.number(1, 2)?;
    reader.one_of(&[':'])?;
    let second = reader.number(1, 2)?;
    let mut nanosecond = 0;
    if reader.one_of(&['.']).is_some() {
        let digits = reader.digits(1, 7)?;
        nanosecond = format!("{digits:0<9}").parse().ok()?;
    }
    let mut offset = 0;
    if !reader.rest.is_empty() {
        offset = reader.offset_seconds()?;
    }
    let small = |number: i32| i8::try_from(number).ok();
    let date =
        jiff::civil::Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    let time =
        jiff::civil::Time::new(small(hour)?, small(minute)?, small(second)?, nanosecond).ok()?;
    let utc = date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?.timestamp();
    utc.checked_sub(jiff::SignedDuration::from_secs(offset)).ok()
}

struct DateReader<'a> {
    rest: &'a str,
}

impl<'a> DateReader<'a> {
    fn digits(&mut self, fewest: usize, most: usize) -> Option<&'a str> {
        let rest = self.rest;
        let length = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        self.rest = &rest[length..];
        (fewest..=most).contains(&length).then_some(&rest[..length])
    }

    fn number(&mut self, fewest: usize, most: usize) -> Option<i32> {
        self.digits(fewest, most)?.parse().ok()
    }

    fn one_of(&mut self, allowed: &[char]) -> Option<char> {
        let first = self.rest.chars().next().filter(|first| allowed.contains(first))?;
        self.rest = &self.rest[first.len_utf8()..];
        Some(first)
    }

    /// `Z` or `+01:00`, and nothing after it.
    fn offset_seconds(&mut self) -> Option<i64> {
        let seconds = match self.one_of(&['Z', '+', '-'])? {
            'Z' => 0,
            sign => {
                let hours = self.number(1, 2)?;
                self.one_of(&[':'])?;
                let minutes = self.number(1, 2)?;
                let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
                if sign == '-' { -seconds } else { seconds }
            }
        };
        self.rest.is_empty().then_some(seconds)
    }
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
