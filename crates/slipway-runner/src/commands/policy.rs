//! What a step may order: `target: commands:` and `settableVariables:` (§18.2).
//!
//! Asked before each command. Deliberately not here: where a step runs.

use slipway_pipeline::plan::PlanTarget;

use crate::minimatch::{Options, Pattern};

/// Commands that change nothing but the step and what is said about it.
const HARMLESS: [(&str, &str); 10] = [
    ("task", "complete"),
    ("task", "debug"),
    ("task", "issue"),
    ("task", "logdetail"),
    ("task", "logissue"),
    ("task", "setprogress"),
    ("task", "setsecret"),
    ("task", "settaskvariable"),
    ("task", "setvariable"),
    ("telemetry", "publish"),
];

/// The rules of one step.
#[derive(Debug, Default, Clone)]
pub(crate) struct Policy {
    is_restricted: bool,
    /// `None` is all of them.
    settable: Option<Vec<Pattern>>,
}

impl Policy {
    pub(crate) fn of(target: Option<&PlanTarget>) -> Self {
        let Some(target) = target else { return Self::default() };
        let says = |word: &String| word.trim().eq_ignore_ascii_case("restricted");
        Self {
            is_restricted: target.commands.as_ref().is_some_and(says),
            settable: target.settable_variables.as_deref().map(patterns),
        }
    }

    pub(super) fn allows(&self, area: &str, event: &str) -> bool {
        !self.is_restricted || HARMLESS.contains(&(area, event))
    }

    pub(super) fn may_set(&self, name: &str) -> bool {
        let name = one_segment(name);
        let is_in = |all: &Vec<Pattern>| all.iter().any(|one| one.is_match([name.as_str()]));
        self.settable.as_ref().is_none_or(is_in)
    }
}

/// Names ignore case; a slash is a letter like any other in a name.
fn patterns(names: &[String]) -> Vec<Pattern> {
    let pattern = |name: &String| Pattern::new([one_segment(name).as_str()], Options::USUAL);
    names.iter().map(pattern).collect()
}

fn one_segment(name: &str) -> String {
    name.trim().to_lowercase().replace('/', ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restricted_step_may_say_things_but_not_move_them() {
        let target = PlanTarget {
            commands: Some("Restricted".to_owned()),
            settable_variables: Some(vec!["ok*".to_owned()]),
            ..PlanTarget::default()
        };
        let policy = Policy::of(Some(&target));
        assert!(policy.allows("task", "logissue"), "issues are harmless");
        assert!(!policy.allows("artifact", "upload"), "an artifact leaves the step");
        assert!(policy.may_set("OKAY") && !policy.may_set("other"), "patterns ignore case");
        assert!(Policy::of(None).allows("artifact", "upload"), "without a target all is allowed");
        let none = PlanTarget { settable_variables: Some(Vec::new()), ..PlanTarget::default() };
        assert!(!Policy::of(Some(&none)).may_set("any"), "none is none");
    }
}
