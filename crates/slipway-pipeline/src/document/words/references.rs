//! Names in expressions: finding `dependencies.A.outputs['b.c']`, `succeeded('A')` and `$(a)`.
//!
//! The same search runs over a scalar's text and over its raw bytes in the file, so that only the
//! name itself is replaced, whatever the quotes or the layout around it.

use std::ops::Range;

/// What may hold a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) enum Found<'a> {
    /// `a.b['c']`.
    Chain(Vec<Link<'a>>),
    /// `f('x')`: the texts among its arguments.
    Call { name: &'a str, texts: Vec<Link<'a>> },
    /// `$(name)`.
    Macro(Link<'a>),
}

/// A part of a chain, or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) struct Link<'a> {
    pub(in crate::document) text: &'a str,
    /// The name itself.
    pub(in crate::document) range: Range<usize>,
    /// With its dot, when it is written with one.
    pub(in crate::document) dotted: Option<Range<usize>>,
}

/// A scalar's text, and how quotes are written in it.
#[derive(Debug, Clone, Copy)]
pub(in crate::document) struct Haystack<'a> {
    pub(in crate::document) text: &'a str,
    /// `'`, or `''` where the scalar itself is in single quotes.
    pub(in crate::document) quote: &'a str,
    /// True when the whole text is an expression (`condition:`).
    pub(in crate::document) is_expression: bool,
}

/// All names of a scalar, in order.
pub(in crate::document) fn find(hay: Haystack<'_>) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    let text = hay.text;
    let trimmed = text.trim();
    let is_runtime = trimmed.starts_with("$[") && trimmed.ends_with(']');
    if hay.is_expression || is_runtime {
        scan(hay, 0..text.len(), &mut found);
    }
    // Also between the quotes of a condition: `eq('${{ parameters.a }}', 'b')`. What stands outside of them is found twice.
    template_regions(hay).into_iter().for_each(|region| scan(hay, region, &mut found));
    macros(text, &mut found);
    found
}

/// What stands between `${{` and `}}`.
fn template_regions(hay: Haystack<'_>) -> Vec<Range<usize>> {
    let text = hay.text;
    let mut regions = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("${{").map(|start| at + start + 3) {
        let mut end = start;
        let mut is_quoted = false;
        while end < text.len() && (is_quoted || !text[end..].starts_with("}}")) {
            if text[end..].starts_with(hay.quote) {
                is_quoted = !is_quoted;
                end += hay.quote.len();
            } else {
                end += text[end..].chars().next().map_or(1, char::len_utf8);
            }
        }
        regions.push(start..end);
        at = end;
    }
    regions
}

fn macros<'a>(text: &'a str, found: &mut Vec<Found<'a>>) {
    let mut at = 0;
    while let Some(start) = text[at..].find("$(").map(|start| at + start + 2) {
        let rest = &text[start..];
        let end = rest.find([')', '(', '\n']).unwrap_or(rest.len());
        if rest[end..].starts_with(')') {
            let range = start..start + end;
            found.push(Found::Macro(Link { text: &text[range.clone()], range, dotted: None }));
        }
        at = start;
    }
}

/// A text in quotes that starts here: what is between them, and where it ends.
fn quoted<'a>(hay: Haystack<'a>, at: usize) -> Option<(Link<'a>, usize)> {
    let rest = hay.text.get(at..)?.strip_prefix(hay.quote)?;
    let start = at + hay.quote.len();
    let mut end = 0;
    loop {
        let close = end + rest[end..].find(hay.quote)?;
        let next = close + hay.quote.len();
        // A doubled quote is a letter.
        if rest[next..].starts_with(hay.quote) {
            end = next + hay.quote.len();
            continue;
        }
        let range = start..start + close;
        let link = Link { text: &hay.text[range.clone()], range, dotted: None };
        return Some((link, start + next));
    }
}

fn word(text: &str) -> usize {
    text.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '-'))
        .unwrap_or(text.len())
}

