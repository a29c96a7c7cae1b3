//! Opening, refusing, filling up and locking the data folder.

use std::path::Path;
use std::process::{Command, Stdio};

use slipway_core::{ErrorKind, Explain, LogLine, LogStream, ProjectId, RecordId, RunId};
use slipway_store::{
    DataFolderLock, PoolMappingRow, RepositoryMappingRow, Store, StoreError, StoreOptions,
};
use tempfile::TempDir;

use crate::support::{home, home_with_run, p, project, record, run};

#[tokio::test]
async fn settings_are_kept_replaced_and_forgotten() {
    let home = home().await;
    assert_eq!(home.store.setting("theme").await.unwrap(), None, "nothing is set at first");
    home.store.set_setting("theme", "dark").await.unwrap();
    home.store.set_setting("theme", "light").await.unwrap();
    assert_eq!(home.store.setting("theme").await.unwrap().as_deref(), Some("light"), "last wins");
    home.store.delete_setting("theme").await.unwrap();
    assert_eq!(home.store.setting("theme").await.unwrap(), None, "a forgotten key is gone");
}

#[tokio::test]
async fn repositories_are_mapped_to_folders() {
    let home = home_with_run().await;
    let row = |name: &str, path: &str| RepositoryMappingRow {
        project_id: p(),
        name: name.to_owned(),
        path: path.to_owned(),
    };
    let put = async |mapping| home.store.put_repository_mapping(&mapping).await;
    put(row("Contoso/Tools", "/one")).await.unwrap();
    put(row("contoso/tools", "/two")).await.unwrap();
    put(row("a/b", "/three")).await.unwrap();
    let listed = home.store.repository_mappings(&p()).await.unwrap();
    assert_eq!(listed, [row("a/b", "/three"), row("contoso/tools", "/two")], "case is no matter");
    home.store.delete_repository_mapping(&p(), "A/B").await.unwrap();
    let listed = home.store.repository_mappings(&p()).await.unwrap();
    assert_eq!(listed, [row("contoso/tools", "/two")], "a forgotten one is gone");
    let stranger = RepositoryMappingRow { project_id: ProjectId::new("x"), ..row("a", "/b") };
    assert_eq!(put(stranger).await.unwrap_err().code(), "not_found", "of no project");
}

#[tokio::test]
async fn pools_lead_where_the_user_chose() {
    let home = home().await;
    let row = |label: &str, image: Option<&str>| PoolMappingRow {
        label: label.to_owned(),
        image: image.map(str::to_owned),
    };
    let put = async |mapping| home.store.put_pool_mapping(&mapping).await.unwrap();
    put(row("ubuntu-latest", Some("debian:12"))).await;
    put(row("Ubuntu-Latest", Some("debian:13"))).await;
    put(row("windows-latest", None)).await;
    let listed = home.store.pool_mappings().await.unwrap();
    let expected = [row("Ubuntu-Latest", Some("debian:13")), row("windows-latest", None)];
    assert_eq!(listed, expected, "case is no matter, and no image is this machine");
    home.store.delete_pool_mapping("UBUNTU-latest").await.unwrap();
    assert_eq!(home.store.pool_mappings().await.unwrap().len(), 1, "a forgotten one is gone");
}

#[tokio::test]
async fn task_folders_and_choices_are_kept() {
    let home = home_with_run().await;
    let store = &home.store;
    for (path, at) in [("/b", 1), ("/a", 2), ("/b", 3)] {
        store.put_task_folder(path, at).await.unwrap();
    }
    assert_eq!(store.task_folders().await.unwrap(), ["/b", "/a"], "in the order they came");
    store.delete_task_folder("/b").await.unwrap();
    assert_eq!(store.task_folders().await.unwrap(), ["/a"], "a forgotten one is gone");
    store.set_task_replacement("CmdLine", 2, true).await.unwrap();
    store.set_task_replacement("cmdline", 2, true).await.unwrap();
    let kept = store.task_replacements().await.unwrap();
    assert_eq!(kept, [("CmdLine".to_owned(), 2)], "names ignore case");
    store.set_task_replacement("CMDLINE", 2, false).await.unwrap();
    assert!(store.task_replacements().await.unwrap().is_empty(), "taken back");
    let id = RunId::new("r1");
    store.put_run_skip(&id, "Build/Test", "Skipped: chosen by anna").await.unwrap();
    let skips = store.run_skips(&id).await.unwrap();
    assert_eq!(
        skips,
        [("Build/Test".to_owned(), "Skipped: chosen by anna".to_owned())],
        "a run keeps what was left out of it"
    );
}

