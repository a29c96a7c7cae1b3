//! Deployment jobs: an environment and the hooks of `runOnce`.

use super::Reader;
use super::job::{JobDefaults, KEYS as JOB_KEYS, new_job};
use crate::plan::{PlanDeployment, PlanJob, PlanStep};
use crate::tree::{Node, NodeValue};

const HOOKS: [&str; 5] = ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic", "on"];

impl Reader<'_, '_> {
    pub(super) fn deployment(
        &mut self,
        item: &Node,
        position: usize,
        defaults: &JobDefaults<'_>,
    ) -> Option<PlanJob> {
        let mut job = new_job(&format!("Job{position}"), item, defaults.pool);
        let mut environment = String::new();
        let mut strategy = None;
        for entry in self.mapping(item, &JOB_KEYS) {
            match entry.key.as_str() {
                "deployment" => self.job_name(&entry.value, &mut job),
                "environment" => environment = self.environment_name(&entry.value),
                "strategy" => strategy = Some(&entry.value),
                "job" | "steps" => {
                    let message = format!("Unexpected value '{}'", entry.key.text);
                    let hint =
                        "The steps of a deployment stand under strategy: runOnce: deploy: steps.";
                    self.report.error(
                        entry.key_place,
                        "unexpected_value",
                        message,
                        Some(hint.to_owned()),
                    );
                }
                _ => self.job_key(entry, &mut job),
            }
        }
        if environment.is_empty() {
            let message = format!("Job {}: Environment is required.", job.name);
            let hint = Some("Add environment: and the name of one.".to_owned());
            self.report.error(item.place, "missing_value", message, hint);
        }
        if job.display_name.is_empty() {
            job.display_name.clone_from(&job.name);
        }
        match strategy {
            Some(node) => job.steps = self.strategy(node),
            None => {
                let message = format!("Job {}: a deployment needs a strategy.", job.name);
                let hint = Some("Add strategy: runOnce: deploy: steps.".to_owned());
                self.report.error(item.place, "missing_body", message, hint);
            }
        }
        self.check_step_names(&job);
        job.deployment = Some(PlanDeployment { environment, strategy: "runOnce".to_owned() });
        Some(job)
    }

    /// `env`, `env.resource`, or a mapping.
    fn environment_name(&mut self, node: &Node) -> String {
        if let NodeValue::Scalar(_) = node.value {
            return self.text(node).unwrap_or_default();
        }
        const KEYS: [&str; 5] = ["name", "resourceName", "resourceId", "resourceType", "tags"];
        let (mut name, mut resource) = (String::new(), None);
        for entry in self.mapping(node, &KEYS) {
            match entry.key.as_str() {
                "name" => name = self.text(&entry.value).unwrap_or_default(),
                "resourceName" => resource = self.some_text(&entry.value),
                "resourceType" => {
                    let word = self.some_text(&entry.value).unwrap_or_default();
                    if word.eq_ignore_ascii_case("virtualMachine") {
                        let what = "Deploying to virtual machines is";
                        self.report.not_yet(entry.key_place, what, "Deploy to a container.");
                    }
                }
                _ => {}
            }
        }
        match resource {
            Some(resource) => format!("{name}.{resource}"),
            None => name,
        }
    }

    fn strategy(&mut self, node: &Node) -> Vec<PlanStep> {
        let mut steps = Vec::new();
        for entry in self.mapping(node, &["runOnce", "rolling", "canary"]) {
            if entry.key.as_str() == "runOnce" {
                steps = self.run_once(&entry.value);
            } else {
                self.report.not_yet(
                    entry.key_place,
                    &format!("The deployment strategy '{}' is", entry.key.text),
                    "Use runOnce.",
                );
            }
        }
        if node.entries().is_none_or(<[_]>::is_empty) {
            let message = "There's not enough info to determine what you meant. Add one of these properties: runOnce, rolling, canary";
            self.report.error(node.place, "missing_body", message, None);
        }
        steps
    }

    fn run_once(&mut self, node: &Node) -> Vec<PlanStep> {
        let entries = self.mapping(node, &HOOKS);
        let mut found: Vec<(&str, &str, Vec<PlanStep>)> = Vec::new();
        for entry in &entries {
            if entry.key.as_str() == "on" {
                for entry in self.mapping(&entry.value, &["failure", "success"]) {
                    let name =
                        if entry.key.as_str() == "failure" { "onFailure" } else { "onSuccess" };
                    let steps = self.hook(&entry.value, name);
                    found.push((name, &entry.key.text, steps));
                }
            } else {
                let steps = self.hook(&entry.value, &entry.key.text);
                found.push((&entry.key.text, &entry.key.text, steps));
            }
        }
        if !found.iter().any(|(name, _, _)| *name == "deploy") {
            let message = "The strategy runOnce needs a deploy hook.";
            let hint = Some("Add deploy: with a list of steps.".to_owned());
            self.report.error(node.place, "missing_body", message, hint);
        }
        // Hooks run in the order of the life cycle, however the file orders them.
        const ORDER: [&str; 6] =
            ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic", "onFailure", "onSuccess"];
        let mut steps = Vec::new();
        for hook in ORDER {
            for (name, _, hook_steps) in &mut found {
                if *name == hook {
                    steps.append(hook_steps);
                }
            }
        }
        steps
    }

    fn hook(&mut self, node: &Node, hook: &str) -> Vec<PlanStep> {
        let mut steps = Vec::new();
        for entry in self.mapping(node, &["steps", "pool"]) {
            if entry.key.as_str() == "steps" {
                steps = self.steps(&entry.value, Some(hook));
            } else {
                let message = "A hook's own pool is read, but its steps run where the job runs.";
                self.report.warning(entry.key_place, "not_supported_yet", message, None);
            }
        }
        steps
    }
}
