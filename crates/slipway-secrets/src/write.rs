//! Files that are either the old one or the new one, whenever the process ends, and locks between processes.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use crate::SecretsError;

/// How the names of unfinished files begin.
const UNFINISHED: &str = ".unfinished-";

pub(crate) fn disk<'p>(
    path: &'p Path,
    doing: &'static str,
) -> impl FnOnce(std::io::Error) -> SecretsError + 'p {
    move |source| SecretsError::Disk { path: path.to_owned(), doing, source }
}

/// Replaces a file; only its owner may read it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), SecretsError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let written = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder).and_then(
        |mut unfinished| {
            unfinished.write_all(bytes)?;
            unfinished.as_file().sync_all()?;
            unfinished.persist(path).map_err(|error| error.error)?;
            sync_folder(folder)
        },
    );
    written.map_err(disk(path, "written"))
}

/// A rename is only on disk when its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Makes a folder that only its owner may enter.
pub(crate) fn private_folder(path: &Path) -> Result<(), SecretsError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(disk(path, "made"))
}

/// One writer at a time; let go when dropped, and by the operating system when the process ends.
pub(crate) struct Writer(#[expect(dead_code, reason = "the lock lives as long as it")] File);

impl Writer {
    /// Waits for its turn, and removes what a writer that was killed left behind.
    pub(crate) fn wait(folder: &Path) -> Result<Self, SecretsError> {
        let path = folder.join("lock");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .and_then(|file| file.lock().map(|()| file))
            .map_err(disk(&path, "locked"))?;
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                // Another's next turn tries again.
                std::fs::remove_file(entry.path()).ok();
            }
        }
        Ok(Self(file))
    }
}
