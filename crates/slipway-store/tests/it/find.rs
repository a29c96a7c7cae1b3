//! The thread's way in: what a key may mean.

use slipway_core::{DeploymentId, LaunchProof, ProjectId, RunId, WorkItemId, WorkItemType};
use slipway_store::{CommitRow, Found, NewWorkItem, TelemetryKind, TelemetryRow};

use crate::support::{Home, deployment, dev, digest, home_with_run, image, p, project, run, sha};

async fn full() -> Home {
    let home = home_with_run().await;
    let store = &home.store;
    let commit = CommitRow {
        project_id: p(),
        sha: sha('a'),
        summary: "greet".to_owned(),
        body: String::new(),
        author_name: String::new(),
        author_email: String::new(),
        branch: "main".to_owned(),
        committed_at: 5,
    };
    store.put_commit(&commit).await.unwrap();
    store.put_image(&RunId::new("r1"), &image('d', 10)).await.unwrap();
    let mut deployment = deployment("0192abcd", "dev", 11);
    deployment.proof = Some(LaunchProof {
        pod: "hello-7f9c".to_owned(),
        container_id: String::new(),
        pushed_digest: digest('d'),
        running_digest: None,
        running_image_id: String::new(),
        is_proven: false,
        statement: String::new(),
        checked_at: 12,
    });
    store.insert_deployment(&deployment).await.unwrap();
    let item = NewWorkItem {
        item_type: WorkItemType::Bug,
        title: "boom".to_owned(),
        description: String::new(),
        state_reason: String::new(),
        problem_id: Some("Boom at hello".to_owned()),
    };
    store.create_work_item(&p(), &item, 20).await.unwrap();
    let mut exception = TelemetryRow::new(TelemetryKind::Exception, 13, "Boom");
    exception.problem_id = Some("Boom at hello".to_owned());
    let mut other = TelemetryRow::new(TelemetryKind::Exception, 13, "Bang");
    other.problem_id = Some("Bang".to_owned());
    store.insert_items(&p(), &dev(), None, 14, &[exception, other]).await.unwrap();
    home
}

#[tokio::test]
async fn every_kind_of_key_finds_its_object() {
    let home = full().await;
    let store = &home.store;
    let project_id = p;
    let commit = Found::Commit { project_id: p(), sha: sha('a') };
    let run = Found::Run { project_id: p(), id: RunId::new("r1") };
    let image = Found::Image { project_id: p(), digest: digest('d') };
    let deployment = Found::Deployment { project_id: p(), id: DeploymentId::new("0192abcd") };
    let pod = Found::Pod {
        project_id: p(),
        deployment_id: DeploymentId::new("0192abcd"),
        name: "hello-7f9c".to_owned(),
    };
    let item = Found::WorkItem { project_id: p(), id: WorkItemId(1) };
    let problem =
        |id: &str| Found::Exception { project_id: project_id(), problem_id: id.to_owned() };
    for (key, expected) in [
        (sha('a').to_string(), vec![commit.clone()]),
        ("AAAAaaaa".to_owned(), vec![commit.clone()]),
        ("r1".to_owned(), vec![run.clone()]),
        ("20261122.1".to_owned(), vec![run.clone()]),
        (digest('d').to_string(), vec![image.clone()]),
        ("sha256:dddd".to_owned(), vec![image.clone()]),
        (" dddddddddddd ".to_owned(), vec![image.clone()]),
        ("cccccc".to_owned(), vec![image]),
        ("0192ab".to_owned(), vec![deployment]),
        ("hello-7f9c".to_owned(), vec![pod]),
        ("AB#1".to_owned(), vec![item.clone()]),
        ("#1".to_owned(), vec![item.clone()]),
        ("1".to_owned(), vec![run, item]),
        ("Boom at hello".to_owned(), vec![problem("Boom at hello")]),
        ("Bang".to_owned(), vec![problem("Bang")]),
        ("aaa".to_owned(), vec![]),
        ("*".to_owned(), vec![]),
        ("????".to_owned(), vec![]),
        ("0192*".to_owned(), vec![]),
        ("".to_owned(), vec![]),
        ("%".to_owned(), vec![]),
        ("'; DROP TABLE run; --".to_owned(), vec![]),
        ("#99999999999".to_owned(), vec![]),
    ] {
        let found = store.find(Some(&p()), &key).await.unwrap();
        assert_eq!(found, expected, "what '{key}' means");
        assert_eq!(store.find(None, &key).await.unwrap(), expected, "'{key}' in any project");
    }
}

#[tokio::test]
async fn a_project_sees_only_its_own() {
    let home = full().await;
    let store = &home.store;
    store.put_project(&project("q")).await.unwrap();
    let q = ProjectId::new("q");
    for key in ["aaaa", "r1", "dddd", "0192abcd", "hello-7f9c", "AB#1", "Boom at hello", "Bang"] {
        assert_eq!(store.find(Some(&q), key).await.unwrap(), [], "'{key}' is another project's");
    }
    let mut second = run("r2", 1);
    second.project_id = q.clone();
    store.insert_run(&second).await.unwrap();
    let both = store.find(None, "aaaa").await.unwrap();
    assert_eq!(both.len(), 2, "the same commit in two projects is two objects: {both:?}");
    let one = store.find(Some(&q), "aaaa").await.unwrap();
    assert_eq!(one, [Found::Commit { project_id: q, sha: sha('a') }], "a run is enough to know it");
}
