//! Tables as the API server makes them: kubectl's columns for every kind, printer columns for custom ones.
//!
//! A server that does not make tables answers with the objects, of which name and age are shown.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use slipway_core::{KubeColumn, KubeHealth};

use super::{
    Change, Form, Holds, ListMeta, Meta, OnlyMeta, Page, Row, Shown, Word, changed, failed, time,
};

pub(super) const ACCEPT: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Table<'a> {
    #[serde(default)]
    metadata: ListMeta,
    #[serde(borrow, default)]
    column_definitions: Option<Vec<Definition<'a>>>,
    #[serde(borrow, default)]
    rows: Option<Vec<TableRow<'a>>>,
    /// Of a list that is no table.
    #[serde(borrow, default)]
    items: Option<Vec<OnlyMeta<'a>>>,
}

#[derive(Deserialize)]
struct Definition<'a> {
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    r#type: Cow<'a, str>,
    /// Above 0 is what kubectl shows only with `-o wide`.
    #[serde(default)]
    priority: i32,
}

#[derive(Deserialize)]
struct TableRow<'a> {
    #[serde(default)]
    cells: Vec<Value>,
    #[serde(borrow)]
    object: OnlyMeta<'a>,
}

impl Shown {
    /// Takes the columns that a table of the server says, if it says any.
    fn learn(&mut self, definitions: Option<&[Definition<'_>]>) {
        let Some(definitions) = definitions.filter(|definitions| !definitions.is_empty()) else {
            return;
        };
        let shown = definitions.iter().enumerate().filter(|(_, definition)| {
            let is_asked = definition.priority == 0 || definition.name == "Images";
            is_asked && definition.name != "Name"
        });
        self.0 = shown.map(|(at, definition)| (at, column(definition))).collect();
    }
}

fn column(definition: &Definition<'_>) -> KubeColumn {
    let form = match &*definition.r#type {
        "integer" | "number" => Form::Number,
        // The words of the server grow old; the object says when it was made.
        _ if definition.name == "Age" => Form::Time,
        _ => Form::Text,
    };
    form.column(&definition.name)
}

fn row(row: &TableRow<'_>, shown: &Shown) -> Row {
    let age = row.object.metadata.creation_timestamp.as_ref();
    let cells = shown.0.iter().map(|(at, column)| match row.cells.get(*at) {
        _ if column.is_time => time(age),
        Some(Value::String(text)) => text.as_str().into(),
        Some(Value::Null) | None => "".into(),
        Some(other) => other.to_string().into(),
    });
    let cells: Vec<Box<str>> = cells.collect();
    let state = health(&shown.0, &cells);
    Row::new(&row.object.metadata, cells, state)
}

pub(super) fn page(text: &[u8], shown: &mut Shown) -> serde_json::Result<Page> {
    let table: Table<'_> = serde_json::from_slice(text)?;
    let resume = Some(table.metadata.resume).filter(|token| !token.is_empty());
    let resource_version = table.metadata.resource_version;
    if let Some(items) = &table.items {
        shown.0 = vec![(0, Form::Time.column("Age"))];
        let rows = items.iter().map(|item| plain(&item.metadata)).collect();
        return Ok(Page { rows, resume, resource_version });
    }
    shown.learn(table.column_definitions.as_deref());
    let rows = table.rows.unwrap_or_default().iter().map(|one| row(one, shown)).collect();
    Ok(Page { rows, resume, resource_version })
}

fn plain(meta: &Meta<'_>) -> Row {
    Row::new(meta, vec![time(meta.creation_timestamp.as_ref())], KubeHealth::Plain)
}

pub(super) fn change(text: &[u8], shown: &mut Shown) -> serde_json::Result<Change> {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(borrow, default)]
        kind: Cow<'a, str>,
    }
    let line: Word<'_> = serde_json::from_slice(text)?;
    if line.r#type == "ERROR" {
        return failed(text);
    }
    let kind: Holds<Kind<'_>> = serde_json::from_slice(text)?;
    let (row, resource_version) = if kind.object.kind == "Table" {
        let table: Holds<Table<'_>> = serde_json::from_slice(text)?;
        shown.learn(table.object.column_definitions.as_deref());
        let rows = table.object.rows.unwrap_or_default();
        let first = rows.first();
        let version = first.map(|row| row.object.metadata.resource_version.to_string());
        let version = version.filter(|version| !version.is_empty());
        (
            first.map(|one| row(one, shown)),
            version.unwrap_or(table.object.metadata.resource_version),
        )
    } else {
        let only: Holds<OnlyMeta<'_>> = serde_json::from_slice(text)?;
        let meta = only.object.metadata;
        (Some(plain(&meta)), meta.resource_version.into_owned())
    };
    Ok(match row {
        Some(row) if line.r#type != "BOOKMARK" => changed(&line.r#type, row, resource_version),
        _ => Change::Bookmark { resource_version },
    })
}

/// How an object is, by the columns that say so for most kinds.
fn health(columns: &[(usize, KubeColumn)], cells: &[Box<str>]) -> KubeHealth {
    let cell = |name: &str| {
        let at = columns.iter().position(|(_, column)| column.name == name)?;
        cells.get(at).map(|cell| &**cell)
    };
    if let Some(status) = cell("Status") {
        return of_word(status);
    }
    let Some(ready) = cell("Ready") else {
        return KubeHealth::Plain;
    };
    if let Some((have, want)) = ready.split_once('/') {
        return of_counts(have, want);
    }
    match cell("Desired") {
        Some(want) => of_counts(ready, want),
        None => of_word(ready),
    }
}

