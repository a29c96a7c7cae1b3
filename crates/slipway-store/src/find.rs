//! Finds what a key may mean: the thread's way in.
//!
//! A key is tried as every kind of object; whoever asks decides among several answers. Beginnings
//! of hexadecimal ids need four digits, so that a work item's number does not find every commit.

use slipway_core::{CommitSha, DeploymentId, Digest, ProjectId, RunId, WorkItemId};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::database::{FromRow, Query};
use crate::{Store, StoreError};

/// Most answers of one kind.
const MOST: u32 = 20;
/// Fewest digits of a beginning.
const FEWEST_DIGITS: usize = 4;

/// An object of the thread.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Found {
    Commit {
        project_id: ProjectId,
        sha: CommitSha,
    },
    Run {
        project_id: ProjectId,
        id: RunId,
    },
    Image {
        project_id: ProjectId,
        digest: Digest,
    },
    Deployment {
        project_id: ProjectId,
        id: DeploymentId,
    },
    /// A pod or container, by the deployment that was proven with it.
    Pod {
        project_id: ProjectId,
        deployment_id: DeploymentId,
        name: String,
    },
    WorkItem {
        project_id: ProjectId,
        id: WorkItemId,
    },
    Exception {
        project_id: ProjectId,
        problem_id: String,
    },
}

fn commit_from_row(row: &SqliteRow) -> Result<Found, sqlx::Error> {
    Ok(Found::Commit { project_id: row.id("project_id")?, sha: row.commit("sha")? })
}

fn run_from_row(row: &SqliteRow) -> Result<Found, sqlx::Error> {
    Ok(Found::Run { project_id: row.id("project_id")?, id: row.id("id")? })
}

fn image_from_row(row: &SqliteRow) -> Result<Found, sqlx::Error> {
    Ok(Found::Image { project_id: row.id("project_id")?, digest: row.digest("digest")? })
}

fn deployment_from_row(row: &SqliteRow) -> Result<Found, sqlx::Error> {
    Ok(Found::Deployment { project_id: row.id("project_id")?, id: row.id("id")? })
}

fn pod_from_row(row: &SqliteRow) -> Result<Found, sqlx::Error> {
    Ok(Found::Pod {
        project_id: row.id("project_id")?,
        deployment_id: row.id("id")?,
        name: row.cell("pod")?,
    })
}

fn work_item_from_row(row: &SqliteRow) -> Result<Found, sqlx::Error> {
    Ok(Found::WorkItem { project_id: row.id("project_id")?, id: WorkItemId(row.cell("id")?) })
}

fn exception_from_row(row: &SqliteRow) -> Result<Found, sqlx::Error> {
    Ok(Found::Exception { project_id: row.id("project_id")?, problem_id: row.cell("problem_id")? })
}

impl Store {
    /// Everything that a key may name, in a project or in any: the loop's order, newest first.
    ///
    /// A key is a commit's or digest's beginning (with or without `sha256:`), a run's id, number or
    /// build id, a deployment's beginning, a pod's name, a problem id, or a work item as `1`, `#1`
    /// or `AB#1`.
    pub async fn find(
        &self,
        project: Option<&ProjectId>,
        key: &str,
    ) -> Result<Vec<Found>, StoreError> {
        let key = key.trim();
        if key.is_empty() {
            return Ok(Vec::new());
        }
        let project = project.map(|id| id.as_str().to_owned());
        let mut found = Vec::new();
        for (question, argument, from_row) in questions(key) {
            let asked: Query = query(question).bind(project.clone()).bind(argument).bind(MOST);
            found.extend(self.main.all(asked, from_row).await?);
        }
        let problems = query(
            "SELECT DISTINCT source.project_id, item.problem_id FROM item
             JOIN source ON source.id = item.source_id
             WHERE (?1 IS NULL OR source.project_id = ?1) AND item.problem_id = ?2 LIMIT ?3",
        );
        let problems = problems.bind(project).bind(key).bind(MOST);
        for problem in self.telemetry.all(problems, exception_from_row).await? {
            if !found.contains(&problem) {
                found.push(problem);
            }
        }
        Ok(found)
    }
}

