//! `$(name)`: replaced just before a step runs (pipelines.md 9).
//!
//! The runner calls [`resolve_variables`] once for a job's variables, then [`expand`] for each input,
//! `env` value and display name. Deliberately not here: secrets (the masker knows them) and where
//! values come from.

use std::collections::HashMap;

use indexmap::IndexMap;

const MAX_DEPTH: usize = 50;
// A chain of doublings must not fill the memory: one value, and all of them.
const MAX_TEXT: usize = 4 * 1024 * 1024;
const MAX_TOTAL: usize = 64 * 1024 * 1024;
// No variable has a longer name.
const MAX_NAME: usize = 1_000;

/// Replaces each `$(name)` that `lookup` knows; anything else stays as it is, shell `$(command)`
/// included. What is put in is not looked at again. The lookup is to ignore case.
pub fn expand(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for found in Macros::of(text) {
        // Inside of what was just replaced: `$(a$(b))` with a variable named `a$(b`.
        if found.start < copied {
            continue;
        }
        if let Some(value) = lookup(found.name) {
            out.push_str(&text[copied..found.start]);
            out.push_str(&value);
            copied = found.end;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The names that a text asks for, in order.
pub fn names(text: &str) -> Vec<&str> {
    Macros::of(text).map(|found| found.name).filter(|name| !name.contains("$(")).collect()
}

/// One `$(name)`, by its place in the text.
struct Macro<'a> {
    start: usize,
    end: usize,
    name: &'a str,
}

/// Every `$(` with the `)` that comes next. Looks at each byte a fixed number of times: a text full
/// of openings must not cost their number squared.
struct Macros<'a> {
    text: &'a str,
    next: usize,
    /// The `)` that was found last; it serves all openings before it.
    close: usize,
}

impl<'a> Macros<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, next: 0, close: 0 }
    }
}

impl<'a> Iterator for Macros<'a> {
    type Item = Macro<'a>;

    fn next(&mut self) -> Option<Macro<'a>> {
        loop {
            let start = self.next + self.text[self.next..].find("$(")?;
            let inner = start + 2;
            self.next = inner;
            if self.close < inner {
                self.close = inner + self.text[inner..].find(')')?;
            }
            if self.close > inner && self.close - inner <= MAX_NAME {
                let (end, name) = (self.close + 1, &self.text[inner..self.close]);
                return Some(Macro { start, end, name });
            }
        }
    }
}

/// Variables whose values are expanded against each other, and what could not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolvedVariables {
    /// In the order given, names as given.
    pub values: IndexMap<String, String>,
    /// In Azure's words; such a variable keeps its raw text.
    pub warnings: Vec<String>,
}

/// Expands variable values recursively, at most 50 deep. A variable that reaches itself keeps its
/// raw text and gets a warning.
pub fn resolve_variables(raw: &IndexMap<String, String>) -> ResolvedVariables {
    let by_name: HashMap<String, &str> =
        raw.iter().map(|(name, value)| (name.to_lowercase(), value.as_str())).collect();
    let mut resolved = ResolvedVariables::default();
    let mut known = Known::default();
    for (name, value) in raw {
        let mut path = Vec::new();
        let text = match resolve_one(&name.to_lowercase(), &by_name, &mut known, &mut path) {
            Ok(text) => text,
            Err(Unresolved) => {
                resolved.warnings.push(format!(
                    "Unable to expand variable '{name}'. A cyclical reference was detected."
                ));
                value.clone()
            }
        };
        resolved.values.insert(name.clone(), text);
    }
    resolved
}

/// A cycle, or a chain that is too long to follow.
struct Unresolved;

/// What has been resolved, by lower-case name, and how many bytes it is.
#[derive(Default)]
struct Known {
    values: HashMap<String, String>,
    bytes: usize,
}

