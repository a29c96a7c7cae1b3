//! Log lines at any position.

use slipway_core::{Explain, LogLine, LogStream, RecordId, RunId};
use slipway_store::LogSearch;

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

/// The body that older versions wrote.
fn plain_body(lines: &[LogLine]) -> Vec<u8> {
    let mut body = Vec::new();
    for line in lines {
        body.extend_from_slice(&line.at.to_le_bytes());
        body.push(match line.stream {
            LogStream::Stdout => 0,
            LogStream::Stderr => 1,
            LogStream::System => 2,
        });
        body.extend_from_slice(&u32::try_from(line.text.len()).unwrap().to_le_bytes());
        body.extend_from_slice(line.text.as_bytes());
    }
    body
}

#[tokio::test]
async fn a_log_of_an_older_version_stays_readable_and_grows_on() {
    let home = home_with_run().await;
    let (store, run, step) = (&home.store, RunId::new("r1"), RecordId::new("s1"));
    store.insert_records(&[record("s1", "r1", 1)]).await.unwrap();
    let old: Vec<_> = (0..5).map(line).collect();
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(home.dir.path().join("slipway.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query(
        "INSERT INTO log_chunk (record_id, first_line, line_count, body) VALUES ('s1', 0, 5, ?)",
    )
    .bind(plain_body(&old))
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query("UPDATE record SET log_lines = 5 WHERE id = 's1'").execute(&pool).await.unwrap();
    pool.close().await;
    store.append_log(&run, &step, &[line(5), line(6)]).await.unwrap();
    let (total, _, lines) = store.read_log(&step, 3, 10).await.unwrap();
    assert_eq!(total, 7, "the count goes on");
    assert_eq!(lines, (3..7).map(line).collect::<Vec<_>>(), "a page reads over both kinds of rows");
    let found = store.search_log(&step, &word("LINE 4"), 10).await.unwrap();
    assert_eq!(found.lines, [4], "a search reads old rows too");
}

fn word(pattern: &str) -> LogSearch {
    LogSearch { pattern: pattern.to_owned(), is_regex: false, is_case_sensitive: false }
}

fn expression(pattern: &str) -> LogSearch {
    LogSearch { is_regex: true, is_case_sensitive: true, ..word(pattern) }
}

#[tokio::test]
async fn a_search_finds_each_line_that_matches_by_itself() {
    let home = home_with_run().await;
    let (store, run, step) = (&home.store, RunId::new("r1"), RecordId::new("s1"));
    store.insert_records(&[record("s1", "r1", 1)]).await.unwrap();
    let texts: Vec<String> = (0..30_000)
        .map(|number| match number {
            7 => "\u{1b}[31mer\u{1b}[0mror (ÄRGER)".to_owned(),
            12_345 => "error: a".to_owned(),
            12_346 => "b ends here".to_owned(),
            29_999 => "last error".to_owned(),
            _ => format!("line {number}"),
        })
        .collect();
    for some in texts.chunks(999) {
        let at = 0;
        let line = |text: &String| LogLine { at, stream: LogStream::Stdout, text: text.clone() };
        store.append_log(&run, &step, &some.iter().map(line).collect::<Vec<_>>()).await.unwrap();
    }
    let cases = [
        (word("ERROR"), vec![7, 12_345, 29_999], "case and colours do not matter to a word"),
        (word("ärger"), vec![7], "nor does the case of other alphabets"),
        (word("(1"), vec![], "a word is no expression"),
        (expression("error"), vec![7, 12_345, 29_999], "colours do not matter to an expression"),
        (expression("^error"), vec![7, 12_345], "a line has its own beginning"),
        (expression("a$"), vec![12_345], "and its own end"),
        (expression("\\Alast"), vec![29_999], "also where the text's is asked for"),
        (expression("a\\s+b"), vec![], "no match reaches over two lines"),
        (expression("r:\\s*a|b ends"), vec![12_345, 12_346], "lines beside each other both count"),
        (expression("line 2999[78]$"), vec![29_997, 29_998], "deep in the log"),
    ];
    for (search, expected, why) in cases {
        let found = store.search_log(&step, &search, 100).await.unwrap();
        assert_eq!(found.lines, expected, "{why}: {}", search.pattern);
        assert_eq!(found.count as usize, expected.len(), "{why}: {}", search.pattern);
        assert_eq!(found.total, 30_000, "it says how long the log was");
    }
    let found = store.search_log(&step, &word("line"), 3).await.unwrap();
    assert_eq!(
        (found.count, found.lines.len()),
        (29_996, 3),
        "all are counted, the first are named"
    );
    let error = store.search_log(&step, &expression("(a"), 3).await.unwrap_err();
    assert_eq!(error.code(), "pattern_invalid", "a broken expression is the reader's: {error}");
    assert!(error.to_string().contains("unclosed group"), "and says what is wrong: {error}");
}
