//! Definition, references and rename of the thing at a place.

use std::ops::Range;

use super::hover::{called_template, nearest_variable};
use super::names::{Names, same};
use super::on_boundary;
use super::sketch::Sketch;
use super::surroundings::Surroundings;
use super::symbol::{Symbol, Symbols};
use crate::schema::{NameKind, predefined};

// More occurrences of a word than this are not looked at.
const MAX_OCCURRENCES: usize = 20_000;

/// Where something is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Another file's path; `None` for the file at hand.
    pub file: Option<String>,
    /// Bytes of that file.
    pub range: Range<usize>,
    /// That file's text, when it is another one.
    pub text: Option<String>,
    /// The word that was asked about, in the file at hand.
    pub origin: Range<usize>,
}

/// Bytes and what to put in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    pub range: Range<usize>,
    pub text: String,
}

/// Where the thing at a byte is declared.
pub fn definition(text: &str, offset: usize, around: &dyn Surroundings) -> Option<Definition> {
    let offset = on_boundary(text, offset);
    let sketch = Sketch::new(text);
    let names = Names::of(&sketch);
    let (symbol, origin) = Symbols { sketch: &sketch, names: &names }.at(offset)?;
    let here = |range: Range<usize>| {
        Some(Definition { file: None, range, text: None, origin: origin.clone() })
    };
    match &symbol {
        Symbol::Template(path) => {
            let file = around.template(path)?;
            let start = 0..0;
            Some(Definition { file: Some(file.path), range: start, text: Some(file.text), origin })
        }
        Symbol::Argument(id) => {
            let (_, file) = called_template(&sketch, *id, around)?;
            let range = {
                let other = Names::of(&Sketch::new(&file.text));
                let at = other.find(NameKind::Parameter, sketch.key(*id))?;
                other.declared[at].range.clone()
            };
            Some(Definition { file: Some(file.path), range, text: Some(file.text), origin })
        }
        _ => here(declaration(&sketch, &names, &symbol, offset)?),
    }
}

fn declaration(
    sketch: &Sketch<'_>,
    names: &Names,
    symbol: &Symbol,
    offset: usize,
) -> Option<Range<usize>> {
    match symbol {
        Symbol::Declared(at) => names.declared.get(*at).map(|known| known.range.clone()),
        Symbol::Named(NameKind::Variable, name) => {
            match nearest_variable(sketch, names, name, offset) {
                Some(at) => Some(names.declared[at].range.clone()),
                None => {
                    names.set.iter().find(|set| same(&set.name, name)).map(|set| set.range.clone())
                }
            }
        }
        Symbol::Named(kind, name) => {
            names.find(*kind, name).map(|at| names.declared[at].range.clone())
        }
        Symbol::Output { step, name } => names
            .set
            .iter()
            .filter(|set| same(&set.name, name))
            .find(|set| names.enclosing(sketch, set.pair, NameKind::Step) == *step)
            .map(|set| set.range.clone()),
        _ => None,
    }
}

/// Every place of the file that names the thing at a byte, its declaration among them.
pub fn references(text: &str, offset: usize) -> Vec<Range<usize>> {
    let offset = on_boundary(text, offset);
    let sketch = Sketch::new(text);
    let names = Names::of(&sketch);
    let symbols = Symbols { sketch: &sketch, names: &names };
    let Some((symbol, range)) = symbols.at(offset) else { return Vec::new() };
    let is_followed = matches!(
        symbol,
        Symbol::Declared(_)
            | Symbol::Named(..)
            | Symbol::Output { .. }
            | Symbol::Template(_)
            | Symbol::Function(_)
    );
    if !is_followed {
        return Vec::new();
    }
    let word = text[range].to_ascii_lowercase();
    if word.is_empty() {
        return Vec::new();
    }
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in lower.match_indices(&word).take(MAX_OCCURRENCES) {
        if !is_whole(text, at..at + word.len()) {
            continue;
        }
        let is_it = symbols.at(at).filter(|(other, range)| {
            range.start == at && range.len() == word.len() && other.is(&symbol)
        });
        if let Some((_, range)) = is_it {
            found.push(range);
        }
    }
    found.dedup();
    found
}

/// True when a range is a word of its own.
pub(super) fn is_whole(text: &str, range: Range<usize>) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    !text[..range.start].chars().next_back().is_some_and(is_letter)
        && !text[range.end..].chars().next().is_some_and(is_letter)
}

/// The word that would be renamed at a byte, if it can be.
pub fn renamed_word(text: &str, offset: usize) -> Result<Range<usize>, String> {
    let offset = on_boundary(text, offset);
    let sketch = Sketch::new(text);
    let names = Names::of(&sketch);
    let refusal = "Stages, jobs, steps, variables and parameters can be renamed.";
    let found = Symbols { sketch: &sketch, names: &names }.at(offset);
    let (symbol, range) = found.ok_or(refusal)?;
    match &symbol {
        Symbol::Declared(_) | Symbol::Output { .. } => Ok(range),
        Symbol::Named(NameKind::Variable, name) => {
            let is_own = names.find(NameKind::Variable, name).is_some()
                || names.set.iter().any(|set| same(&set.name, name));
            match (is_own, predefined(name)) {
                (true, _) => Ok(range),
                (_, Some(_)) => Err(format!("{name} is a predefined variable.")),
                _ => Err(format!("{name} is not declared in this file.")),
            }
        }
        Symbol::Named(kind, name) => match names.find(*kind, name) {
            Some(_) => Ok(range),
            None => Err(format!("{name} is not declared in this file.")),
        },
        _ => Err(refusal.to_owned()),
    }
}

/// The edits that give the thing at a byte another name.
pub fn rename(text: &str, offset: usize, name: &str) -> Result<Vec<TextEdit>, String> {
    let offset = on_boundary(text, offset);
    renamed_word(text, offset)?;
    let name = name.trim();
    let sketch = Sketch::new(text);
    let names = Names::of(&sketch);
    let symbol = Symbols { sketch: &sketch, names: &names }.at(offset).map(|(symbol, _)| symbol);
    let is_identifier = crate::expr::is_identifier(name);
    let needs_identifier = matches!(symbol, Some(Symbol::Declared(_)));
    if needs_identifier && !is_identifier {
        return Err(format!(
            "'{name}' is no name: only letters, digits and _ are, and no digit comes first."
        ));
    }
    if name.is_empty() || name.contains(['\n', '\'', '"', ')', ';', ']', ':', '#']) {
        return Err(format!("'{name}' is no name."));
    }
    let edits = references(text, offset).into_iter().map(|range| {
        let is_dotted = text[..range.start].ends_with('.');
        let in_expression = is_dotted
            && matches!(&symbol, Some(Symbol::Named(NameKind::Variable | NameKind::Parameter, _)));
        if in_expression && !is_identifier {
            // What is no identifier cannot stand behind a dot.
            return TextEdit { range: range.start - 1..range.end, text: format!("['{name}']") };
        }
        TextEdit { range, text: name.to_owned() }
    });
    Ok(edits.collect())
}
