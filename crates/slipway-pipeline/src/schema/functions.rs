//! Functions and named values of expressions, for people (pipelines.md 8.5 to 8.7).
//!
//! What they do is in [`crate::expr`] and [`crate::condition`].

/// Where an expression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// `${{ }}`.
    Template,
    /// `$[ ]`.
    Runtime,
    /// `condition:`.
    Condition,
}

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionHelp {
    pub name: &'static str,
    /// Such as `eq(a, b)`.
    pub signature: &'static str,
    pub help: &'static str,
    /// Where it can be used.
    pub sites: &'static [Site],
}

/// A name that an expression can start with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedValue {
    pub name: &'static str,
    pub help: &'static str,
    pub sites: &'static [Site],
}

const ALL: &[Site] = &[Site::Template, Site::Runtime, Site::Condition];
const LATE: &[Site] = &[Site::Runtime, Site::Condition];

const fn f(name: &'static str, signature: &'static str, help: &'static str) -> FunctionHelp {
    FunctionHelp { name, signature, help, sites: ALL }
}

const fn status(name: &'static str, signature: &'static str, help: &'static str) -> FunctionHelp {
    FunctionHelp { name, signature, help, sites: &[Site::Condition] }
}

/// Every function.
#[rustfmt::skip]
pub static FUNCTIONS: &[FunctionHelp] = &[
    f("and", "and(a, b, …)", "True if all are true; stops at the first that is not."),
    f("or", "or(a, b, …)", "True if one is true; stops at the first that is."),
    f("not", "not(a)", "True if it is false."),
    f("xor", "xor(a, b)", "True if exactly one is true."),
    f("eq", "eq(a, b)", "True if both are equal. The right one becomes the kind of the left one; case does not matter."),
    f("ne", "ne(a, b)", "True if they are not equal."),
    f("gt", "gt(a, b)", "True if the left one is greater."),
    f("ge", "ge(a, b)", "True if the left one is greater or equal."),
    f("lt", "lt(a, b)", "True if the left one is less."),
    f("le", "le(a, b)", "True if the left one is less or equal."),
    f("in", "in(x, a, …)", "True if the first equals one of the others."),
    f("notIn", "notIn(x, a, …)", "True if the first equals none of the others."),
    f("coalesce", "coalesce(a, b, …)", "The first that is neither null nor empty."),
    f("contains", "contains(text, part)", "True if the text has the part in it; case does not matter."),
    f("containsValue", "containsValue(collection, value)", "True if a list or an object holds the value."),
    f("startsWith", "startsWith(text, start)", "True if the text starts so; case does not matter."),
    f("endsWith", "endsWith(text, end)", "True if the text ends so; case does not matter."),
    f("format", "format('{0} {1}', a, b, …)", "The text with the values put in; {{ and }} for braces."),
    f("join", "join(separator, list)", "The list's items as one text."),
    f("split", "split(text, separators)", "The text's parts; each letter of separators separates."),
    f("replace", "replace(text, old, new)", "The text with every old part replaced; case matters."),
    f("lower", "lower(text)", "The text in small letters."),
    f("upper", "upper(text)", "The text in capital letters."),
    f("trim", "trim(text)", "The text without blanks around it."),
    f("length", "length(x)", "How many letters, items or properties it has."),
    f("substring", "substring(text, start, length)", "A part of the text; to its end without a length."),
    f("iif", "iif(condition, a, b)", "The second if the first is true, else the third; both are worked out."),
    f("convertToJson", "convertToJson(x)", "The value as JSON."),
    FunctionHelp { name: "counter", signature: "counter(prefix, seed)", help: "A number that grows with each run of the pipeline with this prefix.", sites: &[Site::Runtime] },
    status("succeeded", "succeeded('name', …)", "True if what it depends on, or what is named, succeeded."),
    status("failed", "failed('name', …)", "True if something it depends on, or what is named, failed."),
    status("succeededOrFailed", "succeededOrFailed('name', …)", "True unless the run is being cancelled or something was skipped."),
    status("always", "always()", "True, even when the run is being cancelled."),
    status("canceled", "canceled()", "True if the run is being cancelled."),
];

/// Every named value.
#[rustfmt::skip]
pub static NAMED_VALUES: &[NamedValue] = &[
    NamedValue { name: "variables", help: "Variables: variables.name or variables['na.me'].", sites: ALL },
    NamedValue { name: "parameters", help: "Parameters: parameters.name or parameters['na-me'].", sites: &[Site::Template] },
    NamedValue { name: "dependencies", help: "What it depends on: dependencies.name.result, dependencies.name.outputs['step.variable'].", sites: LATE },
    NamedValue { name: "stageDependencies", help: "Jobs of stages it depends on: stageDependencies.stage.job.outputs['step.variable'].", sites: LATE },
    NamedValue { name: "pipeline", help: "The run: pipeline.startTime.", sites: LATE },
    NamedValue { name: "resources", help: "Resources of the pipeline.", sites: LATE },
];

/// A function by its name, ignoring case.
pub fn function(name: &str) -> Option<&'static FunctionHelp> {
    FUNCTIONS.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}
