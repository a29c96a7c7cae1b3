//! Reads the `arguments:` of `Docker@2`: those options of `docker build` that the engine's API has here.
//!
//! Called by `docker`. Deliberately not here: options of other docker commands.

/// What `arguments:` asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BuildArguments {
    pub(crate) build_args: Vec<(String, String)>,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) target: Option<String>,
    /// Options that are not supported, as written.
    pub(crate) ignored: Vec<String>,
}

/// Reads the text; `environment` gives the value of a `--build-arg` without one.
pub(crate) fn read(text: &str, environment: &[(String, String)]) -> BuildArguments {
    let mut read = BuildArguments::default();
    let mut words = split(text).into_iter().peekable();
    while let Some(word) = words.next() {
        let (option, mut value) = match word.split_once('=') {
            Some((option, value)) if option.starts_with('-') => {
                (option.to_owned(), Some(value.to_owned()))
            }
            _ => (word.clone(), None),
        };
        let is_known = matches!(option.as_str(), "--build-arg" | "--label" | "--target");
        let takes_next = words.peek().is_some_and(|next| !next.starts_with('-'));
        if value.is_none() && takes_next && option.starts_with('-') {
            value = words.next();
        }
        match (option.as_str(), value) {
            ("--build-arg", Some(pair)) => read.build_args.push(pair_of(&pair, environment)),
            ("--label", Some(pair)) => read.labels.push(pair_of(&pair, &[])),
            ("--target", Some(stage)) => read.target = Some(stage),
            (_, value) => {
                debug_assert!(!is_known || value.is_none(), "known options with a value are taken");
                let shown = value.map_or(option.clone(), |value| format!("{option} {value}"));
                read.ignored.push(shown);
            }
        }
    }
    read
}

fn pair_of(pair: &str, environment: &[(String, String)]) -> (String, String) {
    match pair.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => {
            let known = environment.iter().rev().find(|(name, _)| name == pair);
            (pair.to_owned(), known.map(|(_, value)| value.clone()).unwrap_or_default())
        }
    }
}

/// Splits as a shell does: blanks separate, quotes hold together.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => {
                if let Some(next) = letters.next() {
                    word.get_or_insert_default().push(next);
                }
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_taken_or_named() {
        let environment = [("TOKEN".to_owned(), "t".to_owned())];
        let text = "--build-arg VERSION='1 2' --build-arg=A=b --build-arg TOKEN\n--label x=y \
                    --target final --no-cache --network host";
        let read = read(text, &environment);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            read.build_args,
            [pair("VERSION", "1 2"), pair("A", "b"), pair("TOKEN", "t")],
            "quotes hold together, and a bare name takes the environment's value"
        );
        assert_eq!(read.labels, [pair("x", "y")], "labels are taken");
        assert_eq!(read.target.as_deref(), Some("final"), "the stage to stop at is taken");
        assert_eq!(read.ignored, ["--no-cache", "--network host"], "the rest is named");
    }
}
