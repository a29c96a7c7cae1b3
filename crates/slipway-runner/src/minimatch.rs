//! The pattern language of the vendor's tasks: `*`, `?`, `[…]`, `**`, extended globs such as `+(a|b)`, and
//! braces where a task asks for them.
//!
//! A pattern is matched one folder name after the other, so that a search enters only folders that can
//! still match. Called by `glob`. Deliberately not here: the disk, `!` and `#`, which belong to a list of
//! patterns.

use std::collections::BTreeSet;

/// How a task reads its patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Options {
    /// Wildcards match names that begin with a dot.
    pub(crate) dot: bool,
    /// `{a,b}` is two patterns.
    pub(crate) brace: bool,
}

impl Options {
    /// What the task library does unless a task says otherwise.
    pub(crate) const USUAL: Self = Self { dot: true, brace: false };
}

/// The part of a pattern between two slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// `**`: any number of folders.
    Globstar,
    Name(Vec<Node>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Literal(char),
    /// `?`
    Any,
    /// `*`
    Star,
    /// `[a-z]`; true if it names what it does not match.
    Class(Vec<(char, char)>, bool),
    /// `?(…)`, `*(…)`, `+(…)`, `@(…)`, `!(…)`
    Group(char, Vec<Vec<Node>>),
}

/// The wild part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    segments: Vec<Segment>,
    dot: bool,
}

/// How far a path has matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Progress(BTreeSet<usize>);

impl Progress {
    /// No file below can match.
    pub(crate) fn is_dead(&self) -> bool {
        self.0.is_empty()
    }
}

impl Pattern {
    /// Reads the segments of a pattern.
    pub(crate) fn new<'a>(segments: impl IntoIterator<Item = &'a str>, options: Options) -> Self {
        let segments = segments
            .into_iter()
            .map(|text| match text {
                "**" => Segment::Globstar,
                _ => Segment::Name(nodes(&text.chars().collect::<Vec<_>>())),
            })
            .collect();
        Self { segments, dot: options.dot }
    }

    pub(crate) fn start(&self) -> Progress {
        Progress(self.closed(BTreeSet::from([0])))
    }

    /// Takes one name of a path; true if the path up to it matches.
    pub(crate) fn step(&self, progress: &Progress, name: &str) -> (Progress, bool) {
        let mut next = BTreeSet::new();
        let mut is_match = false;
        for &at in &progress.0 {
            match self.segments.get(at) {
                Some(Segment::Globstar) if self.dot || !name.starts_with('.') => {
                    next.insert(at);
                    // `a/**` is all below a, but not a itself.
                    is_match |= at + 1 == self.segments.len();
                }
                Some(Segment::Name(nodes)) if self.matches(nodes, name) => {
                    next.insert(at + 1);
                    is_match |= at + 1 == self.segments.len();
                }
                _ => {}
            }
        }
        (Progress(self.closed(next)), is_match)
    }

    /// True if all names together match.
    pub(crate) fn is_match<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        let mut progress = self.start();
        let mut is_match = false;
        for name in names {
            (progress, is_match) = self.step(&progress, name);
        }
        is_match
    }

    /// `**` may be no folder at all.
    fn closed(&self, mut at: BTreeSet<usize>) -> BTreeSet<usize> {
        let last = self.segments.len().saturating_sub(1);
        for index in 0..last {
            if at.contains(&index) && self.segments[index] == Segment::Globstar {
                at.insert(index + 1);
            }
        }
        at.retain(|index| *index < self.segments.len());
        at
    }

    fn matches(&self, nodes: &[Node], name: &str) -> bool {
        if name.starts_with('.') && !self.dot && !names_dot(nodes) {
            return false;
        }
        let chars: Vec<char> = name.chars().collect();
        ends(nodes, &chars, &BTreeSet::from([0])).contains(&chars.len())
    }
}

/// True if the pattern spells the dot out.
fn names_dot(nodes: &[Node]) -> bool {
    match nodes.first() {
        Some(Node::Literal('.')) => true,
        Some(Node::Group(kind, choices)) if *kind != '!' => {
            choices.iter().any(|choice| names_dot(choice))
        }
        _ => false,
    }
}

/// Where the nodes can end when they begin at one of these places.
fn ends(nodes: &[Node], name: &[char], starts: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut at = starts.clone();
    for (index, node) in nodes.iter().enumerate() {
        at = match node {
            Node::Star => from_each(&at, name.len()),
            Node::Any => advance(&at, name, |_| true),
            Node::Literal(literal) => advance(&at, name, |char| char == *literal),
            Node::Class(ranges, is_not) => advance(&at, name, |char| {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&char)) != *is_not
            }),
            Node::Group('!', choices) => {
                let rest = &nodes[index + 1..];
                let is_free = |start: &&usize| !excluded(choices, rest, name, **start);
                from_each(&at.iter().filter(is_free).copied().collect(), name.len())
            }
            Node::Group(kind, choices) => group(*kind, choices, name, &at),
        };
        if at.is_empty() {
            break;
        }
    }
    at
}

