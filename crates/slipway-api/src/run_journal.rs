//! What a run tells, gathered for a moment and written to the store together.
//!
//! The sink of a run puts lines and progress in; one task of its own takes all there is, commits it in one
//! transaction and only then tells the faces. Each record has room of its own, so that a loud step waits for
//! itself alone. Deliberately not here: what a run tells once (artifacts, tests, images), which is written at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indexmap::IndexMap;
use slipway_core::{AppEvent, LogLines, RecordId, RunId, Tag};
use slipway_store::{RecordChange, RecordProgress, StoreError};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::app::App;

/// What is told within this time is written together.
const GATHERING: Duration = Duration::from_millis(20);
/// More than this is written at once.
const FULL: usize = 256 * 1024;
/// A record that has this much waiting has to wait itself.
const ROOM_OF_A_RECORD: usize = 1024 * 1024;

/// A run's way to the store.
pub(crate) struct Journal {
    state: Mutex<State>,
    /// There is something to write, or to write at once.
    wake: Notify,
    /// Something was written.
    written: Notify,
}

#[derive(Default)]
struct State {
    waiting: IndexMap<RecordId, RecordChange>,
    weight: usize,
    /// Parts that were put in, and those that are written.
    put: u64,
    done: u64,
    is_urgent: bool,
    is_closed: bool,
    broken: Option<String>,
}

impl Journal {
    /// Starts the task that writes; it ends once the journal is closed.
    pub(crate) fn open(app: &Arc<App>, run: &RunId) -> Arc<Self> {
        let journal =
            Arc::new(Self { state: Mutex::default(), wake: Notify::new(), written: Notify::new() });
        app.tasks.spawn(write_on(Arc::clone(app), run.clone(), Arc::clone(&journal)));
        journal
    }

    /// Writes what is left and ends the task.
    pub(crate) fn close(&self) {
        self.state().is_closed = true;
        self.wake.notify_one();
    }

    /// Adds lines to a record's log. Waits while too many of its lines are not written yet.
    pub(crate) async fn lines(&self, id: &RecordId, lines: &LogLines) -> Result<(), String> {
        loop {
            let written = self.written.notified();
            {
                let mut state = self.state();
                state.whole()?;
                let change = state.of(id);
                if change.lines.weight() < ROOM_OF_A_RECORD {
                    change.lines.append(lines);
                    state.weight += lines.weight();
                    self.put(&mut state);
                    return Ok(());
                }
            }
            written.await;
        }
    }

    /// Says how far a record has come.
    pub(crate) fn progress(&self, id: &RecordId, progress: RecordProgress) -> Result<(), String> {
        let mut state = self.state();
        state.whole()?;
        state.of(id).progress = Some(progress);
        self.put(&mut state);
        Ok(())
    }

    /// Answers once all that was put in before is committed.
    pub(crate) async fn flush(&self) -> Result<(), String> {
        let wanted = self.state().put;
        loop {
            let written = self.written.notified();
            {
                let mut state = self.state();
                state.whole()?;
                if state.done >= wanted {
                    return Ok(());
                }
                state.is_urgent = true;
                self.wake.notify_one();
            }
            written.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, state: &mut State) {
        let is_first = state.put == state.done;
        state.put += 1;
        let was_urgent = state.is_urgent;
        state.is_urgent |= state.weight >= FULL;
        if is_first || state.is_urgent != was_urgent {
            self.wake.notify_one();
        }
    }

    /// What there is to write; `None` once there is nothing more to come.
    async fn next(&self) -> Option<(Vec<RecordChange>, u64)> {
        loop {
            {
                let state = self.state();
                if state.put > state.done {
                    break;
                }
                if state.is_closed {
                    return None;
                }
            }
            self.wake.notified().await;
        }
        // A wake-up within the time means that there is a lot, or that somebody waits.
        while !self.is_urgent() && timeout(GATHERING, self.wake.notified()).await.is_ok() {}
        let mut state = self.state();
        state.is_urgent = false;
        state.weight = 0;
        let taken = std::mem::take(&mut state.waiting).into_values().collect();
        Some((taken, state.put))
    }

    fn is_urgent(&self) -> bool {
        let state = self.state();
        state.is_urgent || state.is_closed
    }

    fn finish(&self, done: u64, outcome: Result<(), String>) {
        let mut state = self.state();
        state.done = done;
        if let Err(message) = outcome {
            state.broken.get_or_insert(message);
            state.waiting.clear();
        }
        drop(state);
        self.written.notify_waiters();
    }
}

impl State {
    fn whole(&self) -> Result<(), String> {
        self.broken.as_ref().map_or(Ok(()), |message| Err(message.clone()))
    }

    fn of(&mut self, id: &RecordId) -> &mut RecordChange {
        self.waiting.entry(id.clone()).or_insert_with(|| RecordChange {
            id: id.clone(),
            progress: None,
            lines: LogLines::default(),
        })
    }
}

async fn write_on(app: Arc<App>, run: RunId, journal: Arc<Journal>) {
    while let Some((changes, done)) = journal.next().await {
        let outcome = app.store.change_records(&run, &changes).await;
        let outcome = match outcome {
            Ok(totals) => {
                tell(&app, &run, &changes, &totals);
                Ok(())
            }
            Err(error) => Err(explained(&error)),
        };
        journal.finish(done, outcome);
    }
}

fn tell(app: &App, run: &RunId, changes: &[RecordChange], totals: &[u32]) {
    for (change, total) in changes.iter().zip(totals) {
        if !change.lines.is_empty() {
            app.emit(AppEvent::LogGrew {
                run_id: run.clone(),
                record_id: change.id.clone(),
                lines: *total,
            });
        }
    }
    if changes.iter().any(|change| change.progress.is_some()) {
        app.changed(&[Tag::Run]);
    }
}

/// An error of the store with what can be done about it.
pub(crate) fn explained(error: &StoreError) -> String {
    use slipway_core::Explain as _;
    let hint = error.hint().map(|hint| format!(" {hint}")).unwrap_or_default();
    format!("{error}{hint}")
}
