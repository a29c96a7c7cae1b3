//! Cache entries on disk.
//!
//! ```text
//! <cache folder>/<id>/entry.json   what it is, written last
//! <cache folder>/<id>/<n>.tar      the n-th path; entry.json's time of change says when it was last used
//! <cache folder>/.part-<pid>-<n>   being written or removed
//! ```
//! Called by `cache`. Deliberately not here: keys.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::CachePlace;
use super::key::{Fingerprint, hex};
use crate::archive::{Compression, Format, Pack, pack, unpack_own};
use crate::error::{OnPath, RunnerError};
use crate::workspace::wipe;

/// Azure forgets a cache that nobody used for so long.
const UNUSED: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Nobody writes one entry for so long; what is older was left by a crash.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);
const FACTS: &str = "entry.json";

/// Who may see an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) pipeline: String,
    pub(crate) branch: String,
}

/// A cache entry, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheEntry {
    pub id: String,
    pub pipeline: String,
    pub branch: String,
    pub key: String,
    pub paths: Vec<String>,
    pub size_bytes: u64,
    /// Milliseconds since 1970.
    pub created_at: i64,
    pub used_at: i64,
    segments: Vec<String>,
    folder: PathBuf,
}

/// What was found for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) entry: CacheEntry,
    pub(crate) is_exact: bool,
}

fn id_of(scope: &Scope, fingerprint: &Fingerprint) -> String {
    let whole = format!("{}\n{}\n{fingerprint}", scope.pipeline, scope.branch);
    hex(&Sha256::digest(whole.as_bytes()))[..32].to_owned()
}

fn millis(at: SystemTime) -> i64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Reads an entry; `None` if there is none, or none that is whole.
fn read(folder: &Path) -> Option<CacheEntry> {
    let facts = folder.join(FACTS);
    let value: Value = serde_json::from_slice(&fs::read(&facts).ok()?).ok()?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let texts = |key: &str| -> Option<Vec<String>> {
        let list = value.get(key)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    };
    let segments = texts("key")?;
    Some(CacheEntry {
        id: folder.file_name()?.to_string_lossy().into_owned(),
        pipeline: text("pipeline")?,
        branch: text("branch")?,
        key: segments.join("|"),
        paths: texts("paths")?,
        size_bytes: value.get("sizeBytes")?.as_u64()?,
        created_at: value.get("createdAt")?.as_i64()?,
        used_at: millis(fs::metadata(&facts).ok()?.modified().ok()?),
        segments,
        folder: folder.to_owned(),
    })
}

/// Every entry below the folder, the one used last first.
pub fn cache_entries(folder: &Path) -> Vec<CacheEntry> {
    let Ok(found) = fs::read_dir(folder) else { return Vec::new() };
    let mut entries: Vec<CacheEntry> =
        found.flatten().filter_map(|entry| read(&entry.path())).collect();
    entries.sort_by_key(|entry| (-entry.used_at, entry.id.clone()));
    entries
}

/// Removes entries; a job that is reading one is not disturbed. Answers how many went.
pub fn remove_cache(folder: &Path, ids: &[String]) -> Result<usize, RunnerError> {
    let mut count = 0;
    for entry in cache_entries(folder).iter().filter(|entry| ids.contains(&entry.id)) {
        remove(folder, &entry.folder)?;
        count += 1;
    }
    Ok(count)
}

fn part(root: &Path) -> PathBuf {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    root.join(format!(".part-{}-{number}", std::process::id()))
}

fn remove(root: &Path, entry: &Path) -> Result<(), RunnerError> {
    // Moved first: half an entry must not look like one.
    let part = part(root);
    wipe(&part)?;
    match fs::rename(entry, &part) {
        Ok(()) => wipe(&part),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).on("Removing", entry),
    }
}

/// Looks for the first key that matches: whole in any scope, else as the beginning of the newest entry's
/// key. The first key is the exact one.
pub(crate) fn find(
    place: &CachePlace,
    branch: &str,
    key: &Fingerprint,
    restore_keys: &[Fingerprint],
) -> Option<Hit> {
    let scopes = place.scopes(branch);
    for scope in &scopes {
        if let Some(entry) = read(&place.folder.join(id_of(scope, key))) {
            return Some(Hit { entry, is_exact: true });
        }
    }
    let all = cache_entries(&place.folder);
    for wanted in restore_keys {
        for scope in &scopes {
            let is_wanted = |entry: &&CacheEntry| {
                entry.pipeline == scope.pipeline
                    && entry.branch == scope.branch
                    && entry.segments.starts_with(&wanted.0)
            };
            let newest = all.iter().filter(is_wanted).max_by_key(|entry| entry.created_at);
            if let Some(entry) = newest {
                return Some(Hit { entry: entry.clone(), is_exact: entry.segments == key.0 });
            }
        }
    }
    None
}

