//! Scripts and checkout.

use super::{InputKind, InputSpec, TaskSpec, is, lines, off, path, pick, text};

const TARGET: &[&str] = &["filePath", "inline"];
const PREFERENCE: &[&str] = &["default", "stop", "continue", "silentlyContinue"];

/// `script:`.
#[rustfmt::skip]
pub static CMD_LINE_2: TaskSpec = TaskSpec::new("CmdLine", 2,
    "Runs a command line script: Bash here, cmd.exe on Windows.", &[
    lines("script", "The commands to run.").required(),
    path("workingDirectory", "The folder to run them in; the sources if left out.").under("Advanced"),
    off("failOnStderr", "Fail if anything is written to standard error.").under("Advanced"),
]);

/// `bash:`.
#[rustfmt::skip]
pub static BASH_3: TaskSpec = TaskSpec::new("Bash", 3,
    "Runs a Bash script.", &[
    pick("targetType", TARGET, "Whether the script is a file or is written in the pipeline.").or("filePath"),
    path("filePath", "The script's file.").required().when(&[is("targetType", &["filePath"])]),
    text("arguments", "Arguments for the script's file.").when(&[is("targetType", &["filePath"])]),
    lines("script", "The script itself.").required().when(&[is("targetType", &["inline"])]),
    path("workingDirectory", "The folder to run it in; the sources if left out.").under("Advanced"),
    off("failOnStderr", "Fail if anything is written to standard error.").under("Advanced"),
    text("bashEnvValue", "The value of BASH_ENV, a file that is read before the script.").under("Advanced"),
]);

/// `pwsh:` and `powershell:`.
#[rustfmt::skip]
pub static POWER_SHELL_2: TaskSpec = TaskSpec::new("PowerShell", 2,
    "Runs a PowerShell script.", &[
    pick("targetType", TARGET, "Whether the script is a file or is written in the pipeline.").or("filePath"),
    path("filePath", "The script's file.").required().when(&[is("targetType", &["filePath"])]),
    text("arguments", "Arguments for the script's file.").when(&[is("targetType", &["filePath"])]),
    lines("script", "The script itself.").required().when(&[is("targetType", &["inline"])]),
    pick("errorActionPreference", PREFERENCE, "What $ErrorActionPreference is set to.").or("stop").under("Preferences"),
    pick("warningPreference", PREFERENCE, "What $WarningPreference is set to.").or("default").under("Preferences"),
    pick("informationPreference", PREFERENCE, "What $InformationPreference is set to.").or("default").under("Preferences"),
    pick("verbosePreference", PREFERENCE, "What $VerbosePreference is set to.").or("default").under("Preferences"),
    pick("debugPreference", PREFERENCE, "What $DebugPreference is set to.").or("default").under("Preferences"),
    pick("progressPreference", PREFERENCE, "What $ProgressPreference is set to.").or("silentlyContinue").under("Preferences"),
    off("failOnStderr", "Fail if anything is written to standard error.").under("Advanced"),
    off("showWarnings", "Show the script's warnings in the run's summary.").under("Advanced"),
    off("ignoreLASTEXITCODE", "Do not fail for the exit code of the last program.").under("Advanced"),
    off("pwsh", "Use PowerShell Core instead of Windows PowerShell.").under("Advanced"),
    path("workingDirectory", "The folder to run it in; the sources if left out.").under("Advanced"),
    off("runScriptInSeparateScope", "Call the script with & instead of a dot.").under("Advanced"),
]);

/// A Python script.
#[rustfmt::skip]
pub static PYTHON_SCRIPT_0: TaskSpec = TaskSpec::new("PythonScript", 0,
    "Runs a Python script, from a file or written in the pipeline.", &[
    pick("scriptSource", TARGET, "Whether the script is a file or is written in the pipeline.").or("filePath"),
    path("scriptPath", "The script's file.").required().when(&[is("scriptSource", &["filePath"])]),
    lines("script", "The script itself.").required().when(&[is("scriptSource", &["inline"])]),
    text("arguments", "Arguments for the script, found in sys.argv."),
    path("pythonInterpreter", "The interpreter; the one on PATH if left out.").under("Advanced"),
    path("workingDirectory", "The folder to run it in; the sources if left out.").under("Advanced"),
    off("failOnStderr", "Fail if anything is written to standard error.").under("Advanced"),
]);

/// What `checkout:` means. Nobody writes it as a task.
#[rustfmt::skip]
pub static CHECKOUT_1: TaskSpec = TaskSpec::new("Checkout", 1,
    "Gets the sources: of the run's commit, or of another repository.", &[
    text("repository", "`self`, `none`, the alias of a repository resource, or `git://Project/Repository@ref`.").or("self").also(&["checkout"]),
    path("path", "A folder below $(Pipeline.Workspace)."),
    off("clean", "Remove what is there before."),
    InputSpec::new("fetchDepth", InputKind::Number, "How many commits of history there are; 0, or nothing, is all of it."),
    text("fetchFilter", "What to leave out of the fetch; the sources come from this machine, so nothing is."),
    InputSpec::new("fetchTags", InputKind::Boolean, "Whether there are tags; they are unless it says `false`."),
    InputSpec::new("lfs", InputKind::Boolean, "Put the files of Git LFS in the place of their pointers."),
    text("submodules", "`true`, `recursive` or `false`."),
    InputSpec::new("persistCredentials", InputKind::Boolean, "Keep the credentials for later steps; here none are used, so none are written."),
    text("sparseCheckoutDirectories", "Only these folders, and the files above them."),
    lines("sparseCheckoutPatterns", "Only what matches, as in .gitignore; not used beside sparseCheckoutDirectories."),
    InputSpec::new("workspaceRepo", InputKind::Boolean, "Make this repository the default working directory."),
]);
