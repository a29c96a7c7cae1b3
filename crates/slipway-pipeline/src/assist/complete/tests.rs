//! What is offered where: the cursor is the `|`.

use super::*;
use crate::assist::OtherFile;
use crate::catalog::{Known, TaskCatalog};
use crate::schema::NameKind;

struct Project;

impl Surroundings for Project {
    fn catalog(&self) -> &dyn TaskCatalog {
        &Known
    }

    fn names(&self, kind: NameKind) -> Vec<String> {
        match kind {
            NameKind::Environment => vec!["prod".to_owned()],
            NameKind::Pool => vec!["Default".to_owned()],
            NameKind::VariableGroup => vec!["secrets".to_owned()],
            NameKind::Connection => vec!["acr".to_owned()],
            _ => Vec::new(),
        }
    }

    fn templates(&self) -> Vec<String> {
        vec!["ci/build.yml".to_owned()]
    }

    fn template(&self, path: &str) -> Option<OtherFile> {
        let text = "parameters:\n- name: image\n  type: string\n- name: tag\n";
        (path == "ci/build.yml").then(|| OtherFile { path: path.to_owned(), text: text.to_owned() })
    }
}

fn at(marked: &str) -> Vec<Completion> {
    let offset = marked.rfind('|').expect("BUG: the test has no cursor");
    let text = format!("{}{}", &marked[..offset], &marked[offset + 1..]);
    let found = complete(&text, offset, &Project);
    for completion in &found {
        let range = &completion.replace;
        assert!(
            range.start <= offset && offset <= range.end,
            "{completion:?} is around the cursor"
        );
        assert!(text.get(range.clone()).is_some(), "{completion:?} lies in the text");
    }
    found
}

fn labels(marked: &str) -> Vec<String> {
    let found = at(marked).into_iter().filter(|it| it.kind != CompletionKind::Snippet);
    found.map(|completion| completion.label).collect()
}

/// The labels are exactly these.
fn check(marked: &str, expected: &[&str]) {
    assert_eq!(labels(marked), expected, "at {marked:?}");
}

/// The first ones are there, the second ones are not.
fn has(marked: &str, there: &[&str], not_there: &[&str]) {
    let labels = labels(marked);
    for label in there {
        assert!(
            labels.iter().any(|known| known == label),
            "{label} is offered at {marked:?}: {labels:?}"
        );
    }
    for label in not_there {
        assert!(!labels.iter().any(|known| known == label), "{label} is not offered at {marked:?}");
    }
}

fn insert(marked: &str, label: &str) -> String {
    let found = at(marked).into_iter().find(|completion| completion.label == label);
    found.map(|completion| completion.insert).unwrap_or_else(|| panic!("{label} at {marked:?}"))
}

const STAGES: &str = "stages:\n- stage: Build\n  jobs:\n  - job: A\n    steps:\n    - bash: |\n        echo \"##vso[task.setvariable variable=tag;isOutput=true]1\"\n      name: set\n  - job: B\n    dependsOn: A\n    steps:\n    - script: x\n";

#[test]
fn keys_of_the_root() {
    has("|", &["trigger", "stages", "jobs", "steps", "pool"], &["queue", "script"]);
    has("trigger: none\nsteps:\n- script: x\n|", &["container", "pool"], &["stages", "trigger"]);
    has("stages:\n- stage: A\n\n|", &["trigger"], &["container", "steps"]);
    has("tri|", &["trigger"], &[]);
    has("tri|gger: none\n", &["trigger", "pr"], &[]);
    assert_eq!(insert("tri|gger: none\n", "pr"), "pr", "the colon is there already");
    assert_eq!(insert("|", "variables"), "variables:\n  $0", "a mapping begins on the next line");
    assert_eq!(insert("|", "steps"), "steps:\n- $0", "a list begins with a dash");
}

#[test]
fn keys_of_stages_and_jobs() {
    check("stages:\n- |", &["stage", "template"]);
    has("stages:\n- stage: A\n  |", &["jobs", "dependsOn"], &["stage", "steps", "deployment"]);
    has("stages:\n- stage: A\n  de|\n  jobs:\n", &["dependsOn"], &["jobs"]);
    check("jobs:\n- |", &["job", "deployment", "template"]);
    has("jobs:\n- deployment: D\n  |", &["environment", "strategy"], &["steps", "job"]);
    has("jobs:\n- job: D\n  |", &["steps", "strategy"], &["environment"]);
    check("jobs:\n- job: A\n  strategy:\n    |", &["matrix", "parallel", "maxParallel"]);
    check("jobs:\n- deployment: A\n  strategy:\n    |", &["runOnce", "rolling", "canary"]);
    check(
        "jobs:\n- job: A\n  pool: {name: x, |}",
        &["vmImage", "demands", "image", "os", "hostArchitecture", "isCustom"],
    );
    check(
        "jobs:\n- job: A\n  pool: { vm| }",
        &["name", "vmImage", "demands", "image", "os", "hostArchitecture", "isCustom"],
    );
    check("jobs:\n- job: A\n  workspace:\n    |", &["clean"]);
}

