//! `trigger:`: which pushes start a run.

use serde::{Deserialize, Serialize};

use super::pattern::{Paths, branch_matches, short_branch};
use super::{TriggerVerdict, skip_word};

/// The CI trigger of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Trigger {
    /// The file says nothing: every branch.
    #[default]
    Implied,
    /// `trigger: none`.
    Off,
    Filtered(TriggerFilter),
}

/// What a `trigger:` asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TriggerFilter {
    pub batch: bool,
    pub branches: Filter,
    pub paths: Filter,
    /// Without it no tag starts a run.
    pub tags: Option<Filter>,
}

/// Patterns to include and to exclude.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Filter {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

/// A push.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Push<'a> {
    /// A branch's name or a full ref; `refs/tags/…` is a tag.
    pub reference: &'a str,
    pub changed_paths: &'a [String],
    /// The head commit's.
    pub message: &'a str,
    /// True while a run of this pipeline and branch goes on.
    pub is_run_going: bool,
}

impl Filter {
    pub(super) fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Exclude wins; excluding only means including everything else.
    pub(crate) fn admits(&self, name: &str) -> bool {
        let has = |patterns: &[String]| patterns.iter().any(|it| branch_matches(it, name));
        (self.include.is_empty() || has(&self.include)) && !has(&self.exclude)
    }

    /// The first of the paths that is included and not excluded.
    pub(super) fn first_path<'p>(&self, paths: &'p [String]) -> Option<&'p str> {
        let (include, exclude) = (Paths::new(&self.include), Paths::new(&self.exclude));
        paths
            .iter()
            .find(|path| (self.include.is_empty() || include.takes(path)) && !exclude.takes(path))
            .map(String::as_str)
    }
}

impl Trigger {
    /// Decides about a push. `branch` is a name or a full ref; `refs/tags/…` is a tag. `message` is the
    /// head commit's.
    pub fn evaluate(
        &self,
        branch: &str,
        changed_paths: &[String],
        message: &str,
    ) -> TriggerVerdict {
        self.decide(&Push { reference: branch, changed_paths, message, is_run_going: false })
    }

    /// Decides about a push, while another run may be going on.
    pub fn decide(&self, push: &Push<'_>) -> TriggerVerdict {
        if let Some(word) = skip_word(push.message) {
            return TriggerVerdict::no(format!(
                "The commit message holds {word}, which asks for no run."
            ));
        }
        match self {
            Self::Off => {
                TriggerVerdict::no("The pipeline says trigger: none, so pushes start no run.")
            }
            Self::Implied if push.reference.starts_with("refs/tags/") => {
                TriggerVerdict::no("The pipeline has no trigger for tags.")
            }
            Self::Implied => {
                TriggerVerdict::yes("The pipeline has no trigger: every branch starts a run.")
            }
            Self::Filtered(filter) => filter.decide(push),
        }
    }
}

impl TriggerFilter {
    fn decide(&self, push: &Push<'_>) -> TriggerVerdict {
        let verdict = self.admits(push);
        if !verdict.starts || !self.batch || !push.is_run_going {
            return verdict;
        }
        let reason =
            format!("{} It waits for the run that is going on (batch: true).", verdict.reason);
        TriggerVerdict { waits: true, reason, ..verdict }
    }

    fn admits(&self, push: &Push<'_>) -> TriggerVerdict {
        let name = short_branch(push.reference);
        if let Some(tag) = push.reference.strip_prefix("refs/tags/") {
            return self.admits_tag(tag, push.reference);
        }
        if self.branches.is_empty() && self.tags.is_some() && self.paths.is_empty() {
            return TriggerVerdict::no("The trigger names tags only, and this is a branch.");
        }
        if !self.branches.admits(name) {
            return TriggerVerdict::no(format!(
                "The branch {name} is not among those of the trigger."
            ));
        }
        if self.paths.is_empty() {
            return TriggerVerdict::yes(format!("The branch {name} matches the trigger."));
        }
        match self.paths.first_path(push.changed_paths) {
            Some(path) => TriggerVerdict::yes(format!(
                "The branch {name} and the path {path} match the trigger."
            )),
            None => TriggerVerdict::no("None of the changed paths matches the trigger."),
        }
    }

