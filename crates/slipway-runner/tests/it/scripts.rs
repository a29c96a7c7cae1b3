//! The script tasks.

use slipway_core::RunResult;

use crate::support::Bench;

#[tokio::test]
async fn scripts_follow_the_agents_rules() {
    let bench = Bench::new();
    bench.file("tools/hello.sh", "echo hello $1 from $PWD\n").file("sub/x", "");
    let report = bench
        .run(
            "steps:
- script: |
    false
    echo goes on
  displayName: Not strict
- task: Bash@3
  displayName: File
  inputs:
    filePath: tools/hello.sh
    arguments: '\"big world\"'
    workingDirectory: sub
- bash: echo oops >&2
  displayName: Stderr is fine
- bash: echo oops >&2
  displayName: Stderr is not
  failOnStderr: true
  continueOnError: true
- script: echo x
  displayName: Nowhere
  workingDirectory: not/there
  continueOnError: true
- bash: kill -9 $$
  displayName: Killed
  continueOnError: true
- task: Bash@3
  displayName: No file
  continueOnError: true
  inputs:
    filePath: nope.sh
- bash: sleep 120 &
  displayName: Background
",
        )
        .await;
    assert_eq!(report.result, RunResult::SucceededWithIssues, "{:?}", report.issue);
    assert_eq!(bench.output("Not strict"), ["goes on"], "only the last command counts");
    assert!(bench.output("File")[0].starts_with("hello big world from "), "arguments are passed");
    assert!(bench.output("File")[0].ends_with("/s/sub"), "in the working directory");
    assert_eq!(
        bench.step("Stderr is fine").result,
        RunResult::Succeeded,
        "stderr is only a stream"
    );
    let stderr = bench.step("Stderr is not");
    assert_eq!((stderr.issue.as_deref(), stderr.errors), (Some("oops"), 2), "lines are errors now");
    let nowhere = bench.step("Nowhere").issue.unwrap();
    assert!(nowhere.contains("/s/not/there does not exist"), "{nowhere}");
    assert_eq!(bench.step("Killed").issue.as_deref(), Some("Bash exited with code '137'."));
    assert_eq!(bench.step("No file").issue.as_deref(), Some("Invalid file path 'nope.sh'."));
    let background = bench.seed(slipway_core::RecordKind::Step, "Background").id;
    assert!(crate::support::processes_of(&background).is_empty(), "the job's end ends it");
    let said = bench.log("Background").join("\n");
    assert!(said.contains("does not wait for that"), "a job in the background is said: {said}");
    let log = bench.log("Not strict");
    assert_eq!(log[0], "##[section]Starting: Not strict", "the log has its frame");
    assert_eq!(log.last().unwrap(), "##[section]Finishing: Not strict", "to its end");
}

#[tokio::test]
async fn a_missing_shell_is_refused_clearly() {
    let bench = Bench::new();
    let path = bench.folder.path().join("bin");
    std::fs::create_dir_all(&path).unwrap();
    let yaml = format!(
        "variables:\n  PATH: {}\nsteps:\n- checkout: none\n- pwsh: Write-Host hi\n  displayName: Power\n",
        path.display()
    );
    let report = bench.run(&yaml).await;
    assert_eq!(report.result, RunResult::Failed, "there is no pwsh on that PATH");
    let issue = bench.step("Power").issue.unwrap();
    assert_eq!(issue, "pwsh is not installed on this machine, and PowerShell@2 needs it.");
    let said = bench.log("Power").join("\n");
    assert!(
        said.contains("Install pwsh, or put its folder on PATH."),
        "what to do is said: {said}"
    );
    let looked = format!("It was looked for in {}.", path.display());
    assert!(said.contains(&looked), "and where it was looked for: {said}");
}

/// Performance goal P1: the cost of starting a step, against a bash loop that starts as many.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starting_a_step_costs_little_more_than_starting_bash() {
    const STEPS: usize = 100;
    let bench = Bench::new();
    let mut yaml = String::from("steps:\n- checkout: none\n");
    for _ in 0..STEPS {
        yaml.push_str("- bash: ':'\n");
    }
    let script = bench.folder.path().join("s.sh");
    std::fs::write(&script, ":\n").unwrap();
    let floor = |()| {
        let started = std::time::Instant::now();
        let text = format!(
            "for i in $(seq {STEPS}); do bash --noprofile --norc {} | cat >/dev/null; done",
            script.display()
        );
        let status = std::process::Command::new("bash").arg("-c").arg(text).status().unwrap();
        assert!(status.success(), "the loop runs");
        started.elapsed()
    };
    let before = floor(());
    let started = std::time::Instant::now();
    assert_eq!(bench.run(&yaml).await.result, RunResult::Succeeded, "all steps run");
    let taken = started.elapsed();
    let floor = before.min(floor(()));
    let ratio = taken.as_secs_f64() / floor.as_secs_f64();
    println!("{STEPS} steps: {taken:?}, bash loop: {floor:?}, ratio {ratio:.2}");
    // A debug build on a loaded machine; the goal of 1.2 is measured on a release build.
    assert!(ratio < 4.0, "a step costs {ratio:.2} times what bash costs");
}
