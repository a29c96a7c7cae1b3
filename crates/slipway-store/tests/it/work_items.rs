//! Work items, their history, and the commits that mention them.

use slipway_core::{Explain, ProjectId, WorkItemId, WorkItemState, WorkItemType};
use slipway_store::{CommitRow, NewWorkItem, WorkItemChange, WorkItemEventRow};

use crate::support::{home_with_run, p, project, sha};

fn new(title: &str, problem_id: Option<&str>) -> NewWorkItem {
    NewWorkItem {
        item_type: WorkItemType::Bug,
        title: title.to_owned(),
        description: String::new(),
        state_reason: "New".to_owned(),
        problem_id: problem_id.map(str::to_owned),
    }
}

#[tokio::test]
async fn numbers_count_up_in_each_project() {
    let home = home_with_run().await;
    let store = &home.store;
    store.put_project(&project("q")).await.unwrap();
    let (first, _) = store.create_work_item(&p(), &new("one", None), 5).await.unwrap();
    let (second, _) = store.create_work_item(&p(), &new("two", None), 6).await.unwrap();
    let (other, _) =
        store.create_work_item(&ProjectId::new("q"), &new("x", None), 7).await.unwrap();
    assert_eq!((first.id.0, second.id.0, other.id.0), (1, 2, 1), "each project counts by itself");
    assert_eq!(first.state, WorkItemState::ToDo, "a new item is to do");
    let list: Vec<_> = store.work_items(&p()).await.unwrap().into_iter().map(|i| i.title).collect();
    assert_eq!(list, ["one", "two"], "listed by number");
    let nobody = ProjectId::new("z");
    let error = store.create_work_item(&nobody, &new("y", None), 1).await.unwrap_err();
    assert_eq!(error.code(), "not_found", "a backlog of nobody is refused");
}

#[tokio::test]
async fn an_exception_makes_one_bug() {
    let home = home_with_run().await;
    let store = &home.store;
    let (bug, is_new) = store.create_work_item(&p(), &new("boom", Some("p-1")), 5).await.unwrap();
    assert!(is_new, "the first one is made");
    let (same, is_new) = store.create_work_item(&p(), &new("again", Some("p-1")), 6).await.unwrap();
    assert!(!is_new, "the second time it is found");
    assert_eq!(same, bug, "unchanged");
    assert_eq!(store.work_item_of_problem(&p(), "p-1").await.unwrap(), Some(bug), "by problem");
    assert_eq!(store.work_item_of_problem(&p(), "p-2").await.unwrap(), None, "no other problem");
    let (next, _) = store.create_work_item(&p(), &new("next", None), 7).await.unwrap();
    assert_eq!(next.id, WorkItemId(2), "finding one uses up no number");
}

#[tokio::test]
async fn a_change_leaves_out_what_it_does_not_name() {
    let home = home_with_run().await;
    let store = &home.store;
    let (item, _) = store.create_work_item(&p(), &new("one", None), 5).await.unwrap();
    let change = WorkItemChange {
        state: Some((WorkItemState::Doing, "A commit mentions it.".to_owned())),
        ..WorkItemChange::default()
    };
    let moved = store.update_work_item(&p(), item.id, &change, 9).await.unwrap();
    assert_eq!(moved.state, WorkItemState::Doing, "the state moves");
    assert_eq!(moved.state_reason, "A commit mentions it.", "with its reason");
    assert_eq!((moved.title.as_str(), moved.changed_at), ("one", 9), "the title stays");
    let rename = WorkItemChange { title: Some("uno".to_owned()), ..WorkItemChange::default() };
    let renamed = store.update_work_item(&p(), item.id, &rename, 10).await.unwrap();
    assert_eq!(renamed.state, WorkItemState::Doing, "the state stays");
    assert_eq!(store.work_item(&p(), item.id).await.unwrap(), Some(renamed), "and it is kept");
    let error = store.update_work_item(&p(), WorkItemId(404), &rename, 1).await.unwrap_err();
    assert_eq!(error.to_string(), "There is no work item '404' in the database.", "named");
}

#[tokio::test]
async fn history_and_commits_hang_on_an_item() {
    let home = home_with_run().await;
    let store = &home.store;
    let (item, _) = store.create_work_item(&p(), &new("one", None), 5).await.unwrap();
    store.add_work_item_event(&p(), item.id, 6, "created").await.unwrap();
    store.add_work_item_event(&p(), item.id, 7, "moved").await.unwrap();
    let history = store.work_item_events(&p(), item.id).await.unwrap();
    let expected = [
        WorkItemEventRow { at: 7, text: "moved".to_owned() },
        WorkItemEventRow { at: 6, text: "created".to_owned() },
    ];
    assert_eq!(history, expected, "newest first");
    assert!(store.link_commit(&p(), &sha('a'), item.id).await.unwrap(), "a new link");
    assert!(!store.link_commit(&p(), &sha('a'), item.id).await.unwrap(), "linked already");
    store.link_commit(&p(), &sha('b'), item.id).await.unwrap();
    let commit = CommitRow {
        project_id: p(),
        sha: sha('b'),
        summary: String::new(),
        body: String::new(),
        author_name: String::new(),
        author_email: String::new(),
        branch: String::new(),
        committed_at: 5,
    };
    store.put_commit(&commit).await.unwrap();
    let commits = store.commits_of_work_item(&p(), item.id).await.unwrap();
    assert_eq!(commits, [sha('b'), sha('a')], "known commits by time, then the others");
    let items = store.work_items_of_commit(&p(), &sha('a')).await.unwrap();
    assert_eq!(items, [item.id], "a commit knows its items");
    let error = store.link_commit(&p(), &sha('a'), WorkItemId(9)).await.unwrap_err();
    assert_eq!(error.code(), "not_found", "an item that is not there is refused: {error:?}");
    let error = store.add_work_item_event(&p(), WorkItemId(9), 1, "x").await.unwrap_err();
    assert_eq!(error.code(), "not_found", "so is its history");
}
