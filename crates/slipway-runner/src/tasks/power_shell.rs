//! `PowerShell@2`, which is what `pwsh:` and `powershell:` mean. Windows PowerShell exists on Windows only;
//! elsewhere both run `pwsh`, if it is installed.

use std::fmt::Write as _;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::bash::script_file;
use super::script::{Script, announce, execute, write};
use super::tool::find;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct PowerShell;

#[async_trait]
impl Task for PowerShell {
    fn spec(&self) -> &'static TaskSpec {
        &table::POWER_SHELL_2
    }

    fn needs(&self, _step: &PlanStep) -> Vec<&'static str> {
        vec!["pwsh"]
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let program = find(step, "pwsh")?;
        let is_inline =
            step.input("targetType").is_some_and(|kind| kind.eq_ignore_ascii_case("inline"));
        let script = if is_inline {
            step.required("script")?.to_owned()
        } else {
            let file = script_file(step)?;
            if !file.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("ps1")) {
                return Err(step.invalid("filePath", "a path to a .ps1 file"));
            }
            let path = file.display().to_string().replace('\'', "''");
            format!(". '{path}' {}", step.input("arguments").unwrap_or("")).trim_end().to_owned()
        };
        announce(step, &script).await;
        let file = write(step, "ps1", &whole_script(step, &script))?;
        let sourced = file.display().to_string().replace('\'', "''");
        let sign = if step.flag("runScriptInSeparateScope") { '&' } else { '.' };
        let arguments = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command"];
        let script = Script {
            shell: "PowerShell",
            program,
            arguments: arguments
                .into_iter()
                .map(Into::into)
                .chain([format!("{sign} '{sourced}'").into()])
                .collect(),
            further_environment: Vec::new(),
            spare: None,
        };
        execute(step, script).await
    }
}

fn whole_script(step: &StepScope, script: &str) -> String {
    let mut text = String::new();
    for name in ["error", "warning", "information", "verbose", "debug", "progress"] {
        let input = if name == "error" {
            "errorActionPreference".to_owned()
        } else {
            format!("{name}Preference")
        };
        let value = step.input(&input).unwrap_or("default");
        if !value.eq_ignore_ascii_case("default") {
            // Writing to a String cannot fail.
            writeln!(text, "${input} = '{}'", value.replace('\'', "''")).ok();
        }
    }
    if step.flag("showWarnings") {
        // What is warned about in the script is shown with the run, once the script is over.
        writeln!(
            text,
            "Invoke-Command -NoNewScope -WarningVariable slipwayWarnings -ScriptBlock {{\n{script}\n}}\nforeach \
             ($slipwayWarning in $slipwayWarnings) {{ Write-Host \
             \"##vso[task.logissue type=warning;]$slipwayWarning\" }}"
        )
        .ok();
    } else {
        text.push_str(script);
        text.push('\n');
    }
    if !step.flag("ignoreLASTEXITCODE") {
        text.push_str(
            "if (!(Test-Path -LiteralPath variable:\\LASTEXITCODE)) {\n    \
             Write-Host '##vso[task.debug]$LASTEXITCODE is not set.'\n} else {\n    \
             exit $LASTEXITCODE\n}\n",
        );
    }
    text
}
