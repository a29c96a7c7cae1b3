//! `CmdLine@2`, which is what `script:` means: bash here, cmd.exe on Windows.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{InputKind, TaskSpec};

use super::script::{Script, announce, execute, write};
use super::{Task, defaulted, optional, required};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

static SPEC: TaskSpec = TaskSpec {
    name: "CmdLine",
    version: 2,
    help: "Runs a command line script using Bash.",
    inputs: &[
        required("script", InputKind::Lines, "The commands to run."),
        optional("workingDirectory", InputKind::Path, "The folder to run them in."),
        defaulted("failOnStderr", InputKind::Boolean, "false", "Fail if stderr is written to."),
    ],
};

pub(crate) struct CmdLine;

#[async_trait]
impl Task for CmdLine {
    fn spec(&self) -> &'static TaskSpec {
        &SPEC
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let script = step.required("script")?;
        announce(step, script).await;
        // A script that only names a file runs that file.
        let text = if !script.contains('\n')
            && Path::new(script).is_absolute()
            && Path::new(script).is_file()
        {
            format!("exec {script}\n")
        } else {
            format!("{script}\n")
        };
        let file = write(step, "sh", &text)?;
        let script = Script {
            shell: "Bash",
            program: PathBuf::from("bash"),
            arguments: vec!["--noprofile".into(), "--norc".into(), file.into()],
            further_environment: Vec::new(),
        };
        execute(step, script).await
    }
}
