//! Pushes, pulls, tags, looks at and removes images.
//!
//! Called by the runner (push) and the local deployment target (pull, image). Deliberately not
//! here: reading a registry (slipway-registry does), remembering credentials.

use std::time::Duration;

use bollard::auth::DockerCredentials;
use bollard::errors::Error;
use bollard::models::{ImageInspect, ProgressDetail};
use bollard::query_parameters::{
    CreateImageOptionsBuilder, PushImageOptionsBuilder, RemoveImageOptionsBuilder,
    TagImageOptionsBuilder,
};
use futures_util::{Stream, StreamExt};
use slipway_core::{Digest, LogStream};
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::call::{ANSWER_LIMIT, limited, status, timed_out, translate};
use crate::lines::send;
use crate::{Engine, EngineError, EngineLine, ImageFacts, PushReport, RegistryLogin};

/// A transfer that reports nothing for so long has died.
const SILENCE_LIMIT: Duration = Duration::from_secs(300);

impl Engine {
    /// Pushes a reference such as `127.0.0.1:5210/shop/api:12` to the registry that it names.
    pub async fn push(
        &self,
        reference: &str,
        lines: UnboundedSender<EngineLine>,
        cancel: &CancellationToken,
    ) -> Result<PushReport, EngineError> {
        self.push_as(reference, None, lines, cancel).await
    }

    /// Pushes with a login; see [`Engine::push`].
    pub async fn push_as(
        &self,
        reference: &str,
        login: Option<&RegistryLogin>,
        lines: UnboundedSender<EngineLine>,
        cancel: &CancellationToken,
    ) -> Result<PushReport, EngineError> {
        let doing = format!("pushing {reference}");
        let (repository, tag) = split_reference(reference);
        let options = PushImageOptionsBuilder::default().tag(tag).build();
        let docker = self.streaming();
        let answers = docker
            .push_image(repository, Some(options), login.map(|login| credentials(reference, login)))
            .map(|answer| answer.map(|info| (None, info.status, info.progress_detail)));
        let mut report = PushReport { digest: None, size: None };
        let reading = read_transfer(&doing, answers, &lines, |status| {
            if let Some((digest, size)) = pushed_digest(status) {
                report = PushReport { digest: Some(digest), size };
            }
        });
        let outcome = tokio::select! {
            () = cancel.cancelled() => return Err(EngineError::Cancelled { doing }),
            outcome = reading => outcome,
        };
        match outcome {
            Ok(()) => Ok(report),
            Err(error) => Err(match status(&error) {
                // Docker streams this refusal, Podman answers 404.
                Some((status, message))
                    if status == 404 || message.contains("does not exist locally") =>
                {
                    EngineError::ImageMissing { reference: reference.to_owned() }
                }
                Some((_, message)) => EngineError::PushFailed {
                    reference: reference.to_owned(),
                    message: message.to_owned(),
                },
                None => error,
            }),
        }
    }

    /// Gives an image one more name.
    pub async fn tag(&self, image: &str, repository: &str, tag: &str) -> Result<(), EngineError> {
        let doing = format!("tagging {image} as {repository}:{tag}");
        let options = TagImageOptionsBuilder::default().repo(repository).tag(tag).build();
        let call = self.docker().tag_image(image, Some(options));
        limited(&doing, ANSWER_LIMIT, call).await.map_err(|error| match status(&error) {
            Some((404, _)) => EngineError::ImageMissing { reference: image.to_owned() },
            _ => error,
        })
    }

    /// Fetches an image, best by digest. Drop the future to give up.
    pub async fn pull(
        &self,
        reference: &str,
        lines: UnboundedSender<EngineLine>,
    ) -> Result<(), EngineError> {
        self.pull_as(reference, None, lines).await
    }

    /// Fetches with a login; see [`Engine::pull`].
    pub async fn pull_as(
        &self,
        reference: &str,
        login: Option<&RegistryLogin>,
        lines: UnboundedSender<EngineLine>,
    ) -> Result<(), EngineError> {
        let doing = format!("pulling {reference}");
        let (repository, tag) = split_reference(reference);
        let options = CreateImageOptionsBuilder::default().from_image(repository).tag(tag).build();
        let docker = self.streaming();
        let answers = docker
            .create_image(Some(options), None, login.map(|login| credentials(reference, login)))
            .map(|answer| answer.map(|info| (info.id, info.status, info.progress_detail)));
        let outcome = read_transfer(&doing, answers, &lines, |_| ()).await;
        outcome.map_err(|error| match status(&error) {
            Some((_, message)) => EngineError::PullFailed {
                reference: reference.to_owned(),
                message: message.to_owned(),
            },
            None => error,
        })
    }

