//! Folders, ids and rows that the tests share.

use slipway_core::{
    CommitSha, DeploymentId, DeploymentPhase, DeploymentReason, Digest, EnvironmentName, ProjectId,
    PushedImage, RecordId, RecordKind, RunId, RunReason, RunState,
};
use slipway_store::{DeploymentRow, ProjectRow, RecordRow, RunRow, Store, StoreOptions};
use tempfile::TempDir;

/// A store in a folder that goes with it.
pub(crate) struct Home {
    pub(crate) dir: TempDir,
    pub(crate) store: Store,
}

pub(crate) async fn home() -> Home {
    let dir = TempDir::new().unwrap();
    let store = Store::open(dir.path(), StoreOptions::default()).await.unwrap();
    Home { dir, store }
}

/// A store with a project `p` and its first run `r1`.
pub(crate) async fn home_with_run() -> Home {
    let home = home().await;
    home.store.put_project(&project("p")).await.unwrap();
    home.store.insert_run(&run("r1", 1)).await.unwrap();
    home
}

pub(crate) fn p() -> ProjectId {
    ProjectId::new("p")
}

pub(crate) fn dev() -> EnvironmentName {
    EnvironmentName::new("dev")
}

pub(crate) fn sha(digit: char) -> CommitSha {
    CommitSha::parse(&digit.to_string().repeat(40)).unwrap()
}

pub(crate) fn digest(digit: char) -> Digest {
    Digest::parse(&format!("sha256:{}", digit.to_string().repeat(64))).unwrap()
}

pub(crate) fn project(id: &str) -> ProjectRow {
    ProjectRow {
        id: ProjectId::new(id),
        name: format!("Project {id}"),
        path: format!("/repos/{id}"),
        is_sample: false,
        opened_at: 10,
    }
}

pub(crate) fn run(id: &str, build_id: u32) -> RunRow {
    RunRow {
        id: RunId::new(id),
        project_id: p(),
        build_id,
        number: format!("20261122.{build_id}"),
        state: RunState::InProgress,
        result: None,
        reason: RunReason::IndividualCi,
        commit: sha('a'),
        commit_summary: "greet politely".to_owned(),
        branch: "main".to_owned(),
        queued_at: 1_000 + i64::from(build_id),
        started_at: Some(2_000),
        finished_at: None,
        issue: None,
    }
}

pub(crate) fn record(id: &str, run: &str, order: u32) -> RecordRow {
    RecordRow {
        id: RecordId::new(id),
        run_id: RunId::new(run),
        parent_id: None,
        kind: RecordKind::Step,
        name: id.to_owned(),
        display_name: format!("Step {id}"),
        task: Some("Bash@3".to_owned()),
        order,
        state: RunState::Pending,
        result: None,
        started_at: None,
        finished_at: None,
        log_lines: 0,
        error_count: 0,
        warning_count: 0,
        issue: None,
        kept_from: None,
    }
}

pub(crate) fn image(digit: char, pushed_at: i64) -> PushedImage {
    PushedImage {
        registry: "127.0.0.1:5210".to_owned(),
        repository: "hello".to_owned(),
        tags: vec!["1".to_owned()],
        digest: digest(digit),
        config_digest: digest('c'),
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        size_bytes: 4_096,
        pushed_at,
    }
}

pub(crate) fn deployment(id: &str, environment: &str, started_at: i64) -> DeploymentRow {
    DeploymentRow {
        id: DeploymentId::new(id),
        project_id: p(),
        environment: EnvironmentName::new(environment),
        run_id: RunId::new("r1"),
        commit: sha('a'),
        digest: digest('d'),
        image: format!("127.0.0.1:5210/hello@{}", digest('d')),
        workload: "hello".to_owned(),
        state: RunState::InProgress,
        result: None,
        started_at,
        finished_at: None,
        url: None,
        issue: None,
        proof: None,
        health: None,
        is_current: false,
        reason: DeploymentReason::Run,
        from_deployment: None,
        rollback_of: None,
        rolled_back_by: None,
        signal: None,
        phase: DeploymentPhase::Planning,
        images: vec![image('d', 1)],
        parameters: vec![("greeting".to_owned(), "hello".to_owned())],
        applied: Vec::new(),
        rollout_seconds: 60,
        is_pruning: false,
        has_rollback: true,
        strategy: None,
    }
}
