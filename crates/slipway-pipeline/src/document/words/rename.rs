//! Renaming what is referred to: the name, and every use of it in the file, as one step.

use std::ops::Range;

use super::place::{JOB_KEYS, items, list, stage_list};
use super::references::{Found, Haystack, Link, find};
use crate::document::change::TextChange;
use crate::document::draft::{Step, View};
use crate::document::error::EditError;
use crate::document::part::Part;
use crate::document::shape::Shape;
use crate::tree::ScalarStyle;

/// Where a scalar stands.
#[derive(Debug, Clone, Default)]
pub(in crate::document) struct Site<'t> {
    /// The name of the stage around it.
    pub(in crate::document) stage: Option<&'t str>,
    /// True below the jobs of a stage.
    pub(in crate::document) is_in_job: bool,
    /// Below `dependsOn` of a stage or job.
    pub(in crate::document) is_dependency: bool,
    /// The value of `condition`.
    pub(in crate::document) is_condition: bool,
    /// The entry and item numbers that lead there.
    pub(in crate::document) path: Vec<usize>,
}

impl Site<'_> {
    /// True in the stage of that name; for none, in a file without stages.
    pub(in crate::document) fn is_of(&self, stage: Option<&str>) -> bool {
        match (self.stage, stage) {
            (Some(own), Some(stage)) => own.eq_ignore_ascii_case(stage),
            (None, None) => true,
            _ => false,
        }
    }
}

/// What to put where, for one scalar.
pub(in crate::document) trait Rule {
    /// The replacements within the text of a scalar, given all names in it.
    fn names(&self, site: &Site<'_>, found: &Found<'_>, quote: &str)
    -> Vec<(Range<usize>, String)>;

    /// The whole new text, when the scalar itself is the name.
    fn whole(&self, site: &Site<'_>, text: &str) -> Option<String>;
}

/// Renames in all scalars and `${{ }}` keys of the file.
pub(in crate::document) fn rename(view: &View<'_>, rule: &dyn Rule) -> Result<Step, EditError> {
    let mut walk = Walk {
        view,
        rule,
        changes: Vec::new(),
        expected: view.shape(),
        stages: stage_list(&view.root).map(|list| items(&view.root, &list)).unwrap_or_default(),
        jobs: Vec::new(),
    };
    let owners = walk.stages.iter().cloned().chain([Vec::new()]);
    walk.jobs = owners
        .filter_map(|owner| list(&view.root, &owner, &["jobs", "phases"]))
        .flat_map(|list| items(&view.root, &list))
        .collect();
    walk.stages.sort();
    walk.jobs.sort();
    let implicit =
        view.root.get("steps").is_some() && walk.stages.is_empty() && walk.jobs.is_empty();
    let site = Site { is_in_job: implicit, ..Site::default() };
    walk.part(&view.root, site);
    Ok(Step { changes: walk.changes, expected: walk.expected, removed: Vec::new() })
}

struct Walk<'a, 't> {
    view: &'a View<'t>,
    rule: &'a dyn Rule,
    changes: Vec<TextChange>,
    expected: Shape,
    stages: Vec<Vec<usize>>,
    jobs: Vec<Vec<usize>>,
}

impl<'t> Walk<'_, 't> {
    // The depth is that of the tree, which its reader limits.
    fn part(&mut self, part: &Part<'t>, mut site: Site<'t>) {
        if self.stages.binary_search(&site.path).is_ok() {
            site.stage = part.get("stage").and_then(Part::text);
        }
        let is_job = self.jobs.binary_search(&site.path).is_ok();
        site.is_in_job |= is_job;
        if part.scalar().is_some() {
            self.value(part, &site);
        }
        let is_owner = is_job || self.stages.binary_search(&site.path).is_ok();
        for (index, child) in part.children.iter().enumerate() {
            let mut inner = site.clone();
            inner.path.push(index);
            if let Some(key) = child.key_text() {
                inner.is_dependency |= is_owner && key == "dependsOn";
                inner.is_condition = key == "condition";
                self.key(child, &inner);
            }
            self.part(child, inner);
        }
    }

