//! The project's pipeline: read at a commit or from the working tree, checked against the runner's tasks.

use std::collections::HashSet;
use std::path::PathBuf;

use indexmap::IndexMap;
use slipway_core::{CommitSha, ErrorKind, ProjectId};
use slipway_git::CommitFacts;
use slipway_pipeline::assist::{BoardLevel, board};
use slipway_pipeline::diagnostic::{Diagnostic, Severity as Found, Span};
use slipway_pipeline::plan::Plan;
use slipway_pipeline::trigger::TriggerVerdict;
use slipway_pipeline::{LoadRequest, Loaded, load};
use slipway_runner::{Catalog, Obstacle, PoolTable, obstacles, unmapped};
use slipway_store::ProjectRow;

use crate::app::App;
use crate::dto::{DiagnosticView, Severity};
use crate::error::ApiError;
use crate::projects::message;
use crate::repositories::Repositories;
use crate::template_files::TemplateFiles;

/// Where the pipeline file lies in a repository.
pub(crate) use slipway_pipeline::propose::PIPELINE_FILE;

/// Reads a file, and asks the runner what of its plan cannot run.
pub(crate) fn read(
    file: &str,
    text: &str,
    request: &LoadRequest,
    files: &TemplateFiles,
    tasks: &Catalog,
    pools: Option<&PoolTable>,
) -> (Loaded, Vec<Obstacle>) {
    let loaded = load(file, text, request, files, tasks);
    let Some(plan) = &loaded.plan else { return (loaded, Vec::new()) };
    let mut found = obstacles(plan, tasks, pools);
    found.extend(unmapped(plan, &|wanted| files.repositories.has(wanted)));
    (loaded, found)
}

/// Adds what the runner has to say about the plan.
pub(crate) fn with_obstacles(mut loaded: Loaded, found: &[Obstacle]) -> Loaded {
    // The language doubts a task that it does not know; the runner knows, and says more.
    let places: HashSet<(&str, u32)> =
        found.iter().map(|it| (it.diagnostic.file.as_str(), it.diagnostic.span.line)).collect();
    loaded.diagnostics.retain(|it| {
        it.code != "unknown_task" || !places.contains(&(it.file.as_str(), it.span.line))
    });
    loaded.diagnostics.extend(found.iter().map(|it| it.diagnostic.clone()));
    loaded
        .diagnostics
        .sort_by(|left, right| (&left.file, left.span.start).cmp(&(&right.file, right.span.start)));
    loaded
}

/// The plan of a file that is right.
pub(crate) fn runnable(loaded: Loaded) -> Result<Plan, ApiError> {
    match loaded.plan {
        Some(plan) if !loaded.diagnostics.iter().any(|it| it.severity == Found::Error) => Ok(plan),
        _ => Err(refusal(&loaded.diagnostics)),
    }
}

/// The refusal of a file that has errors: the first one in full, and how many more there are.
pub(crate) fn refusal(diagnostics: &[Diagnostic]) -> ApiError {
    let errors: Vec<&Diagnostic> =
        diagnostics.iter().filter(|it| it.severity == Found::Error).collect();
    let Some(first) = errors.first() else {
        return ApiError::new(
            ErrorKind::Bug,
            "no_plan",
            "The pipeline has neither a plan nor an error.",
        );
    };
    let more = match errors.len() - 1 {
        0 => String::new(),
        1 => " (and 1 more error)".to_owned(),
        count => format!(" (and {count} more errors)"),
    };
    let mut error = ApiError::refused(&first.code, format!("{}{more}", first.to_line()));
    error.hint = first
        .hint
        .clone()
        .or_else(|| Some("Open the pipeline: the place is marked there.".to_owned()));
    error.and(errors[1..].iter().map(|other| line(other)))
}

/// A diagnostic with its hint, in one line.
pub(crate) fn line(diagnostic: &Diagnostic) -> String {
    match &diagnostic.hint {
        Some(hint) => format!("{} {hint}", diagnostic.to_line()),
        None => diagnostic.to_line(),
    }
}

/// Everything to know about the root file. What is said of a template is shown at the line that
/// includes it.
pub(crate) fn diagnostic_views(loaded: &Loaded, text: &str) -> Vec<DiagnosticView> {
    let root = loaded.files.first().map(|file| file.name.as_str()).unwrap_or_default();
    let is_begun = board(text).level != BoardLevel::Empty;
    let shown = |diagnostic: &Diagnostic| {
        let mut diagnostic = diagnostic.clone();
        // A file without stages, jobs and steps yet is not wrong: somebody is about to draw it.
        if !is_begun && diagnostic.code == "missing_body" {
            diagnostic.severity = Found::Information;
        }
        if diagnostic.file != root {
            diagnostic.message = diagnostic.to_line();
            diagnostic.span = including_place(loaded, &diagnostic.file).unwrap_or(START);
        }
        diagnostic_view(&diagnostic)
    };
    loaded.diagnostics.iter().map(shown).collect()
}

