//! What a task declares: the one source for check, completion, form and run.
//!
//! Everything is const-constructible, so that a table of tasks is plain static memory.

/// Knows the tasks that can run here.
pub trait TaskCatalog {
    /// The task with this name (any case) and major version.
    fn task(&self, name: &str, version: u32) -> Option<&TaskSpec>;

    /// Every task, for messages and completion.
    fn tasks(&self) -> Vec<&TaskSpec>;
}

/// A task's declaration: the one source for check, completion, form and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskSpec {
    /// As the vendor spells it, such as `PublishTestResults`.
    pub name: &'static str,
    pub version: u32,
    /// A sentence.
    pub help: &'static str,
    pub inputs: &'static [InputSpec],
    /// Names it sets for later steps: `$(step.name)`.
    pub outputs: &'static [OutputSpec],
    /// Runs without an agent: only in a job with `pool: server`.
    pub is_agentless: bool,
}

/// An input of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputSpec {
    pub name: &'static str,
    /// Other names the vendor accepts. The first one is what the vendor's pages write.
    pub aliases: &'static [&'static str],
    pub kind: InputKind,
    /// Must be given, whatever else is given.
    pub is_required: bool,
    /// Must be given when `shown_when` holds.
    pub is_required_when_shown: bool,
    pub default: Option<&'static str>,
    pub help: &'static str,
    /// The heading it stands under in a form; empty for none.
    pub group: &'static str,
    /// It only matters when all of these hold; empty for always.
    pub shown_when: &'static [ShownWhen],
    /// Only a shorthand sets it; nobody writes it.
    pub is_internal: bool,
    /// Takes other words than those it offers, too.
    pub is_open: bool,
}

/// What another input has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownWhen {
    /// The other input's name.
    pub input: &'static str,
    /// Any of these, ignoring case.
    pub is: &'static [&'static str],
    /// None of them instead.
    pub is_not: bool,
}

/// What a task sets for later steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputSpec {
    pub name: &'static str,
    pub help: &'static str,
}

/// What an input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    Text,
    Lines,
    Boolean,
    Path,
    Number,
    /// One of these words.
    Pick(&'static [&'static str]),
    /// The name of a service connection.
    Connection,
    /// The name of a secure file.
    SecureFile,
}

impl TaskSpec {
    /// A task that runs on an agent and sets nothing.
    pub const fn new(
        name: &'static str,
        version: u32,
        help: &'static str,
        inputs: &'static [InputSpec],
    ) -> Self {
        Self { name, version, help, inputs, outputs: &[], is_agentless: false }
    }

    /// The same task with what it sets.
    pub const fn sets(self, outputs: &'static [OutputSpec]) -> Self {
        Self { outputs, ..self }
    }

    /// The same task, run by the server.
    pub const fn agentless(self) -> Self {
        Self { is_agentless: true, ..self }
    }

    /// `Docker@2`.
    pub fn reference(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// An input by any of its names, ignoring case.
    pub fn input(&self, name: &str) -> Option<&InputSpec> {
        self.inputs.iter().find(|input| input.is_named(name))
    }

    /// Whether an input matters, given the values of others (`None`: not given).
    pub fn shows<'v>(
        &self,
        input: &InputSpec,
        given: &dyn Fn(&InputSpec) -> Option<&'v str>,
    ) -> bool {
        input.shown_when.iter().all(|rule| self.holds(rule, given) != Some(false))
    }

    /// The inputs that have to be given and are not, given the values of others.
    pub fn missing<'v>(
        &self,
        given: &dyn Fn(&InputSpec) -> Option<&'v str>,
    ) -> Vec<&'static InputSpec> {
        let is_needed = |input: &InputSpec| {
            let is_shown =
                || input.shown_when.iter().all(|rule| self.holds(rule, given) == Some(true));
            input.is_required || (input.is_required_when_shown && is_shown())
        };
        let is_missing = |input: &&InputSpec| {
            is_needed(input)
                && input.default.is_none_or(str::is_empty)
                && given(input).is_none_or(|value| value.trim().is_empty())
        };
        self.inputs.iter().filter(is_missing).collect()
    }

    /// `None` when only a run can tell.
    fn holds<'v>(
        &self,
        rule: &ShownWhen,
        given: &dyn Fn(&InputSpec) -> Option<&'v str>,
    ) -> Option<bool> {
        let other = self.input(rule.input)?;
        let value = given(other).or(other.default).unwrap_or_default().trim();
        if value.contains("$(") || value.contains("${{") {
            return None;
        }
        Some(rule.is.iter().any(|word| word.eq_ignore_ascii_case(value)) != rule.is_not)
    }
}

impl InputSpec {
    /// An input that may be left out.
    pub const fn new(name: &'static str, kind: InputKind, help: &'static str) -> Self {
        Self {
            name,
            aliases: &[],
            kind,
            is_required: false,
            is_required_when_shown: false,
            default: None,
            help,
            group: "",
            shown_when: &[],
            is_internal: false,
            is_open: false,
        }
    }

    /// The same input, which must be given: whenever it is shown, if there is a rule for that.
    pub const fn required(self) -> Self {
        if self.shown_when.is_empty() {
            Self { is_required: true, ..self }
        } else {
            Self { is_required_when_shown: true, ..self }
        }
    }

    /// The same input with the value it has when it is left out.
    pub const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// The same input under further names.
    pub const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// The same input under a heading of the form.
    pub const fn under(self, group: &'static str) -> Self {
        Self { group, ..self }
    }

    /// The same input, which matters only when the rules hold.
    pub const fn when(self, shown_when: &'static [ShownWhen]) -> Self {
        let is_required_when_shown = self.is_required || self.is_required_when_shown;
        Self { shown_when, is_required: false, is_required_when_shown, ..self }
    }

    /// The same input, whose words are only offered.
    pub const fn open(self) -> Self {
        Self { is_open: true, ..self }
    }

    /// The same input, which only a shorthand sets.
    pub const fn internal(self) -> Self {
        Self { is_internal: true, ..self }
    }

    /// True for its name and for its aliases, ignoring case.
    pub fn is_named(&self, name: &str) -> bool {
        std::iter::once(&self.name).chain(self.aliases).any(|own| own.eq_ignore_ascii_case(name))
    }

    /// The name that the vendor's pages write.
    pub fn written_name(&self) -> &'static str {
        self.aliases.first().copied().unwrap_or(self.name)
    }
}
