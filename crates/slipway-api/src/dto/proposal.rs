//! A pipeline proposed for a repository that has none.

use slipway_core::{ProjectId, RunId};

use super::{CommitView, answer, request};

answer! {
    /// What could be added to a repository, and why.
    pub struct ProposalView {
        /// The pipeline first.
        pub files: Vec<ProposedFileView>,
        pub detected: Vec<DetectedView>,
        pub options: ProposalChoices,
        /// The least pipeline to start drawing from.
        pub empty: String,
    }

    /// A file to add.
    pub struct ProposedFileView {
        pub path: String,
        pub text: String,
        /// Why its parts are there, a sentence or two each.
        pub why: Vec<String>,
        /// False if the repository has such a file already.
        pub is_new: bool,
    }

    /// Something that was found.
    pub struct DetectedView {
        pub what: String,
        /// The file that says so.
        pub file: String,
    }

    /// What was chosen, and what can be chosen at all.
    pub struct ProposalChoices {
        pub tests: bool,
        pub image: bool,
        pub deploy: bool,
        pub branch: String,
        /// None for several images, or none.
        pub port: Option<u16>,
        pub image_name: String,
        pub environment: String,
        pub registry: String,
        pub has_tests: bool,
        pub can_image: bool,
        pub can_deploy: bool,
    }

    /// The files are there.
    pub struct ProposalApplied {
        pub paths: Vec<String>,
        /// If they were committed.
        pub commit: Option<CommitView>,
        /// The branch that is checked out now.
        pub branch: Option<String>,
        pub run_id: Option<RunId>,
        /// Why the commit started a run, or why not.
        pub trigger_reason: Option<String>,
    }
}

request! {
    /// Asks for a proposal.
    pub struct PipelinePropose {
        pub project_id: ProjectId,
        pub options: ProposalOptions,
    }

    /// What the proposal shall be like; what is left out is chosen from what is found.
    #[derive(Default)]
    pub struct ProposalOptions {
        pub tests: Option<bool>,
        pub image: Option<bool>,
        pub deploy: Option<bool>,
        pub branch: Option<String>,
        pub port: Option<u16>,
        pub image_name: Option<String>,
        pub environment: Option<String>,
        pub registry: Option<String>,
    }

    /// Adds files to the working tree, all or none.
    pub struct PipelineProposeApply {
        pub project_id: ProjectId,
        pub files: Vec<NewFile>,
        /// A branch to make and check out for their commit.
        pub branch: Option<String>,
        /// Commits them with it; left out, they are only written, unless a branch is given.
        pub message: Option<String>,
    }

    /// A file to write.
    pub struct NewFile {
        pub path: String,
        pub text: String,
    }
}
