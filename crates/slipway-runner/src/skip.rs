//! Says in a sentence why a stage, job or step was skipped.
//!
//! Called where conditions are decided. Deliberately not here: deciding them.

use slipway_core::RunResult;

use crate::expression::Verdict;
use crate::scope::Before;

/// When the run was canceled before the record's turn came.
pub(crate) const CANCELED: &str = "Skipped: the run was canceled";

/// The reason for a stage or job; `kind` is what its dependencies are.
pub(crate) fn reason(
    kind: &str,
    condition: &str,
    before: &Before,
    is_canceling: bool,
    verdict: &Verdict,
) -> String {
    let asks = condition.to_ascii_lowercase();
    if is_canceling && !asks.contains("always()") && !asks.contains("canceled()") {
        return CANCELED.to_owned();
    }
    // A dependency explains it only if the condition looks at how dependencies ended.
    if asks.contains("succeeded") {
        let bad =
            |wanted: RunResult| before.ancestors.iter().find(move |(_, result)| *result == wanted);
        let cause = bad(RunResult::Failed)
            .or_else(|| bad(RunResult::Canceled))
            .or_else(|| bad(RunResult::Skipped));
        if let Some((name, result)) = cause {
            return format!("Skipped: {kind} {name} {}", ended(*result));
        }
    }
    by_condition(condition, verdict)
}

/// The reason when only the condition's own text explains it.
pub(crate) fn by_condition(condition: &str, verdict: &Verdict) -> String {
    let expanded = verdict.trace.iter().find_map(|line| line.strip_prefix("Expanded: "));
    format!(
        "Skipped: the condition `{}` was false: {}",
        condition.trim(),
        expanded.unwrap_or("False")
    )
}

fn ended(result: RunResult) -> &'static str {
    match result {
        RunResult::Failed => "failed",
        RunResult::Canceled | RunResult::Interrupted => "was canceled",
        RunResult::Skipped => "was skipped",
        RunResult::Succeeded | RunResult::SucceededWithIssues => "succeeded",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_named() {
        let verdict = Verdict { holds: false, trace: vec!["Expanded: eq('a', 'b')".to_owned()] };
        let ancestors =
            vec![("Test".to_owned(), RunResult::Skipped), ("Build".to_owned(), RunResult::Failed)];
        let before = Before { ancestors, ..Before::default() };
        let said = |condition, canceling| reason("stage", condition, &before, canceling, &verdict);
        assert_eq!(said("succeeded()", false), "Skipped: stage Build failed", "the first cause");
        assert_eq!(said("succeeded()", true), CANCELED, "canceling explains more");
        assert_eq!(
            said("eq(variables.x, 'b')", false),
            "Skipped: the condition `eq(variables.x, 'b')` was false: eq('a', 'b')",
            "a condition of its own explains itself"
        );
    }
}
