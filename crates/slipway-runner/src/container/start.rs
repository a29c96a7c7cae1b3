//! Starts the containers of a job before its steps, and removes them after the last.
//!
//! Called by `job`. The containers share a network of the job's own, on which each is known by its alias;
//! services are healthy before the first step starts. Deliberately not here: what a container is made with
//! (`spec`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indexmap::IndexMap;
use slipway_core::Explain as _;
use slipway_engine::{ContainerSpec, Engine, EngineError, ExecSpec};
use slipway_pipeline::macros::expand;
use slipway_pipeline::plan::{PlanContainer, PlanTarget, is_late};
use tokio::sync::Mutex;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinSet;

use super::Container;
use super::brought::Brought;
use super::health::{engine_failed, wait_healthy};
use super::lane::{Lane, LaneOrder};
use super::leftover::{JOB, remove_labelled};
use super::spec::{Common, Role, fit};
use crate::error::RunnerError;
use crate::log::LogWriter;
use crate::scope::{JobScope, lock};
use crate::variables::Variable;

/// Waits at its input for as long as the job goes on.
const KEEP_ALIVE: &str = "while read -r line || exit 0; do :; done";
/// Where shells are looked for, in this order.
const SHELLS: [&str; 5] = ["/bin/sh", "/usr/bin/sh", "/bin/bash", "/usr/bin/bash", "/busybox/sh"];
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The containers of a job that runs.
#[derive(Debug)]
pub(crate) struct JobContainers {
    engine: Engine,
    job: String,
    /// Where steps run that say nothing.
    own: Option<Arc<Container>>,
    /// By alias in lower case.
    by_alias: IndexMap<String, Arc<Container>>,
    is_removed: AtomicBool,
}

/// What a job asks for.
#[derive(Debug)]
struct Wanted {
    role: Role,
    name: String,
    container: PlanContainer,
    /// Steps name it as their target.
    is_target: bool,
}

impl JobContainers {
    /// Starts what the job needs; `None` if that is nothing.
    pub(crate) async fn start(
        job: &JobScope,
        log: &LogWriter,
    ) -> Result<Option<Self>, RunnerError> {
        let wanted = wanted(job)?;
        if wanted.is_empty() {
            return Ok(None);
        }
        let needed_by = format!("job {}", job.shape.plan.name);
        let engine = job.run.engine.clone().ok_or(RunnerError::EngineMissing { needed_by })?;
        let mut containers = Self {
            engine: engine.clone(),
            job: job.shape.record.to_string(),
            own: None,
            by_alias: IndexMap::new(),
            is_removed: AtomicBool::new(false),
        };
        let started = containers.start_all(job, &engine, wanted, log).await;
        match started {
            Ok(()) => Ok(Some(containers)),
            Err(error) => {
                containers.remove().await;
                Err(error)
            }
        }
    }

    async fn start_all(
        &mut self,
        job: &JobScope,
        engine: &Engine,
        wanted: Vec<Wanted>,
        log: &LogWriter,
    ) -> Result<(), RunnerError> {
        let is_rootless = engine.is_rootless().await.map_err(engine_failed)?;
        let network = fit(&format!("slipway-{}", job.shape.record));
        let common = Common {
            job,
            network: &network,
            socket: engine.socket(),
            is_rootless,
            brought: Brought::of(job),
        };
        let mut specs = Vec::new();
        for wanted in wanted {
            let image = image_of(job, engine, &wanted, log).await?;
            let spec = common.spec(
                &wanted.name,
                &wanted.container,
                image,
                (wanted.role, wanted.is_target),
            );
            specs.push((wanted, spec.map_err(engine_failed)?));
        }
        log.system(&format!("##[command]docker network create {network}")).await;
        engine.ensure_network(&network, &common.labels()).await.map_err(engine_failed)?;
        let mut starting = JoinSet::new();
        for (wanted, spec) in specs {
            log.system(&format!("##[command]docker run --name {} {}", spec.name, spec.image)).await;
            let engine = engine.clone();
            starting.spawn(async move {
                let started = start_one(&engine, spec, wanted.role).await;
                (wanted, started)
            });
        }
        let mut started = Vec::new();
        let mut failed = None;
        while let Some(joined) = starting.join_next().await {
            match joined {
                Ok((wanted, Ok(one))) => started.push((wanted, one)),
                Ok((wanted, Err(error))) => {
                    log.system(&format!("##[error]{}: {error}", wanted.name)).await;
                    failed = Some(engine_failed(error));
                }
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            }
        }
        match failed {
            Some(error) => Err(error),
            None => self.open_all(&common, started, log).await,
        }
    }

