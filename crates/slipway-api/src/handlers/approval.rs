//! Checks of environments; questions of runs and their answers.

use slipway_core::{
    ApprovalKind, ApprovalState, Check, EnvironmentName, ErrorKind, LONGEST_WAIT_MINUTES, asked_now,
};
use slipway_runner::check_hours;
use slipway_store::{ApprovalRow, EnvironmentCheckRow, EnvironmentTargetRow};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

/// Questions, oldest first.
pub async fn approval_list(
    app: &App,
    request: ApprovalList,
) -> Result<Vec<ApprovalView>, ApiError> {
    let rows = match &request.run_id {
        Some(run) => app.store.approvals_of_run(run).await?,
        None => app.store.pending_approvals().await?,
    };
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let view = view(app, row).await?;
        if request.project_id.as_ref().is_none_or(|project| *project == view.project_id) {
            views.push(view);
        }
    }
    Ok(views)
}

async fn view(app: &App, row: ApprovalRow) -> Result<ApprovalView, ApiError> {
    let run = app.run_row(&row.run_id).await?;
    let asked_now = match row.state {
        ApprovalState::Pending => asked_now(&row.able_approvers(), row.in_order, &row.answers),
        _ => Vec::new(),
    };
    Ok(ApprovalView {
        in_order: row.in_order,
        asked_now,
        id: row.id,
        project_id: run.project_id,
        run_id: run.id,
        run_number: run.number,
        record_id: row.record_id,
        kind: row.kind,
        stage: row.stage,
        subject: row.subject,
        instructions: row.instructions,
        approvers: row.approvers,
        minimum_approvers: row.minimum_approvers,
        requester_may_approve: row.requester_may_approve,
        is_skippable: row.is_skippable,
        requested_by: row.requested_by,
        requested_at: row.requested_at,
        expires_at: row.expires_at,
        state: row.state,
        decided_at: row.decided_at,
        answers: row.answers,
    })
}

/// Approves or rejects.
pub async fn approval_answer(
    app: &App,
    request: ApprovalAnswerGive,
) -> Result<ApprovalView, ApiError> {
    let ApprovalAnswerGive { approval_id, is_approved, comment, approver } = request;
    let row = app.answer(&approval_id, is_approved, comment, approver).await?;
    view(app, row).await
}

/// Starts a stage that waits for a hand, or leaves it out.
pub async fn stage_start(app: &App, request: StageStart) -> Result<ApprovalView, ApiError> {
    let run = app.run_row(&request.run_id).await?;
    let asked = app.store.approvals_of_run(&run.id).await?;
    let is_it = |row: &&ApprovalRow| {
        row.kind == ApprovalKind::Stage
            && row.state == ApprovalState::Pending
            && row.stage.eq_ignore_ascii_case(&request.stage)
    };
    let Some(row) = asked.iter().find(is_it) else {
        let message =
            format!("Stage {} of run {} does not wait to be started.", request.stage, run.number);
        return Err(ApiError::refused("stage_not_waiting", message)
            .with_hint("A stage waits once all that it depends on has ended."));
    };
    let row = app.answer(&row.id, !request.is_skipped, String::new(), None).await?;
    view(app, row).await
}

/// What an environment asks of stages.
pub async fn check_list(app: &App, request: CheckList) -> Result<EnvironmentChecks, ApiError> {
    let name = EnvironmentName::new(request.environment.trim());
    let row = app.store.environment_checks(&request.project_id, &name).await?;
    Ok(match row {
        Some(row) => checks_view(row),
        None => EnvironmentChecks {
            environment: name.to_string(),
            checks: Vec::new(),
            targets: Vec::new(),
        },
    })
}

fn checks_view(row: EnvironmentCheckRow) -> EnvironmentChecks {
    let target =
        |row: EnvironmentTargetRow| EnvironmentTargetView { name: row.name, tags: row.tags };
    EnvironmentChecks {
        environment: row.environment.to_string(),
        checks: row.checks,
        targets: row.targets.into_iter().map(target).collect(),
    }
}

/// Replaces what an environment asks of stages. Runs that wait already keep what they were told.
pub async fn check_save(app: &App, request: CheckSave) -> Result<EnvironmentChecks, ApiError> {
    app.project(&request.project_id).await?;
    let name = request.environment.trim().to_owned();
    if name.is_empty() {
        return Err(wrong(
            "environment_missing",
            "Checks belong to an environment, and none is named.",
        ));
    }
    for check in &request.checks {
        check_check(check)?;
    }
    let mut targets: Vec<EnvironmentTargetRow> = Vec::new();
    for target in request.targets {
        let name = target.name.trim().to_owned();
        if name.is_empty() || name.contains(['.', '/', ' ']) {
            let message = format!("'{name}' is no name of a target: no dots, slashes or blanks.");
            return Err(wrong("target_invalid", message));
        }
        if targets.iter().any(|known| known.name.eq_ignore_ascii_case(&name)) {
            return Err(wrong("target_twice", format!("The target {name} is there twice.")));
        }
        targets.push(EnvironmentTargetRow { name, tags: target.tags });
    }
    let row = EnvironmentCheckRow {
        project_id: request.project_id,
        environment: EnvironmentName::new(name),
        checks: request.checks,
        targets,
    };
    app.store.put_environment_checks(&row).await?;
    Ok(checks_view(row))
}

fn wrong(code: &'static str, message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorKind::UserInput, code, message.into())
}

fn check_check(check: &Check) -> Result<(), ApiError> {
    check_hours(check).map_err(|error| wrong("hours_invalid", error.to_string()))?;
    let minutes = match check {
        Check::Approval { timeout_minutes, minimum_approvers, approvers, in_order, .. } => {
            let is_all = *minimum_approvers == 0 || *minimum_approvers as usize == approvers.len();
            if *in_order && (approvers.len() < 2 || !is_all) {
                let message = "Approvers who are asked in order are two at least, and all of them \
                               must agree.";
                return Err(wrong("order_needs_all", message)
                    .with_hint("Say 0 for the minimum, or ask them in any order."));
            }
            if *minimum_approvers as usize > approvers.len().max(1) {
                let message = format!(
                    "{minimum_approvers} approvers are asked for, but only {} are named.",
                    approvers.len()
                );
                return Err(wrong("too_few_approvers", message));
            }
            *timeout_minutes
        }
        Check::ExclusiveLock { timeout_minutes } | Check::BusinessHours { timeout_minutes, .. } => {
            *timeout_minutes
        }
        Check::BranchControl { branches } => {
            if branches.iter().all(|branch| branch.trim().is_empty()) {
                let message = "Branch control names no branch: no run could use the environment.";
                return Err(wrong("branches_missing", message));
            }
            return Ok(());
        }
    };
    if minutes == 0 || minutes > LONGEST_WAIT_MINUTES {
        let message = format!(
            "The timeout of {} is {minutes} minutes; it takes 1 to {LONGEST_WAIT_MINUTES} (30 days).",
            check.title()
        );
        return Err(wrong("timeout_invalid", message));
    }
    Ok(())
}
