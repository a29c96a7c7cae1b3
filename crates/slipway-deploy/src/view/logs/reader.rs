//! Reads the log of one container: what is there, and what comes after the last line that was seen.

use std::sync::Arc;

use futures_util::io::AsyncBufReadExt as _;
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use kube::api::{Api, LogParams};

use super::{LogsWanted, MOST_BYTES};
use crate::DeployError;
use crate::cluster::connect::answered;
use crate::view::Cluster;

/// A longer line is cut: nobody reads it, and it would fill the memory.
const LONGEST_LINE: usize = 64 << 10;

/// Whose lines they are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) pod: String,
    pub(super) container: String,
}

/// A line, and when it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: Option<Timestamp>,
    pub(super) text: Box<str>,
}

/// One life of a container.
pub(super) struct Source {
    place: Arc<Place>,
    restart_count: i32,
    /// The container was read before it started again.
    is_restarted: bool,
    last: Option<Timestamp>,
}

impl Source {
    pub(super) fn new(pod: &str, container: &ContainerStatus, is_restarted: bool) -> Self {
        let place = Place { pod: pod.to_owned(), container: container.name.clone() };
        let restart_count = container.restart_count;
        Self { place: Arc::new(place), restart_count, is_restarted, last: None }
    }

    pub(super) fn place(&self) -> Arc<Place> {
        self.place.clone()
    }

    pub(super) fn shown(&self) -> String {
        format!("{}/{}", self.place.pod, self.place.container)
    }

    pub(super) fn seen(&mut self, at: Option<Timestamp>) {
        self.last = self.last.max(at);
    }
}

/// What a container has written, as much of it as is wanted.
pub(super) async fn there(
    cluster: &Cluster,
    wanted: &LogsWanted,
    source: &Source,
) -> Result<Vec<Line>, DeployError> {
    let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &wanted.namespace);
    let parameters = LogParams {
        container: Some(source.place.container.clone()),
        previous: wanted.is_previous,
        tail_lines: Some(i64::from(wanted.tail)),
        since_seconds: wanted.since_seconds.map(i64::from),
        limit_bytes: Some(MOST_BYTES),
        timestamps: true,
        ..LogParams::default()
    };
    let text = answered(api.logs(&source.place.pod, &parameters)).await;
    let text = text.map_err(|error| failed(cluster, source, error))?;
    Ok(text.lines().map(line).collect())
}

/// Reads on until the stream ends; each line that is new is handed over.
pub(super) async fn follow(
    cluster: &Cluster,
    wanted: &LogsWanted,
    source: &mut Source,
    taken: impl Fn(Line),
) -> Result<(), DeployError> {
    let api: Api<Pod> = Api::namespaced(cluster.client.clone(), &wanted.namespace);
    let resumed = source.last;
    let is_from_start = source.is_restarted || source.last.is_some();
    let parameters = LogParams {
        container: Some(source.place.container.clone()),
        follow: true,
        tail_lines: (!is_from_start).then_some(i64::from(wanted.tail)),
        since_time: source.last,
        timestamps: true,
        ..LogParams::default()
    };
    let opened = answered(api.log_stream(&source.place.pod, &parameters)).await;
    let lines = opened.map_err(|error| failed(cluster, source, error))?;
    let mut lines = std::pin::pin!(lines);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = lines.as_mut().read_until(b'\n', &mut bytes).await;
        let read = read.map_err(|error| failed(cluster, source, kube::Error::ReadEvents(error)))?;
        if read == 0 {
            return Ok(());
        }
        let found = line(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
        // The server begins at whole seconds, so the first ones may have been seen.
        if found.at.is_some() && found.at <= resumed {
            continue;
        }
        source.seen(found.at);
        taken(found);
    }
}

/// Whether the same life of the container goes on.
pub(super) async fn is_going_on(
    cluster: &Cluster,
    namespace: &str,
    source: &Source,
) -> Result<bool, DeployError> {
    let api: Api<Pod> = Api::namespaced(cluster.client.clone(), namespace);
    let pod = answered(api.get_opt(&source.place.pod)).await;
    let pod = pod.map_err(|error| failed(cluster, source, error))?;
    let Some(status) = pod.and_then(|pod| pod.status) else { return Ok(false) };
    let lists = [status.init_container_statuses, status.container_statuses];
    let mut all = lists.into_iter().flatten().flatten();
    Ok(all.any(|one| {
        one.name == source.place.container
            && one.restart_count == source.restart_count
            && one.state.is_some_and(|state| state.running.is_some())
    }))
}

fn failed(cluster: &Cluster, source: &Source, error: kube::Error) -> DeployError {
    cluster.failed(&format!("reading the log of {}", source.shown()), error)
}

/// A line with the time that the kubelet put before it.
fn line(text: &str) -> Line {
    let (at, rest) = match text.split_once(' ') {
        Some((time, rest)) => (time.parse::<Timestamp>().ok(), rest),
        None => (text.parse::<Timestamp>().ok(), ""),
    };
    let text = if at.is_some() { rest } else { text };
    let mut end = text.len().min(LONGEST_LINE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Line { at, text: text[..end].into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_follows_its_time() {
        let read = line("2026-01-01T00:00:00.5Z GET / 200");
        assert_eq!(&*read.text, "GET / 200");
        assert_eq!(read.at.map(|time| time.as_millisecond()), Some(1_767_225_600_500));
        assert_eq!(&*line("no time here").text, "no time here");
        assert_eq!(&*line("2026-01-01T00:00:00Z").text, "", "an empty line has only its time");
        assert_eq!(line(&"ü".repeat(LONGEST_LINE)).text.len(), LONGEST_LINE);
    }
}
