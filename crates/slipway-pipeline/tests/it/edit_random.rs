//! Random edits, judged by an oracle that knows nothing of how they are made: the tree has to be the
//! one expected, the changes have to lie on the lines that belong to the edit, and undo has to restore
//! every byte. `SLIPWAY_CORPUS=<folder>` and `SLIPWAY_EDITS=<count>` widen it to other files.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use slipway_core::Explain;
use slipway_pipeline::document::{Document, Edit, Path, TextChange, Value};
use slipway_pipeline::tree::{Node, NodeValue, SourceId, SourceText, read};

use crate::edit_oracle::{Lines, Tree, allowed, expected};
use crate::edit_words;

/// The fixture files.
pub(crate) const FILES: [(&str, &str); 7] = [
    ("indented", include_str!("edit_files/indented.yml")),
    ("zero", include_str!("edit_files/zero.yml")),
    ("steps-only", include_str!("edit_files/steps-only.yml")),
    ("four", include_str!("edit_files/four.yml")),
    ("flow", include_str!("edit_files/flow.yml")),
    ("template", include_str!("edit_files/template.yml")),
    ("odd", include_str!("edit_files/odd.yml")),
];

/// Texts that YAML, expressions or logging commands could trip over.
const HOSTILE: [&str; 36] = [
    "plain",
    "# hash",
    "a # b",
    "*star",
    "&anchor",
    "- dash",
    "-",
    "? x",
    "a: b",
    ": ",
    "key:",
    "yes",
    "0777",
    "1.10",
    "~",
    "null",
    "",
    " lead",
    "trail ",
    "it's",
    "say \"hi\"",
    "back\\slash",
    "${{ parameters.x }}",
    "$(macro)",
    "$[ a.b ]",
    "##vso[task.complete]x",
    "🚀 ünï",
    "tab\tin",
    "[a",
    "{b: c}",
    "a, b",
    "line one\nline two",
    "one\n\n  two\n",
    "\nlead",
    "end\n\n",
    "@at",
];

/// A small generator of numbers: the same edits in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % (sides.max(1) as u64)).unwrap_or(0)
    }

    pub(crate) fn text(&mut self) -> String {
        HOSTILE[self.roll(HOSTILE.len())].to_owned()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.roll(if depth > 2 { 4 } else { 7 }) {
            0..=2 => Value::Text(self.text()),
            3 => [Value::Null, Value::Word("true".to_owned()), Value::Word("5".to_owned())]
                [self.roll(3)]
            .clone(),
            4 => Value::List((0..self.roll(4)).map(|_| self.value(depth + 1)).collect()),
            _ => Value::Map(
                (0..self.roll(4))
                    .map(|at| (format!("k{at}{}", self.key()), self.value(depth + 1)))
                    .collect(),
            ),
        }
    }

    fn key(&mut self) -> String {
        let text = self.text();
        if text.len() > 20 || text.contains('\n') { "x".to_owned() } else { text }
    }
}

/// A tree, or nothing.
pub(crate) fn node(text: &str) -> Option<Node> {
    let tree = read(&SourceText::new(SourceId(0), "a.yml", text));
    if tree.diagnostics.is_empty() { tree.root } else { None }
}

/// Every place in a tree.
fn places(node: &Node, path: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    found.push(path.clone());
    let children: Vec<&Node> = match &node.value {
        NodeValue::Scalar(_) => Vec::new(),
        NodeValue::Sequence(items) => items.iter().collect(),
        NodeValue::Mapping(entries) => entries.iter().map(|entry| &entry.value).collect(),
    };
    for (index, child) in children.into_iter().enumerate() {
        path.push(index);
        places(child, path, found);
        path.pop();
    }
}

pub(crate) fn at<'n>(root: &'n Node, path: &[usize]) -> &'n Node {
    path.iter().fold(root, |node, index| match &node.value {
        NodeValue::Sequence(items) => &items[*index],
        NodeValue::Mapping(entries) => &entries[*index].value,
        NodeValue::Scalar(_) => node,
    })
}

pub(crate) fn path(indexes: &[usize]) -> Path {
    indexes.iter().fold(Path::root(), |path, index| path.at(*index))
}

const YAML: [&str; 5] = [
    "script: make  # with a comment\ndisplayName: 'Made'\n",
    "# above\ntask: X@1\ninputs:\n  a: |\n    one\n      two\n  b: [1, 2]\n",
    "just text",
    "- a\n# between\n- b: c\n",
    "{x: 1, y: [2]}",
];

