//! The product's front door: `cargo xtask run` and `cargo xtask test` work on a fresh Debian machine
//! with Rust, Node and Go; they install what is missing and say what they do.

mod bench;
mod bench_pipeline;
mod bench_runner;
mod cluster;
mod engine;
mod fuzz;
mod packages;
mod page;
mod run;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  run [--headless] [--release] [-- ARGS]  install what is missing, build, and open the sample project
                                          (in the terminal with --headless, or where there is no display)
  test [LANE…]                            everything CI checks; lanes: tidy, ui, rust, cluster, web, desktop;
                                          cluster is a real Kubernetes API server and, for root, a real
                                          kubelet, built from tests/cluster by Go 1.26: minutes the first
                                          time; without Go the lanes that need it are named and left out,
                                          and CI (the variable CI is set) fails
  setup                                   install what is missing and nothing else
  screens [WORD]                          pictures of every screen of the window, light and dark, small and large,
                                          in target/screens; WORD chooses by name
  tidy                                    dependency rules, file sizes, stray files
  bindings                                write ui/src/ipc/generated/contract.ts
  fuzz [SECONDS] [TARGET…]                the fuzz targets of the pipeline language, 60 s each
  support                                 write the list of behaviours into docs/support.md
  bench canvas                            the pipeline's canvas beside a bare React Flow
  bench [yaml|language|containers]        start-up time and memory beside an empty window; or the pipeline
                                          language beside libyaml, npm's yaml and the vendor's language service;
                                          or a container's step beside docker exec, the engine's API and act
  bench cluster                           the cluster view beside kubectl, with 10,000 simulated pods
  bench cluster-page                      its lists in Chromium and in the window: 50,000 rows, 1,000 changes a second
  bench deploy                            a deployment of 200 manifests beside kubectl apply --server-side
  bench steps|graph|log|start             the runner beside bash, make, act and a Node task
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    let outcome = match command.as_str() {
        "run" => run::run(&rest),
        "test" => test::test(&rest),
        "setup" => packages::ensure(packages::Purpose::Test).and_then(|()| page::install()),
        "screens" => test::screens(&rest),
        "tidy" => tidy::tidy(),
        "bindings" => bindings(),
        "fuzz" => fuzz::fuzz(&rest),
        "support" => support(),
        "bench" => match rest.first().map(String::as_str) {
            None => bench::bench(),
            Some("containers") => bench::containers(),
            Some("canvas") => bench::canvas(),
            Some("cluster") => cluster::bench(&test::target(), "cluster_view"),
            Some("cluster-page") => cluster::bench_page(&test::target()),
            Some("deploy") => cluster::bench(&test::target(), "cluster_deploy"),
            Some(name) if bench_runner::NAMES.contains(&name) => bench_runner::bench(name),
            Some(name) => bench_pipeline::bench(name),
        },
        "help" | "--help" | "-h" | "" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        unknown => Err(format!("There is no command '{unknown}'.\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn bindings() -> Result<(), String> {
    shell::step("Write the TypeScript contract");
    shell::command("cargo", &["test", "-q", "-p", "slipway-api", "--lib", "bindings"])
        .env("SLIPWAY_WRITE_BINDINGS", "1")
        .run()
}

fn support() -> Result<(), String> {
    shell::step("Write the list of behaviours");
    shell::command("cargo", &["test", "-q", "-p", "slipway-pipeline", "--test", "it", "support"])
        .env("SLIPWAY_WRITE_SUPPORT", "1")
        .run()
}
