//! Says that something is new, at most ten times a second.
//!
//! Whoever changes something calls [`Pulse::beat`] as often as it likes. Deliberately not here: what is new.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The shortest time between two notices of one id.
const BETWEEN: Duration = Duration::from_millis(100);

/// Is told an id and its version.
pub(super) type Listener = Arc<dyn Fn(&str, u64) + Send + Sync>;

/// Something new that nobody asked for in so long has nobody who listens: a page that was closed, for instance.
pub(super) const UNHEARD: Duration = Duration::from_secs(900);

/// Counts changes.
pub(super) struct Pulse {
    version: AtomicU64,
    changed: Notify,
    /// What was asked for last, and when.
    heard: Mutex<(u64, Instant)>,
}

impl Pulse {
    /// Counts on from a version.
    pub(super) fn after(version: u64) -> Self {
        Self {
            version: AtomicU64::new(version),
            changed: Notify::new(),
            heard: Mutex::new((version, Instant::now())),
        }
    }

    /// Somebody asks for what is new.
    pub(super) fn hear(&self) {
        *self.heard() = (self.version(), Instant::now());
    }

    fn heard(&self) -> MutexGuard<'_, (u64, Instant)> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is something new that nobody asked for in that time.
    pub(super) async fn until_unheard(&self, limit: Duration) {
        loop {
            tokio::time::sleep(limit / 10).await;
            let (version, at) = *self.heard();
            if self.version() != version && at.elapsed() >= limit {
                return;
            }
        }
    }

    /// Something is new.
    pub(super) fn beat(&self) {
        self.version.fetch_add(1, Ordering::Relaxed);
        self.changed.notify_one();
    }

    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed)
    }

    /// Passes beats on until the end, and the last one after it; no version is told twice.
    pub(super) async fn pass_on(&self, id: &str, listener: &Listener, end: &CancellationToken) {
        let mut told = 0;
        let mut tell = || {
            let version = self.version();
            if version != told {
                told = version;
                listener(id, version);
            }
        };
        loop {
            tokio::select! {
                () = self.changed.notified() => tell(),
                () = end.cancelled() => return tell(),
            }
            tokio::select! {
                () = tokio::time::sleep(BETWEEN) => {}
                () = end.cancelled() => return tell(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_is_new_and_not_asked_for_is_unheard() {
        let pulse = Pulse::after(0);
        let limit = Duration::from_millis(50);
        let quiet = tokio::time::timeout(3 * limit, pulse.until_unheard(limit)).await;
        assert!(quiet.is_err(), "nothing is new, so nobody had to ask");
        pulse.beat();
        tokio::time::timeout(20 * limit, pulse.until_unheard(limit)).await.unwrap();
        pulse.hear();
        let heard = tokio::time::timeout(3 * limit, pulse.until_unheard(limit)).await;
        assert!(heard.is_err(), "somebody asked");
    }

    #[tokio::test]
    async fn many_beats_are_few_notices() {
        let pulse = Arc::new(Pulse::after(0));
        let told = Arc::new(Mutex::new(Vec::new()));
        let (heard, end) = (told.clone(), CancellationToken::new());
        let listener: Listener = Arc::new(move |_, version| heard.lock().unwrap().push(version));
        let (passing, ended) = (pulse.clone(), end.clone());
        let task = tokio::spawn(async move { passing.pass_on("x", &listener, &ended).await });
        let begun = Instant::now();
        let mut beats = 0;
        while begun.elapsed() < 3 * BETWEEN {
            pulse.beat();
            beats += 1;
            tokio::task::yield_now().await;
        }
        end.cancel();
        task.await.unwrap();
        let told = told.lock().unwrap();
        assert!((1..=6).contains(&told.len()), "of {beats} beats {} are told", told.len());
        assert_eq!(told.last(), Some(&beats), "and the last state is told");
    }
}
