//! `strategy:` of a job: a matrix with its legs, or slices of equal work (pipelines.md 11).

use std::collections::HashSet;

use super::Reader;
use super::conditions::Site;
use super::variables::variable;
use crate::expr::is_identifier;
use crate::plan::{PlanJob, PlanLeg, PlanStrategy, StrategyKind, is_late};
use crate::schema::{self, Shape};
use crate::tree::{Entry, Node, NodeValue, Place};

const MAX_LEGS: usize = 100;
const MAX_NAME: usize = 100;

impl Reader<'_, '_> {
    pub(super) fn strategy(&mut self, node: &Node, job: &mut PlanJob) {
        if let Some(entry) = node
            .entries()
            .unwrap_or_default()
            .iter()
            .find(|entry| schema::key(Shape::DeploymentStrategy, entry.key.as_str()).is_some())
        {
            self.misplaced(
                entry,
                "That is a strategy of a deployment: write deployment: for job:.",
            );
            return;
        }
        let entries = self.mapping(node, Shape::JobStrategy);
        self.multiply(&entries, job);
    }

    /// What multiplies a job, wherever the file writes it.
    pub(super) fn multiply(&mut self, entries: &[&Entry], job: &mut PlanJob) {
        let mut strategy = PlanStrategy {
            kind: StrategyKind::None,
            expression: None,
            max_parallel: None,
            legs: Vec::new(),
        };
        for entry in entries {
            let node = &entry.value;
            match entry.key.as_str() {
                "maxParallel" => {
                    strategy.max_parallel = self.late_number(node);
                    self.check_late(node, strategy.max_parallel.as_deref());
                }
                _ if strategy.kind != StrategyKind::None => {
                    self.misplaced(entry, "A job has a matrix or slices: keep one of the two.");
                }
                "matrix" => {
                    strategy.kind = StrategyKind::Matrix;
                    self.matrix(node, job, &mut strategy);
                }
                "parallel" => {
                    strategy.kind = StrategyKind::Parallel;
                    self.slices(node, job, &mut strategy);
                }
                _ => {}
            }
        }
        if strategy.kind != StrategyKind::None || strategy.max_parallel.is_some() {
            job.strategy = Some(strategy);
        }
    }

    fn check_late(&mut self, node: &Node, text: Option<&str>) {
        if let Some(text) = text {
            self.check_runtime(node, text, Site::JobProperty);
        }
    }

    fn matrix(&mut self, node: &Node, job: &PlanJob, strategy: &mut PlanStrategy) {
        if let NodeValue::Scalar(_) = node.value
            && let Some(text) = self.some_text(node)
        {
            if is_late(&text) {
                self.check_runtime(node, &text, Site::JobProperty);
                strategy.expression = Some(text);
            } else {
                let hint = Some("Write legs, or $[ ] with their JSON text.".to_owned());
                self.report.error(node.place, "wrong_type", "Expected a mapping", hint);
            }
            return;
        }
        let entries = self.any_mapping(node).unwrap_or_default();
        if self.has_too_many("matrix", entries.len(), node.place) {
            return;
        }
        let mut taken: HashSet<String> =
            entries.iter().map(|entry| entry.key.text.to_lowercase()).collect();
        for (at, entry) in entries.iter().enumerate() {
            let name = entry.key.text.to_string();
            let reference = if is_identifier(&name) && name.len() <= MAX_NAME {
                name.clone()
            } else {
                free_name(at + 1, &mut taken)
            };
            let variables = self
                .text_map(&entry.value)
                .into_iter()
                .map(|(name, value, place)| variable(&name, value, place))
                .collect();
            strategy.legs.push(PlanLeg {
                display_name: format!("{} {name}", job.display_name),
                name,
                reference,
                variables,
                span: entry.key_place.span,
                file: entry.key_place.source.0,
            });
        }
    }

    fn slices(&mut self, node: &Node, job: &PlanJob, strategy: &mut PlanStrategy) {
        let Some(text) = self.late_number(node) else { return };
        let Ok(count) = text.parse::<usize>() else {
            self.check_runtime(node, &text, Site::JobProperty);
            strategy.expression = Some(text);
            return;
        };
        if self.has_too_many("slicing", count, node.place) {
            return;
        }
        for position in 1..=count {
            strategy.legs.push(PlanLeg {
                name: format!("Job{position}"),
                reference: format!("Job{position}"),
                display_name: format!("{} {position}", job.display_name),
                variables: [
                    ("System.JobPositionInPhase", position),
                    ("System.TotalJobsInPhase", count),
                ]
                .into_iter()
                .map(|(name, number)| variable(name, number.to_string(), node.place))
                .collect(),
                span: node.place.span,
                file: node.place.source.0,
            });
        }
    }

    fn has_too_many(&mut self, what: &str, count: usize, place: Place) -> bool {
        if count <= MAX_LEGS {
            return false;
        }
        let message = format!(
            "The {what} expansion resulted in {count} jobs which exceeds the maximum allowable job count of {MAX_LEGS}."
        );
        let hint = Some("Let it make fewer jobs.".to_owned());
        self.report.error(place, "limit_exceeded", message, hint);
        true
    }
}

/// `Job1` and so on, one that nobody has.
pub(super) fn free_name(position: usize, taken: &mut HashSet<String>) -> String {
    named(position, "Job", taken)
}

/// A word and a number, which nobody has yet.
pub(super) fn named(mut position: usize, word: &str, taken: &mut HashSet<String>) -> String {
    loop {
        let name = format!("{word}{position}");
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        position += 1;
    }
}
