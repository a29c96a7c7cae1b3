//! Which lines a gesture may touch, judged from the lines of both texts and the board alone: every
//! other line stays as it is, in order. Blank lines are left to taste.

use std::ops::Range;

use slipway_pipeline::assist::{Board, BoardKind, BoardNode, BoardWaits};
use slipway_pipeline::document::{Gesture, Path};

use crate::gesture_random::nodes;

/// A text in lines, with where each starts.
pub(crate) struct Lines<'t> {
    text: &'t str,
    lines: Vec<(usize, &'t str)>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut lines = Vec::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
            lines.push((at, bare));
            at += line.len();
        }
        Self { text, lines }
    }

    /// The lines of some bytes, with the comments and blank lines directly above and below.
    fn of(&self, range: &Range<usize>) -> Range<usize> {
        let number = |at: usize| self.lines.partition_point(|(start, _)| *start <= at).max(1) - 1;
        let (mut first, mut last) =
            (number(range.start), number(range.end.max(range.start + 1) - 1));
        let is_loose = |line: usize| {
            self.lines.get(line).is_some_and(|(_, text)| {
                text.trim().is_empty() || text.trim_start().starts_with('#')
            })
        };
        while first > 0 && is_loose(first - 1) {
            first -= 1;
        }
        while is_loose(last + 1) {
            last += 1;
        }
        first..last + 1
    }

    /// The entry that starts on a line, by its indentation.
    fn entry(&self, line: usize) -> Range<usize> {
        let indent = |text: &str| {
            let rest = text.trim_start_matches(' ');
            let dashes = rest.len() - rest.trim_start_matches(['-', ' ']).len();
            text.len() - rest.len() + if rest.starts_with("- ") { dashes } else { 0 }
        };
        let own = indent(self.lines[line].1);
        let mut end = line + 1;
        while let Some((_, text)) = self.lines.get(end) {
            let blank = text.len() - text.trim_start_matches(' ').len();
            let is_list = text.trim_start().starts_with('-') && blank >= own;
            if !text.trim().is_empty() && blank <= own && !is_list {
                break;
            }
            end += 1;
        }
        line..end
    }
}

/// Covered lines, and whether the others may be indented anew.
struct Allowed {
    lines: Vec<bool>,
    is_lifted: bool,
}

impl Allowed {
    fn cover(&mut self, range: Range<usize>) {
        for line in range {
            if let Some(covered) = self.lines.get_mut(line) {
                *covered = true;
            }
        }
    }
}

/// Whether all lines that are not the gesture's are there afterwards.
pub(crate) fn judge(
    gesture: &Gesture,
    board: &Board,
    old: &Lines<'_>,
    new: &Lines<'_>,
) -> Result<(), String> {
    let allowed = allowed(gesture, board, old);
    let kept = old.lines.iter().zip(&allowed.lines).filter(|(_, covered)| !**covered);
    let mut rest = new.lines.iter();
    for ((_, line), _) in kept.filter(|((_, line), _)| !line.trim().is_empty()) {
        if !rest.any(|(_, other)| is_same(line, other, allowed.is_lifted)) {
            return Err(format!("the line '{line}' is not the gesture's, and is not there"));
        }
    }
    moved_lines(gesture, board, old, new)
}

/// A line is the same with `[]` behind its key, or without: a list that has become empty or filled.
fn is_same(old: &str, new: &str, is_lifted: bool) -> bool {
    let (old, new) = if is_lifted { (old.trim_start(), new.trim_start()) } else { (old, new) };
    old == new || new.replacen(" []", "", 1) == old || old.replacen(" []", "", 1) == new
}

