//! Runs every folder of `tests/conformance` whose `case.toml` says `kind = "run"`, on this machine and in
//! a container, and compares what came of it.
//!
//! A folder holds `azure-pipelines.yml`; its other files are the repository that the run checks out, a
//! folder `@name` is the repository that the resources call `name`. Beside its head (`title`, `area`,
//! `page`, `kind`) a `case.toml` says:
//!
//! ```toml
//! result = "Succeeded"                # of the run, in Azure's words
//! issue = "a part of its issue"       # left out: nothing is asked
//! number = "1.2"                      # the run's number at its end
//! tags = ["good"]                     # as they were added
//! notes = ["progress 50 Text", "attachment TYPE/NAME: its text"]  # all, in order
//! parameters = { a = "1" }            # given at queue time, as are variables and secrets
//! variables = { a = "1" }
//! secret = { token = "s3cret" }       # must not be in any line or issue
//! environments = { prod = { a = "1" } }
//! groups = { names = { a = "1" } }    # variable groups: their plain variables
//! secret_groups = { names = { t = "s3cret" } }    # and their secrets, which must not be in any line either
//! secure_files = { "key.pem" = "its text" }
//! branch = "main"                     # `feature/x` if left out
//! pools = { "ubuntu-latest" = "slipway-test/steps:1" }    # images that labels of pools lead to
//! cancel = { at = "step Wait started" }   # or "step Wait says ready"
//! waits = ["a part of why a stage waited"]
//! needs = ["docker"]                  # the engine is there on this machine too
//! only = "host"                       # or "container"; with why = "…"
//! tasks = ["tasks"]                   # folders of tasks, in this folder
//! replaces = ["CmdLine@2"]            # tasks of them that stand in for the runner's own
//! skip = true                         # what cannot run is left out, by choice
//!
//! [[answer]]                          # what people say, asked or not yet; also skipped, timedOut
//! subject = "prod"                    # an environment, or the display name of a step or stage
//! decision = "approved"               # or "rejected"
//! by = "Ada"
//! comment = "Looks good."
//!
//! [[check]]
//! environment = "prod"
//! check = { type = "exclusiveLock", timeoutMinutes = 60 }
//!
//! [[repository]]                      # makes git repositories: of the folder `@name`, `self` is the own one
//! name = "tools"
//! mapped = "Contoso/Tools"            # left out: nobody mapped it
//! commit = [{ message = "second", branch = "next", tag = "v1", files = { "a.txt" = "a" } }]
//!
//! [[target]]                          # of every environment
//! name = "web1"
//! tags = ["frontend"]
//!
//! [[run]]                             # the newest run of another pipeline: its artifacts' files
//! pipeline = "Library"
//! number = "1.7"
//! artifacts = { drop = { "lib.so" = "its text" } }
//!
//! [[stage]]                           # also [[job]] and [[step]]
//! name = "Build"                      # its name or display name
//! in = "Linux"                        # the job of a step, the stage of a job, where names repeat
//! result = "Succeeded"
//! issue = "a part of its issue"
//! # a step also has
//! output = ["what its program wrote, line by line"]
//! has = ["a text that is somewhere in its log"]
//! lacks = ["a text that is not"]
//! errors = 1
//! warnings = 0
//! ```
//! One folder alone: `SLIPWAY_CONFORMANCE=run-name cargo test -p slipway-runner --test it conformance`.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use serde::Deserialize;
use slipway_core::{Check, LogStream, RecordKind};
use slipway_engine::Engine;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::{Plan, PlanContainer};
use slipway_pipeline::{FileAnswer, Files, LoadRequest, Repository, load, result_word};
use slipway_runner::{
    ArtifactsOfRun, Catalog, Decision, EnvironmentTarget, GroupVariable, PoolPlace, PoolTable,
    RunNote, Skip, obstacles, read_task_folder,
};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::checkouts::{MadeRepository, head, make};
use crate::support::{Bench, MemoryHost, Told};

