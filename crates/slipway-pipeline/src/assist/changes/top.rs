//! The keys at the top of a file, but for the list that the board shows.

use crate::assist::sketch::{ROOT, Sketch};

/// Keys that the board shows.
const SHOWN: [&str; 4] = ["stages", "jobs", "phases", "steps"];

pub(super) fn changes(before: &str, after: &str) -> Vec<String> {
    let (old, new) = (keys(before), keys(after));
    let mut sentences = Vec::new();
    for (key, value) in &new {
        match old.iter().find(|(other, _)| other == key) {
            Some((_, other)) if other == value => {}
            _ => sentences.push(format!("set {key}")),
        }
    }
    let gone = old.iter().filter(|(key, _)| new.iter().all(|(other, _)| other != key));
    sentences.extend(gone.map(|(key, _)| format!("remove {key}")));
    sentences
}

/// Each key with what is written below it, without comments and blank lines.
fn keys(text: &str) -> Vec<(String, Vec<String>)> {
    let sketch = Sketch::new(text);
    let top = sketch.children(ROOT).filter(|id| sketch.is_pair(*id));
    let keys = top.map(|id| {
        let node = sketch.node(id);
        let lines = text[node.key.start..node.end].lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        (sketch.key(id).to_owned(), lines.map(str::to_owned).collect())
    });
    keys.filter(|(key, _): &(String, Vec<String>)| !SHOWN.contains(&key.as_str())).collect()
}
