//! The build context as a tar stream: read in a blocking thread, never whole in memory.
//!
//! Called by `build.rs`. Deliberately not here: the HTTP call, remote contexts, compression (the
//! socket is local).

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tar::{Builder, EntryType, Header, HeaderMode};
use tokio::sync::mpsc;

use crate::EngineError;
use crate::dockerignore::DockerIgnore;

/// A chunk of the stream; sixteen of them may wait for the engine.
const CHUNK: usize = 128 * 1024;
const CHUNKS_WAITING: usize = 16;
/// What a Dockerfile from outside of the context is called within it.
const FOREIGN_DOCKERFILE: &str = ".slipway.dockerfile";

/// A context that was looked at and can be streamed.
#[derive(Debug)]
pub(crate) struct BuildContext {
    root: PathBuf,
    /// The Dockerfile's path in the tar.
    pub(crate) dockerfile: String,
    /// The Dockerfile on disk, if it lies outside of the context.
    foreign: Option<PathBuf>,
    ignore_file: Option<String>,
}

/// The chunks, and whether reading went well.
pub(crate) type ContextStream =
    (mpsc::Receiver<io::Result<Bytes>>, tokio::task::JoinHandle<Result<(), EngineError>>);

impl BuildContext {
    /// Finds the Dockerfile and reads `.dockerignore`.
    pub(crate) fn open(context: &Path, dockerfile: &Path) -> Result<Self, EngineError> {
        let unreadable = |error: io::Error| EngineError::ContextUnreadable {
            context: context.to_owned(),
            reason: crate::call::sentence(&error.to_string()),
        };
        let root = context.canonicalize().map_err(unreadable)?;
        if !root.is_dir() {
            return Err(unreadable(io::Error::other("it is not a folder")));
        }
        let wanted = root.join(dockerfile);
        let missing = || EngineError::DockerfileMissing { dockerfile: wanted.clone() };
        let found = wanted.canonicalize().map_err(|_| missing())?;
        if !found.is_file() {
            return Err(missing());
        }
        let inside = found.strip_prefix(&root).ok().map(slashed);
        // BuildKit lets `x.Dockerfile.dockerignore` stand in front of `.dockerignore`.
        let mut own_ignore = found.clone().into_os_string();
        own_ignore.push(".dockerignore");
        let ignore_file = [PathBuf::from(own_ignore), root.join(".dockerignore")]
            .iter()
            .find(|path| path.is_file())
            .map(|path| fs::read_to_string(path).map_err(unreadable))
            .transpose()?;
        Ok(match inside {
            Some(dockerfile) => Self { root, dockerfile, foreign: None, ignore_file },
            None => Self {
                root,
                dockerfile: FOREIGN_DOCKERFILE.to_owned(),
                foreign: Some(found),
                ignore_file,
            },
        })
    }

    /// Starts to read; the thread ends when all is read or the receiver is dropped.
    pub(crate) fn stream(self) -> ContextStream {
        let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
        let reader = tokio::task::spawn_blocking(move || {
            let out = ChunkWriter { sender: sender.clone(), buffer: Vec::with_capacity(CHUNK) };
            match self.write(out) {
                Ok(()) => Ok(()),
                // The engine hung up; the call itself knows why.
                Err(_) if sender.is_closed() => Ok(()),
                Err(error) => {
                    // The stream must end in an error, or half a context would be built.
                    sender.blocking_send(Err(io::Error::other(error.to_string()))).ok();
                    Err(EngineError::ContextUnreadable {
                        context: self.root.clone(),
                        reason: crate::call::sentence(&error.to_string()),
                    })
                }
            }
        });
        (receiver, reader)
    }

