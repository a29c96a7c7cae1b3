//! Gestures on the canvas: what they change in the text, and what a copy holds.

use slipway_core::ProjectId;
use slipway_pipeline::document::{Gesture, Path};

use super::board::BoardView;
use super::{answer, request};

answer! {
    /// What a gesture comes to. Places count UTF-16 code units of the text that was sent.
    pub struct GestureView {
        /// What to replace, ascending; nothing when all was there already.
        pub changes: Vec<TextChangeView>,
        /// The nodes that were added, moved, renamed or changed, where they are now.
        pub select: Vec<String>,
        /// The canvas of the text afterwards.
        pub board: BoardView,
    }

    /// A replacement in a text.
    pub struct TextChangeView {
        pub start: u32,
        pub end: u32,
        pub text: String,
    }

    /// Nodes as they are written.
    pub struct CopiedView {
        pub yaml: String,
    }
}

request! {
    /// Makes a gesture on a text that need not be saved. Nothing is written to the file.
    pub struct PipelineGesture {
        pub project_id: ProjectId,
        pub text: String,
        pub gesture: Gesture,
    }

    /// Asks for nodes as they are written, to be pasted elsewhere.
    pub struct PipelineCopy {
        pub project_id: ProjectId,
        pub text: String,
        pub nodes: Vec<Path>,
    }
}
