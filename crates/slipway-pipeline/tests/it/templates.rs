//! Templates beyond what a conformance folder shows: what was read, limits, hostile files, the print.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use slipway_pipeline::diagnostic::Diagnostic;
use slipway_pipeline::tree::{Node, NodeValue, SourceId, SourceText, read};
use slipway_pipeline::{
    Expanded, FileAnswer, Files, LoadRequest, NoFiles, Repository, expand, expanded_yaml, load,
};

use crate::catalog::{FILES, Tasks};
use crate::cpu::Begun;

/// Files in memory; `path@alias` for those of another repository.
#[derive(Default)]
struct Memory {
    files: BTreeMap<String, String>,
    asked: RefCell<Vec<String>>,
}

impl Memory {
    fn with(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self { files: files.collect(), asked: RefCell::default() }
    }
}

impl Files for Memory {
    fn read(&self, repository: &Repository, path: &str) -> FileAnswer {
        let name = match repository.is_own() {
            true => path.to_owned(),
            false => format!("{path}@{}", repository.alias),
        };
        self.asked.borrow_mut().push(name.clone());
        match self.files.get(&name) {
            Some(text) => FileAnswer::Text(text.as_str().into()),
            None if repository.alias == "far" => {
                FileAnswer::NotMapped { hint: "Map it.".to_owned() }
            }
            None => FileAnswer::NotFound,
        }
    }
}

const ROOT: &str = "azure-pipelines.yml";

fn expanded(text: &str, files: &Memory) -> Expanded {
    expand(ROOT, text, &LoadRequest::default(), files)
}

fn said(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|at| format!("{} [{}]", at.to_line(), at.code)).collect()
}

/// The final text of a file that nothing is said about.
fn full(text: &str, files: &Memory) -> String {
    let expanded = expanded(text, files);
    assert!(expanded.diagnostics.is_empty(), "{:#?}", said(&expanded.diagnostics));
    expanded.root.as_ref().map(expanded_yaml).expect("without a word there is a tree")
}

#[test]
fn what_was_read_and_where_it_is_included_is_told() {
    let text = "resources:\n  repositories:\n  - {repository: far, type: git, name: a/far}\n  - {repository: near, type: git, name: a/near, ref: main}\nsteps:\n- template: t/a.yml\n- template: t/a.yml\n- template: b.yml@near\n";
    let files = Memory::with(&[
        ("t/a.yml", "steps:\n- template: ../c.yml\n"),
        ("b.yml@near", "steps:\n- template: x/c.yml\n- template: c.yml@self\n"),
        ("x/c.yml@near", "steps:\n- script: echo near c\n"),
        ("c.yml", "steps:\n- script: echo c\n"),
    ]);
    let expanded = expanded(text, &files);
    assert!(expanded.diagnostics.is_empty(), "{:#?}", said(&expanded.diagnostics));
    let names: Vec<&str> = expanded.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, [ROOT, "t/a.yml", "c.yml", "b.yml@near", "x/c.yml@near"]);
    assert_eq!(expanded.files[3].repository.name, "a/near");
    assert_eq!(expanded.files[3].repository.reference.as_deref(), Some("main"));
    let includes: Vec<(usize, u32, usize)> =
        expanded.includes.iter().map(|at| (at.from, at.span.line, at.to)).collect();
    assert_eq!(
        includes,
        [(0, 6, 1), (1, 2, 2), (0, 7, 1), (0, 8, 3), (3, 2, 4), (3, 3, 2)],
        "each place once, in the order they were met"
    );
    assert_eq!(files.asked.borrow().len(), 4, "each file is read once: {:?}", files.asked);
}

