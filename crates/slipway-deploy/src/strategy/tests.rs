//! Unit tests of what strategies make of manifests and of what runs.

use serde_json::json;
use slipway_core::StrategyStep;

use super::copy::{COLOR, VERSION};
use super::*;
use crate::read_manifest;

const SHOP: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {tier: front}}
spec:
  replicas: 5
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec: {containers: [{name: web, image: shop/web}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
";

fn shop() -> Vec<ManifestObject> {
    read_manifest("shop.yaml", SHOP).unwrap()
}

/// As a cluster answers.
fn live() -> Stable {
    let web = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "uid": "1", "generation": 3,
            "labels": {"tier": "front"},
            "annotations": {"dev.slipway.deployment": "d1", "deployment.kubernetes.io/revision": "3",
                "kubectl.kubernetes.io/last-applied-configuration": "{}", "team": "front"},
            "managedFields": [{"manager": "slipway"}]},
        "spec": {"replicas": 9, "revisionHistoryLimit": 10, "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web", "tier": "front"}},
                "spec": {"containers": [{"name": "web", "image": "r/shop/web@sha256:old"}]}}},
        "status": {"replicas": 9}
    });
    Stable::from([(("Deployment".to_owned(), "web".to_owned()), web)])
}

fn named<'a>(objects: &'a [ManifestObject], kind: &str, name: &str) -> &'a ManifestObject {
    let found = objects.iter().find(|object| object.kind == kind && object.name == name);
    found.unwrap_or_else(|| panic!("there is a {kind} {name} among {objects:?}"))
}

fn names(objects: &[ManifestObject]) -> Vec<String> {
    objects.iter().map(|object| format!("{}/{}", object.kind, object.name)).collect()
}

#[test]
fn a_canary_and_its_baseline_stand_beside_what_runs() {
    let made = beside(&RolloutStrategy::canary(30), &shop(), &live(), None).unwrap();
    let expected = [
        "Deployment/web-canary",
        "Deployment/web-baseline",
        "Service/web",
        "ConfigMap/settings",
        "Ingress/web",
    ];
    assert_eq!(names(&made), expected, "the stable itself is not touched");
    for (name, version, image) in [
        ("web-canary", "canary", "shop/web"),
        ("web-baseline", "baseline", "r/shop/web@sha256:old"),
    ] {
        let object = named(&made, "Deployment", name);
        let value = &object.value;
        assert_eq!(value["metadata"]["name"], *name);
        assert_eq!(value["metadata"]["labels"], json!({"tier": "front", VERSION: version}));
        assert_eq!(value["metadata"]["annotations"][VERSION], version);
        let selector = &value["spec"]["selector"]["matchLabels"];
        assert_eq!(*selector, json!({"app": "web", VERSION: version}), "only its own pods");
        let labels = &value["spec"]["template"]["metadata"]["labels"];
        assert_eq!(*labels, json!({"app": "web", "tier": "front", VERSION: version}));
        assert_eq!(value["spec"]["replicas"], 2, "30 % of 5 is 1.5, and a half goes up");
        assert_eq!(value["spec"]["template"]["spec"]["containers"][0]["image"], image);
        assert_eq!(object.keeps_images, version == "baseline", "{name}");
    }
    let baseline = &named(&made, "Deployment", "web-baseline").value;
    assert_eq!(baseline["spec"]["revisionHistoryLimit"], 10, "all that the stable has");
    assert_eq!(baseline["metadata"]["annotations"], json!({"team": "front", VERSION: "baseline"}));
    assert!(baseline.get("status").is_none(), "and nothing that the cluster counts: {baseline}");
    assert_eq!(named(&made, "Service", "web"), &shop()[1], "it finds both by what they share");
}

#[test]
fn where_nothing_runs_there_is_only_a_canary() {
    let made = beside(&RolloutStrategy::canary(100), &shop(), &Stable::new(), None).unwrap();
    assert_eq!(names(&made)[..2], ["Deployment/web-canary", "Service/web"]);
    assert_eq!(made[0].value["spec"]["replicas"], 5);
}