/// Puts an entry's files where they are wanted, and remembers that it was used.
pub(crate) fn unpack_into(entry: &CacheEntry, paths: &[PathBuf]) -> Result<u64, RunnerError> {
    let mut files = 0;
    for (index, path) in paths.iter().enumerate() {
        let archive = entry.folder.join(format!("{index}.tar"));
        if !archive.is_file() {
            continue;
        }
        let is_file = entry.folder.join(format!("{index}.file")).exists();
        let into = match path.parent() {
            Some(parent) if is_file => parent,
            _ => path,
        };
        files += unpack_own(&archive, into)?.files;
    }
    let facts = entry.folder.join(FACTS);
    // Only the order of eviction depends on it.
    if let Ok(file) = File::options().append(true).open(&facts) {
        file.set_modified(SystemTime::now()).ok();
    }
    Ok(files)
}

/// Keeps the paths under the key; `None` if another job was first. Answers the size.
pub(crate) fn save(
    place: &CachePlace,
    branch: &str,
    key: &Fingerprint,
    paths: &[PathBuf],
) -> Result<Option<u64>, RunnerError> {
    let scopes = place.scopes(branch);
    let scope = &scopes[0];
    let target = place.folder.join(id_of(scope, key));
    if target.exists() {
        return Ok(None);
    }
    fs::create_dir_all(&place.folder).on("Creating", &place.folder)?;
    let part = part(&place.folder);
    wipe(&part)?;
    fs::create_dir(&part).on("Creating", &part)?;
    let written = write(&part, scope, key, paths);
    let saved = written.and_then(|size| match fs::rename(&part, &target) {
        Ok(()) => Ok(Some(size)),
        Err(_) if target.exists() => Ok(None),
        Err(error) => Err(error).on("Writing", &target),
    });
    if !matches!(saved, Ok(Some(_))) {
        wipe(&part)?;
    }
    evict(place, &target)?;
    saved
}

fn write(
    part: &Path,
    scope: &Scope,
    key: &Fingerprint,
    paths: &[PathBuf],
) -> Result<u64, RunnerError> {
    let mut size = 0;
    for (index, path) in paths.iter().enumerate() {
        let archive = part.join(format!("{index}.tar"));
        let name = if path.is_dir() {
            PathBuf::new()
        } else {
            let mark = part.join(format!("{index}.file"));
            File::create(&mark).on("Creating", &mark)?;
            PathBuf::from(path.file_name().unwrap_or_default())
        };
        pack(&Pack {
            entries: vec![(path.clone(), name)],
            format: Format::Tar(Compression::None),
            archive: archive.clone(),
            adds: false,
        })?;
        let file = File::open(&archive).on("Reading", &archive)?;
        file.sync_all().on("Writing", &archive)?;
        size += file.metadata().on("Reading", &archive)?.len();
    }
    let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let facts = json!({
        "pipeline": scope.pipeline,
        "branch": scope.branch,
        "key": key.0,
        "paths": shown,
        "sizeBytes": size,
        "createdAt": millis(SystemTime::now()),
    });
    let path = part.join(FACTS);
    fs::write(&path, facts.to_string()).on("Writing", &path)?;
    File::open(&path).and_then(|file| file.sync_all()).on("Writing", &path)?;
    Ok(size)
}

