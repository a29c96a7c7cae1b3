//! `Docker@2` with a real engine and a real registry.

use std::sync::Arc;

use slipway_core::RunResult;

use crate::image::engine;
use crate::registry::Registry;
use crate::support::{Bench, MemoryHost};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_is_built_pushed_and_read_back() {
    let Some(engine) = engine().await else { return };
    let mut bench = Bench::new();
    let registry = Registry::start(bench.folder.path()).await;
    bench.engine = Some(engine.clone());
    bench.host =
        Arc::new(MemoryHost { registry: Some(registry.address.clone()), ..MemoryHost::default() });
    bench.file("app/Dockerfile", "FROM scratch\nARG WHO=nobody\nLABEL who=$WHO\nCOPY data /data\n");
    bench.file("app/data", bench.folder.path().display().to_string());
    let report = bench
        .run(
            "steps:
- task: Docker@2
  displayName: Build
  inputs:
    command: build
    containerRegistry: local
    repository: Shop/API
    arguments: --build-arg WHO=Ada --no-cache --label test=slipway-runner
- task: Docker@2
  displayName: Push
  inputs:
    command: push
    containerRegistry: local
    repository: shop/api
- task: Docker@2
  displayName: Both
  inputs:
    containerRegistry: local
    repository: shop/api
    tags: |
      $(Build.BuildId)
      latest
- task: Docker@2
  displayName: Log in
  inputs:
    command: login
    containerRegistry: local
",
        )
        .await;
    let reference = format!("{}/shop/api:7", registry.address);
    let image = engine.image(&reference).await.unwrap().expect("the engine has the image");
    assert_eq!(report.result, RunResult::Succeeded, "{:?} {:#?}", report.issue, bench.log("Build"));
    let log = bench.log("Build").join("\n");
    assert!(log.contains("--no-cache"), "options that only docker itself has are its own: {log}");
    assert!(log.contains("Step 1/"), "the engine's own lines are shown");
    let told_images = bench.sink.told.lock().unwrap().images.clone();
    assert_eq!(told_images.len(), 2, "each push is told");
    assert_eq!(told_images[1].tags, ["7", "latest"], "with its tags");
    assert_eq!(told_images[1].config_digest.as_str(), image.id, "what runs is what was pushed");
    let pushed = bench.log("Both").join("\n");
    assert!(pushed.contains(&format!("digest: {}", told_images[1].digest)), "the digest is shown");
    let label = "com.azure.dev.image.build.sourceversion";
    assert_eq!(image.labels.get(label), Some(&"c0".repeat(20)), "the image names its commit");
    for tag in ["7", "latest"] {
        engine.remove_image(&format!("{}/shop/api:{tag}", registry.address)).await.ok();
    }
    if let Some(first) = told_images.first() {
        // The first build is another image, which lost its tag to the second.
        engine.remove_image(first.config_digest.as_str()).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dockerfile_error_is_shown_at_its_step() {
    let Some(engine) = engine().await else { return };
    let mut bench = Bench::new();
    bench.engine = Some(engine);
    bench.file("Dockerfile", "FROM scratch\nCOPY missing.txt /\n");
    let report = bench
        .run(
            "stages:
- stage: Build
  jobs:
  - job: Image
    steps:
    - bash: echo '##vso[task.setvariable variable=x]1'
    - task: Docker@2
      displayName: Build the image
      inputs:
        command: build
        repository: shop
- stage: Deploy
  jobs:
  - job: Roll
    steps:
    - bash: echo never
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "the file is not there");
    let issue = bench.step("Build the image").issue.unwrap();
    assert!(issue.contains("missing.txt"), "the engine's message names the file: {issue}");
    assert!(
        bench
            .log("Build the image")
            .iter()
            .any(|line| line.starts_with("##[error]") && line.contains("missing.txt")),
        "and it is in the step's log"
    );
    let deploy = bench.end(slipway_core::RecordKind::Stage, "Deploy");
    assert_eq!(deploy.issue.as_deref(), Some("Skipped: stage Build failed"));
}

#[tokio::test]
async fn what_is_missing_for_an_image_is_said() {
    let mut bench = Bench::new();
    let step = |name: &str, inputs: &str| {
        format!(
            "- task: Docker@2\n  displayName: {name}\n  continueOnError: true\n  inputs:\n{inputs}"
        )
    };
    let yaml = format!(
        "steps:\n{}{}",
        step("No engine", "    command: build\n    repository: x\n"),
        step("No connection", "    containerRegistry: acr\n    repository: x\n")
    );
    bench.run(&yaml).await;
    let issue = |name| bench.step(name).issue.unwrap();
    assert_eq!(issue("No engine"), "No container engine answers, and Docker@2 needs one.");
    assert_eq!(issue("No connection"), "There is no service connection 'acr'.");
    assert!(
        bench.log("No connection").contains(&"Add it in the settings.".to_owned()),
        "the house's hint is shown"
    );
    let Some(engine) = engine().await else { return };
    bench.engine = Some(engine);
    bench.sink = Arc::default();
    bench
        .run(&format!("steps:\n{}", step("No file", "    command: build\n    repository: x\n")))
        .await;
    assert_eq!(
        bench.step("No file").issue.unwrap(),
        "No Dockerfile matching **/Dockerfile was found."
    );
}
