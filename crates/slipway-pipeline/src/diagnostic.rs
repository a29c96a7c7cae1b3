//! What the reader has to say about a place in the file.

use serde::{Deserialize, Serialize};

/// A place in the text: byte range, and 1-based line and column (in characters) of both ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Severity {
    Error,
    Warning,
    Information,
}

/// One thing to know about a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub file: String,
    pub span: Span,
    pub severity: Severity,
    /// A stable word, such as `unknown_task`.
    pub code: String,
    /// In Azure's words where Azure has some.
    pub message: String,
    pub hint: Option<String>,
}

impl Diagnostic {
    /// `azure-pipelines.yml:12:3: message`.
    pub fn to_line(&self) -> String {
        format!("{}:{}:{}: {}", self.file, self.span.line, self.span.column, self.message)
    }
}
