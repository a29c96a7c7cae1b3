//! From what the API server writes to the little of it that a table shows.
//!
//! Objects are read straight from the answer's bytes into small borrowed structs; managedFields and whatever
//! no column shows are skipped and never kept. Pods, events and cron jobs have shapes of their own, because
//! the server's tables write their times as words that grow old; every other kind, custom ones included, is
//! asked for as the server's table, which has kubectl's own columns.

mod cron_job;
mod event;
mod pod;
mod server_table;

use std::borrow::Cow;

use serde::Deserialize;
use slipway_core::{KubeColumn, KubeHealth, Timestamp};

use super::KubeKind;

/// A time as Kubernetes writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp(Timestamp);

impl Stamp {
    pub(crate) fn ms(&self) -> Timestamp {
        self.0
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: serde::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let text: Cow<'de, str> = Cow::deserialize(reader)?;
        // A time that nobody can read is no reason to lose the row.
        Ok(Self(text.parse::<jiff::Timestamp>().map_or(0, |time| time.as_millisecond())))
    }
}

/// The metadata that rows need.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Meta<'a> {
    #[serde(borrow, default)]
    pub(crate) uid: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) name: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) namespace: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) resource_version: Cow<'a, str>,
    #[serde(default)]
    pub(crate) creation_timestamp: Option<Stamp>,
    #[serde(default)]
    pub(crate) deletion_timestamp: Option<Stamp>,
}

/// A row as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) uid: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) namespace: Box<str>,
    pub(crate) cells: Box<[Box<str>]>,
    pub(crate) state: KubeHealth,
    pub(crate) created_at: Timestamp,
    /// What a filter looks into, in small letters.
    pub(crate) lower: Box<str>,
}

impl Row {
    pub(crate) fn new(meta: &Meta<'_>, cells: Vec<Box<str>>, state: KubeHealth) -> Self {
        let mut lower = format!("{} {}", meta.namespace, meta.name).to_lowercase();
        for cell in &cells {
            // Times are numbers here; nobody looks for those.
            if cell.len() < 12 || !cell.bytes().all(|byte| byte.is_ascii_digit()) {
                lower.push(' ');
                lower.extend(cell.chars().flat_map(char::to_lowercase));
            }
        }
        Self {
            uid: if meta.uid.is_empty() {
                format!("{}/{}", meta.namespace, meta.name).into()
            } else {
                meta.uid.as_ref().into()
            },
            name: meta.name.as_ref().into(),
            namespace: meta.namespace.as_ref().into(),
            cells: cells.into(),
            state,
            created_at: meta.creation_timestamp.as_ref().map_or(0, Stamp::ms),
            lower: lower.into(),
        }
    }
}

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) rows: Vec<Row>,
    /// Asks for the next page.
    pub(crate) resume: Option<String>,
    pub(crate) resource_version: String,
}

/// One line of a watch.
#[derive(Debug)]
pub(crate) enum Change {
    Put { row: Row, resource_version: String },
    Gone { uid: Box<str>, resource_version: String },
    Bookmark { resource_version: String },
    Failed { status: u16, message: String },
}

/// How a kind is asked for and read.
pub(crate) struct Reading {
    pub(crate) accept: &'static str,
    page: fn(&[u8], &mut Shown) -> serde_json::Result<Page>,
    change: fn(&[u8], &mut Shown) -> serde_json::Result<Change>,
    shown: Shown,
}

/// The columns that are shown, and which cell of a server's table each is. Watches say it only once.
#[derive(Default)]
pub(crate) struct Shown(Vec<(usize, KubeColumn)>);

impl Reading {
    /// The reading of a kind.
    pub(crate) fn of(kind: &KubeKind) -> Self {
        if kind.is("", "pods") {
            Self::shaped::<pod::Pods>()
        } else if kind.is("", "events") {
            Self::shaped::<event::Events>()
        } else if kind.is("batch", "cronjobs") {
            Self::shaped::<cron_job::CronJobs>()
        } else {
            Self {
                accept: server_table::ACCEPT,
                page: server_table::page,
                change: server_table::change,
                shown: Shown::default(),
            }
        }
    }

