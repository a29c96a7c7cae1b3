//! Tasks of a folder that the user points at: `task.json` and its scripts, unmodified, run by Node as the
//! vendor's agent runs them (§23.2).
//!
//! The house reads folders with [`read_task_folder`] and hands them to the catalogue; `step` runs them like
//! every other task. Deliberately not here: downloading tasks, and Node itself; both are the user's.

mod declaration;
mod endpoints;
mod environment;
mod error;
mod folder;
mod handler;
mod json;
mod spec;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use crate::commands::Restrictions;
use crate::error::RunnerError;
use crate::output::Output;
use crate::process::{ProcessEnd, run};
use crate::step_scope::StepScope;
use declaration::{Handler, HandlerKind};

pub use error::TaskFolderError;
pub use folder::{FolderTask, TaskFolder, read_task_folder};

/// When in the job a task's script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    BeforeJob,
    Main,
    AfterJob,
}

/// A task of a folder, at one of its times.
#[derive(Debug, Clone)]
pub(crate) struct NodeTask {
    pub(super) task: FolderTask,
    phase: Phase,
}

impl NodeTask {
    pub(crate) fn new(task: FolderTask) -> Self {
        Self { task, phase: Phase::Main }
    }

    fn at(&self, phase: Phase) -> Arc<dyn Task> {
        Arc::new(Self { task: self.task.clone(), phase })
    }

    fn handlers(&self) -> &[Handler] {
        let declaration = &self.task.declaration;
        match self.phase {
            Phase::BeforeJob => &declaration.before_job,
            Phase::Main => &declaration.main,
            Phase::AfterJob => &declaration.after_job,
        }
    }
}

#[async_trait]
impl Task for NodeTask {
    fn spec(&self) -> &'static TaskSpec {
        self.task.spec()
    }

    fn needs(&self, _step: &PlanStep) -> Vec<&'static str> {
        let has = |wanted: fn(&HandlerKind) -> bool| {
            self.handlers().iter().any(|handler| wanted(&handler.kind))
        };
        if has(|kind| matches!(kind, HandlerKind::Node(_))) {
            vec!["node"]
        } else if has(|kind| *kind == HandlerKind::PowerShell) {
            vec!["pwsh"]
        } else {
            Vec::new()
        }
    }

    fn why_not(&self) -> Option<String> {
        self.task.why_not()
    }

    fn version(&self) -> String {
        self.task.version()
    }

    fn before_job(&self) -> Option<Arc<dyn Task>> {
        let has = !self.task.declaration.before_job.is_empty();
        has.then(|| self.at(Phase::BeforeJob))
    }

    fn folder(&self) -> Option<&Path> {
        Some(&self.task.folder)
    }

    fn restrictions(&self) -> Option<Restrictions<'_>> {
        let own = &self.task.declaration.restrictions;
        Some((own.is_restricted, own.settable_variables.as_deref()))
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        if self.phase == Phase::Main && !self.task.declaration.after_job.is_empty() {
            step.after_job(self.at(Phase::AfterJob)).await;
        }
        let mut order = handler::order(step, &self.task, self.handlers()).await?;
        let further = environment::environment(step, &self.task.declaration).await?;
        // What the step's own `env:` says wins.
        order.environment.extend(further.into_iter().filter(|(name, _)| !step.has_env(name)));
        let arguments: Vec<String> =
            order.arguments.iter().map(|it| it.to_string_lossy().into_owned()).collect();
        let mut output = Output::new(step, false);
        match run(&order, &mut output, &step.cancel).await? {
            ProcessEnd::Stopped => Ok(RunResult::Canceled),
            ProcessEnd::Exited(0) => Ok(RunResult::Succeeded),
            ProcessEnd::Exited(code) => {
                let program = order.program.display();
                let text = format!(
                    "Exit code {code} returned from process: file name '{program}', arguments '{}'.",
                    arguments.join(" ")
                );
                step.error(&text).await;
                Ok(RunResult::Failed)
            }
        }
    }
}