    /// Opens lanes, waits for services, and tells the job's variables about them.
    async fn open_all(
        &mut self,
        common: &Common<'_>,
        started: Vec<(Wanted, Started)>,
        log: &LogWriter,
    ) -> Result<(), RunnerError> {
        let mut mapping = serde_json::Map::new();
        let mut services = Vec::new();
        for (wanted, one) in started {
            let name = if wanted.name.is_empty() { "job" } else { &wanted.name };
            mapping.insert(name.to_owned(), serde_json::json!({ "id": one.id }));
            if wanted.role == Role::Beside {
                services.push((wanted.name.clone(), one.id.clone()));
                if !wanted.is_target {
                    continue;
                }
            }
            let container = Arc::new(self.open_one(common, name, one, log).await?);
            if wanted.role == Role::Job {
                self.own = Some(Arc::clone(&container));
            }
            // A step names the resource, whatever the service that it became is called.
            for alias in [&wanted.name, &wanted.container.alias] {
                if !alias.is_empty() {
                    self.by_alias.entry(alias.to_lowercase()).or_insert(Arc::clone(&container));
                }
            }
        }
        let mut variables = vec![(
            "Agent.ContainerMapping".to_owned(),
            serde_json::Value::Object(mapping).to_string(),
        )];
        for (name, id) in services {
            let who = (name.as_str(), id.as_str());
            wait_healthy(&self.engine, who, log, &common.job.run.cancel).await?;
            variables.push((format!("agent.services.{name}"), id.clone()));
            let facts = self.engine.inspect(&id).await.map_err(engine_failed)?;
            for (inner, outer) in facts.into_iter().flat_map(|facts| facts.published) {
                log.system(&format!("{name}: port {inner} is 127.0.0.1:{outer} here.")).await;
                variables.push((format!("agent.services.{name}.ports.{inner}"), outer.to_string()));
            }
        }
        let mut known = lock(&common.job.variables);
        for (name, value) in variables {
            known.set(Variable::system(&name, value));
        }
        Ok(())
    }

    async fn open_one(
        &self,
        common: &Common<'_>,
        name: &str,
        one: Started,
        log: &LogWriter,
    ) -> Result<Container, RunnerError> {
        let facts = self.engine.inspect(&one.id).await.map_err(engine_failed)?;
        let Some(facts) = facts.filter(slipway_engine::ContainerFacts::is_running) else {
            return Err(RunnerError::ContainerLost { name: name.to_owned() });
        };
        let path = facts.env.iter().find(|(name, _)| name == "PATH");
        let mut container = Container {
            name: name.to_owned(),
            engine: self.engine.clone(),
            id: one.id,
            shell: one.shell,
            user: common.user(&one.spec),
            path: path.map_or(DEFAULT_PATH, |(_, path)| path).to_owned(),
            lane: Mutex::new(None),
            is_lost: AtomicBool::new(false),
        };
        let is_other_user = one.spec.user.is_some();
        if !is_other_user && !common.is_rootless {
            name_user(&container).await;
        }
        let Some(shell) = one.shell else {
            log.system(&format!(
                "The image {} has no shell (sh or bash), so each step is a command of the engine \
                 by itself, which takes longer.",
                one.spec.image
            ))
            .await;
            return Ok(container);
        };
        let folder = common.job.folders.temp.join(fit(&format!(".slipway-{name}")));
        let order = LaneOrder { folder, shell, is_other_user };
        match Lane::start(&self.engine, &container, order).await {
            Ok(lane) => container.lane = Mutex::new(Some(lane)),
            Err(reason) => {
                log.system(&format!(
                    "##[warning]Steps cannot be sent to one shell of the container {name} \
                     ({reason}), so each step is a command of the engine by itself, which takes \
                     longer."
                ))
                .await;
            }
        }
        Ok(container)
    }