    fn write(&self, out: ChunkWriter) -> io::Result<()> {
        let ignore = DockerIgnore::parse(self.ignore_file.as_deref().unwrap_or_default());
        let mut packer = Packer {
            tar: Builder::new(out),
            root: &self.root,
            ignore,
            dockerfile: &self.dockerfile,
            has_foreign: self.foreign.is_some(),
            folders: HashSet::new(),
        };
        packer.folder(Path::new(""))?;
        if let Some(foreign) = &self.foreign {
            packer.text(FOREIGN_DOCKERFILE, &fs::read(foreign)?)?;
            // The engine takes both out of the context again before it copies anything.
            let own = self.ignore_file.as_deref().unwrap_or(".dockerignore");
            packer.text(".dockerignore", format!("{own}\n{FOREIGN_DOCKERFILE}\n").as_bytes())?;
        }
        packer.tar.into_inner()?.flush()
    }
}

/// Writes files into the tar, folder by folder in the order of their names.
struct Packer<'a> {
    tar: Builder<ChunkWriter>,
    root: &'a Path,
    ignore: DockerIgnore,
    dockerfile: &'a str,
    has_foreign: bool,
    folders: HashSet<PathBuf>,
}

impl Packer<'_> {
    fn folder(&mut self, relative: &Path) -> io::Result<()> {
        let folder = self.root.join(relative);
        let mut entries = fs::read_dir(&folder)
            .and_then(Iterator::collect::<io::Result<Vec<_>>>)
            .map_err(|error| at(&folder, error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = relative.join(entry.file_name());
            let name = slashed(&path);
            let meta = entry.metadata().map_err(|error| at(&entry.path(), error))?;
            // The engine needs these two even if the context does not.
            let is_needed = name == self.dockerfile || name == ".dockerignore";
            if self.has_foreign && (name == ".dockerignore" || name == FOREIGN_DOCKERFILE) {
                continue;
            }
            let is_ignored = !is_needed && self.ignore.is_ignored(&name);
            if meta.is_dir() {
                if !is_ignored {
                    self.folder_head(&path)?;
                }
                let holds_dockerfile = Path::new(self.dockerfile).starts_with(&path);
                if !is_ignored || holds_dockerfile || !self.ignore.is_closed(&name) {
                    self.folder(&path)?;
                }
            } else if !is_ignored {
                self.entry(&path, &meta)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, meta: &Metadata) -> io::Result<()> {
        if let Some(parent) = path.parent() {
            self.folder_head(parent)?;
        }
        let full = self.root.join(path);
        let mut head = head_of(meta);
        if meta.is_symlink() {
            let target = fs::read_link(&full).map_err(|error| at(&full, error))?;
            head.set_size(0);
            return self.tar.append_link(&mut head, path, target);
        }
        if !meta.is_file() {
            // Sockets and pipes have no content that could be copied.
            return Ok(());
        }
        let file = File::open(&full).map_err(|error| at(&full, error))?;
        let mut exact = ExactReader { inner: file, left: meta.len(), path: &full };
        self.tar.append_data(&mut head, path, &mut exact)
    }

    fn folder_head(&mut self, path: &Path) -> io::Result<()> {
        if path.as_os_str().is_empty() || self.folders.contains(path) {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            self.folder_head(parent)?;
        }
        self.folders.insert(path.to_owned());
        let full = self.root.join(path);
        let meta = fs::metadata(&full).map_err(|error| at(&full, error))?;
        let mut head = head_of(&meta);
        head.set_size(0);
        self.tar.append_data(&mut head, path, io::empty())
    }

    fn text(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let mut head = Header::new_gnu();
        head.set_entry_type(EntryType::Regular);
        head.set_mode(0o644);
        head.set_size(content.len() as u64);
        self.tar.append_data(&mut head, name, content)
    }
}

/// Owner root, as the Docker client sends it: the builder's user means nothing in the image.
fn head_of(meta: &Metadata) -> Header {
    let mut head = Header::new_gnu();
    head.set_metadata_in_mode(meta, HeaderMode::Complete);
    head.set_uid(0);
    head.set_gid(0);
    head
}

fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn at(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Gives as many bytes as the tar header promised, or fails: a file may change under our hands.
struct ExactReader<'a> {
    inner: File,
    left: u64,
    path: &'a Path,
}

impl Read for ExactReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let got = self.inner.read(&mut buffer[..most]).map_err(|error| at(self.path, error))?;
        if got == 0 && most > 0 {
            return Err(at(self.path, io::Error::other("it shrank while it was being read")));
        }
        self.left -= got as u64;
        Ok(got)
    }
}

