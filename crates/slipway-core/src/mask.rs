//! Replaces secrets by `***` before a text leaves the process.
//!
//! The same masker stands in front of logs, errors and events. It works on whole lines; a writer
//! that gets half a line holds it back until the line ends.

use std::sync::RwLock;

/// Knows the secrets of a run.
#[derive(Debug, Default)]
pub struct Masker {
    secrets: RwLock<Vec<String>>,
}

impl Masker {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret. Each line of a multi-line secret counts by itself; blanks are ignored.
    pub fn add(&self, secret: &str) {
        let mut secrets = match self.secrets.write() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        };
        for part in std::iter::once(secret).chain(secret.lines()) {
            let part = part.trim();
            if !part.is_empty() && !secrets.iter().any(|known| known == part) {
                secrets.push(part.to_owned());
            }
        }
        // Longest first, so that a secret which contains another is replaced whole.
        secrets.sort_by_key(|known| std::cmp::Reverse(known.len()));
    }

    /// True if the text holds a known secret.
    pub fn finds(&self, text: &str) -> bool {
        let secrets = match self.secrets.read() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        };
        secrets.iter().any(|secret| text.contains(secret.as_str()))
    }

    /// The text with every known secret replaced.
    pub fn mask(&self, text: &str) -> String {
        let secrets = match self.secrets.read() {
            Ok(guard) => guard,
            Err(poisoned) => poisoned.into_inner(),
        };
        let mut masked = text.to_owned();
        for secret in secrets.iter() {
            if masked.contains(secret.as_str()) {
                masked = masked.replace(secret.as_str(), "***");
            }
        }
        masked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_secret_goes_first() {
        let masker = Masker::new();
        masker.add("pass");
        masker.add("password1");
        assert_eq!(masker.mask("a password1 and a pass"), "a *** and a ***");
    }

    #[test]
    fn each_line_of_a_secret_is_masked() {
        let masker = Masker::new();
        masker.add("-----BEGIN-----\nabc123\n-----END-----");
        assert_eq!(masker.mask("key abc123"), "key ***");
    }
}
