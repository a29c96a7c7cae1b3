//! After a deployment: drift, changes that are seen at once, and an app that was not there at the end.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::StreamExt as _;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::api::{Patch, PatchParams, WatchEvent};
use serde_json::json;
use slipway_core::LogStream;
use slipway_deploy::{
    AppliedDeployment, DeployError, ObjectKey, PlanAction, Progress, ResumeRequest,
};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::control_plane::control_plane;
use crate::outage::server;
use crate::way::Way;
use crate::yard::{Lines, PATIENCE, SHORT, Yard, pushed, request, target, until, web};

const REST: &str = "---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue}
";
/// Within seconds.
const SOON: Duration = Duration::from_secs(10);
/// Long enough for what should not be told to be told.
const QUIET: Duration = Duration::from_secs(2);

/// Keeps what was applied, as the app does in its database.
#[derive(Default)]
struct Keeping(Mutex<Vec<ObjectKey>>);

impl Progress for Keeping {
    fn line(&self, _: LogStream, _: String) {}

    fn applied(&self, key: &ObjectKey) {
        self.0.lock().unwrap().push(key.clone());
    }
}

async fn edit(yard: &Yard, colour: &str) {
    let parameters =
        PatchParams { field_manager: Some("kubectl-edit".into()), ..Default::default() };
    let patch = Patch::Merge(json!({"data": {"colour": colour}}));
    yard.api::<ConfigMap>().patch("settings", &parameters, &patch).await.unwrap();
}

fn resumed(applied: &[ObjectKey], limit: Duration) -> ResumeRequest {
    ResumeRequest {
        applied: applied.to_vec(),
        labels: vec![("dev.slipway.deployment".to_owned(), "deployment-1".to_owned())],
        rollout_timeout: limit,
        prune: Vec::new(),
    }
}

async fn resume(yard: &Yard, request: ResumeRequest) -> Result<AppliedDeployment, DeployError> {
    yard.target.resume(request, &yard.lines, &CancellationToken::new()).await
}

#[tokio::test]
async fn drift_says_what_somebody_changed_and_who() {
    let yard = Yard::open("drift").await;
    let manifest = format!("{}{REST}", web(1, ""));
    yard.apply(&manifest, &pushed('a')).await.unwrap();
    let applied = request(&manifest, &pushed('a'), PATIENCE);
    assert_eq!(yard.target.drift(&applied).await.unwrap(), [], "nobody touched it");

    edit(&yard, "red").await;
    yard.api::<Deployment>().delete("web", &Default::default()).await.unwrap();
    until("the Deployment is gone", async || {
        yard.api::<Deployment>().get_opt("web").await.unwrap().is_none()
    })
    .await;
    let drift = yard.target.drift(&applied).await.unwrap();
    assert_eq!(drift.len(), 2, "{drift:#?}");
    let field = &drift[0].fields[0];
    assert_eq!(
        (field.path.as_str(), field.owner.as_deref()),
        ("data.colour", Some("kubectl-edit"))
    );
    assert_eq!((field.before.as_deref(), field.after.as_deref()), (Some("red"), Some("blue")));
    assert_eq!((drift[1].key.kind.as_str(), drift[1].action), ("Deployment", PlanAction::Create));
    let kept = yard.api::<ConfigMap>().get("settings").await.unwrap().data.unwrap();
    assert_eq!(kept["colour"], "red", "looking changes nothing");
}

#[tokio::test]
async fn changes_wake_within_seconds_and_a_status_does_not() {
    let yard = Yard::open("changes").await;
    let manifest = format!("{}{REST}", web(1, ""));
    let applied = yard.apply(&manifest, &pushed('a')).await.unwrap().applied;
    let mut changes = yard.target.watch_changes(&applied);
    for _ in 0..2 {
        let first = timeout(SOON, changes.next()).await;
        first.expect("both kinds say that they are watched now").unwrap();
    }
    // A pod that is deleted changes the Deployment's status, and nothing of its settings.
    let pods = yard.api::<Pod>();
    let pod = pods.list(&Default::default()).await.unwrap().items.remove(0).metadata.name.unwrap();
    pods.delete(&pod, &Default::default()).await.unwrap();
    let quiet = timeout(QUIET, changes.next()).await;
    assert!(quiet.is_err(), "a status is no change of ours");

    edit(&yard, "red").await;
    timeout(SOON, changes.next()).await.expect("an edit is seen").unwrap();
    yard.api::<Deployment>().delete("web", &Default::default()).await.unwrap();
    timeout(SOON, changes.next()).await.expect("so is a deletion").unwrap();
}

#[tokio::test]
async fn changes_during_an_outage_are_seen_after_it() {
    let yard = Yard::open("changes-outage").await;
    let way = Way::open(server()).await;
    let manifest = format!("{}{REST}", web(1, ""));
    let applied = yard.apply(&manifest, &pushed('a')).await.unwrap().applied;
    let map: Vec<_> = applied.into_iter().filter(|key| key.kind == "ConfigMap").collect();
    let mut changes = way.target("changes-outage").await.watch_changes(&map);
    timeout(SOON, changes.next()).await.expect("it is watched").unwrap();
    way.close();
    edit(&yard, "red").await;
    assert!(timeout(QUIET, changes.next()).await.is_err(), "nothing can be seen now");
    way.open_again();
    timeout(PATIENCE, changes.next()).await.expect("it is seen then").unwrap();
}