/// Passes what is written on to the channel in large chunks.
struct ChunkWriter {
    sender: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        self.sender
            .blocking_send(Ok(chunk.into()))
            .map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "the engine hung up"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (name, content) in files {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    async fn names(context: BuildContext) -> Vec<String> {
        let (mut chunks, reader) = context.stream();
        let mut bytes = Vec::new();
        while let Some(chunk) = chunks.recv().await {
            bytes.extend_from_slice(&chunk.unwrap());
        }
        reader.await.unwrap().unwrap();
        let mut archive = tar::Archive::new(bytes.as_slice());
        let entries = archive.entries().unwrap();
        entries.map(|e| e.unwrap().path().unwrap().to_string_lossy().into_owned()).collect()
    }

    #[tokio::test]
    async fn ignored_files_stay_at_home() {
        let dir = tempfile::tempdir().unwrap();
        write(
            dir.path(),
            &[
                ("Dockerfile", "FROM scratch"),
                (".dockerignore", "*\n!src/main.c\nDockerfile"),
                ("src/main.c", "int"),
                ("src/main.o", "bin"),
                ("target/big", "big"),
            ],
        );
        let context = BuildContext::open(dir.path(), Path::new("Dockerfile")).unwrap();
        assert_eq!(
            names(context).await,
            [".dockerignore", "Dockerfile", "src", "src/main.c"],
            "the engine needs the first two; main.c comes back with its folder"
        );
    }

    #[tokio::test]
    async fn a_dockerfile_from_outside_comes_along_and_is_hidden() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[("app/a.txt", "a"), ("build/Dockerfile", "FROM scratch")]);
        let dockerfile = dir.path().join("build/Dockerfile");
        let context = BuildContext::open(&dir.path().join("app"), &dockerfile).unwrap();
        assert_eq!(context.dockerfile, FOREIGN_DOCKERFILE);
        assert_eq!(names(context).await, ["a.txt", FOREIGN_DOCKERFILE, ".dockerignore"]);
    }

    #[tokio::test]
    async fn links_are_sent_as_links() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[("Dockerfile", "FROM scratch")]);
        std::os::unix::fs::symlink("/nowhere", dir.path().join("dangling")).unwrap();
        let context = BuildContext::open(dir.path(), Path::new("Dockerfile")).unwrap();
        assert_eq!(names(context).await, ["Dockerfile", "dangling"], "a dangling link is no error");
    }

    #[test]
    fn a_missing_dockerfile_names_its_path() {
        let dir = tempfile::tempdir().unwrap();
        let error = BuildContext::open(dir.path(), Path::new("deploy/Dockerfile")).unwrap_err();
        assert!(error.to_string().ends_with("deploy/Dockerfile"), "got: {error}");
        let error =
            BuildContext::open(&dir.path().join("no"), Path::new("Dockerfile")).unwrap_err();
        assert!(matches!(error, EngineError::ContextUnreadable { .. }), "got: {error}");
    }

    #[tokio::test]
    async fn a_large_context_waits_for_the_engine() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[("Dockerfile", "FROM scratch")]);
        fs::write(dir.path().join("big"), vec![7_u8; 32 * CHUNK]).unwrap();
        let context = BuildContext::open(dir.path(), Path::new("Dockerfile")).unwrap();
        let (mut chunks, reader) = context.stream();
        chunks.recv().await.unwrap().unwrap();
        assert!(!reader.is_finished(), "thirty-two chunks do not fit: the reader must wait");
        drop(chunks);
        let ended = tokio::time::timeout(std::time::Duration::from_secs(10), reader).await;
        ended.expect("a reader without a receiver ends").unwrap().unwrap();
    }
}
