//! Gestures byte for byte: what the canvas asks for, and what a careful person would have typed.

use slipway_core::Explain;
use slipway_pipeline::document::{Document, EditError, Gesture, copied, perform};

use crate::cpu::Begun;

fn gesture(json: &str) -> Gesture {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// The text after a gesture, and the nodes that are selected then.
fn made(text: &str, json: &str) -> (String, String) {
    let made = perform(text, &gesture(json))
        .unwrap_or_else(|error| panic!("{json} on\n{text}\n{error} {:?}", error.hint()));
    let undone = made.document.apply(&made.inverse).expect("undo is an edit");
    assert_eq!(undone.document.text(), text, "undo of {json} restores the text");
    let select: Vec<String> = made.select.iter().map(ToString::to_string).collect();
    let board = format!("{:?}", slipway_pipeline::assist::board(made.document.text()));
    // The file itself is no node.
    for path in made.select.iter().filter(|path| !path.segments().is_empty()) {
        let path = format!("{:?}", path);
        assert!(board.contains(&path), "{path} is a node of the new board\n{board}");
    }
    (made.document.text().to_owned(), select.join(" "))
}

fn all(cases: &[(&str, &str, &str, &str)]) {
    for (before, json, after, select) in cases {
        let (text, selected) = made(before, json);
        assert_eq!(text, *after, "{json} on\n{before}");
        assert_eq!(selected, *select, "{json} selects what it made, on\n{before}");
        if before.is_empty() {
            continue;
        }
        // The same with the line ends of Windows, and a byte-order mark.
        let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let (text, _) = made(&windows(before), json);
        assert_eq!(text, windows(after), "{json} with CRLF and BOM");
    }
}

fn refused(text: &str, json: &str) -> EditError {
    let error = perform(text, &gesture(json)).expect_err("this gesture cannot be made");
    assert!(error.hint().is_some_and(|hint| !hint.is_empty()), "{error} says what to do next");
    error
}

fn refusals(cases: &[(&str, &str, &str)]) {
    for (text, json, words) in cases {
        assert_eq!(refused(text, json).to_string(), *words, "{json} on\n{text}");
    }
}

const TWO: &str = "\
# ours
stages:
- stage: Build
  jobs:
  # compiles
  - job: Compile
    steps:
    # first
    - script: make  # all

    - script: make test
  - job: Test
    dependsOn: Compile
    steps:
    - script: |
        set -e
        run

- stage: Ship
  jobs:
  - job: Pack
    steps: [{script: pack}]
";

#[test]
fn nodes_are_added_where_they_belong() {
    all(&[
        (
            "",
            r#"{"gesture":"add","into":"","what":"stage"}"#,
            "stages:\n- stage: Stage\n  jobs: []\n",
            "/stages/#0",
        ),
        (
            "trigger: none\n",
            r#"{"gesture":"add","into":"","what":"step","name":null,"value":{"script":"make","displayName":"Make"}}"#,
            "trigger: none\nsteps:\n- script: make\n  displayName: Make\n",
            "/steps/#0",
        ),
        (
            "stages:\n- stage: Stage\n  jobs: []\n",
            r#"{"gesture":"add","into":"/stages/0","what":"job","name":"Test"}"#,
            "stages:\n- stage: Stage\n  jobs:\n  - job: Test\n    steps: []\n",
            "/stages/#0/jobs/#0",
        ),
        (
            "steps:\n  # first\n  - script: a\n",
            r#"{"gesture":"add","into":"","what":"job","name":"Other"}"#,
            "jobs:\n  - job: Job\n    steps:\n      # first\n      - script: a\n  - job: Other\n    steps: []\n",
            "/jobs/#1",
        ),
        (
            "jobs:\n- job: A\n  steps:\n  - script: a\n",
            r#"{"gesture":"add","into":"","what":"stage","name":"Next"}"#,
            "stages:\n- stage: Stage\n  jobs:\n  - job: A\n    steps:\n    - script: a\n- stage: Next\n  jobs: []\n",
            "/stages/#1",
        ),
        (
            "jobs:\n- job: A\n  steps:\n  - script: a\n",
            r#"{"gesture":"add","into":"","before":"/jobs/0","what":"deployment","value":{"pool":"Default"}}"#,
            "jobs:\n- deployment: Deploy\n  pool: Default\n  environment: staging\n  strategy:\n    runOnce:\n      deploy:\n        steps: []\n- job: A\n  steps:\n  - script: a\n",
            "/jobs/#0",
        ),
        (
            "jobs:\n- deployment: D\n  environment: e\n",
            r#"{"gesture":"add","into":"/jobs/0","what":"step"}"#,
            "jobs:\n- deployment: D\n  environment: e\n  strategy:\n    runOnce:\n      deploy:\n        steps:\n        - script: echo Hello\n",
            "/jobs/#0/strategy/runOnce/deploy/steps/#0",
        ),
        (
            "steps:\n- script: a\n",
            r#"{"gesture":"add","into":"","before":"/steps/0","what":"if","name":"eq(variables.x, '1')"}"#,
            "steps:\n- ${{ if eq(variables.x, '1') }}: []\n- script: a\n",
            "/steps/#0/#0",
        ),
        (
            "steps:\n- ${{ if true }}: []\n- script: a\n",
            r#"{"gesture":"add","into":"/steps/0/#0","what":"step","name":"one","value":{"bash":"x"}}"#,
            "steps:\n- ${{ if true }}:\n  - bash: x\n    name: one\n- script: a\n",
            "/steps/#0/#0/#0",
        ),
        (
            "stages: []\n",
            r#"{"gesture":"add","into":"","what":"template","name":"stages/web.yml","value":{"parameters":{"it":"web"}}}"#,
            "stages:\n- template: stages/web.yml\n  parameters:\n    it: web\n",
            "/stages/#0",
        ),
        (
            TWO,
            r#"{"gesture":"add","into":"/stages/1/jobs/0","what":"step","value":{"script":"push"}}"#,
            &TWO.replace("[{script: pack}]", "[{script: pack}, {script: push}]"),
            "/stages/#1/jobs/#0/steps/#1",
        ),
    ]);
    refusals(&[
        (
            TWO,
            r#"{"gesture":"add","into":"/stages/0","what":"step"}"#,
            "a step cannot go into stage 'Build': it holds jobs",
        ),
        (
            TWO,
            r#"{"gesture":"add","into":"","what":"job"}"#,
            "a job cannot go into the file: its jobs stand in stages: choose one",
        ),
        (
            TWO,
            r#"{"gesture":"add","into":"","what":"stage","name":"build"}"#,
            "'build' is already defined in 'stages'",
        ),
        (
            "extends: {template: a.yml}\n",
            r#"{"gesture":"add","into":"","what":"stage"}"#,
            "a stage cannot go into the file: it extends a template",
        ),
    ]);
}

#[test]
fn nodes_move_with_their_lines() {
    all(&[
        (
            TWO,
            r#"{"gesture":"move","nodes":["/stages/0/jobs/0/steps/1"],"into":"/stages/0/jobs/0","before":"/stages/0/jobs/0/steps/0"}"#,
            &TWO.replace(
                "    # first\n    - script: make  # all\n\n    - script: make test\n",
                "    - script: make test\n\n    # first\n    - script: make  # all\n",
            ),
            "/stages/#0/jobs/#0/steps/#0",
        ),
        (
            TWO,
            r#"{"gesture":"move","nodes":["/stages/0/jobs/0/steps/1","/stages/0/jobs/0/steps/0"],"into":"/stages/0/jobs/1","before":"/stages/0/jobs/1/steps/0"}"#,
            "# ours\nstages:\n- stage: Build\n  jobs:\n  # compiles\n  - job: Compile\n    steps: []\n  - job: Test\n    dependsOn: Compile\n    steps:\n    # first\n    - script: make  # all\n    - script: make test\n    - script: |\n        set -e\n        run\n\n- stage: Ship\n  jobs:\n  - job: Pack\n    steps: [{script: pack}]\n",
            "/stages/#0/jobs/#1/steps/#0 /stages/#0/jobs/#1/steps/#1",
        ),
        (
            TWO,
            r#"{"gesture":"move","nodes":["/stages/0/jobs/1"],"into":"/stages/1"}"#,
            "# ours\nstages:\n- stage: Build\n  jobs:\n  # compiles\n  - job: Compile\n    steps:\n    # first\n    - script: make  # all\n\n    - script: make test\n\n- stage: Ship\n  jobs:\n  - job: Pack\n    steps: [{script: pack}]\n  - job: Test\n    steps:\n    - script: |\n        set -e\n        run\n",
            "/stages/#1/jobs/#1",
        ),
        (
            "stages:\n- stage: A\n\n# second\n- stage: B\n\n- stage: C\n",
            r#"{"gesture":"move","nodes":["/stages/2","/stages/0"],"into":"","before":"/stages/1"}"#,
            "stages:\n- stage: A\n\n- stage: C\n\n# second\n- stage: B\n",
            "/stages/#0 /stages/#1",
        ),
        (
            "steps:\n- script: a\n- ${{ if x }}:\n  - script: b\n- script: c\n",
            r#"{"gesture":"move","nodes":["/steps/0"],"into":"/steps/1/#0"}"#,
            "steps:\n- ${{ if x }}:\n  - script: b\n  - script: a\n- script: c\n",
            "/steps/#0/#0/#1",
        ),
        (
            "steps:\n- script: a\n- ${{ if x }}:\n  # why\n  - script: b\n- script: c\n",
            r#"{"gesture":"move","nodes":["/steps/1/#0/0"],"into":""}"#,
            "steps:\n- script: a\n- ${{ if x }}: []\n- script: c\n# why\n- script: b\n",
            "/steps/#3",
        ),
        (
            "steps:\n- ${{ if x }}:\n  - script: b\n- ${{ else }}:\n  - script: e\n- script: c\n",
            r#"{"gesture":"move","nodes":["/steps/0/#0"],"into":""}"#,
            "steps:\n- script: c\n- ${{ if x }}:\n  - script: b\n- ${{ else }}:\n  - script: e\n",
            "/steps/#1/#0 /steps/#2/#0",
        ),
    ]);
    refusals(&[
        (
            TWO,
            r#"{"gesture":"move","nodes":["/stages/0"],"into":"/stages/1/jobs/0"}"#,
            "stage 'Build' cannot go into job 'Pack': it holds steps",
        ),
        (
            TWO,
            r#"{"gesture":"move","nodes":["/stages/0","/stages/1/jobs/0"],"into":""}"#,
            "stage 'Build' and job 'Pack' cannot be moved together",
        ),
        (
            TWO,
            r#"{"gesture":"move","nodes":["/stages/0/jobs/0"],"into":""}"#,
            "job 'Compile' cannot go into the file: its jobs stand in stages: choose one",
        ),
        (
            "steps:\n- ${{ if x }}:\n  - script: b\n- ${{ else }}:\n  - script: e\n- script: c\n",
            r#"{"gesture":"move","nodes":["/steps/2"],"into":"","before":"/steps/1/#0"}"#,
            "'${{ else }}' belongs to what stands directly before it",
        ),
        (
            "steps:\n- ${{ if x }}:\n  - ${{ if y }}:\n    - script: b\n",
            r#"{"gesture":"move","nodes":["/steps/0/#0"],"into":"/steps/0/#0/0/#0"}"#,
            "${{ if x }} cannot go into ${{ if y }}: it would stand in itself",
        ),
    ]);
}

#[test]
fn nodes_are_removed_with_their_names() {
    all(&[
        (
            TWO,
            r#"{"gesture":"remove","nodes":["/stages/0/jobs/0"]}"#,
            "# ours\nstages:\n- stage: Build\n  jobs:\n  - job: Test\n    steps:\n    - script: |\n        set -e\n        run\n\n- stage: Ship\n  jobs:\n  - job: Pack\n    steps: [{script: pack}]\n",
            "",
        ),
        (
            "stages:\n- stage: A\n- ${{ if x }}:\n  - stage: B\n- stage: C\n  dependsOn: [A, B]\n",
            r#"{"gesture":"remove","nodes":["/stages/1/#0","/stages/0"]}"#,
            "stages:\n- stage: C\n",
            "",
        ),
        (
            "stages:\n- ${{ if x }}:\n  - stage: B\n- ${{ else }}:\n  - stage: B\n- stage: C\n  dependsOn: B\n",
            r#"{"gesture":"remove","nodes":["/stages/1/#0"]}"#,
            "stages:\n- ${{ if x }}:\n  - stage: B\n- stage: C\n  dependsOn: B\n",
            "",
        ),
        (
            "steps:\n  - script: only\n  # - script: old\n",
            r#"{"gesture":"remove","nodes":["/steps/0"]}"#,
            "steps: []\n  # - script: old\n",
            "",
        ),
    ]);
    refusals(&[
        (
            "steps:\n- ${{ if x }}:\n  - script: b\n  ${{ else }}:\n  - script: e\n",
            r#"{"gesture":"remove","nodes":["/steps/0/#0"]}"#,
            "'${{ else }}' belongs to what stands directly before it",
        ),
        (TWO, r#"{"gesture":"remove","nodes":[""]}"#, "the file stays where it is"),
    ]);
}

#[test]
fn copies_have_names_of_their_own() {
    all(&[
        (
            "jobs:\n- job: A\n  steps:\n  - script: a\n\n- job: B\n  dependsOn: A\n  condition: succeeded('A')\n  steps: []\n",
            r#"{"gesture":"duplicate","nodes":["/jobs/0","/jobs/1"]}"#,
            "jobs:\n- job: A\n  steps:\n  - script: a\n\n- job: B\n  dependsOn: A\n  condition: succeeded('A')\n  steps: []\n\n- job: A2\n  steps:\n  - script: a\n\n- job: B2\n  dependsOn: A2\n  condition: succeeded('A2')\n  steps: []\n",
            "/jobs/#2 /jobs/#3",
        ),
        (
            "steps:\n# it\n- bash: x\n  name: set1\n- script: echo $(set1.a)\n",
            r#"{"gesture":"duplicate","nodes":["/steps/0"]}"#,
            "steps:\n# it\n- bash: x\n  name: set1\n# it\n- bash: x\n  name: set2\n- script: echo $(set1.a)\n",
            "/steps/#1",
        ),
        (
            "stages:\n- stage: A\n  jobs:\n  - job: J\n    steps: []\n",
            r#"{"gesture":"duplicate","nodes":["/stages/0"]}"#,
            "stages:\n- stage: A\n  jobs:\n  - job: J\n    steps: []\n- stage: A2\n  jobs:\n  - job: J\n    steps: []\n",
            "/stages/#1",
        ),
    ]);
}

#[test]
fn names_change_with_what_refers_to_them() {
    all(&[
        (
            "stages:\n- stage: A  # one\n- stage: B\n  dependsOn: [A]\n  condition: eq(dependencies.A.result, 'Failed')\n",
            r#"{"gesture":"rename","node":"/stages/0","to":"Build"}"#,
            "stages:\n- stage: Build  # one\n- stage: B\n  dependsOn: [Build]\n  condition: eq(dependencies.Build.result, 'Failed')\n",
            "/stages/#0",
        ),
        (
            "stages:\n- ${{ if x }}:\n  - stage: A\n- ${{ else }}:\n  - stage: A\n- stage: B\n  dependsOn: A\n",
            r#"{"gesture":"rename","node":"/stages/1/#0/0","to":"C"}"#,
            "stages:\n- ${{ if x }}:\n  - stage: C\n- ${{ else }}:\n  - stage: C\n- stage: B\n  dependsOn: C\n",
            "/stages/#1/#0/#0",
        ),
        (
            "steps:\n- bash: x\n  name: one\n- script: $(one.a)\n",
            r#"{"gesture":"rename","node":"/steps/0","to":"two"}"#,
            "steps:\n- bash: x\n  name: two\n- script: $(two.a)\n",
            "/steps/#0",
        ),
        (
            "steps:\n- ${{ if x }}:\n  - script: a\n",
            r#"{"gesture":"rename","node":"/steps/0/#0","to":"eq(variables.a, 'b')"}"#,
            "steps:\n- ${{ if eq(variables.a, 'b') }}:\n  - script: a\n",
            "/steps/#0/#0",
        ),
        (
            "steps:\n- template: a.yml\n",
            r#"{"gesture":"rename","node":"/steps/0","to":"b.yml@other"}"#,
            "steps:\n- template: b.yml@other\n",
            "/steps/#0",
        ),
    ]);
}

#[test]
fn the_uses_of_a_loop_variable_follow_its_name() {
    all(&[
        (
            "steps:\n- ${{ each x in parameters.list }}:\n  # runs ${{ x }}\n  - script: echo ${{ x.a }} '${{ x }}' $(x) x ${{ parameters.x }} ${{ other[x] }}\n    displayName: '${{ format(''{0}'', x) }}'\n    condition: and(succeeded(), eq('${{ x.a }}', 'x'))\n    env:\n      ${{ x.name }}: ${{ x['value'] }}\n- script: ${{ x }}\n",
            r#"{"gesture":"rename","node":"/steps/0/#0","to":"each item in parameters.list"}"#,
            "steps:\n- ${{ each item in parameters.list }}:\n  # runs ${{ x }}\n  - script: echo ${{ item.a }} '${{ item }}' $(x) x ${{ parameters.x }} ${{ other[item] }}\n    displayName: '${{ format(''{0}'', item) }}'\n    condition: and(succeeded(), eq('${{ item.a }}', 'x'))\n    env:\n      ${{ item.name }}: ${{ item['value'] }}\n- script: ${{ x }}\n",
            "/steps/#0/#0",
        ),
        // A loop within hides the name; what it goes through is still ours.
        (
            "steps:\n- ${{ each x in parameters.list }}:\n  - ${{ each x in x.more }}:\n    - script: ${{ x }}\n  - \"${{ if eq(x.a, 'b') }}\":\n    - ${{ each y in x }}:\n      - script: ${{ y }} ${{ x }}\n",
            r#"{"gesture":"rename","node":"/steps/0/#0","to":"item in parameters.list"}"#,
            "steps:\n- ${{ each item in parameters.list }}:\n  - ${{ each x in item.more }}:\n    - script: ${{ x }}\n  - \"${{ if eq(item.a, 'b') }}\":\n    - ${{ each y in item }}:\n      - script: ${{ y }} ${{ item }}\n",
            "/steps/#0/#0",
        ),
        // Only what it goes through.
        (
            "steps:\n- ${{ each x in parameters.a }}:\n  - script: ${{ x }}\n",
            r#"{"gesture":"rename","node":"/steps/0/#0","to":"each x in parameters.b"}"#,
            "steps:\n- ${{ each x in parameters.b }}:\n  - script: ${{ x }}\n",
            "/steps/#0/#0",
        ),
    ]);
    let nested = "steps:\n- ${{ each x in parameters.a }}:\n  - ${{ each y in x }}:\n    - script: ${{ y }} ${{ x }}\n";
    refusals(&[
        (
            nested,
            r#"{"gesture":"rename","node":"/steps/0/#0","to":"each y in parameters.a"}"#,
            "'y' is already defined",
        ),
        (
            nested,
            r#"{"gesture":"rename","node":"/steps/0/#0/0/#0","to":"each x in x"}"#,
            "'x' is already defined",
        ),
        (
            nested,
            r#"{"gesture":"rename","node":"/steps/0/#0","to":"each variables in parameters.a"}"#,
            "'variables' is not a valid name for a loop variable",
        ),
    ]);
}

#[test]
fn a_parameter_between_the_quotes_of_a_condition_follows_its_name() {
    all(&[(
        "parameters:\n- name: env\nsteps:\n- script: a\n  condition: eq('${{ parameters.env }}', 'parameters.env')\n",
        r#"{"gesture":"edit","edit":{"edit":"renameParameter","name":"env","to":"where"}}"#,
        "parameters:\n- name: where\nsteps:\n- script: a\n  condition: eq('${{ parameters.where }}', 'parameters.env')\n",
        "",
    )]);
}

#[test]
fn connections_keep_what_held_before() {
    let abc = "stages:\n- stage: A\n- stage: B\n- stage: C\n";
    all(&[
        (
            abc,
            r#"{"gesture":"connect","from":"/stages/0","to":"/stages/2"}"#,
            "stages:\n- stage: A\n- stage: B\n- stage: C\n  dependsOn:\n  - B\n  - A\n",
            "/stages/#2",
        ),
        (abc, r#"{"gesture":"connect","from":"/stages/0","to":"/stages/1"}"#, abc, "/stages/#1"),
        (
            abc,
            r#"{"gesture":"disconnect","from":"/stages/0","to":"/stages/1"}"#,
            "stages:\n- stage: A\n- stage: B\n  dependsOn: []\n- stage: C\n",
            "/stages/#1",
        ),
        (
            "jobs:\n- job: A\n- job: B\n  # why\n  dependsOn: [A]\n- job: C\n",
            r#"{"gesture":"connect","from":"/jobs/2","to":"/jobs/1"}"#,
            "jobs:\n- job: A\n- job: B\n  # why\n  dependsOn: [A, C]\n- job: C\n",
            "/jobs/#1",
        ),
        (
            "jobs:\n- job: A\n- job: B\n  dependsOn: A\n- job: C\n",
            r#"{"gesture":"connect","from":"/jobs/2","to":"/jobs/1"}"#,
            "jobs:\n- job: A\n- job: B\n  dependsOn:\n  - A\n  - C\n- job: C\n",
            "/jobs/#1",
        ),
        (
            "jobs:\n- job: A\n- job: B\n  dependsOn: A\n",
            r#"{"gesture":"disconnect","from":"/jobs/0","to":"/jobs/1"}"#,
            "jobs:\n- job: A\n- job: B\n",
            "/jobs/#1",
        ),
        (
            "stages:\n- stage: A\n- stage: B\n  dependsOn: A\n",
            r#"{"gesture":"disconnect","from":"/stages/0","to":"/stages/1"}"#,
            "stages:\n- stage: A\n- stage: B\n  dependsOn: []\n",
            "/stages/#1",
        ),
        (
            "stages:\n- stage: A\n- stage: B\n  dependsOn: []\n",
            r#"{"gesture":"connect","from":"/stages/0","to":"/stages/1"}"#,
            "stages:\n- stage: A\n- stage: B\n  dependsOn: A\n",
            "/stages/#1",
        ),
    ]);
    refusals(&[
        (
            abc,
            r#"{"gesture":"connect","from":"/stages/2","to":"/stages/0"}"#,
            "'A' cannot wait for 'C': C waits for B, B waits for A",
        ),
        (
            "stages:\n- template: a.yml\n- stage: B\n- stage: C\n",
            r#"{"gesture":"connect","from":"/stages/2","to":"/stages/1"}"#,
            "'B' cannot wait for 'C': C waits for B",
        ),
        (
            "stages:\n- stage: A\n- template: a.yml\n- stage: C\n",
            r#"{"gesture":"connect","from":"/stages/0","to":"/stages/2"}"#,
            "stage 'A' and stage 'C' cannot be connected like that: it waits for template 'a.yml', which stands before it and cannot be named together with others",
        ),
    ]);
}

#[test]
fn nested_keys_are_set_made_and_removed() {
    all(&[
        (
            "steps:\n- task: Npm@1\n  displayName: x\n",
            r#"{"gesture":"set","node":"/steps/0","keys":["inputs","command"],"value":"ci"}"#,
            "steps:\n- task: Npm@1\n  displayName: x\n  inputs:\n    command: ci\n",
            "/steps/#0",
        ),
        (
            "steps:\n- task: Npm@1\n  inputs:\n    Command: ci  # why\n",
            r#"{"gesture":"set","node":"/steps/0","keys":["inputs","command"],"value":"run"}"#,
            "steps:\n- task: Npm@1\n  inputs:\n    Command: run  # why\n",
            "/steps/#0",
        ),
        (
            "steps:\n- task: Npm@1\n  inputs:\n    command: ci\n",
            r#"{"gesture":"set","node":"/steps/0","keys":["inputs","command"],"value":null}"#,
            "steps:\n- task: Npm@1\n",
            "/steps/#0",
        ),
        (
            "pool: Default\nsteps: []\n",
            r#"{"gesture":"set","node":"","keys":["pool","demands"],"value":["a"]}"#,
            "pool:\n  name: Default\n  demands:\n  - a\nsteps: []\n",
            "",
        ),
        (
            "trigger:\n- main  # ours\nsteps: []\n",
            r#"{"gesture":"set","node":"","keys":["trigger","branches","exclude"],"value":["old"]}"#,
            "trigger:\n  branches:\n    include:\n    - main  # ours\n    exclude:\n    - old\nsteps: []\n",
            "",
        ),
        (
            "trigger: main\nsteps: []\n",
            r#"{"gesture":"set","node":"","keys":["trigger","batch"],"value":true}"#,
            "trigger:\n  batch: true\n  branches:\n    include:\n    - main\nsteps: []\n",
            "",
        ),
        (
            "variables:\n- name: a\n  value: b\nsteps: []\n",
            r#"{"gesture":"set","node":"","keys":["variables","a"],"value":"c"}"#,
            "variables:\n- name: a\n  value: c\nsteps: []\n",
            "",
        ),
        (
            "trigger: [main]\nsteps: []\n",
            r#"{"gesture":"set","node":"","keys":["trigger","paths","include"],"value":["src"]}"#,
            "trigger:\n  branches:\n    include:\n    - main\n  paths:\n    include:\n    - src\nsteps: []\n",
            "",
        ),
        (
            "jobs:\n- job: A\n  steps: []\n",
            r#"{"gesture":"set","node":"/jobs/0","keys":["strategy","matrix","one","os"],"value":"linux"}"#,
            "jobs:\n- job: A\n  strategy:\n    matrix:\n      one:\n        os: linux\n  steps: []\n",
            "/jobs/#0",
        ),
    ]);
}

#[test]
fn keys_are_written_in_their_order_and_a_node_stays() {
    let add = r#"{"gesture":"add","into":"","what":"step","value":{"inputs":{"zeta":"1","command":"build","repository":"web"},"displayName":"It","env":{"A":"1"},"task":"Docker@2"}}"#;
    all(&[
        (
            "steps: []\n",
            add,
            "steps:\n- task: Docker@2\n  displayName: It\n  inputs:\n    repository: web\n    command: build\n    zeta: 1\n  env:\n    A: 1\n",
            "/steps/#0",
        ),
        (
            "jobs: []\n",
            r#"{"gesture":"add","into":"","what":"job","name":"A","value":{"steps":[{"displayName":"x","script":"make"}],"displayName":"J"}}"#,
            "jobs:\n- job: A\n  displayName: J\n  steps:\n  - script: make\n    displayName: x\n",
            "/jobs/#0",
        ),
    ]);
    refusals(&[(
        "steps:\n- script: a\n- script: b\n",
        r#"{"gesture":"set","node":"/steps/0","keys":["script"],"value":null}"#,
        "'/steps/#0' cannot be edited: nothing would be left of it",
    )]);
}

#[test]
fn jobs_become_deployments_and_back() {
    let job = "jobs:\n- job: Web  # the site\n  displayName: Web\n  # all of it\n  steps:  # run\n  # first\n  - script: |\n      a\n        b\n\n  - bash: c\n  # last\n- job: Next\n  dependsOn: Web\n  variables:\n    x: $[ dependencies.Web.outputs['set.y'] ]\n  steps: []\n";
    let deployment = "jobs:\n- deployment: Web  # the site\n  displayName: Web\n  environment: prod\n  # all of it\n  strategy:\n    runOnce:\n      deploy:\n        steps:  # run\n        # first\n        - script: |\n            a\n              b\n\n        - bash: c\n  # last\n- job: Next\n  dependsOn: Web\n  variables:\n    x: $[ dependencies.Web.outputs['Web.set.y'] ]\n  steps: []\n";
    let back = r#"{"gesture":"convert","node":"/jobs/0","to":"job"}"#;
    all(&[
        (
            job,
            r#"{"gesture":"convert","node":"/jobs/0","to":"deployment","environment":"prod"}"#,
            deployment,
            "/jobs/#0",
        ),
        (deployment, back, job, "/jobs/#0"),
        (
            "jobs:\n- deployment: A\n  environment: e\n  strategy: # s\n    # r\n    runOnce:\n      deploy:\n        steps:\n        - script: a\n",
            back,
            "jobs:\n- job: A\n  # s\n  # r\n  steps:\n  - script: a\n",
            "/jobs/#0",
        ),
    ]);
    refusals(&[
        (
            "jobs:\n- deployment: A\n  environment: e\n  strategy:\n    canary:\n      deploy:\n        steps: []\n",
            back,
            "deployment 'A' cannot be converted: its strategy is canary, and a job has none like it",
        ),
        (
            "jobs:\n- deployment: A\n  environment: e\n  strategy:\n    runOnce:\n      preDeploy:\n        steps: []\n      deploy:\n        steps: []\n",
            back,
            "deployment 'A' cannot be converted: its hook 'preDeploy' has no place in a job: remove it first",
        ),
        (
            "jobs:\n- job: A\n  strategy: {parallel: 2}\n  steps: []\n",
            r#"{"gesture":"convert","node":"/jobs/0","to":"deployment"}"#,
            "job 'A' cannot be converted: it has a strategy of its own, and a deployment has another kind",
        ),
    ]);
}

#[test]
fn what_is_pasted_fits_in() {
    let steps =
        r#""yaml":"    - script: one  # c\n      name: s\n    # two\n    - script: echo $(s.x)\n""#;
    let jobs = r#""yaml":"- job: A\n  steps:\n  - script: one\n- job: B\n  dependsOn: A\n""#;
    all(&[
        (
            "jobs:\n  - job: A\n    steps:\n      - bash: x\n        name: s\n",
            &format!(
                r#"{{"gesture":"paste","into":"/jobs/0","before":"/jobs/0/steps/0",{steps}}}"#
            ),
            "jobs:\n  - job: A\n    steps:\n      - script: one  # c\n        name: s2\n      # two\n      - script: echo $(s2.x)\n      - bash: x\n        name: s\n",
            "/jobs/#0/steps/#0 /jobs/#0/steps/#1",
        ),
        (
            "stages:\n- stage: S\n  jobs:\n  - job: Job\n    steps: []\n",
            &format!(r#"{{"gesture":"paste","into":"/stages/0",{steps}}}"#),
            "stages:\n- stage: S\n  jobs:\n  - job: Job\n    steps: []\n  - job: Job2\n    steps:\n    - script: one  # c\n      name: s\n    # two\n    - script: echo $(s.x)\n",
            "/stages/#0/jobs/#1",
        ),
        (
            "steps:\n- script: a\n",
            &format!(r#"{{"gesture":"paste","into":"",{jobs}}}"#),
            "jobs:\n- job: Job\n  steps:\n  - script: a\n- job: A\n  steps:\n  - script: one\n- job: B\n  dependsOn: A\n",
            "/jobs/#1 /jobs/#2",
        ),
        (
            "stages:\n- stage: S\n  jobs:\n  - job: A\n    steps: []\n",
            &format!(r#"{{"gesture":"paste","into":"/stages/0/jobs/0",{jobs}}}"#),
            "stages:\n- stage: S\n  jobs:\n  - job: A\n    steps: []\n  - job: A2\n    steps:\n    - script: one\n  - job: B\n    dependsOn: A2\n",
            "/stages/#0/jobs/#1 /stages/#0/jobs/#2",
        ),
        (
            "stages:\n- stage: S\n  jobs: []\n",
            r#"{"gesture":"paste","into":"","yaml":"trigger: none\nsteps:\n- script: x\n"}"#,
            "stages:\n- stage: S\n  jobs: []\n- stage: Stage\n  jobs:\n  - job: Job\n    steps:\n    - script: x\n",
            "/stages/#1",
        ),
        (
            "",
            r#"{"gesture":"paste","into":"","yaml":"${{ if x }}:\n- script: x\n"}"#,
            "steps:\n- ${{ if x }}:\n  - script: x\n",
            "/steps/#0/#0",
        ),
    ]);
    refusals(&[
        (
            "",
            r#"{"gesture":"paste","into":"","yaml":"hello"}"#,
            "The YAML to insert is not valid: No stage, job or step is in it.",
        ),
        (
            "",
            r#"{"gesture":"paste","into":"","yaml":"- stage: A\n- script: b\n"}"#,
            "The YAML to insert is not valid: Stages, jobs and steps are mixed in it.",
        ),
    ]);
    let yaml = copied(
        TWO,
        &["/stages/0/jobs/0/steps/0".parse_path(), "/stages/1/jobs/0/steps/0".parse_path()],
    );
    assert_eq!(
        yaml.expect("both are steps"),
        "# first\n- script: make  # all\n- {script: pack}\n",
        "as they are written"
    );
}

trait ParsePath {
    fn parse_path(&self) -> slipway_pipeline::document::Path;
}

impl ParsePath for str {
    fn parse_path(&self) -> slipway_pipeline::document::Path {
        slipway_pipeline::document::Path::parse(self).expect("a path")
    }
}

#[test]
fn directives_go_round_and_away() {
    all(&[
        (
            "steps:\n- script: a\n# b\n- script: b\n- script: c\n",
            r#"{"gesture":"wrap","nodes":["/steps/1","/steps/2"],"directive":"eq(variables.x, 'y')"}"#,
            "steps:\n- script: a\n- ${{ if eq(variables.x, 'y') }}:\n  # b\n  - script: b\n  - script: c\n",
            "/steps/#1/#0",
        ),
        (
            "steps:\n- script: a\n- ${{ if x }}:\n    # b\n    - script: b\n    - script: |\n        c\n\n          d\n- script: e\n",
            r#"{"gesture":"unwrap","node":"/steps/1/#0"}"#,
            "steps:\n- script: a\n# b\n- script: b\n- script: |\n    c\n\n      d\n- script: e\n",
            "/steps/#1 /steps/#2",
        ),
        (
            "steps:\n- ${{ if x }}:\n  - script: a\n  ${{ else }}:\n  - script: b\n- script: e\n",
            r#"{"gesture":"unwrap","node":"/steps/0/#1"}"#,
            "steps:\n- ${{ if x }}:\n  - script: a\n- script: b\n- script: e\n",
            "/steps/#1",
        ),
        (
            "steps:\n- ${{ if x }}: []\n- script: e\n",
            r#"{"gesture":"unwrap","node":"/steps/0/#0"}"#,
            "steps:\n- script: e\n",
            "",
        ),
    ]);
    refusals(&[
        (
            "steps:\n- script: a\n- script: b\n- script: c\n",
            r#"{"gesture":"wrap","nodes":["/steps/0","/steps/2"],"directive":"if x"}"#,
            "step 'a' and step 'c' are no neighbours",
        ),
        (
            "steps:\n- ${{ if x }}:\n  - script: a\n  ${{ else }}:\n  - script: b\n",
            r#"{"gesture":"unwrap","node":"/steps/0/#0"}"#,
            "'${{ else }}' belongs to what stands directly before it",
        ),
    ]);
}

#[test]
fn any_edit_is_a_gesture() {
    all(&[(
        "trigger: none\n",
        r#"{"gesture":"edit","edit":{"edit":"setTrigger","trigger":"trigger","value":["main"]}}"#,
        "trigger:\n- main\n",
        "",
    )]);
    let document = Document::new("a");
    assert_eq!(document.text(), "a", "a text is taken as it is");
    assert!(
        serde_json::from_str::<Gesture>(r#"{"gesture":"remove","nodes":[],"x":1}"#).is_err(),
        "what no gesture has is refused"
    );
}

#[test]
fn a_long_file_answers_at_once() {
    let mut text = String::from("stages:\n");
    for stage in 0..20 {
        text.push_str(&format!("- stage: S{stage}\n  jobs:\n"));
        for job in 0..5 {
            text.push_str(&format!("  - job: J{job}\n    steps:\n"));
            for step in 0..10 {
                text.push_str(&format!(
                    "    - script: echo {step}\n      displayName: Step {step}\n"
                ));
            }
        }
    }
    for json in [
        r#"{"gesture":"rename","node":"/stages/3","to":"Renamed"}"#,
        r#"{"gesture":"move","nodes":["/stages/3/jobs/1/steps/1"],"into":"/stages/9/jobs/2"}"#,
        r#"{"gesture":"duplicate","nodes":["/stages/3","/stages/4"]}"#,
        r#"{"gesture":"remove","nodes":["/stages/3/jobs/1"]}"#,
        r#"{"gesture":"convert","node":"/stages/3/jobs/1","to":"deployment"}"#,
    ] {
        let begun = Begun::now();
        made(&text, json);
        let took = begun.elapsed();
        // Many times what it takes, for slow machines and builds without optimisation.
        assert!(took.as_secs() < 5, "{json} took {took:?} in a file with 1,120 nodes");
        if std::env::var_os("SLIPWAY_TIMES").is_some() {
            println!("{took:?} {json}");
        }
    }
}
