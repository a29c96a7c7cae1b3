//! What a plan holds that this runner cannot do, said before anything runs.
//!
//! The house asks [`obstacles`] when it shows a pipeline and before it starts one; the user may choose to
//! leave out what cannot run. Deliberately not here: what is wrong with a file (the language's crate says
//! that).

mod obstacle;
mod programs;
mod why_not;

use slipway_pipeline::catalog::TaskCatalog as _;
use slipway_pipeline::diagnostic::{Diagnostic, Severity, Span};
use slipway_pipeline::plan::{Plan, PlanJob, PlanLeg, PlanPool, PlanStage, PlanStep};

use crate::access_token::{INSTEAD, WHAT, first_reader};
use crate::host::how_to_map;
use crate::pools::PoolTable;
use crate::repositories::{WantedRepository, wanted_by};
use why_not::why_not;

use crate::tasks::{Catalog, Task, catalog, how_to_get, refused_of};

pub use obstacle::{Obstacle, Skip, SkipTarget, job_of};

const CODE: &str = "not_supported_yet";

/// Refusals and warnings in the order of the plan; each says by name and line what to do instead.
pub fn unsupported(plan: &Plan) -> Vec<Diagnostic> {
    obstacles(plan, catalog(), None).into_iter().map(|obstacle| obstacle.diagnostic).collect()
}

/// The same, with what may be left out so that the rest runs. With a table of pools, jobs are refused that
/// expect another system than this machine's and have no entry there.
pub fn obstacles(plan: &Plan, tasks: &Catalog, pools: Option<&PoolTable>) -> Vec<Obstacle> {
    let mut found = Refusals { plan, tasks, pools, at: At::default(), obstacles: Vec::new() };
    for stage in &plan.stages {
        found.at = At { stage: Some(stage), ..At::default() };
        found.stage(stage);
    }
    found.at = At::default();
    if let Some((file, span)) = first_reader(plan) {
        let message = format!("{WHAT} (line {})", span.line);
        found.say(Severity::Warning, file, span, message, INSTEAD);
    }
    found.obstacles
}

/// Checkouts of repositories that nobody has mapped to a folder of this machine.
pub fn unmapped(plan: &Plan, is_mapped: &dyn Fn(&WantedRepository) -> bool) -> Vec<Obstacle> {
    let tasks = catalog();
    let mut found = Refusals { plan, tasks, pools: None, at: At::default(), obstacles: Vec::new() };
    for stage in &plan.stages {
        for job in &stage.jobs {
            let checkouts = job.steps.iter().filter(|step| step.kind == "checkout" && step.enabled);
            for step in checkouts {
                let name = step.input("repository").unwrap_or_default();
                let Some(wanted) = wanted_by(plan, name).filter(|it| !is_mapped(it)) else {
                    continue;
                };
                found.at = At { stage: Some(stage), job: Some(job), leg: None, step: Some(step) };
                let span = step.keys.value("checkout").unwrap_or(step.span);
                let message = format!(
                    "The repository '{}' of checkout: {name} is not mapped to a folder of this machine \
                     (line {}).",
                    wanted.shown(),
                    span.line
                );
                let hint = how_to_map(wanted.shown());
                found.say(Severity::Error, step.file, span, message, &hint);
            }
        }
    }
    found.obstacles
}

/// The part of the plan that is looked at.
#[derive(Clone, Copy, Default)]
struct At<'a> {
    stage: Option<&'a PlanStage>,
    job: Option<&'a PlanJob>,
    /// One leg of the job.
    leg: Option<&'a PlanLeg>,
    step: Option<&'a PlanStep>,
}

impl At<'_> {
    fn target(&self) -> Option<SkipTarget> {
        Some(SkipTarget {
            stage: self.stage?.name.clone(),
            job: self.job.map(|job| match self.leg {
                Some(leg) => format!("{}.{}", job.name, leg.reference),
                None => job.name.clone(),
            }),
            step: self.step.map(|step| step.reference.clone()),
        })
    }

    fn subject(&self) -> String {
        match (self.stage, self.job, self.step) {
            (_, _, Some(step)) if step.display_name == step.task_reference() => {
                format!("the step {}", step.display_name)
            }
            (_, _, Some(step)) => {
                format!("the step \"{}\" ({})", step.display_name, step.task_reference())
            }
            (_, Some(job), _) => {
                let leg = self.leg.map(|leg| format!(" {}", leg.name)).unwrap_or_default();
                format!("the job {}{leg}", shown(&job.display_name, &job.name))
            }
            (Some(stage), _, _) => format!("the stage {}", shown(&stage.display_name, &stage.name)),
            _ => "the run".to_owned(),
        }
    }

    fn if_skipped(&self) -> String {
        match (self.stage, self.job, self.step) {
            (_, _, Some(step)) => {
                let outputs = step.name.as_ref().map(|name| format!(" `{name}.…` does not exist."));
                let outputs = outputs.unwrap_or_else(|| " Its outputs do not exist.".to_owned());
                format!("The steps after it run as if it were not there.{outputs}")
            }
            (Some(stage), Some(job), _) => {
                let jobs = stage.jobs.iter().map(|other| (&other.name, &other.depends_on));
                waiting("The job", &job.name, jobs)
            }
            (Some(stage), _, _) => {
                format!(
                    "The stage {} ends as skipped. Stages that depend on it are skipped too, \
                     unless their condition says otherwise.",
                    stage.name
                )
            }
            _ => "It concerns the whole run and cannot be skipped.".to_owned(),
        }
    }
}

