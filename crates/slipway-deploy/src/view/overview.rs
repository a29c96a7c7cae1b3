//! What a cluster is and offers: version, kinds, namespaces, nodes.
//!
//! What a user may not list is left out; only a cluster that does not answer is an error. Deliberately not
//! here: rights kind by kind (`rights.rs`).

use std::collections::BTreeMap;

use kube::client::{APIGroupDiscovery, APIResourceDiscovery};
use kube::discovery::{Discovery, Scope};
use serde::Deserialize;
use slipway_core::{KubeKindView, KubeNamespaceView, KubeNodeView, KubeOverview, KubeSection};

use super::shape::Stamp;
use super::{Cluster, KubeKind, ViewError, rights};
use crate::DeployError;
use crate::cluster::connect::answered;

const JSON: &str = "application/json";

pub(super) async fn read(cluster: &Cluster) -> Result<KubeOverview, ViewError> {
    let version = async {
        answered(cluster.client.apiserver_version())
            .await
            .map_err(|error| cluster.failed("asking for its version", error))
    };
    let (version, kinds, namespaces, nodes) =
        tokio::join!(version, kinds(cluster), namespaces(cluster), nodes(cluster));
    let mut problems = Vec::new();
    let kinds = kept(kinds, &mut problems);
    let namespaces = kept(namespaces, &mut problems);
    Ok(KubeOverview {
        version: version?.git_version,
        can_list_namespaces: namespaces.is_some(),
        namespaces: namespaces.unwrap_or_default(),
        kinds: kinds.unwrap_or_default(),
        nodes: kept(nodes, &mut problems).unwrap_or_default(),
        problem: (!problems.is_empty()).then(|| problems.join(" ")),
    })
}

/// What could be read. That something may not be listed is no problem; it is not offered then.
fn kept<T>(read: Result<T, DeployError>, problems: &mut Vec<String>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(DeployError::ClusterRefused { status: 403, .. }) => None,
        Err(error) => {
            problems.push(error.to_string());
            None
        }
    }
}

async fn namespaces(cluster: &Cluster) -> Result<Vec<KubeNamespaceView>, DeployError> {
    #[derive(Deserialize)]
    struct List {
        items: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        metadata: Named,
        #[serde(default)]
        status: Status,
    }
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    #[derive(Default, Deserialize)]
    struct Status {
        #[serde(default)]
        phase: String,
    }
    let doing = "listing namespaces";
    // Asked before, because a list that is refused reads like a failure in the cluster's audit.
    if !rights::may(cluster, "list", "namespaces", "").await? {
        return Err(DeployError::ClusterRefused {
            doing: doing.to_owned(),
            status: 403,
            message: "namespaces may not be listed".to_owned(),
        });
    }
    let path = KubeKind::new("", "v1", "namespaces").list("");
    let text = cluster.text(doing, &path, JSON).await?;
    let list: List = cluster.parsed(doing, &text)?;
    let view =
        |item: Item| KubeNamespaceView { name: item.metadata.name, phase: item.status.phase };
    Ok(list.items.into_iter().map(view).collect())
}

