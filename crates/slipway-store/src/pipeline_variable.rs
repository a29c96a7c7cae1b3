//! Variables of a pipeline's settings, and what a run was started with. Values of secrets are not kept here.

use slipway_core::{ProjectId, RunId, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, to_json};
use crate::{Store, StoreError};

/// A variable of the pipeline's settings; its name is compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineVariableRow {
    pub project_id: ProjectId,
    pub name: String,
    /// None for a secret.
    pub value: Option<String>,
    pub is_secret: bool,
    /// Whoever starts a run may give another value.
    pub is_settable: bool,
    pub changed_at: Timestamp,
}

/// What a run was started with beside its commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunInputRow {
    /// The pipeline file, if it is not the usual one.
    pub file: Option<String>,
    pub parameters: Vec<(String, String)>,
    pub variables: Vec<(String, String)>,
    /// Secrets that were given; their values are gone with the run.
    pub secret_names: Vec<String>,
}

fn from_row(row: &SqliteRow) -> Result<PipelineVariableRow, sqlx::Error> {
    Ok(PipelineVariableRow {
        project_id: row.id("project_id")?,
        name: row.cell("name")?,
        value: row.cell("value")?,
        is_secret: row.cell("is_secret")?,
        is_settable: row.cell("is_settable")?,
        changed_at: row.cell("changed_at")?,
    })
}

fn input_from_row(row: &SqliteRow) -> Result<RunInputRow, sqlx::Error> {
    Ok(RunInputRow {
        file: row.cell("file")?,
        parameters: row.json("parameters")?,
        variables: row.json("variables")?,
        secret_names: row.json("secret_names")?,
    })
}

impl Store {
    /// Adds a variable, or replaces the one of this name. A secret's value is dropped.
    pub async fn put_pipeline_variable(
        &self,
        variable: &PipelineVariableRow,
    ) -> Result<(), StoreError> {
        let value = variable.value.as_deref().filter(|_| !variable.is_secret);
        let put = query(
            "INSERT INTO pipeline_variable
                (project_id, name, value, is_secret, is_settable, changed_at)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (project_id, name) DO UPDATE SET name = excluded.name,
                value = excluded.value, is_secret = excluded.is_secret,
                is_settable = excluded.is_settable, changed_at = excluded.changed_at",
        )
        .bind(variable.project_id.as_str())
        .bind(variable.name.as_str())
        .bind(value)
        .bind(variable.is_secret)
        .bind(variable.is_settable)
        .bind(variable.changed_at);
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("project", &variable.project_id))
    }

    /// A project's variables by name.
    pub async fn pipeline_variables(
        &self,
        project: &ProjectId,
    ) -> Result<Vec<PipelineVariableRow>, StoreError> {
        let list = query("SELECT * FROM pipeline_variable WHERE project_id = ? ORDER BY name");
        self.main.all(list.bind(project.as_str()), from_row).await
    }

    /// Forgets a variable.
    pub async fn delete_pipeline_variable(
        &self,
        project: &ProjectId,
        name: &str,
    ) -> Result<(), StoreError> {
        let delete = query("DELETE FROM pipeline_variable WHERE project_id = ? AND name = ?");
        self.main.write(delete.bind(project.as_str()).bind(name)).await.map(drop)
    }

    /// Keeps what a run was started with.
    pub async fn put_run_input(&self, run: &RunId, input: &RunInputRow) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO run_input (run_id, file, parameters, variables, secret_names)
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(run.as_str())
        .bind(input.file.as_deref())
        .bind(to_json("parameters", &input.parameters)?)
        .bind(to_json("variables", &input.variables)?)
        .bind(to_json("secret_names", &input.secret_names)?);
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("run", run))
    }

    /// What a run was started with; nothing if it was started with nothing.
    pub async fn run_input(&self, run: &RunId) -> Result<RunInputRow, StoreError> {
        let find = query("SELECT * FROM run_input WHERE run_id = ?").bind(run.as_str());
        Ok(self.main.one(find, input_from_row).await?.unwrap_or_default())
    }
}
