//! Runs a planned pipeline on this machine with Azure's semantics.
//!
//! [`run`] takes a plan and two traits: a [`RunSink`] that keeps what happens and a [`RunHost`] that does what
//! only the house can do. [`catalog`] declares the tasks there are. Deliberately not here: reading the
//! pipeline file, SQL, git, Kubernetes, registries.
//!
//! From a line of YAML to the sink: `run` → `graph` → `stage` → `job` → `step` → `tasks` → `process` → `output` (and
//! `commands`) → `log` → `recorder`.

mod access_token;
mod archive;
mod artifacts;
mod cache;
mod checks;
mod choice;
mod commands;
mod container;
mod counters;
mod coverage;
mod deployment;
mod earlier;
mod error;
mod expression;
mod follow;
mod glob;
mod graph;
mod groups;
mod host;
mod job;
mod late;
mod log;
mod minimatch;
mod output;
mod pools;
mod post_job;
mod pre_job;
mod predefined;
mod process;
mod recorder;
mod repositories;
mod resources;
mod result;
mod results;
mod run;
mod scope;
mod sink;
mod skip;
mod stage;
mod step;
mod step_scope;
mod support;
mod sweep;
mod tasks;
mod timeline;
mod variables;
mod workspace;
mod xml;

pub use cache::{CacheEntry, CachePlace, cache_entries, remove_cache};
pub use checks::{Claim, Decision, ExclusiveLocks, HoursError, Question, check_hours};
pub use choice::{Choice, NOT_CHOSEN};
pub use container::{end_containers_of_run, runs_with_containers};
pub use earlier::{Earlier, EarlierJob, EarlierStage};
pub use error::RunnerError;
pub use host::{
    ArtifactsOfRun, ClusterTarget, DeployOrder, EnvironmentFacts, EnvironmentTarget, GroupVariable,
    HostError, ManifestText, RegistryTarget, RunChoice, RunHost, RunOfPipeline, StepLog, WantedRun,
};
pub use pools::{ForeignSystem, PoolPlace, PoolTable};
pub use predefined::{RunFacts, known_before_run};
pub use repositories::{CheckoutOrder, RepositoryAt, WantedRepository};
pub use run::{RunReport, RunRequest, run};
pub use sink::{
    DetailRecord, FileCoverage, LogLine, RecordSeed, RunNote, RunSink, SinkError, TestCase,
    TestOutcome,
};
pub use support::{Obstacle, Skip, SkipTarget, job_of, obstacles, unmapped, unsupported};
pub use sweep::end_strays_of_run;
pub use tasks::{
    Catalog, FolderTask, TaskFolder, TaskFolderError, catalog, is_native, read_task_folder,
};
