//! `UseDotNet@2`: puts an installed .NET SDK or runtime on PATH. Nothing is downloaded.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::installed::{Installed, Search, put_on_path, wanted};
use super::told::{prepend_path, set_variable};
use super::version_spec::VersionSpec;
use crate::error::{OnPath, RunnerError};
use crate::glob::find_files;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

const PLACES: &[&str] = &[
    "$AGENT_TOOLSDIRECTORY/dotnet/dotnet",
    "${DOTNET_ROOT:-/usr/share/dotnet}/dotnet",
    "$HOME/.dotnet/dotnet",
    "/usr/share/dotnet/dotnet",
    "/usr/lib/dotnet/dotnet",
    "/usr/local/share/dotnet/dotnet",
    "/opt/dotnet/dotnet",
];
const HOW: &str = "Install it with https://dot.net/v1/dotnet-install.sh (`--channel` or `--version`), or ask for a version that is there.";
const SDK: Search = Search {
    tool: ".NET SDK",
    places: PLACES,
    names: &["dotnet"],
    ask: "\"$1\" --list-sdks",
    how: HOW,
};
const RUNTIME: Search = Search {
    tool: ".NET runtime",
    places: PLACES,
    names: &["dotnet"],
    ask: "\"$1\" --list-runtimes | grep Microsoft.NETCore.App",
    how: HOW,
};

pub(crate) struct UseDotNet;

#[async_trait]
impl Task for UseDotNet {
    fn spec(&self) -> &'static TaskSpec {
        &table::USE_DOT_NET_2
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let is_runtime = step.required("packageType")?.eq_ignore_ascii_case("runtime");
        let search = if is_runtime { &RUNTIME } else { &SDK };
        let mut first: Option<Installed> = None;
        for (written, spec) in versions(step, is_runtime).await? {
            let previews = step.flag("includePreviewVersions") || written.contains('-');
            let found = wanted(step, search, &written, &spec, previews).await?;
            first.get_or_insert(found);
        }
        let Some(found) = first else { return Ok(RunResult::Succeeded) };
        put_on_path(step, search, &found).await;
        set_variable(step, "DOTNET_ROOT", &found.folder().display().to_string());
        let looks_further = if step.flag("performMultiLevelLookup") { "1" } else { "0" };
        set_variable(step, "DOTNET_MULTILEVEL_LOOKUP", looks_further);
        if let Some((_, home)) = step.environment().iter().rev().find(|(name, _)| name == "HOME") {
            prepend_path(step, &format!("{home}/.dotnet/tools"));
        }
        Ok(RunResult::Succeeded)
    }
}

/// The versions that are wanted, as written and as ranges.
async fn versions(
    step: &StepScope,
    is_runtime: bool,
) -> Result<Vec<(String, VersionSpec)>, RunnerError> {
    if step.flag("useGlobalJson") && !is_runtime {
        return global_json(step).await;
    }
    let written = step.required("version")?;
    let spec = VersionSpec::parse(written)
        .ok_or_else(|| step.invalid("version", "a version such as 8.x or 8.0.100"))?;
    Ok(vec![(written.to_owned(), spec)])
}

async fn global_json(step: &StepScope) -> Result<Vec<(String, VersionSpec)>, RunnerError> {
    let folder = step.resolve(step.input("workingDirectory").unwrap_or("."));
    let start = folder.clone();
    let files = blocking(move || find_files(&start, &["**/global.json".to_owned()])).await?;
    if files.is_empty() {
        return Err(RunnerError::PathMissing { path: folder.join("**/global.json") });
    }
    let mut all = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).on("Reading", &file)?;
        let wanted = serde_json::from_str::<serde_json::Value>(&without_comments(&text)).ok();
        let version = wanted.as_ref().and_then(|json| json.pointer("/sdk/version")?.as_str());
        let Some(version) = version else {
            step.warning(&format!("{} names no SDK version.", file.display())).await;
            continue;
        };
        if let Some(spec) = VersionSpec::parse(version) {
            step.line(&format!("{} wants SDK {version}", file.display())).await;
            all.push((version.to_owned(), spec));
        }
    }
    Ok(all)
}

/// global.json may hold comments, which stand on lines of their own.
fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}
