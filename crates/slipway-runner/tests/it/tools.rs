//! Tasks of tools with the tools themselves: Node and npm are what the interface is built with, Python is what
//! every Debian has. Other tools stand in `tests/conformance` as programs that say how they were called.

use slipway_core::RunResult;

use crate::support::Bench;

fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn node_and_npm_run_a_script_of_the_project() {
    if !has("node") || !has("npm") {
        println!("skipped: there is no node and npm");
        return;
    }
    let bench = Bench::new();
    let script = r#"{"scripts": {"hello": "node -p '6 * 7'"}}"#;
    bench.file("app/package.json", script);
    let report = bench
        .run(
            "steps:
- task: UseNode@1
  displayName: Node
  inputs:
    version: '>=1'
- task: Npm@1
  displayName: npm
  inputs:
    command: custom
    workingDir: app
    customCommand: run --silent hello
",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?} {:#?}", report.issue, bench.log("npm"));
    assert!(bench.log("Node").iter().any(|line| line.starts_with("Found Node.js ")), "it is said");
    assert_eq!(bench.output("npm"), ["42"], "npm ran the script of the project");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_answers_to_python_and_runs_a_script() {
    if !has("python3") {
        println!("skipped: there is no python3");
        return;
    }
    let bench = Bench::new();
    let report = bench
        .run(
            "steps:
- task: UsePythonVersion@0
  displayName: Python
- task: PythonScript@0
  displayName: Script
  inputs:
    scriptSource: inline
    script: |
      import sys
      print(sys.version_info[0], sys.argv[1])
    arguments: '\"two words\"'
- bash: python -c 'print(6 * 7)'
  displayName: By name
",
        )
        .await;
    assert_eq!(
        report.result,
        RunResult::Succeeded,
        "{:?} {:#?}",
        report.issue,
        bench.log("Script")
    );
    assert_eq!(bench.output("Script"), ["3 two words"], "the arguments reach the script");
    assert_eq!(bench.output("By name"), ["42"], "a system's Python 3 answers to its name, too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tool_is_stopped_with_its_step() {
    let bench = Bench::new();
    bench.file("bin/mvn", "#!/bin/sh\n[ \"$1\" != -version ] || exit 0\necho started\nsleep 600\n");
    bench.file("pom.xml", "<project/>");
    let yaml = "steps:\n- bash: chmod +x bin/mvn; echo \"##vso[task.prependpath]$PWD/bin\"\n- task: Maven@4\n  \
                displayName: Maven\n";
    let stop = async {
        crate::support::until("the build starts", || {
            bench
                .sink
                .told
                .lock()
                .unwrap()
                .lines
                .values()
                .flatten()
                .any(|line| line.text == "started")
        })
        .await;
        bench.cancel.cancel();
    };
    let (report, ()) = tokio::join!(bench.run(yaml), stop);
    assert_eq!(report.result, RunResult::Canceled, "the user wanted it to end");
    let record = bench.seed(slipway_core::RecordKind::Step, "Maven").id;
    assert!(crate::support::processes_of(&record).is_empty(), "nothing of the tool goes on");
}
