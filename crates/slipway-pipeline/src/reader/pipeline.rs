//! The root of a file.

use super::Reader;
use super::conditions::Site;
use super::job::JobDefaults;
use crate::plan::{Plan, PlanJob, PlanPool, PlanStage};
use crate::schema::{self, BODIES, Shape};
use crate::tree::{Entry, Node, Place};
use crate::trigger::Triggers;

impl Reader<'_, '_> {
    /// The plan, as far as it could be read, and what starts it.
    pub(crate) fn pipeline(&mut self, root: &Node) -> (Option<Plan>, Triggers) {
        let mut plan = Plan { append_commit_message_to_run_name: true, ..Plan::default() };
        let mut pool = PlanPool::default();
        if root.entries().is_none() {
            let hint = Some("Start with steps: and a list of steps.".to_owned());
            self.report.error(root.place, "wrong_type", "Expected a mapping", hint);
            return (None, plan.triggers);
        }
        let entries = self.mapping(root, Shape::Root);
        for entry in &entries {
            self.root_key(entry, &mut plan, &mut pool);
        }
        if let Some((body, place)) = self.body(root) {
            if body != "steps" && body != "extends" {
                self.check_root_keys(&entries);
            }
            plan.stages = self.stages_of(root, body, place, &pool);
        }
        plan.resources = std::mem::take(&mut self.resources);
        plan.files = self.report.file_names();
        let triggers = plan.triggers.clone();
        (Some(plan), triggers)
    }

    fn root_key(&mut self, entry: &Entry, plan: &mut Plan, pool: &mut PlanPool) {
        let node = &entry.value;
        match entry.key.as_str() {
            "name" => {
                plan.name = self.some_text(node);
                self.check_run_name(node, plan.name.as_deref());
            }
            "appendCommitMessageToRunName" => {
                plan.append_commit_message_to_run_name = self.boolean(node).unwrap_or(true);
            }
            "trigger" => plan.triggers.ci = self.trigger(node),
            "pr" => plan.triggers.pr = self.pr(node),
            "schedules" => plan.triggers.schedules = self.schedules(node),
            "variables" => {
                let found = self.variables(node, Site::RootVariable);
                (plan.variables, plan.variable_groups) = (found.variables, found.groups);
                self.references.clear();
            }
            "lockBehavior" => plan.lock_behavior = self.lock_behavior(node),
            "pool" if !node.is_null() => *pool = self.pool(node),
            "phases" => self.deprecated(entry, "Write jobs: instead."),
            "resources" => self.read_resources(entry, &mut plan.triggers),
            _ => {}
        }
    }

    /// A run's name cannot hold every letter; what a macro comes to is not known yet.
    fn check_run_name(&mut self, node: &Node, name: Option<&str>) {
        let Some(name) = name else { return };
        let plain = crate::macros::expand(name, |_| Some("x".to_owned()));
        const FORBIDDEN: [char; 10] = ['"', '/', ':', '<', '>', '\\', '|', '?', '@', '*'];
        let found = plain.chars().find(|letter| FORBIDDEN.contains(letter));
        let problem = match found {
            Some(letter) => format!("The run name cannot hold the letter {letter}"),
            None if plain.ends_with('.') => "The run name cannot end with a dot".to_owned(),
            None => return,
        };
        let hint = Some("Azure refuses such a number when the run starts.".to_owned());
        self.report.warning(node.place, "bad_run_name", problem, hint);
    }

    fn check_root_keys(&mut self, entries: &[&Entry]) {
        let of_job = |entry: &&&Entry| {
            schema::key(Shape::Root, entry.key.as_str()).is_some_and(|key| key.beside.is_some())
        };
        for entry in entries.iter().filter(of_job) {
            self.misplaced(entry, "At the root it goes with steps: only; put it into the job.");
        }
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
                    let hint = format!("The file has '{first}' already: keep one of the two.");
                    self.misplaced(entry, &hint);
                }
            }
        }
        if found.is_none() {
            let place = root.entries().and_then(<[_]>::first).map(|entry| entry.key_place);
            let hint = Some("A small pipeline needs steps: only.".to_owned());
            self.not_enough(place.unwrap_or(root.place), &BODIES, hint);
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
        let defaults = JobDefaults { pool, stage: None };
        let jobs = match body {
            "stages" => return self.stages(node, pool),
            "jobs" | "phases" => self.jobs(node, &defaults),
            "steps" => self.root_job(root, &defaults),
            _ => return Vec::new(),
        };
        self.references.clear();
        vec![default_stage(jobs, pool, place)]
    }
}

/// The one stage of a file without stages.
fn default_stage(jobs: Vec<PlanJob>, pool: &PlanPool, place: Place) -> PlanStage {
    let stage = PlanStage::new("__default", pool.clone(), place);
    PlanStage { display_name: "__default".to_owned(), jobs, ..stage }
}
