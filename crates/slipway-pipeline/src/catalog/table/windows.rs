//! Tasks that need Windows. They are known, so that their inputs are checked; they do not run here.

use super::{TaskSpec, is, lines, number, off, on, path, pick, text};

const STUDIO: &[&str] = &["latest", "18.0", "17.0", "16.0", "15.0", "14.0", "12.0", "11.0"];

/// Visual Studio.
#[rustfmt::skip]
pub static VS_BUILD_1: TaskSpec = TaskSpec::new("VSBuild", 1,
    "Builds a solution with MSBuild and the path of Visual Studio. It needs Windows.", &[
    path("solution", "The solution or project: a path or a pattern.").or("**\\*.sln"),
    pick("vsVersion", STUDIO, "The version of Visual Studio.").or("latest"),
    text("msbuildArgs", "Further options of MSBuild."),
    text("platform", "The platform, such as Any CPU."),
    text("configuration", "The configuration, such as Release."),
    off("clean", "Clean before the build."),
    off("maximumCpuCount", "Build projects at the same time.").under("Advanced"),
    off("restoreNugetPackages", "Restore NuGet packages before; a task of its own is better.").under("Advanced"),
    pick("msbuildArchitecture", &["x86", "x64", "arm64"], "The processor MSBuild runs as.").or("x86").under("Advanced"),
    on("logProjectEvents", "Record a timeline for each project.").under("Advanced"),
    off("createLogFile", "Write a log file.").under("Advanced"),
    pick("logFileVerbosity", &["quiet", "minimal", "normal", "detailed", "diagnostic"], "How much is written to it.").or("normal").under("Advanced").when(&[is("createLogFile", &["true"])]),
    on("enableDefaultLogger", "Use the task's own logger.").under("Advanced"),
    text("customVersion", "A version of Visual Studio of its own.").under("Advanced"),
]);

/// MSBuild.
#[rustfmt::skip]
pub static MS_BUILD_1: TaskSpec = TaskSpec::new("MSBuild", 1,
    "Builds with MSBuild.", &[
    path("solution", "The project or solution: a path or a pattern.").or("**/*.sln"),
    pick("msbuildLocationMethod", &["version", "location"], "Which MSBuild: a version, or a program that is there.").or("version"),
    text("msbuildVersion", "The version.").or("latest").when(&[is("msbuildLocationMethod", &["version"])]),
    pick("msbuildArchitecture", &["x86", "x64", "arm64"], "The processor MSBuild runs as.").or("x86").when(&[is("msbuildLocationMethod", &["version"])]),
    path("msbuildLocation", "The program.").when(&[is("msbuildLocationMethod", &["location"])]),
    text("platform", "The platform, such as Any CPU."),
    text("configuration", "The configuration, such as Release."),
    text("msbuildArguments", "Further options of MSBuild."),
    off("clean", "Clean before the build."),
    off("maximumCpuCount", "Build projects at the same time.").under("Advanced"),
    off("restoreNugetPackages", "Restore NuGet packages before.").under("Advanced"),
    off("logProjectEvents", "Record a timeline for each project.").under("Advanced"),
    off("createLogFile", "Write a log file.").under("Advanced"),
    pick("logFileVerbosity", &["quiet", "minimal", "normal", "detailed", "diagnostic"], "How much is written to it.").or("normal").under("Advanced").when(&[is("createLogFile", &["true"])]),
]);

