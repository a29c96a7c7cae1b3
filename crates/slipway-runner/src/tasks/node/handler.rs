//! How a task's script is started: which of its handlers, with which Node.
//!
//! Called by `NodeTask`. The newest handler that the machine's Node can run is taken. Deliberately not here:
//! what the script is told.

use std::ffi::OsString;
use std::path::PathBuf;

use super::declaration::{Handler, HandlerKind};
use super::folder::FolderTask;
use crate::container::NODE;
use crate::error::RunnerError;
use crate::process::ProcessOrder;
use crate::step_scope::StepScope;
use crate::tasks::tool::{Tool, find, is_there, run_tool};

/// The program to run.
pub(super) async fn order(
    step: &StepScope,
    task: &FolderTask,
    handlers: &[Handler],
) -> Result<ProcessOrder, RunnerError> {
    let nodes = nodes(handlers);
    if nodes.is_empty() {
        return power_shell(step, task, handlers);
    }
    let (program, version) = if step.is_in_container() {
        node_inside(step, &nodes).await?
    } else {
        (find(step, "node")?, node_version(step, "node").await?)
    };
    let (wanted, handler) = choose(&nodes, version);
    if let Some(version) = version.filter(|version| *version < wanted) {
        let whose = if step.is_in_container() { "the container's" } else { "this machine's" };
        let text = format!(
            "{} is written for Node {wanted} ({}); {whose} Node is {version}. It may fail.",
            step.task(),
            handler.name
        );
        step.warning(&text).await;
    }
    let target = script(task, handler)?;
    Ok(ordered(step, task, handler, program, vec![target.into()]))
}

/// The handlers for Node, newest first.
fn nodes(handlers: &[Handler]) -> Vec<(u32, &Handler)> {
    let node = |handler| match (handler as &Handler).kind {
        HandlerKind::Node(major) => Some((major, handler)),
        HandlerKind::PowerShell | HandlerKind::Other => None,
    };
    let mut found: Vec<(u32, &Handler)> = handlers.iter().filter_map(node).collect();
    found.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    found
}

/// The newest that this Node can run; if it is older than all of them, the oldest.
fn choose<'a>(nodes: &[(u32, &'a Handler)], version: Option<u32>) -> (u32, &'a Handler) {
    let fits = |(major, _): &&(u32, &Handler)| version.is_none_or(|version| *major <= version);
    *nodes.iter().find(fits).unwrap_or(&nodes[nodes.len() - 1])
}

/// The Node of the image; this machine's, brought along, if there is none or it is too old.
async fn node_inside(
    step: &StepScope,
    nodes: &[(u32, &Handler)],
) -> Result<(PathBuf, Option<u32>), RunnerError> {
    let mut found = None;
    for program in ["node", NODE] {
        let version = match node_version(step, program).await {
            // Without a shell the engine itself says that a program is not there.
            Err(RunnerError::ProgramMissingInside { .. } | RunnerError::Engine { .. }) => None,
            other => other?,
        };
        let Some(version) = version else { continue };
        let answer = (PathBuf::from(program), Some(version));
        if nodes.iter().any(|(wanted, _)| *wanted <= version) {
            return Ok(answer);
        }
        found = found.or(Some(answer));
    }
    let container = step.container()?.map(|container| container.name.clone()).unwrap_or_default();
    found.ok_or_else(|| RunnerError::NodeMissingInside { task: step.task(), container })
}

/// The major version of a Node; none if it does not say.
async fn node_version(step: &StepScope, program: &str) -> Result<Option<u32>, RunnerError> {
    let asked = Tool::new(program).arg("--version").silent().kept();
    let said = run_tool(step, asked).await?.stdout;
    let major = said.trim().trim_start_matches('v').split('.').next();
    Ok(major.and_then(|major| major.parse().ok()))
}

fn script(task: &FolderTask, handler: &Handler) -> Result<PathBuf, RunnerError> {
    let path = task.folder.join(&handler.target);
    if path.is_file() {
        Ok(path)
    } else {
        Err(RunnerError::TaskScriptMissing { task: task.spec().reference(), path })
    }
}

fn ordered(
    step: &StepScope,
    task: &FolderTask,
    handler: &Handler,
    program: PathBuf,
    arguments: Vec<OsString>,
) -> ProcessOrder {
    let own = task.folder.display().to_string();
    let written = handler.working_folder.trim().to_lowercase();
    let is_own = written.starts_with("$(currentdirectory)");
    ProcessOrder {
        program,
        arguments,
        folder: if is_own { own.into() } else { step.default_folder() },
        environment: step.environment(),
        marker: step.record.to_string(),
    }
}

/// Scripts for PowerShell come with the vendor's module, which calls them.
fn power_shell(
    step: &StepScope,
    task: &FolderTask,
    handlers: &[Handler],
) -> Result<ProcessOrder, RunnerError> {
    let handler = handlers.iter().find(|handler| handler.kind == HandlerKind::PowerShell);
    let Some(handler) = handler else {
        let reason = task.why_not().unwrap_or_else(|| "It has no handler.".to_owned());
        return Err(RunnerError::TaskNotRunnable { task: step.task(), reason });
    };
    let target = script(task, handler)?;
    let quoted = |path: &std::path::Path| path.display().to_string().replace('\'', "''");
    let module = task.folder.join("ps_modules/VstsTaskSdk/VstsTaskSdk.psd1");
    let command = format!(
        "Import-Module '{}' -ErrorAction Stop; Invoke-VstsTaskScript -ScriptBlock \
         ([scriptblock]::Create('. ''{}'''))",
        quoted(&module),
        quoted(&target).replace('\'', "''")
    );
    let program = find(
        step,
        if step.is_in_container() || is_there(step, "pwsh") { "pwsh" } else { "powershell" },
    )
    .or_else(|_| find(step, "pwsh"))?;
    let arguments = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command"];
    let arguments = arguments.map(OsString::from).into_iter().chain([command.into()]);
    Ok(ordered(step, task, handler, program, arguments.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handler(name: &str, kind: HandlerKind) -> Handler {
        Handler {
            name: name.to_owned(),
            kind,
            target: "index.js".to_owned(),
            working_folder: String::new(),
        }
    }

    #[test]
    fn the_newest_handler_that_runs_is_taken() {
        let all = [
            handler("PowerShell3", HandlerKind::PowerShell),
            handler("Node10", HandlerKind::Node(10)),
            handler("Node24", HandlerKind::Node(24)),
            handler("Node20_1", HandlerKind::Node(20)),
        ];
        let nodes = nodes(&all);
        let name = |version| choose(&nodes, version).1.name.as_str();
        assert_eq!(name(Some(20)), "Node20_1", "Node 20 does not run what is for 24");
        assert_eq!(name(Some(26)), "Node24", "the newest");
        assert_eq!(name(Some(8)), "Node10", "too old for all: the one that asks for least");
        assert_eq!(name(None), "Node24", "nothing is known");
    }
}
