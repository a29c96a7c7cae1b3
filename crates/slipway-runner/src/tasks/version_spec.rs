//! Versions and what asks for them: `20.x`, `>=3.9 <3.13`, `^1.2`, `~1.2`, `1.2 - 1.4`, `lts/*`, `*`.
//!
//! The rules are those of npm's ranges, which the vendor's tool installers use. Called by the tasks that put a
//! version of a tool on PATH. Deliberately not here: finding versions (`installed`).

use std::cmp::Ordering;
use std::fmt;

/// A version. What follows the third number makes it a preview, unless it is a build's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    numbers: [u64; 3],
    preview: Option<String>,
}

/// Any of these sets of comparisons, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VersionSpec {
    any: Vec<Vec<Comparison>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Comparison {
    operator: Operator,
    numbers: [u64; 3],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    AtLeast,
    Below,
}

/// Node's lines of long support and their names.
const NODE_LINES: [(&str, u64); 11] = [
    ("argon", 4),
    ("boron", 6),
    ("carbon", 8),
    ("dubnium", 10),
    ("erbium", 12),
    ("fermium", 14),
    ("gallium", 16),
    ("hydrogen", 18),
    ("iron", 20),
    ("jod", 22),
    ("krypton", 24),
];

impl Version {
    /// The first version in a text, such as `v20.1.0`, `Python 3.11.7`, `go1.22` or `1.8.0_392`.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let start = text.find(|letter: char| letter.is_ascii_digit())?;
        let text = &text[start..];
        let end = text.find(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
        let (written, rest) = text.split_at(end.unwrap_or(text.len()));
        let mut numbers = [0; 3];
        for (slot, part) in numbers.iter_mut().zip(written.split('.')) {
            *slot = part.parse().unwrap_or_default();
        }
        let word: String = rest
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || ".-".contains(*letter))
            .collect();
        let preview = word.trim_start_matches('-').trim_end_matches(['.', '-']);
        let is_preview = preview.starts_with(|letter: char| letter.is_ascii_alphabetic());
        Some(Self { numbers, preview: is_preview.then(|| preview.to_owned()) })
    }

    pub(crate) fn is_preview(&self) -> bool {
        self.preview.is_some()
    }

    /// Java called itself 1.8 up to 8.
    pub(crate) fn of_java(self) -> Self {
        match self.numbers {
            [1, major, _] if major > 0 => Self { numbers: [major, 0, 0], ..self },
            _ => self,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")?;
        self.preview.as_ref().map_or(Ok(()), |preview| write!(f, "-{preview}"))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (&self.preview, &other.preview) {
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (mine, its) => mine.cmp(its),
        })
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl VersionSpec {
    /// Reads what a task's input asks for; `None` if it is no range.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let any: Option<Vec<_>> =
            text.trim().split("||").map(|part| comparisons(part.trim())).collect();
        any.map(|any| Self { any })
    }

    /// The same for Node, which also has names: `lts/*`, `lts/iron`, `node`, `latest`.
    pub(crate) fn parse_node(text: &str) -> Option<Self> {
        let word = text.trim().to_ascii_lowercase();
        let word = word.trim_start_matches('v');
        let line = |major: u64| format!("{major}.x");
        match word.strip_prefix("lts/") {
            Some("*") => {
                let all: Vec<String> = (2..50).map(|half| line(half * 2)).collect();
                Self::parse(&all.join(" || "))
            }
            Some(name) => {
                let known = NODE_LINES.iter().find(|(known, _)| *known == name);
                Self::parse(&line(known?.1))
            }
            None if matches!(word, "node" | "latest" | "current" | "stable") => Self::parse("*"),
            None => Self::parse(word),
        }
    }

    /// Whether a version is one of those that are asked for. Previews are for the caller to judge.
    pub(crate) fn holds(&self, version: &Version) -> bool {
        self.any.iter().any(|all| {
            all.iter().all(|comparison| {
                let order = version.numbers.cmp(&comparison.numbers);
                match comparison.operator {
                    Operator::AtLeast => order != Ordering::Less,
                    Operator::Below => order == Ordering::Less,
                }
            })
        })
    }
}

/// The parts of a version that are numbers: `20.x` has one.
fn partial(text: &str) -> Option<Vec<u64>> {
    let text = text.trim_start_matches(['v', '=']);
    let text = text.split(['-', '+']).next().unwrap_or_default();
    let mut numbers = Vec::new();
    for part in text.split('.').take(3) {
        if matches!(part, "x" | "X" | "*" | "") {
            break;
        }
        numbers.push(part.parse().ok()?);
    }
    Some(numbers)
}

fn filled(numbers: &[u64]) -> [u64; 3] {
    std::array::from_fn(|index| numbers.get(index).copied().unwrap_or_default())
}

/// The first version behind all that begin with the first `count` numbers.
fn behind(numbers: &[u64], count: usize) -> Option<[u64; 3]> {
    let mut next = filled(&numbers[..count.min(numbers.len())]);
    let last = count.min(numbers.len()).checked_sub(1)?;
    next[last] += 1;
    Some(next)
}

