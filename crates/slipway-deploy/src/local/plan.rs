//! From typed objects to what a local environment has to run.
//!
//! Pure: [`plan`] is called before the engine is touched, so a manifest that cannot run here changes
//! nothing. Deliberately not here: pod names, ports of this machine, anything that needs the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec};
use k8s_openapi::api::core::v1::{self as api, Container, PodSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use slipway_core::Digest;

use super::env::{EnvEntry, PodFields, SourceFault, Sources, plan_env};
use super::files::{PodFile, plan_files};
use super::notes::{container_notes, deployment_notes};
use super::probe::{Probe, Probes};
use super::record::{ServicePort, is_selected};
use super::services::plan_services;
use crate::manifest::LocalObjects;
use crate::pin::ImageName;
use crate::plan::canonical;
use crate::{DeployError, Place, quantity};

/// What to run and to serve.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) workloads: Vec<WorkloadPlan>,
    pub(crate) services: Vec<ServicePort>,
    pub(crate) notes: Vec<String>,
}

/// A Deployment, ready to run.
#[derive(Debug)]
pub(crate) struct WorkloadPlan {
    pub(crate) name: String,
    pub(crate) replicas: u32,
    pub(crate) hash: String,
    pub(crate) deadline: Duration,
    pub(crate) image: String,
    pub(crate) digest: Digest,
    /// Everything of a pod but its name and uid.
    pub(crate) fields: PodFields,
    pub(crate) command: Option<Vec<String>>,
    pub(crate) args: Option<Vec<String>>,
    pub(crate) env: Vec<EnvEntry>,
    pub(crate) working_dir: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) files: Vec<PodFile>,
    pub(crate) memory_bytes: Option<i64>,
    pub(crate) nano_cpus: Option<i64>,
    pub(crate) ports: BTreeSet<u16>,
    pub(crate) named_ports: BTreeMap<String, u16>,
    pub(crate) probes: Probes,
    pub(crate) grace_seconds: u32,
    pub(crate) host_aliases: Vec<String>,
}

/// Plans all objects.
pub(crate) fn plan(
    objects: &LocalObjects,
    environment: &str,
    injected: &[(String, String)],
) -> Result<Plan, DeployError> {
    let mut notes = objects.notes.clone();
    let services = plan_services(&objects.services, &mut notes)?;
    let sources = Sources { config_maps: &objects.config_maps, secrets: &objects.secrets };
    let mut workloads = Vec::new();
    for (place, deployment) in &objects.deployments {
        let planner = Planner { place, environment, injected, sources, services: &services };
        workloads.push(planner.workload(deployment, &mut notes)?);
    }
    for service in &services {
        if !workloads.iter().any(|w| is_selected(&w.fields.labels, &service.selector)) {
            notes.push(format!(
                "Service '{}' selects no pod of these manifests; it answers once one has its labels.",
                service.name
            ));
        }
    }
    Ok(Plan { workloads, services, notes })
}

struct Planner<'a> {
    place: &'a Place,
    environment: &'a str,
    injected: &'a [(String, String)],
    sources: Sources<'a>,
    services: &'a [ServicePort],
}

