//! What reading costs: one JSON line per row, with the CPU time of the middle one of several rounds.
//!
//! `parse` reads the generated file of three lengths and, beside it, the events of granit-parser and
//! of libyaml. `assist` asks the editor's questions, `load` and `keystroke` check whole files.
//! `generate LINES` prints the file, so that another program can read the same one.
//! `cargo xtask bench yaml` runs it beside npm `yaml`. The rounds of all rows take turns, so that a
//! busy minute of the machine falls on all of them.

#![allow(clippy::print_stdout, reason = "the rows are its output")]
#![allow(clippy::unwrap_used, reason = "a benchmark ends where something is wrong")]

mod assist;
mod generated;
mod libyaml;
mod load;

use std::hint::black_box;
use std::time::Duration;

use granit_parser::{Options, Parser};
use nix::time::{ClockId, clock_gettime};
use slipway_pipeline::tree::{SourceId, SourceText, read, read_strictly};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rounds of each row; the middle one is printed.
const ROUNDS: usize = 9;

/// A row: its name, the lines of its file, and what is measured.
struct Row<'a> {
    name: &'static str,
    lines: usize,
    run: Box<dyn Fn() -> usize + 'a>,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.first().map(String::as_str) {
        None | Some("parse") => parse(),
        Some("assist") => assist::assist(),
        Some("load") => load::load(),
        Some("keystroke") => load::keystroke(),
        Some("language") => {
            load::load();
            load::keystroke();
        }
        Some("generate") => {
            let lines = words.get(1).and_then(|word| word.parse().ok()).unwrap_or(50_000);
            print!("{}", generated::pipeline(lines));
        }
        Some(other) => {
            println!(
                "There is no '{other}'; there are parse, assist, load, keystroke, language and generate LINES."
            )
        }
    }
}

fn parse() {
    let texts = [5_000, 20_000, 50_000].map(generated::pipeline);
    let largest = texts[2].as_str();
    let mut rows = Vec::new();
    for text in &texts {
        rows.push(row("slipway read", text, ours));
    }
    rows.push(row("slipway read, through granit-parser", largest, strictly));
    rows.push(row("granit-parser events", largest, granit));
    rows.push(row("libyaml events", largest, libyaml::events));
    print_rows(&rows);
}

fn row<'a>(name: &'static str, text: &'a str, run: impl Fn(&str) -> usize + 'a) -> Row<'a> {
    Row { name, lines: text.lines().count(), run: Box::new(move || run(text)) }
}

/// Text to tree and away with it again, as a caller pays for it.
fn ours(text: &str) -> usize {
    let source = SourceText::new(SourceId(0), "azure-pipelines.yml", text);
    let tree = read(&source);
    assert!(tree.diagnostics.is_empty(), "the generated file is fine: {:?}", tree.diagnostics[0]);
    tree.root.as_ref().map_or(0, |root| root.place.span.end)
}

fn strictly(text: &str) -> usize {
    let source = SourceText::new(SourceId(0), "azure-pipelines.yml", text);
    read_strictly(&source).root.as_ref().map_or(0, |root| root.place.span.end)
}

fn granit(text: &str) -> usize {
    Parser::new_from_str_with_options(text, Options::default())
        .map(|event| usize::from(event.is_ok()))
        .sum()
}

fn print_rows(rows: &[Row<'_>]) {
    let mut times: Vec<Vec<Duration>> = rows.iter().map(|_| Vec::new()).collect();
    // The first round warms the caches and the allocator and is not counted.
    for round in 0..=ROUNDS {
        for (row, times) in rows.iter().zip(&mut times) {
            let begun = cpu_time();
            black_box((row.run)());
            if round > 0 {
                times.push(cpu_time() - begun);
            }
        }
    }
    for (row, times) in rows.iter().zip(&mut times) {
        times.sort();
        let cpu_ms = (times[ROUNDS / 2].as_secs_f64() * 1e6).round() / 1e3;
        let line = serde_json::json!({ "row": row.name, "lines": row.lines, "cpuMs": cpu_ms });
        println!("{line}");
    }
}

fn cpu_time() -> Duration {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).unwrap().into()
}
