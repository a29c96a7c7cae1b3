//! A folder of a test's own, with everything that children could write to pointing into it, and the
//! cleaning up behind it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::{
    containers_of, engine_address, networks_of, remove_broken_builds, remove_images_of,
    remove_project,
};

/// What children may leave in their home: Go's counters and its module cache.
const KNOWN_IN_HOME: &[&str] = &[".config/go", "go/pkg/mod/cache"];

/// Sandboxes that are alive in this process.
static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// A test's own folder: data folder, home and projects. Removing it removes what it made in the engine,
/// and checks that nothing was left anywhere else.
pub struct Sandbox {
    folder: tempfile::TempDir,
    real: Vec<(PathBuf, BTreeSet<PathBuf>)>,
}

impl Sandbox {
    /// A new one. `name` is short: the path of a unix socket has at most 107 bytes.
    pub fn new(name: &str) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let base =
            std::env::var_os("SLIPWAY_TEST_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
        std::fs::create_dir_all(&base).unwrap();
        let folder = tempfile::Builder::new().prefix(&format!("{name}-")).tempdir_in(base).unwrap();
        let sandbox = Self { folder, real: real_folders() };
        ALIVE.fetch_add(1, Ordering::SeqCst);
        for part in ["home", "xdg", "tmp"] {
            std::fs::create_dir_all(sandbox.path(part)).unwrap();
        }
        sandbox
    }

    /// A path inside.
    pub fn path(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// A program that can write nowhere else: home, data and temporary files are in this folder.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // Go's build cache may be shared: it is keyed by content and made to be.
        let go_cache =
            std::env::var_os("GOCACHE").map_or_else(|| self.path("go-cache"), PathBuf::from);
        command
            .current_dir(self.folder.path())
            .env("HOME", self.path("home"))
            .env("XDG_DATA_HOME", self.path("xdg"))
            .env("TMPDIR", self.path("tmp"))
            .env("GOCACHE", go_cache)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("SLIPWAY_ENGINE", engine_address())
            .env("SLIPWAY_LOG", "info")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            .env_remove("SLIPWAY_DATA_DIR")
            .env_remove("SLIPWAY_REGISTRY_PORT");
        command
    }

    /// Ids of every project of every data folder in here, said by the app itself.
    fn projects(&self) -> Vec<String> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.folder.path()).into_iter().flatten().flatten() {
            if entry.path().join("slipway.db").is_file() {
                found.extend(projects_in(&entry.path()));
            }
        }
        found
    }

    /// `127.0.0.1:PORT` of the registries that ran in this folder.
    fn registries(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| {
                std::fs::read_to_string(entry.path().join("registry/registry.port")).ok()
            })
            .map(|port| format!("127.0.0.1:{}", port.trim()))
            .collect()
    }

    /// Everything that is not inside this folder and should not be there.
    fn leftovers(&self, projects: &[String]) -> Vec<String> {
        let mut left = Vec::new();
        for project in projects {
            left.extend(containers_of(project).into_iter().map(|id| format!("container {id}")));
            left.extend(networks_of(project).into_iter().map(|id| format!("network {id}")));
        }
        for (folder, before) in &self.real {
            let after = names_in(folder);
            left.extend(after.difference(before).map(|path| format!("file {}", path.display())));
        }
        left.extend(
            names_in(&self.path("xdg")).iter().map(|path| format!("file {}", path.display())),
        );
        let home = self.path("home");
        for path in files_below(&home) {
            let name = path.strip_prefix(&home).unwrap_or(&path);
            if !KNOWN_IN_HOME.iter().any(|known| name.starts_with(known)) {
                left.push(format!("file {}", path.display()));
            }
        }
        let folder = self.folder.path().to_string_lossy().into_owned();
        let mine = || processes().into_iter().filter(|(_, words)| words.contains(&folder));
        // What was ended a moment ago may still be going; what is there after this was left behind.
        let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while mine().next().is_some() && std::time::Instant::now() < until {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let mut pids = Vec::new();
        for (pid, words) in mine() {
            pids.push(pid);
            left.push(format!("process {pid}: {words}"));
        }
        for pid in pids {
            nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::SIGKILL).ok();
        }
        left
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let projects = self.projects();
        for project in &projects {
            remove_project(project);
        }
        for registry in self.registries() {
            remove_images_of(&registry);
        }
        // Only when nobody builds: what a broken build leaves has no name to tell whose it is.
        if ALIVE.fetch_sub(1, Ordering::SeqCst) == 1 {
            remove_broken_builds();
        }
        let left = self.leftovers(&projects);
        if left.is_empty() {
            return;
        }
        let text = format!("left behind outside of the test's folder:\n{}", left.join("\n"));
        if std::thread::panicking() {
            eprintln!("{text}");
        } else {
            panic!("{text}");
        }
    }
}

/// Folders of the person who runs the tests that must stay as they are.
fn real_folders() -> Vec<(PathBuf, BTreeSet<PathBuf>)> {
    let own = slipway_api::default_data_dir();
    own.into_iter().map(|folder| (folder.clone(), names_in(&folder))).collect()
}

fn names_in(folder: &Path) -> BTreeSet<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in names_in(folder) {
        if path.is_dir() && !path.is_symlink() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Every process of this machine but this one, with its command line and home.
fn processes() -> Vec<(i32, String)> {
    let own = i32::try_from(std::process::id()).unwrap_or_default();
    names_in(Path::new("/proc"))
        .into_iter()
        .filter_map(|path| path.file_name()?.to_str()?.parse::<i32>().ok())
        .filter(|pid| *pid != own)
        .filter_map(|pid| {
            let words = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
            let surroundings = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let mut pairs = surroundings.split(|byte| *byte == 0);
            let home = pairs.find(|pair| pair.starts_with(b"HOME=")).unwrap_or_default();
            let text = [&words[..], home].concat();
            Some((pid, String::from_utf8_lossy(&text).replace('\0', " ")))
        })
        .collect()
}

/// Asks a data folder for its projects, without its lock.
fn projects_in(data_dir: &Path) -> Vec<String> {
    let data_dir = data_dir.to_owned();
    // A thread of its own: the guard may be dropped inside of a runtime.
    let asked = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let app = slipway_api::app::App::open_read_only(&data_dir).await.ok()?;
            let list = app.call("project_list", serde_json::json!({})).await.ok();
            app.close().await;
            list
        })
    });
    let list = asked.join().ok().flatten().unwrap_or_default();
    let all = list.as_array().into_iter().flatten();
    all.filter_map(|project| project["id"].as_str()).map(str::to_owned).collect()
}
