//! Inside expressions and macros: functions, named values, variables, parameters, dependencies.

use std::ops::Range;

use super::{Completer, CompletionKind};
use crate::assist::expression::{Open, Scan, Site, scan};
use crate::assist::help;
use crate::assist::names::{Names, same};
use crate::assist::sketch::Id;
use crate::expr::ExpressionPlace;
use crate::schema::{NameKind, PREDEFINED, Shape, Value};

const RESULTS: [&str; 5] = ["Succeeded", "SucceededWithIssues", "Failed", "Canceled", "Skipped"];
const REASONS: [&str; 7] = [
    "Manual",
    "IndividualCI",
    "BatchedCI",
    "Schedule",
    "PullRequest",
    "ResourceTrigger",
    "BuildCompletion",
];

/// Something to offer: label, detail, documentation.
type Offer = (String, String, String);

impl Completer<'_, '_> {
    /// What an expression may go on with. `node` is where it stands.
    pub(super) fn expression(&mut self, site: Site, range: &Range<usize>, node: Id, is_key: bool) {
        let sketch = self.sketch;
        let start = range.start.min(self.offset);
        let typed = &sketch.text[start..self.offset];
        let scan = scan(typed, start);
        let from = scan.from.min(self.offset);
        let is_quoted = sketch.text[..from].ends_with('\'');
        let tail = sketch.text[self.offset..range.end.max(self.offset)].chars();
        let is_part = |letter: &char| {
            letter.is_alphanumeric() || *letter == '_' || (is_quoted && ".- ".contains(*letter))
        };
        let tail: usize = tail.take_while(is_part).map(char::len_utf8).sum();
        let replace = from..self.offset + tail;
        match scan.open {
            Open::Name => {
                if is_key && typed.trim_start().chars().all(char::is_alphanumeric) {
                    for word in ["if", "elseif", "else", "each", "insert"] {
                        self.push(CompletionKind::Word, word, "directive", &replace);
                    }
                }
                self.functions(self.place(site, node), &replace);
            }
            Open::Text => self.texts(&scan, &replace, node),
            Open::Part => self.parts(site, &scan, &replace, is_quoted, node),
        }
    }

    /// Where an expression stands, to the checker's eye.
    fn place(&self, site: Site, node: Id) -> ExpressionPlace {
        let sketch = self.sketch;
        let shape = |id: Id| sketch.schema_key(id).map(|(shape, _)| shape);
        match site {
            Site::Template => ExpressionPlace::Template,
            Site::Condition => match shape(node) {
                Some(Shape::Stage) => ExpressionPlace::StageCondition,
                Some(Shape::Job | Shape::Deployment | Shape::Phase) => {
                    ExpressionPlace::JobCondition
                }
                _ => ExpressionPlace::StepCondition,
            },
            Site::Runtime => {
                let mut above = sketch.ancestors(node);
                let variables =
                    above.find(|id| sketch.is_pair(*id) && sketch.key(*id) == "variables");
                match variables.map(shape) {
                    Some(Some(Shape::Root)) => ExpressionPlace::RootVariable,
                    Some(Some(Shape::Stage)) => ExpressionPlace::StageVariable,
                    Some(_) => ExpressionPlace::JobVariable,
                    None => ExpressionPlace::JobProperty,
                }
            }
        }
    }

    fn functions(&mut self, place: ExpressionPlace, replace: &Range<usize>) {
        for value in place.names() {
            let completion = self.push(CompletionKind::Word, value.name, "", replace);
            completion.documentation = value.help.to_owned();
        }
        for function in place.functions() {
            let has_arguments = function.most_at(place) > 0;
            let completion =
                self.push(CompletionKind::Function, function.name, function.signature, replace);
            completion.insert =
                format!("{}{}", function.name, if has_arguments { "($0)" } else { "()" });
            completion.documentation = help::of_function(function);
        }
    }

