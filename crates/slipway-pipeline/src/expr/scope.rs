//! Which names and functions an expression may use where it stands (pipelines.md 8.5 to 8.7).
//!
//! One table for the check of a file, for completion and for hover. Deliberately not here: what the
//! names hold ([`crate::ConditionContext`], the template engine) and what the functions do.

use super::parser::{Ast, AstKind, Expression, MAX_ERRORS};
use crate::error::{ExpressionError, SyntaxProblem};

/// Where an expression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExpressionPlace {
    /// `${{ }}`, in any file.
    Template,
    /// `$[ ]` of a variable at the root.
    RootVariable,
    /// `$[ ]` of a stage's variable.
    StageVariable,
    /// `$[ ]` of a job's variable.
    JobVariable,
    /// `condition:` of a stage.
    StageCondition,
    /// `condition:` of a job.
    JobCondition,
    /// `condition:` of a step.
    StepCondition,
    /// `$[ ]` of a job's own keys: `strategy`, `container`, `timeoutInMinutes`, `pool` and others.
    JobProperty,
}

/// A name an expression can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedValueSpec {
    pub name: &'static str,
    /// A sentence.
    pub help: &'static str,
    /// Where it is known.
    pub places: &'static [ExpressionPlace],
}

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionSpec {
    /// As the vendor spells it; calls ignore case.
    pub name: &'static str,
    /// Fewest arguments.
    pub fewest: usize,
    /// Most arguments; [`usize::MAX`] is any number.
    pub most: usize,
    /// Such as `eq(left, right)`.
    pub signature: &'static str,
    /// A sentence.
    pub help: &'static str,
    /// Where it is known.
    pub places: &'static [ExpressionPlace],
}

use ExpressionPlace::{
    JobCondition, JobProperty, JobVariable, RootVariable, StageCondition, StageVariable,
    StepCondition, Template,
};

const EVERYWHERE: &[ExpressionPlace] = &[
    Template,
    RootVariable,
    StageVariable,
    JobVariable,
    StageCondition,
    JobCondition,
    StepCondition,
    JobProperty,
];
const RUN_TIME: &[ExpressionPlace] =
    &[RootVariable, StageVariable, JobVariable, StageCondition, JobCondition, JobProperty];
const IN_A_JOB: &[ExpressionPlace] = &[JobVariable, JobCondition, JobProperty];
const VARIABLES: &[ExpressionPlace] = &[RootVariable, StageVariable, JobVariable];
const CONDITIONS: &[ExpressionPlace] = &[StageCondition, JobCondition, StepCondition];
const ANY: usize = usize::MAX;

/// Every named value. Loop variables of `${{ each }}` come on top where they are in scope.
pub const NAMED_VALUES: &[NamedValueSpec] = &[
    NamedValueSpec {
        name: "parameters",
        help: "The parameters of this file.",
        places: &[Template],
    },
    NamedValueSpec {
        name: "variables",
        help: "Variables by name; one that is not set is empty.",
        places: EVERYWHERE,
    },
    NamedValueSpec {
        name: "pipeline",
        help: "The run: pipeline.startTime is when it started.",
        places: RUN_TIME,
    },
    NamedValueSpec {
        name: "dependencies",
        help: "What this waits for, by name: its result and its outputs.",
        places: &[JobVariable, StageCondition, JobCondition, JobProperty],
    },
    NamedValueSpec {
        name: "stageDependencies",
        help: "Jobs of the stages that this stage waits for: stage, job, then result or outputs.",
        places: &[StageVariable, JobVariable, JobCondition, JobProperty],
    },
    NamedValueSpec {
        name: "resources",
        help: "Pipelines, repositories and containers by alias.",
        places: RUN_TIME,
    },
];

const fn function(
    name: &'static str,
    fewest: usize,
    most: usize,
    signature: &'static str,
    help: &'static str,
) -> FunctionSpec {
    FunctionSpec { name, fewest, most, signature, help, places: EVERYWHERE }
}

const fn status(
    name: &'static str,
    most: usize,
    signature: &'static str,
    help: &'static str,
) -> FunctionSpec {
    FunctionSpec { name, fewest: 0, most, signature, help, places: CONDITIONS }
}

