//! A change of several steps, noted in the git folder before the first one: a process that dies in between leaves a
//! repository that is as before or has the whole change, once it is opened again.
//!
//! `slipway-api` notes what it is about to write and commit ([`Repository::begin`]), and mends what it finds when it
//! opens a repository ([`Repository::mend`]). Deliberately not here: writing the files, the commit, and what an error
//! leaves, which whoever has it answers for.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use git2::{IndexEntry, IndexTime, ObjectType, Oid};

use crate::Repository;
use crate::error::GitError;
use crate::path::spelled;

/// What a file is called while it is written beside its place.
pub const BESIDE: &str = ".slipway-new";
/// The note's name in the git folder.
const NOTE: &str = "slipway-under-way";
/// A note without it was never finished, so nothing had begun.
const END: &str = "end";
/// Git's locks that a change leaves when it dies are this much younger than its note, at most.
const LONGEST: Duration = Duration::from_secs(10);

/// What is about to be written and, perhaps, committed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Files that are not there yet, with their texts. They go again if the change is not finished.
    pub added: Vec<(String, String)>,
    /// Files that are written over. What was saved stays saved, committed or not.
    pub replaced: Vec<(String, String)>,
    /// A branch that is made for it.
    pub branch: Option<String>,
}

/// A change that is under way, until dropped. The system lets its lock go when the process ends, however it ends.
#[derive(Debug)]
pub struct UnderWay {
    note: PathBuf,
    /// Held for its lock.
    _file: File,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        // A note that stays is of a change that was made: the next opening sees that, and removes it.
        fs::remove_file(&self.note).ok();
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct NotedFile {
    path: String,
    is_added: bool,
    text: Oid,
    /// How the index had it before.
    staged: Option<(Oid, u32)>,
}

/// How the repository was before a change, and what the change makes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Note {
    /// The branch that was checked out, by its full name; none when detached.
    head: Option<String>,
    commit: Option<Oid>,
    /// The branch to be made, by its full name.
    branch: Option<String>,
    files: Vec<NotedFile>,
    /// Folders to be made, outermost first.
    folders: Vec<String>,
}

