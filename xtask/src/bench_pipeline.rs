//! What the pipeline language costs beside its peers; reports, never tests.
//!
//! A bench is a subcommand of the `pipeline` benchmark of slipway-pipeline and scripts that do the like
//! with another program, on the same generated file. They run in turns, so that a busy minute of the
//! machine falls on all of them, and the middle of each row's times is shown.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::page;
use crate::shell::{command, finish, root, say, step};

/// A bench that has peers outside Rust.
struct Bench {
    name: &'static str,
    title: &'static str,
    /// The subcommand of our benchmark.
    ours: &'static str,
    /// Lines of the generated file that the scripts read.
    lines: &'static str,
    /// Folders of tests/bench with a package.json, and their script.
    peers: &'static [(&'static str, &'static str)],
    /// The row that all times are divided by.
    floor: &'static str,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "yaml",
        title: "Reading YAML: CPU time of a generated pipeline file",
        ours: "parse",
        lines: "50000",
        peers: &[("yaml", "parse.mjs")],
        floor: "libyaml events",
    },
    Bench {
        name: "language",
        title: "Checking a pipeline: CPU time, and the wall time of a key press",
        ours: "language",
        lines: "50000",
        peers: &[("language", "check.mjs")],
        floor: "slipway load",
    },
];

/// Turns of our benchmark and of each script.
const TURNS: usize = 5;

/// Runs the bench of a name.
pub fn bench(name: &str) -> Result<(), String> {
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == name) else {
        let names: Vec<&str> = BENCHES.iter().map(|bench| bench.name).collect();
        return Err(format!("There is no bench '{name}'. There are: {}.", names.join(", ")));
    };
    for (folder, _) in bench.peers {
        step(&format!("npm packages of {folder}"));
        page::install_in(&format!("tests/bench/{folder}"))?;
    }
    step("Build the release benchmark");
    ours(&["--no-run"])?;
    let folder = root().join("target/bench");
    let file = folder.join("azure-pipelines.yml");
    let text = ours(&["--", "generate", bench.lines])?;
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&file, text))
        .map_err(|error| format!("{} cannot be written: {error}.", file.display()))?;
    step(bench.title);
    let mut rows = Rows::default();
    for _ in 0..TURNS {
        rows.take(&ours(&["--", bench.ours])?)?;
        for (folder, script) in bench.peers {
            rows.take(&peer(folder, script, &file)?)?;
        }
    }
    rows.print(bench.floor);
    finish();
    Ok(())
}

fn ours(words: &[&str]) -> Result<String, String> {
    let first = ["bench", "-q", "-p", "slipway-pipeline", "--bench", "pipeline"];
    command("cargo", &[&first, words].concat()).read()
}

fn peer(folder: &str, script: &str, file: &Path) -> Result<String, String> {
    let file = file.to_string_lossy();
    command("node", &[script, &file]).within(&format!("tests/bench/{folder}")).read()
}

/// Times in milliseconds by row and lines, rows in their first order.
#[derive(Default)]
struct Rows {
    order: Vec<(String, u64)>,
    times: BTreeMap<(String, u64), Vec<f64>>,
}

impl Rows {
    /// Takes the JSON lines of one turn.
    fn take(&mut self, output: &str) -> Result<(), String> {
        for line in output.lines().filter(|line| line.starts_with('{')) {
            let row: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
            let (Some(name), Some(lines), Some(cpu_ms)) =
                (row["row"].as_str(), row["lines"].as_u64(), row["cpuMs"].as_f64())
            else {
                return Err(format!("A row needs row, lines and cpuMs: {line}"));
            };
            let key = (name.to_owned(), lines);
            if !self.order.contains(&key) {
                self.order.push(key.clone());
            }
            self.times.entry(key).or_default().push(cpu_ms);
        }
        Ok(())
    }

    fn middle(&self, key: &(String, u64)) -> f64 {
        let mut times = self.times.get(key).cloned().unwrap_or_default();
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or_default()
    }

    fn print(&self, floor: &str) {
        let floor_ms = self.order.iter().rfind(|key| key.0 == floor).map(|key| self.middle(key));
        say(&format!("{:<38} {:>7} {:>10} {:>9}", "row", "lines", "CPU ms", "/ floor"));
        for key in &self.order {
            let cpu_ms = self.middle(key);
            let ratio = floor_ms.map(|floor| format!("{:.2}", cpu_ms / floor));
            let ratio = ratio.unwrap_or_default();
            say(&format!("{:<38} {:>7} {cpu_ms:>10.2} {ratio:>9}", key.0, key.1));
        }
        say(&format!("The floor is '{floor}'."));
        self.print_growth();
    }

    /// Says how much more the longest file costs than the shortest, for rows of several lengths.
    fn print_growth(&self) {
        let mut lengths: BTreeMap<&str, Vec<&(String, u64)>> = BTreeMap::new();
        for key in &self.order {
            lengths.entry(&key.0).or_default().push(key);
        }
        for (name, keys) in lengths {
            if let (Some(first), Some(last)) = (keys.first(), keys.last())
                && first.1 < last.1
            {
                let growth = self.middle(last) / self.middle(first);
                say(&format!("{name}: {} lines cost {growth:.1} × {}.", last.1, first.1));
            }
        }
    }
}
