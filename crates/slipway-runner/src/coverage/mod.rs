//! Code coverage: how many lines and branches of each file were run.
//!
//! Called by the tasks that publish coverage. Cobertura, JaCoCo, OpenCover, Clover, lcov and Go's profile are
//! told apart by how they begin. Deliberately not here: HTML reports, finding files.

mod text;
mod xml;

use indexmap::IndexMap;

use crate::sink::FileCoverage;
use crate::xml::text_of;

/// The files of a summary, and what had to be mended.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// As the vendor calls it.
    pub(crate) format: &'static str,
    pub(crate) files: Vec<FileCoverage>,
    pub(crate) warning: Option<String>,
}

/// Reads a summary.
pub(crate) fn read(bytes: &[u8]) -> Result<Coverage, String> {
    let text = text_of(bytes);
    let start = text.trim_start();
    if start.starts_with("mode:") {
        return Ok(of("Go", text::go(&text), None));
    }
    if start.starts_with("TN:") || start.starts_with("SF:") {
        return Ok(of("lcov", text::lcov(&text), None));
    }
    if !start.starts_with('<') {
        return Err("it is neither Cobertura, JaCoCo, OpenCover, Clover, lcov nor Go".to_owned());
    }
    let (format, files, damage) = xml::read(&text)?;
    let warning = damage
        .map(|damage| format!("The file is not whole ({damage}); what stands before was read."));
    Ok(of(format, files, warning))
}

fn of(format: &'static str, files: Lines, warning: Option<String>) -> Coverage {
    Coverage { format, files: files.summed(), warning }
}

/// What is known of each line of each file.
#[derive(Debug, Default)]
struct Lines(IndexMap<String, File>);

#[derive(Debug, Default)]
struct File {
    /// By the line's number: whether it was run, branches taken, branches there are.
    lines: IndexMap<u64, Line>,
    /// Sums, for formats that know no lines.
    sums: [u64; 4],
}

#[derive(Debug, Default, Clone, Copy)]
struct Line {
    weight: u64,
    is_run: bool,
    taken: u64,
    branches: u64,
}

impl Lines {
    fn file(&mut self, path: &str) -> &mut File {
        self.0.entry(path.replace('\\', "/")).or_default()
    }

    fn summed(self) -> Vec<FileCoverage> {
        let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        self.0
            .into_iter()
            .map(|(path, file)| {
                let [mut run, mut all, mut taken, mut branches] = file.sums;
                for line in file.lines.values() {
                    all += line.weight;
                    run += if line.is_run { line.weight } else { 0 };
                    taken += line.taken;
                    branches += line.branches;
                }
                FileCoverage {
                    path,
                    lines_covered: count(run),
                    lines_total: count(all),
                    branches_covered: count(taken),
                    branches_total: count(branches),
                }
            })
            .filter(|file| file.lines_total + file.branches_total > 0)
            .collect()
    }
}

impl File {
    /// A line; told of twice, it is run if it is run once.
    fn line(&mut self, number: u64, is_run: bool) -> &mut Line {
        let line = self.lines.entry(number).or_default();
        line.weight = line.weight.max(1);
        line.is_run |= is_run;
        line
    }
}

impl Line {
    fn branches(&mut self, taken: u64, all: u64) {
        self.branches = self.branches.max(all);
        self.taken = self.taken.max(taken).min(self.branches);
    }
}

#[cfg(test)]
mod tests;