    /// In a quoted text: names for status functions, words for what is compared.
    fn texts(&mut self, scan: &Scan, replace: &Range<usize>, node: Id) {
        let sketch = self.sketch;
        let call = scan.calls.last().map(|(name, _)| name.to_lowercase()).unwrap_or_default();
        if matches!(call.as_str(), "succeeded" | "failed" | "succeededorfailed") {
            let names = self.names().clone();
            for offer in dependable(&names, sketch, node) {
                self.push(CompletionKind::Name, offer, "", replace);
            }
            return;
        }
        let compared = scan.chains.last().and_then(|chain| chain.parts.last());
        let words: &[&str] = match compared.map(|part| part.text.to_lowercase()).as_deref() {
            Some("result") => &RESULTS,
            Some("build.reason") => &REASONS,
            Some("agent.os") => &["Linux", "Darwin", "Windows_NT"],
            Some("agent.jobstatus") => &RESULTS[..4],
            Some("system.hosttype") => &["build"],
            _ => &[],
        };
        for word in words {
            self.push(CompletionKind::Word, *word, "", replace);
        }
    }

    /// A part of a chain: `variables.…`, `dependencies.….…`.
    fn parts(
        &mut self,
        site: Site,
        scan: &Scan,
        replace: &Range<usize>,
        is_quoted: bool,
        node: Id,
    ) {
        let Some(chain) = scan.chains.last() else { return };
        let is_begun = chain.parts.last().is_some_and(|part| part.range.start == scan.from);
        let complete = chain.parts.len() - usize::from(is_begun);
        let before: Vec<&str> =
            chain.parts[..complete].iter().map(|part| part.text.as_str()).collect();
        let kind = match before.first().map(|first| first.to_lowercase()).as_deref() {
            Some("variables") => CompletionKind::Variable,
            Some("parameters") => CompletionKind::Parameter,
            _ => CompletionKind::Name,
        };
        let names = self.names().clone();
        for (label, detail, documentation) in self.offers(&names, site, &before, node) {
            let is_identifier =
                label.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
            let completion = self.push(kind, &label, detail, replace);
            completion.documentation = documentation;
            // `variables.Build.Reason` asks for something else: such a name goes in brackets.
            if !is_quoted && !is_identifier {
                completion.insert = format!("['{label}']");
                completion.replace.start = replace.start.saturating_sub(1);
            }
        }
    }

    fn offers(&self, names: &Names, site: Site, before: &[&str], node: Id) -> Vec<Offer> {
        let sketch = self.sketch;
        let plain = |name: &str| (name.to_owned(), String::new(), String::new());
        let first = before.first().map(|first| first.to_lowercase()).unwrap_or_default();
        match (first.as_str(), before.len()) {
            ("variables", 1) => variables(names, sketch, site == Site::Template),
            ("parameters", 1) => names
                .of_kind(NameKind::Parameter)
                .map(|known| {
                    let kind = sketch.child(known.owner, "type").map_or("", |at| sketch.value(at));
                    (known.name.clone(), kind.to_owned(), String::new())
                })
                .collect(),
            ("pipeline", 1) => vec![plain("startTime")],
            ("dependencies", 1) => {
                dependable(names, sketch, node).iter().map(|name| plain(name)).collect()
            }
            ("dependencies", 2) | ("stagedependencies", 3) => {
                vec![plain("result"), plain("outputs")]
            }
            ("dependencies", 3) => {
                let in_stage = names.enclosing(sketch, node, NameKind::Job).is_none();
                let jobs: Vec<usize> = if in_stage {
                    let stage = names.find(NameKind::Stage, before[1]);
                    names.within(NameKind::Job, stage).map(|(at, _)| at).collect()
                } else {
                    let stage = names.enclosing(sketch, node, NameKind::Stage);
                    names.find_within(NameKind::Job, stage, before[1]).into_iter().collect()
                };
                outputs(names, sketch, &jobs, in_stage)
            }
            ("stagedependencies", 1) => {
                let own = names.enclosing(sketch, node, NameKind::Stage);
                let others = names.within(NameKind::Stage, None);
                others
                    .filter(|(at, _)| Some(*at) != own)
                    .map(|(_, known)| plain(&known.name))
                    .collect()
            }
            ("stagedependencies", 2) => {
                let stage = names.find(NameKind::Stage, before[1]);
                names.within(NameKind::Job, stage).map(|(_, known)| plain(&known.name)).collect()
            }
            ("stagedependencies", 4) => {
                let stage = names.find(NameKind::Stage, before[1]);
                let job = names.find_within(NameKind::Job, stage, before[2]);
                outputs(names, sketch, &job.into_iter().collect::<Vec<_>>(), false)
            }
            _ => Vec::new(),
        }
    }