/// The image in which jobs run that name none.
const IMAGE: &str = crate::image::STEPS;
const FILE: &str = "azure-pipelines.yml";
/// A folder that takes longer is stuck.
const PATIENCE: Duration = Duration::from_secs(120);
/// Folders at a time; most of their time is waiting.
const SIDE_BY_SIDE: usize = 4;

#[derive(Deserialize)]
struct Kind {
    kind: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "area")]
    _area: String,
    #[serde(rename = "page")]
    _page: String,
    #[serde(rename = "kind")]
    _kind: String,
    result: String,
    issue: Option<String>,
    number: Option<String>,
    notes: Option<Vec<String>>,
    tags: Option<Vec<String>>,
    #[serde(default)]
    parameters: IndexMap<String, String>,
    #[serde(default)]
    variables: IndexMap<String, String>,
    #[serde(default)]
    secret: IndexMap<String, String>,
    #[serde(default)]
    environments: IndexMap<String, IndexMap<String, String>>,
    #[serde(default)]
    groups: IndexMap<String, IndexMap<String, String>>,
    #[serde(default)]
    secret_groups: IndexMap<String, IndexMap<String, String>>,
    #[serde(default)]
    secure_files: IndexMap<String, String>,
    branch: Option<String>,
    #[serde(default)]
    pools: IndexMap<String, String>,
    cancel: Option<Cancel>,
    #[serde(default)]
    waits: Vec<String>,
    #[serde(default)]
    answer: Vec<Answer>,
    #[serde(default)]
    check: Vec<CheckOn>,
    #[serde(default)]
    repository: Vec<MadeRepository>,
    #[serde(default)]
    target: Vec<Target>,
    #[serde(default)]
    run: Vec<OtherRun>,
    #[serde(default)]
    needs: Vec<String>,
    only: Option<String>,
    why: Option<String>,
    #[serde(default)]
    tasks: Vec<String>,
    #[serde(default)]
    replaces: Vec<String>,
    #[serde(default)]
    skip: bool,
    #[serde(default)]
    stage: Vec<Record>,
    #[serde(default)]
    job: Vec<Record>,
    #[serde(default)]
    step: Vec<Record>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    subject: String,
    decision: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    comment: String,
}

