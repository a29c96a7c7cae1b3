//! `slipway approvals`, `approve`, `reject`, `stages`: what runs ask people, from a terminal.
//!
//! A question waits in the process that runs the pipeline. That process holds the data folder, so this one
//! reads the folder beside it, and answers over the page that the other one serves (`slipway run`,
//! `slipway serve`). A window serves no page: there the question is answered in the window.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use slipway_api::app::App;
use slipway_api::dto::{ApprovalView, RunSummary};
use slipway_api::error::ApiError;
use slipway_core::{ApprovalKind, ApprovalState, ErrorKind};

use crate::remote::Remote;
use crate::{print, read};

/// What `approvals` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct ApprovalsArguments {
    #[command(subcommand)]
    command: ApprovalsCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ApprovalsCommand {
    /// Lists the questions that wait for somebody.
    Ls {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What `approve` and `reject` take.
#[derive(Debug, clap::Args)]
pub(crate) struct AnswerArguments {
    /// The run's number or id.
    run: String,
    /// The stage that waits, if several do.
    #[arg(long, value_name = "STAGE")]
    stage: Option<String>,
    /// Kept with the answer.
    #[arg(long, short, default_value = "")]
    comment: String,
    /// Whose answer it is; whoever is at this machine if left out.
    #[arg(long = "as", value_name = "NAME")]
    approver: Option<String>,
}

/// What `stages` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct StagesArguments {
    #[command(subcommand)]
    command: StagesCommand,
}

#[derive(Debug, clap::Subcommand)]
enum StagesCommand {
    /// Starts a stage that waits for a hand (trigger: manual).
    Start {
        /// The run's number or id.
        run: String,
        /// The stage's name.
        stage: String,
        /// Leaves the stage out instead.
        #[arg(long)]
        skip: bool,
    },
}

/// What an open question is about.
pub(crate) fn title(approval: &ApprovalView) -> String {
    match approval.kind {
        ApprovalKind::Approval => format!("Approval for environment {}", approval.subject),
        ApprovalKind::ManualValidation => format!("Manual validation: {}", approval.subject),
        ApprovalKind::Stage => format!("Stage {} waits to be started", approval.subject),
    }
}

/// How to answer from another terminal.
pub(crate) fn how_to_answer(approval: &ApprovalView) -> String {
    let (run, stage) = (&approval.run_number, &approval.stage);
    match approval.kind {
        ApprovalKind::Stage => format!("slipway stages start {run} {stage}"),
        _ => format!("slipway approve {run} --stage {stage}   (or slipway reject …)"),
    }
}

/// Lists what waits.
pub(crate) async fn approvals(
    data_dir: &Path,
    arguments: ApprovalsArguments,
) -> Result<ExitCode, ApiError> {
    let ApprovalsCommand::Ls { json: as_json } = arguments.command;
    let app = App::open_read_only(data_dir).await?;
    let answer = app.call("approval_list", json!({})).await?;
    if as_json {
        print::json(&answer);
        return Ok(ExitCode::SUCCESS);
    }
    let waiting: Vec<ApprovalView> = read(answer)?;
    if waiting.is_empty() {
        print::line("Nothing waits for an answer.");
    }
    for approval in &waiting {
        show(approval);
    }
    Ok(ExitCode::SUCCESS)
}

/// A question with all that one has to know.
pub(crate) fn show(approval: &ApprovalView) {
    print::line(&format!(
        "{}  (run {}, stage {})",
        title(approval),
        approval.run_number,
        approval.stage
    ));
    for line in approval.instructions.lines() {
        print::line(&format!("    {line}"));
    }
    if !approval.approvers.is_empty() {
        let joint = if approval.in_order { ", then " } else { ", " };
        print::line(&format!("    asked of {}", approval.approvers.join(joint)));
    }
    if approval.in_order && !approval.asked_now.is_empty() {
        print::line(&format!("    now it is the turn of {}", approval.asked_now.join(", ")));
    }
    for answer in &approval.answers {
        print::line(&format!("    yes from {} {}", answer.approver, answer.comment));
    }
    print::line(&format!("    {}", how_to_answer(approval)));
}

/// Approves or rejects.
pub(crate) async fn answer(
    data_dir: &Path,
    arguments: AnswerArguments,
    is_approved: bool,
) -> Result<ExitCode, ApiError> {
    let beside = App::open_read_only(data_dir).await?;
    let waiting: Vec<ApprovalView> = read(beside.call("approval_list", json!({})).await?)?;
    let approval = the_one(&waiting, &arguments.run, arguments.stage.as_deref())?;
    let request = json!({
        "approvalId": approval.id, "isApproved": is_approved, "comment": arguments.comment,
        "approver": arguments.approver,
    });
    let answered: ApprovalView =
        read(Remote::of(data_dir)?.call("approval_answer", request).await?)?;
    tell(&answered);
    Ok(ExitCode::SUCCESS)
}

/// Says how a question stands after an answer.
pub(crate) fn tell(approval: &ApprovalView) {
    let how = match approval.state {
        ApprovalState::Pending => "kept; others have to answer too",
        ApprovalState::Approved => "approved",
        ApprovalState::Rejected => "rejected",
        ApprovalState::Skipped => "left out",
        ApprovalState::TimedOut => "not answered in time",
        ApprovalState::Canceled => "withdrawn",
    };
    print::line(&format!("{}: {how}", title(approval)));
}

fn the_one<'a>(
    waiting: &'a [ApprovalView],
    run: &str,
    stage: Option<&str>,
) -> Result<&'a ApprovalView, ApiError> {
    let is_it = |approval: &&ApprovalView| {
        (approval.run_number == run || approval.run_id.as_str() == run)
            && stage.is_none_or(|stage| approval.stage.eq_ignore_ascii_case(stage))
    };
    let found: Vec<&ApprovalView> = waiting.iter().filter(is_it).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(ApiError::new(
            ErrorKind::Refused,
            "nothing_waits",
            format!("Nothing of run {run} waits for an answer."),
        )
        .with_hint("slipway approvals ls shows what waits.")),
        several => {
            let stages: Vec<&str> = several.iter().map(|one| one.stage.as_str()).collect();
            Err(ApiError::new(
                ErrorKind::Refused,
                "several_wait",
                format!("{} questions of run {run} wait.", several.len()),
            )
            .with_hint(format!("Name one with --stage: {}.", stages.join(", "))))
        }
    }
}

