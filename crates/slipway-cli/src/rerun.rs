//! `slipway rerun [RUN] [--failed]`: a run's commit once more, to its end.
//!
//! Prints and ends as `slipway run FILE` does (`file_run`). Deliberately not here: what of a run is kept.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;
use slipway_api::app::{App, AppOptions};
use slipway_api::dto::{ProjectView, RunStarted, RunSummary};
use slipway_api::error::ApiError;
use slipway_serve::{Page, PageOptions};

use crate::library::wrong_use;
use crate::remote::Announced;
use crate::serve::{End, open_project};
use crate::{ask, file_run, print, read};

/// Runs that are looked through.
const MOST_RUNS: u32 = 500;

/// What `rerun` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct RerunArguments {
    /// The run's number or id; the newest one if left out.
    run: Option<String>,
    /// Keep the jobs that succeeded, with their outputs and artifacts.
    #[arg(long)]
    failed: bool,
    /// The project's repository; the current folder if left out.
    #[arg(long, value_name = "FOLDER")]
    project: Option<PathBuf>,
}

/// Runs it again and follows it.
pub(crate) async fn execute(
    mut options: AppOptions,
    arguments: RerunArguments,
) -> Result<ExitCode, ApiError> {
    let mut end = End::listen();
    ask::unlock(&mut options);
    let app = App::open(options).await?;
    // Other terminals answer what the run asks through it.
    let page = Page::open(&app, PageOptions::default()).await?;
    let announced = Announced::of(&app, &page);
    let ended = again(&app, &mut end, arguments).await;
    drop(announced);
    page.close().await;
    app.close().await;
    ended
}

async fn again(app: &App, end: &mut End, arguments: RerunArguments) -> Result<ExitCode, ApiError> {
    let folder = arguments.project.unwrap_or_else(|| PathBuf::from("."));
    let project: ProjectView = read(open_project(app, Some(folder)).await?)?;
    let request = json!({ "projectId": project.id, "limit": MOST_RUNS });
    let runs: Vec<RunSummary> = read(app.call("run_list", request).await?)?;
    let named = |run: &&RunSummary| match arguments.run.as_deref() {
        Some(name) => run.number == name || run.id.as_str() == name,
        None => true,
    };
    let run = runs.iter().find(named).ok_or_else(|| {
        let name = arguments.run.as_deref().unwrap_or("at all");
        let message = format!("The project {} has no run {name}.", project.name);
        wrong_use("run_missing", message, "Start one with slipway run.")
    })?;
    let events = app.events();
    let request = json!({ "runId": run.id, "failedOnly": arguments.failed });
    let started: RunStarted = read(app.call("run_rerun", request).await?)?;
    let what = if arguments.failed { "what failed of it" } else { "all of it" };
    print::line(&format!("Run {} again, {what}: run {}", run.number, started.number));
    file_run::follow(app, end, events, started).await
}
