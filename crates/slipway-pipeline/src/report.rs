//! Collects diagnostics while a file is read. Everything after the YAML layer writes into it.

use std::collections::HashSet;
use std::rc::Rc;

use slipway_core::Explain;

use crate::diagnostic::{Diagnostic, Severity};
use crate::error::ExpressionError;
use crate::sources::Sources;
use crate::tree::{Place, Scalar, SourceId, SourceText};

// A loop can say the same of a thousand places; nobody reads more.
const MAX_DIAGNOSTICS: usize = 500;

// What a file that could not be read makes look wrong elsewhere.
const FOLLOWS_A_MISSING_FILE: [&str; 2] = ["unknown_dependency", "missing_body"];

/// The files that are read together, and what there is to say about them.
pub(crate) struct Report<'a> {
    sources: &'a Sources,
    diagnostics: Vec<(SourceId, Diagnostic)>,
    said: HashSet<(Position, String)>,
    has_error: bool,
    is_incomplete: bool,
}

/// File, and bytes in it.
type Position = (SourceId, usize, usize);

impl<'a> Report<'a> {
    pub(crate) fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            diagnostics: Vec::new(),
            said: HashSet::new(),
            has_error: false,
            is_incomplete: false,
        }
    }

    pub(crate) fn sources(&self) -> &'a Sources {
        self.sources
    }

    fn source(&self, place: Place) -> Option<Rc<SourceText>> {
        self.sources.get(place.source)
    }

    /// Takes over what the YAML layer said about a file.
    pub(crate) fn extend(&mut self, source: SourceId, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            let position = (source, diagnostic.span.start, diagnostic.span.end);
            self.put(position, diagnostic);
        }
    }

    fn put(&mut self, position: Position, diagnostic: Diagnostic) {
        self.has_error |= diagnostic.severity == Severity::Error;
        if !self.is_full() && self.said.insert((position, diagnostic.message.clone())) {
            self.diagnostics.push((position.0, diagnostic));
        }
    }

    /// A template is missing: what seems to be missing after it may well be in there.
    pub(crate) fn set_incomplete(&mut self) {
        self.is_incomplete = true;
    }

    /// True when nothing more will be kept, so that nobody has to think of hints.
    pub(crate) fn is_full(&self) -> bool {
        self.diagnostics.len() >= MAX_DIAGNOSTICS
    }

    pub(crate) fn say(
        &mut self,
        severity: Severity,
        place: Place,
        code: &str,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        if self.is_full() || (self.is_incomplete && FOLLOWS_A_MISSING_FILE.contains(&code)) {
            self.has_error |= severity == Severity::Error;
            return;
        }
        let place = self.first_line(place);
        let file = self.source(place).map(|source| source.name.clone()).unwrap_or_default();
        let key = (place.source, place.span.start, place.span.end);
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

    /// Names of the files, by the number of their source.
    pub(crate) fn file_names(&self) -> Vec<String> {
        self.sources.file_names()
    }

    /// An error of an expression that stands at byte `base` of a scalar.
    pub(crate) fn expression(
        &mut self,
        scalar: &Scalar,
        place: Place,
        base: usize,
        error: &ExpressionError,
    ) {
        if self.is_full() {
            self.has_error = true;
            return;
        }
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
        self.sources.get(SourceId(0)).map(|source| source.place(0, 0)).unwrap_or_default()
    }

    pub(crate) fn has_error(&self) -> bool {
        self.has_error
    }

    /// All of it, in the order of the files.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|(source, diagnostic)| (*source, diagnostic.span.start));
        self.diagnostics.into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }
}