fn allowed(gesture: &Gesture, board: &Board, old: &Lines<'_>) -> Allowed {
    let all = nodes(board);
    let find = |path: &Path| all.iter().copied().find(|node| node.path == *path);
    let mut allowed = Allowed { lines: vec![false; old.lines.len()], is_lifted: false };
    let whole = 0..old.text.len();
    match gesture {
        Gesture::Add { into, .. } | Gesture::Paste { into, .. } => {
            let node = find(into);
            allowed.is_lifted = node.is_none() || matches!(gesture, Gesture::Paste { .. });
            flow(&mut allowed, old, &node.map_or(whole.clone(), |node| node.range.clone()));
            // What does not fit stands beside it.
            if matches!(gesture, Gesture::Paste { .. }) {
                flow(&mut allowed, old, &whole);
            }
        }
        Gesture::Move { nodes: moved, into, .. } => {
            let node = find(into);
            flow(&mut allowed, old, &node.map_or(whole.clone(), |node| node.range.clone()));
            for node in moved.iter().filter_map(find) {
                chain(&mut allowed, old, &all, node);
                beside(&mut allowed, old, &all, node);
                names(&mut allowed, old, &all, node);
                strangers(&mut allowed, old, node);
            }
        }
        Gesture::Remove { nodes: gone } => {
            for node in gone.iter().filter_map(find) {
                allowed.cover(old.of(&node.range));
                beside(&mut allowed, old, &all, node);
                names(&mut allowed, old, &all, node);
            }
        }
        Gesture::Duplicate { nodes: copied } => {
            for node in copied.iter().filter_map(find) {
                flow(&mut allowed, old, &node.range);
                beside(&mut allowed, old, &all, node);
            }
        }
        Gesture::Rename { node, .. } => {
            let Some(node) = find(node) else { return allowed };
            let first = old.of(&(node.range.start..node.range.start + 1)).end - 1;
            if node.name.is_empty() || node.kind == BoardKind::Directive {
                allowed.cover(first..first + 1);
                flow(&mut allowed, old, &node.range);
            }
            for (line, (_, text)) in old.lines.iter().enumerate() {
                let is_there = text.to_lowercase().contains(&node.name.to_lowercase());
                if is_there && !node.name.is_empty() {
                    allowed.cover(line..line + 1);
                }
            }
        }
        Gesture::Connect { to, .. } | Gesture::Disconnect { to, .. } => {
            let Some(node) = find(to) else { return allowed };
            key(&mut allowed, old, node, "dependsOn");
            flow(&mut allowed, old, &node.range);
        }
        Gesture::Set { node, keys, .. } => {
            let node = find(node);
            let Some(node) = node else { return allowed };
            key(&mut allowed, old, node, &keys[0]);
            // An item that says nothing yet.
            for line in old.of(&node.range).filter(|line| old.lines[*line].1.trim() == "-") {
                allowed.cover(line..line + 1);
            }
            flow(&mut allowed, old, &node.range);
        }
        Gesture::Convert { node, .. } => {
            let Some(node) = find(node) else { return allowed };
            allowed.cover(old.of(&node.range));
            for (line, (_, text)) in old.lines.iter().enumerate() {
                if text.contains(&node.name) && text.contains("outputs") {
                    allowed.cover(line..line + 1);
                }
            }
        }
        Gesture::Wrap { nodes: wrapped, .. } => {
            wrapped.iter().filter_map(find).for_each(|node| chain(&mut allowed, old, &all, node));
        }
        Gesture::Unwrap { node } => {
            let Some(node) = find(node) else { return allowed };
            allowed.cover(old.of(&node.range));
            beside(&mut allowed, old, &all, node);
        }
        Gesture::Edit { .. } => allowed.cover(0..old.lines.len()),
    }
    allowed
}

/// A directive comes with what belongs to it.
fn chain(allowed: &mut Allowed, old: &Lines<'_>, all: &[&BoardNode], node: &BoardNode) {
    allowed.cover(old.of(&node.range));
    if node.kind != BoardKind::Directive {
        return;
    }
    let owner = all.iter().find(|owner| owner.children.contains(node));
    let beside: Vec<&&BoardNode> = match owner {
        Some(owner) => all.iter().filter(|other| owner.children.contains(other)).collect(),
        None => all.iter().filter(|other| other.kind == BoardKind::Directive).collect(),
    };
    for other in beside.iter().filter(|other| other.kind == BoardKind::Directive) {
        allowed.cover(old.of(&other.range));
    }
}

/// Between brackets the commas beside a node are its as well.
fn beside(allowed: &mut Allowed, old: &Lines<'_>, all: &[&BoardNode], node: &BoardNode) {
    let owner = all.iter().find(|owner| owner.children.contains(node));
    flow(allowed, old, &owner.map_or(0..old.text.len(), |owner| owner.range.clone()));
}

/// Lines in brackets, and lists in brackets over several lines.
fn flow(allowed: &mut Allowed, old: &Lines<'_>, range: &Range<usize>) {
    let own = old.of(range);
    let mut depth = 0_i32;
    for line in own.clone() {
        let Some((_, text)) = old.lines.get(line) else { break };
        let count = |letters: [char; 2]| text.matches(letters).count() as i32;
        let opened = count(['[', '{']) - count([']', '}']);
        if depth > 0 || count(['[', '{']) > 0 {
            allowed.cover(line..line + 1);
        }
        depth = (depth + opened).max(0);
    }
}

