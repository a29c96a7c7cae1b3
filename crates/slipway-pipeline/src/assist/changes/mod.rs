//! What has changed between two texts of a pipeline, in the words of a commit message: "add job Test
//! to stage Build", "rename stage Build to Compile", "set trigger".
//!
//! Two boards are compared, and the keys at the top of the file. Asked by whoever proposes a message.
//! Deliberately not here: the lines themselves, which a diff shows.

mod pairs;
mod top;
mod words;

use super::board::{BoardKind, BoardNode, BoardWaits, board};
use pairs::{Item, Pairs, items};
use words::{is_named, label, listed, lone, of, steps, with_name};

/// Longest summary of a commit.
const SUMMARY: usize = 72;

/// The first line of a commit message, and what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub summary: String,
    /// Nothing when the summary says it all.
    pub body: String,
}

/// What has changed, a sentence each; nothing for two texts that are equal.
pub fn changes(before: &str, after: &str) -> Vec<String> {
    if before == after {
        return Vec::new();
    }
    let is_nothing = |text: &str| text.trim_start_matches('\u{feff}').trim().is_empty();
    match (is_nothing(before), is_nothing(after)) {
        (true, true) => return vec!["change blank lines".to_owned()],
        (true, false) => return vec!["add the pipeline".to_owned()],
        (false, true) => return vec!["empty the pipeline".to_owned()],
        (false, false) => {}
    }
    let mut found = Found::default();
    let (old, new) = (board(before), board(after));
    found.list(&Both { old: before, new: after }, &old.nodes, &new.nodes, "");
    let mut sentences = top::changes(before, after);
    sentences.extend(found.sentences());
    if sentences.is_empty() {
        let said = |text: &str| -> Vec<String> {
            let lines = text.lines().map(|line| line.trim_start_matches('\u{feff}').trim_end());
            let lines =
                lines.filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'));
            lines.map(str::to_owned).collect()
        };
        let is_comment = said(before) == said(after);
        sentences.push(if is_comment { "change comments" } else { "change the layout" }.to_owned());
    }
    sentences
}

/// A commit message from the sentences, with `pipeline: ` before it.
pub fn message(sentences: &[String]) -> Message {
    let summary = |text: &str| format!("pipeline: {text}");
    let fits = |text: &String| text.chars().count() <= SUMMARY;
    let all = summary(&sentences.join(", "));
    let body = || sentences.iter().map(|sentence| format!("- {sentence}\n")).collect::<String>();
    match sentences {
        [] => Message { summary: summary("change nothing"), body: String::new() },
        _ if fits(&all) => Message { summary: all, body: String::new() },
        [one] => Message { summary: cut(&summary(one)), body: format!("{one}\n") },
        [first, rest @ ..] => {
            let more = match rest.len() {
                1 => "1 more change".to_owned(),
                count => format!("{count} more changes"),
            };
            let short = summary(&format!("{first}, and {more}"));
            let short =
                if fits(&short) { short } else { summary(&format!("{} changes", sentences.len())) };
            Message { summary: short, body: body() }
        }
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= SUMMARY {
        return text.to_owned();
    }
    let short: String = text.chars().take(SUMMARY - 1).collect();
    format!("{}…", short.trim_end())
}

/// The two texts.
struct Both<'t> {
    old: &'t str,
    new: &'t str,
}

/// A node that is only in one of the texts.
#[derive(Debug)]
struct Lone {
    kind: BoardKind,
    /// `stage Build`, `step 'make'`.
    label: String,
    name: String,
    /// What it is written in: `stage Build`, or nothing for the file.
    place: String,
    text: String,
}

#[derive(Default)]
struct Found {
    added: Vec<Lone>,
    removed: Vec<Lone>,
    sentences: Vec<String>,
    /// Names that have changed.
    renames: Vec<(String, String)>,
}

impl Found {
    // The depth is that of the files' indentation.
    fn list(&mut self, both: &Both<'_>, old: &[BoardNode], new: &[BoardNode], place: &str) {
        let (old, new) = (items(both.old, old), items(both.new, new));
        let pairs = Pairs::of(&old, &new);
        for index in pairs.only_old() {
            self.removed.push(lone(&old[index], place));
        }
        for index in pairs.only_new() {
            self.added.push(lone(&new[index], place));
        }
        if pairs.is_reordered() {
            let what = match new.first().map(|item| item.node.kind) {
                Some(BoardKind::Stage) => "stages",
                Some(BoardKind::Job | BoardKind::Deployment) => "jobs",
                Some(BoardKind::Hook) => "hooks",
                _ => "steps",
            };
            self.sentences.push(format!("reorder the {what}{}", of(place)));
        }
        for (left, right) in &pairs.both {
            let (before, after) = (old[*left].node, new[*right].node);
            if is_named(after) && before.name != after.name && !before.name.is_empty() {
                self.renames.push((before.name.clone(), after.name.clone()));
            }
        }
        for (left, right) in &pairs.both {
            self.node(both, &old[*left], &new[*right], place);
        }
    }

