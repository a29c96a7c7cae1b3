//! Reads the body of `POST /v2/track` and `/v2.1/track` and says what to answer.
//!
//! `slipway-serve` calls [`read_track`] with the bytes it got, keeps the items in the store, and
//! answers with [`TrackReply::status`] and [`TrackReply::json`]. Real clients deviate from the Bond
//! schema in many ways, so reading is lenient: an item is refused only if nobody could say what it is.
//!
//! Deliberately not here: which instrumentation key belongs to which project (the caller refuses
//! unknown ones by [`TrackReply::refuse_where`]), OTLP, live metrics.

mod body;
mod exception;
mod instant;
mod item;
mod lenient;
mod map;
mod reply;
mod split;
mod wire;

pub use item::{ExceptionDetail, MetricValue, TelemetryItem, TelemetryKind};
pub use reply::{ItemError, TrackReply, response_json, response_status};

use slipway_core::Timestamp;

/// How much one request may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body as they came, compressed or not.
    pub max_body_bytes: usize,
    /// Bytes after inflating: the guard against gzip bombs.
    pub max_inflated_bytes: usize,
    /// Bytes of one item.
    pub max_item_bytes: usize,
    /// Items of one request.
    pub max_items: usize,
    /// How old an item may be; Azure allows 48 hours.
    pub max_age_ms: i64,
    /// How far in the future an item may be; Azure allows 2 hours.
    pub max_ahead_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body_bytes: 4 << 20,
            max_inflated_bytes: 16 << 20,
            max_item_bytes: 64 << 10,
            max_items: 20_000,
            max_age_ms: 172_800_000,
            max_ahead_ms: 7_200_000,
        }
    }
}

/// Reads a body: a JSON array, newline-delimited JSON or a single object, gzipped or not.
///
/// The content type is not asked for, because clients send a wrong one or none. `now_ms` is taken
/// for items that carry no time.
pub fn read_track(
    body: &[u8],
    content_encoding: Option<&str>,
    limits: &Limits,
    now_ms: Timestamp,
) -> TrackReply {
    let text = match body::inflate(body, content_encoding, limits) {
        Ok(text) => text,
        Err((status, message)) => return TrackReply::refused(status, message),
    };
    let mut reply = TrackReply::default();
    for (index, piece) in split::pieces(&text).enumerate() {
        if index >= limits.max_items {
            let message = format!("The body holds more than {} items.", limits.max_items);
            return TrackReply::refused(413, message);
        }
        reply.received += 1;
        let read = if piece.len() > limits.max_item_bytes {
            Err((413, too_large(index, piece.len(), limits.max_item_bytes)))
        } else {
            read_item(index, piece, limits, now_ms)
        };
        match read {
            Ok(item) if item.is_resource_note() => reply.set_aside.push(item),
            Ok(item) => reply.items.push(item),
            Err((status_code, message)) => {
                reply.errors.push(ItemError { index, status_code, message });
            }
        }
    }
    if reply.received == 0 && text.first() != Some(&b'[') {
        return TrackReply::refused(400, "The body is empty: send at least one item.".to_owned());
    }
    reply
}

fn read_item(
    index: usize,
    piece: &[u8],
    limits: &Limits,
    now_ms: Timestamp,
) -> Result<TelemetryItem, (u16, String)> {
    // serde_json's own text may quote the value, which may be a secret: only the place is told.
    let envelope: wire::Envelope<'_> = serde_json::from_slice(piece).map_err(|error| {
        let what = if error.is_data() { "has a field of the wrong shape" } else { "is not JSON" };
        (400, format!("Item {index} {what} at column {}.", error.column()))
    })?;
    map::to_item(index, envelope, limits, now_ms).map_err(|message| (400, message))
}

fn too_large(index: usize, bytes: usize, limit: usize) -> String {
    format!("Item {index} is {bytes} bytes long; at most {limit} are allowed.")
}
