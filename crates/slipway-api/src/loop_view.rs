//! The ten steps as they stand: one small answer per step, from what the store keeps.

use slipway_core::{HealthVerdict, ProjectId, RunResult, RunState, StepOutcome, WorkItemState};
use slipway_store::{DeploymentRow, RecordRow, RunRow, TestCounts, WorkItemRow};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::change::change_list;
use crate::views;

/// What the picture is made of.
struct Facts {
    changes: ChangesView,
    run: Option<RunRow>,
    records: Vec<RecordRow>,
    tests: TestCounts,
    images: Vec<slipway_core::PushedImage>,
    deployment: Option<DeploymentRow>,
    items: Vec<WorkItemRow>,
}

impl App {
    pub(crate) async fn loop_view(&self, project_id: &ProjectId) -> Result<LoopView, ApiError> {
        let row = self.project(project_id).await?;
        let changes = change_list(self, ProjectRequest { project_id: project_id.clone() }).await?;
        let run = self.store.runs(project_id, 1).await?.into_iter().next();
        let facts = self.loop_facts(project_id, changes, run).await?;
        let is_running = facts.run.as_ref().is_some_and(|run| run.state != RunState::Completed);
        Ok(LoopView {
            project: views::project(&row, facts.changes.branch.clone()),
            run_id: facts.run.as_ref().map(|run| run.id.clone()),
            run_number: facts.run.as_ref().map(|run| run.number.clone()),
            is_running,
            next: next_action(&facts, is_running),
            steps: steps(&facts),
        })
    }

    async fn loop_facts(
        &self,
        project: &ProjectId,
        changes: ChangesView,
        run: Option<RunRow>,
    ) -> Result<Facts, ApiError> {
        let mut facts = Facts {
            changes,
            records: Vec::new(),
            tests: TestCounts::default(),
            images: Vec::new(),
            deployment: None,
            items: Vec::new(),
            run,
        };
        if let Some(run) = &facts.run {
            facts.records = self.store.records(&run.id).await?;
            facts.tests = self.store.test_counts(&run.id).await?;
            facts.images = self.store.images_of_run(&run.id).await?;
            facts.deployment = self.store.deployments_of_run(&run.id).await?.into_iter().next();
            for id in self.store.work_items_of_commit(project, &run.commit).await? {
                facts.items.extend(self.store.work_item(project, id).await?);
            }
        }
        Ok(facts)
    }
}

fn next_action(facts: &Facts, is_running: bool) -> NextAction {
    let action = |kind, label: &str, hint: &str, proposed_message| NextAction {
        kind,
        label: label.to_owned(),
        hint: hint.to_owned(),
        proposed_message,
    };
    if is_running {
        return action(
            NextActionKind::Cancel,
            "Cancel",
            "The run is going on. Click a station to look inside.",
            None,
        );
    }
    if !facts.changes.files.is_empty() {
        let count = facts.changes.files.len();
        let files =
            if count == 1 { "1 changed file".to_owned() } else { format!("{count} changed files") };
        return action(
            NextActionKind::CommitAndRun,
            "Commit and run",
            &format!("Commits {files}, then builds, pushes, deploys and watches."),
            Some(facts.changes.proposed_message.clone()),
        );
    }
    if facts.changes.head.is_none() {
        return action(
            NextActionKind::Blocked,
            "Run",
            "Commit something first: this repository has no commit.",
            None,
        );
    }
    let hint = match &facts.run {
        Some(_) => "Nothing has changed: runs the newest commit again.",
        None => "Runs the newest commit through the pipeline.",
    };
    action(NextActionKind::Run, "Run", hint, None)
}

fn steps(facts: &Facts) -> Vec<LoopStepView> {
    vec![
        change(facts),
        commit(facts),
        ci(facts),
        push(facts),
        trigger(facts),
        deploy(facts),
        launch(facts),
        observe(facts),
        review(facts),
        backlog(facts),
    ]
}

