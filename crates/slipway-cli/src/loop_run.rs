//! `slipway run`: the loop in a terminal, from the pending change to the closed work item.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::json;
use slipway_api::app::{App, AppOptions};
use slipway_api::dto::{
    DeploymentView, LoopView, ProjectView, ReportFiles, RunCheckView, RunStarted, RunView,
    ThreadView,
};
use slipway_api::error::ApiError;
use slipway_core::{HealthVerdict, ProjectId, RunId, RunState};
use slipway_serve::{Door, Page, PageOptions};
use tokio::sync::broadcast::error::RecvError;

use crate::file_run::{self, FileRunArguments};
use crate::progress::Progress;
use crate::questions::Questions;
use crate::remote::Announced;
use crate::serve::{End, open_project};
use crate::{print, read};

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    file: FileRunArguments,
    /// A repository to run; for the loop the bundled sample if left out, for a file its own.
    #[arg(long, value_name = "FOLDER")]
    project: Option<PathBuf>,
    /// Message for the pending change.
    #[arg(long, short)]
    message: Option<String>,
    /// Keep serving the page afterwards, until Ctrl+C.
    #[arg(long)]
    keep: bool,
    /// How long to wait for telemetry to judge the deployment.
    #[arg(long, default_value_t = 90, value_name = "SECONDS")]
    observe_seconds: u64,
}

/// Runs the loop once.
pub(crate) async fn execute(
    options: AppOptions,
    arguments: RunArguments,
) -> Result<ExitCode, ApiError> {
    if arguments.file.is_wanted() {
        return file_run::execute(options, arguments.project, arguments.file).await;
    }
    let mut end = End::listen();
    let app = App::open(options).await?;
    let door = Door::open(&app).await?;
    let page = Page::open(&app, PageOptions::default()).await?;
    let announced = Announced::of(&app, &page);
    let outcome = tokio::select! {
        outcome = run_loop(&app, &page, &arguments) => outcome,
        () = end.wait() => Ok(ExitCode::from(130)),
    };
    if arguments.keep && outcome.is_ok() {
        print::line(&format!("\nThe page stays at {} until Ctrl+C.", page.address()));
        end.wait().await;
    }
    drop(announced);
    page.close().await;
    door.close().await;
    app.close().await;
    outcome
}

async fn run_loop(app: &App, page: &Page, arguments: &RunArguments) -> Result<ExitCode, ApiError> {
    let project: ProjectView = read(open_project(app, arguments.project.clone()).await?)?;
    print::line(&format!("Project {} in {}", project.name, project.path));
    print::line(&format!("Web page: {}", page.address()));
    let mut progress = Progress::new(std::io::stdout().is_terminal());
    progress.show(&loop_view(app, &project.id).await?);
    let mut events = app.events();
    let request = json!({
        "projectId": project.id,
        "message": arguments.message,
        "skipUnsupported": arguments.file.skip_unsupported,
        "skip": arguments.file.skips,
    });
    let started = match app.call("loop_run", request).await {
        Ok(answer) => read::<RunStarted>(answer)?,
        Err(error) => {
            say_what_cannot_run(app, &project.id).await;
            return Err(error);
        }
    };
    let mut deadline: Option<Instant> = None;
    let mut questions = Questions::new();
    loop {
        let waited = tokio::time::timeout(Duration::from_secs(1), events.recv()).await;
        if matches!(waited, Ok(Err(RecvError::Closed))) {
            break;
        }
        progress.show(&loop_view(app, &project.id).await?);
        let run: RunView = run_view(app, &started.run_id).await?;
        if run.run.state != RunState::Completed {
            questions.look(app, started.run_id.as_str()).await?;
            continue;
        }
        if run.deployments.iter().all(is_settled) {
            break;
        }
        let until = *deadline
            .get_or_insert_with(|| Instant::now() + Duration::from_secs(arguments.observe_seconds));
        if Instant::now() > until {
            break;
        }
    }
    progress.show(&loop_view(app, &project.id).await?);
    progress.finish();
    conclude(app, &project.id, &started.run_id).await
}

/// Lists what keeps the newest commit's pipeline from starting, if that is the reason.
async fn say_what_cannot_run(app: &App, project: &ProjectId) {
    let Ok(answer) = app.call("run_check", json!({ "projectId": project })).await else { return };
    let Ok(check) = read::<RunCheckView>(answer) else { return };
    let blocking: Vec<_> = check.obstacles.iter().filter(|it| it.is_blocking).collect();
    if blocking.is_empty() {
        return;
    }
    print::line("\nThis cannot run here:");
    for obstacle in blocking {
        print::line(&format!("  {}:{}: {}", obstacle.file, obstacle.line, obstacle.message));
        for text in obstacle.hint.iter().chain([&obstacle.if_skipped]) {
            print::line(&format!("      {text}"));
        }
        if let Some(target) = &obstacle.target {
            print::line(&format!("      Leave it out: --skip {target}"));
        }
    }
    print::line("Leave all of it out: --skip-unsupported\n");
}

/// A deployment needs no more watching: it failed, or telemetry has a verdict.
fn is_settled(deployment: &DeploymentView) -> bool {
    let judged =
        deployment.health.as_ref().is_some_and(|health| health.verdict != HealthVerdict::Waiting);
    judged || deployment.result.is_some_and(|result| !result.is_success())
}

async fn conclude(app: &App, project: &ProjectId, run_id: &RunId) -> Result<ExitCode, ApiError> {
    let run = run_view(app, run_id).await?;
    if let Some(issue) = &run.run.issue {
        print::line(&format!("\nRun {} did not succeed: {issue}", run.run.number));
    }
    let mut is_good = run.run.result.is_some_and(|result| result.is_success());
    for deployment in &run.deployments {
        match &deployment.proof {
            Some(proof) => {
                print::line(&format!(
                    "\n{} {}",
                    if proof.is_proven { "Proven:" } else { "NOT PROVEN:" },
                    proof.statement
                ));
                print::line(&format!("Digest: {}", deployment.digest));
                is_good &= proof.is_proven;
            }
            None => is_good = false,
        }
        if let Some(url) = &deployment.url {
            print::line(&format!("Service: {url}"));
        }
        if let Some(health) = &deployment.health {
            print::line(&format!("Health: {}", health.reason));
            is_good &= health.verdict == HealthVerdict::Healthy;
        }
        let request = json!({ "projectId": project, "environment": deployment.environment });
        let report: ReportFiles = read(app.call("report_write", request).await?)?;
        print::line(&format!("Report: {}", report.html));
        for chart in &report.charts {
            print::line(&format!("Chart: {chart}"));
        }
    }
    print::line("\nThe thread:");
    let thread: ThreadView = read(app.call("thread_get", json!({ "key": run_id })).await?)?;
    print::thread(&thread);
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn loop_view(app: &App, project: &ProjectId) -> Result<LoopView, ApiError> {
    read(app.call("loop_get", json!({ "projectId": project })).await?)
}

async fn run_view(app: &App, run: &RunId) -> Result<RunView, ApiError> {
    read(app.call("run_get", json!({ "runId": run })).await?)
}
