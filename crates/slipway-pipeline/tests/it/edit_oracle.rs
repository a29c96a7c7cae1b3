//! What an edit has to come to, worked out from the tree alone: the tree afterwards, and the lines
//! that may change. Knows nothing of dashes, colons or block headers.

use slipway_pipeline::document::{Edit, Path, Segment, TextChange, Value};
use slipway_pipeline::tree::{Node, NodeValue, ScalarStyle, SourceId, SourceText, read};

use crate::edit_random::at;

/// A tree without places.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Null,
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    pub(crate) fn of(node: &Node) -> Self {
        match &node.value {
            NodeValue::Scalar(_) if node.is_null() => Self::Null,
            NodeValue::Scalar(scalar) => Self::Text(scalar.as_str().to_owned()),
            NodeValue::Sequence(items) => Self::List(items.iter().map(Self::of).collect()),
            NodeValue::Mapping(entries) => Self::Map(
                entries
                    .iter()
                    .map(|at| (at.key.as_str().to_owned(), Self::of(&at.value)))
                    .collect(),
            ),
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Word(text) | Value::Text(text) => Self::Text(text.clone()),
            Value::List(items) => Self::List(items.iter().map(Self::of_value).collect()),
            Value::Map(entries) => Self::Map(
                entries.iter().map(|(key, value)| (key.clone(), Self::of_value(value))).collect(),
            ),
            Value::Yaml(text) => {
                let tree = read(&SourceText::new(SourceId(0), "f", text));
                tree.root.as_ref().map_or(Self::Null, Self::of)
            }
        }
    }

    fn at(&mut self, path: &[usize]) -> &mut Tree {
        path.iter().fold(self, |tree, index| match tree {
            Self::List(items) => &mut items[*index],
            Self::Map(entries) => &mut entries[*index].1,
            other => other,
        })
    }

    fn count(&self) -> usize {
        match self {
            Self::List(items) => items.len(),
            Self::Map(entries) => entries.len(),
            _ => 0,
        }
    }

    fn take(&mut self, index: usize) -> (String, Tree) {
        match self {
            Self::List(items) => (String::new(), items.remove(index)),
            Self::Map(entries) => entries.remove(index),
            _ => (String::new(), Self::Null),
        }
    }

    fn put(&mut self, index: usize, key: &str, tree: Tree) {
        match self {
            Self::List(items) => items.insert(index, tree),
            Self::Map(entries) => entries.insert(index, (key.to_owned(), tree)),
            // What had no value becomes what is put into it.
            other if key.is_empty() => *other = Self::List(vec![tree]),
            other => *other = Self::Map(vec![(key.to_owned(), tree)]),
        }
    }
}

/// The numbers of a path that has only numbers.
pub(crate) fn numbers(path: &Path) -> Vec<usize> {
    let number = |segment: &Segment| match segment {
        Segment::At(index) => *index,
        Segment::Key { .. } => unreachable!("the test writes numbers only"),
    };
    path.segments().iter().map(number).collect()
}

/// The place that goes when one is removed: lists and mappings that would be empty go as well.
fn removed(tree: &mut Tree, path: &[usize]) -> (Vec<usize>, bool) {
    let mut path = path.to_vec();
    loop {
        let (_, above) = path.split_last().expect("the root stays");
        let above = above.to_vec();
        if tree.at(&above).count() > 1 {
            return (path, false);
        }
        let Some((index, outer)) = above.split_last() else { return (path, false) };
        if let Tree::Map(entries) = tree.at(outer)
            && ["stages", "jobs", "steps", "phases", "dependsOn"]
                .contains(&entries[*index].0.as_str())
        {
            return (above, true);
        }
        path = above;
    }
}

fn remove(tree: &mut Tree, path: &[usize]) {
    let (path, stays) = removed(tree, path);
    if stays {
        let place = tree.at(&path);
        *place =
            if matches!(place, Tree::List(_)) { Tree::List(vec![]) } else { Tree::Map(vec![]) };
    } else if let Some((index, above)) = path.split_last() {
        tree.at(above).take(*index);
        if above.is_empty() && tree.count() == 0 {
            *tree = Tree::Null;
        }
    }
}