    fn node(&mut self, both: &Both<'_>, old: &Item<'_>, new: &Item<'_>, place: &str) {
        if old.full == new.full {
            return;
        }
        let (before, after) = (old.node, new.node);
        let start = self.sentences.len();
        let is_named = is_named(after);
        if is_named && before.name != after.name {
            let label = label(before);
            self.sentences.push(format!("rename {label} to {}", after.name));
        }
        match (before.kind, after.kind) {
            (BoardKind::Job, BoardKind::Deployment) => {
                self.sentences.push(format!("make job {} a deployment", after.name));
            }
            (BoardKind::Deployment, BoardKind::Job) => {
                self.sentences.push(format!("make deployment {} a job", after.name));
            }
            _ => {}
        }
        if before.waits != after.waits && !self.is_rename(&before.waits, &after.waits) {
            self.sentences.push(match &after.waits {
                BoardWaits::Unsaid if after.kind == BoardKind::Stage => {
                    format!("let {} wait for the stage before it", label(after))
                }
                BoardWaits::Unsaid => format!("let {} wait for nothing", label(after)),
                BoardWaits::For(names) if names.is_empty() => {
                    format!("let {} wait for nothing", label(after))
                }
                BoardWaits::For(names) => {
                    format!("let {} wait for {}", label(after), listed(names))
                }
            });
        }
        if self.renamed(&before.condition) != after.condition {
            let word = if after.condition.is_empty() { "remove" } else { "set" };
            self.sentences.push(format!("{word} the condition of {}", label(after)));
        }
        let is_quiet = self.sentences.len() == start;
        if is_quiet && self.renamed(&old.own) != new.own {
            let where_to = if is_named { String::new() } else { of(place) };
            self.sentences.push(format!("change {}{where_to}", label(after)));
        }
        let place = match after.kind {
            BoardKind::Hook => format!("{} of {place}", label(after)),
            _ => label(after),
        };
        let (left, right) = (steps(before, after), steps(after, before));
        self.list(both, left, right, &place);
    }

    /// A text with the names that it has now: one that follows a rename is no change of its own.
    fn renamed(&self, text: &str) -> String {
        self.renames.iter().fold(text.to_owned(), |text, (from, to)| with_name(&text, from, to))
    }

    fn is_rename(&self, old: &BoardWaits, new: &BoardWaits) -> bool {
        let (BoardWaits::For(old), BoardWaits::For(new)) = (old, new) else { return false };
        old.iter().map(|name| self.renamed(name)).eq(new.iter().cloned())
    }

    /// What stands in one place and stood in another was moved.
    fn sentences(mut self) -> Vec<String> {
        let mut groups: Vec<(String, String, Vec<String>)> = Vec::new();
        let mut group = |verb: String, tail: String, label: String| match groups
            .iter_mut()
            .find(|(known, place, _)| *known == verb && *place == tail)
        {
            Some((_, _, labels)) => labels.push(label),
            None => groups.push((verb, tail, vec![label])),
        };
        for new in std::mem::take(&mut self.added) {
            let is_it = |old: &Lone| {
                let is_job = matches!(new.kind, BoardKind::Job | BoardKind::Deployment);
                old.text == new.text || is_job && old.name == new.name && !new.name.is_empty()
            };
            match self.removed.iter().position(is_it) {
                Some(at) => {
                    let old = self.removed.remove(at);
                    let place = |place: &str| {
                        if place.is_empty() { "the file".to_owned() } else { place.to_owned() }
                    };
                    let tail = format!(" from {} to {}", place(&old.place), place(&new.place));
                    group("move".to_owned(), tail, new.label);
                }
                None => {
                    let tail = if new.place.is_empty() {
                        String::new()
                    } else {
                        format!(" to {}", new.place)
                    };
                    group("add".to_owned(), tail, new.label);
                }
            }
        }
        for old in std::mem::take(&mut self.removed) {
            let tail =
                if old.place.is_empty() { String::new() } else { format!(" from {}", old.place) };
            group("remove".to_owned(), tail, old.label);
        }
        let grouped = groups.into_iter().map(|(verb, tail, labels)| {
            let is_step = labels.iter().all(|label| label.starts_with("step "));
            match labels.as_slice() {
                [_, _, _, ..] if is_step => format!("{verb} {} steps{tail}", labels.len()),
                _ => format!("{verb} {}{tail}", listed(&labels)),
            }
        });
        grouped.collect::<Vec<_>>().into_iter().chain(self.sentences).collect()
    }
}

#[cfg(test)]
mod tests;