    fn shaped<S: Shape>() -> Self {
        let columns = S::COLUMNS.iter().map(|(name, form)| form.column(name));
        Self {
            accept: "application/json",
            page: page::<S>,
            change: change::<S>,
            shown: Shown(columns.enumerate().collect()),
        }
    }

    /// Columns as far as they are known.
    pub(crate) fn columns(&self) -> Vec<KubeColumn> {
        self.shown.0.iter().map(|(_, column)| column.clone()).collect()
    }

    /// Reads a page of a list.
    pub(crate) fn page(&mut self, text: &[u8]) -> serde_json::Result<Page> {
        (self.page)(text, &mut self.shown)
    }

    /// Reads a line of a watch.
    pub(crate) fn change(&mut self, text: &[u8]) -> serde_json::Result<Change> {
        (self.change)(text, &mut self.shown)
    }
}

/// What a column's cells are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Number,
    Time,
}

impl Form {
    pub(crate) fn column(self, name: &str) -> KubeColumn {
        KubeColumn {
            name: name.to_owned(),
            is_number: self == Self::Number,
            is_time: self == Self::Time,
        }
    }
}

/// A kind whose objects are read into a small struct of their own.
pub(crate) trait Shape {
    const COLUMNS: &'static [(&'static str, Form)];
    type Object<'a>: Deserialize<'a>;

    fn row(object: &Self::Object<'_>) -> Row;
    /// The object's resourceVersion.
    fn version(object: &Self::Object<'_>) -> String;
}

#[derive(Default, Deserialize)]
struct ListMeta {
    #[serde(default, rename = "continue")]
    resume: String,
    #[serde(default, rename = "resourceVersion")]
    resource_version: String,
}

#[derive(Deserialize)]
struct List<T> {
    #[serde(default)]
    metadata: ListMeta,
    // A list without objects may say `null`.
    items: Option<Vec<T>>,
}

fn page<S: Shape>(text: &[u8], _: &mut Shown) -> serde_json::Result<Page> {
    let list: List<S::Object<'_>> = serde_json::from_slice(text)?;
    Ok(Page {
        rows: list.items.unwrap_or_default().iter().map(S::row).collect(),
        resume: Some(list.metadata.resume).filter(|token| !token.is_empty()),
        resource_version: list.metadata.resource_version,
    })
}

/// What kind of line it is; the line is read again for what that says it holds.
#[derive(Deserialize)]
struct Word<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Holds<T> {
    object: T,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    code: u16,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct OnlyMeta<'a> {
    #[serde(borrow, default)]
    metadata: Meta<'a>,
}

fn failed(text: &[u8]) -> serde_json::Result<Change> {
    let failure: Holds<Failure> = serde_json::from_slice(text)?;
    Ok(Change::Failed { status: failure.object.code, message: failure.object.message })
}

fn change<S: Shape>(text: &[u8], _: &mut Shown) -> serde_json::Result<Change> {
    let line: Word<'_> = serde_json::from_slice(text)?;
    match &*line.r#type {
        "ERROR" => failed(text),
        "BOOKMARK" => {
            let only: Holds<OnlyMeta<'_>> = serde_json::from_slice(text)?;
            let resource_version = only.object.metadata.resource_version.into_owned();
            Ok(Change::Bookmark { resource_version })
        }
        word => {
            let held: Holds<S::Object<'_>> = serde_json::from_slice(text)?;
            let row = S::row(&held.object);
            Ok(changed(word, row, S::version(&held.object)))
        }
    }
}

fn changed(word: &str, row: Row, resource_version: String) -> Change {
    if word == "DELETED" {
        Change::Gone { uid: row.uid, resource_version }
    } else {
        Change::Put { row, resource_version }
    }
}

/// How a pod is, and kubectl's word for it.
pub(crate) fn pod_told(object: &serde_json::Value) -> (KubeHealth, String) {
    let text = object.to_string();
    match serde_json::from_str(&text) {
        Ok(pod) => {
            let row = pod::Pods::row(&pod);
            (row.state, row.cells[1].to_string())
        }
        Err(_) => (KubeHealth::Plain, String::new()),
    }
}

/// A cell of a time, or an empty one.
fn time(stamp: Option<&Stamp>) -> Box<str> {
    stamp
        .filter(|stamp| stamp.ms() > 0)
        .map(|stamp| stamp.ms().to_string())
        .unwrap_or_default()
        .into()
}