#[test]
fn a_share_is_rounded_and_none_is_refused() {
    for (replicas, percentage, expected) in
        [(10, 25, 3), (3, 50, 2), (4, 10, 0), (1, 50, 1), (2, 100, 2), (0, 50, 0)]
    {
        assert_eq!(canary::share(replicas, percentage), expected, "{percentage} % of {replicas}");
    }
    let error = beside(&RolloutStrategy::canary(9), &shop(), &live(), None).unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("shop.yaml:5 (document 1, Deployment 'web')"), "the place: {text}");
    assert!(text.contains("9 % of 5 replicas is no pod"), "{text}");
    let hint = slipway_core::Explain::hint(&error).unwrap();
    assert!(hint.contains("percentage of 10"), "what would be enough: {hint}");
}

#[test]
fn an_autoscaled_workload_is_counted_as_it_runs() {
    let objects = read_manifest("shop.yaml", &SHOP.replace("  replicas: 5\n", "")).unwrap();
    let made = beside(&RolloutStrategy::canary(20), &objects, &live(), None).unwrap();
    assert_eq!(made[0].value["spec"]["replicas"], 2, "20 % of the 9 that run");
}

#[test]
fn a_pod_and_a_daemon_set_have_no_number() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: one, labels: {app: one}}\n\
                spec: {containers: [{name: c, image: i}]}\n---\napiVersion: apps/v1\nkind: DaemonSet\n\
                metadata: {name: each}\nspec:\n  selector: {matchLabels: {app: each}}\n  template:\n    \
                metadata: {labels: {app: each}}\n    spec: {containers: [{name: c, image: i}]}\n";
    let objects = read_manifest("o.yaml", text).unwrap();
    let made = beside(&RolloutStrategy::canary(10), &objects, &Stable::new(), None).unwrap();
    assert_eq!(names(&made), ["Pod/one-canary", "DaemonSet/each-canary"]);
    assert_eq!(made[0].value["metadata"]["labels"], json!({"app": "one", VERSION: "canary"}));
    assert!(made[0].value["spec"].get("selector").is_none(), "a Pod selects nothing");
    assert!(made[1].value["spec"].get("replicas").is_none());
}

#[test]
fn a_promotion_applies_what_is_written_and_takes_the_companions_away() {
    let strategy = RolloutStrategy::canary(20).promoted();
    assert_eq!(strategy.step, StrategyStep::Promote);
    let Promotion { before, main, after } = promotion(&strategy, &shop(), None);
    assert_eq!((before, main, after), (Vec::new(), shop(), Vec::new()));
    let keys = companions(&strategy, &shop(), Some("shop"));
    let shown: Vec<_> = keys.iter().map(|key| key.to_string()).collect();
    assert_eq!(shown, ["Deployment 'web-canary'", "Deployment 'web-baseline'"]);
    assert!(keys.iter().all(|key| key.namespace.as_deref() == Some("shop")));
    let lasting = lasting(&strategy, shop());
    assert_eq!(lasting, shop(), "what stays is what is written");
}

#[test]
fn without_a_workload_there_is_nothing_to_put_beside() {
    let error =
        beside(&RolloutStrategy::blue_green(), &shop()[1..], &Stable::new(), None).unwrap_err();
    assert!(error.to_string().contains("blue-green needs a workload"), "{error}");
}

