//! Names of steps within a job, written and made, and whether the job's target can run them.

use std::collections::{HashMap, HashSet};

use super::Reader;
use crate::plan::{PlanJob, PlanStep};
use crate::tree::{Place, SourceId};

/// Tasks that the service itself carries out.
const SERVER_TASKS: [&str; 7] = [
    "ManualValidation",
    "Delay",
    "InvokeRESTAPI",
    "AzureFunction",
    "PublishToAzureServiceBus",
    "QueryAzureMonitorAlerts",
    "QueryWorkItems",
];

fn is_server_task(task: &str) -> bool {
    SERVER_TASKS.iter().any(|known| known.eq_ignore_ascii_case(task))
}

fn place(step: &PlanStep) -> Place {
    Place { source: SourceId(step.file), span: step.span }
}

impl Reader<'_, '_> {
    /// Once all of a job is known.
    pub(super) fn finish_steps(&mut self, job: &mut PlanJob) {
        self.check_step_names(job);
        name_steps(&mut job.steps);
        self.check_target(job);
    }

    fn check_step_names(&mut self, job: &PlanJob) {
        let mut seen: HashSet<(Option<&str>, String)> = HashSet::new();
        for step in &job.steps {
            let Some(name) = &step.name else { continue };
            // Each hook is a job of its own.
            if !seen.insert((step.hook.as_deref(), name.to_lowercase())) {
                let message = format!(
                    "Job {}: The step name {name} appears more than once. Step names must be unique within a job.",
                    job.name
                );
                let hint = Some("Rename one of the two.".to_owned());
                self.report.error(place(step), "duplicate_name", message, hint);
            }
        }
    }

    /// Agents run no server tasks, and the server runs nothing else.
    fn check_target(&mut self, job: &PlanJob) {
        for step in &job.steps {
            let is_server_task = is_server_task(&step.task);
            if is_server_task == job.pool.is_server {
                continue;
            }
            // Nobody knows of a task that the catalogue does not have where it can run.
            let is_known = self.catalog.task(&step.task, step.version).is_some();
            if job.pool.is_server && step.kind == "task" && !is_known {
                continue;
            }
            let message = format!(
                "Job {}: Step {} references task '{}' at version '{}' which is not valid for the given job target.",
                job.name, step.reference, step.task, step.version
            );
            if job.pool.is_server {
                let hint = Some("Put it into a job with an agent pool.".to_owned());
                self.report.error(place(step), "wrong_job_target", message, hint);
            } else {
                // Azure refuses it; here there is no service, and the step can run as well.
                let hint = Some("Azure runs it in a job with pool: server only.".to_owned());
                self.report.warning(place(step), "wrong_job_target", message, hint);
            }
        }
    }
}

/// Steps without a name get the task's, and a number when it is taken: `CmdLine`, `CmdLine1`…
fn name_steps(steps: &mut [PlanStep]) {
    let mut taken: HashSet<String> = steps
        .iter()
        .filter_map(|step| step.name.as_ref())
        .map(|name| name.to_lowercase())
        .collect();
    let mut next: HashMap<String, usize> = HashMap::new();
    for step in steps {
        if let Some(name) = &step.name {
            step.reference.clone_from(name);
            continue;
        }
        let word = step.task.rsplit('.').next().unwrap_or_default();
        let word: String =
            word.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let number = next.entry(word.to_lowercase()).or_default();
        loop {
            let name = if *number == 0 { word.clone() } else { format!("{word}{number}") };
            *number += 1;
            if taken.insert(name.to_lowercase()) {
                step.reference = name;
                break;
            }
        }
    }
}
