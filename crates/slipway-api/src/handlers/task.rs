//! The tasks there are, and folders of tasks.

use std::path::Path;

use slipway_core::ErrorKind;
use slipway_pipeline::catalog::{InputKind, InputSpec, ShownWhen, TaskCatalog as _, TaskSpec};
use slipway_runner::{FolderTask, catalog, is_native, read_task_folder};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::tasks::{ReadFolder, apart, catalog_of};

/// The folders that were added.
pub async fn task_folder_list(app: &App, _: Nothing) -> Result<Vec<TaskFolderView>, ApiError> {
    Ok(app.task_folders().await?.into_iter().map(folder_view).collect())
}

fn folder_view((path, folder): ReadFolder) -> TaskFolderView {
    match folder {
        Ok(folder) => TaskFolderView {
            path,
            tasks: folder.tasks.iter().map(|task| task.spec().reference()).collect(),
            problems: folder.problems.iter().map(ToString::to_string).collect(),
        },
        Err(error) => TaskFolderView { path, tasks: Vec::new(), problems: vec![error.to_string()] },
    }
}

/// Adds a folder that has at least one task in it.
pub async fn task_folder_add(
    app: &App,
    request: TaskFolderAdd,
) -> Result<TaskFolderView, ApiError> {
    let written = request.path.trim().to_owned();
    if !Path::new(&written).is_absolute() {
        return Err(ApiError::new(
            ErrorKind::UserInput,
            "path_relative",
            format!("The path '{written}' is not absolute."),
        )
        .with_hint("Write the whole path of the folder."));
    }
    let read = move || {
        let path = Path::new(&written);
        // The same folder under another name is the same folder.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        read_task_folder(&path)
    };
    let folder = apart(read).await??;
    let path = folder.path.display().to_string();
    app.store.put_task_folder(&path, app.now_ms()).await?;
    Ok(folder_view((path, Ok(folder))))
}

/// Forgets a folder; one that is not there is forgotten already.
pub async fn task_folder_remove(app: &App, request: TaskFolderRemove) -> Result<Done, ApiError> {
    app.store.delete_task_folder(request.path.trim()).await?;
    Ok(Done {})
}

/// Lets a folder's task stand in for the runner's own, or no longer.
pub async fn task_replace(app: &App, request: TaskReplace) -> Result<Done, ApiError> {
    let (name, version) = (request.name.trim(), request.version);
    if request.replaces {
        let folders = app.task_folders().await?;
        let mut tasks = folders.iter().filter_map(|(_, folder)| folder.as_ref().ok());
        let is_it = |task: &FolderTask| {
            task.spec().version == version && task.spec().name.eq_ignore_ascii_case(name)
        };
        if !tasks.any(|folder| folder.tasks.iter().any(is_it)) {
            return Err(ApiError::not_found("task of a folder", format!("{name}@{version}"))
                .with_hint("Add the task's folder first."));
        }
    }
    app.store.set_task_replacement(name, version, request.replaces).await?;
    Ok(Done {})
}

/// Every task that a pipeline may name here, and those that stand back behind another.
pub async fn task_list(app: &App, _: Nothing) -> Result<Vec<TaskView>, ApiError> {
    let folders = app.task_folders().await?;
    let replaced = app.store.task_replacements().await?;
    let tasks: Vec<FolderTask> = folders
        .into_iter()
        .filter_map(|(_, folder)| folder.ok())
        .flat_map(|folder| folder.tasks)
        .collect();
    let all = catalog_of(tasks.clone(), &replaced);
    let mut views: Vec<TaskView> = catalog()
        .tasks()
        .into_iter()
        .map(|spec| TaskView {
            has_own: true,
            is_used: all.is_own(spec.name, spec.version),
            ..task_view(spec)
        })
        .collect();
    for task in &tasks {
        let spec = task.spec();
        let used = all.task(task.id(), spec.version).or_else(|| all.task(spec.name, spec.version));
        views.push(TaskView {
            full_version: task.version(),
            friendly_name: task.friendly_name().to_owned(),
            folder: Some(task.folder().display().to_string()),
            full_name: task.full_name().map(str::to_owned),
            handlers: task.handlers().into_iter().map(str::to_owned).collect(),
            has_own: is_native(spec.name, spec.version),
            is_used: !all.is_own(spec.name, spec.version)
                && used.is_some_and(|used| std::ptr::eq(used, spec)),
            why_not: task.why_not(),
            ..task_view(spec)
        });
    }
    let key = |view: &TaskView| (view.name.to_lowercase(), view.version, view.folder.clone());
    views.sort_by_key(key);
    Ok(views)
}

fn task_view(spec: &TaskSpec) -> TaskView {
    let output = |output: &slipway_pipeline::catalog::OutputSpec| TaskOutputView {
        name: output.name.to_owned(),
        help: output.help.to_owned(),
    };
    TaskView {
        name: spec.name.to_owned(),
        version: spec.version,
        full_version: spec.version.to_string(),
        friendly_name: spec.name.to_owned(),
        help: spec.help.to_owned(),
        folder: None,
        full_name: None,
        handlers: Vec::new(),
        has_own: false,
        is_used: true,
        why_not: None,
        inputs: spec.inputs.iter().filter(|input| !input.is_internal).map(input_view).collect(),
        outputs: spec.outputs.iter().map(output).collect(),
    }
}

fn input_view(input: &InputSpec) -> TaskInputView {
    let kind = match input.kind {
        InputKind::Text => "text",
        InputKind::Lines => "lines",
        InputKind::Boolean => "boolean",
        InputKind::Path => "path",
        InputKind::Number => "number",
        InputKind::Pick(_) => "pick",
        InputKind::Connection => "connection",
        InputKind::SecureFile => "secureFile",
    };
    let options = match input.kind {
        InputKind::Pick(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        _ => Vec::new(),
    };
    TaskInputView {
        name: input.name.to_owned(),
        aliases: input.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        kind: kind.to_owned(),
        options,
        is_required: input.is_required || input.is_required_when_shown,
        default: input.default.map(str::to_owned),
        group: input.group.to_owned(),
        help: input.help.to_owned(),
        is_open: input.is_open,
        shown_when: input.shown_when.iter().map(shown_view).collect(),
    }
}

fn shown_view(rule: &ShownWhen) -> ShownWhenView {
    ShownWhenView {
        input: rule.input.to_owned(),
        is: rule.is.iter().map(|word| (*word).to_owned()).collect(),
        is_not: rule.is_not,
    }
}
