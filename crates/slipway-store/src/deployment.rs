//! Deployments of an image to an environment, with the proof of what runs and how it fares.

use slipway_core::{
    CommitSha, DeploymentId, DeploymentPhase, DeploymentReason, Digest, EnvironmentName,
    HealthWindow, LaunchProof, ObjectRef, ProjectId, PushedImage, RolloutStrategy, RunId,
    RunResult, RunState, Timestamp,
};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, to_json};
use crate::database::Query;
use crate::{Store, StoreError};

/// A deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct DeploymentRow {
    pub id: DeploymentId,
    pub project_id: ProjectId,
    pub environment: EnvironmentName,
    pub run_id: RunId,
    pub commit: CommitSha,
    pub digest: Digest,
    pub image: String,
    pub workload: String,
    pub state: RunState,
    pub result: Option<RunResult>,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub url: Option<String>,
    /// Why it failed, with the last log lines; while it goes on, what it waits for.
    pub issue: Option<String>,
    pub proof: Option<LaunchProof>,
    pub health: Option<HealthWindow>,
    /// This is what the environment runs now; set by [`Store::set_current_deployment`] alone.
    pub is_current: bool,
    pub reason: DeploymentReason,
    /// Whose manifests and digest were taken.
    pub from_deployment: Option<DeploymentId>,
    /// The deployment whose failure caused it.
    pub rollback_of: Option<DeploymentId>,
    /// What Slipway did about its failure.
    pub rolled_back_by: Option<DeploymentId>,
    /// What failed, as it was seen then.
    pub signal: Option<String>,
    pub phase: DeploymentPhase,
    /// Every image; `digest` is the main workload's.
    pub images: Vec<PushedImage>,
    /// What stood for the manifests' tokens; a secret as `***`.
    pub parameters: Vec<(String, String)>,
    pub applied: Vec<ObjectRef>,
    pub rollout_seconds: u32,
    pub is_pruning: bool,
    pub has_rollback: bool,
    /// None rolls the pods one after the other.
    pub strategy: Option<RolloutStrategy>,
}

/// What changes of a deployment while it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentProgress {
    pub state: RunState,
    pub result: Option<RunResult>,
    pub workload: String,
    pub finished_at: Option<Timestamp>,
    pub url: Option<String>,
    pub issue: Option<String>,
}

pub(crate) fn from_row(row: &SqliteRow) -> Result<DeploymentRow, sqlx::Error> {
    Ok(DeploymentRow {
        id: row.id("id")?,
        project_id: row.id("project_id")?,
        environment: row.id("environment")?,
        run_id: row.id("run_id")?,
        commit: row.commit("commit_sha")?,
        digest: row.digest("digest")?,
        image: row.cell("image")?,
        workload: row.cell("workload")?,
        state: row.word("state", RunState::parse)?,
        result: row.maybe_word("result", RunResult::parse)?,
        started_at: row.cell("started_at")?,
        finished_at: row.cell("finished_at")?,
        url: row.cell("url")?,
        issue: row.cell("issue")?,
        proof: row.maybe_json("proof")?,
        health: row.maybe_json("health")?,
        is_current: row.cell("is_current")?,
        reason: row.word("reason", DeploymentReason::parse)?,
        from_deployment: row.maybe_id("from_deployment")?,
        rollback_of: row.maybe_id("rollback_of")?,
        rolled_back_by: row.maybe_id("rolled_back_by")?,
        signal: row.cell("signal")?,
        phase: row.word("phase", DeploymentPhase::parse)?,
        images: row.json("images")?,
        parameters: row.json("parameters")?,
        applied: row.json("applied")?,
        rollout_seconds: row.cell("rollout_seconds")?,
        is_pruning: row.cell("is_pruning")?,
        has_rollback: row.cell("has_rollback")?,
        strategy: row.maybe_json("strategy")?,
    })
}

impl Store {
    /// Adds a deployment; it is not current yet.
    pub async fn insert_deployment(&self, deployment: &DeploymentRow) -> Result<(), StoreError> {
        let proof = deployment.proof.as_ref().map(|proof| to_json("proof", proof)).transpose()?;
        let health = deployment.health.as_ref().map(|h| to_json("health", h)).transpose()?;
        let strategy =
            deployment.strategy.as_ref().map(|it| to_json("strategy", it)).transpose()?;
        let insert = query(
            "INSERT INTO deployment (id, project_id, environment, run_id, commit_sha, digest, image,
                workload, state, result, started_at, finished_at, url, issue, proof, health, reason,
                from_deployment, rollback_of, rolled_back_by, signal, phase, images, parameters,
                applied, rollout_seconds, is_pruning, has_rollback, strategy)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(deployment.id.as_str())
        .bind(deployment.project_id.as_str())
        .bind(deployment.environment.as_str())
        .bind(deployment.run_id.as_str())
        .bind(deployment.commit.as_str())
        .bind(deployment.digest.as_str())
        .bind(deployment.image.as_str())
        .bind(deployment.workload.as_str())
        .bind(deployment.state.as_str())
        .bind(deployment.result.map(RunResult::as_str))
        .bind(deployment.started_at)
        .bind(deployment.finished_at)
        .bind(deployment.url.as_deref())
        .bind(deployment.issue.as_deref())
        .bind(proof)
        .bind(health)
        .bind(deployment.reason.as_str())
        .bind(deployment.from_deployment.as_ref().map(DeploymentId::as_str))
        .bind(deployment.rollback_of.as_ref().map(DeploymentId::as_str))
        .bind(deployment.rolled_back_by.as_ref().map(DeploymentId::as_str))
        .bind(deployment.signal.as_deref())
        .bind(deployment.phase.as_str())
        .bind(to_json("images", &deployment.images)?)
        .bind(to_json("parameters", &deployment.parameters)?)
        .bind(to_json("applied", &deployment.applied)?)
        .bind(deployment.rollout_seconds)
        .bind(deployment.is_pruning)
        .bind(deployment.has_rollback)
        .bind(strategy);
        self.main.write(insert).await.map(drop).map_err(|error| {
            error.or_exists("deployment", &deployment.id).or_missing("run", &deployment.run_id)
        })
    }

