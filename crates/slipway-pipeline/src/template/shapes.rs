//! The shape of steps, jobs, stages and containers given as arguments: checked where they are passed,
//! so that a mistake is underlined in the caller. What a shape holds is read once it is put into place.

use crate::hints::did_you_mean;
use crate::report::Report;
use crate::schema::{self, Shape};
use crate::tree::{Node, NodeValue};

const DEPLOYMENTS: &[Shape] = &[Shape::Deployment, Shape::JobTemplate];
const CONTAINERS: &[Shape] = &[Shape::ContainerResource];

/// Says what is wrong with an argument; false when it cannot be used.
pub(super) fn check_shape(kind: &str, node: &Node, report: &mut Report<'_>) -> bool {
    let (shapes, is_list) = match kind {
        "step" => (schema::steps(), false),
        "stepList" => (schema::steps(), true),
        "job" => (schema::jobs(), false),
        "jobList" => (schema::jobs(), true),
        "deployment" => (DEPLOYMENTS, false),
        "deploymentList" => (DEPLOYMENTS, true),
        "stage" => (schema::stages(), false),
        "stageList" => (schema::stages(), true),
        "container" => (CONTAINERS, false),
        "containerList" => (CONTAINERS, true),
        // `object` takes anything, `pool` a name or a mapping.
        _ => return true,
    };
    // Nothing at all, or the empty text, is an empty list.
    if node.text() == Some("") {
        return true;
    }
    match &node.value {
        NodeValue::Sequence(items) if is_list => {
            let bad = items.iter().filter(|item| !check_item(shapes, item, report)).count();
            bad == 0
        }
        _ if is_list => {
            let hint = Some("Start each item with '- '.".to_owned());
            report.error(node.place, "wrong_type", "Expected a sequence", hint);
            false
        }
        _ => check_item(shapes, node, report),
    }
}

fn check_item(shapes: &[Shape], item: &Node, report: &mut Report<'_>) -> bool {
    let words = schema::kinds(shapes);
    let Some(entries) = item.entries() else {
        let hint = words.first().map(|word| format!("Start the item with {word}: …"));
        report.error(item.place, "wrong_type", "Expected a mapping", hint);
        return false;
    };
    let is_kind = |key: &str| shapes.iter().any(|shape| schema::first(*shape) == Some(key));
    if entries.iter().any(|entry| is_kind(entry.key.as_str())) {
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
