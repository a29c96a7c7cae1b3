//! The summaries that are XML: Cobertura, JaCoCo, OpenCover, Clover.
//!
//! Read as a stream: such files have hundreds of megabytes.

use std::collections::HashMap;

use super::Lines;
use crate::xml::{Part, Tag, read as read_xml};

/// The format, the files, and where the document is damaged.
pub(super) fn read(text: &str) -> Result<(&'static str, Lines, Option<String>), String> {
    let mut reading = Reading::default();
    let damage = read_xml(text, &mut |part| match part {
        Part::Open(tag) => reading.open(tag),
        Part::Close(_) => {
            reading.path.pop();
        }
        Part::Text(_) => {}
    })?;
    match reading.format {
        Some(format) => Ok((format.name(), reading.lines, damage)),
        None => Err(format!("<{}> is not how a coverage summary begins", reading.root)),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Cobertura,
    JaCoCo,
    OpenCover,
    Clover,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Cobertura => "Cobertura",
            Self::JaCoCo => "JaCoCo",
            Self::OpenCover => "OpenCover",
            Self::Clover => "Clover",
        }
    }
}

#[derive(Default)]
struct Reading {
    format: Option<Format>,
    root: String,
    /// The elements that are open.
    path: Vec<String>,
    lines: Lines,
    package: String,
    file: String,
    /// OpenCover's numbers of files.
    files: HashMap<String, String>,
}

impl Reading {
    fn open(&mut self, tag: &Tag<'_>) {
        let name = tag.name();
        if self.path.is_empty() && self.format.is_none() {
            self.root.clone_from(&name);
            self.format = match name.as_str() {
                "coverage" if tag.get("clover").is_some() || tag.get("generated").is_some() => {
                    Some(Format::Clover)
                }
                "coverage" => Some(Format::Cobertura),
                "report" => Some(Format::JaCoCo),
                "CoverageSession" => Some(Format::OpenCover),
                _ => None,
            };
        }
        match self.format {
            // Clover's own root has nothing that Cobertura's has not, but its second element does.
            Some(Format::Cobertura) if name == "project" => self.format = Some(Format::Clover),
            Some(Format::Cobertura) => self.cobertura(&name, tag),
            Some(Format::JaCoCo) => self.jacoco(&name, tag),
            Some(Format::OpenCover) => self.open_cover(&name, tag),
            Some(Format::Clover) => self.clover(&name, tag),
            None => {}
        }
        self.path.push(name);
    }

    fn is_in(&self, names: &[&str]) -> bool {
        self.path.iter().rev().zip(names.iter().rev()).filter(|(one, other)| one == *other).count()
            == names.len()
    }

    fn cobertura(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "class" => self.file = tag.get("filename").unwrap_or_default(),
            // Lines of methods stand under their class once more.
            "line" if self.is_in(&["class", "lines"]) => {
                let Some(number) = tag.number("number") else { return };
                let is_run = tag.get("hits").is_some_and(|hits| hits.trim() != "0");
                let line = self.lines.file(&self.file).line(number, is_run);
                // `50% (1/2)`
                if let Some(written) = tag.get("condition-coverage")
                    && let Some((_, pair)) = written.split_once('(')
                    && let Some((taken, all)) = pair.trim_end_matches(')').split_once('/')
                    && let (Ok(taken), Ok(all)) = (taken.trim().parse(), all.trim().parse())
                {
                    line.branches(taken, all);
                }
            }
            _ => {}
        }
    }

    fn jacoco(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "package" => self.package = tag.get("name").unwrap_or_default(),
            "sourcefile" => {
                let file = tag.get("name").unwrap_or_default();
                let package = self.package.trim_matches('/');
                self.file = if package.is_empty() { file } else { format!("{package}/{file}") };
            }
            "counter" if self.is_in(&["sourcefile"]) => {
                let covered = tag.number("covered").unwrap_or_default();
                let all = covered + tag.number("missed").unwrap_or_default();
                let sums = &mut self.lines.file(&self.file).sums;
                match tag.get("type").as_deref() {
                    Some("LINE") => {
                        sums[0] += covered;
                        sums[1] += all;
                    }
                    Some("BRANCH") => {
                        sums[2] += covered;
                        sums[3] += all;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn open_cover(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "File" => {
                if let (Some(id), Some(path)) = (tag.get("uid"), tag.get("fullPath")) {
                    self.files.insert(id, path);
                }
            }
            "FileRef" => {
                let known = tag.get("uid").and_then(|id| self.files.get(&id).cloned());
                self.file = known.unwrap_or_default();
            }
            "SequencePoint" | "BranchPoint" => {
                let of_point = tag.get("fileid").and_then(|id| self.files.get(&id).cloned());
                let path = of_point.unwrap_or_else(|| self.file.clone());
                let Some(number) = tag.number("sl").filter(|_| !path.is_empty()) else { return };
                let is_run = tag.number("vc").unwrap_or_default() > 0;
                let file = self.lines.file(&path);
                if name == "SequencePoint" {
                    file.line(number, is_run);
                } else {
                    let line = file.lines.entry(number).or_default();
                    line.branches += 1;
                    line.taken += u64::from(is_run);
                }
            }
            _ => {}
        }
    }

    fn clover(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "file" => self.file = tag.get("path").or(tag.get("name")).unwrap_or_default(),
            "line" => {
                let Some(number) = tag.number("num") else { return };
                let count = |name: &str| tag.number(name).unwrap_or_default();
                let line_is_run = count("count") > 0;
                let kind = tag.get("type").unwrap_or_default();
                if kind == "cond" {
                    let (yes, no) = (count("truecount") > 0, count("falsecount") > 0);
                    let line = self.lines.file(&self.file).line(number, line_is_run || yes || no);
                    line.branches(u64::from(yes) + u64::from(no), 2);
                } else if kind != "method" {
                    self.lines.file(&self.file).line(number, line_is_run);
                }
            }
            _ => {}
        }
    }
}
