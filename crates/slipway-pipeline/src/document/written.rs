//! What is written at a place, as a tree of plain values with their places: what a form reads.
//!
//! Called by forms beside the canvas. Deliberately not here: what it means (`plan`), and changing it
//! (each entry has the [`Path`] that edits need).

use std::ops::Range;
use std::sync::Arc;

use super::draft::Draft;
use super::error::EditError;
use super::part::Part;
use super::path::Path;
use crate::tree::NodeValue;

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub path: Path,
    pub form: WrittenForm,
    /// Of a text: without quotes and indentation.
    pub text: String,
    /// From its key or dash to its last letter.
    pub range: Range<usize>,
    /// Of a mapping or list, in order.
    pub entries: Vec<WrittenEntry>,
}

/// An entry of a mapping, or an item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenEntry {
    /// None for an item.
    pub key: Option<String>,
    pub value: Written,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenForm {
    Map,
    List,
    Text,
    /// `key:` with nothing behind it, or `~`.
    Nothing,
}

/// What is written at a path. A text that is not YAML has no answer.
pub fn written(text: &str, path: &Path) -> Result<Written, EditError> {
    let text: Arc<str> = text.into();
    let draft = Draft::new(&text)?;
    let view = draft.view();
    let indexes = path.resolve(&view.root)?;
    Ok(read(view.root.at(&indexes), path.clone()))
}

// The depth is that of the tree, which its reader limits.
fn read(part: &Part<'_>, path: Path) -> Written {
    let form = match &part.node.value {
        _ if part.is_null() => WrittenForm::Nothing,
        NodeValue::Scalar(_) => WrittenForm::Text,
        NodeValue::Sequence(_) => WrittenForm::List,
        NodeValue::Mapping(_) => WrittenForm::Map,
    };
    let entries = part.children.iter().enumerate().map(|(at, child)| {
        let key = child.key_text().map(str::to_owned);
        // A key that is written once leads there by name, which is what people read.
        let by_name = key.as_ref().filter(|key| part.index_of(key) == Some(at));
        let path = by_name.map_or_else(|| path.at(at), |key| path.key(key));
        WrittenEntry { key, value: read(child, path) }
    });
    Written {
        form,
        text: if form == WrittenForm::Text { part.text().unwrap_or_default() } else { "" }
            .to_owned(),
        range: part.start..part.end.max(part.start),
        entries: entries.collect(),
        path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "jobs:
- job: A
  variables: { mode: 'fast', other: ~ }
  steps:
  - script: |
      one
      two
    env:
      ${{ if true }}:
        A: b
";

    #[test]
    fn every_entry_says_what_is_written_where() {
        let path = Path::root().key("jobs").at(0);
        let job = written(FILE, &path).expect("the job is there");
        let keys: Vec<_> = job.entries.iter().filter_map(|entry| entry.key.as_deref()).collect();
        assert_eq!(keys, ["job", "variables", "steps"], "the keys in order");
        let variables = &job.entries[1].value;
        assert_eq!(variables.entries[0].value.text, "fast", "without its quotes");
        assert_eq!(variables.entries[1].value.form, WrittenForm::Nothing, "nothing is nothing");
        let step = &job.entries[2].value.entries[0].value;
        assert_eq!(step.entries[0].value.text, "one\ntwo\n", "the lines of a block");
        let deep = &step.entries[1].value.entries[0].value.entries[0].value;
        assert_eq!(&FILE[deep.range.clone()], "A: b", "from key to end");
        let again = written(FILE, &deep.path).expect("its path leads there");
        assert_eq!(again, *deep, "and to the same");
    }

    #[test]
    fn what_is_not_there_is_said() {
        let error = written(FILE, &Path::root().key("jobz")).expect_err("there is no such key");
        assert!(error.to_string().contains("jobz"), "the key is named: {error}");
        assert!(written("jobs: [", &Path::root()).is_err(), "a broken file has no answer");
    }
}
