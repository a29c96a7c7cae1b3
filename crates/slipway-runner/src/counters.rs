//! The numbers of `counter(prefix, seed)` in one run: the house counts, each prefix once a run.
//!
//! Expressions are evaluated at once and the house takes its time, so an evaluation that meets a number
//! it does not know says so, and `scope` evaluates again when the number is there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use slipway_pipeline::Counters;

use crate::error::RunnerError;
use crate::host::RunHost;
use crate::scope::lock;

/// What a run has counted so far.
pub(crate) struct CounterBook {
    host: Arc<dyn RunHost>,
    known: Mutex<HashMap<String, i64>>,
    /// Held while the house counts, so that two jobs do not count one prefix twice.
    counting: tokio::sync::Mutex<()>,
}

impl CounterBook {
    pub(crate) fn new(host: Arc<dyn RunHost>) -> Self {
        Self { host, known: Mutex::default(), counting: tokio::sync::Mutex::default() }
    }

    async fn fetch(&self, prefix: &str, seed: i64) -> Result<(), RunnerError> {
        let _counting = self.counting.lock().await;
        if lock(&self.known).contains_key(prefix) {
            return Ok(());
        }
        let number = self.host.counter(prefix, seed).await?;
        lock(&self.known).insert(prefix.to_owned(), number);
        Ok(())
    }
}

/// The book as one scope's variables see it.
pub(crate) struct Counted {
    book: Arc<CounterBook>,
    wanted: Mutex<Vec<(String, i64)>>,
}

impl Counted {
    pub(crate) fn new(book: &Arc<CounterBook>) -> Self {
        Self { book: Arc::clone(book), wanted: Mutex::default() }
    }

    /// Fetches the numbers that the last evaluation lacked; false if there were none.
    pub(crate) async fn caught_up(&self) -> Result<bool, RunnerError> {
        let wanted = std::mem::take(&mut *lock(&self.wanted));
        for (prefix, seed) in &wanted {
            self.book.fetch(prefix, *seed).await?;
        }
        Ok(!wanted.is_empty())
    }
}

impl Counters for Counted {
    fn next(&self, prefix: &str, seed: i64) -> i64 {
        if let Some(known) = lock(&self.book.known).get(prefix) {
            return *known;
        }
        lock(&self.wanted).push((prefix.to_owned(), seed));
        seed
    }
}
