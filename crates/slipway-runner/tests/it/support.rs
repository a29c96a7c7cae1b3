//! A house in memory for the runner: keeps everything it is told, checks out by copying, records
//! deployments. Pipelines are real YAML, read by the real reader with the runner's own catalogue.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use slipway_core::{
    Check, CheckedOut, Clock, CommitSha, DeploymentEvidence, DeploymentId, Digest, EnvironmentName,
    ErrorKind, LogLines, Masker, PushedImage, RecordId, RecordKind, RunEvidence, RunId, RunReason,
    RunResult, SystemClock, Timestamp,
};
use slipway_engine::Engine;
use slipway_pipeline::plan::Plan;
use slipway_pipeline::{LoadRequest, NoFiles, load};
use slipway_runner::{
    ArtifactsOfRun, CachePlace, Catalog, CheckoutOrder, Choice, ClusterTarget, Decision,
    DeployOrder, Earlier, EnvironmentFacts, EnvironmentTarget, ExclusiveLocks, FileCoverage,
    GroupVariable, HostError, LogLine, PoolTable, Question, RecordSeed, RegistryTarget,
    RepositoryAt, RunHost, RunNote, RunOfPipeline, RunReport, RunRequest, RunSink, SinkError, Skip,
    StepLog, TestCase, WantedRepository, WantedRun, catalog, run,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How a record ended.
#[derive(Debug, Clone)]
pub(crate) struct End {
    pub(crate) result: RunResult,
    pub(crate) issue: Option<String>,
    pub(crate) errors: u32,
    pub(crate) warnings: u32,
}

#[derive(Default)]
pub(crate) struct Told {
    pub(crate) seeds: Vec<RecordSeed>,
    pub(crate) started: Vec<RecordId>,
    pub(crate) ends: HashMap<String, End>,
    /// Every reason for which something waited, in order.
    pub(crate) waits: Vec<String>,
    pub(crate) lines: HashMap<String, Vec<LogLine>>,
    pub(crate) batches: Vec<usize>,
    pub(crate) tests: Vec<(String, Vec<TestCase>)>,
    pub(crate) artifacts: Vec<(String, PathBuf, i64, u32)>,
    pub(crate) coverage: Vec<FileCoverage>,
    pub(crate) tags: Vec<String>,
    pub(crate) images: Vec<PushedImage>,
    pub(crate) numbers: Vec<String>,
    pub(crate) notes: Vec<(RecordId, RunNote)>,
    pub(crate) outputs: HashMap<String, Vec<(String, Option<String>)>>,
    /// A record, and the earlier one as which it ended.
    pub(crate) kept: HashMap<String, RecordId>,
}

/// Keeps everything; breaks when a line holds `break_on`.
#[derive(Default)]
pub(crate) struct MemorySink {
    pub(crate) told: Mutex<Told>,
    pub(crate) break_on: Option<&'static str>,
    pub(crate) slow: Option<Duration>,
}

#[async_trait]
impl RunSink for MemorySink {
    async fn record_planned(&self, seeds: Vec<RecordSeed>) -> Result<(), SinkError> {
        self.told.lock().unwrap().seeds.extend(seeds);
        Ok(())
    }

    async fn record_started(&self, id: &RecordId, _: Timestamp) -> Result<(), SinkError> {
        self.told.lock().unwrap().started.push(id.clone());
        Ok(())
    }

    async fn record_waiting(&self, _: &RecordId, reason: Option<String>) -> Result<(), SinkError> {
        self.told.lock().unwrap().waits.extend(reason);
        Ok(())
    }

    async fn record_finished(
        &self,
        id: &RecordId,
        _: Timestamp,
        result: RunResult,
        issue: Option<String>,
        errors: u32,
        warnings: u32,
    ) -> Result<(), SinkError> {
        let end = End { result, issue, errors, warnings };
        let known = self.told.lock().unwrap().ends.insert(id.to_string(), end);
        assert!(known.is_none(), "record {id} ends once");
        Ok(())
    }

    async fn lines(&self, id: &RecordId, lines: LogLines) -> Result<(), SinkError> {
        if let Some(slow) = self.slow {
            tokio::time::sleep(slow).await;
        }
        if let Some(word) = self.break_on
            && lines.text().contains(word)
        {
            return Err(SinkError { message: "The disk is full.".to_owned() });
        }
        let mut told = self.told.lock().unwrap();
        told.batches.push(lines.len());
        told.lines.entry(id.to_string()).or_default().extend(lines.to_lines());
        Ok(())
    }

    async fn tests(
        &self,
        title: &str,
        _: &RecordId,
        cases: Vec<TestCase>,
    ) -> Result<(), SinkError> {
        self.told.lock().unwrap().tests.push((title.to_owned(), cases));
        Ok(())
    }

    async fn coverage(&self, _: &RecordId, files: Vec<FileCoverage>) -> Result<(), SinkError> {
        self.told.lock().unwrap().coverage.extend(files);
        Ok(())
    }

    async fn build_tag(&self, tag: String) -> Result<(), SinkError> {
        self.told.lock().unwrap().tags.push(tag);
        Ok(())
    }

    async fn job_outputs(
        &self,
        job: &RecordId,
        outputs: Vec<(String, Option<String>)>,
    ) -> Result<(), SinkError> {
        self.told.lock().unwrap().outputs.insert(job.to_string(), outputs);
        Ok(())
    }

    async fn record_kept(&self, id: &RecordId, from: &RecordId) -> Result<(), SinkError> {
        self.told.lock().unwrap().kept.insert(id.to_string(), from.clone());
        Ok(())
    }

    async fn artifact(
        &self,
        _: &RecordId,
        name: &str,
        path: &Path,
        size: i64,
        files: u32,
    ) -> Result<(), SinkError> {
        let artifact = (name.to_owned(), path.to_owned(), size, files);
        self.told.lock().unwrap().artifacts.push(artifact);
        Ok(())
    }

    async fn image_pushed(&self, image: PushedImage) -> Result<(), SinkError> {
        self.told.lock().unwrap().images.push(image);
        Ok(())
    }

    async fn build_number(&self, number: String) -> Result<(), SinkError> {
        self.told.lock().unwrap().numbers.push(number);
        Ok(())
    }

    async fn note(&self, step: &RecordId, note: RunNote) -> Result<(), SinkError> {
        self.told.lock().unwrap().notes.push((step.clone(), note));
        Ok(())
    }
}

/// Does for a run what the house does.
#[derive(Default)]
pub(crate) struct MemoryHost {
    pub(crate) counters: Mutex<HashMap<String, i64>>,
    pub(crate) registry: Option<String>,
    pub(crate) environments: HashMap<String, Vec<(String, String)>>,
    pub(crate) orders: Mutex<Vec<DeployOrder>>,
    pub(crate) targets: Vec<EnvironmentTarget>,
    pub(crate) checks: HashMap<String, Vec<Check>>,
    pub(crate) people: People,
    pub(crate) locks: Arc<ExclusiveLocks>,
    /// Other pipelines' newest runs.
    pub(crate) runs: HashMap<String, ArtifactsOfRun>,
    pub(crate) groups: HashMap<String, Vec<GroupVariable>>,
    pub(crate) secure_files: HashMap<String, Vec<u8>>,
    /// Folders of other repositories, by name or alias.
    pub(crate) repositories: HashMap<String, PathBuf>,
}

/// Who is asked, and what they say, by the subject of the question.
#[derive(Default)]
pub(crate) struct People {
    pub(crate) asked: Mutex<Vec<Question>>,
    answers: Mutex<HashMap<String, Decision>>,
    told: Notify,
}

impl People {
    /// Answers a question, asked already or not.
    pub(crate) fn say(&self, subject: &str, decision: Decision) {
        self.answers.lock().unwrap().insert(subject.to_owned(), decision);
        self.told.notify_waiters();
    }

    pub(crate) fn were_asked(&self, subject: &str) -> bool {
        self.asked.lock().unwrap().iter().any(|question| question.subject == subject)
    }

    async fn answer(&self, question: Question, withdraw: &CancellationToken) -> Decision {
        let limit = question.timeout.unwrap_or(Duration::from_secs(86_400));
        let subject = question.subject.clone();
        self.asked.lock().unwrap().push(question);
        let answered = async {
            loop {
                let told = self.told.notified();
                if let Some(decision) = self.answers.lock().unwrap().remove(&subject) {
                    return decision;
                }
                told.await;
            }
        };
        tokio::select! {
            decision = answered => decision,
            () = withdraw.cancelled() => Decision::Canceled,
            () = tokio::time::sleep(limit) => Decision::TimedOut,
        }
    }
}

fn refused(message: &str) -> HostError {
    let hint = Some("Add it in the settings.".to_owned());
    HostError { kind: ErrorKind::Refused, message: message.to_owned(), hint }
}

#[async_trait]
impl RunHost for MemoryHost {
    async fn container_registry(&self, connection: &str) -> Result<RegistryTarget, HostError> {
        match &self.registry {
            Some(address) if connection == "local" => {
                Ok(RegistryTarget { address: address.clone(), is_plain_http: true })
            }
            _ => Err(refused(&format!("There is no service connection '{connection}'."))),
        }
    }

    async fn pushed_image(
        &self,
        address: &str,
        repository: &str,
        tags: Vec<String>,
    ) -> Result<PushedImage, HostError> {
        crate::registry::read_back(address, repository, tags)
            .await
            .map_err(|message| refused(&message))
    }

    async fn environment(&self, name: &str) -> Result<EnvironmentFacts, HostError> {
        let variables = self.environments.get(name);
        let variables = variables.ok_or_else(|| refused(&format!("No environment '{name}'.")))?;
        Ok(EnvironmentFacts { name: name.to_owned(), variables: variables.clone() })
    }

    async fn cluster(&self, environment: &str) -> Result<ClusterTarget, HostError> {
        let known = self.environments.contains_key(environment);
        known
            .then(|| ClusterTarget {
                kubeconfig: Some(PathBuf::from("/house/kubeconfig")),
                context: format!("{environment}-context"),
                namespace: "shop".to_owned(),
            })
            .ok_or_else(|| refused(&format!("No environment '{environment}'.")))
    }

    async fn deploy(
        &self,
        order: DeployOrder,
        log: &dyn StepLog,
        _: &CancellationToken,
    ) -> Result<DeploymentEvidence, HostError> {
        log.line("deployment/web rolled out").await;
        let evidence = DeploymentEvidence {
            deployment_id: DeploymentId::new("d1"),
            environment: EnvironmentName::new(order.environment.as_str()),
            digest: Digest::parse(&format!("sha256:{}", "a".repeat(64))).unwrap(),
            workload: "web".to_owned(),
            url: None,
            finished_at: SystemClock.now_ms(),
        };
        self.orders.lock().unwrap().push(order);
        Ok(evidence)
    }

    async fn reject(
        &self,
        order: DeployOrder,
        log: &dyn StepLog,
        _: &CancellationToken,
    ) -> Result<(), HostError> {
        log.line("deployment/web-canary deleted").await;
        self.orders.lock().unwrap().push(order);
        Ok(())
    }

    async fn run_of(&self, wanted: &WantedRun) -> Result<RunOfPipeline, HostError> {
        let run = self.artifacts_of(wanted).await?;
        Ok(RunOfPipeline {
            project: "Other".to_owned(),
            project_id: "other-1".to_owned(),
            pipeline: run.pipeline,
            run_id: format!("run-{}", run.build_id),
            build_id: run.build_id,
            number: run.number,
            branch: "releases/2".to_owned(),
            commit: "ab".repeat(20),
        })
    }

    async fn artifacts_of(&self, wanted: &WantedRun) -> Result<ArtifactsOfRun, HostError> {
        let found = self.runs.get(wanted.pipeline.as_deref().unwrap_or_default());
        found.cloned().ok_or_else(|| refused(&format!("There is no run for {wanted:?}.")))
    }

    async fn counter(&self, prefix: &str, seed: i64) -> Result<i64, HostError> {
        let mut counters = self.counters.lock().unwrap();
        let next = counters.get(prefix).map_or(seed, |last| last + 1);
        counters.insert(prefix.to_owned(), next);
        Ok(next)
    }

    async fn checkout(&self, order: &CheckoutOrder) -> Result<CheckedOut, HostError> {
        if order.folder.join(".git").exists() {
            return crate::checkouts::checked_out(order);
        }
        copy(&order.folder, &order.into).map_err(|error| refused(&error.to_string()))?;
        Ok(CheckedOut::default())
    }

    async fn repository(&self, wanted: &WantedRepository) -> Result<RepositoryAt, HostError> {
        let folder = wanted.names().find_map(|name| self.repositories.get(name));
        let folder = folder.ok_or_else(|| HostError::not_mapped(wanted))?;
        crate::checkouts::repository_at(folder, wanted)
    }

    async fn environment_targets(&self, _: &str) -> Result<Vec<EnvironmentTarget>, HostError> {
        Ok(self.targets.clone())
    }

    async fn checks(&self, environment: &str) -> Result<Vec<Check>, HostError> {
        Ok(self.checks.get(environment).cloned().unwrap_or_default())
    }

    async fn ask(
        &self,
        question: Question,
        withdraw: &CancellationToken,
    ) -> Result<Decision, HostError> {
        Ok(self.people.answer(question, withdraw).await)
    }

    fn locks(&self) -> Arc<ExclusiveLocks> {
        Arc::clone(&self.locks)
    }

    async fn variable_group(&self, name: &str) -> Result<Vec<GroupVariable>, HostError> {
        let kept = self.groups.get(name).cloned();
        kept.ok_or_else(|| refused(&format!("There is no variable group '{name}'.")))
    }

    async fn secure_file(&self, name: &str, into: &Path) -> Result<PathBuf, HostError> {
        use std::os::unix::fs::PermissionsExt;
        let kept = self.secure_files.get(name);
        let bytes = kept.ok_or_else(|| refused(&format!("There is no secure file '{name}'.")))?;
        let path = into.join(name);
        let written = std::fs::write(&path, bytes)
            .and_then(|()| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)));
        written.map_err(|error| refused(&error.to_string()))?;
        Ok(path)
    }
}

