//! What it costs to know all that is wrong with a file: read, expanded, checked and planned.
//!
//! `load` prints the CPU time of three lengths; `keystroke` the wall time from a typed letter to the
//! diagnostics of a file of 20,000 lines, at the middle and at the 95th percentile.

use std::hint::black_box;
use std::time::Instant;

use slipway_pipeline::catalog::Known;
use slipway_pipeline::{LoadRequest, Loaded, NoFiles, load as load_text};

use crate::{generated, print_rows, row};

/// Letters that are typed; each is one load.
const STROKES: usize = 200;

pub(crate) fn load() {
    let texts = [5_000, 20_000, 50_000].map(generated::pipeline);
    let rows: Vec<_> = texts
        .iter()
        .map(|text| row("slipway load", text, |text| loaded(text).diagnostics.len()))
        .collect();
    print_rows(&rows);
}

/// Types a word into scripts all over the file, letter by letter.
pub(crate) fn keystroke() {
    let text = generated::pipeline(20_000);
    let lines = text.lines().count();
    let places: Vec<usize> =
        text.match_indices("displayName: ").map(|(at, word)| at + word.len()).collect();
    let mut times = Vec::with_capacity(STROKES);
    for stroke in 0..STROKES {
        let place = places[stroke * 7919 % places.len()];
        let typed = format!("{}Typed{}", &text[..place], &text[place..]);
        let begun = Instant::now();
        black_box(loaded(&typed));
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    for (name, at) in [("p50", STROKES / 2), ("p95", STROKES * 95 / 100)] {
        let row = format!("slipway keystroke, {name}, wall");
        println!("{}", serde_json::json!({ "row": row, "lines": lines, "cpuMs": times[at] }));
    }
}

fn loaded(text: &str) -> Loaded {
    let loaded = load_text("azure-pipelines.yml", text, &LoadRequest::default(), &NoFiles, &Known);
    // A file that is refused half way would look quick.
    assert!(loaded.plan.is_some(), "the generated file comes to a plan: {:?}", loaded.diagnostics);
    loaded
}
