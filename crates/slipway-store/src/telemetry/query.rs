//! What charts, verdicts and the thread ask of telemetry.

use slipway_core::{DeploymentId, EnvironmentName, ProjectId, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use super::{TelemetryKind, TelemetryRange, TelemetryRow};
use crate::cell::{Cells, to_json, unreadable};
use crate::database::Query;
use crate::{Store, StoreError};

/// A request on a time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestPoint {
    pub at: Timestamp,
    pub duration_ms: f64,
    /// A request that says nothing of it counts as a success.
    pub success: bool,
    pub item_count: u32,
    pub name: String,
    pub result_code: Option<String>,
    pub deployment_id: Option<DeploymentId>,
}

/// A probe on a time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct AvailabilityPoint {
    pub at: Timestamp,
    pub duration_ms: f64,
    pub success: bool,
    pub item_count: u32,
    pub name: String,
    pub message: Option<String>,
}

/// Exceptions with one problem id; message, stack, operation and deployment are the newest one's.
#[derive(Debug, Clone, PartialEq)]
pub struct ExceptionGroupRow {
    pub problem_id: String,
    pub type_name: String,
    pub message: String,
    pub count: u32,
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    pub operation: Option<String>,
    pub environment: EnvironmentName,
    pub deployment_id: Option<DeploymentId>,
    pub stack: Vec<String>,
}

/// How many of each kind; every number is a sum of `item_count`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct TelemetryCounts {
    pub requests: u32,
    pub failed_requests: u32,
    pub dependencies: u32,
    pub exceptions: u32,
    pub traces: u32,
    pub probes: u32,
    pub failed_probes: u32,
}

/// An item as it was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredItem {
    /// Counts up in the order of arrival.
    pub id: i64,
    pub deployment_id: Option<DeploymentId>,
    pub item: TelemetryRow,
}

fn request_from_row(row: &SqliteRow) -> Result<RequestPoint, sqlx::Error> {
    Ok(RequestPoint {
        at: row.cell("at")?,
        duration_ms: row.cell("duration_ms")?,
        success: row.cell("success")?,
        item_count: row.cell("item_count")?,
        name: row.cell("name")?,
        result_code: row.cell("result_code")?,
        deployment_id: row.maybe_id("deployment_id")?,
    })
}

fn availability_from_row(row: &SqliteRow) -> Result<AvailabilityPoint, sqlx::Error> {
    Ok(AvailabilityPoint {
        at: row.cell("at")?,
        duration_ms: row.cell("duration_ms")?,
        success: row.cell("success")?,
        item_count: row.cell("item_count")?,
        name: row.cell("name")?,
        message: row.cell("message")?,
    })
}

fn group_from_row(row: &SqliteRow) -> Result<ExceptionGroupRow, sqlx::Error> {
    Ok(ExceptionGroupRow {
        problem_id: row.cell("problem_id")?,
        type_name: row.cell("type_name")?,
        message: row.cell("message")?,
        count: row.cell("count")?,
        first_seen: row.cell("first_seen")?,
        last_seen: row.cell("last_seen")?,
        operation: row.cell("operation_name")?,
        environment: row.id("environment")?,
        deployment_id: row.maybe_id("deployment_id")?,
        stack: row.maybe_json("stack")?.unwrap_or_default(),
    })
}

fn counts_from_row(row: &SqliteRow) -> Result<TelemetryCounts, sqlx::Error> {
    Ok(TelemetryCounts {
        requests: row.cell("requests")?,
        failed_requests: row.cell("failed_requests")?,
        dependencies: row.cell("dependencies")?,
        exceptions: row.cell("exceptions")?,
        traces: row.cell("traces")?,
        probes: row.cell("probes")?,
        failed_probes: row.cell("failed_probes")?,
    })
}

fn item_from_row(row: &SqliteRow) -> Result<StoredItem, sqlx::Error> {
    let kind: i64 = row.cell("kind")?;
    let item = TelemetryRow {
        kind: TelemetryKind::from_number(kind)
            .ok_or_else(|| unreadable("kind", format!("{kind} is not known")))?,
        at: row.cell("at")?,
        item_count: row.cell("item_count")?,
        operation_id: row.cell("operation_id")?,
        operation_name: row.cell("operation_name")?,
        operation_parent_id: row.cell("operation_parent_id")?,
        role_name: row.cell("role_name")?,
        role_instance: row.cell("role_instance")?,
        app_version: row.cell("app_version")?,
        name: row.cell("name")?,
        url: row.cell("url")?,
        result_code: row.cell("result_code")?,
        success: row.cell("success")?,
        duration_ms: row.cell("duration_ms")?,
        message: row.cell("message")?,
        severity: row.cell("severity")?,
        type_name: row.cell("type_name")?,
        problem_id: row.cell("problem_id")?,
        stack: row.maybe_json("stack")?.unwrap_or_default(),
        value: row.cell("value")?,
        properties: row.cell("properties")?,
    };
    Ok(StoredItem { id: row.cell("id")?, deployment_id: row.maybe_id("deployment_id")?, item })
}