impl Planner<'_> {
    fn workload(
        &self,
        deployment: &Deployment,
        notes: &mut Vec<String>,
    ) -> Result<WorkloadPlan, DeployError> {
        let missing = || self.field("spec", "is missing.");
        let spec = deployment.spec.as_ref().ok_or_else(missing)?;
        let pod_spec = spec
            .template
            .spec
            .as_ref()
            .ok_or_else(|| self.field("spec.template.spec", "is missing."))?;
        let container = self.only_container(pod_spec)?;
        let image = container.image.clone().unwrap_or_default();
        let digest = ImageName::split(&image)
            .digest
            .ok_or_else(|| self.field("image", "is not by digest; nothing is deployed by tag."))?;
        let fields = self.fields(deployment, spec)?;
        deployment_notes(&self.place.name, spec, pod_spec, notes);
        container_notes(&self.place.name, container, notes);

        let named_ports = named_ports(container);
        let probes = self.probes(container, &named_ports)?;
        let env = plan_env(container, self.sources, self.injected)
            .map_err(|(field, fault)| self.fault(&field, fault))?;
        let files = plan_files(pod_spec, container, self.sources)
            .map_err(|(field, fault)| self.fault(&field, fault))?;
        let ports = self.ports(container, &probes, &fields.labels);
        let limits = container.resources.as_ref().and_then(|r| r.limits.as_ref());
        let limit = |name: &str| limits.and_then(|limits| limits.get(name)).map(|q| q.0.as_str());
        let replicas = u32::try_from(spec.replicas.unwrap_or(1)).unwrap_or(0);
        let deadline = spec.progress_deadline_seconds.unwrap_or(600);
        let grace = pod_spec.termination_grace_period_seconds.unwrap_or(30);
        Ok(WorkloadPlan {
            name: self.place.name.clone(),
            replicas,
            hash: self.hash(spec, &ports),
            deadline: Duration::from_secs(u64::try_from(deadline).unwrap_or(600)),
            image,
            digest,
            fields,
            command: container.command.clone().filter(|words| !words.is_empty()),
            args: container.args.clone().filter(|words| !words.is_empty()),
            env,
            working_dir: container.working_dir.clone(),
            user: user_of(pod_spec, container),
            files,
            memory_bytes: self.quantity("memory", limit("memory"), quantity::units)?,
            nano_cpus: self.quantity("cpu", limit("cpu"), |text| {
                quantity::nanos(text).and_then(|nanos| i64::try_from(nanos).ok())
            })?,
            ports,
            named_ports,
            probes,
            grace_seconds: u32::try_from(grace).unwrap_or(30),
            host_aliases: host_aliases(pod_spec),
        })
    }

    fn only_container<'a>(&self, spec: &'a PodSpec) -> Result<&'a Container, DeployError> {
        let refuse = |field: &str, reason: &str| {
            Err(self.unsupported(&format!("spec.template.spec.{field}"), reason.to_owned()))
        };
        if spec.init_containers.iter().flatten().next().is_some() {
            return refuse(
                "initContainers",
                "a local pod is one container. Do that work when the container starts, or deploy \
                 this workload to a Kubernetes context.",
            );
        }
        if spec.host_network == Some(true) {
            return refuse("hostNetwork", "pods get ports of their own. Remove it here.");
        }
        match spec.containers.as_slice() {
            [container] => Ok(container),
            [] => Err(self.field("spec.template.spec.containers", "is empty; a pod needs one.")),
            [_, others @ ..] => {
                let names: Vec<_> = others.iter().map(|c| c.name.as_str()).collect();
                let reason = format!(
                    "a local pod is one container. Give {} a Deployment of its own, or deploy this \
                     workload to a Kubernetes context.",
                    names.join(" and ")
                );
                Err(self.unsupported("spec.template.spec.containers", reason))
            }
        }
    }

    fn fields(
        &self,
        deployment: &Deployment,
        spec: &DeploymentSpec,
    ) -> Result<PodFields, DeployError> {
        let metadata = spec.template.metadata.clone().unwrap_or_default();
        let labels = metadata.labels.unwrap_or_default();
        let selector = spec.selector.match_labels.clone().unwrap_or_default();
        let has_expressions = spec.selector.match_expressions.iter().flatten().next().is_some();
        if !has_expressions && !is_selected(&labels, &selector) {
            return Err(self.field(
                "spec.selector.matchLabels",
                "must name at least one label, and all of them must be in spec.template.metadata.labels.",
            ));
        }
        Ok(PodFields {
            name: String::new(),
            namespace: deployment
                .metadata
                .namespace
                .clone()
                .unwrap_or_else(|| self.environment.to_owned()),
            uid: String::new(),
            labels,
            annotations: metadata.annotations.unwrap_or_default(),
        })
    }

    fn probes(
        &self,
        container: &Container,
        named: &BTreeMap<String, u16>,
    ) -> Result<Probes, DeployError> {
        let port_of = |port: &IntOrString| match port {
            IntOrString::Int(port) => u16::try_from(*port).ok().filter(|port| *port > 0),
            IntOrString::String(name) => {
                named.get(name).copied().or_else(|| name.parse().ok().filter(|port| *port > 0))
            }
        };
        let read = |field: &str, probe: &Option<api::Probe>| {
            probe
                .as_ref()
                .map(|probe| Probe::read(probe, port_of))
                .transpose()
                .map_err(|reason| self.unsupported(field, reason))
        };
        Ok(Probes {
            startup: read("startupProbe", &container.startup_probe)?,
            readiness: read("readinessProbe", &container.readiness_probe)?,
            liveness: read("livenessProbe", &container.liveness_probe)?,
        })
    }

    /// All that must be reachable from this machine: declared, probed, or a Service's target.
    fn ports(
        &self,
        container: &Container,
        probes: &Probes,
        labels: &BTreeMap<String, String>,
    ) -> BTreeSet<u16> {
        let declared = container
            .ports
            .iter()
            .flatten()
            .filter(|port| port.protocol.as_deref().is_none_or(|protocol| protocol == "TCP"))
            .filter_map(|port| u16::try_from(port.container_port).ok());
        let named = named_ports(container);
        let targeted = self
            .services
            .iter()
            .filter(|service| is_selected(labels, &service.selector))
            .filter_map(|service| match &service.target {
                super::record::TargetPort::Number(port) => Some(*port),
                super::record::TargetPort::Name(name) => named.get(name).copied(),
            });
        declared.chain(probes.ports()).chain(targeted).filter(|port| *port > 0).collect()
    }

    /// Changes exactly when a new pod would differ: template, injected variables, published ports.
    fn hash(&self, spec: &DeploymentSpec, ports: &BTreeSet<u16>) -> String {
        let template = serde_json::to_value(&spec.template).unwrap_or(Value::Null);
        let text = canonical(&json!([template, self.injected, ports]));
        let digest = Sha256::digest(text.as_bytes());
        // The letters that Kubernetes uses: no vowels, so no words.
        const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
        let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
        digest.iter().take(10).map(letter).collect()
    }

    fn quantity(
        &self,
        name: &str,
        text: Option<&str>,
        read: impl Fn(&str) -> Option<i64>,
    ) -> Result<Option<i64>, DeployError> {
        let Some(text) = text else { return Ok(None) };
        match read(text).filter(|value| *value > 0) {
            Some(value) => Ok(Some(value)),
            None => Err(self.field(
                &format!("resources.limits.{name}"),
                &format!("'{text}' is not a quantity such as 250m or 64Mi."),
            )),
        }
    }

    fn fault(&self, field: &str, fault: SourceFault) -> DeployError {
        match fault {
            SourceFault::Missing(missing) => DeployError::ReferenceMissing {
                place: Box::new(self.place.clone()),
                field: field.to_owned(),
                missing,
            },
            SourceFault::Unsupported(reason) => self.unsupported(field, reason),
        }
    }

    fn field(&self, field: &str, reason: &str) -> DeployError {
        DeployError::ManifestField {
            place: Box::new(self.place.clone()),
            field: field.to_owned(),
            reason: reason.to_owned(),
        }
    }

    fn unsupported(&self, field: &str, reason: String) -> DeployError {
        DeployError::FieldUnsupported {
            place: Box::new(self.place.clone()),
            field: field.to_owned(),
            reason,
        }
    }
}

