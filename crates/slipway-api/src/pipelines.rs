//! The project's pipeline: read at a commit or from the working tree, checked against the runner's tasks.

use std::collections::HashSet;

use indexmap::IndexMap;
use slipway_core::ErrorKind;
use slipway_git::CommitFacts;
use slipway_pipeline::diagnostic::{Diagnostic, Severity as Found};
use slipway_pipeline::plan::Plan;
use slipway_pipeline::trigger::TriggerVerdict;
use slipway_pipeline::{LoadRequest, Loaded, NoFiles, load};
use slipway_store::ProjectRow;

use crate::app::App;
use crate::dto::{DiagnosticView, Severity};
use crate::error::ApiError;
use crate::projects::message;

/// Where the pipeline file lies in a repository.
pub(crate) const PIPELINE_FILE: &str = "azure-pipelines.yml";

/// What `slipway check` prints.
pub struct CheckedLines {
    pub lines: Vec<String>,
    pub errors: usize,
}

/// Checks a file's text and says what is wrong, a line each.
pub fn check_pipeline(file: &str, text: &str) -> CheckedLines {
    let loaded = read(file, text, IndexMap::new());
    let errors = loaded.diagnostics.iter().filter(|it| it.severity == Found::Error).count();
    CheckedLines { lines: loaded.diagnostics.iter().map(line).collect(), errors }
}

fn line(diagnostic: &Diagnostic) -> String {
    match &diagnostic.hint {
        Some(hint) => format!("{} {hint}", diagnostic.to_line()),
        None => diagnostic.to_line(),
    }
}

/// Reads a file, and adds what the runner has to say about its plan.
pub(crate) fn read(file: &str, text: &str, variables: IndexMap<String, String>) -> Loaded {
    let request = LoadRequest { parameters: IndexMap::new(), variables };
    let mut loaded = load(file, text, &request, &NoFiles, slipway_runner::catalog());
    if let Some(plan) = &loaded.plan {
        let refused = slipway_runner::unsupported(plan);
        // The language doubts a task that it does not know; the runner knows, and says more.
        let places: HashSet<(String, u32)> =
            refused.iter().map(|it| (it.file.clone(), it.span.line)).collect();
        loaded.diagnostics.retain(|it| {
            it.code != "unknown_task" || !places.contains(&(it.file.clone(), it.span.line))
        });
        loaded.diagnostics.extend(refused);
        loaded.diagnostics.sort_by(|left, right| {
            (&left.file, left.span.start).cmp(&(&right.file, right.span.start))
        });
    }
    loaded
}

/// The plan of a file that can run here.
pub(crate) fn runnable(loaded: Loaded) -> Result<Plan, ApiError> {
    match loaded.plan {
        Some(plan) if !loaded.diagnostics.iter().any(|it| it.severity == Found::Error) => Ok(plan),
        _ => Err(refusal(&loaded.diagnostics)),
    }
}

/// The refusal of a file that has errors: the first one in full, and how many more there are.
fn refusal(diagnostics: &[Diagnostic]) -> ApiError {
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
    error
}

pub(crate) fn diagnostic_view(diagnostic: &Diagnostic) -> DiagnosticView {
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
    ) -> Result<String, ApiError> {
        let sha = commit.clone();
        let bytes = self.git(project, move |git| git.read_file_at(&sha, PIPELINE_FILE)).await?;
        let Some(bytes) = bytes else {
            return Err(ApiError::refused(
                "pipeline_missing",
                format!("Commit {} has no {PIPELINE_FILE} at its root.", commit.short()),
            )
            .with_hint(format!("Add a {PIPELINE_FILE} and commit it.")));
        };
        String::from_utf8(bytes).map_err(|_| {
            ApiError::new(
                ErrorKind::UserInput,
                "not_utf8",
                format!("{PIPELINE_FILE} is not UTF-8 text."),
            )
            .with_hint("Save the file as UTF-8.")
        })
    }

    /// Whether a commit starts the pipeline, and why.
    pub(crate) async fn trigger_verdict(
        &self,
        project: &ProjectRow,
        commit: &CommitFacts,
        branch: &str,
    ) -> Result<TriggerVerdict, ApiError> {
        let text = self.pipeline_text_at(project, &commit.sha).await?;
        let sha = commit.sha.clone();
        let paths = self.git(project, move |git| git.changed_paths(&sha)).await?;
        let loaded = read(PIPELINE_FILE, &text, IndexMap::new());
        Ok(loaded.trigger.evaluate(branch, &paths, &message(&commit.summary, &commit.body)))
    }
}
