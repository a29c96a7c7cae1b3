//! Folders of kind `expressions`: `expressions.toml` with what can be seen, and cases.
//!
//! `context` says where the expressions stand: `template` is `${{ }}`, `runtime` is `$[ ]`,
//! `condition` is `condition:`. A case has `text` and either `is` (a text, or a list or mapping as
//! JSON), or `error` (words of the message), with `column` where in the expression it is. `kind` is
//! the value's kind; `expanded` is the line a trace shows.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;
use slipway_core::RunResult;
use slipway_pipeline::expr::{Context, Expression, Object};
use slipway_pipeline::{
    ConditionContext, ExpressionError, Status, Value, dependency, evaluate_runtime, trace_condition,
};

use crate::conformance::{Case, all, same};

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Place {
    Template,
    Runtime,
    Condition,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct World {
    context: Place,
    #[serde(default)]
    parameters: toml::Table,
    /// The parameters are those of a template without types, in which a missing one is null.
    #[serde(default)]
    untyped: bool,
    #[serde(default)]
    variables: IndexMap<String, String>,
    /// Loop variables.
    #[serde(default)]
    names: toml::Table,
    dependencies: Option<IndexMap<String, Ended>>,
    #[serde(rename = "stageDependencies")]
    stage_dependencies: Option<IndexMap<String, IndexMap<String, Ended>>>,
    pipeline: Option<Pipeline>,
    resources: Option<toml::Table>,
    status: Option<StatusIs>,
    #[serde(default)]
    case: Vec<Question>,
    #[serde(skip)]
    counters: RefCell<HashMap<String, i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ended {
    result: String,
    #[serde(default)]
    outputs: IndexMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pipeline {
    #[serde(rename = "startTime")]
    start_time: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusIs {
    /// A step: the job so far.
    job: Option<String>,
    /// A job or stage.
    #[serde(default)]
    canceling: bool,
    #[serde(default)]
    results: IndexMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    text: String,
    is: Option<toml::Value>,
    error: Option<String>,
    column: Option<usize>,
    kind: Option<String>,
    expanded: Option<String>,
}

/// Runs one folder.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    case.has_nothing_of_its_own()?;
    let world: World = case.toml("expressions.toml")?;
    if world.case.is_empty() {
        return Err("the case is empty: no [[case]] in expressions.toml".to_owned());
    }
    all(world.case.iter().map(|question| {
        question.check(&world).map_err(|message| format!("{}: {message}", question.text))
    }))
}

impl Question {
    fn check(&self, world: &World) -> Result<(), String> {
        let outcome = world.evaluate(&self.text);
        match (&self.is, &self.error, outcome) {
            (Some(is), None, Ok(value)) => {
                if let Some(kind) = &self.kind {
                    same("kind", &value.kind(), &kind.as_str())?;
                }
                if let Some(expanded) = &self.expanded {
                    let trace = trace_condition(&self.text, world).map_err(|e| e.to_string())?;
                    same("trace", &trace.lines[1], &format!("Expanded: {expanded}"))?;
                }
                same("value", &plain(&value), is)
            }
            (None, Some(words), Err(error)) => {
                let message = error.to_string();
                if !message.contains(words.as_str()) {
                    return Err(format!("the error is {message}, expected {words}"));
                }
                let column = self.text[..error.offset()].chars().count() + 1;
                self.column.map_or(Ok(()), |wanted| same("column", &column, &wanted))
            }
            (Some(is), None, Err(error)) => Err(format!("is refused: {error}; expected {is}")),
            (None, Some(words), Ok(value)) => {
                Err(format!("is {}, expected the error {words}", value.shown()))
            }
            _ => Err("exactly one of is and error is needed".to_owned()),
        }
    }
}

/// The text of a value; lists and mappings as they are.
fn plain(value: &Value) -> toml::Value {
    match value.to_text() {
        Some(text) => text.into(),
        None => toml::Value::try_from(value.to_json()).expect("BUG: a case has no null in a list"),
    }
}

/// A value as the file's plain scalars give it.
fn value_of(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Array(items) => items.iter().map(value_of).collect::<Vec<_>>().into(),
        toml::Value::Table(entries) => object_of(entries).into(),
        other => Value::from_plain(&other.to_string()),
    }
}

fn object_of(table: &toml::Table) -> Object {
    table.iter().map(|(key, value)| (key.clone(), value_of(value))).collect()
}

fn result_of(word: &str) -> RunResult {
    match word {
        "Succeeded" => RunResult::Succeeded,
        "SucceededWithIssues" => RunResult::SucceededWithIssues,
        "Failed" => RunResult::Failed,
        "Canceled" => RunResult::Canceled,
        "Skipped" => RunResult::Skipped,
        other => panic!("{other} is no result"),
    }
}

fn ended(nodes: &IndexMap<String, Ended>) -> Value {
    let nodes = nodes
        .iter()
        .map(|(name, ended)| (name.clone(), dependency(result_of(&ended.result), &ended.outputs)));
    nodes.collect::<Object>().into()
}

impl World {
    fn evaluate(&self, text: &str) -> Result<Value, ExpressionError> {
        match self.context {
            Place::Template => Expression::parse(text)?.evaluate(&Compile(self)),
            Place::Runtime | Place::Condition => evaluate_runtime(text, self),
        }
    }
}

/// What `${{ }}` sees.
struct Compile<'a>(&'a World);

impl Context for Compile<'_> {
    fn named(&self, name: &str) -> Option<Value> {
        match name.to_ascii_lowercase().as_str() {
            "variables" => {
                let all = self.0.variables.iter();
                let all = all.map(|(name, value)| (name.clone(), Value::from(value.as_str())));
                Some(all.collect::<Object>().into())
            }
            "parameters" => {
                let mut object = if self.0.untyped { Object::new() } else { Object::strict() };
                for (name, value) in &self.0.parameters {
                    object.insert(name.clone(), value_of(value));
                }
                Some(Value::Object(Arc::new(object)))
            }
            other => object_of(&self.0.names).get(other).cloned(),
        }
    }
}

