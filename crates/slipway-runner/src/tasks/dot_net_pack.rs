//! `command: pack` of `DotNetCoreCLI@2`: packages with a version that the run decides.

use slipway_core::RunResult;

use super::dot_net_core_cli::{each, matching, verbosity};
use super::tool::Tool;
use crate::error::RunnerError;
use crate::scope::lock;
use crate::step_scope::StepScope;

/// Packs each project that matches.
pub(super) async fn pack(step: &StepScope) -> Result<RunResult, RunnerError> {
    let mut options = vec![
        "--output".to_owned(),
        step.resolve(step.required("outputDir")?).display().to_string(),
    ];
    let switches = [
        ("nobuild", "--no-build"),
        ("includesymbols", "--include-symbols"),
        ("includesource", "--include-source"),
    ];
    options.extend(
        switches
            .iter()
            .filter(|(input, _)| step.flag(input))
            .map(|(_, option)| (*option).to_owned()),
    );
    // The default is a macro of a variable that most pipelines do not have; then dotnet's own default counts.
    if let Some(name) = step.input("configurationToPack").filter(|name| !name.contains("$(")) {
        options.extend(["--configuration".to_owned(), name.to_owned()]);
    }
    if let Some(version) = version(step)? {
        options.push(format!("-p:PackageVersion={version}"));
    }
    let properties = step.input("buildProperties").unwrap_or_default().split(';');
    options.extend(
        properties.map(str::trim).filter(|pair| !pair.is_empty()).map(|pair| format!("-p:{pair}")),
    );
    options.extend(verbosity(step, "verbosityPack"));
    let projects = matching(step, "searchPatternPack").await?;
    each(step, &projects, |project| {
        Tool::new("dotnet").arg("pack").args(project).args(options.clone())
    })
    .await
}

/// The version that the inputs ask for; `None` leaves it to the project.
fn version(step: &StepScope) -> Result<Option<String>, RunnerError> {
    let scheme = step.required("versioningScheme")?.to_ascii_lowercase();
    let number = lock(&step.job.run.number).clone();
    let wanted = match scheme.as_str() {
        "byenvvar" => {
            let name = step.required("versionEnvVar")?;
            let environment = step.environment();
            let value =
                environment.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name));
            let value = value.map(|(_, value)| value.clone());
            Some(value.ok_or_else(|| {
                step.invalid("versionEnvVar", "the name of a variable that is set")
            })?)
        }
        "bybuildnumber" | "bysemverbuildnumber" => {
            let found = in_number(&number, scheme == "bysemverbuildnumber");
            Some(found.ok_or_else(|| {
                step.invalid(
                    "versioningScheme",
                    "a run number that holds a version, such as 1.2.3; see `name:`",
                )
            })?)
        }
        "byprereleasenumber" => {
            let part = |input: &str| step.required(input).map(str::to_owned);
            let now = jiff::Timestamp::now().strftime("%Y%m%d-%H%M%S").to_string();
            let (major, minor) = (part("requestedMajorVersion")?, part("requestedMinorVersion")?);
            Some(format!("{major}.{minor}.{}-CI-{now}", part("requestedPatchVersion")?))
        }
        _ => None,
    };
    Ok(wanted)
}

/// The version in a run's number: `1.2.3` or `1.2.3.4`, with what follows if it is a semantic version.
fn in_number(number: &str, is_semantic: bool) -> Option<String> {
    let pattern = if is_semantic {
        r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"
    } else {
        r"\d+\.\d+\.\d+(?:\.\d+)?"
    };
    let found = regex::Regex::new(pattern).ok()?.find(number)?;
    Some(found.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_number_holds_a_version() {
        assert_eq!(in_number("shop-1.2.3.4_x", false).as_deref(), Some("1.2.3.4"));
        assert_eq!(in_number("1.2.3-beta.1", true).as_deref(), Some("1.2.3-beta.1"));
        assert_eq!(in_number("20261130.1", false), None, "a date and a counter are no version");
    }
}
