//! Log lines at any position.

use slipway_core::{Explain, LogStream, RecordId, RunId};
use slipway_store::LogLine;

use crate::support::{home_with_run, record};

fn line(number: u32) -> LogLine {
    LogLine {
        at: 1_000 + i64::from(number),
        stream: match number % 3 {
            0 => LogStream::Stdout,
            1 => LogStream::Stderr,
            _ => LogStream::System,
        },
        text: format!("line {number} — ünï\tcode"),
    }
}

#[tokio::test]
async fn any_page_of_a_log_reads_back_as_written() {
    let home = home_with_run().await;
    let (store, run, step) = (&home.store, RunId::new("r1"), RecordId::new("s1"));
    store.insert_records(&[record("s1", "r1", 1), record("s2", "r1", 2)]).await.unwrap();
    let empty = store.read_log(&step, 0, 10).await.unwrap();
    assert_eq!(empty, (0, 0, vec![]), "a new log is empty");
    assert_eq!(store.append_log(&run, &step, &[]).await.unwrap(), 0, "no lines, no change");
    // Batches of every size, one of them above a chunk's bound.
    let mut next = 0;
    for size in [1, 2, 7, 100, 4_999, 1, 3] {
        let batch: Vec<_> = (next..next + size).map(line).collect();
        next += size;
        let total = store.append_log(&run, &step, &batch).await.unwrap();
        assert_eq!(total, next, "the total counts every line");
    }
    store.append_log(&run, &RecordId::new("s2"), &[line(7)]).await.unwrap();
    for from in [0_u32, 1, 2, 3, 9, 10, 109, 110, 2_109, 2_110, 5_000, 5_108, 5_112] {
        for limit in [1_u32, 2, 500, 10_000] {
            let (total, first, lines) =
                store.read_log(&step, i64::from(from), limit).await.unwrap();
            let expected: Vec<_> = (from..(from + limit).min(next)).map(line).collect();
            assert_eq!(total, next, "the total does not depend on the page");
            assert_eq!(first, from, "the page says where it begins");
            assert_eq!(lines, expected, "page of {limit} from {from}");
        }
    }
    let (_, first, lines) = store.read_log(&step, -2, 10).await.unwrap();
    assert_eq!((first, lines), (next - 2, vec![line(next - 2), line(next - 1)]), "the tail");
    let (_, first, lines) = store.read_log(&step, -99_999, 1).await.unwrap();
    assert_eq!((first, lines), (0, vec![line(0)]), "a tail longer than the log is all of it");
    let (_, first, lines) = store.read_log(&step, 99_999, 10).await.unwrap();
    assert_eq!((first, lines), (next, vec![]), "beyond the end there is nothing");
    let (total, ..) = store.read_log(&RecordId::new("s2"), 0, 1).await.unwrap();
    assert_eq!(total, 1, "logs are apart");
}

#[tokio::test]
async fn lines_of_no_record_are_refused() {
    let home = home_with_run().await;
    let (run, step) = (RunId::new("r1"), RecordId::new("s404"));
    let error = home.store.append_log(&run, &step, &[line(1)]).await.unwrap_err();
    assert_eq!(error.code(), "not_found", "there is no such record");
    assert!(home.store.read_log(&step, 0, 1).await.is_err(), "and nothing to read");
    home.store.insert_records(&[record("s1", "r1", 1)]).await.unwrap();
    let other = RunId::new("r2");
    let error = home.store.append_log(&other, &RecordId::new("s1"), &[line(1)]).await.unwrap_err();
    assert_eq!(error.code(), "not_found", "the record belongs to another run");
}

#[tokio::test]
async fn many_writers_lose_no_line() {
    let home = home_with_run().await;
    let store = std::sync::Arc::new(home.store);
    store.insert_records(&[record("s1", "r1", 1)]).await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        writers.spawn(async move {
            for _ in 0..25 {
                let (run, step) = (RunId::new("r1"), RecordId::new("s1"));
                store.append_log(&run, &step, &[line(1), line(2)]).await.unwrap();
            }
        });
    }
    while let Some(ended) = writers.join_next().await {
        ended.unwrap();
    }
    let (total, _, lines) = store.read_log(&RecordId::new("s1"), 0, 1_000).await.unwrap();
    assert_eq!((total, lines.len()), (400, 400), "8 writers, 25 batches, 2 lines");
}