#[tokio::test]
async fn an_account_that_may_not_watch_asks() {
    let yard = Yard::open("changes-asking").await;
    let manifest = format!("{}{REST}", web(1, ""));
    let applied = yard.apply(&manifest, &pushed('a')).await.unwrap().applied;
    let map: Vec<_> = applied.into_iter().filter(|key| key.kind == "ConfigMap").collect();
    let role = json!({"metadata": {"name": "asks"}, "rules": [{"apiGroups": [""],
        "resources": ["configmaps"], "verbs": ["get"]}]});
    let binding = json!({"metadata": {"name": "asks"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "asks"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User",
            "name": "slipway-test-nobody"}]});
    yard.create::<k8s_openapi::api::rbac::v1::Role>(role).await;
    yard.create::<k8s_openapi::api::rbac::v1::RoleBinding>(binding).await;
    let nobody = target("slipway-test-nobody", "changes-asking").await;
    let mut changes = nobody.watch_changes(&map);
    timeout(SOON, changes.next()).await.expect("it is looked at").unwrap();
    edit(&yard, "red").await;
    timeout(SOON, changes.next()).await.expect("within seconds too").unwrap();
}

#[tokio::test]
async fn a_rollout_is_watched_to_its_end_by_another_app() {
    let yard = Yard::open("resume").await;
    let manifest = format!("{}{REST}", web(2, "sim.slipway.dev/delay: 3s"));
    let (keeping, cancel) = (Keeping::default(), CancellationToken::new());
    let request = request(&manifest, &pushed('a'), PATIENCE);
    let killed = timeout(Duration::from_secs(1), yard.target.apply(request, &keeping, &cancel));
    assert!(killed.await.is_err(), "its pods take longer than that");
    let applied = keeping.0.into_inner().unwrap();
    let kinds: Vec<_> = applied.iter().map(|key| key.kind.as_str()).collect();
    assert_eq!(kinds, ["ConfigMap", "Deployment"], "what was applied is known");

    let seen = resume(&yard, resumed(&applied, PATIENCE)).await.unwrap();
    assert_eq!(seen.workloads[0].pods.len(), 2, "{seen:?}");
    assert_eq!(seen.pods_of(&pushed('a').digest).len(), 2, "they can be proven: {seen:?}");
    for pod in &seen.workloads[0].pods {
        assert!(yard.target.prove(pod, &pushed('a')).await.unwrap().is_proven);
    }
}

#[tokio::test]
async fn no_success_is_reported_that_was_not_seen() {
    let yard = Yard::open("resume-unseen").await;
    let manifest = format!("{}{REST}", web(1, ""));
    let applied = yard.apply(&manifest, &pushed('a')).await.unwrap().applied;

    let mut more = applied.clone();
    more.push(ObjectKey { name: "never".into(), ..applied[0].clone() });
    let error = resume(&yard, resumed(&more, SHORT)).await.unwrap_err();
    assert!(matches!(error, DeployError::NotAsApplied { .. }), "it was not applied: {error}");
    assert!(error.to_string().contains("ConfigMap 'never'"), "{error}");

    let mut other = request(&manifest, &pushed('b'), PATIENCE);
    other.labels = vec![("dev.slipway.deployment".into(), "deployment-2".into())];
    let cancel = CancellationToken::new();
    yard.target.apply(other, &Lines::default(), &cancel).await.unwrap();
    let error = resume(&yard, resumed(&applied, SHORT)).await.unwrap_err();
    assert!(error.to_string().contains("deployment-2"), "another came after it: {error}");

    let broken = web(1, "sim.slipway.dev/behaviour: never-ready");
    yard.apply_within(Duration::from_secs(1), &broken, &pushed('c')).await.unwrap_err();
    let error = resume(&yard, resumed(&applied[1..], SHORT)).await.unwrap_err();
    assert!(matches!(error, DeployError::NotReady { .. }), "it never got ready: {error}");
}

#[tokio::test]
async fn a_watch_that_has_expired_begins_anew() {
    let yard = Yard::open("expired-watch").await;
    let way = Way::open(server()).await;
    // The one kind whose watches the test's API server takes from etcd itself.
    let scaler = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: \
                  web}\nspec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, \
                  name: web}}\n";
    let manifest = format!("{}{scaler}", web(1, ""));
    let applied = yard.apply(&manifest, &pushed('a')).await.unwrap().applied;
    let scalers: Vec<_> =
        applied.into_iter().filter(|key| key.kind == "HorizontalPodAutoscaler").collect();
    let mut changes = way.target("expired-watch").await.watch_changes(&scalers);
    timeout(SOON, changes.next()).await.expect("it is watched").unwrap();
    way.close();
    let api = yard.api::<HorizontalPodAutoscaler>();
    let before = api.list(&Default::default()).await.unwrap().metadata.resource_version.unwrap();
    let patch = Patch::Merge(json!({"spec": {"maxReplicas": 5}}));
    let parameters = PatchParams { field_manager: Some("kubectl".into()), ..Default::default() };
    api.patch("web", &parameters, &patch).await.unwrap();
    // What was before is forgotten: going on from there is answered with 410.
    yard.create::<ConfigMap>(json!({"metadata": {"name": "one-more"}})).await;
    control_plane().expire_watches();
    until("a watch from before is answered with 410", async || {
        let mut events = api.watch(&Default::default(), &before).await.unwrap().boxed();
        let first = timeout(QUIET, events.next()).await;
        matches!(first, Ok(Some(Ok(WatchEvent::Error(status)))) if status.code == 410)
    })
    .await;
    assert!(timeout(QUIET, changes.next()).await.is_err(), "nothing can be seen now");
    way.open_again();
    timeout(PATIENCE, changes.next()).await.expect("it is seen then").unwrap();
}
