//! One deployment to a local environment, from the request to the switched services.
//!
//! Nothing that serves is touched before every new pod is ready. The order of the last steps matters:
//! record, switch, drain, stop. Deliberately not here: what the manifests mean (`plan.rs`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use slipway_core::{IdGen, LogStream, UuidIds};
use slipway_engine::{ContainerSpec, EngineError, RestartPolicy};
use tokio_util::sync::CancellationToken;

use super::env::{expand, resolve_env};
use super::files::pack;
use super::objects::{key_of, unwanted};
use super::plan::{Plan, WorkloadPlan, plan};
use super::proxy::ServiceProxy;
use super::record::{
    POD, Pod, RECORD, ROLE, ROLE_POD, ROLE_RECORD, Record, ServicePort, WorkloadRecord, is_selected,
};
use super::state::{Inner, service_status};
use super::sync::{remove, sync};
use super::wait::wait_ready;
use crate::manifest::sort_local;
use crate::{
    AppliedDeployment, AppliedWorkload, ApplyRequest, DeployError, ObjectKey, PinnedImage,
    Progress, pin_images,
};

/// The longest that old connections may keep an old pod alive.
const DRAIN_LIMIT: Duration = Duration::from_secs(10);

/// What all steps of a rollout share.
pub(crate) struct Rollout<'a> {
    pub(crate) inner: &'a Arc<Inner>,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) cancel: &'a CancellationToken,
    request: &'a ApplyRequest,
}

/// The pods of one workload around a rollout, by name.
pub(crate) struct Change {
    pub(crate) workload: String,
    pub(crate) deadline: Duration,
    pub(crate) kept: Vec<String>,
    pub(crate) new: Vec<String>,
    old: Vec<String>,
    hash: String,
}