fn shown<'a>(display_name: &'a str, name: &'a str) -> &'a str {
    if display_name.is_empty() { name } else { display_name }
}

fn waiting<'a>(
    what: &str,
    name: &str,
    others: impl Iterator<Item = (&'a String, &'a Vec<String>)>,
) -> String {
    let depends = |on: &[String]| on.iter().any(|on| on.eq_ignore_ascii_case(name));
    let waiting: Vec<&str> =
        others.filter(|(_, on)| depends(on)).map(|(other, _)| other.as_str()).collect();
    if waiting.is_empty() {
        return format!("{what} ends as skipped, with all of its steps; nothing depends on it.");
    }
    format!(
        "{what} ends as skipped, with all of its steps. {} depends on it and is skipped too, unless \
         the condition says otherwise.",
        waiting.join(", ")
    )
}

struct Refusals<'a> {
    plan: &'a Plan,
    tasks: &'a Catalog,
    pools: Option<&'a PoolTable>,
    at: At<'a>,
    obstacles: Vec<Obstacle>,
}

impl<'a> Refusals<'a> {
    fn say(&mut self, severity: Severity, file: u16, span: Span, message: String, hint: &str) {
        let span = first_line(span);
        let diagnostic = Diagnostic {
            file: self.plan.files.get(usize::from(file)).cloned().unwrap_or_default(),
            span,
            severity,
            code: CODE.to_owned(),
            message,
            hint: Some(hint.to_owned()),
        };
        self.obstacles.push(Obstacle {
            diagnostic,
            target: self.at.target(),
            subject: self.at.subject(),
            task: self.at.step.map(PlanStep::task_reference),
            if_skipped: self.at.if_skipped(),
        });
    }

    fn stage(&mut self, stage: &'a PlanStage) {
        for job in &stage.jobs {
            self.at = At { job: Some(job), step: None, ..self.at };
            self.job(job);
        }
    }

    fn job(&mut self, job: &'a PlanJob) {
        if job.legs().is_empty() {
            self.pool(job);
        }
        for leg in job.legs() {
            self.at.leg = Some(leg);
            self.pool(job);
        }
        self.at.leg = None;
        self.deployment(job);
        for step in &job.steps {
            self.at = At { step: Some(step), ..self.at };
            self.step(step);
        }
        self.programs(job);
    }

    fn pool(&mut self, job: &PlanJob) {
        let (stage, leg) = (self.at.stage, self.at.leg);
        let scopes = [
            leg.map(|leg| &leg.variables),
            Some(&job.variables),
            stage.map(|stage| &stage.variables),
            Some(&self.plan.variables),
        ];
        let lookup = |name: &str| {
            let all = scopes.iter().flatten();
            all.flat_map(|scope| scope.iter().rev())
                .find(|known| known.name.eq_ignore_ascii_case(name))
                .map(|known| known.value.clone())
        };
        let found = self.pools.and_then(|pools| pools.foreign_of(&job.pool, lookup));
        let Some((label, system)) = found else { return };
        let span = job.keys.value("pool").unwrap_or(job.span);
        let message = format!(
            "The pool {label} promises {}, which this machine is not (line {}).",
            system.name(),
            span.line
        );
        let hint = format!(
            "Say where its jobs are to run: slipway pools set {label} host (here all the same), or an \
             image instead of host. The page has it under Pools."
        );
        self.say(Severity::Error, job.file, span, message, &hint);
    }

