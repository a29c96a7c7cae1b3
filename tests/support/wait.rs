//! Waiting for a condition, never for a time.

use std::future::Future;
use std::time::{Duration, Instant};

const BETWEEN: Duration = Duration::from_millis(50);

/// Asks until there is an answer; panics with what was waited for when the limit is over.
#[track_caller]
pub fn eventually<T>(what: &str, limit: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < until, "waited {} s in vain for: {what}", limit.as_secs());
        std::thread::sleep(BETWEEN);
    }
}

/// As [`eventually`], for questions that are asked asynchronously.
pub async fn eventually_async<T, F>(what: &str, limit: Duration, mut ask: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let until = Instant::now() + limit;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < until, "waited {} s in vain for: {what}", limit.as_secs());
        tokio::time::sleep(BETWEEN).await;
    }
}
