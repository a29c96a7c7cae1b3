//! Checks the syntax of every expression of a file before any of it is expanded: what is written wrong
//! is wrong in a branch that is not taken, too.

use super::Expander;
use super::text::{BadDirective, Code, Directive, Segment, directive, segments};
use crate::tree::{Node, NodeValue, Place, Scalar};

impl Expander<'_, '_> {
    /// Says every syntax error of a file. Files are at most [`crate::tree::MAX_DEPTH`] deep.
    pub(super) fn check_syntax(&mut self, node: &Node) {
        if !node.has_code {
            return;
        }
        match &node.value {
            NodeValue::Scalar(scalar) => self.check_scalar(scalar, node.place, false),
            NodeValue::Sequence(items) => {
                for item in items.iter() {
                    self.check_syntax(item);
                }
            }
            NodeValue::Mapping(entries) => {
                for entry in entries.iter() {
                    self.check_scalar(&entry.key, entry.key_place, true);
                    self.check_syntax(&entry.value);
                }
            }
        }
    }

    fn check_scalar(&mut self, scalar: &Scalar, place: Place, is_key: bool) {
        if !scalar.has_code() {
            return;
        }
        let parts = match segments(&scalar.text) {
            Ok(parts) => parts,
            Err(unclosed) => {
                let place = self.report.within(scalar, place, unclosed.offset);
                let message = "The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.";
                let hint = Some("Add }}, or write ${{ '${{' }} for the text itself.".to_owned());
                self.report.error(place, "expression_syntax", message, hint);
                return;
            }
        };
        let is_whole = matches!(parts.as_slice(), [Segment::Code(_)]);
        for part in parts {
            let Segment::Code(code) = part else { continue };
            match directive(code) {
                Err(bad) => self.bad_directive(scalar, place, code, bad),
                Ok(Some(found)) if is_key && is_whole => {
                    use Directive::{Each, ElseIf, If};
                    if let If(code) | ElseIf(code) | Each { items: code, .. } = found {
                        self.check_code(scalar, place, code);
                    }
                }
                Ok(Some(_)) => self.misplaced(scalar, place, code),
                Ok(None) => self.check_code(scalar, place, code),
            }
        }
    }

    fn bad_directive(&mut self, scalar: &Scalar, place: Place, code: Code<'_>, bad: BadDirective) {
        let place = self.report.within(scalar, place, code.offset);
        let hint = Some("Write ${{ if condition }}: or ${{ each item in list }}:".to_owned());
        self.report.error(place, "expression_syntax", bad.message(), hint);
    }

    fn misplaced(&mut self, scalar: &Scalar, place: Place, code: Code<'_>) {
        let word = code.text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let place = self.report.within(scalar, place, code.offset);
        let message = format!(
            "The directive '{word}' is not allowed in this context. Directives are not supported for expressions that are embedded within a string. Directives are only supported when the entire value is an expression."
        );
        let hint = Some("Make it a key of its own: ${{ if condition }}:".to_owned());
        self.report.error(place, "expression_syntax", message, hint);
    }

    fn check_code(&mut self, scalar: &Scalar, place: Place, code: Code<'_>) {
        if let Err(error) = self.parse(code.text) {
            self.report.expression(scalar, place, code.offset, &error);
        }
    }
}
