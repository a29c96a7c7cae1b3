//! Cron jobs: when they run, whether they may, when they did.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use slipway_core::KubeHealth;

use super::{Form, Meta, Row, Shape, Stamp, time};

pub(super) struct CronJobs;

#[derive(Deserialize)]
pub(super) struct CronJob<'a> {
    #[serde(borrow)]
    metadata: Meta<'a>,
    #[serde(borrow, default)]
    spec: Spec<'a>,
    #[serde(default)]
    status: Status,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(borrow, default)]
    schedule: Cow<'a, str>,
    #[serde(borrow, default)]
    time_zone: Option<Cow<'a, str>>,
    #[serde(default)]
    suspend: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default)]
    active: Vec<IgnoredAny>,
    #[serde(default)]
    last_schedule_time: Option<Stamp>,
}

impl Shape for CronJobs {
    const COLUMNS: &'static [(&'static str, Form)] = &[
        ("Schedule", Form::Text),
        ("Timezone", Form::Text),
        ("Suspend", Form::Text),
        ("Active", Form::Number),
        ("Last schedule", Form::Time),
        ("Age", Form::Time),
    ];
    type Object<'a> = CronJob<'a>;

    fn row(job: &CronJob<'_>) -> Row {
        let is_suspended = job.spec.suspend == Some(true);
        let state = if is_suspended { KubeHealth::Plain } else { KubeHealth::Good };
        let cells = vec![
            job.spec.schedule.as_ref().into(),
            job.spec.time_zone.as_deref().unwrap_or_default().into(),
            if is_suspended { "True" } else { "False" }.into(),
            job.status.active.len().to_string().into(),
            time(job.status.last_schedule_time.as_ref()),
            time(job.metadata.creation_timestamp.as_ref()),
        ];
        Row::new(&job.metadata, cells, state)
    }

    fn version(job: &CronJob<'_>) -> String {
        job.metadata.resource_version.to_string()
    }
}