impl Repository {
    /// Notes a change before its first step. Refused while another one is under way.
    pub fn begin(&self, change: &Change) -> Result<UnderWay, GitError> {
        self.mend()?;
        let text = self.noted(change)?.to_bytes();
        let note = self.note_place();
        let failed = |source| GitError::Io { path: note.clone(), source };
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&note) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(GitError::Locked { root: self.root().to_owned() });
            }
            Err(error) => return Err(failed(error)),
        };
        let written =
            file.lock().and_then(|()| file.write_all(&text)).and_then(|()| file.sync_all());
        let under_way = UnderWay { note: note.clone(), _file: file };
        written.map_err(failed)?;
        Ok(under_way)
    }

    /// Takes back a change that a process died over, unless its commit was made. True if there was one.
    pub fn mend(&self) -> Result<bool, GitError> {
        let place = self.note_place();
        let failed = |source| GitError::Io { path: place.clone(), source };
        let mut file = match OpenOptions::new().read(true).write(true).open(&place) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(failed(error)),
        };
        match file.try_lock() {
            Ok(()) => {}
            // Whoever makes it lives.
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        if let Some(note) = Note::of_bytes(&bytes) {
            let began = file.metadata().and_then(|facts| facts.modified()).map_err(failed)?;
            self.remove_locks(&note, began);
            for file in &note.files {
                if let Ok(path) = self.inside(&file.path) {
                    let mut name = self.root().join(path).into_os_string();
                    name.push(BESIDE);
                    // Mostly there is none.
                    fs::remove_file(name).ok();
                }
            }
            if !self.is_made(&note)? {
                self.take_back(&note)?;
            }
        }
        fs::remove_file(&place).map_err(failed)?;
        Ok(true)
    }

    fn note_place(&self) -> PathBuf {
        self.inner.path().join(NOTE)
    }

    fn noted(&self, change: &Change) -> Result<Note, GitError> {
        let failed = self.failed("noting a change");
        let index = self.fresh_index()?;
        let mut note = Note {
            head: self.branch().map(|name| format!("refs/heads/{name}")),
            commit: self.head_commit()?.map(|commit| commit.id()),
            branch: change.branch.as_ref().map(|name| format!("refs/heads/{name}")),
            ..Note::default()
        };
        let added = change.added.iter().map(|file| (file, true));
        let replaced = change.replaced.iter().map(|file| (file, false));
        for ((path, text), is_added) in added.chain(replaced) {
            let path = self.inside(path)?;
            let missing = path.ancestors().skip(1).filter(|folder| {
                !folder.as_os_str().is_empty() && !self.root().join(folder).exists()
            });
            let mut missing: Vec<String> = missing.map(spelled).collect();
            missing.reverse();
            missing.retain(|folder| !note.folders.contains(folder));
            note.folders.extend(missing);
            note.files.push(NotedFile {
                // One that is there already is refused, and never taken back.
                is_added: is_added && self.root().join(&path).symlink_metadata().is_err(),
                text: Oid::hash_object(ObjectType::Blob, text.as_bytes()).map_err(&failed)?,
                staged: index.get_path(&path, 0).map(|entry| (entry.id, entry.mode)),
                path: spelled(&path),
            });
        }
        Ok(note)
    }

    /// Whether the commit is there: its branch has gone on, to a commit that has the files.
    fn is_made(&self, note: &Note) -> Result<bool, GitError> {
        let name = note.branch.as_deref().or(note.head.as_deref());
        let tip = name.and_then(|name| self.inner.find_reference(name).ok()?.target());
        let Some(tip) = tip.filter(|tip| Some(*tip) != note.commit) else { return Ok(false) };
        let failed = self.failed("reading the newest commit");
        let tree = self.inner.find_commit(tip).and_then(|it| it.tree()).map_err(failed)?;
        Ok(note.files.iter().all(|file| tree.get_path(Path::new(&file.path)).is_ok()))
    }

    /// Puts head, index and files back. What somebody has changed since is theirs and stays.
    fn take_back(&self, note: &Note) -> Result<(), GitError> {
        let failed = self.failed("taking back an unfinished change");
        if let Some(branch) = &note.branch {
            let now = self.branch().map(|name| format!("refs/heads/{name}"));
            if now.as_ref() == Some(branch) {
                match (&note.head, note.commit) {
                    (Some(head), _) => self.inner.set_head(head).map_err(&failed)?,
                    (None, Some(commit)) => {
                        self.inner.set_head_detached(commit).map_err(&failed)?
                    }
                    (None, None) => {}
                }
            }
            if let Ok(mut made) = self.inner.find_reference(branch)
                && made.target() == note.commit
            {
                made.delete().map_err(&failed)?;
            }
        }
        let mut index = self.fresh_index()?;
        let mut is_changed = false;
        for file in &note.files {
            let path = self.inside(&file.path)?;
            let is_staged = index.get_path(&path, 0).is_some_and(|entry| entry.id == file.text);
            match file.staged {
                None if is_staged => index.remove_path(&path).map_err(&failed)?,
                Some((id, mode)) if is_staged && id != file.text => {
                    index.add(&entry(&file.path, id, mode)).map_err(&failed)?;
                }
                _ => continue,
            }
            is_changed = true;
        }
        if is_changed {
            index.write().map_err(&failed)?;
        }
        for file in note.files.iter().filter(|file| file.is_added) {
            let path = self.inside(&file.path)?;
            let place = self.root().join(&path);
            let text = fs::read(&place).ok();
            let text = text.and_then(|text| Oid::hash_object(ObjectType::Blob, &text).ok());
            if text == Some(file.text) && !self.is_in_head(&path)? {
                fs::remove_file(&place).map_err(|source| GitError::Io { path: place, source })?;
            }
        }
        for folder in note.folders.iter().rev() {
            if let Ok(folder) = self.inside(folder) {
                // One that somebody has put a file into stays.
                fs::remove_dir(self.root().join(folder)).ok();
            }
        }
        Ok(())
    }

    /// Git's own locks that the change held when it died; an older or younger one is somebody else's.
    fn remove_locks(&self, note: &Note, began: SystemTime) {
        let own = ["index", "HEAD"].map(|name| self.inner.path().join(format!("{name}.lock")));
        let refs = note.branch.iter().chain(&note.head);
        let refs = refs.map(|name| self.inner.commondir().join(format!("{name}.lock")));
        for lock in own.into_iter().chain(refs) {
            let made = lock.symlink_metadata().and_then(|facts| facts.modified());
            if made.is_ok_and(|made| made >= began && made <= began + LONGEST) {
                // One that stays is named by the next commit.
                fs::remove_file(lock).ok();
            }
        }
    }
}

