//! The encrypted file: what it keeps, what it shows, what opens it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use slipway_secrets::{ExposeSecret as _, Place, PlaceKind, SecretString, Secrets, SecretsError};

const VALUE: &str = "s3cret-value-of-a-test";

fn open(folder: &Path, passphrase: Option<&str>) -> Secrets {
    Secrets::open(folder, Place::File, passphrase.map(SecretString::from)).unwrap()
}

fn text(secrets: &Secrets, key: &str) -> Option<String> {
    secrets.get(key).unwrap().map(|value| value.expose_secret().to_owned())
}

/// Every byte of every file below a folder.
fn bytes_below(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            all.extend(bytes_below(&entry.path()));
        } else {
            all.extend(std::fs::read(entry.path()).unwrap());
        }
    }
    all
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

#[test]
fn values_come_back_and_are_not_readable_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = open(folder.path(), None);
    assert_eq!(text(&secrets, "a"), None, "nothing is there yet");
    secrets.set("a", &SecretString::from(VALUE)).unwrap();
    secrets.set("b", &SecretString::from("other")).unwrap();
    secrets.put_file("f-1", format!("file of {VALUE}").as_bytes()).unwrap();
    assert_eq!(
        text(&open(folder.path(), None), "a").as_deref(),
        Some(VALUE),
        "the next one sees it"
    );
    let file = open(folder.path(), None).file("f-1").unwrap().unwrap();
    assert_eq!(file, format!("file of {VALUE}").as_bytes(), "files come back too");
    assert!(!holds(&bytes_below(folder.path()), VALUE), "no file holds it as it is");
    secrets.remove("a").unwrap();
    secrets.remove("a").unwrap();
    secrets.remove_file("f-1").unwrap();
    assert_eq!(text(&secrets, "a"), None, "gone");
    assert_eq!(text(&secrets, "b").as_deref(), Some("other"), "the rest stays");
    assert_eq!(secrets.file("f-1").unwrap(), None, "the file is gone");
}

#[test]
fn only_the_owner_may_read_the_key_and_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("secrets");
    let secrets = open(&place, None);
    secrets.set("a", &SecretString::from(VALUE)).unwrap();
    secrets.put_file("f", b"x").unwrap();
    assert_eq!(secrets.place(), PlaceKind::FileWithKey, "a key file opens it");
    for (path, mode) in [
        ("", 0o700),
        ("identity.key", 0o600),
        ("secrets.age", 0o600),
        ("files", 0o700),
        ("files/f.age", 0o600),
    ] {
        let found = std::fs::metadata(place.join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "the mode of {path:?}");
    }
}

#[test]
fn a_passphrase_locks_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = open(folder.path(), Some("correct horse"));
    secrets.set("a", &SecretString::from(VALUE)).unwrap();
    assert_eq!(secrets.place(), PlaceKind::FileWithPassphrase, "it says so");
    assert!(!folder.path().join("identity.key").exists(), "no plain key lies beside it");
    assert_eq!(
        text(&open(folder.path(), Some("correct horse")), "a").as_deref(),
        Some(VALUE),
        "opens"
    );
    let locked = open(folder.path(), None).get("a").unwrap_err();
    assert!(matches!(locked, SecretsError::Locked { .. }), "without one: {locked}");
    let wrong = open(folder.path(), Some("battery staple")).get("a").unwrap_err();
    assert!(matches!(wrong, SecretsError::PassphraseWrong { .. }), "with another: {wrong}");
    let written = open(folder.path(), None).set("b", &SecretString::from("x")).unwrap_err();
    assert!(matches!(written, SecretsError::Locked { .. }), "nothing is written either: {written}");
}

#[test]
fn a_passphrase_is_set_and_taken_away_without_losing_anything() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = open(folder.path(), None);
    secrets.set("a", &SecretString::from(VALUE)).unwrap();
    secrets.set_passphrase(Some(&SecretString::from("horse"))).unwrap();
    assert!(!folder.path().join("identity.key").exists(), "the plain key is gone");
    assert_eq!(text(&open(folder.path(), Some("horse")), "a").as_deref(), Some(VALUE), "locked");
    open(folder.path(), Some("horse")).set_passphrase(None).unwrap();
    assert_eq!(text(&open(folder.path(), None), "a").as_deref(), Some(VALUE), "open again");
}

#[test]
fn a_damaged_file_is_named_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = open(folder.path(), None);
    secrets.set("a", &SecretString::from(VALUE)).unwrap();
    let path = folder.path().join("secrets.age");
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let error = secrets.get("a").unwrap_err();
    assert!(error.to_string().contains("secrets.age"), "the file is named: {error}");
    secrets.set("b", &SecretString::from("x")).unwrap_err();
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "what may still be saved is left alone");
}

#[test]
fn the_place_of_the_first_time_stays() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path(), None).set("a", &SecretString::from(VALUE)).unwrap();
    let again = Secrets::open(folder.path(), Place::Automatic, None).unwrap();
    assert_eq!(again.place(), PlaceKind::FileWithKey, "whether or not there is a keychain now");
    assert_eq!(text(&again, "a").as_deref(), Some(VALUE), "so nothing gets lost");
    let error = Place::parse("vault").unwrap_err();
    assert!(error.to_string().contains("'vault'"), "a wrong word is named: {error}");
}
