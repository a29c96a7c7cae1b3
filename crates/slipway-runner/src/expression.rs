//! What expressions see while a run goes on: variables, dependencies, how things stand.
//!
//! Called for conditions, `$[ ]` values and `continueOnError`. The language itself is
//! `slipway_pipeline::expr`; deliberately not here: macros, which have no expressions in them.

use std::sync::Arc;

use indexmap::IndexMap;
use slipway_core::RunResult;
use slipway_pipeline::expr::{Object, Value};
use slipway_pipeline::{
    ConditionContext, Counters, Status, dependency, evaluate_runtime, runtime_expression,
    trace_condition,
};

use crate::counters::Counted;
use crate::error::RunnerError;
use crate::result::worse;
use crate::variables::Variables;

/// One job or stage that has ended, as `dependencies` shows it.
#[derive(Debug, Clone)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) result: RunResult,
    pub(crate) outputs: IndexMap<String, String>,
}

/// Everything an expression may name at one place.
pub(crate) struct Scene<'a> {
    pub(crate) variables: &'a Variables,
    /// `None` where the status functions are not known.
    pub(crate) status: Option<Status>,
    /// `None` where `dependencies` is not a name.
    pub(crate) dependencies: Option<Value>,
    /// `None` where `stageDependencies` is not a name.
    pub(crate) stage_dependencies: Option<Value>,
    pub(crate) started_at: jiff::Timestamp,
    /// What `counter()` asks.
    pub(crate) counters: Option<Arc<Counted>>,
    /// `resources`.
    pub(crate) resources: Value,
}

/// The answer to a condition, with the trace that users expect in the log (§25a).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) holds: bool,
    /// `Evaluating: …`, `Expanded: …`, `Result: …`.
    pub(crate) trace: Vec<String>,
}

/// Legs of a matrix, which are jobs named `Job.leg`, seen as the one job that the file wrote: the worst
/// result, and outputs named `leg.step.name`.
pub(crate) fn with_legs_joined(jobs: Vec<Dependency>) -> Vec<Dependency> {
    let mut joined: Vec<Dependency> = Vec::new();
    for job in jobs {
        let Some((base, leg)) = job.name.split_once('.') else {
            // Targets of one deployment have one name; their outputs name the target already.
            match joined.iter_mut().find(|known| known.name == job.name) {
                Some(known) => {
                    known.result = worse(known.result, job.result);
                    known.outputs.extend(job.outputs);
                }
                None => joined.push(job),
            }
            continue;
        };
        let outputs =
            job.outputs.iter().map(|(name, value)| (format!("{leg}.{name}"), value.clone()));
        match joined.iter_mut().find(|known| known.name == base) {
            Some(known) => {
                known.result = worse(known.result, job.result);
                known.outputs.extend(outputs);
            }
            None => joined.push(Dependency {
                name: base.to_owned(),
                result: job.result,
                outputs: outputs.collect(),
            }),
        }
    }
    joined
}

/// `dependencies`, or one stage of `stageDependencies`.
pub(crate) fn dependencies_value<'a>(all: impl Iterator<Item = &'a Dependency>) -> Value {
    let nodes = all.map(|one| (one.name.clone(), dependency(one.result, &one.outputs)));
    nodes.collect::<Object>().into()
}

/// `stageDependencies`: stage, job, `outputs` and `result`.
pub(crate) fn stage_dependencies_value(stages: &[(String, Vec<Dependency>)]) -> Value {
    let nodes = stages.iter().map(|(stage, jobs)| (stage.clone(), dependencies_value(jobs.iter())));
    nodes.collect::<Object>().into()
}

impl Scene<'_> {
    /// Evaluates a condition; `place` names it in the error.
    pub(crate) fn condition(&self, text: &str, place: &str) -> Result<Verdict, RunnerError> {
        let traced = trace_condition(text, self).map_err(|error| RunnerError::Expression {
            place: format!("The condition of {place}, `{text}`,"),
            message: error.to_string(),
        })?;
        Ok(Verdict { holds: traced.holds, trace: traced.lines })
    }

    /// The value of a text: evaluated if all of it is `$[ … ]`, as it is otherwise.
    pub(crate) fn value(&self, text: &str, place: &str) -> Result<String, RunnerError> {
        let Some(inner) = runtime_expression(text) else { return Ok(text.to_owned()) };
        let failed = |message: String| RunnerError::Expression {
            place: format!("The value of {place}, `{text}`,"),
            message,
        };
        let value = evaluate_runtime(inner, self).map_err(|error| failed(error.to_string()))?;
        value.to_text().ok_or_else(|| failed(format!("it is a {}, not a text", value.kind())))
    }
}

impl ConditionContext for Scene<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.value(name).map(str::to_owned)
    }

    fn variable_names(&self) -> Vec<String> {
        self.variables.iter().map(|variable| variable.name.clone()).collect()
    }

    fn dependencies(&self) -> Option<Value> {
        self.dependencies.clone()
    }

    fn stage_dependencies(&self) -> Option<Value> {
        self.stage_dependencies.clone()
    }

    fn pipeline(&self) -> Option<Value> {
        let start = ("startTime", Value::DateTime(self.started_at));
        Some([start].into_iter().collect::<Object>().into())
    }

    fn status(&self) -> Option<Status> {
        self.status.clone()
    }

    /// Variables only: conditions have a status and no counters.
    fn counters(&self) -> Option<&dyn Counters> {
        let counters = self.counters.as_deref().filter(|_| self.status.is_none())?;
        Some(counters)
    }

    fn resources(&self) -> Option<Value> {
        Some(self.resources.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(variables: &Variables) -> Scene<'_> {
        Scene {
            variables,
            status: None,
            dependencies: None,
            stage_dependencies: None,
            started_at: jiff::Timestamp::UNIX_EPOCH,
            counters: None,
            resources: Value::Null,
        }
    }

    #[test]
    fn only_a_whole_runtime_expression_is_one() {
        let variables = Variables::default();
        let scene = scene(&variables);
        assert_eq!(scene.value("$[ format('{0}-b', 'a') ]", "x").unwrap(), "a-b", "all of it");
        assert_eq!(scene.value("a$[ 1 ]", "x").unwrap(), "a$[ 1 ]", "part of a text is text");
        assert!(scene.value("$[ nope ]", "x").is_err(), "a wrong expression is an error");
    }

    #[test]
    fn dependencies_show_results_and_outputs() {
        let variables = Variables::default();
        let outputs = [("step.image".to_owned(), "web:1".to_owned())].into_iter().collect();
        let job = Dependency { name: "Build".to_owned(), result: RunResult::Succeeded, outputs };
        let scene = Scene {
            dependencies: Some(dependencies_value([&job].into_iter())),
            stage_dependencies: Some(stage_dependencies_value(&[(
                "S".to_owned(),
                vec![job.clone()],
            )])),
            ..scene(&variables)
        };
        let value = |text: &str| scene.value(text, "x").unwrap();
        assert_eq!(
            value("$[ dependencies.build.outputs['step.image'] ]"),
            "web:1",
            "ignoring case"
        );
        assert_eq!(
            value("$[ stageDependencies.S.Build.outputs['step.image'] ]"),
            "web:1",
            "by stage"
        );
        assert_eq!(value("$[ dependencies.Build.result ]"), "Succeeded", "results have words");
    }
}
