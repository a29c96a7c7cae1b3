//! The shape of steps, jobs, stages and containers given as arguments: checked where they are passed,
//! so that a mistake is underlined in the caller. What a shape holds is read once it is put into place.

use crate::hints::did_you_mean;
use crate::report::Report;
use crate::tree::{Node, NodeValue};

const STEPS: [&str; 14] = [
    "script",
    "bash",
    "pwsh",
    "powershell",
    "task",
    "checkout",
    "download",
    "publish",
    "upload",
    "downloadBuild",
    "getPackage",
    "reviewApp",
    "restoreCache",
    "template",
];

const JOBS: [&str; 4] = ["job", "deployment", "template", "phase"];
const DEPLOYMENTS: [&str; 2] = ["deployment", "template"];
const STAGES: [&str; 2] = ["stage", "template"];
const CONTAINERS: [&str; 1] = ["container"];

/// Says what is wrong with an argument; false when it cannot be used.
pub(super) fn check_shape(kind: &str, node: &Node, report: &mut Report<'_>) -> bool {
    let (words, is_list): (&[&str], bool) = match kind {
        "step" => (&STEPS, false),
        "stepList" => (&STEPS, true),
        "job" => (&JOBS, false),
        "jobList" => (&JOBS, true),
        "deployment" => (&DEPLOYMENTS, false),
        "deploymentList" => (&DEPLOYMENTS, true),
        "stage" => (&STAGES, false),
        "stageList" => (&STAGES, true),
        "container" => (&CONTAINERS, false),
        "containerList" => (&CONTAINERS, true),
        // `object` takes anything, `pool` a name or a mapping.
        _ => return true,
    };
    // Nothing at all, or the empty text, is an empty list.
    if node.text() == Some("") {
        return true;
    }
    match &node.value {
        NodeValue::Sequence(items) if is_list => {
            let bad = items.iter().filter(|item| !check_item(words, item, report)).count();
            bad == 0
        }
        _ if is_list => {
            let hint = Some("Start each item with '- '.".to_owned());
            report.error(node.place, "wrong_type", "Expected a sequence", hint);
            false
        }
        _ => check_item(words, node, report),
    }
}

fn check_item(words: &[&str], item: &Node, report: &mut Report<'_>) -> bool {
    let Some(entries) = item.entries() else {
        let hint = Some(format!("Start the item with {}: …", words[0]));
        report.error(item.place, "wrong_type", "Expected a mapping", hint);
        return false;
    };
    if entries.iter().any(|entry| words.contains(&entry.key.as_str())) {
        return true;
    }
    let (place, first) =
        entries.first().map_or((item.place, ""), |entry| (entry.key_place, entry.key.as_str()));
    if first.is_empty() {
        let message = format!(
            "There's not enough info to determine what you meant. Add one of these properties: {}",
            words.join(", ")
        );
        report.error(place, "missing_body", message, None);
    } else {
        let hint = did_you_mean(first, words.iter().copied())
            .or_else(|| Some(format!("Known here: {}.", words.join(", "))));
        report.error(place, "unexpected_value", format!("Unexpected value '{first}'"), hint);
    }
    false
}
