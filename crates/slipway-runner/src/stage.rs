//! One stage: its condition, its variables, its jobs side by side.
//!
//! Called by `run`. What has to hold before it starts is `checks::gate`'s. Deliberately not here: what a job does.

use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use slipway_core::RunResult;
use slipway_pipeline::DEFAULT_CONDITION;

use crate::checks::gate::{Gate, pass};
use crate::choice::{notes_of_stage, reads_unchosen, with_notes};
use crate::earlier::Keeping;
use crate::error::RunnerError;
use crate::expression::{
    Dependency, dependencies_value, stage_dependencies_value, with_legs_joined,
};
use crate::graph::{Ended, Ends, Graph};
use crate::groups::groups_of;
use crate::job::{JobEnd, run_job, skip_job};
use crate::recorder::Recorder;
use crate::result::merge;
use crate::scope::{Before, RunScope, Sight, StageScope, add_variables};
use crate::skip::{CANCELED, reason};
use crate::timeline::StageShape;
use crate::variables::Variables;

/// How a stage ended.
#[derive(Debug)]
pub(crate) struct StageEnd {
    pub(crate) result: RunResult,
    pub(crate) issue: Option<String>,
    pub(crate) jobs: Vec<Dependency>,
    /// It stands as an earlier attempt left it, or as the user's choice does.
    pub(crate) is_kept: bool,
}

impl Ended for StageEnd {
    fn result(&self) -> RunResult {
        self.result
    }

    fn lost(message: String) -> Self {
        let issue = Some(format!("A stage ended for a reason of Slipway's own: {message}."));
        Self { result: RunResult::Failed, issue, jobs: Vec::new(), is_kept: false }
    }
}

/// Decides whether a stage runs, and runs it.
pub(crate) async fn run_stage(
    run: Arc<RunScope>,
    shape: Arc<StageShape>,
    before: Before,
    jobs_before: Vec<(String, Vec<Dependency>)>,
) -> StageEnd {
    let stage_dependencies = stage_dependencies_value(&jobs_before);
    let mut variables = run.variables.clone();
    let sight = Sight {
        dependencies: Some(dependencies_value(before.direct.iter())),
        stage_dependencies: Some(stage_dependencies.clone()),
        ..run.sight()
    };
    let groups = groups_of(run.host.as_ref(), &run.masker, &shape.plan.variable_groups).await;
    let written = &shape.plan.variables;
    let added = match groups {
        Ok(groups) => add_variables(&mut variables, written, &groups, &sight).await,
        Err(error) => Err(error),
    };
    let keeping = Keeping::of(&run, &shape, &before);
    let is_whole = keeping.as_ref().is_some_and(|keeping| keeping.is_whole);
    let decided = added.and_then(|()| {
        if is_whole { Ok(None) } else { decide(&run, &shape, &variables, &before, &sight) }
    });
    let skipped = match decided {
        Ok(skipped) => skipped,
        Err(error) => return fail_stage(&run, &shape, &error.to_string()).await,
    };
    if let Some(reason) = skipped {
        return end_unstarted(&run, &shape, RunResult::Skipped, &reason).await;
    }
    // Nobody is asked about what is kept.
    let asked =
        if is_whole { Ok(Gate::Open(Vec::new())) } else { pass(&run, &shape, &variables).await };
    let locks = match asked {
        Ok(Gate::Open(locks)) => locks,
        Ok(Gate::Skipped(reason)) => {
            return end_unstarted(&run, &shape, RunResult::Skipped, &reason).await;
        }
        Ok(Gate::Canceled(reason)) => {
            return end_unstarted(&run, &shape, RunResult::Canceled, &reason).await;
        }
        Ok(Gate::Failed(reason)) => return fail_stage(&run, &shape, &reason).await,
        Err(error) => return fail_stage(&run, &shape, &error.to_string()).await,
    };
    run.recorder.started(&shape.record).await;
    let stage = Arc::new(StageScope {
        run: Arc::clone(&run),
        name: shape.plan.name.clone(),
        display_name: shape.plan.display_name.clone(),
        variables,
        stage_dependencies,
        gates: Mutex::default(),
        record: shape.record.clone(),
        notes: notes_of_stage(&shape, &before),
        unchosen: before.unchosen,
        keeping,
    });
    let ends = run_jobs(&stage, &shape).await;
    drop(locks);
    let result = merge(ends.iter().map(|end| end.result));
    let worst = ends.iter().find(|end| end.result == result && !result.is_success());
    let issue =
        worst.or_else(|| ends.iter().find(|end| end.result == RunResult::SucceededWithIssues));
    let issue = issue.and_then(|end| end.issue.clone());
    let is_kept = ends.iter().all(|end| end.is_kept);
    match stage.keeping.as_ref().filter(|_| is_whole && is_kept) {
        Some(keeping) => run.recorder.kept(&shape.record, keeping.record()).await,
        None => run.recorder.finished(&shape.record, result, issue.clone(), (0, 0)).await,
    }
    let jobs =
        ends.into_iter().zip(&shape.jobs).map(|(end, job)| end.into_dependency(job.seen_as()));
    let issue = issue.map(|issue| named_issue(&shape.plan.name, &issue));
    StageEnd { result, issue, jobs: with_legs_joined(jobs.collect()), is_kept }
}

