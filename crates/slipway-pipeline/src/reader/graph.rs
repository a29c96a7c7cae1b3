//! Names and dependencies of stages, jobs and steps (pipelines.md 10, 25).

use std::collections::HashMap;

use super::Reader;
use crate::diagnostic::Span;
use crate::hints::did_you_mean;
use crate::plan::{PlanJob, PlanStage};
use crate::tree::Place;

/// One stage or job, as the graph sees it.
struct Vertex<'a> {
    name: &'a str,
    depends_on: &'a [String],
    span: Span,
}

/// The words of a graph.
struct Words<'a> {
    /// `Stage`, `Job`, or `Stage X job`.
    what: String,
    /// `stage` or `job`.
    kind: &'a str,
    duplicate: Box<dyn Fn(&str) -> String + 'a>,
    no_root: String,
}

impl Reader<'_, '_> {
    pub(super) fn check_stages(&mut self, stages: &[PlanStage]) {
        let vertices: Vec<Vertex<'_>> = stages
            .iter()
            .map(|stage| Vertex {
                name: &stage.name,
                depends_on: &stage.depends_on,
                span: stage.span,
            })
            .collect();
        let words = Words {
            what: "Stage".to_owned(),
            kind: "stage",
            duplicate: Box::new(|name| {
                format!(
                    "The stage name {name} appears more than once. Stage names must be unique within a pipeline."
                )
            }),
            no_root: "The pipeline must contain at least one stage with no dependencies."
                .to_owned(),
        };
        self.check_graph(&vertices, &words);
    }

    pub(super) fn check_jobs(&mut self, jobs: &[PlanJob], stage: Option<&str>) {
        let vertices: Vec<Vertex<'_>> = jobs
            .iter()
            .map(|job| Vertex { name: &job.name, depends_on: &job.depends_on, span: job.span })
            .collect();
        let words = match stage {
            Some(stage) => Words {
                what: format!("Stage {stage} job"),
                kind: "job",
                duplicate: Box::new(move |name| {
                    format!(
                        "Stage {stage} job {name} appears more than once. Job names must be unique within a stage."
                    )
                }),
                no_root: format!(
                    "Stage {stage} must contain at least one job with no dependencies."
                ),
            },
            None => Words {
                what: "Job".to_owned(),
                kind: "job",
                duplicate: Box::new(|name| {
                    format!(
                        "The job name {name} appears more than once. Job names must be unique within a pipeline."
                    )
                }),
                no_root: "The pipeline must contain at least one job with no dependencies."
                    .to_owned(),
            },
        };
        self.check_graph(&vertices, &words);
    }

    pub(super) fn check_step_names(&mut self, job: &PlanJob) {
        let mut seen: HashMap<(Option<&str>, String), ()> = HashMap::new();
        for step in &job.steps {
            let Some(name) = &step.name else { continue };
            // Each hook is a job of its own.
            if seen.insert((step.hook.as_deref(), name.to_lowercase()), ()).is_some() {
                let message = format!(
                    "Job {}: The step name {name} appears more than once. Step names must be unique within a job.",
                    job.name
                );
                let hint = Some("Rename one of the two.".to_owned());
                self.report.error(place(step.span), "duplicate_name", message, hint);
            }
        }
    }

    fn check_graph(&mut self, vertices: &[Vertex<'_>], words: &Words<'_>) {
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for (at, vertex) in vertices.iter().enumerate() {
            if by_name.insert(vertex.name.to_lowercase(), at).is_some() {
                let hint = Some("Rename one of the two.".to_owned());
                let message = (words.duplicate)(vertex.name);
                self.report.error(place(vertex.span), "duplicate_name", message, hint);
            }
        }
        let mut edges: Vec<Vec<usize>> = Vec::new();
        for vertex in vertices {
            let mut known = Vec::new();
            for wanted in vertex.depends_on {
                match by_name.get(&wanted.to_lowercase()) {
                    Some(at) => known.push(*at),
                    None => {
                        let (what, kind) = (&words.what, words.kind);
                        let message =
                            format!("{what} {} depends on unknown {kind} {wanted}.", vertex.name);
                        let names = vertices.iter().map(|vertex| vertex.name);
                        let hint = did_you_mean(wanted, names);
                        self.report.error(place(vertex.span), "unknown_dependency", message, hint);
                    }
                }
            }
            edges.push(known);
        }
        let cycle = find_cycle(&edges);
        if let Some((from, to)) = cycle {
            let message = format!(
                "{} {} depends on {} {} which creates a cycle in the dependency graph.",
                words.what, vertices[from].name, words.kind, vertices[to].name
            );
            let hint = Some("Take one of the dependsOn out.".to_owned());
            self.report.error(place(vertices[from].span), "dependency_cycle", message, hint);
        }
        let has_root = vertices.iter().any(|vertex| vertex.depends_on.is_empty());
        if cycle.is_some() && !has_root {
            let hint = Some("Let one of them wait for nothing.".to_owned());
            let place = vertices.first().map_or_else(Place::default, |first| place(first.span));
            self.report.error(place, "dependency_cycle", words.no_root.clone(), hint);
        }
    }
}

/// The edge that closes a cycle. Done with a stack of its own: a file may have thousands of jobs.
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
                1 => return Some((*at, to)),
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

/// Plans hold spans of the one file there is.
fn place(span: Span) -> Place {
    Place { span, ..Place::default() }
}
