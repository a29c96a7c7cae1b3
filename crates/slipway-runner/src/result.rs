//! How results of parts become the result of the whole (§10).
//!
//! Called by `job`, `stage` and `run`. Deliberately not here: conditions.

use slipway_core::RunResult;

fn rank(result: RunResult) -> u8 {
    match result {
        RunResult::Skipped => 0,
        RunResult::Succeeded => 1,
        RunResult::SucceededWithIssues => 2,
        RunResult::Failed => 3,
        RunResult::Canceled | RunResult::Interrupted => 4,
    }
}

/// The worse of two.
pub(crate) fn worse(left: RunResult, right: RunResult) -> RunResult {
    if rank(right) > rank(left) { right } else { left }
}

/// The worst of all; skipped only if all of them were.
pub(crate) fn merge(results: impl Iterator<Item = RunResult>) -> RunResult {
    results.reduce(worse).unwrap_or(RunResult::Succeeded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_wins_and_skipped_does_not_count() {
        use RunResult::{Canceled, Failed, Skipped, Succeeded, SucceededWithIssues};
        assert_eq!(merge([Succeeded, Skipped].into_iter()), Succeeded, "skipping harms nothing");
        assert_eq!(merge([SucceededWithIssues, Failed].into_iter()), Failed, "failed is worse");
        assert_eq!(merge([Canceled, Failed].into_iter()), Canceled, "canceled is worst");
        assert_eq!(merge([Skipped, Skipped].into_iter()), Skipped, "nothing ran");
        assert_eq!(merge(std::iter::empty()), Succeeded, "an empty stage has nothing that failed");
    }
}
