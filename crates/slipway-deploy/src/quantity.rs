//! Kubernetes quantities (`500m`, `64Mi`, `1e3`) as whole numbers.
//!
//! Called by the local planner for resource limits. Deliberately not here: printing them.

/// One thousand-millionth, the finest that Kubernetes knows.
const NANOS: i128 = 1_000_000_000;

/// The quantity in thousand-millionths, rounded up; `None` if it is not one.
pub(crate) fn nanos(text: &str) -> Option<i128> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != '+' && c != '-')
        .unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (mantissa, decimals) = decimal(number)?;
    let (factor, divisor) = scale(suffix)?;
    let above = mantissa.checked_mul(factor)?.checked_mul(NANOS)?;
    let below = divisor.checked_mul(10i128.checked_pow(decimals)?)?;
    let rounded = above.div_euclid(below) + i128::from(above.rem_euclid(below) != 0);
    Some(rounded)
}

/// The quantity in whole units, rounded up, such as bytes.
pub(crate) fn units(text: &str) -> Option<i64> {
    let nanos = nanos(text)?;
    i64::try_from(nanos.div_euclid(NANOS) + i128::from(nanos.rem_euclid(NANOS) != 0)).ok()
}

fn decimal(number: &str) -> Option<(i128, u32)> {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let joined = format!("{whole}{fraction}");
    if joined.is_empty() || !joined.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let decimals = u32::try_from(fraction.len()).ok()?;
    Some((sign * joined.parse::<i128>().ok()?, decimals))
}

/// What a suffix multiplies with and divides by.
fn scale(suffix: &str) -> Option<(i128, i128)> {
    Some(match suffix {
        "" => (1, 1),
        "n" => (1, NANOS),
        "u" => (1, 1_000_000),
        "m" => (1, 1_000),
        "k" => (1_000, 1),
        "M" => (1_000_000, 1),
        "G" => (NANOS, 1),
        "T" => (NANOS * 1_000, 1),
        "P" => (NANOS * 1_000_000, 1),
        "E" => (NANOS * NANOS, 1),
        "Ki" => (1 << 10, 1),
        "Mi" => (1 << 20, 1),
        "Gi" => (1 << 30, 1),
        "Ti" => (1 << 40, 1),
        "Pi" => (1 << 50, 1),
        "Ei" => (1 << 60, 1),
        exponent => {
            let power: i32 = exponent.strip_prefix(['e', 'E'])?.parse().ok()?;
            let scale = 10i128.checked_pow(power.unsigned_abs())?;
            if power >= 0 { (scale, 1) } else { (1, scale) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_suffix() {
        let cases = [
            ("64Mi", Some(67_108_864)),
            ("1Gi", Some(1_073_741_824)),
            ("128M", Some(128_000_000)),
            ("1e3", Some(1000)),
            ("2E", Some(2_000_000_000_000_000_000)),
            ("1.5Ki", Some(1536)),
            ("100", Some(100)),
            ("500m", Some(1)),
            ("", None),
            ("Mi", None),
            ("12MB", None),
            ("1.2.3", None),
            ("ten", None),
        ];
        for (text, expected) in cases {
            assert_eq!(units(text), expected, "{text} in whole units, rounded up");
        }
    }

    #[test]
    fn cpus_in_nanos() {
        assert_eq!(nanos("250m"), Some(250_000_000));
        assert_eq!(nanos("0.1"), Some(100_000_000));
        assert_eq!(nanos("2"), Some(2_000_000_000));
        assert_eq!(nanos("1e-3"), Some(1_000_000), "an exponent may be negative");
    }

    #[test]
    fn an_absurd_quantity_is_none_and_no_panic() {
        assert_eq!(nanos("99999999999999999999999Ei"), None);
        assert_eq!(nanos("1e99"), None);
    }
}