#[test]
fn what_cannot_be_read_is_said_once_a_place_and_nothing_follows_from_it() {
    let text = "resources:\n  repositories:\n  - {repository: far, type: git, name: a/far}\nstages:\n- template: gone.yml\n- template: x.yml@far\n- template: x.yml@nowhere\n- template: ../x.yml\n- template: ''\n- template: [a]\n- stage: B\n  dependsOn: A\n  jobs: [{job: j, steps: [{script: x}]}]\n";
    let files = Memory::default();
    let loaded = load(ROOT, text, &LoadRequest::default(), &files, &Tasks);
    assert_eq!(
        said(&loaded.diagnostics),
        [
            "azure-pipelines.yml:5:13: File /gone.yml not found in repository self. [template_not_found]",
            "azure-pipelines.yml:6:13: The repository 'far' (a/far) is not mapped to a local checkout. [repository_not_mapped]",
            "azure-pipelines.yml:7:13: The template 'x.yml@nowhere' references the repository 'nowhere' which is not defined by the pipeline. [unknown_repository]",
            "azure-pipelines.yml:8:13: The path '../x.yml' leads out of the repository. [template_not_found]",
            "azure-pipelines.yml:9:13: The template has no path. [missing_value]",
            "azure-pipelines.yml:10:13: A sequence was not expected [wrong_type]",
        ],
        "stage A may well be in a file that is missing"
    );
    assert!(
        loaded.diagnostics[0].hint.as_ref().unwrap().contains("relative to azure-pipelines.yml")
    );
    assert!(loaded.plan.is_none(), "half a plan is none");
}

#[test]
fn a_file_that_includes_itself_ends_and_names_the_chain() {
    for kind in ["steps", "jobs", "stages", "variables"] {
        let text = format!("{kind}:\n- template: a.yml\n");
        let inner = format!("{kind}:\n- template: b.yml\n- template: b.yml\n");
        let files = Memory::with(&[("a.yml", &inner), ("b.yml", &inner.replace("b.yml", "a.yml"))]);
        let found = expanded(&text, &files);
        assert!(found.root.is_none(), "{kind}: nothing comes out");
        assert_eq!(found.diagnostics.len(), 1, "{kind}: {:#?}", said(&found.diagnostics));
        let said = &found.diagnostics[0];
        assert_eq!(said.message, "Exceeded max template nesting level 100");
        let hint = said.hint.as_deref().unwrap();
        assert!(hint.contains("azure-pipelines.yml > a.yml > b.yml > a.yml >"), "{hint}");
    }
    let files = Memory::with(&[("a.yml", "extends: {template: a.yml}\n")]);
    let found = expanded("extends: {template: a.yml}\n", &files);
    assert_eq!(found.diagnostics[0].code, "limit_exceeded", "{:#?}", said(&found.diagnostics));
}

/// A hundred files, each with the next one under forty directives.
fn tower() -> Memory {
    let mut files = Memory::default();
    for level in 1..=99 {
        let mut text = String::from("parameters:\n- {name: inner, type: stepList}\nsteps:\n");
        for depth in 0..40 {
            text.push_str(&format!("{}- ${{{{ if true }}}}:\n", "  ".repeat(depth)));
        }
        let indent = "  ".repeat(40);
        if level < 99 {
            text.push_str(&format!("{indent}- template: {}.yml\n", level + 1));
            text.push_str(&format!("{indent}  parameters:\n"));
            text.push_str(&format!("{indent}    inner:\n"));
            text.push_str(&format!("{indent}    - ${{{{ parameters.inner }}}}\n"));
            text.push_str(&format!("{indent}    - script: echo {level}\n"));
        } else {
            text.push_str(&format!("{indent}- ${{{{ parameters.inner }}}}\n"));
        }
        files.files.insert(format!("{level}.yml"), text);
    }
    files
}

