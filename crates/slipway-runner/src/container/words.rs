//! Writes what a shell of a container is to do: quoted, and the same for bash, dash and busybox.
//!
//! Called by `lane`. Deliberately not here: how the words get there.

use std::fmt::Write as _;
use std::path::Path;

use crate::process::ProcessOrder;

/// Puts a text into single quotes. A line feed becomes `$nl`, so that a step fits on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for letter in text.chars() {
        match letter {
            '\'' => quoted.push_str("'\\''"),
            '\n' => quoted.push_str("'\"$nl\"'"),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

/// True for names that `export` takes.
fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first == '_' || first.is_ascii_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_ascii_alphanumeric())
}

/// The statements that become the step; `out` and `err` are its pipes.
pub(super) fn statements(order: &ProcessOrder, pipes: (&Path, &Path)) -> Vec<String> {
    let path = |path: &Path| quoted(&path.display().to_string());
    let mut all = vec![
        "read -r pid _ </proc/self/stat".to_owned(),
        "echo \"started $pid\" >&4".to_owned(),
        format!("exec </dev/null >{} 2>{}", path(pipes.0), path(pipes.1)),
        format!("cd {} || exit 126", path(&order.folder)),
    ];
    // Names that no shell can export go through env.
    let mut through_env = String::new();
    for (name, value) in &order.environment {
        if is_identifier(name) {
            all.push(format!("export {name}={}", quoted(value)));
        } else {
            // Writing to a String cannot fail.
            write!(through_env, " {}", quoted(&format!("{name}={value}"))).ok();
        }
    }
    // A name is looked for on the container's PATH; a path is one of the container.
    let program = quoted(&order.program.display().to_string());
    all.push(format!("command -v {program} >/dev/null 2>&1 || {{ echo missing >&4; exit 127; }}"));
    all.push("exec 3<&- 4>&-".to_owned());
    let mut last = "exec $leader".to_owned();
    if !through_env.is_empty() {
        last.push_str(" env");
        last.push_str(&through_env);
    }
    write!(last, " {program}").ok();
    for argument in &order.arguments {
        write!(last, " {}", quoted(&argument.to_string_lossy())).ok();
    }
    all.push(last);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_one_word_on_one_line() {
        assert_eq!(quoted("a'b $c"), "'a'\\''b $c'", "nothing is expanded");
        assert_eq!(quoted("a\nb"), "'a'\"$nl\"'b'", "a step fits on one line");
    }

    #[test]
    fn a_program_is_called_as_it_is_named() {
        let order = |program: &str| ProcessOrder {
            program: program.into(),
            arguments: Vec::new(),
            folder: "/w".into(),
            environment: vec![("a-b".to_owned(), "1".to_owned())],
            marker: String::new(),
        };
        let all = statements(&order("/opt/x"), (Path::new("/o"), Path::new("/e")));
        assert!(all.last().unwrap().ends_with("'/opt/x'"), "a path is the container's: {all:?}");
        let all = statements(&order("bash"), (Path::new("/o"), Path::new("/e")));
        let last = all.last().unwrap();
        assert_eq!(last, "exec $leader env 'a-b=1' 'bash'", "odd names go through env");
    }
}