const START: Span = Span { start: 0, end: 0, line: 1, column: 1, end_line: 1, end_column: 1 };

/// The place in the root file that leads to a template, first or last.
fn including_place(loaded: &Loaded, file: &str) -> Option<Span> {
    let mut at = loaded.files.iter().position(|known| known.name == file)?;
    // A file is read after the one that includes it first, so this ends at the root.
    for _ in 0..loaded.files.len() {
        let include = loaded.includes.iter().find(|include| include.to == at)?;
        if include.from == 0 {
            return Some(include.span);
        }
        at = include.from;
    }
    None
}

fn diagnostic_view(diagnostic: &Diagnostic) -> DiagnosticView {
    DiagnosticView {
        severity: match diagnostic.severity {
            Found::Error => Severity::Error,
            Found::Warning => Severity::Warning,
            Found::Information => Severity::Information,
        },
        code: diagnostic.code.clone(),
        message: diagnostic.message.clone(),
        hint: diagnostic.hint.clone(),
        line: diagnostic.span.line,
        column: diagnostic.span.column,
        end_line: diagnostic.span.end_line,
        end_column: diagnostic.span.end_column,
    }
}

impl App {
    /// The pipeline's text at a commit.
    pub(crate) async fn pipeline_text_at(
        &self,
        project: &ProjectRow,
        commit: &slipway_core::CommitSha,
        file: &str,
    ) -> Result<String, ApiError> {
        let (sha, path) = (commit.clone(), file.to_owned());
        let bytes = self.git(project, move |git| git.read_file_at(&sha, &path)).await?;
        let Some(bytes) = bytes else {
            let place = if file == PIPELINE_FILE { " at its root" } else { "" };
            return Err(ApiError::refused(
                "pipeline_missing",
                format!("Commit {} has no {file}{place}.", commit.short()),
            )
            .with_hint(format!("Add a {file} and commit it.")));
        };
        String::from_utf8(bytes).map_err(|_| {
            ApiError::new(ErrorKind::UserInput, "not_utf8", format!("{file} is not UTF-8 text."))
                .with_hint("Save the file as UTF-8.")
        })
    }

    /// Loads the pipeline with the templates of a commit, or of the working tree.
    pub(crate) async fn load_pipeline(
        &self,
        project: &ProjectRow,
        commit: Option<&CommitSha>,
        text: String,
        variables: IndexMap<String, String>,
    ) -> Result<Loaded, ApiError> {
        let request = LoadRequest { parameters: IndexMap::new(), variables };
        let tasks = self.task_catalog().await?;
        let (loaded, found) =
            self.load_file(project, commit, (PIPELINE_FILE, text), request, tasks).await?;
        Ok(with_obstacles(loaded, &found))
    }

    /// Loads any pipeline file of the project, with parameters; what of it cannot run stands apart.
    pub(crate) async fn load_file(
        &self,
        project: &ProjectRow,
        commit: Option<&CommitSha>,
        (file, text): (&str, String),
        request: LoadRequest,
        tasks: Catalog,
    ) -> Result<(Loaded, Vec<Obstacle>), ApiError> {
        let files = TemplateFiles {
            root: PathBuf::from(&project.path),
            commit: commit.cloned(),
            repositories: self.repositories(&project.id).await?,
        };
        let pools = self.pool_table().await?;
        let file = file.to_owned();
        let loading = tokio::task::spawn_blocking(move || {
            read(&file, &text, &request, &files, &tasks, Some(&pools))
        });
        loading.await.map_err(|error| {
            let message = format!("Reading the pipeline broke: {error}.");
            ApiError::new(ErrorKind::Bug, "pipeline_thread", message)
        })
    }

    /// Where the repositories lie that a project's pipelines name.
    pub(crate) async fn repositories(&self, project: &ProjectId) -> Result<Repositories, ApiError> {
        Ok(Repositories::of_rows(self.store.repository_mappings(project).await?))
    }

    /// Whether a commit starts the pipeline, and why.
    pub(crate) async fn trigger_verdict(
        &self,
        project: &ProjectRow,
        commit: &CommitFacts,
        branch: &str,
    ) -> Result<TriggerVerdict, ApiError> {
        let text = self.pipeline_text_at(project, &commit.sha, PIPELINE_FILE).await?;
        let sha = commit.sha.clone();
        let paths = self.git(project, move |git| git.changed_paths(&sha)).await?;
        let loaded = self.load_pipeline(project, Some(&commit.sha), text, IndexMap::new()).await?;
        Ok(loaded.trigger.evaluate(branch, &paths, &message(&commit.summary, &commit.body)))
    }
}
