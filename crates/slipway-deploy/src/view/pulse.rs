//! Says that something is new, at most ten times a second.
//!
//! Whoever changes something calls [`Pulse::beat`] as often as it likes. Deliberately not here: what is new.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// The shortest time between two notices of one id.
const BETWEEN: Duration = Duration::from_millis(100);

/// Is told an id and its version.
pub(super) type Listener = Arc<dyn Fn(&str, u64) + Send + Sync>;

/// Counts changes.
#[derive(Default)]
pub(super) struct Pulse {
    version: AtomicU64,
    changed: Notify,
}

impl Pulse {
    /// Counts on from a version.
    pub(super) fn after(version: u64) -> Self {
        Self { version: AtomicU64::new(version + 1), changed: Notify::new() }
    }

    /// Something is new.
    pub(super) fn beat(&self) {
        self.version.fetch_add(1, Ordering::Relaxed);
        self.changed.notify_one();
    }

    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed)
    }

    /// Passes beats on until the end, and the last one after it.
    pub(super) async fn pass_on(&self, id: &str, listener: &Listener, end: &CancellationToken) {
        loop {
            tokio::select! {
                () = self.changed.notified() => listener(id, self.version()),
                () = end.cancelled() => return listener(id, self.version()),
            }
            tokio::select! {
                () = tokio::time::sleep(BETWEEN) => {}
                () = end.cancelled() => return listener(id, self.version()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_beats_are_few_notices() {
        let pulse = Arc::new(Pulse::default());
        let told = Arc::new(Mutex::new(Vec::new()));
        let (heard, end) = (told.clone(), CancellationToken::new());
        let listener: Listener = Arc::new(move |_, version| heard.lock().unwrap().push(version));
        let (passing, ended) = (pulse.clone(), end.clone());
        let task = tokio::spawn(async move { passing.pass_on("x", &listener, &ended).await });
        for _ in 0..1000 {
            pulse.beat();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        end.cancel();
        task.await.unwrap();
        let told = told.lock().unwrap();
        assert!((9..=13).contains(&told.len()), "about ten in a second: {}", told.len());
        assert_eq!(told.last(), Some(&1000), "and the last state is told");
    }
}
