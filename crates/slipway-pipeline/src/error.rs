//! What can go wrong with one expression. Whole files never fail: they get diagnostics.
//!
//! The words are Azure's. Offsets are bytes into the expression's text, so that whoever holds the
//! file can underline the very token.

use std::fmt;

use slipway_core::{ErrorKind, Explain};

use crate::expr::FunctionSpec;

/// What the grammar did not like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxProblem {
    UnexpectedSymbol,
    UnrecognizedValue,
    ExpectedPropertyName,
    ExpectedStartParameter,
    UnclosedFunction,
    UnclosedIndexer,
}

impl fmt::Display for SyntaxProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnexpectedSymbol => "Unexpected symbol",
            Self::UnrecognizedValue => "Unrecognized value",
            Self::ExpectedPropertyName => {
                "Expected a property name to follow the dereference operator '.'"
            }
            Self::ExpectedStartParameter => "Expected '(' to follow a function",
            Self::UnclosedFunction => "Unclosed function",
            Self::UnclosedIndexer => "Unclosed indexer",
        })
    }
}

/// An expression that cannot be read or computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    #[error("An expression was expected")]
    Empty,
    #[error("Exceeded max expression length {limit}")]
    TooLong { limit: usize },
    #[error("Exceeded max expression depth {limit}")]
    TooDeep { limit: usize, offset: usize },
    #[error(
        "{problem}: '{token}'. Located at position {position} within expression: {expression}."
    )]
    Syntax {
        problem: SyntaxProblem,
        token: String,
        /// 1-based, in characters.
        position: usize,
        offset: usize,
        expression: String,
    },
    #[error(
        "Unrecognized named-value: '{name}'. Located at position {position} within expression: {expression}."
    )]
    UnknownName { name: String, position: usize, offset: usize, expression: String },
    #[error(
        "Unrecognized function: '{name}'. Located at position {position} within expression: {expression}."
    )]
    UnknownFunction { name: String, position: usize, offset: usize, expression: String },
    #[error("Unable to convert from {from} to {to}. Value: {value}")]
    Conversion { from: &'static str, to: &'static str, value: String, offset: usize },
    #[error("Key not found '{key}'")]
    KeyNotFound { key: String, offset: usize },
    #[error("The following format string is invalid: {format}")]
    FormatInvalid { format: String, offset: usize },
    #[error("The following format string references more arguments than were supplied: {format}")]
    FormatArguments { format: String, offset: usize },
    #[error("The format specifiers '{specifiers}' are not valid for objects of type '{kind}'")]
    FormatSpecifiers { specifiers: String, kind: &'static str, offset: usize },
    #[error(
        "Kind '{kind}' not supported. Only arrays, strings, dictionaries, or collections are supported for the length function."
    )]
    Length { kind: &'static str, offset: usize },
    #[error("The seed of a counter has at most 32 bits. Value: {seed}")]
    SeedTooLarge { seed: String, offset: usize },
    #[error("Maximum object size exceeded")]
    TooLarge { offset: usize },
    #[error("'{text}' is not a valid expression. Expressions must be enclosed with '$[' and ']'.")]
    NotEnclosed { text: String },
}

impl ExpressionError {
    /// Byte offset of the offending part within the expression.
    pub fn offset(&self) -> usize {
        match self {
            Self::Empty | Self::TooLong { .. } | Self::NotEnclosed { .. } => 0,
            Self::TooDeep { offset, .. }
            | Self::Syntax { offset, .. }
            | Self::UnknownName { offset, .. }
            | Self::UnknownFunction { offset, .. }
            | Self::Conversion { offset, .. }
            | Self::KeyNotFound { offset, .. }
            | Self::FormatInvalid { offset, .. }
            | Self::FormatArguments { offset, .. }
            | Self::FormatSpecifiers { offset, .. }
            | Self::Length { offset, .. }
            | Self::SeedTooLarge { offset, .. }
            | Self::TooLarge { offset } => *offset,
        }
    }

    /// True when the text itself is wrong, whatever the values are.
    pub fn is_syntax(&self) -> bool {
        matches!(
            self,
            Self::Empty
                | Self::TooLong { .. }
                | Self::TooDeep { .. }
                | Self::Syntax { .. }
                | Self::NotEnclosed { .. }
        )
    }
}

