//! What pods and nodes use, where the cluster measures it (metrics.k8s.io).

use serde::Deserialize;
use slipway_core::{KubeNodeUsage, KubePodUsage, KubeUsage};

use super::{Cluster, KubeKind, ViewError};
use crate::DeployError;
use crate::quantity;

#[derive(Deserialize)]
struct List<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    namespace: String,
}

#[derive(Default, Deserialize)]
struct Used {
    #[serde(default)]
    cpu: String,
    #[serde(default)]
    memory: String,
}

impl Used {
    fn cpu_milli(&self) -> u64 {
        let nanos = quantity::nanos(&self.cpu).unwrap_or_default();
        u64::try_from(nanos / 1_000_000).unwrap_or_default()
    }

    fn memory_bytes(&self) -> u64 {
        quantity::units(&self.memory)
            .and_then(|bytes| u64::try_from(bytes).ok())
            .unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct PodMetrics {
    metadata: Named,
    containers: Vec<ContainerMetrics>,
}

#[derive(Deserialize)]
struct ContainerMetrics {
    #[serde(default)]
    usage: Used,
}

#[derive(Deserialize)]
struct NodeMetrics {
    metadata: Named,
    #[serde(default)]
    usage: Used,
}

/// What is used in a namespace (an empty one is all), and by each node where that may be seen.
pub(super) async fn read(cluster: &Cluster, namespace: &str) -> Result<KubeUsage, ViewError> {
    let doing = "asking what pods use";
    let kind = |plural| KubeKind::new("metrics.k8s.io", "v1beta1", plural);
    let path = kind("pods").list(namespace);
    let pods = match cluster.text(doing, &path, "application/json").await {
        Ok(text) => pods(&cluster.parsed(doing, &text)?),
        // Not installed, or installed and not answering: nothing is measured either way.
        Err(DeployError::ClusterRefused { status: 404 | 503, .. }) => {
            return Ok(KubeUsage { is_served: false, pods: Vec::new(), nodes: Vec::new() });
        }
        Err(error) => return Err(error.into()),
    };
    let nodes = match cluster.text(doing, &kind("nodes").list(""), "application/json").await {
        Ok(text) => nodes(&cluster.parsed(doing, &text)?),
        Err(DeployError::ClusterRefused { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    Ok(KubeUsage { is_served: true, pods, nodes })
}

fn pods(list: &List<PodMetrics>) -> Vec<KubePodUsage> {
    let view = |pod: &PodMetrics| KubePodUsage {
        name: pod.metadata.name.clone(),
        namespace: pod.metadata.namespace.clone(),
        cpu_milli: pod.containers.iter().map(|one| one.usage.cpu_milli()).sum(),
        memory_bytes: pod.containers.iter().map(|one| one.usage.memory_bytes()).sum(),
    };
    list.items.iter().map(view).collect()
}

fn nodes(list: &List<NodeMetrics>) -> Vec<KubeNodeUsage> {
    let view = |node: &NodeMetrics| KubeNodeUsage {
        name: node.metadata.name.clone(),
        cpu_milli: node.usage.cpu_milli(),
        memory_bytes: node.usage.memory_bytes(),
    };
    list.items.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_of_a_pod_are_summed() {
        let text = r#"{"items":[{"metadata":{"name":"web","namespace":"shop"},"containers":[
            {"name":"a","usage":{"cpu":"1500000n","memory":"1024Ki"}},
            {"name":"b","usage":{"cpu":"250m","memory":"1Mi"}}]}]}"#;
        let pods = pods(&serde_json::from_str(text).unwrap());
        assert_eq!((pods[0].cpu_milli, pods[0].memory_bytes), (251, 2 << 20));
    }
}
