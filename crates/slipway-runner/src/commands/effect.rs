//! What a command leaves for later because it waits for the sink or the disk.
//!
//! Performed by `output` once the lines before it are on their way.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::attach::SUMMARY;
use crate::artifacts::publish_below;
use crate::error::{OnPath, RunnerError};
use crate::scope::lock;
use crate::sink::RunNote;
use crate::step_scope::StepScope;
use crate::tasks::run_within;
use crate::variables::Variable;
use crate::workspace::blocking;

/// How long a program may go on after it said that its task is done.
const DONE_PATIENCE: Duration = Duration::from_secs(5);

pub(crate) enum Effect {
    BuildNumber(String),
    Tag(String),
    Upload {
        name: String,
        /// Below the artifact.
        folder: Option<String>,
        path: PathBuf,
    },
    Attach {
        kind: String,
        name: String,
        file: PathBuf,
    },
    Note(RunNote),
    /// What a task does, done by command.
    Task {
        name: &'static str,
        version: u32,
        inputs: Vec<(&'static str, String)>,
    },
    /// `task.complete done=true`.
    Done,
}

pub(crate) async fn perform(step: &StepScope, effect: Effect) {
    let run = &step.job.run;
    let done = match effect {
        Effect::BuildNumber(number) => {
            lock(&run.number).clone_from(&number);
            lock(&step.job.variables).set(Variable::system("Build.BuildNumber", number.clone()));
            run.recorder.build_number(step.writer.mask(&number)).await;
            step.line(&format!("Build number updated to {number}")).await;
            Ok(())
        }
        Effect::Tag(tag) => {
            add_tag(step, &tag).await;
            Ok(())
        }
        Effect::Upload { name, folder, path } => {
            let folder = folder.as_deref().unwrap_or_default();
            publish_below(step, &name, folder, &path).await
        }
        Effect::Attach { kind, name, file } => attach(step, kind, name, &file).await,
        Effect::Note(note) => {
            run.recorder.note(&step.record, note).await;
            Ok(())
        }
        Effect::Task { name, version, inputs } => {
            let ended = run_within(step, (name, version), &inputs).await;
            ended.map(|result| step.note_completed(result))
        }
        Effect::Done => {
            step.note_done();
            let cancel = step.cancel.clone();
            // The token is this attempt's own: if the program has ended by then, nobody listens.
            tokio::spawn(async move {
                tokio::time::sleep(DONE_PATIENCE).await;
                cancel.cancel();
            });
            Ok(())
        }
    };
    if let Err(error) = done {
        step.fail(&error).await;
        step.note_broken_command();
    }
}

async fn add_tag(step: &StepScope, tag: &str) {
    let run = &step.job.run;
    let tags = {
        let mut tags = lock(&run.tags);
        tags.insert(step.writer.mask(tag));
        tags.iter().cloned().collect::<Vec<_>>().join(", ")
    };
    run.recorder.build_tag(step.writer.mask(tag)).await;
    let number = run.evidence.build_id;
    step.line(&format!("Build '{number}' has following tags now: {tags}")).await;
}

/// Copies the file to where it outlives the job. A summary is shown as it is, so it is masked here.
async fn attach(
    step: &StepScope,
    kind: String,
    name: String,
    file: &Path,
) -> Result<(), RunnerError> {
    let folder = step.job.run.attachment_folder().join(step.record.as_str());
    let target = folder.join(&kind).join(&name);
    let (from, to) = (file.to_owned(), target.clone());
    let masker = (kind == SUMMARY).then(|| step.writer.clone());
    blocking(move || {
        let parent = to.parent().unwrap_or(&to);
        std::fs::create_dir_all(parent).on("Creating", parent)?;
        match masker {
            Some(masker) => {
                let text = std::fs::read(&from).on("Reading", &from)?;
                let text = masker.mask(&String::from_utf8_lossy(&text));
                std::fs::write(&to, text).on("Writing", &to)
            }
            None => std::fs::copy(&from, &to).on("Copying", &from).map(drop),
        }
    })
    .await?;
    step.job
        .run
        .recorder
        .note(&step.record, RunNote::Attachment { kind, name, path: target })
        .await;
    Ok(())
}
