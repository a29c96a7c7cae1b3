//! `slipway run FILE`: runs a pipeline file of the folder at hand, with the lines that Azure prints.
//!
//! Exit codes: 0 succeeded (with issues or without), 1 failed or canceled, 130 ended by Ctrl+C. Deliberately
//! not here: the loop (`loop_run`).

use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};
use slipway_api::app::{App, AppOptions};
use slipway_api::dto::{LogPage, ProjectView, RecordView, RunStarted, RunView};
use slipway_api::error::ApiError;
use slipway_core::{AppEvent, RecordId, RecordKind, RunId, RunResult, RunState};
use slipway_serve::{Page, PageOptions};

use crate::library::{pair, wrong_use};
use crate::mapped::Mapped;
use crate::questions::Questions;
use crate::remote::Announced;
use crate::serve::{End, open_project};
use crate::{ask, print, read};

/// Lines that are asked for at once.
const PAGE: u32 = 500;
/// How long nothing may happen before the run is looked at anyway.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a run of a file takes.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct FileRunArguments {
    /// A pipeline file to run by itself; azure-pipelines.yml if something is given for it below.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// A variable of the run.
    #[arg(long, value_name = "NAME=VALUE")]
    var: Vec<String>,
    /// A secret variable of the run; its value comes from the environment variable of this name.
    #[arg(long, value_name = "NAME")]
    secret: Vec<String>,
    /// A value for a parameter of the pipeline.
    #[arg(long, value_name = "NAME=VALUE")]
    param: Vec<String>,
    /// Runs a branch's newest commit instead of the files as they are.
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// Runs a commit instead of the files as they are.
    #[arg(long, value_name = "SHA")]
    commit: Option<String>,
    /// Leave out all steps and jobs that cannot run here.
    #[arg(long)]
    pub(crate) skip_unsupported: bool,
    /// Leave this out if it cannot run here: a task such as AzureWebApp@1, or stage/job/step; repeat for more.
    #[arg(long = "skip", value_name = "TASK")]
    pub(crate) skips: Vec<String>,
    /// Run only this stage; repeat for more. What is left out holds nothing up, and has no outputs.
    #[arg(long = "stage", value_name = "STAGE")]
    stages: Vec<String>,
    /// Run only this job, as JOB or STAGE/JOB; repeat for more.
    #[arg(long = "job", value_name = "JOB")]
    jobs: Vec<String>,
    /// Run only this step and what its job prepares: its name, display name or place in the job, after STAGE/JOB/ or JOB/
    /// where it is not the only one.
    #[arg(long, value_name = "STEP")]
    step: Option<String>,
    /// Also run what the chosen stages and jobs depend on.
    #[arg(long)]
    with_needed: bool,
    #[command(flatten)]
    mapped: Mapped,
}

impl FileRunArguments {
    /// True if a file shall run by itself, without the loop.
    pub(crate) fn is_wanted(&self) -> bool {
        let lists = [&self.var, &self.secret, &self.param, &self.stages, &self.jobs];
        self.file.is_some()
            || self.step.is_some()
            || self.branch.is_some()
            || self.commit.is_some()
            || !self.mapped.is_empty()
            || lists.iter().any(|list| !list.is_empty())
    }

    /// What of the pipeline is to run; nothing for all of it.
    fn only(&self) -> Vec<String> {
        let jobs = self.jobs.iter().map(|job| below(job, 1));
        let step = self.step.iter().map(|step| below(step, 2));
        self.stages.iter().cloned().chain(jobs).chain(step).collect()
    }
}

/// A name at its depth: what is not said of the places above is looked for.
fn below(name: &str, depth: usize) -> String {
    let said = name.matches('/').count().min(depth);
    format!("{}{name}", "/".repeat(depth - said))
}