#[test]
fn a_hundred_levels_fit_a_small_stack() {
    let run = || {
        let text =
            "steps:\n- template: 1.yml\n  parameters: {inner: [{script: echo 0}, {script: x}]}\n";
        let files = tower();
        let found = expanded(text, &files);
        assert!(found.diagnostics.is_empty(), "{:#?}", said(&found.diagnostics));
        assert_eq!(found.files.len(), 100, "a hundred files are allowed");
        let root = found.root.unwrap();
        let steps = root.get("steps").and_then(Node::items).unwrap();
        assert_eq!(steps.len(), 100, "every level passed its step on");
        let place = steps[0].place;
        assert_eq!((place.source, place.span.line), (SourceId(0), 3), "written by the caller");
    };
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(run);
    assert!(thread.unwrap().join().is_ok(), "2 MiB are enough");
}

#[test]
fn one_file_more_than_a_hundred_is_refused() {
    let mut files = Memory::default();
    let mut text = String::from("steps:\n");
    for number in 0..100 {
        files.files.insert(format!("{number}.yml"), "steps: [{script: x}]\n".to_owned());
        text.push_str(&format!("- template: {number}.yml\n"));
    }
    let found = expanded(&text, &files);
    let lines = said(&found.diagnostics);
    assert_eq!(
        lines,
        ["azure-pipelines.yml:101:13: The pipeline includes more than 100 files [limit_exceeded]"]
    );
}

#[test]
fn bombs_stop_soon() {
    let twice = "parameters:\n- {name: s, type: stepList, default: [{script: xxxxxxxxxxxxxxxxxxxxxx}]}\nsteps:\n- template: a.yml\n  parameters: {s: [\"${{ parameters.s }}\", \"${{ parameters.s }}\"]}\n";
    let objects = "parameters: {o: {a: text}}\nsteps:\n- template: a.yml\n  parameters: {o: {a: \"${{ parameters.o }}\", b: \"${{ parameters.o }}\"}}\n";
    let texts = "parameters: {o: text}\nsteps:\n- template: a.yml\n  parameters: {o: \"${{ parameters.o }}${{ parameters.o }}\"}\n";
    let deep = "parameters: {o: text}\nsteps:\n- template: a.yml\n  parameters: {o: {x: {y: {z: \"${{ parameters.o }}\"}}}}\n";
    let wide =
        "steps:\n- template: b.yml\n- template: b.yml\n- template: b.yml\n- template: b.yml\n";
    for (what, file) in [
        ("a list that doubles", twice),
        ("an object that doubles", objects),
        ("a text that doubles", texts),
        ("an object that grows deep", deep),
        ("files that fan out", wide),
    ] {
        let mut files = Memory::with(&[("a.yml", file), ("b.yml", "steps:\n- template: c.yml\n")]);
        for level in 0..30 {
            let name = |level: u8| format!("{}.yml", char::from(b'b' + level % 25));
            let next = format!("{}{level}.yml", level + 1);
            let text = wide.replace("b.yml", &next);
            let this = if level == 0 { name(0) } else { format!("{level}{}.yml", level - 1) };
            files.files.insert(this, text);
        }
        let begun = Begun::now();
        let found = expanded("steps:\n- template: a.yml\n", &files);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(10), "{what} takes {took:?}");
        assert!(found.root.is_none(), "{what} comes to nothing");
        let last = found.diagnostics.last().unwrap();
        assert_eq!(last.code, "limit_exceeded", "{what}: {:#?}", said(&found.diagnostics));
    }
}

#[test]
fn variables_asked_for_after_each_declaration_stay_cheap() {
    let mut text = String::from("variables:\n");
    for number in 0..4000 {
        text.push_str(&format!("  v{number}: ${{{{ length(variables) }}}}\n"));
    }
    text.push_str("steps: [{script: x}]\n");
    let begun = Begun::now();
    let found = expanded(&text, &Memory::default());
    assert!(begun.elapsed() < Duration::from_secs(10), "it takes {:?}", begun.elapsed());
    assert_eq!(found.diagnostics[0].code, "limit_exceeded", "{:#?}", said(&found.diagnostics));
}

