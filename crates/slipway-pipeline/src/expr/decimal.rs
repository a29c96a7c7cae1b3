//! The number of the expression language: a 96-bit decimal, as .NET has it.
//!
//! Only what the language can ask for: reading, comparing, printing. No arithmetic: it has none.

use std::cmp::Ordering;
use std::fmt;

const MAX_SCALE: u32 = 28;
const MAX_MANTISSA: i128 = 79_228_162_514_264_337_593_543_950_335;

/// A decimal without trailing zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// Reads what an expression may write: `5`, `-1.50`, `.5`.
    pub fn parse_literal(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        Self::parse_digits(negative, digits, false)
    }

    /// Reads what a text may hold when a number is wanted: blanks around, `+`, thousands commas.
    pub fn parse_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        Self::parse_digits(negative, digits, true)
    }

    fn parse_digits(negative: bool, text: &str, commas: bool) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, fraction),
            None => (text, ""),
        };
        if whole.starts_with(',') || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut mantissa: i128 = 0;
        let mut digits = fraction.len();
        for byte in whole.bytes() {
            match byte {
                b'0'..=b'9' => {
                    mantissa = mantissa * 10 + i128::from(byte - b'0');
                    digits += 1;
                    if mantissa > MAX_MANTISSA {
                        return None;
                    }
                }
                b',' if commas => {}
                _ => return None,
            }
        }
        if digits == 0 {
            return None;
        }
        let mut scale = 0;
        for byte in fraction.bytes() {
            let next = mantissa * 10 + i128::from(byte - b'0');
            if next > MAX_MANTISSA || scale == MAX_SCALE {
                // What does not fit is rounded away, as .NET does.
                mantissa += i128::from(byte >= b'5');
                break;
            }
            mantissa = next;
            scale += 1;
        }
        Some(Self { mantissa: if negative { -mantissa } else { mantissa }, scale }.normalized())
    }

    fn normalized(mut self) -> Self {
        while self.scale > 0 && self.mantissa % 10 == 0 {
            self.mantissa /= 10;
            self.scale -= 1;
        }
        self
    }

    /// True for zero.
    pub fn is_zero(&self) -> bool {
        self.mantissa == 0
    }

    /// True below zero.
    pub fn is_negative(&self) -> bool {
        self.mantissa < 0
    }

    /// The position it names in a list, when it is a whole number and not negative.
    pub fn as_index(&self) -> Option<usize> {
        if self.scale == 0 { usize::try_from(self.mantissa).ok() } else { None }
    }

    /// The whole number, when it is one.
    pub fn as_i64(&self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(self.mantissa).ok() } else { None }
    }

    /// The nearest whole number, half to the even one, when it fits.
    pub fn rounded(&self) -> Option<i64> {
        let unit = 10_i128.pow(self.scale);
        let (whole, rest) = (self.mantissa / unit, (self.mantissa % unit).abs() * 2);
        let is_up = rest > unit || rest == unit && whole % 2 != 0;
        i64::try_from(whole + i128::from(is_up) * self.mantissa.signum()).ok()
    }

    fn parts(&self) -> (i128, i128) {
        let unit = 10_i128.pow(self.scale);
        let fraction = (self.mantissa % unit) * 10_i128.pow(MAX_SCALE - self.scale);
        (self.mantissa / unit, fraction)
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self { mantissa: i128::from(number), scale: 0 }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Compared in two parts, because a common scale could leave the 128 bits.
        self.parts().cmp(&other.parts())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Decimal {
    /// `0.#######`: at most seven places, no trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = *self;
        if shown.scale > 7 {
            let unit = 10_i128.pow(shown.scale - 7);
            let half = if shown.mantissa < 0 { -unit / 2 } else { unit / 2 };
            shown = Self { mantissa: (shown.mantissa + half) / unit, scale: 7 }.normalized();
        }
        let digits = shown.mantissa.unsigned_abs().to_string();
        let sign = if shown.mantissa < 0 { "-" } else { "" };
        let scale = shown.scale as usize;
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_compared_and_printed() {
        let read = |text: &str| Decimal::parse_literal(text).unwrap();
        assert_eq!(read("1.50").to_string(), "1.5", "trailing zeros go");
        assert_eq!(read(".5").to_string(), "0.5", "a leading point is fine");
        assert_eq!(read("-0.12345678").to_string(), "-0.1234568", "seven places, rounded");
        assert!(read("1.2") < read("1.19999") || read("1.2") > read("1.19999"), "an order exists");
        assert!(read("-2") < read("-1.5"), "negative numbers are ordered too");
        assert_eq!(
            Decimal::parse_text(" +1,234.50 "),
            Some(read("1234.5")),
            "text may have commas"
        );
        assert_eq!(Decimal::parse_literal("+5"), None, "an expression has no plus sign");
        assert_eq!(Decimal::parse_text("abc"), None, "words are not numbers");
        assert_eq!(Decimal::parse_text(&"9".repeat(40)), None, "too large a number is refused");
        assert_eq!(Decimal::parse_text("."), None, "a point alone is nothing");
    }
}
