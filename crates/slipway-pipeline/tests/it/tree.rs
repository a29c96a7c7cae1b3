//! The quick reader makes the very tree that granit-parser's events come to, or none.

use std::path::PathBuf;

use slipway_pipeline::tree::{
    Node, NodeValue, ReadTree, SourceId, SourceText, read, read_quickly, read_strictly,
};

use crate::catalog::FILES;
use crate::tree_pieces::is_covered;

#[path = "../../benches/pipeline/generated.rs"]
pub(crate) mod generated;

/// Texts that the quick reader takes.
pub(crate) const TAKEN: &[&str] = &[
    "a: 1\n",
    "a: 1",
    "\u{feff}a: 1\nb: é # ü\nc: x\n",
    "---\na: 1\n",
    "# before\n--- # here\n\na: 1\n# behind",
    "a:\nb:   # nothing\nc: ~\nd:\n  e:\n",
    "a:\n- b\n- c\nd:\n-\n- \n-   # nothing\n- e\nf: g\n",
    "a:\n  - b\n  - c: d\n    e: f\n  -\n    g: h\n  - - i\n    - j\n  -\n  - - k: l\n      m: n\n",
    "- a\n- b: c\n- - d\n  -\n    - e\n-\n  f\n",
    "  a: 1\n  b:\n    - c\n    # deep\n  # less\n# least\n  d: e\n",
    "a: b\n  c\n\n  d\n   e # f\ng: h\n",
    "a:\n  b\n  c\nd: -e\n",
    "a: b\n    - c\n    d\ne: f\n",
    "a: 'it''s'\nb: \"x\\ty \\u00e9\\U0001F600\\x41\\\\\\\"\\/\"\nc: ''\nd: \"\"\n'e f': g\n\"h\": i\n",
    "a: 'b\n  c\n\n  d  \n  e '\nf: \"g \\\n  h\\\n\n  i \\n\n j\"\n",
    "a: \"b\n\"\nc: '\n\n d'\n",
    "a: |\n  b\n   c\n\n  d\ne: >\n  f\n  g\n\n  h\n   i\n  j\n\n\nk: l\n",
    "a: |-\n  b\n\n\nc: |+\n  d\n\n\ne: >-\n  f\n\n  g\nh: >+\n\n  i\n\n",
    "a: |2\n    b\n   c\nd: |1-\n   e\nf: >2+ # why\n   g\n  h\n  # text\n # not text\ni: j\n",
    "a: |\n\n   \n   b\n  \n   c\nd: e\n",
    "a: |\nb: |+\n\n\nc: >-\n  # text\nd: |\n  x",
    "a: |\n  b\n  ",
    "a: >\n  b\n  c\n   \n  \td\n  e",
    "a:\n- |\n b\n- >-\n  c\n  d\n- f: |\n   g\n  h: i\n",
    "a: [b, 'c', \"d\", e f, [g, {h: i}], {}, []]\nb: { c: d, 'e': f, \"g\":h, i: , j:,k: [l]}\n",
    "a: [\n  b, # c\n\n  d\n  e,\nf\n]\ng: {h: i,\n  j:\n  k\n , l: 'm\n  n' }\n",
    "[a, b]\n",
    "{a: b}\n",
    "{\"a\": [1, 2], \"b\": {\"c\": null}}\n",
    "a: [b, c] # d\ne: {f: g}   \n",
    "- [a]\n- {b: c}\n-  - [d]\n",
    "a:\n  [b]\nc:\n  {d: e}\nf:\n  'g'\n",
    "a b: c d\ne:f: g:h\nj:k#l: m #n\no: http://p:8/#q\n-r: -s\n?t: ?u\n:v: :w\n",
    "a: b\tc\nd: e\t# f\n\t\n \t# tab\ng: h \t\n\t\ni:\tj\n",
    "a: 1\r\nb: |\r\n  c\r\n\r\n  d\r\ne: f\r\n  g\r\nh: 'i\r\n  j'\r\nk: [l,\r\n m]\r\n",
    "${{ if a }}:\n  b: c\n${{ if a }}:\n  d: e\nf: ${{ g }}\nh:\n- ${{ each i in j }}:\n  - k\n",
    "a: b\u{a0}\nc\u{3000}: d\n# e\u{a0}\nf: [g\u{a0}, h]\ni: |\n  j\u{2028}\n",
    "ключ: значение # замечание\nb: [ü, 'é', {ö: ä}]\nc: |\n  日本\n  語\nd: x\n",
    "a: 1 \n\n\n# c\n\n   # d\nb: 2\n\n\n",
    "a:\n # b\n - c\n # d\n - e\nf: g\n",
    "a:   # one\n  # two\n  b\n",
    "trigger: none\n\n\n\n\n",
    "a: [-1, -b, 'c:d', e:f, http://g]\n",
];

