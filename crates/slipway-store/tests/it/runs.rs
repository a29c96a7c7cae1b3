//! Runs, records, tests, artifacts, images and environments.

use slipway_core::{
    EnvironmentName, Explain, ProjectId, RecordId, RunId, RunResult, RunState, TargetKind,
};
use slipway_store::{
    ArtifactRow, CommitRow, EnvironmentRow, RecordProgress, RunProgress, TestCaseRow, TestCounts,
    TestOutcome,
};

use crate::support::{deployment, digest, home_with_run, image, p, project, record, run, sha};

#[tokio::test]
async fn a_run_is_kept_moved_on_and_listed() {
    let home = home_with_run().await;
    let store = &home.store;
    let mut second = run("r2", 2);
    second.commit = sha('b');
    store.insert_run(&second).await.unwrap();
    let progress = RunProgress {
        state: RunState::Completed,
        result: Some(RunResult::Failed),
        started_at: Some(2_000),
        finished_at: Some(3_000),
        issue: Some("Step 3 failed.".to_owned()),
    };
    store.set_run_progress(&second.id, &progress).await.unwrap();
    store.set_run_number(&second.id, "v2").await.unwrap();
    let found = store.run(&second.id).await.unwrap().unwrap();
    assert_eq!(found.result, Some(RunResult::Failed), "the result is kept");
    assert_eq!(found.issue.as_deref(), Some("Step 3 failed."), "and why");
    assert_eq!(found.number, "v2", "and its new number");
    let newest: Vec<_> =
        store.runs(&p(), 10).await.unwrap().into_iter().map(|r| r.build_id).collect();
    assert_eq!(newest, [2, 1], "newest first");
    assert_eq!(store.runs(&p(), 1).await.unwrap().len(), 1, "no more than asked for");
    let of_commit = store.runs_of_commit(&p(), &sha('b')).await.unwrap();
    assert_eq!(of_commit, [found], "a commit knows its runs");
    let going = store.unfinished_runs(&p()).await.unwrap();
    assert_eq!(going, [run("r1", 1)], "one run still goes on");
}

#[tokio::test]
async fn rows_that_cannot_be_are_refused_by_name() {
    let home = home_with_run().await;
    let store = &home.store;
    let error = store.insert_run(&run("r9", 1)).await.unwrap_err();
    assert_eq!(error.code(), "already_exists", "a build id is unique in a project: {error:?}");
    let mut stray = run("r3", 3);
    stray.project_id = ProjectId::new("nobody");
    let error = store.insert_run(&stray).await.unwrap_err();
    assert_eq!(error.to_string(), "There is no project 'nobody' in the database.", "what misses");
    let missing = RunId::new("r404");
    let error = store.set_run_number(&missing, "1").await.unwrap_err();
    assert_eq!(error.code(), "not_found", "nothing was changed");
    let error = store.insert_records(&[record("s1", "r404", 1)]).await.unwrap_err();
    assert_eq!(error.to_string(), "There is no run 'r404' in the database.", "what misses");
    store.put_project(&project("q")).await.unwrap();
    let mut same = run("r4", 1);
    same.project_id = ProjectId::new("q");
    store.insert_run(&same).await.expect("another project counts by itself");
}

#[tokio::test]
async fn records_come_in_the_plans_order_all_or_none() {
    let home = home_with_run().await;
    let store = &home.store;
    let records = [record("b", "r1", 2), record("a", "r1", 1)];
    store.insert_records(&records).await.unwrap();
    let error = store.insert_records(&[record("c", "r1", 3), record("a", "r1", 4)]).await;
    assert_eq!(error.unwrap_err().code(), "already_exists", "a record is there once");
    let found = store.records(&RunId::new("r1")).await.unwrap();
    assert_eq!(found, [record("a", "r1", 1), record("b", "r1", 2)], "ordered, and no c");
    let progress = RecordProgress {
        state: RunState::Completed,
        result: Some(RunResult::SucceededWithIssues),
        started_at: Some(5),
        finished_at: Some(9),
        error_count: 1,
        warning_count: 2,
        issue: Some("careful".to_owned()),
    };
    store.set_record_progress(&RecordId::new("a"), &progress).await.unwrap();
    let moved = store.record(&RecordId::new("a")).await.unwrap().unwrap();
    assert_eq!(moved.result, Some(RunResult::SucceededWithIssues), "the result is kept");
    assert_eq!((moved.error_count, moved.warning_count), (1, 2), "and the counts");
    let error = store.set_record_progress(&RecordId::new("z"), &progress).await.unwrap_err();
    assert_eq!(error.code(), "not_found", "a record of nobody is refused");
}