/// Removes what was left by a crash, what nobody used for long, and what goes beyond the limit. The entry
/// that was just written stays.
fn evict(place: &CachePlace, newest: &Path) -> Result<(), RunnerError> {
    let now = SystemTime::now();
    let age = |at: i64| {
        Duration::from_millis(u64::try_from(millis(now).saturating_sub(at)).unwrap_or_default())
    };
    if let Ok(found) = fs::read_dir(&place.folder) {
        for entry in found.flatten() {
            let is_part = entry.file_name().to_string_lossy().starts_with(".part-");
            let modified = entry.metadata().and_then(|facts| facts.modified());
            if is_part && modified.is_ok_and(|at| age(millis(at)) > ABANDONED) {
                wipe(&entry.path())?;
            }
        }
    }
    let mut total = 0;
    for entry in cache_entries(&place.folder) {
        total += entry.size_bytes;
        let is_over = total > place.limit_bytes || age(entry.used_at) > UNUSED;
        if is_over && entry.folder != newest {
            total -= entry.size_bytes;
            remove(&place.folder, &entry.folder)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Fingerprint {
        Fingerprint(text.split('|').map(str::to_owned).collect())
    }

    fn place(root: &Path) -> CachePlace {
        CachePlace {
            folder: root.join("cache"),
            pipeline: "shop".to_owned(),
            default_branch: "main".to_owned(),
            limit_bytes: 1 << 30,
        }
    }

    fn files(root: &Path, text: &str) -> PathBuf {
        let folder = root.join("files");
        fs::create_dir_all(folder.join("sub")).unwrap();
        fs::write(folder.join("sub/a.txt"), text).unwrap();
        folder
    }

    #[test]
    fn a_branch_sees_its_own_caches_and_those_of_the_default_branch() {
        let root = tempfile::tempdir().unwrap();
        let place = place(root.path());
        let path = files(root.path(), "one");
        let paths = [path.clone()];
        assert!(save(&place, "refs/heads/main", &key("npm|1"), &paths).unwrap().is_some());
        assert!(save(&place, "other", &key("npm|2"), &paths).unwrap().is_some());
        assert!(find(&place, "x", &key("npm|1"), &[]).unwrap().is_exact, "main is seen by all");
        assert_eq!(find(&place, "x", &key("npm|2"), &[]), None, "another branch is not seen");
        let hit = find(&place, "x", &key("npm|3"), &[key("npm")]).unwrap();
        assert_eq!((hit.is_exact, hit.entry.key.as_str()), (false, "npm|1"), "by the beginning");
        assert_eq!(find(&place, "x", &key("npm|3"), &[key("np")]), None, "by whole parts only");
        let elsewhere = CachePlace { pipeline: "other".to_owned(), ..place.clone() };
        assert_eq!(find(&elsewhere, "main", &key("npm|1"), &[]), None, "another pipeline's");
        fs::write(path.join("sub/a.txt"), "two").unwrap();
        assert_eq!(save(&place, "main", &key("npm|1"), &paths).unwrap(), None, "never changed");
        let into = root.path().join("into");
        let hit = find(&place, "main", &key("npm|1"), &[]).unwrap();
        unpack_into(&hit.entry, std::slice::from_ref(&into)).unwrap();
        assert_eq!(fs::read_to_string(into.join("sub/a.txt")).unwrap(), "one", "as it was saved");
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let root = tempfile::tempdir().unwrap();
        let whole = place(root.path());
        let paths = [files(root.path(), &"x".repeat(10_000))];
        for (name, age) in [("a", 30), ("b", 20), ("c", 10)] {
            save(&whole, "main", &key(name), &paths).unwrap();
            let entry = find(&whole, "main", &key(name), &[]).unwrap().entry;
            let facts = File::options().append(true).open(entry.folder.join(FACTS)).unwrap();
            facts.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
        }
        let used = find(&whole, "main", &key("a"), &[]).unwrap().entry;
        unpack_into(&used, &[root.path().join("into")]).unwrap();
        let small = CachePlace { limit_bytes: used.size_bytes * 3, ..whole };
        save(&small, "main", &key("d"), &paths).unwrap();
        let left = |name: &str| find(&small, "main", &key(name), &[]).is_some();
        assert_eq!(
            ["a", "b", "c", "d"].map(left),
            [true, false, true, true],
            "b was not used for longest"
        );
    }

    #[test]
    fn two_jobs_that_save_the_same_key_do_not_disturb_each_other() {
        let root = tempfile::tempdir().unwrap();
        let place = place(root.path());
        let path = files(root.path(), "one");
        let saved: Vec<bool> = std::thread::scope(|scope| {
            let jobs: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        save(&place, "main", &key("k"), std::slice::from_ref(&path)).unwrap()
                    })
                })
                .collect();
            jobs.into_iter().map(|job| job.join().unwrap().is_some()).collect()
        });
        assert_eq!(saved.iter().filter(|saved| **saved).count(), 1, "one of them was first");
        let left = fs::read_dir(&place.folder).unwrap().count();
        assert_eq!(left, 1, "nothing half written is left");
    }

    #[test]
    fn what_a_crash_left_is_no_entry() {
        let root = tempfile::tempdir().unwrap();
        let place = place(root.path());
        let paths = [files(root.path(), "one")];
        let id = id_of(&place.scopes("main")[0], &key("k"));
        fs::create_dir_all(place.folder.join(".part-1-0")).unwrap();
        fs::write(place.folder.join(".part-1-0/0.tar"), "half").unwrap();
        assert_eq!(find(&place, "main", &key("k"), &[key("k")]), None, "half is not there");
        save(&place, "main", &key("k"), &paths).unwrap();
        assert_eq!(cache_entries(&place.folder)[0].id, id, "and does not stand in the way");
        assert_eq!(remove_cache(&place.folder, &[id]).unwrap(), 1, "it can be removed");
        assert!(cache_entries(&place.folder).is_empty(), "and is gone");
    }
}
