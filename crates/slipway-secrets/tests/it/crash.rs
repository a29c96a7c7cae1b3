//! A process killed at any moment loses nothing that it acknowledged; two processes lose nothing of each other.
//!
//! The child is this very test binary, told by an environment variable to write until it dies.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use slipway_secrets::{ExposeSecret as _, Place, SecretString, Secrets};

const FOLDER: &str = "SLIPWAY_TEST_SECRETS_FOLDER";
const NAME: &str = "SLIPWAY_TEST_SECRETS_NAME";
const COUNT: &str = "SLIPWAY_TEST_SECRETS_COUNT";

fn open(folder: &Path) -> Secrets {
    Secrets::open(folder, Place::File, None).unwrap()
}

/// Runs only as a child: sets keys and prints each number that was acknowledged.
#[test]
fn child_sets_secrets() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let name = std::env::var(NAME).unwrap();
    let count: u32 = std::env::var(COUNT).unwrap().parse().unwrap();
    let secrets = open(Path::new(&folder));
    for number in 0..count {
        let key = format!("{name}-{number}");
        secrets.set(&key, &SecretString::from(format!("value {number}"))).unwrap();
        println!("set {number}");
        std::io::stdout().flush().unwrap();
    }
}

fn child(folder: &Path, name: &str, count: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child_sets_secrets", "--nocapture"])
        .env(FOLDER, folder)
        .env(NAME, name)
        .env(COUNT, count.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn is_set(secrets: &Secrets, name: &str, number: u32) -> bool {
    let kept = secrets.get(&format!("{name}-{number}")).unwrap();
    kept.is_some_and(|value| value.expose_secret() == format!("value {number}"))
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..8 {
        let name = format!("round{round}");
        let mut writer = child(folder.path(), &name, u32::MAX);
        let mut said = BufReader::new(writer.stdout.take().unwrap()).lines();
        let mut last = None;
        while let Some(Ok(line)) = said.next() {
            if let Some(number) = line.strip_prefix("set ").and_then(|text| text.parse().ok()) {
                last = Some(number);
                // Somewhere in the middle of what comes next.
                if number == 3 + round * 2 {
                    writer.kill().unwrap();
                }
            }
        }
        writer.wait().unwrap();
        let last: u32 = last.unwrap();
        let secrets = open(folder.path());
        for number in 0..=last {
            assert!(is_set(&secrets, &name, number), "{name} {number} of {last} was acknowledged");
        }
        secrets.set("after", &SecretString::from("x")).unwrap();
        let left = std::fs::read_dir(folder.path()).unwrap().flatten();
        let left = left.filter(|entry| entry.file_name().to_string_lossy().starts_with(".unf"));
        assert_eq!(left.count(), 0, "the next writer removes what the killed one left");
    }
}

#[test]
fn two_processes_keep_what_the_other_wrote() {
    let folder = tempfile::tempdir().unwrap();
    // Both also race for making the key.
    let writers = [child(folder.path(), "one", 25), child(folder.path(), "two", 25)];
    for mut writer in writers {
        let said = BufReader::new(writer.stdout.take().unwrap()).lines().count();
        assert!(writer.wait().unwrap().success(), "each writes all it wants: {said}");
    }
    let secrets = open(folder.path());
    for name in ["one", "two"] {
        for number in 0..25 {
            assert!(is_set(&secrets, name, number), "{name} {number} is there");
        }
    }
}