#[test]
fn a_green_gets_no_traffic_before_the_services_switch() {
    let strategy = RolloutStrategy::blue_green();
    let made = beside(&strategy, &shop(), &live(), None).unwrap();
    assert_eq!(names(&made), ["Deployment/web-green", "Service/web-green", "ConfigMap/settings"]);
    let green = &named(&made, "Deployment", "web-green").value;
    assert_eq!(green["spec"]["replicas"], 5, "all of them");
    let labels = &green["spec"]["template"]["metadata"]["labels"];
    assert_eq!(*labels, json!({"app": "web-green", "tier": "front", COLOR: "green"}));
    let selector = &green["spec"]["selector"]["matchLabels"];
    assert_eq!(*selector, json!({"app": "web-green", COLOR: "green"}));
    let service = &named(&made, "Service", "web-green").value["spec"];
    assert_eq!(service["selector"], json!({"app": "web-green", COLOR: "green"}));
    assert!(
        service["ports"][0].get("nodePort").is_none(),
        "that port is the written one's: {service}"
    );

    let Promotion { before, main, after } = promotion(&strategy.promoted(), &shop(), None);
    assert_eq!(names(&before), ["Service/web"], "first the traffic");
    assert_eq!(before[0].value["spec"]["selector"], json!({"app": "web-green"}));
    assert_eq!(main[0], shop()[0], "then what stays, while it serves nobody");
    assert_eq!(main[1], before[0], "the traffic stays where it is meanwhile");
    assert_eq!(after, shop()[1..2], "then the traffic back");
    let keys = companions(&strategy, &shop(), None);
    let shown: Vec<_> = keys.iter().map(|key| key.to_string()).collect();
    assert_eq!(shown, ["Deployment 'web-green'", "Service 'web-green'"]);
}

#[test]
fn a_mesh_splits_the_traffic_between_services() {
    let strategy =
        RolloutStrategy { split: TrafficSplit::Smi, replicas: 2, ..RolloutStrategy::canary(20) };
    let version = "split.smi-spec.io/v1alpha1";
    let error = beside(&strategy, &shop(), &live(), Some(version)).unwrap_err();
    assert!(matches!(error, DeployError::StableUnmarked { .. }), "{error}");

    let mut marked = live();
    let web = marked.values_mut().next().unwrap();
    web["metadata"]["labels"][VERSION] = json!("stable");
    let made = beside(&strategy, &shop(), &marked, Some(version)).unwrap();
    let canary = &named(&made, "Deployment", "web-canary").value;
    assert_eq!(canary["spec"]["replicas"], 2, "as many as were asked for, not a share");
    for name in ["web-canary", "web-baseline", "web-stable"] {
        let selector = &named(&made, "Service", name).value["spec"]["selector"];
        assert_eq!(*selector, json!({"app": "web", VERSION: name.trim_start_matches("web-")}));
    }
    let split = &named(&made, "TrafficSplit", "web-azure-pipelines-rollout").value["spec"];
    let expected = json!({"service": "web", "backends": [
        {"service": "web-stable", "weight": "800m"},
        {"service": "web-baseline", "weight": "100m"},
        {"service": "web-canary", "weight": "100m"}]});
    assert_eq!(*split, expected, "baseline and canary share the percentage");

    let first =
        beside(&strategy, &shop(), &Stable::new(), Some("split.smi-spec.io/v1alpha4")).unwrap();
    let split = &named(&first, "TrafficSplit", "web-azure-pipelines-rollout").value["spec"];
    assert_eq!(
        split["backends"][2]["weight"], 1000,
        "where nothing runs the canary gets all of it"
    );

    let Promotion { before, main, after } = promotion(&strategy, &shop(), Some(version));
    assert_eq!(before[0].value["spec"]["backends"][2]["weight"], "1000m");
    assert_eq!(after[0].value["spec"]["backends"][0]["weight"], "1000m");
    let labels = &main[0].value["spec"]["selector"]["matchLabels"];
    assert_eq!(*labels, json!({"app": "web", VERSION: "stable"}), "the split finds it");
    assert_eq!(lasting(&strategy, shop()), main, "it is so for good");
    let keys = companions(&strategy, &shop(), None);
    assert_eq!(keys.len(), 4, "workloads and Services of canary and baseline: {keys:?}");
}
