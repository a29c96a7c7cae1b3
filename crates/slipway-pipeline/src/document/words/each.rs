//! The variable of an `${{ each }}`: what uses it below the directive follows when it gets another name.
//!
//! A loop within that calls its own variable the same hides the outer one: its uses are not ours, but what it goes
//! through is.

use std::cell::Cell;
use std::ops::Range;

use super::references::Found;
use super::rename::{Rule, Site, is_same, link, rename};
use crate::document::draft::{Draft, View};
use crate::document::error::EditError;
use crate::document::part::Part;

/// The words that an expression already knows.
const KNOWN: [&str; 4] = ["parameters", "variables", "dependencies", "resources"];

/// The variable of `each x in …`, with its offset.
pub(in crate::document) fn variable(text: &str) -> Option<Range<usize>> {
    let start = text.find("each")? + 4;
    let rest = &text[start..];
    let name = start + (rest.len() - rest.trim_start().len());
    let length = text[name..].find(char::is_whitespace)?;
    let is_loop = text[name + length..].trim_start().starts_with("in ") && name > start;
    is_loop.then_some(name..name + length)
}

/// Lets what uses the variable below a directive follow, which has its new key already.
pub(in crate::document) fn follow(
    draft: &mut Draft,
    directive: &[usize],
    from: &str,
    to: &str,
) -> Result<(), EditError> {
    if from == to {
        return Ok(());
    }
    if !crate::expr::is_identifier(to) || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(to)) {
        return Err(EditError::BadName { what: "loop variable", name: to.to_owned() });
    }
    let view = draft.view();
    let own = EachRule { directive, from, to, hidden: loops(&view, directive, from) };
    let taken = Taken { own: &own, is_taken: Cell::new(!loops(&view, directive, to).is_empty()) };
    if !from.eq_ignore_ascii_case(to) {
        rename(&view, &taken)?;
        if taken.is_taken.get() {
            return Err(EditError::AlreadyThere { name: to.to_owned(), place: String::new() });
        }
    }
    drop(view);
    draft.make(|view| rename(view, &own))
}

/// The loops below a directive whose variable has a name, with the offset of the variable in their key.
fn loops(view: &View<'_>, directive: &[usize], name: &str) -> Vec<(Vec<usize>, usize)> {
    let mut found = Vec::new();
    let mut open = vec![(view.root.at(directive), directive.to_vec())];
    while let Some((part, path)) = open.pop() {
        for (index, child) in part.children.iter().enumerate() {
            let path: Vec<usize> = path.iter().copied().chain([index]).collect();
            found.extend(offset(child, name).map(|offset| (path.clone(), offset)));
            open.push((child, path));
        }
    }
    found
}

fn offset(part: &Part<'_>, name: &str) -> Option<usize> {
    let key = part.key_text().filter(|key| crate::assist::directive(key) == Some("each"))?;
    let at = variable(key)?;
    key[at.clone()].eq_ignore_ascii_case(name).then_some(at.start)
}

struct EachRule<'a> {
    directive: &'a [usize],
    from: &'a str,
    to: &'a str,
    /// Loops that hide the variable.
    hidden: Vec<(Vec<usize>, usize)>,
}

impl EachRule<'_> {
    /// True where a use of the variable at an offset would mean ours.
    fn covers(&self, site: &Site<'_>, start: usize) -> bool {
        let is_below = site.path.len() > self.directive.len();
        is_below
            && site.path.starts_with(self.directive)
            && self.hidden.iter().all(|(path, offset)| {
                // Behind its variable, and a quote that the key may begin with, stands what it goes through.
                if site.path == *path { start > offset + 1 } else { !site.path.starts_with(path) }
            })
    }
}

impl Rule for EachRule<'_> {
    fn names(
        &self,
        site: &Site<'_>,
        found: &Found<'_>,
        quote: &str,
    ) -> Vec<(Range<usize>, String)> {
        let Found::Chain(links) = found else { return Vec::new() };
        match links.first() {
            Some(first) if is_same(first, self.from) && self.covers(site, first.range.start) => {
                vec![link(first, self.to, quote)]
            }
            _ => Vec::new(),
        }
    }

    fn whole(&self, _site: &Site<'_>, _text: &str) -> Option<String> {
        None
    }
}

/// Looks whether the new name means something there already; replaces nothing.
struct Taken<'a> {
    own: &'a EachRule<'a>,
    is_taken: Cell<bool>,
}

impl Rule for Taken<'_> {
    fn names(
        &self,
        site: &Site<'_>,
        found: &Found<'_>,
        _quote: &str,
    ) -> Vec<(Range<usize>, String)> {
        let Found::Chain(links) = found else { return Vec::new() };
        let is_it = links.first().is_some_and(|first| {
            let is_below = site.path.len() > self.own.directive.len();
            is_below && site.path.starts_with(self.own.directive) && is_same(first, self.own.to)
        });
        self.is_taken.set(self.is_taken.get() || is_it);
        Vec::new()
    }

    fn whole(&self, _site: &Site<'_>, _text: &str) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn the_variable_is_the_word_before_in() {
        for (text, name) in [
            ("each x in parameters.list", Some("x")),
            ("${{ each  item  in parameters.items }}", Some("item")),
            ("each x", None),
            ("each", None),
            ("eachx in y", None),
            ("each x of y", None),
        ] {
            assert_eq!(variable(text).map(|at| &text[at]), name, "{text}");
        }
    }
}