fn step(number: u8, key: LoopStepKey, title: &str) -> LoopStepView {
    LoopStepView {
        number,
        key,
        title: title.to_owned(),
        outcome: StepOutcome::Idle,
        headline: String::new(),
        detail: String::new(),
        started_at: None,
        finished_at: None,
        target: None,
    }
}

fn object(kind: ObjectKind, id: impl ToString) -> Option<ObjectRef> {
    Some(ObjectRef { kind, id: id.to_string() })
}

fn change(facts: &Facts) -> LoopStepView {
    let files = &facts.changes.files;
    let mut view = step(1, LoopStepKey::Change, "Change");
    view.target = object(ObjectKind::Change, "");
    if files.is_empty() {
        view.outcome = if facts.run.is_some() { StepOutcome::Succeeded } else { StepOutcome::Idle };
        view.headline = "No pending change".to_owned();
        view.detail = "The working tree equals the newest commit.".to_owned();
        return view;
    }
    let (added, removed) =
        files.iter().fold((0, 0), |sum, file| (sum.0 + file.additions, sum.1 + file.deletions));
    view.outcome = StepOutcome::Ready;
    view.headline = if files.len() == 1 {
        "1 file changed".to_owned()
    } else {
        format!("{} files changed", files.len())
    };
    let names: Vec<&str> = files.iter().take(3).map(|file| file.path.as_str()).collect();
    view.detail = format!("+{added} −{removed} in {}", names.join(", "));
    view
}

fn commit(facts: &Facts) -> LoopStepView {
    let mut view = step(2, LoopStepKey::Commit, "Commit");
    match (&facts.run, &facts.changes.head) {
        (Some(run), _) => {
            view.outcome = StepOutcome::Succeeded;
            view.headline = run.commit.short().to_owned();
            view.detail = run.commit_summary.clone();
            view.finished_at = Some(run.queued_at);
            view.target = object(ObjectKind::Commit, &run.commit);
        }
        (None, Some(head)) => {
            view.headline = head.short_sha.clone();
            view.detail = head.summary.clone();
            view.target = object(ObjectKind::Commit, &head.sha);
        }
        (None, None) => view.headline = "No commit yet".to_owned(),
    }
    view
}

fn outcome_of(state: RunState, result: Option<RunResult>) -> StepOutcome {
    match (state, result) {
        (RunState::Pending, _) => StepOutcome::Idle,
        (RunState::InProgress, _) => StepOutcome::Running,
        (RunState::Completed, Some(RunResult::Succeeded)) => StepOutcome::Succeeded,
        (RunState::Completed, Some(RunResult::SucceededWithIssues)) => StepOutcome::Warning,
        (RunState::Completed, Some(RunResult::Skipped)) => StepOutcome::Skipped,
        (RunState::Completed, Some(RunResult::Canceled | RunResult::Interrupted)) => {
            StepOutcome::Warning
        }
        (RunState::Completed, _) => StepOutcome::Failed,
    }
}

/// Records of jobs that build: those outside the stage of the deployment.
fn ci(facts: &Facts) -> LoopStepView {
    let mut view = step(3, LoopStepKey::Ci, "CI");
    let Some(run) = &facts.run else {
        view.headline = "azure-pipelines.yml".to_owned();
        view.detail = "Runs here, on Azure's semantics.".to_owned();
        return view;
    };
    view.target = object(ObjectKind::Run, &run.id);
    view.started_at = run.started_at;
    let first_stage = facts.records.iter().find(|record| record.parent_id.is_none());
    view.outcome = match first_stage {
        Some(stage) if run.state != RunState::Completed || stage.result.is_some() => {
            outcome_of(stage.state, stage.result)
        }
        _ => outcome_of(run.state, run.result),
    };
    if view.outcome == StepOutcome::Idle {
        view.outcome = StepOutcome::Running;
    }
    view.finished_at = first_stage.and_then(|stage| stage.finished_at);
    let going = facts
        .records
        .iter()
        .rev()
        .find(|record| record.task.is_some() && record.state == RunState::InProgress);
    view.headline = match (going, facts.tests.total) {
        (Some(record), _) if view.outcome == StepOutcome::Running => record.display_name.clone(),
        (_, 0) => format!("Run {}", run.number),
        (_, total) => format!("{} of {total} tests passed", facts.tests.passed),
    };
    view.detail = match &run.issue {
        Some(issue) => issue.clone(),
        None => format!("Run {} of {}", run.number, run.branch),
    };
    view
}

