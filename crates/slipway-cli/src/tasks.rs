//! `slipway tasks`: the tasks that a pipeline may name here, and folders of tasks.
//!
//! Calls the app's commands by their names, as the page does.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;
use slipway_api::app::{App, AppOptions};
use slipway_api::dto::{TaskFolderView, TaskInputView, TaskView};
use slipway_api::error::ApiError;
use slipway_core::ErrorKind;

use crate::{print, read};

/// What `tasks` takes.
#[derive(Debug, Args)]
pub(crate) struct TasksArguments {
    #[command(subcommand)]
    command: TasksCommand,
}

#[derive(Debug, Subcommand)]
enum TasksCommand {
    /// Lists the tasks, and the folders that were added.
    Ls {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Adds a folder: a task, an unpacked extension, or built tasks of a checkout.
    Add {
        /// The folder.
        folder: PathBuf,
    },
    /// Forgets a folder.
    Rm {
        /// The folder.
        folder: PathBuf,
    },
    /// Prints what a task takes and sets.
    Show {
        /// Such as Docker@2.
        task: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Lets a folder's task stand in for Slipway's own of the same name.
    Replace {
        /// Such as CmdLine@2.
        task: String,
        /// Use Slipway's own again.
        #[arg(long)]
        undo: bool,
    },
}

/// Does what was asked.
pub(crate) async fn execute(
    mut options: AppOptions,
    arguments: TasksArguments,
) -> Result<ExitCode, ApiError> {
    options.is_active = false;
    let changes = !matches!(arguments.command, TasksCommand::Ls { .. } | TasksCommand::Show { .. });
    // A folder that nobody has used yet has no database to read.
    let is_new = !options.data_dir.exists();
    let app = if changes || is_new {
        App::open(options).await?
    } else {
        App::open_read_only(&options.data_dir).await?
    };
    let outcome = carry_out(&app, arguments.command).await;
    if changes || is_new {
        app.close().await;
    }
    outcome
}

async fn carry_out(app: &App, command: TasksCommand) -> Result<ExitCode, ApiError> {
    match command {
        TasksCommand::Ls { json } => list(app, json).await?,
        TasksCommand::Add { folder } => {
            let path = std::path::absolute(&folder).unwrap_or(folder);
            let answer = app.call("task_folder_add", json!({ "path": path })).await?;
            folder_lines(&read(answer)?);
        }
        TasksCommand::Rm { folder } => {
            let path = folder.canonicalize().or_else(|_| std::path::absolute(&folder));
            let path = path.unwrap_or(folder);
            app.call("task_folder_remove", json!({ "path": path })).await?;
        }
        TasksCommand::Show { task, json } => show(app, &task, json).await?,
        TasksCommand::Replace { task, undo } => {
            let (name, version) = reference(&task)?;
            let request = json!({ "name": name, "version": version, "replaces": !undo });
            app.call("task_replace", request).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(app: &App, as_json: bool) -> Result<(), ApiError> {
    let tasks = app.call("task_list", json!({})).await?;
    let folders = app.call("task_folder_list", json!({})).await?;
    if as_json {
        print::json(&json!({ "tasks": tasks, "folders": folders }));
        return Ok(());
    }
    let tasks: Vec<TaskView> = read(tasks)?;
    for task in &tasks {
        let mut line = format!("{:<36} {}", format!("{}@{}", task.name, task.version), task.help);
        if let Some(folder) = &task.folder {
            line.push_str(&format!(" [{} {}]", task.full_version, folder));
        }
        if let Some(why) = &task.why_not {
            line.push_str(&format!(" Cannot run: {why}"));
        } else if !task.is_used {
            line.push_str(" (another one is used)");
        }
        print::line(&line);
    }
    for folder in read::<Vec<TaskFolderView>>(folders)? {
        print::line("");
        folder_lines(&folder);
    }
    Ok(())
}

fn folder_lines(folder: &TaskFolderView) {
    print::line(&format!("{}: {}", folder.path, folder.tasks.join(", ")));
    for problem in &folder.problems {
        print::line(&format!("  {problem}"));
    }
}

async fn show(app: &App, task: &str, as_json: bool) -> Result<(), ApiError> {
    let (name, version) = reference(task)?;
    let tasks: Vec<TaskView> = read(app.call("task_list", json!({})).await?)?;
    let is_it = |task: &&TaskView| task.version == version && task.name.eq_ignore_ascii_case(&name);
    let found: Vec<&TaskView> = tasks.iter().filter(is_it).collect();
    let used = found.iter().find(|task| task.is_used).or(found.first());
    let Some(task) = used else {
        return Err(ApiError::not_found("task", task).with_hint("List them: slipway tasks ls."));
    };
    if as_json {
        print::json(&json!(task));
        return Ok(());
    }
    print::line(&format!("{}@{} ({})", task.name, task.version, task.full_version));
    print::line(&task.help);
    for (what, text) in [("Folder", &task.folder), ("Full name", &task.full_name)] {
        if let Some(text) = text {
            print::line(&format!("{what}: {text}"));
        }
    }
    if let Some(why) = &task.why_not {
        print::line(&format!("Cannot run here: {why}"));
    }
    if !task.inputs.is_empty() {
        print::line("\nInputs:");
    }
    for input in &task.inputs {
        print::line(&format!("  {}", input_line(input)));
        print::line(&format!("      {}", input.help));
    }
    if !task.outputs.is_empty() {
        print::line("\nOutputs:");
    }
    for output in &task.outputs {
        print::line(&format!("  {}: {}", output.name, output.help));
    }
    Ok(())
}

fn input_line(input: &TaskInputView) -> String {
    let mut line = input.name.clone();
    if !input.aliases.is_empty() {
        line.push_str(&format!(" ({})", input.aliases.join(", ")));
    }
    if input.options.is_empty() {
        line.push_str(&format!(": {}", input.kind));
    } else {
        line.push_str(&format!(": {}", input.options.join(" | ")));
    }
    if let Some(default) = &input.default {
        line.push_str(&format!(" = {default}"));
    }
    if input.is_required {
        line.push_str(", required");
    }
    line
}

fn reference(task: &str) -> Result<(String, u32), ApiError> {
    let parts = task.trim().rsplit_once('@');
    let read = parts.and_then(|(name, version)| Some((name.to_owned(), version.parse().ok()?)));
    read.ok_or_else(|| {
        let message = format!("'{task}' is not a task with its version.");
        ApiError::new(ErrorKind::UserInput, "task_reference", message)
            .with_hint("Write it as a pipeline does, such as Docker@2.")
    })
}
