//! How the objects of a namespace belong together: who owns whom, which service selects which pods, where an
//! ingress leads, what is mounted.
//!
//! Kinds that the user may not list are left out. Pods of one owner beyond a few are one thing on the map.
//! Deliberately not here: places on a screen.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use slipway_core::{KubeEdgeKind, KubeHealth, KubeMap, KubeMapEdge, KubeMapNode};

use super::shape;
use super::{Cluster, KubeKind, ViewError};
use crate::DeployError;

/// Pods of one owner that are shown one by one.
const MOST_PODS: usize = 8;
/// Objects of a kind that are looked at.
const MOST: usize = 2_000;

const KINDS: [(&str, &str, &str, &str); 9] = [
    ("apps", "v1", "deployments", "Deployment"),
    ("apps", "v1", "replicasets", "ReplicaSet"),
    ("apps", "v1", "statefulsets", "StatefulSet"),
    ("apps", "v1", "daemonsets", "DaemonSet"),
    ("batch", "v1", "cronjobs", "CronJob"),
    ("batch", "v1", "jobs", "Job"),
    ("", "v1", "pods", "Pod"),
    ("", "v1", "services", "Service"),
    ("networking.k8s.io", "v1", "ingresses", "Ingress"),
];

pub(super) async fn read(cluster: &Cluster, namespace: &str) -> Result<KubeMap, ViewError> {
    let lists = KINDS.iter().map(|kind| list(cluster, namespace, *kind));
    let mut objects = Vec::new();
    for read in futures_util::future::join_all(lists).await {
        match read {
            Ok(found) => objects.extend(found),
            Err(DeployError::ClusterRefused { status: 403 | 404, .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(drawn(&objects))
}

/// An object, as much of it as the map needs.
struct Thing {
    kind: &'static str,
    name: String,
    uid: String,
    owner: Option<String>,
    state: KubeHealth,
    detail: String,
    labels: BTreeMap<String, String>,
    spec: Value,
}

async fn list(
    cluster: &Cluster,
    namespace: &str,
    (group, version, plural, kind): (&str, &str, &str, &'static str),
) -> Result<Vec<Thing>, DeployError> {
    let doing = format!("listing {plural}");
    let of = KubeKind::new(group, version, plural);
    let path = format!("{}?limit={MOST}", of.list(namespace));
    let text = cluster.text(&doing, &path, "application/json").await?;
    let mut list: Value = cluster.parsed(&doing, &text)?;
    let items = list["items"].take();
    let Value::Array(items) = items else { return Ok(Vec::new()) };
    Ok(items.into_iter().map(|item| thing(kind, item)).collect())
}

fn thing(kind: &'static str, mut item: Value) -> Thing {
    let (state, detail) = told(kind, &item);
    let meta = item["metadata"].take();
    let owners = meta["ownerReferences"].as_array();
    let owner = owners.into_iter().flatten().find(|owner| owner["controller"] == true);
    let labels = meta["labels"].as_object().into_iter().flatten();
    Thing {
        kind,
        name: meta["name"].as_str().unwrap_or_default().to_owned(),
        uid: meta["uid"].as_str().unwrap_or_default().to_owned(),
        owner: owner.and_then(|owner| Some(owner["uid"].as_str()?.to_owned())),
        state,
        detail,
        labels: labels
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect(),
        spec: item["spec"].take(),
    }
}

/// How it is, and a word about it.
fn told(kind: &str, item: &Value) -> (KubeHealth, String) {
    let count = |pointer: &str| item.pointer(pointer).and_then(Value::as_u64);
    let counted = |have: Option<u64>, want: u64| {
        let have = have.unwrap_or_default();
        let state = match want {
            0 => KubeHealth::Plain,
            want if have >= want => KubeHealth::Good,
            _ => KubeHealth::Waiting,
        };
        (state, format!("{have}/{want} ready"))
    };
    match kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" => {
            counted(count("/status/readyReplicas"), count("/spec/replicas").unwrap_or(1))
        }
        "DaemonSet" => counted(
            count("/status/numberReady"),
            count("/status/desiredNumberScheduled").unwrap_or_default(),
        ),
        "Job" if count("/status/succeeded").is_some() => (KubeHealth::Done, "Complete".to_owned()),
        "Job" if count("/status/failed").is_some() => (KubeHealth::Bad, "Failed".to_owned()),
        "Job" => (KubeHealth::Waiting, "Running".to_owned()),
        "CronJob" => (KubeHealth::Plain, text(item, "/spec/schedule")),
        "Service" => (KubeHealth::Plain, text(item, "/spec/type")),
        "Pod" => shape::pod_told(item),
        _ => (KubeHealth::Plain, String::new()),
    }
}

fn text(of: &Value, pointer: &str) -> String {
    of.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The map as it grows.
#[derive(Default)]
struct Drawing {
    nodes: BTreeMap<String, KubeMapNode>,
    edges: BTreeSet<(String, String, KubeEdgeKind)>,
}

impl Drawing {
    fn node(&mut self, kind: &str, name: &str, state: KubeHealth, detail: String) -> String {
        let id = format!("{kind}/{name}");
        let (kind, name) = (kind.to_owned(), name.to_owned());
        let node = KubeMapNode { id: id.clone(), kind, name, state, detail };
        self.nodes.entry(id.clone()).or_insert(node);
        id
    }

    fn edge(&mut self, from: &str, to: &str, kind: KubeEdgeKind) {
        self.edges.insert((from.to_owned(), to.to_owned(), kind));
    }
}

fn drawn(things: &[Thing]) -> KubeMap {
    let mut drawing = Drawing::default();
    let mut pods_of: HashMap<&str, usize> = HashMap::new();
    for pod in things.iter().filter(|thing| thing.kind == "Pod") {
        *pods_of.entry(pod.owner.as_deref().unwrap_or_default()).or_default() += 1;
    }
    let has_children: BTreeSet<&str> =
        things.iter().filter_map(|thing| thing.owner.as_deref()).collect();
    let owner_of = |thing: &Thing| {
        let uid = thing.owner.as_deref()?;
        things.iter().find(|owner| owner.uid == uid)
    };
    let mut ids: HashMap<&str, String> = HashMap::new();
    for thing in things {
        // A ReplicaSet of an earlier revision has nothing to show.
        if thing.kind == "ReplicaSet"
            && thing.owner.is_some()
            && !has_children.contains(&*thing.uid)
        {
            continue;
        }
        let siblings = thing.owner.as_deref().and_then(|owner| pods_of.get(owner)).copied();
        let id = match (thing.kind, siblings) {
            ("Pod", Some(count)) if count > MOST_PODS => {
                let owner = owner_of(thing).map_or("", |owner| &owner.name);
                let id = drawing.node("Pods", owner, thing.state, format!("{count} pods"));
                if let Some(node) = drawing.nodes.get_mut(&id) {
                    node.state = worse(node.state, thing.state);
                }
                id
            }
            _ => drawing.node(thing.kind, &thing.name, thing.state, thing.detail.clone()),
        };
        ids.insert(&thing.uid, id);
    }
    for thing in things {
        let Some(id) = ids.get(&*thing.uid) else { continue };
        if let Some(owner) = thing.owner.as_deref().and_then(|owner| ids.get(owner)) {
            drawing.edge(owner, id, KubeEdgeKind::Owns);
        }
        match thing.kind {
            "Service" => selects(&mut drawing, thing, id, things, &ids),
            "Ingress" => routes(&mut drawing, thing, id),
            _ if thing.owner.is_none() => mounts(&mut drawing, thing, id),
            _ => {}
        }
    }
    let edges = drawing.edges.into_iter();
    KubeMap {
        nodes: drawing.nodes.into_values().collect(),
        edges: edges.map(|(from, to, kind)| KubeMapEdge { from, to, kind }).collect(),
    }
}

/// The state that needs more attention.
fn worse(a: KubeHealth, b: KubeHealth) -> KubeHealth {
    let rank = |state: KubeHealth| match state {
        KubeHealth::Bad => 4,
        KubeHealth::Waiting => 3,
        KubeHealth::Good => 2,
        KubeHealth::Done => 1,
        KubeHealth::Plain => 0,
    };
    if rank(a) >= rank(b) { a } else { b }
}

fn selects(
    drawing: &mut Drawing,
    service: &Thing,
    id: &str,
    things: &[Thing],
    ids: &HashMap<&str, String>,
) {
    let Some(selector) = service.spec["selector"].as_object().filter(|map| !map.is_empty()) else {
        return;
    };
    let is_selected = |pod: &Thing| {
        selector
            .iter()
            .all(|(key, value)| pod.labels.get(key).map(String::as_str) == value.as_str())
    };
    for pod in things.iter().filter(|thing| thing.kind == "Pod" && is_selected(thing)) {
        if let Some(pod) = ids.get(&*pod.uid) {
            drawing.edge(id, pod, KubeEdgeKind::Selects);
        }
    }
}

fn routes(drawing: &mut Drawing, ingress: &Thing, id: &str) {
    let rules = ingress.spec["rules"].as_array().into_iter().flatten();
    let paths = rules.filter_map(|rule| rule.pointer("/http/paths")?.as_array()).flatten();
    let backends = paths.map(|path| &path["backend"]);
    for backend in backends.chain(std::iter::once(&ingress.spec["defaultBackend"])) {
        if let Some(name) = backend.pointer("/service/name").and_then(Value::as_str) {
            // One that is not there is on the map as well: that is what to see.
            let detail = "not found".to_owned();
            let service = drawing.node("Service", name, KubeHealth::Bad, detail);
            drawing.edge(id, &service, KubeEdgeKind::Routes);
        }
    }
}

/// What the pods of a workload take from elsewhere. Only names: nothing of a Secret is read.
fn mounts(drawing: &mut Drawing, workload: &Thing, id: &str) {
    let spec = workload
        .spec
        .pointer("/jobTemplate/spec/template/spec")
        .or_else(|| workload.spec.pointer("/template/spec"))
        .unwrap_or(&workload.spec);
    let mut found: BTreeSet<(&str, String)> = BTreeSet::new();
    let sources = [
        ("ConfigMap", "/configMap/name"),
        ("Secret", "/secret/secretName"),
        ("PersistentVolumeClaim", "/persistentVolumeClaim/claimName"),
    ];
    for volume in spec["volumes"].as_array().into_iter().flatten() {
        found.extend(sources.iter().map(|(kind, place)| (*kind, text(volume, place))));
    }
    let containers = ["containers", "initContainers"]
        .into_iter()
        .filter_map(|list| spec.get(list)?.as_array())
        .flatten();
    for container in containers {
        for from in container["envFrom"].as_array().into_iter().flatten() {
            found.insert(("ConfigMap", text(from, "/configMapRef/name")));
            found.insert(("Secret", text(from, "/secretRef/name")));
        }
        for from in container["env"].as_array().into_iter().flatten() {
            found.insert(("ConfigMap", text(from, "/valueFrom/configMapKeyRef/name")));
            found.insert(("Secret", text(from, "/valueFrom/secretKeyRef/name")));
        }
    }
    for (kind, name) in found.into_iter().filter(|(_, name)| !name.is_empty()) {
        let source = drawing.node(kind, &name, KubeHealth::Plain, String::new());
        drawing.edge(id, &source, KubeEdgeKind::Mounts);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn owned(name: &str, owner: &str) -> Value {
        json!({"name": name, "uid": format!("uid-{name}"), "labels": {"app": "web"},
            "ownerReferences": [{"uid": format!("uid-{owner}"), "controller": true}]})
    }

    fn things(pods: usize) -> Vec<Thing> {
        let mut things = vec![
            thing(
                "Deployment",
                json!({
                "metadata": {"name": "web", "uid": "uid-web"},
                "spec": {"replicas": 2, "template": {"spec": {
                    "volumes": [{"configMap": {"name": "settings"}}],
                    "containers": [{"env": [{"valueFrom": {"secretKeyRef": {"name": "keys"}}}]}]}}},
                "status": {"readyReplicas": 1}}),
            ),
            thing("ReplicaSet", json!({"metadata": owned("web-1", "web"), "spec": {}})),
            thing("ReplicaSet", json!({"metadata": owned("web-0", "web"), "spec": {}})),
            thing(
                "Service",
                json!({"metadata": {"name": "web", "uid": "uid-s"},
                "spec": {"type": "ClusterIP", "selector": {"app": "web"}}}),
            ),
            thing(
                "Ingress",
                json!({"metadata": {"name": "door", "uid": "uid-i"},
                "spec": {"defaultBackend": {"service": {"name": "web"}},
                    "rules": [{"http": {"paths": [{"backend": {"service": {"name": "gone"}}}]}}]}}),
            ),
        ];
        for number in 0..pods {
            let meta = owned(&format!("web-1-{number}"), "web-1");
            things.push(thing(
                "Pod",
                json!({"metadata": meta, "spec": {"containers": [{}]},
                "status": {"phase": "Running"}}),
            ));
        }
        things
    }

    fn edges(map: &KubeMap) -> Vec<String> {
        map.edges.iter().map(|edge| format!("{} {:?} {}", edge.from, edge.kind, edge.to)).collect()
    }

    #[test]
    fn everything_is_joined_to_what_it_belongs_to() {
        let map = drawn(&things(1));
        let edges = edges(&map);
        for expected in [
            "Deployment/web Owns ReplicaSet/web-1",
            "ReplicaSet/web-1 Owns Pod/web-1-0",
            "Service/web Selects Pod/web-1-0",
            "Ingress/door Routes Service/web",
            "Ingress/door Routes Service/gone",
            "Deployment/web Mounts ConfigMap/settings",
            "Deployment/web Mounts Secret/keys",
        ] {
            assert!(edges.iter().any(|edge| edge == expected), "{expected} in {edges:?}");
        }
        let node = |id: &str| map.nodes.iter().find(|node| node.id == id);
        assert!(node("ReplicaSet/web-0").is_none(), "an earlier revision is not shown");
        assert_eq!(node("Deployment/web").unwrap().detail, "1/2 ready");
        assert_eq!(node("Service/gone").unwrap().state, KubeHealth::Bad);
        assert_eq!(node("Service/web").unwrap().state, KubeHealth::Plain);
    }

    #[test]
    fn many_pods_of_one_owner_are_one_thing() {
        let map = drawn(&things(MOST_PODS + 1));
        let pods: Vec<_> = map.nodes.iter().filter(|node| node.kind.starts_with("Pod")).collect();
        assert_eq!(pods.len(), 1);
        assert_eq!((pods[0].kind.as_str(), pods[0].detail.as_str()), ("Pods", "9 pods"));
    }
}
