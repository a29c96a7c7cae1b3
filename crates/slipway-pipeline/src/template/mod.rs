//! The compile-time engine: `${{ }}`, its directives, and templates (pipelines.md 6 and 7).
//!
//! [`Expander`] turns a tree with expressions and includes into one without. It walks in document
//! order and knows where variables are declared, because `${{ variables.x }}` sees what stands above
//! it. The walk (`walk`, `keys`, `include`) keeps a stack of its own, so that a hundred files that
//! include each other need no more of the thread's stack than one. The reader then sees plain YAML
//! whose places are those of the files it was written in. Deliberately not here: opening files, which
//! is what [`Files`] is for.

mod bind;
mod context;
mod convert;
mod files;
mod include;
mod keys;
mod library;
mod parameters;
mod print;
mod shapes;
mod syntax;
mod text;
mod walk;

pub use files::{FileAnswer, Files, Include, NoFiles, ReadFile, Repository};
pub use library::declared_repositories;
pub use parameters::ParameterDeclaration;
pub use print::expanded_yaml;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::error::ExpressionError;
use crate::expr::{Expression, Object, Value};
use crate::report::Report;
use crate::tree::{Node, Place, Scalar};
use bind::Binder;
use context::{Included, Names, Scope, is_predefined};
use convert::Origins;
use library::Library;
use text::Code;
use walk::{Out, Work};

const MAX_EVENTS: usize = 1_000_000;
const MAX_BYTES: usize = 10 * 1024 * 1024;

type Parsed = Result<Rc<Expression>, ExpressionError>;

/// Expands a tree.
pub(crate) struct Expander<'a, 'r> {
    report: &'a mut Report<'r>,
    library: Library<'a>,
    includes: HashSet<Include>,
    in_order: Vec<Include>,
    origins: Origins,
    /// Predefined variables: nothing overrides them.
    fixed: Object,
    /// What the outermost scope starts with, then one frame per scope: root, stage, job.
    frames: Vec<Object>,
    /// All of them as one mapping, until one more is declared.
    all_variables: RefCell<Option<Value>>,
    parsed: RefCell<HashMap<String, Parsed>>,
    work: Vec<Work>,
    out: Vec<Out>,
    events: Cell<usize>,
    bytes: usize,
    is_halted: bool,
}

/// What expanding came to.
pub(crate) struct ExpandedRoot {
    /// Nothing once a limit was reached.
    pub(crate) root: Option<Node>,
    pub(crate) parameters: Vec<ParameterDeclaration>,
    pub(crate) files: Vec<ReadFile>,
    pub(crate) includes: Vec<Include>,
}

impl<'a, 'r> Expander<'a, 'r> {
    pub(crate) fn new(
        file: &str,
        files: &'a dyn Files,
        variables: &IndexMap<String, String>,
        report: &'a mut Report<'r>,
    ) -> Self {
        let (fixed, queued): (Vec<_>, Vec<_>) = variables
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .partition(|(name, _)| is_predefined(name));
        Self {
            report,
            library: Library::new(files, file),
            includes: HashSet::new(),
            in_order: Vec::new(),
            origins: Origins::default(),
            fixed: fixed.into_iter().collect(),
            frames: vec![queued.into_iter().collect(), Object::new()],
            all_variables: RefCell::default(),
            parsed: RefCell::default(),
            work: Vec::new(),
            out: Vec::new(),
            events: Cell::new(0),
            bytes: 0,
            is_halted: false,
        }
    }

    /// The tree without expressions. A syntax error anywhere is fatal, taken branch or not.
    pub(crate) fn root(
        mut self,
        file: &str,
        root: Option<&Node>,
        given: &IndexMap<String, String>,
    ) -> ExpandedRoot {
        let (mut expanded, mut declarations) = (None, Vec::new());
        if let Some(root) = root {
            let node = root.get("parameters");
            let declared = parameters::of_root(node, &mut self.origins, self.report);
            let place = node.map_or_else(|| self.report.start(), |node| node.place);
            let mut binder = Binder { origins: &mut self.origins, report: self.report };
            let values = binder.root(&declared, given, place);
            self.check_syntax(root);
            let scope = Scope::new(Included::root(Value::Object(Arc::new(values))));
            self.early_repositories(root, &scope);
            expanded = self.expand_root(root, scope).filter(|_| !self.is_halted);
            declarations = declared.into_iter().map(|one| one.declaration).collect();
        }
        ExpandedRoot {
            root: expanded,
            parameters: declarations,
            files: self.library.read_files(file),
            includes: self.in_order,
        }
    }

    /// Counts one more event; false when a limit is reached.
    fn count(&mut self, place: Place, events: usize, bytes: usize) -> bool {
        self.events.set(self.events.get().saturating_add(events));
        self.bytes = self.bytes.saturating_add(bytes);
        if !self.is_halted && self.events.get() > MAX_EVENTS {
            let message = "Maximum events exceeded while evaluating the template. This may indicate an infinite loop or too many nested loops.";
            self.halt(place, message, "Loop over less.".to_owned());
        } else if !self.is_halted && self.bytes > MAX_BYTES {
            self.halt(place, "Maximum object size exceeded", "Loop over less.".to_owned());
        }
        !self.is_halted
    }

    /// Counts what is taken over as it is.
    fn count_whole(&mut self, node: &Node) -> bool {
        self.count(node.place, node.weight.nodes as usize, node.weight.bytes as usize)
    }

    fn halt(&mut self, place: Place, message: impl Into<String>, hint: String) {
        self.is_halted = true;
        self.report.error(place, "limit_exceeded", message, Some(hint));
    }

    fn parse(&self, text: &str) -> Parsed {
        if let Some(known) = self.parsed.borrow().get(text) {
            return known.clone();
        }
        let parsed = Expression::parse(text).map(Rc::new);
        self.parsed.borrow_mut().insert(text.to_owned(), parsed.clone());
        parsed
    }

    /// The value of an expression; errors are said and read as null.
    fn evaluate(&mut self, scalar: &Scalar, place: Place, code: Code<'_>, scope: &Scope) -> Value {
        let outcome = self
            .parse(code.text)
            .and_then(|expression| expression.evaluate(&Names { expander: self, scope }));
        match outcome {
            Ok(value) => value,
            Err(error) => {
                // Syntax was checked before anything was expanded.
                if !error.is_syntax() {
                    self.report.expression(scalar, place, code.offset, &error);
                }
                Value::Null
            }
        }
    }
}