#[test]
fn a_subtree_without_expressions_is_the_same_subtree() {
    let text =
        "variables: {a: b}\nsteps:\n- script: one\n  env: {x: y}\n- script: ${{ variables.a }}\n";
    let source = SourceText::new(SourceId(0), ROOT, text);
    let before = read(&source).root.unwrap();
    let after = expanded(text, &Memory::default()).root.unwrap();
    let step = |root: &Node| root.get("steps").unwrap().items().unwrap()[0].clone();
    assert_eq!(step(&before), step(&after), "places and all");
    assert_eq!(
        after.get("steps").unwrap().items().unwrap()[1].get("script").unwrap().text(),
        Some("b")
    );
}

#[test]
fn a_parameter_keeps_its_places_and_its_types_on_the_way_down() {
    let text = "steps:\n- template: a.yml\n  parameters:\n    o: {flag: false, number: 3.10, text: 'false'}\n";
    let files = Memory::with(&[
        (
            "a.yml",
            "parameters:\n- {name: o, type: object}\nsteps:\n- template: b.yml\n  parameters: {o: \"${{ parameters.o }}\"}\n",
        ),
        (
            "b.yml",
            "parameters:\n- {name: o, type: object}\nsteps:\n- ${{ if not(parameters.o.flag) }}:\n  - script: false\n    env: ${{ parameters.o }}\n- ${{ if parameters.o.text }}:\n  - script: ${{ parameters.o.number }}\n",
        ),
    ]);
    let expanded = expanded(text, &files);
    assert!(expanded.diagnostics.is_empty(), "{:#?}", said(&expanded.diagnostics));
    let root = expanded.root.unwrap();
    let steps = root.get("steps").unwrap().items().unwrap();
    assert_eq!(steps.len(), 2, "false is false, 'false' is a text");
    assert_eq!(steps[1].get("script").unwrap().text(), Some("3.10"), "as it was written");
    let env = steps[0].get("env").unwrap();
    assert_eq!((env.place.source, env.place.span.line), (SourceId(0), 4), "the caller's own");
}

/// Text and structure, places and quotes aside.
fn same(left: &Node, right: &Node) -> bool {
    match (&left.value, &right.value) {
        (NodeValue::Scalar(_), NodeValue::Scalar(_)) => {
            left.text() == right.text() && left.is_null() == right.is_null()
        }
        (NodeValue::Sequence(left), NodeValue::Sequence(right)) => {
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(l, r)| same(l, r))
        }
        (NodeValue::Mapping(left), NodeValue::Mapping(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right.iter())
                    .all(|(l, r)| l.key.text == r.key.text && same(&l.value, &r.value))
        }
        _ => false,
    }
}

fn check_print(what: &str, tree: &Node) -> String {
    let text = expanded_yaml(tree);
    let again = read(&SourceText::new(SourceId(0), "full.yml", &text));
    assert!(again.diagnostics.is_empty(), "{what}: {:#?}\n{text}", again.diagnostics);
    let again = again.root.expect("a print is never empty");
    assert!(same(tree, &again), "{what} is another tree:\n{text}");
    assert_eq!(expanded_yaml(&again), text, "{what}: printing the print changes nothing");
    text
}

