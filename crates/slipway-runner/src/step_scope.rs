//! What a task sees of its step: inputs, environment, folders, log.
//!
//! Made anew for each attempt by `step`. Deliberately not here: conditions, attempts, limits.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use slipway_core::{Explain, LogLine, LogStream, RecordId, RunResult};
use slipway_pipeline::catalog::{InputSpec, TaskSpec};
use slipway_pipeline::macros::expand;
use tokio_util::sync::CancellationToken;

use crate::commands::Policy;
use crate::container::Container;
use crate::deployment::Phase;
use crate::error::RunnerError;
use crate::glob::lines_of;
use crate::host::StepLog;
use crate::log::LogWriter;
use crate::result::worse;
use crate::scope::{JobScope, lock};
use crate::sink::DetailRecord;
use crate::sweep::{JOB_MARKER, STEP_MARKER};
use crate::tasks::Task;
use crate::timeline::StepShape;
use crate::variables::environment_name;
use crate::workspace::normal;

/// What a step's lines and tasks have to say about how it went.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes {
    pub(crate) errors: u32,
    pub(crate) warnings: u32,
    /// The first error.
    pub(crate) issue: Option<String>,
    /// What `task.complete` said.
    pub(crate) completed: Option<RunResult>,
    /// A logging command could not be carried out.
    pub(crate) has_broken_command: bool,
    /// The program said that its task is done, whatever it does from now on.
    pub(crate) is_done: bool,
}

impl Notes {
    /// The result after `task.complete` and broken commands: the worst wins.
    pub(crate) fn apply_to(&self, result: RunResult) -> RunResult {
        // What was ended because its task was done has not been canceled.
        let is_over = self.is_done && result == RunResult::Canceled;
        let result = if is_over { RunResult::Succeeded } else { result };
        let result = self.completed.map_or(result, |completed| worse(result, completed));
        if self.has_broken_command { worse(result, RunResult::Failed) } else { result }
    }
}

/// One attempt of a step.
pub(crate) struct StepScope {
    pub(crate) job: Arc<JobScope>,
    pub(crate) record: RecordId,
    /// The name under which its outputs are found.
    pub(crate) reference: String,
    /// Set in a deployment job.
    pub(crate) phase: Option<Phase>,
    /// Macros are expanded.
    pub(crate) display_name: String,
    pub(crate) writer: LogWriter,
    pub(crate) cancel: CancellationToken,
    spec: &'static TaskSpec,
    /// The container that programs run in; `None` is this machine, an error names a target that is not there.
    target: Result<Option<Arc<Container>>, String>,
    /// Macros are expanded; only inputs that are not empty.
    inputs: Vec<(String, String)>,
    /// Inputs that the task does not declare, as they were given.
    pub(crate) undeclared: Vec<(String, String)>,
    env: Vec<(String, String)>,
    notes: Mutex<Notes>,
    /// What its output may order.
    pub(crate) policy: Policy,
    /// Records below the step, by id.
    pub(crate) details: Mutex<HashMap<String, DetailRecord>>,
}

impl StepScope {
    /// Expands inputs and environment with the variables of this moment.
    pub(crate) fn open(
        job: &Arc<JobScope>,
        shape: &StepShape,
        spec: &'static TaskSpec,
        writer: LogWriter,
        cancel: CancellationToken,
    ) -> Self {
        let lookup = |name: &str| job.variable(name);
        // Inputs, unlike `env:`, also see the environment of the app: `$(HOME)`.
        let lookup_input = |name: &str| {
            let parent = &job.run.parent_environment;
            let of_app = || parent.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            lookup(name).or_else(|| of_app().map(|(_, value)| value.clone()))
        };
        let given = |input: &InputSpec| {
            std::iter::once(&input.name)
                .chain(input.aliases)
                .find_map(|name| shape.plan.input(name).filter(|value| !value.trim().is_empty()))
                .or(input.default)
        };
        let inputs = spec
            .inputs
            .iter()
            .filter_map(|input| Some((input.name.to_owned(), given(input)?)))
            .map(|(name, value)| (name, expand(value, lookup_input).trim().to_owned()))
            .collect();
        let given = shape.plan.inputs.iter().filter(|(name, _)| spec.input(name).is_none());
        let undeclared = given
            .map(|(name, value)| (name.clone(), expand(value, lookup_input).trim().to_owned()))
            .collect();
        let own = job.run.tasks.find(&shape.plan.task, shape.plan.version);
        let env = shape.plan.env.iter().map(|(name, value)| (name.clone(), expand(value, lookup)));
        Self {
            record: shape.record.clone(),
            reference: shape.reference.clone(),
            phase: shape.phase,
            display_name: expand(&shape.plan.display_name, lookup),
            env: env.collect(),
            target: job.target_of(shape.plan.target.as_ref()),
            job: Arc::clone(job),
            writer,
            cancel,
            spec,
            inputs,
            undeclared,
            notes: Mutex::new(Notes::default()),
            policy: Policy::of(shape.plan.target.as_ref(), own.and_then(Task::restrictions)),
            details: Mutex::default(),
        }
    }