fn random_edit(dice: &mut Dice, root: &Node) -> Edit {
    let mut all = Vec::new();
    places(root, &mut Vec::new(), &mut all);
    let lists: Vec<&Vec<usize>> =
        all.iter().filter(|path| at(root, path).items().is_some()).collect();
    let target = all[dice.roll(all.len())].clone();
    let count = match &at(root, &target).value {
        NodeValue::Scalar(_) => 0,
        NodeValue::Sequence(items) => items.len(),
        NodeValue::Mapping(entries) => entries.len(),
    };
    let value = match dice.roll(6) {
        0 => Value::Yaml(YAML[dice.roll(YAML.len())].to_owned()),
        1..=3 => Value::Text(dice.text()),
        _ => dice.value(0),
    };
    let index = Some(dice.roll(count + 1)).filter(|_| dice.roll(3) > 0);
    let here = path(&target);
    match dice.roll(12) {
        0..=2 => Edit::Set { path: here, value },
        3 if !lists.is_empty() => {
            let list = lists[dice.roll(lists.len())];
            let count = at(root, list).items().map_or(0, <[Node]>::len);
            let index = Some(dice.roll(count + 1)).filter(|_| dice.roll(3) > 0);
            Edit::InsertItem { path: path(list), index, value }
        }
        4 | 5 => {
            let key = format!("new{}", dice.key());
            Edit::InsertEntry { path: here, index, key, value }
        }
        6 | 7 => Edit::Remove { path: here },
        8 => Edit::RenameKey { path: here, to: format!("k{}", dice.key()) },
        9 => {
            let to = (dice.roll(2) == 0 && !lists.is_empty())
                .then(|| path(lists[dice.roll(lists.len())]));
            let index = dice.roll(4);
            Edit::Move { path: here, to, index }
        }
        10 => Edit::Duplicate { path: here },
        _ => Edit::Wrap {
            path: here,
            index: dice.roll(count),
            count: 1 + dice.roll(2),
            directive: "if eq(a, 'b: # c')".to_owned(),
        },
    }
}

/// What became of all edits.
#[derive(Default)]
pub(crate) struct Tally {
    applied: usize,
    refused: BTreeMap<String, usize>,
    pub(crate) wrong: Vec<String>,
}

impl Tally {
    /// Makes one edit and judges it; the text afterwards.
    fn judge(&mut self, name: &str, text: &str, edit: &Edit, is_word: bool) -> Option<String> {
        let document = Document::new(text);
        let root = node(text)?;
        let applied = match document.apply(edit) {
            Ok(applied) => applied,
            Err(error) => {
                let why = match error.code() {
                    "edit_unfaithful" => error.to_string().chars().take(60).collect(),
                    "edit_layout" => {
                        error.to_string().split(": ").last().unwrap_or_default().to_owned()
                    }
                    code => code.to_owned(),
                };
                let kind = format!("{edit:?}");
                let kind = kind.split([' ', '{']).next().unwrap_or_default();
                *self.refused.entry(format!("{why} ({kind})")).or_default() += 1;
                return None;
            }
        };
        self.applied += 1;
        let new = applied.document.text();
        let mut wrong = |what: &str| {
            self.wrong.push(format!("{name}: {what}\n{edit:?}\nbefore\n{text}\nafter\n{new}\n"));
        };
        let is_bare = |line: &str| {
            let line = line.trim_start_matches('\u{feff}').trim();
            line.is_empty() || line.starts_with('#') || line.starts_with("---")
        };
        let nothing = || new.lines().all(is_bare).then(|| Node::null(root.place));
        let Some(new_root) = node(new).or_else(nothing) else {
            wrong("the result is not YAML");
            return None;
        };
        let lines = Lines::new(text, &root);
        let outcome = if is_word {
            edit_words::judge(edit, &root, &new_root, new)
        } else {
            let wanted = expected(&root, edit);
            if Tree::of(&new_root) == wanted {
                Ok(())
            } else {
                Err("the tree is another".to_owned())
            }
        };
        if let Err(what) = outcome {
            wrong(&what);
        }
        if is_word {
            for change in &applied.changes {
                let touched = lines.touched(change);
                if !edit_words::is_its_line(edit, &root, text, touched) {
                    wrong(&format!("lines {touched:?} are not the edit's: {change:?}"));
                }
            }
        } else {
            let allowed = allowed(&lines, &root, edit);
            for change in &applied.changes {
                let (first, last) = lines.touched(change);
                if !allowed.iter().any(|range| range.0 <= first && last <= range.1) {
                    wrong(&format!(
                        "lines {first} to {last} are not the edit's: {allowed:?} {change:?}"
                    ));
                }
            }
        }
        if patched(text, &applied.changes) != new {
            wrong("the changes lead elsewhere");
        }
        match applied.document.apply(&applied.inverse) {
            Ok(undone) if undone.document.text() == text => {}
            _ => wrong("undo does not restore the text"),
        }
        let json = serde_json::to_string(edit).expect("an edit is data");
        if !serde_json::from_str::<Edit>(&json)
            .is_ok_and(|read| format!("{read:?}") == format!("{edit:?}"))
        {
            wrong(&format!("not the same from the wire: {json}"));
        }
        let crlf = text.matches("\r\n").count();
        if crlf > 0
            && crlf == text.matches('\n').count()
            && new.matches("\r\n").count() != new.matches('\n').count()
        {
            wrong("line ends are mixed");
        }
        Some(new.to_owned())
    }

