//! Finds the versions of a tool that are installed where a step runs, and chooses one.
//!
//! Called by the tasks that put a version of a tool on PATH, and by those that need a JDK. One small `sh` looks into
//! the usual places and asks each program for its version, so that it works wherever the step's programs run.
//! Deliberately not here: downloading anything.

use std::path::{Path, PathBuf};

use super::told::prepend_path;
use super::tool::{Tool, find, run_tool};
use super::version_spec::{Version, VersionSpec};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

/// What to look for.
pub(crate) struct Search {
    /// For people: `Node.js`.
    pub(crate) tool: &'static str,
    /// Patterns of programs, as `sh` reads them. Those that come first win among equals.
    pub(crate) places: &'static [&'static str],
    /// Names on PATH.
    pub(crate) names: &'static [&'static str],
    /// Prints the version of `$1`, a line for each that the program holds.
    pub(crate) ask: &'static str,
    /// How to get a version that is missing; `{}` stands for it.
    pub(crate) how: &'static str,
}

/// A version that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Installed {
    pub(crate) version: Version,
    pub(crate) program: PathBuf,
}

impl Installed {
    /// The folder that goes on PATH.
    pub(crate) fn folder(&self) -> &Path {
        self.program.parent().unwrap_or(&self.program)
    }

    /// The folder that holds `bin`.
    pub(crate) fn home(&self) -> &Path {
        self.folder().parent().unwrap_or(self.folder())
    }
}

/// Every version that is there.
pub(crate) async fn installed(
    step: &StepScope,
    search: &Search,
) -> Result<Vec<Installed>, RunnerError> {
    // Paths may hold blanks; nothing here is split at them.
    let mut script = String::from("IFS='\n'\nseen=\nask() { ");
    script.push_str(search.ask);
    script.push_str(
        "; }\nlook() {\n  [ -f \"$1\" ] && [ -x \"$1\" ] || return 0\n  case $seen in *\"|$1|\"*) return 0;; \
         esac\n  seen=\"$seen|$1|\"\n  ask \"$1\" </dev/null 2>&1 | while read -r line; do printf \
         '%s\\t%s\\n' \"$1\" \"$line\"; done\n}\n",
    );
    for place in search.places {
        script.push_str(&format!("for found in {place}; do look \"$found\"; done\n"));
    }
    let names = search.names.join("\n");
    script.push_str(&format!(
        "names='{names}'\nfolders=$(printf '%s' \"$PATH\" | tr ':' '\\n')\nfor folder in $folders; do for name in \
         $names; do look \"$folder/$name\"; done; done\n"
    ));
    let end = run_tool(step, Tool::new("sh").arg("-c").arg(script).silent().kept()).await?;
    let read = |line: &str| {
        let (program, version) = line.split_once('\t')?;
        Some(Installed { version: Version::find(version)?, program: program.into() })
    };
    Ok(end.stdout.lines().filter_map(read).collect())
}

/// The newest version that satisfies; the first place among equals. Previews count only when they are asked for.
pub(crate) fn choose<'a>(
    all: &'a [Installed],
    spec: &VersionSpec,
    takes_previews: bool,
) -> Option<&'a Installed> {
    let fit = all.iter().filter(|one| spec.holds(&one.version));
    let fit = fit.filter(|one| takes_previews || !one.version.is_preview());
    fit.reduce(|best, one| if one.version > best.version { one } else { best })
}

/// The version that a task wants, or an error that names what is there.
pub(crate) async fn wanted(
    step: &StepScope,
    search: &Search,
    written: &str,
    spec: &VersionSpec,
    takes_previews: bool,
) -> Result<Installed, RunnerError> {
    let all = installed(step, search).await?;
    match choose(&all, spec, takes_previews) {
        Some(found) => Ok(found.clone()),
        None => Err(missing(step, search, written, &all)),
    }
}

/// The version is not there.
pub(crate) fn missing(
    step: &StepScope,
    search: &Search,
    written: &str,
    all: &[Installed],
) -> RunnerError {
    let mut all: Vec<&Installed> = all.iter().collect();
    all.sort_by(|one, other| other.version.cmp(&one.version));
    all.dedup_by(|one, other| one.version == other.version);
    RunnerError::VersionMissing {
        tool: search.tool,
        wanted: written.to_owned(),
        needed_by: step.task(),
        found: all
            .iter()
            .map(|one| format!("{} ({})", one.version, one.program.display()))
            .collect(),
        how: search.how.replace("{}", written),
    }
}

/// Says what was found and puts its folder first on PATH.
pub(crate) async fn put_on_path(step: &StepScope, search: &Search, found: &Installed) {
    step.line(&format!("Found {} {}: {}", search.tool, found.version, found.program.display()))
        .await;
    let name = found.program.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    // A system's folder holds everything else too; it stays where it is if PATH leads there anyway.
    if find(step, name).is_ok_and(|first| first == found.program) {
        return;
    }
    prepend_path(step, &found.folder().display().to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_that_fits_is_chosen() {
        let all: Vec<Installed> =
            [("18.1.0", "/a"), ("20.2.0", "/b"), ("20.2.0", "/c"), ("21.0.0-rc1", "/d")]
                .into_iter()
                .map(|(version, program)| Installed {
                    version: Version::find(version).unwrap(),
                    program: program.into(),
                })
                .collect();
        let chosen = |spec: &str, takes_previews| {
            let spec = VersionSpec::parse(spec).unwrap();
            choose(&all, &spec, takes_previews).map(|one| one.program.display().to_string())
        };
        assert_eq!(chosen("*", false).as_deref(), Some("/b"), "the first place wins among equals");
        assert_eq!(chosen("*", true).as_deref(), Some("/d"), "previews are taken when asked for");
        assert_eq!(chosen("18", false).as_deref(), Some("/a"), "an older one, if that is wanted");
        assert_eq!(chosen("16.x", false), None, "what is not there is not chosen");
    }
}
