//! The pipeline file: text, diagnostics, plan.

use slipway_core::ProjectId;

use super::{answer, request};

answer! {
    /// The project's `azure-pipelines.yml`.
    pub struct PipelineView {
        pub path: String,
        pub text: String,
        pub diagnostics: Vec<DiagnosticView>,
        pub plan: Option<PlanView>,
        /// Whether the newest commit would start it, and why.
        pub trigger_statement: String,
    }

    /// Something to know about a place in the file.
    pub struct DiagnosticView {
        pub severity: Severity,
        pub code: String,
        pub message: String,
        pub hint: Option<String>,
        /// 1-based.
        pub line: u32,
        /// 1-based, in characters.
        pub column: u32,
        pub end_line: u32,
        pub end_column: u32,
    }

    /// How bad it is.
    #[derive(Eq, Copy)]
    pub enum Severity { Error, Warning, Information }

    /// What would run.
    pub struct PlanView {
        pub stages: Vec<PlanStageView>,
    }

    /// A stage.
    pub struct PlanStageView {
        pub name: String,
        pub display_name: String,
        pub depends_on: Vec<String>,
        pub condition: Option<String>,
        pub jobs: Vec<PlanJobView>,
    }

    /// A job or deployment job.
    pub struct PlanJobView {
        pub name: String,
        pub display_name: String,
        pub depends_on: Vec<String>,
        pub condition: Option<String>,
        /// Set for a deployment job.
        pub environment: Option<String>,
        pub steps: Vec<PlanStepView>,
    }

    /// A step.
    pub struct PlanStepView {
        pub display_name: String,
        /// Such as `Docker@2`.
        pub task: String,
        pub line: u32,
    }
}

request! {
    /// Saves the pipeline file, if it still is what the editor read.
    pub struct PipelineSave {
        pub project_id: ProjectId,
        pub text: String,
        /// The text that was read before; refused if the file has changed since.
        pub base_text: String,
    }
}
