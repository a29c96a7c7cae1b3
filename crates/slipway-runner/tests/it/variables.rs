//! Variables: scopes, predefined ones, outputs between steps, jobs and stages, environment names.

use slipway_core::RunResult;

use crate::support::Bench;

#[tokio::test]
async fn scopes_override_each_other_and_predefined_stay() {
    let mut bench = Bench::new();
    bench.variables = vec![
        ("queue".to_owned(), "q".to_owned()),
        ("root".to_owned(), "queue".to_owned()),
        ("Build.RequestedFor".to_owned(), "Ada".to_owned()),
    ];
    let report = bench
        .run(
            "variables:
  root: root
  stage: root
  job: root
  Build.BuildId: mine
  tag: $(Build.BuildId)-$(job)
  computed: $[ format('{0}!', variables.root) ]
stages:
- stage: S
  variables:
    stage: stage
    job: stage
  jobs:
  - job: J
    variables:
      job: job
      python.version: '3.10'
    steps:
    - checkout: none
    - bash: |
        echo $(queue) $(root) $(stage) $(job)
        echo $(tag) $(computed) '$(nope)' $(echo shell)
        echo $PYTHON_VERSION $BUILD_SOURCEBRANCHNAME $(Build.SourceBranch) $(Build.Reason)
        echo $(Build.RequestedFor) $TF_BUILD $STEP $(System.StageName) $(Build.BuildNumber)
        test $PWD = $(System.DefaultWorkingDirectory) && test -d $BUILD_ARTIFACTSTAGINGDIRECTORY
        test -d $(Common.TestResultsDirectory) && test -d $(Agent.TempDirectory) && echo folders
        test -n \"$HOME\" && test -z \"$CARGO_REGISTRY_TOKEN\" && cat && echo stdin is empty
      displayName: Show
      env:
        STEP: $(job)-$(queue)
",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "{:#?}", bench.log("Show"));
    assert_eq!(
        bench.output("Show"),
        [
            "q root stage job",
            "7-job root! $(nope) shell",
            "3.10 x refs/heads/feature/x Manual",
            "Ada True job-q S 20261122.1",
            "folders",
            "stdin is empty",
        ],
        "job beats stage beats root beats queue; predefined beat all; unknown macros stay"
    );
}

#[tokio::test]
async fn outputs_travel_between_steps_jobs_and_stages() {
    let bench = Bench::new();
    let report = bench
        .run(
            "stages:
- stage: Build
  jobs:
  - job: Make
    steps:
    - checkout: none
    - bash: |
        echo \"##vso[task.setvariable variable=image;isOutput=true]web:1\"
        echo \"##vso[task.setvariable variable=plain]p\"
      name: tag
    - bash: echo $(tag.image) $TAG_IMAGE $(plain) '$(image)'
      displayName: Same job
      condition: eq(variables['tag.image'], 'web:1')
  - job: Use
    dependsOn: Make
    variables:
      image: $[ dependencies.Make.outputs['tag.image'] ]
    condition: eq(dependencies.Make.outputs['tag.image'], 'web:1')
    steps:
    - checkout: none
    - bash: echo $(image)
      displayName: Next job
- stage: Ship
  dependsOn: Build
  condition: eq(dependencies.Build.outputs['Make.tag.image'], 'web:1')
  variables:
    shipped: $[ stageDependencies.Build.Make.outputs['tag.image'] ]
  jobs:
  - job: Send
    condition: eq(stageDependencies.Build.Make.result, 'Succeeded')
    steps:
    - checkout: none
    - bash: echo $(shipped)
      displayName: Next stage
",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    assert_eq!(
        bench.output("Same job"),
        ["web:1 web:1 p $(image)"],
        "by step name, and not under its own"
    );
    assert_eq!(bench.output("Next job"), ["web:1"], "dependencies carry outputs");
    assert_eq!(bench.output("Next stage"), ["web:1"], "stageDependencies carry outputs");
}

#[tokio::test]
async fn legs_of_a_matrix_are_seen_as_one_job() {
    let bench = Bench::new();
    let report = bench
        .run(
            "jobs:
- job: Test
  strategy:
    matrix:
      linux: {os: tux}
      other: {os: gnu}
  steps:
  - checkout: none
  - bash: echo \"##vso[task.setvariable variable=os;isOutput=true]$(os)\"
    name: say
    displayName: Say $(os)
- job: Sum
  dependsOn: Test
  variables:
    one: $[ dependencies.Test.outputs['linux.say.os'] ]
    two: $[ dependencies.Test.outputs['other.say.os'] ]
  steps:
  - checkout: none
  - bash: echo $(one) $(two)
    displayName: Both
",
        )
        .await;
    {
        let told = bench.sink.told.lock().unwrap();
        for name in ["Say tux", "Say gnu"] {
            let is_there = told.seeds.iter().any(|seed| seed.display_name == name);
            assert!(is_there, "a leg's own variables are in the names of its steps: {name}");
        }
    }
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    assert_eq!(bench.output("Both"), ["tux gnu"], "outputs are named by leg");
}

#[tokio::test]
async fn logging_commands_do_what_they_say() {
    let bench = Bench::new();
    bench.file("notes.txt", "x");
    let report = bench
        .run(
            "variables:
- name: fixed
  value: '1'
  readonly: true
steps:
- bash: |
    mkdir -p bin && printf '#!/bin/bash\\necho tool\\n' > bin/tool && chmod +x bin/tool
    echo \"##vso[task.prependpath]$PWD/bin\"
    echo \"##vso[task.logissue type=warning;sourcepath=a.c;linenumber=3;columnnumber=1;code=W1]odd\"
    echo \"##vso[build.updatebuildnumber]1.2.3\"
    echo \"##vso[artifact.upload artifactname=notes;containerfolder=notes]$PWD/notes.txt\"
    echo '##[section]text stays text'
    echo '##vso[task.debug]not shown'
    echo '##vso[nope.what]x'
    echo '##vso[broken'
  displayName: Commands
- bash: tool; echo $(Build.BuildNumber)
  displayName: Later
- bash: echo '##vso[task.complete result=SucceededWithIssues]'
  displayName: Issues
- bash: echo '##vso[task.setvariable variable=fixed]2'
  displayName: Readonly
  continueOnError: true
- bash: echo '##vso[task.complete result=Failed;]Because I say so'; exit 0
  displayName: Own verdict
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "task.complete can fail a step");
    let commands = bench.step("Commands");
    assert_eq!((commands.errors, commands.warnings), (0, 3), "{:#?}", bench.log("Commands"));
    let log = bench.log("Commands").join("\n");
    assert!(log.contains("##[warning]a.c(3,1): warning W1: odd"), "issues have a place: {log}");
    assert!(log.contains("##[section]text stays text"), "formatting passes through");
    assert!(!log.contains("not shown"), "debug lines need System.Debug");
    assert_eq!(bench.output("Later"), ["tool", "1.2.3"], "later steps see path and number");
    assert_eq!(bench.step("Issues").result, RunResult::SucceededWithIssues, "as it said");
    let readonly = bench.step("Readonly");
    assert_eq!(readonly.result, RunResult::SucceededWithIssues, "the refusal failed the step");
    assert!(readonly.issue.unwrap().contains("Overwriting readonly variable 'fixed'"), "and why");
    assert_eq!(bench.step("Own verdict").issue.as_deref(), Some("Because I say so"));
    let told = bench.sink.told.lock().unwrap();
    assert_eq!(told.numbers, ["1.2.3"], "the sink learns the number");
    let (name, path, size, files) = &told.artifacts[0];
    assert_eq!((name.as_str(), *size, *files), ("notes", 1, 1), "the artifact is counted");
    assert!(path.join("notes.txt").is_file(), "and kept");
}