impl Answer {
    fn decision(&self) -> Decision {
        let (by, comment) = (self.by.clone(), self.comment.clone());
        match self.decision.as_str() {
            "approved" => Decision::Approved { by, comment },
            "rejected" => Decision::Rejected { by, comment },
            "skipped" => Decision::Skipped { by },
            "timedOut" => Decision::TimedOut,
            other => panic!("'{other}' is no decision"),
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckOn {
    environment: String,
    check: Check,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    name: String,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherRun {
    pipeline: String,
    number: String,
    artifacts: IndexMap<String, IndexMap<String, String>>,
}

impl OtherRun {
    /// Its artifacts lie below the folder.
    fn write(&self, folder: &Path) -> std::io::Result<(String, ArtifactsOfRun)> {
        let mut artifacts = Vec::new();
        for (name, files) in &self.artifacts {
            let into = folder.join(&self.pipeline).join(name);
            fs::create_dir_all(&into)?;
            for (file, text) in files {
                fs::write(into.join(file), text)?;
            }
            artifacts.push((name.clone(), into));
        }
        let (pipeline, number) = (self.pipeline.clone(), self.number.clone());
        let run = ArtifactsOfRun { pipeline, build_id: 41, number, artifacts };
        Ok((self.pipeline.clone(), run))
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cancel {
    at: String,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    name: String,
    #[serde(rename = "in")]
    parent: Option<String>,
    result: Option<String>,
    issue: Option<String>,
    output: Option<Vec<String>>,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    errors: Option<u32>,
    warnings: Option<u32>,
}

/// Where a folder runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Host,
    Container,
}

impl Place {
    fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Container => "container",
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance")
}

/// Template files of a folder.
struct Folder<'a>(&'a Path);

impl Files for Folder<'_> {
    fn read(&self, repository: &Repository, path: &str) -> FileAnswer {
        let root = if repository.is_own() {
            self.0.to_owned()
        } else {
            self.0.join(format!("@{}", repository.alias))
        };
        match fs::read_to_string(root.join(path)) {
            Ok(text) => FileAnswer::Text(text.into()),
            Err(_) => FileAnswer::NotFound,
        }
    }
}

/// Every folder of the kind, with what it expects.
fn cases() -> Result<Vec<(PathBuf, Expected)>, String> {
    let only = std::env::var("SLIPWAY_CONFORMANCE").unwrap_or_default();
    let entries = fs::read_dir(root()).map_err(|error| error.to_string())?;
    let folders: BTreeSet<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let mut cases = Vec::new();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(folder.join("case.toml")).unwrap_or_default();
        let kind = toml::from_str::<Kind>(&text).map(|head| head.kind).unwrap_or_default();
        if kind != "run" || !name.starts_with(&only) {
            continue;
        }
        let expected: Expected =
            toml::from_str(&text).map_err(|error| format!("{name}/case.toml: {error}"))?;
        if expected.only.is_some() != expected.why.is_some() {
            return Err(format!("{name}/case.toml: only and why go together"));
        }
        cases.push((folder, expected));
    }
    Ok(cases)
}

/// The runner's tasks, and those that the folder brings along.
fn tasks_of(folder: &Path, expected: &Expected) -> Result<Catalog, String> {
    let mut tasks = Vec::new();
    for name in &expected.tasks {
        let read = read_task_folder(&folder.join(name)).map_err(|error| error.to_string())?;
        tasks.extend(read.tasks);
    }
    let replaces = |spec: &TaskSpec| expected.replaces.contains(&spec.reference());
    Ok(Catalog::with(tasks, &replaces))
}

fn planned(
    folder: &Path,
    expected: &Expected,
    place: Place,
    tasks: &Catalog,
) -> Result<Plan, String> {
    let text = fs::read_to_string(folder.join(FILE)).map_err(|error| error.to_string())?;
    let request = LoadRequest {
        parameters: expected.parameters.clone(),
        variables: expected.variables.clone(),
    };
    let loaded = load(FILE, &text, &request, &Folder(folder), tasks);
    let lines = || -> String {
        loaded.diagnostics.iter().map(|found| format!("\n      {}", found.to_line())).collect()
    };
    let mut plan =
        loaded.plan.as_ref().ok_or_else(|| format!("there is no plan:{}", lines()))?.clone();
    let refused: String = obstacles(&plan, tasks, None)
        .iter()
        .filter(|found| found.blocks() && !expected.skip)
        .map(|found| format!("\n      {}", found.diagnostic.to_line()))
        .collect();
    if !refused.is_empty() {
        return Err(format!("the runner refuses it:{refused}"));
    }
    if place == Place::Container {
        let image = if expected.tasks.is_empty() { IMAGE } else { crate::image::LIBRARIES };
        let image = image.to_owned();
        let jobs = plan.stages.iter_mut().flat_map(|stage| &mut stage.jobs);
        for job in jobs.filter(|job| !job.pool.is_server && job.container.is_none()) {
            job.container =
                Some(PlanContainer { image: image.clone(), ..PlanContainer::default() });
        }
    }
    Ok(plan)
}

fn copy(from: &Path, into: &Path) -> std::io::Result<()> {
    fs::create_dir_all(into)?;
    for entry in fs::read_dir(from)?.flatten() {
        let to = into.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else if entry.file_name() != "case.toml" {
            fs::copy(entry.path(), &to)?;
        }
    }
    Ok(())
}

async fn run_one(
    folder: PathBuf,
    expected: Expected,
    place: Place,
    engine: Option<Engine>,
) -> Result<(), String> {
    let tasks = tasks_of(&folder, &expected)?;
    let plan = planned(&folder, &expected, place, &tasks)?;
    let mut bench = Bench::new();
    if expected.skip {
        let found = obstacles(&plan, &tasks, None);
        let blocking = found.iter().filter(|found| found.blocks());
        bench.skips = blocking.filter_map(|found| Skip::chosen(found, "anna")).collect();
    }
    bench.tasks = tasks;
    copy(&folder, &bench.folder.path().join("shop")).map_err(|error| error.to_string())?;
    let repositories = make(&folder, bench.folder.path(), &expected.repository)?;
    let needs_engine = expected.needs.iter().any(|need| need == "docker");
    bench.engine = engine.filter(|_| place == Place::Container || needs_engine);
    let pools = expected.pools.iter();
    bench.pools = PoolTable::new(
        pools.map(|(label, image)| (label.clone(), PoolPlace::Image(image.clone()))),
    );
    bench.variables = expected.variables.clone().into_iter().collect();
    for (name, value) in &expected.secret {
        bench.masker.add(value);
        bench.variables.push((name.clone(), value.clone()));
    }
    let environments = expected.environments.iter();
    let elsewhere = bench.folder.path().join("elsewhere");
    let runs = expected.run.iter().map(|run| run.write(&elsewhere));
    let runs = runs.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
    bench.host = Arc::new(MemoryHost {
        environments: environments
            .map(|(name, given)| (name.clone(), given.clone().into_iter().collect()))
            .collect(),
        groups: groups(&expected),
        runs,
        repositories,
        secure_files: expected
            .secure_files
            .iter()
            .map(|(name, text)| (name.clone(), text.clone().into_bytes()))
            .collect(),
        checks: checks_of(&expected.check),
        targets: expected
            .target
            .iter()
            .map(|it| EnvironmentTarget { name: it.name.clone(), tags: it.tags.clone() })
            .collect(),
        ..MemoryHost::default()
    });
    for answer in &expected.answer {
        bench.host.people.say(&answer.subject, answer.decision());
    }
    let mut request = bench.request_of(plan);
    if request.repository_path.join(".git").exists() {
        request.run.commit = head(&request.repository_path);
    }
    if let Some(branch) = &expected.branch {
        request.branch.clone_from(branch);
    }
    let run = bench.run_request(request);
    let stop = async {
        if let Some(cancel) = &expected.cancel {
            at(&bench, &cancel.at).await;
            bench.cancel.cancel();
        }
        std::future::pending::<()>().await;
    };
    let report = tokio::select! {
        report = run => report,
        () = stop => return Err("it was not stopped".to_owned()),
        () = tokio::time::sleep(PATIENCE) => {
            return Err(format!("it did not end within {PATIENCE:?}:{}", everything(&bench)));
        }
    };
    let mut wrong = Wrong::default();
    wrong.same("the run's result", result_word(report.result), &expected.result);
    wrong.issue("the run", report.issue.as_deref(), expected.issue.as_deref());
    let told = bench.sink.told.lock().unwrap();
    if let Some(number) = &expected.number {
        wrong.same("the run's number", told.numbers.last().map_or("", String::as_str), number);
    }
    for part in &expected.waits {
        wrong.unless(told.waits.iter().any(|wait| wait.contains(part)), || {
            format!("nothing waited for '{part}', but for {:?}", told.waits)
        });
    }
    if let Some(tags) = &expected.tags {
        wrong.same("the run's tags", &told.tags, tags);
    }
    if let Some(notes) = &expected.notes {
        let is: Vec<String> = told.notes.iter().map(|(_, note)| noted(note)).collect();
        wrong.same("what the steps told", &is, notes);
    }
    wrong.records(&told, RecordKind::Stage, &expected.stage);
    wrong.records(&told, RecordKind::Job, &expected.job);
    wrong.records(&told, RecordKind::Step, &expected.step);
    drop(told);
    let all = bench.everything();
    let of_groups = expected.secret_groups.values().flatten();
    for (name, value) in expected.secret.iter().chain(of_groups) {
        wrong
            .unless(!all.contains(value.as_str()), || format!("the secret '{name}' is in the log"));
    }
    if wrong.0.is_empty() {
        return Ok(());
    }
    Err(format!("{}\n    what happened:{}", wrong.0.join("\n    "), everything(&bench)))
}

fn groups(expected: &Expected) -> HashMap<String, Vec<GroupVariable>> {
    let mut groups: HashMap<String, Vec<GroupVariable>> = HashMap::new();
    for (is_secret, given) in [(false, &expected.groups), (true, &expected.secret_groups)] {
        for (group, variables) in given {
            let variables = variables.iter().map(|(name, value)| GroupVariable {
                name: name.clone(),
                value: value.clone(),
                is_secret,
            });
            groups.entry(group.clone()).or_default().extend(variables);
        }
    }
    groups
}

fn checks_of(checks: &[CheckOn]) -> HashMap<String, Vec<Check>> {
    let mut all: HashMap<String, Vec<Check>> = HashMap::new();
    for one in checks {
        all.entry(one.environment.clone()).or_default().push(one.check.clone());
    }
    all
}

/// A note in a line.
fn noted(note: &RunNote) -> String {
    match note {
        RunNote::Progress { percent, operation } => format!("progress {percent} {operation}"),
        RunNote::Association { artifact, kind, location } => {
            format!("link {artifact} {kind} {location}")
        }
        RunNote::Attachment { kind, name, path } => {
            let text = fs::read_to_string(path).unwrap_or_else(|error| error.to_string());
            let words: Vec<&str> = text.split_whitespace().collect();
            format!("attachment {kind}/{name}: {}", words.join(" "))
        }
        RunNote::Detail(detail) => format!(
            "detail {} {} {} {} {} {}",
            detail.name,
            detail.kind,
            detail.progress,
            detail.state,
            detail.result.as_deref().unwrap_or("-"),
            detail.message
        ),
    }
}

/// Waits for `step X started` or `step X says TEXT`.
async fn at(bench: &Bench, when: &str) {
    let rest = when.strip_prefix("step ").expect("cancel names a step");
    let (step, text) = match rest.split_once(" says ") {
        Some((step, text)) => (step, Some(text)),
        None => (rest.strip_suffix(" started").expect("started, or says"), None),
    };
    crate::support::until(when, || {
        let told = bench.sink.told.lock().unwrap();
        let Some(seed) = told.seeds.iter().find(|seed| {
            seed.kind == RecordKind::Step && (seed.name == step || seed.display_name == step)
        }) else {
            return false;
        };
        match text {
            None => told.started.contains(&seed.id),
            Some(text) => told.lines.get(seed.id.as_str()).is_some_and(|lines| {
                // Not the script that the step shows before it starts.
                lines.iter().any(|line| line.stream != LogStream::System && line.text == text)
            }),
        }
    })
    .await;
}

/// The timeline and its logs, for the reader of a failure.
fn everything(bench: &Bench) -> String {
    let told = bench.sink.told.lock().unwrap();
    let mut out = String::new();
    for seed in &told.seeds {
        let end = told.ends.get(seed.id.as_str());
        let (result, issue) =
            end.map_or(("open", None), |end| (result_word(end.result), end.issue.as_deref()));
        let issue = issue.map(|issue| format!(" ({issue})")).unwrap_or_default();
        out.push_str(&format!("\n      {} {}: {result}{issue}", seed.kind, seed.display_name));
        for line in told.lines.get(seed.id.as_str()).into_iter().flatten() {
            out.push_str(&format!("\n        | {}", line.text));
        }
    }
    out
}

/// What did not come about as expected.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, holds: bool, message: impl FnOnce() -> String) {
        if !holds {
            self.0.push(message());
        }
    }

