//! The names that a file declares: stages, jobs, steps, variables, parameters, resources.
//!
//! Found in one walk over the sketch. Names are compared ignoring case, as the service does.

use std::collections::HashMap;
use std::ops::Range;

use super::sketch::{Id, Kind, ROOT, Sketch};
use super::slots::{Slot, root_slot};
use crate::schema::{NameKind, Shape, Value, key};

/// A declared name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) kind: NameKind,
    pub(crate) name: String,
    /// The name's bytes, without quotes.
    pub(crate) range: Range<usize>,
    /// The pair that declares it.
    pub(crate) pair: Id,
    /// The item or mapping that it is the name of.
    pub(crate) owner: Id,
    /// The number of the stage or job that it is in, if it is a job or step.
    pub(crate) within: Option<usize>,
}

/// A variable that a script sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetVariable {
    pub(crate) name: String,
    pub(crate) range: Range<usize>,
    pub(crate) is_output: bool,
    /// The script's pair.
    pub(crate) pair: Id,
}

/// All names of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub(crate) declared: Vec<Declared>,
    pub(crate) set: Vec<SetVariable>,
    /// Items of lists, with the shape that their keys say.
    pub(crate) items: Vec<(Id, Shape)>,
    /// Stages, jobs and steps by the item they are.
    owners: HashMap<Id, usize>,
    /// Stages, jobs and steps by what they are in and their name in small letters.
    index: HashMap<(NameKind, Option<usize>, String), usize>,
}

impl Names {
    /// Reads a file's names.
    pub(crate) fn of(sketch: &Sketch<'_>) -> Self {
        let mut walk = Walk { sketch, names: Names::default() };
        walk.all();
        let mut names = walk.names;
        names.set = set_variables(sketch);
        names
    }

    /// Those of a kind.
    pub(crate) fn of_kind(&self, kind: NameKind) -> impl Iterator<Item = &Declared> {
        self.declared.iter().filter(move |known| known.kind == kind)
    }

    /// The first of a kind with a name.
    pub(crate) fn find(&self, kind: NameKind, name: &str) -> Option<usize> {
        self.declared.iter().position(|known| known.kind == kind && same(&known.name, name))
    }

    /// Those of a kind that are in a stage or job.
    pub(crate) fn within(
        &self,
        kind: NameKind,
        within: Option<usize>,
    ) -> impl Iterator<Item = (usize, &Declared)> {
        self.declared
            .iter()
            .enumerate()
            .filter(move |(_, known)| known.kind == kind && known.within == within)
    }

    /// A stage, or a job or step that is in a stage or job, by name.
    pub(crate) fn find_within(
        &self,
        kind: NameKind,
        within: Option<usize>,
        name: &str,
    ) -> Option<usize> {
        self.index.get(&(kind, within, name.to_ascii_lowercase())).copied()
    }

    /// The stage or job that a node is in.
    pub(crate) fn enclosing(&self, sketch: &Sketch<'_>, id: Id, kind: NameKind) -> Option<usize> {
        sketch
            .ancestors(id)
            .filter_map(|at| self.owners.get(&at).copied())
            .find(|at| self.declared[*at].kind == kind)
    }

    /// Outputs that steps of a job set: `step.variable`.
    pub(crate) fn outputs(&self, sketch: &Sketch<'_>, job: usize) -> Vec<String> {
        let steps: HashMap<Id, &str> = self
            .within(NameKind::Step, Some(job))
            .map(|(_, step)| (step.owner, step.name.as_str()))
            .collect();
        let mut found = Vec::new();
        for set in self.set.iter().filter(|set| set.is_output) {
            let step = sketch.ancestors(set.pair).find_map(|at| steps.get(&at));
            found.extend(step.map(|step| format!("{step}.{}", set.name)));
        }
        found
    }
}

/// Whether two names are the same to the service.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

struct Walk<'s, 't> {
    sketch: &'s Sketch<'t>,
    names: Names,
}

impl Walk<'_, '_> {
    fn all(&mut self) {
        // The slots of the nodes on the way down to the one at hand: what is in brackets has no
        // column, so the way is kept by parent.
        let mut way: Vec<(Id, Slot, Slot)> = vec![(ROOT, root_slot(), Slot::new())];
        for id in 1..self.sketch.nodes.len() {
            let parent = self.sketch.node(id).parent;
            while way.last().is_some_and(|(at, _, _)| *at != parent) {
                way.pop();
            }
            let Some((_, slot, list)) = way.last() else { return };
            self.take(id, slot.clone());
            if self.may_declare(slot) {
                let (slot, list) = self.sketch.below(slot, list, id);
                if let ([Value::Map(shape)], Kind::Item) = (&slot[..], self.sketch.node(id).kind) {
                    self.names.items.push((id, *shape));
                }
                way.push((id, slot, list));
            } else {
                way.push((id, Slot::new(), Slot::new()));
            }
        }
    }

    fn may_declare(&self, slot: &Slot) -> bool {
        slot.iter().any(|value| !value.is_scalar())
    }