    /// The same attempt seen as another task with these inputs, so that a task can end with what another one
    /// does. What it notes is taken over with [`Self::absorb`].
    pub(crate) fn within(&self, spec: &'static TaskSpec, given: &[(&str, String)]) -> Self {
        let lookup = |name: &str| self.job.variable(name);
        let value = |input: &InputSpec| {
            let given = given.iter().find(|(name, _)| input.is_named(name));
            let default = || input.default.map(|default| expand(default, lookup));
            given.map(|(_, value)| value.clone()).or_else(default)
        };
        let inputs = spec.inputs.iter();
        let inputs = inputs.filter_map(|input| Some((input.name.to_owned(), value(input)?)));
        Self {
            job: Arc::clone(&self.job),
            record: self.record.clone(),
            reference: self.reference.clone(),
            phase: self.phase,
            display_name: self.display_name.clone(),
            writer: self.writer.clone(),
            cancel: self.cancel.clone(),
            spec,
            target: self.target.clone(),
            inputs: inputs.collect(),
            undeclared: Vec::new(),
            env: self.env.clone(),
            notes: Mutex::new(Notes::default()),
            policy: self.policy.clone(),
            details: Mutex::default(),
        }
    }

    /// The same attempt on this machine, wherever its target is: git is not in every image. What it notes is
    /// taken over with [`Self::absorb`].
    pub(crate) fn here(&self) -> Self {
        let inputs = self.inputs.iter();
        let given: Vec<(&str, String)> =
            inputs.map(|(name, value)| (name.as_str(), value.clone())).collect();
        Self { target: Ok(None), ..self.within(self.spec, &given) }
    }

    /// Takes over what was noted by the attempt as seen by another task.
    pub(crate) fn absorb(&self, other: &Self) {
        let other = other.notes();
        let mut notes = lock(&self.notes);
        notes.errors += other.errors;
        notes.warnings += other.warnings;
        if notes.issue.is_none() {
            notes.issue = other.issue;
        }
        notes.has_broken_command |= other.has_broken_command;
    }

    /// Values of its inputs and of its environment.
    pub(crate) fn given(&self) -> impl Iterator<Item = &str> {
        let inputs = self.inputs.iter().chain(&self.undeclared).chain(&self.env);
        inputs.map(|(_, value)| value.as_str())
    }

    /// `Docker@2`.
    pub(crate) fn task(&self) -> String {
        format!("{}@{}", self.spec.name, self.spec.version)
    }

    /// An input that is not empty, or its default.
    pub(crate) fn input(&self, name: &str) -> Option<&str> {
        debug_assert!(
            self.spec.inputs.iter().any(|input| input.name == name),
            "{name} is declared by {}",
            self.spec.name
        );
        self.inputs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// True if the task has an input of this name.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.spec.inputs.iter().any(|input| input.name == name)
    }

