//! Refusals, and deployments that are broken off: what is said, and what is left.

use std::sync::Mutex;
use std::time::Duration;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, ResourceQuota};
use kube::Api;
use serde_json::json;
use slipway_core::{Explain as _, LogStream};
use slipway_deploy::{DeployError, ObjectKey, Progress};
use tokio_util::sync::CancellationToken;

use crate::outage::server;
use crate::way::Way;
use crate::yard::{PATIENCE, SHORT, Yard, pushed, request, until, web, workload};

/// A policy of the cluster for one namespace.
async fn forbid(yard: &Yard, resource: &str, group: &str, message: &str) {
    use k8s_openapi::api::admissionregistration::v1 as admission;
    let name = format!("{}-{resource}", yard.namespace);
    let policy = json!({"metadata": {"name": name}, "spec": {
        "matchConstraints": {"resourceRules": [{"apiGroups": [group], "apiVersions": ["*"],
            "operations": ["CREATE", "UPDATE"], "resources": [resource]}]},
        "validations": [{"expression": "false", "message": message}]}});
    let binding = json!({"metadata": {"name": name}, "spec": {
        "policyName": name, "validationActions": ["Deny"],
        "matchResources": {"namespaceSelector": {"matchLabels":
            {"kubernetes.io/metadata.name": yard.namespace}}}}});
    let policies: Api<admission::ValidatingAdmissionPolicy> = Api::all(yard.client.clone());
    let bindings: Api<admission::ValidatingAdmissionPolicyBinding> = Api::all(yard.client.clone());
    let parameters = Default::default();
    policies.create(&parameters, &serde_json::from_value(policy).unwrap()).await.unwrap();
    bindings.create(&parameters, &serde_json::from_value(binding).unwrap()).await.unwrap();
}

#[tokio::test]
async fn a_policy_of_the_cluster_says_what_it_wants() {
    let yard = Yard::open("policy").await;
    forbid(&yard, "deployments", "apps", "every Deployment needs an owner").await;
    let planned = request(&web(1, ""), &pushed('a'), PATIENCE);
    until("the policy is in force", async || {
        yard.target.plan(&planned, &[]).await.unwrap().is_blocked()
    })
    .await;
    let error = yard.apply(&web(1, ""), &pushed('a')).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("every Deployment needs an owner"), "its words: {text}");
    assert!(text.contains("k8s/web.yaml:1 (document 1)"), "where: {text}");
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("policy of the cluster"), "the next step: {hint}");
    assert!(yard.api::<Deployment>().get_opt("web").await.unwrap().is_none(), "nothing is applied");
}

#[tokio::test]
async fn pods_that_a_policy_or_a_quota_forbids_are_the_reason_for_any_kind() {
    let yard = Yard::open("no-pods").await;
    forbid(&yard, "pods", "", "no pods on a Monday").await;
    let quota = json!({"metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}});
    let yard_quota = Yard::open("no-quota").await;
    yard_quota.create::<ResourceQuota>(quota).await;
    let set = workload("StatefulSet", "replicas: 1\n  serviceName: web", "");
    let daemons = workload("DaemonSet", "minReadySeconds: 0", "");
    let error = yard_quota.apply_within(SHORT, &set, &pushed('a')).await.unwrap_err();
    assert!(error.to_string().contains("exceeded quota: none"), "{error}");
    until("the policy is in force", async || {
        let text = yard.apply_within(SHORT, &daemons, &pushed('a')).await.map(|_| String::new());
        text.unwrap_or_else(|error| error.to_string()).contains("no pods on a Monday")
    })
    .await;
}

#[tokio::test]
async fn a_quota_that_refuses_an_object_asks_for_less() {
    let yard = Yard::open("quota-maps").await;
    let quota = json!({"metadata": {"name": "few"}, "spec": {"hard": {"count/configmaps": "1"}}});
    yard.create::<ResourceQuota>(quota).await;
    until("the quota is counted", async || {
        let found = yard.api::<ResourceQuota>().get("few").await.unwrap();
        found.status.is_some_and(|status| status.used.is_some_and(|used| !used.is_empty()))
    })
    .await;
    let map = |name: &str| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: b}}\n"
        )
    };
    let manifest = format!("{}{}{}", web(1, ""), map("one"), map("two"));
    let error = yard.apply(&manifest, &pushed('a')).await.unwrap_err();
    assert!(error.to_string().contains("exceeded quota: few"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("quota")), "{:?}", error.hint());
}

#[tokio::test]
async fn a_claim_without_a_volume_is_the_reason() {
    let yard = Yard::open("claim").await;
    let manifest = format!(
        "{}          volumeMounts: [{{name: data, mountPath: /data}}]\n      volumes: [{{name: data, \
         persistentVolumeClaim: {{claimName: data}}}}]\n---\napiVersion: v1\nkind: \
         PersistentVolumeClaim\nmetadata: {{name: data}}\nspec: {{accessModes: [ReadWriteOnce], \
         storageClassName: gold, resources: {{requests: {{storage: 1Gi}}}}}}\n",
        web(1, "")
    );
    let error = yard.apply_within(SHORT, &manifest, &pushed('a')).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("unbound immediate PersistentVolumeClaims"), "the scheduler: {text}");
    assert!(text.contains("PersistentVolumeClaim 'data' is Pending"), "which: {text}");
    assert!(text.contains("\"gold\" not found"), "and why: {text}");
}

