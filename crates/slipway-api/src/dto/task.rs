//! The tasks that run here, folders of tasks, and what of a pipeline cannot run.

use slipway_core::{CommitSha, ProjectId, RunId};

use super::{RunParameter, answer, request};

answer! {
    /// A folder of tasks that the user points at.
    pub struct TaskFolderView {
        /// Absolute.
        pub path: String,
        /// Such as `Greet@1`, by name.
        pub tasks: Vec<String>,
        /// What is wrong with it, or with single tasks in it.
        pub problems: Vec<String>,
    }

    /// A task that a pipeline may name.
    pub struct TaskView {
        pub name: String,
        /// The major version.
        pub version: u32,
        /// Such as `1.2.3`; the major version for the runner's own.
        pub full_version: String,
        pub friendly_name: String,
        pub help: String,
        /// The folder it comes from; none for the runner's own.
        pub folder: Option<String>,
        /// `publisher.extension.contribution.Name`, if it is known.
        pub full_name: Option<String>,
        /// How a folder's task is started, such as `Node20_1`.
        pub handlers: Vec<String>,
        /// The runner has one of its own with this name and version.
        pub has_own: bool,
        /// It is the one that a pipeline gets.
        pub is_used: bool,
        /// Why it cannot run here, whatever is installed.
        pub why_not: Option<String>,
        pub inputs: Vec<TaskInputView>,
        pub outputs: Vec<TaskOutputView>,
    }

    /// An input of a task.
    pub struct TaskInputView {
        pub name: String,
        pub aliases: Vec<String>,
        /// `text`, `lines`, `boolean`, `path`, `number`, `pick`, `connection`, `secureFile`.
        pub kind: String,
        /// The words of `pick`.
        pub options: Vec<String>,
        pub is_required: bool,
        pub default: Option<String>,
        pub group: String,
        pub help: String,
        /// Takes other words than `options`, too.
        pub is_open: bool,
        /// It only matters when all of these hold.
        pub shown_when: Vec<ShownWhenView>,
    }

    /// What another input has to be.
    pub struct ShownWhenView {
        /// The other input's name.
        pub input: String,
        /// Any of these, ignoring case.
        pub is: Vec<String>,
        /// None of them instead.
        pub is_not: bool,
    }

    /// What a task sets for later steps.
    pub struct TaskOutputView {
        pub name: String,
        pub help: String,
    }

    /// What of a pipeline cannot run here.
    pub struct RunCheckView {
        /// In order of the plan.
        pub obstacles: Vec<ObstacleView>,
    }

    /// Something that cannot run here, or that may not.
    pub struct ObstacleView {
        /// What to leave out, such as `Build/Test/CmdLine1`; none when it concerns the whole run.
        pub target: Option<String>,
        /// What it is, such as `the step "Deploy" (AzureWebApp@1)`.
        pub subject: String,
        /// The run cannot start with it.
        pub is_blocking: bool,
        pub message: String,
        pub hint: Option<String>,
        pub if_skipped: String,
        /// Where it stands.
        pub file: String,
        pub line: u32,
    }
}

request! {
    /// Adds a folder: a task, an unpacked extension, or built tasks of a checkout.
    pub struct TaskFolderAdd {
        pub path: String,
    }

    /// Forgets a folder.
    pub struct TaskFolderRemove {
        pub path: String,
    }

    /// Lets a folder's task stand in for the runner's own of this name, or no longer.
    pub struct TaskReplace {
        pub name: String,
        pub version: u32,
        pub replaces: bool,
    }

    /// Asks what of a commit's pipeline cannot run here.
    pub struct RunCheck {
        pub project_id: ProjectId,
        /// The newest commit if left out.
        #[serde(default)]
        pub commit: Option<CommitSha>,
        /// Values for the pipeline's parameters; the rest have their defaults.
        #[serde(default)]
        pub parameters: Vec<RunParameter>,
        /// A pipeline file, from the repository's root; that of the run below, or else the usual one.
        #[serde(default)]
        #[ts(optional)]
        pub file: Option<String>,
        /// Looks at these alone, as `run_start` takes them.
        #[serde(default)]
        #[ts(optional)]
        pub only: Option<Vec<String>>,
        #[serde(default)]
        #[ts(optional)]
        pub is_with_needed: Option<bool>,
        /// A run that is to be repeated, or parts of it.
        #[serde(default)]
        #[ts(optional)]
        pub run_id: Option<RunId>,
    }
}
