//! Random gestures on every file: each is refused with words or made, undoing all of them gives the
//! bytes back, and what is made touches only the lines that it names. `SLIPWAY_CORPUS=<folder>`
//! widens it to every file below a folder, `SLIPWAY_SEED=<number>` throws other dice,
//! `SLIPWAY_WRONG=<file>` keeps what went wrong.

use std::collections::BTreeMap;

use slipway_core::Explain;
use slipway_pipeline::assist::{Board, BoardKind, BoardNode, BoardWaits, board};
use slipway_pipeline::document::{
    Addition, ConvertTo, Document, Edit, Gesture, Path, Value, copied, perform,
};

use crate::edit_random::{Dice, FILES, files, mutated, node, variant};
use crate::gesture_oracle::{Lines, judge};

/// Gestures tried on each file.
const GESTURES: usize = 20;

const PIECES: [&str; 6] = [
    "- script: echo pasted  # a comment\n  name: make\n# above\n- bash: |\n    one\n      two\n",
    "- job: Build\n  steps:\n  - script: pasted\n- job: After\n  dependsOn: Build\n",
    "- stage: Build\n  jobs:\n  - job: A\n    steps: []\n",
    "trigger: none\nsteps:\n  - task: Npm@1\n    inputs:\n      command: ci\n",
    "- ${{ if eq(variables.a, 'b') }}:\n  - script: pasted\n",
    "- template: pasted.yml\n",
];

const KEYS: [&[&str]; 8] = [
    &["displayName"],
    &["condition"],
    &["env", "NAME"],
    &["inputs", "command"],
    &["pool", "vmImage"],
    &["variables", "x"],
    &["timeoutInMinutes"],
    &["strategy", "parallel"],
];

pub(crate) fn nodes(board: &Board) -> Vec<&BoardNode> {
    fn walk<'b>(nodes: &'b [BoardNode], found: &mut Vec<&'b BoardNode>) {
        for node in nodes {
            found.push(node);
            walk(&node.children, found);
        }
    }
    let mut found = Vec::new();
    walk(&board.nodes, &mut found);
    found
}

/// A place in the board: often a fitting one.
fn place(dice: &mut Dice, all: &[&BoardNode]) -> (Path, Option<Path>) {
    if all.is_empty() || dice.roll(6) == 0 {
        return (Path::root(), None);
    }
    let node = all[dice.roll(all.len())];
    let before = (!node.children.is_empty() && dice.roll(3) > 0)
        .then(|| node.children[dice.roll(node.children.len())].path.clone());
    (node.path.clone(), before)
}

fn some(dice: &mut Dice, all: &[&BoardNode]) -> Vec<Path> {
    let first = dice.roll(all.len());
    let kind = all[first].kind;
    let alike = all[first..].iter().filter(|node| node.kind == kind);
    let count = 1 + dice.roll(2) * dice.roll(3);
    alike.take(count).map(|node| node.path.clone()).collect()
}

/// Two that may wait for each other, if there are any; often two of which one waits already.
fn pair(dice: &mut Dice, all: &[&BoardNode]) -> Option<(Path, Path)> {
    let ends: Vec<&&BoardNode> = all
        .iter()
        .filter(|node| {
            matches!(node.kind, BoardKind::Stage | BoardKind::Job | BoardKind::Deployment)
        })
        .collect();
    let to = *ends.get(dice.roll(ends.len()))?;
    let depth = to.path.segments().len();
    let stage = &to.path.segments()[..depth.min(2)];
    let near: Vec<&&&BoardNode> = ends
        .iter()
        .filter(|from| {
            let is_job = |node: &BoardNode| node.kind != BoardKind::Stage;
            from.path != to.path
                && is_job(from) == is_job(to)
                && (!is_job(to) || from.path.segments().starts_with(stage) || depth < 4)
        })
        .collect();
    let waits = near
        .iter()
        .find(|from| matches!(&to.waits, BoardWaits::For(names) if names.contains(&from.name)));
    let from = waits.filter(|_| dice.roll(2) == 0).or(near.get(dice.roll(near.len())))?;
    Some((from.path.clone(), to.path.clone()))
}

