//! Deployment jobs: environments, artifacts, hooks, orders to the house.

use std::sync::Arc;

use slipway_core::{RecordKind, RunResult};

use crate::support::{Bench, MemoryHost};

fn bench() -> Bench {
    let mut bench = Bench::new();
    let variables = [("greeting", "Hello"), ("stage", "environment"), ("job", "environment")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let environments = [("local".to_owned(), variables.to_vec())].into_iter().collect();
    bench.host = Arc::new(MemoryHost { environments, ..MemoryHost::default() });
    bench
}

#[tokio::test]
async fn a_deployment_gets_artifacts_variables_and_an_order() {
    let bench = bench();
    bench.file("manifests/a.yml", "kind: A\n").file("manifests/b.yml", "kind: B\n");
    let report = bench
        .run(
            "variables:
  where: local
stages:
- stage: Build
  jobs:
  - job: Make
    steps:
    - publish: manifests
      artifact: manifests
- stage: Deploy
  variables:
    stage: yaml
  jobs:
  - deployment: Roll
    environment: $(where)
    variables:
      job: yaml
    strategy:
      runOnce:
        deploy:
          steps:
          - bash: |
              ls | wc -l
              echo $(greeting) $(stage) $(job) $(Environment.Name) $GREETING
              sed -i 's/A/$(greeting)/' $(Pipeline.Workspace)/manifests/a.yml
              echo \"##vso[task.setvariable variable=url;isOutput=true]http://x\"
            displayName: Fill
            name: fill
          - task: KubernetesManifest@1
            displayName: Apply
            inputs:
              action: deploy
              namespace: shop
              manifests: $(Pipeline.Workspace)/manifests/*.yml
              containers: |
                shop:$(Build.BuildId)
                side:1
              rolloutStatusTimeout: '90'
- stage: After
  jobs:
  - job: Show
    variables:
      a: $[ stageDependencies.Deploy.Roll.outputs['Roll.fill.url'] ]
      b: $[ stageDependencies.Deploy.Roll.outputs['deploy.fill.url'] ]
    steps:
    - checkout: none
    - bash: echo $(a) $(b)
      displayName: Outputs
",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    assert_eq!(
        bench.output("Fill"),
        ["0", "Hello environment yaml local Hello"],
        "no checkout; the environment stands above stage YAML and below job YAML"
    );
    assert_eq!(bench.output("Outputs"), ["http://x http://x"], "both ways to name an output");
    let orders = bench.host.orders.lock().unwrap();
    let order = &orders[0];
    assert_eq!(order.environment.as_str(), "local", "the job's environment");
    assert_eq!(order.namespace.as_deref(), Some("shop"));
    assert_eq!(order.images, ["shop:7", "side:1"], "images as written, macros expanded");
    let texts: Vec<&str> = order.manifests.iter().map(|manifest| manifest.text.as_str()).collect();
    assert_eq!(texts, ["kind: Hello\n", "kind: B\n"], "as they are on disk, in order");
    assert_eq!((order.rollout_timeout_seconds, order.run.build_id), (90, 7));
    assert_eq!(order.step, bench.seed(RecordKind::Step, "Apply").id, "which step asked");
    assert!(bench.log("Apply").contains(&"deployment/web rolled out".to_owned()), "the house logs");
}

#[tokio::test]
async fn hooks_follow_each_other_and_judge_for_themselves() {
    let bench = bench();
    let report = bench
        .run(
            "jobs:
- deployment: Roll
  environment: local
  strategy:
    runOnce:
      preDeploy:
        steps:
        - bash: echo pre
          displayName: Pre
      deploy:
        steps:
        - download: none
        - bash: exit 1
          displayName: Deploy
        - bash: echo tidy
          displayName: Tidy
          condition: always()
      postRouteTraffic:
        steps:
        - bash: echo post
          displayName: Post
          condition: always()
      on:
        failure:
          steps:
          - bash: echo rolled back
            displayName: Back
        success:
          steps:
          - bash: echo cheers
            displayName: Cheers
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "the deploy hook failed");
    assert_eq!(bench.output("Pre"), ["pre"], "first things first");
    assert_eq!(bench.output("Tidy"), ["tidy"], "always() within the hook");
    assert_eq!(
        bench.step("Post").issue.as_deref(),
        Some("Skipped: Deploy failed in an earlier hook"),
        "a later hook is a later job"
    );
    assert_eq!(bench.output("Back"), ["rolled back"], "on: failure: begins anew");
    assert_eq!(bench.step("Cheers").result, RunResult::Skipped, "on: success: does not");
}

#[tokio::test]
async fn an_unknown_environment_and_missing_manifests_are_said_clearly() {
    let bench = bench();
    let report = bench
        .run(
            "jobs:
- deployment: Lost
  environment: mars
  strategy:
    runOnce:
      deploy:
        steps:
        - bash: echo never
          displayName: Never
- deployment: Empty
  environment: local
  strategy:
    runOnce:
      deploy:
        steps:
        - task: KubernetesManifest@1
          displayName: Apply
          inputs:
            manifests: k8s/*.yml
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "neither can deploy");
    let lost = bench.end(RecordKind::Job, "Lost");
    assert_eq!(lost.issue.as_deref(), Some("No environment 'mars'."), "the house's own words");
    assert_eq!(bench.step("Never").issue.as_deref(), Some("Skipped: job Lost could not start"));
    let apply = bench.step("Apply").issue.unwrap();
    assert_eq!(apply, "No manifest file(s) matching k8s/*.yml was found.", "Azure's words");
    assert!(bench.host.orders.lock().unwrap().is_empty(), "nothing was deployed");
}
