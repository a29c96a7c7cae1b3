//! Splits a line of arguments as the vendor's tool runner does, and writes one for the log.
//!
//! Only blanks separate, only double quotes hold together and leave; a backslash is itself unless it stands
//! inside of quotes before a double quote or another backslash. Called by `tool`. Deliberately not here: shells'
//! rules, which know single quotes, variables and patterns.

/// The arguments of a line.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut argument: Option<String> = None;
    let (mut is_quoted, mut is_escaped) = (false, false);
    for letter in line.chars() {
        if letter == ' ' && !is_quoted {
            arguments.extend(argument.take());
            continue;
        }
        let word = argument.get_or_insert_default();
        match letter {
            '"' if is_escaped => {
                word.push('"');
                is_escaped = false;
            }
            '"' => is_quoted = !is_quoted,
            '\\' if is_quoted && !is_escaped => is_escaped = true,
            other => {
                // A backslash escapes double quotes only; before anything else it stays.
                if is_escaped {
                    word.push('\\');
                    is_escaped = false;
                }
                word.push(other);
            }
        }
    }
    arguments.extend(argument.map(|last| last.trim().to_owned()));
    arguments
}

/// A word as it can be typed again.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain =
        !word.is_empty() && !word.contains(|letter: char| letter.is_whitespace() || letter == '"');
    if is_plain { word.to_owned() } else { format!("\"{}\"", word.replace('"', "\\\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_as_the_vendor_does() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            ("  a   b ", &["a", "b"]),
            (r#"--name "John Doe" x"#, &["--name", "John Doe", "x"]),
            (r#"-Dx="a b"c"#, &["-Dx=a bc"]),
            (r#""say \"hi\"""#, &[r#"say "hi""#]),
            (r"C:\dir\file", &[r"C:\dir\file"]),
            (r#""C:\dir\file""#, &[r"C:\dir\file"]),
            (r#"a "" b"#, &["a", "", "b"]),
            ("'a b'", &["'a", "b'"]),
        ];
        for (line, words) in cases {
            assert_eq!(split(line), *words, "{line} is split by blanks and double quotes only");
        }
    }

    #[test]
    fn what_is_shown_can_be_split_again() {
        for word in ["a", "a b", "", r#"say "hi""#] {
            assert_eq!(split(&quoted(word)), [word], "{word:?} comes back");
        }
    }
}
