//! What an edit brings into the file: a structured value, or a piece of YAML.
//!
//! On the wire a value is plain JSON; `{"$yaml": "- script: make\n"}` is a piece of YAML, whose
//! comments, quotes and block scalars are kept. Keys keep their order.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::shape::Shape;
use ts_rs::TS;

/// The key under which a piece of YAML travels.
const YAML: &str = "$yaml";
/// Deepest nesting of a value.
const MAX_DEPTH: usize = 90;

/// A structured value, or YAML text.
#[derive(Debug, Clone, PartialEq, TS)]
#[ts(
    rename = "EditValue",
    type = "string | number | boolean | null | EditValue[] | { [key: string]: EditValue }"
)]
pub enum Value {
    Null,
    /// Written as it is, without quotes: a Boolean or number.
    Word(String),
    Text(String),
    List(Vec<Value>),
    /// Entries in order.
    Map(Vec<(String, Value)>),
    /// A piece of YAML; only as the whole value.
    Yaml(String),
}

impl Value {
    /// A mapping with these entries.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// A list of texts.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(|text| Self::Text(text.into())).collect())
    }

    pub(super) fn is_collection(&self) -> bool {
        matches!(self, Self::List(_) | Self::Map(_))
    }

    pub(super) fn is_empty_collection(&self) -> bool {
        matches!(self, Self::List(items) if items.is_empty())
            || matches!(self, Self::Map(entries) if entries.is_empty())
    }

    /// Its shape; `None` when it is nested too deep, or has YAML inside.
    pub(super) fn shape(&self) -> Option<Shape> {
        self.shape_at(0)
    }

    fn shape_at(&self, depth: usize) -> Option<Shape> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match self {
            Self::Null => Shape::Null,
            Self::Word(text) | Self::Text(text) => Shape::Text(text.as_str().into()),
            Self::List(items) => Shape::List(
                items.iter().map(|item| item.shape_at(depth + 1)).collect::<Option<_>>()?,
            ),
            Self::Map(entries) => Shape::Map(
                entries
                    .iter()
                    .map(|(key, value)| Some((key.as_str().into(), value.shape_at(depth + 1)?)))
                    .collect::<Option<_>>()?,
            ),
            Self::Yaml(_) => return None,
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Word(word) => match (word.parse::<bool>(), word.parse::<i64>()) {
                (Ok(word), _) => serializer.serialize_bool(word),
                (_, Ok(number)) if number.to_string() == *word => serializer.serialize_i64(number),
                _ => match word.parse::<f64>() {
                    Ok(number) if number.is_finite() => serializer.serialize_f64(number),
                    _ => serializer.serialize_str(word),
                },
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
            Self::Yaml(text) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(YAML, text)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or {\"$yaml\": \"…\"}")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Word(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Word(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Word(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Word(format!("{value:?}")))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries: Vec<(String, Value)> = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        match entries.as_mut_slice() {
            [(key, Value::Text(text))] if key == YAML => Ok(Value::Yaml(std::mem::take(text))),
            _ => Ok(Value::Map(entries)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_order_and_yaml_is_told_apart() {
        let json = r#"{"script":"make","env":{"Z":"1","A":2},"on":[true,null,1.5]}"#;
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), json, "nothing is sorted or lost");
        let yaml: Value = serde_json::from_str(r#"{"$yaml":"- a"}"#).unwrap();
        assert_eq!(yaml, Value::Yaml("- a".to_owned()));
        assert_eq!(serde_json::to_string(&yaml).unwrap(), r#"{"$yaml":"- a"}"#);
    }

    #[test]
    fn bottomless_values_have_no_shape() {
        let deep = (0..200).fold(Value::Null, |value, _| Value::List(vec![value]));
        assert!(deep.shape().is_none(), "200 levels are too many");
    }
}