/// Binds `?1` to `?5`: project, environment, from, to, deployment.
fn in_range(question: &'static str, range: &TelemetryRange) -> Query {
    query(question)
        .bind(range.project_id.as_str())
        .bind(range.environment.as_str())
        .bind(range.from)
        .bind(range.to)
        .bind(range.deployment.as_ref().map(DeploymentId::as_str))
}

impl Store {
    /// Requests in the order of time.
    pub async fn requests(&self, range: &TelemetryRange) -> Result<Vec<RequestPoint>, StoreError> {
        self.telemetry.all(in_range(REQUESTS, range), request_from_row).await
    }

    /// Requests that some instances or the range's deployment answered, and those that others did.
    pub async fn requests_by_instance(
        &self,
        range: &TelemetryRange,
        instances: &[String],
    ) -> Result<(Vec<RequestPoint>, Vec<RequestPoint>), StoreError> {
        let names = to_json("instances", &instances)?;
        let all = in_range(BY_INSTANCE, range).bind(names);
        let all = self.telemetry.all(all, |row| {
            let is_own: bool = row.cell("is_own")?;
            Ok((is_own, request_from_row(row)?))
        });
        let (own, others): (Vec<_>, Vec<_>) = all.await?.into_iter().partition(|(own, _)| *own);
        let points = |all: Vec<(bool, RequestPoint)>| all.into_iter().map(|(_, it)| it).collect();
        Ok((points(own), points(others)))
    }

    /// Probes in the order of time.
    pub async fn availability(
        &self,
        range: &TelemetryRange,
    ) -> Result<Vec<AvailabilityPoint>, StoreError> {
        self.telemetry.all(in_range(AVAILABILITY, range), availability_from_row).await
    }

    /// Exceptions by problem id, the one seen last first.
    pub async fn exception_groups(
        &self,
        range: &TelemetryRange,
    ) -> Result<Vec<ExceptionGroupRow>, StoreError> {
        self.telemetry.all(in_range(EXCEPTION_GROUPS, range), group_from_row).await
    }

    /// The exceptions of one problem id, over all time and environments of a project.
    pub async fn exception_group(
        &self,
        project: &ProjectId,
        problem_id: &str,
    ) -> Result<Option<ExceptionGroupRow>, StoreError> {
        let find = query(EXCEPTION_GROUP).bind(project.as_str()).bind(problem_id);
        self.telemetry.one(find, group_from_row).await
    }

    /// How many of each kind.
    pub async fn telemetry_counts(
        &self,
        range: &TelemetryRange,
    ) -> Result<TelemetryCounts, StoreError> {
        let counts = self.telemetry.one(in_range(COUNTS, range), counts_from_row).await?;
        Ok(counts.unwrap_or_default())
    }

    /// The newest items, of one kind or all, newest first.
    pub async fn newest_items(
        &self,
        range: &TelemetryRange,
        kind: Option<TelemetryKind>,
        limit: u32,
    ) -> Result<Vec<StoredItem>, StoreError> {
        let list = in_range(NEWEST, range).bind(kind.map(TelemetryKind::number)).bind(limit);
        self.telemetry.all(list, item_from_row).await
    }

    /// Every item of one operation, in the order of time.
    pub async fn items_of_operation(
        &self,
        project: &ProjectId,
        operation_id: &str,
    ) -> Result<Vec<StoredItem>, StoreError> {
        let list = query(
            "SELECT item.* FROM item JOIN source ON source.id = item.source_id
             WHERE source.project_id = ? AND item.operation_id = ?
             ORDER BY item.at, item.id",
        );
        self.telemetry.all(list.bind(project.as_str()).bind(operation_id), item_from_row).await
    }
}

