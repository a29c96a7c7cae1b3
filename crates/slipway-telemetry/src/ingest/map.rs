//! From the envelope on the wire to the item the store keeps. Routes on `data.baseType`, ignoring
//! case, because clients write the envelope's `name` in many ways.

use slipway_core::Timestamp;

use super::item::{MetricValue, TelemetryItem, TelemetryKind};
use super::lenient::{Text, clip};
use super::wire::{Base, DataPoint, Envelope, Tags};
use super::{Limits, exception, instant};
use crate::connection::normal_ikey;

const NAME: usize = 1024;
const MESSAGE: usize = 32_768;
const URL: usize = 2048;
const COMMAND: usize = 8192;
const ID: usize = 512;
const OPERATION: usize = 128;
const ROLE: usize = 256;

/// Maps an envelope; the text of an error goes to the sender.
pub(super) fn to_item(
    index: usize,
    envelope: Envelope<'_>,
    limits: &Limits,
    now_ms: Timestamp,
) -> Result<TelemetryItem, String> {
    let at_ms = read_time(&envelope.time, limits, now_ms)?;
    let Some(data) = envelope.data else {
        return Err(format!("Item {index} has no 'data'."));
    };
    let Some(base_type) = data.base_type.as_str() else {
        return Err(format!("Item {index} has no 'data.baseType'."));
    };
    let tags = envelope.tags.unwrap_or_default();
    let mut item = TelemetryItem {
        index,
        at_ms,
        ikey: read_ikey(&envelope.ikey, &envelope.name),
        item_count: item_count(envelope.sample_rate.0),
        ..from_tags(&tags)
    };
    let mut base = data.base_data.unwrap_or_default();
    item.properties = base.properties.0.take();
    item.measurements = base.measurements.0.take();
    match base_type.to_ascii_lowercase().as_str() {
        "requestdata" => request(&mut item, &base),
        "remotedependencydata" => dependency(&mut item, &base),
        "exceptiondata" => exception_item(&mut item, &base),
        "messagedata" => trace(&mut item, &base),
        "eventdata" => {
            item.kind = TelemetryKind::Event;
            item.name = base.name.keep(NAME);
        }
        "metricdata" => metric(&mut item, &base),
        "pageviewdata" => page_view(&mut item, &base),
        "pageviewperfdata" | "pageviewperformancedata" => browser_timing(&mut item, &base),
        "performancecounterdata" => performance_counter(&mut item, &base),
        "availabilitydata" => availability(&mut item, &base),
        _ => {
            let shown = clip(base_type, 64);
            return Err(format!("Item {index} has the unknown base type '{shown}'."));
        }
    }
    Ok(item)
}

fn read_time(time: &Text<'_>, limits: &Limits, now_ms: Timestamp) -> Result<Timestamp, String> {
    let Some(text) = time.as_str() else { return Ok(now_ms) };
    let Some(at_ms) = instant::parse_time(text) else {
        return Err("103: Field 'time' on type 'Envelope' is not an ISO 8601 instant.".to_owned());
    };
    // The wording is Azure's, so that whoever searches for it finds help.
    let ahead = at_ms.saturating_sub(now_ms);
    if -ahead > limits.max_age_ms {
        return Err(format!(
            "103: Field 'time' on type 'Envelope' is older than the allowed min date. \
             Expected: now - {}ms, Actual: now - {}ms",
            limits.max_age_ms, -ahead
        ));
    }
    if ahead > limits.max_ahead_ms {
        return Err(format!(
            "103: Field 'time' on type 'Envelope' is newer than the allowed max date. \
             Expected: now + {}ms, Actual: now + {ahead}ms",
            limits.max_ahead_ms
        ));
    }
    Ok(at_ms)
}

/// The key of the envelope, or the one in `Microsoft.ApplicationInsights.<key>.Request`.
fn read_ikey(ikey: &Text<'_>, name: &Text<'_>) -> String {
    match ikey.as_str() {
        Some(ikey) => normal_ikey(ikey).unwrap_or_else(|| clip(ikey, 40).to_ascii_lowercase()),
        None => {
            name.as_str().and_then(|name| name.split('.').find_map(normal_ikey)).unwrap_or_default()
        }
    }
}

/// A sample rate of 20 % means that each item stands for five.
fn item_count(sample_rate: Option<f64>) -> u32 {
    match sample_rate {
        Some(rate) if rate > 0.0 => (100.0 / rate).round().clamp(1.0, 1_000_000.0) as u32,
        _ => 1,
    }
}

fn from_tags(tags: &Tags<'_>) -> TelemetryItem {
    TelemetryItem {
        operation_id: tags.operation_id.as_str().and_then(real_id),
        operation_name: tags.operation_name.keep(NAME),
        operation_parent_id: tags.operation_parent_id.as_str().and_then(parent_id),
        synthetic_source: tags.synthetic_source.keep(NAME),
        role_name: tags.role_name.keep(ROLE),
        role_instance: tags.role_instance.keep(ROLE),
        app_version: tags.app_version.keep(NAME),
        sdk_version: tags.sdk_version.keep(64),
        user_id: tags.user_id.keep(OPERATION),
        session_id: tags.session_id.keep(64),
        ..TelemetryItem::default()
    }
}

/// OpenCensus writes ids of nothing but zeros outside a span.
fn real_id(id: &str) -> Option<String> {
    (!id.bytes().all(|byte| byte == b'0')).then(|| clip(id, OPERATION).to_owned())
}

