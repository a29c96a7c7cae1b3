//! Cuts a body into its items without reading them, so that a malformed item costs only itself.

/// The items of a body: elements of an array, lines, or the body itself if it is one object.
pub(super) fn pieces(text: &[u8]) -> Box<dyn Iterator<Item = &[u8]> + '_> {
    match text.first() {
        Some(b'[') => Box::new(Elements { rest: &text[1..] }),
        // A lone object may be printed over many lines.
        Some(b'{') if braces_end(text).is_some_and(|end| text[end..].trim_ascii().is_empty()) => {
            Box::new(std::iter::once(text.trim_ascii()))
        }
        _ => Box::new(
            text.split(|byte| *byte == b'\n')
                .map(<[u8]>::trim_ascii)
                .filter(|line| !line.is_empty()),
        ),
    }
}

/// Elements of an array, up to its closing bracket.
struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        while let Some(byte) = self.rest.first() {
            match byte {
                b',' | b' ' | b'\t' | b'\r' | b'\n' => self.rest = &self.rest[1..],
                b']' => return None,
                _ => break,
            }
        }
        if self.rest.is_empty() {
            return None;
        }
        let end = if self.rest[0] == b'{' {
            // An object that never ends takes the rest with it: where the next begins is unknown.
            braces_end(self.rest).unwrap_or(self.rest.len())
        } else {
            let is_end = |byte: &u8| matches!(byte, b',' | b']');
            self.rest.iter().skip(1).position(is_end).map_or(self.rest.len(), |at| at + 1)
        };
        let (piece, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(piece.trim_ascii_end())
    }
}

/// Where the object that the text begins with ends. Only braces count, so that a stray bracket
/// inside stays the fault of this object.
fn braces_end(text: &[u8]) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str) -> Vec<&str> {
        pieces(body.as_bytes()).map(|piece| std::str::from_utf8(piece).expect("UTF-8")).collect()
    }

    #[test]
    fn the_first_byte_decides_the_format() {
        assert_eq!(texts(r#"[{"a":1},{"b":"},{"}]"#), [r#"{"a":1}"#, r#"{"b":"},{"}"#], "array");
        assert_eq!(texts("{\"a\":1}\r\n\n{\"b\":2}\n"), [r#"{"a":1}"#, r#"{"b":2}"#], "lines");
        assert_eq!(texts("{\n \"a\": {\n }\n}\n"), ["{\n \"a\": {\n }\n}"], "one printed object");
        assert!(texts("[ ]").is_empty(), "an empty array has no items");
    }

    #[test]
    fn a_broken_piece_costs_only_itself() {
        assert_eq!(texts(r#"[{"a":]},7,{"b":1}]"#), [r#"{"a":]}"#, "7", r#"{"b":1}"#], "array");
        assert_eq!(texts("{\"a\":\"\nnonsense\n{\"b\":1}"), ["{\"a\":\"", "nonsense", "{\"b\":1}"]);
        assert_eq!(texts(r#"[{"a":"\"}"},{"b"#), [r#"{"a":"\"}"}"#, r#"{"b"#], "cut off");
    }
}
