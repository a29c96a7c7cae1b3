//! Stages.

use super::Reader;
use super::conditions::Owner;
use super::job::JobDefaults;
use crate::plan::{PlanPool, PlanStage};
use crate::tree::Node;

const KEYS: [&str; 12] = [
    "stage",
    "displayName",
    "pool",
    "dependsOn",
    "condition",
    "variables",
    "jobs",
    "lockBehavior",
    "trigger",
    "isSkippable",
    "templateContext",
    "group",
];

impl Reader<'_, '_> {
    pub(super) fn stages(&mut self, node: &Node, pool: &PlanPool) -> Vec<PlanStage> {
        let mut stages: Vec<PlanStage> = Vec::new();
        for item in self.sequence(node) {
            let position = stages.len() + 1;
            let before = stages.last().map(|stage| stage.name.clone());
            if let Some(stage) = self.stage(item, position, before, pool) {
                stages.push(stage);
            }
        }
        if stages.is_empty() && !self.report.has_error() {
            let message = "The pipeline must contain at least one stage with no dependencies.";
            let hint = Some("Add - stage: Build with a list of jobs.".to_owned());
            self.report.error(node.place, "missing_body", message, hint);
        }
        stages
    }

    fn stage(
        &mut self,
        item: &Node,
        position: usize,
        before: Option<String>,
        pool: &PlanPool,
    ) -> Option<PlanStage> {
        item.get("stage").or_else(|| {
            self.missing_kind(item, &["stage", "template"], &KEYS);
            None
        })?;
        let mut stage = PlanStage {
            name: format!("Stage{position}"),
            display_name: String::new(),
            // Said nothing, a stage waits for the one before it.
            depends_on: before.into_iter().collect(),
            condition: None,
            variables: Vec::new(),
            jobs: Vec::new(),
            span: item.place.span,
        };
        let mut pool = pool.clone();
        let mut jobs = None;
        for entry in self.mapping(item, &KEYS) {
            let node = &entry.value;
            match entry.key.as_str() {
                "stage" => {
                    if let Some(name) = self.some_text(node) {
                        self.check_name("Stage", &name, node.place);
                        stage.name = name;
                    }
                }
                "displayName" => stage.display_name = self.text(node).unwrap_or_default(),
                "pool" => pool = self.pool(node),
                "dependsOn" => {
                    stage.depends_on = self.texts(node).into_iter().map(|(name, _)| name).collect();
                }
                "condition" => stage.condition = self.condition(node, Owner::Node),
                "variables" => stage.variables = self.variables(node),
                "jobs" => jobs = Some(node),
                "trigger" => self.stage_trigger(node),
                "isSkippable" => {
                    self.boolean(node);
                }
                _ => {}
            }
        }
        if stage.display_name.is_empty() {
            stage.display_name.clone_from(&stage.name);
        }
        match jobs {
            Some(node) => {
                let defaults = JobDefaults { pool: &pool, stage: Some(&stage.name) };
                stage.jobs = self.jobs(node, &defaults);
            }
            None => {
                let message = format!(
                    "Stage {} must contain at least one job with no dependencies.",
                    stage.name
                );
                let hint = Some("Add jobs: and a list of jobs.".to_owned());
                self.report.error(item.place, "missing_body", message, hint);
            }
        }
        Some(stage)
    }

    fn stage_trigger(&mut self, node: &Node) {
        let Some(word) = self.some_text(node) else { return };
        match word.to_ascii_lowercase().as_str() {
            "automatic" => {}
            "manual" => self.report.not_yet(
                node.place,
                "Starting a stage by hand (trigger: manual) is",
                "Take the line out, or put the stage into a pipeline of its own.",
            ),
            _ => self.unexpected(&word, node.place, &["manual", "automatic"]),
        }
    }

    /// An item without the key that says what it is.
    pub(super) fn missing_kind(&mut self, item: &Node, kinds: &[&str], keys: &[&str]) {
        let Some(entries) = item.entries() else {
            let hint = Some(format!("Start the item with - {}: …", kinds[0]));
            self.report.error(item.place, "wrong_type", "Expected a mapping", hint);
            return;
        };
        if let Some(first) = entries.first()
            && !keys.contains(&first.key.as_str())
        {
            self.unexpected(&first.key.text, first.key_place, kinds);
            return;
        }
        let message = format!(
            "There's not enough info to determine what you meant. Add one of these properties: {}",
            kinds.join(", ")
        );
        let place = entries.first().map_or(item.place, |entry| entry.key_place);
        let hint = Some("It is the first key of the item.".to_owned());
        self.report.error(place, "missing_body", message, hint);
    }
}
