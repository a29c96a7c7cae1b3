//! `UsePythonVersion@0`: puts an installed version of Python first on PATH, where it answers to `python`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::installed::{Installed, Search, wanted};
use super::told::{prepend_path, tell};
use super::version_spec::VersionSpec;
use crate::error::{OnPath, RunnerError};
use crate::step_scope::StepScope;

const PYTHON: Search = Search {
    tool: "Python",
    places: &[
        "$AGENT_TOOLSDIRECTORY/Python/*/*/bin/python",
        "/opt/hostedtoolcache/Python/*/*/bin/python",
        "${PYENV_ROOT:-$HOME/.pyenv}/versions/*/bin/python",
        "$HOME/.local/share/uv/python/*/bin/python3",
        "$HOME/.asdf/installs/python/*/bin/python",
        "$HOME/.local/share/mise/installs/python/*/bin/python",
        "/opt/python*/bin/python3",
        "/usr/bin/python3.[0-9] /usr/bin/python3.[0-9][0-9]",
        "/usr/local/bin/python3.[0-9] /usr/local/bin/python3.[0-9][0-9]",
    ],
    names: &["python3", "python"],
    ask: "\"$1\" --version | head -n 1",
    how: "Install it with `pyenv install {}` or `uv python install {}`, or ask for a version that is there.",
};

pub(crate) struct UsePythonVersion;

#[async_trait]
impl Task for UsePythonVersion {
    fn spec(&self) -> &'static TaskSpec {
        &table::USE_PYTHON_VERSION_0
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let written = step.required("versionSpec")?;
        let spec = VersionSpec::parse(written)
            .ok_or_else(|| step.invalid("versionSpec", "a version such as 3.12, 3.x or >=3.9"))?;
        let found = wanted(step, &PYTHON, written, &spec, step.flag("allowUnstable")).await?;
        step.line(&format!("Found Python {}: {}", found.version, found.program.display())).await;
        let home = answering_to_python(step, &found)?;
        tell(step, "pythonLocation", &home.display().to_string());
        if step.flag("addToPath") {
            prepend_path(step, &home.display().to_string());
            prepend_path(step, &home.join("bin").display().to_string());
        }
        Ok(RunResult::Succeeded)
    }
}

/// The folder whose `bin` holds `python` and `pip`. A system's Python only has `python3`, and its folder holds
/// everything else too; links to it stand in the tool cache instead.
fn answering_to_python(step: &StepScope, found: &Installed) -> Result<PathBuf, RunnerError> {
    let is_own_folder = found.folder().join("python").exists()
        && !matches!(found.folder().to_str(), Some("/usr/bin" | "/usr/local/bin" | "/bin"));
    if is_own_folder {
        return Ok(found.home().to_owned());
    }
    let name = format!("{}-links", found.version);
    let home = step.job.folders.tools.join("Python").join(name);
    let bin = home.join("bin");
    fs::create_dir_all(&bin).on("Creating", &bin)?;
    for name in ["python", "python3"] {
        link(&found.program, &bin.join(name))?;
    }
    let pip = bin.join("pip");
    // The system's own `pip3` may belong to another version.
    let text = format!("#!/bin/sh\nexec '{}' -m pip \"$@\"\n", found.program.display());
    fs::write(&pip, text).on("Writing", &pip)?;
    executable(&pip)?;
    link(Path::new("pip"), &bin.join("pip3"))?;
    Ok(home)
}

fn link(to: &Path, at: &Path) -> Result<(), RunnerError> {
    if fs::symlink_metadata(at).is_ok() {
        fs::remove_file(at).on("Removing", at)?;
    }
    symlink(to, at).on("Linking", at)
}

fn executable(path: &Path) -> Result<(), RunnerError> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).on("Changing", path)
}