type Question = (&'static str, String, FromRow<Found>);

/// What to ask for a key; `?1` is the project or null, `?2` the argument, `?3` the limit.
fn questions(key: &str) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    let mut ask = |text, argument: String, from_row| questions.push((text, argument, from_row));
    let word = key.to_ascii_lowercase();
    let number = word.strip_prefix("ab#").or(word.strip_prefix('#')).unwrap_or(&word);
    let number = number.parse::<u32>().ok().map(|number| number.to_string());
    let is_bare_number = number.as_deref() == Some(word.as_str());

    if is_beginning(&word) {
        ask(COMMITS, beginning(&word), commit_from_row);
    }
    ask(RUNS, key.to_owned(), run_from_row);
    if let (Some(number), true) = (&number, is_bare_number) {
        ask(RUNS_BY_BUILD_ID, number.clone(), run_from_row);
    }
    let digits = word.strip_prefix("sha256:").unwrap_or(&word);
    if is_beginning(digits) {
        ask(IMAGES, beginning(&format!("sha256:{digits}")), image_from_row);
    }
    if word.len() >= FEWEST_DIGITS && !word.contains(['*', '?', '[']) {
        ask(DEPLOYMENTS, beginning(key), deployment_from_row);
    }
    ask(PODS, key.to_owned(), pod_from_row);
    ask(PROBLEMS, key.to_owned(), exception_from_row);
    if let Some(number) = number {
        ask(WORK_ITEMS, number, work_item_from_row);
    }
    questions
}

fn is_beginning(word: &str) -> bool {
    word.len() >= FEWEST_DIGITS && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A GLOB pattern: unlike LIKE it minds the case, and so can use an index.
fn beginning(text: &str) -> String {
    format!("{text}*")
}

const COMMITS: &str = "
    SELECT project_id, sha FROM (
        SELECT project_id, sha, committed_at AS at FROM commit_fact
        WHERE (?1 IS NULL OR project_id = ?1) AND sha GLOB ?2
        UNION ALL
        SELECT project_id, commit_sha, queued_at FROM run
        WHERE (?1 IS NULL OR project_id = ?1) AND commit_sha GLOB ?2)
    GROUP BY project_id, sha ORDER BY MAX(at) DESC LIMIT ?3";

const RUNS: &str = "
    SELECT project_id, id FROM run
    WHERE (?1 IS NULL OR project_id = ?1) AND (id = ?2 OR number = ?2)
    ORDER BY queued_at DESC, build_id DESC LIMIT ?3";

const RUNS_BY_BUILD_ID: &str = "
    SELECT project_id, id FROM run
    WHERE (?1 IS NULL OR project_id = ?1) AND build_id = CAST(?2 AS INTEGER) AND number <> ?2
    ORDER BY queued_at DESC LIMIT ?3";

const IMAGES: &str = "
    SELECT run.project_id, image.digest FROM pushed_image AS image
    JOIN run_image ON run_image.image_id = image.id
    JOIN run ON run.id = run_image.run_id
    WHERE (?1 IS NULL OR run.project_id = ?1)
      AND (image.digest GLOB ?2 OR image.config_digest GLOB ?2)
    GROUP BY run.project_id, image.digest ORDER BY MAX(image.pushed_at) DESC LIMIT ?3";

const DEPLOYMENTS: &str = "
    SELECT project_id, id FROM deployment
    WHERE (?1 IS NULL OR project_id = ?1) AND id GLOB ?2
    ORDER BY started_at DESC, rowid DESC LIMIT ?3";

const PODS: &str = "
    SELECT project_id, id, json_extract(proof, '$.pod') AS pod FROM deployment
    WHERE (?1 IS NULL OR project_id = ?1) AND json_extract(proof, '$.pod') = ?2
    ORDER BY started_at DESC, rowid DESC LIMIT ?3";

const PROBLEMS: &str = "
    SELECT project_id, problem_id FROM work_item
    WHERE (?1 IS NULL OR project_id = ?1) AND problem_id = ?2 LIMIT ?3";

const WORK_ITEMS: &str = "
    SELECT project_id, id FROM work_item
    WHERE (?1 IS NULL OR project_id = ?1) AND id = CAST(?2 AS INTEGER)
    ORDER BY created_at DESC LIMIT ?3";