fn random(dice: &mut Dice, board: &Board) -> Gesture {
    let all = nodes(board);
    let (into, before) = place(dice, &all);
    if all.is_empty() || dice.roll(8) == 0 {
        let what = [
            Addition::Stage,
            Addition::Job,
            Addition::Deployment,
            Addition::Step,
            Addition::Template,
            Addition::If,
            Addition::Each,
        ][dice.roll(7)];
        return Gesture::Add { into, before, what, name: None, value: None };
    }
    let one = all[dice.roll(all.len())];
    let node = one.path.clone();
    let alike: Vec<&&BoardNode> = all.iter().filter(|other| other.kind == one.kind).collect();
    let other = alike[dice.roll(alike.len())].path.clone();
    match dice.roll(13) {
        0..=2 => {
            let nodes = some(dice, &all);
            // Often a place that takes what is moved: a sibling's, or one of the same kind.
            let owners: Vec<&&BoardNode> = all
                .iter()
                .filter(|owner| owner.children.iter().any(|child| nodes.contains(&child.path)))
                .collect();
            let (into, before) = match (dice.roll(3), owners.first()) {
                (0, _) => (into, before),
                (1, Some(owner)) => {
                    let child = dice.roll(owner.children.len());
                    (owner.path.clone(), Some(owner.children[child].path.clone()))
                }
                (_, Some(owner)) => {
                    let alike: Vec<&&BoardNode> =
                        all.iter().filter(|other| other.kind == owner.kind).collect();
                    (alike[dice.roll(alike.len())].path.clone(), None)
                }
                (_, None) => {
                    let before = board.nodes[dice.roll(board.nodes.len())].path.clone();
                    (Path::root(), Some(before))
                }
            };
            Gesture::Move { nodes, into, before }
        }
        3 => Gesture::Remove { nodes: some(dice, &all) },
        4 => Gesture::Duplicate { nodes: some(dice, &all) },
        5 | 6 => Gesture::Rename { node, to: format!("Renamed{}", dice.roll(9)) },
        7 | 8 => {
            let (from, to) = pair(dice, &all).unwrap_or((other, node));
            if dice.roll(3) == 0 {
                Gesture::Disconnect { from, to }
            } else {
                Gesture::Connect { from, to }
            }
        }
        9 => {
            let keys = KEYS[dice.roll(KEYS.len())].iter().map(|key| (*key).to_owned()).collect();
            let value = (dice.roll(4) > 0).then(|| Value::Text(dice.text()));
            Gesture::Set { node, keys, value }
        }
        10 => {
            let jobs = all
                .iter()
                .filter(|node| matches!(node.kind, BoardKind::Job | BoardKind::Deployment));
            let jobs: Vec<&&BoardNode> = jobs.collect();
            let node = if jobs.is_empty() { one } else { jobs[dice.roll(jobs.len())] };
            let to = if node.kind == BoardKind::Deployment {
                ConvertTo::Job
            } else {
                ConvertTo::Deployment
            };
            Gesture::Convert { node: node.path.clone(), to, environment: None }
        }
        11 => Gesture::Paste { into, before, yaml: PIECES[dice.roll(PIECES.len())].to_owned() },
        _ => match all.iter().filter(|node| node.kind == BoardKind::Directive).count() {
            0 => Gesture::Wrap { nodes: some(dice, &all), directive: "if true".to_owned() },
            count if dice.roll(2) == 0 => {
                let directives = all.iter().filter(|node| node.kind == BoardKind::Directive);
                let at = dice.roll(count);
                let node = directives.map(|node| node.path.clone()).nth(at).unwrap_or(node);
                Gesture::Unwrap { node }
            }
            _ => Gesture::Wrap { nodes: some(dice, &all), directive: "if true".to_owned() },
        },
    }
}

