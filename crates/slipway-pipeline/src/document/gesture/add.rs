//! Adding a stage, job, step, template or directive.

use super::Addition;
use super::list::{holds, misplaced, position, strategy, target};
use super::names::{free, has, taken};
use super::ordered::ordered;
use super::place::{Places, Rank, inside, spelled};
use crate::document::draft::Draft;
use crate::document::error::EditError;
use crate::document::insert::insert_item;
use crate::document::path::Path;
use crate::document::value::Value;
use crate::document::words::order::Level;
use crate::document::words::{check_name, named, set_key};

/// What is added.
pub(super) struct New<'a> {
    pub(super) what: Addition,
    pub(super) name: Option<&'a str>,
    pub(super) value: Option<&'a Value>,
}

pub(super) fn make(
    draft: &mut Draft,
    into: &Path,
    before: Option<&Path>,
    new: &New<'_>,
) -> Result<Vec<Path>, EditError> {
    let view = draft.view();
    let places = Places::of(&view.root);
    let owner = places.named(&view.root, into)?.clone();
    let rank = match new.what {
        Addition::Stage => Rank::Stage,
        Addition::Job | Addition::Deployment => Rank::Job,
        Addition::Step => Rank::Step,
        Addition::Template | Addition::If | Addition::Each => holds(&owner, &view.root)
            .ok_or_else(|| misplaced(new.words(), Rank::Step, &owner, &view.root))?,
    };
    drop(view);
    let place = target(draft, into, rank, new.words())?;
    let view = draft.view();
    let index = position(&view, &place, before)?;
    let taken = taken(&view, &place.list, rank);
    drop(view);
    let name = new.name(rank, &taken)?;
    let item = new.item(rank, &name)?;
    draft.make(|view| insert_item(view, &place.list, Some(index), &item))?;
    let mut path = place.list;
    path.push(index);
    if new.what == Addition::Step && !name.is_empty() {
        set_key(draft, &path, Level::Step, "name", Some(&Value::from(name)))?;
    }
    let view = draft.view();
    let is_directive = matches!(new.what, Addition::If | Addition::Each);
    path.extend(is_directive.then_some(0));
    Ok(vec![spelled(&view.root, &path)])
}

impl New<'_> {
    fn words(&self) -> &'static str {
        match self.what {
            Addition::Stage => "a stage",
            Addition::Job => "a job",
            Addition::Deployment => "a deployment",
            Addition::Step => "a step",
            Addition::Template => "a template",
            Addition::If => "${{ if }}",
            Addition::Each => "${{ each }}",
        }
    }

    /// The name it gets: the given one, if it is free, or one that is made.
    fn name(&self, rank: Rank, taken: &[String]) -> Result<String, EditError> {
        let made = match self.what {
            Addition::Stage => "Stage",
            Addition::Job => "Job",
            Addition::Deployment => "Deploy",
            // A step needs no name.
            Addition::Step => "",
            Addition::Template => {
                let file = self.name.map(str::to_owned);
                return Ok(file.unwrap_or_else(|| format!("{}.yml", rank.key())));
            }
            Addition::If => return Ok(directive("if", self.name.unwrap_or("true"))),
            Addition::Each => {
                return Ok(directive("each", self.name.unwrap_or("item in parameters.items")));
            }
        };
        let Some(name) = self.name else { return Ok(free(made, taken)) };
        check_name(rank.word(), name)?;
        if has(taken, name) {
            let place = rank.key().to_owned();
            return Err(EditError::AlreadyThere { name: name.to_owned(), place });
        }
        Ok(name.to_owned())
    }

    fn item(&self, rank: Rank, name: &str) -> Result<Value, EditError> {
        let none = Value::Map(Vec::new());
        let value = &ordered(self.value.unwrap_or(&none).clone(), rank);
        let empty = || Value::List(Vec::new());
        match self.what {
            Addition::Stage => named("stage", name, Some(&with(value, "jobs", empty()))),
            Addition::Job => named("job", name, Some(&with(value, "steps", empty()))),
            Addition::Deployment => {
                let value = with(value, "environment", Value::from("staging"));
                named("deployment", name, Some(&with(&value, "strategy", strategy())))
            }
            Addition::Step if self.value.is_none() => {
                Ok(Value::map([("script", Value::from("echo Hello"))]))
            }
            Addition::Step => Ok(value.clone()),
            Addition::Template => named("template", name, Some(value)),
            Addition::If | Addition::Each => {
                let body = match self.value {
                    None => empty(),
                    Some(list @ Value::List(_)) => list.clone(),
                    Some(_) => {
                        let message = format!("A list of {} was expected.", rank.key());
                        return Err(EditError::BadFragment { message });
                    }
                };
                Ok(Value::map([(name, body)]))
            }
        }
    }
}

/// A mapping with a key that it has to have.
fn with(value: &Value, key: &str, default: Value) -> Value {
    match value {
        Value::Map(entries) if entries.iter().all(|(other, _)| other != key) => {
            let more = [(key.to_owned(), default)];
            Value::Map(entries.iter().cloned().chain(more).collect())
        }
        other => other.clone(),
    }
}

/// `${{ word … }}`, whichever part of that was given.
pub(super) fn directive(word: &str, given: &str) -> String {
    let inner = inside(given);
    let has_word = crate::assist::directive(&format!("${{{{ {inner} }}}}")).is_some();
    if has_word { format!("${{{{ {inner} }}}}") } else { format!("${{{{ {word} {inner} }}}}") }
}
