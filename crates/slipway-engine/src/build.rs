//! Builds an image with the engine's classic builder.
//!
//! Called by the runner for `Docker@2 build` and `buildAndPush`. Deliberately not here: BuildKit
//! sessions, and pulling base images by ourselves (the engine does that as part of the build).

use std::collections::HashMap;
use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use bollard::models::BuildInfo;
use bollard::query_parameters::{BuildImageOptions, BuildImageOptionsBuilder};
use futures_util::{Stream, StreamExt};
use slipway_core::LogStream;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::call::translate;
use crate::context::BuildContext;
use crate::image::{is_progress, split_reference};
use crate::lines::{LineSplitter, now, send};
use crate::{BuildRequest, BuiltImage, Engine, EngineError, EngineLine};

/// The classic builder paints what a RUN step writes to stderr.
const STDERR_ON: &str = "\u{1b}[91m";
const STDERR_OFF: &str = "\u{1b}[0m";
/// How long the context's reader may take to end once its stream is dropped.
const READER_END: Duration = Duration::from_secs(5);

impl Engine {
    /// Builds an image and tags it. Lines arrive while the build goes on.
    ///
    /// Cancelling stops the build in the engine, too: it watches the connection.
    pub async fn build(
        &self,
        request: BuildRequest,
        lines: UnboundedSender<EngineLine>,
        cancel: &CancellationToken,
    ) -> Result<BuiltImage, EngineError> {
        let shown = request.context.join(&request.dockerfile);
        let doing = format!("building the image from {}", shown.display());
        let (root, dockerfile) = (request.context.clone(), request.dockerfile.clone());
        let opened = tokio::task::spawn_blocking(move || BuildContext::open(&root, &dockerfile));
        let context = opened.await.map_err(|error| EngineError::ContextUnreadable {
            context: request.context.clone(),
            reason: error.to_string(),
        })??;
        let building = Building { docker: self.streaming(), doing, lines };
        let run = building.run(&request, context);
        let image_id = tokio::select! {
            () = cancel.cancelled() => {
                return Err(EngineError::Cancelled { doing: building.doing.clone() });
            }
            built = run => built.map_err(|error| build_failed(error, &request))?,
        };
        for tag in request.tags.iter().skip(1) {
            let (repository, tag) = split_reference(tag);
            self.tag(&image_id, repository, tag).await?;
        }
        Ok(BuiltImage { image_id })
    }
}

/// What the engine says about the Dockerfile is the user's to read, word for word.
fn build_failed(error: EngineError, request: &BuildRequest) -> EngineError {
    match error {
        EngineError::Refused { message, .. } => {
            EngineError::BuildFailed { dockerfile: request.dockerfile.clone(), message }
        }
        other => other,
    }
}

struct Building {
    docker: Docker,
    doing: String,
    lines: UnboundedSender<EngineLine>,
}

impl Building {
    async fn run(
        &self,
        request: &BuildRequest,
        context: BuildContext,
    ) -> Result<String, EngineError> {
        let options = options_of(request, &context.dockerfile);
        let (chunks, reader) = context.stream();
        let chunks = futures_util::stream::unfold(chunks, |mut chunks| async move {
            chunks.recv().await.map(|chunk| (chunk, chunks))
        });
        let body = bollard::body_try_stream(chunks);
        let outcome = self.read(self.docker.build_image(options, None, Some(body))).await;
        if let Err(EngineError::EngineLost { .. }) = &outcome {
            // An unreadable file ends the upload, which looks like a lost engine from here.
            if let Ok(Ok(Err(unreadable))) = tokio::time::timeout(READER_END, reader).await {
                return Err(unreadable);
            }
        }
        outcome
    }

    async fn read(
        &self,
        answers: impl Stream<Item = Result<BuildInfo, Error>>,
    ) -> Result<String, EngineError> {
        let mut answers = std::pin::pin!(answers);
        let mut output = BuildOutput::new(&self.lines);
        let mut image_id = None;
        while let Some(answer) = answers.next().await {
            match answer {
                Ok(info) => {
                    output.take(&info);
                    image_id = info.aux.and_then(|aux| aux.id).or(image_id);
                }
                Err(error) => {
                    output.finish();
                    return Err(translate(&self.doing, error));
                }
            }
        }
        output.finish();
        image_id.ok_or_else(|| EngineError::EngineLost {
            doing: self.doing.clone(),
            detail: "It stopped answering before it named the image.".to_owned(),
        })
    }
}

fn options_of(request: &BuildRequest, dockerfile: &str) -> BuildImageOptions {
    let args: HashMap<String, String> = request.build_args.iter().cloned().collect();
    let labels: HashMap<String, String> = request.labels.iter().cloned().collect();
    let mut options = BuildImageOptionsBuilder::default()
        .dockerfile(dockerfile)
        .buildargs(&args)
        .labels(&labels)
        // A failed or cancelled build leaves no containers behind.
        .rm(true)
        .forcerm(true);
    if let Some(tag) = request.tags.first() {
        options = options.t(tag);
    }
    if let Some(target) = &request.target {
        options = options.target(target);
    }
    options.build()
}

/// Sorts the builder's chunks into lines of stdout and stderr.
struct BuildOutput<'a> {
    lines: &'a UnboundedSender<EngineLine>,
    stdout: LineSplitter,
    stderr: LineSplitter,
}

impl<'a> BuildOutput<'a> {
    fn new(lines: &'a UnboundedSender<EngineLine>) -> Self {
        Self {
            lines,
            stdout: LineSplitter::new(LogStream::Stdout),
            stderr: LineSplitter::new(LogStream::Stderr),
        }
    }

    fn take(&mut self, info: &BuildInfo) {
        let give = |line| drop(self.lines.send(line));
        if let Some(text) = &info.stream {
            match text.strip_prefix(STDERR_ON) {
                Some(painted) => {
                    let plain = painted.strip_suffix(STDERR_OFF).unwrap_or(painted);
                    self.stderr.push(plain.as_bytes(), now(), give);
                }
                None => self.stdout.push(text.as_bytes(), now(), give),
            }
        }
        // Pulling a base image reports a hundred times a second; its milestones are enough.
        if let Some(status) = &info.status
            && !is_progress(info.progress_detail.as_ref())
        {
            let text = match &info.id {
                Some(id) => format!("{id}: {status}"),
                None => status.clone(),
            };
            send(self.lines, LogStream::Stdout, text);
        }
    }

    fn finish(&mut self) {
        let give = |line| drop(self.lines.send(line));
        self.stdout.finish(give);
        self.stderr.finish(give);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn painted_chunks_are_stderr() {
        let (lines, mut got) = tokio::sync::mpsc::unbounded_channel();
        let mut output = BuildOutput::new(&lines);
        for text in ["Step 1/1 : RUN x\n", "\u{1b}[91mwarning\n\u{1b}[0m", "done"] {
            output.take(&BuildInfo { stream: Some(text.to_owned()), ..Default::default() });
        }
        output.finish();
        drop(lines);
        let mut seen = Vec::new();
        while let Ok(line) = got.try_recv() {
            seen.push((line.stream, line.text));
        }
        assert_eq!(
            seen,
            [
                (LogStream::Stdout, "Step 1/1 : RUN x".to_owned()),
                (LogStream::Stderr, "warning".to_owned()),
                (LogStream::Stdout, "done".to_owned()),
            ],
            "colours are how the classic builder marks stderr"
        );
    }
}
