//! Unpacks zip files.
//!
//! Called by `unpack`. Deliberately not here: what may be written where (`safe`), passwords.

use std::fs::{self, File};
use std::io::{self, BufReader, Read as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::safe::Destination;
use super::{Done, Existing, broken};
use crate::error::{OnPath, RunnerError};

/// No path is longer.
const LONGEST_LINK: u64 = 4096;

pub(super) fn unpack(path: &Path, into: &Path, existing: Existing) -> Result<Done, RunnerError> {
    let destination = Destination::new(path, into, existing)?;
    let file = File::open(path).on("Reading", path)?;
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|error| broken(path, error))?;
    let mut done = Done::default();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(|error| broken(path, error))?;
        let name = entry.name().map_err(|error| broken(path, error))?.into_owned();
        // Windows tools write the other slash.
        let is_folder = name.ends_with(['/', '\\']);
        let name = PathBuf::from(name.replace('\\', "/"));
        let mode = entry.unix_mode().map(|mode| mode & 0o777).filter(|mode| *mode != 0);
        if is_folder {
            destination.folder(&name)?;
            continue;
        }
        let Some(target) = destination.place(&name)? else {
            done.warnings.push(format!("{} is there already; it is kept", name.display()));
            continue;
        };
        if entry.is_symlink() {
            let mut link = String::new();
            let read = entry.by_ref().take(LONGEST_LINK).read_to_string(&mut link);
            read.map_err(|error| broken(path, error))?;
            destination.check_link(&name, Path::new(&link))?;
            symlink(&link, &target).on("Creating", &target)?;
            done.add(&name, 0);
            continue;
        }
        let mut file = File::create_new(&target).on("Creating", &target)?;
        let bytes = io::copy(&mut entry, &mut file).map_err(|error| broken(path, error))?;
        if let Some(mode) = mode {
            file.set_permissions(fs::Permissions::from_mode(mode)).on("Writing", &target)?;
        }
        done.add(&name, bytes);
    }
    Ok(done)
}
