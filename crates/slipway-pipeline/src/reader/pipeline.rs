//! The root of a file.

use super::Reader;
use super::job::JobDefaults;
use crate::plan::{Plan, PlanPool, PlanStage};
use crate::tree::{Node, Place};
use crate::trigger::Trigger;

const BODIES: [&str; 4] = ["stages", "jobs", "steps", "extends"];

const KEYS: [&str; 25] = [
    "name",
    "appendCommitMessageToRunName",
    "trigger",
    "pr",
    "schedules",
    "parameters",
    "variables",
    "resources",
    "lockBehavior",
    "pool",
    "stages",
    "jobs",
    "steps",
    "extends",
    "strategy",
    "container",
    "services",
    "workspace",
    "continueOnError",
    "timeoutInMinutes",
    "cancelTimeoutInMinutes",
    "phases",
    "queue",
    "server",
    "uses",
];

impl Reader<'_, '_> {
    /// The plan, as far as it could be read, and the trigger.
    pub(crate) fn pipeline(&mut self, root: &Node) -> (Option<Plan>, Trigger) {
        let mut plan = Plan { name: None, variables: Vec::new(), stages: Vec::new() };
        let mut trigger = Trigger::default();
        let mut pool = PlanPool::default();
        if root.entries().is_none() {
            let hint = Some("Start with steps: and a list of steps.".to_owned());
            self.report.error(root.place, "wrong_type", "Expected a mapping", hint);
            return (None, trigger);
        }
        let entries = self.mapping(root, &KEYS);
        for entry in &entries {
            let node = &entry.value;
            match entry.key.as_str() {
                "name" => plan.name = self.some_text(node),
                "trigger" => trigger = self.trigger(node),
                "variables" => plan.variables = self.variables(node),
                "pool" => pool = self.pool(node),
                "phases" | "queue" | "server" => self.report.not_yet(
                    entry.key_place,
                    &format!("The old key '{}' is", entry.key.text),
                    "Use jobs: and pool: instead.",
                ),
                "resources" => self.resources(node),
                _ => {}
            }
        }
        if let Some((body, place)) = self.body(root) {
            plan.stages = self.stages_of(root, body, place, &pool);
            self.check_stages(&plan.stages);
        }
        (Some(plan), trigger)
    }

    /// Exactly one of the bodies.
    fn body<'n>(&mut self, root: &'n Node) -> Option<(&'n str, Place)> {
        let mut found: Option<(&str, Place)> = None;
        for entry in root.entries().unwrap_or_default() {
            let key = entry.key.as_str();
            if !BODIES.contains(&key) && key != "phases" {
                continue;
            }
            match found {
                None => found = Some((key, entry.key_place)),
                Some((first, _)) => {
                    let message = format!("Unexpected value '{key}'");
                    let hint = format!("The file has '{first}' already: keep one of the two.");
                    self.report.error(entry.key_place, "unexpected_value", message, Some(hint));
                }
            }
        }
        if found.is_none() {
            let message = format!(
                "There's not enough info to determine what you meant. Add one of these properties: {}",
                BODIES.join(", ")
            );
            let hint = Some("A small pipeline needs steps: only.".to_owned());
            let place = root.entries().and_then(<[_]>::first).map(|entry| entry.key_place);
            self.report.error(place.unwrap_or(root.place), "missing_body", message, hint);
        }
        found
    }

    fn stages_of(
        &mut self,
        root: &Node,
        body: &str,
        place: Place,
        pool: &PlanPool,
    ) -> Vec<PlanStage> {
        let Some(node) = root.get(body) else { return Vec::new() };
        match body {
            "stages" => self.stages(node, pool),
            "jobs" => {
                let defaults = JobDefaults { pool, stage: None };
                vec![default_stage(self.jobs(node, &defaults), place)]
            }
            "steps" => {
                let defaults = JobDefaults { pool, stage: None };
                vec![default_stage(self.root_job(root, &defaults), place)]
            }
            _ => Vec::new(),
        }
    }

    /// Resources are tolerated; a file of another repository is what we cannot give.
    fn resources(&mut self, node: &Node) {
        if let Some(items) = node.items() {
            for item in items {
                if let Some(repo) = item.get("repo").filter(|repo| repo.text() != Some("self")) {
                    let message = "Only 'repo: self' is allowed in this old form of resources.";
                    self.report.error(repo.place, "unexpected_value", message, None);
                }
            }
            return;
        }
        const KINDS: [&str; 6] =
            ["repositories", "containers", "pipelines", "packages", "webhooks", "builds"];
        for entry in self.mapping(node, &KINDS) {
            self.sequence(&entry.value);
        }
    }
}

/// The one stage of a file without stages.
fn default_stage(jobs: Vec<crate::plan::PlanJob>, place: Place) -> PlanStage {
    PlanStage {
        name: "__default".to_owned(),
        display_name: "__default".to_owned(),
        depends_on: Vec::new(),
        condition: None,
        variables: Vec::new(),
        jobs,
        span: place.span,
    }
}