/// Every function.
pub const FUNCTIONS: &[FunctionSpec] = &[
    function(
        "and",
        2,
        ANY,
        "and(a, b, …)",
        "True when all are true; stops at the first that is not.",
    ),
    function("or", 2, ANY, "or(a, b, …)", "True when one is true; stops at the first that is."),
    function("not", 1, 1, "not(value)", "True when the value is false."),
    function("xor", 2, 2, "xor(a, b)", "True when exactly one of the two is true."),
    function("eq", 2, 2, "eq(left, right)", "True when both are equal; texts ignore case."),
    function("ne", 2, 2, "ne(left, right)", "True when the two differ; texts ignore case."),
    function("gt", 2, 2, "gt(left, right)", "True when left is greater than right."),
    function("ge", 2, 2, "ge(left, right)", "True when left is not less than right."),
    function("lt", 2, 2, "lt(left, right)", "True when left is less than right."),
    function("le", 2, 2, "le(left, right)", "True when left is not greater than right."),
    function("in", 2, ANY, "in(value, a, …)", "True when the value equals one of the others."),
    function(
        "notIn",
        2,
        ANY,
        "notIn(value, a, …)",
        "True when the value equals none of the others.",
    ),
    function("coalesce", 2, ANY, "coalesce(a, b, …)", "The first that is neither null nor empty."),
    function("iif", 3, 3, "iif(condition, a, b)", "a when the condition is true, else b."),
    function(
        "contains",
        2,
        2,
        "contains(text, part)",
        "True when the part is in the text, ignoring case.",
    ),
    function(
        "startsWith",
        2,
        2,
        "startsWith(text, start)",
        "True when the text starts so, ignoring case.",
    ),
    function("endsWith", 2, 2, "endsWith(text, end)", "True when the text ends so, ignoring case."),
    function(
        "containsValue",
        2,
        2,
        "containsValue(list, value)",
        "True when the list or mapping holds the value.",
    ),
    function(
        "format",
        1,
        255,
        "format('{0} {1}', a, b)",
        "The text with {0}, {1} and so on filled in.",
    ),
    function("join", 2, 2, "join(separator, list)", "The items of the list as one text."),
    function(
        "split",
        2,
        2,
        "split(text, separators)",
        "The text cut at each of the separator letters.",
    ),
    function(
        "replace",
        3,
        3,
        "replace(text, old, new)",
        "The text with every old replaced by new.",
    ),
    function("lower", 1, 1, "lower(text)", "The text in lower case."),
    function("upper", 1, 1, "upper(text)", "The text in upper case."),
    function("trim", 1, 1, "trim(text)", "The text without blanks around it."),
    function("length", 1, 1, "length(value)", "How long a text, list or mapping is."),
    function(
        "substring",
        2,
        3,
        "substring(text, start, length)",
        "A part of the text; start counts from 0.",
    ),
    function("convertToJson", 1, 1, "convertToJson(value)", "The value as JSON."),
    status("always", 0, "always()", "True, even when the run is being cancelled."),
    status("canceled", 0, "canceled()", "True when the run is being cancelled."),
    status(
        "succeeded",
        ANY,
        "succeeded(job, …)",
        "True when all before, or those named, went well.",
    ),
    status("failed", ANY, "failed(job, …)", "True when one before, or one of those named, failed."),
    status(
        "succeededOrFailed",
        ANY,
        "succeededOrFailed(job, …)",
        "True when all before, or those named, ran to their end.",
    ),
    FunctionSpec {
        name: "counter",
        fewest: 0,
        most: 2,
        signature: "counter(prefix, seed)",
        help: "Counts the runs with the same prefix, from the seed on.",
        places: VARIABLES,
    },
];

impl ExpressionPlace {
    /// Every place.
    pub const ALL: &'static [Self] = EVERYWHERE;

    /// The names that are known here.
    pub fn names(self) -> impl Iterator<Item = &'static NamedValueSpec> {
        NAMED_VALUES.iter().filter(move |named| named.places.contains(&self))
    }

    /// The functions that are known here.
    pub fn functions(self) -> impl Iterator<Item = &'static FunctionSpec> {
        FUNCTIONS.iter().filter(move |function| function.places.contains(&self))
    }

    /// True where a bare expression stands, without brackets around it.
    pub fn is_condition(self) -> bool {
        CONDITIONS.contains(&self)
    }

    /// True for what belongs to a job, where `dependencies` are jobs.
    pub fn is_in_a_job(self) -> bool {
        IN_A_JOB.contains(&self)
    }
}

impl FunctionSpec {
    /// The function with this name, ignoring case.
    pub fn find(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name))
    }

    /// The vendor's page about it.
    pub fn page(&self) -> String {
        const PAGE: &str = "https://learn.microsoft.com/azure/devops/pipelines/process/expressions";
        format!("{PAGE}#{}", self.name.to_ascii_lowercase())
    }

    /// Most arguments at a place: a step has no jobs to name in `succeeded()`.
    pub fn most_at(&self, place: ExpressionPlace) -> usize {
        if place == StepCondition && self.places == CONDITIONS { 0 } else { self.most }
    }
}