    /// The counts, one a line.
    fn report(&self) -> String {
        let refused = self.refused.iter().map(|(why, count)| format!("{count:6} refused: {why}\n"));
        format!("{} edits applied\n{}", self.applied, refused.collect::<String>())
    }
}

fn patched(text: &str, changes: &[TextChange]) -> String {
    let mut new = text.to_owned();
    for change in changes.iter().rev() {
        new.replace_range(change.start..change.end, &change.text);
    }
    new
}

pub(crate) fn files(folder: &FilePath, found: &mut Vec<(String, String)>) {
    let entries = std::fs::read_dir(folder).expect("the corpus is there");
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            found.push((path.to_string_lossy().into_owned(), text));
        }
    }
}

/// The same file as other editors write it.
pub(crate) fn variant(dice: &mut Dice, text: &str) -> String {
    let plain = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    match dice.roll(8) {
        0 => plain.replace('\n', "\r\n"),
        1 => format!("\u{feff}{plain}"),
        2 => plain.trim_end().to_owned(),
        3 => format!("\u{feff}{}", plain.replace('\n', "\r\n")),
        _ => text.to_owned(),
    }
}

/// A file with a slip of the finger in it, which may still be YAML.
pub(crate) fn mutated(dice: &mut Dice, text: &str) -> String {
    const BITS: [&str; 20] = [
        "#", " ", "  ", "\t", "\n", "\n\n", "- ", ": ", "'", "\"", "|", ">", "[", "]", "{", ",",
        "? ", "!t ", " # c\n", "~",
    ];
    let mut text = text.to_owned();
    for _ in 0..1 + dice.roll(3) {
        let mut at = dice.roll(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        match dice.roll(3) {
            0 => text.insert_str(at, BITS[dice.roll(BITS.len())]),
            1 => {
                let end = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
                text.replace_range(at..end, "");
            }
            _ => {
                let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
                text.replace_range(at..end, "");
            }
        }
    }
    text
}

#[test]
fn random_edits_do_what_they_say_and_nothing_else() {
    let mut all: Vec<(String, String)> =
        FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    if let Some(folder) = std::env::var_os("SLIPWAY_CORPUS") {
        files(FilePath::new(&folder), &mut all);
    }
    let count: usize =
        std::env::var("SLIPWAY_EDITS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000);
    let seed = std::env::var("SLIPWAY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(3);
    let mut dice = Dice::new(seed);
    let (mut tally, mut tried, mut file) = (Tally::default(), 0, 0);
    while tally.applied < count {
        let (name, text) = &all[file % all.len()];
        file += 1;
        let mut text = variant(&mut dice, text);
        if dice.roll(3) == 0 {
            text = mutated(&mut dice, &text);
        }
        for _ in 0..6 {
            let Some(root) = node(&text) else { break };
            tried += 1;
            let is_word = dice.roll(3) == 0;
            let edit = if is_word {
                edit_words::random(&mut dice, &root)
            } else {
                random_edit(&mut dice, &root)
            };
            if let Some(new) = tally.judge(name, &text, &edit, is_word) {
                text = new;
            }
        }
        if file > count * 4 + all.len() {
            break;
        }
    }
    println!("{}", tally.report());
    let shown: String = tally.wrong.iter().take(4).map(String::as_str).collect();
    assert!(tally.wrong.is_empty(), "{} edits went wrong:\n{shown}", tally.wrong.len());
    assert!(tally.applied * 2 > tried, "most edits can be made: {} of {tried}", tally.applied);
    let unfaithful: usize = tally
        .refused
        .iter()
        .filter(|(why, _)| why.contains("more than"))
        .map(|(_, count)| count)
        .sum();
    assert!(unfaithful * 50 < tried, "{unfaithful} of {tried} were computed wrong and caught");
}
