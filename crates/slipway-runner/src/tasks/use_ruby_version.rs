//! `UseRubyVersion@0`: puts an installed version of Ruby first on PATH.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::installed::{Search, put_on_path, wanted};
use super::told::tell;
use super::version_spec::VersionSpec;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

const RUBY: Search = Search {
    tool: "Ruby",
    places: &[
        "$AGENT_TOOLSDIRECTORY/Ruby/*/*/bin/ruby",
        "/opt/hostedtoolcache/Ruby/*/*/bin/ruby",
        "${RBENV_ROOT:-$HOME/.rbenv}/versions/*/bin/ruby",
        "$HOME/.rvm/rubies/*/bin/ruby",
        "$HOME/.asdf/installs/ruby/*/bin/ruby",
        "$HOME/.local/share/mise/installs/ruby/*/bin/ruby",
        "/opt/ruby*/bin/ruby",
        "/usr/bin/ruby[0-9].[0-9]",
    ],
    names: &["ruby"],
    ask: "\"$1\" --version | head -n 1",
    how: "Install it with `rbenv install {}`, or ask for a version that is there.",
};

pub(crate) struct UseRubyVersion;

#[async_trait]
impl Task for UseRubyVersion {
    fn spec(&self) -> &'static TaskSpec {
        &table::USE_RUBY_VERSION_0
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let written = step.required("versionSpec")?;
        let spec = VersionSpec::parse(written)
            .ok_or_else(|| step.invalid("versionSpec", "a version such as 3.2 or >= 2.7"))?;
        let found = wanted(step, &RUBY, written, &spec, false).await?;
        tell(step, "rubyLocation", &found.folder().display().to_string());
        if step.flag("addToPath") {
            put_on_path(step, &RUBY, &found).await;
        } else {
            step.line(&format!("Found Ruby {}: {}", found.version, found.program.display())).await;
        }
        Ok(RunResult::Succeeded)
    }
}
