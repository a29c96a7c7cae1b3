//! What of a plan a run is to carry out; everything else is skipped and holds nothing up.
//!
//! Read by `slipway-api` from the words of a request, looked at by `timeline`. A stage that says
//! `isSkippable: false` is part of every choice. Deliberately not here: what cannot run (`support`).

use slipway_pipeline::plan::{Plan, PlanJob, PlanStage, PlanStep, PlanVariable};

use crate::error::RunnerError;
use crate::scope::{Before, StageScope};
use crate::support::{SkipTarget, job_of};
use crate::timeline::{JobShape, StageShape};

/// Stands with whatever was not chosen.
pub const NOT_CHOSEN: &str = "Skipped: not chosen for this run";

/// The stages, jobs and steps that were chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    targets: Vec<SkipTarget>,
    /// Stages that run though nobody chose them, because they cannot be left out.
    pub obliged: Vec<String>,
    /// Such as `only stage Build`.
    pub text: String,
}

impl Choice {
    /// Reads `stage`, `stage/job` or `stage/job/step`. A part that is empty is looked for everywhere; a step is
    /// its name, its display name or its place in the job, from 1. With `is_with_needed`, what they depend on
    /// is chosen too.
    pub fn of(plan: &Plan, words: &[String], is_with_needed: bool) -> Result<Self, RunnerError> {
        let mut targets: Vec<SkipTarget> = Vec::new();
        for word in words {
            let found = find(plan, word)?;
            if !targets.contains(&found) {
                targets.push(found);
            }
        }
        let mut text = said(plan, &targets);
        if is_with_needed {
            text.push_str(" with what it depends on");
            for target in targets.clone() {
                add_needed(plan, &target, &mut targets);
            }
        }
        let is_left = |stage: &&PlanStage| {
            !stage.is_skippable && !targets.iter().any(|it| same(&it.stage, &stage.name))
        };
        let obliged: Vec<String> =
            plan.stages.iter().filter(is_left).map(|stage| stage.name.clone()).collect();
        targets.extend(obliged.iter().map(|stage| whole(stage)));
        Ok(Self { targets, obliged, text })
    }

    /// True if something of the stage runs.
    pub(crate) fn has_stage(&self, stage: &str) -> bool {
        self.of_stage(stage).next().is_some()
    }

    /// True if something of the job, or of its leg, runs.
    pub(crate) fn has_job(&self, stage: &str, job: &str) -> bool {
        self.of_job(stage, job).next().is_some()
    }

    pub(crate) fn has_step(&self, stage: &str, job: &str, step: &str) -> bool {
        let mut of_job = self.of_job(stage, job);
        of_job.any(|it| it.step.as_deref().is_none_or(|own| same(own, step)))
    }

    /// True if all or a part of it runs.
    pub fn reaches(&self, target: &SkipTarget) -> bool {
        match (&target.job, &target.step) {
            (None, _) => self.has_stage(&target.stage),
            (Some(job), None) => self.has_job(&target.stage, job),
            (Some(job), Some(step)) => self.has_step(&target.stage, job, step),
        }
    }

    /// The plan without what was not chosen. To look at; a run gets the whole plan, which names what is skipped.
    pub fn part_of(&self, plan: &Plan) -> Plan {
        let mut part = plan.clone();
        part.stages.retain(|stage| self.has_stage(&stage.name));
        for stage in &mut part.stages {
            let name = stage.name.clone();
            stage.jobs.retain(|job| self.has_job(&name, &job.name));
            for job in &mut stage.jobs {
                let of = job.name.clone();
                job.steps.retain(|step| self.has_step(&name, &of, &step.reference));
            }
        }
        part
    }

    fn of_stage(&self, stage: &str) -> impl Iterator<Item = &SkipTarget> {
        self.targets.iter().filter(move |it| same(&it.stage, stage))
    }

    fn of_job(&self, stage: &str, job: &str) -> impl Iterator<Item = &SkipTarget> {
        self.of_stage(stage).filter(move |it| {
            let is_it = |own: &str| same(own, job) || same(own, job_of(job));
            it.job.as_deref().is_none_or(is_it)
        })
    }
}