#[tokio::test]
async fn start_up_ends_what_was_going_on() {
    let home = home_with_run().await;
    let store = &home.store;
    let mut going = record("going", "r1", 1);
    going.state = RunState::InProgress;
    let mut done = record("done", "r1", 2);
    (done.state, done.result) = (RunState::Completed, Some(RunResult::Succeeded));
    let waiting = record("waiting", "r1", 3);
    store.insert_records(&[going, done.clone(), waiting]).await.unwrap();
    store.insert_deployment(&deployment("d1", "dev", 5)).await.unwrap();
    let mut over = run("r0", 9);
    (over.state, over.result) = (RunState::Completed, Some(RunResult::Succeeded));
    store.insert_run(&over).await.unwrap();

    let interrupted = store.interrupt_unfinished(7_000).await.unwrap();
    assert_eq!(interrupted.len(), 1, "only the going run: {interrupted:?}");
    assert_eq!(interrupted[0].result, Some(RunResult::Interrupted), "it says how it ended");
    assert_eq!(interrupted[0].finished_at, Some(7_000), "and when it was found");
    let records = store.records(&RunId::new("r1")).await.unwrap();
    let results: Vec<_> = records.iter().map(|record| (record.state, record.result)).collect();
    assert_eq!(
        results,
        [
            (RunState::Completed, Some(RunResult::Interrupted)),
            (RunState::Completed, Some(RunResult::Succeeded)),
            (RunState::Completed, Some(RunResult::Skipped)),
        ],
        "going is interrupted, done stays, waiting is skipped"
    );
    assert_eq!(records[1], done, "what was done is untouched");
    let deployment = store.deployment(&"d1".into()).await.unwrap().unwrap();
    assert_eq!(deployment.result, Some(RunResult::Interrupted), "the deployment too");
    assert_eq!(store.run(&over.id).await.unwrap(), Some(over), "a finished run is untouched");
    let again = store.interrupt_unfinished(8_000).await.unwrap();
    assert_eq!(again, [], "there is nothing left to end");
}

#[tokio::test]
async fn tests_are_counted_and_failures_come_first() {
    let home = home_with_run().await;
    let (store, run) = (&home.store, RunId::new("r1"));
    let case = |name: &str, outcome, duration_ms| TestCaseRow {
        test_run: "JUnit".to_owned(),
        stack: None,
        output: None,
        suite: "greeting".to_owned(),
        name: name.to_owned(),
        outcome,
        duration_ms,
        message: None,
    };
    assert_eq!(store.test_counts(&run).await.unwrap(), TestCounts::default(), "none yet");
    store.insert_test_cases(&run, &[case("a", TestOutcome::Passed, 5)]).await.unwrap();
    let more = [case("b", TestOutcome::Failed, 7), case("c", TestOutcome::Skipped, 0)];
    store.insert_test_cases(&run, &more).await.unwrap();
    let counts = store.test_counts(&run).await.unwrap();
    let expected = TestCounts { total: 3, passed: 1, failed: 1, skipped: 1, duration_ms: 12 };
    assert_eq!(counts, expected, "two batches add up");
    let names: Vec<_> = store.test_cases(&run).await.unwrap().into_iter().map(|c| c.name).collect();
    assert_eq!(names, ["b", "a", "c"], "what failed is read first");
    let error = store.insert_test_cases(&RunId::new("r404"), &more).await.unwrap_err();
    assert_eq!(error.code(), "not_found", "results of no run are refused");
}