    /// Looks at an image by reference or id; `None` if the engine does not have it.
    pub async fn image(&self, reference: &str) -> Result<Option<ImageFacts>, EngineError> {
        let doing = format!("looking at the image {reference}");
        let call = self.docker().inspect_image(reference);
        match limited(&doing, ANSWER_LIMIT, call).await {
            Ok(image) => Ok(Some(image_facts(image))),
            Err(EngineError::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes a name away, and the image with its last name. An image that is gone is no error.
    pub async fn remove_image(&self, reference: &str) -> Result<(), EngineError> {
        let doing = format!("removing the image {reference}");
        let options = RemoveImageOptionsBuilder::default().build();
        let call = self.docker().remove_image(reference, Some(options), None);
        let gone = limited(&doing, ANSWER_LIMIT, call).await.map(drop);
        crate::call::already(gone, &[404])
    }
}

/// Repository and tag (or digest) of a reference; without either the tag is `latest`.
pub(crate) fn split_reference(reference: &str) -> (&str, &str) {
    if let Some((repository, digest)) = reference.split_once('@') {
        return (repository, digest);
    }
    match reference.rsplit_once(':') {
        // A colon before the last slash belongs to the registry's port.
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (reference, "latest"),
    }
}

/// True for the reports that only move a bar.
pub(crate) fn is_progress(detail: Option<&ProgressDetail>) -> bool {
    detail.is_some_and(|detail| detail.current.is_some())
}

fn credentials(reference: &str, login: &RegistryLogin) -> DockerCredentials {
    DockerCredentials {
        username: Some(login.username.clone()),
        password: Some(login.password.clone()),
        serveraddress: reference.split('/').next().map(str::to_owned),
        ..Default::default()
    }
}

type Report = (Option<String>, Option<String>, Option<ProgressDetail>);

async fn read_transfer(
    doing: &str,
    answers: impl Stream<Item = Result<Report, Error>>,
    lines: &UnboundedSender<EngineLine>,
    mut seen: impl FnMut(&str),
) -> Result<(), EngineError> {
    let mut answers = std::pin::pin!(answers);
    loop {
        let answer = tokio::time::timeout(SILENCE_LIMIT, answers.next()).await;
        let Some(answer) = answer.map_err(|_| timed_out(doing, SILENCE_LIMIT))? else {
            return Ok(());
        };
        let (id, status, progress) = answer.map_err(|error| translate(doing, error))?;
        let Some(status) = status else { continue };
        seen(&status);
        if is_progress(progress.as_ref()) || matches!(status.as_str(), "Preparing" | "Waiting") {
            continue;
        }
        let text = id.map_or(status.clone(), |id| format!("{id}: {status}"));
        send(lines, LogStream::Stdout, text);
    }
}

/// Reads `latest: digest: sha256:… size: 528`, the engine's last word on a push. The same stands in
/// `aux`, which bollard 0.21 does not show for pushes.
fn pushed_digest(status: &str) -> Option<(Digest, Option<i64>)> {
    let (_, rest) = status.split_once("digest: ")?;
    let mut words = rest.split_whitespace();
    let digest = Digest::parse(words.next()?).ok()?;
    let size = (words.next() == Some("size:")).then(|| words.next()?.parse().ok()).flatten();
    Some((digest, size))
}

fn image_facts(image: ImageInspect) -> ImageFacts {
    let config = image.config.unwrap_or_default();
    let mut exposed_ports: Vec<u16> = config
        .exposed_ports
        .unwrap_or_default()
        .iter()
        .filter_map(|port| port.strip_suffix("/tcp").unwrap_or(port).parse().ok())
        .collect();
    exposed_ports.sort_unstable();
    ImageFacts {
        id: image.id.unwrap_or_default(),
        repo_digests: image.repo_digests.unwrap_or_default(),
        repo_tags: image.repo_tags.unwrap_or_default(),
        size_bytes: image.size.unwrap_or_default(),
        architecture: image.architecture.unwrap_or_default(),
        os: image.os.unwrap_or_default(),
        exposed_ports,
        labels: config.labels.unwrap_or_default().into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_no_tag() {
        assert_eq!(split_reference("127.0.0.1:5210/a/b:12"), ("127.0.0.1:5210/a/b", "12"));
        assert_eq!(split_reference("127.0.0.1:5210/a"), ("127.0.0.1:5210/a", "latest"));
        assert_eq!(split_reference("a@sha256:00"), ("a", "sha256:00"));
    }

    #[test]
    fn the_digest_stands_in_the_last_status() {
        let hex = "0a".repeat(32);
        let (digest, size) = pushed_digest(&format!("12: digest: sha256:{hex} size: 528")).unwrap();
        assert_eq!(digest.as_str(), format!("sha256:{hex}"));
        assert_eq!(size, Some(528));
        assert_eq!(pushed_digest("Pushed"), None);
    }
}
