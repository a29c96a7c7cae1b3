//! Rows of the store as answers of the command table.

use std::path::Path;

use slipway_core::{CommitSha, PushedImage, RunId};
use slipway_store::{
    ArtifactRow, CommitRow, CoverageRow, CoverageTotals, DeploymentRow, ProjectRow, RecordRow,
    RunRow, TestCaseRow, TestCounts, TestOutcome as StoredOutcome, WorkItemRow,
};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

pub(crate) fn project(row: &ProjectRow, branch: Option<String>) -> ProjectView {
    ProjectView {
        id: row.id.clone(),
        name: row.name.clone(),
        path: row.path.clone(),
        is_sample: row.is_sample,
        branch,
        is_missing: !Path::new(&row.path).join(".git").exists(),
        opened_at: row.opened_at,
    }
}

pub(crate) fn badge(run: &RunRow) -> RunBadge {
    RunBadge {
        run_id: run.id.clone(),
        number: run.number.clone(),
        state: run.state,
        result: run.result,
    }
}

pub(crate) fn record(row: RecordRow) -> RecordView {
    RecordView {
        id: row.id,
        parent_id: row.parent_id,
        kind: row.kind,
        name: row.name,
        display_name: row.display_name,
        task: row.task,
        order: row.order,
        state: row.state,
        result: row.result,
        started_at: row.started_at,
        finished_at: row.finished_at,
        log_lines: row.log_lines,
        error_count: row.error_count,
        warning_count: row.warning_count,
        issue: row.issue,
        kept_from: row.kept_from,
    }
}

pub(crate) fn counts(counts: TestCounts) -> TestSummary {
    TestSummary {
        total: counts.total,
        passed: counts.passed,
        failed: counts.failed,
        skipped: counts.skipped,
        duration_ms: counts.duration_ms,
    }
}

pub(crate) fn test_case(row: TestCaseRow) -> TestCaseView {
    TestCaseView {
        test_run: row.test_run,
        suite: row.suite,
        name: row.name,
        outcome: match row.outcome {
            StoredOutcome::Passed => TestOutcome::Passed,
            StoredOutcome::Failed => TestOutcome::Failed,
            StoredOutcome::Skipped => TestOutcome::Skipped,
        },
        duration_ms: row.duration_ms,
        message: row.message,
        stack: row.stack,
        output: row.output,
    }
}

pub(crate) fn coverage(totals: CoverageTotals) -> Option<CoverageSummary> {
    (totals.files > 0).then_some(CoverageSummary {
        files: totals.files,
        lines_covered: totals.lines_covered,
        lines_total: totals.lines_total,
        branches_covered: totals.branches_covered,
        branches_total: totals.branches_total,
    })
}

pub(crate) fn file_coverage(row: CoverageRow) -> FileCoverageView {
    FileCoverageView {
        path: row.path,
        lines_covered: row.lines_covered,
        lines_total: row.lines_total,
        branches_covered: row.branches_covered,
        branches_total: row.branches_total,
    }
}

pub(crate) fn artifact(row: ArtifactRow) -> ArtifactView {
    ArtifactView {
        name: row.name,
        path: row.path,
        size_bytes: row.size_bytes,
        file_count: row.file_count,
    }
}

impl App {
    pub(crate) async fn run_summary(&self, row: &RunRow) -> Result<RunSummary, ApiError> {
        let marks = self.store.run_marks(&row.id).await?;
        Ok(RunSummary {
            id: row.id.clone(),
            project_id: row.project_id.clone(),
            number: row.number.clone(),
            build_id: row.build_id,
            state: row.state,
            result: row.result,
            reason: row.reason,
            commit: row.commit.clone(),
            commit_summary: row.commit_summary.clone(),
            branch: row.branch.clone(),
            queued_at: row.queued_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            tests: counts(self.store.test_counts(&row.id).await?),
            issue: row.issue.clone(),
            work_items: self.store.work_items_of_commit(&row.project_id, &row.commit).await?,
            choice: marks.choice,
            attempt: marks.attempt,
            earlier: marks.earlier,
            later: marks.later,
        })
    }

    pub(crate) async fn commit_view(&self, row: &CommitRow) -> Result<CommitView, ApiError> {
        let runs = self.store.runs_of_commit(&row.project_id, &row.sha).await?;
        Ok(CommitView {
            sha: row.sha.clone(),
            short_sha: row.sha.short().to_owned(),
            summary: row.summary.clone(),
            body: row.body.clone(),
            author_name: row.author_name.clone(),
            author_email: row.author_email.clone(),
            committed_at: row.committed_at,
            work_items: self.store.work_items_of_commit(&row.project_id, &row.sha).await?,
            runs: runs.iter().map(badge).collect(),
        })
    }

