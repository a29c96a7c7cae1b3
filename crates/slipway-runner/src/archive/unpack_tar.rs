//! Unpacks tar files.
//!
//! Called by `unpack`. Deliberately not here: what may be written where (`safe`).

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use tar::{Archive, EntryType};

use super::safe::Destination;
use super::{Compression, Done, Existing, broken, reader};
use crate::error::{OnPath, RunnerError};

pub(super) fn unpack(
    path: &Path,
    compression: Compression,
    into: &Path,
    existing: Existing,
    is_own: bool,
) -> Result<Done, RunnerError> {
    let destination = Destination::new(path, into, existing)?.own(is_own);
    let mut archive = Archive::new(reader(path, compression)?);
    let mut done = Done::default();
    // A folder that may not be written to gets its mode when it is full.
    let mut folder_modes: Vec<(PathBuf, u32)> = Vec::new();
    let entries = archive.entries().map_err(|error| broken(path, error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| broken(path, error))?;
        let name = entry.path().map_err(|error| broken(path, error))?.into_owned();
        let mode = entry.header().mode().unwrap_or(0o644) & 0o777;
        let kind = entry.header().entry_type();
        let link = entry.link_name().map_err(|error| broken(path, error))?.map(|l| l.into_owned());
        match kind {
            EntryType::Directory => folder_modes.push((destination.folder(&name)?, mode)),
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                let Some(target) = destination.place(&name)? else {
                    done.warnings.push(format!("{} is there already; it is kept", name.display()));
                    continue;
                };
                let mut file = File::create_new(&target).on("Creating", &target)?;
                let bytes = io::copy(&mut entry, &mut file).map_err(|e| broken(path, e))?;
                file.set_permissions(fs::Permissions::from_mode(mode)).on("Writing", &target)?;
                let at = UNIX_EPOCH + Duration::from_secs(entry.header().mtime().unwrap_or(0));
                // A time that the disk does not take is no reason to fail.
                file.set_modified(at).ok();
                done.add(&name, bytes);
            }
            EntryType::Symlink => {
                let Some(link) = link else { continue };
                let Some(target) = destination.place(&name)? else { continue };
                destination.check_link(&name, &link)?;
                symlink(&link, &target).on("Creating", &target)?;
                done.add(&name, 0);
            }
            EntryType::Link => {
                let Some(link) = link else { continue };
                let Some(target) = destination.place(&name)? else { continue };
                let source = destination.known(&link)?;
                fs::hard_link(&source, &target).on("Creating", &target)?;
                done.add(&name, 0);
            }
            _ => {
                let text = format!("{} is neither file nor folder; it is left out", name.display());
                done.warnings.push(text);
            }
        }
    }
    for (folder, mode) in folder_modes.into_iter().rev() {
        let mode = fs::Permissions::from_mode(mode | 0o700);
        fs::set_permissions(&folder, mode).on("Writing", &folder)?;
    }
    Ok(done)
}