/// The source of a move after its copy was put in.
fn pushed(from: &[usize], list: &[usize], index: usize) -> Vec<usize> {
    let mut source = from.to_vec();
    if from.len() > list.len() && from.starts_with(list) && from[list.len()] >= index {
        source[list.len()] += 1;
    }
    source
}

/// The tree after the edit.
pub(crate) fn expected(root: &Node, edit: &Edit) -> Tree {
    let mut tree = Tree::of(root);
    match edit {
        Edit::Set { path, value } => *tree.at(&numbers(path)) = Tree::of_value(value),
        Edit::InsertItem { path, index, value } => {
            let list = tree.at(&numbers(path));
            list.put(index.unwrap_or(list.count()), "", Tree::of_value(value));
        }
        Edit::InsertEntry { path, index, key, value } => {
            let map = tree.at(&numbers(path));
            map.put(index.unwrap_or(map.count()), key, Tree::of_value(value));
        }
        Edit::Remove { path } => remove(&mut tree, &numbers(path)),
        Edit::RenameKey { path, to } => {
            let path = numbers(path);
            let (index, above) = path.split_last().expect("a key");
            if let Tree::Map(entries) = tree.at(above) {
                entries[*index].0 = to.clone();
            }
        }
        Edit::Move { path, to, index } => {
            let from = numbers(path);
            let (number, above) = from.split_last().expect("an item");
            let list = to.as_ref().map_or(above.to_vec(), numbers);
            if list == above {
                let (key, moved) = tree.at(above).take(*number);
                tree.at(above).put(*index, &key, moved);
            } else {
                let moved = tree.at(&from).clone();
                tree.at(&list).put(*index, "", moved);
                remove(&mut tree, &pushed(&from, &list, *index));
            }
        }
        Edit::Duplicate { path } => {
            let path = numbers(path);
            let (index, above) = path.split_last().expect("an item");
            let copy = tree.at(&path).clone();
            tree.at(above).put(index + 1, "", copy);
        }
        Edit::Wrap { path, index, count, directive } => {
            let parent = tree.at(&numbers(path));
            let is_list = matches!(parent, Tree::List(_));
            let inner: Vec<(String, Tree)> = (0..*count).map(|_| parent.take(*index)).collect();
            let key = format!("${{{{ {directive} }}}}");
            if is_list {
                let inner = Tree::List(inner.into_iter().map(|(_, tree)| tree).collect());
                parent.put(*index, "", Tree::Map(vec![(key, inner)]));
            } else {
                parent.put(*index, &key, Tree::Map(inner));
            }
        }
        _ => unreachable!("the other edits have judges of their own"),
    }
    tree
}

/// A text's lines, and the places of all that is written on them.
pub(crate) struct Lines {
    starts: Vec<usize>,
    length: usize,
    /// First and last line of every key and scalar, in order, with the path of its node.
    leaves: Vec<(usize, usize, Vec<usize>)>,
}

impl Lines {
    pub(crate) fn new(text: &str, root: &Node) -> Self {
        let ends =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let mut lines = Self {
            starts: std::iter::once(0).chain(ends).collect(),
            length: text.len(),
            leaves: Vec::new(),
        };
        lines.collect(root, &mut Vec::new());
        lines
    }

    fn of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    fn collect(&mut self, node: &Node, path: &mut Vec<usize>) {
        let span = node.place.span;
        match &node.value {
            NodeValue::Scalar(_) => {
                let leaf = (self.of(span.start), self.of(span.end.max(span.start)), path.clone());
                self.leaves.push(leaf);
            }
            NodeValue::Sequence(items) => {
                if items.is_empty() {
                    self.leaves.push((self.of(span.start), self.of(span.end), path.clone()));
                }
                for (index, item) in items.iter().enumerate() {
                    path.push(index);
                    self.collect(item, path);
                    path.pop();
                }
            }
            NodeValue::Mapping(entries) => {
                if entries.is_empty() {
                    self.leaves.push((self.of(span.start), self.of(span.end), path.clone()));
                }
                for (index, entry) in entries.iter().enumerate() {
                    path.push(index);
                    let key = entry.key_place.span;
                    self.leaves.push((self.of(key.start), self.of(key.end), path.clone()));
                    self.collect(&entry.value, path);
                    path.pop();
                }
            }
        }
    }

