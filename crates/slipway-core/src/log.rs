//! Lines of a log on their way: one text for many lines, so that a line costs no allocation.
//!
//! The runner fills [`LogLines`], the store writes them. Deliberately not here: masking, files.

use crate::{LogStream, Timestamp};

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    pub at: Timestamp,
    pub stream: LogStream,
    pub text: String,
}

/// Lines that follow each other and came at one instant from one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRun {
    pub at: Timestamp,
    pub stream: LogStream,
    /// How many lines.
    pub count: usize,
}

/// Lines of a log, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogLines {
    /// Each line with a line feed behind it. A line may hold line feeds itself.
    text: String,
    /// Where each line ends, without its line feed.
    ends: Vec<usize>,
    runs: Vec<LogRun>,
}

impl LogLines {
    /// Adds a line.
    pub fn push(&mut self, at: Timestamp, stream: LogStream, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.text.push('\n');
        self.grow_run(LogRun { at, stream, count: 1 });
    }

    /// Adds lines that each end with a line feed.
    pub fn push_block(&mut self, at: Timestamp, stream: LogStream, block: &str) {
        let start = self.text.len();
        let before = self.ends.len();
        self.text.push_str(block);
        if !block.is_empty() && !block.ends_with('\n') {
            self.text.push('\n');
        }
        let added = memchr::memchr_iter(b'\n', &self.text.as_bytes()[start..]);
        self.ends.extend(added.map(|at| start + at));
        let count = self.ends.len() - before;
        if count > 0 {
            self.grow_run(LogRun { at, stream, count });
        }
    }

    /// Adds lines that were taken apart before: a text, the length of each line in it, and their runs.
    ///
    /// Answers false, and adds nothing, if the three do not fit together.
    pub fn push_parts(&mut self, text: &str, lengths: &[usize], runs: &[LogRun]) -> bool {
        let start = self.text.len();
        let mut end = 0_usize;
        let mut ends = Vec::with_capacity(lengths.len());
        for length in lengths {
            let Some(next) = end.checked_add(*length) else { return false };
            if text.as_bytes().get(next) != Some(&b'\n') || !text.is_char_boundary(end) {
                return false;
            }
            ends.push(start + next);
            end = next + 1;
        }
        let counted = runs.iter().try_fold(0_usize, |sum, run| sum.checked_add(run.count));
        if end != text.len() || counted != Some(lengths.len()) {
            return false;
        }
        self.text.push_str(text);
        self.ends.append(&mut ends);
        runs.iter().for_each(|run| self.grow_run(*run));
        true
    }

    /// Adds the lines of another.
    pub fn append(&mut self, other: &Self) {
        let start = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| start + end));
        other.runs.iter().for_each(|run| self.grow_run(*run));
    }

    fn grow_run(&mut self, run: LogRun) {
        match self.runs.last_mut() {
            Some(last) if (last.at, last.stream) == (run.at, run.stream) => last.count += run.count,
            _ if run.count == 0 => {}
            _ => self.runs.push(run),
        }
    }

    /// How many lines.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True without lines.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// About how much memory they take.
    pub fn weight(&self) -> usize {
        self.text.len() + self.ends.len() * size_of::<usize>()
    }

    /// All lines, each with a line feed behind it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Which lines came when and from where.
    pub fn runs(&self) -> &[LogRun] {
        &self.runs
    }

    /// Where a line lies in the text, without its line feed.
    pub fn range(&self, line: usize) -> std::ops::Range<usize> {
        let start = if line == 0 { 0 } else { self.ends[line - 1] + 1 };
        start..self.ends[line]
    }

    /// The line that holds a position of the text.
    pub fn line_at(&self, position: usize) -> usize {
        self.ends.partition_point(|end| *end < position)
    }

    /// Every line.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, LogStream, &str)> {
        let facts =
            self.runs.iter().flat_map(|run| std::iter::repeat_n((run.at, run.stream), run.count));
        facts.enumerate().map(|(line, (at, stream))| (at, stream, &self.text[self.range(line)]))
    }

    /// Every line by itself.
    pub fn to_lines(&self) -> Vec<LogLine> {
        let owned =
            |(at, stream, text): (_, _, &str)| LogLine { at, stream, text: text.to_owned() };
        self.iter().map(owned).collect()
    }
}

impl<'a> FromIterator<&'a LogLine> for LogLines {
    fn from_iter<I: IntoIterator<Item = &'a LogLine>>(lines: I) -> Self {
        let mut all = Self::default();
        lines.into_iter().for_each(|line| all.push(line.at, line.stream, &line.text));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_back_as_they_were_added() {
        let mut lines = LogLines::default();
        lines.push(1, LogStream::System, "two\nlines in one");
        lines.push_block(2, LogStream::Stdout, "a\n\nü\n");
        lines.push_block(2, LogStream::Stdout, "b\n");
        let mut more = LogLines::default();
        more.append(&lines);
        more.push(3, LogStream::Stderr, "");
        let texts: Vec<&str> = more.iter().map(|(_, _, text)| text).collect();
        assert_eq!(
            texts,
            ["two\nlines in one", "a", "", "ü", "b", ""],
            "no line is lost or joined"
        );
        assert_eq!(more.runs().len(), 3, "lines of one instant and stream share their facts");
        assert_eq!(more.to_lines().iter().collect::<LogLines>(), more, "one by one is the same");
    }

    #[test]
    fn a_position_leads_to_its_line() {
        let mut lines = LogLines::default();
        lines.push_block(0, LogStream::Stdout, "ab\n\ncd\n");
        let found: Vec<usize> = (0..7).map(|position| lines.line_at(position)).collect();
        assert_eq!(found, [0, 0, 0, 1, 2, 2, 2], "a line feed belongs to the line before it");
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let run = |count| LogRun { at: 1, stream: LogStream::Stdout, count };
        let mut lines = LogLines::default();
        assert!(lines.push_parts("a\nbc\n", &[1, 2], &[run(2)]), "they fit");
        for (text, lengths, count) in
            [("a\nbc\n", &[1, 1][..], 2), ("a\n", &[1], 2), ("a\nb\n", &[1], 1), ("a", &[1], 1)]
        {
            assert!(!lines.push_parts(text, lengths, &[run(count)]), "{text:?} {lengths:?}");
        }
        assert_eq!(lines.len(), 2, "a refusal adds nothing");
    }
}