#[derive(Default)]
struct Tally {
    files: usize,
    broken: usize,
    made: BTreeMap<String, usize>,
    refused: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Tally {
    /// Of a text with a slip of the finger in it the lines are not judged: it may mean anything.
    fn file(&mut self, name: &str, text: &str, dice: &mut Dice, is_judged: bool) {
        self.files += 1;
        if node(text).is_none() {
            self.broken += 1;
        }
        let original = text;
        let mut text = text.to_owned();
        let mut undo: Vec<Edit> = Vec::new();
        for _ in 0..GESTURES {
            let before = board(&text);
            let gesture = random(dice, &before);
            let kind = format!("{gesture:?}");
            let kind = kind.split([' ', '{']).next().unwrap_or_default().to_owned();
            let json = serde_json::to_string(&gesture).expect("a gesture is data");
            let is_same = serde_json::from_str::<Gesture>(&json)
                .is_ok_and(|read| format!("{read:?}") == format!("{gesture:?}"));
            let mut wrong = |what: &str, after: &str| {
                self.wrong
                    .push(format!("{name}: {what}\n{json}\nbefore\n{text}\nafter\n{after}\n"));
            };
            if !is_same {
                wrong("it is not the same from the wire", "");
            }
            let made = match perform(&text, &gesture) {
                Ok(made) => made,
                Err(error) => {
                    if error.hint().is_none_or(|hint| hint.is_empty()) {
                        wrong(&format!("'{error}' does not say what to do"), "");
                    }
                    let why = match error.code() {
                        code @ ("edit_unfaithful" | "edit_layout" | "edit_not_found"
                        | "edit_wrong_shape") => {
                            let words = error.to_string();
                            let words = words.split(": ").last().unwrap_or_default();
                            format!("{code}: {}", words.chars().take(60).collect::<String>())
                        }
                        code => code.to_owned(),
                    };
                    let slip = if is_judged { "" } else { ", after a slip" };
                    *self.refused.entry(format!("{kind} {why}{slip}")).or_default() += 1;
                    continue;
                }
            };
            *self.made.entry(kind).or_default() += 1;
            let new = made.document.text();
            let is_bare = new.lines().all(|line| {
                let line = line.trim_start_matches('\u{feff}').trim();
                line.is_empty() || line.starts_with('#') || line.starts_with("---")
            });
            // A file whose keys are there twice can be edited, too.
            if node(&text).is_some() && node(new).is_none() && !is_bare {
                wrong("the result is not YAML", new);
            }
            let after = board(new);
            let paths: Vec<&Path> = nodes(&after).iter().map(|node| &node.path).collect();
            if let Some(lost) =
                made.select.iter().find(|path| !path.segments().is_empty() && !paths.contains(path))
            {
                wrong(&format!("{lost} is no node of the new board"), new);
            }
            let judged = judge(&gesture, &before, &Lines::new(&text), &Lines::new(new));
            if let (Err(what), true) = (judged, is_judged) {
                wrong(&what, new);
            }
            undo.push(made.inverse);
            text = new.to_owned();
        }
        let all: Vec<Path> = nodes(&board(&text)).iter().map(|node| node.path.clone()).collect();
        for path in all.iter().take(3) {
            if let Ok(yaml) = copied(&text, std::slice::from_ref(path))
                && node(&yaml).is_none()
                && is_judged
                && node(&text).is_some()
            {
                self.wrong.push(format!("{name}: the copy of {path} is not YAML\n{yaml}\n{text}"));
            }
        }
        let mut document = Document::new(text);
        for edit in undo.iter().rev() {
            match document.apply(edit) {
                Ok(applied) => document = applied.document,
                Err(error) => self.wrong.push(format!("{name}: undo is refused: {error}")),
            }
        }
        if document.text() != original {
            self.wrong.push(format!("{name}: undoing all does not give the file back"));
        }
    }
}

#[test]
fn random_gestures_touch_their_lines_and_can_be_undone() {
    let mut all: Vec<(String, String)> =
        FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    all.push(("empty".to_owned(), String::new()));
    // Without a corpus the few files are gone through often.
    let rounds = match std::env::var_os("SLIPWAY_CORPUS") {
        Some(folder) => {
            files(std::path::Path::new(&folder), &mut all);
            1
        }
        None => 1,
    };
    let seed = std::env::var("SLIPWAY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(5);
    let mut dice = Dice::new(seed);
    let mut tally = Tally::default();
    for (name, text) in (0..rounds).flat_map(|_| &all) {
        tally.file(name, text, &mut dice, true);
        let other = variant(&mut dice, text);
        tally.file(name, &other, &mut dice, true);
        let other = mutated(&mut dice, &other);
        tally.file(name, &other, &mut dice, false);
    }
    let made: usize = tally.made.values().sum();
    let refused: usize = tally.refused.values().sum();
    println!("{} files, {} of them no YAML", tally.files, tally.broken);
    println!("{made} gestures made: {:?}", tally.made);
    println!("{refused} refused:");
    for (why, count) in &tally.refused {
        println!("{count:6} {why}");
    }
    if let Some(file) = std::env::var_os("SLIPWAY_WRONG") {
        std::fs::write(file, tally.wrong.join("\n=====\n")).expect("the file can be written");
    }
    let shown: String = tally.wrong.iter().take(4).map(String::as_str).collect();
    assert!(tally.wrong.is_empty(), "{} gestures went wrong:\n{shown}", tally.wrong.len());
    assert!(made > refused / 3, "many gestures can be made: {made}, and {refused} are refused");
    let unfaithful = |(why, count): (&String, &usize)| {
        (why.contains("unfaithful") && !why.ends_with("slip")).then_some(*count)
    };
    let unfaithful: usize = tally.refused.iter().filter_map(unfaithful).sum();
    assert!(unfaithful * 50 < made, "{unfaithful} of {made} were computed wrong and caught");
}