fn entry(path: &str, id: Oid, mode: u32) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

impl Note {
    /// Records with a NUL behind each: a path may hold anything else.
    fn to_bytes(&self) -> Vec<u8> {
        let mut records = Vec::new();
        records.extend(self.head.as_ref().map(|name| format!("head {name}")));
        records.extend(self.commit.map(|id| format!("commit {id}")));
        records.extend(self.branch.as_ref().map(|name| format!("branch {name}")));
        records.extend(self.files.iter().map(|file| {
            let kind = if file.is_added { "added" } else { "replaced" };
            let (id, mode) = file.staged.unwrap_or((Oid::ZERO_SHA1, 0));
            format!("{kind} {} {id} {mode} {}", file.text, file.path)
        }));
        records.extend(self.folders.iter().map(|folder| format!("folder {folder}")));
        records.push(END.to_owned());
        records.iter().flat_map(|record| [record.as_bytes(), b"\0"].concat()).collect()
    }

    /// None for a note that was not finished.
    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut records: Vec<&str> = text.strip_suffix('\0')?.split('\0').collect();
        if records.pop() != Some(END) {
            return None;
        }
        let mut note = Self::default();
        for record in records {
            let (kind, rest) = record.split_once(' ')?;
            match kind {
                "head" => note.head = Some(rest.to_owned()),
                "commit" => note.commit = Some(Oid::from_str(rest).ok()?),
                "branch" => note.branch = Some(rest.to_owned()),
                "folder" => note.folders.push(rest.to_owned()),
                "added" | "replaced" => {
                    let mut parts = rest.splitn(4, ' ');
                    let text = Oid::from_str(parts.next()?).ok()?;
                    let id = Oid::from_str(parts.next()?).ok()?;
                    let mode = parts.next()?.parse().ok()?;
                    note.files.push(NotedFile {
                        path: parts.next()?.to_owned(),
                        is_added: kind == "added",
                        text,
                        staged: (!id.is_zero()).then_some((id, mode)),
                    });
                }
                _ => return None,
            }
        }
        Some(note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_as_it_was_written_and_half_of_one_is_none() {
        let id = |letter: &str| Oid::from_str(&letter.repeat(40)).unwrap();
        let file = |path: &str, is_added, staged| NotedFile {
            path: path.to_owned(),
            is_added,
            text: id("a"),
            staged,
        };
        let note = Note {
            head: Some("refs/heads/main".to_owned()),
            commit: Some(id("c")),
            branch: Some("refs/heads/topic/a".to_owned()),
            files: vec![
                file("a b/c\nd.yml", true, None),
                file("x", false, Some((id("b"), 0o100_644))),
            ],
            folders: vec!["a b".to_owned()],
        };
        let bytes = note.to_bytes();
        assert_eq!(Note::of_bytes(&bytes), Some(note), "every field, and any path");
        for length in 0..bytes.len() {
            assert_eq!(Note::of_bytes(&bytes[..length]), None, "cut at {length}");
        }
    }
}