fn named_ports(container: &Container) -> BTreeMap<String, u16> {
    let ports = container.ports.iter().flatten();
    ports
        .filter_map(|port| Some((port.name.clone()?, u16::try_from(port.container_port).ok()?)))
        .collect()
}

fn user_of(spec: &PodSpec, container: &Container) -> Option<String> {
    let own = container.security_context.as_ref();
    let pod = spec.security_context.as_ref();
    let user = own.and_then(|c| c.run_as_user).or_else(|| pod.and_then(|p| p.run_as_user))?;
    let group = own.and_then(|c| c.run_as_group).or_else(|| pod.and_then(|p| p.run_as_group));
    Some(group.map_or_else(|| user.to_string(), |group| format!("{user}:{group}")))
}

fn host_aliases(spec: &PodSpec) -> Vec<String> {
    let aliases = spec.host_aliases.iter().flatten();
    aliases
        .flat_map(|alias| {
            let names = alias.hostnames.iter().flatten();
            names.map(|name| format!("{name}:{}", alias.ip))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{read_manifest, sort_local};

    const IMAGE: &str =
        "r/web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    fn web(container: &str, pod: &str) -> String {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: \
             {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    \
             spec:\n      {pod}\n      containers:\n        - name: web\n          image: \
             {IMAGE}\n          {container}\n"
        )
    }

    fn planned(text: &str, injected: &[(String, String)]) -> Result<Plan, DeployError> {
        plan(&sort_local(&read_manifest("w.yaml", text)?)?, "dev", injected)
    }

    #[test]
    fn a_full_container_is_planned() {
        let text = web(
            "command: [/bin/web]\n          args: ['--port=$(PORT)']\n          workingDir: \
             /srv\n          env: [{name: PORT, value: '80'}]\n          ports: [{name: http, \
             containerPort: 80}]\n          resources: {limits: {cpu: 250m, memory: \
             64Mi}}\n          readinessProbe: {httpGet: {path: /ready, port: http}}\n          \
             livenessProbe: {tcpSocket: {port: 81}}\n          securityContext: {runAsUser: 7}",
            "terminationGracePeriodSeconds: 3",
        );
        let plan = planned(&text, &[]).unwrap();
        let web = &plan.workloads[0];
        assert_eq!((web.replicas, web.grace_seconds), (1, 3));
        assert_eq!((web.nano_cpus, web.memory_bytes), (Some(250_000_000), Some(67_108_864)));
        assert_eq!(web.ports, BTreeSet::from([80, 81]), "declared and probed ports are published");
        assert_eq!(web.user.as_deref(), Some("7"));
        assert_eq!(web.probes.readiness.as_ref().unwrap().port(), Some(80), "by name");
    }

    #[test]
    fn the_hash_follows_the_template_only() {
        let hash = |text: &str, injected: &[(String, String)]| {
            planned(text, injected).unwrap().workloads.remove(0).hash
        };
        let plain = web("args: [a]", "");
        let first = hash(&plain, &[]);
        assert_eq!(first.len(), 10, "as long as Kubernetes' own");
        assert_eq!(
            first,
            hash(&plain.replace("spec:\n  selector", "spec:\n  replicas: 3\n  selector"), &[])
        );
        assert_ne!(first, hash(&web("args: [b]", ""), &[]), "other arguments are another template");
        assert_ne!(first, hash(&plain, &[("K".into(), "v".into())]), "so are injected variables");
        let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: \
                       {app: web}, ports: [{port: 80, targetPort: 9000}]}\n";
        assert_ne!(
            first,
            hash(&format!("{plain}{service}"), &[]),
            "a new target must be published"
        );
    }

    #[test]
    fn what_cannot_run_here_is_refused_with_a_way_out() {
        let cases = [
            (web("", "initContainers: [{name: i, image: x}]"), "initContainers"),
            (web("", "hostNetwork: true"), "hostNetwork"),
            (
                web("", "").replace(
                    "        - name: web",
                    "        - {name: side, image: x}\n        - name: web",
                ),
                "one container. Give web",
            ),
            (web("readinessProbe: {grpc: {port: 1}}", ""), "grpc"),
            (web("readinessProbe: {httpGet: {port: http}}", ""), "names no port"),
            (web("resources: {limits: {memory: lots}}", ""), "'lots' is not a quantity"),
            (web("envFrom: [{configMapRef: {name: m}}]", ""), "the ConfigMap 'm'"),
            (
                web("", "volumes: [{name: v, hostPath: {path: /}}]").replace(
                    "image: r",
                    "volumeMounts: [{name: v, mountPath: /v}]\n          image: r",
                ),
                "only configMap, secret and emptyDir",
            ),
            (
                web("", "").replace("labels: {app: web}", "labels: {app: api}"),
                "spec.selector.matchLabels",
            ),
        ];
        for (text, expected) in cases {
            let error = planned(&text, &[]).unwrap_err().to_string();
            assert!(error.contains(expected), "expected '{expected}' in: {error}");
            assert!(error.contains("w.yaml:"), "it names the file: {error}");
        }
    }

    #[test]
    fn what_is_left_out_is_said() {
        let text = web(
            "lifecycle: {preStop: {exec: {command: [x]}}}",
            "serviceAccountName: robot\n      nodeSelector: {disk: ssd}",
        )
        .replace(
            "  selector: {matchLabels",
            "  minReadySeconds: 5\n  strategy: {type: Recreate}\n  selector: {matchLabels",
        );
        let notes = planned(&text, &[]).unwrap().notes.join("\n");
        for word in
            ["minReadySeconds", "Recreate", "serviceAccountName", "nodeSelector", "lifecycle"]
        {
            assert!(notes.contains(word), "a note tells of {word}: {notes}");
        }
    }
}
