//! Replaces secrets by `***` before a text leaves the process.
//!
//! The same masker stands in front of logs, errors, events and files. It works on whole lines; a writer that
//! gets half a line holds it back until the line ends. What a program may make of a secret before it prints
//! it is `forms`. Deliberately not here: which values are secrets.

mod forms;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// What stands for a secret.
const STARS: &str = "***";
/// Up to this size of all forms together, speed is bought with memory (some 300 bytes a byte).
const SMALL: usize = 32 * 1024;

/// Knows the secrets of a run.
#[derive(Default)]
pub struct Masker {
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    values: HashSet<String>,
    forms: HashSet<String>,
    /// Finds every form; made when the first text comes after a secret was added.
    search: Option<Arc<AhoCorasick>>,
}

impl std::fmt::Debug for Masker {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.read(|state| state.values.len());
        formatter.debug_struct("Masker").field("secrets", &count).finish()
    }
}

impl Masker {
    /// Knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret with all the forms it may be printed in. Blanks are ignored.
    pub fn add(&self, secret: &str) {
        if secret.trim().is_empty() || self.read(|state| state.values.contains(secret)) {
            return;
        }
        let forms = forms::of(secret);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.values.insert(secret.to_owned());
        state.forms.extend(forms);
        state.search = None;
    }

    /// True if this whole text was added as a secret.
    pub fn is_secret(&self, text: &str) -> bool {
        self.read(|state| state.values.contains(text) || state.values.contains(text.trim()))
    }

    /// True if the text holds a known secret, in any form.
    pub fn finds(&self, text: &str) -> bool {
        self.search().is_some_and(|search| search.is_match(text))
    }

    /// The text with every known secret replaced.
    pub fn mask(&self, text: &str) -> String {
        self.masked(text).into_owned()
    }

    /// The text with every known secret replaced; the text itself if it holds none.
    pub fn masked<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.search() {
            // Almost every line holds nothing, and that is found out faster than where something is.
            Some(search) if search.is_match(text) => Cow::Owned(replace(&search, text)),
            _ => Cow::Borrowed(text),
        }
    }

    fn search(&self) -> Option<Arc<AhoCorasick>> {
        let known = self.read(|state| match &state.search {
            Some(search) => Some(Some(Arc::clone(search))),
            None if state.forms.is_empty() => Some(None),
            None => None,
        });
        known.unwrap_or_else(|| {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            if state.search.is_none() {
                state.search = build(&state.forms).map(Arc::new);
            }
            state.search.clone()
        })
    }

    fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn build(forms: &HashSet<String>) -> Option<AhoCorasick> {
    let size: usize = forms.iter().map(String::len).sum();
    let kind = if size <= SMALL { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
    let chosen = AhoCorasick::builder().kind(Some(kind)).build(forms);
    // Only a set of many gigabytes cannot be built.
    chosen.or_else(|_| AhoCorasick::new(forms)).ok()
}

/// Replaces whatever any form covers. Forms that overlap or touch become one: a secret that shares letters
/// with another one never leaves a rest behind.
fn replace(search: &AhoCorasick, text: &str) -> String {
    let mut covered: Vec<(usize, usize)> =
        search.find_overlapping_iter(text).map(|found| (found.start(), found.end())).collect();
    covered.sort_unstable();
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    let mut spans = covered.into_iter().peekable();
    while let Some((start, mut end)) = spans.next() {
        while let Some((_, later)) = spans.next_if(|(next, _)| *next <= end) {
            end = end.max(later);
        }
        masked.push_str(text.get(from..start).unwrap_or_default());
        masked.push_str(STARS);
        from = end;
    }
    masked.push_str(text.get(from..).unwrap_or_default());
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knowing(secrets: &[&str]) -> Masker {
        let masker = Masker::new();
        secrets.iter().for_each(|secret| masker.add(secret));
        masker
    }

    #[test]
    fn overlapping_secrets_leave_no_rest() {
        let masker = knowing(&["pass", "password1", "abcd", "cdef"]);
        assert_eq!(masker.mask("a password1 and a pass"), "a *** and a ***", "the longest counts");
        assert_eq!(masker.mask("x abcdef y"), "x *** y", "shared letters are one hole");
        assert_eq!(masker.mask("passpass"), "***", "neighbours are one hole");
    }

    #[test]
    fn a_text_without_a_secret_is_not_copied() {
        let masker = knowing(&["hunter2"]);
        assert!(matches!(masker.masked("nothing here"), Cow::Borrowed(_)), "no copy");
        assert!(matches!(Masker::new().masked("hunter2"), Cow::Borrowed(_)), "nothing is known");
    }

    #[test]
    fn blanks_are_no_secret_and_whole_values_are_known() {
        let masker = knowing(&["", "  ", "hunter2\n"]);
        assert_eq!(masker.mask("a b  c"), "a b  c", "blanks stay");
        assert!(masker.is_secret("hunter2\n"), "as it was added");
        assert!(!masker.is_secret("hunter"), "a part is not the whole");
    }

    #[test]
    fn a_secret_added_between_two_lines_counts_from_the_next_one() {
        let masker = knowing(&["one-secret"]);
        assert_eq!(masker.mask("two-secret"), "two-secret", "not known yet");
        masker.add("two-secret");
        assert_eq!(masker.mask("one-secret two-secret"), "*** ***", "both are");
    }

    #[test]
    fn debug_shows_no_value() {
        assert!(!format!("{:?}", knowing(&["hunter2"])).contains("hunter2"), "only how many");
    }

    #[test]
    fn letters_beyond_ascii_are_cut_at_letters() {
        let masker = knowing(&["pässwörd", "ö"]);
        assert_eq!(masker.mask("ä pässwörd ö ü"), "ä *** *** ü", "whole letters go");
    }
}
