//! The functions that every place knows (pipelines.md 8.5), given their arguments' values.

use std::cmp::Ordering;

use super::dates::format_expression_date;
use super::eval::{MAX_MEMORY, conversion};
use super::json::pretty;
use super::value::{Value, fold, lower, upper};
use crate::error::ExpressionError;

type Outcome = Result<Value, ExpressionError>;

// What a piece of a cut text costs beside its letters.
const PIECE_BYTES: usize = 32;

/// The arguments of one call, and where it stands. The parser has counted them already; one too few
/// reads as null.
pub(crate) struct Call<'a> {
    pub(crate) arguments: &'a [Value],
    pub(crate) offset: usize,
}

/// Calls a function by its lower-case name; `None` when there is no such function.
pub(crate) fn call(name: &str, call: &Call<'_>) -> Option<Outcome> {
    Some(match name {
        "not" => Ok((!call.at(0).to_boolean()).into()),
        "xor" => Ok((call.at(0).to_boolean() != call.at(1).to_boolean()).into()),
        "eq" => Ok(call.at(0).equals(call.at(1)).into()),
        "ne" => Ok((!call.at(0).equals(call.at(1))).into()),
        "gt" => call.compare(Ordering::is_gt),
        "ge" => call.compare(Ordering::is_ge),
        "lt" => call.compare(Ordering::is_lt),
        "le" => call.compare(Ordering::is_le),
        "contains" => call.texts(|hay, needle| hay.contains(needle)),
        "startswith" => call.texts(|text, start| text.starts_with(start)),
        "endswith" => call.texts(|text, end| text.ends_with(end)),
        "containsvalue" => Ok(contains_value(call.at(0), call.at(1)).into()),
        "join" => call.join(),
        "split" => call.split(),
        "replace" => call.replace(),
        "lower" => call.text(0).map(|text| lower(&text).into()),
        "upper" => call.text(0).map(|text| upper(&text).into()),
        "trim" => call.text(0).map(|text| text.trim().into()),
        "length" => call.length(),
        "substring" => call.substring(),
        "iif" => Ok(if call.at(0).to_boolean() { call.at(1) } else { call.at(2) }.clone()),
        "converttojson" => pretty(call.at(0), MAX_MEMORY)
            .map(Value::from)
            .ok_or(ExpressionError::TooLarge { offset: call.offset }),
        _ => return None,
    })
}

/// True for functions whose trace shows what they were asked, not what they answered.
pub(crate) fn is_shown_with_arguments(name: &str) -> bool {
    const SHOWN: [&str; 18] = [
        "and",
        "or",
        "not",
        "xor",
        "eq",
        "ne",
        "gt",
        "ge",
        "lt",
        "le",
        "in",
        "notIn",
        "contains",
        "startsWith",
        "endsWith",
        "containsValue",
        "coalesce",
        "length",
    ];
    SHOWN.iter().any(|shown| shown.eq_ignore_ascii_case(name))
}

/// The text of a value, or the error of the conversion.
pub(crate) fn text(value: &Value, offset: usize) -> Result<String, ExpressionError> {
    value.to_text().ok_or_else(|| conversion(value.no_conversion("String"), offset))
}

/// The number of a value, or the error of the conversion.
pub(crate) fn number(
    value: &Value,
    offset: usize,
) -> Result<super::decimal::Decimal, ExpressionError> {
    value.to_number().ok_or_else(|| conversion(value.no_conversion("Number"), offset))
}

