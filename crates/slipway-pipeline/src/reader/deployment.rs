//! Deployment jobs: an environment, a strategy and the hooks of its life cycle (pipelines.md 12).

use super::Reader;
use super::job::Reading;
use crate::plan::{
    DeploymentStrategy, PlanDeployment, PlanEnvironment, PlanHook, PlanJob, PlanStep, is_late,
};
use crate::schema::{self, Shape};
use crate::tree::{Entry, Node, NodeValue};

/// Hooks run in the order of the life cycle, however the file orders them.
const ORDER: [&str; 6] =
    ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic", "onFailure", "onSuccess"];

/// A hook with its steps.
type Hook = (PlanHook, Vec<PlanStep>);

impl Reader<'_, '_> {
    pub(super) fn deployment(&mut self, item: &Node, reading: &Reading<'_>, job: &mut PlanJob) {
        let mut deployment = PlanDeployment::default();
        if let Some(node) = reading.environment {
            deployment.environment = self.environment_of(node);
        }
        if deployment.environment.name.is_empty() {
            let message = format!("Job {}: Environment is required.", job.name);
            let hint = Some("Add environment: and the name of one.".to_owned());
            self.report.error(item.place, "missing_value", message, hint);
        }
        // In small letters the service keeps it for itself.
        if job.name == "deploy" {
            let message =
                format!("The job name {} is reserved for a hook of a deployment.", job.name);
            let hint = Some("Give the deployment another name, such as DeployWeb.".to_owned());
            let place = reading.name_place.unwrap_or(item.place);
            self.report.error(place, "reserved_name", message, hint);
        }
        match reading.strategy {
            Some(node) => job.steps = self.deployment_strategy(node, &mut deployment),
            None => {
                let message = format!("Job {}: a deployment needs a strategy.", job.name);
                let hint = Some("Add strategy: runOnce: deploy: steps.".to_owned());
                self.report.error(item.place, "missing_body", message, hint);
            }
        }
        job.deployment = Some(deployment);
    }

    /// `env`, `env.resource`, or a mapping.
    fn environment_of(&mut self, node: &Node) -> PlanEnvironment {
        let mut environment = PlanEnvironment::default();
        if let NodeValue::Scalar(_) = node.value {
            let text = self.text(node).unwrap_or_default();
            match text.split_once('.') {
                // The dot of a macro is none of ours.
                Some((name, resource)) if !is_late(&text) => {
                    environment.name = name.to_owned();
                    environment.resource_name = Some(resource.to_owned());
                }
                _ => environment.name = text,
            }
            return environment;
        }
        for entry in self.mapping(node, Shape::Environment) {
            let node = &entry.value;
            match entry.key.as_str() {
                "name" => environment.name = self.text(node).unwrap_or_default(),
                "resourceName" => environment.resource_name = self.some_text(node),
                "resourceId" => environment.resource_id = self.some_text(node),
                "resourceType" => {
                    let word = self.word(node, Shape::Environment, "resourceType");
                    environment.resource_type = word.map(str::to_owned);
                }
                _ => {
                    let words = self.words(node);
                    let tags = words.iter().flat_map(|word| word.split(','));
                    environment.tags = tags
                        .map(|tag| tag.trim().to_owned())
                        .filter(|tag| !tag.is_empty())
                        .collect();
                }
            }
        }
        environment
    }

    fn deployment_strategy(
        &mut self,
        node: &Node,
        deployment: &mut PlanDeployment,
    ) -> Vec<PlanStep> {
        let entries = self.mapping(node, Shape::DeploymentStrategy);
        let Some((first, others)) = entries.split_first() else {
            if node.entries().is_none_or(<[_]>::is_empty) {
                let kinds: Vec<&str> = schema::names(Shape::DeploymentStrategy).collect();
                self.not_enough(node.place, &kinds, None);
            }
            return Vec::new();
        };
        for other in others {
            self.misplaced(other, "A deployment has one strategy: keep one of the two.");
        }
        deployment.strategy = match first.key.as_str() {
            "rolling" => DeploymentStrategy::Rolling,
            "canary" => DeploymentStrategy::Canary,
            _ => DeploymentStrategy::RunOnce,
        };
        self.life_cycle(first, deployment)
    }