/// What a text reads of names that were not chosen, said in a sentence.
pub(crate) fn reads_unchosen(text: &str, kind: &str, names: &[String]) -> Option<String> {
    let text = text.to_lowercase();
    let reads = |name: &&String| {
        let name = name.to_lowercase();
        [format!("dependencies.{name}."), format!("dependencies['{name}']")]
            .iter()
            .any(|word| text.contains(word))
    };
    let found: Vec<&str> = names.iter().filter(reads).map(String::as_str).collect();
    if found.is_empty() {
        return None;
    }
    let (what, were) =
        if found.len() == 1 { (kind.to_owned(), "was") } else { (format!("{kind}s"), "were") };
    let found = found.join(", ");
    Some(format!(
        "It reads {what} {found}, which {were} not chosen for this run: the outputs are empty."
    ))
}

/// A sentence with others behind it.
pub(crate) fn with_notes(text: String, notes: impl IntoIterator<Item = String>) -> String {
    notes.into_iter().fold(text, |text, note| format!("{text}. {note}"))
}

/// What a stage's own variables read of what was not chosen.
pub(crate) fn notes_of_stage(shape: &StageShape, before: &Before) -> Vec<String> {
    let note = |variable: &PlanVariable| {
        let note = reads_unchosen(&variable.value, "stage", &before.unchosen)?;
        Some(format!("The variable '{}': {note}", variable.name))
    };
    shape.plan.variables.iter().filter_map(note).collect()
}

/// What a job's variables, and those of its stage, read of what was not chosen.
pub(crate) fn notes_of_job(stage: &StageScope, shape: &JobShape, before: &Before) -> Vec<String> {
    let mut notes = stage.notes.clone();
    for variable in &shape.plan.variables {
        let of_stages = reads_unchosen(&variable.value, "stage", &stage.unchosen);
        let of_jobs = reads_unchosen(&variable.value, "job", &before.unchosen);
        let of_both = of_stages.into_iter().chain(of_jobs);
        notes.extend(of_both.map(|note| format!("The variable '{}': {note}", variable.name)));
    }
    notes
}

fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

fn whole(stage: &str) -> SkipTarget {
    SkipTarget { stage: stage.to_owned(), job: None, step: None }
}

fn find(plan: &Plan, word: &str) -> Result<SkipTarget, RunnerError> {
    let mut parts = word.splitn(3, '/').map(str::trim);
    let stage = parts.next().unwrap_or_default();
    let job = parts.next().filter(|part| !part.is_empty());
    let step = parts.next().filter(|part| !part.is_empty());
    let is_deep = job.is_some() || step.is_some();
    let stages: Vec<&PlanStage> = plan
        .stages
        .iter()
        .filter(|it| same(&it.name, stage) || (stage.is_empty() && is_deep))
        .collect();
    let mut found = Vec::new();
    let mut known = Vec::new();
    for stage in &stages {
        if !is_deep {
            found.push(whole(&stage.name));
            continue;
        }
        for it in &stage.jobs {
            let is_leg = |job: &str| {
                let legs = it.legs().iter();
                same(job_of(job), &it.name)
                    && legs.clone().any(|leg| same(job, &format!("{}.{}", it.name, leg.reference)))
            };
            let name = match job {
                Some(job) if same(job, &it.name) => it.name.clone(),
                Some(job) if is_leg(job) => job.to_owned(),
                Some(_) => {
                    known.push(it.name.clone());
                    continue;
                }
                None => it.name.clone(),
            };
            let target =
                |step| SkipTarget { stage: stage.name.clone(), job: Some(name.clone()), step };
            match step {
                None => found.push(target(None)),
                Some(step) => {
                    let steps = steps_of(it, step);
                    if steps.is_empty() {
                        known.extend(it.steps.iter().map(|own| own.display_name.clone()));
                    }
                    found.extend(steps.into_iter().map(|own| target(Some(own.reference.clone()))));
                }
            }
        }
    }
    if stages.is_empty() {
        known = plan.stages.iter().map(|stage| stage.name.clone()).collect();
    }
    match found.len() {
        0 => Err(RunnerError::ChoiceUnknown { word: shown_word(word), known }),
        1 => Ok(found.remove(0)),
        _ => Err(RunnerError::ChoiceSeveral {
            word: shown_word(word),
            places: found.iter().map(ToString::to_string).collect(),
        }),
    }
}

