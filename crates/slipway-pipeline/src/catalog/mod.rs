//! Tasks: what a task declares, and the table of those that the vendor's pages describe.
//!
//! The reader and the editor ask through [`TaskCatalog`]; the runner's tasks refer to the statics
//! of [`table`], so that a task is declared once. Deliberately not here: what a task does.

mod spec;
pub mod table;

pub use spec::{InputKind, InputSpec, OutputSpec, ShownWhen, TaskCatalog, TaskSpec};

/// Every task of the table.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known;

/// Every task of the table, in its order.
pub fn known() -> &'static [&'static TaskSpec] {
    table::TASKS
}

/// The task of the table with this name, ignoring case, and major version.
pub fn spec(name: &str, version: u32) -> Option<&'static TaskSpec> {
    let is_it = |task: &&&TaskSpec| task.version == version && task.name.eq_ignore_ascii_case(name);
    table::TASKS.iter().find(is_it).copied()
}

impl TaskCatalog for Known {
    fn task(&self, name: &str, version: u32) -> Option<&TaskSpec> {
        spec(name, version)
    }

    fn tasks(&self) -> Vec<&TaskSpec> {
        table::TASKS.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        for task in known() {
            let reference = task.reference();
            assert_eq!(spec(&task.name.to_uppercase(), task.version), Some(*task), "{reference}");
            assert!(task.help.ends_with('.'), "the help of {reference} is a sentence");
            // An alias may be the input's own name in the spelling of the vendor's pages.
            let mut owners: std::collections::HashMap<String, &str> = Default::default();
            for input in task.inputs {
                for name in std::iter::once(&input.name).chain(input.aliases) {
                    let owner = owners.entry(name.to_lowercase()).or_insert(input.name);
                    assert_eq!(*owner, input.name, "{reference}: {name} names two inputs");
                }
            }
            for input in task.inputs {
                let name = input.name;
                assert!(input.help.ends_with('.'), "{reference} {name}: the help is a sentence");
                if let (InputKind::Pick(words), Some(default)) = (input.kind, input.default) {
                    let is_word = words.iter().any(|word| word.eq_ignore_ascii_case(default));
                    assert!(is_word, "{reference} {name}: the default is one of the words");
                }
                for rule in input.shown_when {
                    let other = task.input(rule.input);
                    assert!(other.is_some(), "{reference} {name}: {} is an input", rule.input);
                    if let Some(InputKind::Pick(words)) = other.map(|other| other.kind) {
                        let are_words = rule.is.iter().all(|word| words.contains(word));
                        assert!(are_words, "{reference} {name}: {:?} are words", rule.is);
                    }
                }
            }
        }
        let references: std::collections::HashSet<String> =
            known().iter().map(|task| task.reference().to_lowercase()).collect();
        assert_eq!(references.len(), known().len(), "no task is there twice");
    }

    #[test]
    fn what_is_missing_depends_on_what_is_shown() {
        let bash = spec("bash", 3).unwrap();
        let names = |given: &'static [(&str, &str)]| -> Vec<&str> {
            let look = |input: &InputSpec| {
                given.iter().find(|(name, _)| input.is_named(name)).map(|(_, value)| *value)
            };
            bash.missing(&look).iter().map(|input| input.name).collect()
        };
        assert_eq!(names(&[]), ["filePath"], "a file is the default");
        assert_eq!(names(&[("targetType", "inline")]), ["script"], "an inline script is wanted");
        assert!(names(&[("TargetType", "Inline"), ("script", "x")]).is_empty(), "all is given");
        assert!(
            names(&[("targetType", "$(kind)")]).is_empty(),
            "only the run knows what is wanted"
        );
    }
}