    fn deployment(&mut self, job: &PlanJob) {
        let Some(deployment) = &job.deployment else { return };
        let kind = deployment.environment.resource_type.as_deref();
        if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("virtualMachine")) {
            let span = job.keys.key("environment").unwrap_or(job.span);
            let message = "The steps for a target of the environment run on this machine.";
            let hint = "$(Environment.ResourceName) says which target they are for.";
            self.say(Severity::Warning, job.file, span, message.to_owned(), hint);
        }
        let has_agent = |pool: &PlanPool| !pool.is_server;
        for hook in deployment.hooks.iter().filter(|hook| hook.pool.as_ref().is_some_and(has_agent))
        {
            let message = "A hook's own pool is read, but its steps run where the job runs.";
            let hint = "Nothing needs to be done: all of it runs on this machine.";
            self.say(Severity::Warning, hook.file, hook.span, message.to_owned(), hint);
        }
    }

    fn step(&mut self, step: &PlanStep) {
        match step.kind.as_str() {
            kind @ ("downloadBuild" | "getPackage" | "reviewApp") => {
                let span = step.keys.key(kind).unwrap_or(step.span);
                let (why, instead) = match kind {
                    "getPackage" => (
                        "needs a feed of packages",
                        "Use the package manager's own program in a script.",
                    ),
                    "reviewApp" => ("needs pull requests of Azure DevOps", "Leave it out here."),
                    _ => ("means a build of another system", "Use download: or a script."),
                };
                let line = span.line;
                let message = format!("The step '{kind}' {why} and cannot run here (line {line}).");
                self.say(Severity::Error, step.file, span, message, instead);
            }
            _ => match self.tasks.find(&step.task, step.version) {
                None => self.unknown_task(step),
                Some(task) => {
                    if let Some((why, instead)) = task.refuses(step) {
                        let message = format!("{why} (line {})", step.span.line);
                        let span = step.keys.value("task").unwrap_or(step.span);
                        self.say(Severity::Error, step.file, span, message, instead);
                    }
                    if let Some(why) = task.why_not() {
                        let span = step.keys.value("task").unwrap_or(step.span);
                        let message = format!("{why} (line {})", span.line);
                        let hint = "Use another task, or start the run without this step.";
                        self.say(Severity::Error, step.file, span, message, hint);
                    } else if let Some((what, instead)) =
                        refused_of(task.refused(), task.spec(), step)
                    {
                        let span = step.keys.value(&step.kind).unwrap_or(step.span);
                        let message = format!("{what} cannot run here (line {}).", span.line);
                        self.say(Severity::Error, step.file, span, message, instead);
                    }
                }
            },
        }
    }

    fn unknown_task(&mut self, step: &PlanStep) {
        let span = step.keys.value("task").unwrap_or(step.span);
        if let Some((why, instead)) = why_not(&step.task) {
            let task = step.task_reference();
            let message = format!("{task} {why} and cannot run here (line {}).", span.line);
            self.say(Severity::Error, step.file, span, message, instead);
            return;
        }
        let message = format!(
            "A task is missing. The pipeline references a task called '{}' (line {}), which cannot run here.",
            step.task_reference(),
            span.line
        );
        let tasks = self.tasks.tasks();
        let versions: Vec<String> = tasks
            .iter()
            .filter(|task| task.name.eq_ignore_ascii_case(&step.task))
            .map(|task| task.reference())
            .collect();
        let near = slipway_pipeline::nearest(&step.task, tasks.iter().map(|task| task.name));
        let near = match (versions.is_empty(), near) {
            (false, _) => format!("Here is {}. ", versions.join(" and ")),
            (true, Some(near)) => format!("Did you mean '{near}'? "),
            (true, None) => String::new(),
        };
        let hint = format!(
            "{near}If you have the task's folder, with its task.json, add it: slipway tasks add \
             FOLDER."
        );
        self.say(Severity::Error, step.file, span, message, &hint);
    }

    /// What the tasks of a job start is looked for here; in a container only the run can tell.
    fn programs(&mut self, job: &'a PlanJob) {
        if job.pool.is_server {
            return;
        }
        let is_pool_here =
            self.pools.is_none_or(|pools| pools.image(&job.pool, |_| None).is_none());
        let mut inside: Vec<&str> = Vec::new();
        for step in job.steps.iter().filter(|step| step.enabled) {
            let task = self.tasks.find(&step.task, step.version);
            let needs = task.map(|task: &dyn Task| task.needs(step)).unwrap_or_default();
            let is_here = match &step.target {
                Some(target) => !target.is_container(),
                None => job.container.is_none() && is_pool_here,
            };
            if !is_here {
                inside.extend(needs.into_iter().filter(|program| *program != "bash"));
                continue;
            }
            self.at = At { step: Some(step), ..self.at };
            for program in programs::missing(&needs) {
                if !programs::is_chosen_before(program, step, &job.steps) {
                    self.lacks(step, program);
                }
            }
        }
        inside.sort_unstable();
        inside.dedup();
        if !inside.is_empty() {
            self.at = At { step: None, ..self.at };
            let message = format!(
                "Whether the container of job {} has {} is only known when it runs.",
                shown(&job.display_name, &job.name),
                inside.join(", ").replace('|', " or ")
            );
            let hint = "Use an image that has them, or let an earlier step install them.";
            let span = job.keys.value("container").or(job.keys.value("pool")).unwrap_or(job.span);
            self.say(Severity::Information, job.file, span, message, hint);
        }
    }

    fn lacks(&mut self, step: &PlanStep, program: &str) {
        let message = format!(
            "{} needs {}, which is not on this machine (line {}).",
            step.task_reference(),
            program.replace('|', " or "),
            step.span.line
        );
        let first = program.split('|').next().unwrap_or(program);
        let hint =
            format!("Install {first}, or let an earlier step install it. {}", how_to_get(first));
        let span = step.keys.value(&step.kind).unwrap_or(step.span);
        self.say(Severity::Warning, step.file, span, message, hint.trim_end());
    }
}

/// Nobody wants a whole job underlined.
fn first_line(span: Span) -> Span {
    if span.line == span.end_line {
        return span;
    }
    Span { end: span.start, end_line: span.line, end_column: span.column, ..span }
}