#[test]
fn the_print_is_read_as_the_same_tree() {
    for (name, text) in FILES {
        let found = expand(ROOT, text, &LoadRequest::default(), &NoFiles);
        if let Some(root) = &found.root {
            check_print(name, root);
        }
    }
    let odd = "a: |\n  one\n\n  two\nb: |-\n  less\n    indented\nc: |+\n  kept\n\n\nd: >\n  folded\n  text\n\ne: \"tab\\there\\nand \\u0007 bell\"\nf: ''\ng: '~'\nh: ~\ni: null\nj:\nk: '# no comment'\nl: 'a: b'\nm: \"it's\"\nn: 'it''s'\no: [[a, [b]], {x: [], y: {}}, [], '']\np: '- x'\n'q: r': 1\n'': empty\ns: 'trailing '\nt: |2\n    blanks first\nu: \"\\n\\nlines first\"\nv: \"\\n\"\nw: 'yes'\nx: 1.10\ny: '@at'\nz: '*'\naa: \"\\r\\n\"\nab: |\n  a # b\n\n   c: d   \nac: a:b\nad: '-'\nae: '...'\n";
    let found = read(&SourceText::new(SourceId(0), ROOT, odd));
    assert!(found.diagnostics.is_empty(), "{:#?}", said(&found.diagnostics));
    let tree = found.root.unwrap();
    let printed = check_print("odd scalars", &tree);
    let half = "k".repeat(600);
    let long = format!("a:\n- ${{{{ format('{{0}}{{0}}', '{half}') }}}}: b\n  c:\n  - d\n");
    let tree = expanded(&long, &Memory::default());
    check_print("a key that is too long for one line", &tree.root.expect("it is read"));
    for line in ["a: |\n  one\n\n  two\n", "x: 1.10\n", "w: 'yes'\n", "h:\n", "ac: a:b\n"] {
        assert!(printed.contains(line), "{line} is in\n{printed}");
    }
}

#[test]
fn what_an_expression_made_is_quoted_only_where_needed() {
    let text = "parameters:\n- {name: o, type: object, default: {list: [x, {y: 'z w'}], none: []}}\nsteps:\n- script: \"${{ format('a{0}b', ': ') }}\"\n  displayName: ${{ true }}\n  env:\n    n: ${{ 'null' }}\n    t: ${{ '' }}\n    l: ${{ '${{' }}\n  inputs: ${{ parameters.o }}\n";
    assert_eq!(
        full(text, &Memory::default()),
        "steps:\n- script: 'a: b'\n  displayName: True\n  env:\n    n: 'null'\n    t: ''\n    l: ${{\n  inputs:\n    list:\n    - x\n    - y: 'z w'\n    none: []\n"
    );
}

#[test]
fn templates_that_are_arguments_belong_to_the_caller() {
    let text = "stages:\n- template: t/stage.yml\n  parameters:\n    typed:\n    - template: own/s.yml\n      parameters: {n: \"${{ 1 }}\"}\n    untyped: [{template: own/s.yml, parameters: {n: 2}}]\n";
    let files = Memory::with(&[
        (
            "t/stage.yml",
            "parameters:\n- {name: typed, type: stepList}\n- {name: untyped, type: object}\nstages:\n- stage: A\n  jobs:\n  - job: J\n    steps:\n    - ${{ each step in parameters.typed }}:\n      - ${{ step }}\n    - ${{ parameters.untyped }}\n",
        ),
        ("own/s.yml", "parameters: {n: 0}\nsteps:\n- script: echo ${{ parameters.n }}\n"),
    ]);
    assert_eq!(
        full(text, &files),
        "stages:\n- stage: A\n  jobs:\n  - job: J\n    steps:\n    - script: echo 1\n    - script: echo 2\n"
    );
}

#[test]
fn broken_template_files_are_said_in_their_own_file() {
    let text =
        "steps:\n- template: a.yml\n- template: b.yml\n- template: c.yml\n- template: a.yml\n";
    let files = Memory::with(&[
        ("a.yml", "steps:\n- script: [x\n"),
        ("b.yml", "steps:\n- ${{ if false }}:\n  - script: ${{ eq(1 }}\n"),
        ("c.yml", "- script: x\n"),
    ]);
    let found = expanded(text, &files);
    let lines = said(&found.diagnostics);
    assert_eq!(lines.len(), 3, "each once: {lines:#?}");
    assert!(lines[0].starts_with("a.yml:2:11:"), "{lines:#?}");
    assert!(lines[1].starts_with("b.yml:3:17: Unclosed function"), "{lines:#?}");
    assert!(lines[2].starts_with("c.yml:1:1: Expected a mapping"), "{lines:#?}");
}