    /// Where a step with this target runs; `None` is this machine.
    pub(crate) fn of_step(
        &self,
        target: Option<&PlanTarget>,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Arc<Container>>, String> {
        let Some(name) = target.and_then(|target| target.container.as_deref()) else {
            return Ok(self.own.clone());
        };
        let name = expand(name, lookup);
        let name = name.trim();
        if name.is_empty() || name.eq_ignore_ascii_case("host") {
            return Ok(None);
        }
        let found = self.by_alias.get(&name.to_lowercase());
        found.cloned().map(Some).ok_or_else(|| name.to_owned())
    }

    /// Ends and removes everything. What cannot be removed now is removed by the next start of the app.
    pub(crate) async fn remove(&self) {
        match remove_labelled(&self.engine, JOB, &self.job).await {
            Ok(_) => self.is_removed.store(true, Ordering::Relaxed),
            Err(error) => tracing::warn!(job = %self.job, %error, "containers of a job stay"),
        }
    }
}

impl Drop for JobContainers {
    fn drop(&mut self) {
        if self.is_removed.load(Ordering::Relaxed) {
            return;
        }
        // The run is being dropped. Without a runtime the next start of the app removes them.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (engine, job) = (self.engine.clone(), self.job.clone());
            runtime.spawn(async move {
                if let Err(error) = remove_labelled(&engine, JOB, &job).await {
                    tracing::warn!(%job, %error, "containers of a job stay until the next start");
                }
            });
        }
    }
}

/// A container that was started.
struct Started {
    id: String,
    spec: ContainerSpec,
    shell: Option<&'static str>,
}

/// Starts a container. One for steps waits in a shell, whatever its image would run; where there is no shell
/// it runs its image.
async fn start_one(
    engine: &Engine,
    mut spec: ContainerSpec,
    role: Role,
) -> Result<Started, EngineError> {
    if role == Role::Beside {
        let id = engine.create(&spec).await?;
        engine.start(&id).await?;
        let shell = shell_of(engine, &id).await?;
        return Ok(Started { id, spec, shell });
    }
    // Most images have this one, so only the others are made twice.
    let own_command = spec.command.replace(keep_alive(SHELLS[0]));
    let mut id = engine.create(&spec).await?;
    let shell = shell_of(engine, &id).await?;
    if shell != Some(SHELLS[0]) {
        engine.remove(&id, true).await?;
        spec.command = shell.map(keep_alive).or(own_command);
        id = engine.create(&spec).await?;
    }
    engine.start(&id).await?;
    Ok(Started { id, spec, shell })
}

fn keep_alive(shell: &str) -> Vec<String> {
    [shell, "-c", KEEP_ALIVE].map(str::to_owned).to_vec()
}

/// The shell that a container has.
async fn shell_of(engine: &Engine, id: &str) -> Result<Option<&'static str>, EngineError> {
    for shell in SHELLS {
        if engine.has_file(id, shell).await? {
            return Ok(Some(shell));
        }
    }
    Ok(None)
}

/// Gives the user of this process a name in the container, since some programs ask for one.
async fn name_user(container: &Container) {
    let (Some(shell), Some(user)) = (container.shell, &container.user) else { return };
    let Some((user, group)) = user.split_once(':').filter(|(user, _)| *user != "0") else { return };
    let line = "while IFS=: read -r name secret id rest; do [ \"$id\" = \"$1\" ] && exit 0; done \
                </etc/passwd; echo \"slipway:x:$1:$2::/home/slipway:/bin/sh\" >>/etc/passwd && \
                mkdir -p /home/slipway && chown \"$1:$2\" /home/slipway";
    let words = [shell, "-c", line, "slipway", user, group];
    let spec = ExecSpec {
        command: words.map(str::to_owned).to_vec(),
        user: Some("0".to_owned()),
        ..ExecSpec::default()
    };
    // A container without a writable /etc/passwd has a user without a name.
    if let Ok(mut running) = container.engine.attach(&container.id, &spec).await {
        while let Some(Ok(_)) = running.next().await {}
    }
}

