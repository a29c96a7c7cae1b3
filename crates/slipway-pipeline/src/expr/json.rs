//! JSON as `convertToJson` prints it: two blanks of indentation, keys in order, texts as they are.
//!
//! Written here and not by serde, because a value may hold the same list many times over: only a
//! writer that stops at a limit is safe.

use super::value::Value;

// Deeper than a template may nest; a value from elsewhere must not overflow the stack.
const MAX_DEPTH: usize = 128;

/// The value as JSON; `None` when it comes to more than `limit` bytes or is nested too deep.
pub(crate) fn pretty(value: &Value, limit: usize) -> Option<String> {
    let mut writer = Writer { out: String::new(), limit };
    writer.value(value, 0)?;
    Some(writer.out)
}

struct Writer {
    out: String,
    limit: usize,
}

impl Writer {
    fn put(&mut self, text: &str) -> Option<()> {
        self.out.push_str(text);
        (self.out.len() <= self.limit).then_some(())
    }

    fn line(&mut self, depth: usize) -> Option<()> {
        self.put("\n")?;
        (0..depth).try_for_each(|_| self.put("  "))
    }

    fn value(&mut self, value: &Value, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match value {
            Value::Null => self.put("null"),
            Value::Boolean(true) => self.put("true"),
            Value::Boolean(false) => self.put("false"),
            Value::Number(number) => self.put(&number.to_string()),
            Value::Plain(plain) => match &plain.value {
                // `3.10` stays as written; `010` is no JSON.
                Value::Number(_) if is_json_number(&plain.text) => self.put(&plain.text),
                other => self.value(other, depth + 1),
            },
            Value::Array(items) if items.is_empty() => self.put("[]"),
            Value::Array(items) => {
                self.put("[")?;
                for (at, item) in items.iter().enumerate() {
                    self.put(if at == 0 { "" } else { "," })?;
                    self.line(depth + 1)?;
                    self.value(item, depth + 1)?;
                }
                self.line(depth)?;
                self.put("]")
            }
            Value::Object(object) if object.is_empty() => self.put("{}"),
            Value::Object(object) => {
                self.put("{")?;
                for (at, (key, item)) in object.iter().enumerate() {
                    self.put(if at == 0 { "" } else { "," })?;
                    self.line(depth + 1)?;
                    self.text(key)?;
                    self.put(": ")?;
                    self.value(item, depth + 1)?;
                }
                self.line(depth)?;
                self.put("}")
            }
            Value::String(_) | Value::Version(_) | Value::DateTime(_) => {
                self.text(&value.to_text().unwrap_or_default())
            }
        }
    }

    fn text(&mut self, text: &str) -> Option<()> {
        self.put("\"")?;
        for letter in text.chars() {
            match letter {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '\0'..='\u{1f}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                    self.out.push_str(&format!("\\u{:04x}", u32::from(letter)));
                }
                letter => self.out.push(letter),
            }
        }
        self.put("\"")
    }
}

fn is_json_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_holds_itself_many_times_is_cut_off() {
        let mut value = Value::from("x");
        for _ in 0..60 {
            value = vec![value.clone(), value].into();
        }
        assert_eq!(pretty(&value, 1024), None, "two to the sixtieth is refused soon");
        for _ in 0..200 {
            value = vec![value].into();
        }
        assert_eq!(pretty(&value, usize::MAX), None, "so is a nest that is too deep");
    }

    #[test]
    fn texts_are_escaped_and_numbers_keep_their_text() {
        let list: Value =
            vec!["a\"\\\n\u{1}é".into(), Value::from_plain("3.10"), Value::from_plain("010")]
                .into();
        assert_eq!(
            pretty(&list, 1024).as_deref(),
            Some("[\n  \"a\\\"\\\\\\n\\u0001é\",\n  3.10,\n  10\n]")
        );
    }
}
