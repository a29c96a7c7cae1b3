//! What the language expects at a node of the sketch: the forms its value may have.
//!
//! Found by walking from the root down to the node; `${{ if }}` and its like stand for the place they
//! are in. Deliberately not here: where the cursor is ([`super::spot`]).

use super::sketch::{Form, Id, Kind, ROOT, Sketch};
use crate::catalog::{InputSpec, TaskCatalog, TaskSpec};
use crate::schema::{Key, Shape, Value, key, keys};

/// The forms a value may have.
pub(crate) type Slot = Vec<Value>;

impl Sketch<'_> {
    /// What the value of a node may be.
    pub(crate) fn slot(&self, id: Id) -> Slot {
        let mut path: Vec<Id> = self.ancestors(id).collect();
        path.reverse();
        let mut slot = root_slot();
        let mut list = Slot::new();
        for step in path.into_iter().skip(1) {
            (slot, list) = self.below(&slot, &list, step);
        }
        slot
    }

    /// From the slot of a node to that of a child. The second slot is that of the list which an item
    /// is in: a directive in an item may be followed by more items.
    pub(crate) fn below(&self, slot: &Slot, list: &Slot, child: Id) -> (Slot, Slot) {
        if self.node(child).kind == Kind::Item {
            return (self.item_slot(slot, child), slot.clone());
        }
        if self.is_directive(child) {
            let mut both = slot.clone();
            both.extend(list.iter().filter(|value| !slot.contains(value)));
            return (both, Slot::new());
        }
        let name = self.key(child);
        let mut found = Slot::new();
        for value in slot {
            let values: &[Value] = match value {
                Value::MapOf(value) => std::slice::from_ref(*value),
                Value::Map(Shape::Parameter) if name == "default" => self.default_forms(child),
                Value::Map(shape) => forms(*shape, name),
                Value::Arguments => argument_forms(name),
                Value::Variables | Value::Inputs => &[Value::Text],
                Value::Anything => &[Value::Anything],
                _ => &[],
            };
            found.extend(
                values.iter().filter(|value| !found.contains(value)).copied().collect::<Vec<_>>(),
            );
        }
        (found, Slot::new())
    }

    /// What the default of a parameter may be, by its type.
    fn default_forms(&self, child: Id) -> &'static [Value] {
        let kind = self.child(self.node(child).parent, "type").map_or("", |at| self.value(at));
        match kind {
            "boolean" => &[Value::Boolean],
            "number" => &[Value::Number],
            "stepList" => forms(Shape::Root, "steps"),
            "jobList" => forms(Shape::Root, "jobs"),
            "stageList" => forms(Shape::Root, "stages"),
            _ => &[Value::Anything],
        }
    }

    fn item_slot(&self, slot: &Slot, item: Id) -> Slot {
        let mut found = Slot::new();
        for value in slot {
            match value {
                Value::Items(shapes) => match self.shape_of(item, shapes) {
                    Some(shape) => found.push(Value::Map(shape)),
                    None => found.extend(shapes.iter().map(|shape| Value::Map(*shape))),
                },
                Value::ListOf(value) => found.push(**value),
                Value::Anything => found.push(Value::Anything),
                _ => {}
            }
        }
        found
    }

    /// The shape of an item, if a key of it says so.
    fn shape_of(&self, item: Id, shapes: &[Shape]) -> Option<Shape> {
        self.children(item).filter(|child| self.is_pair(*child)).find_map(|child| {
            let name = self.key(child);
            let is_it = |shape: &&Shape| key(**shape, name).is_some_and(|key| key.is_first);
            shapes.iter().find(is_it).copied()
        })
    }

    /// The key of the table that a pair is, with its shape.
    pub(crate) fn schema_key(&self, id: Id) -> Option<(Shape, &'static Key)> {
        if !self.is_pair(id) || id == ROOT {
            return None;
        }
        let name = self.key(id);
        self.slot(self.node(id).parent).into_iter().find_map(|value| match value {
            Value::Map(shape) => key(shape, name).map(|key| (shape, key)),
            _ => None,
        })
    }

    /// The mapping that a node's keys are written in, directives looked through.
    pub(crate) fn mapping_above(&self, id: Id) -> Id {
        let mut at = id;
        while at != ROOT && self.is_directive(at) {
            at = self.node(at).parent;
        }
        at
    }

    /// The task of the step that a node is in: its reference as written, and where it is declared.
    pub(crate) fn task_of<'c>(
        &self,
        id: Id,
        catalog: &'c dyn TaskCatalog,
    ) -> Option<(Id, &'c TaskSpec)> {
        let may_be_step = |above: &Id| {
            let node = self.node(*above);
            node.kind == Kind::Item || node.form == Form::FlowMapping
        };
        let task = self.ancestors(id).filter(may_be_step).find_map(|at| self.child(at, "task"))?;
        Some((task, spec_of(self.value(task), catalog)?))
    }

    /// The value given to an input in a mapping of inputs.
    pub(crate) fn input(&self, inputs: Id, input: &InputSpec) -> Option<&str> {
        let is_it = |child: &Id| self.is_pair(*child) && input.is_named(self.key(*child));
        self.children(inputs).find(is_it).map(|child| match self.node(child).form {
            Form::Block => "\u{2026}",
            _ => self.value(child),
        })
    }
}

/// What the value of a key may be.
fn forms(shape: Shape, name: &str) -> &'static [Value] {
    key(shape, name).map_or(&[], |key| key.values)
}

/// What is given to a template's parameter: by its name, for the template may be out of reach. Steps
/// are called steps, preSteps, buildSteps and so on.
fn argument_forms(name: &str) -> &'static [Value] {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "pool" | "variables" => forms(Shape::Root, &lower),
        name if name.ends_with("stages") => forms(Shape::Root, "stages"),
        name if name.ends_with("jobs") => forms(Shape::Root, "jobs"),
        name if name.ends_with("steps") => forms(Shape::Root, "steps"),
        _ => &[Value::Text],
    }
}

/// What a file is.
pub(crate) fn root_slot() -> Slot {
    vec![Value::Map(Shape::Root)]
}

/// The task that a reference such as `Docker@2` names.
pub(crate) fn spec_of<'c>(reference: &str, catalog: &'c dyn TaskCatalog) -> Option<&'c TaskSpec> {
    let (name, version) = reference.trim().rsplit_once('@')?;
    catalog.task(name, version.split('.').next()?.parse().ok()?)
}

/// The first keys of some shapes.
pub(crate) fn first_keys(shapes: &[Shape]) -> impl Iterator<Item = (Shape, &'static Key)> + '_ {
    shapes.iter().filter_map(|shape| {
        let all = keys(*shape);
        let first = all.iter().find(|key| key.is_first).or(all.first())?;
        Some((*shape, first))
    })
}
