//! SQLite: migrations and one module per table.
//!
//! Two files in a data folder: `slipway.db` (everything the thread is made of) and `telemetry.db`
//! (what applications send, which grows and is thrown away). `slipway-api` calls it. Every method
//! that writes answers after its commit: what it acknowledged survives the end of the process.
//! Deliberately not here: what the rows mean, and telemetry's own formats.

mod approval;
mod artifact;
mod cell;
mod commit_fact;
mod counter;
mod coverage;
mod database;
mod deployment;
mod deployment_beside;
mod deployment_record;
mod environment;
mod environment_check;
mod environment_hold;
mod error;
mod find;
mod history;
mod interrupt;
mod lock;
mod log_chunk;
mod log_line;
mod log_search;
mod pipeline_variable;
mod pool_mapping;
mod project;
mod pushed_image;
mod record;
mod repository_mapping;
mod run;
mod run_attempt;
mod run_choice;
mod run_note;
mod run_skip;
mod secure_file;
mod setting;
mod store;
mod task_folder;
mod telemetry;
mod test_case;
mod variable_group;
mod work_item;
mod work_item_event;

pub use approval::ApprovalRow;
pub use artifact::ArtifactRow;
pub use commit_fact::CommitRow;
pub use coverage::{CoverageRow, CoverageTotals};
pub use deployment::{DeploymentProgress, DeploymentRow};
pub use deployment_record::{DeploymentLineRow, DeploymentManifestRow};
pub use environment::EnvironmentRow;
pub use environment_check::{EnvironmentCheckRow, EnvironmentTargetRow};
pub use environment_hold::EnvironmentHoldRow;
pub use error::StoreError;
pub use find::Found;
pub use history::HistoryRow;
pub use lock::{DataFolderLock, LockOwner};
pub use log_line::RecordChange;
pub use log_search::{LogMatches, LogSearch};
pub use pipeline_variable::{PipelineVariableRow, RunInputRow};
pub use pool_mapping::PoolMappingRow;
pub use project::ProjectRow;
pub use record::{RecordProgress, RecordRow};
pub use repository_mapping::RepositoryMappingRow;
pub use run::{RunProgress, RunRow};
pub use run_attempt::{JobOutput, RunAttemptRow, RunMarks};
pub use run_choice::RunChoiceRow;
pub use run_note::RunNoteRow;
pub use secure_file::SecureFileRow;
pub use store::{Store, StoreOptions};
pub use telemetry::{
    AvailabilityPoint, ExceptionGroupRow, IntakeCounts, IntakeDelta, RequestPoint, StoredItem,
    TelemetryCounts, TelemetryKind, TelemetryRange, TelemetryRow,
};
pub use test_case::{TestCaseRow, TestCounts, TestOutcome};
pub use variable_group::{GroupOrigin, GroupVariableRow, VariableGroupRow};
pub use work_item::{NewWorkItem, WorkItemChange, WorkItemRow};
pub use work_item_event::WorkItemEventRow;
