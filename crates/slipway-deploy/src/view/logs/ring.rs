//! The newest lines of a joined log, numbered in the order of arrival.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use slipway_core::{KubeLogLine, KubeLogPage, KubeStreamState};

use super::reader::{Line, Place};

/// The most that is kept.
const MOST_LINES: usize = 100_000;
const MOST_BYTES: usize = 32 << 20;

pub(super) struct Ring {
    pub(super) state: KubeStreamState,
    pub(super) problem: Option<String>,
    pub(super) sources: BTreeSet<String>,
    lines: VecDeque<(Arc<Place>, Line)>,
    bytes: usize,
    /// Lines that are gone: the number before the first one.
    gone: u64,
}

impl Default for Ring {
    fn default() -> Self {
        Self {
            state: KubeStreamState::Starting,
            problem: None,
            sources: BTreeSet::new(),
            lines: VecDeque::new(),
            bytes: 0,
            gone: 0,
        }
    }
}

impl Ring {
    pub(super) fn push(&mut self, place: &Arc<Place>, line: Line) {
        self.bytes += line.text.len();
        self.lines.push_back((place.clone(), line));
        while self.lines.len() > MOST_LINES || self.bytes > MOST_BYTES {
            let Some((_, line)) = self.lines.pop_front() else { break };
            self.bytes -= line.text.len();
            self.gone += 1;
        }
    }

    pub(super) fn extend(&mut self, lines: impl IntoIterator<Item = (Arc<Place>, Line)>) {
        for (place, line) in lines {
            self.push(&place, line);
        }
    }

    pub(super) fn page(&self, after: u64, limit: usize, search: Option<&str>) -> KubeLogPage {
        let newest = self.gone + self.lines.len() as u64;
        let search = search.filter(|text| !text.is_empty()).map(str::to_lowercase);
        let skipped = usize::try_from(after.saturating_sub(self.gone)).unwrap_or(usize::MAX);
        let mut next = newest.max(after.min(newest));
        let mut found = Vec::new();
        for (at, (place, line)) in self.lines.iter().enumerate().skip(skipped) {
            let number = self.gone + at as u64 + 1;
            if found.len() == limit {
                next = number - 1;
                break;
            }
            let is_found =
                search.as_ref().is_none_or(|text| line.text.to_lowercase().contains(text));
            if is_found {
                found.push(KubeLogLine {
                    number,
                    pod: place.pod.clone(),
                    container: place.container.clone(),
                    at: line.at.map(|time| time.as_millisecond()),
                    text: line.text.to_string(),
                });
            }
        }
        KubeLogPage {
            state: self.state,
            next,
            first: self.gone + 1,
            sources: self.sources.iter().cloned().collect(),
            lines: found,
            problem: self.problem.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(texts: &[&str]) -> Ring {
        let place = Arc::new(Place { pod: "web".into(), container: "c".into() });
        let mut ring = Ring::default();
        for text in texts {
            ring.push(&place, Line { at: None, text: (*text).into() });
        }
        ring
    }

    fn texts(page: &KubeLogPage) -> Vec<(u64, &str)> {
        page.lines.iter().map(|line| (line.number, line.text.as_str())).collect()
    }

    #[test]
    fn pages_follow_each_other_without_a_gap() {
        let ring = ring(&["a", "b", "c"]);
        let first = ring.page(0, 2, None);
        assert_eq!((texts(&first), first.next), (vec![(1, "a"), (2, "b")], 2));
        let second = ring.page(first.next, 2, None);
        assert_eq!((texts(&second), second.next), (vec![(3, "c")], 3));
        assert!(ring.page(3, 2, None).lines.is_empty(), "nothing is new");
    }

    #[test]
    fn a_search_keeps_the_numbers_of_the_whole() {
        let ring = ring(&["GET /", "error: x", "GET /", "Error: y"]);
        let page = ring.page(0, 10, Some("ERROR"));
        assert_eq!((texts(&page), page.next), (vec![(2, "error: x"), (4, "Error: y")], 4));
    }

    #[test]
    fn the_oldest_lines_go_and_the_numbers_stay() {
        let mut ring = ring(&["first"]);
        let place = Arc::new(Place { pod: "web".into(), container: "c".into() });
        for _ in 0..MOST_LINES {
            ring.push(&place, Line { at: None, text: "x".into() });
        }
        let page = ring.page(0, 1, None);
        assert_eq!((page.first, page.lines[0].number), (2, 2));
    }
}