#[test]
fn keys_of_steps() {
    has("steps:\n- |", &["script", "task", "template", "checkout"], &["displayName", "upload"]);
    has("steps:\n- scr|", &["script"], &["displayName"]);
    has("steps:\n|", &["script", "trigger"], &[]);
    assert_eq!(insert("steps:\n  |", "script"), "- script: $0", "the dash comes along");
    has(
        "steps:\n- script: x\n  |",
        &["displayName", "failOnStderr"],
        &["script", "inputs", "task"],
    );
    has("steps:\n- task: Docker@2\n  |\n- script: y\n", &["inputs"], &["workingDirectory"]);
    has("steps:\n- bash: |\n    cd x\n    if y; then\n  |", &["displayName"], &[]);
    has("steps:\n- ${{ if x }}:\n  - |", &["script"], &["stage"]);
    has("steps:\n- ${{ if x }}:\n  - script: x\n    |", &["displayName"], &[]);
    has("variables:\n- |", &["name", "group", "template"], &[]);
    has("parameters:\n- name: a\n  |", &["type", "default", "values"], &["name"]);
}

#[test]
fn values_are_words_and_names() {
    check("steps:\n- script: x\n  enabled: |", &["true", "false"]);
    check("steps:\n- script: x\n  enabled:|", &["true", "false"]);
    assert_eq!(insert("steps:\n- script: x\n  enabled:|", "true"), " true", "a blank is missing");
    check("jobs:\n- job: A\n  workspace:\n    clean: o|", &["outputs", "resources", "all"]);
    has("pool:\n  vmImage: ub|", &["ubuntu-latest", "windows-latest"], &[]);
    has("parameters:\n- name: a\n  type: |", &["string", "stepList"], &[]);
    has("pool: |", &["Default", "server"], &[]);
    check("jobs:\n- deployment: A\n  environment: |", &["prod"]);
    check("variables:\n- group: |", &["secrets"]);
    check("steps:\n- template: |", &["ci/build.yml"]);
    check("trigger: |", &["none"]);
    check("steps:\n- checkout: |", &["self", "none"]);
    check(
        "resources:\n  repositories:\n  - repository: tpl\nsteps:\n- checkout: |",
        &["self", "none", "tpl"],
    );
}

#[test]
fn dependencies_are_names_of_the_file() {
    check("stages:\n- stage: A\n- stage: B\n- stage: C\n  dependsOn: |", &["A", "B"]);
    check("stages:\n- stage: A\n- stage: B\n  dependsOn: [A, |]", &["A"]);
    check("stages:\n- stage: A\n- stage: B\n  dependsOn:\n  - |", &["A"]);
    check(
        "stages:\n- stage: A\n- stage: B\n  dependsOn:\n  |\n  jobs:\n",
        &[
            "A",
            "displayName",
            "condition",
            "variables",
            "pool",
            "lockBehavior",
            "trigger",
            "isSkippable",
            "group",
            "checks",
            "templateContext",
        ],
    );
    check("jobs:\n- job: A\n- job: B\n  dependsOn: |", &["A"]);
    check(
        "stages:\n- stage: S\n  jobs:\n  - job: A\n- stage: T\n  jobs:\n  - job: C\n  - job: D\n    dependsOn: |",
        &["C"],
    );
}

#[test]
fn tasks_and_their_inputs() {
    has("steps:\n- task: Dock|", &["Docker@2", "Bash@3"], &["Checkout@1"]);
    let text = insert("steps:\n- task: |", "CopyFiles@2");
    assert_eq!(text, "CopyFiles@2\n  inputs:\n    TargetFolder: ${1}", "what it needs comes along");
    has("steps:\n- task: Bash@3\n  inputs:\n    |", &["targetType", "filePath"], &["script"]);
    has(
        "steps:\n- task: Bash@3\n  inputs:\n    targetType: inline\n    |",
        &["script"],
        &["targetType", "filePath"],
    );
    check(
        "steps:\n- task: Docker@2\n  inputs:\n    command: pu|",
        &["buildAndPush", "build", "push", "login", "logout", "start", "stop"],
    );
    check("steps:\n- task: Docker@2\n  inputs:\n    containerRegistry: |", &["acr"]);
    check("steps:\n- task: docker@2\n  inputs: {addPipelineData: |}", &["true", "false"]);
    has(
        "extends:\n  template: x.yml\n  parameters:\n    preSteps:\n    - |",
        &["script"],
        &["job"],
    );
    has("parameters:\n- name: s\n  type: stepList\n  default:\n  - |", &["script"], &["job"]);
    check("steps:\n- template: ci/build.yml\n  parameters:\n    tag: x\n    |", &["image"]);
}

