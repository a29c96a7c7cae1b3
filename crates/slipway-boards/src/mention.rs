//! Work items that a commit message mentions.
//!
//! `AB#12` links; `fix`, `fixes` or `fixed` right before it also asks for the state to change, for
//! that one id only (<https://learn.microsoft.com/azure/devops/boards/github/link-to-from-github>).
//! Neither the prefix nor the keywords mind the case.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};
use slipway_core::WorkItemId;

use crate::error::BoardsError;

/// A work item that a text mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub id: WorkItemId,
    /// A keyword asks for the item to be moved on.
    pub transitions: bool,
}

// The character before is looked at by hand: this engine has no look-behind, and taking it into the
// match would hide a mention that directly follows another.
static MENTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\b(fix|fixes|fixed)[ \t]+)?AB#([0-9]{1,10})\b")
        .expect("BUG: the pattern of a mention is a constant")
});

/// The work items that a message mentions, in order, each once.
pub fn mentions(message: &str) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for captures in MENTION.captures_iter(message) {
        let whole = captures.get_match();
        let is_keyword = captures.get(1).is_some();
        let before = message[..whole.start()].chars().next_back();
        if !is_keyword && before.is_some_and(is_word) {
            continue;
        }
        let Some(id) = captures[2].parse().ok().filter(|id| *id > 0) else { continue };
        let mention = Mention { id: WorkItemId(id), transitions: is_keyword };
        match found.iter_mut().find(|known| known.id == mention.id) {
            Some(known) => known.transitions |= mention.transitions,
            None => found.push(mention),
        }
    }
    found
}

/// Reads a work item as a user writes it: `1`, `#1` or `AB#1`.
pub fn parse_item_key(key: &str) -> Result<WorkItemId, BoardsError> {
    let unusable = || BoardsError::NotAWorkItem { key: key.to_owned() };
    let word = key.trim();
    let digits = match word.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("AB#") => &word[3..],
        _ => word.strip_prefix('#').unwrap_or(word),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(unusable());
    }
    match digits.parse() {
        Ok(number) if number > 0 => Ok(WorkItemId(number)),
        _ => Err(unusable()),
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '#'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(message: &str) -> Vec<(u32, bool)> {
        mentions(message).iter().map(|mention| (mention.id.0, mention.transitions)).collect()
    }

    #[test]
    fn a_plain_mention_only_links() {
        assert_eq!(found("add a greeting AB#12"), [(12, false)], "no keyword, no transition");
        assert_eq!(found("AB#1: first"), [(1, false)], "a mention may open the message");
        assert_eq!(found("body\n\n(AB#3, AB#4)."), [(3, false), (4, false)], "punctuation ends it");
        assert_eq!(
            found("ab#7 Ab#8"),
            [(7, false), (8, false)],
            "the prefix does not mind the case"
        );
        assert_eq!(found("[AB#5](http://x/5)"), [(5, false)], "Markdown links are read too");
    }

    #[test]
    fn a_keyword_moves_only_the_id_right_after_it() {
        assert_eq!(
            found("Fixes AB#1, AB#2"),
            [(1, true), (2, false)],
            "Azure moves only the first id after the keyword"
        );
        for keyword in ["fix", "fixes", "fixed", "FIXES", "Fixed"] {
            assert_eq!(found(&format!("{keyword} AB#9")), [(9, true)], "{keyword} is a keyword");
        }
        assert_eq!(found("closes AB#1"), [(1, false)], "closes is not one of Azure's keywords");
        assert_eq!(found("prefix AB#1"), [(1, false)], "a keyword is a whole word");
        assert_eq!(found("fixing AB#1"), [(1, false)], "fixing is another word");
        assert_eq!(found("fix\nAB#1"), [(1, false)], "the id stands on the keyword's line");
        assert_eq!(found("fix: AB#1"), [(1, false)], "a commit topic is not a keyword");
    }

    #[test]
    fn nothing_inside_words_is_a_mention() {
        for text in ["CAB#12", "xAB#1", "AB#12th", "AB#", "AB #1", "AB#x1", "ÄAB#1", "#AB#1"] {
            assert_eq!(found(text), [], "'{text}' mentions nothing");
        }
        assert_eq!(found("AB#0"), [], "numbers begin at 1");
        assert_eq!(found("AB#99999999999999"), [], "a number that no backlog has");
        assert_eq!(found("AB#4294967296"), [], "one more than a number can be");
    }

    #[test]
    fn each_item_is_named_once_and_a_keyword_anywhere_counts() {
        assert_eq!(found("AB#1 and fixes AB#1"), [(1, true)], "one item, moved");
        assert_eq!(
            found("fixes AB#1 then AB#1"),
            [(1, true)],
            "a later plain mention takes nothing"
        );
    }

    #[test]
    fn keys_are_read_as_users_write_them() {
        for key in ["1", "#1", "AB#1", "ab#1", " AB#1 "] {
            assert_eq!(parse_item_key(key), Ok(WorkItemId(1)), "'{key}' is item 1");
        }
        for key in ["", "#", "AB#", "AB", "0", "-1", "+1", "1a", "99999999999", "ÄB#1", "AB##1"] {
            assert!(parse_item_key(key).is_err(), "'{key}' is no work item");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in any::<String>()) {
            let found = mentions(&text);
            let mut ids: Vec<_> = found.iter().map(|mention| mention.id).collect();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), found.len(), "no item twice");
            let _ = parse_item_key(&text);
        }

        #[test]
        fn what_is_written_is_found(id in 1..=u32::MAX, before in "[ (]", after in "[ ).,]") {
            let text = format!("x{before}AB#{id}{after}y");
            prop_assert_eq!(found(&text), vec![(id, false)], "the number survives");
        }
    }
}