    fn take(&mut self, id: Id, slot: Slot) {
        let sketch = self.sketch;
        if sketch.node(id).kind != Kind::Pair || sketch.is_directive(id) {
            return;
        }
        let name = sketch.key(id);
        for value in slot {
            match value {
                Value::Variables => {
                    let range = sketch.key_range(id);
                    self.add(NameKind::Variable, name, range, id, id);
                    return;
                }
                Value::MapOf(Value::Anything) => {
                    // The old form of parameters: names and defaults.
                    let range = sketch.key_range(id);
                    let above = sketch.mapping_above(sketch.node(id).parent);
                    if sketch.key(above) == "parameters" && sketch.node(above).parent == ROOT {
                        self.add(NameKind::Parameter, name, range, id, id);
                    }
                    return;
                }
                Value::Map(shape) => {
                    let declares = key(shape, name).and_then(|key| {
                        key.values.iter().find_map(|value| match value {
                            Value::Declares(kind) => Some(*kind),
                            _ => None,
                        })
                    });
                    if let Some(kind) = declares {
                        self.declare(kind, id);
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn declare(&mut self, kind: NameKind, id: Id) {
        let value = self.sketch.value(id);
        let is_item = matches!(kind, NameKind::Stage | NameKind::Job);
        if value.is_empty() && !is_item {
            return;
        }
        let owner = self.sketch.mapping_above(self.sketch.node(id).parent);
        let range = self.sketch.value_range(id);
        self.add(kind, value, range, id, owner);
    }

    fn add(&mut self, kind: NameKind, name: &str, range: Range<usize>, pair: Id, owner: Id) {
        let within = match kind {
            NameKind::Job | NameKind::Step => self
                .sketch
                .ancestors(self.sketch.node(owner).parent)
                .find_map(|at| self.names.owners.get(&at).copied()),
            _ => None,
        };
        let number = self.names.declared.len();
        if matches!(kind, NameKind::Stage | NameKind::Job | NameKind::Step) {
            self.names.owners.insert(owner, number);
            let key = (kind, within, name.to_ascii_lowercase());
            self.names.index.entry(key).or_insert(number);
        }
        let name = name.to_owned();
        self.names.declared.push(Declared { kind, name, range, pair, owner, within });
    }
}

/// `##vso[task.setvariable variable=name;isOutput=true]` in scripts.
fn set_variables(sketch: &Sketch<'_>) -> Vec<SetVariable> {
    const OPENING: &str = "##vso[task.setvariable ";
    let text = sketch.text;
    let mut found = Vec::new();
    for (at, _) in text.match_indices("##vso[") {
        let Some(head) = text.get(at..at + OPENING.len()) else { continue };
        if !head.eq_ignore_ascii_case(OPENING) {
            continue;
        }
        let start = at + OPENING.len();
        let rest = &text[start..];
        let Some(length) = rest.find([']', '\n']) else { continue };
        let (mut name, mut is_output) = (None, false);
        let mut from = start;
        for property in rest[..length].split(';') {
            let (key, value) = property.split_once('=').unwrap_or((property, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "variable" => {
                    let begin = from + key.len() + 1;
                    name = Some((value.trim().to_owned(), begin..begin + value.len()));
                }
                "isoutput" => is_output = value.trim().eq_ignore_ascii_case("true"),
                _ => {}
            }
            from += property.len() + 1;
        }
        if let Some((name, range)) = name.filter(|(name, _)| !name.is_empty()) {
            let pair = sketch.last_before(at);
            found.push(SetVariable { name, range, is_output, pair });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_what_they_are_in() {
        let text = "parameters:\n- name: p\n  default: x\nvariables:\n  a: 1\n  ${{ if x }}:\n    b: 2\nresources:\n  containers:\n  - container: box\n    image: x\nstages:\n- stage: S\n  variables:\n  - name: c\n    value: d\n  - ${{ if y }}:\n    - {name: e, value: f}\n  jobs:\n  - ${{ if z }}:\n    - job: J\n      steps:\n      - bash: |\n          echo \"##vso[task.setvariable variable=out;isOutput=true]v\"\n        name: st\n  - deployment: D\n    strategy:\n      runOnce:\n        deploy:\n          steps:\n          - script: x\n            name: q\n";
        let sketch = Sketch::new(text);
        let names = Names::of(&sketch);
        let shown: Vec<String> = names
            .declared
            .iter()
            .map(|known| {
                let within = known.within.map(|at| names.declared[at].name.as_str());
                assert_eq!(text.get(known.range.clone()), Some(known.name.as_str()), "the range");
                format!("{} {} {}", known.kind.word(), known.name, within.unwrap_or("-"))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "parameter p -",
                "variable a -",
                "variable b -",
                "container resource box -",
                "stage S -",
                "variable c -",
                "variable e -",
                "job J S",
                "step st J",
                "job D S",
                "step q D"
            ],
            "all names, also below directives and in brackets"
        );
        let job = names.find(NameKind::Job, "j").unwrap();
        assert_eq!(names.outputs(&sketch, job), ["st.out"], "outputs of the job's steps");
    }
}