fn advance(at: &BTreeSet<usize>, name: &[char], takes: impl Fn(char) -> bool) -> BTreeSet<usize> {
    at.iter().filter(|at| name.get(**at).copied().is_some_and(&takes)).map(|at| at + 1).collect()
}

fn from_each(at: &BTreeSet<usize>, length: usize) -> BTreeSet<usize> {
    at.first().map(|first| (*first..=length).collect()).unwrap_or_default()
}

/// One of the choices and the rest of the pattern would match all that is left.
fn excluded(choices: &[Vec<Node>], rest: &[Node], name: &[char], start: usize) -> bool {
    choices.iter().any(|choice| {
        let whole: Vec<Node> = choice.iter().chain(rest).cloned().collect();
        ends(&whole, name, &BTreeSet::from([start])).contains(&name.len())
    })
}

fn group(
    kind: char,
    choices: &[Vec<Node>],
    name: &[char],
    starts: &BTreeSet<usize>,
) -> BTreeSet<usize> {
    let once = |at: &BTreeSet<usize>| -> BTreeSet<usize> {
        choices.iter().flat_map(|choice| ends(choice, name, at)).collect()
    };
    let mut reached = once(starts);
    if matches!(kind, '*' | '+') {
        loop {
            let further: BTreeSet<usize> = once(&reached).difference(&reached).copied().collect();
            if further.is_empty() {
                break;
            }
            reached.extend(further);
        }
    }
    if matches!(kind, '*' | '?') {
        reached.extend(starts);
    }
    reached
}

fn nodes(text: &[char]) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut at = 0;
    while let Some(&char) = text.get(at) {
        let is_group = "?*+@!".contains(char) && text.get(at + 1) == Some(&'(');
        if is_group && let Some((choices, next)) = choices(text, at + 2) {
            nodes.push(Node::Group(char, choices));
            at = next;
            continue;
        }
        at += 1;
        nodes.push(match char {
            '*' => Node::Star,
            '?' => Node::Any,
            '[' => match class(text, at) {
                Some((node, next)) => {
                    at = next;
                    node
                }
                None => Node::Literal('['),
            },
            '\\' if at < text.len() => {
                at += 1;
                Node::Literal(text[at - 1])
            }
            other => Node::Literal(other),
        });
    }
    nodes
}

