//! Writing out what is implicit: a file with only steps gets its job, one with only jobs its stage.
//!
//! Needed when a second job or stage is added. What was written moves further in, line by line.

use super::order::Level;
use crate::document::draft::Draft;
use crate::document::error::EditError;
use crate::document::extent::extent;
use crate::document::insert::insert_entry;
use crate::document::remove::remove;
use crate::document::render::{dedented, padded};
use crate::document::value::Value;

/// Keys of a file with only steps that belong to its job.
const OF_THE_JOB: [&str; 9] = [
    "container",
    "services",
    "workspace",
    "strategy",
    "continueOnError",
    "timeoutInMinutes",
    "cancelTimeoutInMinutes",
    "condition",
    "steps",
];

/// `steps:` becomes `jobs:` with one job.
pub(in crate::document) fn with_jobs(draft: &mut Draft) -> Result<(), EditError> {
    wrapped(draft, "job: Job", "jobs", &OF_THE_JOB)
}

/// `jobs:` becomes `stages:` with one stage.
pub(in crate::document) fn with_stages(draft: &mut Draft) -> Result<(), EditError> {
    wrapped(draft, "stage: Stage", "stages", &["jobs"])
}

fn wrapped(draft: &mut Draft, first: &str, key: &str, moved: &[&str]) -> Result<(), EditError> {
    let view = draft.view();
    let root = &view.root;
    if !root.is_block() {
        let why = "the file is written on one line";
        return Err(EditError::Layout { place: "/".to_owned(), why });
    }
    let mut lines = vec![format!("- {first}")];
    let mut position = None;
    for (index, child) in root.children.iter().enumerate() {
        if !child.key_text().is_some_and(|key| moved.contains(&key)) {
            continue;
        }
        // The body is the last of them, with the blank lines above it.
        position = Some(index);
        let own = extent(&view.lines, root, index);
        let column = view.lines.column(child.start);
        for line in view.lines.of(own.begin)..=view.lines.of(own.finish) {
            lines.push(padded(2, dedented(view.lines.line(line), column)));
        }
    }
    let body = Value::Yaml(lines.join("\n"));
    let position = position.or_else(|| Level::Root.position(root, key));
    let step = insert_entry(&view, &[], position, key, &body)?;
    drop(view);
    draft.take(step)?;
    loop {
        let view = draft.view();
        let is_moved = |key: &str| moved.contains(&key);
        let found =
            view.root.children.iter().position(|child| child.key_text().is_some_and(is_moved));
        let Some(index) = found else { return Ok(()) };
        let step = remove(&view, &[index])?;
        drop(view);
        draft.take(step)?;
    }
}