#[tokio::test]
async fn an_artifact_of_the_same_name_replaces_it() {
    let home = home_with_run().await;
    let mut artifact = ArtifactRow {
        run_id: RunId::new("r1"),
        name: "drop".to_owned(),
        path: "/data/artifacts/r1/drop".to_owned(),
        size_bytes: 10,
        file_count: 1,
    };
    home.store.put_artifact(&artifact).await.unwrap();
    artifact.size_bytes = 20;
    home.store.put_artifact(&artifact).await.unwrap();
    let found = home.store.artifacts(&RunId::new("r1")).await.unwrap();
    assert_eq!(found, [artifact], "one artifact, the newer one");
}

#[tokio::test]
async fn one_image_may_come_from_two_runs() {
    let home = home_with_run().await;
    let store = &home.store;
    store.insert_run(&run("r2", 2)).await.unwrap();
    store.put_image(&RunId::new("r1"), &image('d', 10)).await.unwrap();
    let mut again = image('d', 20);
    again.tags = vec!["2".to_owned()];
    store.put_image(&RunId::new("r2"), &again).await.unwrap();
    store.put_image(&RunId::new("r2"), &image('e', 15)).await.unwrap();
    let found = store.image(&p(), &digest('d')).await.unwrap().unwrap();
    assert_eq!(found.tags, ["1", "2"], "earlier tags are kept");
    assert_eq!(found.pushed_at, 20, "the newest push counts");
    let runs: Vec<_> = store
        .runs_of_image(&p(), &digest('d'))
        .await
        .unwrap()
        .into_iter()
        .map(|r| r.build_id)
        .collect();
    assert_eq!(runs, [2, 1], "both runs pushed it");
    let digests: Vec<_> =
        store.images(&p(), 9).await.unwrap().into_iter().map(|i| i.digest).collect();
    assert_eq!(digests, [digest('d'), digest('e')], "newest push first");
    assert_eq!(store.images_of_run(&RunId::new("r2")).await.unwrap().len(), 2, "a run's images");
    let nobody = ProjectId::new("q");
    assert_eq!(store.image(&nobody, &digest('d')).await.unwrap(), None, "projects are apart");
    let error = store.put_image(&RunId::new("r404"), &image('f', 1)).await.unwrap_err();
    assert_eq!(error.code(), "not_found", "an image of no run is refused");
    assert_eq!(store.images(&p(), 9).await.unwrap().len(), 2, "and leaves nothing behind");
}

#[tokio::test]
async fn an_environment_is_one_whatever_its_case() {
    let home = home_with_run().await;
    let store = &home.store;
    let mut environment = EnvironmentRow {
        project_id: p(),
        name: EnvironmentName::new("dev"),
        target: TargetKind::Local,
        context: String::new(),
        namespace: "hello-dev".to_owned(),
        variables: vec![("GREETING".to_owned(), "hi".to_owned())],
    };
    store.put_environment(&environment).await.unwrap();
    environment.target = TargetKind::Kubernetes;
    store.put_environment(&environment).await.unwrap();
    let found = store.environment(&p(), &EnvironmentName::new("DEV")).await.unwrap();
    assert_eq!(found, Some(environment.clone()), "Azure compares names without case");
    assert_eq!(store.environments(&p()).await.unwrap(), [environment], "there is only one");
}

#[tokio::test]
async fn commits_are_remembered_as_first_seen() {
    let home = home_with_run().await;
    let store = &home.store;
    let commit = |digit, committed_at| CommitRow {
        project_id: p(),
        sha: sha(digit),
        summary: "greet politely".to_owned(),
        body: "AB#1".to_owned(),
        author_name: "Ada".to_owned(),
        author_email: "ada@example.com".to_owned(),
        branch: "main".to_owned(),
        committed_at,
    };
    store.put_commit(&commit('a', 5)).await.unwrap();
    store.put_commit(&commit('b', 9)).await.unwrap();
    let mut other = commit('a', 5);
    other.branch = "later".to_owned();
    store.put_commit(&other).await.unwrap();
    assert_eq!(store.commit(&p(), &sha('a')).await.unwrap(), Some(commit('a', 5)), "first stays");
    let order: Vec<_> = store.commits(&p(), 9).await.unwrap().into_iter().map(|c| c.sha).collect();
    assert_eq!(order, [sha('b'), sha('a')], "newest first");
}