/// Deploys; the caller holds the lock.
pub(crate) async fn apply(
    inner: &Arc<Inner>,
    mut request: ApplyRequest,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<AppliedDeployment, DeployError> {
    let pinned = pin_images(&mut request.objects, &request.images)?;
    let objects = &request.objects;
    let plan = plan(&sort_local(objects)?, &inner.environment, &request.env_injected)?;
    if plan.workloads.is_empty() && plan.services.is_empty() {
        return Err(DeployError::NothingToDeploy);
    }
    let rollout = Rollout { inner, progress, cancel, request: &request };
    for note in &plan.notes {
        rollout.say(note.clone());
    }
    rollout.announce(&pinned);
    sync(inner).await?;
    rollout.fetch_images(&plan).await?;
    inner.ensure_network().await?;
    rollout.run(plan, pinned).await
}

/// Removes what of these objects is served; the caller holds the lock.
pub(crate) async fn remove_objects(
    inner: &Arc<Inner>,
    keys: Vec<ObjectKey>,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<Vec<ObjectKey>, DeployError> {
    sync(inner).await?;
    let request = ApplyRequest { prune: keys, ..ApplyRequest::default() };
    let rollout = Rollout { inner, progress, cancel, request: &request };
    let nothing = Plan { workloads: Vec::new(), services: Vec::new(), notes: Vec::new() };
    Ok(rollout.run(nothing, Vec::new()).await?.pruned)
}

impl Rollout<'_> {
    pub(crate) fn say(&self, text: String) {
        self.progress.line(LogStream::System, text);
    }

    fn announce(&self, pinned: &[PinnedImage]) {
        for image in pinned {
            let PinnedImage { workload, container, written, reference, .. } = image;
            self.say(format!(
                "{workload}, container {container}: {written} is deployed as {reference}"
            ));
        }
    }

    pub(crate) fn check_cancel(&self, doing: &str) -> Result<(), DeployError> {
        if self.cancel.is_cancelled() {
            return Err(DeployError::Cancelled { doing: doing.to_owned() });
        }
        Ok(())
    }

    async fn fetch_images(&self, plan: &Plan) -> Result<(), DeployError> {
        for workload in &plan.workloads {
            let reference = &workload.image;
            let doing = format!("fetching the image {reference}");
            if self.request.registry_pull {
                self.say(format!("Pulling {reference}"));
                let (lines, _) = tokio::sync::mpsc::unbounded_channel();
                tokio::select! {
                    pulled = self.inner.engine().pull(reference, lines) => {
                        pulled.map_err(|source| DeployError::engine(&doing, source))?;
                    }
                    () = self.cancel.cancelled() => return Err(DeployError::Cancelled { doing }),
                }
            }
            let found = self.inner.engine().image(reference).await;
            if found.map_err(|source| DeployError::engine(&doing, source))?.is_none() {
                return Err(DeployError::ImageMissing { reference: reference.clone() });
            }
        }
        Ok(())
    }

    async fn run(
        &self,
        plan: Plan,
        pinned: Vec<PinnedImage>,
    ) -> Result<AppliedDeployment, DeployError> {
        let before = self.inner.state().record.clone();
        let pruned: Vec<_> = unwanted(&self.request.prune, &self.request.objects)
            .filter(|key| before.has(key))
            .cloned()
            .collect();
        let opened = self.open_services(&plan.services).await?;
        let record = self.next_record(&before, &plan, &opened, &pruned);
        let mut changes: Vec<Change> =
            plan.workloads.iter().map(|workload| self.change(workload)).collect();
        changes.extend(pruned.iter().filter_map(|key| self.end_of(key)));
        if let Err(error) = self.bring_up(&plan, &record, &mut changes).await {
            // What is new goes; `opened` closes when it is dropped.
            let new = changes.iter().flat_map(|change| change.new.clone()).collect();
            self.discard(new).await;
            return Err(error);
        }
        let is_changed =
            changes.iter().any(|change| !change.new.is_empty() || !change.old.is_empty());
        if is_changed || !record.is_alike(&before) {
            let old_records = match self.commit(&plan, record, opened, &changes).await {
                Ok(old_records) => old_records,
                Err(error) => {
                    let new = changes.iter().flat_map(|change| change.new.clone()).collect();
                    self.discard(new).await;
                    return Err(error);
                }
            };
            self.retire(&changes, old_records).await;
        }
        for key in &pruned {
            self.say(format!("{key} is removed: it is no longer wanted."));
        }
        Ok(self.answer(plan, pinned, changes, pruned))
    }

    /// What will be served once this deployment is done.
    fn next_record(
        &self,
        before: &Record,
        plan: &Plan,
        opened: &BTreeMap<String, ServiceProxy>,
        pruned: &[ObjectKey],
    ) -> Record {
        let mut record = before.clone();
        record.generation += 1;
        record.write_down(&self.request.objects, pruned);
        for key in pruned {
            match key.kind.as_str() {
                "Deployment" => {
                    record.workloads.remove(&key.name);
                }
                "Service" => record.services.retain(|port| !port.is_of(&key.name)),
                _ => {}
            }
        }
        for workload in &plan.workloads {
            let entry = WorkloadRecord { hash: workload.hash.clone(), replicas: workload.replicas };
            record.workloads.insert(workload.name.clone(), entry);
        }
        let state = self.inner.state();
        for service in &plan.services {
            let proxy = opened.get(&service.name).or_else(|| state.services.get(&service.name));
            let listen = proxy.map_or(0, |proxy| proxy.spec.listen);
            let spec = ServicePort { listen, ..service.clone() };
            match record.services.iter_mut().find(|known| known.name == service.name) {
                Some(known) => *known = spec,
                None => record.services.push(spec),
            }
        }
        record
    }

    /// What must start and what must go for a workload.
    fn change(&self, workload: &WorkloadPlan) -> Change {
        let state = self.inner.state();
        let mut current: Vec<_> =
            state.pods.values().filter(|entry| entry.pod.workload == workload.name).collect();
        // When scaling down, ready pods stay.
        current.sort_by_key(|entry| !entry.health.is_ready);
        let (mut kept, mut old) = (Vec::new(), Vec::new());
        for entry in current {
            let fits = entry.pod.hash == workload.hash && !entry.health.is_gone;
            let has_room = kept.len() < usize::try_from(workload.replicas).unwrap_or(usize::MAX);
            let list = if fits && has_room { &mut kept } else { &mut old };
            list.push(entry.pod.name.clone());
        }
        Change {
            workload: workload.name.clone(),
            deadline: workload.deadline.min(self.request.rollout_timeout),
            kept,
            new: Vec::new(),
            old,
            hash: workload.hash.clone(),
        }
    }

    /// The end of a workload that is no longer wanted.
    fn end_of(&self, key: &ObjectKey) -> Option<Change> {
        let state = self.inner.state();
        let own = state.pods.values().filter(|entry| entry.pod.workload == key.name);
        (key.kind == "Deployment").then(|| Change {
            workload: key.name.clone(),
            deadline: Duration::ZERO,
            kept: Vec::new(),
            new: Vec::new(),
            old: own.map(|entry| entry.pod.name.clone()).collect(),
            hash: String::new(),
        })
    }

    /// Opens ports of services that are new or want another `nodePort`.
    async fn open_services(
        &self,
        services: &[ServicePort],
    ) -> Result<BTreeMap<String, ServiceProxy>, DeployError> {
        let mut opened = BTreeMap::new();
        for service in services {
            let (is_open, remembered) = {
                let state = self.inner.state();
                let known = state.services.get(&service.name);
                let fits = known.is_some_and(|known| {
                    service.node_port.is_none_or(|port| port == known.spec.listen)
                });
                (fits, known.map_or(0, |known| known.spec.listen))
            };
            if is_open {
                continue;
            }
            let spec = ServicePort { listen: remembered, ..service.clone() };
            let proxy = ServiceProxy::open(spec).await.map_err(|(port, error)| {
                DeployError::PortUnavailable {
                    service: service.name.clone(),
                    port,
                    reason: error.to_string(),
                }
            })?;
            opened.insert(service.name.clone(), proxy);
        }
        Ok(opened)
    }

    async fn bring_up(
        &self,
        plan: &Plan,
        record: &Record,
        changes: &mut [Change],
    ) -> Result<(), DeployError> {
        for (workload, change) in plan.workloads.iter().zip(changes.iter_mut()) {
            let kept = u32::try_from(change.kept.len()).unwrap_or(u32::MAX);
            let missing = workload.replicas.saturating_sub(kept);
            if missing == 0 && change.old.is_empty() {
                self.say(format!(
                    "Deployment '{}' is unchanged: template {} runs already.",
                    workload.name, workload.hash
                ));
            } else {
                self.say(format!(
                    "Deployment '{}': template {}, {missing} to start, {kept} to keep, {} to stop.",
                    workload.name,
                    workload.hash,
                    change.old.len()
                ));
            }
            for _ in 0..missing {
                self.check_cancel("starting pods")?;
                let pod = self.start_pod(workload, plan, record).await?;
                change.new.push(pod);
            }
        }
        wait_ready(self, changes).await
    }

    /// Creates, fills and starts a container, and watches it. Its name is the answer.
    async fn start_pod(
        &self,
        workload: &WorkloadPlan,
        plan: &Plan,
        record: &Record,
    ) -> Result<String, DeployError> {
        let suffix: String = {
            // The last digits of an id are the random ones.
            let id = UuidIds.next_id();
            id[id.len() - 5..].to_owned()
        };
        let mut pod = Pod {
            name: format!("{}-{}-{suffix}", workload.name, workload.hash),
            workload: workload.name.clone(),
            hash: workload.hash.clone(),
            generation: record.generation,
            image: workload.image.clone(),
            digest: workload.digest.clone(),
            labels: workload.fields.labels.clone(),
            named_ports: workload.named_ports.clone(),
            probes: workload.probes.clone(),
            grace_seconds: workload.grace_seconds,
            container_id: String::new(),
        };
        let engine = self.inner.engine();
        let fail = |source| self.start_failure(&pod.name, workload, source);
        let spec = self.container_spec(&pod, workload, &plan.services, record);
        let id = engine.create(&spec).await.map_err(fail)?;
        let started = async {
            if !workload.files.is_empty() {
                let archive = pack(&workload.files).map_err(|error| EngineError::Refused {
                    doing: "packing the pod's files".to_owned(),
                    status: 0,
                    message: error.to_string(),
                })?;
                engine.copy_in(&id, "/", archive).await?;
            }
            engine.start(&id).await
        };
        if let Err(source) = started.await {
            let error = fail(source);
            remove(self.inner, vec![id]).await?;
            return Err(error);
        }
        pod.container_id = id;
        let name = pod.name.clone();
        self.say(format!("Pod {name} is started."));
        self.inner.watch(pod, false, false);
        Ok(name)
    }

    /// A container that cannot start is the workload's fault, not the engine's.
    fn start_failure(
        &self,
        pod: &str,
        workload: &WorkloadPlan,
        source: EngineError,
    ) -> DeployError {
        match source {
            EngineError::StartFailed { message, .. } => DeployError::NotReady {
                workload: format!("Deployment '{}'", workload.name),
                pod: pod.to_owned(),
                reason: format!("its container could not start: {message}"),
                last_lines: Vec::new(),
            },
            EngineError::ImageMissing { reference } => DeployError::ImageMissing { reference },
            source => DeployError::engine(format!("starting the pod {pod}"), source),
        }
    }

    fn container_spec(
        &self,
        pod: &Pod,
        workload: &WorkloadPlan,
        services: &[ServicePort],
        record: &Record,
    ) -> ContainerSpec {
        let mut fields = workload.fields.clone();
        fields.name.clone_from(&pod.name);
        fields.uid.clone_from(&pod.name);
        let env = resolve_env(&workload.env, &fields);
        let words = |words: &Option<Vec<String>>| {
            words.as_ref().map(|words| words.iter().map(|word| expand(word, &env)).collect())
        };
        let mut aliases = vec![pod.name.clone()];
        for service in services.iter().filter(|s| is_selected(&pod.labels, &s.selector)) {
            let name = service.name.split(':').next().unwrap_or(&service.name).to_owned();
            if !aliases.contains(&name) {
                aliases.push(name);
            }
        }
        let mut labels = self.inner.labels();
        labels.extend([
            (ROLE.to_owned(), ROLE_POD.to_owned()),
            (POD.to_owned(), json(pod)),
            (RECORD.to_owned(), json(record)),
            ("dev.slipway.workload".to_owned(), pod.workload.clone()),
            ("dev.slipway.template-hash".to_owned(), pod.hash.clone()),
            ("dev.slipway.digest".to_owned(), pod.digest.to_string()),
        ]);
        labels.extend(self.request.labels.iter().cloned());
        let mut extra_hosts = vec!["host.docker.internal:host-gateway".to_owned()];
        extra_hosts.extend(workload.host_aliases.iter().cloned());
        ContainerSpec {
            name: format!("{}_{}", self.inner.prefix(), pod.name),
            image: workload.image.clone(),
            command: words(&workload.command),
            args: words(&workload.args),
            env,
            labels,
            network: Some(self.inner.prefix()),
            aliases,
            published: workload.ports.iter().copied().collect(),
            memory_bytes: workload.memory_bytes,
            nano_cpus: workload.nano_cpus,
            working_dir: workload.working_dir.clone(),
            user: workload.user.clone(),
            restart: RestartPolicy::Always,
            extra_hosts,
            ..ContainerSpec::default()
        }
    }

    /// The moment from which the new pods are the environment. The answer is the ids of older records.
    async fn commit(
        &self,
        plan: &Plan,
        record: Record,
        opened: BTreeMap<String, ServiceProxy>,
        changes: &[Change],
    ) -> Result<Vec<String>, DeployError> {
        self.check_cancel("waiting for readiness")?;
        let old_records = self.write_record(plan, &record).await?;
        {
            let mut state = self.inner.state();
            for (name, proxy) in opened {
                state.services.insert(name, proxy);
            }
            state.services.retain(|name, _| record.services.iter().any(|s| s.name == *name));
            for spec in &record.services {
                if let Some(proxy) = state.services.get_mut(&spec.name) {
                    proxy.spec = spec.clone();
                }
            }
            for change in changes {
                for (names, is_serving) in [(&change.new, true), (&change.old, false)] {
                    for name in names {
                        if let Some(entry) = state.pods.get_mut(name) {
                            entry.is_serving = is_serving;
                        }
                    }
                }
            }
            state.record = record;
            state.refresh_endpoints();
        }
        Ok(old_records)
    }

    /// Creates the record's container, which never starts; the answer is the ids of older ones.
    async fn write_record(&self, plan: &Plan, record: &Record) -> Result<Vec<String>, DeployError> {
        let image = plan.workloads.first().map(|workload| workload.image.clone()).or_else(|| {
            self.inner.state().pods.values().next().map(|entry| entry.pod.image.clone())
        });
        // Services without any pod: nothing would be restored.
        let Some(image) = image else { return Ok(Vec::new()) };
        let doing = "writing the environment's record";
        let fail = |source| DeployError::engine(doing, source);
        let mut labels = self.inner.labels();
        labels.push((ROLE.to_owned(), ROLE_RECORD.to_owned()));
        let old = self.inner.engine().list(&labels).await.map_err(fail)?;
        labels.push((RECORD.to_owned(), json(record)));
        let spec = ContainerSpec {
            name: format!("{}_record-{}", self.inner.prefix(), record.generation),
            image,
            // Some images have no command at all; the engine wants one though it never runs.
            command: Some(vec!["/slipway-record".to_owned()]),
            labels,
            ..ContainerSpec::default()
        };
        self.inner.engine().create(&spec).await.map_err(fail)?;
        Ok(old.into_iter().map(|container| container.id).collect())
    }

    /// Stops what no longer serves. It is done even if the user cancels now; failures are only noted,
    /// for the deployment itself has succeeded.
    async fn retire(&self, changes: &[Change], old_records: Vec<String>) {
        if let Err(error) = remove(self.inner, old_records).await {
            tracing::warn!(%error, "an older record stays; the newest counts");
        }
        let old = changes.iter().flat_map(|change| &change.old).filter_map(|name| {
            let state = self.inner.state();
            let entry = state.pods.get(name)?;
            Some((Arc::clone(&entry.pod), Arc::clone(&entry.traffic)))
        });
        let old: Vec<_> = old.collect();
        let stops = old.iter().map(|(pod, traffic)| async move {
            let grace = Duration::from_secs(pod.grace_seconds.into());
            traffic.drain(DRAIN_LIMIT.min(grace)).await;
            // The watch must not start it again.
            self.inner.state().pods.remove(&pod.name);
            let stopped = self.inner.engine().stop(&pod.container_id, pod.grace_seconds).await;
            let removed = self.inner.engine().remove(&pod.container_id, true).await;
            match stopped.and(removed) {
                Ok(()) => self.say(format!("Pod {} is stopped.", pod.name)),
                Err(error) => self.say(format!("Pod {} could not be stopped: {error}", pod.name)),
            }
        });
        join_all(stops).await;
    }

    /// Removes the pods of a failed rollout.
    async fn discard(&self, names: Vec<String>) {
        let ids: Vec<String> = {
            let mut state = self.inner.state();
            let removed = names.iter().filter_map(|name| state.pods.remove(name));
            removed.map(|entry| entry.pod.container_id.clone()).collect()
        };
        let count = ids.len();
        match remove(self.inner, ids).await {
            Ok(()) if count > 0 => {
                self.say(format!(
                    "The new pods ({count}) are removed; what was ready before keeps serving."
                ));
            }
            Ok(()) => {}
            Err(error) => self.say(format!("New pods could not be removed: {error}")),
        }
    }

    fn answer(
        &self,
        plan: Plan,
        pinned: Vec<PinnedImage>,
        changes: Vec<Change>,
        pruned: Vec<ObjectKey>,
    ) -> AppliedDeployment {
        let state = self.inner.state();
        let mut services: Vec<_> = plan
            .services
            .iter()
            .filter_map(|service| state.services.get(&service.name).map(service_status))
            .collect();
        services.sort_by(|a, b| a.name.cmp(&b.name));
        for service in &services {
            if let Some(url) = &service.url {
                self.say(format!("Service '{}' answers at {url}", service.name));
            }
        }
        let wanted = changes.into_iter().take(plan.workloads.len());
        let workloads = wanted.map(|change| AppliedWorkload {
            name: change.workload,
            revision: change.hash,
            is_unchanged: change.new.is_empty() && change.old.is_empty(),
            pods: change.kept.into_iter().chain(change.new).collect(),
        });
        AppliedDeployment {
            workloads: workloads.collect(),
            pinned,
            services,
            notes: plan.notes,
            applied: self.request.objects.iter().map(key_of).collect(),
            pruned,
        }
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("BUG: a record is plain data with text keys")
}