#[test]
fn variables_and_parameters_in_expressions() {
    let text = "parameters:\n- name: env\nvariables:\n  image: a\n  my.var: b\nsteps:\n- script: ";
    has(&format!("{text}echo $(|"), &["image", "my.var", "Build.BuildId"], &["env"]);
    assert_eq!(insert(&format!("{text}echo $(im|"), "image"), "image)", "the bracket is closed");
    assert_eq!(insert(&format!("{text}echo $(im|)"), "image"), "image", "the bracket is there");
    check(&format!("{text}echo ${{{{ parameters.|"), &["env"]);
    has(&format!("{text}echo ${{{{ variables.|"), &["image", "Build.Reason"], &["Build.BuildId"]);
    assert_eq!(
        insert(&format!("{text}${{{{ variables.|"), "my.var"),
        "['my.var']",
        "a name with a dot goes in brackets"
    );
    assert_eq!(insert(&format!("{text}${{{{ variables['m|"), "my.var"), "my.var", "it is in them");
    has(&format!("{text}${{{{ |"), &["eq", "variables", "parameters"], &["succeeded", "counter"]);
    has(
        "variables:\n  a: $[ |",
        &["counter", "variables"],
        &["parameters", "succeeded", "dependencies"],
    );
    has("steps:\n- ${{ |", &["if", "each", "eq"], &[]);
    has("steps:\n- script: |\n    echo $(|", &["Build.BuildId"], &[]);
}

#[test]
fn conditions_know_functions_and_dependencies() {
    has("steps:\n- script: x\n  condition: |", &["succeeded", "eq", "variables"], &["parameters"]);
    assert_eq!(
        insert("steps:\n- script: x\n  condition: al|", "always"),
        "always()",
        "no arguments"
    );
    has(
        "steps:\n- script: x\n  condition: and(succeeded(), eq(variables['Build.|",
        &["Build.Reason", "Build.BuildId"],
        &["eq"],
    );
    check("jobs:\n- job: A\n  condition: eq(variables['Build.Reason'], '|')", &REASONS_SHOWN);
    check(&format!("{STAGES}    condition: eq(dependencies.|"), &["A"]);
    check(&format!("{STAGES}    condition: eq(dependencies.A.|"), &["result", "outputs"]);
    check(&format!("{STAGES}    condition: eq(dependencies.A.outputs['|"), &["set.tag"]);
    check(&format!("{STAGES}    condition: failed('|')"), &["A"]);
    let second = format!("{STAGES}- stage: Next\n  condition: ");
    check(&format!("{second}dependencies.|"), &["Build"]);
    check(&format!("{second}dependencies.Build.outputs['|"), &["A.set.tag"]);
    let job = format!("{STAGES}- stage: Next\n  jobs:\n  - job: N\n    variables:\n      t: $[ ");
    check(&format!("{job}stageDependencies.|"), &["Build"]);
    check(&format!("{job}stageDependencies.Build.|"), &["A", "B"]);
    check(&format!("{job}stageDependencies.Build.A.outputs['|'] ]"), &["set.tag"]);
}

const REASONS_SHOWN: [&str; 7] = [
    "Manual",
    "IndividualCI",
    "BatchedCI",
    "Schedule",
    "PullRequest",
    "ResourceTrigger",
    "BuildCompletion",
];

#[test]
fn logging_commands_in_scripts() {
    has("steps:\n- bash: |\n    echo \"##vso[|", &["task.setvariable", "build.addbuildtag"], &[]);
    check(
        "steps:\n- bash: echo \"##vso[task.setvariable variable=x;|",
        &["issecret", "isoutput", "isreadonly", "preservecase"],
    );
    check("steps:\n- bash: echo \"##vso[task.logissue type=|", &["error", "warning"]);
}

#[test]
fn nothing_is_offered_where_nothing_fits() {
    for marked in ["# tri|", "steps:\n- script: x # en|", "steps:\n- script: |\n    cd x|"] {
        check(marked, &[]);
    }
}