/// OpenCensus writes `|<trace>.<span>.` where the parent's own id is just `<span>`.
fn parent_id(id: &str) -> Option<String> {
    let is_hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let inner = id.strip_prefix('|').and_then(|rest| rest.strip_suffix('.'));
    match inner.and_then(|inner| inner.split_once('.')) {
        Some((trace, span)) if is_hex(trace, 32) && is_hex(span, 16) => real_id(span),
        _ => real_id(id),
    }
}

fn request(item: &mut TelemetryItem, base: &Base<'_>) {
    item.kind = TelemetryKind::Request;
    item.id = base.id.keep(ID);
    item.name = base.name.keep(NAME).or_else(|| item.operation_name.clone());
    item.url = base.url.keep(URL);
    item.source = base.source.keep(NAME);
    item.result_code = base.response_code.keep(NAME);
    item.success = Some(is_success(&base.success).unwrap_or(true));
    item.duration_ms = duration(&base.duration);
}

fn dependency(item: &mut TelemetryItem, base: &Base<'_>) {
    item.kind = TelemetryKind::Dependency;
    item.id = base.id.keep(ID);
    item.name = base.name.keep(NAME);
    item.result_code = base.result_code.keep(NAME);
    item.success = Some(is_success(&base.success).unwrap_or(true));
    item.duration_ms = duration(&base.duration);
    item.data = base.data.keep(COMMAND);
    item.target = base.target.keep(NAME);
    item.dependency_type = base.dependency_type.keep(NAME);
}

fn exception_item(item: &mut TelemetryItem, base: &Base<'_>) {
    item.kind = TelemetryKind::Exception;
    item.message = base.exceptions.0.first().and_then(|outer| outer.message.keep(MESSAGE));
    item.severity = severity(&base.severity_level);
    item.exception = Some(exception::detail(&base.exceptions.0, base.problem_id.as_str()));
}

fn trace(item: &mut TelemetryItem, base: &Base<'_>) {
    item.kind = TelemetryKind::Trace;
    item.message = base.message.keep(MESSAGE);
    item.severity = severity(&base.severity_level);
}

/// Azure keeps only the first of `metrics`, and so do we.
fn metric(item: &mut TelemetryItem, base: &Base<'_>) {
    item.kind = TelemetryKind::Metric;
    let none = DataPoint::default();
    let point = base.metrics.0.first().unwrap_or(&none);
    item.name = point.name.keep(NAME);
    item.metric = Some(MetricValue {
        value: point.value.0.unwrap_or(0.0),
        count: point.count.0.filter(|count| *count >= 1.0).map(|count| count.min(4e9) as u32),
        min: point.min.0,
        max: point.max.0,
        std_dev: point.std_dev.0,
    });
}

fn page_view(item: &mut TelemetryItem, base: &Base<'_>) {
    item.kind = TelemetryKind::PageView;
    item.id = base.id.keep(ID);
    item.name = base.name.keep(NAME);
    item.url = base.url.keep(URL);
    item.duration_ms = duration(&base.duration);
}

/// Kept as a metric: counted as a page view it would double the views.
fn browser_timing(item: &mut TelemetryItem, base: &Base<'_>) {
    item.kind = TelemetryKind::Metric;
    item.name = Some("browserTimings/totalDuration".to_owned());
    item.url = base.url.keep(URL);
    let total = duration(&base.perf_total).or_else(|| duration(&base.duration)).unwrap_or(0.0);
    item.metric = Some(MetricValue { value: total, count: Some(1), ..MetricValue::default() });
}

fn performance_counter(item: &mut TelemetryItem, base: &Base<'_>) {
    item.kind = TelemetryKind::Metric;
    item.name = match (base.category_name.as_str(), base.counter_name.as_str()) {
        (Some(category), Some(counter)) => {
            Some(clip(&format!("{category}/{counter}"), NAME).to_owned())
        }
        (_, Some(counter)) => Some(clip(counter, NAME).to_owned()),
        (_, None) => base.name.keep(NAME),
    };
    let value = base.value.0.unwrap_or(0.0);
    item.metric = Some(MetricValue { value, count: Some(1), ..MetricValue::default() });
}

/// Without a word about success an availability result has not shown that the app answers.
fn availability(item: &mut TelemetryItem, base: &Base<'_>) {
    item.kind = TelemetryKind::Availability;
    item.id = base.id.keep(ID);
    item.name = base.name.keep(NAME);
    item.success = Some(is_success(&base.success).unwrap_or(false));
    item.duration_ms = duration(&base.duration);
    item.run_location = base.run_location.keep(NAME);
    item.message = base.message.keep(COMMAND);
}

fn duration(text: &Text<'_>) -> Option<f64> {
    text.as_str().and_then(instant::parse_duration)
}

/// `true`, `"True"`, `1`, `3` are success; `false`, `0` are not.
fn is_success(text: &Text<'_>) -> Option<bool> {
    let text = text.as_str()?;
    if text.eq_ignore_ascii_case("true") {
        return Some(true);
    }
    if text.eq_ignore_ascii_case("false") {
        return Some(false);
    }
    text.parse::<f64>().ok().map(|number| number != 0.0)
}

fn severity(text: &Text<'_>) -> Option<u8> {
    let text = text.as_str()?;
    let names = ["verbose", "information", "warning", "error", "critical"];
    let by_name = names.iter().position(|name| text.eq_ignore_ascii_case(name));
    by_name.and_then(|level| u8::try_from(level).ok()).or_else(|| {
        text.parse::<f64>()
            .ok()
            .filter(|level| (0.0..=4.0).contains(level))
            .map(|level| level as u8)
    })
}
