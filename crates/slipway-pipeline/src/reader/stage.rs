//! Stages.

use std::collections::HashSet;

use super::Reader;
use super::conditions::Site;
use super::fields::to_json;
use super::graph::{Level, Vertex};
use super::job::JobDefaults;
use super::strategy::named;
use crate::plan::{KeyPlaces, LockBehavior, PlanPool, PlanStage, StageTrigger};
use crate::schema::{self, Shape};
use crate::tree::{Node, Place};

impl Reader<'_, '_> {
    pub(super) fn stages(&mut self, node: &Node, pool: &PlanPool) -> Vec<PlanStage> {
        let items = self.sequence(node);
        let written = |item: &Node| {
            let name = item.get("stage")?.text()?;
            (!name.is_empty()).then(|| name.to_lowercase())
        };
        let mut taken: HashSet<String> = items.iter().filter_map(written).collect();
        let mut stages: Vec<PlanStage> = Vec::with_capacity(items.len());
        let mut vertices: Vec<Vertex> = Vec::with_capacity(items.len());
        for item in items {
            if self.kind(item, schema::stages()).is_none() {
                continue;
            }
            let mut stage = PlanStage::new("", pool.clone(), item.place);
            if written(item).is_none() {
                stage.name = named(stages.len() + 1, "Stage", &mut taken);
            }
            // Said nothing, a stage waits for the one before it.
            let before = stages.last().map(|stage| (stage.name.clone(), item.place));
            let vertex = self.stage(item, &mut stage, before);
            stages.push(stage);
            vertices.push(vertex);
        }
        if stages.is_empty() && !self.report.has_error() {
            let message = "The pipeline must contain at least one stage with no dependencies.";
            let hint = Some("Add - stage: Build with a list of jobs.".to_owned());
            self.report.error(node.place, "missing_body", message, hint);
        }
        self.check_graph(&vertices, Level::Stages);
        stages
    }

    fn stage(
        &mut self,
        item: &Node,
        stage: &mut PlanStage,
        before: Option<(String, Place)>,
    ) -> Vertex {
        stage.keys = KeyPlaces::of(item.entries().unwrap_or_default());
        let mut depends_on: Vec<(String, Place)> = before.into_iter().collect();
        let mut jobs = None;
        for entry in self.mapping(item, Shape::Stage) {
            let node = &entry.value;
            match entry.key.as_str() {
                "stage" => {
                    if let Some(name) = self.some_text(node) {
                        self.check_name("Stage", &name, node.place);
                        stage.name = name;
                    }
                }
                "displayName" => stage.display_name = self.text(node).unwrap_or_default(),
                "group" => stage.group = self.some_text(node),
                "pool" if !node.is_null() => stage.pool = self.pool(node),
                "dependsOn" => depends_on = self.texts(node),
                "condition" => stage.condition = self.condition(node, Site::StageCondition),
                "variables" => {
                    let found = self.variables(node, Site::StageVariable);
                    (stage.variables, stage.variable_groups) = (found.variables, found.groups);
                }
                "lockBehavior" => stage.lock_behavior = self.lock_behavior(node),
                "trigger" => stage.trigger = self.stage_trigger(node),
                "isSkippable" => stage.is_skippable = self.boolean(node).unwrap_or(true),
                "templateContext" => stage.template_context = Some(to_json(node)),
                "jobs" => jobs = Some(node),
                _ => {}
            }
        }
        stage.depends_on = depends_on.iter().map(|(name, _)| name.clone()).collect();
        if stage.display_name.is_empty() {
            stage.display_name.clone_from(&stage.name);
        }
        let mut references = std::mem::take(&mut self.references);
        match jobs {
            Some(node) => {
                let (pool, name) = (stage.pool.clone(), stage.name.clone());
                let defaults = JobDefaults { pool: &pool, stage: Some(&name) };
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
        references.append(&mut self.references);
        Vertex { name: stage.name.clone(), place: item.place, depends_on, references }
    }

    fn stage_trigger(&mut self, node: &Node) -> StageTrigger {
        match self.word(node, Shape::Stage, "trigger") {
            Some("manual") => StageTrigger::Manual,
            _ => StageTrigger::Automatic,
        }
    }

    pub(super) fn lock_behavior(&mut self, node: &Node) -> Option<LockBehavior> {
        let word = self.word(node, Shape::Stage, "lockBehavior")?;
        Some(if word == "sequential" { LockBehavior::Sequential } else { LockBehavior::RunLatest })
    }
}