fn resolve_one(
    name: &str,
    raw: &HashMap<String, &str>,
    known: &mut Known,
    path: &mut Vec<String>,
) -> Result<String, Unresolved> {
    if let Some(done) = known.values.get(name) {
        return Ok(done.clone());
    }
    if path.len() > MAX_DEPTH || path.iter().any(|above| above == name) {
        return Err(Unresolved);
    }
    let text = raw.get(name).copied().unwrap_or_default();
    path.push(name.to_owned());
    let mut parts = HashMap::new();
    for wanted in names(text) {
        let wanted = wanted.to_lowercase();
        if raw.contains_key(&wanted) && !parts.contains_key(&wanted) {
            let value = resolve_one(&wanted, raw, known, path)?;
            parts.insert(wanted, value);
        }
    }
    path.pop();
    let grown: usize = names(text)
        .iter()
        .filter_map(|wanted| parts.get(&wanted.to_lowercase()))
        .map(String::len)
        .sum();
    if grown > MAX_TEXT || known.bytes + grown + text.len() > MAX_TOTAL {
        return Err(Unresolved);
    }
    let done = expand(text, |wanted| parts.get(&wanted.to_lowercase()).cloned());
    known.bytes += done.len();
    known.values.insert(name.to_owned(), done.clone());
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(name: &str) -> Option<String> {
        match name.to_ascii_lowercase().as_str() {
            "build.buildid" => Some("7".to_owned()),
            "again" => Some("$(Build.BuildId)".to_owned()),
            "empty" => Some(String::new()),
            _ => None,
        }
    }

    #[test]
    fn known_names_are_replaced_and_others_stay() {
        assert_eq!(expand("v$(Build.BuildId)!", look), "v7!");
        assert_eq!(expand("$(BUILD.buildid)", look), "7", "case does not matter");
        assert_eq!(expand("$(date +%s) $(nope)", look), "$(date +%s) $(nope)", "shell survives");
        assert_eq!(
            expand("$(again)", look),
            "$(Build.BuildId)",
            "the result is not looked at again"
        );
        assert_eq!(expand("$(a$(Build.BuildId))", look), "$(a7)", "an inner one is found");
        assert_eq!(expand("$(empty)|$()|$(", look), "|$()|$(", "odd ends stay");
        assert_eq!(expand("é$(Build.BuildId)ü", look), "é7ü", "not only ASCII");
    }

    #[test]
    fn variables_reach_each_other_but_not_themselves() {
        let raw: IndexMap<String, String> = [
            ("tag", "$(name)-$(Build)"),
            ("NAME", "web"),
            ("build", "5"),
            ("a", "1$(b)"),
            ("b", "2$(A)"),
            ("self", "$(self)x"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
        let resolved = resolve_variables(&raw);
        assert_eq!(resolved.values["tag"], "web-5", "values are expanded, ignoring case");
        assert_eq!(resolved.values["a"], "1$(b)", "a cycle keeps the raw text");
        assert_eq!(resolved.warnings.len(), 3, "a, b and self are reported: {resolved:?}");
        assert_eq!(
            resolved.warnings[0],
            "Unable to expand variable 'a'. A cyclical reference was detected."
        );
    }

    #[test]
    fn a_long_chain_ends() {
        let raw: IndexMap<String, String> =
            (0..500).map(|n| (format!("v{n}"), format!("$(v{})", n + 1))).collect();
        let resolved = resolve_variables(&raw);
        assert!(!resolved.warnings.is_empty(), "deeper than 50 is not followed");
    }

    #[test]
    fn openings_without_end_cost_little() {
        let text = format!("{})", "$(".repeat(500_000));
        assert_eq!(expand(&text, |_| None), text, "nothing is known, nothing changes");
        assert!(names(&text).is_empty(), "an opening is no part of a name");
        let raw: IndexMap<String, String> =
            (0..200).map(|n| (format!("v{n}"), format!("$(v{m})$(v{m})", m = n + 1))).collect();
        let resolved = resolve_variables(&raw);
        let bytes: usize = resolved.values.values().map(String::len).sum();
        assert!(bytes < 2 * MAX_TOTAL, "doublings end somewhere: {bytes} bytes");
    }
}