/// `__default` is the stage of a file without stages: nobody knows it by that name.
fn named_issue(stage: &str, issue: &str) -> String {
    if stage == "__default" { issue.to_owned() } else { format!("Stage {stage}: {issue}") }
}

fn decide(
    run: &RunScope,
    shape: &StageShape,
    variables: &Variables,
    before: &Before,
    sight: &Sight<'_>,
) -> Result<Option<String>, RunnerError> {
    if run.recorder.abort.is_cancelled() {
        return Ok(Some(CANCELED.to_owned()));
    }
    if let Some(reason) = &shape.skip {
        return Ok(Some(reason.clone()));
    }
    let condition = shape.plan.condition.as_deref().unwrap_or(DEFAULT_CONDITION);
    let status = before.status(run.is_canceling());
    let verdict = sight
        .scene(variables, Some(status))
        .condition(condition, &format!("stage {}", shape.plan.name))?;
    Ok((!verdict.holds).then(|| {
        let why = reason("stage", condition, before, run.is_canceling(), &verdict);
        with_notes(why, reads_unchosen(condition, "stage", &before.unchosen))
    }))
}

async fn run_jobs(stage: &Arc<StageScope>, shape: &StageShape) -> Vec<JobEnd> {
    let nodes: Vec<(&str, &[String])> = shape
        .jobs
        .iter()
        .map(|job| (job.plan.name.as_str(), job.plan.depends_on.as_slice()))
        .collect();
    let graph = Graph::new(&nodes).with_satisfied(|node| !shape.jobs[node].is_chosen);
    graph
        .run(|node, ends: &Ends<JobEnd>| {
            let direct = graph.direct(node).iter().filter_map(|dependency| {
                let end = ends[*dependency].as_ref()?;
                Some(end.clone().into_dependency(shape.jobs[*dependency].seen_as()))
            });
            let before = Before {
                direct: with_legs_joined(direct.collect()),
                ancestors: graph.ancestors(node, ends),
                unchosen: graph.satisfied_before(node),
                is_kept: graph.direct(node).iter().all(|at| {
                    let is_kept = ends[*at].as_ref().is_some_and(|end| end.is_kept);
                    is_kept || !shape.jobs[*at].is_chosen
                }),
            };
            Box::pin(run_job(Arc::clone(stage), Arc::clone(&shape.jobs[node]), before))
        })
        .await
}

/// Ends a stage that never began.
async fn end_unstarted(
    run: &RunScope,
    shape: &StageShape,
    result: RunResult,
    reason: &str,
) -> StageEnd {
    // A condition shows the values it looked at.
    let reason = run.masker.mask(reason);
    for job in &shape.jobs {
        skip_job(&run.recorder, job, &reason).await;
    }
    run.recorder.finished(&shape.record, result, Some(reason.clone()), (0, 0)).await;
    let is_kept = shape.skip.is_some();
    StageEnd { result, issue: Some(reason), jobs: skipped_jobs(shape), is_kept }
}

async fn fail_stage(run: &RunScope, shape: &StageShape, message: &str) -> StageEnd {
    let issue = run.masker.mask(message);
    let skipped = format!("Skipped: stage {} could not start.", shape.plan.name);
    run.recorder.started(&shape.record).await;
    for job in &shape.jobs {
        skip_job(&run.recorder, job, &skipped).await;
    }
    run.recorder.finished(&shape.record, RunResult::Failed, Some(issue.clone()), (1, 0)).await;
    let issue = Some(named_issue(&shape.plan.name, &issue));
    StageEnd { result: RunResult::Failed, issue, jobs: skipped_jobs(shape), is_kept: false }
}

/// Ends a stage and all in it as skipped.
pub(crate) async fn skip_stage(recorder: &Recorder, shape: &StageShape, reason: &str) {
    for job in &shape.jobs {
        skip_job(recorder, job, reason).await;
    }
    recorder.finished(&shape.record, RunResult::Skipped, Some(reason.to_owned()), (0, 0)).await;
}

fn skipped_jobs(shape: &StageShape) -> Vec<Dependency> {
    let skipped = |name: &str| Dependency {
        name: name.to_owned(),
        result: RunResult::Skipped,
        outputs: IndexMap::new(),
    };
    with_legs_joined(shape.jobs.iter().map(|job| skipped(job.seen_as())).collect())
}
