//! Collects diagnostics while a file is read. Everything after the YAML layer writes into it.

use std::collections::HashSet;

use slipway_core::Explain;

use crate::diagnostic::{Diagnostic, Severity};
use crate::error::ExpressionError;
use crate::tree::{Place, Scalar, SourceText};

// A loop can say the same of a thousand places; nobody reads more.
const MAX_DIAGNOSTICS: usize = 500;

/// The files that are read together, and what there is to say about them.
pub(crate) struct Report<'a> {
    sources: &'a [SourceText],
    diagnostics: Vec<Diagnostic>,
    said: HashSet<(Place2, String)>,
    has_error: bool,
}

type Place2 = (u16, usize, usize);

impl<'a> Report<'a> {
    pub(crate) fn new(sources: &'a [SourceText]) -> Self {
        Self { sources, diagnostics: Vec::new(), said: HashSet::new(), has_error: false }
    }

    fn source(&self, place: Place) -> Option<&'a SourceText> {
        self.sources.get(usize::from(place.source.0))
    }

    /// Takes over what the YAML layer said.
    pub(crate) fn extend(&mut self, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            let place = (0, diagnostic.span.start, diagnostic.span.end);
            self.put(place, diagnostic);
        }
    }

    fn put(&mut self, place: Place2, diagnostic: Diagnostic) {
        self.has_error |= diagnostic.severity == Severity::Error;
        if self.diagnostics.len() < MAX_DIAGNOSTICS
            && self.said.insert((place, diagnostic.message.clone()))
        {
            self.diagnostics.push(diagnostic);
        }
    }

    pub(crate) fn say(
        &mut self,
        severity: Severity,
        place: Place,
        code: &str,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let place = self.first_line(place);
        let file = self.source(place).map(|source| source.name.clone()).unwrap_or_default();
        let key = (place.source.0, place.span.start, place.span.end);
        let (span, code, message) = (place.span, code.to_owned(), message.into());
        self.put(key, Diagnostic { file, span, severity, code, message, hint });
    }

    pub(crate) fn error(
        &mut self,
        place: Place,
        code: &str,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.say(Severity::Error, place, code, message, hint);
    }

    pub(crate) fn warning(
        &mut self,
        place: Place,
        code: &str,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.say(Severity::Warning, place, code, message, hint);
    }

    /// What is good to know, and no mistake.
    pub(crate) fn information(
        &mut self,
        place: Place,
        code: &str,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.say(Severity::Information, place, code, message, hint);
    }

    /// True when nothing more will be kept, so that nobody has to think of hints.
    pub(crate) fn is_full(&self) -> bool {
        self.diagnostics.len() >= MAX_DIAGNOSTICS
    }

    /// Names of the files, by the number of their source.
    pub(crate) fn file_names(&self) -> Vec<String> {
        self.sources.iter().map(|source| source.name.clone()).collect()
    }

    /// Honest refusal of what the language has and we do not have yet.
    pub(crate) fn not_yet(&mut self, place: Place, what: &str, instead: &str) {
        let message = format!("{what} not supported yet (line {}).", place.span.line);
        self.error(place, "not_supported_yet", message, Some(instead.to_owned()));
    }

    /// An error of an expression that stands at byte `base` of a scalar.
    pub(crate) fn expression(
        &mut self,
        scalar: &Scalar,
        place: Place,
        base: usize,
        error: &ExpressionError,
    ) {
        let place = self.within(scalar, place, base + error.offset());
        self.error(place, error.code(), error.to_string(), error.hint());
    }

    /// The place of one word of a scalar, given where it starts.
    pub(crate) fn within(&self, scalar: &Scalar, place: Place, start: usize) -> Place {
        let Some(source) = self.source(place) else { return place };
        let rest = scalar.text.get(start..).unwrap_or_default();
        let end = rest
            .char_indices()
            .find(|(at, letter)| *at > 0 && !(letter.is_ascii_alphanumeric() || *letter == '_'))
            .map_or(rest.len(), |(at, _)| at);
        source.place_within(scalar, place, start, start + end)
    }

    /// Only the first line of a place: nobody wants a whole job underlined.
    fn first_line(&self, place: Place) -> Place {
        let (Some(source), span) = (self.source(place), place.span) else { return place };
        if span.line == span.end_line {
            return place;
        }
        let text = source.text.get(span.start..span.end).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default().trim_end();
        source.place(span.start, span.start + line.len())
    }

    /// Where the file begins, for what is missing altogether.
    pub(crate) fn start(&self) -> Place {
        self.sources.first().map(|source| source.place(0, 0)).unwrap_or_default()
    }

    pub(crate) fn has_error(&self) -> bool {
        self.has_error
    }

    /// All of it, in the order of the files.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by(|left, right| {
            (&left.file, left.span.start).cmp(&(&right.file, right.span.start))
        });
        self.diagnostics
    }
}