/// Texts that it leaves to granit-parser, with mistakes and without.
const LEFT: &[&str] = &[
    "",
    "# only\n",
    "---\n",
    "a",
    "'a'\n",
    "|\n  a\n",
    "a: &x 1\nb: *x\n",
    "a: !t b\n",
    "? a\n: b\n",
    "%YAML 1.2\n---\na: b\n",
    "a: b\n---\nc: d\n",
    "a: b\n...\n",
    "a: b\na: c\n",
    "a: b: c\n",
    "a: 'b' c\n",
    "a: 'b'#c\n",
    "a: 'b\n",
    "a: [b\n",
    "a: [b]]\n",
    "a: [b] c\n",
    "a: [b: c]\n",
    "a: {b}\n",
    "a: {{ b }}\n",
    "[a]: b\n",
    "a:\n  b: c\n d: e\n",
    "a: b\n  c: d\n",
    "a: b # c\n  d\n",
    "a:\n- b\nc\n",
    "- a\nb: c\n",
    "a: - b\n- c\n",
    "a:\n\t- b\n",
    "-\ta\n",
    "a: @b\n",
    "a: |x\n  b\n",
    "a: |\n    \n  b\n",
    "a: |\n\tb\n",
    "a: |",
    "a: \"\\q\"\n",
    "a: \"\\ud83d\\ude00\"\n",
    "a: 'b\n---\nc'\n",
    "a: b\u{0}c\n",
    "a: b\u{7f}\n",
    "a: b\u{85}\u{feff}\n",
    "a: b\rc: d\r",
    "a: {b:[c]}\n",
    "a: [b,,c]\n",
    "a: [,b]\n",
    "a: [- b]\n",
    "a: [b\n---\n]\n",
    "a: {b\n: c}\n",
    ": a\n",
    "\"a\n b\": c\n",
];

fn source(text: &str) -> SourceText {
    SourceText::new(SourceId(3), "a.yml", text)
}

/// True when the quick reader takes it; what it makes of it is what granit-parser makes of it.
fn is_taken(text: &str) -> bool {
    let source = source(text);
    let Some(quick) = read_quickly(&source) else { return false };
    let strict = read_strictly(&source);
    if quick != strict {
        let (quick, strict) = (flat(&quick), flat(&strict));
        let first = quick.iter().zip(&strict).find(|(quick, strict)| quick != strict);
        panic!("the trees of {text:?} differ: quick and strict {first:#?}");
    }
    true
}

/// True when something is in it, and nothing is wrong with it.
fn is_valid(text: &str) -> bool {
    let tree = read_strictly(&source(text));
    tree.root.is_some() && tree.diagnostics.is_empty()
}

/// Each node and diagnostic in a line.
fn flat(tree: &ReadTree) -> Vec<String> {
    let mut lines: Vec<String> = tree.diagnostics.iter().map(|at| format!("{at:?}")).collect();
    let mut waiting: Vec<&Node> = tree.root.iter().collect();
    while let Some(node) = waiting.pop() {
        let what = match &node.value {
            NodeValue::Scalar(scalar) => format!("{scalar:?}"),
            NodeValue::Sequence(items) => {
                waiting.extend(items.iter().rev());
                format!("{} items", items.len())
            }
            NodeValue::Mapping(entries) => {
                waiting.extend(entries.iter().rev().map(|entry| &entry.value));
                let keys = entries.iter().map(|entry| (&entry.key, entry.key_place.span));
                format!("{:?}", keys.collect::<Vec<_>>())
            }
        };
        lines.push(format!("{what} {:?} {}", node.place.span, node.has_code));
    }
    lines
}

/// Numbers that are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }
}

#[test]
fn common_yaml_is_read_quickly_and_alike() {
    for text in TAKEN {
        assert!(is_taken(text), "{text:?} is common");
        let with_returns = text.replace("\r\n", "\n").replace('\n', "\r\n");
        assert!(is_taken(&with_returns), "{with_returns:?} is common");
    }
}

#[test]
fn the_rest_is_left_to_the_parser() {
    for text in LEFT {
        assert!(!is_taken(text), "{text:?} is not for the quick reader");
        assert_eq!(read(&source(text)), read_strictly(&source(text)), "{text:?} has one reading");
    }
}

#[test]
fn our_files_and_the_generated_one_are_read_quickly() {
    for (name, text) in FILES {
        assert_eq!(is_taken(text), is_valid(text), "{name}");
    }
    assert!(is_taken(&generated::pipeline(3_000)), "the generated file is common YAML");
}

