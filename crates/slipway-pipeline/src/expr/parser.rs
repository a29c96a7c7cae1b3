//! Tokens to a syntax tree. Arity of the known functions is part of the grammar; unknown names are
//! not: they matter only when they are evaluated.

use super::FunctionSpec;
use super::lexer::{Token, TokenKind, tokens};
use super::scope::ExpressionPlace;
use super::value::Value;
use crate::error::{ExpressionError, SyntaxProblem};

/// Longest expression, in characters.
pub const MAX_LENGTH: usize = 21_000;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 50;

/// A node, with its number (counted from 0) and its byte offset.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ast {
    pub(crate) id: usize,
    pub(crate) offset: usize,
    pub(crate) kind: AstKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AstKind {
    Literal(Value),
    Named(String),
    Function { name: String, arguments: Vec<Ast> },
    Property { base: Box<Ast>, name: String },
    Index { base: Box<Ast>, index: Box<Ast> },
    Wildcard { base: Box<Ast> },
}

impl Ast {
    /// Where its first token starts: the innermost base of a chain.
    pub(crate) fn first_offset(&self) -> usize {
        match &self.kind {
            AstKind::Property { base, .. }
            | AstKind::Index { base, .. }
            | AstKind::Wildcard { base } => base.first_offset(),
            _ => self.offset,
        }
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
        if text.chars().count() > MAX_LENGTH {
            return Err(ExpressionError::TooLong { limit: MAX_LENGTH });
        }
        let mut parser = Parser { text, tokens: tokens(text), next: 0, nodes: 0 };
        if parser.tokens.is_empty() {
            return Err(ExpressionError::Empty);
        }
        let root = parser.expression(1)?;
        match parser.tokens.get(parser.next) {
            Some(token) => Err(parser.unexpected(token)),
            None => Ok(Self { text: text.to_owned(), root, nodes: parser.nodes }),
        }
    }

    /// As written.
    pub fn text(&self) -> &str {
        &self.text
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
        let known = |list: &[&str], name: &str| list.iter().any(|at| at.eq_ignore_ascii_case(name));
        match &node.kind {
            AstKind::Literal(_) => {}
            AstKind::Named(name) => {
                if !known(names, name) {
                    errors.push(self.unknown_name(name, node.offset));
                }
            }
            AstKind::Function { name, arguments } => {
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
    fn node(&mut self, offset: usize, kind: AstKind) -> Ast {
        self.nodes += 1;
        Ast { id: self.nodes - 1, offset, kind }
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
        if depth > MAX_DEPTH {
            return Err(ExpressionError::TooDeep { limit: MAX_DEPTH, offset: token.start });
        }
        let raw = self.text[token.start..token.end].to_owned();
        let node = match &token.kind {
            TokenKind::Literal(value) => {
                return Ok(self.node(token.start, AstKind::Literal(value.clone())));
            }
            TokenKind::Word if self.next_is(&TokenKind::OpenParameter) => {
                self.function(&token, raw, depth)?
            }
            TokenKind::Word if raw.eq_ignore_ascii_case("true") => {
                return Ok(self.node(token.start, AstKind::Literal(true.into())));
            }
            TokenKind::Word if raw.eq_ignore_ascii_case("false") => {
                return Ok(self.node(token.start, AstKind::Literal(false.into())));
            }
            TokenKind::Word if arity(&raw).is_some() => {
                return Err(self.problem(SyntaxProblem::ExpectedStartParameter, &token));
            }
            TokenKind::Word => self.node(token.start, AstKind::Named(raw)),
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
                _ => arguments.push(self.expression(depth + 1)?),
            }
            let Some(token) = self.take() else {
                return Err(self.problem(SyntaxProblem::UnclosedFunction, word));
            };
            match token.kind {
                TokenKind::CloseParameter if arguments.len() < fewest => {
                    return Err(self.unexpected(&token));
                }
                TokenKind::CloseParameter => {
                    return Ok(self.node(word.start, AstKind::Function { name, arguments }));
                }
                TokenKind::Separator if arguments.len() < most => {}
                _ => return Err(self.unexpected(&token)),
            }
        }
    }

    fn accessors(&mut self, mut node: Ast, depth: usize) -> Result<Ast, ExpressionError> {
        let mut depth = depth;
        while let Some(token) = self.tokens.get(self.next).cloned() {
            if !matches!(token.kind, TokenKind::Dereference | TokenKind::OpenIndex) {
                break;
            }
            depth += 1;
            if depth > MAX_DEPTH {
                return Err(ExpressionError::TooDeep { limit: MAX_DEPTH, offset: token.start });
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
                AstKind::Property { base, name: self.text[token.start..token.end].to_owned() }
            }
            TokenKind::Wildcard => AstKind::Wildcard { base },
            TokenKind::UnexpectedSymbol | TokenKind::UnrecognizedValue => {
                return Err(self.unexpected(&token));
            }
            _ => return Err(self.problem(SyntaxProblem::ExpectedPropertyName, &token)),
        };
        Ok(self.node(token.start, kind))
    }

    fn index(
        &mut self,
        open: &Token,
        base: Box<Ast>,
        depth: usize,
    ) -> Result<Ast, ExpressionError> {
        let kind = if self.next_is(&TokenKind::Wildcard) {
            self.next += 1;
            AstKind::Wildcard { base }
        } else if self.next == self.tokens.len() {
            return Err(self.problem(SyntaxProblem::UnclosedIndexer, open));
        } else {
            AstKind::Index { base, index: Box::new(self.expression(depth + 1)?) }
        };
        match self.take() {
            Some(token) if token.kind == TokenKind::CloseIndex => Ok(self.node(open.start, kind)),
            Some(token) => Err(self.unexpected(&token)),
            None => Err(self.problem(SyntaxProblem::UnclosedIndexer, open)),
        }
    }
}
