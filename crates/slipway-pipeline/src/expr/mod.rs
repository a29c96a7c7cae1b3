//! The expression language of `${{ }}`, `$[ ]` and `condition:` (one grammar for all three).
//!
//! Called by the template engine, by the reader (which checks conditions) and by
//! [`crate::condition`] for the runner. Deliberately not here: what names mean. That is the
//! [`Context`]'s business.

mod dates;
mod decimal;
mod eval;
mod functions;
mod lexer;
mod parser;
mod scope;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use dates::format_civil;
pub use decimal::Decimal;
pub use eval::{Context, Traced};
pub(crate) use lexer::is_identifier;
pub(crate) use parser::{Ast, AstKind};
pub use parser::{Expression, MAX_DEPTH, MAX_LENGTH};
pub use scope::{ExpressionPlace, FUNCTIONS, FunctionSpec, NAMED_VALUES, NamedValueSpec};
pub use value::{Object, PlainScalar, Value, Version};