fn push(facts: &Facts) -> LoopStepView {
    let mut view = step(4, LoopStepKey::Push, "Push");
    let Some(image) = facts.images.first() else {
        let (outcome, detail) =
            absent(facts, "The image goes to the local registry; its digest is read back.");
        view.outcome = outcome;
        view.detail = detail;
        return view;
    };
    view.outcome = StepOutcome::Succeeded;
    view.headline = image.digest.short().to_owned();
    view.detail = format!("{}/{} at {}", image.registry, image.repository, image.digest);
    view.finished_at = Some(image.pushed_at);
    view.target = object(ObjectKind::Image, &image.digest);
    view
}

/// What a step that has nothing to show says: still to come, or left out because the run is over.
fn absent(facts: &Facts, promise: &str) -> (StepOutcome, String) {
    match &facts.run {
        Some(run) if run.state == RunState::Completed => {
            (StepOutcome::Skipped, "The run ended before it came to this.".to_owned())
        }
        _ => (StepOutcome::Idle, promise.to_owned()),
    }
}

fn trigger(facts: &Facts) -> LoopStepView {
    let mut view = step(5, LoopStepKey::Trigger, "CD trigger");
    if let Some(deployment) = &facts.deployment {
        view.outcome = StepOutcome::Succeeded;
        view.headline = deployment.environment.to_string();
        view.detail = format!("Environment {} with its own parameters", deployment.environment);
        view.finished_at = Some(deployment.started_at);
        view.target = object(ObjectKind::Environment, &deployment.environment);
        return view;
    }
    let stage = facts.records.iter().filter(|record| record.parent_id.is_none()).nth(1);
    match stage.filter(|stage| stage.state != RunState::Pending) {
        Some(stage) => {
            view.outcome = outcome_of(stage.state, stage.result);
            view.headline = stage.display_name.clone();
            view.detail = stage.issue.clone().unwrap_or_default();
            view.target = facts.run.as_ref().and_then(|run| object(ObjectKind::Run, &run.id));
        }
        None => {
            let (outcome, detail) =
                absent(facts, "A deployment job takes its environment's parameters.");
            view.outcome = outcome;
            view.detail = detail;
        }
    }
    view
}

fn deploy(facts: &Facts) -> LoopStepView {
    let mut view = step(6, LoopStepKey::Deploy, "Deploy");
    let Some(deployment) = &facts.deployment else {
        let (outcome, detail) =
            absent(facts, "The manifests are applied; the image always by digest.");
        view.outcome = outcome;
        view.detail = detail;
        return view;
    };
    view.outcome = outcome_of(deployment.state, deployment.result);
    view.started_at = Some(deployment.started_at);
    view.finished_at = deployment.finished_at;
    view.headline = match view.outcome {
        StepOutcome::Running => "Rolling out".to_owned(),
        StepOutcome::Succeeded => deployment.workload.clone(),
        _ => "Rollout failed".to_owned(),
    };
    view.detail = deployment
        .issue
        .clone()
        .or_else(|| deployment.url.as_ref().map(|url| format!("Answers at {url}")))
        .unwrap_or_else(|| deployment.image.clone());
    view.target = object(ObjectKind::Deployment, &deployment.id);
    view
}

fn launch(facts: &Facts) -> LoopStepView {
    let mut view = step(7, LoopStepKey::Launch, "Launch");
    match facts.deployment.as_ref().and_then(|deployment| deployment.proof.as_ref()) {
        Some(proof) => {
            view.outcome =
                if proof.is_proven { StepOutcome::Succeeded } else { StepOutcome::Failed };
            view.headline = if proof.is_proven { "Digest proven" } else { "Not proven" }.to_owned();
            view.detail = proof.statement.clone();
            view.finished_at = Some(proof.checked_at);
            view.target = object(ObjectKind::Pod, &proof.pod);
        }
        None => {
            let (outcome, detail) =
                absent(facts, "The running container's image is compared with the pushed one.");
            view.outcome = outcome;
            view.detail = detail;
        }
    }
    view
}

