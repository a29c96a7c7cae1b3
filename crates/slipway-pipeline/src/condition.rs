//! Conditions and `$[ ]` at run time: what the runner asks this crate while a run goes on.
//!
//! How the runner uses it:
//!
//! * Before a **step**: `step.condition`, or [`DEFAULT_CONDITION`] when it has none, goes to
//!   [`evaluate_condition`] with a context whose [`Status`] is [`Status::Step`] (the worst result of
//!   the job so far) and whose `dependencies` are `None`: a step sees `variables` only.
//! * Before a **job** or **stage**: the same with [`Status::Node`], which holds the result of every
//!   dependency, transitive ones included, and whether the run is being cancelled. `dependencies` and
//!   `stageDependencies` come from [`dependency`].
//! * A variable whose whole value is `$[ … ]` goes to [`evaluate_runtime`] with the text inside the
//!   brackets (see [`runtime_expression`]) when its scope starts; the value's text is the variable.
//! * [`trace_condition`] gives the three lines Azure logs for a skipped step.
//!
//! Conditions never expand `$(macro)`.

use indexmap::IndexMap;
use slipway_core::RunResult;

use crate::error::ExpressionError;
use crate::expr::{Context, Expression, Object, Value};

/// What a condition is when the file writes none.
pub const DEFAULT_CONDITION: &str = "succeeded()";

/// The status functions.
pub(crate) const STATUS_FUNCTIONS: [&str; 5] =
    ["always", "succeeded", "failed", "succeededOrFailed", "canceled"];

/// What the status functions look at.
#[derive(Debug, Clone, PartialEq)]
pub enum Status {
    /// A step: `Agent.JobStatus`.
    Step { job: RunResult },
    /// A job or stage: what it depends on, directly or not. The legs of a matrix are `Job.leg`.
    Node { is_canceling: bool, results: IndexMap<String, RunResult> },
}

/// What a condition or run-time expression can see.
pub trait ConditionContext {
    /// A variable, looked up ignoring case; secrets included.
    fn variable(&self, name: &str) -> Option<String>;

    /// The names of all variables, for the rare expression that takes `variables` as a whole.
    fn variable_names(&self) -> Vec<String> {
        Vec::new()
    }

    /// `dependencies`; `None` where it is not known (steps, root variables).
    fn dependencies(&self) -> Option<Value> {
        None
    }

    /// `stageDependencies`; `None` where it is not known.
    fn stage_dependencies(&self) -> Option<Value> {
        None
    }

    /// `pipeline`, which has `startTime`; `None` where it is not known.
    fn pipeline(&self) -> Option<Value> {
        None
    }

    /// `resources`: pipelines, repositories and containers by alias; `None` where it is not known.
    fn resources(&self) -> Option<Value> {
        None
    }

    /// What the status functions look at; `None` for variables, which have none.
    fn status(&self) -> Option<Status>;

    /// `counter(prefix, seed)`; `None` where it is not known (conditions).
    fn counter(&self, _prefix: &str, _seed: i64) -> Option<i64> {
        None
    }
}

/// What Azure logs about a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionTrace {
    pub holds: bool,
    /// `Evaluating: …`, `Expanded: …`, `Result: …`.
    pub lines: Vec<String>,
}

/// Decides a condition, written without any brackets.
pub fn evaluate_condition(
    text: &str,
    context: &dyn ConditionContext,
) -> Result<bool, ExpressionError> {
    Ok(evaluate_runtime(text, context)?.to_boolean())
}

/// Decides a condition and tells how.
pub fn trace_condition(
    text: &str,
    context: &dyn ConditionContext,
) -> Result<ConditionTrace, ExpressionError> {
    let traced = Expression::parse(text)?.evaluate_traced(&RuntimeContext { context })?;
    let holds = traced.value.to_boolean();
    let lines = vec![
        format!("Evaluating: {}", text.trim()),
        format!("Expanded: {}", traced.expanded),
        format!("Result: {}", if holds { "True" } else { "False" }),
    ];
    Ok(ConditionTrace { holds, lines })
}

