//! Rolling and canary deployments: targets, batches, increments, and what each hook knows.

use std::sync::Arc;

use slipway_core::{RecordKind, RolloutStrategy, RunResult, TrafficSplit};
use slipway_runner::EnvironmentTarget;

use crate::support::{Bench, MemoryHost};

fn bench(targets: &[(&str, &str)]) -> Bench {
    let mut bench = Bench::new();
    let environments = [("farm".to_owned(), Vec::new())].into_iter().collect();
    let targets = targets
        .iter()
        .map(|(name, tag)| EnvironmentTarget {
            name: (*name).to_owned(),
            tags: vec![(*tag).to_owned()],
        })
        .collect();
    bench.host = Arc::new(MemoryHost { environments, targets, ..MemoryHost::default() });
    bench
}

/// The display names of all records of a kind, in order of the plan.
fn names(bench: &Bench, kind: RecordKind) -> Vec<String> {
    let told = bench.sink.told.lock().unwrap();
    let of_kind = told.seeds.iter().filter(|seed| seed.kind == kind);
    of_kind.map(|seed| seed.display_name.clone()).collect()
}

#[tokio::test]
async fn a_canary_repeats_its_middle_for_each_increment() {
    let bench = bench(&[]);
    let report = bench
        .run(
            "jobs:
- deployment: Roll
  environment: farm.shop
  strategy:
    canary:
      increments: [10, 20]
      preDeploy:
        steps:
        - bash: |
            echo $(strategy.name) $(strategy.action) $(Environment.ResourceName)
            echo '##vso[task.setvariable variable=seen]pre'
          displayName: Pre
      deploy:
        steps:
        - download: none
        - bash: |
            echo $(strategy.action) $(strategy.increment) ${SEEN:-nothing}
            echo '##vso[task.setvariable variable=at;isOutput=true]$(strategy.increment)'
          displayName: Put
          name: put
      routeTraffic:
        steps:
        - bash: echo route $(strategy.increment)
          displayName: Route
      postRouteTraffic:
        steps:
        - bash: echo post $(strategy.increment)
          displayName: Watch
      on:
        failure:
          steps:
          - bash: echo back
            displayName: Back
        success:
          steps:
          - bash: echo $(strategy.action)
            displayName: Cheers
- job: After
  dependsOn: Roll
  variables:
    ten: $[ dependencies.Roll.outputs['deploy_10.put.at'] ]
    all: $[ dependencies.Roll.outputs['deploy_100.put.at'] ]
  steps:
  - checkout: none
  - bash: echo $(ten) $(all)
    displayName: Outputs
",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    let order = [
        "Pre",
        "Put (10%)",
        "Route (10%)",
        "Watch (10%)",
        "Put (20%)",
        "Route (20%)",
        "Watch (20%)",
        "Put (100%)",
        "Route (100%)",
        "Watch (100%)",
        "Back",
        "Cheers",
        "Outputs",
    ];
    assert_eq!(
        names(&bench, RecordKind::Step),
        order,
        "once before, thrice in the middle, once after"
    );
    assert_eq!(bench.output("Pre"), ["canary deploy shop"], "what a hook knows");
    assert_eq!(
        bench.output("Put (10%)")[0],
        "deploy 10 nothing",
        "what another hook set is not seen"
    );
    assert_eq!(bench.output("Put (100%)")[0], "promote 100 nothing", "the last one promotes");
    assert_eq!(bench.output("Watch (20%)"), ["post 20"], "each hook knows the increment");
    assert_eq!(bench.step("Back").result, RunResult::Skipped, "nothing failed");
    assert_eq!(bench.output("Cheers"), ["promote"], "success promotes");
    assert_eq!(bench.output("Outputs"), ["10 100"], "outputs are named by hook and increment");
}

#[tokio::test]
async fn a_failing_increment_ends_a_canary() {
    let bench = bench(&[]);
    let report = bench
        .run(
            "jobs:
- deployment: Roll
  environment: farm
  strategy:
    canary:
      increments: [10, 50]
      deploy:
        steps:
        - download: none
        - bash: test $(strategy.increment) -lt 50
          displayName: Put
      on:
        failure:
          steps:
          - bash: echo $(strategy.action)
            displayName: Back
        success:
          steps:
          - bash: echo never
            displayName: Cheers
",
        )
        .await;
    assert_eq!(report.result, RunResult::Failed, "the second increment failed");
    assert_eq!(bench.step("Put (10%)").result, RunResult::Succeeded, "the first one did not");
    assert_eq!(bench.step("Put (100%)").result, RunResult::Skipped, "the last one does not begin");
    assert_eq!(bench.output("Back"), ["reject"], "failure rejects");
    assert_eq!(bench.step("Cheers").result, RunResult::Skipped, "no success");
}

const ROLLING: &str = "jobs:
- deployment: Roll
  environment: { name: farm, tags: web }
  strategy:
    rolling:
      maxParallel: 50%
      deploy:
        steps:
        - download: none
        - bash: |
            test $(Environment.ResourceName) != two || exit 1
            echo '##vso[task.setvariable variable=who;isOutput=true]$(Environment.ResourceName)'
          displayName: Put on $(Environment.Name)
          name: put