    /// First and last line that a change touches.
    pub(crate) fn touched(&self, change: &TextChange) -> (usize, usize) {
        let end = if change.end > change.start { change.end - 1 } else { change.end };
        (self.of(change.start), self.of(end))
    }

    fn last_line(&self) -> usize {
        self.of(self.length)
    }

    /// The lines of a node with the lines up to its neighbours, where nothing but blanks, comments
    /// and punctuation stands.
    fn around(&self, path: &[usize]) -> (usize, usize) {
        let inside = |leaf: &(usize, usize, Vec<usize>)| leaf.2.starts_with(path);
        let first = self.leaves.iter().position(inside).unwrap_or(0);
        let last = self.leaves.iter().rposition(inside).unwrap_or(0);
        let begin = first.checked_sub(1).map_or(0, |before| self.leaves[before].1);
        let end = self.leaves.get(last + 1).map_or(self.last_line(), |next| next.0);
        (begin, end)
    }

    /// The lines of a node itself: from its key or first letter to its last.
    fn own(&self, path: &[usize]) -> (usize, usize) {
        let inside = |leaf: &&(usize, usize, Vec<usize>)| leaf.2.starts_with(path);
        let first = self.leaves.iter().find(inside).map_or(0, |leaf| leaf.0);
        let last = self.leaves.iter().rev().find(inside).map_or(0, |leaf| leaf.1);
        (first, last)
    }

    /// Between the child before a position and the one at it.
    fn gap(&self, parent: &[usize], count: usize, index: usize) -> (usize, usize) {
        let child = |index: usize| [parent, &[index]].concat();
        if count == 0 {
            return self.around(parent);
        }
        let begin =
            if index == 0 { self.around(&child(0)).0 } else { self.own(&child(index - 1)).1 };
        let end = if index >= count {
            self.around(&child(count - 1)).1
        } else {
            self.own(&child(index)).0
        };
        (begin, end)
    }
}

/// The lines that an edit may change, from 0.
pub(crate) fn allowed(lines: &Lines, root: &Node, edit: &Edit) -> Vec<(usize, usize)> {
    let count = |path: &[usize]| Tree::of(at(root, path)).count();
    match edit {
        // A block scalar without text, or one that keeps blank lines, reaches to what follows.
        Edit::Set { path, .. } => {
            let path = numbers(path);
            let (own, around) = (lines.own(&path), lines.around(&path));
            let is_short = matches!(&at(root, &path).value, NodeValue::Scalar(scalar)
                if !matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded));
            vec![(own.0.min(around.0 + 1), if is_short { own.1 } else { around.1 })]
        }
        Edit::InsertItem { path, index, .. } | Edit::InsertEntry { path, index, .. } => {
            let path = numbers(path);
            let count = count(&path);
            vec![lines.gap(&path, count, index.unwrap_or(count))]
        }
        Edit::Remove { path } => {
            let mut tree = Tree::of(root);
            vec![lines.around(&removed(&mut tree, &numbers(path)).0)]
        }
        Edit::RenameKey { path, .. } => {
            let own = lines.own(&numbers(path));
            vec![(own.0, own.0)]
        }
        Edit::Move { path, to, index } => {
            let from = numbers(path);
            let (number, above) = from.split_last().expect("an item");
            let list = to.as_ref().map_or(above.to_vec(), numbers);
            if list == above {
                let (first, last) = ((*number).min(*index), (*number).max(*index));
                let child = |index: usize| lines.around(&[above, &[index]].concat());
                return vec![(child(first).0, child(last).1)];
            }
            let mut tree = Tree::of(root);
            let gone = removed(&mut tree, &from).0;
            let (gone, gap) = (lines.around(&gone), lines.gap(&list, count(&list), *index));
            // What is taken out and put in side by side is one change.
            vec![
                gone,
                gap,
                (
                    gone.0.min(gap.0),
                    if gap.0 <= gone.1 && gone.0 <= gap.1 { gone.1.max(gap.1) } else { 0 },
                ),
            ]
        }
        Edit::Duplicate { path } => vec![lines.around(&numbers(path))],
        Edit::Wrap { path, index, count, .. } => {
            let path = numbers(path);
            let child = |index: usize| lines.around(&[path.as_slice(), &[index]].concat());
            vec![(child(*index).0, child(index + count - 1).1)]
        }
        _ => unreachable!("the other edits have judges of their own"),
    }
}
