//! What steps told by logging command, between the runner's words, the store's rows and the page's.
//!
//! Called by `run_sink` and the handlers of runs. Deliberately not here: carrying out a command.

use serde::{Deserialize, Serialize};
use slipway_core::{RecordId, RunId};
use slipway_runner::{DetailRecord, RunNote};
use slipway_store::RunNoteRow;

use crate::app::App;
use crate::dto::{
    AttachmentRequest, AttachmentText, AttachmentView, DetailView, LinkView, ProgressView,
    RunNotesView,
};
use crate::error::ApiError;

/// The type under which Azure keeps a summary.
const SUMMARY: &str = "Distributedtask.Core.Summary";
/// More of an attachment is not shown.
const SHOWN_BYTES: usize = 256 * 1024;

#[derive(Serialize, Deserialize)]
struct Attachment {
    kind: String,
    name: String,
    path: String,
}

#[derive(Serialize, Deserialize)]
struct Progress {
    percent: u8,
    operation: String,
}

#[derive(Serialize, Deserialize)]
struct Link {
    kind: String,
    location: String,
}

fn body(of: &impl Serialize) -> String {
    serde_json::to_string(of).unwrap_or_default()
}

/// A note as the store keeps it.
pub(crate) fn row(run: &RunId, step: &RecordId, note: RunNote) -> RunNoteRow {
    let record_id = step.to_string();
    let (kind, name, body) = match note {
        RunNote::Progress { percent, operation } => {
            ("progress", String::new(), body(&Progress { percent, operation }))
        }
        RunNote::Attachment { kind, name, path } => {
            let key = format!("{kind}/{name}");
            ("attachment", key, body(&Attachment { kind, name, path: path.display().to_string() }))
        }
        RunNote::Association { artifact, kind, location } => {
            ("link", artifact, body(&Link { kind, location }))
        }
        RunNote::Detail(detail) => {
            let told = body(&detail);
            ("detail", detail.id, told)
        }
    };
    RunNoteRow { run_id: run.clone(), kind: kind.to_owned(), record_id, name, body }
}

fn read<T: for<'a> Deserialize<'a>>(row: &RunNoteRow) -> Option<T> {
    serde_json::from_str(&row.body).ok()
}

impl App {
    /// What the steps of a run told, sorted by what it is.
    pub(crate) async fn run_notes_view(&self, run: &RunId) -> Result<RunNotesView, ApiError> {
        let mut view = RunNotesView::default();
        for row in self.store.run_notes(run).await? {
            let record_id = RecordId::new(row.record_id.clone());
            match row.kind.as_str() {
                "progress" => {
                    view.progress.extend(read::<Progress>(&row).map(|found| ProgressView {
                        record_id,
                        percent: found.percent,
                        operation: found.operation,
                    }));
                }
                "attachment" => {
                    view.attachments.extend(read::<Attachment>(&row).map(|found| AttachmentView {
                        record_id,
                        is_summary: found.kind == SUMMARY,
                        kind: found.kind,
                        name: found.name,
                        path: found.path,
                    }));
                }
                "link" => view.links.extend(read::<Link>(&row).map(|found| LinkView {
                    name: row.name.clone(),
                    kind: found.kind,
                    location: found.location,
                })),
                "detail" => {
                    view.details.extend(read::<DetailRecord>(&row).map(|found| DetailView {
                        record_id,
                        id: found.id,
                        parent_id: found.parent_id,
                        kind: found.kind,
                        name: found.name,
                        order: found.order,
                        started_at: found.started_at,
                        finished_at: found.finished_at,
                        progress: found.progress,
                        state: found.state,
                        result: found.result,
                        message: found.message,
                    }))
                }
                _ => {}
            }
        }
        view.details.sort_by_key(|detail| detail.order);
        Ok(view)
    }

    /// The text of a file that a step attached.
    pub(crate) async fn attachment_text(
        &self,
        request: AttachmentRequest,
    ) -> Result<AttachmentText, ApiError> {
        let run = self.run_row(&request.run_id).await?;
        let missing = |why: &str| {
            ApiError::refused(
                "attachment_missing",
                format!("The attachment '{}' of run {} {why}.", request.name, run.number),
            )
        };
        let key = format!("{}/{}", request.kind, request.name);
        let rows = self.store.run_notes(&run.id).await?;
        let row = rows.iter().find(|row| {
            row.kind == "attachment"
                && row.record_id == request.record_id.as_str()
                && row.name == key
        });
        let found = row.and_then(read::<Attachment>).ok_or_else(|| missing("is not known"))?;
        let bytes = tokio::fs::read(&found.path).await;
        let bytes = bytes.map_err(|_| missing("is no longer on disk"))?;
        let is_cut = bytes.len() > SHOWN_BYTES;
        let shown = bytes.get(..SHOWN_BYTES).unwrap_or(&bytes);
        Ok(AttachmentText { text: String::from_utf8_lossy(shown).into_owned(), is_cut })
    }
}
