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
use tokio::time::{Instant, sleep_until, timeout};

use crate::app::App;

/// What is told within this time is written together.
const GATHERING: Duration = Duration::from_millis(20);
/// The faces are not told more often.
const BETWEEN_NEWS: Duration = Duration::from_millis(33);
/// More than this is written at once.
const FULL: usize = 256 * 1024;
/// A record that has this much waiting has to wait itself.
const ROOM_OF_A_RECORD: usize = 512 * 1024;

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
    let mut news = News::default();
    loop {
        let next = tokio::select! {
            next = journal.next() => next,
            () = news.due() => {
                news.tell(&app, &run);
                continue;
            }
        };
        let Some((changes, done)) = next else { break };
        let outcome = app.store.change_records(&run, &changes).await;
        if let Ok(totals) = &outcome {
            news.add(&changes, totals);
        }
        journal.finish(done, outcome.map(drop).map_err(|error| explained(&error)));
        if news.may_be_told() {
            news.tell(&app, &run);
        }
    }
    news.tell(&app, &run);
}

/// What is committed and the faces were not told yet: a log that grows fast is not told line by line.
#[derive(Default)]
struct News {
    grown: IndexMap<RecordId, u32>,
    has_progress: bool,
    told_at: Option<Instant>,
}

impl News {
    fn add(&mut self, changes: &[RecordChange], totals: &[u32]) {
        for (change, total) in changes.iter().zip(totals) {
            if !change.lines.is_empty() {
                self.grown.insert(change.id.clone(), *total);
            }
            self.has_progress |= change.progress.is_some();
        }
    }

    fn is_empty(&self) -> bool {
        self.grown.is_empty() && !self.has_progress
    }

    fn may_be_told(&self) -> bool {
        self.told_at.is_none_or(|at| at.elapsed() >= BETWEEN_NEWS)
    }

    /// Answers when it is time to tell what there is.
    async fn due(&self) {
        match self.told_at {
            Some(at) if !self.is_empty() => sleep_until(at + BETWEEN_NEWS).await,
            _ => std::future::pending().await,
        }
    }

    fn tell(&mut self, app: &App, run: &RunId) {
        if self.is_empty() {
            return;
        }
        self.told_at = Some(Instant::now());
        for (record_id, lines) in self.grown.drain(..) {
            app.emit(AppEvent::LogGrew { run_id: run.clone(), record_id, lines });
        }
        if std::mem::take(&mut self.has_progress) {
            app.changed(&[Tag::Run]);
        }
    }
}

/// An error of the store with what can be done about it.
pub(crate) fn explained(error: &StoreError) -> String {
    use slipway_core::Explain as _;
    let hint = error.hint().map(|hint| format!(" {hint}")).unwrap_or_default();
    format!("{error}{hint}")
}
