//! Writes zip files as `zip -r` does: links are followed, modes and times are kept.
//!
//! Called by `pack`. Deliberately not here: other formats.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::pack_tar::children;
use super::{Done, Pack, broken};
use crate::error::{OnPath, RunnerError};

pub(super) fn pack(order: &Pack, part: &Path) -> Result<Done, RunnerError> {
    let file = File::create(part).on("Creating", part)?;
    let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 17, file));
    let mut found = Found::default();
    for (path, name) in &order.entries {
        let skipped = [order.archive.as_path(), part];
        list(path, name, &skipped, &mut Vec::new(), &mut found)?;
    }
    if order.adds && order.archive.exists() {
        keep_old(&order.archive, &found, &mut zip)?;
    }
    let mut done = Done { warnings: found.warnings, ..Done::default() };
    for (path, name) in &found.entries {
        let bytes = write(&mut zip, path, name, &order.archive)?;
        if let Some(bytes) = bytes {
            done.add(name, bytes);
        }
    }
    let mut file = zip.finish().map_err(|error| broken(&order.archive, error))?;
    file.flush().on("Writing", part)?;
    Ok(done)
}

#[derive(Default)]
struct Found {
    entries: Vec<(PathBuf, PathBuf)>,
    warnings: Vec<String>,
}

fn list(
    path: &Path,
    name: &Path,
    skipped: &[&Path],
    chain: &mut Vec<PathBuf>,
    found: &mut Found,
) -> Result<(), RunnerError> {
    if skipped.contains(&path) {
        return Ok(());
    }
    let Ok(facts) = fs::metadata(path) else {
        found.warnings.push(format!("{} leads nowhere; it is left out", path.display()));
        return Ok(());
    };
    if facts.is_dir() {
        let real = fs::canonicalize(path).on("Reading", path)?;
        if chain.contains(&real) {
            found.warnings.push(format!("{} leads in a circle; it is left out", path.display()));
            return Ok(());
        }
        if !name.as_os_str().is_empty() {
            found.entries.push((path.to_owned(), name.to_owned()));
        }
        chain.push(real);
        for (child, file_name) in children(path)? {
            list(&child, &name.join(file_name), skipped, chain, found)?;
        }
        chain.pop();
    } else if facts.is_file() {
        found.entries.push((path.to_owned(), name.to_owned()));
    } else {
        let text = format!("{} is neither file nor folder; it is left out", path.display());
        found.warnings.push(text);
    }
    Ok(())
}

/// Takes over what is in the archive already and is not written anew.
fn keep_old<W: Write + Seek>(
    archive: &Path,
    found: &Found,
    zip: &mut ZipWriter<W>,
) -> Result<(), RunnerError> {
    let file = File::open(archive).on("Reading", archive)?;
    let mut old = ZipArchive::new(io::BufReader::new(file)).map_err(|e| broken(archive, e))?;
    let new: HashSet<String> =
        found.entries.iter().map(|(_, name)| name.display().to_string()).collect();
    for index in 0..old.len() {
        let entry = old.by_index_raw(index).map_err(|error| broken(archive, error))?;
        let name = entry.name().map_err(|error| broken(archive, error))?;
        if !new.contains(name.trim_end_matches('/')) {
            zip.raw_copy_file(entry).map_err(|error| broken(archive, error))?;
        }
    }
    Ok(())
}

/// The size of a file; `None` for a folder.
fn write<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    path: &Path,
    name: &Path,
    archive: &Path,
) -> Result<Option<u64>, RunnerError> {
    let facts = fs::metadata(path).on("Reading", path)?;
    let name = name.display().to_string();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .unix_permissions(facts.permissions().mode())
        .last_modified_time(facts.modified().ok().and_then(dos_time).unwrap_or_default())
        .large_file(facts.len() >= u64::from(u32::MAX));
    if facts.is_dir() {
        zip.add_directory(name, options).map_err(|error| broken(archive, error))?;
        return Ok(None);
    }
    let mut file = File::open(path).on("Reading", path)?;
    zip.start_file(name, options).map_err(|error| broken(archive, error))?;
    let bytes = io::copy(&mut file, zip).on("Packing", path)?;
    Ok(Some(bytes))
}

fn dos_time(at: std::time::SystemTime) -> Option<DateTime> {
    let at = Timestamp::try_from(at).ok()?.to_zoned(TimeZone::system());
    let part = |number: i8| u8::try_from(number).ok();
    DateTime::from_date_and_time(
        u16::try_from(at.year()).ok()?,
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
    .ok()
}