#[tokio::test]
async fn a_project_keeps_its_id_and_its_counters() {
    let home = home().await;
    let made = home.store.put_project(&project("p")).await.unwrap();
    assert_eq!(made, project("p"), "the row comes back as written");
    let mut again = project("other");
    again.path.clone_from(&made.path);
    again.opened_at = 99;
    let known = home.store.put_project(&again).await.unwrap();
    assert_eq!(known.id, p(), "the same path is the same project");
    assert_eq!(known.opened_at, 99, "opening again renews the instant");
    assert_eq!(home.store.project_at("/repos/p").await.unwrap(), Some(known.clone()), "by path");
    assert_eq!(home.store.project(&p()).await.unwrap(), Some(known.clone()), "by id");
    assert_eq!(home.store.next_build_id(&p()).await.unwrap(), 1, "build ids start at 1");
    assert_eq!(home.store.next_build_id(&p()).await.unwrap(), 2, "and count up");
    assert_eq!(home.store.next_revision(&p(), "20261122").await.unwrap(), 1, "first of the day");
    assert_eq!(home.store.next_revision(&p(), "20261122").await.unwrap(), 2, "second of the day");
    assert_eq!(home.store.next_revision(&p(), "20261123").await.unwrap(), 1, "a new day begins");
    home.store.put_project(&project("q")).await.unwrap();
    let order: Vec<_> = home.store.projects().await.unwrap().into_iter().map(|p| p.name).collect();
    assert_eq!(order, ["Project other", "Project q"], "the last opened comes first");
    home.store.delete_project(&p()).await.unwrap();
    assert_eq!(home.store.project(&p()).await.unwrap(), None, "a forgotten project is gone");
    let error = home.store.next_build_id(&p()).await.unwrap_err();
    assert_eq!(error.code(), "not_found", "a counter of nobody is refused");
    let error = home.store.next_revision(&p(), "x").await.unwrap_err();
    assert_eq!(error.code(), "not_found", "a revision of nobody is refused: {error:?}");
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let home = home_with_run().await;
    home.store.close().await;
    let store = Store::open(home.dir.path(), StoreOptions::default()).await.unwrap();
    assert_eq!(store.run(&RunId::new("r1")).await.unwrap(), Some(run("r1", 1)), "the run is there");
    store.check_integrity().await.unwrap();
}

#[tokio::test]
async fn the_schema_is_what_the_pictures_show() {
    let home = home().await;
    for (file, picture) in [("slipway.db", "main.sql"), ("telemetry.db", "telemetry.sql")] {
        let url = format!("sqlite://{}", home.dir.path().join(file).display());
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        let found: Vec<String> = sqlx::query_scalar(
            "SELECT sql || ';' FROM sqlite_schema
             WHERE sql IS NOT NULL AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'
             ORDER BY tbl_name, type DESC, name",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        let found = format!("{}\n", found.join("\n\n"));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(picture);
        if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
            std::fs::write(&path, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(found, expected, "schema/{picture} is stale: run with SNAPSHOTS=overwrite");
    }
}

#[test]
fn every_migration_file_is_embedded() {
    let source = include_str!("../../src/store.rs");
    for folder in ["main", "telemetry"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
        for file in std::fs::read_dir(path).unwrap() {
            let name = format!("{folder}/{}", file.unwrap().file_name().to_string_lossy());
            assert!(source.contains(&name), "migrations/{name} is not listed in src/store.rs");
        }
    }
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_and_untouched() {
    let home = home_with_run().await;
    home.store.close().await;
    let path = home.dir.path().join("slipway.db");
    let url = format!("sqlite://{}", path.display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query("PRAGMA user_version = 99").execute(&pool).await.unwrap();
    pool.close().await;
    let error = Store::open(home.dir.path(), StoreOptions::default()).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::SchemaTooNew { found: 99, known: 1, .. }),
        "the newer schema is named: {error:?}"
    );
    assert_eq!(error.kind(), ErrorKind::Refused, "nothing is broken");
    assert!(error.to_string().contains("slipway.db"), "the file is named: {error}");
    assert!(error.hint().unwrap().contains("Update Slipway"), "the way out is named");
    let error = Store::open_read_only(home.dir.path()).await.unwrap_err();
    assert_eq!(error.code(), "schema_too_new", "a reader refuses it too");
}

#[tokio::test]
async fn a_reader_sees_the_writers_rows_and_writes_nothing() {
    let home = home_with_run().await;
    let reader = Store::open_read_only(home.dir.path()).await.unwrap();
    assert!(reader.run(&RunId::new("r1")).await.unwrap().is_some(), "the WAL is read too");
    home.store.insert_run(&run("r2", 2)).await.unwrap();
    assert_eq!(reader.runs(&p(), 9).await.unwrap().len(), 2, "later rows are seen");
    let error = reader.set_setting("a", "b").await.unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "a reader cannot write: {error:?}");
    let empty = TempDir::new().unwrap();
    let error = Store::open_read_only(empty.path()).await.unwrap_err();
    assert_eq!(error.code(), "data_folder_empty", "an empty folder is no data folder");
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0, "a reader makes no file");
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("slipway.db"), vec![b'x'; 16_384]).unwrap();
    let error = Store::open(dir.path(), StoreOptions::default()).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "not a database: {error:?}");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "the user can act on it");
}

