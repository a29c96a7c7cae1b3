//! Variable groups: which scope sees them, what beats what, how their secrets stay hidden.

use std::sync::Arc;

use slipway_core::{RecordKind, RunResult};
use slipway_runner::GroupVariable;

use crate::support::{Bench, MemoryHost};

/// A group's name, and the name and value of each variable and whether it is secret.
type Written<'a> = (&'a str, &'a [(&'a str, &'a str, bool)]);

fn bench(groups: &[Written<'_>]) -> Bench {
    let mut bench = Bench::new();
    let variables = |group: &[(&str, &str, bool)]| {
        let of = |(name, value, is_secret): &(&str, &str, bool)| GroupVariable {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
            is_secret: *is_secret,
        };
        group.iter().map(of).collect()
    };
    let groups = groups.iter().map(|(name, group)| ((*name).to_owned(), variables(group)));
    bench.host = Arc::new(MemoryHost { groups: groups.collect(), ..MemoryHost::default() });
    bench
}

#[tokio::test]
async fn a_list_wins_from_top_to_bottom_and_scopes_from_the_inside() {
    let bench = bench(&[
        ("base", &[("a", "base", false), ("b", "base", false), ("c", "base", false)]),
        ("stage", &[("b", "stage group", false), ("d", "stage group", false)]),
        ("job", &[("c", "job group", false)]),
    ]);
    let report = bench
        .run(
            "variables:
- {name: a, value: before}
- group: base
- {name: b, value: after}
stages:
- stage: one
  variables:
  - group: stage
  - {name: d, value: stage}
  jobs:
  - job: J
    variables:
    - group: job
    - {name: e, value: '$(c)!'}
    steps:
    - checkout: none
    - bash: echo \"$(a) | $(b) | $(c) | $(d) | $(e) | $A\"
      displayName: Show
- stage: two
  jobs:
  - job: K
    steps:
    - checkout: none
    - bash: echo '$(b) | $(c) | $(d)'
      displayName: Other
",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "{}", bench.everything());
    assert_eq!(
        bench.output("Show"),
        ["base | stage group | job group | stage | job group! | base"],
        "the last of a list wins, the inner scope wins, plain ones are in the environment"
    );
    assert_eq!(
        bench.output("Other"),
        ["after | base | $(d)"],
        "a stage does not see another stage's groups"
    );
}

#[tokio::test]
async fn secrets_of_a_group_are_masked_and_not_mapped() {
    let bench =
        bench(&[("vault", &[("token", "s3cret-of-group", true), ("plain", "shown", false)])]);
    let report = bench
        .run(
            "variables:
- group: vault
- {name: made, value: 'x-$(token)'}
steps:
- checkout: none
- bash: |
    echo \"in: $(token) env: [$TOKEN] made: [$MADE] mapped: $MAPPED plain: $PLAIN\"
    test \"$MAPPED\" = s3cret-of-\"\"group && echo the step has it
  displayName: Show
  env:
    MAPPED: $(token)
",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "{}", bench.everything());
    assert_eq!(
        bench.output("Show"),
        ["in: *** env: [] made: [] mapped: *** plain: shown", "the step has it"],
        "a secret is there for macros only"
    );
    assert!(!bench.everything().contains("s3cret-of-group"), "no line holds it");
}

#[tokio::test]
async fn a_missing_group_ends_what_asks_for_it() {
    let root = bench(&[]);
    let report = root.run("variables:\n- group: nope\nsteps:\n- bash: echo\n").await;
    assert_eq!(report.result, RunResult::Failed, "nothing runs without it");
    let issue = report.issue.unwrap();
    assert!(issue.contains("'nope'"), "the group is named: {issue}");
    let job = bench(&[]);
    let report = job
        .run(
            "jobs:
- job: A
  variables:
  - group: nope
  steps:
  - bash: echo
- job: B
  steps:
  - checkout: none
  - bash: echo fine
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "the run says so");
    assert_eq!(job.end(RecordKind::Job, "A").result, RunResult::Failed, "the job cannot start");
    assert_eq!(job.end(RecordKind::Job, "B").result, RunResult::Succeeded, "others do");
}
