//! Gestures of the canvas on a text that is being written. The editor makes the changes; nothing is
//! saved here.

use slipway_pipeline::assist::board;
use slipway_pipeline::assist::position::{Units, from_utf16};
use slipway_pipeline::document::{Edit, Gesture, TextChange, copied, perform};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::assist::apart;
use crate::handlers::board::board_view;

/// What a gesture changes in the text.
pub async fn pipeline_gesture(
    app: &App,
    request: PipelineGesture,
) -> Result<GestureView, ApiError> {
    app.project(&request.project_id).await?;
    apart(move || {
        let text = &request.text;
        let made = perform(text, &in_bytes(text, request.gesture))?;
        let units = Units::new(text);
        let changes = made.changes.into_iter().map(|change| TextChangeView {
            start: units.before(change.start),
            end: units.before(change.end),
            text: change.text,
        });
        let new = made.document.text();
        Ok(GestureView {
            changes: changes.collect(),
            select: made.select.iter().map(ToString::to_string).collect(),
            board: board_view(new, board(new)),
        })
    })
    .await?
}

/// Nodes as they are written, with their comments.
pub async fn pipeline_copy(app: &App, request: PipelineCopy) -> Result<CopiedView, ApiError> {
    app.project(&request.project_id).await?;
    apart(move || Ok(CopiedView { yaml: copied(&request.text, &request.nodes)? })).await?
}

/// An edit of text comes in what editors count.
fn in_bytes(text: &str, gesture: Gesture) -> Gesture {
    match gesture {
        Gesture::Edit { edit: Edit::Text { changes } } => {
            let changes = changes.into_iter().map(|change| TextChange {
                start: from_utf16(text, change.start),
                end: from_utf16(text, change.end),
                text: change.text,
            });
            Gesture::Edit { edit: Edit::Text { changes: changes.collect() } }
        }
        other => other,
    }
}
