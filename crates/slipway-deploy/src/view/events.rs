//! What the cluster noted, newest first; the same said again is counted, not repeated.

use std::collections::HashMap;

use k8s_openapi::api::core::v1::Event;
use kube::api::{Api, ListParams};
use slipway_core::{KubeEventView, KubeRef};

use super::{Cluster, ViewError};
use crate::DeployError;
use crate::cluster::connect::answered;

/// The most events that are looked at: the API has no order of time, so all are read before the newest are known.
const MOST: usize = 20_000;
const PAGE: u32 = 500;

/// The newest events of a namespace; an empty one is all of them.
pub(super) async fn newest(
    cluster: &Cluster,
    namespace: &str,
    limit: usize,
) -> Result<Vec<KubeEventView>, ViewError> {
    let mut found = list(cluster, namespace, ListParams::default()).await?;
    found.truncate(limit);
    Ok(found)
}

/// Events about one object.
pub(super) async fn about(
    cluster: &Cluster,
    namespace: &str,
    uid: &str,
) -> Result<Vec<KubeEventView>, DeployError> {
    let wanted = ListParams::default().fields(&format!("involvedObject.uid={uid}"));
    list(cluster, namespace, wanted).await
}

async fn list(
    cluster: &Cluster,
    namespace: &str,
    wanted: ListParams,
) -> Result<Vec<KubeEventView>, DeployError> {
    let client = cluster.client.clone();
    let api: Api<Event> =
        if namespace.is_empty() { Api::all(client) } else { Api::namespaced(client, namespace) };
    let mut wanted = wanted.limit(PAGE);
    let mut found = Vec::new();
    loop {
        let page = answered(api.list(&wanted)).await;
        let page = page.map_err(|error| cluster.failed("listing events", error))?;
        found.extend(page.items);
        match page.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) if found.len() < MOST => wanted = wanted.continue_token(&token),
            _ => break,
        }
    }
    Ok(folded(found))
}

/// Each thing once, newest first.
fn folded(events: Vec<Event>) -> Vec<KubeEventView> {
    let mut found: HashMap<_, KubeEventView> = HashMap::new();
    for event in events {
        let view = view(event);
        let key = (
            view.object.kind.clone(),
            view.object.namespace.clone(),
            view.object.name.clone(),
            view.reason.clone(),
            view.message.clone(),
        );
        match found.get_mut(&key) {
            Some(known) => {
                known.count = known.count.saturating_add(view.count);
                known.at = known.at.max(view.at);
            }
            None => {
                found.insert(key, view);
            }
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.object.name.cmp(&b.object.name)));
    found
}

fn view(event: Event) -> KubeEventView {
    let series = event.series.as_ref();
    let at = series
        .and_then(|series| series.last_observed_time.as_ref().map(|time| time.0))
        .or(event.last_timestamp.as_ref().map(|time| time.0))
        .or(event.event_time.as_ref().map(|time| time.0))
        .or(event.metadata.creation_timestamp.as_ref().map(|time| time.0));
    let count = series.and_then(|series| series.count).or(event.count).unwrap_or(1);
    let component = event.source.and_then(|source| source.component);
    let object = event.involved_object;
    KubeEventView {
        at: at.map_or(0, |time| time.as_millisecond()),
        kind: event.type_.unwrap_or_else(|| "Normal".to_owned()),
        reason: event.reason.unwrap_or_default(),
        message: event.message.unwrap_or_default().trim().to_owned(),
        object: KubeRef {
            api_version: object.api_version.unwrap_or_default(),
            kind: object.kind.unwrap_or_default(),
            name: object.name.unwrap_or_default(),
            namespace: object.namespace.unwrap_or_default(),
        },
        count: u32::try_from(count).unwrap_or(1).max(1),
        source: component.or(event.reporting_component).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, reason: &str, at: &str, count: i32) -> Event {
        serde_json::from_value(serde_json::json!({
            "metadata": {"name": format!("{name}.{at}.{count}")},
            "involvedObject": {"kind": "Pod", "name": name, "namespace": "shop"},
            "reason": reason, "message": "again", "count": count, "lastTimestamp": at,
        }))
        .unwrap()
    }

    #[test]
    fn the_same_is_counted_and_the_newest_is_first() {
        let folded = folded(vec![
            event("web", "BackOff", "2026-01-01T00:00:01Z", 2),
            event("db", "Started", "2026-01-01T00:00:02Z", 1),
            event("web", "BackOff", "2026-01-01T00:00:03Z", 3),
        ]);
        let shown: Vec<_> =
            folded.iter().map(|event| (event.object.name.as_str(), event.count)).collect();
        assert_eq!(shown, [("web", 5), ("db", 1)]);
        assert_eq!(folded[0].kind, "Normal", "no type is a normal one");
    }
}