/// Runs a file to its end.
pub(crate) async fn execute(
    mut options: AppOptions,
    project: Option<PathBuf>,
    arguments: FileRunArguments,
) -> Result<ExitCode, ApiError> {
    let mut end = End::listen();
    ask::unlock(&mut options);
    let file = arguments.file.clone().unwrap_or_else(|| "azure-pipelines.yml".into());
    let beside = project.clone().unwrap_or_else(|| folder_of(&file));
    let app = App::open(options).await?;
    // Other terminals answer what the run asks through it.
    let page = Page::open(&app, PageOptions::default()).await?;
    let announced = Announced::of(&app, &page);
    let ended = run(&app, &mut end, beside, &file, &arguments).await;
    drop(announced);
    page.close().await;
    app.close().await;
    ended
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

async fn run(
    app: &App,
    end: &mut End,
    folder: PathBuf,
    file: &Path,
    arguments: &FileRunArguments,
) -> Result<ExitCode, ApiError> {
    let project: ProjectView = read(open_project(app, Some(folder)).await?)?;
    for (name, path) in arguments.mapped.given() {
        let request = json!({ "projectId": project.id, "name": name, "path": path });
        app.call("repository_mapping_set", request).await?;
    }
    let mut request = request(&project, file, arguments)?;
    request["skipUnsupported"] = arguments.skip_unsupported.into();
    request["skip"] = arguments.skips.clone().into();
    let only = arguments.only();
    if !only.is_empty() {
        request["only"] = only.into();
        request["isWithNeeded"] = arguments.with_needed.into();
    }
    let events = app.events();
    let started: RunStarted = read(app.call("run_start", request).await?)?;
    let shown: String = started.commit.chars().take(8).collect();
    print::line(&format!("Run {} of {} at {shown}", started.number, file.display()));
    follow(app, end, events, started).await
}

/// Prints what a run that was started says, until its end.
pub(crate) async fn follow(
    app: &App,
    end: &mut End,
    mut events: tokio::sync::broadcast::Receiver<AppEvent>,
    started: RunStarted,
) -> Result<ExitCode, ApiError> {
    for warning in started.warnings.iter().flatten() {
        print::line_error(&format!("warning: {warning}"));
    }
    let mut follower = Follower::new(app, started.run_id.clone());
    let mut questions = Questions::new();
    let mut is_ended = false;
    loop {
        tokio::select! {
            event = tokio::time::timeout(PATIENCE, events.recv()) => {
                // Something else, too much at once, or nothing for a while: look at everything.
                if let Ok(Ok(AppEvent::LogGrew { run_id, record_id, lines })) = event {
                    if run_id == started.run_id {
                        follower.read_until(&record_id, lines).await?;
                    }
                    continue;
                }
            }
            () = end.wait() => {
                is_ended = true;
                // One that is over already needs no cancel.
                app.call("run_cancel", json!({ "runId": started.run_id })).await.ok();
            }
        }
        let view = follower.look().await?;
        if view.run.state == RunState::Completed {
            follower.read_all(&view).await?;
            return Ok(conclude(&view, is_ended));
        }
        questions.look(app, started.run_id.as_str()).await?;
    }
}

fn request(
    project: &ProjectView,
    file: &Path,
    arguments: &FileRunArguments,
) -> Result<Value, ApiError> {
    let mut variables = Vec::new();
    for text in &arguments.var {
        let (name, value) = pair(text)?;
        variables.push(json!({ "name": name, "value": value }));
    }
    for name in &arguments.secret {
        let value = ask::from_environment(name)?;
        variables.push(json!({ "name": name, "value": value, "isSecret": true }));
    }
    let mut parameters = Vec::new();
    for text in &arguments.param {
        let (name, value) = pair(text)?;
        parameters.push(json!({ "name": name, "value": value }));
    }
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let whole = whole.canonicalize().unwrap_or(whole);
    let root = Path::new(&project.path);
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let inside = whole.strip_prefix(&root).map_err(|_| {
        let message = format!("{} is not in the repository {}.", file.display(), project.path);
        wrong_use("file_outside", message, "Name a file of the project that runs.")
    })?;
    Ok(json!({
        "projectId": project.id,
        "file": inside.to_string_lossy(),
        "variables": variables,
        "parameters": parameters,
        "branch": arguments.branch,
        "commit": arguments.commit,
        "isWorkingTree": arguments.branch.is_none() && arguments.commit.is_none(),
    }))
}

/// Prints each line of a run once.
struct Follower<'a> {
    app: &'a App,
    run: RunId,
    printed: HashMap<RecordId, u32>,
    /// The job of a step, when there are several.
    jobs: HashMap<RecordId, String>,
    is_terminal: bool,
}

impl<'a> Follower<'a> {
    fn new(app: &'a App, run: RunId) -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        Self { app, run, printed: HashMap::new(), jobs: HashMap::new(), is_terminal }
    }

    async fn look(&mut self) -> Result<RunView, ApiError> {
        let view: RunView = read(self.app.call("run_get", json!({ "runId": self.run })).await?)?;
        let jobs: Vec<&RecordView> =
            view.records.iter().filter(|record| record.kind == RecordKind::Job).collect();
        if jobs.len() > 1 && self.jobs.is_empty() {
            for step in view.records.iter().filter(|record| record.kind == RecordKind::Step) {
                let job = jobs.iter().find(|job| Some(&job.id) == step.parent_id.as_ref());
                if let Some(job) = job {
                    self.jobs.insert(step.id.clone(), job.display_name.clone());
                }
            }
        }
        Ok(view)
    }

