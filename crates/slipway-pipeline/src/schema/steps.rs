//! Steps (pipelines.md 13, 14).

use super::keys::{Key, NameKind, Shape, TemplateKind, Value, joined};

pub(super) const STEPS: &[Value] = &[Value::Items(&[
    Shape::Script,
    Shape::Bash,
    Shape::Pwsh,
    Shape::PowerShell,
    Shape::Task,
    Shape::Checkout,
    Shape::Download,
    Shape::Publish,
    Shape::StepTemplate,
    Shape::DownloadBuild,
    Shape::GetPackage,
    Shape::Upload,
    Shape::ReviewApp,
])];
pub(super) const ENV: &[Value] = &[Value::MapOf(&Value::Text)];
const TARGET: &[Value] =
    &[Value::Suggested(&["host"]), Value::Name(NameKind::Container), Value::Map(Shape::StepTarget)];
const PREFERENCE: &[Value] = &[Value::Words(&["default", "stop", "continue", "silentlyContinue"])];
const PATTERNS: &[Value] = &[Value::Text, Value::ListOf(&Value::Text)];

const WORKING: Key = Key::new(
    "workingDirectory",
    &[Value::Text],
    "The folder to run in; $(System.DefaultWorkingDirectory) if left out.",
);
const ON_STDERR: Key =
    Key::new("failOnStderr", &[Value::Boolean], "Fail if anything is written to standard error.");

/// The keys that every step has.
#[rustfmt::skip]
pub(super) const COMMON: &[Key] = &[
    Key::new("displayName", &[Value::Text], "What people read."),
    Key::new("name", &[Value::Declares(NameKind::Step)], "The step's name, by which its output variables are found."),
    Key::new("condition", &[Value::Condition], "When it runs; succeeded() if left out. A condition of its own replaces that."),
    Key::new("env", ENV, "Environment variables; a secret has to be named here."),
    Key::new("continueOnError", &[Value::Boolean], "Whether the job goes on when the step fails: it counts as succeeded with issues."),
    Key::new("enabled", &[Value::Boolean], "Whether the step is part of the run at all."),
    Key::new("timeoutInMinutes", &[Value::Minutes], "How long it may take; 0 or nothing for no limit."),
    Key::new("retryCountOnTaskFailure", &[Value::Number], "How often it is tried again when it fails; 10 at most."),
    Key::new("target", TARGET, "Where it runs: host, or a container of the job."),
];

/// A kind of step: its own keys, and those that every step has.
macro_rules! step {
    ($($own:expr),* $(,)?) => {{
        const OWN: &[Key] = &[$($own),*];
        const ALL: [Key; OWN.len() + COMMON.len()] = joined(OWN, COMMON);
        &ALL
    }};
}

#[rustfmt::skip]
pub(super) static SCRIPT: &[Key] = step![
    Key::new("script", &[Value::Script], "Runs a command line script: Bash here, cmd.exe on Windows.").first(),
    WORKING, ON_STDERR,
];

#[rustfmt::skip]
pub(super) static BASH: &[Key] = step![
    Key::new("bash", &[Value::Script], "Runs a Bash script.").first(),
    WORKING, ON_STDERR,
    Key::new("bashEnvValue", &[Value::Text], "The value of BASH_ENV, a file that is read before the script."),
    Key::new("noProfile", &[Value::Boolean], "Whether the profile is passed over."),
    Key::new("noRc", &[Value::Boolean], "Whether .bashrc is passed over."),
];

macro_rules! power_shell {
    ($name:literal, $help:literal) => {
        step![
            Key::new($name, &[Value::Script], $help).first(),
            WORKING,
            ON_STDERR,
            Key::new(
                "errorActionPreference",
                PREFERENCE,
                "What $ErrorActionPreference is set to; stop if left out."
            ),
            Key::new("warningPreference", PREFERENCE, "What $WarningPreference is set to."),
            Key::new("informationPreference", PREFERENCE, "What $InformationPreference is set to."),
            Key::new("verbosePreference", PREFERENCE, "What $VerbosePreference is set to."),
            Key::new("debugPreference", PREFERENCE, "What $DebugPreference is set to."),
            Key::new("progressPreference", PREFERENCE, "What $ProgressPreference is set to."),
            Key::new(
                "ignoreLASTEXITCODE",
                &[Value::Boolean],
                "Do not fail for the exit code of the last program."
            ),
            Key::new(
                "showWarnings",
                &[Value::Boolean],
                "Show the script's warnings in the run's summary."
            ),
            Key::new(
                "runScriptInSeparateScope",
                &[Value::Boolean],
                "Run the script in a scope of its own."
            ),
        ]
    };
}

pub(super) static PWSH: &[Key] = power_shell!("pwsh", "Runs a script with PowerShell Core.");

pub(super) static POWER_SHELL: &[Key] =
    power_shell!("powershell", "Runs a script with Windows PowerShell; pwsh elsewhere.");

#[rustfmt::skip]
pub(super) static TASK: &[Key] = step![
    Key::new("task", &[Value::Task], "Runs a task: its name and major version, such as Docker@2.").first(),
    Key::new("inputs", &[Value::Inputs], "The task's inputs."),
];

