//! Telemetry: taken in, asked for, and let go.

use slipway_core::DeploymentId;
use slipway_store::{
    IntakeCounts, IntakeDelta, TelemetryCounts, TelemetryKind, TelemetryRange, TelemetryRow,
};

use crate::support::{dev, home, p};

fn range(from: i64, to: i64) -> TelemetryRange {
    TelemetryRange { project_id: p(), environment: dev(), from, to, deployment: None }
}

fn request(at: i64, success: bool, item_count: u32) -> TelemetryRow {
    TelemetryRow {
        item_count,
        success: Some(success),
        duration_ms: Some(12.5),
        result_code: Some("200".to_owned()),
        operation_id: Some("op-1".to_owned()),
        ..TelemetryRow::new(TelemetryKind::Request, at, "GET /hello")
    }
}

fn exception(at: i64, problem_id: &str, message: &str) -> TelemetryRow {
    TelemetryRow {
        problem_id: Some(problem_id.to_owned()),
        type_name: Some("Boom".to_owned()),
        message: Some(message.to_owned()),
        operation_id: Some("op-1".to_owned()),
        operation_name: Some("GET /hello".to_owned()),
        stack: vec![format!("at {message}"), "at main".to_owned()],
        ..TelemetryRow::new(TelemetryKind::Exception, at, "Boom")
    }
}

#[tokio::test]
async fn every_field_of_an_item_comes_back() {
    let home = home().await;
    let text = |text: &str| Some(text.to_owned());
    let whole = TelemetryRow {
        kind: TelemetryKind::Dependency,
        at: 50,
        item_count: 3,
        operation_id: text("op"),
        operation_name: text("GET /"),
        operation_parent_id: text("parent"),
        role_name: text("hello"),
        role_instance: text("hello-1"),
        app_version: text("1.2"),
        name: "SELECT".to_owned(),
        url: text("http://db"),
        result_code: text("0"),
        success: Some(false),
        duration_ms: Some(0.25),
        message: text("slow"),
        severity: Some(3),
        type_name: text("SQL"),
        problem_id: text("p"),
        stack: vec!["a".to_owned(), "b\nc".to_owned()],
        value: Some(1.5),
        properties: r#"{"k":"v"}"#.to_owned(),
    };
    let bare = TelemetryRow::new(TelemetryKind::Trace, 60, "");
    let items = [whole.clone(), bare.clone()];
    let d1 = DeploymentId::new("d1");
    home.store.insert_items(&p(), &dev(), Some(&d1), 70, &items).await.unwrap();
    let found = home.store.newest_items(&range(0, 100), None, 9).await.unwrap();
    assert_eq!(found[0].item, bare, "newest first, empty fields stay empty");
    assert_eq!(found[1].item, whole, "full fields stay full");
    assert_eq!(found[1].deployment_id, Some(d1), "and it knows its deployment");
    let kind = Some(TelemetryKind::Dependency);
    let found = home.store.newest_items(&range(0, 100), kind, 9).await.unwrap();
    assert_eq!(found.len(), 1, "one kind only");
    let operation = home.store.items_of_operation(&p(), "op").await.unwrap();
    assert_eq!(operation.len(), 1, "an operation's items");
}

#[tokio::test]
async fn questions_keep_to_their_range_environment_and_deployment() {
    let home = home().await;
    let store = &home.store;
    let (d1, d2) = (DeploymentId::new("d1"), DeploymentId::new("d2"));
    let probe = TelemetryRow {
        success: Some(false),
        message: Some("refused".to_owned()),
        ..TelemetryRow::new(TelemetryKind::Availability, 15, "ping")
    };
    let first = [request(10, true, 1), request(20, false, 4), probe];
    store.insert_items(&p(), &dev(), Some(&d1), 30, &first).await.unwrap();
    store.insert_items(&p(), &dev(), Some(&d2), 31, &[request(20, true, 1)]).await.unwrap();
    store.insert_items(&p(), &"prod".into(), None, 32, &[request(15, true, 1)]).await.unwrap();

    let all = store.requests(&range(0, 100)).await.unwrap();
    let points: Vec<_> = all.iter().map(|r| (r.at, r.success, r.item_count)).collect();
    assert_eq!(points, [(10, true, 1), (20, false, 4), (20, true, 1)], "in the order of time");
    assert_eq!(all[0].duration_ms, 12.5, "with its duration");
    let half = store.requests(&range(10, 20)).await.unwrap();
    assert_eq!(half.len(), 1, "from the first instant up to, not including, the last");
    let mine = TelemetryRange { deployment: Some(d1), ..range(0, 100) };
    assert_eq!(store.requests(&mine).await.unwrap().len(), 2, "of one deployment");
    let probes = store.availability(&range(0, 100)).await.unwrap();
    assert_eq!(probes.len(), 1, "probes are no requests");
    assert_eq!(probes[0].message.as_deref(), Some("refused"), "why a probe failed");
    let counts = store.telemetry_counts(&range(0, 100)).await.unwrap();
    let expected = TelemetryCounts {
        requests: 6,
        failed_requests: 4,
        probes: 1,
        failed_probes: 1,
        ..TelemetryCounts::default()
    };
    assert_eq!(counts, expected, "a sampled item counts for several");
    let counts = store.telemetry_counts(&mine).await.unwrap();
    assert_eq!((counts.requests, counts.probes), (5, 1), "of one deployment");
    let upper = TelemetryRange { environment: "DEV".into(), ..range(0, 100) };
    assert_eq!(store.telemetry_counts(&upper).await.unwrap().requests, 6, "names have no case");
    let nowhere = TelemetryRange { environment: "none".into(), ..range(0, 100) };
    let none = store.telemetry_counts(&nowhere).await.unwrap();
    assert_eq!(none, TelemetryCounts::default(), "an unknown environment is empty, no error");
}