/// Computes what stands inside `$[ ]`.
pub fn evaluate_runtime(
    text: &str,
    context: &dyn ConditionContext,
) -> Result<Value, ExpressionError> {
    Expression::parse(text)?.evaluate(&RuntimeContext { context })
}

/// What is inside the brackets, when the whole value is `$[ … ]`; partial use is plain text.
pub fn runtime_expression(value: &str) -> Option<&str> {
    value.trim().strip_prefix("$[")?.strip_suffix(']').map(str::trim)
}

/// The entry of `dependencies` for one job or stage: its result and its outputs.
pub fn dependency(result: RunResult, outputs: &IndexMap<String, String>) -> Value {
    let outputs: Object =
        outputs.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
    [("result", Value::from(result_word(result))), ("outputs", outputs.into())]
        .into_iter()
        .collect::<Object>()
        .into()
}

/// `dependencies` as a whole. The legs of a matrix (`Job.leg`) come together under `Job`: the worst
/// result, and outputs named `leg.step.variable`.
pub fn dependencies<'a>(
    nodes: impl IntoIterator<Item = (&'a str, RunResult, &'a IndexMap<String, String>)>,
) -> Value {
    let mut jobs: IndexMap<String, (RunResult, IndexMap<String, String>)> = IndexMap::new();
    for (name, result, outputs) in nodes {
        let (job, leg) = name.split_once('.').unwrap_or((name, ""));
        let (worst, all) = jobs.entry(job.to_owned()).or_insert((result, IndexMap::new()));
        if badness(result) > badness(*worst) {
            *worst = result;
        }
        for (output, value) in outputs {
            let output = if leg.is_empty() { output.clone() } else { format!("{leg}.{output}") };
            all.insert(output, value.clone());
        }
    }
    let entries =
        jobs.iter().map(|(name, (result, outputs))| (name.clone(), dependency(*result, outputs)));
    entries.collect::<Object>().into()
}

fn badness(result: RunResult) -> u8 {
    match result {
        RunResult::Succeeded => 0,
        RunResult::SucceededWithIssues => 1,
        RunResult::Failed => 2,
        RunResult::Skipped => 3,
        RunResult::Canceled | RunResult::Interrupted => 4,
    }
}

/// The word that `dependencies.X.result` and `Agent.JobStatus` hold.
pub fn result_word(result: RunResult) -> &'static str {
    match result {
        RunResult::Succeeded => "Succeeded",
        RunResult::SucceededWithIssues => "SucceededWithIssues",
        RunResult::Failed => "Failed",
        RunResult::Canceled | RunResult::Interrupted => "Canceled",
        RunResult::Skipped => "Skipped",
    }
}

struct RuntimeContext<'a> {
    context: &'a dyn ConditionContext,
}

impl Context for RuntimeContext<'_> {
    fn named(&self, name: &str) -> Option<Value> {
        match name.to_ascii_lowercase().as_str() {
            "variables" => {
                let names = self.context.variable_names();
                let values = names.into_iter().map(|name| {
                    let value = self.context.variable(&name).map_or(Value::Null, Value::from);
                    (name, value)
                });
                Some(values.collect::<Object>().into())
            }
            "dependencies" => self.context.dependencies(),
            "stagedependencies" => self.context.stage_dependencies(),
            "pipeline" => self.context.pipeline(),
            "resources" => self.context.resources(),
            _ => None,
        }
    }

    fn property(&self, name: &str, key: &str) -> Option<Value> {
        name.eq_ignore_ascii_case("variables")
            .then(|| self.context.variable(key).map_or(Value::Null, Value::from))
    }

    fn call(&self, function: &str, arguments: &[Value]) -> Option<Value> {
        if function == "counter" {
            let prefix = arguments.first().and_then(Value::to_text).unwrap_or_default();
            let seed = arguments.get(1).and_then(Value::to_number);
            let seed = seed.and_then(|seed| seed.as_i64()).unwrap_or(0);
            return self.context.counter(&prefix, seed).map(Value::from);
        }
        let names: Vec<String> = arguments.iter().filter_map(Value::to_text).collect();
        status(&self.context.status()?, function, &names).map(Value::from)
    }
}