#[derive(Deserialize)]
struct NodeList {
    items: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    metadata: NodeMeta,
    #[serde(default)]
    spec: NodeSpec,
    #[serde(default)]
    status: NodeStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NodeMeta {
    name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    creation_timestamp: Option<Stamp>,
}

#[derive(Default, Deserialize)]
struct NodeSpec {
    #[serde(default)]
    unschedulable: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NodeStatus {
    #[serde(default)]
    conditions: Vec<Condition>,
    #[serde(default)]
    node_info: NodeInfo,
}

#[derive(Deserialize)]
struct Condition {
    r#type: String,
    status: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NodeInfo {
    #[serde(default)]
    kubelet_version: String,
}

async fn nodes(cluster: &Cluster) -> Result<Vec<KubeNodeView>, DeployError> {
    let doing = "listing nodes";
    let path = KubeKind::new("", "v1", "nodes").list("");
    let text = cluster.text(doing, &path, JSON).await?;
    let list: NodeList = cluster.parsed(doing, &text)?;
    Ok(list.items.iter().map(node_view).collect())
}

fn node_view(node: &Node) -> KubeNodeView {
    let ready = node.status.conditions.iter().find(|condition| condition.r#type == "Ready");
    let is_ready = ready.is_some_and(|condition| condition.status == "True");
    let mut status = if is_ready { "Ready" } else { "NotReady" }.to_owned();
    if node.spec.unschedulable {
        status.push_str(",SchedulingDisabled");
    }
    let role = |label: &str| label.strip_prefix("node-role.kubernetes.io/").map(str::to_owned);
    KubeNodeView {
        name: node.metadata.name.clone(),
        is_ready,
        status,
        roles: node.metadata.labels.keys().filter_map(|label| role(label)).collect(),
        version: node.status.node_info.kubelet_version.clone(),
        created_at: node.metadata.creation_timestamp.as_ref().map_or(0, Stamp::ms),
    }
}

/// Every kind that can be listed, in the version that the cluster prefers.
async fn kinds(cluster: &Cluster) -> Result<Vec<KubeKindView>, DeployError> {
    let doing = "asking which kinds it knows";
    let client = &cluster.client;
    let (core, groups) = tokio::join!(
        answered(client.list_core_api_versions_aggregated()),
        answered(client.list_api_groups_aggregated())
    );
    let core = core.map_err(|error| cluster.failed(doing, error))?;
    let groups = groups.map_err(|error| cluster.failed(doing, error))?;
    // A server that does not know the one document answers with another, which has no items.
    let mut kinds = if core.items.is_empty() || groups.items.is_empty() {
        let found = answered(Discovery::new(client.clone()).run()).await;
        of_discovery(&found.map_err(|error| cluster.failed(doing, error))?)
    } else {
        core.items.iter().chain(&groups.items).flat_map(of_group).collect()
    };
    // The same events are in the core group.
    kinds.retain(|kind| kind.group != "events.k8s.io" && kind.verbs.iter().any(|v| v == "list"));
    kinds.sort_by(|a, b| (a.section, &a.kind, &a.group).cmp(&(b.section, &b.kind, &b.group)));
    Ok(kinds)
}

/// Each kind of a group, in the first version that has it: versions come in the order of preference.
fn of_group(group: &APIGroupDiscovery) -> Vec<KubeKindView> {
    let name = group.metadata.as_ref().and_then(|meta| meta.name.clone()).unwrap_or_default();
    let mut kinds: Vec<KubeKindView> = Vec::new();
    for version in &group.versions {
        let number = version.version.clone().unwrap_or_default();
        for resource in &version.resources {
            let Some(view) = of_resource(&name, &number, resource) else { continue };
            if kinds.iter().all(|known| known.plural != view.plural) {
                kinds.push(view);
            }
        }
    }
    kinds
}

fn of_resource(
    group: &str,
    version: &str,
    resource: &APIResourceDiscovery,
) -> Option<KubeKindView> {
    let plural = resource.resource.clone()?;
    let kind = resource.response_kind.as_ref().and_then(|kind| kind.kind.clone())?;
    let subresources = resource.subresources.iter().filter_map(|sub| sub.subresource.clone());
    Some(KubeKindView {
        group: group.to_owned(),
        version: version.to_owned(),
        kind,
        is_namespaced: resource.scope.as_deref() == Some("Namespaced"),
        verbs: resource.verbs.clone(),
        subresources: subresources.collect(),
        short_names: resource.short_names.clone(),
        is_custom: is_custom(group),
        section: section(group, &plural),
        plural,
    })
}

/// From one request for each group, as clusters before 1.27 need it.
fn of_discovery(found: &Discovery) -> Vec<KubeKindView> {
    let all = found.groups().flat_map(|group| group.recommended_resources());
    let view = |(resource, able): (kube::core::ApiResource, kube::discovery::ApiCapabilities)| {
        KubeKindView {
            is_namespaced: able.scope == Scope::Namespaced,
            verbs: able.operations,
            subresources: able
                .subresources
                .iter()
                .filter_map(|(sub, _)| sub.plural.split_once('/').map(|(_, name)| name.to_owned()))
                .collect(),
            short_names: Vec::new(),
            is_custom: is_custom(&resource.group),
            section: section(&resource.group, &resource.plural),
            group: resource.group,
            version: resource.version,
            kind: resource.kind,
            plural: resource.plural,
        }
    };
    all.map(view).collect()
}

/// Groups of Kubernetes itself that end like those of its extensions.
const OWN_GROUPS: [&str; 15] = [
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

fn is_custom(group: &str) -> bool {
    let is_other = ["resource.k8s.io", "storagemigration.k8s.io", "internal.apiserver.k8s.io"];
    group.contains('.') && !OWN_GROUPS.contains(&group) && !is_other.contains(&group)
}

fn section(group: &str, plural: &str) -> KubeSection {
    match (group, plural) {
        ("apps" | "batch", _) | ("", "pods" | "replicationcontrollers") => KubeSection::Workloads,
        ("networking.k8s.io" | "discovery.k8s.io", _) | ("", "services" | "endpoints") => {
            KubeSection::Network
        }
        ("autoscaling" | "policy", _)
        | ("", "configmaps" | "secrets" | "resourcequotas" | "limitranges") => KubeSection::Config,
        ("storage.k8s.io", _) | ("", "persistentvolumeclaims" | "persistentvolumes") => {
            KubeSection::Storage
        }
        ("rbac.authorization.k8s.io" | "certificates.k8s.io", _) | ("", "serviceaccounts") => {
            KubeSection::Access
        }
        (group, _) if is_custom(group) => KubeSection::Custom,
        _ => KubeSection::Cluster,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_where_one_looks_for_them() {
        let cases = [
            ("apps", "deployments", KubeSection::Workloads),
            ("", "pods", KubeSection::Workloads),
            ("networking.k8s.io", "ingresses", KubeSection::Network),
            ("", "secrets", KubeSection::Config),
            ("", "persistentvolumes", KubeSection::Storage),
            ("rbac.authorization.k8s.io", "roles", KubeSection::Access),
            ("", "nodes", KubeSection::Cluster),
            ("example.com", "widgets", KubeSection::Custom),
            ("gateway.networking.k8s.io", "gateways", KubeSection::Custom),
        ];
        for (group, plural, expected) in cases {
            assert_eq!(section(group, plural), expected, "{group}/{plural}");
        }
    }

    #[test]
    fn a_node_reads_as_kubectl_says_it() {
        let text = r#"{"metadata":{"name":"n","labels":{"node-role.kubernetes.io/worker":""},
            "creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"unschedulable":true},
            "status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1"}}}"#;
        let view = node_view(&serde_json::from_str(text).unwrap());
        assert_eq!(view.status, "Ready,SchedulingDisabled");
        assert_eq!(view.roles, ["worker"]);
        assert_eq!(view.created_at, 1_767_225_600_000);
    }
}