    fn same<T: PartialEq<U> + std::fmt::Debug + ?Sized, U: std::fmt::Debug + ?Sized>(
        &mut self,
        what: &str,
        is: &T,
        expected: &U,
    ) {
        self.unless(is == expected, || {
            format!("{what}\n      is       {is:?}\n      expected {expected:?}")
        });
    }

    fn issue(&mut self, what: &str, is: Option<&str>, expected: Option<&str>) {
        if let Some(expected) = expected {
            let holds = match is {
                Some(is) => !expected.is_empty() && is.contains(expected),
                None => expected.is_empty(),
            };
            self.unless(holds, || format!("{what}: the issue is {is:?}, expected {expected:?}"));
        }
    }

    fn records(&mut self, told: &Told, kind: RecordKind, expected: &[Record]) {
        for record in expected {
            let named = told.seeds.iter().filter(|seed| {
                seed.kind == kind
                    && (seed.name == record.name || seed.display_name == record.name)
                    && record.parent.as_ref().is_none_or(|parent| {
                        told.seeds.iter().any(|other| {
                            Some(&other.id) == seed.parent_id.as_ref()
                                && (other.name == *parent || other.display_name == *parent)
                        })
                    })
            });
            let named: Vec<_> = named.collect();
            let [seed] = named[..] else {
                let (count, name) = (named.len(), &record.name);
                self.0.push(format!("{count} records are a {kind} '{name}', expected one"));
                continue;
            };
            self.record(told, seed.id.as_str(), &format!("{kind} '{}'", record.name), record);
        }
    }

