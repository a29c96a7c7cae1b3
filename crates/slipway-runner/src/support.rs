//! What a plan holds that this runner cannot do yet, said before anything runs.
//!
//! The house asks [`unsupported`] when it shows a pipeline and before it starts one. Deliberately not
//! here: what is wrong with a file (the language's crate says that).

use slipway_pipeline::catalog::TaskCatalog;
use slipway_pipeline::diagnostic::{Diagnostic, Severity, Span};
use slipway_pipeline::plan::{
    DeploymentStrategy, Plan, PlanJob, PlanStage, PlanStep, StageTrigger, StrategyKind, is_late,
};

use crate::tasks::{catalog, find};

const CODE: &str = "not_supported_yet";

/// Refusals and warnings in the order of the plan; each says by name and line what to do instead.
pub fn unsupported(plan: &Plan) -> Vec<Diagnostic> {
    let mut found = Refusals { plan, diagnostics: Vec::new() };
    for stage in &plan.stages {
        found.stage(stage);
    }
    found.diagnostics
}

struct Refusals<'a> {
    plan: &'a Plan,
    diagnostics: Vec<Diagnostic>,
}

impl Refusals<'_> {
    fn say(&mut self, severity: Severity, file: u16, span: Span, message: String, hint: &str) {
        let span = first_line(span);
        self.diagnostics.push(Diagnostic {
            file: self.plan.files.get(usize::from(file)).cloned().unwrap_or_default(),
            span,
            severity,
            code: CODE.to_owned(),
            message,
            hint: Some(hint.to_owned()),
        });
    }

    fn not_yet(&mut self, file: u16, span: Span, what: &str, instead: &str) {
        let message = format!("{what} not supported yet (line {}).", span.line);
        self.say(Severity::Error, file, span, message, instead);
    }

    fn stage(&mut self, stage: &PlanStage) {
        if stage.trigger == StageTrigger::Manual {
            let span = stage.keys.value("trigger").unwrap_or(stage.span);
            let what = "Starting a stage by hand (trigger: manual) is";
            let instead = "Take the line out, or put the stage into a pipeline of its own.";
            self.not_yet(stage.file, span, what, instead);
        }
        for job in &stage.jobs {
            self.job(job);
        }
    }

    fn job(&mut self, job: &PlanJob) {
        let at = |key: &str| job.keys.key(key).unwrap_or(job.span);
        if job.pool.is_server {
            let span = job.keys.value("pool").unwrap_or(job.span);
            let instead = "Run its steps in a job with an agent pool.";
            self.not_yet(job.file, span, "An agentless job (pool: server) is", instead);
        }
        if job.container.is_some() {
            let what = "Running a job in a container (container:) is";
            let instead = "Take the key out: the job then runs on this machine.";
            self.not_yet(job.file, at("container"), what, instead);
        }
        if !job.services.is_empty() {
            let instead = "Start what the job needs in a step, such as docker run.";
            self.not_yet(job.file, at("services"), "Service containers (services:) are", instead);
        }
        self.limits(job);
        self.strategy(job);
        self.deployment(job);
        for step in &job.steps {
            self.step(step, job.pool.is_server);
        }
    }

    fn limits(&mut self, job: &PlanJob) {
        for (key, text) in [
            ("timeoutInMinutes", &job.timeout_in_minutes),
            ("cancelTimeoutInMinutes", &job.cancel_timeout_in_minutes),
        ] {
            if text.as_deref().is_some_and(is_late) {
                let span = job.keys.value(key).unwrap_or(job.span);
                self.late_number(job.file, span, "A time limit");
            }
        }
        if is_late(&job.continue_on_error) {
            let span = job.keys.value("continueOnError").unwrap_or(job.span);
            let what = "A job's continueOnError that is known only during a run is";
            self.not_yet(job.file, span, what, "Write true or false.");
        }
    }

    fn late_number(&mut self, file: u16, span: Span, what: &str) {
        let what = format!("{what} known only during a run is");
        let instead = "Write a number, or ${{ }}, which is known before the run.";
        self.not_yet(file, span, &what, instead);
    }

    fn strategy(&mut self, job: &PlanJob) {
        let Some(strategy) = &job.strategy else { return };
        let span = job.keys.key("strategy").unwrap_or(job.span);
        if strategy.kind == StrategyKind::Parallel {
            let what = "Slicing a job (parallel:) is";
            self.not_yet(job.file, span, what, "Use a matrix with one leg per slice.");
        } else if strategy.expression.is_some() {
            let what = "A matrix that is known only during a run is";
            self.not_yet(job.file, span, what, "Write the legs into the file.");
        }
        if strategy.max_parallel.is_some() {
            let message =
                "maxParallel is read, but the legs run as many at a time as the runner allows.";
            let hint = "Nothing needs to be done: only the order in time differs.";
            self.say(Severity::Warning, job.file, span, message.to_owned(), hint);
        }
    }

    fn deployment(&mut self, job: &PlanJob) {
        let Some(deployment) = &job.deployment else { return };
        if deployment.strategy != DeploymentStrategy::RunOnce {
            let what = format!("The deployment strategy '{}' is", deployment.strategy.word());
            let span = job.keys.key("strategy").unwrap_or(job.span);
            self.not_yet(job.file, span, &what, "Use runOnce.");
        }
        let kind = deployment.environment.resource_type.as_deref();
        if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("virtualMachine")) {
            let span = job.keys.key("environment").unwrap_or(job.span);
            let what = "Deploying to virtual machines is";
            self.not_yet(job.file, span, what, "Deploy to a container.");
        }
        for hook in deployment.hooks.iter().filter(|hook| hook.pool.is_some()) {
            let message = "A hook's own pool is read, but its steps run where the job runs.";
            let hint = "Nothing needs to be done: all of it runs on this machine.";
            self.say(Severity::Warning, hook.file, hook.span, message.to_owned(), hint);
        }
    }

    fn step(&mut self, step: &PlanStep, is_on_server: bool) {
        let value = |key: &str| step.keys.value(key).unwrap_or(step.span);
        if let Some(target) = step.target.as_ref().filter(|target| target.is_container()) {
            let name = target.container.as_deref().unwrap_or_default();
            let what = format!("Running a step in the container '{name}' is");
            let instead = "Take target: out: the step then runs here.";
            self.not_yet(step.file, value("target"), &what, instead);
        }
        if step.timeout_in_minutes.as_deref().is_some_and(is_late) {
            self.late_number(step.file, value("timeoutInMinutes"), "A time limit");
        }
        if step.retry_count_on_task_failure.as_deref().is_some_and(is_late) {
            self.late_number(step.file, value("retryCountOnTaskFailure"), "A retry count");
        }
        match step.kind.as_str() {
            "checkout" => {
                let name = step.input("repository").unwrap_or_default();
                if name != "self" && name != "none" {
                    let what = format!("Checking out another repository ('{name}') is");
                    let instead = "Use checkout: self, and git in a script.";
                    self.not_yet(step.file, value("checkout"), &what, instead);
                }
            }
            "download" => {
                let name = step.input("download").unwrap_or_default();
                if name != "current" && name != "none" {
                    let what = format!("Downloading from another pipeline ('{name}') is");
                    self.not_yet(step.file, value("download"), &what, "Use download: current.");
                }
            }
            kind @ ("downloadBuild" | "getPackage" | "reviewApp") => {
                let span = step.keys.key(kind).unwrap_or(step.span);
                let instead = "Use a task or a script that does the same.";
                self.not_yet(step.file, span, &format!("The step '{kind}' is"), instead);
            }
            // The job was refused already.
            _ if is_on_server => {}
            _ if find(&step.task, step.version).is_none() => self.unknown_task(step),
            _ => {}
        }
    }

    fn unknown_task(&mut self, step: &PlanStep) {
        let span = step.keys.value("task").unwrap_or(step.span);
        let message = format!(
            "A task is missing. The pipeline references a task called '{}' (line {}), which cannot run here.",
            step.task_reference(),
            span.line
        );
        let mut names = Vec::new();
        let mut versions = Vec::new();
        for task in catalog().tasks() {
            let name = format!("{}@{}", task.name, task.version);
            if task.name.eq_ignore_ascii_case(&step.task) {
                versions.push(name.clone());
            }
            names.push(name);
        }
        names.sort();
        let near = match (versions.is_empty(), nearest(&step.task)) {
            (false, _) => format!("Here is {}. ", versions.join(" and ")),
            (true, Some(near)) => format!("Did you mean '{near}'? "),
            (true, None) => String::new(),
        };
        let hint = format!("{near}Supported: {}.", names.join(", "));
        self.say(Severity::Error, step.file, span, message, &hint);
    }
}

fn nearest(name: &str) -> Option<&'static str> {
    slipway_pipeline::nearest(name, catalog().tasks().into_iter().map(|task| task.name))
}

/// Nobody wants a whole job underlined.
fn first_line(span: Span) -> Span {
    if span.line == span.end_line {
        return span;
    }
    Span { end: span.start, end_line: span.line, end_column: span.column, ..span }
}