fn skip_blank(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

fn scan<'a>(hay: Haystack<'a>, region: Range<usize>, found: &mut Vec<Found<'a>>) {
    let text = &hay.text[..region.end];
    let hay = Haystack { text, ..hay };
    let mut at = region.start;
    while at < text.len() {
        if text[at..].starts_with(hay.quote) {
            // What is not closed is text to its end.
            let Some((_, end)) = quoted(hay, at) else { break };
            at = end;
            continue;
        }
        let Some(letter) = text[at..].chars().next() else { break };
        if !(letter.is_alphabetic() || letter == '_') {
            at += letter.len_utf8();
            continue;
        }
        let end = at + word(&text[at..]);
        let name = &text[at..end];
        if text[end..].starts_with('(') {
            found.push(Found::Call { name, texts: arguments(hay, end + 1) });
            at = end + 1;
            continue;
        }
        let first = Link { text: name, range: at..end, dotted: None };
        let (chain, end) = chain(hay, first, end);
        // An index may hold a chain of its own, which the walk meets next.
        found.push(Found::Chain(chain));
        at = end;
    }
}

fn chain<'a>(hay: Haystack<'a>, first: Link<'a>, mut end: usize) -> (Vec<Link<'a>>, usize) {
    let text = hay.text;
    let mut links = vec![first];
    loop {
        let next = skip_blank(text, end);
        if text[next..].starts_with('.') {
            let start = skip_blank(text, next + 1);
            let stop = start + word(&text[start..]);
            if stop == start {
                return (links, next + 1);
            }
            links.push(Link {
                text: &text[start..stop],
                range: start..stop,
                dotted: Some(next..stop),
            });
            end = stop;
        } else if text[next..].starts_with('[') {
            let start = skip_blank(text, next + 1);
            let Some((link, stop)) = quoted(hay, start) else { return (links, next + 1) };
            let close = skip_blank(text, stop);
            if !text[close..].starts_with(']') {
                return (links, stop);
            }
            links.push(link);
            end = close + 1;
        } else {
            return (links, end);
        }
    }
}

/// The texts directly among the arguments.
fn arguments<'a>(hay: Haystack<'a>, start: usize) -> Vec<Link<'a>> {
    let mut texts = Vec::new();
    let mut at = skip_blank(hay.text, start);
    while let Some((link, end)) = quoted(hay, at) {
        texts.push(link);
        let next = skip_blank(hay.text, end);
        if !hay.text[next..].starts_with(',') {
            break;
        }
        at = skip_blank(hay.text, next + 1);
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, quote: &str, is_expression: bool) -> Vec<String> {
        find(Haystack { text, quote, is_expression })
            .into_iter()
            .map(|found| match found {
                Found::Chain(links) => {
                    links.iter().map(|link| link.text).collect::<Vec<_>>().join("/")
                }
                Found::Call { name, texts } => {
                    let texts: Vec<&str> = texts.iter().map(|link| link.text).collect();
                    format!("{name}({})", texts.join(","))
                }
                Found::Macro(link) => format!("$({})", link.text),
            })
            .collect()
    }

    #[test]
    fn names_are_found_where_expressions_are() {
        assert_eq!(
            words(
                "and(succeeded('A', 'B'), eq(dependencies.A.outputs['b.c'], 'dependencies.X'))",
                "'",
                true
            ),
            ["and()", "succeeded(A,B)", "eq()", "dependencies/A/outputs/b.c"]
        );
        assert_eq!(words("$[ dependencies['A'] . result ]", "'", false), ["dependencies/A/result"]);
        assert_eq!(words("eq(variables[''a''], ''x'')", "''", true), ["eq()", "variables/a"]);
        assert_eq!(
            words("x ${{ parameters.a }} $(b) ${{ 'parameters.c' }} parameters.d", "'", false),
            ["parameters/a", "$(b)"]
        );
        assert!(words("echo $[ a.b ] c", "'", false).is_empty(), "part of a text is no expression");
        assert_eq!(words("variables[variables.x]", "'", true), ["variables", "variables/x"]);
        assert_eq!(
            words("eq('${{ parameters.a }}', 'b')", "'", true),
            ["eq(${{ parameters.a }},b)", "parameters/a"],
            "a template expression between the quotes of a condition"
        );
    }

    #[test]
    fn odd_texts_end() {
        for text in
            ["'", "a['", "a[", "a.", "f(", "f('", "${{", "${{ '", "$(", "$(a", "é.ü['ö", "''''"]
        {
            for quote in ["'", "''"] {
                for is_expression in [false, true] {
                    let _ = find(Haystack { text, quote, is_expression });
                }
            }
        }
    }
}
