//! Branch control: which branches' runs may use an environment.
//!
//! Called by `gate`. Deliberately not here: branch protection, which a local repository has not.

/// True if one of the patterns is the branch; `*` stands for anything, slashes too.
pub(crate) fn is_allowed(patterns: &[String], branch: &str) -> bool {
    let branch = full(branch);
    patterns
        .iter()
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|pattern| !pattern.is_empty())
        .any(|pattern| pattern == "*" || matches(full(pattern).as_bytes(), branch.as_bytes()))
}

fn full(name: &str) -> String {
    if name.starts_with("refs/") { name.to_owned() } else { format!("refs/heads/{name}") }
}

fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    // Where to go on when the last star has to take one more.
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(byte) if *byte == text[from] => {
                at += 1;
                from += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                at = star_at + 1;
                from = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_names_refs_or_patterns() {
        let allowed = |patterns: &str, branch: &str| is_allowed(&[patterns.to_owned()], branch);
        assert!(allowed("main", "refs/heads/main"), "a name is a branch");
        assert!(allowed("refs/heads/main", "main"), "either may be short");
        assert!(allowed("dev, releases/*", "releases/1.0/hot"), "a list; a star takes slashes");
        assert!(allowed("*", "refs/tags/v1"), "a star alone is everything");
        assert!(!allowed("releases/*", "release/1"), "another folder is another branch");
        assert!(!allowed("main", "maintenance"), "the whole name counts");
        assert!(!allowed("", "main"), "no pattern allows nothing");
    }
}
