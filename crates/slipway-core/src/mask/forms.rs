//! The forms in which a program may print a secret: as it is, and as quoting and coding leave it.
//!
//! Called by the masker when a secret is added. Deliberately not here: ciphers, hashes, reversed or spelled
//! texts, which no program makes by accident.

use std::collections::HashSet;
use std::fmt::Write as _;

/// Lines of a secret shorter than this are too common to be hidden: a brace, a bracket.
const SHORTEST_LINE: usize = 3;
/// Codings are looked for from this length on; three letters in base64 are in every text.
const SHORTEST_CODED: usize = 4;
/// A piece of base64 shorter than this says next to nothing and is found everywhere.
const SHORTEST_BASE64: usize = 5;

/// Every form of a secret, the secret included.
pub(super) fn of(secret: &str) -> HashSet<String> {
    let mut forms = HashSet::new();
    for part in parts(secret) {
        if part.len() >= SHORTEST_CODED {
            coded(part, &mut forms);
        }
        forms.insert(part.to_owned());
    }
    forms
}

/// The whole, without blanks or quotes around it, and each of its lines.
fn parts(secret: &str) -> Vec<&str> {
    let mut parts = vec![secret];
    let trimmed = secret.trim();
    parts.push(trimmed);
    for quote in ['"', '\''] {
        let inner = trimmed.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        parts.extend(inner);
    }
    if trimmed.contains(['\n', '\r']) {
        let lines = trimmed.split(['\n', '\r']).map(str::trim);
        parts.extend(lines.filter(|line| line.chars().count() >= SHORTEST_LINE));
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn coded(part: &str, forms: &mut HashSet<String>) {
    json(part, forms);
    shell(part, forms);
    markup(part, forms);
    percent(part, forms);
    base64(part.as_bytes(), forms);
    if part.contains('\n') {
        // As a file with line ends of Windows, or the other way round.
        let plain = part.replace("\r\n", "\n");
        base64(plain.replace('\n', "\r\n").as_bytes(), forms);
        base64(plain.as_bytes(), forms);
    }
}

/// Inside of a JSON text: what must be escaped, and what careful writers escape besides.
fn json(part: &str, forms: &mut HashSet<String>) {
    for escapes_ascii in ["", "/", "<>&", "<>&'+\"`"] {
        for only_ascii in [false, true] {
            for upper in [false, true] {
                forms.insert(json_text(part, escapes_ascii, only_ascii, upper));
            }
        }
    }
}

fn json_text(part: &str, careful: &str, only_ascii: bool, upper: bool) -> String {
    let mut text = String::with_capacity(part.len() + 8);
    for letter in part.chars() {
        match letter {
            '/' if careful == "/" => text.push_str("\\/"),
            _ if careful.contains(letter) => unit(&mut text, letter, upper),
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            _ if u32::from(letter) < 0x20 => unit(&mut text, letter, upper),
            _ if only_ascii && !letter.is_ascii() => unit(&mut text, letter, upper),
            _ => text.push(letter),
        }
    }
    text
}

fn unit(text: &mut String, letter: char, upper: bool) {
    let mut buffer = [0; 2];
    for unit in letter.encode_utf16(&mut buffer) {
        // Writing into a text cannot fail.
        if upper {
            write!(text, "\\u{unit:04X}").ok()
        } else {
            write!(text, "\\u{unit:04x}").ok()
        };
    }
}

/// As shells print it when they trace, and as people quote it.
fn shell(part: &str, forms: &mut HashSet<String>) {
    forms.insert(part.replace('\\', "\\\\"));
    forms.insert(part.replace('\'', "'\\''"));
    forms.insert(part.replace('\'', "'\"'\"'"));
    forms.insert(part.replace('\'', "''"));
    forms.insert(part.replace('"', "\"\""));
    forms.insert(escaped(part, '\\', |letter| "\\\"".contains(letter)));
    forms.insert(escaped(part, '\\', |letter| "\\\"$`".contains(letter)));
    forms.insert(escaped(part, '\\', |letter| "\\'".contains(letter)));
    // `printf %q`.
    let special = |letter: char| {
        letter.is_ascii() && !letter.is_ascii_alphanumeric() && !"_-./:=@%+".contains(letter)
    };
    forms.insert(escaped(part, '\\', special));
    forms.insert(escaped(part, '\\', |letter| special(letter) && letter != '~' && letter != '#'));
    forms.insert(escaped(part, '`', |letter| "`\"$".contains(letter)));
    forms.insert(escaped(part, '^', |letter| "^&|<>()\"%!".contains(letter)));
    forms.insert(escaped(part, '^', |letter| "^&|<>".contains(letter)));
}

fn escaped(part: &str, with: char, is_special: impl Fn(char) -> bool) -> String {
    let mut text = String::with_capacity(part.len() + 8);
    for letter in part.chars() {
        if is_special(letter) {
            text.push(with);
        }
        text.push(letter);
    }
    text
}

/// In XML and HTML: writers differ in how they spell the two quotes.
fn markup(part: &str, forms: &mut HashSet<String>) {
    let base = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    for double in ["\"", "&quot;", "&#34;"] {
        for single in ["'", "&#39;", "&apos;", "&#x27;", "&#039;"] {
            forms.insert(base.replace('"', double).replace('\'', single));
        }
    }
    forms.insert(part.replace('&', "&amp;").replace('<', "&lt;"));
    let lines = base.replace('\n', "&#10;").replace('\r', "&#13;").replace('"', "&quot;");
    forms.insert(lines.replace("&#10;", "&#xA;").replace("&#13;", "&#xD;"));
    forms.insert(lines);
}

/// In an address or a form: each language leaves other letters as they are.
fn percent(part: &str, forms: &mut HashSet<String>) {
    for kept in ["-_.~", "-_.!~*'()", "-_.~/", "-_.*", "-_.", "-_.!*()", "-_.!~*'();/?:@&=+$,#"] {
        for upper in [true, false] {
            let text = percent_text(part, kept, upper);
            forms.insert(text.replace("%20", "+"));
            forms.insert(text);
        }
    }
}

fn percent_text(part: &str, kept: &str, upper: bool) -> String {
    let mut text = String::with_capacity(part.len() * 2);
    for byte in part.bytes() {
        let letter = char::from(byte);
        if letter.is_ascii_alphanumeric() || (letter.is_ascii() && kept.contains(letter)) {
            text.push(letter);
        } else if upper {
            write!(text, "%{byte:02X}").ok();
        } else {
            write!(text, "%{byte:02x}").ok();
        }
    }
    text
}

/// In base64, wherever in the coded text the secret begins, and cut into lines as `base64` cuts them.
fn base64(bytes: &[u8], forms: &mut HashSet<String>) {
    for before in 0..3 {
        let mut padded = vec![0; before];
        padded.extend_from_slice(bytes);
        let coded = base64_text(&padded);
        // Letters that hold bits of what stands before or behind cannot be known.
        let from = (before * 8).div_ceil(6);
        let until = padded.len() * 8 / 6;
        let rest = padded.len() % 3;
        let mut pieces = vec![&coded[from..until]];
        if rest > 0 {
            // The secret is the end of the coded text.
            let end = padded.len().div_ceil(3) * 4 - (3 - rest);
            pieces.push(&coded[from..end]);
            pieces.push(&coded[from..]);
        }
        // A line break can only stand between groups of four.
        let groups = from.div_ceil(4) * 4;
        let mut at = groups;
        while at + 8 <= until {
            pieces.push(&coded[at..at + 8]);
            at += 4;
        }
        for piece in pieces.into_iter().filter(|piece| piece.len() >= SHORTEST_BASE64) {
            if piece.contains(['+', '/']) {
                forms.insert(piece.replace('+', "-").replace('/', "_"));
                forms.insert(piece.replace('+', "%2B").replace('/', "%2F"));
            }
            forms.insert(piece.to_owned());
        }
    }
}

fn base64_text(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= group.len() {
                let letter = (bits >> (18 - 6 * place)) & 63;
                text.push(char::from(LETTERS[letter as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::Masker;
    use super::*;

    const SECRET: &str = "p@ss \"w0rd\"/'<&>+\\$x~é";

    fn assert_hidden(secret: &str, printed: &str) {
        let masker = Masker::new();
        masker.add(secret);
        let shown = masker.mask(&format!("before {printed} behind"));
        assert_eq!(shown, "before *** behind", "{printed} is a form of the secret");
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64_text(plain.as_bytes()), coded, "RFC 4648 §10");
        }
    }

    #[test]
    fn base64_is_found_wherever_the_secret_begins() {
        let masker = Masker::new();
        masker.add("correct horse battery");
        for before in ["", "u", "us", "use", "user"] {
            for behind in ["", "!", "!!", "!!!"] {
                let coded =
                    base64_text(format!("{before}correct horse battery{behind}").as_bytes());
                let shown = masker.mask(&coded);
                assert!(shown.contains("***"), "{before}…{behind}: {shown}");
                // The two letters at the edges that share bits with their neighbours may stay.
                let left = shown.replace("***", "").replace('=', "");
                let most =
                    base64_text(before.as_bytes()).len() + base64_text(behind.as_bytes()).len();
                assert!(left.len() <= most, "{left} of {coded} is what is not the secret's");
            }
        }
    }

    #[test]
    fn base64_in_lines_is_found() {
        let secret = "a-long-secret-".repeat(12);
        let masker = Masker::new();
        masker.add(&secret);
        for (before, width) in [("", 76), ("user:", 76), ("a", 64)] {
            let coded = base64_text(format!("{before}{secret}").as_bytes());
            let lines: Vec<_> = coded.as_bytes().chunks(width).collect();
            for (at, line) in lines.iter().enumerate() {
                let shown = masker.mask(std::str::from_utf8(line).unwrap_or_default());
                let left = shown.replace("***", "");
                let most = if at == 0 || at + 1 == lines.len() { 8 } else { 0 };
                assert!(left.len() <= most, "line {at} of {before}: {shown}");
            }
        }
    }

    #[test]
    fn quoted_and_coded_forms_are_found() {
        for printed in [
            SECRET.to_owned(),
            "p@ss \\\"w0rd\\\"/'<&>+\\\\$x~é".to_owned(),
            "p@ss \\\"w0rd\\\"\\/'<&>+\\\\$x~\\u00e9".to_owned(),
            "p@ss \\u0022w0rd\\u0022/\\u0027\\u003C\\u0026\\u003E\\u002B\\\\$x~\\u00E9".to_owned(),
            "p@ss \\\"w0rd\\\"/'\\u003c\\u0026\\u003e+\\\\$x~é".to_owned(),
            "p%40ss%20%22w0rd%22%2F%27%3C%26%3E%2B%5C%24x~%C3%A9".to_owned(),
            "p%40ss+%22w0rd%22%2f%27%3c%26%3e%2b%5c%24x%7e%c3%a9".to_owned(),
            "p%40ss%20%22w0rd%22/%27%3C%26%3E%2B%5C%24x~%C3%A9".to_owned(),
            "p@ss &quot;w0rd&quot;/&#39;&lt;&amp;&gt;+\\$x~é".to_owned(),
            "p@ss \"w0rd\"/&apos;&lt;&amp;&gt;+\\$x~é".to_owned(),
            "p@ss \"w0rd\"/'\\''<&>+\\$x~é".to_owned(),
            "p@ss \"w0rd\"/''<&>+\\$x~é".to_owned(),
            "p@ss `\"w0rd`\"/'<&>+\\`$x~é".to_owned(),
            "p@ss \"\"w0rd\"\"/'<&>+\\$x~é".to_owned(),
            "p@ss \\\"w0rd\\\"/'<&>+\\\\\\$x~é".to_owned(),
            "p@ss\\ \\\"w0rd\\\"/\\'\\<\\&\\>+\\\\\\$x~é".to_owned(),
        ] {
            assert_hidden(SECRET, &printed);
        }
    }

    #[test]
    fn lines_of_a_secret_are_found_but_not_its_braces() {
        let masker = Masker::new();
        masker.add("{\n  \"key\": \"abc123\"\n}");
        assert_eq!(masker.mask("key is \"key\": \"abc123\""), "key is ***", "each line counts");
        assert_eq!(masker.mask("a { b }"), "a { b }", "a brace says nothing");
        let shown = masker.mask(r#"{"value":"{\n  \"key\": \"abc123\"\n}"}"#);
        assert_eq!(shown, r#"{"value":"***"}"#, "the whole in JSON");
    }

    #[test]
    fn short_secrets_are_hidden_as_they_are() {
        let masker = Masker::new();
        masker.add("ab");
        assert_eq!(masker.mask("cab"), "c***", "however short, as Azure does");
        assert_eq!(masker.mask("YWI="), "YWI=", "but not what may be anything");
    }

    #[test]
    fn quotes_around_a_secret_are_not_part_of_it() {
        let masker = Masker::new();
        masker.add("\"quoted-value\"\n");
        assert_eq!(masker.mask("it is quoted-value."), "it is ***.", "quotes and line end aside");
    }
}
