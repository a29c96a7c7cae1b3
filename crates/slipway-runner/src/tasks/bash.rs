//! `Bash@3`, which is what `bash:` means.

use std::path::PathBuf;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::script::{Script, announce, execute, write_bash};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct Bash;

#[async_trait]
impl Task for Bash {
    fn spec(&self) -> &'static TaskSpec {
        &table::BASH_3
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["bash"]
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let is_inline =
            step.input("targetType").is_some_and(|kind| kind.eq_ignore_ascii_case("inline"));
        let text = if is_inline {
            let script = step.required("script")?;
            announce(step, script).await;
            format!("{script}\n")
        } else {
            let path = script_file(step)?;
            let quoted = path.display().to_string().replace('\'', "'\\''");
            let command = format!("exec bash '{quoted}' {}", step.input("arguments").unwrap_or(""));
            step.line(&format!("Formatted command: {}", command.trim_end())).await;
            announce(step, "").await;
            format!("{}\n", command.trim_end())
        };
        let (file, spare) = write_bash(step, &text)?;
        let bash_env =
            step.input("bashEnvValue").map(|value| ("BASH_ENV".to_owned(), value.to_owned()));
        let script = Script {
            shell: "Bash",
            program: PathBuf::from("bash"),
            arguments: vec!["--noprofile".into(), "--norc".into(), file.into()],
            further_environment: bash_env.into_iter().collect(),
            spare,
        };
        execute(step, script).await
    }
}

/// The file that `filePath` names.
pub(crate) fn script_file(step: &StepScope) -> Result<PathBuf, RunnerError> {
    let written = step.required("filePath")?;
    let path = step.resolve(written);
    if path.is_file() {
        Ok(path)
    } else {
        Err(RunnerError::ScriptMissing { path: written.to_owned() })
    }
}