#[test]
fn limits_hold_on_both_ways() {
    for depth in [98, 99, 100, 101, 400] {
        let sequences = format!("{}a\n", "- ".repeat(depth));
        assert_eq!(is_taken(&sequences), depth <= 100, "{depth} sequences");
        let brackets = format!("a: {}{}\n", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(is_taken(&brackets), depth < 100, "{depth} lists in a mapping");
        for text in [sequences, brackets] {
            assert_eq!(read(&source(&text)), read_strictly(&source(&text)), "{depth} levels");
        }
    }
    let key = "k".repeat(1_500);
    assert!(!is_taken(&format!("{key}: a\n")), "no key is that long");
    assert_eq!(read(&source(&"a: 1\n".repeat(2_000_000))).root, None, "a file has a limit");
}

#[test]
fn wide_texts_are_read_alike() {
    let mut keys = String::new();
    let mut list = String::from("ü: [");
    for number in 0..20_000 {
        keys.push_str(&format!("key{number}: 'ä'\n"));
        list.push_str(&format!("ö{number}, "));
    }
    list.push_str("]\n");
    assert!(is_taken(&keys), "a mapping may have many keys");
    assert!(!is_taken(&format!("{keys}key7: again\n")), "one of them is there twice");
    assert!(is_taken(&list), "a line may be long");
    assert!(is_taken(&format!("a:\n{}b: c\n", "\n".repeat(50_000))), "and a gap may be");
}

#[test]
fn changed_texts_are_read_alike() {
    let generated = generated::pipeline(60);
    let mut texts: Vec<&str> = TAKEN.to_vec();
    texts.extend(LEFT.iter().filter(|text| text.len() > 4));
    texts.extend(FILES.iter().map(|(_, text)| *text).filter(|text| text.len() < 2_000));
    texts.push(&generated);
    let rounds = std::env::var("SLIPWAY_ROUNDS").ok().and_then(|text| text.parse().ok());
    let mut numbers = Numbers(11);
    let mut taken = 0;
    let rounds = rounds.unwrap_or(12_000);
    for _ in 0..rounds {
        let text = texts[numbers.below(texts.len())];
        // One in five is made of changes alone.
        let is_new = numbers.below(5) == 0;
        let mut changed: Vec<char> = text.chars().filter(|_| !is_new).collect();
        for _ in 0..=numbers.below(if is_new { 24 } else { 3 }) {
            change(&mut changed, &mut numbers);
        }
        let changed: String = changed.into_iter().collect();
        taken += usize::from(is_taken(&changed));
        is_covered(&changed);
    }
    assert!(
        taken > rounds / 8,
        "{taken} of {rounds} changed texts were common YAML; too few to prove"
    );
}

fn change(text: &mut Vec<char>, numbers: &mut Numbers) {
    const PIECES: &[&str] = &[
        " ", "  ", "\n", "\n\n", "\n  ", "\r\n", "\t", ":", ": ", ":\n", "-", "- ", "\n- ", "#",
        " # c\n", "'", "\"", "[", "]", "{", "}", ",", ", ", "|", "|\n", ">-\n", "|+\n", "|2\n",
        "?", "? ", "&a ", "*a", "!t ", "%", "@", "\\", "\\n", "\\\n", "---\n", "...\n", "a", "é",
        "\u{a0}", "\u{feff}", "a: b\n", "\na: b", "\u{2028}", "''", "1", "~", "${{ x }}",
    ];
    let at = numbers.below(text.len() + 1);
    let end = (at + 1 + numbers.below(4)).min(text.len());
    match numbers.below(4) {
        0 => {
            text.drain(at..end);
        }
        1 | 2 => {
            let piece = PIECES[numbers.below(PIECES.len())];
            text.splice(at..at, piece.chars());
        }
        _ => {
            let from = numbers.below(text.len() + 1);
            let to = (from + numbers.below(20)).min(text.len());
            let copy = text[from..to].to_vec();
            text.splice(at..end, copy);
        }
    }
}

#[test]
fn files_of_others_are_read_alike() {
    let files = corpus();
    let (mut valid, mut taken) = (0, 0);
    let mut left = Vec::new();
    for (name, text) in &files {
        let is_valid = is_valid(text);
        let is_taken = is_taken(text);
        valid += usize::from(is_valid);
        taken += usize::from(is_taken);
        if is_valid != is_taken {
            left.push(name);
        }
    }
    eprintln!("{} files, {valid} valid, {taken} read quickly; left: {left:#?}", files.len());
    assert!(taken * 100 >= valid * 95, "nearly all valid files go the quick way");
}

/// The YAML files of others, with their names, if SLIPWAY_CORPUS names a folder of them.
pub(crate) fn corpus() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> =
        std::env::var_os("SLIPWAY_CORPUS").into_iter().map(PathBuf::from).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "yml" || end == "yaml") {
                let text = std::fs::read_to_string(&path).expect("the file is text");
                files.push((path.display().to_string(), text));
            }
        }
    }
    files
}