    async fn read_until(&mut self, record: &RecordId, lines: u32) -> Result<(), ApiError> {
        if self.jobs.is_empty() && self.printed.is_empty() {
            self.look().await?;
        }
        let mut from = self.printed.get(record).copied().unwrap_or(0);
        while from < lines {
            let request = json!({
                "runId": self.run, "recordId": record, "from": from, "limit": PAGE,
            });
            let page: LogPage = read(self.app.call("log_get", request).await?)?;
            if page.lines.is_empty() {
                break;
            }
            let job = self.jobs.get(record);
            for line in &page.lines {
                let text = if self.is_terminal { coloured(&line.text) } else { line.text.clone() };
                match job {
                    Some(job) => print::line(&format!("[{job}] {text}")),
                    None => print::line(&text),
                }
                from += 1;
            }
        }
        self.printed.insert(record.clone(), from);
        Ok(())
    }

    async fn read_all(&mut self, view: &RunView) -> Result<(), ApiError> {
        for step in view.records.iter().filter(|record| record.log_lines > 0) {
            self.read_until(&step.id, step.log_lines).await?;
        }
        Ok(())
    }
}

/// As the log of Azure shows its marks: in a colour, without the mark.
fn coloured(line: &str) -> String {
    const MARKS: [(&str, &str); 6] = [
        ("##[error]", "31"),
        ("##[warning]", "33"),
        ("##[section]", "32"),
        ("##[command]", "34"),
        ("##[debug]", "35"),
        ("##[group]", "1"),
    ];
    if line.starts_with("##[endgroup]") {
        return String::new();
    }
    let marked = MARKS.iter().find_map(|(mark, colour)| Some((line.strip_prefix(mark)?, colour)));
    marked.map_or_else(
        || line.to_owned(),
        |(text, colour)| format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
    )
}

fn conclude(view: &RunView, is_ended: bool) -> ExitCode {
    print::line("");
    for record in view.records.iter().filter(|record| record.kind != RecordKind::Step) {
        // A file without stages has one that nobody wrote.
        if record.name == "__default" {
            continue;
        }
        let indent = if record.kind == RecordKind::Job { "  " } else { "" };
        let result = record.result.map_or("?", word);
        let seconds =
            record.started_at.zip(record.finished_at).map_or_else(String::new, |(a, b)| {
                format!(" in {:.1} s", (b - a).max(0) as f64 / 1000.0)
            });
        let kept = if record.kept_from.is_some() { " (kept)" } else { "" };
        let name = &record.display_name;
        print::line(&format!("{indent}{} {name}: {result}{seconds}{kept}", record.kind));
    }
    for artifact in &view.artifacts {
        print::line(&format!("Artifact {}: {}", artifact.name, artifact.path));
    }
    let result = view.run.result.unwrap_or(RunResult::Failed);
    let choice = view.run.choice.as_ref().map(|text| format!(", {text}")).unwrap_or_default();
    print::line(&format!("Run {}{choice}: {}", view.run.number, word(result)));
    if let Some(issue) = &view.run.issue {
        print::line_error(issue);
    }
    match result {
        _ if is_ended => ExitCode::from(130),
        RunResult::Succeeded | RunResult::SucceededWithIssues | RunResult::Skipped => {
            ExitCode::SUCCESS
        }
        RunResult::Failed | RunResult::Canceled | RunResult::Interrupted => ExitCode::from(1),
    }
}

fn word(result: RunResult) -> &'static str {
    match result {
        RunResult::Succeeded => "succeeded",
        RunResult::SucceededWithIssues => "succeeded with issues",
        RunResult::Failed => "failed",
        RunResult::Canceled => "canceled",
        RunResult::Skipped => "skipped",
        RunResult::Interrupted => "interrupted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_colours() {
        assert_eq!(coloured("##[error]broken"), "\u{1b}[31mbroken\u{1b}[0m", "errors are red");
        assert_eq!(coloured("plain ##[error]"), "plain ##[error]", "only at the start of a line");
        assert_eq!(coloured("##[endgroup]"), "", "the end of a group is not shown");
    }

    #[test]
    fn a_step_or_job_is_looked_for_where_nothing_is_said() {
        assert_eq!(below("Test", 1), "/Test", "a job of any stage");
        assert_eq!(below("CI/Test", 1), "CI/Test", "a job of one");
        assert_eq!(below("Lint", 2), "//Lint", "a step of any job");
        assert_eq!(below("Test/Lint", 2), "/Test/Lint", "a step of one");
        assert_eq!(below("CI/Test/a/b", 2), "CI/Test/a/b", "a display name may hold a slash");
    }

    #[test]
    fn a_file_or_a_value_asks_for_a_plain_run() {
        assert!(!FileRunArguments::default().is_wanted(), "nothing said is the loop");
        let given = FileRunArguments { var: vec!["a=b".to_owned()], ..Default::default() };
        assert!(given.is_wanted(), "a variable is of a plain run");
    }
}