    /// An input that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, RunnerError> {
        self.input(name)
            .ok_or_else(|| RunnerError::InputMissing { task: self.task(), input: name.to_owned() })
    }

    /// True if the input says `true`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.input(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The input's lines, without empty ones.
    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        self.input(name).map(lines_of).unwrap_or_default()
    }

    /// The input was given, but its value is not one it takes.
    pub(crate) fn invalid(&self, name: &str, expected: &str) -> RunnerError {
        RunnerError::InputInvalid {
            task: self.task(),
            input: name.to_owned(),
            value: self.input(name).unwrap_or_default().to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// `$(System.DefaultWorkingDirectory)`.
    pub(crate) fn default_folder(&self) -> PathBuf {
        let known = self.job.variable("System.DefaultWorkingDirectory");
        known.map_or_else(|| self.job.folders.sources.clone(), PathBuf::from)
    }

    /// A path, relative to the default working directory.
    pub(crate) fn resolve(&self, path: &str) -> PathBuf {
        normal(&self.default_folder().join(path))
    }

    /// Where a script starts; it must exist.
    pub(crate) fn working_folder(&self) -> Result<PathBuf, RunnerError> {
        let folder = match self.input("workingDirectory") {
            Some(path) => self.resolve(path),
            None => self.default_folder(),
        };
        if folder.is_dir() {
            Ok(folder)
        } else {
            Err(RunnerError::WorkingDirectoryMissing { path: folder })
        }
    }

    /// The whole environment of a process of this step (§19).
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let run = &self.job.run;
        let container = self.container().ok().flatten();
        // The environment of this machine means nothing in a container.
        let mut all = match &container {
            Some(_) => Vec::new(),
            None => run.parent_environment.clone(),
        };
        {
            let variables = lock(&self.job.variables);
            all.extend(variables.environment().map(|(name, value)| (name, value.to_owned())));
            if let Some(status) = variables.value("Agent.JobStatus") {
                all.push(("agent.jobstatus".to_owned(), status.to_owned()));
            }
        }
        let entries = lock(&self.job.path_entries).clone();
        if !entries.is_empty() {
            let inherited = all.iter().rev().find(|(name, _)| name == "PATH");
            let inherited = inherited.map(|(_, path)| path.clone());
            let inherited = inherited.or_else(|| container.map(|inside| inside.path.clone()));
            let inherited = inherited.unwrap_or_default();
            all.push(("PATH".to_owned(), format!("{}:{inherited}", entries.join(":"))));
        }
        all.extend(
            lock(&self.job.endpoints).iter().map(|(name, value)| (name.clone(), value.clone())),
        );
        all.push((JOB_MARKER.to_owned(), self.job.marker()));
        all.push((STEP_MARKER.to_owned(), self.record.to_string()));
        all.extend(self.env.iter().map(|(name, value)| (environment_key(name), value.clone())));
        all
    }

    /// True if the step's own `env:` sets it.
    pub(crate) fn has_env(&self, name: &str) -> bool {
        self.env.iter().any(|(own, _)| environment_key(own) == name)
    }

    /// What this step's task has set for itself alone, before the job or in the step (`task.settaskvariable`).
    pub(crate) fn task_variables(&self) -> Vec<(String, String)> {
        let all = lock(&self.job.task_variables);
        let own = all.iter().filter(|(step, _, _)| *step == self.reference);
        own.map(|(_, name, value)| (name.clone(), value.clone())).collect()
    }

    /// Sets a variable for this step's task alone.
    pub(crate) fn set_task_variable(&self, name: &str, value: &str) {
        let mut all = lock(&self.job.task_variables);
        all.retain(|(step, known, _)| *step != self.reference || !known.eq_ignore_ascii_case(name));
        all.push((self.reference.clone(), name.to_owned(), value.to_owned()));
    }

    /// Where programs of this step run: a container, or `None` for this machine.
    pub(crate) fn container(&self) -> Result<Option<Arc<Container>>, RunnerError> {
        self.target.clone().map_err(|name| RunnerError::ContainerUnknown { name })
    }

    /// True if programs of this step run in a container, where this machine's are not.
    pub(crate) fn is_in_container(&self) -> bool {
        matches!(self.target, Ok(Some(_)))
    }

    /// A plain line.
    pub(crate) async fn line(&self, text: &str) {
        self.writer.system(text).await;
    }

    /// A warning: counted, and shown as one.
    pub(crate) async fn warning(&self, text: &str) {
        let line = self.note_warning(text);
        self.writer.send(vec![line]).await;
    }

    /// An error: counted, and the step's issue if it is the first.
    pub(crate) async fn error(&self, text: &str) {
        let line = self.note_error(text);
        self.writer.send(vec![line]).await;
    }

    /// Writes down why the task failed, and what to do about it.
    pub(crate) async fn fail(&self, error: &RunnerError) {
        self.error(&error.to_string()).await;
        if let Some(hint) = error.hint() {
            self.line(&hint).await;
        }
    }

    pub(crate) fn note_warning(&self, text: &str) -> LogLine {
        lock(&self.notes).warnings += 1;
        self.writer.make(LogStream::System, &format!("##[warning]{text}"))
    }

    pub(crate) fn note_error(&self, text: &str) -> LogLine {
        let mut notes = lock(&self.notes);
        notes.errors += 1;
        notes.issue.get_or_insert_with(|| self.writer.mask(text));
        self.writer.make(LogStream::System, &format!("##[error]{text}"))
    }

    /// `task.complete`: the worst wins.
    pub(crate) fn note_completed(&self, result: RunResult) {
        let mut notes = lock(&self.notes);
        notes.completed = Some(notes.completed.map_or(result, |known| worse(known, result)));
    }

    /// `task.complete done=true`.
    pub(crate) fn note_done(&self) {
        lock(&self.notes).is_done = true;
    }

    /// A logging command could not be carried out; the step has failed.
    pub(crate) fn note_broken_command(&self) {
        lock(&self.notes).has_broken_command = true;
    }

    /// What was noted.
    pub(crate) fn notes(&self) -> Notes {
        lock(&self.notes).clone()
    }
}

/// `env:` keeps names as written but for what no environment can hold.
fn environment_key(name: &str) -> String {
    if name.contains(['.', ' ']) { environment_name(name) } else { name.to_owned() }
}

#[async_trait]
impl StepLog for StepScope {
    async fn line(&self, text: &str) {
        self.writer.system(text).await;
    }

    async fn warning(&self, text: &str) {
        StepScope::warning(self, text).await;
    }
}
