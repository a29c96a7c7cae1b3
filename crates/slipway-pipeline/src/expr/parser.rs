//! Tokens to a syntax tree. Arity of the known functions is part of the grammar; unknown names are
//! not: they matter only when they are evaluated.

use super::FunctionSpec;
use super::lexer::{Token, TokenKind, tokens};
use super::scope::ExpressionPlace;
use super::value::Value;
use crate::error::{ExpressionError, SyntaxProblem};

/// Longest expression, in UTF-16 units.
pub const MAX_LENGTH: usize = 21_000;
/// Most functions and indexers that may be open at once.
pub const MAX_DEPTH: usize = 50;
// Azure does not count the links of a chain such as `a.b.c`; we must not walk one without end.
const MAX_HEIGHT: usize = 250;
/// Most errors that a check of one expression says.
pub(crate) const MAX_ERRORS: usize = 20;

/// A node, with its number (counted from 0) and its byte offset.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ast {
    pub(crate) id: usize,
    pub(crate) offset: usize,
    pub(crate) kind: AstKind,
    height: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AstKind {
    Literal(Value),
    Named(String),
    /// `key` is the name in lower case.
    Function {
        name: String,
        key: String,
        arguments: Vec<Ast>,
    },
    /// The name is a text, ready to be looked up.
    Property {
        base: Box<Ast>,
        name: Value,
    },
    Index {
        base: Box<Ast>,
        index: Box<Ast>,
    },
    Wildcard {
        base: Box<Ast>,
    },
}

impl Ast {
    /// What a link of a chain hangs on.
    pub(crate) fn base(&self) -> Option<&Self> {
        match &self.kind {
            AstKind::Property { base, .. }
            | AstKind::Index { base, .. }
            | AstKind::Wildcard { base } => Some(base),
            _ => None,
        }
    }

    /// Where its first token starts: the innermost base of a chain.
    pub(crate) fn first_offset(&self) -> usize {
        let mut at = self;
        while let Some(base) = at.base() {
            at = base;
        }
        at.offset
    }
}

/// An expression that has been read.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    pub(crate) root: Ast,
    pub(crate) nodes: usize,
}

impl Expression {
    /// Reads an expression, without any brackets around it.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        if text.encode_utf16().count() > MAX_LENGTH {
            return Err(ExpressionError::TooLong { limit: MAX_LENGTH });
        }
        let mut parser = Parser { text, tokens: tokens(text), next: 0, nodes: 0 };
        if parser.tokens.is_empty() {
            return Err(ExpressionError::Empty);
        }
        let root = parser.expression(0)?;
        match parser.tokens.get(parser.next) {
            Some(token) => Err(parser.unexpected(token)),
            None => Ok(Self { text: text.to_owned(), root, nodes: parser.nodes }),
        }
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// As Azure writes it in a log: one blank after each comma, properties as indexes.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        write_canonical(&self.root, &mut out);
        out
    }

    /// Names and functions it uses that are not among these; ignoring case, in order.
    pub fn check_names(&self, names: &[&str], functions: &[&str]) -> Vec<ExpressionError> {
        let mut errors = Vec::new();
        self.check_node(&self.root, names, functions, &mut errors);
        errors
    }

    fn check_node(
        &self,
        node: &Ast,
        names: &[&str],
        functions: &[&str],
        errors: &mut Vec<ExpressionError>,
    ) {
        if errors.len() >= MAX_ERRORS {
            return;
        }
        let known = |list: &[&str], name: &str| list.iter().any(|at| at.eq_ignore_ascii_case(name));
        match &node.kind {
            AstKind::Literal(_) => {}
            AstKind::Named(name) => {
                if !known(names, name) {
                    errors.push(self.unknown_name(name, node.offset));
                }
            }
            AstKind::Function { name, arguments, .. } => {
                if arity(name).is_none() && !known(functions, name) {
                    errors.push(self.unknown_function(name, node.offset));
                }
                for argument in arguments {
                    self.check_node(argument, names, functions, errors);
                }
            }
            AstKind::Property { base, .. } | AstKind::Wildcard { base } => {
                self.check_node(base, names, functions, errors);
            }
            AstKind::Index { base, index } => {
                self.check_node(base, names, functions, errors);
                self.check_node(index, names, functions, errors);
            }
        }
    }

    /// An error about the token that starts at this byte.
    pub(crate) fn problem_at(&self, problem: SyntaxProblem, offset: usize) -> ExpressionError {
        let token = tokens(&self.text).into_iter().find(|token| token.start == offset);
        let end = token.map_or(self.text.len(), |token| token.end);
        ExpressionError::Syntax {
            problem,
            token: self.text[offset..end].to_owned(),
            position: position(&self.text, offset),
            offset,
            expression: self.text.clone(),
        }
    }

    pub(crate) fn unknown_name(&self, name: &str, offset: usize) -> ExpressionError {
        ExpressionError::UnknownName {
            name: name.to_owned(),
            position: position(&self.text, offset),
            offset,
            expression: self.text.clone(),
        }
    }

    pub(crate) fn unknown_function(&self, name: &str, offset: usize) -> ExpressionError {
        ExpressionError::UnknownFunction {
            name: name.to_owned(),
            position: position(&self.text, offset),
            offset,
            expression: self.text.clone(),
        }
    }
}

