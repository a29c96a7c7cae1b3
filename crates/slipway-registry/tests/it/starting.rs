//! Starting, stopping and outliving: the local registry as a child process.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use slipway_registry::{LocalRegistry, LocalRegistryOptions, Registry, RegistryError};

use crate::support::{options, push, start, until};

/// Tells the helper below where to start a registry.
const HELPER_DIR: &str = "SLIPWAY_TEST_REGISTRY_DIR";

fn is_running(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

#[tokio::test]
async fn it_stops_and_comes_back_at_the_same_address() {
    let dir = tempfile::tempdir().unwrap();
    let first = start(dir.path()).await;
    let (address, pid) = (first.address().to_owned(), first.pid());
    assert!(first.is_alive() && first.notes().is_empty(), "got {:?}", first.notes());
    let pushed = push(&address, "a", "1", "x").await;
    first.stop().await;
    assert!(!first.is_alive() && !is_running(pid), "stop waits for the end");
    drop(first);

    let second = start(dir.path()).await;
    assert_eq!(second.address(), address, "the port is remembered");
    let manifest = second.client().unwrap().manifest("a", "1").await.unwrap();
    assert_eq!(manifest.digest, pushed.digest, "the images are still there");
    let pid = second.pid();
    drop(second);
    assert!(!is_running(pid), "dropping it ends the child");
    assert!(!dir.path().join("registry.pid").exists(), "and leaves no record of it");
}

#[tokio::test]
async fn a_taken_port_is_no_error_but_a_note() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let wanted = LocalRegistryOptions { preferred_port: Some(port), ..options(dir.path()) };
    let first = LocalRegistry::start(wanted.clone()).await.unwrap();
    let address = first.address().to_owned();
    assert_ne!(address, format!("127.0.0.1:{port}"));
    first.client().unwrap().ping().await.unwrap();
    let note = &first.notes()[0];
    assert!(note.contains(&port.to_string()) && note.contains(&address), "got: {note}");
    drop((first, taken));
    let second = LocalRegistry::start(wanted).await.unwrap();
    assert_eq!(second.address(), address, "images that exist keep their names");
    assert!(second.notes().is_empty(), "nothing to say this time: {:?}", second.notes());
}

#[tokio::test]
async fn the_preferred_port_is_taken_if_it_is_free() {
    let dir = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let wanted = LocalRegistryOptions { preferred_port: Some(port), ..options(dir.path()) };
    let local = LocalRegistry::start(wanted).await.unwrap();
    assert_eq!(local.address(), format!("127.0.0.1:{port}"));
}

#[tokio::test]
async fn one_data_folder_has_one_registry() {
    let dir = tempfile::tempdir().unwrap();
    let first = start(dir.path()).await;
    let error = LocalRegistry::start(options(dir.path())).await.unwrap_err();
    let RegistryError::InUse { owner, .. } = error else { panic!("got {error:?}") };
    assert_eq!(owner, std::process::id(), "the owner is named");
    first.client().unwrap().ping().await.expect("the first one is left alone");
}

/// Not a test: the process that the next test kills. It starts a registry and waits.
#[tokio::test]
async fn helper_that_is_killed() {
    let Some(dir) = std::env::var_os(HELPER_DIR) else { return };
    let local = start(Path::new(&dir)).await;
    println!("\nhelper {} {}", local.pid(), local.address());
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn kill_nine_ends_the_child_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut helper = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "starting::helper_that_is_killed", "--nocapture"])
        .env(HELPER_DIR, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(helper.stdout.take().unwrap()).lines();
    let line = lines.map_while(Result::ok).find(|line| line.starts_with("helper ")).unwrap();
    let words: Vec<&str> = line.split(' ').collect();
    let (pid, address) = (words[1].parse().unwrap(), words[2]);
    assert!(is_running(pid), "the registry runs before the kill");
    helper.kill().unwrap();
    helper.wait().unwrap();
    if Path::new("/usr/bin/setpriv").exists() {
        until("the kernel has ended the registry", || !is_running(pid)).await;
    }
    let local = start(dir.path()).await;
    assert_eq!(local.address(), address, "a start after a crash finds port and folder free");
    assert!(!is_running(pid), "there are never two");
}

#[tokio::test]
async fn an_orphan_of_a_dead_app_is_ended() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    let former = start(&root).await;
    let address = former.address().to_owned();
    former.stop().await;
    // The same child again, but without anybody who watches it, as if `setpriv` were missing.
    let mut orphan = Command::new("docker-registry")
        .arg("serve")
        .arg(root.join("config.yml"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let pid = orphan.id();
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let ticks = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap();
    // An owner whose process id belongs to somebody else by now.
    let record = format!(
        "{{\"child\":{{\"pid\":{pid},\"started\":{ticks}}},\"owner\":{{\"pid\":{},\"started\":1}}}}",
        std::process::id()
    );
    std::fs::write(root.join("registry.pid"), record).unwrap();
    let client = Registry::new(&address, true, None).unwrap();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while client.ping().await.is_err() {
        assert!(std::time::Instant::now() < end, "the orphan listens");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let local = start(&root).await;
    assert!(orphan.try_wait().unwrap().is_some(), "the orphan was ended");
    assert_eq!(local.address(), address, "so its port is free again");
    assert!(local.notes()[0].contains(&pid.to_string()), "got {:?}", local.notes());
}

#[tokio::test]
async fn a_program_that_cannot_start_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let missing = LocalRegistryOptions { program: Some("/no/such".into()), ..options(dir.path()) };
    let error = LocalRegistry::start(missing).await.unwrap_err();
    assert!(matches!(error, RegistryError::ProgramMissing { .. }), "got {error:?}");
    let wrong = LocalRegistryOptions { program: Some("/bin/false".into()), ..options(dir.path()) };
    let error = LocalRegistry::start(wrong).await.unwrap_err();
    let RegistryError::StartFailed { reason, .. } = &error else { panic!("got {error:?}") };
    assert!(reason.contains("exit status: 1"), "the status is told: {reason}");
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = LocalRegistry::start(options(&file)).await.unwrap_err();
    assert!(matches!(error, RegistryError::DataUnusable { .. }), "got {error:?}");
}