#[tokio::test]
async fn a_node_that_fits_is_missed_in_words() {
    let yard = Yard::open("selector").await;
    let manifest = format!("{}      nodeSelector: {{disk: fast}}\n", web(1, ""));
    let error = yard.apply_within(SHORT, &manifest, &pushed('a')).await.unwrap_err();
    assert!(error.to_string().contains("node affinity/selector"), "{error}");
    let said = yard.lines.joined();
    assert!(said.contains("it is not scheduled"), "it is told while it waits:\n{said}");
}

#[tokio::test]
async fn a_configuration_that_is_missing_is_named() {
    let yard = Yard::open("no-config").await;
    let behaviour = |how: &str, message: &str| {
        format!("sim.slipway.dev/behaviour: {how}, sim.slipway.dev/message: '{message}'")
    };
    let manifest = web(1, &behaviour("config-error", "secret \"keys\" not found"));
    let error = yard.apply_within(SHORT, &manifest, &pushed('a')).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("CreateContainerConfigError: secret \"keys\" not found"), "{text}");
    let message = "MountVolume.SetUp failed for volume \"v\" : configmap \"settings\" not found";
    let manifest = web(1, &behaviour("mount", message));
    let error = yard.apply_within(SHORT, &manifest, &pushed('b')).await.unwrap_err();
    assert!(error.to_string().contains("configmap \"settings\" not found"), "{error}");
}

/// Stops a deployment as soon as the first object is applied.
struct Stopping<'a> {
    applied: Mutex<Vec<ObjectKey>>,
    stop: Box<dyn Fn() + Send + Sync + 'a>,
}

impl<'a> Stopping<'a> {
    fn new(stop: impl Fn() + Send + Sync + 'a) -> Self {
        Self { applied: Mutex::default(), stop: Box::new(stop) }
    }
}

impl Progress for Stopping<'_> {
    fn line(&self, _: LogStream, _: String) {}

    fn applied(&self, key: &ObjectKey) {
        self.applied.lock().unwrap().push(key.clone());
        (self.stop)();
    }
}

fn many() -> String {
    let one = |number: u32| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: map-{number}}}\ndata: {{a: b}}\n"
        )
    };
    format!("{}{}", web(1, ""), (0..60).map(one).collect::<String>())
}

async fn maps(yard: &Yard) -> Vec<String> {
    let found = yard.api::<ConfigMap>().list(&Default::default()).await.unwrap().items;
    let names = found.into_iter().filter_map(|map| map.metadata.name);
    names.filter(|name| name.starts_with("map-")).collect()
}

#[tokio::test]
async fn a_deployment_that_is_cancelled_says_what_it_has_applied() {
    let yard = Yard::open("cancel").await;
    let cancel = CancellationToken::new();
    let stopping = Stopping::new(|| cancel.cancel());
    let request = request(&many(), &pushed('a'), PATIENCE);
    let error = yard.target.apply(request, &stopping, &cancel).await.unwrap_err();
    assert!(matches!(error, DeployError::Cancelled { .. }), "{error}");
    let mut told: Vec<_> =
        stopping.applied.into_inner().unwrap().into_iter().map(|key| key.name).collect();
    let mut there = maps(&yard).await;
    told.sort();
    there.sort();
    assert_eq!(told, there, "no more and no less than is there");
    assert!(there.len() < 60, "the rest was not sent: {}", there.len());
    assert!(yard.api::<Deployment>().get_opt("web").await.unwrap().is_none(), "nor a later rank");
}

#[tokio::test]
async fn a_cancelled_watch_leaves_the_rollout_to_the_cluster() {
    let yard = Yard::open("cancel-watch").await;
    let cancel = CancellationToken::new();
    let stopping = Stopping::new(|| {});
    let request = request(&web(1, "sim.slipway.dev/delay: 3s"), &pushed('a'), PATIENCE);
    let applying = yard.target.apply(request, &stopping, &cancel);
    let stop = async {
        until("it is applied", async || !stopping.applied.lock().unwrap().is_empty()).await;
        cancel.cancel();
    };
    let (applied, ()) = tokio::join!(applying, stop);
    let error = applied.unwrap_err();
    assert!(error.to_string().contains("which the cluster goes on with"), "{error}");
}

#[tokio::test]
async fn an_outage_while_objects_are_applied_is_no_success() {
    let yard = Yard::open("outage-applying").await;
    let way = Way::open(server()).await;
    let target = way.target("outage-applying").await;
    let stopping = Stopping::new(|| way.close());
    let request = request(&many(), &pushed('a'), Duration::from_secs(5));
    let error = target.apply(request, &stopping, &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(error, DeployError::ClusterUnreachable { .. }), "{error}");
    let there = maps(&yard).await;
    for key in stopping.applied.into_inner().unwrap() {
        assert!(there.contains(&key.name), "{key} was told to be applied");
    }
    assert!(yard.api::<Deployment>().get_opt("web").await.unwrap().is_none(), "nor a later rank");
}
