//! Maven, Gradle and Ant.

use super::{InputSpec, ShownWhen, TaskSpec, connection, is, lines, off, on, path, pick, text};

const JDK: &[&str] = &["default", "1.21", "1.17", "1.11", "1.10", "1.9", "1.8", "1.7", "1.6"];
const HOME: &[&str] = &["JDKVersion", "Path"];
const BITS: &[&str] = &["x86", "x64", "arm64"];
const BY_VERSION: &[ShownWhen] = &[is("javaHomeSelection", &["JDKVersion"])];
const BY_PATH: &[ShownWhen] = &[is("javaHomeSelection", &["Path"])];
const COVERAGE: &[&str] = &["None", "Cobertura", "JaCoCo"];

/// Maven.
#[rustfmt::skip]
pub static MAVEN_4: TaskSpec = TaskSpec::new("Maven", 4,
    "Builds, tests and packages with Maven.", &MAVEN);

/// Maven, the version before.
#[rustfmt::skip]
pub static MAVEN_3: TaskSpec = TaskSpec::new("Maven", 3,
    "Builds, tests and packages with Maven.", &MAVEN);

#[rustfmt::skip]
static MAVEN: [InputSpec; 30] = [
    connection("ConnectedServiceName", "The service connection of Azure for the feeds.").also(&["azureSubscription"]),
    path("mavenPOMFile", "The pom.xml.").or("pom.xml").also(&["mavenPomFile"]),
    text("goals", "Goals, separated by blanks.").or("package"),
    text("options", "Further options of mvn."),
    on("publishJUnitResults", "Publish JUnit results to the run.").under("JUnit"),
    lines("testResultsFiles", "Patterns of result files.").or("**/surefire-reports/TEST-*.xml").under("JUnit").when(&[is("publishJUnitResults", &["true"])]),
    text("testRunTitle", "A title for the test run.").under("JUnit").when(&[is("publishJUnitResults", &["true"])]),
    on("allowBrokenSymbolicLinks", "Go on when a link leads nowhere.").also(&["allowBrokenSymlinks"]).under("JUnit"),
    pick("codeCoverageTool", COVERAGE, "The coverage tool.").or("None").also(&["codeCoverageToolOption"]).under("Coverage"),
    text("classFilter", "Classes to count, such as +:com.acme.*.").also(&["codeCoverageClassFilter"]).under("Coverage"),
    text("classFilesDirectories", "Folders with classes.").also(&["codeCoverageClassFilesDirectories"]).under("Coverage"),
    text("srcDirectories", "Folders with sources.").also(&["codeCoverageSourceDirectories"]).under("Coverage"),
    off("failIfCoverageEmpty", "Fail if there is no coverage.").also(&["codeCoverageFailIfEmpty"]).under("Coverage"),
    off("restoreOriginalPomXml", "Put the pom.xml back after the tests.").also(&["codeCoverageRestoreOriginalPomXml"]).under("Coverage"),
    pick("javaHomeSelection", HOME, "How JAVA_HOME is found.").or("JDKVersion").also(&["javaHomeOption"]).under("Advanced"),
    pick("jdkVersion", JDK, "The JDK's version.").open().or("default").also(&["jdkVersionOption"]).under("Advanced").when(BY_VERSION),
    path("jdkUserInputPath", "The JDK's folder.").required().also(&["jdkDirectory"]).under("Advanced").when(BY_PATH),
    pick("jdkArchitecture", BITS, "The processor it is for.").or("x64").also(&["jdkArchitectureOption"]).under("Advanced").when(BY_VERSION),
    pick("mavenVersionSelection", &["Default", "Path"], "How Maven is found.").or("Default").also(&["mavenVersionOption"]).under("Advanced"),
    path("mavenPath", "Maven's folder.").required().also(&["mavenDirectory"]).under("Advanced").when(&[is("mavenVersionSelection", &["Path"])]),
    off("mavenSetM2Home", "Set M2_HOME.").under("Advanced").when(&[is("mavenVersionSelection", &["Path"])]),
    text("mavenOpts", "The value of MAVEN_OPTS.").or("-Xmx1024m").also(&["mavenOptions"]).under("Advanced"),
    off("mavenFeedAuthenticate", "Sign in to the organization's feeds.").also(&["mavenAuthenticateFeed"]).under("Advanced"),
    off("skipEffectivePom", "Do not make the effective pom.").also(&["effectivePomSkip"]).under("Advanced"),
    off("sqAnalysisEnabled", "Run a SonarQube analysis.").also(&["sonarQubeRunAnalysis"]).under("Analysis"),
    pick("sqMavenPluginVersionChoice", &["latest", "pom"], "Which SonarQube plugin.").or("latest").also(&["sonarQubeMavenPluginVersion"]).under("Analysis"),
    off("checkstyleAnalysisEnabled", "Run Checkstyle.").also(&["checkStyleRunAnalysis"]).under("Analysis"),
    off("pmdAnalysisEnabled", "Run PMD.").also(&["pmdRunAnalysis"]).under("Analysis"),
    off("findbugsAnalysisEnabled", "Run FindBugs.").also(&["findBugsRunAnalysis"]).under("Analysis"),
    off("spotBugsAnalysisEnabled", "Run SpotBugs.").also(&["spotBugsRunAnalysis"]).under("Analysis"),
];

/// Gradle.
#[rustfmt::skip]
pub static GRADLE_3: TaskSpec = TaskSpec::new("Gradle", 3,
    "Builds, tests and packages with the Gradle wrapper.", &GRADLE);

