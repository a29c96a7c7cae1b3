//! Values of the expression language, their conversions and comparisons (pipelines.md 8.2 to 8.4).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;

use super::dates::{format_date, parse_date};
use super::decimal::Decimal;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Number(Decimal),
    String(Arc<str>),
    Version(Version),
    DateTime(Timestamp),
    Array(Arc<Vec<Value>>),
    Object(Arc<Object>),
    /// A plain YAML scalar of an object parameter: a Boolean or a number that prints as written.
    Plain(Arc<PlainScalar>),
}

/// A typed scalar that remembers its source text (`3.10` stays `3.10`).
#[derive(Debug, Clone, PartialEq)]
pub struct PlainScalar {
    pub text: String,
    pub value: Value,
}

/// A .NET version: two to four numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    // A part that is not written is -1, so that 1.2 sorts before 1.2.0, as in .NET.
    parts: [i64; 4],
}

impl Version {
    /// Reads `1.2`, `1.2.3` or `1.2.3.4`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = [-1; 4];
        let mut count = 0;
        for piece in text.trim().split('.') {
            let piece = piece.trim();
            if count == 4 || piece.is_empty() || !piece.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            parts[count] = i64::from(piece.parse::<i32>().ok()?);
            count += 1;
        }
        (count >= 2).then_some(Self { parts })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> =
            self.parts.iter().filter(|part| **part >= 0).map(ToString::to_string).collect();
        f.write_str(&parts.join("."))
    }
}

/// A mapping whose keys are looked up ignoring case and kept in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    entries: IndexMap<String, (String, Value)>,
    is_strict: bool,
}

impl Object {
    /// An empty mapping.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty mapping in which a missing key is an error (`parameters` of a typed file).
    pub fn strict() -> Self {
        Self { entries: IndexMap::new(), is_strict: true }
    }

    /// Sets a key; the last one wins.
    pub fn insert(&mut self, key: impl Into<String>, value: Value) {
        let key = key.into();
        self.entries.insert(fold(&key), (key, value));
    }

    /// Looks a key up, ignoring case.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(&fold(key)).map(|(_, value)| value)
    }

    /// Keys as written, and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.values().map(|(key, value)| (key.as_str(), value))
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True without keys.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// True when a missing key is an error.
    pub fn is_strict(&self) -> bool {
        self.is_strict
    }
}

impl<K: Into<String>> FromIterator<(K, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Self {
        let mut object = Self::new();
        for (key, value) in entries {
            object.insert(key, value);
        }
        object
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(Arc::new(object))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::Array(Arc::new(items))
    }
}

/// A conversion the language does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoConversion {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) value: String,
}

