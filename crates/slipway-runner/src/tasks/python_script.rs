//! `PythonScript@0`: a script of the repository or of the pipeline, with the Python on PATH or a given one.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::script::write;
use super::tool::{Tool, is_there, run_judged};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct PythonScript;

#[async_trait]
impl Task for PythonScript {
    fn spec(&self) -> &'static TaskSpec {
        &table::PYTHON_SCRIPT_0
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        match step.input("pythonInterpreter") {
            Some(_) => Vec::new(),
            None => vec!["python|python3"],
        }
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let file = if step.required("scriptSource")?.eq_ignore_ascii_case("inline") {
            write(step, "py", step.required("script")?)?
        } else {
            let written = step.required("scriptPath")?;
            let path = step.resolve(written);
            if !path.is_file() {
                return Err(RunnerError::ScriptMissing { path: written.to_owned() });
            }
            path
        };
        let interpreter = match step.input("pythonInterpreter") {
            Some(written) => written,
            // Debian's Python 3 does not answer to `python`.
            None if is_there(step, "python") => "python",
            None => "python3",
        };
        let tool = Tool::new(interpreter)
            .arg(file.display().to_string())
            .line(step.input("arguments"))
            .at(step.working_folder()?)
            .fails_on_stderr(step.flag("failOnStderr"));
        run_judged(step, tool).await
    }
}
