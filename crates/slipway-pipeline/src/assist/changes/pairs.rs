//! Which node of one text is which of the other, within one list.

use crate::assist::board::{BoardKind, BoardNode};

/// A node with what is written in it, without indentation, comments and blank lines.
pub(super) struct Item<'n> {
    pub(super) node: &'n BoardNode,
    pub(super) full: String,
    /// Without what stands in the nodes below it.
    pub(super) own: String,
}

/// The nodes of a list; what stands below a directive is in the list, and so is the directive.
pub(super) fn items<'n>(text: &str, nodes: &'n [BoardNode]) -> Vec<Item<'n>> {
    let mut found = Vec::new();
    collect(text, nodes, &mut found);
    found
}

// The depth is that of the file's indentation.
fn collect<'n>(text: &str, nodes: &'n [BoardNode], found: &mut Vec<Item<'n>>) {
    for node in nodes {
        let own = own(text, node);
        let is_directive = node.kind == BoardKind::Directive;
        let full = if is_directive { own.clone() } else { said(&text[node.range.clone()]) };
        found.push(Item { node, full, own });
        if is_directive {
            collect(text, &node.children, found);
        }
    }
}

fn own(text: &str, node: &BoardNode) -> String {
    let mut rest = String::new();
    let mut at = node.range.start;
    for child in &node.children {
        if at <= child.range.start && child.range.end <= node.range.end {
            rest.push_str(&text[at..child.range.start]);
            at = child.range.end;
        }
    }
    rest.push_str(&text[at.min(node.range.end)..node.range.end]);
    said(&rest)
}

fn said(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("- ").trim());
    let lines = lines.filter(|line| !line.is_empty() && *line != "-" && !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

impl Item<'_> {
    fn is_named(&self) -> bool {
        matches!(self.node.kind, BoardKind::Stage | BoardKind::Job | BoardKind::Deployment)
    }

    /// What makes two the same at first sight.
    fn is(&self, other: &Item<'_>) -> bool {
        let (left, right) = (self.node, other.node);
        match (self.is_named(), other.is_named()) {
            (true, true) => !left.name.is_empty() && left.name.eq_ignore_ascii_case(&right.name),
            (false, false) if left.kind == right.kind => match left.kind {
                BoardKind::Step => self.full == other.full,
                _ => left.name == right.name && left.detail == right.detail,
            },
            _ => false,
        }
    }

    /// The same, changed: a step with its name or display name, or of the same kind doing the same.
    fn is_like(&self, other: &Item<'_>) -> bool {
        let (left, right) = (self.node, other.node);
        if left.kind != BoardKind::Step || right.kind != BoardKind::Step {
            return left.kind == right.kind
                && left.kind == BoardKind::Template
                && left.name == right.name;
        }
        let same = |left: &str, right: &str| !left.is_empty() && left == right;
        same(&left.name, &right.name)
            || same(&left.display_name, &right.display_name)
            || left.keyword == right.keyword && same(&left.detail, &right.detail)
    }

    /// A stage or job that differs in its name only.
    fn is_renamed(&self, other: &Item<'_>) -> bool {
        if !self.is_named() || !other.is_named() {
            return false;
        }
        let rest = |item: &Item<'_>| -> Vec<String> {
            let name = &item.node.name;
            let is_name = |line: &&str| {
                ["stage:", "job:", "deployment:", "phase:"].iter().any(|key| {
                    line.strip_prefix(key).is_some_and(|rest| rest.contains(name.as_str()))
                })
            };
            item.full.lines().filter(|line| !is_name(line)).map(str::to_owned).collect()
        };
        let left = rest(self);
        !left.is_empty() && left == rest(other)
    }
}

/// Which is which.
pub(super) struct Pairs {
    pub(super) both: Vec<(usize, usize)>,
    old: Vec<bool>,
    new: Vec<bool>,
}

impl Pairs {
    pub(super) fn of(old: &[Item<'_>], new: &[Item<'_>]) -> Self {
        let mut pairs =
            Self { both: Vec::new(), old: vec![false; old.len()], new: vec![false; new.len()] };
        pairs.pair(old, new, |old, new| old.is(new));
        pairs.pair(old, new, |old, new| old.is_renamed(new));
        pairs.pair(old, new, |old, new| old.is_like(new));
        // One that stands between the same neighbours took the other's place.
        if let ([left], [right]) = (pairs.only_old().as_slice(), pairs.only_new().as_slice())
            && left == right
            && old.len() == new.len()
        {
            let (before, after) = (&old[*left], &new[*right]);
            let is_same_kind = before.node.kind == after.node.kind;
            let is_near = before.is_named() && before.own.lines().count() > 1
                || !before.node.children.is_empty()
                || before.node.kind == BoardKind::Step && before.node.keyword == after.node.keyword;
            if is_same_kind && is_near {
                pairs.take(*left, *right);
            }
        }
        pairs.both.sort_by_key(|(_, new)| *new);
        pairs
    }

    fn take(&mut self, left: usize, right: usize) {
        self.both.push((left, right));
        self.old[left] = true;
        self.new[right] = true;
    }

    fn pair(
        &mut self,
        old: &[Item<'_>],
        new: &[Item<'_>],
        is_one: impl Fn(&Item<'_>, &Item<'_>) -> bool,
    ) {
        // Most stand in the same order: the search goes on behind the last one that was found.
        let mut at = 0;
        for right in self.only_new() {
            let mut order = (at..old.len()).chain(0..at.min(old.len()));
            let found = order.find(|left| !self.old[*left] && is_one(&old[*left], &new[right]));
            if let Some(left) = found {
                self.take(left, right);
                at = left + 1;
            }
        }
    }

    pub(super) fn only_old(&self) -> Vec<usize> {
        (0..self.old.len()).filter(|index| !self.old[*index]).collect()
    }

    pub(super) fn only_new(&self) -> Vec<usize> {
        (0..self.new.len()).filter(|index| !self.new[*index]).collect()
    }

    /// True when those in both do not stand in the same order.
    pub(super) fn is_reordered(&self) -> bool {
        self.both.windows(2).any(|pair| pair[0].0 > pair[1].0)
    }
}
