//! Events as rows: what happened to what, how often, when last.

use std::borrow::Cow;

use serde::Deserialize;
use slipway_core::KubeHealth;

use super::{Form, Meta, Row, Shape, Stamp, time};

pub(super) struct Events;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow, default)]
    r#type: Cow<'a, str>,
    #[serde(borrow, default)]
    reason: Cow<'a, str>,
    #[serde(borrow, default)]
    message: Cow<'a, str>,
    #[serde(borrow, default)]
    involved_object: Involved<'a>,
    #[serde(default)]
    count: Option<u32>,
    #[serde(default)]
    last_timestamp: Option<Stamp>,
    #[serde(default)]
    event_time: Option<Stamp>,
    #[serde(default)]
    series: Option<Series>,
}

#[derive(Default, Deserialize)]
struct Involved<'a> {
    #[serde(borrow, default)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    name: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Series {
    #[serde(default)]
    count: u32,
    #[serde(default)]
    last_observed_time: Option<Stamp>,
}

impl Shape for Events {
    const COLUMNS: &'static [(&'static str, Form)] = &[
        ("Last seen", Form::Time),
        ("Type", Form::Text),
        ("Reason", Form::Text),
        ("Object", Form::Text),
        ("Message", Form::Text),
        ("Count", Form::Number),
    ];
    type Object<'a> = Event<'a>;

    fn row(event: &Event<'_>) -> Row {
        let series = event.series.as_ref();
        let seen = series
            .and_then(|series| series.last_observed_time)
            .or(event.last_timestamp)
            .or(event.event_time)
            .or(event.metadata.creation_timestamp);
        let count = series.map(|series| series.count).or(event.count).unwrap_or(1).max(1);
        let state = if event.r#type == "Warning" { KubeHealth::Bad } else { KubeHealth::Plain };
        let cells = vec![
            time(seen.as_ref()),
            event.r#type.as_ref().into(),
            event.reason.as_ref().into(),
            format!("{}/{}", event.involved_object.kind, event.involved_object.name).into(),
            event.message.trim().into(),
            count.to_string().into(),
        ];
        Row::new(&event.metadata, cells, state)
    }

    fn version(event: &Event<'_>) -> String {
        event.metadata.resource_version.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_says_what_happened_to_what() {
        let text = r#"{"metadata":{"name":"web.1","creationTimestamp":"2026-01-01T00:00:00Z"},
            "type":"Warning","reason":"BackOff","message":"again\n","count":4,"lastTimestamp":null,
            "eventTime":"2026-01-01T00:00:01.500000Z","involvedObject":{"kind":"Pod","name":"web"}}"#;
        let row = Events::row(&serde_json::from_str(text).unwrap());
        let cells: Vec<&str> = row.cells.iter().map(|cell| &**cell).collect();
        assert_eq!(cells, ["1767225601500", "Warning", "BackOff", "Pod/web", "again", "4"]);
        assert_eq!(row.state, KubeHealth::Bad);
    }
}
