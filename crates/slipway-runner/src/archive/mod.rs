//! Archives: zip, and tar with the usual compressions.
//!
//! Called by `ArchiveFiles`, `ExtractFiles`, the cache and `StoreAsTar`. Everything streams: no file is held
//! in memory. An archive is written beside its place and moved there when it is whole. Deliberately not
//! here: 7z and the rest, for which the tasks run the program 7z.

mod pack_tar;
mod pack_zip;
mod safe;
mod unpack_tar;
mod unpack_zip;

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lzma_rust2::{XzOptions, XzReader, XzWriter};

use crate::error::{OnPath, RunnerError};

pub(crate) use safe::Existing;

/// How a tar file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Bzip2,
    Xz,
}

/// What an archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Zip,
    Tar(Compression),
}

impl Format {
    /// By the end of a file's name; `None` is for other programs.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        const ENDS: [(&str, Format); 16] = [
            (".zip", Format::Zip),
            (".jar", Format::Zip),
            (".war", Format::Zip),
            (".ear", Format::Zip),
            (".nupkg", Format::Zip),
            (".vsix", Format::Zip),
            (".tar", Format::Tar(Compression::None)),
            (".tar.gz", Format::Tar(Compression::Gzip)),
            (".tgz", Format::Tar(Compression::Gzip)),
            (".taz", Format::Tar(Compression::Gzip)),
            (".tar.bz2", Format::Tar(Compression::Bzip2)),
            (".tbz2", Format::Tar(Compression::Bzip2)),
            (".tbz", Format::Tar(Compression::Bzip2)),
            (".tz2", Format::Tar(Compression::Bzip2)),
            (".tar.xz", Format::Tar(Compression::Xz)),
            (".txz", Format::Tar(Compression::Xz)),
        ];
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        ENDS.iter().find(|(end, _)| name.ends_with(end)).map(|(_, format)| *format)
    }
}

/// What to put into an archive.
#[derive(Debug, Clone)]
pub(crate) struct Pack {
    /// Files and folders with the name that each gets in the archive.
    pub(crate) entries: Vec<(PathBuf, PathBuf)>,
    pub(crate) format: Format,
    pub(crate) archive: PathBuf,
    /// Add to what is there, rather than replace it.
    pub(crate) adds: bool,
}

/// What was done, for the log.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    /// What could not be kept as it is.
    pub(crate) warnings: Vec<String>,
    pub(crate) names: Vec<String>,
}

impl Done {
    fn add(&mut self, name: &Path, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
        self.names.push(name.display().to_string());
    }
}

/// Writes an archive.
pub(crate) fn pack(order: &Pack) -> Result<Done, RunnerError> {
    if let Some(folder) = order.archive.parent() {
        fs::create_dir_all(folder).on("Creating", folder)?;
    }
    let part = part_of(&order.archive);
    let packed = match order.format {
        Format::Zip => pack_zip::pack(order, &part),
        Format::Tar(compression) => pack_tar::pack(order, &part, compression),
    };
    let moved = packed.and_then(|done| {
        fs::rename(&part, &order.archive).on("Writing", &order.archive)?;
        Ok(done)
    });
    if moved.is_err() {
        // The reason is what is told; a leftover is not worth a second one.
        fs::remove_file(&part).ok();
    }
    moved
}

/// Unpacks an archive into a folder.
pub(crate) fn unpack(
    archive: &Path,
    format: Format,
    into: &Path,
    existing: Existing,
) -> Result<Done, RunnerError> {
    fs::create_dir_all(into).on("Creating", into)?;
    match format {
        Format::Zip => unpack_zip::unpack(archive, into, existing),
        Format::Tar(compression) => unpack_tar::unpack(archive, compression, into, existing, false),
    }
}

/// Unpacks a tar file that Slipway packed: replaces what is there, and keeps links wherever they lead.
pub(crate) fn unpack_own(archive: &Path, into: &Path) -> Result<Done, RunnerError> {
    fs::create_dir_all(into).on("Creating", into)?;
    unpack_tar::unpack(archive, Compression::None, into, Existing::Replaced, true)
}

/// Where the archive is while it is being written.
fn part_of(archive: &Path) -> PathBuf {
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    archive.with_file_name(format!(".{name}.part"))
}

fn broken(archive: &Path, error: impl std::fmt::Display) -> RunnerError {
    let message = format!("cannot be read or written: {error}");
    RunnerError::Archive { path: archive.to_owned(), message }
}

/// Reads a file through its compression.
fn reader(path: &Path, compression: Compression) -> Result<Box<dyn Read>, RunnerError> {
    let file = BufReader::new(File::open(path).on("Reading", path)?);
    Ok(match compression {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(MultiGzDecoder::new(file)),
        Compression::Bzip2 => Box::new(MultiBzDecoder::new(file)),
        Compression::Xz => Box::new(XzReader::new(file, true)),
    })
}

/// Writes a file through a compression; [`Compressor::finish`] makes it whole.
enum Compressor {
    None(BufWriter<File>),
    Gzip(flate2::write::GzEncoder<BufWriter<File>>),
    Bzip2(bzip2::write::BzEncoder<BufWriter<File>>),
    Xz(Box<XzWriter<BufWriter<File>>>),
}

impl Compressor {
    fn new(file: File, compression: Compression) -> std::io::Result<Self> {
        let file = BufWriter::with_capacity(1 << 17, file);
        Ok(match compression {
            Compression::None => Self::None(file),
            Compression::Gzip => {
                Self::Gzip(flate2::write::GzEncoder::new(file, flate2::Compression::default()))
            }
            Compression::Bzip2 => {
                Self::Bzip2(bzip2::write::BzEncoder::new(file, bzip2::Compression::default()))
            }
            Compression::Xz => Self::Xz(Box::new(XzWriter::new(file, XzOptions::with_preset(6))?)),
        })
    }

    fn finish(self) -> std::io::Result<()> {
        let mut file = match self {
            Self::None(file) => file,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Bzip2(encoder) => encoder.finish()?,
            Self::Xz(encoder) => encoder.finish()?,
        };
        file.flush()
    }
}

impl Write for Compressor {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::None(file) => file.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Bzip2(encoder) => encoder.write(bytes),
            Self::Xz(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::None(file) => file.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Bzip2(encoder) => encoder.flush(),
            Self::Xz(encoder) => encoder.flush(),
        }
    }
}

#[cfg(test)]
mod tests;
