//! What a template expression sees: parameters of its file, variables declared so far, loop variables.

use std::rc::Rc;

use super::Expander;
use crate::expr::{Context, Object, Value};

/// A loop variable, and those of the loops around.
pub(super) struct Loop {
    name: String,
    value: Value,
    outer: Option<Rc<Loop>>,
}

/// A file that is being expanded, with the files that led to it.
pub(super) struct Included {
    parameters: Value,
    /// Position among the files.
    pub(super) file: usize,
    pub(super) level: usize,
    pub(super) caller: Option<Rc<Included>>,
}

impl Included {
    pub(super) fn root(parameters: Value) -> Self {
        Self { parameters, file: 0, level: 0, caller: None }
    }

    pub(super) fn template(parameters: Object, file: usize, caller: &Rc<Self>) -> Self {
        Self {
            parameters: parameters.into(),
            file,
            level: caller.level + 1,
            caller: Some(Rc::clone(caller)),
        }
    }
}

/// A file's parameters and the loop variables at some place in it.
#[derive(Clone)]
pub(super) struct Scope {
    pub(super) included: Rc<Included>,
    loops: Option<Rc<Loop>>,
}

impl Scope {
    pub(super) fn new(included: Included) -> Self {
        Self { included: Rc::new(included), loops: None }
    }

    /// With one more loop variable.
    pub(super) fn inside(&self, name: &str, value: Value) -> Self {
        let inner = Loop { name: name.to_owned(), value, outer: self.loops.clone() };
        Self { included: Rc::clone(&self.included), loops: Some(Rc::new(inner)) }
    }

    fn loop_variable(&self, name: &str) -> Option<&Value> {
        let mut at = self.loops.as_deref();
        while let Some(one) = at {
            if one.name.eq_ignore_ascii_case(name) {
                return Some(&one.value);
            }
            at = one.outer.as_deref();
        }
        None
    }
}

/// Variables of the service itself, which no file overrides.
pub(super) fn is_predefined(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["build.", "system.", "agent.", "pipeline.", "resources.", "environment.", "checks."]
        .iter()
        .any(|start| name.starts_with(start))
}

impl Expander<'_, '_> {
    fn variable(&self, name: &str) -> Value {
        let frames = self.frames.iter().rev();
        std::iter::once(&self.fixed)
            .chain(frames)
            .find_map(|frame| frame.get(name).cloned())
            .unwrap_or(Value::Null)
    }

    /// Declares a variable in the innermost scope.
    pub(super) fn set_variable(&mut self, name: &str, value: Value) {
        self.all_variables.take();
        if let Some(frame) = self.frames.last_mut() {
            frame.insert(name, value);
        }
    }

    pub(super) fn enter_frame(&mut self) {
        self.all_variables.take();
        self.frames.push(Object::new());
    }

    pub(super) fn leave_frame(&mut self) {
        self.all_variables.take();
        self.frames.pop();
    }

    fn all_variables(&self) -> Value {
        if let Some(known) = &*self.all_variables.borrow() {
            return known.clone();
        }
        let mut all = Object::new();
        for frame in self.frames.iter().chain([&self.fixed]) {
            for (key, value) in frame.iter() {
                all.insert(key, value.clone());
            }
        }
        // Asked for again after each declaration, this would cost the square of what is declared.
        self.events.set(self.events.get().saturating_add(all.len()));
        let all = Value::from(all);
        self.all_variables.replace(Some(all.clone()));
        all
    }
}

/// The view from one place.
pub(super) struct Names<'e, 'a, 'r> {
    pub(super) expander: &'e Expander<'a, 'r>,
    pub(super) scope: &'e Scope,
}

impl Context for Names<'_, '_, '_> {
    fn named(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.scope.loop_variable(name) {
            return Some(value.clone());
        }
        match name.to_ascii_lowercase().as_str() {
            "parameters" => Some(self.scope.included.parameters.clone()),
            "variables" => Some(self.expander.all_variables()),
            _ => None,
        }
    }

    fn property(&self, name: &str, key: &str) -> Option<Value> {
        if !name.eq_ignore_ascii_case("variables") || self.scope.loop_variable(name).is_some() {
            return None;
        }
        Some(self.expander.variable(key))
    }
}