const REQUESTS: &str = "
    SELECT at, COALESCE(duration_ms, 0.0) AS duration_ms, COALESCE(success, 1) AS success,
        item_count, name, result_code, deployment_id
    FROM item
    WHERE source_id = (SELECT id FROM source WHERE project_id = ?1 AND environment = ?2)
      AND kind = 1 AND at >= ?3 AND at < ?4 AND (?5 IS NULL OR deployment_id = ?5)
    ORDER BY at, id";

const BY_INSTANCE: &str = "
    SELECT at, COALESCE(duration_ms, 0.0) AS duration_ms, COALESCE(success, 1) AS success,
        item_count, name, result_code, deployment_id,
        COALESCE(deployment_id = ?5, 0) OR COALESCE(role_instance, '') IN
            (SELECT value FROM json_each(?6)) AS is_own
    FROM item
    WHERE source_id = (SELECT id FROM source WHERE project_id = ?1 AND environment = ?2)
      AND kind = 1 AND at >= ?3 AND at < ?4
    ORDER BY at, id";

const AVAILABILITY: &str = "
    SELECT at, COALESCE(duration_ms, 0.0) AS duration_ms, COALESCE(success, 1) AS success,
        item_count, name, message
    FROM item
    WHERE source_id = (SELECT id FROM source WHERE project_id = ?1 AND environment = ?2)
      AND kind = 7 AND at >= ?3 AND at < ?4 AND (?5 IS NULL OR deployment_id = ?5)
    ORDER BY at, id";

// The newest row of each problem, beside sums over all of its rows.
const EXCEPTION_GROUPS: &str = "
    SELECT problem_id, COALESCE(type_name, name) AS type_name, COALESCE(message, '') AS message,
        count, first_seen, last_seen, operation_name, environment, deployment_id, stack
    FROM (
        SELECT item.*, source.environment,
            SUM(item_count) OVER problem AS count,
            MIN(at) OVER problem AS first_seen,
            MAX(at) OVER problem AS last_seen,
            ROW_NUMBER() OVER (PARTITION BY problem_id ORDER BY at DESC, item.id DESC) AS place
        FROM item JOIN source ON source.id = item.source_id
        WHERE source.project_id = ?1 AND source.environment = ?2
          AND kind = 3 AND at >= ?3 AND at < ?4 AND (?5 IS NULL OR deployment_id = ?5)
          AND problem_id IS NOT NULL
        WINDOW problem AS (PARTITION BY problem_id))
    WHERE place = 1
    ORDER BY last_seen DESC, problem_id";

const EXCEPTION_GROUP: &str = "
    SELECT problem_id, COALESCE(type_name, name) AS type_name, COALESCE(message, '') AS message,
        count, first_seen, last_seen, operation_name, environment, deployment_id, stack
    FROM (
        SELECT item.*, source.environment,
            SUM(item_count) OVER () AS count,
            MIN(at) OVER () AS first_seen,
            MAX(at) OVER () AS last_seen
        FROM item JOIN source ON source.id = item.source_id
        WHERE source.project_id = ?1 AND item.problem_id = ?2 AND item.kind = 3)
    ORDER BY at DESC, id DESC LIMIT 1";

const COUNTS: &str = "
    SELECT COALESCE(SUM(CASE kind WHEN 1 THEN item_count END), 0) AS requests,
        COALESCE(SUM(CASE WHEN kind = 1 AND success = 0 THEN item_count END), 0) AS failed_requests,
        COALESCE(SUM(CASE kind WHEN 2 THEN item_count END), 0) AS dependencies,
        COALESCE(SUM(CASE kind WHEN 3 THEN item_count END), 0) AS exceptions,
        COALESCE(SUM(CASE kind WHEN 4 THEN item_count END), 0) AS traces,
        COALESCE(SUM(CASE kind WHEN 7 THEN item_count END), 0) AS probes,
        COALESCE(SUM(CASE WHEN kind = 7 AND success = 0 THEN item_count END), 0) AS failed_probes
    FROM item
    WHERE source_id = (SELECT id FROM source WHERE project_id = ?1 AND environment = ?2)
      AND kind IN (1, 2, 3, 4, 7) AND at >= ?3 AND at < ?4
      AND (?5 IS NULL OR deployment_id = ?5)";

const NEWEST: &str = "
    SELECT * FROM item
    WHERE source_id = (SELECT id FROM source WHERE project_id = ?1 AND environment = ?2)
      AND kind BETWEEN COALESCE(?6, 1) AND COALESCE(?6, 99)
      AND at >= ?3 AND at < ?4 AND (?5 IS NULL OR deployment_id = ?5)
    ORDER BY at DESC, id DESC LIMIT ?7";