/// Visual Studio tests.
#[rustfmt::skip]
pub static VS_TEST_2: TaskSpec = TaskSpec::new("VSTest", 2,
    "Runs tests with the Visual Studio test runner. It needs Windows.", &[
    pick("testSelector", &["testAssemblies", "testPlan", "testRun"], "How tests are chosen.").or("testAssemblies").under("Tests"),
    lines("testAssemblyVer2", "Test assemblies: patterns, one a line; ! excludes.").or("**\\bin\\**\\*test.dll\n**\\bin\\**\\*tests.dll").under("Tests").when(&[is("testSelector", &["testAssemblies"])]),
    text("testPlan", "The test plan.").required().under("Tests").when(&[is("testSelector", &["testPlan"])]),
    text("testSuite", "The test suite.").required().under("Tests").when(&[is("testSelector", &["testPlan"])]),
    text("testConfiguration", "The test configuration.").required().under("Tests").when(&[is("testSelector", &["testPlan"])]),
    text("tcmTestRun", "The test run.").or("$(test.RunId)").under("Tests").when(&[is("testSelector", &["testRun"])]),
    path("searchFolder", "The folder that patterns are relative to.").or("$(System.DefaultWorkingDirectory)").under("Tests"),
    path("resultsFolder", "Where results are put.").or("$(Agent.TempDirectory)\\TestResults").under("Tests"),
    text("testFiltercriteria", "Which tests of the assemblies.").under("Tests"),
    off("runOnlyImpactedTests", "Only run tests that a change may break.").under("Tests"),
    number("runAllTestsAfterXBuilds", "After how many runs all of them run.").or("50").under("Tests"),
    off("uiTests", "The tests open windows.").under("Tests"),
    pick("vstestLocationMethod", &["version", "location"], "Which runner: a version, or a program that is there.").or("version").under("Execution"),
    pick("vsTestVersion", &["latest", "18.0", "17.0", "16.0", "15.0", "14.0", "toolsInstaller"], "The version.").or("latest").under("Execution").when(&[is("vstestLocationMethod", &["version"])]),
    path("vstestLocation", "The program.").under("Execution").when(&[is("vstestLocationMethod", &["location"])]),
    path("runSettingsFile", "The file with settings.").under("Execution"),
    text("overrideTestrunParameters", "Parameters that replace those of the settings.").under("Execution"),
    path("pathtoCustomTestAdapters", "The folder with test adapters.").under("Execution"),
    off("runInParallel", "Run on all cores.").under("Execution"),
    off("runTestsInIsolation", "Run in a process of its own.").under("Execution"),
    off("codeCoverageEnabled", "Measure coverage.").under("Execution"),
    text("otherConsoleOptions", "Further options of the runner.").under("Execution"),
    off("diagnosticsEnabled", "Collect diagnostics when a test process ends badly.").under("Execution"),
    pick("distributionBatchType", &["basedOnTestCases", "basedOnExecutionTime", "basedOnAssembly"], "How tests are shared among agents.").or("basedOnTestCases").under("Advanced"),
    off("rerunFailedTests", "Run failed tests again.").under("Advanced"),
    number("rerunFailedThreshold", "Not if more than this percentage failed.").or("30").under("Advanced"),
    number("rerunMaxAttempts", "How often.").or("3").under("Advanced"),
    off("failOnMinTestsNotRun", "Fail if fewer tests ran than expected.").under("Advanced"),
    number("minimumExpectedTests", "How many are expected.").or("1").under("Advanced"),
    text("testRunTitle", "A title for the test run.").under("Reporting"),
    text("platform", "The platform that was tested.").under("Reporting"),
    text("configuration", "The configuration that was tested.").under("Reporting"),
    on("publishRunAttachments", "Attach the result files to the test run.").under("Reporting"),
    off("donotPublishTestResults", "Do not publish the results.").under("Reporting"),
]);

/// A batch file.
#[rustfmt::skip]
pub static BATCH_SCRIPT_1: TaskSpec = TaskSpec::new("BatchScript", 1,
    "Runs a batch file. It needs Windows.", &[
    path("filename", "The batch file.").required(),
    text("arguments", "Its arguments."),
    off("modifyEnvironment", "Keep what it does to the environment for later steps."),
    path("workingFolder", "The folder to run in.").under("Advanced"),
    off("failOnStandardError", "Fail if anything is written to standard error.").under("Advanced"),
]);
