//! `strategy:` of a job. A matrix becomes one job per leg, named `Job.leg`; the dot cannot occur in a
//! name that a file writes, so whoever reads the plan can tell legs from jobs.

use super::Reader;
use crate::plan::{PlanJob, PlanVariable};
use crate::tree::{Node, NodeValue};

const MAX_LEGS: usize = 100;

impl Reader<'_, '_> {
    /// The job itself, or its legs.
    pub(super) fn legs(&mut self, job: PlanJob, strategy: Option<&Node>) -> Vec<PlanJob> {
        let Some(strategy) = strategy.filter(|strategy| !strategy.is_null()) else {
            return vec![job];
        };
        let mut matrix = None;
        for entry in self.mapping(strategy, &["matrix", "maxParallel", "parallel"]) {
            match entry.key.as_str() {
                "matrix" => matrix = Some(&entry.value),
                "parallel" => self.report.not_yet(
                    entry.key_place,
                    "Slicing a job (parallel:) is",
                    "Use a matrix with one leg per slice.",
                ),
                _ => {
                    let message = "maxParallel is read, but the legs run as many at a time as the runner allows.";
                    self.report.warning(entry.key_place, "not_supported_yet", message, None);
                }
            }
        }
        let Some(matrix) = matrix else { return vec![job] };
        if let NodeValue::Scalar(_) = matrix.value
            && !matrix.is_null()
        {
            let what = "A matrix that is known only during a run is";
            self.report.not_yet(matrix.place, what, "Write the legs into the file.");
            return vec![job];
        }
        let entries = self.any_mapping(matrix).unwrap_or_default();
        if entries.len() > MAX_LEGS {
            let message = format!(
                "The matrix expansion resulted in {} jobs which exceeds the maximum allowable job count of {MAX_LEGS}.",
                entries.len()
            );
            let hint = Some("Give the matrix fewer legs.".to_owned());
            self.report.error(matrix.place, "limit_exceeded", message, hint);
            return vec![job];
        }
        // Without legs the job runs once.
        if entries.is_empty() {
            return vec![job];
        }
        let mut legs = Vec::new();
        for entry in entries {
            let mut leg = job.clone();
            let name = &entry.key.text;
            leg.name = format!("{}.{name}", job.name);
            leg.display_name = format!("{} {name}", job.display_name);
            leg.span = entry.key_place.span;
            for (name, value, place) in self.text_map(&entry.value) {
                leg.variables.retain(|variable| !variable.name.eq_ignore_ascii_case(&name));
                let span = place.span;
                leg.variables.push(PlanVariable { name, value, is_readonly: false, span });
            }
            legs.push(leg);
        }
        legs
    }

    /// Whoever waits for a matrix job waits for each of its legs.
    pub(super) fn with_all_legs(&mut self, mut jobs: Vec<PlanJob>) -> Vec<PlanJob> {
        let names: Vec<String> = jobs.iter().map(|job| job.name.clone()).collect();
        for job in &mut jobs {
            job.depends_on = job
                .depends_on
                .iter()
                .flat_map(|wanted| {
                    let legs: Vec<String> = names
                        .iter()
                        .filter(|name| {
                            name.split_once('.')
                                .is_some_and(|(base, _)| base.eq_ignore_ascii_case(wanted))
                        })
                        .cloned()
                        .collect();
                    if legs.is_empty() { vec![wanted.clone()] } else { legs }
                })
                .collect();
        }
        jobs
    }
}
