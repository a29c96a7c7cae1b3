//! `.dockerignore`: which paths of a build context stay at home.
//!
//! Called by `context.rs`. The rules are those of <https://docs.docker.com/build/concepts/context/>
//! and of moby's `patternmatcher`: patterns start at the context's root, the last match wins, and
//! what is true of a folder is true of its content. Deliberately not here: `.gitignore` rules.

use regex::Regex;

/// The patterns of one file, in order.
#[derive(Debug, Default)]
pub(crate) struct DockerIgnore {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    is_exception: bool,
    /// The pattern up to its first wildcard.
    literal: String,
    regex: Regex,
}

impl DockerIgnore {
    /// Reads the file's text; lines that are no pattern are passed over with a warning.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rules = Vec::new();
        for line in text.lines() {
            if line.starts_with('#') {
                continue;
            }
            let line = line.trim();
            let (is_exception, pattern) = match line.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line),
            };
            let pattern = clean(pattern);
            if pattern.is_empty() {
                continue;
            }
            match Regex::new(&to_regex(&pattern)) {
                Ok(regex) => {
                    let literal = pattern.split(['*', '?', '[', '\\']).next().unwrap_or_default();
                    rules.push(Rule { is_exception, literal: literal.to_owned(), regex });
                }
                Err(error) => tracing::warn!(pattern, %error, ".dockerignore has a bad pattern"),
            }
        }
        Self { rules }
    }

    /// True if this path (relative, with `/`) is left out.
    pub(crate) fn is_ignored(&self, path: &str) -> bool {
        let mut is_ignored = false;
        for rule in &self.rules {
            // Only a rule that would change the answer has to be tried.
            if rule.is_exception == is_ignored && rule.matches(path) {
                is_ignored = !rule.is_exception;
            }
        }
        is_ignored
    }

    /// True if nothing below this ignored folder can be brought back, so that it need not be read.
    pub(crate) fn is_closed(&self, folder: &str) -> bool {
        let folder = format!("{folder}/");
        !self.rules.iter().any(|rule| {
            rule.is_exception
                && (rule.literal.starts_with(&folder) || folder.starts_with(&rule.literal))
        })
    }
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().any(|end| self.regex.is_match(&path[..end]))
    }
}

/// What Go's `filepath.Clean` makes of a pattern, without a leading slash.
fn clean(pattern: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

fn to_regex(pattern: &str) -> String {
    let mut regex = String::from("^");
    let mut chars = pattern.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
                if chars.peek() == Some(&'/') {
                    chars.next();
                }
                // At the end `**` takes everything; before a name it takes any depth, also none.
                regex.push_str(if chars.peek().is_none() { ".*" } else { "(.*/)?" });
            }
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '\\' => {
                let literal = chars.next().unwrap_or('\\');
                regex.push_str(&regex::escape(&literal.to_string()));
            }
            '[' => {
                regex.push('[');
                for inner in chars.by_ref() {
                    // `[` and `&&` mean more to this regex engine than to Go's.
                    if matches!(inner, '[' | '&' | '~') {
                        regex.push('\\');
                    }
                    regex.push(inner);
                    if inner == ']' {
                        break;
                    }
                }
            }
            other => regex.push_str(&regex::escape(&other.to_string())),
        }
    }
    regex.push('$');
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_out<'a>(patterns: &str, paths: &[&'a str]) -> Vec<&'a str> {
        let ignore = DockerIgnore::parse(patterns);
        paths.iter().copied().filter(|path| ignore.is_ignored(path)).collect()
    }

    #[test]
    fn a_plain_name_counts_at_the_root_only() {
        let paths = ["bin", "bin/a", "src/bin", "bin2"];
        assert_eq!(left_out("bin/", &paths), ["bin", "bin/a"], "unlike .gitignore");
        assert_eq!(left_out("/bin", &paths), ["bin", "bin/a"], "a leading slash changes nothing");
        assert_eq!(left_out("**/bin", &paths), ["bin", "bin/a", "src/bin"], "any depth, also none");
    }

    #[test]
    fn wildcards_stay_within_a_name() {
        let paths = ["a.md", "docs/a.md", "docs/x/a.md", "temp1", "tempa"];
        assert_eq!(left_out("*.md", &paths), ["a.md"]);
        assert_eq!(left_out("*/*.md", &paths), ["docs/a.md"]);
        assert_eq!(left_out("temp?", &paths), ["temp1", "tempa"]);
        assert_eq!(left_out("temp[0-9]", &paths), ["temp1"]);
        assert_eq!(left_out("docs/**", &paths), ["docs/a.md", "docs/x/a.md"]);
    }

    #[test]
    fn the_last_match_wins() {
        let paths = ["docs/README.md", "docs/x.md"];
        assert_eq!(left_out("docs\n!docs/README.md", &paths), ["docs/x.md"]);
        assert_eq!(left_out("!docs/README.md\ndocs", &paths), paths, "order decides");
        assert_eq!(left_out("# docs\n\n  \n", &paths), [""; 0], "comments and blanks are nothing");
    }

    #[test]
    fn a_folder_is_closed_unless_an_exception_may_lie_in_it() {
        let ignore = DockerIgnore::parse("*\n!src/keep.txt");
        assert!(ignore.is_closed("target"), "nothing brings target back");
        assert!(!ignore.is_closed("src"), "src/keep.txt comes back");
        assert!(
            !DockerIgnore::parse("*\n!**/k").is_closed("target"),
            "a wildcard may lie anywhere"
        );
    }
}