impl ConditionContext for World {
    fn variable(&self, name: &str) -> Option<String> {
        let found = self.variables.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    }

    fn variable_names(&self) -> Vec<String> {
        self.variables.keys().cloned().collect()
    }

    fn dependencies(&self) -> Option<Value> {
        self.dependencies.as_ref().map(ended)
    }

    fn stage_dependencies(&self) -> Option<Value> {
        let stages = self.stage_dependencies.as_ref()?;
        let stages = stages.iter().map(|(name, jobs)| (name.clone(), ended(jobs)));
        Some(stages.collect::<Object>().into())
    }

    fn pipeline(&self) -> Option<Value> {
        let start = self.pipeline.as_ref()?.start_time.parse().expect("startTime is an instant");
        Some([("startTime", Value::DateTime(start))].into_iter().collect::<Object>().into())
    }

    fn resources(&self) -> Option<Value> {
        self.resources.as_ref().map(|resources| object_of(resources).into())
    }

    fn status(&self) -> Option<Status> {
        if self.context == Place::Runtime {
            return None;
        }
        let Some(status) = &self.status else {
            return Some(Status::Step { job: RunResult::Succeeded });
        };
        Some(match &status.job {
            Some(job) => Status::Step { job: result_of(job) },
            None => Status::Node {
                is_canceling: status.canceling,
                results: status
                    .results
                    .iter()
                    .map(|(name, result)| (name.clone(), result_of(result)))
                    .collect(),
            },
        })
    }

    fn counter(&self, prefix: &str, seed: i64) -> Option<i64> {
        if self.context != Place::Runtime {
            return None;
        }
        let mut counters = self.counters.borrow_mut();
        let next = counters.get(prefix).map_or(seed, |last| last + 1);
        counters.insert(prefix.to_owned(), next);
        Some(next)
    }
}
