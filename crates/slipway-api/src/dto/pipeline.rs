//! The pipeline file: text, diagnostics, plan.

use slipway_core::{ProjectId, RunId};

use super::{BoardView, CommitView, answer, request};

answer! {
    /// The project's `azure-pipelines.yml`.
    pub struct PipelineView {
        pub path: String,
        pub text: String,
        pub diagnostics: Vec<DiagnosticView>,
        pub plan: Option<PlanView>,
        /// Whether the newest commit would start it, and why.
        pub trigger_statement: String,
        /// The text as the canvas shows it.
        pub board: BoardView,
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
        /// Its name, or the one that it is given: how a run's record is named.
        pub reference: String,
        pub display_name: String,
        /// Such as `Docker@2`.
        pub task: String,
        pub line: u32,
        /// The template that it stands in; none for this file.
        pub file: Option<String>,
    }
}

answer! {
    /// Something that may be written at a place. Places count UTF-16 code units of the whole text.
    pub struct CompletionView {
        pub label: String,
        /// A snippet with `${1:…}` and `$0`; further lines are to be indented as the line is.
        pub insert: String,
        pub kind: CompletionWord,
        pub detail: String,
        /// Markdown.
        pub documentation: String,
        pub start: u32,
        pub end: u32,
    }

    /// What it is.
    #[derive(Eq, Copy)]
    pub enum CompletionWord { Key, Word, Task, Input, Variable, Parameter, Function, Name, File, Command, Snippet }

    /// Words about a place, if there are any.
    pub struct PipelineHoverView {
        pub hover: Option<HoverView>,
    }

    /// Words about a place.
    pub struct HoverView {
        pub start: u32,
        pub end: u32,
        /// Markdown.
        pub text: String,
    }

    /// Where something is declared, if it is.
    pub struct PipelineDefinitionView {
        pub definition: Option<DefinitionView>,
    }

    /// Where something is declared.
    pub struct DefinitionView {
        /// Another file's path; none for the text at hand.
        pub file: Option<String>,
        pub start: u32,
        pub end: u32,
        /// The text of another file, to look into.
        pub text: Option<String>,
    }

    /// What there is to say about a text.
    pub struct PipelineChecked {
        pub diagnostics: Vec<DiagnosticView>,
        /// What would run; nothing while the text has an error.
        pub plan: Option<PlanView>,
    }
}

answer! {
    /// The pipeline file was saved and committed.
    pub struct PipelineCommitted {
        pub pipeline: PipelineView,
        pub commit: CommitView,
        /// The branch that is checked out now.
        pub branch: String,
        /// The run it started, if the pipeline's trigger says so.
        pub run_id: Option<RunId>,
        /// Why it started one, or why not.
        pub trigger_reason: String,
    }

    /// The pipeline file in the newest commit, if it is there.
    pub struct PipelineCommittedText {
        pub text: Option<String>,
    }
}

request! {
    /// Asks about a place of a text that need not be saved.
    pub struct PipelineAt {
        pub project_id: ProjectId,
        pub text: String,
        /// UTF-16 code units from the text's start.
        pub offset: u32,
    }

    /// Checks a text that need not be saved.
    pub struct PipelineCheck {
        pub project_id: ProjectId,
        pub text: String,
    }

    /// Saves the pipeline file, if it still is what the editor read.
    pub struct PipelineSave {
        pub project_id: ProjectId,
        pub text: String,
        /// The text that was read before; refused if the file has changed since.
        pub base_text: String,
    }

    /// Saves the pipeline file, if it still is what the editor read, and commits it alone.
    pub struct PipelineCommit {
        pub project_id: ProjectId,
        pub text: String,
        /// The text that was read before; refused if the file has changed since.
        pub base_text: String,
        pub message: String,
        /// A branch to make and check out for it; left out, the branch at hand takes the commit.
        pub branch: Option<String>,
    }
}