    fn record(&mut self, told: &Told, id: &str, what: &str, expected: &Record) {
        let Some(end) = told.ends.get(id) else {
            self.0.push(format!("{what} has no end"));
            return;
        };
        if let Some(result) = &expected.result {
            self.same(&format!("the result of {what}"), result_word(end.result), result);
        }
        self.issue(what, end.issue.as_deref(), expected.issue.as_deref());
        if let Some(errors) = expected.errors {
            self.same(&format!("the errors of {what}"), &end.errors, &errors);
        }
        if let Some(warnings) = expected.warnings {
            self.same(&format!("the warnings of {what}"), &end.warnings, &warnings);
        }
        let lines = told.lines.get(id).map(Vec::as_slice).unwrap_or_default();
        if let Some(output) = &expected.output {
            let is: Vec<&str> = lines
                .iter()
                .filter(|line| line.stream != LogStream::System)
                .map(|line| line.text.as_str())
                .collect();
            self.same(&format!("the output of {what}"), &is, output);
        }
        for text in &expected.has {
            let holds = lines.iter().any(|line| line.text.contains(text));
            self.unless(holds, || format!("the log of {what} lacks {text:?}"));
        }
        for text in &expected.lacks {
            let holds = lines.iter().all(|line| !line.text.contains(text));
            self.unless(holds, || format!("the log of {what} has {text:?}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_folder_runs_as_it_claims() {
    let cases = cases().unwrap_or_else(|message| panic!("{message}"));
    let engine = crate::image::engine().await;
    if let Some(engine) = &engine {
        crate::image::steps(engine).await;
        if cases.iter().any(|(_, expected)| !expected.tasks.is_empty()) {
            crate::image::libraries(engine).await;
        }
    }
    let slots = Arc::new(Semaphore::new(SIDE_BY_SIDE));
    let mut running = JoinSet::new();
    for (folder, expected) in cases {
        for place in [Place::Host, Place::Container] {
            let is_meant = expected.only.as_deref().is_none_or(|only| only == place.word());
            let is_possible = match place {
                Place::Host => expected.needs.is_empty() || engine.is_some(),
                Place::Container => engine.is_some(),
            };
            if !(is_meant && is_possible) {
                continue;
            }
            let (slots, engine) = (Arc::clone(&slots), engine.clone());
            let (folder, expected) = (folder.clone(), expected.clone());
            running.spawn(async move {
                let _slot = slots.acquire_owned().await;
                let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let outcome = run_one(folder, expected, place, engine).await;
                outcome.err().map(|message| format!("{name} ({})\n    {message}", place.word()))
            });
        }
    }
    let mut wrong = Vec::new();
    let mut count = 0;
    while let Some(joined) = running.join_next().await {
        count += 1;
        match joined {
            Ok(found) => wrong.extend(found),
            Err(error) => wrong.push(format!("a folder died: {error}")),
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{} of {count} do not hold:\n{}", wrong.len(), wrong.join("\n"));
    println!("{count} folders ran as they claim");
}
