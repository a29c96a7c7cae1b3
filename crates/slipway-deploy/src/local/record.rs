//! What an environment remembers, kept in container labels only.
//!
//! Every pod carries its own facts. One container that is created and never started, the record,
//! carries what is served: creating it is the moment a rollout counts. A `kill -9` at any time leaves
//! either the old record or the new one. Deliberately not here: secrets, and files outside of the
//! engine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use slipway_core::Digest;
use slipway_engine::ContainerFacts;

use super::objects::WrittenObject;
use super::probe::Probes;

pub(crate) const PROJECT: &str = "dev.slipway.project";
pub(crate) const ENVIRONMENT: &str = "dev.slipway.environment";
pub(crate) const ROLE: &str = "dev.slipway.role";
pub(crate) const POD: &str = "dev.slipway.pod";
pub(crate) const RECORD: &str = "dev.slipway.record";
/// Values of [`ROLE`].
pub(crate) const ROLE_POD: &str = "pod";
pub(crate) const ROLE_RECORD: &str = "record";

/// What is served.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    /// Counts applied deployments up.
    pub(crate) generation: u64,
    pub(crate) workloads: BTreeMap<String, WorkloadRecord>,
    pub(crate) services: Vec<ServicePort>,
    /// As they were written; a record of an earlier version has none.
    #[serde(default)]
    pub(crate) objects: Vec<WrittenObject>,
}

/// A workload that is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkloadRecord {
    /// Hash of the pod template.
    pub(crate) hash: String,
    pub(crate) replicas: u32,
}

/// One port of a Service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServicePort {
    /// The Service, and `:` with the port's name if it has several.
    pub(crate) name: String,
    pub(crate) port: u16,
    pub(crate) node_port: Option<u16>,
    pub(crate) target: TargetPort,
    pub(crate) selector: BTreeMap<String, String>,
    /// The port of this machine that it is reached at; 0 until it was given one.
    pub(crate) listen: u16,
}

/// Where a Service's port leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TargetPort {
    Number(u16),
    Name(String),
}

impl Record {
    /// True if the same is served, whatever deployment it was.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        (&self.workloads, &self.services, &self.objects)
            == (&other.workloads, &other.services, &other.objects)
    }
}

impl ServicePort {
    /// True if it is a port of that Service.
    pub(crate) fn is_of(&self, service: &str) -> bool {
        self.name.split(':').next() == Some(service)
    }
}

/// A container that plays a pod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pod {
    pub(crate) name: String,
    pub(crate) workload: String,
    pub(crate) hash: String,
    pub(crate) generation: u64,
    /// The reference by digest that it was created with.
    pub(crate) image: String,
    pub(crate) digest: Digest,
    /// The template's labels, which Services select by.
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) named_ports: BTreeMap<String, u16>,
    pub(crate) probes: Probes,
    pub(crate) grace_seconds: u32,
    /// Given by the engine, so not in the label.
    #[serde(skip)]
    pub(crate) container_id: String,
}

impl Pod {
    /// Reads a pod back from its container; `None` if its label is not ours.
    pub(crate) fn of(container: &ContainerFacts) -> Option<Self> {
        let mut pod: Self = serde_json::from_str(container.labels.get(POD)?).ok()?;
        pod.container_id = container.id.clone();
        Some(pod)
    }

    /// The container port that a Service's target means for this pod.
    pub(crate) fn port_for(&self, target: &TargetPort) -> Option<u16> {
        match target {
            TargetPort::Number(port) => Some(*port),
            TargetPort::Name(name) => self.named_ports.get(name).copied(),
        }
    }

    /// True if a Service with this selector sends it traffic.
    pub(crate) fn is_selected_by(&self, selector: &BTreeMap<String, String>) -> bool {
        is_selected(&self.labels, selector)
    }

    /// True if the record says that it serves.
    pub(crate) fn is_in(&self, record: &Record) -> bool {
        self.generation <= record.generation
            && record.workloads.get(&self.workload).is_some_and(|w| w.hash == self.hash)
    }
}

/// True if the labels have all that the selector asks; an empty selector selects nothing.
pub(crate) fn is_selected(
    labels: &BTreeMap<String, String>,
    selector: &BTreeMap<String, String>,
) -> bool {
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// The newest record among containers. Falls back to the copies that pods carry, because
/// `docker container prune` removes a container that never starts.
pub(crate) fn newest_record(containers: &[ContainerFacts]) -> Result<Record, (String, String)> {
    let read = |container: &ContainerFacts| -> Result<Option<Record>, (String, String)> {
        let Some(text) = container.labels.get(RECORD) else { return Ok(None) };
        serde_json::from_str(text)
            .map(Some)
            .map_err(|error| (container.name.clone(), error.to_string()))
    };
    for role in [ROLE_RECORD, ROLE_POD] {
        let mut newest: Option<Record> = None;
        for container in containers.iter().filter(|c| c.labels.get(ROLE).is_some_and(|r| r == role))
        {
            if let Some(record) = read(container)?
                && newest.as_ref().is_none_or(|newest| newest.generation < record.generation)
            {
                newest = Some(record);
            }
        }
        if let Some(newest) = newest {
            return Ok(newest);
        }
    }
    Ok(Record::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_engine::ContainerState;

    fn container(role: &str, generation: u64) -> ContainerFacts {
        let record = Record { generation, ..Record::default() };
        ContainerFacts {
            id: "1".into(),
            name: format!("{role}-{generation}"),
            image_id: String::new(),
            image_reference: String::new(),
            labels: BTreeMap::from([
                (ROLE.to_owned(), role.to_owned()),
                (RECORD.to_owned(), serde_json::to_string(&record).unwrap()),
            ]),
            state: ContainerState::Created,
            exit_code: None,
            started_at: None,
            finished_at: None,
            restart_count: 0,
            ip: None,
            published: Vec::new(),
            oom_killed: false,
            error: String::new(),
            health: Default::default(),
            env: Vec::new(),
        }
    }

    #[test]
    fn the_record_decides_before_what_pods_carry() {
        let all = [container("record", 3), container("record", 4), container("pod", 5)];
        assert_eq!(newest_record(&all).unwrap().generation, 4, "pod 5 belongs to a broken rollout");
        assert_eq!(
            newest_record(&all[2..]).unwrap().generation,
            5,
            "without a record, a pod's copy"
        );
        assert_eq!(newest_record(&[]).unwrap(), Record::default(), "nothing was deployed");
    }

    #[test]
    fn a_selector_needs_all_and_something() {
        let labels = BTreeMap::from([("app".to_owned(), "web".to_owned())]);
        assert!(is_selected(&labels, &labels));
        assert!(!is_selected(&labels, &BTreeMap::new()), "no selector means no pods");
        let other = BTreeMap::from([("app".to_owned(), "api".to_owned())]);
        assert!(!is_selected(&labels, &other));
    }
}