fn of_counts(have: &str, want: &str) -> KubeHealth {
    match (have.parse::<u32>(), want.parse::<u32>()) {
        (Ok(_), Ok(0)) => KubeHealth::Plain,
        (Ok(have), Ok(want)) if have >= want => KubeHealth::Good,
        (Ok(_), Ok(_)) => KubeHealth::Waiting,
        _ => KubeHealth::Plain,
    }
}

fn of_word(word: &str) -> KubeHealth {
    match word {
        "Ready" | "Active" | "Bound" | "Available" | "Running" | "Healthy" | "True" => {
            KubeHealth::Good
        }
        "Complete" | "Completed" | "Succeeded" => KubeHealth::Done,
        "Failed" | "Lost" | "Error" | "NotReady" | "FailedMount" | "Degraded" => KubeHealth::Bad,
        "Pending" | "Terminating" | "False" | "Unknown" | "Released" | "Suspended"
        | "Progressing" => KubeHealth::Waiting,
        other if other.starts_with("NotReady,") => KubeHealth::Bad,
        other if other.starts_with("Ready,") => KubeHealth::Waiting,
        _ => KubeHealth::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{KubeKind, Reading};
    use super::*;

    const TABLE: &str = r#"{"kind":"Table","metadata":{"resourceVersion":"7","continue":"next"},
        "columnDefinitions":[{"name":"Name","type":"string","format":"name"},{"name":"Ready","type":"string"},
            {"name":"Up-to-date","type":"integer"},{"name":"Age","type":"string"},
            {"name":"Images","type":"string","priority":1},{"name":"Selector","type":"string","priority":1}],
        "rows":[{"cells":["web","1/2",2,"5m","shop/web:1","app=web"],"object":{"kind":"PartialObjectMetadata",
            "metadata":{"uid":"u","name":"web","namespace":"shop","creationTimestamp":"2026-01-01T00:00:00Z",
            "managedFields":[{"manager":"x"}]}}}]}"#;

    #[test]
    fn a_servers_table_becomes_rows() {
        let mut reading = Reading::of(&KubeKind::new("apps", "v1", "deployments"));
        let page = reading.page(TABLE.as_bytes()).unwrap();
        let columns = reading.columns();
        let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["Ready", "Up-to-date", "Age", "Images"], "the name is a row's own");
        assert!(columns[1].is_number && columns[2].is_time);
        let row = &page.rows[0];
        let cells: Vec<&str> = row.cells.iter().map(|cell| &**cell).collect();
        assert_eq!(cells, ["1/2", "2", "1767225600000", "shop/web:1"]);
        assert_eq!(row.state, KubeHealth::Waiting, "one of two is ready");
        assert_eq!((page.resume.as_deref(), page.resource_version.as_str()), (Some("next"), "7"));
        let line = r#"{"type":"MODIFIED","object":{"kind":"Table","columnDefinitions":null,"rows":[
            {"cells":["web","2/2",2,"5m","shop/web:1","app=web"],
            "object":{"metadata":{"uid":"u","name":"web","resourceVersion":"8"}}}]}}"#;
        let Change::Put { row, resource_version } = reading.change(line.as_bytes()).unwrap() else {
            panic!("a row changed");
        };
        assert_eq!((&*row.cells[0], row.state), ("2/2", KubeHealth::Good), "by the list's columns");
        assert_eq!(resource_version, "8");
    }

    #[test]
    fn a_server_without_tables_still_shows_names() {
        let list = br#"{"kind":"WidgetList","metadata":{"resourceVersion":"7"},
            "items":[{"metadata":{"name":"w","uid":"u"},"spec":{"secret":1}}]}"#;
        let mut shown = Shown::default();
        let page = page(list, &mut shown).unwrap();
        assert_eq!(&*page.rows[0].name, "w");
        assert_eq!(shown.0.len(), 1, "and their age");
        let line = br#"{"type":"MODIFIED","object":{"kind":"Widget","metadata":{"name":"w","uid":"u","resourceVersion":"8"}}}"#;
        assert!(matches!(change(line, &mut shown).unwrap(), Change::Put { .. }));
    }

    #[test]
    fn a_watch_that_expired_says_so() {
        let line = br#"{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}"#;
        assert!(matches!(
            change(line, &mut Shown::default()).unwrap(),
            Change::Failed { status: 410, .. }
        ));
    }

    #[test]
    fn health_is_read_from_the_columns() {
        let cases = [
            ("Status", "Ready,SchedulingDisabled", KubeHealth::Waiting),
            ("Status", "NotReady", KubeHealth::Bad),
            ("Status", "Bound", KubeHealth::Good),
            ("Ready", "0/0", KubeHealth::Plain),
            ("Ready", "3/3", KubeHealth::Good),
            ("Type", "ClusterIP", KubeHealth::Plain),
        ];
        for (name, cell, expected) in cases {
            let columns = [(1, Form::Text.column(name))];
            assert_eq!(health(&columns, &[cell.into()]), expected, "{name} {cell}");
        }
    }
}
