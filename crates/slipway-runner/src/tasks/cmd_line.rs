//! `CmdLine@2`, which is what `script:` means: bash here, cmd.exe on Windows.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::script::{Script, announce, execute, write_bash};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct CmdLine;

#[async_trait]
impl Task for CmdLine {
    fn spec(&self) -> &'static TaskSpec {
        &table::CMD_LINE_2
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["bash"]
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
        let (file, spare) = write_bash(step, &text)?;
        let script = Script {
            shell: "Bash",
            program: PathBuf::from("bash"),
            arguments: vec!["--noprofile".into(), "--norc".into(), file.into()],
            further_environment: Vec::new(),
            spare,
        };
        execute(step, script).await
    }
}