fn write_canonical(node: &Ast, out: &mut String) {
    match &node.kind {
        AstKind::Literal(value) => out.push_str(&value.shown()),
        AstKind::Named(name) => out.push_str(name),
        AstKind::Function { name, arguments, .. } => {
            out.push_str(name);
            out.push('(');
            for (at, argument) in arguments.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write_canonical(argument, out);
            }
            out.push(')');
        }
        AstKind::Property { base, name } => {
            write_canonical(base, out);
            out.push('[');
            out.push_str(&name.shown());
            out.push(']');
        }
        AstKind::Index { base, index } => {
            write_canonical(base, out);
            out.push('[');
            write_canonical(index, out);
            out.push(']');
        }
        AstKind::Wildcard { base } => {
            write_canonical(base, out);
            out.push_str("[*]");
        }
    }
}

fn position(text: &str, offset: usize) -> usize {
    text[..offset].chars().count() + 1
}

/// Fewest and most arguments of the functions that are known everywhere.
pub(crate) fn arity(name: &str) -> Option<(usize, usize)> {
    let known = FunctionSpec::find(name)?;
    let is_everywhere = known.places.len() == ExpressionPlace::ALL.len();
    is_everywhere.then_some((known.fewest, known.most))
}

/// As [`arity`], with the functions that only some places know.
fn any_arity(name: &str) -> (usize, usize) {
    FunctionSpec::find(name).map_or((0, usize::MAX), |known| (known.fewest, known.most))
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    nodes: usize,
}