#[tokio::test]
async fn exceptions_group_by_problem_with_the_newest_stack() {
    let home = home().await;
    let store = &home.store;
    let (d1, d2) = (DeploymentId::new("d1"), DeploymentId::new("d2"));
    let late = [exception(30, "p-1", "third"), exception(25, "p-2", "other")];
    store.insert_items(&p(), &dev(), Some(&d2), 40, &late).await.unwrap();
    // Older ones arrive later: time decides, not arrival.
    let early = [exception(10, "p-1", "first"), exception(20, "p-1", "second")];
    store.insert_items(&p(), &dev(), Some(&d1), 41, &early).await.unwrap();
    let groups = store.exception_groups(&range(0, 100)).await.unwrap();
    let seen: Vec<_> = groups.iter().map(|g| (g.problem_id.as_str(), g.count)).collect();
    assert_eq!(seen, [("p-1", 3), ("p-2", 1)], "the one seen last comes first");
    let group = &groups[0];
    assert_eq!((group.first_seen, group.last_seen), (10, 30), "first and last instants");
    assert_eq!(group.message, "third", "the newest message");
    assert_eq!(group.stack, ["at third", "at main"], "and the newest stack");
    assert_eq!(group.deployment_id, Some(d2), "and its deployment");
    assert_eq!(group.operation.as_deref(), Some("GET /hello"), "and its operation");
    let whole = store.exception_group(&p(), "p-1").await.unwrap();
    assert_eq!(whole.as_ref(), Some(group), "over all time it is the same group");
    assert_eq!(store.exception_group(&p(), "p-9").await.unwrap(), None, "an unknown problem");
    let early = store.exception_groups(&range(0, 25)).await.unwrap();
    assert_eq!((early.len(), early[0].count), (1, 2), "a range counts what lies in it");
}

#[tokio::test]
async fn intake_is_counted_across_restarts() {
    let home = home().await;
    let store = &home.store;
    assert_eq!(store.intake().await.unwrap(), IntakeCounts::default(), "nothing was taken yet");
    store.insert_items(&p(), &dev(), None, 70, &[request(1, true, 5)]).await.unwrap();
    store.insert_items(&p(), &dev(), None, 80, &[]).await.unwrap();
    let refused = IntakeDelta {
        malformed: 1,
        too_large: 2,
        unauthorized: 3,
        last_error: Some("line 1 is not JSON".to_owned()),
    };
    store.count_rejected(&refused).await.unwrap();
    store.count_rejected(&IntakeDelta { malformed: 1, ..IntakeDelta::default() }).await.unwrap();
    store.close().await;
    let again = slipway_store::Store::open(home.dir.path(), Default::default()).await.unwrap();
    let expected = IntakeCounts {
        accepted: 1,
        rejected_malformed: 2,
        rejected_too_large: 2,
        rejected_unauthorized: 3,
        last_error: Some("line 1 is not JSON".to_owned()),
        last_accepted_at: Some(70),
    };
    assert_eq!(again.intake().await.unwrap(), expected, "counts and the last error are kept");
}

#[tokio::test]
async fn old_items_go_and_new_ones_stay() {
    let home = home().await;
    let items: Vec<_> = (0..25_000).map(|at| request(at, true, 1)).collect();
    home.store.insert_items(&p(), &dev(), None, 1, &items).await.unwrap();
    let deleted = home.store.delete_items_before(21_000).await.unwrap();
    assert_eq!(deleted, 21_000, "everything older goes, in more than one portion");
    let left = home.store.requests(&range(0, 30_000)).await.unwrap();
    assert_eq!((left.len(), left[0].at), (4_000, 21_000), "nothing newer goes");
    let accepted = home.store.intake().await.unwrap().accepted;
    assert_eq!(accepted, 25_000, "what was taken stays counted");
}