/// Without the places that were not said.
fn shown_word(word: &str) -> String {
    word.trim_start_matches('/').to_owned()
}

/// By name; else by display name; else by place.
fn steps_of<'a>(job: &'a PlanJob, word: &str) -> Vec<&'a PlanStep> {
    let by = |is_it: &dyn Fn(&PlanStep) -> bool| -> Vec<&'a PlanStep> {
        job.steps.iter().filter(|step| is_it(step)).collect()
    };
    let mut found = by(&|step| same(&step.reference, word));
    if found.is_empty() {
        found = by(&|step| same(step.display_name.trim(), word));
    }
    if found.is_empty() {
        let at = word.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
        found.extend(at.and_then(|at| job.steps.get(at)));
    }
    found
}

/// Jobs of its own stage that a job waits for, and whole stages that its stage waits for.
fn add_needed(plan: &Plan, target: &SkipTarget, targets: &mut Vec<SkipTarget>) {
    let find = |name: &str| plan.stages.iter().find(|stage| same(&stage.name, name));
    let mut stages = vec![target.stage.clone()];
    let mut at = 0;
    while at < stages.len() {
        let waits = find(&stages[at]).map(|stage| stage.depends_on.clone()).unwrap_or_default();
        at += 1;
        for name in waits {
            if !stages.iter().any(|known| same(known, &name)) {
                targets.push(whole(&name));
                stages.push(name);
            }
        }
    }
    let (Some(stage), Some(job)) = (find(&target.stage), &target.job) else { return };
    let mut jobs = vec![job_of(job).to_owned()];
    let mut at = 0;
    while at < jobs.len() {
        let job = stage.jobs.iter().find(|it| same(&it.name, &jobs[at]));
        at += 1;
        for name in job.map(|job| job.depends_on.clone()).unwrap_or_default() {
            if !jobs.iter().any(|known| same(known, &name)) {
                let (stage, job) = (stage.name.clone(), Some(name.clone()));
                targets.push(SkipTarget { stage, job, step: None });
                jobs.push(name);
            }
        }
    }
}

/// The choice as a person would say it.
fn said(plan: &Plan, targets: &[SkipTarget]) -> String {
    // A file without stages has one that nobody wrote.
    let is_written = |stage: &str| stage != "__default";
    let shown = |target: &SkipTarget| {
        let job = target.job.as_ref().filter(|job| *job != "__default");
        let mut parts: Vec<String> = Vec::new();
        if let Some(step) = &target.step {
            parts.push(format!("step \"{}\"", step_name(plan, target, step)));
        }
        parts.extend(job.map(|job| format!("job {job}")));
        if is_written(&target.stage) {
            parts.push(format!("stage {}", target.stage));
        }
        parts.join(" of ")
    };
    let is_stages = targets.iter().all(|it| it.job.is_none()) && targets.len() > 1;
    let words = if is_stages {
        let names: Vec<&str> = targets.iter().map(|it| it.stage.as_str()).collect();
        format!("stages {}", names.join(", "))
    } else {
        targets.iter().map(shown).collect::<Vec<_>>().join(" and ")
    };
    format!("only {words}")
}

fn step_name(plan: &Plan, target: &SkipTarget, reference: &str) -> String {
    let job = target.job.as_deref().map(job_of).unwrap_or_default();
    let stage = plan.stages.iter().find(|stage| same(&stage.name, &target.stage));
    let job = stage.and_then(|stage| stage.jobs.iter().find(|it| same(&it.name, job)));
    let step = job.and_then(|job| job.steps.iter().find(|step| same(&step.reference, reference)));
    step.map_or_else(|| reference.to_owned(), |step| step.display_name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_of_others_is_named() {
        let names = ["Build".to_owned(), "Test".to_owned()];
        let said = |text: &str| reads_unchosen(text, "stage", &names);
        assert_eq!(said("eq(variables.x, 'Build')"), None, "a word is not a dependency");
        let one = said("eq(stageDependencies.build.a.outputs['b.c'], 1)").unwrap_or_default();
        assert!(one.starts_with("It reads stage Build, which was not chosen"), "{one}");
        let two = said("and(dependencies['Build'].x, dependencies.Test.y)").unwrap_or_default();
        assert!(two.starts_with("It reads stages Build, Test, which were"), "{two}");
    }
}
