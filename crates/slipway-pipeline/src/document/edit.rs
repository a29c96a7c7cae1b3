//! Edits as data: what the canvas, the terminal and an undo list hold.
//!
//! Two layers. The first is generic: places in the written tree, addressed by a [`Path`]. The second
//! speaks of stages, jobs, steps, variables, parameters and triggers, and rewrites what refers to
//! them. On the wire an edit is an object whose `edit` says which.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::change::TextChange;
use super::path::Path;
use super::value::Value;

/// One edit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "edit",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Edit {
    /// Replaces bytes. The only edit that may leave the file broken; what undoes another is one.
    Text { changes: Vec<TextChange> },
    /// Several edits, all of them or none.
    All { edits: Vec<Edit> },
    /// Puts a value in the place of another.
    Set { path: Path, value: Value },
    /// Puts an item into a list; without an index at its end.
    InsertItem {
        path: Path,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<usize>,
        value: Value,
    },
    /// Puts an entry into a mapping; without an index at its end.
    InsertEntry {
        path: Path,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<usize>,
        key: String,
        value: Value,
    },
    /// Takes an entry or item away, with its comments. A list that is empty then goes as well, but
    /// for `steps: []` and the like.
    Remove { path: Path },
    /// Gives an entry another key.
    RenameKey { path: Path, to: String },
    /// Moves an entry or item within its parent, or an item to another list. The index is where it
    /// stands afterwards.
    Move {
        path: Path,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Path>,
        index: usize,
    },
    /// Writes an item again behind itself.
    Duplicate { path: Path },
    /// Puts items or entries below a key such as `${{ if eq(a, b) }}`; `directive` is what stands
    /// between the braces.
    Wrap { path: Path, index: usize, count: usize, directive: String },

    /// Adds a stage behind another, or as the last. `value` holds its further keys.
    AddStage {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// Moves a stage among those it is written with.
    MoveStage { stage: String, index: usize },
    /// Renames a stage, and what refers to it.
    RenameStage { stage: String, to: String },
    /// Removes a stage, and its name from `dependsOn`.
    RemoveStage { stage: String },
    /// Sets a key of a stage; no value removes it.
    SetStage { stage: String, key: String, value: Option<Value> },
    /// Adds a job behind another, or as the last. `value` holds its further keys.
    AddJob {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
        name: String,
        /// A deployment job.
        #[serde(default)]
        is_deployment: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// Moves a job within its stage or to another.
    MoveJob {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
        job: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to_stage: Option<String>,
        index: usize,
    },
    /// Renames a job, and what refers to it.
    RenameJob {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
        job: String,
        to: String,
    },
    /// Removes a job, and its name from `dependsOn`.
    RemoveJob {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
        job: String,
    },
    /// Sets a key of a job; no value removes it. Without a name it is the file's implicit job.
    SetJob {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        job: Option<String>,
        key: String,
        value: Option<Value>,
    },
    /// Adds a step to a job; without an index as its last.
    AddStep {
        at: At,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<usize>,
        value: Value,
    },
    /// Moves a step within its list or to another job.
    MoveStep {
        at: At,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<At>,
        index: usize,
    },
    /// Removes a step.
    RemoveStep { at: At },
    /// Writes a step again behind itself; its `name` has to be changed afterwards, if it has one.
    DuplicateStep { at: At },
    /// Gives a step another `name`, and changes what reads its outputs.
    RenameStep { at: At, to: String },
    /// Sets a key of a step; no value removes it.
    SetStep { at: At, key: String, value: Option<Value> },
    /// Sets an input of a task; no value removes it.
    SetInput { at: At, name: String, value: Option<Value> },
    /// Sets an environment variable of a step; no value removes it.
    SetEnv { at: At, name: String, value: Option<Value> },
    /// Sets or adds a variable, in the form that the file has.
    SetVariable {
        #[serde(default)]
        at: At,
        name: String,
        value: Value,
    },
    /// Renames a variable, its `$(macros)` and its uses in expressions of the same scope.
    RenameVariable {
        #[serde(default)]
        at: At,
        name: String,
        to: String,
    },
    /// Removes a variable.
    RemoveVariable {
        #[serde(default)]
        at: At,
        name: String,
    },
    /// Moves a variable among those of its scope.
    MoveVariable {
        #[serde(default)]
        at: At,
        name: String,
        index: usize,
    },
    /// Declares a parameter, as the last. `value` holds its further keys.
    AddParameter {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<Value>,
    },
    /// Sets a key of a parameter, such as `default`; no value removes it.
    SetParameter { name: String, key: String, value: Option<Value> },
    /// Renames a parameter, and its uses in expressions.
    RenameParameter { name: String, to: String },
    /// Removes a parameter.
    RemoveParameter { name: String },
    /// Moves a parameter among the others.
    MoveParameter { name: String, index: usize },
    /// Sets what starts the pipeline as a whole; no value removes the key.
    SetTrigger { trigger: TriggerKey, value: Option<Value> },
    /// Adds a pattern to a filter of a trigger.
    AddFilter { trigger: TriggerKey, on: FilterOn, list: FilterList, pattern: String },
    /// Removes a pattern from a filter of a trigger.
    RemoveFilter { trigger: TriggerKey, on: FilterOn, list: FilterList, pattern: String },
    /// Makes a filter of a trigger consist of these patterns.
    SetFilter { trigger: TriggerKey, on: FilterOn, list: FilterList, patterns: Vec<String> },
    /// Sets the condition of a stage, job or step; none removes it.
    SetCondition { at: At, condition: Option<String> },
    /// Sets what a stage or job waits for, in the form that the file has; none removes the key.
    SetDependsOn {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        job: Option<String>,
        depends_on: Option<Vec<String>>,
    },
}

/// A stage, job or step. Nothing at all is the file; of a file that has only steps, it is its job.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[ts(rename = "EditAt", optional_fields = nullable)]
pub struct At {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The hook of a deployment job that holds the step: `deploy`, `on.failure` and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook: Option<String>,
    /// The step's position in the list as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// The written place instead of all of these: for what stands below a `${{ if }}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Path>,
}

/// Which trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TriggerKey {
    Trigger,
    Pr,
}

/// What a filter looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FilterOn {
    Branches,
    Paths,
    Tags,
}

/// Which of a filter's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FilterList {
    Include,
    Exclude,
}