fn copy(from: &Path, into: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = into.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir_all(&to)?;
            copy(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), &to)?;
        }
    }
    Ok(())
}

/// A pipeline with its repository, ready to run.
pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) sink: Arc<MemorySink>,
    pub(crate) host: Arc<MemoryHost>,
    pub(crate) masker: Arc<Masker>,
    pub(crate) cancel: CancellationToken,
    pub(crate) engine: Option<Engine>,
    pub(crate) pools: PoolTable,
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) jobs: usize,
    pub(crate) skips: Vec<Skip>,
    pub(crate) choice: Option<Choice>,
    pub(crate) earlier: Option<Earlier>,
    pub(crate) tasks: Catalog,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("shop")).unwrap();
        Self {
            tasks: catalog().clone(),
            folder,
            sink: Arc::default(),
            host: Arc::default(),
            masker: Arc::default(),
            cancel: CancellationToken::new(),
            engine: None,
            pools: PoolTable::default(),
            variables: Vec::new(),
            jobs: 2,
            skips: Vec::new(),
            choice: None,
            earlier: None,
        }
    }

    /// Adds a file to the repository.
    pub(crate) fn file(&self, path: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.folder.path().join("shop").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn work_root(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub(crate) fn plan(yaml: &str) -> Plan {
        Self::plan_with(yaml, catalog())
    }

    pub(crate) fn plan_with(yaml: &str, tasks: &Catalog) -> Plan {
        let loaded = load("azure-pipelines.yml", yaml, &LoadRequest::default(), &NoFiles, tasks);
        let lines: Vec<String> = loaded.diagnostics.iter().map(|found| found.to_line()).collect();
        loaded.plan.unwrap_or_else(|| panic!("the pipeline is right: {lines:#?}"))
    }

    pub(crate) fn request(&self, yaml: &str) -> RunRequest {
        self.request_of(Self::plan_with(yaml, &self.tasks))
    }

    pub(crate) fn request_of(&self, plan: Plan) -> RunRequest {
        RunRequest {
            run: RunEvidence {
                run_id: RunId::new(format!("run-{}", unique())),
                build_id: 7,
                number: "20261122.1".to_owned(),
                commit: CommitSha::parse(&"c0".repeat(20)).unwrap(),
            },
            plan,
            reason: RunReason::Manual,
            project_name: "Shop".to_owned(),
            branch: "feature/x".to_owned(),
            repository_path: self.folder.path().join("shop"),
            work_root: self.work_root(),
            max_parallel_jobs: self.jobs,
            variables: self.variables.clone(),
            engine: self.engine.clone(),
            tasks: self.tasks.clone(),
            cache: Some(CachePlace {
                folder: self.folder.path().join("cache"),
                pipeline: "Shop".to_owned(),
                default_branch: "main".to_owned(),
                limit_bytes: 1 << 30,
            }),
            skips: self.skips.clone(),
            choice: self.choice.clone(),
            earlier: self.earlier.clone(),
            pools: self.pools.clone(),
            masker: Arc::clone(&self.masker),
        }
    }

    pub(crate) async fn run(&self, yaml: &str) -> RunReport {
        self.run_request(self.request(yaml)).await
    }

    pub(crate) async fn run_request(&self, request: RunRequest) -> RunReport {
        let host: Arc<dyn RunHost> = self.host.clone();
        let sink: Arc<dyn RunSink> = self.sink.clone();
        let report = run(request, host, sink, self.cancel.clone()).await;
        for (id, end) in &self.sink.told.lock().unwrap().ends {
            let is_lost = end.issue.as_ref().is_some_and(|it| it.contains("Slipway's own"));
            assert!(!is_lost, "whatever began or not is ended by whoever had it: {id} was not");
        }
        report
    }

    /// The record with this display name or name.
    pub(crate) fn seed(&self, kind: RecordKind, name: &str) -> RecordSeed {
        let told = self.sink.told.lock().unwrap();
        let named = |seed: &&RecordSeed| {
            seed.kind == kind && (seed.display_name == name || seed.name == name)
        };
        let found = told.seeds.iter().find(named).cloned();
        found.unwrap_or_else(|| panic!("there is no {kind} {name} in {:#?}", told.seeds))
    }

    pub(crate) fn end(&self, kind: RecordKind, name: &str) -> End {
        let id = self.seed(kind, name).id.to_string();
        let told = self.sink.told.lock().unwrap();
        told.ends.get(&id).cloned().unwrap_or_else(|| panic!("{kind} {name} has no end"))
    }

    pub(crate) fn step(&self, name: &str) -> End {
        self.end(RecordKind::Step, name)
    }

    /// The whole log of a step.
    pub(crate) fn log(&self, name: &str) -> Vec<String> {
        let id = self.seed(RecordKind::Step, name).id.to_string();
        let told = self.sink.told.lock().unwrap();
        told.lines.get(&id).into_iter().flatten().map(|line| line.text.clone()).collect()
    }

    /// What the program of a step wrote.
    pub(crate) fn output(&self, name: &str) -> Vec<String> {
        let id = self.seed(RecordKind::Step, name).id.to_string();
        let told = self.sink.told.lock().unwrap();
        let lines = told.lines.get(&id).into_iter().flatten();
        lines
            .filter(|line| line.stream != slipway_core::LogStream::System)
            .map(|line| line.text.clone())
            .collect()
    }

    /// Every line of every step.
    pub(crate) fn everything(&self) -> String {
        let told = self.sink.told.lock().unwrap();
        let mut all = String::new();
        for line in told.lines.values().flatten() {
            all.push_str(&line.text);
            all.push('\n');
        }
        for end in told.ends.values().filter_map(|end| end.issue.as_ref()) {
            all.push_str(end);
            all.push('\n');
        }
        all
    }
}

fn unique() -> String {
    use slipway_core::{IdGen, UuidIds};
    UuidIds.next_id()
}

/// Waits until it holds, ten seconds at most.
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = std::time::Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(20), "{what} did not come about in 20 s");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Processes whose environment names this record.
pub(crate) fn processes_of(record: &RecordId) -> Vec<String> {
    let marker = format!("SLIPWAY_STEP_ID={record}");
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let environ = std::fs::read(entry.path().join("environ")).unwrap_or_default();
        if environ.split(|byte| *byte == 0).any(|pair| pair == marker.as_bytes()) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}
