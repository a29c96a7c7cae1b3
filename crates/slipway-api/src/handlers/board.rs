//! The canvas's questions about a pipeline that is being written.

use slipway_pipeline::assist::position::{LineIndex, Units};
use slipway_pipeline::assist::{Board, BoardKind, BoardLevel, BoardNode, BoardWaits, board};
use slipway_pipeline::document::{Path, Written, WrittenForm, written};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::assist::apart;

/// Stages, jobs and steps as they are written.
pub async fn pipeline_board(app: &App, request: PipelineBoard) -> Result<BoardView, ApiError> {
    app.project(&request.project_id).await?;
    apart(move || board_view(&request.text, board(&request.text))).await
}

/// What is written at a place.
pub async fn pipeline_node(app: &App, request: PipelineNode) -> Result<PipelineNodeView, ApiError> {
    app.project(&request.project_id).await?;
    apart(move || {
        let text = &request.text;
        let found = Path::parse(&request.path).and_then(|path| written(text, &path));
        match found {
            Ok(found) => {
                let places = Places::new(text);
                PipelineNodeView { written: Some(places.written(found)), problem: None }
            }
            Err(error) => PipelineNodeView { written: None, problem: Some(error.to_string()) },
        }
    })
    .await
}

/// A board with its places as editors count them.
pub(crate) fn board_view(text: &str, board: Board) -> BoardView {
    let places = Places::new(text);
    BoardView {
        level: match board.level {
            BoardLevel::Stages => BoardLevelWord::Stages,
            BoardLevel::Jobs => BoardLevelWord::Jobs,
            BoardLevel::Steps => BoardLevelWord::Steps,
            BoardLevel::Extends => BoardLevelWord::Extends,
            BoardLevel::Empty => BoardLevelWord::Empty,
        },
        nodes: board.nodes.into_iter().map(|node| places.node(node)).collect(),
    }
}

struct Places<'t> {
    text: &'t str,
    lines: LineIndex,
    units: Units<'t>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, lines: LineIndex::new(text), units: Units::new(text) }
    }

    fn line(&self, offset: usize) -> u32 {
        self.lines.position(self.text, offset).line + 1
    }

    // The depth is that of the file's indentation.
    fn node(&self, node: BoardNode) -> BoardNodeView {
        BoardNodeView {
            kind: match node.kind {
                BoardKind::Stage => BoardKindWord::Stage,
                BoardKind::Job => BoardKindWord::Job,
                BoardKind::Deployment => BoardKindWord::Deployment,
                BoardKind::Hook => BoardKindWord::Hook,
                BoardKind::Step => BoardKindWord::Step,
                BoardKind::Template => BoardKindWord::Template,
                BoardKind::Extends => BoardKindWord::Extends,
                BoardKind::Directive => BoardKindWord::Directive,
            },
            path: node.path.to_string(),
            name: node.name,
            display_name: node.display_name,
            detail: node.detail,
            keyword: node.keyword.to_owned(),
            condition: node.condition,
            depends_on: match node.waits {
                BoardWaits::Unsaid => None,
                BoardWaits::For(names) => Some(names),
            },
            legs: node.legs,
            is_enabled: node.is_enabled,
            start: self.units.before(node.range.start),
            end: self.units.before(node.range.end),
            line: self.line(node.range.start),
            file: None,
            children: node.children.into_iter().map(|child| self.node(child)).collect(),
        }
    }

    // The depth is limited by the reader of the tree.
    fn written(&self, written: Written) -> WrittenView {
        let entry = |entry: slipway_pipeline::document::WrittenEntry| WrittenEntryView {
            key: entry.key,
            value: self.written(entry.value),
        };
        WrittenView {
            path: written.path.to_string(),
            form: match written.form {
                WrittenForm::Map => WrittenFormWord::Map,
                WrittenForm::List => WrittenFormWord::List,
                WrittenForm::Text => WrittenFormWord::Text,
                WrittenForm::Nothing => WrittenFormWord::Nothing,
            },
            text: written.text,
            start: self.units.before(written.range.start),
            end: self.units.before(written.range.end),
            line: self.line(written.range.start),
            entries: written.entries.into_iter().map(entry).collect(),
        }
    }
}