    /// Writes how far a deployment has come.
    pub async fn set_deployment_progress(
        &self,
        id: &DeploymentId,
        progress: &DeploymentProgress,
    ) -> Result<(), StoreError> {
        let update = query(
            "UPDATE deployment SET state = ?, result = ?, workload = ?, finished_at = ?, url = ?,
                issue = ?
             WHERE id = ?",
        )
        .bind(progress.state.as_str())
        .bind(progress.result.map(RunResult::as_str))
        .bind(progress.workload.as_str())
        .bind(progress.finished_at)
        .bind(progress.url.as_deref())
        .bind(progress.issue.as_deref())
        .bind(id.as_str());
        self.changed_deployment(id, update).await
    }

    /// Keeps what was compared with what.
    pub async fn set_deployment_proof(
        &self,
        id: &DeploymentId,
        proof: &LaunchProof,
    ) -> Result<(), StoreError> {
        let update = query("UPDATE deployment SET proof = ? WHERE id = ?");
        let update = update.bind(to_json("proof", proof)?).bind(id.as_str());
        self.changed_deployment(id, update).await
    }

    /// Keeps what telemetry says of it.
    pub async fn set_deployment_health(
        &self,
        id: &DeploymentId,
        health: &HealthWindow,
    ) -> Result<(), StoreError> {
        let update = query("UPDATE deployment SET health = ? WHERE id = ?");
        let update = update.bind(to_json("health", health)?).bind(id.as_str());
        self.changed_deployment(id, update).await
    }

    pub(crate) async fn changed_deployment(
        &self,
        id: &DeploymentId,
        update: Query,
    ) -> Result<(), StoreError> {
        match self.main.write(update).await? {
            0 => Err(missing(id)),
            _ => Ok(()),
        }
    }

    /// Makes it what its environment runs, and no other.
    pub async fn set_current_deployment(&self, id: &DeploymentId) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        let clear = query(
            "UPDATE deployment SET is_current = 0 WHERE is_current = 1
             AND (project_id, environment) =
                (SELECT project_id, environment FROM deployment WHERE id = ?)",
        );
        write.run(clear.bind(id.as_str())).await?;
        let set = query("UPDATE deployment SET is_current = 1 WHERE id = ?").bind(id.as_str());
        if write.run(set).await? == 0 {
            return Err(missing(id));
        }
        write.commit().await
    }

    /// A deployment.
    pub async fn deployment(&self, id: &DeploymentId) -> Result<Option<DeploymentRow>, StoreError> {
        let find = query("SELECT * FROM deployment WHERE id = ?").bind(id.as_str());
        self.main.one(find, from_row).await
    }

    /// The newest deployments of a project, or of one environment, newest first.
    pub async fn deployments(
        &self,
        project: &ProjectId,
        environment: Option<&EnvironmentName>,
        limit: u32,
    ) -> Result<Vec<DeploymentRow>, StoreError> {
        let list = query(
            "SELECT * FROM deployment WHERE project_id = ?1 AND (?2 IS NULL OR environment = ?2)
             ORDER BY started_at DESC, rowid DESC LIMIT ?3",
        );
        let environment = environment.map(EnvironmentName::as_str);
        self.main.all(list.bind(project.as_str()).bind(environment).bind(limit), from_row).await
    }

    /// What an environment runs now.
    pub async fn current_deployment(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> Result<Option<DeploymentRow>, StoreError> {
        let find = query(
            "SELECT * FROM deployment WHERE project_id = ? AND environment = ? AND is_current = 1",
        );
        self.main.one(find.bind(project.as_str()).bind(environment.as_str()), from_row).await
    }

    /// The deployments of a run, oldest first.
    pub async fn deployments_of_run(&self, run: &RunId) -> Result<Vec<DeploymentRow>, StoreError> {
        let list = query("SELECT * FROM deployment WHERE run_id = ? ORDER BY started_at, rowid");
        self.main.all(list.bind(run.as_str()), from_row).await
    }

    /// The deployments of a digest, newest first.
    pub async fn deployments_of_digest(
        &self,
        project: &ProjectId,
        digest: &Digest,
    ) -> Result<Vec<DeploymentRow>, StoreError> {
        let list = query(
            "SELECT * FROM deployment WHERE project_id = ? AND digest = ?
             ORDER BY started_at DESC, rowid DESC",
        );
        self.main.all(list.bind(project.as_str()).bind(digest.as_str()), from_row).await
    }
}

fn missing(id: &DeploymentId) -> StoreError {
    StoreError::RowNotFound { table: "deployment", id: id.to_string() }
}
