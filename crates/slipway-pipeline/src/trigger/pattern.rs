//! Patterns of branches, tags and paths. No regular expressions: a push may change thousands of paths.

/// What a pattern is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Letter(char),
    /// `?`: one letter, no slash.
    One,
    /// Any run of letters but slashes.
    Star,
    /// Any run of letters.
    DeepStar,
    /// `**/`: nothing, or folders with their slash.
    Folders,
}

/// A pattern that is ready to be asked often.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
}

impl Pattern {
    fn new(pattern: &str, star: Piece) -> Self {
        let mut pieces = Vec::new();
        let mut rest = pattern;
        while let Some(letter) = rest.chars().next() {
            let mut taken = letter.len_utf8();
            let piece = match letter {
                '*' if star == Piece::Star && rest.starts_with("**/") => {
                    taken = 3;
                    Piece::Folders
                }
                '*' if rest.starts_with("**") => {
                    taken = 2;
                    Piece::DeepStar
                }
                '*' => star,
                '?' => Piece::One,
                letter => Piece::Letter(letter),
            };
            // Two in a row say no more than one, and would cost time.
            if pieces.last() != Some(&piece) || matches!(piece, Piece::Letter(_) | Piece::One) {
                pieces.push(piece);
            }
            rest = &rest[taken..];
        }
        Self { pieces }
    }

    /// Of a branch or tag: `*` stands for anything, slashes included.
    pub(super) fn of_branch(pattern: &str) -> Self {
        Self::new(short_branch(pattern), Piece::DeepStar)
    }

    /// Of a path: `*` stays within a folder, `**` does not.
    pub(super) fn of_path(pattern: &str) -> Self {
        Self::new(pattern.trim_start_matches("./").trim_matches('/'), Piece::Star)
    }

    /// True for the whole text; with `is_folder` also for what lies below a folder that matches.
    pub(super) fn matches(&self, text: &str, is_folder: bool) -> bool {
        // All places of the pattern that can have been reached, walked along with the text.
        let end = self.pieces.len();
        let mut reached = vec![false; end + 1];
        self.reach(0, &mut reached);
        for letter in text.chars() {
            if is_folder && reached[end] && letter == '/' {
                return true;
            }
            let mut next = vec![false; end + 1];
            for (at, piece) in self.pieces.iter().enumerate().filter(|(at, _)| reached[*at]) {
                match piece {
                    Piece::Letter(wanted) if *wanted == letter => self.reach(at + 1, &mut next),
                    Piece::One if letter != '/' => self.reach(at + 1, &mut next),
                    Piece::Star if letter != '/' => self.reach(at, &mut next),
                    Piece::DeepStar => self.reach(at, &mut next),
                    // Only a slash leads out of it.
                    Piece::Folders if letter == '/' => {
                        next[at] = true;
                        self.reach(at + 1, &mut next);
                    }
                    Piece::Folders => next[at] = true,
                    _ => {}
                }
            }
            reached = next;
        }
        reached[end]
    }

    /// Marks a place, and those behind it that take no letter.
    fn reach(&self, mut at: usize, reached: &mut [bool]) {
        loop {
            let was_reached = std::mem::replace(&mut reached[at], true);
            match self.pieces.get(at) {
                Some(Piece::Star | Piece::DeepStar | Piece::Folders) if !was_reached => at += 1,
                _ => return,
            }
        }
    }
}

/// A branch by its name, whatever way it is written.
pub(super) fn short_branch(branch: &str) -> &str {
    branch.strip_prefix("refs/heads/").unwrap_or(branch)
}

/// True when a pattern of branches or tags takes a name. `*` stands for anything, slashes included.
pub fn branch_matches(pattern: &str, name: &str) -> bool {
    let pattern = short_branch(pattern);
    let is_whole = name.starts_with("refs/");
    let pattern =
        if is_whole { pattern } else { pattern.strip_prefix("refs/tags/").unwrap_or(pattern) };
    Pattern::of_branch(pattern).matches(name, false)
}

/// True when a pattern of paths takes a path. A folder's name takes everything below it.
pub fn path_matches(pattern: &str, path: &str) -> bool {
    Paths::new(&[pattern.to_owned()]).takes(path)
}

/// Several patterns of paths.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths {
    patterns: Vec<Pattern>,
}

impl Paths {
    pub(super) fn new(patterns: &[String]) -> Self {
        Self { patterns: patterns.iter().map(|pattern| Pattern::of_path(pattern)).collect() }
    }

    pub(super) fn takes(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./").trim_start_matches('/');
        self.patterns.iter().any(|pattern| pattern.pieces.is_empty() || pattern.matches(path, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_of_branches_take_slashes() {
        for (pattern, name, wanted) in [
            ("releases/*", "releases/a/b", true),
            ("refs/heads/main", "main", true),
            ("*", "feature/x", true),
            ("rel?ase", "release", true),
            ("main", "Main", false),
            ("refs/tags/v*", "refs/tags/v1.0", true),
            ("v*", "v1/2", true),
        ] {
            assert_eq!(branch_matches(pattern, name), wanted, "{pattern} on {name}");
        }
    }

    #[test]
    fn stars_of_paths_stay_in_their_folder() {
        for (pattern, path, wanted) in [
            ("src", "src/a/b.rs", true),
            ("src", "srcs/a", false),
            ("docs/**/*.md", "docs/b.md", true),
            ("docs/**/*.md", "docs/a/b/c.md", true),
            ("docs/*.md", "docs/a/b.md", false),
            ("*.md", "README.md", true),
            ("*.md", "docs/README.md", false),
            ("**", "a/b", true),
            ("**/test", "a/b/test/x", true),
            ("/", "anything", true),
            ("a/?.rs", "a/b.rs", true),
            ("a/?.rs", "a//.rs", false),
        ] {
            assert_eq!(path_matches(pattern, path), wanted, "{pattern} on {path}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = "**/*a".repeat(50);
        let path = "a/".repeat(500);
        assert!(!path_matches(&format!("{pattern}!"), &path), "it ends, and soon");
    }
}