/// The choices of a group and where it ends; `None` if nothing closes it.
fn choices(text: &[char], from: usize) -> Option<(Vec<Vec<Node>>, usize)> {
    let mut choices = Vec::new();
    let mut depth = 0;
    let (mut start, mut at) = (from, from);
    loop {
        match text.get(at)? {
            '\\' => at += 1,
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ')' => {
                choices.push(nodes(&text[start..at]));
                return Some((choices, at + 1));
            }
            '|' if depth == 0 => {
                choices.push(nodes(&text[start..at]));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
}

/// What stands in `[…]`; `None` if nothing closes it, which makes `[` an ordinary letter.
fn class(text: &[char], from: usize) -> Option<(Node, usize)> {
    let is_not = matches!(text.get(from), Some('!' | '^'));
    let mut at = from + usize::from(is_not);
    let mut ranges = Vec::new();
    let first = at;
    loop {
        let mut char = *text.get(at)?;
        if char == ']' && at > first {
            return Some((Node::Class(ranges, is_not), at + 1));
        }
        if char == '\\' {
            at += 1;
            char = *text.get(at)?;
        }
        let is_range =
            text.get(at + 1) == Some(&'-') && text.get(at + 2).is_some_and(|c| *c != ']');
        let to = if is_range { text[at + 2] } else { char };
        ranges.push((char, to));
        at += if is_range { 3 } else { 1 };
    }
}

/// What `{a,b}` and `{1..3}` stand for; a brace without a comma stays as it is.
pub(crate) fn expand_braces(text: &str) -> Vec<String> {
    let mut search = 0;
    while let Some(found) = text[search..].find('{') {
        let open = search + found;
        if let Some((close, commas)) = closing(text, open) {
            let choices = match commas.as_slice() {
                [] => range(&text[open + 1..close]),
                _ => pieces(&text[open + 1..close], open + 1, &commas),
            };
            if !choices.is_empty() {
                let tails = expand_braces(&text[close + 1..]);
                let heads = choices.iter().flat_map(|choice| expand_braces(choice));
                return heads
                    .flat_map(|head| {
                        let start = &text[..open];
                        tails.iter().map(move |tail| format!("{start}{head}{tail}"))
                    })
                    .collect();
            }
        }
        search = open + 1;
    }
    vec![text.to_owned()]
}

/// Where the brace closes, and its own commas.
fn closing(text: &str, open: usize) -> Option<(usize, Vec<usize>)> {
    let mut depth = 0;
    let mut commas = Vec::new();
    for (at, char) in text.char_indices().skip_while(|(at, _)| *at <= open) {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => return Some((at, commas)),
            '}' => depth -= 1,
            ',' if depth == 0 => commas.push(at),
            _ => {}
        }
    }
    None
}

fn pieces(inner: &str, offset: usize, commas: &[usize]) -> Vec<String> {
    let mut start = 0;
    let mut pieces = Vec::new();
    for comma in commas {
        pieces.push(inner[start..comma - offset].to_owned());
        start = comma - offset + 1;
    }
    pieces.push(inner[start..].to_owned());
    pieces
}

/// The most numbers that a range may stand for.
const WIDEST_RANGE: i64 = 10_000;

fn range(inner: &str) -> Vec<String> {
    let Some((from, to)) = inner.split_once("..") else { return Vec::new() };
    let (Ok(from), Ok(to)) = (from.parse::<i64>(), to.parse::<i64>()) else { return Vec::new() };
    if from.abs_diff(to) > WIDEST_RANGE.unsigned_abs() {
        return Vec::new();
    }
    let numbers = from.min(to)..=from.max(to);
    let mut all: Vec<String> = numbers.map(|number| number.to_string()).collect();
    if from > to {
        all.reverse();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str, options: Options) -> bool {
        Pattern::new(pattern.split('/'), options).is_match(path.split('/'))
    }

    #[test]
    fn patterns_match_as_the_vendor_matches() {
        for (pattern, path, expected) in [
            ("*.cs", "a.cs", true),
            ("*.cs", "a/a.cs", false),
            ("**/*.cs", "a.cs", true),
            ("**/*.cs", "x/y/a.cs", true),
            ("a/**", "a/b/c", true),
            ("a/**", "a", false),
            ("a/**/b", "a/b", true),
            ("a**b", "axxb", true),
            ("?.txt", "a.txt", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[x", "[x", true),
            ("[]]", "]", true),
            ("+(a|b)c", "abac", true),
            ("+(a|b)c", "c", false),
            ("*(a|b)c", "c", true),
            ("?(a|b)c", "ac", true),
            ("?(a|b)c", "abc", false),
            ("@(hello|world).txt", "world.txt", true),
            ("!(hello|world)", "there", true),
            ("!(hello|world)", "hello", false),
            ("!(*.vsix)", "a.vsix", false),
            ("!(*.vsix)", "a.dll", true),
            ("!(a)*", "abc", false),
            ("a.+(x|@(y|z))", "a.z", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("{a,b}", "a", false),
            ("{a,b}", "{a,b}", true),
            ("*", ".hidden", true),
            ("**", ".git/x", true),
            ("ünï?", "ünïx", true),
        ] {
            let found = matches(pattern, path, Options::USUAL);
            assert_eq!(found, expected, "{pattern} against {path}");
        }
    }

    #[test]
    fn a_leading_dot_has_to_be_spelled_out_where_a_task_says_so() {
        let plain = Options { dot: false, brace: true };
        for (pattern, path, expected) in [
            ("*", ".git", false),
            (".*", ".git", true),
            ("**", "a/.git/x", false),
            ("**/.git", "a/.git", true),
            ("?git", ".git", false),
            ("@(.git|a)", ".git", true),
        ] {
            assert_eq!(matches(pattern, path, plain), expected, "{pattern} against {path}");
        }
    }

    #[test]
    fn braces_stand_for_several_patterns() {
        assert_eq!(expand_braces("a.{b,c{d,e}}.f"), ["a.b.f", "a.cd.f", "a.ce.f"], "nested");
        assert_eq!(expand_braces("{1..3}"), ["1", "2", "3"], "a range");
        assert_eq!(expand_braces("{a}{,b}"), ["{a}", "{a}b"], "one alone stays");
        assert_eq!(expand_braces("{a"), ["{a"], "not closed");
    }

    #[test]
    fn a_nasty_pattern_takes_no_time() {
        let pattern = "*a".repeat(60);
        let name = "a".repeat(250) + "b";
        assert!(!matches(&pattern, &name, Options::USUAL), "no name ends so");
    }
}
