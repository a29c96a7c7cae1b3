//! Names and dependencies of stages and jobs (pipelines.md 10, 25).

use std::collections::{HashMap, HashSet};

use super::Reader;
use super::references::Reference;
use crate::tree::Place;

/// One stage or job, as the graph sees it.
pub(super) struct Vertex {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) depends_on: Vec<(String, Place)>,
    /// What its expressions read.
    pub(super) references: Vec<Reference>,
}

/// Which graph it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Level<'a> {
    Stages,
    /// Jobs of a stage; `None` in a file without stages.
    Jobs(Option<&'a str>),
}

impl Level<'_> {
    /// `Stage`, `Job`, or `Stage X job`.
    fn what(self) -> String {
        match self {
            Self::Stages => "Stage".to_owned(),
            Self::Jobs(None) => "Job".to_owned(),
            Self::Jobs(Some(stage)) => format!("Stage {stage} job"),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Stages => "stage",
            Self::Jobs(_) => "job",
        }
    }

    fn duplicate(self, name: &str) -> String {
        match self {
            Self::Stages => format!(
                "The stage name {name} appears more than once. Stage names must be unique within a pipeline."
            ),
            Self::Jobs(None) => format!(
                "The job name {name} appears more than once. Job names must be unique within a pipeline."
            ),
            Self::Jobs(Some(stage)) => format!(
                "Stage {stage} job {name} appears more than once. Job names must be unique within a stage."
            ),
        }
    }

    fn no_root(self) -> String {
        match self {
            Self::Stages => {
                "The pipeline must contain at least one stage with no dependencies.".to_owned()
            }
            Self::Jobs(None) => {
                "The pipeline must contain at least one job with no dependencies.".to_owned()
            }
            Self::Jobs(Some(stage)) => {
                format!("Stage {stage} must contain at least one job with no dependencies.")
            }
        }
    }
}

impl Reader<'_, '_> {
    pub(super) fn check_graph(&mut self, vertices: &[Vertex], level: Level<'_>) {
        let mut by_name: HashMap<String, usize> = HashMap::with_capacity(vertices.len());
        for (at, vertex) in vertices.iter().enumerate() {
            if by_name.insert(vertex.name.to_lowercase(), at).is_some() {
                let hint = Some("Rename one of the two.".to_owned());
                let message = level.duplicate(&vertex.name);
                self.report.error(vertex.place, "duplicate_name", message, hint);
            }
        }
        let mut edges: Vec<Vec<usize>> = Vec::with_capacity(vertices.len());
        for vertex in vertices {
            let mut known = Vec::with_capacity(vertex.depends_on.len());
            for (wanted, place) in &vertex.depends_on {
                match by_name.get(&wanted.to_lowercase()) {
                    Some(at) => known.push(*at),
                    None => {
                        let message = format!(
                            "{} {} depends on unknown {} {wanted}.",
                            level.what(),
                            vertex.name,
                            level.kind()
                        );
                        let names = vertices.iter().map(|vertex| vertex.name.as_str());
                        let hint = self.near(wanted, names);
                        self.report.error(*place, "unknown_dependency", message, hint);
                    }
                }
            }
            self.check_references(vertex, vertices, &by_name, level);
            edges.push(known);
        }
        self.check_cycle(vertices, &edges, level);
    }

    fn check_cycle(&mut self, vertices: &[Vertex], edges: &[Vec<usize>], level: Level<'_>) {
        let Some((from, next)) = find_cycle(edges) else { return };
        let to = edges[from][next];
        let message = format!(
            "{} {} depends on {} {} which creates a cycle in the dependency graph.",
            level.what(),
            vertices[from].name,
            level.kind(),
            vertices[to].name
        );
        let wanted = &vertices[to].name;
        let place = vertices[from]
            .depends_on
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map_or(vertices[from].place, |(_, place)| *place);
        let hint = Some("Take one of the dependsOn out.".to_owned());
        self.report.error(place, "dependency_cycle", message, hint);
        if !vertices.iter().any(|vertex| vertex.depends_on.is_empty()) {
            let hint = Some("Let one of them wait for nothing.".to_owned());
            let place = vertices.first().map_or_else(Place::default, |first| first.place);
            self.report.error(place, "dependency_cycle", level.no_root(), hint);
        }
    }

    /// Whoever reads a result or an output has to wait for it, or finds nothing.
    fn check_references(
        &mut self,
        vertex: &Vertex,
        vertices: &[Vertex],
        by_name: &HashMap<String, usize>,
        level: Level<'_>,
    ) {
        if vertex.references.is_empty() {
            return;
        }
        let waits: HashSet<String> =
            vertex.depends_on.iter().map(|(name, _)| name.to_lowercase()).collect();
        for found in &vertex.references {
            let name = &found.name;
            let folded = name.to_lowercase();
            if waits.contains(&folded) {
                continue;
            }
            let (what, kind) = (level.what(), level.kind());
            let (message, hint) = if by_name.contains_key(&folded) {
                (
                    format!(
                        "{what} {} reads {kind} {name}, but does not depend on it: the value is empty.",
                        vertex.name
                    ),
                    Some(format!("Add {name} to its dependsOn.")),
                )
            } else {
                let names = vertices.iter().map(|vertex| vertex.name.as_str());
                let hint = self.near(name, names);
                (format!("{what} {} reads unknown {kind} {name}.", vertex.name), hint)
            };
            self.report.warning(found.place, "missing_dependency", message, hint);
        }
    }
}

/// The edge that closes a cycle: from where, and which of its edges. Done with a stack of its own: a
/// file may have thousands of jobs.
fn find_cycle(edges: &[Vec<usize>]) -> Option<(usize, usize)> {
    // 0: not seen, 1: on the path, 2: done.
    let mut state = vec![0_u8; edges.len()];
    for start in 0..edges.len() {
        if state[start] != 0 {
            continue;
        }
        let mut path = vec![(start, 0)];
        state[start] = 1;
        while let Some((at, next)) = path.last_mut() {
            let Some(to) = edges[*at].get(*next).copied() else {
                state[*at] = 2;
                path.pop();
                continue;
            };
            *next += 1;
            match state[to] {
                1 => return Some((*at, *next - 1)),
                0 => {
                    state[to] = 1;
                    path.push((to, 0));
                }
                _ => {}
            }
        }
    }
    None
}