/// Starts a manual stage, or leaves it out.
pub(crate) async fn stages(
    data_dir: &Path,
    arguments: StagesArguments,
) -> Result<ExitCode, ApiError> {
    let StagesCommand::Start { run, stage, skip } = arguments.command;
    let beside = App::open_read_only(data_dir).await?;
    let run_id = run_id(&beside, &run).await?;
    let request = json!({ "runId": run_id, "stage": stage, "isSkipped": skip });
    let answered: ApprovalView = read(Remote::of(data_dir)?.call("stage_start", request).await?)?;
    tell(&answered);
    Ok(ExitCode::SUCCESS)
}

async fn run_id(app: &App, run: &str) -> Result<String, ApiError> {
    let projects = app.call("project_list", json!({})).await?;
    for project in projects.as_array().into_iter().flatten() {
        let request = json!({ "projectId": project["id"], "limit": 100 });
        let runs: Vec<RunSummary> = read(app.call("run_list", request).await?)?;
        let is_it = |one: &RunSummary| one.number == run || one.id.as_str() == run;
        if let Some(found) = runs.into_iter().find(is_it) {
            return Ok(found.id.to_string());
        }
    }
    Err(ApiError::new(ErrorKind::Refused, "not_found", format!("There is no run {run}.")))
}

/// The questions of a run that wait, as this process knows them.
pub(crate) async fn waiting_of(app: &App, run: &str) -> Result<Vec<ApprovalView>, ApiError> {
    let all: Vec<ApprovalView> = read(app.call("approval_list", json!({ "runId": run })).await?)?;
    Ok(all.into_iter().filter(|one| one.state == ApprovalState::Pending).collect())
}

/// Answers in this process.
pub(crate) async fn answer_here(
    app: &App,
    approval: &ApprovalView,
    is_approved: bool,
    comment: &str,
) -> Result<Value, ApiError> {
    // Whoever sits here speaks for the one who is asked next.
    let approver = approval.asked_now.first();
    let request = json!({
        "approvalId": approval.id, "isApproved": is_approved, "comment": comment,
        "approver": approver,
    });
    app.call("approval_answer", request).await
}
