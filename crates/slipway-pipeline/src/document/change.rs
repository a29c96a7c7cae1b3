//! Replacements in a text: applying them, turning them round, and joining several rounds into one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::error::EditError;

/// Some bytes of a text and what comes in their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextChange {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

impl TextChange {
    /// A replacement.
    pub fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { start, end, text: text.into() }
    }

    /// An insertion.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::new(at, at, text)
    }

    /// A deletion.
    pub fn delete(start: usize, end: usize) -> Self {
        Self::new(start, end, "")
    }
}

/// Sorts changes, drops those that change nothing, and takes away what both sides share.
pub(super) fn tidied(text: &str, mut changes: Vec<TextChange>) -> Vec<TextChange> {
    changes.sort_by_key(|change| (change.start, change.end));
    let mut tidy: Vec<TextChange> = Vec::with_capacity(changes.len());
    for change in changes {
        match tidy.last_mut() {
            Some(last) if last.end == change.start => {
                last.end = change.end;
                last.text.push_str(&change.text);
            }
            _ => tidy.push(change),
        }
    }
    for change in &mut tidy {
        trim(text, change);
    }
    tidy.retain(|change| change.start < change.end || !change.text.is_empty());
    tidy
}

fn trim(text: &str, change: &mut TextChange) {
    let Some(old) = text.get(change.start..change.end) else { return };
    let same = |(left, right): &(char, char)| left == right;
    let head: usize =
        old.chars().zip(change.text.chars()).take_while(same).map(|(at, _)| at.len_utf8()).sum();
    let (old, new) = (&old[head..], &change.text[head..]);
    let tail: usize = old
        .chars()
        .rev()
        .zip(new.chars().rev())
        .take_while(same)
        .map(|(at, _)| at.len_utf8())
        .sum();
    change.text = new[..new.len() - tail].to_owned();
    change.start += head;
    change.end -= tail;
}

/// The text with changes made. They have to be sorted, apart, and between letters.
pub(super) fn changed(text: &str, changes: &[TextChange]) -> Result<String, EditError> {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for change in changes {
        let kept = text.get(at..change.start);
        let is_fit = change.start <= change.end && text.get(change.start..change.end).is_some();
        let (Some(kept), true) = (kept, is_fit) else {
            return Err(EditError::BadRange { start: change.start, end: change.end });
        };
        new.push_str(kept);
        new.push_str(&change.text);
        at = change.end;
    }
    new.push_str(&text[at..]);
    Ok(new)
}

/// The changes that lead back. `text` is the text before, to which `changes` fit.
pub(super) fn reversed(text: &str, changes: &[TextChange]) -> Vec<TextChange> {
    let (mut removed, mut added) = (0, 0);
    let mut back = Vec::with_capacity(changes.len());
    for change in changes {
        let start = change.start + added - removed;
        back.push(TextChange::new(
            start,
            start + change.text.len(),
            &text[change.start..change.end],
        ));
        added += change.text.len();
        removed += change.end - change.start;
    }
    back
}

/// A text in the making: which parts of it are old, and which are new.
pub(super) struct Pieces {
    pieces: Vec<Piece>,
    old_length: usize,
}

enum Piece {
    Old { start: usize, end: usize },
    New(String),
}

impl Piece {
    fn length(&self) -> usize {
        match self {
            Self::Old { start, end } => end - start,
            Self::New(text) => text.len(),
        }
    }

    /// The part between two bytes of it.
    fn part(&self, from: usize, to: usize) -> Self {
        match self {
            Self::Old { start, .. } => Self::Old { start: start + from, end: start + to },
            Self::New(text) => Self::New(text.get(from..to).unwrap_or_default().to_owned()),
        }
    }
}

impl Pieces {
    pub(super) fn new(text: &str) -> Self {
        let pieces = vec![Piece::Old { start: 0, end: text.len() }];
        Self { pieces, old_length: text.len() }
    }

    /// Makes further changes, which fit the text as it is now.
    pub(super) fn change(&mut self, changes: &[TextChange]) {
        let mut new = Vec::with_capacity(self.pieces.len() + changes.len() * 2);
        let mut changes = changes.iter().peekable();
        let mut at = 0;
        let mut skipped_to = 0;
        for piece in &self.pieces {
            let end = at + piece.length();
            let mut from = at.max(skipped_to);
            while let Some(change) = changes.next_if(|change| change.start < end) {
                if from < change.start {
                    new.push(piece.part(from - at, change.start - at));
                }
                new.push(Piece::New(change.text.clone()));
                skipped_to = change.end;
                from = change.end.max(at);
            }
            if from < end {
                new.push(piece.part(from - at, end - at));
            }
            at = end;
        }
        new.extend(changes.map(|change| Piece::New(change.text.clone())));
        self.pieces = new;
    }

    /// The changes that lead from the old text to the present one.
    pub(super) fn changes(&self, old: &str) -> Vec<TextChange> {
        let mut changes = Vec::new();
        let (mut at, mut text) = (0, String::new());
        let end = Piece::Old { start: self.old_length, end: self.old_length };
        for piece in self.pieces.iter().chain([&end]) {
            match piece {
                Piece::New(new) => text.push_str(new),
                Piece::Old { start, end } => {
                    changes.push(TextChange::new(at, *start, std::mem::take(&mut text)));
                    at = *end;
                }
            }
        }
        tidied(old, changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_and_their_reverse_are_a_circle() {
        let old = "aä bb cc";
        let changes =
            [TextChange::new(1, 3, "xyz"), TextChange::insert(4, "!"), TextChange::delete(6, 9)];
        let new = changed(old, &changes).unwrap();
        assert_eq!(new, "axyz !bb");
        assert_eq!(changed(&new, &reversed(old, &changes)).unwrap(), old, "undone");
        let cut = [TextChange::delete(2, 3)];
        assert!(changed(old, &cut).is_err(), "ä is not cut in two");
        let back = [TextChange::delete(3, 4), TextChange::delete(0, 1)];
        assert!(changed(old, &back).is_err(), "backwards is refused");
    }

    #[test]
    fn what_both_sides_share_is_no_change() {
        let tidy = tidied("abc def", vec![TextChange::new(0, 7, "abc xx def")]);
        assert_eq!(tidy, [TextChange::insert(4, "xx ")]);
        assert!(tidied("abc", vec![TextChange::new(0, 3, "abc")]).is_empty(), "nothing changed");
    }

    #[test]
    fn rounds_of_changes_join() {
        let old = "one two three four";
        let mut pieces = Pieces::new(old);
        let mut text = old.to_owned();
        for round in [
            vec![TextChange::new(4, 7, "2"), TextChange::insert(18, " five")],
            vec![TextChange::delete(2, 6), TextChange::new(8, 14, "x")],
            vec![TextChange::insert(0, ">"), TextChange::insert(4, "|")],
        ] {
            pieces.change(&round);
            text = changed(&text, &round).unwrap();
        }
        let changes = pieces.changes(old);
        assert_eq!(changed(old, &changes).unwrap(), text, "one round does what three did");
    }
}
