//! Words of inputs that a task cannot follow here, declared once with what to do instead.
//!
//! `support` tells them before a run, and the task itself refuses what only the run has filled in. Deliberately
//! not here: tasks that cannot run at all (`support::why_not`).

use slipway_pipeline::catalog::{InputSpec, TaskSpec};
use slipway_pipeline::plan::PlanStep;

use crate::error::RunnerError;
use crate::step_scope::StepScope;

/// A word of an input that is not followed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) input: &'static str,
    /// Ignoring case.
    pub(crate) word: &'static str,
    pub(crate) instead: &'static str,
}

impl Refused {
    pub(crate) const fn new(
        input: &'static str,
        word: &'static str,
        instead: &'static str,
    ) -> Self {
        Self { input, word, instead }
    }

    fn feature(&self, spec: &TaskSpec) -> String {
        let input = spec.input(self.input).map_or(self.input, InputSpec::written_name);
        format!("`{input}: {}` of {}", self.word, spec.reference())
    }

    fn is(&self, value: Option<&str>) -> bool {
        value.is_some_and(|value| value.trim().eq_ignore_ascii_case(self.word))
    }
}

/// What of a step as it is written is refused: the feature, and what to do instead.
pub(crate) fn of_plan(
    all: &[Refused],
    spec: &TaskSpec,
    step: &PlanStep,
) -> Option<(String, &'static str)> {
    let given = |input: &InputSpec| {
        std::iter::once(&input.name).chain(input.aliases).find_map(|name| step.input(name))
    };
    let refused = all.iter().find(|refused| {
        let input = spec.input(refused.input).filter(|input| spec.shows(input, &given));
        input.is_some_and(|input| refused.is(given(input).or(input.default)))
    })?;
    Some((refused.feature(spec), refused.instead))
}

/// The same for a step that runs, with its macros expanded.
pub(crate) fn check(all: &[Refused], spec: &TaskSpec, step: &StepScope) -> Result<(), RunnerError> {
    let given = |input: &InputSpec| step.input(input.name);
    let refused = all.iter().find(|refused| {
        let input = spec.input(refused.input).filter(|input| spec.shows(input, &given));
        input.is_some_and(|input| refused.is(given(input)))
    });
    match refused {
        None => Ok(()),
        Some(refused) => Err(RunnerError::NotSupported {
            feature: refused.feature(spec),
            instead: refused.instead.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use slipway_pipeline::catalog::table;

    use super::*;

    #[test]
    fn a_word_is_refused_where_its_input_matters() {
        const ALL: &[Refused] = &[Refused::new("customRegistry", "useFeed", "Use useNpmrc.")];
        let step = |inputs: &[(&str, &str)]| {
            let inputs: IndexMap<String, String> =
                inputs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            PlanStep::new("Npm", 1, inputs)
        };
        let told = |inputs: &[(&str, &str)]| of_plan(ALL, &table::NPM_1, &step(inputs));
        assert_eq!(
            told(&[("CustomRegistry", "UseFeed")]),
            Some(("`customRegistry: useFeed` of Npm@1".to_owned(), "Use useNpmrc.")),
            "any case"
        );
        assert_eq!(told(&[("customRegistry", "$(where)")]), None, "only the run can tell");
        let publish = [("command", "publish"), ("customRegistry", "useFeed")];
        assert_eq!(told(&publish), None, "it does not matter to this command");
    }
}
