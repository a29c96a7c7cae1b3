//! `slipway status`, `rollback`, `deploy --release`, `diff` and `logs` from a terminal, on this machine.

use serde_json::{Value, json};
use slipway_tests::{Harbour, House, Sandbox, slipway};

/// What a command says of the harbour, if it ends with this code.
#[track_caller]
fn said(sandbox: &Sandbox, harbour: &Harbour, words: &[&str], code: i32) -> String {
    let folder = harbour.path().display().to_string();
    let words: Vec<&str> = words.iter().copied().chain(["--project", &folder]).collect();
    let output = slipway(sandbox, &words);
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "slipway {}: {out}{err}", words.join(" "));
    format!("{out}{err}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_in_the_terminal_holds_until_it_is_released() {
    let sandbox = Sandbox::new("dcli");
    let harbour = Harbour::make(&sandbox);
    let house = House::open(&sandbox).await;
    let project = house.project(harbour.path()).await;
    let first = house.run(&project, "One").await;
    assert_eq!(first["run"]["result"], "succeeded", "{first}");
    harbour.write("www/index.html", "two\n");
    let second = house.run(&project, "Two").await;
    assert_eq!(second["run"]["result"], "succeeded", "{second}");
    house.close().await;

    let said = |words: &[&str], code: i32| said(&sandbox, &harbour, words, code);
    let status: Value = serde_json::from_str(&said(&["status", "--json"], 0)).unwrap();
    let current = &status["columns"][0]["environment"]["current"];
    assert_eq!(current["digest"], second["deployments"][0]["digest"], "the newest runs: {current}");
    said(&["diff", "nowhere"], 2);
    said(&["rollback", "local", "--to", "no-such-deployment"], 1);

    let back: Value = serde_json::from_str(&said(&["rollback", "local", "--json"], 0)).unwrap();
    let deployment = &back["deployment"];
    assert_eq!(deployment["reason"], "rollback", "{deployment}");
    assert_eq!(deployment["digest"], first["deployments"][0]["digest"], "{deployment}");
    assert!(back["plan"]["objects"].as_array().is_some_and(|all| !all.is_empty()), "{back}");
    let shown = said(&["status"], 0);
    assert!(shown.contains("held:"), "the board says that it holds: {shown}");
    let log = said(&["logs", "local", "--deployment", deployment["id"].as_str().unwrap()], 0);
    assert!(log.contains("Deploying"), "what the deployment said: {log}");

    let refused = said(&["run", "--observe-seconds", "0"], 1);
    assert!(refused.contains("held"), "a run does not undo it: {refused}");
    said(&["deploy", "local", "--release"], 0);
    said(&["deploy", "local", "--release"], 1);
    let from = second["deployments"][0]["id"].as_str().unwrap();
    let differs: Value =
        serde_json::from_str(&said(&["diff", "local", "--from", from, "--json"], 1)).unwrap();
    assert_eq!(differs["digest"], second["deployments"][0]["digest"], "{differs}");
    let shown = said(&["deploy", "local", "--from", from], 0);
    assert!(shown.contains("succeeded"), "the second is back: {shown}");
    assert!(!shown.contains(&json!(null).to_string()), "nothing odd is printed: {shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_green_in_the_terminal_waits_and_is_decided() {
    let sandbox = Sandbox::new("dgreen");
    let harbour = Harbour::make(&sandbox);
    let house = House::open(&sandbox).await;
    let project = house.project(harbour.path()).await;
    let first = house.run(&project, "One").await;
    assert_eq!(first["run"]["result"], "succeeded", "{first}");
    house.close().await;

    let said = |words: &[&str], code: i32| said(&sandbox, &harbour, words, code);
    let from = first["deployments"][0]["id"].as_str().unwrap();
    let shown = said(&["deploy", "local", "--finish", "promote"], 1);
    assert!(shown.contains("Nothing waits in local"), "{shown}");
    let shown = said(&["deploy", "local", "--from", from, "--strategy", "canary"], 2);
    assert!(shown.contains("percentage from 1 to 100"), "{shown}");

    let green = ["deploy", "local", "--from", from, "--strategy", "blueGreen"];
    let shown = said(&green, 0);
    assert!(shown.contains("--finish promote"), "it says how to decide: {shown}");
    let shown = said(&["status"], 0);
    assert!(shown.contains("waiting: blue-green"), "another Slipway finds it: {shown}");
    let shown = said(&["rollback", "local", "--to", from], 1);
    assert!(shown.contains("Promote or reject it first"), "{shown}");
    let shown = said(&["deploy", "local", "--finish", "reject"], 0);
    assert!(shown.contains("is rejected and gone"), "{shown}");

    said(&green, 0);
    let done: Value =
        serde_json::from_str(&said(&["deploy", "local", "--finish", "promote", "--json"], 0))
            .unwrap();
    assert_eq!(done["deployment"]["isCurrent"], true, "{done}");
    assert_eq!(done["deployment"]["strategy"]["step"], "promote", "{done}");
}