impl Call<'_> {
    fn at(&self, position: usize) -> &Value {
        self.arguments.get(position).unwrap_or(&Value::Null)
    }

    fn text(&self, position: usize) -> Result<String, ExpressionError> {
        text(self.at(position), self.offset)
    }

    fn too_large(&self) -> ExpressionError {
        ExpressionError::TooLarge { offset: self.offset }
    }

    fn compare(&self, holds: fn(Ordering) -> bool) -> Outcome {
        match self.at(0).compare(self.at(1)) {
            Ok(ordering) => Ok(holds(ordering).into()),
            Err(failed) => Err(conversion(failed, self.offset)),
        }
    }

    fn texts(&self, holds: impl Fn(&str, &str) -> bool) -> Outcome {
        Ok(holds(&fold(&self.text(0)?), &fold(&self.text(1)?)).into())
    }

    fn join(&self) -> Outcome {
        let Value::Array(items) = self.at(1) else {
            return Ok(self.at(1).to_text().unwrap_or_default().into());
        };
        // Azure asks for the separator only when there is something to separate.
        let separator = if items.len() > 1 { self.text(0)? } else { String::new() };
        let mut out = String::new();
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.push_str(&separator);
            }
            out.push_str(&item.to_text().unwrap_or_default());
            if out.len() > MAX_MEMORY {
                return Err(self.too_large());
            }
        }
        Ok(out.into())
    }

    fn split(&self) -> Outcome {
        let (text, separators) = (self.text(0)?, self.text(1)?);
        if separators.is_empty() {
            return Ok(vec![Value::from(text)].into());
        }
        // A set, so that a long list of separators does not cost the text times the list.
        let separators: std::collections::HashSet<char> = separators.chars().collect();
        let pieces = || text.split(|letter| separators.contains(&letter));
        if pieces().count().saturating_mul(PIECE_BYTES) > MAX_MEMORY {
            return Err(self.too_large());
        }
        Ok(pieces().map(Value::from).collect::<Vec<_>>().into())
    }

    fn replace(&self) -> Outcome {
        let (text, old, new) = (self.text(0)?, self.text(1)?, self.text(2)?);
        if old.is_empty() {
            return Ok(text.into());
        }
        let growth = text.matches(old.as_str()).count().saturating_mul(new.len());
        if growth.saturating_add(text.len()) > MAX_MEMORY {
            return Err(self.too_large());
        }
        Ok(text.replace(&old, &new).into())
    }

    fn length(&self) -> Outcome {
        let count = match self.at(0) {
            Value::String(text) => text.encode_utf16().count(),
            Value::Array(items) => items.len(),
            Value::Object(object) => object.len(),
            other => {
                return Err(ExpressionError::Length { kind: other.kind(), offset: self.offset });
            }
        };
        Ok(i64::try_from(count).unwrap_or(i64::MAX).into())
    }

    fn substring(&self) -> Outcome {
        let text = self.text(0)?;
        // A start before the text is its start; a length below zero takes nothing.
        let start = number(self.at(1), self.offset)?.as_index().unwrap_or(0);
        let rest = text.chars().skip(start);
        let taken: String = if self.arguments.len() > 2 {
            rest.take(number(self.at(2), self.offset)?.as_index().unwrap_or(0)).collect()
        } else {
            rest.collect()
        };
        Ok(taken.into())
    }
}

/// A piece of a format string.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FormatPart {
    Text(String),
    /// `{1:yyyy}`.
    Argument {
        position: usize,
        specifiers: String,
    },
}

/// Cuts a format string; `arguments` is how many there are to name.
pub(crate) fn format_parts(
    format: &str,
    arguments: usize,
    offset: usize,
) -> Result<Vec<FormatPart>, ExpressionError> {
    let invalid = || ExpressionError::FormatInvalid { format: format.to_owned(), offset };
    let mut parts = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        let brace = &rest[at..=at];
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix(brace) {
            parts.push(FormatPart::Text(rest[..=at].to_owned()));
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err(invalid());
        }
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        // Azure counts arguments in a byte: what does not fit is no number at all.
        let position: u8 = after[..digits].parse().map_err(|_| invalid())?;
        let position = usize::from(position);
        let (specifiers, after) = specifiers(&after[digits..]).ok_or_else(invalid)?;
        if position >= arguments {
            let format = format.to_owned();
            return Err(ExpressionError::FormatArguments { format, offset });
        }
        parts.push(FormatPart::Text(rest[..at].to_owned()));
        parts.push(FormatPart::Argument { position, specifiers });
        rest = after;
    }
    parts.push(FormatPart::Text(rest.to_owned()));
    Ok(parts)
}

/// `:yyyy}` or `}`: the specifiers, in which `}}` is a brace, and what comes after.
fn specifiers(text: &str) -> Option<(String, &str)> {
    if let Some(after) = text.strip_prefix('}') {
        return Some((String::new(), after));
    }
    let mut rest = text.strip_prefix(':')?;
    let mut found = String::new();
    loop {
        let end = rest.find('}')?;
        found.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('}') {
            Some(after) => {
                found.push('}');
                rest = after;
            }
            None => return Some((found, rest)),
        }
    }
}

/// An argument of `format` as it appears in the text.
pub(crate) fn formatted(
    value: &Value,
    specifiers: &str,
    offset: usize,
) -> Result<String, ExpressionError> {
    // Azure makes the text first, so that a list is refused as a list, whatever comes after the colon.
    let plain = text(value, offset)?;
    if specifiers.is_empty() {
        return Ok(plain);
    }
    let formatted = match value {
        Value::DateTime(instant) => format_expression_date(*instant, specifiers),
        _ => None,
    };
    formatted.ok_or_else(|| ExpressionError::FormatSpecifiers {
        specifiers: specifiers.to_owned(),
        kind: value.kind(),
        offset,
    })
}

/// The item is converted to the kind of the value that is looked for; only lists and mappings hold
/// values.
fn contains_value(items: &Value, wanted: &Value) -> bool {
    match items {
        Value::Array(items) => items.iter().any(|item| wanted.equals(item)),
        Value::Object(object) => object.iter().any(|(_, value)| wanted.equals(value)),
        _ => false,
    }
}
