//! Files that are fine, and what they come to.

use slipway_pipeline::plan::{Plan, PlanStep};
use slipway_pipeline::{LoadRequest, NoFiles, load};

use crate::catalog::{Tasks, loaded, read, text};

fn plan(name: &str) -> Plan {
    let loaded = loaded(name);
    assert!(loaded.diagnostics.is_empty(), "{name} is fine, but: {:#?}", loaded.diagnostics);
    loaded.plan.unwrap_or_else(|| panic!("{name} has a plan"))
}

fn scripts(steps: &[PlanStep]) -> Vec<&str> {
    steps.iter().filter_map(|step| step.input("script")).collect()
}

#[test]
fn the_loop_loads_without_a_word() {
    let plan = plan("loop");
    assert_eq!(plan.name.as_deref(), Some("$(Date:yyyyMMdd).$(Rev:r)"), "the number's format");
    assert_eq!(plan.variables.len(), 2, "root variables");
    let [build, deploy] = plan.stages.as_slice() else { panic!("two stages") };
    let job = &build.jobs[0];
    let tasks: Vec<String> = job.steps.iter().map(PlanStep::task_reference).collect();
    assert_eq!(
        tasks,
        ["CmdLine@2", "Bash@3", "PublishTestResults@2", "Docker@2", "PublishPipelineArtifact@1"],
        "every shorthand is its task"
    );
    assert_eq!(job.steps[0].display_name, "Say hello");
    assert_eq!(job.steps[0].name.as_deref(), Some("hello"));
    assert_eq!(job.steps[1].env["TOKEN"], "$(mySecret)", "macros stay for the runner");
    assert_eq!(job.steps[3].input("TAGS"), Some("$(tag)\nlatest\n"), "inputs ignore case");
    assert_eq!(job.steps[4].input("targetPath"), Some("out"), "named as the catalogue does");
    assert_eq!(job.pool.vm_image.as_deref(), Some("ubuntu-latest"));
    assert_eq!(deploy.depends_on, ["Build"]);
    assert_eq!(deploy.condition.as_deref(), Some("succeeded()"));
    let deployment = deploy.jobs[0].deployment.as_ref().unwrap();
    assert_eq!(
        (deployment.environment.name.as_str(), deployment.strategy.word()),
        ("local", "runOnce")
    );
    let tasks: Vec<String> = deploy.jobs[0].steps.iter().map(PlanStep::task_reference).collect();
    assert_eq!(
        tasks,
        ["KubernetesManifest@1"],
        "only what the file says: the runner adds the download of artifacts"
    );
    assert!(deploy.jobs[0].steps.iter().all(|step| step.hook.as_deref() == Some("deploy")));
}

#[test]
fn the_loops_trigger_is_read() {
    let trigger = loaded("loop").trigger;
    let changed = ["src/main.rs".to_owned()];
    assert!(trigger.evaluate("main", &changed, "x").starts, "main and a source file");
    assert!(!trigger.evaluate("main", &["docs/a.md".to_owned()], "x").starts, "documents only");
    assert!(!trigger.evaluate("dev", &changed, "x").starts, "another branch");
}

#[test]
fn steps_alone_are_one_job() {
    let plan = plan("steps-only");
    let job = &plan.stages[0].jobs[0];
    assert_eq!((plan.stages[0].name.as_str(), job.name.as_str()), ("__default", "__default"));
    assert_eq!(job.display_name, "Job");
    assert_eq!(job.steps.len(), 3, "the disabled step is not part of it");
    assert_eq!(job.steps[0].input("fetchDepth"), Some("1"));
    let last = &job.steps[2];
    assert_eq!(last.continue_on_error, "true");
    let limits = (last.timeout_in_minutes.as_deref(), last.retry_count_on_task_failure.as_deref());
    assert_eq!(limits, (Some("5"), Some("2")), "limits are kept as they are written");
    assert_eq!(last.input("workingDirectory"), Some("src"));
}

#[test]
fn parameters_and_directives_are_expanded() {
    let plan = plan("parameters");
    let steps = &plan.stages[0].jobs[0].steps;
    assert_eq!(
        scripts(steps),
        [
            "echo tests -O",
            "echo WEST",
            "echo EAST",
            "echo extra one",
            "echo extra two",
            "echo 3.10 ab"
        ]
    );
    assert_eq!(steps[1].display_name, "Region west");
    let env = &steps[5].env;
    assert_eq!((env["first"].as_str(), env["second"].as_str()), ("a", "ab"), "inserted");
    assert_eq!(plan.variables.len(), 3, "one of the branches");
}

#[test]
fn given_parameters_win_over_defaults() {
    let request = LoadRequest {
        parameters: [("Configuration", "Debug"), ("withTests", "False"), ("regions", "[north]")]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        ..LoadRequest::default()
    };
    let loaded = load("a.yml", text("parameters"), &request, &NoFiles, &Tasks);
    let plan = loaded.plan.unwrap();
    let scripts = scripts(&plan.stages[0].jobs[0].steps);
    assert_eq!(scripts[..2], ["echo no tests", "echo NORTH"], "{scripts:?}");
    assert_eq!(plan.variables[2].value, "-g", "the other branch");
    assert_eq!(loaded.parameters[0].values, ["Release", "Debug"], "the run panel can ask");

    let request = LoadRequest {
        parameters: [
            ("configuration".to_owned(), "Fast".to_owned()),
            ("x".to_owned(), String::new()),
        ]
        .into_iter()
        .collect(),
        ..LoadRequest::default()
    };
    let loaded = load("a.yml", text("parameters"), &request, &NoFiles, &Tasks);
    let messages: Vec<&str> = loaded.diagnostics.iter().map(|at| at.message.as_str()).collect();
    assert!(
        messages.contains(&"The value 'Fast' of the 'configuration' parameter is not allowed.")
            && messages.contains(&"Unexpected parameter 'x'"),
        "{messages:?}"
    );
}

