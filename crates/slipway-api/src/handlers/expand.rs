//! What a pipeline that is being written comes to: its plan as the canvas shows it, whether an event
//! would start it, and a commit message for what has changed.

use indexmap::IndexMap;
use slipway_pipeline::LoadRequest;
use slipway_pipeline::assist::position::Units;
use slipway_pipeline::assist::{changes, message};
use slipway_pipeline::diagnostic::Span;
use slipway_pipeline::document::{Path, written};
use slipway_pipeline::plan::{Plan, PlanJob, PlanStage, PlanStep};
use slipway_pipeline::trigger::{PullRequest, Push};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::assist::apart;
use crate::handlers::pipeline::plan_view;
use crate::handlers::run::parameter_view;
use crate::pipelines::{PIPELINE_FILE, diagnostic_views, with_obstacles};

/// The plan of a text for chosen parameters.
pub async fn pipeline_expand(app: &App, request: PipelineExpand) -> Result<ExpandedView, ApiError> {
    let project = app.project(&request.project_id).await?;
    let given = request.parameters.into_iter().map(|given| (given.name, given.value));
    let load = LoadRequest { parameters: given.collect(), variables: IndexMap::new() };
    let tasks = app.task_catalog().await?;
    let text = request.text;
    let file = (PIPELINE_FILE, text.clone());
    let (loaded, found) = app.load_file(&project, None, file, load, tasks).await?;
    let loaded = with_obstacles(loaded, &found);
    let board = loaded.plan.as_ref().map(|plan| Drawn::of(plan, &text).board());
    Ok(ExpandedView {
        board,
        diagnostics: diagnostic_views(&loaded, &text),
        plan: loaded.plan.map(plan_view),
        parameters: loaded.parameters.into_iter().map(parameter_view).collect(),
    })
}

/// Whether a push or a pull request would start a text's pipeline.
pub async fn pipeline_trigger(
    app: &App,
    request: PipelineTrigger,
) -> Result<TriggerView, ApiError> {
    let project = app.project(&request.project_id).await?;
    // A text that cannot be read says nothing about triggers.
    written(&request.text, &Path::root())?;
    let loaded = app.load_pipeline(&project, None, request.text, IndexMap::new()).await?;
    let (branch, changed_paths) = (request.branch.trim(), request.paths.as_slice());
    let verdict = match request.event {
        TriggerEventWord::Push => {
            loaded.triggers.ci.decide(&Push { reference: branch, changed_paths, ..Push::default() })
        }
        TriggerEventWord::PullRequest => loaded.triggers.pr.decide(&PullRequest {
            target_branch: branch,
            changed_paths,
            is_draft: false,
        }),
    };
    Ok(TriggerView { starts: verdict.starts, reason: verdict.reason })
}

/// A commit message for what has changed.
pub async fn pipeline_message(
    app: &App,
    request: PipelineMessage,
) -> Result<PipelineMessageView, ApiError> {
    app.project(&request.project_id).await?;
    apart(move || {
        let made = message(&changes(&request.before, &request.after));
        PipelineMessageView { summary: made.summary, body: made.body }
    })
    .await
}

/// A plan as a board.
struct Drawn<'p> {
    plan: &'p Plan,
    units: Units<'p>,
}

impl<'p> Drawn<'p> {
    fn of(plan: &'p Plan, text: &'p str) -> Self {
        Self { plan, units: Units::new(text) }
    }

    /// What the file does not write is not shown: the stage of a file with jobs, the job of one with
    /// steps.
    fn board(&self) -> BoardView {
        let stages = self.plan.stages.as_slice();
        let (level, nodes) = match stages {
            [] => (BoardLevelWord::Empty, Vec::new()),
            [stage] if stage.is_implied() => match stage.jobs.as_slice() {
                [job] if job.name == stage.name => {
                    (BoardLevelWord::Steps, self.steps(&job.steps, None))
                }
                jobs => (BoardLevelWord::Jobs, jobs.iter().map(|job| self.job(job)).collect()),
            },
            stages => {
                (BoardLevelWord::Stages, stages.iter().map(|stage| self.stage(stage)).collect())
            }
        };
        BoardView { level, nodes }
    }

