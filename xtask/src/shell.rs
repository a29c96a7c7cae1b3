//! Steps that say what they do, and commands whose failure names them.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Instant;

static STARTED: Mutex<Option<(String, Instant)>> = Mutex::new(None);

/// Ends the step before with its time and starts a new one.
pub fn step(title: &str) {
    finish();
    println!("\n▸ {title}");
    if let Ok(mut started) = STARTED.lock() {
        *started = Some((title.to_owned(), Instant::now()));
    }
}

/// Ends the going step with its time.
pub fn finish() {
    if let Ok(mut started) = STARTED.lock()
        && let Some((title, at)) = started.take()
    {
        println!("  {title}: {:.1} s", at.elapsed().as_secs_f64());
    }
}

/// A line under the going step.
pub fn say(text: &str) {
    println!("  {text}");
}

/// The repository's root.
pub fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// A command to run in the repository's root.
pub struct Shell {
    inner: Command,
    words: String,
}

/// A command with its words.
pub fn command(program: &str, words: &[&str]) -> Shell {
    let mut inner = Command::new(program);
    inner.args(words).current_dir(root()).stdin(Stdio::null());
    Shell { inner, words: format!("{program} {}", words.join(" ")) }
}

impl Shell {
    /// Sets a variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.inner.env(name, value);
        self
    }

    /// Runs in a folder of the repository.
    pub fn within(mut self, folder: &str) -> Self {
        self.inner.current_dir(root().join(folder));
        self
    }

    /// Lets it read the terminal.
    pub fn interactive(mut self) -> Self {
        self.inner.stdin(Stdio::inherit());
        self
    }

    /// Runs it with its output visible; an exit code other than 0 is an error.
    pub fn run(mut self) -> Result<(), String> {
        let status = self.inner.status().map_err(|error| self.cannot_start(&error))?;
        if status.success() {
            return Ok(());
        }
        Err(format!("`{}` ended with {status}.", self.words))
    }

    /// Runs it silently and returns its standard output, if it succeeded.
    pub fn read(mut self) -> Result<String, String> {
        let output = self.inner.output().map_err(|error| self.cannot_start(&error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(format!(
            "`{}` ended with {}: {}",
            self.words,
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        ))
    }

    /// The plain command, to be spawned.
    pub fn into_inner(self) -> Command {
        self.inner
    }

    fn cannot_start(&self, error: &std::io::Error) -> String {
        format!("`{}` cannot be started: {error}.", self.words)
    }
}

/// True when this is run by root.
pub fn is_root() -> bool {
    command("id", &["-u"]).read().is_ok_and(|id| id.trim() == "0")
}

/// True when a program is on the PATH.
pub fn has(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    }) || ["/usr/sbin", "/sbin"].iter().any(|folder| PathBuf::from(folder).join(program).is_file())
}
