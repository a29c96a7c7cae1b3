//! Deployments: progress, proof, health, and which one is current.

use slipway_core::{
    DeploymentId, EnvironmentName, Explain, HealthVerdict, HealthWindow, LaunchProof,
    RolloutStrategy, RunId, RunResult, RunState, StrategyOutcome,
};
use slipway_store::{DeploymentProgress, DeploymentRow, Store};

use crate::support::{deployment, dev, digest, home_with_run, p};

async fn current(store: &Store, environment: &str) -> Option<String> {
    let name = EnvironmentName::new(environment);
    let found = store.current_deployment(&p(), &name).await.unwrap();
    found.map(|deployment| deployment.id.to_string())
}

#[tokio::test]
async fn one_deployment_an_environment_is_current() {
    let home = home_with_run().await;
    let store = &home.store;
    for (id, environment, at) in [("d1", "dev", 1), ("d2", "Dev", 2), ("d3", "prod", 3)] {
        store.insert_deployment(&deployment(id, environment, at)).await.unwrap();
    }
    assert_eq!(current(store, "dev").await, None, "a new deployment is not current");
    store.set_current_deployment(&DeploymentId::new("d1")).await.unwrap();
    store.set_current_deployment(&DeploymentId::new("d3")).await.unwrap();
    store.set_current_deployment(&DeploymentId::new("d2")).await.unwrap();
    assert_eq!(current(store, "dev").await.as_deref(), Some("d2"), "the later one took over");
    assert_eq!(current(store, "prod").await.as_deref(), Some("d3"), "environments are apart");
    let old = store.deployment(&DeploymentId::new("d1")).await.unwrap().unwrap();
    assert!(!old.is_current, "the earlier one was cleared");
    let missing = store.set_current_deployment(&DeploymentId::new("d9")).await.unwrap_err();
    assert_eq!(missing.code(), "not_found", "nothing becomes current");
    assert_eq!(current(store, "dev").await.as_deref(), Some("d2"), "and nothing is cleared");
}

#[tokio::test]
async fn proof_and_health_come_back_as_given() {
    let home = home_with_run().await;
    let (store, id) = (&home.store, DeploymentId::new("d1"));
    store.insert_deployment(&deployment("d1", "dev", 1)).await.unwrap();
    let proof = LaunchProof {
        pod: "hello-1".to_owned(),
        container_id: "abc".to_owned(),
        pushed_digest: digest('d'),
        running_digest: Some(digest('d')),
        running_image_id: "sha256:c".to_owned(),
        is_proven: true,
        statement: "They are the same.".to_owned(),
        checked_at: 7,
    };
    let health = HealthWindow {
        from: 1,
        to: 2,
        requests: 20,
        failed_requests: 0,
        exceptions: 0,
        probes: 5,
        failed_probes: 0,
        p95_ms: Some(12.5),
        verdict: HealthVerdict::Healthy,
        reason: "20 requests, none failed.".to_owned(),
    };
    let progress = DeploymentProgress {
        state: RunState::Completed,
        result: Some(RunResult::Succeeded),
        workload: "hello-v2".to_owned(),
        finished_at: Some(9),
        url: Some("http://127.0.0.1:8080".to_owned()),
        issue: None,
    };
    store.set_deployment_progress(&id, &progress).await.unwrap();
    store.set_deployment_proof(&id, &proof).await.unwrap();
    store.set_deployment_health(&id, &health).await.unwrap();
    let found = store.deployment(&id).await.unwrap().unwrap();
    assert_eq!(found.proof, Some(proof), "the proof survives");
    assert_eq!(found.health, Some(health), "the verdict survives");
    assert_eq!(found.result, Some(RunResult::Succeeded), "and how it ended");
    assert_eq!((found.workload.as_str(), found.finished_at), ("hello-v2", Some(9)), "and the rest");
}

#[tokio::test]
async fn deployments_are_found_from_every_side() {
    let home = home_with_run().await;
    let store = &home.store;
    for (id, environment, at) in [("d1", "dev", 1), ("d2", "prod", 2), ("d3", "dev", 3)] {
        store.insert_deployment(&deployment(id, environment, at)).await.unwrap();
    }
    let ids = |rows: Vec<slipway_store::DeploymentRow>| {
        rows.into_iter().map(|row| row.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(store.deployments(&p(), None, 9).await.unwrap()), ["d3", "d2", "d1"], "newest");
    assert_eq!(
        ids(store.deployments(&p(), Some(&dev()), 9).await.unwrap()),
        ["d3", "d1"],
        "of one environment"
    );
    assert_eq!(ids(store.deployments(&p(), None, 1).await.unwrap()), ["d3"], "no more than asked");
    let of_run = store.deployments_of_run(&RunId::new("r1")).await.unwrap();
    assert_eq!(ids(of_run), ["d1", "d2", "d3"], "of a run, in order");
    let of_digest = store.deployments_of_digest(&p(), &digest('d')).await.unwrap();
    assert_eq!(ids(of_digest).len(), 3, "of a digest");
    let none = store.deployments_of_digest(&p(), &digest('e')).await.unwrap();
    assert_eq!(none, [], "another digest was not deployed");
}

#[tokio::test]
async fn what_runs_beside_waits_and_is_never_gone_back_to() {
    let home = home_with_run().await;
    let store = &home.store;
    let id = DeploymentId::new;
    for (name, strategy) in [
        ("stable", None),
        ("small", Some(RolloutStrategy::canary(10))),
        ("large", Some(RolloutStrategy::canary(20))),
        ("next", None),
    ] {
        let row = DeploymentRow { strategy, ..deployment(name, "dev", 1) };
        store.insert_deployment(&row).await.unwrap();
    }
    let done = DeploymentProgress {
        state: RunState::Completed,
        result: Some(RunResult::Succeeded),
        workload: "hello".to_owned(),
        finished_at: Some(2),
        url: None,
        issue: None,
    };
    let dev = EnvironmentName::new("dev");
    store.end_deployment(&id("stable"), &done, true).await.unwrap();
    store.park_deployment(&id("small"), &done).await.unwrap();
    store.park_deployment(&id("large"), &done).await.unwrap();
    assert_eq!(current(store, "dev").await.as_deref(), Some("stable"), "it stays what runs");
    let waiting = store.waiting_deployment(&p(), &dev).await.unwrap().unwrap();
    assert_eq!(waiting.id, id("large"), "the newest waits");
    let small = store.deployment(&id("small")).await.unwrap().unwrap().strategy.unwrap();
    assert_eq!(small.outcome, Some(StrategyOutcome::Replaced), "in the place of the other");
    assert_eq!(small.percentage, 10, "which is else as it was");
    let proven = store.last_proven_deployment(&p(), &dev, &id("next")).await.unwrap().unwrap();
    assert_eq!(proven.id, id("stable"), "a canary is none to go back to");
    store.interrupt_unfinished(9).await.unwrap();
    assert!(store.waiting_deployment(&p(), &dev).await.unwrap().is_some(), "a start leaves it");

    let decided =
        RolloutStrategy { outcome: Some(StrategyOutcome::Rejected), ..waiting.strategy.unwrap() };
    store.decide_deployment(&id("large"), &decided).await.unwrap();
    assert!(store.waiting_deployment(&p(), &dev).await.unwrap().is_none(), "it waits no more");
    let large = store.deployment(&id("large")).await.unwrap().unwrap();
    assert_eq!(large.strategy, Some(decided));
}
