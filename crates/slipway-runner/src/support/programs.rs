//! Programs that tasks start and this machine lacks.
//!
//! Called by `support`. They are warnings: an earlier step may install the program. `a|b` is one of both.

use slipway_pipeline::plan::PlanStep;

use crate::tasks::is_program;

/// Those that are not on the app's own PATH.
pub(super) fn missing(programs: &[&'static str]) -> Vec<&'static str> {
    let path = std::env::var("PATH").unwrap_or_default();
    let is_there = |program: &str| {
        std::env::split_paths(&path).any(|folder| is_program(&folder.join(program)))
    };
    let is_missing = |program: &&str| !program.split('|').any(is_there);
    programs.iter().copied().filter(is_missing).collect()
}

/// True if an earlier step of the job puts the program on PATH: a task that chooses a tool's version.
pub(super) fn is_chosen_before(program: &str, step: &PlanStep, steps: &[PlanStep]) -> bool {
    const CHOOSERS: &[(&str, &[&str])] = &[
        ("NodeTool", &["node", "npm"]),
        ("UseNode", &["node", "npm"]),
        ("UsePythonVersion", &["python|python3"]),
        ("UseDotNet", &["dotnet"]),
        ("GoTool", &["go"]),
        ("JavaToolInstaller", &["java"]),
    ];
    let before = steps.iter().take_while(|other| !std::ptr::eq(*other, step));
    before.filter(|other| other.enabled).any(|other| {
        let chooses = |(task, programs): &(&str, &[&str])| {
            other.task.eq_ignore_ascii_case(task) && programs.contains(&program)
        };
        CHOOSERS.iter().any(chooses)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_programs_is_enough() {
        assert!(missing(&["no-such-program|sh"]).is_empty(), "sh is there");
        let lacking = ["no-such-program|nor-this"];
        assert_eq!(missing(&lacking), lacking, "neither is");
    }
}