impl Expression {
    /// Everything that is not legal at a place, in order; offsets are bytes within the expression.
    /// `loops` are the loop variables in scope.
    pub fn check(&self, place: ExpressionPlace, loops: &[&str]) -> Vec<ExpressionError> {
        let mut check = Check { expression: self, place, loops, errors: Vec::new() };
        check.node(&self.root);
        check.errors
    }
}

struct Check<'a> {
    expression: &'a Expression,
    place: ExpressionPlace,
    loops: &'a [&'a str],
    errors: Vec<ExpressionError>,
}

impl Check<'_> {
    fn node(&mut self, node: &Ast) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        match &node.kind {
            AstKind::Literal(_) => {}
            AstKind::Named(name) => self.named(name, node.offset),
            AstKind::Function { name, arguments, .. } => {
                match self.place.functions().find(|known| known.name.eq_ignore_ascii_case(name)) {
                    None => self.errors.push(self.expression.unknown_function(name, node.offset)),
                    Some(known) => {
                        if let Some(first) = arguments.get(known.most_at(self.place)) {
                            let problem = SyntaxProblem::UnexpectedSymbol;
                            let error = self.expression.problem_at(problem, first.first_offset());
                            self.errors.push(error);
                        }
                    }
                }
                for argument in arguments {
                    self.node(argument);
                }
            }
            AstKind::Property { base, .. } | AstKind::Wildcard { base } => self.node(base),
            AstKind::Index { base, index } => {
                self.node(base);
                self.node(index);
            }
        }
    }

    fn named(&mut self, name: &str, offset: usize) {
        let is_loop = self.loops.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is_loop || self.place.names().any(|known| known.name.eq_ignore_ascii_case(name)) {
            return;
        }
        let is_function = self.place.functions().any(|known| known.name.eq_ignore_ascii_case(name));
        self.errors.push(if is_function {
            self.expression.problem_at(SyntaxProblem::ExpectedStartParameter, offset)
        } else {
            self.expression.unknown_name(name, offset)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, place: ExpressionPlace) -> Vec<String> {
        let errors = Expression::parse(text).unwrap().check(place, &["item"]);
        errors.iter().map(|error| format!("{}: {error}", error.offset())).collect()
    }

    #[test]
    fn every_place_knows_its_names_and_functions() {
        for (text, places) in [
            ("parameters.a", &[Template][..]),
            ("variables.a", EVERYWHERE),
            ("pipeline.startTime", RUN_TIME),
            ("resources.a", RUN_TIME),
            (
                "stageDependencies.A.B.result",
                &[StageVariable, JobVariable, JobCondition, JobProperty],
            ),
            ("succeeded()", CONDITIONS),
            ("succeeded('A')", &[StageCondition, JobCondition]),
            ("counter('a', 1)", VARIABLES),
            ("item.name", EVERYWHERE),
        ] {
            for place in ExpressionPlace::ALL {
                let is_legal = said(text, *place).is_empty();
                assert_eq!(is_legal, places.contains(place), "{text} at {place:?}");
            }
        }
    }

    #[test]
    fn the_place_of_what_is_wrong_is_told() {
        let said =
            said("and(Always, succeeded('A'), eq(dependencies.A.result, x()))", StepCondition);
        assert_eq!(
            said,
            [
                "4: Expected '(' to follow a function: 'Always'. Located at position 5 within expression: and(Always, succeeded('A'), eq(dependencies.A.result, x())).",
                "22: Unexpected symbol: ''A''. Located at position 23 within expression: and(Always, succeeded('A'), eq(dependencies.A.result, x())).",
                "31: Unrecognized named-value: 'dependencies'. Located at position 32 within expression: and(Always, succeeded('A'), eq(dependencies.A.result, x())).",
                "54: Unrecognized function: 'x'. Located at position 55 within expression: and(Always, succeeded('A'), eq(dependencies.A.result, x())).",
            ]
        );
    }

    #[test]
    fn names_are_spelt_once() {
        for (at, function) in FUNCTIONS.iter().enumerate() {
            let first =
                FUNCTIONS.iter().position(|known| known.name.eq_ignore_ascii_case(function.name));
            assert_eq!(first, Some(at), "{} is there once", function.name);
            assert!(function.signature.starts_with(function.name), "{}", function.signature);
            assert!(function.help.ends_with('.'), "{} is a sentence", function.help);
        }
    }
}
