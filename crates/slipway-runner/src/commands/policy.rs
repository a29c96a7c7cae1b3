//! What a step may order: `target: commands:` and `settableVariables:`, and what its task forbids itself (§18.2).
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

/// Whether a task forbids itself most commands, and the variables it may set if not all.
pub(crate) type Restrictions<'a> = (bool, Option<&'a [String]>);

/// The rules of one step.
#[derive(Debug, Default, Clone)]
pub(crate) struct Policy {
    is_restricted: bool,
    /// A variable is set if each of these holds it.
    settable: Vec<Vec<Pattern>>,
}

impl Policy {
    /// What the step's target says, and what its task says of itself.
    pub(crate) fn of(target: Option<&PlanTarget>, own: Option<Restrictions<'_>>) -> Self {
        let says = |word: &String| word.trim().eq_ignore_ascii_case("restricted");
        let (own_restricted, own_settable) = own.unwrap_or_default();
        let of_target = target.and_then(|target| target.settable_variables.as_deref());
        Self {
            is_restricted: own_restricted
                || target.and_then(|target| target.commands.as_ref()).is_some_and(says),
            settable: [of_target, own_settable].into_iter().flatten().map(patterns).collect(),
        }
    }

    pub(super) fn allows(&self, area: &str, event: &str) -> bool {
        !self.is_restricted || HARMLESS.contains(&(area, event))
    }

    pub(super) fn may_set(&self, name: &str) -> bool {
        let name = one_segment(name);
        let is_in = |all: &Vec<Pattern>| all.iter().any(|one| one.is_match([name.as_str()]));
        self.settable.iter().all(is_in)
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
        let policy = Policy::of(Some(&target), None);
        assert!(policy.allows("task", "logissue"), "issues are harmless");
        assert!(!policy.allows("artifact", "upload"), "an artifact leaves the step");
        assert!(policy.may_set("OKAY") && !policy.may_set("other"), "patterns ignore case");
        assert!(
            Policy::of(None, None).allows("artifact", "upload"),
            "without a target all is allowed"
        );
        let none = PlanTarget { settable_variables: Some(Vec::new()), ..PlanTarget::default() };
        assert!(!Policy::of(Some(&none), None).may_set("any"), "none is none");
        let own = ["okay".to_owned(), "other".to_owned()];
        let both = Policy::of(Some(&target), Some((false, Some(&own))));
        assert!(both.may_set("okay"), "the target and the task allow it");
        assert!(!both.may_set("other") && !both.may_set("ok2"), "one of them does not");
    }
}
