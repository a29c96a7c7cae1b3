//! The legs of a job whose matrix or slice count is known only during a run (pipelines.md 11).
//!
//! Called by the runner once the expression has a value. Deliberately not here: legs that the file
//! writes, which its reader makes.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::{PlanJob, PlanLeg, PlanStrategy, PlanVariable, StrategyKind, whole_number};
use crate::expr::is_identifier;

/// More are not made.
const MAX_LEGS: usize = 100;

impl PlanJob {
    /// The jobs that this one comes to when its strategy's expression has this value. Without any leg
    /// it runs once, as it is.
    pub fn late_legs(&self, value: &str) -> Result<Vec<PlanJob>, String> {
        let kind = self.strategy.as_ref().map_or(StrategyKind::None, |strategy| strategy.kind);
        let legs = match kind {
            StrategyKind::Parallel => self.late_slices(value)?,
            _ => self.late_matrix(value)?,
        };
        let known = |strategy: &PlanStrategy| PlanStrategy {
            expression: None,
            legs: Vec::new(),
            ..strategy.clone()
        };
        let plain = Self { strategy: self.strategy.as_ref().map(known), ..self.clone() };
        if legs.is_empty() {
            return Ok(vec![plain]);
        }
        Ok(legs.iter().map(|leg| plain.as_leg(leg)).collect())
    }

    fn late_matrix(&self, value: &str) -> Result<Vec<PlanLeg>, String> {
        if value.trim().is_empty() {
            return Ok(Vec::new());
        }
        let read: IndexMap<String, IndexMap<String, Value>> =
            serde_json::from_str(value).map_err(|error| {
                format!("its value is not a JSON object of legs with their variables: {error}")
            })?;
        too_many("matrix", read.len())?;
        let mut taken: HashSet<String> = read.keys().map(|name| name.to_lowercase()).collect();
        let mut legs = Vec::with_capacity(read.len());
        for (at, (name, variables)) in read.into_iter().enumerate() {
            let reference = if is_identifier(&name) { name.clone() } else { free(at, &mut taken) };
            let variables = variables.iter().map(|(name, value)| self.variable(name, text(value)));
            legs.push(PlanLeg {
                display_name: format!("{} {name}", self.display_name),
                reference,
                variables: variables.collect(),
                name,
                span: self.span,
                file: self.file,
            });
        }
        Ok(legs)
    }

    fn late_slices(&self, value: &str) -> Result<Vec<PlanLeg>, String> {
        let count = whole_number(value).ok_or_else(|| format!("'{value}' is no whole number"))?;
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        too_many("slicing", count)?;
        let leg = |position: usize| PlanLeg {
            name: format!("Job{position}"),
            reference: format!("Job{position}"),
            display_name: format!("{} {position}", self.display_name),
            variables: vec![
                self.variable("System.JobPositionInPhase", position.to_string()),
                self.variable("System.TotalJobsInPhase", count.to_string()),
            ],
            span: self.span,
            file: self.file,
        };
        Ok((1..=count).map(leg).collect())
    }

    fn variable(&self, name: &str, value: String) -> PlanVariable {
        let (span, file) = (self.span, self.file);
        PlanVariable { name: name.to_owned(), value, is_readonly: false, span, file }
    }
}

fn too_many(what: &str, count: usize) -> Result<(), String> {
    if count <= MAX_LEGS {
        return Ok(());
    }
    Err(format!(
        "The {what} expansion resulted in {count} jobs which exceeds the maximum allowable job count of {MAX_LEGS}."
    ))
}

fn free(at: usize, taken: &mut HashSet<String>) -> String {
    let mut position = at + 1;
    loop {
        let name = format!("Job{position}");
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        position += 1;
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
