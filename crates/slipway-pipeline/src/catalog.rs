//! What the reader asks about tasks. The runner answers; this crate knows no task.

/// Knows the tasks that can run here.
pub trait TaskCatalog {
    /// The task with this name (any case) and major version.
    fn task(&self, name: &str, version: u32) -> Option<&TaskSpec>;

    /// Every task, for messages and completion.
    fn tasks(&self) -> Vec<&TaskSpec>;
}

/// A task's declaration: the one source for check, completion, form and run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskSpec {
    /// As the vendor spells it, such as `PublishTestResults`.
    pub name: &'static str,
    pub version: u32,
    /// A sentence.
    pub help: &'static str,
    pub inputs: &'static [InputSpec],
}

/// An input of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSpec {
    pub name: &'static str,
    /// Other names the vendor accepts.
    pub aliases: &'static [&'static str],
    pub kind: InputKind,
    pub is_required: bool,
    pub default: Option<&'static str>,
    pub help: &'static str,
}

/// What an input takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputKind {
    Text,
    Lines,
    Boolean,
    Path,
    Number,
    /// One of these words.
    Pick(&'static [&'static str]),
}
