//! Sentences about small changes, and the messages that are made of them.

use super::*;

const FILE: &str = "\
trigger: [main]
stages:
- stage: Build
  jobs:
  - job: Compile
    steps:
    - script: make
      displayName: Make
    - script: make test
  - job: Test
    steps:
    - bash: run
- stage: Ship
  dependsOn: Build
  jobs:
  - job: Pack
    steps:
    - script: pack
";

fn said(from: &str, to: &str) -> Vec<String> {
    let after = FILE.replacen(from, to, 1);
    assert_ne!(after, FILE, "{from} is in the file");
    changes(FILE, &after)
}

#[test]
fn each_change_is_a_sentence() {
    for (from, to, sentences) in [
        ("trigger: [main]\n", "trigger: none\n", vec!["set trigger"]),
        ("trigger: [main]\n", "", vec!["remove trigger"]),
        ("stages:\n", "pool: x\nstages:\n", vec!["set pool"]),
        ("- stage: Ship\n", "- stage: New\n  jobs: []\n- stage: Ship\n", vec!["add stage New"]),
        (
            "  - job: Test\n    steps:\n    - bash: run\n",
            "",
            vec!["remove job Test from stage Build"],
        ),
        (
            "  - job: Test\n",
            "  - job: Lint\n    steps: []\n  - job: Test\n",
            vec!["add job Lint to stage Build"],
        ),
        ("job: Test", "job: Check", vec!["rename job Test to Check"]),
        (
            "    - script: make\n      displayName: Make\n    - script: make test\n",
            "    - script: make test\n    - script: make\n      displayName: Make\n",
            vec!["reorder the steps of job Compile"],
        ),
        ("script: make\n", "script: make all\n", vec!["change step 'Make' of job Compile"]),
        (
            "    - bash: run\n",
            "    - bash: run\n    - bash: two\n",
            vec!["add step 'two' to job Test"],
        ),
        (
            "    - bash: run\n",
            "    - bash: run\n    - bash: two\n    - bash: three\n    - bash: four\n",
            vec!["add 3 steps to job Test"],
        ),
        ("  dependsOn: Build\n", "  dependsOn: []\n", vec!["let stage Ship wait for nothing"]),
        (
            "  dependsOn: Build\n",
            "  dependsOn: Build\n  condition: always()\n",
            vec!["set the condition of stage Ship"],
        ),
        ("  - job: Pack\n", "  - job: Pack\n    pool: x\n", vec!["change job Pack"]),
        ("    - script: pack\n", "    # why\n    - script: pack\n", vec!["change comments"]),
        (
            "    steps:\n    - script: pack\n",
            "    environment: e\n    strategy:\n      runOnce:\n        deploy:\n          steps:\n          - script: pack\n",
            // The key is still that of a job.
            vec!["change job Pack"],
        ),
    ] {
        assert_eq!(said(from, to), sentences, "{from} becomes {to}");
    }
    assert!(changes(FILE, FILE).is_empty(), "nothing has changed");
    assert_eq!(changes("", FILE), ["add the pipeline"], "it was not there");
    assert_eq!(changes(FILE, "\n"), ["empty the pipeline"], "nothing is left");
}

#[test]
fn renames_moves_and_kinds_are_told_from_coming_and_going() {
    let renamed = FILE.replace("Build", "Compile2");
    assert_eq!(changes(FILE, &renamed), ["rename stage Build to Compile2"], "references follow");
    let moved = FILE.replacen("    - script: make test\n", "", 1) + "    - script: make test\n";
    assert_eq!(
        changes(FILE, &moved),
        ["move step 'make test' from job Compile to job Pack"],
        "it is not lost"
    );
    let job = FILE.replacen("  - job: Test\n    steps:\n    - bash: run\n", "", 1)
        + "  - job: Test\n    steps:\n    - bash: run\n";
    assert_eq!(changes(FILE, &job), ["move job Test from stage Build to stage Ship"], "nor this");
    let made = crate::document::perform(
        FILE,
        &crate::document::Gesture::Convert {
            node: crate::document::Path::parse("/stages/1/jobs/0").unwrap(),
            to: crate::document::ConvertTo::Deployment,
            environment: None,
        },
    )
    .unwrap();
    let deployment = made.document.text();
    assert_eq!(changes(FILE, deployment), ["make job Pack a deployment"], "its steps are the same");
    assert_eq!(changes(deployment, FILE), ["make deployment Pack a job"], "and back");
}

#[test]
fn a_message_is_short_and_says_all() {
    let sentence = |text: &str| text.to_owned();
    let one = message(&[sentence("add job Test to stage Build")]);
    assert_eq!(one.summary, "pipeline: add job Test to stage Build");
    assert_eq!(one.body, "", "the summary says it all");
    let many: Vec<String> = (0..9).map(|at| format!("add job Job{at} to stage Build")).collect();
    let many = message(&many);
    assert_eq!(many.summary, "pipeline: add job Job0 to stage Build, and 8 more changes");
    assert_eq!(many.body.lines().count(), 9, "each is in the body");
    let long = message(&[format!("add job {}", "x".repeat(90))]);
    assert_eq!(long.summary.chars().count(), 72, "no longer than a summary may be");
    let both = message(&[sentence("set trigger"), sentence("set pool")]);
    assert_eq!(both.summary, "pipeline: set trigger, set pool");
}