impl Explain for ExpressionError {
    fn kind(&self) -> ErrorKind {
        // All of them are in the user's file.
        ErrorKind::UserInput
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty
            | Self::TooLong { .. }
            | Self::TooDeep { .. }
            | Self::Syntax { .. }
            | Self::NotEnclosed { .. } => "expression_syntax",
            Self::UnknownName { .. } => "expression_unknown_name",
            Self::UnknownFunction { .. } => "expression_unknown_function",
            Self::KeyNotFound { .. } => "expression_unknown_key",
            Self::Conversion { .. }
            | Self::FormatInvalid { .. }
            | Self::FormatArguments { .. }
            | Self::FormatSpecifiers { .. }
            | Self::Length { .. }
            | Self::SeedTooLarge { .. }
            | Self::TooLarge { .. } => "expression_value",
        }
    }

    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Empty => "Write an expression, such as eq(variables['a'], 'b').",
            Self::TooLong { .. } | Self::TooDeep { .. } => {
                "Split the expression: put a part of it into a variable."
            }
            Self::Syntax { token, .. } if token.starts_with('"') => {
                "Expressions know single quotes only: write 'text'."
            }
            Self::Syntax { problem: SyntaxProblem::UnrecognizedValue, token, .. }
                if token.starts_with('\'') =>
            {
                "Close the text with a single quote; a quote inside is written ''."
            }
            Self::Syntax { token, .. } if token.starts_with('$') => {
                "An expression stands without $[ ] and ${{ }} inside of it, and a condition bare."
            }
            Self::Syntax { token, .. } if token.contains('-') => {
                "A name with a hyphen is reached by its index: write parameters['a-b']."
            }
            Self::Syntax { problem: SyntaxProblem::UnexpectedSymbol, token, .. }
                if token == ")" =>
            {
                "The function needs more arguments."
            }
            Self::Syntax { problem: SyntaxProblem::UnclosedFunction, .. } => "Add a ')'.",
            Self::Syntax { problem: SyntaxProblem::UnclosedIndexer, .. } => "Add a ']'.",
            Self::Syntax { .. } => {
                "Expressions have no operators: write eq(a, b), and(a, b), not(a)."
            }
            Self::UnknownName { name, .. } if name.eq_ignore_ascii_case("parameters") => {
                "Parameters are filled in before the run: write ${{ parameters.name }}."
            }
            Self::UnknownName { name, .. } if is_of_jobs(name) => {
                "Read it into a variable of the job with $[ ], and use the variable here."
            }
            Self::UnknownName { .. } => {
                "Text needs single quotes; variables are read as variables['name']."
            }
            Self::UnknownFunction { name, .. } if name.eq_ignore_ascii_case("counter") => {
                "A counter is the whole value of a variable: write $[ counter('prefix', 1) ]."
            }
            Self::UnknownFunction { name, .. } if FunctionSpec::find(name).is_some() => {
                "How the run stands is asked in a condition: only there."
            }
            Self::UnknownFunction { .. } => {
                "See the list of functions in the documentation of expressions."
            }
            Self::Conversion { .. } => "Convert the value first, or compare it with eq.",
            Self::KeyNotFound { .. } => "Declare it, or correct its name.",
            Self::FormatInvalid { .. } => "Write {0} for the first argument, and {{ for a brace.",
            Self::FormatArguments { .. } => {
                "Give the function one more argument, or lower the number."
            }
            Self::FormatSpecifiers { .. } => "Only dates take a format after the colon.",
            Self::Length { .. } => "Give it a text, a list or a mapping.",
            Self::SeedTooLarge { .. } => "Start the counter at a smaller number.",
            Self::TooLarge { .. } => "Make the texts in the expression shorter.",
            Self::NotEnclosed { .. } => "Write $[ expression ].",
        };
        Some(text.to_owned())
    }
}

fn is_of_jobs(name: &str) -> bool {
    ["dependencies", "stageDependencies"].iter().any(|known| known.eq_ignore_ascii_case(name))
}
