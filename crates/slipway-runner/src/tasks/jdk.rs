//! The JDKs of this machine: for `JavaToolInstaller@0` and for the builds that choose one.

use slipway_pipeline::plan::PlanStep;

use super::installed::{Installed, Search, choose, installed, missing};
use super::tool::is_only_inside;
use super::version_spec::{Version, VersionSpec};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(super) const JDK: Search = Search {
    tool: "JDK",
    places: &[
        "$AGENT_TOOLSDIRECTORY/[Jj]ava*/*/*/bin/javac",
        "/opt/hostedtoolcache/Java*/*/*/bin/javac",
        "$(env | sed -n 's|^JAVA_HOME[A-Za-z0-9_]*=\\(.*\\)|\\1/bin/javac|p')",
        "/usr/lib/jvm/*/bin/javac",
        "$HOME/.sdkman/candidates/java/*/bin/javac",
        "$HOME/.jdks/*/bin/javac",
        "$HOME/.asdf/installs/java/*/bin/javac",
        "$HOME/.local/share/mise/installs/java/*/bin/javac",
        "/opt/java*/bin/javac /opt/jdk*/bin/javac",
    ],
    names: &["javac"],
    ask: "\"$1\" -version | head -n 1",
    how: "Install it from your packages (Debian: openjdk-{}-jdk-headless) or from https://adoptium.net, or ask for a version that is there.",
};

/// The JDK of this version: `17`, `1.8`, `11.0.2`.
pub(crate) async fn jdk(step: &StepScope, written: &str) -> Result<Installed, RunnerError> {
    // Java called itself 1.8 up to 8, and the vendor's list goes on so: 1.17 is 17.
    let plain = written.strip_prefix("1.").filter(|rest| !rest.is_empty()).unwrap_or(written);
    let spec = VersionSpec::parse(plain);
    let all: Vec<Installed> = installed(step, &JDK)
        .await?
        .into_iter()
        .map(|one| Installed { version: Version::of_java(one.version), ..one })
        .collect();
    let found = spec.as_ref().and_then(|spec| choose(&all, spec, false));
    found.cloned().ok_or_else(|| missing(step, &JDK, plain, &all))
}

/// `java`, for a build that neither chooses a JDK nor finds one in JAVA_HOME.
pub(super) fn java(step: &PlanStep) -> Vec<&'static str> {
    let chooses =
        |input: &str| step.input(input).is_some_and(|it| !it.eq_ignore_ascii_case("default"));
    let inputs = ["jdkVersion", "jdkVersionOption", "jdkUserInputPath", "jdkDirectory"];
    if inputs.into_iter().any(chooses) || std::env::var_os("JAVA_HOME").is_some() {
        Vec::new()
    } else {
        vec!["java"]
    }
}

/// JAVA_HOME as a build's inputs choose it; `None` leaves it as it is.
pub(crate) async fn java_home(step: &StepScope) -> Result<Option<String>, RunnerError> {
    if step.required("javaHomeSelection")?.eq_ignore_ascii_case("Path") {
        let folder = step.resolve(step.required("jdkUserInputPath")?);
        if !folder.is_dir() && !is_only_inside(step, &folder) {
            return Err(RunnerError::PathMissing { path: folder });
        }
        return Ok(Some(folder.display().to_string()));
    }
    let version = step.input("jdkVersion").unwrap_or("default");
    if version.eq_ignore_ascii_case("default") {
        return Ok(None);
    }
    let found = jdk(step, version).await?;
    step.line(&format!("Found JDK {}: {}", found.version, found.home().display())).await;
    Ok(Some(found.home().display().to_string()))
}

/// Says which of a Java build's further inputs are not carried out.
pub(crate) async fn warn_of_analyses(step: &StepScope, inputs: &[&str]) {
    if step.input("codeCoverageTool").is_some_and(|tool| !tool.eq_ignore_ascii_case("None")) {
        let text = "codeCoverageTool is passed over: let the build itself measure coverage and publish it with \
                    PublishCodeCoverageResults@2.";
        step.warning(text).await;
    }
    for input in inputs.iter().filter(|input| step.flag(input)) {
        step.warning(&format!("{input} is passed over: let the build itself run the analysis."))
            .await;
    }
}