    fn value(&mut self, part: &Part<'t>, site: &Site<'t>) {
        let Some(scalar) = part.scalar() else { return };
        let raw = match (&part.body, scalar.style) {
            (Some(body), _) => body.clone(),
            (None, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
                if part.end > part.value + 1 =>
            {
                part.value + 1..part.end - 1
            }
            _ => part.value..part.end,
        };
        let quote = if scalar.style == ScalarStyle::SingleQuoted { "''" } else { "'" };
        let text = scalar.as_str();
        if let Some(new) = self.rule.whole(site, text) {
            self.changes.push(TextChange::new(raw.start, raw.end, new.clone()));
            self.expect(&site.path, new);
            return;
        }
        let names = self.replacements(site, text, "'", site.is_condition);
        if names.is_empty() {
            return;
        }
        self.expect(&site.path, replaced(text, &names));
        let raw_text = &self.view.lines.text[raw.clone()];
        for (range, new) in self.replacements(site, raw_text, quote, site.is_condition) {
            self.changes.push(TextChange::new(raw.start + range.start, raw.start + range.end, new));
        }
    }

    /// `${{ if eq(parameters.a, 'b') }}` as a key.
    fn key(&mut self, part: &Part<'t>, site: &Site<'t>) {
        let Some(entry) = part.key.filter(|entry| entry.key.has_code()) else { return };
        let quote = if entry.key.style == ScalarStyle::SingleQuoted { "''" } else { "'" };
        let names = self.replacements(site, entry.key.as_str(), "'", false);
        if names.is_empty() {
            return;
        }
        let new = replaced(entry.key.as_str(), &names);
        if let Some((index, above)) = site.path.split_last()
            && let Some(Shape::Map(entries)) = self.expected.at(above)
        {
            entries[*index].0 = new.into();
        }
        let span = entry.key_place.span;
        let raw = &self.view.lines.text[span.start..span.end];
        for (range, new) in self.replacements(site, raw, quote, false) {
            self.changes.push(TextChange::new(
                span.start + range.start,
                span.start + range.end,
                new,
            ));
        }
    }

    fn expect(&mut self, path: &[usize], text: String) {
        if let Some(shape) = self.expected.at(path) {
            *shape = Shape::Text(text.into());
        }
    }

    fn replacements(
        &self,
        site: &Site<'t>,
        text: &str,
        quote: &str,
        is_expression: bool,
    ) -> Vec<(Range<usize>, String)> {
        let mut all: Vec<(Range<usize>, String)> = find(Haystack { text, quote, is_expression })
            .iter()
            .flat_map(|found| self.rule.names(site, found, quote))
            .collect();
        all.sort_by_key(|(range, _)| range.start);
        all.dedup();
        all
    }
}

fn replaced(text: &str, names: &[(Range<usize>, String)]) -> String {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for (range, name) in names {
        new.push_str(&text[at..range.start]);
        new.push_str(name);
        at = range.end;
    }
    new.push_str(&text[at..]);
    new
}

/// A link with another name: in brackets when a dot cannot stand before it.
pub(in crate::document) fn link(link: &Link<'_>, to: &str, quote: &str) -> (Range<usize>, String) {
    match &link.dotted {
        Some(dotted) if !crate::expr::is_identifier(to) => {
            (dotted.clone(), format!("[{quote}{to}{quote}]"))
        }
        _ => (link.range.clone(), to.to_owned()),
    }
}

/// `old.rest` as `new.rest`.
pub(in crate::document) fn prefix(
    link: &Link<'_>,
    old: &str,
    to: &str,
) -> Option<(Range<usize>, String)> {
    let head = link.text.get(..old.len())?;
    let rest = &link.text[old.len()..];
    let is_it = head.eq_ignore_ascii_case(old) && rest.starts_with('.');
    is_it.then(|| (link.range.start..link.range.start + old.len(), to.to_owned()))
}

/// True for `succeeded`, `failed` and the like.
pub(in crate::document) fn is_status(name: &str) -> bool {
    ["succeeded", "failed", "succeededOrFailed"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// The names that open a job, for those who look for its item.
pub(in crate::document) fn opens_job(part: &Part<'_>) -> Option<&'static str> {
    JOB_KEYS.into_iter().find(|key| part.get(key).is_some())
}

/// True for the same name, whatever the case.
pub(in crate::document) fn is_same(link: &Link<'_>, name: &str) -> bool {
    link.text.eq_ignore_ascii_case(name)
}