    fn node(&self, kind: BoardKindWord, name: &str, span: Span, file: u16) -> BoardNodeView {
        let is_own = file == 0;
        let unit = |offset: usize| if is_own { self.units.before(offset) } else { 0 };
        BoardNodeView {
            kind,
            path: String::new(),
            name: name.to_owned(),
            display_name: String::new(),
            detail: String::new(),
            keyword: String::new(),
            condition: String::new(),
            depends_on: None,
            legs: Vec::new(),
            is_enabled: true,
            start: unit(span.start),
            end: unit(span.end),
            line: span.line,
            file: self.plan.files.get(usize::from(file)).filter(|_| !is_own).cloned(),
            children: Vec::new(),
        }
    }

    fn stage(&self, stage: &PlanStage) -> BoardNodeView {
        BoardNodeView {
            display_name: shown(&stage.display_name, &stage.name),
            condition: stage.condition.clone().unwrap_or_default(),
            depends_on: Some(stage.depends_on.clone()),
            children: stage.jobs.iter().map(|job| self.job(job)).collect(),
            ..self.node(BoardKindWord::Stage, &stage.name, stage.span, stage.file)
        }
    }

    fn job(&self, job: &PlanJob) -> BoardNodeView {
        let deployment = job.deployment.as_ref();
        let kind =
            if deployment.is_some() { BoardKindWord::Deployment } else { BoardKindWord::Job };
        let strategy = job.strategy.as_ref();
        let legs = strategy.map(|strategy| match &strategy.expression {
            Some(expression) => vec![expression.clone()],
            None => strategy.legs.iter().map(|leg| leg.name.clone()).collect(),
        });
        BoardNodeView {
            display_name: shown(&job.display_name, &job.name),
            detail: deployment.map(|it| it.environment.full_name()).unwrap_or_default(),
            keyword: deployment.map(|it| it.strategy.word().to_owned()).unwrap_or_default(),
            condition: job.condition.clone().unwrap_or_default(),
            depends_on: Some(job.depends_on.clone()),
            legs: legs.unwrap_or_default(),
            children: match deployment {
                Some(deployment) => deployment
                    .hooks
                    .iter()
                    .map(|hook| BoardNodeView {
                        children: self.steps(&job.steps, Some(&hook.name)),
                        ..self.node(
                            BoardKindWord::Hook,
                            hook_word(&hook.name),
                            hook.span,
                            hook.file,
                        )
                    })
                    .collect(),
                None => self.steps(&job.steps, None),
            },
            ..self.node(kind, &job.name, job.span, job.file)
        }
    }

    fn steps(&self, steps: &[PlanStep], hook: Option<&str>) -> Vec<BoardNodeView> {
        let of_hook = steps.iter().filter(|step| step.hook.as_deref() == hook);
        of_hook.map(|step| self.step(step)).collect()
    }

    fn step(&self, step: &PlanStep) -> BoardNodeView {
        let name = step.name.clone().unwrap_or_default();
        let runs = ["script", "repository", "artifact"].iter().find_map(|input| step.input(input));
        let first = runs.and_then(|text| text.trim().lines().next());
        let detail = match first.filter(|_| step.kind != "task") {
            Some(line) => line.to_owned(),
            None => step.task_reference(),
        };
        BoardNodeView {
            display_name: step.display_name.clone(),
            detail,
            keyword: step.kind.clone(),
            condition: step.condition.clone().unwrap_or_default(),
            is_enabled: step.enabled,
            ..self.node(BoardKindWord::Step, &name, step.span, step.file)
        }
    }
}

/// A display name that only says the name again is none.
fn shown(display: &str, name: &str) -> String {
    if display == name { String::new() } else { display.to_owned() }
}

/// As the file writes it.
fn hook_word(name: &str) -> &str {
    match name {
        "onFailure" => "on.failure",
        "onSuccess" => "on.success",
        other => other,
    }
}