/// The job's own container, those that its steps name, its services.
fn wanted(job: &JobScope) -> Result<Vec<Wanted>, RunnerError> {
    let plan = &job.shape.plan;
    let mut all = Vec::new();
    let own = plan.container.as_ref().map(|own| resolved(job, own)).transpose()?.flatten();
    if let Some(container) = own.or_else(|| job.pool_image.clone().map(of_image)) {
        let name = container.alias.clone();
        all.push(Wanted { role: Role::Job, name, container, is_target: true });
    }
    for service in &plan.services {
        if let Some(container) = resolved(job, &service.container)? {
            let name = service.name.clone();
            all.push(Wanted { role: Role::Beside, name, container, is_target: false });
        }
    }
    for step in &job.shape.steps {
        let target = step.plan.target.as_ref().filter(|target| target.is_container());
        let Some(name) = target.and_then(|target| target.container.as_deref()) else { continue };
        let name = expand(name, |name| job.variable(name));
        let name = name.trim();
        if name.eq_ignore_ascii_case("host") {
            continue;
        }
        let is_named = |known: &&mut Wanted| {
            known.name.eq_ignore_ascii_case(name)
                || known.container.alias.eq_ignore_ascii_case(name)
        };
        if let Some(known) = all.iter_mut().find(is_named) {
            known.is_target = true;
            continue;
        }
        let resource = job.run.resources.container(name);
        let resource =
            resource.ok_or_else(|| RunnerError::ContainerUnknown { name: name.to_owned() })?;
        if let Some(container) = resolved(job, &resource.container)? {
            let name = name.to_owned();
            all.push(Wanted { role: Role::Step, name, container, is_target: true });
        }
    }
    Ok(all)
}

fn of_image(image: String) -> PlanContainer {
    PlanContainer { image, map_docker_socket: true, ..PlanContainer::default() }
}

/// Fills in an image that only a run knows; it may turn out to be an alias, or nothing at all.
fn resolved(job: &JobScope, written: &PlanContainer) -> Result<Option<PlanContainer>, RunnerError> {
    if !is_late(&written.image) {
        return Ok(Some(written.clone()));
    }
    let variables = lock(&job.variables).clone();
    let place = format!("the container of job {}", job.shape.plan.name);
    let image = job.run.sight().scene(&variables, None).value(&written.image, &place)?;
    let image = expand(&image, |name| job.variable(name)).trim().to_owned();
    if image.is_empty() {
        return Ok(None);
    }
    Ok(Some(match job.run.resources.container(&image) {
        Some(resource) => resource.container.clone(),
        None => PlanContainer { image, ..written.clone() },
    }))
}

/// The image, here or fetched.
async fn image_of(
    job: &JobScope,
    engine: &Engine,
    wanted: &Wanted,
    log: &LogWriter,
) -> Result<String, RunnerError> {
    let written = &wanted.container;
    let mut image = written.image.clone();
    if let Some(endpoint) = &written.endpoint {
        let target = job.run.host.container_registry(endpoint).await?;
        if !image.starts_with(&format!("{}/", target.address)) {
            image = format!("{}/{image}", target.address);
        }
    }
    if engine.image(&image).await.map_err(engine_failed)?.is_some() {
        return Ok(image);
    }
    let missing = |reason: String| RunnerError::ImageMissing {
        image: image.clone(),
        needed_by: job.shape.plan.name.clone(),
        reason,
    };
    if written.local_image {
        return Err(missing("It says `localImage: true`, so it is not fetched.".to_owned()));
    }
    log.system(&format!("##[command]docker pull {image}")).await;
    let (lines, mut told) = unbounded_channel();
    let pull = engine.pull(&image, lines);
    let show = async {
        while let Some(line) = told.recv().await {
            log.system(&line.text).await;
        }
    };
    let pulled = tokio::select! {
        () = job.run.cancel.cancelled() => return Err(missing("The run was canceled.".to_owned())),
        (pulled, ()) = async { tokio::join!(pull, show) } => pulled,
    };
    match pulled {
        Ok(()) => Ok(image),
        Err(EngineError::PullFailed { message, .. }) => Err(missing(message)),
        Err(error) => Err(missing(format!("{error} {}", error.hint().unwrap_or_default()))),
    }
}