/// The lines of a key of a node.
fn key(allowed: &mut Allowed, old: &Lines<'_>, node: &BoardNode, key: &str) {
    for line in old.of(&node.range) {
        let text = old.lines[line].1.trim_start_matches([' ', '-']).to_lowercase();
        if text.trim_start_matches(['"', '\'']).starts_with(&key.to_lowercase()) {
            allowed.cover(old.entry(line));
            let above = old.lines[..line].iter().rev();
            let comments = above.take_while(|(_, text)| text.trim_start().starts_with('#'));
            allowed.cover(line - comments.count()..line);
        }
    }
}

/// Lines that wait for what is named below a node.
fn names(allowed: &mut Allowed, old: &Lines<'_>, all: &[&BoardNode], node: &BoardNode) {
    let inner = all
        .iter()
        .filter(|other| node.range.start <= other.range.start && other.range.end <= node.range.end);
    let names: Vec<&str> =
        inner.map(|node| node.name.as_str()).filter(|name| !name.is_empty()).collect();
    for owner in all {
        let BoardWaits::For(waits) = &owner.waits else { continue };
        let is_it = |wait: &String| names.iter().any(|name| name.eq_ignore_ascii_case(wait));
        if waits.iter().any(is_it) {
            key(allowed, old, owner, "dependsOn");
        }
    }
}

/// A job that goes to another stage waits for no one there.
fn strangers(allowed: &mut Allowed, old: &Lines<'_>, node: &BoardNode) {
    if matches!(node.kind, BoardKind::Job | BoardKind::Deployment) {
        key(allowed, old, node, "dependsOn");
    }
}

/// What moves is all there afterwards, however it is indented.
fn moved_lines(
    gesture: &Gesture,
    board: &Board,
    old: &Lines<'_>,
    new: &Lines<'_>,
) -> Result<(), String> {
    let moved = match gesture {
        Gesture::Move { nodes, .. } | Gesture::Wrap { nodes, .. } => nodes.clone(),
        Gesture::Duplicate { nodes } => nodes.clone(),
        Gesture::Convert { node, .. } => vec![node.clone()],
        _ => return Ok(()),
    };
    let all = nodes(board);
    // Between brackets everything is on one line.
    if let Gesture::Move { into, .. } = gesture {
        let node = all.iter().find(|node| node.path == *into);
        let range = node.map_or(0..old.text.len(), |node| node.range.clone());
        if old.text[range].contains(['[', '{']) {
            return Ok(());
        }
    }
    let count = |lines: &Lines<'_>, wanted: &str| {
        lines.lines.iter().filter(|(_, line)| line.trim() == wanted).count()
    };
    for node in moved.iter().filter_map(|path| all.iter().find(|node| node.path == *path)) {
        let text = &old.text[node.range.clone()];
        let is_plain = |line: &&str| {
            let words = [
                "job:",
                "deployment:",
                "dependsOn",
                "environment",
                "strategy",
                "runOnce",
                "deploy:",
                "steps:",
                "jobs:",
                "outputs",
                "- ",
                "[",
                "{",
                "name:",
                "stage:",
            ];
            !line.is_empty() && !words.iter().any(|word| line.contains(word))
        };
        for line in text.lines().map(str::trim).filter(is_plain) {
            let (before, after) = (count(old, line), count(new, line));
            if after < before {
                return Err(format!("the line '{line}' of what is moved is lost"));
            }
        }
    }
    Ok(())
}

#[test]
fn the_oracle_sees_what_is_lost_or_out_of_order() {
    let text = "steps:\n- script: a\n# of b\n- script: b\n- script: c\n- script: d\n";
    let board = slipway_pipeline::assist::board(text);
    let gesture: Gesture =
        serde_json::from_str(r#"{"gesture":"remove","nodes":["/steps/#1"]}"#).expect("a gesture");
    let judged = |new: &str| judge(&gesture, &board, &Lines::new(text), &Lines::new(new));
    let right = "steps:\n- script: a\n- script: c\n- script: d\n";
    assert_eq!(judged(right), Ok(()), "only the named step is gone, with its comment");
    assert!(judged("steps:\n- script: a\n- script: d\n").is_err(), "another step is gone");
    let swapped = "steps:\n- script: a\n- script: d\n- script: c\n";
    assert!(judged(swapped).is_err(), "two others have changed places");
    let indented = right.replace("- script: d", "  - script: d");
    assert!(judged(&indented).is_err(), "another step is indented anew");
}
