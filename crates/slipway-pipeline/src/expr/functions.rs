//! The functions that every place knows (pipelines.md 8.5), given their arguments' values.

use std::cmp::Ordering;

use super::dates::format_date;
use super::eval::conversion;
use super::value::{Value, compare_text};
use crate::error::ExpressionError;

type Outcome = Result<Value, ExpressionError>;

// A small file must not be able to fill the memory: join and replace in nested loops can.
const MAX_TEXT: usize = 10 * 1024 * 1024;

/// Calls a function by its lower-case name; `None` when there is no such function. The parser has
/// counted the arguments already; one too few reads as null.
pub(crate) fn call(name: &str, arguments: &[Value], offset: usize) -> Option<Outcome> {
    let call = Call { arguments, offset };
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
        "format" => call.format(),
        "join" => call.join(),
        "split" => call.split(),
        "replace" => call.replace(),
        "lower" => call.text(0).map(|text| text.to_lowercase().into()),
        "upper" => call.text(0).map(|text| text.to_uppercase().into()),
        "trim" => call.text(0).map(|text| text.trim().into()),
        "length" => call.length(),
        "substring" => call.substring(),
        "iif" => Ok(if call.at(0).to_boolean() { call.at(1) } else { call.at(2) }.clone()),
        "converttojson" => Ok(call.json()),
        _ => return None,
    })
}

/// True for functions that answer yes or no: a trace shows what they were asked.
pub(crate) fn is_shown_with_arguments(name: &str) -> bool {
    const SHOWN: [&str; 15] = [
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
    ];
    SHOWN.iter().any(|shown| shown.eq_ignore_ascii_case(name))
}

struct Call<'a> {
    arguments: &'a [Value],
    offset: usize,
}

impl Call<'_> {
    fn at(&self, position: usize) -> &Value {
        self.arguments.get(position).unwrap_or(&Value::Null)
    }

    fn text(&self, position: usize) -> Result<String, ExpressionError> {
        let value = self.at(position);
        value.to_text().ok_or_else(|| conversion(value.no_conversion("String"), self.offset))
    }

    fn limited(&self, text: String) -> Outcome {
        if text.len() > MAX_TEXT {
            return Err(ExpressionError::TooLarge { offset: self.offset });
        }
        Ok(text.into())
    }

    fn compare(&self, holds: fn(Ordering) -> bool) -> Outcome {
        match self.at(0).compare(self.at(1)) {
            Ok(ordering) => Ok(holds(ordering).into()),
            Err(failed) => Err(conversion(failed, self.offset)),
        }
    }

    fn texts(&self, holds: impl Fn(&str, &str) -> bool) -> Outcome {
        let fold = |text: String| text.to_uppercase();
        Ok(holds(&fold(self.text(0)?), &fold(self.text(1)?)).into())
    }

    fn join(&self) -> Outcome {
        let separator = self.text(0)?;
        match self.at(1) {
            Value::Array(items) => {
                let texts: Vec<String> =
                    items.iter().map(|item| item.to_text().unwrap_or_default()).collect();
                self.limited(texts.join(&separator))
            }
            Value::Object(_) => Ok("".into()),
            other => Ok(other.to_text().unwrap_or_default().into()),
        }
    }

    fn split(&self) -> Outcome {
        let (text, separators) = (self.text(0)?, self.text(1)?);
        let pieces: Vec<Value> = if separators.is_empty() {
            vec![text.into()]
        } else {
            text.split(|letter| separators.contains(letter)).map(Value::from).collect()
        };
        Ok(pieces.into())
    }

    fn replace(&self) -> Outcome {
        let (text, old, new) = (self.text(0)?, self.text(1)?, self.text(2)?);
        if old.is_empty() {
            return Ok(text.into());
        }
        let growth = text.matches(old.as_str()).count().saturating_mul(new.len());
        if growth > MAX_TEXT {
            return Err(ExpressionError::TooLarge { offset: self.offset });
        }
        self.limited(text.replace(&old, &new))
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
        let number = |position: usize| -> Result<usize, ExpressionError> {
            let value = self.at(position);
            let number = value
                .to_number()
                .ok_or_else(|| conversion(value.no_conversion("Number"), self.offset))?;
            // A start before the text is its start; a length below zero takes nothing.
            Ok(number.as_index().unwrap_or(0))
        };
        let rest = text.chars().skip(number(1)?);
        let taken: String =
            if self.arguments.len() > 2 { rest.take(number(2)?).collect() } else { rest.collect() };
        Ok(taken.into())
    }

    fn json(&self) -> Value {
        let json = self.at(0).to_json();
        serde_json::to_string_pretty(&json).unwrap_or_default().into()
    }

    fn format(&self) -> Outcome {
        let format = self.text(0)?;
        let invalid =
            || ExpressionError::FormatInvalid { format: format.clone(), offset: self.offset };
        let mut out = String::new();
        let mut rest = format.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                out.push_str(brace);
                rest = after;
                continue;
            }
            if brace == "}" {
                return Err(invalid());
            }
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let position: usize = rest[..digits].parse().map_err(|_| invalid())?;
            rest = &rest[digits..];
            let specifiers = match rest.strip_prefix(':') {
                Some(after) => {
                    let end = after.find('}').ok_or_else(invalid)?;
                    rest = &after[end..];
                    &after[..end]
                }
                None => "",
            };
            rest = rest.strip_prefix('}').ok_or_else(invalid)?;
            out.push_str(&self.formatted(position, specifiers, &format)?);
            if out.len() > MAX_TEXT {
                return Err(ExpressionError::TooLarge { offset: self.offset });
            }
        }
        out.push_str(rest);
        self.limited(out)
    }

    fn formatted(
        &self,
        position: usize,
        specifiers: &str,
        format: &str,
    ) -> Result<String, ExpressionError> {
        let Some(value) = position.checked_add(1).and_then(|at| self.arguments.get(at)) else {
            let format = format.to_owned();
            return Err(ExpressionError::FormatArguments { format, offset: self.offset });
        };
        if specifiers.is_empty() {
            return value
                .to_text()
                .ok_or_else(|| conversion(value.no_conversion("String"), self.offset));
        }
        let formatted = match value {
            Value::DateTime(instant) => format_date(*instant, specifiers),
            _ => None,
        };
        formatted.ok_or_else(|| ExpressionError::FormatSpecifiers {
            specifiers: specifiers.to_owned(),
            kind: value.kind(),
            offset: self.offset,
        })
    }
}

/// The item is converted to the kind of the value that is looked for.
fn contains_value(items: &Value, wanted: &Value) -> bool {
    match items {
        Value::Array(items) => items.iter().any(|item| wanted.equals(item)),
        Value::Object(object) => object.iter().any(|(_, value)| wanted.equals(value)),
        Value::String(text) => {
            wanted.to_text().is_some_and(|wanted| compare_text(text, &wanted) == Ordering::Equal)
        }
        _ => false,
    }
}
