//! Time and ids, injected so that a test decides both.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// An instant: milliseconds since the Unix epoch, UTC.
pub type Timestamp = i64;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now_ms(&self) -> Timestamp;
}

/// Makes ids that sort by the time they were made.
pub trait IdGen: Send + Sync {
    /// A new id.
    fn next_id(&self) -> String;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> Timestamp {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
    }
}

/// Version 7 UUIDs.
#[derive(Debug, Default, Clone, Copy)]
pub struct UuidIds;

impl IdGen for UuidIds {
    fn next_id(&self) -> String {
        uuid::Uuid::now_v7().simple().to_string()
    }
}

/// A clock for tests: stands still until told, and counts ids.
#[derive(Debug, Default)]
pub struct FixedClock {
    now_ms: AtomicI64,
    ids: AtomicU64,
}

impl FixedClock {
    /// Starts at an instant.
    pub fn at(now_ms: Timestamp) -> Self {
        Self { now_ms: AtomicI64::new(now_ms), ids: AtomicU64::new(0) }
    }

    /// Moves on.
    pub fn advance(&self, by_ms: i64) {
        self.now_ms.fetch_add(by_ms, Ordering::Relaxed);
    }
}

impl Clock for FixedClock {
    fn now_ms(&self) -> Timestamp {
        self.now_ms.load(Ordering::Relaxed)
    }
}

impl IdGen for FixedClock {
    fn next_id(&self) -> String {
        format!("id-{:04}", self.ids.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
