//! The canvas's commands on a text that is not saved: gestures in what editors count, copies, what the
//! text comes to for chosen parameters, whether an event starts it, and a message for what has changed.

use serde_json::{Value, json};
use slipway_tests::{Harbour, House, Sandbox};

const TEXT: &str = "\
# Fähre 🚢
trigger:
  branches: {include: [main]}
  paths: {include: [src]}
parameters:
- name: all
  type: boolean
  default: false
stages:
- stage: Build
  jobs:
  - job: Test
    strategy:
      matrix:
        one: {x: 1}
        two: {x: 2}
    steps:
    - script: make
    - ${{ if parameters.all }}:
      - template: more.yml
- stage: Ship
  jobs:
  - deployment: Web
    environment: local
    strategy:
      runOnce:
        deploy:
          steps:
          - script: ship
";

/// The text after the changes, which count UTF-16 code units.
fn patched(text: &str, changes: &Value) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    for change in changes.as_array().unwrap().iter().rev() {
        let at = |key: &str| usize::try_from(change[key].as_u64().unwrap()).unwrap();
        let new: Vec<u16> = change["text"].as_str().unwrap().encode_utf16().collect();
        units.splice(at("start")..at("end"), new);
    }
    String::from_utf16(&units).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_not_saved_is_drawn_on_and_asked_about() {
    let sandbox = Sandbox::new("canvas");
    let house = House::open(&sandbox).await;
    let harbour = Harbour::make(&sandbox);
    harbour.write("more.yml", "steps:\n- script: more\n");
    let project = house.project(harbour.path()).await;

    let gesture = json!({ "gesture": "rename", "node": "/stages/0", "to": "Compile" });
    let request = json!({ "projectId": project, "text": TEXT, "gesture": gesture });
    let made = house.call("pipeline_gesture", request).await;
    let after = patched(TEXT, &made["changes"]);
    assert_eq!(after, TEXT.replace("Build", "Compile"), "behind letters of two units: {made}");
    assert_eq!(made["select"], json!(["/stages/#0"]), "the stage stays selected: {made}");
    assert_eq!(made["board"]["nodes"][0]["name"], "Compile", "the canvas afterwards: {made}");

    let words = json!({ "projectId": project, "before": TEXT, "after": after });
    let message = house.call("pipeline_message", words).await;
    assert_eq!(message["summary"], "pipeline: rename stage Build to Compile", "{message}");

    let gesture = json!({ "gesture": "move", "nodes": ["/stages/0"], "into": "/stages/1/jobs/0" });
    let request = json!({ "projectId": project, "text": TEXT, "gesture": gesture });
    let refused = house.refused("pipeline_gesture", request).await;
    assert_eq!(refused.code, "edit_misplaced", "a stage is no step: {refused:?}");

    let edit = json!({ "edit": "text", "changes": [{ "start": 2, "end": 7, "text": "Boot" }] });
    let gesture = json!({ "gesture": "edit", "edit": edit });
    let request = json!({ "projectId": project, "text": TEXT, "gesture": gesture });
    let made = house.call("pipeline_gesture", request).await;
    let text = patched(TEXT, &made["changes"]);
    assert!(text.starts_with("# Boot 🚢\n"), "an edit of text counts units as well: {made}");

    let nodes = ["/stages/0/jobs/0/steps/0"];
    let request = json!({ "projectId": project, "text": TEXT, "nodes": nodes });
    let copied = house.call("pipeline_copy", request).await;
    assert_eq!(copied["yaml"], "- script: make\n", "as it is written, without indentation");

    let request = json!({
        "projectId": project, "text": TEXT, "parameters": [{ "name": "all", "value": "true" }],
    });
    let expanded = house.call("pipeline_expand", request).await;
    assert_eq!(expanded["parameters"][0]["name"], "all", "what may be chosen: {expanded}");
    let job = &expanded["board"]["nodes"][0]["children"][0];
    assert_eq!(job["legs"], json!(["one", "two"]), "the legs of the matrix: {expanded}");
    assert_eq!(job["children"][1]["file"], "more.yml", "from the template: {expanded}");
    assert_eq!(job["children"][1]["line"], 2, "and where it stands there: {expanded}");
    let ship = &expanded["board"]["nodes"][1];
    assert_eq!(ship["dependsOn"], json!(["Build"]), "what holds unsaid is said: {expanded}");
    assert_eq!(ship["children"][0]["children"][0]["name"], "deploy", "a hook: {expanded}");
    let request = json!({ "projectId": project, "text": "steps:\n- nonsense: 1\n" });
    let wrong = house.call("pipeline_expand", request).await;
    assert_eq!(wrong["board"], Value::Null, "there is no plan: {wrong}");
    assert_ne!(wrong["diagnostics"], json!([]), "and it is said why: {wrong}");

    for (event, branch, paths, starts) in [
        ("push", "main", vec!["src/a.c"], true),
        ("push", "main", vec!["docs/a.md"], false),
        ("push", "topic", vec!["src/a.c"], false),
        ("pullRequest", "topic", vec![], true),
    ] {
        let request = json!({
            "projectId": project, "text": TEXT, "branch": branch, "event": event, "paths": paths,
        });
        let verdict = house.call("pipeline_trigger", request).await;
        assert_eq!(verdict["starts"], starts, "{event} {branch} {paths:?}: {verdict}");
        assert_ne!(verdict["reason"], "", "with its reason: {verdict}");
    }
    house.close().await;
}