fn status(status: &Status, function: &str, names: &[String]) -> Option<bool> {
    use RunResult::{Canceled, Failed, Interrupted};
    match (function, status) {
        ("always", _) => Some(true),
        ("canceled", Status::Step { job }) => Some(matches!(job, Canceled | Interrupted)),
        ("canceled", Status::Node { is_canceling, .. }) => Some(*is_canceling),
        ("succeeded", Status::Step { job }) => Some(job.is_success()),
        ("failed", Status::Step { job }) => Some(*job == Failed),
        ("succeededorfailed", Status::Step { job }) => Some(job.is_success() || *job == Failed),
        ("succeeded" | "failed" | "succeededorfailed", Status::Node { is_canceling, results }) => {
            let looked_at = named_results(results, names);
            let holds = match function {
                "succeeded" => looked_at.iter().all(|at| at.is_some_and(RunResult::is_success)),
                "failed" => looked_at.contains(&Some(Failed)),
                _ => looked_at
                    .iter()
                    .all(|at| at.is_some_and(|result| result.is_success() || result == Failed)),
            };
            Some(holds && !is_canceling)
        }
        _ => None,
    }
}

/// The results that are asked for; `None` for a name that is no dependency.
fn named_results(
    results: &IndexMap<String, RunResult>,
    names: &[String],
) -> Vec<Option<RunResult>> {
    if names.is_empty() {
        return results.values().copied().map(Some).collect();
    }
    let mut found = Vec::new();
    for name in names {
        let before = found.len();
        for (node, result) in results {
            let job = node.split_once('.').map_or(node.as_str(), |(job, _)| job);
            if node.eq_ignore_ascii_case(name) || job.eq_ignore_ascii_case(name) {
                found.push(Some(*result));
            }
        }
        if found.len() == before {
            found.push(None);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    struct World {
        status: Status,
        variables: IndexMap<String, String>,
    }

    impl ConditionContext for World {
        fn variable(&self, name: &str) -> Option<String> {
            let found = self.variables.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone())
        }

        fn dependencies(&self) -> Option<Value> {
            let Status::Node { results, .. } = &self.status else { return None };
            let outputs = [("step.image".to_owned(), "web:1".to_owned())].into_iter().collect();
            let nodes = results.iter().map(|(name, result)| (name, dependency(*result, &outputs)));
            Some(nodes.map(|(name, value)| (name.clone(), value)).collect::<Object>().into())
        }

        fn status(&self) -> Option<Status> {
            Some(self.status.clone())
        }

        fn counter(&self, prefix: &str, seed: i64) -> Option<i64> {
            (prefix == "1.0").then_some(seed + 4)
        }
    }

    fn step(job: RunResult) -> World {
        let variables = [("Build.SourceBranch".to_owned(), "refs/heads/dev".to_owned())];
        World { status: Status::Step { job }, variables: variables.into_iter().collect() }
    }

    fn node(is_canceling: bool, results: &[(&str, RunResult)]) -> World {
        let results = results.iter().map(|(name, result)| ((*name).to_owned(), *result)).collect();
        World { status: Status::Node { is_canceling, results }, variables: IndexMap::new() }
    }

    #[test]
    fn status_of_a_step_is_the_jobs() {
        use RunResult::{Canceled, Failed, Succeeded, SucceededWithIssues};
        for (job, succeeded, failed, either, canceled) in [
            (Succeeded, true, false, true, false),
            (SucceededWithIssues, true, false, true, false),
            (Failed, false, true, true, false),
            (Canceled, false, false, false, true),
        ] {
            let world = step(job);
            let holds = |text: &str| evaluate_condition(text, &world).unwrap();
            assert_eq!(holds(DEFAULT_CONDITION), succeeded, "succeeded() after {job:?}");
            assert_eq!(holds("failed()"), failed, "failed() after {job:?}");
            assert_eq!(holds("succeededOrFailed()"), either, "succeededOrFailed() after {job:?}");
            assert_eq!(holds("canceled()"), canceled, "canceled() after {job:?}");
            assert!(holds("always()"), "always() after {job:?}");
        }
    }

    #[test]
    fn status_of_a_job_is_its_dependencies() {
        use RunResult::{Failed, Skipped, Succeeded, SucceededWithIssues};
        let holds = |world: &World, text: &str| evaluate_condition(text, world).unwrap();
        assert!(holds(&node(false, &[]), "succeeded()"), "nothing to wait for");
        let world = node(false, &[("A", Succeeded), ("B", Failed), ("M.x", SucceededWithIssues)]);
        assert!(!holds(&world, "succeeded()"), "one has failed");
        assert!(holds(&world, "succeeded('a', 'M')"), "the named ones went well, legs included");
        assert!(!holds(&world, "succeeded('Z')"), "an unknown name is no success");
        assert!(holds(&world, "failed()") && !holds(&world, "failed('A')"), "by name");
        assert!(holds(&world, "succeededOrFailed()"), "all of them ran");
        assert!(holds(&world, "eq(dependencies.B.result, 'Failed')"), "results can be read");
        let output = evaluate_runtime("dependencies.A.outputs['step.image']", &world).unwrap();
        assert_eq!(output.to_text().as_deref(), Some("web:1"), "outputs can be read");
        assert!(!holds(&node(false, &[("A", Skipped)]), "succeeded()"), "skipped is no success");
        let canceling = node(true, &[("A", Succeeded)]);
        assert!(!holds(&canceling, "succeeded()") && holds(&canceling, "always()"), "canceling");
        assert!(holds(&canceling, "canceled()"), "canceling is seen");
    }

    #[test]
    fn the_legs_of_a_matrix_come_together() {
        let outputs = IndexMap::from([("step.v".to_owned(), "1".to_owned())]);
        let value = dependencies([
            ("M.x", RunResult::Succeeded, &outputs),
            ("M.y", RunResult::Failed, &outputs),
        ]);
        struct Legs(Value);
        impl ConditionContext for Legs {
            fn variable(&self, _name: &str) -> Option<String> {
                None
            }
            fn dependencies(&self) -> Option<Value> {
                Some(self.0.clone())
            }
            fn status(&self) -> Option<Status> {
                None
            }
        }
        let text =
            "and(eq(dependencies.M.result, 'Failed'), eq(dependencies.M.outputs['y.step.v'], '1'))";
        assert_eq!(evaluate_condition(text, &Legs(value)), Ok(true), "the worst, and all outputs");
    }

    #[test]
    fn a_step_sees_variables_only() {
        let error = evaluate_condition("eq(dependencies.A.result, 'x')", &step(RunResult::Failed));
        assert!(error.unwrap_err().to_string().starts_with("Unrecognized named-value"));
    }

    #[test]
    fn a_trace_has_azures_three_lines() {
        let text = "and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))";
        let trace = trace_condition(text, &step(RunResult::Succeeded)).unwrap();
        assert!(!trace.holds);
        assert_eq!(trace.lines[1], "Expanded: and(True, eq('refs/heads/dev', 'refs/heads/main'))");
        assert_eq!(trace.lines[2], "Result: False");
    }

    #[test]
    fn runtime_expressions_are_whole_values() {
        assert_eq!(runtime_expression("$[ counter('1.0', 3) ]"), Some("counter('1.0', 3)"));
        assert_eq!(runtime_expression("a$[x]b"), None, "partial use is text");
        let value = evaluate_runtime("counter('1.0', 3)", &step(RunResult::Succeeded)).unwrap();
        assert_eq!(value.to_text().as_deref(), Some("7"));
    }

    #[test]
    fn conditions_do_not_expand_macros() {
        let world = step(RunResult::Succeeded);
        let holds =
            evaluate_condition("eq('$(Build.SourceBranch)', '$(build.sourcebranch)')", &world);
        assert_eq!(holds, Ok(true), "the text is compared as it is");
    }
}
