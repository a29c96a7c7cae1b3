//! What the table is made of.

/// A mapping of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A pipeline file, and a template file of any kind.
    Root,
    Extends,
    Trigger,
    PullRequest,
    Schedule,
    /// `include:` and `exclude:`.
    Filter,
    Parameter,
    Variable,
    VariableGroup,
    VariableTemplate,
    Stage,
    StageTemplate,
    Check,
    Job,
    Deployment,
    JobTemplate,
    /// The old word for a job.
    Phase,
    /// The old word for a pool.
    Queue,
    Server,
    Pool,
    JobStrategy,
    DeploymentStrategy,
    RunOnce,
    Rolling,
    Canary,
    OnHooks,
    /// A part of a deployment: a pool and steps.
    Hook,
    Environment,
    /// A job's container.
    Container,
    MountReadOnly,
    Workspace,
    Uses,
    Script,
    Bash,
    Pwsh,
    PowerShell,
    Task,
    Checkout,
    Download,
    DownloadBuild,
    GetPackage,
    Publish,
    Upload,
    ReviewApp,
    StepTemplate,
    StepTarget,
    Resources,
    Repository,
    CheckoutOptions,
    /// The old `- repo: self`.
    SelfRepository,
    ContainerResource,
    ContainerTrigger,
    PipelineResource,
    PipelineTrigger,
    Package,
    Webhook,
    WebhookFilter,
    Build,
}

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NameKind {
    Stage,
    Job,
    Step,
    Variable,
    Parameter,
    Repository,
    Container,
    Pipeline,
    Package,
    Webhook,
    Build,
    Environment,
    Pool,
    VariableGroup,
    Connection,
}

/// What a template file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TemplateKind {
    Stages,
    Jobs,
    Steps,
    Variables,
    Extends,
}

/// One form that a key's value may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    Text,
    Boolean,
    Number,
    Minutes,
    Cron,
    /// The format of run numbers.
    RunNumber,
    /// Lines for a shell.
    Script,
    /// One of these words.
    Words(&'static [&'static str]),
    /// One of these words, or any other text.
    Suggested(&'static [&'static str]),
    /// An expression without brackets.
    Condition,
    /// Gives a name.
    Declares(NameKind),
    /// Uses a name.
    Name(NameKind),
    /// `Name@1`.
    Task,
    Template(TemplateKind),
    /// A mapping of this shape.
    Map(Shape),
    /// A list of mappings, each of one of these shapes.
    Items(&'static [Shape]),
    /// A list of values of this form.
    ListOf(&'static Value),
    /// A mapping whose keys are free.
    MapOf(&'static Value),
    /// A mapping of variables' names to values.
    Variables,
    /// A task's inputs.
    Inputs,
    /// A template's parameters.
    Arguments,
    Anything,
}

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    pub name: &'static str,
    /// A line.
    pub help: &'static str,
    /// The forms that its value may have.
    pub values: &'static [Value],
    /// Must be there.
    pub is_required: bool,
    /// Must come first, because it says what kind of item it is.
    pub is_first: bool,
    /// What to write instead, when it is out of date.
    pub deprecated: Option<&'static str>,
    /// The key that has to be there too.
    pub beside: Option<&'static str>,
}

/// Two lists as one.
pub(super) const fn joined<const N: usize>(own: &[Key], shared: &[Key]) -> [Key; N] {
    let mut all = [own[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < own.len() { own[at] } else { shared[at - own.len()] };
        at += 1;
    }
    all
}

impl Key {
    /// A key.
    pub const fn new(name: &'static str, values: &'static [Value], help: &'static str) -> Self {
        Self {
            name,
            help,
            values,
            is_required: false,
            is_first: false,
            deprecated: None,
            beside: None,
        }
    }

    /// The same key, which must be there.
    pub const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The same key, which must come first.
    pub const fn first(self) -> Self {
        Self { is_first: true, is_required: true, ..self }
    }

    /// The same key, which only stands beside another one.
    pub const fn beside(self, other: &'static str) -> Self {
        Self { beside: Some(other), ..self }
    }

    /// The same key, out of date.
    pub const fn old(self, instead: &'static str) -> Self {
        Self { deprecated: Some(instead), ..self }
    }
}

impl Value {
    /// What it is, for a reader.
    pub fn words(&self) -> String {
        match self {
            Value::Text => "text".to_owned(),
            Value::Boolean => "true or false".to_owned(),
            Value::Number => "number".to_owned(),
            Value::Minutes => "minutes".to_owned(),
            Value::Cron => "cron".to_owned(),
            Value::RunNumber => "format of run numbers".to_owned(),
            Value::Script => "script".to_owned(),
            Value::Words(words) => words.join(" | "),
            Value::Suggested(words) => format!("text, such as {}", words.join(", ")),
            Value::Condition => "condition".to_owned(),
            Value::Declares(kind) => format!("name of this {}", kind.word()),
            Value::Name(kind) => format!("name of a {}", kind.word()),
            Value::Task => "task, such as Docker@2".to_owned(),
            Value::Template(_) => "path of a template".to_owned(),
            Value::Map(_) | Value::MapOf(_) => "mapping".to_owned(),
            Value::Items(_) => "list".to_owned(),
            Value::ListOf(value) => format!("list of: {}", value.words()),
            Value::Variables => "names and values".to_owned(),
            Value::Inputs => "inputs of the task".to_owned(),
            Value::Arguments => "parameters of the template".to_owned(),
            Value::Anything => "anything".to_owned(),
        }
    }

    /// True for a text on the key's own line.
    pub fn is_scalar(&self) -> bool {
        !matches!(
            self,
            Value::Map(_)
                | Value::Items(_)
                | Value::ListOf(_)
                | Value::MapOf(_)
                | Value::Variables
                | Value::Inputs
                | Value::Arguments
        )
    }
}

impl NameKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            NameKind::Stage => "stage",
            NameKind::Job => "job",
            NameKind::Step => "step",
            NameKind::Variable => "variable",
            NameKind::Parameter => "parameter",
            NameKind::Repository => "repository resource",
            NameKind::Container => "container resource",
            NameKind::Pipeline => "pipeline resource",
            NameKind::Package => "package resource",
            NameKind::Webhook => "webhook resource",
            NameKind::Build => "build resource",
            NameKind::Environment => "environment",
            NameKind::Pool => "pool",
            NameKind::VariableGroup => "variable group",
            NameKind::Connection => "service connection",
        }
    }
}
