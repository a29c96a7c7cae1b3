//! The front door: text in, plan and diagnostics out. [`expand`] is the way without the last step.

use indexmap::IndexMap;

use crate::catalog::TaskCatalog;
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::reader::Reader;
use crate::report::Report;
use crate::sources::Sources;
use crate::template::{ExpandedRoot, Expander, Files, Include, ParameterDeclaration, ReadFile};
use crate::tree::{Node, read};
use crate::trigger::{Trigger, Triggers};

/// What is known before a run starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadRequest {
    /// Texts for `parameters:`, by name.
    pub parameters: IndexMap<String, String>,
    /// What `${{ variables.x }}` sees beside the file: predefined variables (`Build.…`, `System.…`:
    /// nothing overrides them) and variables given when the run was queued (the file overrides them).
    pub variables: IndexMap<String, String>,
}

/// What a file came to.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Only when there is no error.
    pub plan: Option<Plan>,
    /// `trigger:`, whether or not the rest of the file is right.
    pub trigger: Trigger,
    /// All that can start a run.
    pub triggers: Triggers,
    /// What the file's `parameters:` asks for.
    pub parameters: Vec<ParameterDeclaration>,
    /// Errors, warnings and remarks in document order, file by file.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that were read, the root file first. A place's source is a position in this list.
    pub files: Vec<ReadFile>,
    /// Which place included which file.
    pub includes: Vec<Include>,
}

/// A file with its templates put in and its expressions gone, before anything is known of tasks.
#[derive(Debug, Clone, Default)]
pub struct Expanded {
    /// Nothing when there is no tree at all; with errors it is as far as they let it come.
    pub root: Option<Node>,
    pub parameters: Vec<ParameterDeclaration>,
    pub diagnostics: Vec<Diagnostic>,
    pub files: Vec<ReadFile>,
    pub includes: Vec<Include>,
}

/// Reads a file. Never fails and never panics: whatever is wrong is a diagnostic with its place.
///
/// `file` is the path from the root of the repository: templates are found relative to it.
pub fn load(
    file: &str,
    text: &str,
    request: &LoadRequest,
    files: &dyn Files,
    catalog: &dyn TaskCatalog,
) -> Loaded {
    let sources = Sources::default();
    let mut report = Report::new(&sources);
    let expanded = expand_with(file, text, request, files, &mut report);
    let mut loaded = Loaded {
        parameters: expanded.parameters,
        files: expanded.files,
        includes: expanded.includes,
        ..Loaded::default()
    };
    if let Some(root) = expanded.root {
        let (plan, triggers) = Reader::new(&mut report, catalog).pipeline(&root);
        loaded.trigger = triggers.ci.clone();
        loaded.triggers = triggers;
        if !report.has_error() {
            loaded.plan = plan;
        }
    }
    loaded.diagnostics = report.finish();
    loaded
}

/// Expands a file: what the service calls the full YAML, and [`crate::expanded_yaml`] prints.
pub fn expand(file: &str, text: &str, request: &LoadRequest, files: &dyn Files) -> Expanded {
    let sources = Sources::default();
    let mut report = Report::new(&sources);
    let ExpandedRoot { root, parameters, files, includes } =
        expand_with(file, text, request, files, &mut report);
    Expanded { root, parameters, diagnostics: report.finish(), files, includes }
}

fn expand_with(
    file: &str,
    text: &str,
    request: &LoadRequest,
    files: &dyn Files,
    report: &mut Report<'_>,
) -> ExpandedRoot {
    let source = report.sources().add_file(file, text);
    let tree = read(&source);
    report.extend(source.id, tree.diagnostics);
    let root = tree.root.filter(|root| !root.is_null());
    if root.is_none() && !report.has_error() {
        let message = "The file is empty: a pipeline was expected.";
        let hint = Some("Start with steps: and a list of steps.".to_owned());
        report.error(report.start(), "missing_body", message, hint);
    }
    let expander = Expander::new(file, files, &request.variables, report);
    expander.root(file, root.as_ref(), &request.parameters)
}
