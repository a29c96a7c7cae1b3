//! Finds the registry program on this machine.
//!
//! Called when the local registry starts. Deliberately not here: installing it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::RegistryError;

/// Debian's name, then upstream's.
const NAMES: [&str; 2] = ["docker-registry", "registry"];

/// The given program, or the first that is installed.
pub(crate) fn find(given: Option<&Path>) -> Result<PathBuf, RegistryError> {
    if let Some(program) = given {
        if program.is_file() {
            return Ok(program.to_owned());
        }
        return Err(RegistryError::ProgramMissing { names: vec![program.display().to_string()] });
    }
    let path = env::var_os("PATH").unwrap_or_default();
    // A desktop may start the app with a short PATH.
    let folders: Vec<PathBuf> =
        env::split_paths(&path).chain(["/usr/bin", "/usr/local/bin"].map(PathBuf::from)).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file() && is_distribution(program))
        .ok_or_else(|| RegistryError::ProgramMissing { names: NAMES.map(str::to_owned).to_vec() })
}

/// `registry` is a common word: ask the program what it is. It answers
/// `registry github.com/distribution/distribution/v3 3.0.0` or the like.
fn is_distribution(program: &Path) -> bool {
    let answer =
        Command::new(program).arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output();
    answer.is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).contains("/distribution"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_its_package() {
        use slipway_core::Explain;
        let error = find(Some(Path::new("/no/docker-registry"))).unwrap_err();
        assert!(error.to_string().contains("/no/docker-registry"), "got: {error}");
        assert!(error.hint().unwrap().contains("`docker-registry`"), "the package to install");
    }

    #[test]
    fn another_program_is_not_taken_for_a_registry() {
        assert!(!is_distribution(Path::new("/bin/sh")), "it is not CNCF Distribution");
    }
}