    /// By `tags`, or by `refs/tags/…` among the branches; paths are not looked at.
    fn admits_tag(&self, tag: &str, reference: &str) -> TriggerVerdict {
        let by_tags = self.tags.as_ref().is_some_and(|tags| tags.admits(tag));
        let has = |patterns: &[String]| patterns.iter().any(|it| branch_matches(it, reference));
        let by_branches = has(&self.branches.include) && !has(&self.branches.exclude);
        if by_tags || by_branches {
            TriggerVerdict::yes(format!("The tag {tag} matches the trigger."))
        } else {
            TriggerVerdict::no(format!("The tag {tag} does not match the trigger."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> Filter {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Filter { include: owned(include), exclude: owned(exclude) }
    }

    fn starts(trigger: &Trigger, branch: &str, paths: &[&str]) -> bool {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        trigger.evaluate(branch, &paths, "a change").starts
    }

    #[test]
    fn absent_means_every_branch_and_none_means_none() {
        assert!(starts(&Trigger::Implied, "refs/heads/x/y", &[]), "every branch");
        assert!(!starts(&Trigger::Implied, "refs/tags/v1", &[]), "but no tag");
        assert!(!starts(&Trigger::Off, "main", &[]), "trigger: none");
    }

    #[test]
    fn branches_are_included_and_excluded() {
        let branches = filter(&["main", "releases/*"], &["releases/old*"]);
        let trigger = Trigger::Filtered(TriggerFilter { branches, ..TriggerFilter::default() });
        assert!(starts(&trigger, "refs/heads/main", &[]), "by name");
        assert!(starts(&trigger, "releases/a/b", &[]), "a star takes slashes too");
        assert!(!starts(&trigger, "releases/old-1", &[]), "exclude wins");
        assert!(!starts(&trigger, "feature", &[]), "not named");
        assert!(!starts(&trigger, "refs/tags/main", &[]), "a tag is no branch");
        let branches = filter(&[], &["wip/*"]);
        let trigger = Trigger::Filtered(TriggerFilter { branches, ..TriggerFilter::default() });
        assert!(starts(&trigger, "main", &[]), "excluding only includes the rest");
        assert!(!starts(&trigger, "wip/x", &[]), "and excludes");
    }

    #[test]
    fn paths_are_looked_at_once_the_branch_fits() {
        let paths = filter(&["src", "docs/**/*.md"], &["src/gen"]);
        let trigger = Trigger::Filtered(TriggerFilter { paths, ..TriggerFilter::default() });
        assert!(starts(&trigger, "main", &["src/a/b.rs"]), "a folder takes all below");
        assert!(
            starts(&trigger, "main", &["docs/a/b.md"]) && starts(&trigger, "main", &["docs/b.md"]),
            "two stars are any folders, none included"
        );
        assert!(!starts(&trigger, "main", &["src/gen/x.rs", "README.md"]), "excluded and unnamed");
        assert!(!starts(&trigger, "main", &["srcs/x"]), "a name that starts alike is another");
    }

    #[test]
    fn tags_start_a_run_only_when_asked_for() {
        let tags = Some(filter(&["v*"], &[]));
        let trigger = Trigger::Filtered(TriggerFilter { tags, ..TriggerFilter::default() });
        assert!(starts(&trigger, "refs/tags/v1.2", &[]), "a tag that fits");
        assert!(!starts(&trigger, "main", &[]), "branches were not asked for");
        let branches = filter(&["refs/tags/v*"], &[]);
        let trigger = Trigger::Filtered(TriggerFilter { branches, ..TriggerFilter::default() });
        assert!(starts(&trigger, "refs/tags/v2", &[]), "tags may stand among branches");
    }

    #[test]
    fn words_in_the_message_ask_for_no_run() {
        for word in
            ["fix [skip ci]", "x\n\nskip-checks: true", "***NO_CI*** y", "[Skip AzurePipelines]"]
        {
            assert!(!Trigger::Implied.evaluate("main", &[], word).starts, "{word}");
        }
    }

    #[test]
    fn a_batch_waits_for_the_run_that_goes_on() {
        let trigger = Trigger::Filtered(TriggerFilter { batch: true, ..TriggerFilter::default() });
        let push = Push { reference: "main", is_run_going: true, ..Push::default() };
        let verdict = trigger.decide(&push);
        assert!(verdict.starts && verdict.waits, "it starts later: {verdict:?}");
        assert!(
            !trigger.decide(&Push { is_run_going: false, ..push }).waits,
            "nothing to wait for"
        );
    }
}
