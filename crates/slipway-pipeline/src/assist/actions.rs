//! What a diagnostic's hint offers to put right.

use std::ops::Range;

use super::navigate::{TextEdit, is_whole};
use super::sketch::{Kind, Sketch};
use crate::diagnostic::Diagnostic;
use crate::hints::nearest;

/// Something that an editor can do at a click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeAction {
    pub title: String,
    pub edits: Vec<TextEdit>,
    /// The diagnostic that it settles: its number among those given.
    pub diagnostic: usize,
}

/// What can be put right about some diagnostics of a text.
pub fn code_actions(text: &str, diagnostics: &[Diagnostic]) -> Vec<CodeAction> {
    let mut found = Vec::new();
    let mut sketch = None;
    for (number, diagnostic) in diagnostics.iter().enumerate() {
        let Some(wanted) = diagnostic.hint.as_deref().and_then(suggestion) else { continue };
        let sketch = sketch.get_or_insert_with(|| Sketch::new(text));
        if let Some(range) = wrong_word(sketch, diagnostic, wanted) {
            found.push(CodeAction {
                title: format!("Change to '{wanted}'"),
                edits: vec![TextEdit { range, text: wanted.to_owned() }],
                diagnostic: number,
            });
        }
    }
    found
}

/// The `x` of `Did you mean 'x'?`.
fn suggestion(hint: &str) -> Option<&str> {
    let rest = &hint[hint.find("Did you mean '")? + "Did you mean '".len()..];
    rest.split("'?").next().filter(|word| !word.is_empty() && word.len() < rest.len())
}

/// The bytes of the word that the diagnostic is about: one that its message names and that is near
/// to what is suggested.
fn wrong_word(sketch: &Sketch<'_>, diagnostic: &Diagnostic, wanted: &str) -> Option<Range<usize>> {
    let span = &diagnostic.span;
    let node = sketch.last_before(span.start);
    let value = sketch.node(node).value.clone();
    let is_separator = |letter: char| letter.is_whitespace() || "'\"`,;:()".contains(letter);
    let words: Vec<&str> = diagnostic
        .message
        .split(is_separator)
        .map(|word| word.trim_end_matches('.'))
        .map(|word| word.split('@').next().unwrap_or(word))
        .filter(|word| !word.is_empty() && *word != wanted && nearest(word, [wanted]).is_some())
        .collect();
    // A name that is depended on stands somewhere in the job or stage that is spoken of.
    let item = sketch.ancestors(node).find(|at| sketch.node(*at).kind == Kind::Item);
    let item = item.map_or(0..0, |at| sketch.node(at).key.start..sketch.node(at).end);
    for region in [span.start..span.end, value, item] {
        let Some(text) = sketch.text.get(region.clone()) else { continue };
        for word in words.iter().rev() {
            if let Some((at, _)) =
                text.match_indices(word).find(|(at, _)| is_whole(text, *at..at + word.len()))
            {
                let start = region.start + at;
                return Some(start..start + word.len());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Known;
    use crate::{LoadRequest, NoFiles, load};

    fn fixed(text: &str) -> Vec<String> {
        let loaded = load("a.yml", text, &LoadRequest::default(), &NoFiles, &Known);
        let actions = code_actions(text, &loaded.diagnostics);
        let apply = |action: CodeAction| {
            let edit = &action.edits[0];
            format!("{}{}{}", &text[..edit.range.start], edit.text, &text[edit.range.end..])
        };
        actions.into_iter().map(apply).collect()
    }

    #[test]
    fn the_word_that_was_meant_is_put_in() {
        for (wrong, right) in [
            ("step:\n- script: x\n", "steps:\n- script: x\n"),
            ("steps:\n- script: x\n  displayname: y\n", "steps:\n- script: x\n  displayName: y\n"),
            ("steps:\n- task: Dokcer@2\n", "steps:\n- task: Docker@2\n"),
            (
                "steps:\n- task: Docker@2\n  inputs:\n    comand: build\n",
                "steps:\n- task: Docker@2\n  inputs:\n    command: build\n",
            ),
            (
                "steps:\n- task: PublishTestResults@2\n  inputs:\n    testResultsFormat: JUnti\n",
                "steps:\n- task: PublishTestResults@2\n  inputs:\n    testResultsFormat: JUnit\n",
            ),
            (
                "jobs:\n- job: Build\n  steps:\n  - script: x\n- job: B\n  dependsOn: Biuld\n  steps:\n  - script: x\n",
                "jobs:\n- job: Build\n  steps:\n  - script: x\n- job: B\n  dependsOn: Build\n  steps:\n  - script: x\n",
            ),
        ] {
            assert!(fixed(wrong).contains(&right.to_owned()), "{wrong:?}: {:?}", fixed(wrong));
        }
        assert!(fixed("steps:\n- script: x\n").is_empty(), "nothing is wrong");
    }
}
