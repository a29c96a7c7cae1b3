//! Which pushes start a run: `trigger:` (pipelines.md 3.1). Whoever notices a commit asks.
//!
//! Deliberately not here: `pr:` and `schedules:` (read and tolerated), batching (the caller's queue).

use regex::Regex;
use serde::{Deserialize, Serialize};

/// The CI trigger of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct TriggerFilter {
    pub batch: bool,
    pub branches: Filter,
    pub paths: Filter,
    /// Without it no tag starts a run.
    pub tags: Option<Filter>,
}

/// Patterns to include and to exclude.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

/// The answer, with its reason in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriggerVerdict {
    pub starts: bool,
    pub reason: String,
}

const SKIP_WORDS: [&str; 12] = [
    "[skip ci]",
    "[ci skip]",
    "skip-checks: true",
    "skip-checks:true",
    "[skip azurepipelines]",
    "[azurepipelines skip]",
    "[skip azpipelines]",
    "[azpipelines skip]",
    "[skip azp]",
    "[azp skip]",
    "[no ci]",
    "***no_ci***",
];

impl Filter {
    fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Exclude wins; excluding only means including everything else.
    fn admits(&self, name: &str, matches: fn(&str, &str) -> bool) -> bool {
        let included =
            self.include.is_empty() || self.include.iter().any(|pattern| matches(pattern, name));
        included && !self.exclude.iter().any(|pattern| matches(pattern, name))
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
        let no = |reason: String| TriggerVerdict { starts: false, reason };
        let folded = message.to_lowercase();
        if let Some(word) = SKIP_WORDS.iter().find(|word| folded.contains(*word)) {
            return no(format!("The commit message holds {word}, which asks for no run."));
        }
        match self {
            Self::Off => no("The pipeline says trigger: none, so pushes start no run.".to_owned()),
            Self::Implied if branch.starts_with("refs/tags/") => {
                no("The pipeline has no trigger for tags.".to_owned())
            }
            Self::Implied => TriggerVerdict {
                starts: true,
                reason: "The pipeline has no trigger: every branch starts a run.".to_owned(),
            },
            Self::Filtered(filter) => filter.evaluate(branch, changed_paths),
        }
    }
}

impl TriggerFilter {
    fn evaluate(&self, branch: &str, changed_paths: &[String]) -> TriggerVerdict {
        let no = |reason: String| TriggerVerdict { starts: false, reason };
        let name = short_branch(branch);
        if let Some(tag) = branch.strip_prefix("refs/tags/") {
            let by_tags = self.tags.as_ref().is_some_and(|tags| tags.admits(tag, branch_matches));
            let by_branches =
                self.branches.include.iter().any(|pattern| branch_matches(pattern, branch));
            return if by_tags || by_branches {
                let reason = format!("The tag {tag} matches the trigger.");
                TriggerVerdict { starts: true, reason }
            } else {
                no(format!("The tag {tag} does not match the trigger."))
            };
        }
        if self.branches.is_empty() && self.tags.is_some() && self.paths.is_empty() {
            return no("The trigger names tags only, and this is a branch.".to_owned());
        }
        if !self.branches.admits(name, branch_matches) {
            return no(format!("The branch {name} is not among those of the trigger."));
        }
        if !self.paths.is_empty() {
            let admitted = changed_paths.iter().find(|path| self.paths.admits(path, path_matches));
            return match admitted {
                Some(path) => TriggerVerdict {
                    starts: true,
                    reason: format!("The branch {name} and the path {path} match the trigger."),
                },
                None => no("None of the changed paths matches the trigger.".to_owned()),
            };
        }
        TriggerVerdict { starts: true, reason: format!("The branch {name} matches the trigger.") }
    }
}

fn short_branch(branch: &str) -> &str {
    branch.strip_prefix("refs/heads/").unwrap_or(branch)
}

/// `*` stands for anything, slashes included.
fn branch_matches(pattern: &str, name: &str) -> bool {
    let pattern = short_branch(pattern);
    let pattern = if name.starts_with("refs/") {
        pattern
    } else {
        pattern.strip_prefix("refs/tags/").unwrap_or(pattern)
    };
    glob(pattern, ".*", "").is_match(name)
}

/// A folder's name matches everything below; `*` stays within a folder, `**` does not.
fn path_matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_matches('/');
    let path = path.trim_start_matches("./").trim_start_matches('/');
    pattern.is_empty() || glob(pattern, "[^/]*", "(/.*)?").is_match(path)
}

fn glob(pattern: &str, star: &str, ending: &str) -> Regex {
    let mut rule = String::from("^(?s:");
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let mut taken = letter.len_utf8();
        match letter {
            '*' if rest.starts_with("**/") => {
                rule.push_str("(.*/)?");
                taken = 3;
            }
            '*' if rest.starts_with("**") => {
                rule.push_str(".*");
                taken = 2;
            }
            '*' => rule.push_str(star),
            '?' => rule.push_str("[^/]"),
            letter => rule.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4]))),
        }
        rest = &rest[taken..];
    }
    rule.push_str(ending);
    rule.push_str(")$");
    // A pattern so long that the rule gets too large matches nothing.
    Regex::new(&rule)
        .unwrap_or_else(|_| Regex::new("[^\\s\\S]").expect("BUG: a constant rule is valid"))
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
            starts(&trigger, "main", &["docs/a/b.md"]) && starts(&trigger, "main", &["docs/b.md"])
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
}
