//! Instants and durations as the SDKs write them.

/// Milliseconds since the epoch of an ISO 8601 text: any number of fraction digits, offset with or
/// without colon, no offset meaning UTC, a blank for the `T`.
pub(super) fn parse_time(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = bytes.get(from..to)?;
        digits
            .iter()
            .try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let marks = [bytes[4], bytes[7], bytes[13], bytes[16]];
    let is_time = marks == *b"--::"
        && matches!(bytes[10], b'T' | b't' | b' ')
        && (1..=12).contains(&month)
        && (1..=days_in_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 61;
    if !is_time {
        return None;
    }
    let (millis, offset_minutes) = parse_tail(&text[19..])?;
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some((seconds - offset_minutes * 60) * 1000 + millis)
}

/// Fraction and offset: `.123Z`, `+02:00`, `-0700`, or nothing.
fn parse_tail(tail: &str) -> Option<(i64, i64)> {
    let (fraction, zone) = match tail.strip_prefix(['.', ',']) {
        Some(rest) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest.split_at(digits)
        }
        None => ("", tail),
    };
    let millis =
        fraction.bytes().chain(*b"000").take(3).fold(0, |sum, b| sum * 10 + i64::from(b - b'0'));
    if zone.is_empty() || zone.eq_ignore_ascii_case("z") {
        return Some((millis, 0));
    }
    let sign = match zone.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = zone[1..].chars().filter(|c| *c != ':').collect();
    let number: i64 = digits.parse().ok()?;
    let (hours, minutes) = match digits.len() {
        2 => (number, 0),
        4 => (number / 100, number % 100),
        _ => return None,
    };
    (hours <= 18 && minutes < 60).then_some((millis, sign * (hours * 60 + minutes)))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 (<https://howardhinnant.github.io/date_algorithms.html#days_from_civil>).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Milliseconds of `[D.]HH:MM:SS[.fffffff]`, or of a plain number of milliseconds.
pub(super) fn parse_duration(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let millis = match parts.as_slice() {
        [number] => number.parse::<f64>().ok()?,
        [hours, minutes, seconds] => {
            let (days, hours) = match hours.split_once('.') {
                Some((days, hours)) => (days.parse::<u32>().ok()?, hours.parse::<u32>().ok()?),
                None => (0, hours.parse::<u32>().ok()?),
            };
            let minutes = minutes.parse::<u32>().ok()?;
            let seconds = seconds.parse::<f64>().ok()?;
            let whole = f64::from(days) * 86_400.0 + f64::from(hours) * 3600.0;
            (whole + f64::from(minutes) * 60.0 + seconds) * 1000.0
        }
        _ => return None,
    };
    // Thousandths of a millisecond are more than any client measures; this drops binary noise.
    (millis.is_finite() && millis >= 0.0).then(|| (millis * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_of_all_clients_are_read() {
        for (text, same) in [
            ("2026-11-22T18:58:22.534310Z", "2026-11-22T18:58:22.534Z"),
            ("2026-11-22T18:58:22.5343101Z", "2026-11-22T18:58:22.534Z"),
            ("2026-11-22T18:58:22Z", "2026-11-22T18:58:22Z"),
            ("2026-11-22T18:58:22", "2026-11-22T18:58:22Z"),
            ("2026-11-22 18:58:22.5", "2026-11-22T18:58:22.5Z"),
            ("2020-09-22T10:12:53.208-0700", "2020-09-22T17:12:53.208Z"),
            ("2020-02-29T23:59:59+05:30", "2020-02-29T18:29:59Z"),
            ("1969-12-31T23:59:59.25+00", "1969-12-31T23:59:59.25Z"),
            ("2000-03-01t00:00:00.123456789012z", "2000-03-01T00:00:00.123Z"),
        ] {
            let same: jiff::Timestamp = same.parse().expect("a good instant");
            assert_eq!(parse_time(text), Some(same.as_millisecond()), "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-11-22",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-11-22T25:00:00Z",
            "2026-11-22T18:58:22.5X",
            "2026-11-22T18:58:22+7",
            "20é6-11-22T18:58:22",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }

    #[test]
    fn durations_of_all_clients_are_read() {
        for (text, millis) in [
            ("00:00:00.012", 12.0),
            ("0.00:00:00.1000000", 100.0),
            ("0.00:00:00.000020", 0.02),
            ("1.02:03:04.5", 93_784_500.0),
            ("00:01:00", 60_000.0),
            ("0", 0.0),
            ("12.5", 12.5),
        ] {
            assert_eq!(parse_duration(text), Some(millis), "{text}");
        }
        for text in ["", "soon", "00:01", "-5", "NaN", "1:2:3:4"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
