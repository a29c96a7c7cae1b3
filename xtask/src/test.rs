//! `cargo xtask test`: everything CI checks, in lanes, with each runner's closing lines visible.

use std::path::{Path, PathBuf};

use crate::cluster::{self, Programs};
use crate::engine::Engine;
use crate::packages::{self, Purpose};
use crate::shell::{Shell, command, finish, has, root, step};
use crate::{page, tidy};

const LANES: &[&str] = &["tidy", "ui", "rust", "cluster", "web", "desktop"];
/// Lanes that build the sample application or the control plane, by Go.
const NEED_GO: &[&str] = &["rust", "cluster", "web", "desktop"];

/// Runs the lanes named, or all.
pub fn test(words: &[String]) -> Result<(), String> {
    if let Some(unknown) = words.iter().find(|word| !LANES.contains(&word.as_str())) {
        return Err(format!("There is no lane '{unknown}'. Lanes: {}.", LANES.join(", ")));
    }
    let is_named = |lane: &str| words.is_empty() || words.iter().any(|word| word == lane);
    let is_ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    let left_out: Vec<&str> = match has("go") {
        true => Vec::new(),
        false => NEED_GO.iter().copied().filter(|lane| is_named(lane)).collect(),
    };
    let without_go = format!("Go is not on the PATH. Did not run: {}.", left_out.join(", "));
    if is_ci && !left_out.is_empty() {
        return Err(without_go);
    }
    let wants = |lane: &str| is_named(lane) && !left_out.contains(&lane);
    let began = std::time::Instant::now();
    packages::ensure(Purpose::Test)?;
    let building = (wants("cluster") || wants("web")).then(|| cluster::begin(&target()));
    page::install()?;
    if wants("tidy") {
        tidy::tidy()?;
        step("Formatting");
        command("cargo", &["fmt", "--all", "--check"]).run()?;
    }
    if wants("ui") {
        ui()?;
    }
    page::build()?;
    // Before Rust is linked: both at once need more memory than many machines have.
    let programs = building.map(|it| it.finish(is_ci)).transpose()?.flatten();
    if NEED_GO.iter().any(|lane| wants(lane)) {
        with_engine(&wants, programs)?;
    }
    finish();
    let seconds = began.elapsed().as_secs_f64();
    match left_out.is_empty() {
        true => println!("\nAll lanes passed in {seconds:.0} s."),
        false => println!("\nThe other lanes passed in {seconds:.0} s. {without_go}"),
    }
    Ok(())
}

fn ui() -> Result<(), String> {
    for (title, script) in [
        ("Types of the page", "typecheck"),
        ("Lint of the page", "lint"),
        ("Tests of the page", "test"),
    ] {
        step(title);
        command("npm", &["run", "--silent", script]).within("ui").run()?;
    }
    Ok(())
}