/// Gradle, the version before.
#[rustfmt::skip]
pub static GRADLE_2: TaskSpec = TaskSpec::new("Gradle", 2,
    "Builds, tests and packages with the Gradle wrapper.", &GRADLE);

#[rustfmt::skip]
static GRADLE: [InputSpec; 24] = [
    path("wrapperScript", "The gradlew script.").or("gradlew").also(&["gradleWrapperFile"]),
    path("cwd", "The folder to run in.").also(&["workingDirectory"]),
    text("options", "Further options of gradle."),
    text("tasks", "Tasks, separated by blanks.").or("build"),
    on("publishJUnitResults", "Publish JUnit results to the run.").under("JUnit"),
    lines("testResultsFiles", "Patterns of result files.").or("**/TEST-*.xml").under("JUnit").when(&[is("publishJUnitResults", &["true"])]),
    text("testRunTitle", "A title for the test run.").under("JUnit").when(&[is("publishJUnitResults", &["true"])]),
    pick("codeCoverageTool", COVERAGE, "The coverage tool.").or("None").also(&["codeCoverageToolOption"]).under("Coverage"),
    text("classFilesDirectories", "Folders with classes.").or("build/classes/main/").also(&["codeCoverageClassFilesDirectories"]).under("Coverage"),
    text("classFilter", "Classes to count, such as +:com.acme.*.").also(&["codeCoverageClassFilter"]).under("Coverage"),
    off("failIfCoverageEmpty", "Fail if there is no coverage.").also(&["codeCoverageFailIfEmpty"]).under("Coverage"),
    text("gradle5xOrHigher", "The Gradle version is 5 or newer.").also(&["codeCoverageGradle5xOrHigher"]).under("Coverage"),
    pick("javaHomeSelection", HOME, "How JAVA_HOME is found.").or("JDKVersion").also(&["javaHomeOption"]).under("Advanced"),
    pick("jdkVersion", JDK, "The JDK's version.").open().or("default").also(&["jdkVersionOption"]).under("Advanced").when(BY_VERSION),
    path("jdkUserInputPath", "The JDK's folder.").required().also(&["jdkDirectory"]).under("Advanced").when(BY_PATH),
    pick("jdkArchitecture", BITS, "The processor it is for.").or("x64").also(&["jdkArchitectureOption"]).under("Advanced").when(BY_VERSION),
    text("gradleOpts", "The value of GRADLE_OPTS.").or("-Xmx1024m").also(&["gradleOptions"]).under("Advanced"),
    off("sqAnalysisEnabled", "Run a SonarQube analysis.").also(&["sonarQubeRunAnalysis"]).under("Analysis"),
    pick("sqGradlePluginVersionChoice", &["specify", "build"], "Which SonarQube plugin.").or("specify").also(&["sqGradlePluginVersion"]).under("Analysis"),
    text("sonarQubeGradlePluginVersion", "The SonarQube plugin's version.").or("2.6.1").under("Analysis"),
    off("checkstyleAnalysisEnabled", "Run Checkstyle.").also(&["checkStyleRunAnalysis"]).under("Analysis"),
    off("findbugsAnalysisEnabled", "Run FindBugs.").also(&["findBugsRunAnalysis"]).under("Analysis"),
    off("pmdAnalysisEnabled", "Run PMD.").also(&["pmdRunAnalysis"]).under("Analysis"),
    off("spotBugsAnalysisEnabled", "Run SpotBugs.").also(&["spotBugsAnalysis"]).under("Analysis"),
];

/// Ant.
#[rustfmt::skip]
pub static ANT_1: TaskSpec = TaskSpec::new("Ant", 1,
    "Builds with Apache Ant.", &[
    path("antBuildFile", "The build.xml.").or("build.xml").also(&["buildFile"]),
    text("options", "Further options of ant."),
    text("targets", "Targets, separated by blanks."),
    on("publishJUnitResults", "Publish JUnit results to the run.").under("JUnit"),
    lines("testResultsFiles", "Patterns of result files.").or("**/TEST-*.xml").under("JUnit").when(&[is("publishJUnitResults", &["true"])]),
    text("testRunTitle", "A title for the test run.").under("JUnit").when(&[is("publishJUnitResults", &["true"])]),
    pick("codeCoverageTool", COVERAGE, "The coverage tool.").or("None").also(&["codeCoverageToolOptions"]).under("Coverage"),
    text("classFilesDirectories", "Folders with classes.").or(".").also(&["codeCoverageClassFilesDirectories"]).under("Coverage"),
    text("classFilter", "Classes to count.").also(&["codeCoverageClassFilter"]).under("Coverage"),
    text("srcDirectories", "Folders with sources.").also(&["codeCoverageSourceDirectories"]).under("Coverage"),
    off("failIfCoverageEmpty", "Fail if there is no coverage.").also(&["codeCoverageFailIfEmpty"]).under("Coverage"),
    path("antHomeUserInputPath", "Ant's folder.").also(&["antHomeDirectory"]).under("Advanced"),
    pick("javaHomeSelection", HOME, "How JAVA_HOME is found.").or("JDKVersion").also(&["javaHomeOption"]).under("Advanced"),
    pick("jdkVersion", JDK, "The JDK's version.").open().or("default").also(&["jdkVersionOption"]).under("Advanced").when(BY_VERSION),
    path("jdkUserInputPath", "The JDK's folder.").required().also(&["jdkUserInputDirectory"]).under("Advanced").when(BY_PATH),
    pick("jdkArchitecture", BITS, "The processor it is for.").or("x64").also(&["jdkArchitectureOption"]).under("Advanced").when(BY_VERSION),
]);