#[tokio::test]
async fn a_full_disk_refuses_the_new_and_keeps_the_old() {
    let dir = TempDir::new().unwrap();
    let options = StoreOptions { max_page_count: Some(96) };
    let store = Store::open(dir.path(), options).await.unwrap();
    store.put_project(&project("p")).await.unwrap();
    store.insert_run(&run("r1", 1)).await.unwrap();
    store.insert_records(&[record("s1", "r1", 1)]).await.unwrap();
    let (run_id, step) = (RunId::new("r1"), RecordId::new("s1"));
    let batch: Vec<LogLine> =
        (0..20).map(|n| LogLine { at: n, stream: LogStream::Stdout, text: noise(n) }).collect();
    let mut acknowledged = 0;
    let error = loop {
        match store.append_log(&run_id, &step, &batch).await {
            Ok(total) => acknowledged = total,
            Err(error) => break error,
        }
        assert!(acknowledged < 10_000, "64 pages cannot hold this much");
    };
    assert!(
        matches!(&error, StoreError::DiskFull { file } if file.ends_with("slipway.db")),
        "a full disk is called so: {error:?}"
    );
    assert_eq!(error.kind(), ErrorKind::Unavailable, "it can be done again later");
    assert!(error.hint().unwrap().contains("Free some space"), "the hint says what to do");
    assert!(acknowledged > 0, "something went in before");
    let (total, _, lines) = store.read_log(&step, 0, u32::MAX).await.unwrap();
    assert_eq!(total, acknowledged, "the refused batch is not counted");
    assert_eq!(lines.len() as u32, acknowledged, "every acknowledged line is there");
    store.close().await;
    let store = Store::open(dir.path(), StoreOptions::default()).await.unwrap();
    store.check_integrity().await.unwrap();
    let total = store.append_log(&run_id, &step, &batch).await.unwrap();
    assert_eq!(total, acknowledged + 20, "with space again, the log goes on");
}

/// A text of 400 letters that no packing makes shorter.
fn noise(seed: i64) -> String {
    let mut number = seed.unsigned_abs() + 1;
    let letter = |_| {
        number =
            number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + u8::try_from(number >> 58).unwrap())
    };
    (0..400).map(letter).collect()
}

#[test]
fn a_lock_is_let_go_when_dropped_and_names_its_owner() {
    let dir = TempDir::new().unwrap();
    assert_eq!(DataFolderLock::owner(dir.path()).unwrap(), None, "nobody has it");
    let lock = DataFolderLock::acquire(dir.path()).unwrap();
    lock.set_address("http://127.0.0.1:4711").unwrap();
    let owner = DataFolderLock::owner(dir.path()).unwrap().unwrap();
    assert_eq!(owner.pid, Some(std::process::id()), "the owner is this process");
    assert_eq!(owner.address.as_deref(), Some("http://127.0.0.1:4711"), "it says where it is");
    let error = DataFolderLock::acquire(dir.path()).unwrap_err();
    assert_eq!(error.code(), "data_folder_in_use", "one Slipway a folder");
    drop(lock);
    assert_eq!(DataFolderLock::owner(dir.path()).unwrap(), None, "a dropped lock is free");
    DataFolderLock::acquire(dir.path()).unwrap();
}

/// Runs only as a child of the next test: holds the folder until it is killed.
#[test]
fn child_holds_the_lock() {
    let Some(dir) = std::env::var_os("SLIPWAY_TEST_LOCK_DIR") else { return };
    let lock = DataFolderLock::acquire(Path::new(&dir)).unwrap();
    lock.set_address("http://127.0.0.1:1").unwrap();
    println!("held");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
}

#[test]
fn a_folder_held_by_another_process_is_refused_until_it_dies() {
    use std::io::BufRead;
    let dir = TempDir::new().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "files::child_holds_the_lock", "--nocapture"])
        .env("SLIPWAY_TEST_LOCK_DIR", dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = std::io::BufReader::new(child.stdout.take().unwrap());
    let is_held = output.lines().map_while(Result::ok).any(|line| line.ends_with("held"));
    assert!(is_held, "the child took the folder");
    let error = DataFolderLock::acquire(dir.path()).unwrap_err();
    let StoreError::DataFolderInUse { pid, address, .. } = &error else {
        panic!("refused for another reason: {error:?}");
    };
    assert_eq!(*pid, Some(child.id()), "the holder is named");
    assert_eq!(address.as_deref(), Some("http://127.0.0.1:1"), "and where it answers");
    assert!(error.to_string().contains(&child.id().to_string()), "in the message: {error}");
    child.kill().unwrap();
    child.wait().unwrap();
    DataFolderLock::acquire(dir.path()).expect("a dead process holds nothing");
}