    pub(crate) async fn image_view(
        &self,
        project: &slipway_core::ProjectId,
        image: &PushedImage,
    ) -> Result<ImageView, ApiError> {
        let runs = self.store.runs_of_image(project, &image.digest).await?;
        let deployments = self.store.deployments_of_digest(project, &image.digest).await?;
        Ok(ImageView {
            digest: image.digest.clone(),
            registry: image.registry.clone(),
            repository: image.repository.clone(),
            tags: image.tags.clone(),
            config_digest: image.config_digest.clone(),
            media_type: image.media_type.clone(),
            size_bytes: image.size_bytes,
            pushed_at: image.pushed_at,
            commit: runs.first().map(|run| run.commit.clone()),
            runs: runs.iter().map(badge).collect(),
            running_in: deployments
                .into_iter()
                .filter(|deployment| deployment.is_current)
                .map(|deployment| deployment.environment.to_string())
                .collect(),
        })
    }

    pub(crate) async fn deployment_view(
        &self,
        row: &DeploymentRow,
    ) -> Result<DeploymentView, ApiError> {
        let run = self.store.run(&row.run_id).await?;
        Ok(DeploymentView {
            id: row.id.clone(),
            project_id: row.project_id.clone(),
            environment: row.environment.to_string(),
            run_id: row.run_id.clone(),
            run_number: run.map(|run| run.number).unwrap_or_default(),
            commit: row.commit.clone(),
            digest: row.digest.clone(),
            image: row.image.clone(),
            workload: row.workload.clone(),
            state: row.state,
            result: row.result,
            started_at: row.started_at,
            finished_at: row.finished_at,
            url: row.url.clone(),
            issue: row.issue.clone(),
            proof: row.proof.clone(),
            health: row.health.clone(),
            is_current: row.is_current,
            reason: row.reason,
            from_deployment_id: row.from_deployment.clone(),
            rollback_of: row.rollback_of.clone(),
            rolled_back_by: row.rolled_back_by.clone(),
            signal: row.signal.clone(),
            phase: row.phase,
            applied: row.applied.clone(),
            strategy: row.strategy,
        })
    }

    pub(crate) async fn deployment_views(
        &self,
        rows: &[DeploymentRow],
    ) -> Result<Vec<DeploymentView>, ApiError> {
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            views.push(self.deployment_view(row).await?);
        }
        Ok(views)
    }

    pub(crate) async fn run_row(&self, id: &RunId) -> Result<RunRow, ApiError> {
        self.store.run(id).await?.ok_or_else(|| ApiError::not_found("run", id))
    }

    pub(crate) async fn work_item_view(&self, row: &WorkItemRow) -> Result<WorkItemView, ApiError> {
        Ok(WorkItemView {
            id: row.id,
            project_id: row.project_id.clone(),
            item_type: row.item_type,
            title: row.title.clone(),
            description: row.description.clone(),
            state: row.state,
            created_at: row.created_at,
            changed_at: row.changed_at,
            state_reason: row.state_reason.clone(),
            thread_summary: self.item_thread_summary(row).await?,
            problem_id: row.problem_id.clone(),
        })
    }

    /// Newest commit, run, digest and health of an item in a few words.
    async fn item_thread_summary(&self, row: &WorkItemRow) -> Result<String, ApiError> {
        let commits = self.store.commits_of_work_item(&row.project_id, row.id).await?;
        let Some(newest) = commits.first() else {
            return Ok("No commit mentions it yet".to_owned());
        };
        let mut words = vec![format!("commit {}", newest.short())];
        if let Some(run) = self.store.runs_of_commit(&row.project_id, newest).await?.first() {
            let state =
                run.result.map_or_else(|| run.state.to_string(), |result| result.to_string());
            words.push(format!("run {} {state}", run.number));
            if let Some(deployment) = self.store.deployments_of_run(&run.id).await?.first() {
                words.push(format!("{} in {}", deployment.digest.short(), deployment.environment));
            }
        }
        Ok(words.join(" · "))
    }

    pub(crate) async fn commits_of_item(
        &self,
        row: &WorkItemRow,
    ) -> Result<Vec<CommitRow>, ApiError> {
        let shas: Vec<CommitSha> = self.store.commits_of_work_item(&row.project_id, row.id).await?;
        let mut commits = Vec::with_capacity(shas.len());
        for sha in &shas {
            commits.extend(self.commit_row(&row.project_id, sha).await?);
        }
        Ok(commits)
    }
}
