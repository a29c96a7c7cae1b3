//! Later attempts, choices, and the history of many runs.

use std::time::Instant;

use slipway_core::{LogLines, LogStream, RecordKind, RunReason, RunResult, RunState};
use slipway_store::{LogSearch, RecordChange, RunAttemptRow, RunChoiceRow, RunProgress};

use crate::support::{home_with_run, p, record, run};

#[tokio::test]
async fn a_kept_record_shows_the_state_and_log_of_the_one_it_stands_for() {
    let home = home_with_run().await;
    let store = &home.store;
    store.insert_run(&run("r2", 2)).await.unwrap();
    store.insert_run(&run("r3", 3)).await.unwrap();
    let mut first = record("r1.1", "r1", 0);
    (first.state, first.result) = (RunState::Completed, Some(RunResult::Succeeded));
    (first.started_at, first.finished_at) = (Some(10), Some(30));
    store.insert_records(std::slice::from_ref(&first)).await.unwrap();
    let mut lines = LogLines::default();
    lines.push(11, LogStream::Stdout, "made web:1");
    let change = RecordChange { id: first.id.clone(), lines, progress: None };
    store.change_records(&first.run_id, &[change]).await.unwrap();
    let outputs = [("out.a".to_owned(), Some("1".to_owned())), ("out.s".to_owned(), None)];
    store.put_job_outputs(&first.id, &outputs).await.unwrap();

    let (second, third) = (record("r2.1", "r2", 0), record("r3.1", "r3", 0));
    store.insert_records(std::slice::from_ref(&second)).await.unwrap();
    store.insert_records(std::slice::from_ref(&third)).await.unwrap();
    store.keep_record(&second.id, &first.id).await.unwrap();
    store.keep_record(&third.id, &second.id).await.unwrap();
    let kept = store.record(&third.id).await.unwrap().unwrap();
    assert_eq!(kept.kept_from.as_ref(), Some(&first.id), "it names the one that ran");
    assert_eq!((kept.started_at, kept.finished_at), (Some(10), Some(30)), "with its times");
    let (total, _, page) = store.read_log(&third.id, 0, 10).await.unwrap();
    assert_eq!((total, page[0].text.as_str()), (1, "made web:1"), "and its log");
    let search = LogSearch { pattern: "web".to_owned(), is_regex: false, is_case_sensitive: false };
    assert_eq!(store.search_log(&third.id, &search, 9).await.unwrap().count, 1, "it is found");
    assert_eq!(store.job_outputs(&third.id).await.unwrap(), outputs, "and its outputs");
}

#[tokio::test]
async fn choices_attempts_and_counters_are_kept_with_their_run() {
    let home = home_with_run().await;
    let store = &home.store;
    let (first, second) = (run("r1", 1).id, run("r2", 2));
    store.insert_run(&second).await.unwrap();
    let choice = RunChoiceRow {
        targets: vec!["Build/Test".to_owned()],
        is_with_needed: true,
        text: "only job Test of stage Build".to_owned(),
    };
    store.put_run_choice(&second.id, &choice).await.unwrap();
    assert_eq!(store.run_choice(&second.id).await.unwrap(), Some(choice.clone()), "the choice");
    assert_eq!(store.run_choice(&first).await.unwrap(), None, "the whole pipeline has none");
    let attempt = RunAttemptRow {
        earlier: first.clone(),
        attempt: 2,
        build_id: 1,
        reason: RunReason::IndividualCi,
    };
    store.put_run_attempt(&second.id, &attempt).await.unwrap();
    assert_eq!(store.run_attempt(&second.id).await.unwrap(), Some(attempt), "the attempt");
    let marks = store.run_marks(&second.id).await.unwrap();
    assert_eq!((marks.attempt, marks.earlier.as_ref()), (2, Some(&first)), "what the list says");
    assert_eq!(marks.choice, Some(choice.text), "with the choice");
    let marks = store.run_marks(&first).await.unwrap();
    assert_eq!((marks.attempt, marks.later.as_ref()), (1, Some(&second.id)), "the first knows it");
    store.put_run_counter(&first, "v", 7).await.unwrap();
    assert_eq!(store.run_counter(&first, "v").await.unwrap(), Some(7), "a counter's number");
}

/// Thousands of runs must not make the canvas wait.
#[tokio::test]
async fn the_history_of_thousands_of_runs_is_read_by_its_index() {
    let home = home_with_run().await;
    let store = &home.store;
    for at in 2..2_500 {
        let id = format!("r{at}");
        let row = run(&id, at);
        store.insert_run(&row).await.unwrap();
        let records: Vec<_> = (0..12)
            .map(|order| {
                let mut record = record(&format!("{id}.{order}"), &id, order);
                record.kind = RecordKind::Step;
                (record.state, record.result) = (RunState::Completed, Some(RunResult::Succeeded));
                record
            })
            .collect();
        store.insert_records(&records).await.unwrap();
        let end = RunProgress {
            state: RunState::Completed,
            result: Some(RunResult::Succeeded),
            started_at: Some(1),
            finished_at: Some(2),
            issue: None,
        };
        store.set_run_progress(&row.id, &end).await.unwrap();
    }
    let plan = store.history_plan(&p()).await.unwrap();
    assert!(
        plan.iter().all(|line| !line.starts_with("SCAN") || line.contains("recent")),
        "no table is read whole: {plan:#?}"
    );
    assert!(
        plan.iter().any(|line| line.contains("record_run")),
        "records are found by their run: {plan:#?}"
    );
    let started = Instant::now();
    let rows = store.history(&p(), 50, "left").await.unwrap();
    let took = started.elapsed();
    assert_eq!(rows.len(), 50 * 12, "the last 50 runs");
    assert_eq!(rows[0].run_id.as_str(), "r2499", "newest first");
    assert!(took.as_millis() < 100, "it is read at once: {took:?}");
}
