//! The front door: text in, plan and diagnostics out.

use indexmap::IndexMap;

use crate::catalog::TaskCatalog;
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::reader::Reader;
use crate::report::Report;
use crate::template::{Expander, ParameterDeclaration, bind};
use crate::tree::{SourceId, SourceText, read};
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
    /// Errors, warnings and remarks in document order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file. Never fails and never panics: whatever is wrong is a diagnostic with its place.
pub fn load(file: &str, text: &str, request: &LoadRequest, catalog: &dyn TaskCatalog) -> Loaded {
    let sources = [SourceText::new(SourceId(0), file, text)];
    let mut report = Report::new(&sources);
    let tree = read(&sources[0]);
    report.extend(tree.diagnostics);
    let mut loaded = Loaded::default();
    let Some(root) = tree.root.filter(|root| !root.is_null()) else {
        if !report.has_error() {
            let place = report.start();
            let message = "The file is empty: a pipeline was expected.";
            let hint = Some("Start with steps: and a list of steps.".to_owned());
            report.error(place, "missing_body", message, hint);
        }
        loaded.diagnostics = report.finish();
        return loaded;
    };
    let bound = bind(root.get("parameters"), &request.parameters, &mut report);
    loaded.parameters = bound.declarations;
    let expanded = Expander::new(bound.values, &request.variables, &mut report).root(&root);
    if let Some(expanded) = expanded {
        let (plan, triggers) = Reader::new(&mut report, catalog).pipeline(&expanded);
        loaded.trigger = triggers.ci.clone();
        loaded.triggers = triggers;
        if !report.has_error() {
            loaded.plan = plan;
        }
    }
    loaded.diagnostics = report.finish();
    loaded
}
