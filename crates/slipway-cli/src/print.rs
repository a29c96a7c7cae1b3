//! Everything that reaches the terminal goes through here.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line prints")]

use slipway_api::dto::{ObjectKind, ThreadView};
use slipway_api::error::ApiError;

/// A line on standard output.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// A text as it is, without a line end of ours.
pub(crate) fn text(text: &str) {
    print!("{text}");
}

/// JSON for another program.
pub(crate) fn json(value: &serde_json::Value) {
    println!("{}", serde_json::to_string_pretty(value).unwrap_or_default());
}

/// A line on standard error.
pub(crate) fn line_error(text: &str) {
    eprintln!("{text}");
}

/// An error with its hint.
pub(crate) fn error(error: &ApiError) {
    eprintln!("error: {}", error.message);
    if let Some(hint) = &error.hint {
        eprintln!("hint:  {hint}");
    }
    for other in error.others.iter().flatten() {
        eprintln!("error: {other}");
    }
}

/// The thread, one object a block, in the loop's order.
pub(crate) fn thread(view: &ThreadView) {
    for (index, node) in view.nodes.iter().enumerate() {
        let mark = if node.is_subject { "◆" } else { "●" };
        println!("{mark} {:<11} {}   [{}]", kind_word(node.object.kind), node.title, node.state);
        let bar = if index + 1 == view.nodes.len() { " " } else { "│" };
        if !node.subtitle.is_empty() {
            println!("{bar}             {}", node.subtitle);
        }
        for fact in &node.facts {
            println!("{bar}             {}: {}", fact.name, fact.value);
        }
        if index + 1 < view.nodes.len() {
            println!("│");
        }
    }
}

fn kind_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Change => "change",
        ObjectKind::Commit => "commit",
        ObjectKind::Run => "run",
        ObjectKind::Image => "image",
        ObjectKind::Environment => "environment",
        ObjectKind::Deployment => "deployment",
        ObjectKind::Pod => "pod",
        ObjectKind::Telemetry => "telemetry",
        ObjectKind::Exception => "exception",
        ObjectKind::WorkItem => "work item",
    }
}
