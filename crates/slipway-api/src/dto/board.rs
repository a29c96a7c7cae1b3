//! The pipeline file as the canvas shows it, and what is written at a place of it.

use slipway_core::ProjectId;

use super::{answer, request};

answer! {
    /// A pipeline file as it is written. Places count UTF-16 code units of the whole text.
    pub struct BoardView {
        pub level: BoardLevelWord,
        pub nodes: Vec<BoardNodeView>,
    }

    /// What is written at the top; `empty` for none of these yet.
    #[derive(Eq, Copy)]
    pub enum BoardLevelWord { Stages, Jobs, Steps, Extends, Empty }

    /// What a node is.
    #[derive(Eq, Copy)]
    pub enum BoardKindWord { Stage, Job, Deployment, Hook, Step, Template, Extends, Directive }

    /// A stage, job, hook, step, template or directive.
    pub struct BoardNodeView {
        pub kind: BoardKindWord,
        /// Where it is written, for gestures; empty for what only a plan has.
        pub path: String,
        /// Its name; of a template its file, of a directive its word.
        pub name: String,
        pub display_name: String,
        /// Of a step what it runs; of a directive what stands behind its word.
        pub detail: String,
        /// Of a step its keyword, such as `task`; of a deployment its strategy.
        pub keyword: String,
        pub condition: String,
        /// As it is written; none if nothing is.
        pub depends_on: Option<Vec<String>>,
        /// Legs of a matrix by name; `parallel` is one, named by its number.
        pub legs: Vec<String>,
        pub is_enabled: bool,
        pub start: u32,
        pub end: u32,
        /// 1-based.
        pub line: u32,
        /// Another file that it comes from.
        pub file: Option<String>,
        pub children: Vec<BoardNodeView>,
    }

    /// What is written at a place, or why that cannot be said.
    pub struct PipelineNodeView {
        pub written: Option<WrittenView>,
        pub problem: Option<String>,
    }

    /// A value as it is written.
    pub struct WrittenView {
        pub path: String,
        pub form: WrittenFormWord,
        /// Of a text: without quotes and indentation.
        pub text: String,
        pub start: u32,
        pub end: u32,
        /// 1-based.
        pub line: u32,
        /// Of a mapping or list, in order.
        pub entries: Vec<WrittenEntryView>,
    }

    /// An entry of a mapping, or an item of a list, which has no key.
    pub struct WrittenEntryView {
        pub key: Option<String>,
        pub value: WrittenView,
    }

    /// What a value is.
    #[derive(Eq, Copy)]
    pub enum WrittenFormWord { Map, List, Text, Nothing }
}

request! {
    /// Asks for the canvas of a text that need not be saved.
    pub struct PipelineBoard {
        pub project_id: ProjectId,
        pub text: String,
    }

    /// Asks what is written at a place; an empty path is the whole file.
    pub struct PipelineNode {
        pub project_id: ProjectId,
        pub text: String,
        pub path: String,
    }
}
