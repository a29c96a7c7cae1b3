//! Keys in the order in which a person writes them: what comes over the wire has lost its own.
//!
//! A step begins with its keyword, a job with its name, and the inputs of a task stand as the task
//! declares them. What is unknown keeps its place behind the rest. YAML is left as it is written.

use super::place::Rank;
use crate::catalog::spec;
use crate::document::value::Value;
use crate::document::words::order::Level;

/// A stage, job or step with its keys in order, and what it holds.
pub(super) fn ordered(value: Value, rank: Rank) -> Value {
    let Value::Map(mut entries) = value else { return value };
    let level = match rank {
        Rank::Stage => Level::Stage,
        Rank::Job => Level::Job,
        Rank::Step => Level::Step,
    };
    entries.sort_by_key(|(key, _)| level.rank(key).unwrap_or(usize::MAX));
    let task = entries.iter().find_map(|(key, value)| match (key.as_str(), value) {
        ("task", Value::Text(task)) => Some(task.clone()),
        _ => None,
    });
    let entries = entries.into_iter().map(|(key, value)| {
        let value = match (key.as_str(), rank) {
            ("jobs", Rank::Stage) => each(value, Rank::Job),
            ("steps", Rank::Job) => each(value, Rank::Step),
            ("strategy", Rank::Job) => hooks(value),
            ("inputs", Rank::Step) => inputs(value, task.as_deref().unwrap_or_default()),
            _ => value,
        };
        (key, value)
    });
    Value::Map(entries.collect())
}

fn each(list: Value, rank: Rank) -> Value {
    let Value::List(items) = list else { return list };
    Value::List(items.into_iter().map(|item| ordered(item, rank)).collect())
}

/// The steps below the hooks of a strategy. Its depth is the value's, which is limited where it is
/// written.
fn hooks(value: Value) -> Value {
    let Value::Map(entries) = value else { return value };
    let entries = entries.into_iter().map(|(key, value)| {
        let value = if key == "steps" { each(value, Rank::Step) } else { hooks(value) };
        (key, value)
    });
    Value::Map(entries.collect())
}

fn inputs(value: Value, task: &str) -> Value {
    let Value::Map(mut entries) = value else { return value };
    let declared = task
        .split_once('@')
        .and_then(|(name, version)| spec(name, version.parse().ok()?))
        .map_or(&[][..], |task| task.inputs);
    let rank = |key: &str| declared.iter().position(|input| input.is_named(key));
    entries.sort_by_key(|(key, _)| rank(key).unwrap_or(usize::MAX));
    Value::Map(entries)
}
