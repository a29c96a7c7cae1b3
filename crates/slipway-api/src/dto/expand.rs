//! What a pipeline that is being written comes to: its plan for chosen parameters, whether an event
//! would start it, and a commit message for what has changed.

use slipway_core::ProjectId;

use super::board::BoardView;
use super::{DiagnosticView, PlanView, RunParameter, RunParameterView};
use super::{answer, request};

answer! {
    /// A pipeline with its templates put in and its expressions gone.
    pub struct ExpandedView {
        /// None while the file or the parameters are wrong. Its nodes have no paths; `file` and `line`
        /// say where each comes from.
        pub board: Option<BoardView>,
        /// The same as a run names it.
        pub plan: Option<PlanView>,
        /// What the file's `parameters:` asks for.
        pub parameters: Vec<RunParameterView>,
        pub diagnostics: Vec<DiagnosticView>,
    }

    /// Whether something would start the pipeline, and why.
    pub struct TriggerView {
        pub starts: bool,
        pub reason: String,
    }

    /// A commit message for what has changed.
    pub struct PipelineMessageView {
        /// At most 72 letters.
        pub summary: String,
        /// Nothing when the summary says it all.
        pub body: String,
    }

    /// What may start a pipeline.
    #[derive(Eq, Copy)]
    pub enum TriggerEventWord { Push, PullRequest }
}

request! {
    /// Asks what a text comes to with these parameters; the others have their defaults.
    pub struct PipelineExpand {
        pub project_id: ProjectId,
        pub text: String,
        #[serde(default)]
        pub parameters: Vec<RunParameter>,
    }

    /// Asks whether a push to a branch, or a pull request into it, would start a text's pipeline.
    pub struct PipelineTrigger {
        pub project_id: ProjectId,
        pub text: String,
        /// A name, or a full ref such as `refs/tags/v1`.
        pub branch: String,
        pub event: TriggerEventWord,
        /// The files that have changed.
        #[serde(default)]
        pub paths: Vec<String>,
    }

    /// Asks for a commit message for what has changed from one text to another.
    pub struct PipelineMessage {
        pub project_id: ProjectId,
        pub before: String,
        pub after: String,
    }
}
