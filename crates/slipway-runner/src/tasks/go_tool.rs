//! `GoTool@0`: puts an installed version of Go first on PATH and sets GOROOT. Nothing is downloaded.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::installed::{Search, put_on_path, wanted};
use super::told::set_variable;
use super::version_spec::VersionSpec;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

const GO: Search = Search {
    tool: "Go",
    places: &[
        "$AGENT_TOOLSDIRECTORY/go/*/*/bin/go",
        "/opt/hostedtoolcache/go/*/*/bin/go",
        "/usr/local/go*/bin/go",
        "/usr/lib/go-*/bin/go",
        "$HOME/sdk/go*/bin/go",
        "$HOME/.asdf/installs/golang/*/go/bin/go",
        "$HOME/.local/share/mise/installs/go/*/bin/go",
        "/opt/go*/bin/go",
    ],
    names: &["go"],
    // In a folder with a go.mod, go would answer with the version that the file wants; an older one does not
    // know every flag that the user may have set.
    ask: "GOTOOLCHAIN=local GOENV=off GOFLAGS= \"$1\" version | head -n 1",
    how: "Install it with `go install golang.org/dl/go{}@latest` and its `download`, or from https://go.dev/dl, or ask for a version that is there.",
};

pub(crate) struct GoTool;

#[async_trait]
impl Task for GoTool {
    fn spec(&self) -> &'static TaskSpec {
        &table::GO_TOOL_0
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let written = step.required("version")?;
        let spec = VersionSpec::parse(written.trim_start_matches("go"))
            .ok_or_else(|| step.invalid("version", "a version such as 1.22 or 1.22.3"))?;
        let found = wanted(step, &GO, written, &spec, false).await?;
        put_on_path(step, &GO, &found).await;
        set_variable(step, "GOROOT", &found.home().display().to_string());
        for (input, variable) in [("goPath", "GOPATH"), ("goBin", "GOBIN")] {
            if let Some(value) = step.input(input) {
                set_variable(step, variable, value);
            }
        }
        Ok(RunResult::Succeeded)
    }
}
