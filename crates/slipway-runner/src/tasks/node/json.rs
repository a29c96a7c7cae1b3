//! JSON as the agent reads it: a byte order mark, comments and trailing commas are passed over, keys ignore
//! case, and a number or a word may stand where a text is meant.
//!
//! Called by `declaration` and `folder`. Deliberately not here: what the fields mean.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::error::TaskFolderError;

/// A JSON object with its place, for messages.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    file: &'a Path,
    map: &'a Map<String, Value>,
    /// `inputs[2].`, empty for the whole file.
    place: &'a str,
}

/// An object of a list, and its place.
pub(super) type PlacedObject<'a> = (&'a Map<String, Value>, String);

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<String, TaskFolderError> {
    let bytes = std::fs::read(path)
        .map_err(|source| TaskFolderError::Unreadable { path: path.to_owned(), source })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads the text of a file that holds an object.
pub(super) fn object(path: &Path, text: &str) -> Result<Map<String, Value>, TaskFolderError> {
    match serde_json::from_str(&relaxed(text)) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(field(path, "the file", "must be an object, { … }")),
        Err(error) => Err(TaskFolderError::Json {
            path: path.to_owned(),
            line: error.line(),
            column: error.column(),
            what: error.to_string(),
        }),
    }
}

fn field(file: &Path, field: &str, problem: &str) -> TaskFolderError {
    TaskFolderError::Field {
        path: PathBuf::from(file),
        field: field.to_owned(),
        problem: problem.to_owned(),
    }
}

impl<'a> Fields<'a> {
    pub(super) fn of(file: &'a Path, map: &'a Map<String, Value>) -> Self {
        Self { file, map, place: "" }
    }

    /// The same for an object below.
    pub(super) fn at(self, map: &'a Map<String, Value>, place: &'a str) -> Self {
        Self { map, place, ..self }
    }

    pub(super) fn wrong(&self, key: &str, problem: &str) -> TaskFolderError {
        field(self.file, &format!("{}{key}", self.place), problem)
    }

    /// A value that is not null.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        let found = self.map.get(key).or_else(|| {
            self.map.iter().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| value)
        });
        found.filter(|value| !value.is_null())
    }

    /// A text; numbers and booleans count as one.
    pub(super) fn text(&self, key: &str) -> Result<Option<String>, TaskFolderError> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => match plain(value) {
                Some(text) => Ok(Some(text)),
                None => Err(self.wrong(key, "must be a text")),
            },
        }
    }

    /// A text that must be there.
    pub(super) fn needed(&self, key: &str) -> Result<String, TaskFolderError> {
        let text = self.text(key)?.map(|text| text.trim().to_owned());
        text.filter(|text| !text.is_empty()).ok_or_else(|| self.wrong(key, "is missing"))
    }

    /// `true` or `false`, also in quotes; left out is false.
    pub(super) fn flag(&self, key: &str) -> Result<bool, TaskFolderError> {
        match self.text(key)?.map(|text| text.trim().to_lowercase()).as_deref() {
            None | Some("" | "false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(self.wrong(key, "must be true or false")),
        }
    }

    /// A whole number, also in quotes.
    pub(super) fn number(&self, key: &str) -> Result<u32, TaskFolderError> {
        let text = self.needed(key)?;
        text.parse().map_err(|_| self.wrong(key, "must be a whole number"))
    }

    pub(super) fn object(
        &self,
        key: &str,
    ) -> Result<Option<&'a Map<String, Value>>, TaskFolderError> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map)),
            Some(_) => Err(self.wrong(key, "must be an object, { … }")),
        }
    }

    /// The objects of a list, each with its place.
    pub(super) fn objects(&self, key: &str) -> Result<Vec<PlacedObject<'a>>, TaskFolderError> {
        let items = match self.get(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.wrong(key, "must be a list, [ … ]")),
        };
        let mut found = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match item {
                Value::Object(map) => found.push((map, format!("{}{key}[{index}].", self.place))),
                _ => {
                    let name = format!("{key}[{index}]");
                    return Err(self.wrong(&name, "must be an object, { … }"));
                }
            }
        }
        Ok(found)
    }

    /// The texts of a list.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, TaskFolderError> {
        match self.get(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| plain(item).ok_or_else(|| self.wrong(key, "must be a list of texts")))
                .collect(),
            Some(_) => Err(self.wrong(key, "must be a list, [ … ]")),
        }
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The text without what JSON does not have; lines and columns stay.
fn relaxed(text: &str) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let bytes = text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes();
    // Where a comma stands that nothing has followed yet.
    let mut comma: Option<usize> = None;
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'"', _) => {
                let end = end_of_text(bytes, at);
                out.extend_from_slice(&bytes[at..end]);
                at = end;
                comma = None;
                continue;
            }
            (b'/', Some(b'/')) => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    out.push(b' ');
                    at += 1;
                }
                continue;
            }
            (b'/', Some(b'*')) => {
                let rest = &bytes[at..];
                let length = rest.windows(2).skip(2).position(|pair| pair == b"*/");
                let end = length.map_or(bytes.len(), |length| at + length + 4);
                let blank = |byte: &u8| if *byte == b'\n' { b'\n' } else { b' ' };
                out.extend(bytes[at..end].iter().map(blank));
                at = end;
                continue;
            }
            (b',', _) => comma = Some(out.len()),
            (b'}' | b']', _) => {
                if let Some(comma) = comma.take() {
                    out[comma] = b' ';
                }
            }
            (byte, _) if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        out.push(bytes[at]);
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_does_not_have_is_passed_over() {
        let text = "\u{feff}{ // a word\n \"a\": \"// no\", /* or\n two */ \"b\": [1, 2,],\n}";
        let map = object(Path::new("task.json"), text).unwrap();
        assert_eq!(map["a"], "// no", "what is in quotes stays");
        assert_eq!(map["b"], serde_json::json!([1, 2]), "a comma may trail");
        assert_eq!(relaxed(text).lines().count(), text.lines().count(), "lines stay");
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let wrong = object(Path::new("t/task.json"), "{\n /* x */ \"a\" 1 }").unwrap_err();
        assert!(wrong.to_string().starts_with("t/task.json:2:"), "{wrong}");
        let map = object(Path::new("t"), "{\"A\": \"2\", \"b\": {}}").unwrap();
        let fields = Fields::of(Path::new("t"), &map);
        assert_eq!(fields.number("a").unwrap(), 2, "keys ignore case, numbers may be quoted");
        assert!(fields.text("b").unwrap_err().to_string().contains("`b` must be a text"), "named");
    }
}