#[test]
fn compile_time_variables_grow_in_document_order() {
    let loaded = read(
        "variables:\n- name: a\n  value: root\n- name: Build.Reason\n  value: mine\nstages:\n- stage: S\n  variables:\n    a: stage\n    b: ${{ variables.a }}-${{ variables.c }}\n    c: later\n  jobs:\n  - job: J\n    variables: {a: job}\n    steps:\n    - script: ${{ variables.a }} ${{ variables['b'] }}\n  - job: K\n    steps:\n    - script: ${{ variables.a }}\n",
    );
    let plan = loaded.plan.unwrap();
    let stage = &plan.stages[0];
    assert_eq!(stage.variables[1].value, "stage-", "what stands above is seen, below is not");
    assert_eq!(scripts(&stage.jobs[0].steps), ["job stage-"], "job over stage over root");
    assert_eq!(scripts(&stage.jobs[1].steps), ["stage"], "another job's variables are not seen");
}

#[test]
fn predefined_variables_are_seen_and_cannot_be_overridden() {
    let request = LoadRequest {
        variables: [("Build.Reason", "Manual"), ("queued", "q")]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        ..LoadRequest::default()
    };
    let text = "variables: {Build.Reason: mine, queued: file}\nsteps:\n- script: ${{ variables['build.reason'] }} ${{ variables.queued }}\n";
    let plan = load("a.yml", text, &request, &NoFiles, &Tasks).plan.unwrap();
    assert_eq!(scripts(&plan.stages[0].jobs[0].steps), ["Manual file"]);
}

#[test]
fn a_matrix_becomes_legs() {
    let plan = plan("matrix");
    assert_eq!(plan.stages[0].jobs[0].legs().len(), 2, "one job, with its legs");
    let jobs = plan.stages[0].runnable_jobs();
    let names: Vec<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
    assert_eq!(names, ["test.linux", "test.mac", "after"]);
    assert_eq!(jobs[0].display_name, "test linux");
    assert_eq!(jobs[1].variables[0].value, "macOS-latest", "the leg's variables");
    assert_eq!(jobs[2].depends_on, ["test.linux", "test.mac"], "who waits, waits for all legs");
}

#[test]
fn hooks_are_in_the_order_of_the_life_cycle() {
    let plan = plan("hooks");
    let job = &plan.stages[0].jobs[0];
    let hooks: Vec<&str> = job.steps.iter().filter_map(|step| step.hook.as_deref()).collect();
    assert_eq!(
        hooks,
        [
            "preDeploy",
            "deploy",
            "deploy",
            "routeTraffic",
            "postRouteTraffic",
            "onFailure",
            "onSuccess"
        ]
    );
    assert_eq!(job.steps[1].input("download"), Some("none"), "the runner is told to fetch nothing");
    assert_eq!(job.deployment.as_ref().unwrap().environment.full_name(), "production.web");
}

#[test]
fn windows_line_ends_and_a_mark_are_fine() {
    let plan = plan("windows");
    let step = &plan.stages[0].jobs[0].steps[0];
    assert_eq!(step.input("script"), Some("echo one\necho two\n"), "line feeds only");
    assert_eq!(step.display_name, "Größe");
}

#[test]
fn stages_wait_for_the_one_before_unless_they_say_otherwise() {
    let stage = |name: &str, more: &str| {
        format!("- stage: {name}\n{more}  jobs:\n  - job: j\n    steps:\n    - script: x\n")
    };
    let text = format!(
        "stages:\n{}{}{}{}",
        stage("A", ""),
        stage("B", ""),
        stage("C", "  dependsOn:\n"),
        stage("D", "  dependsOn: [a, B]\n")
    );
    let plan = read(&text).plan.unwrap();
    let waits: Vec<Vec<String>> = plan.stages.into_iter().map(|stage| stage.depends_on).collect();
    assert_eq!(waits[1], ["A"], "the one before");
    assert!(waits[2].is_empty(), "an empty dependsOn waits for nothing");
    assert_eq!(waits[3], ["a", "B"], "in any case");
}

#[test]
fn expressions_may_repeat_their_key_and_insert_structures() {
    let loaded = read(
        "parameters:\n- {name: on, type: boolean, default: true}\n- {name: env, type: object, default: {X: 1}}\nsteps:\n- script: echo\n  env:\n    ${{ if parameters.on }}:\n      A: 1\n    ${{ if parameters.on }}:\n      B: ${{ eq(parameters.on, true) }}\n    ${{ insert }}: ${{ parameters.env }}\n    ${{ each pair in parameters.env }}:\n      ${{ pair.key }}_2: ${{ pair.value }}\n    C: ${{ '${{' }} literal\n",
    );
    let plan = loaded.plan.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let env = &plan.stages[0].jobs[0].steps[0].env;
    let pairs: Vec<(&str, &str)> =
        env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(pairs, [("A", "1"), ("B", "True"), ("X", "1"), ("X_2", "1"), ("C", "${{ literal")]);
}
