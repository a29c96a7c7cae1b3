//! Environments of a project and their parameters. Secrets are not kept here.

use slipway_core::{EnvironmentName, ProjectId, TargetKind};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, to_json};
use crate::{Store, StoreError};

/// An environment; its name is compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentRow {
    pub project_id: ProjectId,
    pub name: EnvironmentName,
    pub target: TargetKind,
    /// Kubernetes context; empty for a local environment.
    pub context: String,
    pub namespace: String,
    /// Names and values, in the user's order.
    pub variables: Vec<(String, String)>,
}

fn from_row(row: &SqliteRow) -> Result<EnvironmentRow, sqlx::Error> {
    Ok(EnvironmentRow {
        project_id: row.id("project_id")?,
        name: row.id("name")?,
        target: row.word("target", TargetKind::parse)?,
        context: row.cell("context")?,
        namespace: row.cell("namespace")?,
        variables: row.json("variables")?,
    })
}

impl Store {
    /// Adds an environment, or replaces the one of this name.
    pub async fn put_environment(&self, environment: &EnvironmentRow) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO environment (project_id, name, target, context, namespace, variables)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (project_id, name) DO UPDATE SET target = excluded.target,
                context = excluded.context, namespace = excluded.namespace,
                variables = excluded.variables",
        )
        .bind(environment.project_id.as_str())
        .bind(environment.name.as_str())
        .bind(environment.target.as_str())
        .bind(environment.context.as_str())
        .bind(environment.namespace.as_str())
        .bind(to_json("variables", &environment.variables)?);
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("project", &environment.project_id))
    }

    /// An environment.
    pub async fn environment(
        &self,
        project: &ProjectId,
        name: &EnvironmentName,
    ) -> Result<Option<EnvironmentRow>, StoreError> {
        let find = query("SELECT * FROM environment WHERE project_id = ? AND name = ?");
        self.main.one(find.bind(project.as_str()).bind(name.as_str()), from_row).await
    }

    /// A project's environments in the order of promotion; those without a place in the order they were
    /// made, after the others.
    pub async fn environments(
        &self,
        project: &ProjectId,
    ) -> Result<Vec<EnvironmentRow>, StoreError> {
        let list = query(
            "SELECT * FROM environment WHERE project_id = ? ORDER BY position IS NULL, position, rowid",
        );
        self.main.all(list.bind(project.as_str()), from_row).await
    }

    /// Gives environments their places in the order of promotion.
    pub async fn set_environment_order(
        &self,
        project: &ProjectId,
        names: &[EnvironmentName],
    ) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        for (position, name) in (0_i64..).zip(names) {
            let set =
                query("UPDATE environment SET position = ? WHERE project_id = ? AND name = ?")
                    .bind(position)
                    .bind(project.as_str())
                    .bind(name.as_str());
            write.run(set).await?;
        }
        write.commit().await
    }

    /// Forgets an environment with its checks and its hold; its deployments stay as history.
    pub async fn remove_environment(
        &self,
        project: &ProjectId,
        name: &EnvironmentName,
    ) -> Result<bool, StoreError> {
        let mut write = self.main.begin().await?;
        for statement in [
            "DELETE FROM environment_hold WHERE project_id = ? AND environment = ?",
            "DELETE FROM environment_check WHERE project_id = ? AND environment = ?",
            "UPDATE deployment SET is_current = 0 WHERE project_id = ? AND environment = ?",
        ] {
            write.run(query(statement).bind(project.as_str()).bind(name.as_str())).await?;
        }
        let remove = query("DELETE FROM environment WHERE project_id = ? AND name = ?");
        let removed = write.run(remove.bind(project.as_str()).bind(name.as_str())).await?;
        write.commit().await?;
        Ok(removed > 0)
    }
}