/// How sources are got, in a step or with the repository.
#[rustfmt::skip]
pub(super) const CHECKOUT_OPTIONS: &[Key] = &[
    Key::new("clean", &[Value::Boolean], "Remove what is there before."),
    Key::new("fetchDepth", &[Value::Number], "How many commits to fetch; 0 for all."),
    Key::new("fetchFilter", &[Value::Suggested(&["blob:none", "tree:0"])], "What to leave out of the fetch."),
    Key::new("fetchTags", &[Value::Boolean], "Whether tags are fetched."),
    Key::new("lfs", &[Value::Boolean], "Whether large files are fetched."),
    Key::new("submodules", &[Value::Words(&["true", "recursive", "false"])], "Whether submodules are fetched, and theirs."),
    Key::new("path", &[Value::Text], "A folder below $(Agent.BuildDirectory)."),
    Key::new("persistCredentials", &[Value::Boolean], "Keep the credentials for later steps."),
    Key::new("sparseCheckoutDirectories", PATTERNS, "Only these folders."),
    Key::new("sparseCheckoutPatterns", PATTERNS, "Only what matches."),
    Key::new("workspaceRepo", &[Value::Boolean], "Make this repository the default working directory."),
    Key::new("workspaceRepoPath", &[Value::Text], "The default working directory."),
];

#[rustfmt::skip]
const CHECKOUT_OWN: [Key; 1 + CHECKOUT_OPTIONS.len()] = joined(&[
    Key::new("checkout", &[Value::Suggested(&["self", "none"]), Value::Name(NameKind::Repository)], "Gets sources: self, none, or a repository resource.").first(),
], CHECKOUT_OPTIONS);

pub(super) static CHECKOUT: &[Key] =
    &joined::<{ CHECKOUT_OWN.len() + COMMON.len() }>(&CHECKOUT_OWN, COMMON);

/// The old `- repo: self`.
#[rustfmt::skip]
pub(super) static SELF_REPOSITORY: &[Key] = &joined::<{ 1 + CHECKOUT_OPTIONS.len() }>(&[
    Key::new("repo", &[Value::Words(&["self"])], "The old way to say how the own repository is checked out.").first().old("checkout: self"),
], CHECKOUT_OPTIONS);

#[rustfmt::skip]
pub(super) static DOWNLOAD: &[Key] = step![
    Key::new("download", &[Value::Suggested(&["current", "none"]), Value::Name(NameKind::Pipeline)], "Downloads artifacts: of this run (current) or of a pipeline resource; none switches the automatic download off.").first(),
    Key::new("artifact", &[Value::Text], "The artifact; all of them if left out."),
    Key::new("patterns", PATTERNS, "Files of it: patterns; ! excludes."),
    Key::new("path", &[Value::Text], "Where to put them."),
];

#[rustfmt::skip]
pub(super) static DOWNLOAD_BUILD: &[Key] = step![
    Key::new("downloadBuild", &[Value::Name(NameKind::Build)], "Downloads artifacts of a build resource.").first(),
    Key::new("artifact", &[Value::Text], "The artifact."),
    Key::new("path", &[Value::Text], "Where to put it."),
    Key::new("patterns", PATTERNS, "Files of it: patterns; ! excludes."),
];

#[rustfmt::skip]
pub(super) static GET_PACKAGE: &[Key] = step![
    Key::new("getPackage", &[Value::Name(NameKind::Package)], "Downloads a package resource.").first(),
    Key::new("path", &[Value::Text], "Where to put it."),
];

#[rustfmt::skip]
pub(super) static PUBLISH: &[Key] = step![
    Key::new("publish", &[Value::Text], "Publishes a file or folder as an artifact of the run.").first(),
    Key::new("artifact", &[Value::Text], "Its name."),
];

#[rustfmt::skip]
pub(super) static UPLOAD: &[Key] = step![
    Key::new("upload", &[Value::Text], "Another word for publish.").first().old("publish"),
    Key::new("artifact", &[Value::Text], "Its name."),
];

#[rustfmt::skip]
pub(super) static REVIEW_APP: &[Key] = step![
    Key::new("reviewApp", &[Value::Text], "Makes a resource for the pull request in a Kubernetes environment.").first(),
];

#[rustfmt::skip]
pub(super) static STEP_TEMPLATE: &[Key] = &[
    Key::new("template", &[Value::Template(TemplateKind::Steps)], "A template with steps.").first(),
    Key::new("parameters", &[Value::Arguments], "Values for the template's parameters."),
];

#[rustfmt::skip]
pub(super) static STEP_TARGET: &[Key] = &[
    Key::new("container", &[Value::Suggested(&["host"]), Value::Name(NameKind::Container)], "The container, or host."),
    Key::new("commands", &[Value::Words(&["any", "restricted"])], "Which logging commands the step may use."),
    Key::new("settableVariables", &[Value::Words(&["none"]), Value::ListOf(&Value::Text)], "Which variables the step may set."),
];