    /// Names for `$(…)`.
    pub(super) fn macro_names(&mut self, range: Range<usize>, node: Id) {
        let sketch = self.sketch;
        let is_closed = sketch.text[range.end..].starts_with(')');
        let names = self.names().clone();
        let mut offers = variables(&names, sketch, false);
        if let Some(job) = names.enclosing(sketch, node, NameKind::Job) {
            offers.extend(outputs(&names, sketch, &[job], false));
        }
        if sketch.slot(node).contains(&Value::RunNumber) {
            for token in ["Date:yyyyMMdd", "Rev:r", "SourceBranchName", "BuildDefinitionName"] {
                offers.insert(0, (token.to_owned(), "run number".to_owned(), String::new()));
            }
        }
        for (label, detail, documentation) in offers {
            let completion = self.push(CompletionKind::Variable, label, detail, &range);
            completion.documentation = documentation;
            if !is_closed {
                completion.insert.push(')');
            }
        }
    }
}

/// Variables of the file and predefined ones.
fn variables(
    names: &Names,
    sketch: &crate::assist::sketch::Sketch<'_>,
    is_early: bool,
) -> Vec<Offer> {
    let mut found: Vec<Offer> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for known in names.of_kind(NameKind::Variable) {
        if seen.insert(known.name.to_lowercase()) {
            let value = value_of(sketch, known.owner, known.pair);
            found.push((known.name.clone(), value, String::new()));
        }
    }
    if !is_early {
        for set in &names.set {
            if !set.is_output && seen.insert(set.name.to_lowercase()) {
                found.push((set.name.clone(), "set by a script".to_owned(), String::new()));
            }
        }
    }
    for known in PREDEFINED.iter().filter(|known| known.is_compile_time || !is_early) {
        if seen.insert(known.name.to_lowercase()) {
            let documentation = help::of_predefined(known);
            found.push((known.name.to_owned(), "predefined".to_owned(), documentation));
        }
    }
    found
}

/// The value that a declaration of a variable gives.
pub(crate) fn value_of(sketch: &crate::assist::sketch::Sketch<'_>, owner: Id, pair: Id) -> String {
    let value = if owner == pair { Some(pair) } else { sketch.child(owner, "value") };
    let text = value.map_or("", |at| sketch.value(at));
    text.lines().next().unwrap_or_default().chars().take(80).collect()
}

/// What the stage or job at a node may depend on.
fn dependable(names: &Names, sketch: &crate::assist::sketch::Sketch<'_>, node: Id) -> Vec<String> {
    let own = names.enclosing(sketch, node, NameKind::Job);
    let stage = names.enclosing(sketch, node, NameKind::Stage);
    let known: Vec<&str> = match own {
        Some(own) => names
            .within(NameKind::Job, stage)
            .filter(|(at, _)| *at != own)
            .map(|(_, known)| known.name.as_str())
            .collect(),
        None => names
            .of_kind(NameKind::Stage)
            .filter(|known| stage.is_none_or(|at| !same(&names.declared[at].name, &known.name)))
            .map(|known| known.name.as_str())
            .collect(),
    };
    known.into_iter().filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn outputs(
    names: &Names,
    sketch: &crate::assist::sketch::Sketch<'_>,
    jobs: &[usize],
    with_job: bool,
) -> Vec<Offer> {
    let mut found = Vec::new();
    for job in jobs {
        for output in names.outputs(sketch, *job) {
            let prefix =
                if with_job { format!("{}.", names.declared[*job].name) } else { String::new() };
            found.push((format!("{prefix}{output}"), "output".to_owned(), String::new()));
        }
    }
    found
}