impl Parser<'_> {
    fn node(&mut self, offset: usize, kind: AstKind) -> Result<Ast, ExpressionError> {
        let below = match &kind {
            AstKind::Literal(_) | AstKind::Named(_) => 0,
            AstKind::Function { arguments, .. } => {
                arguments.iter().map(|argument| argument.height).max().unwrap_or(0)
            }
            AstKind::Property { base, .. } | AstKind::Wildcard { base } => base.height,
            AstKind::Index { base, index } => base.height.max(index.height),
        };
        if below >= MAX_HEIGHT {
            return Err(ExpressionError::TooDeep { limit: MAX_DEPTH, offset });
        }
        self.nodes += 1;
        Ok(Ast { id: self.nodes - 1, offset, kind, height: below + 1 })
    }

    /// One more function or indexer is open.
    fn opened(&self, depth: usize, offset: usize) -> Result<usize, ExpressionError> {
        if depth + 1 >= MAX_DEPTH {
            return Err(ExpressionError::TooDeep { limit: MAX_DEPTH, offset });
        }
        Ok(depth + 1)
    }

    fn problem(&self, problem: SyntaxProblem, token: &Token) -> ExpressionError {
        ExpressionError::Syntax {
            problem,
            token: self.text[token.start..token.end].to_owned(),
            position: position(self.text, token.start),
            offset: token.start,
            expression: self.text.to_owned(),
        }
    }

    fn unexpected(&self, token: &Token) -> ExpressionError {
        let problem = match token.kind {
            TokenKind::UnrecognizedValue => SyntaxProblem::UnrecognizedValue,
            _ => SyntaxProblem::UnexpectedSymbol,
        };
        self.problem(problem, token)
    }

    /// Where an expression is missing: the token that stands there, or the one before the end.
    fn missing(&self) -> ExpressionError {
        match self.tokens.get(self.next).or_else(|| self.tokens.last()) {
            Some(token) => self.unexpected(token),
            None => ExpressionError::Empty,
        }
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += usize::from(token.is_some());
        token
    }

    fn next_is(&self, kind: &TokenKind) -> bool {
        self.tokens.get(self.next).is_some_and(|token| token.kind == *kind)
    }

    fn expression(&mut self, depth: usize) -> Result<Ast, ExpressionError> {
        let Some(token) = self.take() else { return Err(self.missing()) };
        let raw = self.text[token.start..token.end].to_owned();
        let node = match &token.kind {
            TokenKind::Literal(value) => {
                return self.node(token.start, AstKind::Literal(value.clone()));
            }
            TokenKind::Word if self.next_is(&TokenKind::OpenParameter) => {
                self.function(&token, raw, depth)?
            }
            TokenKind::Word if raw.eq_ignore_ascii_case("true") => {
                return self.node(token.start, AstKind::Literal(true.into()));
            }
            TokenKind::Word if raw.eq_ignore_ascii_case("false") => {
                return self.node(token.start, AstKind::Literal(false.into()));
            }
            TokenKind::Word if arity(&raw).is_some() => {
                return Err(self.problem(SyntaxProblem::ExpectedStartParameter, &token));
            }
            TokenKind::Word => self.node(token.start, AstKind::Named(raw))?,
            _ => return Err(self.unexpected(&token)),
        };
        self.accessors(node, depth)
    }

    fn function(
        &mut self,
        word: &Token,
        name: String,
        depth: usize,
    ) -> Result<Ast, ExpressionError> {
        let depth = self.opened(depth, word.start)?;
        self.next += 1;
        let (fewest, most) = any_arity(&name);
        let mut arguments = Vec::new();
        loop {
            let Some(token) = self.tokens.get(self.next).cloned() else {
                return Err(self.problem(SyntaxProblem::UnclosedFunction, word));
            };
            match token.kind {
                TokenKind::CloseParameter if arguments.is_empty() => {}
                _ if arguments.len() == most => return Err(self.unexpected(&token)),
                _ => arguments.push(self.expression(depth)?),
            }
            let Some(token) = self.take() else {
                return Err(self.problem(SyntaxProblem::UnclosedFunction, word));
            };
            match token.kind {
                TokenKind::CloseParameter if arguments.len() < fewest => {
                    return Err(self.unexpected(&token));
                }
                TokenKind::CloseParameter => {
                    let key = name.to_ascii_lowercase();
                    return self.node(word.start, AstKind::Function { name, key, arguments });
                }
                TokenKind::Separator if arguments.len() < most => {}
                _ => return Err(self.unexpected(&token)),
            }
        }
    }

    fn accessors(&mut self, mut node: Ast, depth: usize) -> Result<Ast, ExpressionError> {
        while let Some(token) = self.tokens.get(self.next).cloned() {
            if !matches!(token.kind, TokenKind::Dereference | TokenKind::OpenIndex) {
                break;
            }
            self.next += 1;
            let base = Box::new(node);
            node = if token.kind == TokenKind::Dereference {
                self.property(&token, base)?
            } else {
                self.index(&token, base, depth)?
            };
        }
        Ok(node)
    }

    fn property(&mut self, dot: &Token, base: Box<Ast>) -> Result<Ast, ExpressionError> {
        let Some(token) = self.take() else {
            return Err(self.problem(SyntaxProblem::ExpectedPropertyName, dot));
        };
        let kind = match token.kind {
            TokenKind::Word => {
                AstKind::Property { base, name: self.text[token.start..token.end].into() }
            }
            TokenKind::Wildcard => AstKind::Wildcard { base },
            _ => return Err(self.problem(SyntaxProblem::UnexpectedSymbol, &token)),
        };
        self.node(token.start, kind)
    }

    fn index(
        &mut self,
        open: &Token,
        base: Box<Ast>,
        depth: usize,
    ) -> Result<Ast, ExpressionError> {
        let depth = self.opened(depth, open.start)?;
        let kind = if self.next_is(&TokenKind::Wildcard) {
            self.next += 1;
            AstKind::Wildcard { base }
        } else if self.next == self.tokens.len() {
            return Err(self.problem(SyntaxProblem::UnclosedIndexer, open));
        } else {
            AstKind::Index { base, index: Box::new(self.expression(depth)?) }
        };
        match self.take() {
            Some(token) if token.kind == TokenKind::CloseIndex => self.node(open.start, kind),
            Some(token) => Err(self.unexpected(&token)),
            None => Err(self.problem(SyntaxProblem::UnclosedIndexer, open)),
        }
    }
}
