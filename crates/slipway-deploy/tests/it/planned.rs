//! What a local deployment would change, and what it removes because nobody wants it any more.

use slipway_deploy::{HIDDEN, PlanAction};
use tokio_util::sync::CancellationToken;

use crate::bench::{Bench, Lines, READY, web};

const REST: &str = "---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {token: hush}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker}
spec:
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: worker, image: shop/web}]
";

#[tokio::test(flavor = "multi_thread")]
async fn a_local_plan_is_told_and_done_and_pruned() {
    let Some(bench) = Bench::start("planned").await else { return };
    let image = bench.push("shop/web", "1").await;
    let target = bench.target();
    let images = std::slice::from_ref(&image);
    let both = format!("{}{REST}", web(1, READY));
    let actions = |plan: &slipway_deploy::DeploymentPlan| {
        let each = plan.objects.iter().map(|o| (o.key.to_string(), o.action));
        each.collect::<Vec<_>>()
    };

    let first = target.plan(&bench.request(&both, images), &[]).await.unwrap();
    assert!(first.objects.iter().all(|o| o.action == PlanAction::Create), "{first:#?}");
    assert!(bench.pods().await.is_empty(), "nothing is changed by looking");
    let applied = bench.apply(&target, &both, &image).await.unwrap().applied;
    assert_eq!(applied.len(), 4, "{applied:?}");
    // An app that is started anew knows it from the record.
    let later = bench.target();
    let same = later.plan(&bench.request(&both, images), &[]).await.unwrap();
    assert!(same.objects.iter().all(|o| o.action == PlanAction::Same), "{same:#?}");

    let next = both.split("---\napiVersion: apps/v1").next().unwrap();
    let next = next.replace("replicas: 1", "replicas: 2").replace("{token: hush}", "{other: loud}");
    let mut request = bench.request(&next, images);
    let plan = later.plan(&request, &applied).await.unwrap();
    assert_eq!(
        actions(&plan),
        [
            ("Deployment 'web'".to_owned(), PlanAction::Change),
            ("Service 'web'".to_owned(), PlanAction::Same),
            ("Secret 'keys'".to_owned(), PlanAction::Change),
            ("Deployment 'worker'".to_owned(), PlanAction::Delete),
        ]
    );
    let replicas = &plan.objects[0].fields[0];
    assert_eq!((replicas.path.as_str(), replicas.before.as_deref()), ("spec.replicas", Some("1")));
    assert!(
        plan.objects[2]
            .fields
            .iter()
            .all(|f| f.is_secret && f.before.as_deref().is_none_or(|v| v == HIDDEN))
    );
    assert!(!format!("{plan:?}").contains("loud"), "a secret is not told: {plan:#?}");

    drop(later);
    request.prune = applied;
    let lines = Lines::default();
    let done = target.apply(request, &lines, &CancellationToken::new()).await.unwrap();
    assert_eq!(done.pruned.len(), 1, "{:?}", done.pruned);
    assert_eq!(done.workloads.len(), 1, "only what is wanted is a workload: {:?}", done.workloads);
    let pods = bench.pods().await;
    assert!(
        pods.keys().all(|name| name.contains("_web-")),
        "the worker is gone: {:?}",
        pods.keys()
    );
    assert_eq!(pods.len(), 2, "and web has its two");
    target.restore().await.unwrap();
    assert_eq!(bench.pods().await.len(), 2, "a restart brings nothing back");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_refusal_does_not_hide_the_other_local_objects() {
    let Some(bench) = Bench::start("planned-refused").await else { return };
    let image = bench.push("shop/web", "1").await;
    let manifest = format!(
        "{}{}---\napiVersion: batch/v1\nkind: Job\nmetadata: {{name: migrate}}\nspec: {{template: \
         {{spec: {{restartPolicy: Never, containers: [{{name: m, image: shop/web}}]}}}}}}\n",
        web(1, READY),
        REST.replace("image: shop/web", "image: redis:7")
    );
    let request = bench.request(&manifest, std::slice::from_ref(&image));
    let plan = bench.target().plan(&request, &[]).await.unwrap();
    assert!(plan.is_blocked());
    let refused: Vec<_> = plan.objects.iter().filter(|o| o.action == PlanAction::Refused).collect();
    let problem = |name: &str| {
        let found = refused.iter().find(|o| o.key.name == name).unwrap();
        found.problem.clone().unwrap_or_default()
    };
    assert!(problem("worker").contains("by tag"), "{}", problem("worker"));
    assert!(problem("migrate").contains("cannot run the kind Job"), "{}", problem("migrate"));
    assert_eq!(refused.len(), 2, "the others are fine: {plan:#?}");
}
