//! Logging commands: what a script prints to tell the agent something (pipelines.md 18.2).

/// `##vso[area.event …]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoggingCommand {
    /// `task.setvariable`.
    pub name: &'static str,
    pub properties: &'static [Property],
    pub help: &'static str,
    /// What stands behind the `]`; empty for nothing.
    pub message: &'static str,
    /// Whether a step with `commands: restricted` may use it.
    pub is_always_allowed: bool,
}

/// A property of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    pub name: &'static str,
    pub help: &'static str,
    pub is_required: bool,
    /// The words it takes; empty for any text.
    pub words: &'static [&'static str],
}

const fn p(name: &'static str, help: &'static str) -> Property {
    Property { name, help, is_required: false, words: &[] }
}

const fn must(name: &'static str, help: &'static str) -> Property {
    Property { name, help, is_required: true, words: &[] }
}

const fn flag(name: &'static str, help: &'static str) -> Property {
    Property { name, help, is_required: false, words: &["true", "false"] }
}

const fn c(
    name: &'static str,
    properties: &'static [Property],
    message: &'static str,
    help: &'static str,
) -> LoggingCommand {
    LoggingCommand { name, properties, help, message, is_always_allowed: false }
}

const fn allowed(command: LoggingCommand) -> LoggingCommand {
    LoggingCommand { is_always_allowed: true, ..command }
}

const STATES: &[&str] = &["Unknown", "Initialized", "InProgress", "Completed"];
const RESULTS: &[&str] = &["Succeeded", "SucceededWithIssues", "Failed", "Canceled", "Skipped"];

/// Every command.
#[rustfmt::skip]
pub static COMMANDS: &[LoggingCommand] = &[
    allowed(c("task.setvariable", &[
        must("variable", "The variable's name."),
        flag("issecret", "Mask its value, and keep it out of the environment."),
        flag("isoutput", "Make it an output: $(step.name), and visible to other jobs."),
        flag("isreadonly", "Keep later steps from changing it."),
        flag("preservecase", "Keep the name's case in the environment."),
    ], "value", "Sets a variable for later steps of the job.")),
    c("task.prependpath", &[], "folder", "Puts a folder in front of PATH for later steps."),
    allowed(c("task.logissue", &[
        Property { name: "type", help: "How bad it is.", is_required: true, words: &["error", "warning"] },
        p("sourcepath", "The file it is about."),
        p("linenumber", "The line."),
        p("columnnumber", "The column."),
        p("code", "A code."),
    ], "message", "Notes an error or a warning. An error alone does not fail the step.")),
    allowed(c("task.complete", &[
        Property { name: "result", help: "How it ended; the worst wins.", is_required: false, words: RESULTS },
        flag("done", "Accepted."),
    ], "message", "Says how the step ended.")),
    allowed(c("task.setprogress", &[p("value", "Percent.")], "what goes on", "Says how far the step is.")),
    allowed(c("task.logdetail", &[
        must("id", "The record's id, a GUID."),
        p("parentid", "The record above."),
        p("type", "The kind of record."),
        p("name", "Its name."),
        p("order", "Its place among its neighbours."),
        p("starttime", "When it began."),
        p("finishtime", "When it ended."),
        p("progress", "Percent."),
        Property { name: "state", help: "Where it stands.", is_required: false, words: STATES },
        Property { name: "result", help: "How it ended.", is_required: false, words: RESULTS },
    ], "what goes on", "Makes or changes a record below the step.")),
    allowed(c("task.setsecret", &[], "value", "Masks a value from now on.")),
    allowed(c("task.settaskvariable", &[
        must("variable", "The variable's name."),
        flag("issecret", "Mask its value."),
    ], "value", "Sets a variable that only this task sees.")),
    c("task.setendpoint", &[
        must("id", "The service connection's id."),
        Property { name: "field", help: "What is set.", is_required: true, words: &["authParameter", "dataParameter", "url"] },
        p("key", "The parameter's name."),
    ], "value", "Changes a service connection for later steps."),
    c("task.addattachment", &[must("type", "The kind of attachment."), must("name", "Its name.")], "file", "Attaches a file to the step."),
    c("task.uploadsummary", &[], "file", "Shows a Markdown file with the run."),
    c("task.uploadfile", &[], "file", "Puts a file among the run's logs."),
    allowed(c("task.debug", &[], "message", "Prints a line only when System.Debug is true.")),
    c("build.uploadlog", &[], "file", "Puts a file among the run's logs."),
    c("build.uploadsummary", &[], "file", "Shows a Markdown file with the run."),
    c("build.updatebuildnumber", &[], "number", "Changes the run's number."),
    c("build.addbuildtag", &[], "tag", "Tags the run."),
    c("artifact.associate", &[
        Property { name: "type", help: "What it is.", is_required: true, words: &["container", "filepath", "versioncontrol", "gitref", "tfvclabel"] },
        must("artifactname", "The artifact's name."),
    ], "place", "Makes something that is there already an artifact of the run."),
    c("artifact.upload", &[
        must("artifactname", "The artifact's name."),
        p("containerfolder", "The folder in it."),
    ], "file or folder", "Publishes a file or folder as a build artifact."),
    c("results.publish", &[
        must("type", "The format: JUnit, NUnit, VSTest, XUnit, CTest."),
        must("resultFiles", "Files, separated by commas."),
        flag("mergeResults", "Make one test run of all files."),
        p("platform", "The platform that was tested."),
        p("config", "The configuration that was tested."),
        p("runTitle", "A title for the test run."),
        flag("publishRunAttachments", "Attach the result files."),
        p("testRunSystem", "The name of the test system."),
        flag("failTaskOnFailedTests", "Fail if a test failed."),
    ], "", "Publishes test results."),
    c("codecoverage.publish", &[
        must("codecoveragetool", "Cobertura or JaCoCo."),
        must("summaryfile", "The summary file."),
        p("reportdirectory", "The folder with the HTML report."),
        p("additionalcodecoveragefiles", "Further files."),
    ], "", "Publishes code coverage."),
    allowed(c("telemetry.publish", &[must("area", "The area."), must("feature", "The feature.")], "JSON", "Sends usage data; here it goes nowhere.")),
    c("release.updatereleasename", &[], "name", "Renames a classic release."),
];

/// A command by its name, ignoring case; `task.issue` is another word for `task.logissue`.
pub fn command(name: &str) -> Option<&'static LoggingCommand> {
    let name = if name.eq_ignore_ascii_case("task.issue") { "task.logissue" } else { name };
    COMMANDS.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}
