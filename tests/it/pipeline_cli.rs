//! `slipway pipeline` as a hook or another program calls it: what it prints, and its exit codes.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use slipway_tests::{Sandbox, slipway};

const FINE: &str = "# built nightly\ntrigger:\n- main\n\nstages:\n- stage: Build   # first\n  jobs:\n  - job: test\n    steps:\n    - template: steps/test.yml\n      parameters: { suite: unit }\n- stage: Ship\n  condition: and(succeeded(), eq(variables['Build.Reason'], 'Manual'))\n  jobs:\n  - deployment: web\n    environment: prod\n    strategy:\n      runOnce:\n        deploy:\n          steps:\n          - script: echo ship it\n            displayName: Ship\n";
const TEMPLATE: &str = "parameters:\n- name: suite\n  type: string\nsteps:\n- script: make ${{ parameters.suite }}\n  displayName: Test ${{ parameters.suite }}\n";

fn files(sandbox: &Sandbox, text: &str) -> PathBuf {
    let folder = sandbox.path("repository");
    std::fs::create_dir_all(folder.join("steps")).unwrap();
    std::fs::create_dir_all(folder.join(".git")).unwrap();
    std::fs::write(folder.join("steps/test.yml"), TEMPLATE).unwrap();
    let file = folder.join("azure-pipelines.yml");
    std::fs::write(&file, text).unwrap();
    file
}

fn pipeline(sandbox: &Sandbox, verb: &str, file: &Path, rest: &[&str]) -> Output {
    let path = file.display().to_string();
    let mut words = vec!["pipeline", verb, &path];
    words.extend(rest);
    slipway(sandbox, &words)
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_file_is_printed_byte_for_byte() {
    let sandbox = Sandbox::new("print");
    let text = FINE.replace('\n', "\r\n");
    let file = files(&sandbox, &text);
    let printed = pipeline(&sandbox, "print", &file, &[]);
    assert_eq!(printed.status.code(), Some(0), "it is YAML: {printed:?}");
    assert_eq!(out(&printed), text, "comments, blanks and line ends stay");
}

#[test]
fn a_check_has_three_formats_and_exit_codes_for_hooks() {
    let sandbox = Sandbox::new("check");
    let file = files(&sandbox, FINE);
    let fine = pipeline(&sandbox, "check", &file, &[]);
    assert_eq!(fine.status.code(), Some(0), "nothing is wrong: {}", out(&fine));

    std::fs::write(&file, FINE.replace("  condition:", "  conditoin:")).unwrap();
    let wrong = pipeline(&sandbox, "check", &file, &[]);
    assert_eq!(wrong.status.code(), Some(1), "an error is 1");
    assert!(out(&wrong).contains("azure-pipelines.yml:13:3: error "), "place: {}", out(&wrong));

    let answer = json_of(&pipeline(&sandbox, "check", &file, &["--json"]));
    let first = &answer["diagnostics"][0];
    assert_eq!(
        (&first["file"], &first["line"], &first["column"], &first["code"]),
        (&json!("azure-pipelines.yml"), &json!(13), &json!(3), &json!("unexpected_value")),
        "file, line, column and code for other programs: {first}"
    );
    assert!(first["hint"].as_str().unwrap().contains("condition"), "the nearest name: {first}");

    let log = json_of(&pipeline(&sandbox, "check", &file, &["--sarif"]));
    let result = &log["runs"][0]["results"][0];
    assert_eq!(log["version"], "2.1.0", "the version that hosts read");
    assert_eq!(result["level"], "error", "{result}");
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&json!(13), &json!(3)), "{region}");

    let missing = slipway(&sandbox, &["pipeline", "check", "nowhere.yml"]);
    assert_eq!(missing.status.code(), Some(2), "a file that is not there is wrong use");
    let unknown = slipway(&sandbox, &["pipeline", "check", "--colour"]);
    assert_eq!(unknown.status.code(), Some(2), "so is a flag that is not there");
}

#[test]
fn templates_are_expanded_and_planned_from_the_repository() {
    let sandbox = Sandbox::new("expand");
    let file = files(&sandbox, FINE);
    let expanded = pipeline(&sandbox, "expand", &file, &[]);
    let text = out(&expanded);
    assert_eq!(expanded.status.code(), Some(0), "{text}{expanded:?}");
    assert!(text.contains("script: make unit"), "the template is put in: {text}");
    assert!(!text.contains("template:"), "and no call is left: {text}");

    let plan = json_of(&pipeline(&sandbox, "plan", &file, &["--json"]));
    assert_eq!(plan["stages"][1]["dependsOn"], json!(["Build"]), "made explicit");
    assert_eq!(plan["stages"][0]["jobs"][0]["steps"][0]["task"], "CmdLine", "every step is a task");

    let graph = out(&pipeline(&sandbox, "graph", &file, &[]));
    assert!(graph.contains("digraph") && graph.contains("Ship"), "a picture as text: {graph}");
    let starts = pipeline(&sandbox, "starts", &file, &["--branch", "dev"]);
    assert_eq!(starts.status.code(), Some(1), "dev starts nothing: {}", out(&starts));
    let starts = pipeline(&sandbox, "starts", &file, &["--branch", "main"]);
    assert_eq!(starts.status.code(), Some(0), "main does: {}", out(&starts));
}

#[test]
fn an_edit_touches_the_lines_it_must() {
    let sandbox = Sandbox::new("edit");
    let file = files(&sandbox, FINE);
    let edit = json!({ "edit": "renameStage", "stage": "Build", "to": "Compile" }).to_string();
    let shown = pipeline(&sandbox, "edit", &file, &["--diff", "--edit", &edit]);
    let text = out(&shown);
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    assert!(text.contains("-- stage: Build   # first\n+- stage: Compile   # first\n"), "{text}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), FINE, "a difference writes nothing");

    let written = pipeline(&sandbox, "edit", &file, &["--write", "--edit", &edit]);
    assert_eq!(written.status.code(), Some(0), "{written:?}");
    let after = FINE.replace("- stage: Build ", "- stage: Compile ");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), after, "one word changed");

    let again = pipeline(&sandbox, "edit", &file, &["--write", "--edit", &edit]);
    assert_eq!(again.status.code(), Some(1), "there is no such stage any more");
    let said = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(said.contains("Build"), "the error names it: {said}");
}

#[test]
fn standard_input_is_a_file_too() {
    let sandbox = Sandbox::new("stdin");
    let mut command = sandbox.command(slipway_tests::binary());
    command.args(["pipeline", "check", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"steps:\n- script: echo\n- scirpt: echo\n").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "the slip is found: {}", out(&output));
    assert!(out(&output).contains(":3:3:"), "at its place: {}", out(&output));
}