/// A folder of this run, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, String> {
        // Short: the path of a unix socket has at most 107 bytes.
        let folder = std::env::temp_dir().join(format!("slipway-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Pictures of every screen of the window, for people to look at; nothing is judged.
pub fn screens(words: &[String]) -> Result<(), String> {
    packages::ensure(Purpose::Test)?;
    page::install()?;
    page::build()?;
    let scratch = Scratch::new()?;
    let engine = Engine::for_test(&scratch.0)?;
    let lanes = Lanes::new(&engine, &scratch, None);
    let outcome = lanes.screens(words);
    drop(engine);
    outcome?;
    finish();
    Ok(())
}

fn with_engine(wants: &dyn Fn(&str) -> bool, programs: Option<Programs>) -> Result<(), String> {
    let scratch = Scratch::new()?;
    let engine = Engine::for_test(&scratch.0)?;
    warm_go()?;
    let lanes = Lanes::new(&engine, &scratch, programs);
    if wants("rust") {
        lanes.rust()?;
    }
    if wants("cluster") {
        lanes.cluster()?;
    }
    if wants("web") {
        lanes.web()?;
    }
    if wants("desktop") {
        lanes.desktop()?;
    }
    drop(engine);
    Ok(())
}

/// Go compiles its standard library once; a loop that has to wait for that would meet its time limit.
fn warm_go() -> Result<(), String> {
    step("Warm Go's build cache");
    let cache = absolute(&target().join("go-cache"));
    // As the pipeline of the sample calls it: the program without cgo, the tests with what is there.
    for (words, variables) in [
        (&["vet", "./..."][..], &[("CGO_ENABLED", "0")][..]),
        (&["build", "-o", "/dev/null", "."], &[("CGO_ENABLED", "0")]),
        (&["build", "-o", "/dev/null", "./tools/junit"], &[]),
        (&["test", "-run", "none", "."], &[]),
    ] {
        let mut shell = command("go", words).within("samples/tideline").env("GOCACHE", &cache);
        for (name, value) in variables {
            shell = shell.env(name, value);
        }
        shell.read()?;
    }
    Ok(())
}

pub fn target() -> PathBuf {
    std::env::var("CARGO_TARGET_DIR").map(PathBuf::from).unwrap_or_else(|_| root().join("target"))
}

/// Builds every program with the features that the tests are built with, so that nothing is built twice.
fn build() -> Result<(), String> {
    step("Build the programs");
    cargo(&["build", "--workspace"], &[]).run()
}

/// Cargo with the features of all test targets.
fn cargo(before: &[&str], after: &[&str]) -> Shell {
    command("cargo", &[before, cluster::FEATURES, after].concat())
}

struct Lanes {
    address: String,
    scratch: PathBuf,
    programs: Option<Programs>,
}

impl Lanes {
    fn new(engine: &Engine, scratch: &Scratch, programs: Option<Programs>) -> Self {
        Self { address: engine.address(), scratch: scratch.0.clone(), programs }
    }

    fn rust(&self) -> Result<(), String> {
        step("Clippy");
        cargo(&["clippy", "--workspace", "--all-targets"], &["--", "-D", "warnings"]).run()?;
        step("One TLS provider");
        for unwanted in ["openssl-sys", "aws-lc-sys", "native-tls"] {
            let tree =
                command("cargo", &["tree", "--target", "x86_64-unknown-linux-gnu", "-i", unwanted]);
            if tree.read().is_ok() {
                return Err(format!("{unwanted} is in the tree; the only TLS provider is ring."));
            }
        }
        build()?;
        step("Rust tests");
        self.surround(cargo(&["test", "--workspace"], &[])).run()
    }

    fn cluster(&self) -> Result<(), String> {
        let Some(programs) = &self.programs else { return Ok(()) };
        build()?;
        // The control plane's own files go into the folder of this run as well.
        let scratch = absolute(&self.scratch);
        cluster::run(|shell| programs.with_kubectl(self.surround(shell)).env("TMPDIR", &scratch))
    }

    fn web(&self) -> Result<(), String> {
        build()?;
        step("npm packages of the browser tests");
        page::install_in("tests/e2e")?;
        step("The loop in a browser");
        self.surround(command("npx", &["playwright", "test"]).within("tests/e2e")).run()
    }

    fn desktop(&self) -> Result<(), String> {
        build()?;
        step("The loop in the window");
        self.surround(command(
            "node",
            &["--test", "--test-concurrency=1", "tests/desktop/window.test.mjs"],
        ))
        .run()
    }

    fn screens(&self, words: &[String]) -> Result<(), String> {
        build()?;
        step("Pictures of every screen");
        let mut all = vec!["tests/desktop/screens.mjs"];
        all.extend(words.iter().map(String::as_str));
        self.surround(command("node", &all))
            .env("SLIPWAY_SCREENS", &absolute(&root().join("target/screens")))
            .run()
    }

    /// Surroundings of every test: the engine, and nothing written outside temporary folders.
    fn surround(&self, shell: Shell) -> Shell {
        let target = target();
        let go_cache = target.join("go-cache");
        let shell = match &self.programs {
            Some(programs) => programs.surround(shell),
            None => shell,
        };
        shell
            .env("SLIPWAY_ENGINE", &self.address)
            .env("SLIPWAY_DOCKER_HOST", &self.address)
            .env("SLIPWAY_BIN_DIR", &absolute(&target.join("debug")))
            .env("SLIPWAY_TEST_DIR", &absolute(&self.scratch))
            .env("GOCACHE", &absolute(&go_cache))
    }
}

fn absolute(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
