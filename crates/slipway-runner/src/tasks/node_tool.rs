//! `NodeTool@0` and `UseNode@1`: put an installed version of Node.js first on PATH. Nothing is downloaded.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;

use super::Task;
use super::installed::{Search, put_on_path, wanted};
use super::version_spec::VersionSpec;
use crate::error::{OnPath, RunnerError};
use crate::step_scope::StepScope;

const NODE: Search = Search {
    tool: "Node.js",
    places: &[
        "$AGENT_TOOLSDIRECTORY/node/*/*/bin/node",
        "/opt/hostedtoolcache/node/*/*/bin/node",
        "${NVM_DIR:-$HOME/.nvm}/versions/node/*/bin/node",
        "$HOME/.local/share/fnm/node-versions/*/installation/bin/node",
        "$HOME/.volta/tools/image/node/*/bin/node",
        "$HOME/.asdf/installs/nodejs/*/bin/node",
        "$HOME/.local/share/mise/installs/node/*/bin/node",
        "/usr/local/n/versions/node/*/bin/node",
        "/opt/node*/bin/node",
    ],
    names: &["node", "nodejs"],
    ask: "\"$1\" --version | head -n 1",
    how: "Install it with `nvm install {}` or from https://nodejs.org/download, or ask for a version that is there.",
};

/// Both take the same, under other names.
pub(crate) struct NodeTool {
    pub(crate) spec: &'static TaskSpec,
    /// The input with the version.
    pub(crate) version: &'static str,
}

#[async_trait]
impl Task for NodeTool {
    fn spec(&self) -> &'static TaskSpec {
        self.spec
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let has_source = self.spec.input("versionSource").is_some();
        let written =
            if has_source && step.required("versionSource")?.eq_ignore_ascii_case("fromFile") {
                from_file(step)?
            } else {
                step.required(self.version)?.to_owned()
            };
        let spec = VersionSpec::parse_node(&written)
            .ok_or_else(|| step.invalid(self.version, "a version such as 20.x, >=18 or lts/*"))?;
        let found = wanted(step, &NODE, &written, &spec, false).await?;
        put_on_path(step, &NODE, &found).await;
        Ok(RunResult::Succeeded)
    }
}

/// The version in `.nvmrc`, `.node-version`, `.tool-versions` or `package.json`.
fn from_file(step: &StepScope) -> Result<String, RunnerError> {
    let path = step.resolve(step.required("versionFilePath")?);
    let text = std::fs::read_to_string(&path).on("Reading", &path)?;
    version_in(&text)
        .ok_or_else(|| step.invalid("versionFilePath", "a file that names a version of Node.js"))
}

fn version_in(text: &str) -> Option<String> {
    if let Ok(package) = serde_json::from_str::<serde_json::Value>(text) {
        let places = ["/volta/node", "/engines/node"];
        let found = places.into_iter().find_map(|place| package.pointer(place)?.as_str());
        if package.is_object() {
            return found.map(str::to_owned);
        }
    }
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut words: Vec<Vec<&str>> = lines.map(|line| line.split_whitespace().collect()).collect();
    if let Some(tool) = words.iter().find(|words| matches!(words[..], ["nodejs" | "node", _, ..])) {
        return Some(tool[1].to_owned());
    }
    words.retain(|words| words.len() == 1);
    words.first().map(|words| words[0].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_the_version() {
        for (text, version) in [
            ("v20.1.0\n", Some("v20.1.0")),
            ("# ours\nlts/iron\n", Some("lts/iron")),
            ("python 3.12\nnodejs 20.2.0\n", Some("20.2.0")),
            (r#"{"engines": {"node": ">=18"}}"#, Some(">=18")),
            (r#"{"volta": {"node": "18.1.0"}, "engines": {"node": ">=18"}}"#, Some("18.1.0")),
            ("{}", None),
        ] {
            assert_eq!(version_in(text).as_deref(), version, "{text}");
        }
    }
}