fn observe(facts: &Facts) -> LoopStepView {
    let mut view = step(8, LoopStepKey::Observe, "Observe");
    let health = facts.deployment.as_ref().and_then(|deployment| deployment.health.as_ref());
    view.target = object(ObjectKind::Telemetry, "");
    match health {
        Some(health) if health.requests + health.probes > 0 => {
            let is_waiting = health.requests == 0 && health.verdict == HealthVerdict::Waiting;
            view.outcome = if is_waiting { StepOutcome::Running } else { StepOutcome::Succeeded };
            view.headline = match health.requests {
                0 => format!("{} probes", health.probes),
                requests => format!("{requests} requests"),
            };
            view.detail = format!(
                "{} requests, {} exceptions and {} probes since it was deployed",
                health.requests, health.exceptions, health.probes
            );
        }
        _ if is_deployed(facts) => {
            view.outcome = StepOutcome::Running;
            view.headline = "Waiting for telemetry".to_owned();
            view.detail =
                "The container reports to this machine; a probe runs every few seconds.".to_owned();
        }
        _ => {
            let (outcome, detail) = absent(facts, "Application Insights telemetry arrives here.");
            view.outcome = outcome;
            view.detail = detail;
        }
    }
    view
}

fn is_deployed(facts: &Facts) -> bool {
    facts
        .deployment
        .as_ref()
        .and_then(|deployment| deployment.result)
        .is_some_and(|result| result.is_success())
}

fn review(facts: &Facts) -> LoopStepView {
    let mut view = step(9, LoopStepKey::Review, "Review");
    view.target = object(ObjectKind::Telemetry, "");
    match facts.deployment.as_ref().and_then(|deployment| deployment.health.as_ref()) {
        Some(health) => {
            (view.outcome, view.headline) = match health.verdict {
                HealthVerdict::Waiting => (StepOutcome::Running, "Judging".to_owned()),
                HealthVerdict::Healthy => (StepOutcome::Succeeded, "Healthy".to_owned()),
                HealthVerdict::Unhealthy => (StepOutcome::Failed, "Unhealthy".to_owned()),
            };
            view.detail = health.reason.clone();
        }
        None => {
            let (outcome, detail) =
                absent(facts, "Charts and a verdict, with the deployment marked on them.");
            view.outcome = if is_deployed(facts) { StepOutcome::Running } else { outcome };
            view.detail = detail;
        }
    }
    view
}

fn backlog(facts: &Facts) -> LoopStepView {
    let mut view = step(10, LoopStepKey::Backlog, "Backlog");
    let Some(item) = facts.items.first() else {
        view.headline = String::new();
        view.detail = match &facts.run {
            Some(_) => "The commit mentions no work item. Write AB#1 into its message.".to_owned(),
            None => "Write AB#1 into the commit message to link the work item.".to_owned(),
        };
        let is_over = facts.run.as_ref().is_some_and(|run| run.state == RunState::Completed);
        view.outcome = if is_over { StepOutcome::Skipped } else { StepOutcome::Idle };
        view.target = None;
        return view;
    };
    (view.outcome, view.headline) = match item.state {
        WorkItemState::ToDo => (StepOutcome::Idle, format!("AB#{} To Do", item.id)),
        WorkItemState::Doing => (StepOutcome::Running, format!("AB#{} Doing", item.id)),
        WorkItemState::Done => (StepOutcome::Succeeded, format!("AB#{} Done", item.id)),
    };
    let is_over = facts.run.as_ref().is_some_and(|run| {
        run.state == RunState::Completed && !run.result.is_some_and(|result| result.is_success())
    });
    if is_over && item.state == WorkItemState::Doing {
        view.outcome = StepOutcome::Warning;
    }
    view.detail = format!("{} ({})", item.title, item.state_reason);
    view.target = object(ObjectKind::WorkItem, item.id);
    view
}
