//! Writes tar files: links stay links, modes and times are kept.
//!
//! Called by `pack`. Deliberately not here: other formats.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tar::Builder;

use super::{Compression, Compressor, Done, Pack, broken};
use crate::error::{OnPath, RunnerError};

pub(super) fn pack(
    order: &Pack,
    part: &Path,
    compression: Compression,
) -> Result<Done, RunnerError> {
    let adds = order.adds && order.archive.exists();
    if adds && compression != Compression::None {
        let message = "is compressed, and nothing can be added to it".to_owned();
        return Err(RunnerError::Archive { path: order.archive.clone(), message });
    }
    let mut file = if adds {
        fs::copy(&order.archive, part).on("Copying", &order.archive)?;
        let mut file = File::options().read(true).write(true).open(part).on("Writing", part)?;
        let end = end_of(&file).map_err(|error| broken(&order.archive, error))?;
        file.set_len(end).on("Writing", part)?;
        file.seek(SeekFrom::End(0)).on("Writing", part)?;
        file
    } else {
        File::create(part).on("Creating", part)?
    };
    file.flush().on("Writing", part)?;
    let writer = Compressor::new(file, compression).on("Writing", part)?;
    let mut builder = Builder::new(writer);
    builder.follow_symlinks(false);
    let mut done = Done::default();
    for (path, name) in &order.entries {
        let skipped = [order.archive.as_path(), part];
        append(&mut builder, path, name, &skipped, &mut done)?;
    }
    let writer = builder.into_inner().map_err(|error| broken(&order.archive, error))?;
    writer.finish().map_err(|error| broken(&order.archive, error))?;
    Ok(done)
}

/// Where the entries end and the empty blocks begin.
fn end_of(file: &File) -> std::io::Result<u64> {
    let mut archive = tar::Archive::new(file);
    let mut end = 0;
    for entry in archive.entries_with_seek()? {
        let entry = entry?;
        end = entry.raw_file_position() + entry.size().next_multiple_of(512);
    }
    Ok(end)
}

fn append<W: Write>(
    builder: &mut Builder<W>,
    path: &Path,
    name: &Path,
    skipped: &[&Path],
    done: &mut Done,
) -> Result<(), RunnerError> {
    if skipped.contains(&path) {
        return Ok(());
    }
    let facts = fs::symlink_metadata(path).on("Reading", path)?;
    if facts.is_dir() {
        if !name.as_os_str().is_empty() {
            builder.append_dir(name, path).on("Packing", path)?;
        }
        for (child, file_name) in children(path)? {
            append(builder, &child, &name.join(file_name), skipped, done)?;
        }
        return Ok(());
    }
    if !facts.is_file() && !facts.is_symlink() {
        done.warnings
            .push(format!("{} is neither file nor folder; it is left out", path.display()));
        return Ok(());
    }
    builder.append_path_with_name(path, name).on("Packing", path)?;
    done.add(name, facts.len());
    Ok(())
}

/// What is in a folder, in order of the names, so that the same files make the same archive.
pub(super) fn children(folder: &Path) -> Result<Vec<(PathBuf, PathBuf)>, RunnerError> {
    let mut children = Vec::new();
    for entry in fs::read_dir(folder).on("Reading", folder)? {
        let entry = entry.on("Reading", folder)?;
        children.push((entry.path(), PathBuf::from(entry.file_name())));
    }
    children.sort();
    Ok(children)
}
