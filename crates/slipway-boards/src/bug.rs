//! The bug that is made from an exception seen in telemetry.

use std::fmt::Write as _;

use slipway_core::DeploymentId;

/// Azure Boards' limit for a title.
const LONGEST_TITLE: usize = 255;
/// Frames that a description shows.
const FRAMES: usize = 20;

/// What telemetry says of an exception; times are already texts, in whatever zone the caller shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionFacts {
    pub problem_id: String,
    pub type_name: String,
    pub message: String,
    pub count: u32,
    pub first_seen: String,
    pub last_seen: String,
    pub operation: Option<String>,
    pub environment: String,
    pub deployment_id: Option<DeploymentId>,
    /// The digest that was running.
    pub digest: Option<String>,
    pub commit: Option<String>,
    pub stack: Vec<String>,
}

/// A title: what broke, and where; at most 255 characters.
pub fn bug_title(facts: &ExceptionFacts) -> String {
    let type_name = facts.type_name.rsplit(['.', ':']).next().unwrap_or(&facts.type_name);
    let mut title = type_name.to_owned();
    if let Some(operation) = facts.operation.as_deref().filter(|name| !name.is_empty()) {
        // Writing to a String cannot fail.
        let _ = write!(title, " in {operation}");
    }
    if let Some(line) = facts.message.lines().map(str::trim).find(|line| !line.is_empty()) {
        let _ = write!(title, ": {line}");
    }
    shortened(&title, LONGEST_TITLE)
}

/// A description in Markdown: the facts, then the stack.
pub fn bug_description(facts: &ExceptionFacts) -> String {
    let mut text = format!(
        "**{}** was seen {} in `{}`.\n\n",
        facts.type_name,
        if facts.count == 1 { "once".to_owned() } else { format!("{} times", facts.count) },
        facts.environment,
    );
    if !facts.message.trim().is_empty() {
        let _ = writeln!(text, "> {}\n", facts.message.trim().replace('\n', "\n> "));
    }
    let deployment = facts.deployment_id.as_ref().map(DeploymentId::as_str);
    let rows = [
        ("Problem", Some(facts.problem_id.as_str())),
        ("Operation", facts.operation.as_deref()),
        ("First seen", Some(facts.first_seen.as_str())),
        ("Last seen", Some(facts.last_seen.as_str())),
        ("Deployment", deployment),
        ("Image", facts.digest.as_deref()),
        ("Commit", facts.commit.as_deref()),
    ];
    for (name, value) in rows {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(text, "- {name}: `{value}`");
        }
    }
    if !facts.stack.is_empty() {
        text.push_str("\n```\n");
        for frame in facts.stack.iter().take(FRAMES) {
            let _ = writeln!(text, "{frame}");
        }
        if facts.stack.len() > FRAMES {
            let _ = writeln!(text, "… and {} more frames", facts.stack.len() - FRAMES);
        }
        text.push_str("```\n");
    }
    text
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> ExceptionFacts {
        ExceptionFacts {
            problem_id: "p-1".to_owned(),
            type_name: "System.InvalidOperationException".to_owned(),
            message: "no greeting\nsecond line".to_owned(),
            count: 3,
            first_seen: "09:00:00".to_owned(),
            last_seen: "09:05:00".to_owned(),
            operation: Some("GET /hello".to_owned()),
            environment: "dev".to_owned(),
            deployment_id: Some(DeploymentId::new("d1")),
            digest: None,
            commit: Some("f0f0f0f0".to_owned()),
            stack: (0..25).map(|n| format!("at frame {n}")).collect(),
        }
    }

    #[test]
    fn a_title_says_what_broke_and_where() {
        assert_eq!(
            bug_title(&facts()),
            "InvalidOperationException in GET /hello: no greeting",
            "the short type, the operation, the first line"
        );
        let bare = ExceptionFacts { operation: None, message: String::new(), ..facts() };
        assert_eq!(bug_title(&bare), "InvalidOperationException", "what is unknown is left out");
    }

    #[test]
    fn a_title_fits_the_field() {
        let long = ExceptionFacts { message: "ä".repeat(1000), ..facts() };
        let title = bug_title(&long);
        assert_eq!(title.chars().count(), 255, "Azure Boards cuts at 255 characters");
        assert!(title.ends_with('…'), "the cut can be seen");
    }

    #[test]
    fn a_description_carries_the_thread() {
        let text = bug_description(&facts());
        for part in ["3 times", "`dev`", "- Problem: `p-1`", "- Deployment: `d1`", "`f0f0f0f0`"] {
            assert!(text.contains(part), "'{part}' is missing from:\n{text}");
        }
        assert!(!text.contains("- Image"), "an unknown digest is not shown empty");
        assert!(text.contains("> no greeting\n> second line"), "the whole message is quoted");
        assert!(text.contains("at frame 19") && !text.contains("at frame 20\n"), "20 frames");
        assert!(text.contains("and 5 more frames"), "what is left out is counted");
    }
}