fn at_least(numbers: [u64; 3]) -> Comparison {
    Comparison { operator: Operator::AtLeast, numbers }
}

fn below(numbers: [u64; 3]) -> Comparison {
    Comparison { operator: Operator::Below, numbers }
}

fn comparisons(text: &str) -> Option<Vec<Comparison>> {
    if let Some((from, to)) = text.split_once(" - ") {
        let (from, to) = (partial(from.trim())?, partial(to.trim())?);
        let end = behind(&to, to.len()).map(below);
        return Some(std::iter::once(at_least(filled(&from))).chain(end).collect());
    }
    // An operator may stand away from its version.
    let mut text = text.replace(',', " ");
    for operator in [">=", "<=", ">", "<", "=", "^", "~"] {
        while text.contains(&format!("{operator} ")) {
            text = text.replace(&format!("{operator} "), operator);
        }
    }
    let mut all = Vec::new();
    for word in text.split_whitespace() {
        all.extend(comparison(word)?);
    }
    Some(all)
}

fn comparison(word: &str) -> Option<Vec<Comparison>> {
    let operators = [">=", "<=", ">", "<", "^", "~>", "~", "="];
    let operator = operators.into_iter().find(|operator| word.starts_with(operator)).unwrap_or("");
    let numbers = partial(word[operator.len()..].trim())?;
    let from = at_least(filled(&numbers));
    let end = |count| behind(&numbers, count).map(below);
    let found = match operator {
        ">=" => vec![from],
        ">" => behind(&numbers, numbers.len()).map(at_least).into_iter().collect(),
        "<=" => end(numbers.len()).into_iter().collect(),
        "<" => vec![below(filled(&numbers))],
        "^" => {
            let significant =
                numbers.iter().position(|number| *number > 0).map_or(numbers.len(), |at| at + 1);
            std::iter::once(from).chain(end(significant)).collect()
        }
        "~" | "~>" => std::iter::once(from).chain(end(2)).collect(),
        _ => std::iter::once(from).chain(end(numbers.len())).collect(),
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_print() {
        let found = |text: &str| Version::find(text).map(|version| version.to_string());
        for (text, version) in [
            ("v20.20.2", "20.20.2"),
            ("Python 3.14.0rc1", "3.14.0-rc1"),
            ("go version go1.26.8 linux/amd64", "1.26.8"),
            ("openjdk version \"1.8.0_392\"", "1.8.0"),
            ("openjdk version \"17.0.9\" 2023-10-17", "17.0.9"),
            ("openjdk version \"25\" 2025-09-16", "25.0.0"),
            ("9.0.100-rc.2.24474.11", "9.0.100-rc.2.24474.11"),
        ] {
            assert_eq!(found(text).as_deref(), Some(version), "{text}");
        }
        assert_eq!(found("no number"), None, "a text without a number has no version");
        let java = Version::find("1.8.0_392").map(|version| version.of_java().to_string());
        assert_eq!(java.as_deref(), Some("8.0.0"), "Java 8 called itself 1.8");
    }

    #[test]
    fn specs_hold_as_npm_says() {
        for (spec, yes, no) in [
            ("20.x", "20.1.0", "21.0.0"),
            ("20", "20.9.9", "19.9.9"),
            ("3.12", "3.12.7", "3.13.0"),
            ("1.2.3", "1.2.3", "1.2.4"),
            (">=3.9 <3.13", "3.12.1", "3.13.0"),
            (">= 1.2, < 2", "1.9.0", "2.0.0"),
            ("^1.2.3", "1.9.0", "2.0.0"),
            ("^0.2.3", "0.2.9", "0.3.0"),
            ("~1.2.3", "1.2.9", "1.3.0"),
            ("~1", "1.9.0", "2.0.0"),
            ("1.2 - 1.4", "1.4.9", "1.5.0"),
            (">1.2", "1.3.0", "1.2.9"),
            ("<=1.2", "1.2.9", "1.3.0"),
            ("8 || 10.x", "10.1.0", "9.0.0"),
            ("v18.0.0", "18.0.0", "18.0.1"),
        ] {
            let read = VersionSpec::parse(spec).unwrap();
            assert!(read.holds(&Version::find(yes).unwrap()), "{spec} takes {yes}");
            assert!(!read.holds(&Version::find(no).unwrap()), "{spec} does not take {no}");
        }
        let any = VersionSpec::parse("*").unwrap();
        assert!(any.holds(&Version::find("0.0.1").unwrap()), "* takes all");
        assert!(VersionSpec::parse("latest").is_none(), "a word is no range");
    }

    #[test]
    fn nodes_lines_have_names() {
        let holds = |spec: &str, version: &str| {
            VersionSpec::parse_node(spec).unwrap().holds(&Version::find(version).unwrap())
        };
        assert!(holds("lts/*", "20.1.0") && !holds("lts/*", "21.1.0"), "every second line is kept");
        assert!(holds("lts/iron", "20.1.0") && !holds("lts/Iron", "22.1.0"), "iron is 20");
        assert!(holds("latest", "23.0.0"), "the latest is whatever is there");
        assert!(VersionSpec::parse_node("lts/gold").is_none(), "an unknown name is refused");
    }
}
