//! The page: npm's packages and the built files, only when something changed.

use std::path::Path;
use std::time::SystemTime;

use crate::shell::{command, root, say, step};

/// Installs npm's packages if the lock file is newer than what is there.
pub fn install() -> Result<(), String> {
    step("npm packages of the page");
    install_in("ui")
}

/// Installs a folder's packages if its lock file is newer than what is there.
pub fn install_in(folder: &str) -> Result<(), String> {
    let lock = modified(&root().join(folder).join("package-lock.json"));
    let installed = modified(&root().join(folder).join("node_modules/.package-lock.json"));
    if lock.is_some() && installed >= lock {
        say(&format!("{folder}: up to date."));
        return Ok(());
    }
    let quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    let npm = |first: &[&'static str]| command("npm", &[first, &quiet].concat()).within(folder);
    if npm(&["ci"]).read().is_ok() {
        return Ok(());
    }
    // A mirror that lacks the packages of other platforms makes a lock file that `ci` refuses. `install`
    // takes the same versions with the same checksums from it.
    say(&format!("{folder}: `npm ci` refuses the lock file; `npm install` takes its versions."));
    npm(&["install", "--no-save"]).run()
}

/// Builds the page if a source is newer than the built files.
pub fn build() -> Result<(), String> {
    step("Build the page");
    let ui = root().join("ui");
    let built = modified(&ui.join("dist/index.html"));
    let mut newest = None;
    for name in ["index.html", "package-lock.json", "vite.config.ts"] {
        newest = newest.max(modified(&ui.join(name)));
    }
    newest = newest.max(newest_below(&ui.join("src"))).max(newest_below(&ui.join("public")));
    if built.is_some() && built >= newest {
        say("Up to date.");
        return Ok(());
    }
    command("npm", &["run", "--silent", "build"]).within("ui").run()
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|facts| facts.modified()).ok()
}

fn newest_below(folder: &Path) -> Option<SystemTime> {
    let mut newest = None;
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        newest = newest.max(if path.is_dir() { newest_below(&path) } else { modified(&path) });
    }
    newest
}