impl Value {
    /// The name of its kind, as messages print it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Boolean(_) => "Boolean",
            Self::Number(_) => "Number",
            Self::String(_) => "String",
            Self::Version(_) => "Version",
            Self::DateTime(_) => "DateTime",
            Self::Array(_) => "Array",
            Self::Object(_) => "Object",
            Self::Plain(plain) => plain.value.kind(),
        }
    }

    /// Without the remembered source text.
    fn typed(&self) -> &Self {
        match self {
            Self::Plain(plain) => &plain.value,
            other => other,
        }
    }

    /// Truth: never fails.
    pub fn to_boolean(&self) -> bool {
        match self.typed() {
            Self::Null => false,
            Self::Boolean(truth) => *truth,
            Self::Number(number) => !number.is_zero(),
            Self::String(text) => !text.is_empty(),
            _ => true,
        }
    }

    /// Its text; lists and mappings have none.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Null => Some(String::new()),
            Self::Boolean(true) => Some("True".to_owned()),
            Self::Boolean(false) => Some("False".to_owned()),
            Self::Number(number) => Some(number.to_string()),
            Self::String(text) => Some(text.to_string()),
            Self::Version(version) => Some(version.to_string()),
            Self::DateTime(instant) => format_date(*instant, "yyyy-MM-dd HH:mm:sszzz"),
            Self::Array(_) | Self::Object(_) => None,
            Self::Plain(plain) => Some(plain.text.clone()),
        }
    }

    /// As [`Self::to_text`], without a copy where the value is a text.
    pub(crate) fn as_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::String(text) => Some(Cow::Borrowed(text)),
            other => other.to_text().map(Cow::Owned),
        }
    }

    /// Its number.
    pub fn to_number(&self) -> Option<Decimal> {
        match self.typed() {
            Self::Null => Some(Decimal::ZERO),
            Self::Boolean(truth) => Some(Decimal::from(i64::from(*truth))),
            Self::Number(number) => Some(*number),
            Self::String(text) if text.is_empty() => Some(Decimal::ZERO),
            Self::String(text) => Decimal::parse_text(text),
            _ => None,
        }
    }

    /// The position in a list: a whole number that is not negative, digits in a text included.
    pub(crate) fn as_index(&self) -> Option<usize> {
        match self.typed() {
            Self::Number(number) => number.as_index(),
            Self::String(text) => Decimal::parse_text(text)?.as_index(),
            _ => None,
        }
    }

    fn to_date(&self) -> Option<Timestamp> {
        match self.typed() {
            Self::DateTime(instant) => Some(*instant),
            Self::String(text) => parse_date(text),
            _ => None,
        }
    }

    fn to_version(&self) -> Option<Version> {
        match self.typed() {
            Self::Version(version) => Some(*version),
            Self::Number(number) => Version::parse(&number.to_string()),
            Self::String(text) => Version::parse(text),
            _ => None,
        }
    }

    fn is_nullish(&self) -> bool {
        match self.typed() {
            Self::Null => true,
            Self::String(text) => text.is_empty(),
            _ => false,
        }
    }

    /// True for null and for the empty text, which `coalesce` passes over.
    pub fn is_empty(&self) -> bool {
        self.is_nullish()
    }

    /// `eq`: the right side is converted to the left side's kind; what cannot be is not equal.
    pub fn equals(&self, right: &Self) -> bool {
        match self.typed() {
            Self::Null => right.is_nullish(),
            Self::Boolean(left) => *left == right.to_boolean(),
            Self::Number(left) => right.to_number() == Some(*left),
            Self::String(left) => {
                right.as_text().is_some_and(|right| compare_text(left, &right) == Ordering::Equal)
            }
            Self::Version(left) => right.to_version() == Some(*left),
            Self::DateTime(left) => right.to_date() == Some(*left),
            Self::Array(left) => matches!(right, Self::Array(right) if Arc::ptr_eq(left, right)),
            Self::Object(left) => matches!(right, Self::Object(right) if Arc::ptr_eq(left, right)),
            Self::Plain(_) => false,
        }
    }

    /// `gt`, `ge`, `lt`, `le`: as `equals`, but what cannot be converted is an error.
    pub(crate) fn compare(&self, right: &Self) -> Result<Ordering, NoConversion> {
        match self.typed() {
            Self::Boolean(left) => Ok(left.cmp(&right.to_boolean())),
            Self::String(left) => {
                let right = right.as_text().ok_or_else(|| right.no_conversion("String"))?;
                Ok(compare_text(left, &right))
            }
            Self::Version(left) => {
                let right = right.to_version().ok_or_else(|| right.no_conversion("Version"))?;
                Ok(left.cmp(&right))
            }
            Self::DateTime(left) => {
                let right = right.to_date().ok_or_else(|| right.no_conversion("DateTime"))?;
                Ok(left.cmp(&right))
            }
            other => {
                let left = other.to_number().ok_or_else(|| self.no_conversion("Number"))?;
                let right = right.to_number().ok_or_else(|| right.no_conversion("Number"))?;
                Ok(left.cmp(&right))
            }
        }
    }

    pub(crate) fn no_conversion(&self, to: &'static str) -> NoConversion {
        NoConversion { from: self.kind(), to, value: self.shown() }
    }

    /// As a trace shows it: text quoted, versions and dates marked, the rest bare.
    pub fn shown(&self) -> String {
        match self {
            Self::Null => "Null".to_owned(),
            Self::String(text) => format!("'{}'", text.replace('\'', "''")),
            Self::Array(_) => "Array".to_owned(),
            Self::Object(_) => "Object".to_owned(),
            Self::Version(version) => format!("v{version}"),
            Self::DateTime(_) => format!("(DateTime){}", self.to_text().unwrap_or_default()),
            other => other.to_text().unwrap_or_default(),
        }
    }

    /// A plain YAML scalar as an object parameter holds it: `false` and `5` get their type.
    pub fn from_plain(text: &str) -> Self {
        let value = if text.eq_ignore_ascii_case("true") {
            Self::Boolean(true)
        } else if text.eq_ignore_ascii_case("false") {
            Self::Boolean(false)
        } else if let Some(number) = Decimal::parse_literal(text) {
            Self::Number(number)
        } else {
            return text.into();
        };
        Self::Plain(Arc::new(PlainScalar { text: text.to_owned(), value }))
    }

    /// JSON as `convertToJson` prints it: two blanks of indentation.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Boolean(truth) => (*truth).into(),
            Self::Number(number) => json_number(&number.to_string()),
            Self::Plain(plain) => match &plain.value {
                Self::Boolean(truth) => (*truth).into(),
                _ => json_number(&plain.text),
            },
            Self::Array(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(object) => {
                object.iter().map(|(key, value)| (key.to_owned(), value.to_json())).collect()
            }
            other => other.to_text().unwrap_or_default().into(),
        }
    }

    /// Reads JSON, such as a `matrix` written by an earlier job.
    pub fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(truth) => Self::Boolean(*truth),
            serde_json::Value::Number(number) => Decimal::parse_text(&number.to_string())
                .map_or_else(|| number.to_string().into(), Self::Number),
            serde_json::Value::String(text) => text.as_str().into(),
            serde_json::Value::Array(items) => {
                items.iter().map(Self::from_json).collect::<Vec<_>>().into()
            }
            serde_json::Value::Object(entries) => entries
                .iter()
                .map(|(key, value)| (key.clone(), Self::from_json(value)))
                .collect::<Object>()
                .into(),
        }
    }
}

fn json_number(text: &str) -> serde_json::Value {
    serde_json::from_str::<serde_json::Number>(text)
        .map_or_else(|_| text.into(), serde_json::Value::Number)
}

/// Ordinal comparison that ignores case, as .NET does it: by upper-case characters.
pub(crate) fn compare_text(left: &str, right: &str) -> Ordering {
    left.chars().map(upper_letter).cmp(right.chars().map(upper_letter))
}

/// A text as it is compared: letter by letter in upper case.
pub(crate) fn fold(text: &str) -> String {
    upper(text)
}

/// The text in upper case.
pub(crate) fn upper(text: &str) -> String {
    text.chars().map(upper_letter).collect()
}

/// The text in lower case.
pub(crate) fn lower(text: &str) -> String {
    text.chars()
        .map(|letter| {
            let mut lower = letter.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) if letter != '\u{130}' => one,
                _ => letter,
            }
        })
        .collect()
}

/// One letter for one letter: in .NET `ß` has no capital, and the Turkish `ı` is not an `I`.
fn upper_letter(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) if letter != '\u{131}' => one,
        _ => letter,
    }
}
