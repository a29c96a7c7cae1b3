//! A process killed at any moment loses nothing that it acknowledged.
//!
//! The child is this very test binary, told by an environment variable to write until it dies.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use slipway_core::{LogLine, LogStream, RecordId, RunId};
use slipway_store::{Store, StoreOptions, TelemetryKind, TelemetryRange, TelemetryRow};

use crate::support::{dev, home_with_run, p, record};

const DIR: &str = "SLIPWAY_TEST_CRASH_DIR";
const BATCH: u32 = 7;

fn line(number: u32) -> LogLine {
    LogLine { at: i64::from(number), stream: LogStream::Stdout, text: format!("line {number}") }
}

/// Runs only as a child: appends batches and prints how many lines and items were acknowledged.
#[test]
fn child_appends_until_killed() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(Path::new(&dir), StoreOptions::default()).await.unwrap();
        let (run, step) = (RunId::new("r1"), RecordId::new("s1"));
        let (mut lines, ..) = store.read_log(&step, 0, 0).await.unwrap();
        let mut items = store.intake().await.unwrap().accepted;
        loop {
            let batch: Vec<_> = (lines..lines + BATCH).map(line).collect();
            lines = store.append_log(&run, &step, &batch).await.unwrap();
            println!("lines {lines}");
            let batch: Vec<_> = (items..items + i64::from(BATCH))
                .map(|at| TelemetryRow::new(TelemetryKind::Request, at, "GET /"))
                .collect();
            store.insert_items(&p(), &dev(), None, items, &batch).await.unwrap();
            items += i64::from(BATCH);
            println!("items {items}");
            std::io::stdout().flush().unwrap();
        }
    });
}

/// Lets the child run for a while after its first words, kills it, and answers the last counts.
fn run_and_kill(dir: &Path, after: Duration) -> (u32, i64) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child_appends_until_killed", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut lines, mut items) = (0, 0);
    let mut kill_at = None;
    let mut is_killed = false;
    while let Some(Ok(said)) = output.next() {
        // A line cut off by the kill acknowledges nothing.
        match said.split_once(' ') {
            Some(("lines", count)) => lines = count.parse().unwrap_or(lines).max(lines),
            Some(("items", count)) => items = count.parse().unwrap_or(items).max(items),
            _ => continue,
        }
        let kill_at = *kill_at.get_or_insert_with(|| Instant::now() + after);
        if !is_killed && Instant::now() >= kill_at {
            child.kill().unwrap();
            is_killed = true;
        }
    }
    let status = child.wait().unwrap();
    assert!(is_killed, "the child died by itself: {status}");
    (lines, items)
}

#[tokio::test]
async fn five_kills_lose_no_acknowledged_row() {
    let home = home_with_run().await;
    home.store.insert_records(&[record("s1", "r1", 1)]).await.unwrap();
    home.store.close().await;
    let mut before = 0;
    for round in 0..5 {
        // Different moments each time the test runs, printed so that a failure can be told apart.
        let nanos = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
        let after = Duration::from_micros(u64::from(nanos % 400_000));
        println!("round {round}: killed after {after:?}");
        let (lines, items) = run_and_kill(home.dir.path(), after);
        assert!(lines > before, "round {round} wrote something");
        let store = Store::open(home.dir.path(), StoreOptions::default()).await.unwrap();
        store.check_integrity().await.expect("a kill damages nothing");
        let (total, _, found) = store.read_log(&RecordId::new("s1"), 0, u32::MAX).await.unwrap();
        assert!(total >= lines, "round {round}: {lines} lines acknowledged, {total} kept");
        assert_eq!(total % BATCH, 0, "no half batch");
        assert_eq!(found, (0..total).map(line).collect::<Vec<_>>(), "every line, in order, once");
        let range = TelemetryRange {
            project_id: p(),
            environment: dev(),
            from: 0,
            to: i64::MAX,
            deployment: None,
        };
        let kept = store.requests(&range).await.unwrap();
        assert!(kept.len() as i64 >= items, "round {round}: {items} items, {} kept", kept.len());
        let accepted = store.intake().await.unwrap().accepted;
        assert_eq!(kept.len() as i64, accepted, "the counter went with the rows");
        store.close().await;
        before = lines;
    }
}