    fn life_cycle(&mut self, strategy: &Entry, deployment: &mut PlanDeployment) -> Vec<PlanStep> {
        let shape = match deployment.strategy {
            DeploymentStrategy::RunOnce => Shape::RunOnce,
            DeploymentStrategy::Rolling => Shape::Rolling,
            DeploymentStrategy::Canary => Shape::Canary,
        };
        let mut found: Vec<Hook> = Vec::new();
        for entry in self.mapping(&strategy.value, shape) {
            match entry.key.as_str() {
                "maxParallel" => deployment.max_parallel = self.rolling_value(&entry.value),
                "increments" => deployment.increments = self.increments(&entry.value),
                "on" => {
                    for entry in self.mapping(&entry.value, Shape::OnHooks) {
                        let is_failure = entry.key.as_str() == "failure";
                        let name = if is_failure { "onFailure" } else { "onSuccess" };
                        found.push(self.hook(entry, name));
                    }
                }
                name => found.push(self.hook(entry, name)),
            }
        }
        if !found.iter().any(|(hook, _)| hook.name == "deploy") {
            let word = &strategy.key.text;
            let message = format!("The strategy {word} needs a deploy hook.");
            let hint = Some("Add deploy: with a list of steps.".to_owned());
            self.report.error(strategy.value.place, "missing_body", message, hint);
        }
        found.sort_by_key(|(hook, _)| ORDER.iter().position(|name| *name == hook.name));
        let mut steps = Vec::new();
        for (hook, mut hook_steps) in found {
            steps.append(&mut hook_steps);
            deployment.hooks.push(hook);
        }
        steps
    }

    fn hook(&mut self, entry: &Entry, name: &str) -> Hook {
        let place = entry.key_place;
        let mut hook =
            PlanHook { name: name.to_owned(), pool: None, span: place.span, file: place.source.0 };
        let mut steps = Vec::new();
        for entry in self.mapping(&entry.value, Shape::Hook) {
            match entry.key.as_str() {
                "steps" => steps = self.steps(&entry.value, Some(name)),
                _ if entry.value.is_null() => {}
                _ => hook.pool = Some(self.pool(&entry.value)),
            }
        }
        (hook, steps)
    }

    /// `2` or `50%`.
    fn rolling_value(&mut self, node: &Node) -> Option<String> {
        let text = self.some_text(node)?;
        if is_late(&text) {
            return Some(text);
        }
        let (number, is_percent) = match text.trim().strip_suffix('%') {
            Some(number) => (number.trim(), true),
            None => (text.trim(), false),
        };
        let message = match number.parse::<i64>() {
            Ok(number) if is_percent && !(1..=100).contains(&number) => {
                "Percentage rolling value should be with in 1 to 100."
            }
            Ok(number) if !is_percent && number <= 0 => {
                "Absolute rolling value should be greater than zero."
            }
            Ok(_) => return Some(text),
            Err(_) => {
                self.unexpected(&text, node.place, &["2", "50%"]);
                return None;
            }
        };
        let hint = Some("Write a number of targets, or a percentage of them.".to_owned());
        self.report.error(node.place, "bad_rolling_value", message, hint);
        None
    }

    fn increments(&mut self, node: &Node) -> Vec<u32> {
        let mut increments = Vec::new();
        for (text, place) in self.texts(node) {
            match text.trim().trim_end_matches('%').parse::<u32>() {
                Ok(percent) if (1..=100).contains(&percent) => increments.push(percent),
                _ => {
                    let message = format!("Unexpected value '{text}'");
                    let hint = Some("Write percentages from 1 to 100.".to_owned());
                    self.report.error(place, "wrong_type", message, hint);
                }
            }
        }
        increments
    }
}