- job: After
  dependsOn: Roll
  condition: always()
  variables:
    one: $[ dependencies.Roll.outputs['deploy_one.put.who'] ]
    how: $[ dependencies.Roll.result ]
  steps:
  - checkout: none
  - bash: echo $(one) $(how)
    displayName: Outputs
";

#[tokio::test]
async fn a_rolling_deployment_goes_in_batches_and_stops_at_a_failure() {
    let targets =
        [("one", "web"), ("base", "db"), ("two", "web"), ("three", "web"), ("four", "WEB")];
    let bench = bench(&targets);
    let report = bench.run(ROLLING).await;
    assert_eq!(report.result, RunResult::Failed, "a target failed: {:?}", report.issue);
    let jobs = names(&bench, RecordKind::Job);
    assert_eq!(
        jobs,
        ["Roll one", "Roll two", "Roll three", "Roll four", "After"],
        "one job for each target with the tag"
    );
    assert_eq!(bench.end(RecordKind::Job, "Roll one").result, RunResult::Succeeded, "batch one");
    assert_eq!(bench.end(RecordKind::Job, "Roll two").result, RunResult::Failed, "batch one");
    let third = bench.end(RecordKind::Job, "Roll three");
    assert_eq!(
        (third.result, third.issue.as_deref()),
        (RunResult::Skipped, Some("Skipped: the deployment to two did not succeed")),
        "batch two does not begin"
    );
    assert_eq!(bench.output("Outputs"), ["one Failed"], "one job with the outputs of its targets");
}

#[tokio::test]
async fn without_targets_this_machine_is_the_only_one() {
    let bench = bench(&[]);
    let report = bench.run(&ROLLING.replace("!= two || exit 1", "= x")).await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    assert_eq!(names(&bench, RecordKind::Job), ["Roll", "After"], "one job");
}

#[tokio::test]
async fn a_resource_that_is_not_listed_is_refused() {
    let bench = bench(&[("one", "web")]);
    let yaml = "jobs:
- deployment: Roll
  environment: farm.other
  strategy: { runOnce: { deploy: { steps: [{ bash: echo }] } } }
";
    let report = bench.run(yaml).await;
    assert_eq!(report.result, RunResult::Failed, "there is no such resource");
    let issue = bench.end(RecordKind::Job, "Roll").issue;
    assert_eq!(
        issue.as_deref(),
        Some("Job Roll: Resource other does not exist in environment farm."),
        "Azure's words"
    );
}

#[tokio::test]
async fn a_canary_of_kubernetes_is_deployed_in_growing_shares_and_promoted() {
    let bench = bench(&[]);
    let report = bench
        .run(
            "jobs:
- deployment: Web
  environment: farm
  strategy:
    canary:
      increments: [10, 20]
      deploy:
        steps:
        - bash: mkdir -p k8s; echo A > k8s/a.yml
        - task: KubernetesManifest@1
          displayName: Apply
          inputs:
            action: $(strategy.action)
            strategy: $(strategy.name)
            percentage: $(strategy.increment)
            manifests: k8s/a.yml
      on:
        failure:
          steps:
          - task: KubernetesManifest@1
            inputs: {action: reject, strategy: canary, manifests: k8s/a.yml}
",
        )
        .await;
    assert_eq!(report.result, RunResult::Succeeded, "{:?}", report.issue);
    let orders = bench.host.orders.lock().unwrap();
    let asked: Vec<_> = orders.iter().map(|order| order.strategy.unwrap()).collect();
    let expected = [
        RolloutStrategy::canary(10),
        RolloutStrategy::canary(20),
        RolloutStrategy::canary(100).promoted(),
    ];
    assert_eq!(asked, expected, "what each increment is asked for");
}

#[tokio::test]
async fn a_canary_of_kubernetes_is_rejected_or_split_by_a_mesh() {
    let bench = bench(&[]);
    let step = |name: &str, inputs: &str| {
        format!(
            "- task: KubernetesManifest@1\n  displayName: {name}\n  continueOnError: true\n  inputs: \
             {{kubernetesServiceConnection: local, manifests: k8s/a.yml, {inputs}}}\n"
        )
    };
    let split = "action: deploy, strategy: canary, trafficSplitMethod: smi, percentage: 30, \
                 baselineAndCanaryReplicas: 2";
    let steps = [
        step("Split", split),
        step("Reject", "action: reject, strategy: canary"),
        step("Much", "action: deploy, strategy: canary, percentage: 120"),
        step("Promote", "action: promote"),
    ]
    .concat();
    let make = "- bash: mkdir -p k8s; echo A > k8s/a.yml\n";
    bench.run(&format!("steps:\n{make}{steps}")).await;
    let orders = bench.host.orders.lock().unwrap();
    let [split, reject] = orders.as_slice() else { panic!("two are in order: {orders:?}") };
    let asked = split.strategy.unwrap();
    assert_eq!((asked.split, asked.replicas, asked.percentage), (TrafficSplit::Smi, 2, 30));
    assert!(reject.strategy.is_some(), "what it withdraws: {reject:?}");
    let issue = |name: &str| bench.step(name).issue.unwrap_or_default();
    let much = issue("Much");
    assert!(much.contains("percentage") && much.contains("120"), "{much}");
    assert_eq!(
        issue("Promote"),
        "The action promote finishes a canary, and the step's strategy is none."
    );
}
